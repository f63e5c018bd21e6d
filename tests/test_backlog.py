"""Silent backlogs of sources that are polled for the first time at once, taken in in order of publication."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence

import pytest

from monitor.extract import Extraction
from monitor.model import Item
from monitor.pipeline import backlog
from monitor.pipeline.backlog import AT_ONCE, FirstPolls, Read
from monitor.pipeline.taking import Taken


class Store:
    """Takes items in, and notes which, and which together; one whose title is "bad" it does not."""

    def __init__(self) -> None:
        self.together: list[list[str]] = []
        self.has_begun = asyncio.Event()

    @property
    def order(self) -> list[str]:
        return [name for names in self.together for name in names]

    async def take(self, read: Sequence[Read]) -> list[Taken]:
        await asyncio.sleep(0)
        if any(item.title == "bad" for item, _ in read):
            raise ValueError("bad")
        self.together.append([item.id for item, _ in read])
        self.has_begun.set()
        for _ in range(3):
            await asyncio.sleep(0)
        return [Taken(item=item, state="new") for item, _ in read]


def shows(source: str, *days: int, title: str = "") -> list[Read]:
    """Items of some days of March, named after source and day."""
    return [
        (
            Item(source=source, id=f"{source}{day}", title=title, text="-", published=dt.date(2026, 3, day)),
            Extraction(),
        )
        for day in days
    ]


Poll = Callable[[FirstPolls], Awaitable[list[Taken]]]


def poll(read: Sequence[Read], *, after: int = 0, whole: bool = True) -> Poll:
    """A first poll that takes some turns of the event loop, and then shows these items, if any."""

    async def goes(polls: FirstPolls) -> list[Taken]:
        with polls.coming() as arrived:
            for _ in range(after):
                await asyncio.sleep(0)
            return await polls.take(read, arrived=arrived, whole=whole) if read else []

    return goes


def run(store: Store, *polled: Poll) -> list[list[Taken] | BaseException]:
    async def all_at_once() -> list[list[Taken] | BaseException]:
        polls = FirstPolls(store.take)
        try:
            return await asyncio.gather(*(one(polls) for one in polled), return_exceptions=True)
        finally:
            await polls.close()

    return asyncio.run(all_at_once())


def test_what_several_sources_show_is_taken_in_by_day_whoever_shows_it() -> None:
    store = Store()
    done = run(store, poll(shows("a", 4, 9)), poll(shows("b", 2, 7), after=3), poll([], after=5), poll(shows("c", 5)))
    assert store.order == ["b2", "a4", "c5", "b7", "a9"]
    assert [[one.item.id for one in each] for each in done if isinstance(each, list)] == [
        ["a4", "a9"],
        ["b2", "b7"],
        [],
        ["c5"],
    ]


def test_a_source_alone_waits_for_nobody() -> None:
    store = Store()
    run(store, poll(shows("a", 4, 2)))
    assert store.order == ["a2", "a4"]


def test_items_are_taken_in_some_at_a_time_and_what_comes_meanwhile_has_its_place() -> None:
    store = Store()

    async def late(polls: FirstPolls) -> list[Taken]:
        await store.has_begun.wait()
        return await poll(shows("late", 1, 25))(polls)

    run(store, poll(shows("a", *range(2, 29))), late)
    assert len(store.together[0]) == AT_ONCE
    assert store.order[AT_ONCE] == "late1"
    assert store.order.index("late25") == store.order.index("a25") + 1


def test_an_item_that_cannot_be_taken_in_fails_the_poll_of_its_source_alone() -> None:
    store = Store()
    one, bad, other = run(
        store, poll(shows("a", 1, 3)), poll(shows("b", 1) + shows("b", 2, title="bad")), poll(shows("c", 2))
    )
    assert isinstance(bad, ValueError)
    assert [len(each) for each in (one, other) if isinstance(each, list)] == [2, 1]
    assert store.order == ["a1", "b1", "c2", "a3"]


def test_who_is_slow_is_not_waited_for_any_longer_than_is_sensible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PATIENCE", 0.0)
    store = Store()

    async def slow(polls: FirstPolls) -> list[Taken]:
        with polls.coming() as arrived:
            await store.has_begun.wait()
            return await polls.take(shows("slow", 1), arrived=arrived, whole=True)

    run(store, poll(shows("a", 3)), slow)
    assert store.order == ["a3", "slow1"]


def test_where_too_much_waits_the_oldest_is_taken_in_and_who_comes_keeps_its_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backlog, "MOST", 1)
    store, full = Store(), []

    async def second(polls: FirstPolls) -> list[Taken]:
        with polls.coming() as arrived:
            room = asyncio.ensure_future(polls.room())
            await asyncio.sleep(0)
            full.append(room.done())
            await room
            return await polls.take(shows("b", 1), arrived=arrived, whole=True)

    run(store, poll(shows("a", *range(2, 29))), second)
    assert full == [False]
    assert store.together[0] == [f"a{day}" for day in range(2, 2 + AT_ONCE)]
    assert "b1" in store.order


def test_nobody_takes_in_what_nobody_waits_for_any_more() -> None:
    store = Store()

    async def go() -> None:
        polls = FirstPolls(store.take)
        with polls.coming():
            given_up = asyncio.ensure_future(poll(shows("a", 1))(polls))
            waits = asyncio.ensure_future(poll(shows("b", 2))(polls))
            await asyncio.sleep(0)
            given_up.cancel()
        await waits
        await polls.close()

    asyncio.run(go())
    assert store.order == ["b2"]


def test_who_waits_at_the_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        polls = FirstPolls(Store().take)
        with polls.coming():
            waits = asyncio.ensure_future(poll(shows("a", 1))(polls))
            await asyncio.sleep(0)
            await polls.close()
        with pytest.raises(asyncio.CancelledError):
            await waits

    asyncio.run(go())


def test_of_a_large_backlog_no_text_is_kept_unless_it_is_wanted() -> None:
    counted, whole = run(Store(), poll(shows("a", 1), whole=False), poll(shows("b", 1)))
    assert isinstance(counted, list)
    assert isinstance(whole, list)
    assert (counted[0].item.text, whole[0].item.text) == ("", "-")
