"""What is only kept to be quicker is given back once nothing is taken in, and nothing else changes by it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from monitor import compare, extract
from monitor.compare.roster import placed_of
from monitor.errors import StoreError
from monitor.kinds import likeness
from monitor.language import lexicon
from monitor.model import Item
from monitor.pipeline.leisure import Leisure, give_back
from monitor.pipeline.taking import Taken, take_in
from monitor.pipeline.thread import StoreThread
from monitor.store import Store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def report(number: int, dead: int) -> Item:
    words = (
        f"A landslide at Aru killed {dead} people on Sunday, police in Aru said on the morning of day {number}, while "
        "soldiers and neighbours from the villages below the ridge went on digging with their hands and shovels."
    )
    return Item(
        source="ridge", id=str(number), title=f"Landslide at Aru, {number}", text=words, published=date(2026, 3, 2)
    )


def take(store: Store, item: Item) -> Taken:
    return take_in(store, item, extract.extract(item, lexicon.Lexicons.load(["en"])), watch=(), now=NOW)


def test_what_is_only_kept_to_be_quicker_is_given_back_and_the_next_item_is_compared_as_before(store: Store) -> None:
    take(store, report(1, 12))
    second = take(store, report(2, 15)).changes[0]
    words = lexicon.load("en")
    claim = second.known.claims[0]
    placed = placed_of(claim)
    assert likeness._sketches.cache_info().currsize
    give_back(store)
    assert likeness._sketches.cache_info().currsize == 0
    assert placed_of(claim) is not placed
    with store.read() as tx:
        found = tx.candidates(claim.event.kind, compare.seeks(claim))
    assert found == [second.known]
    assert found[0] is not second.known
    assert lexicon.load("en") is words, "what is read once a process is no cache"
    third = take(store, report(3, 19)).changes[0]
    assert (third.type, third.known.id) == (second.type, second.known.id)


def test_connections_that_hold_pages_are_closed_and_opened_again_when_they_are_needed(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'monitor.db'}") as store:
        with store.read(), store.read() as tx:
            give_back(store)
            assert list(tx.events()) == [], "those that are in use go on"
        assert pooled(store) == 2
        give_back(store)
        assert pooled(store) == 0
        assert store.ping() is None


def pooled(store: Store) -> int:
    """Connections that are open and wait to be used."""
    return int(store.engine.pool.checkedin())  # type: ignore[attr-defined]  # of the queue that a file's engine has


class Thread:
    """A store's thread that notes what it is to do."""

    store = None

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.done: list[Callable[..., Any]] = []

    async def run(self, function: Callable[..., Any], *_: Any) -> None:
        self.done.append(function)
        self.asked.set()


def test_room_is_given_back_some_time_after_something_was_taken_in() -> None:
    async def go() -> list[Callable[..., Any]]:
        thread = Thread()
        leisure = Leisure(cast("StoreThread", thread), after=0.01)
        leisure.put_off()
        await asyncio.wait_for(thread.asked.wait(), 10)
        return thread.done

    assert asyncio.run(go()) == [give_back]


def test_a_database_that_is_down_meanwhile_is_left_to_whoever_needs_it_next() -> None:
    class Down(Thread):
        async def run(self, function: Callable[..., Any], *_: Any) -> None:
            await super().run(function)
            raise StoreError("down")

    async def go() -> asyncio.Task[None]:
        leisure = Leisure(cast("StoreThread", thread := Down()), after=0.01)
        leisure.put_off()
        await asyncio.wait_for(thread.asked.wait(), 10)
        assert leisure._work is not None
        await leisure._work
        return leisure._work

    assert asyncio.run(go()).exception() is None


def test_nothing_is_given_back_after_the_end() -> None:
    async def go() -> list[Callable[..., Any]]:
        thread = Thread()
        leisure = Leisure(cast("StoreThread", thread), after=0.01)
        leisure.put_off()
        leisure.close()
        await asyncio.sleep(0.05)
        return thread.done

    assert asyncio.run(go()) == []
