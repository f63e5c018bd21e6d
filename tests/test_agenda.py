"""Whose turn comes when."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from monitor.agenda import Agenda
from monitor.daemon import Daemon
from monitor.model import Poll, PollOutcome, Source
from monitor.pipeline import Polled

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def planned(**minutes: int) -> Agenda:
    agenda = Agenda()
    for name, minute in minutes.items():
        agenda.plan(name, NOW + minute * MINUTE)
    return agenda


def test_those_whose_turn_has_come_are_taken_once_the_earliest_first() -> None:
    agenda = planned(late=9, second=2, first=1)
    assert agenda.first == NOW + MINUTE
    assert agenda.take_due(NOW + 2 * MINUTE) == ["first", "second"]
    assert agenda.take_due(NOW + 2 * MINUTE) == []
    assert agenda.first == NOW + 9 * MINUTE


def test_a_turn_that_is_put_elsewhere_is_no_longer_where_it_was() -> None:
    agenda = planned(a=1, b=5)
    agenda.plan("a", NOW + 7 * MINUTE)
    assert agenda.first == NOW + 5 * MINUTE
    agenda.plan("b", NOW + 3 * MINUTE)
    assert agenda.take_due(NOW + 6 * MINUTE) == ["b"]
    assert agenda.take_due(NOW + 8 * MINUTE) == ["a"]


def test_those_that_are_not_kept_never_have_their_turn() -> None:
    agenda = planned(a=1, b=2)
    agenda.keep_only({"b"})
    assert agenda.first == NOW + 2 * MINUTE
    assert agenda.take_due(NOW + 3 * MINUTE) == ["b"]
    assert agenda.first is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 50), st.booleans()), max_size=400))
def test_each_name_has_its_last_turn_and_no_other(steps: list[tuple[str, int, bool]]) -> None:
    agenda, turns = Agenda(), dict[str, int]()
    for name, minute, taking in steps:
        if taking:
            due = {each for each, turn in turns.items() if turn <= minute}
            assert set(agenda.take_due(NOW + minute * MINUTE)) == due
            turns = {each: turn for each, turn in turns.items() if each not in due}
        else:
            agenda.plan(name, NOW + minute * MINUTE)
            turns[name] = minute
    assert agenda.first == (NOW + min(turns.values()) * MINUTE if turns else None)


# --- in the daemon ---------------------------------------------------------------------------------------------------


class Press:
    """A pipeline whose sources are polled at once; each is due again after ``pause``, and in the past before."""

    def __init__(self, sources: int, pause: timedelta) -> None:
        self.config = SimpleNamespace(sources=[Source(name=f"s{n}", type="feed", url="") for n in range(sources)])
        self.polls, self.pause, self.polled = self, pause, Counter[str]()

    def clock(self) -> datetime:
        return datetime.now(UTC)

    def due_times(self) -> dict[str, datetime]:
        return {source.name: NOW - MINUTE for source in self.config.sources}

    async def poll_source(self, source: Source) -> Polled:
        await asyncio.sleep(0)
        self.polled[source.name] += 1
        poll = Poll(outcome=PollOutcome.UNCHANGED, reason="304 Not Modified")
        return Polled(source=source, poll=poll, next_poll=self.clock() + self.pause)


def watched(press: Press, times: int) -> int:
    """How many jobs the scheduler has, once each source was polled so many times."""

    async def work() -> int:
        daemon = Daemon(cast(Any, press), lambda: cast(Any, press.config))
        daemon._scheduler.start()
        daemon._schedule_sources()
        while len(press.polled) < len(press.config.sources) or min(press.polled.values()) < times:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)
        jobs = len(daemon._scheduler.get_jobs())
        daemon._scheduler.shutdown(wait=False)
        return jobs

    return asyncio.run(asyncio.wait_for(work(), 60))


def test_hundreds_of_sources_that_are_due_at_once_are_polled_once_each_by_one_job_of_the_scheduler() -> None:
    press = Press(300, pause=timedelta(hours=1))
    assert watched(press, times=1) == 1
    assert set(press.polled.values()) == {1}


def test_a_source_is_polled_again_and_again() -> None:
    watched(Press(3, pause=timedelta(seconds=0.01)), times=3)
