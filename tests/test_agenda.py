"""Whose turn comes when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.agenda import Agenda

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
