"""Which claims are of one round of talks, the view of it, and what moves in it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from monitor.kinds.linking import THRESHOLD, order
from monitor.kinds.talk_round import link
from monitor.kinds.talk_round.facts import TalkRound
from monitor.model import Claim, Event, Evidence
from tests.linked import Linked, some_claims


def june(day: int) -> dt.date:
    return dt.date(2023, 6, day)


def told(item: str, *, day: int = 10, **slots: Any) -> Claim:
    """A claim of talks between Armenia and Azerbaijan, published on a day of June."""
    facts = TalkRound(**{"parties": ("ARM", "AZE"), "status": "held", **slots})
    return Claim(
        event=Event(facts=facts, evidence=Evidence(field="text", start=0, end=1, text="-")),
        source="test",
        item=item,
        outlet=item,
        published=june(day),
        seen=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


linked = Linked(link)
view, move, weigh = linked.view, linked.move, linked.weigh

ONE = [
    pytest.param({"date": june(9), "place": "Vienna"}, {"place": "Austria"}, id="town and country"),
    pytest.param({"date": june(9), "place": "Vienna"}, {"date": june(10), "place": "Vienna"}, id="two time zones"),
    pytest.param(
        {"date": june(9), "round": 6}, {"date": june(9), "round": 1, "place": "Vienna"}, id="rounds counted otherwise"
    ),
    pytest.param(
        {"status": "planned", "date": june(9), "place": "Vienna"}, {"date": june(22), "place": "Vienna"}, id="put off"
    ),
    pytest.param(
        {"status": "ongoing", "date": june(8), "place": "Vienna"}, {"date": june(11), "place": "Vienna"}, id="goes on"
    ),
    pytest.param(
        {"date": june(1), "round": 2, "place": "Vienna"},
        {"date": june(12), "round": 2, "place": "Vienna"},
        id="a round from its first to its last day",
    ),
    pytest.param(
        {"parties": ("COL", "ELN"), "place": "Havana"},
        {"parties": ("COL", "rebels"), "place": "Cuba"},
        id="names of a group",
    ),
    pytest.param(
        {"parties": ("DEU", "USA"), "date": june(9)},
        {"parties": ("DEU", "FRA", "USA"), "date": june(9)},
        id="a party more",
    ),
]
TWO = [
    pytest.param({"date": june(6), "place": "Vienna"}, {"date": june(9), "place": "Vienna"}, id="two rounds in a week"),
    pytest.param(
        {"date": june(6), "round": 2, "place": "Vienna"},
        {"date": june(9), "round": 3, "place": "Vienna"},
        id="two numbers in a week",
    ),
    pytest.param({"date": june(9), "mode": "phone"}, {"date": june(9), "place": "Vienna"}, id="a call and a visit"),
    pytest.param(
        {"date": june(9), "place": "Vienna"}, {"date": june(9), "parties": ("ARM", "RUS")}, id="other parties"
    ),
    pytest.param(
        {"status": "planned", "date": june(14), "place": "Vienna"}, {"place": "Vienna"}, id="held before the plan"
    ),
    pytest.param(
        {"parties": ("COL", "ELN"), "date": june(9)}, {"parties": ("COL", "FARC"), "date": june(9)}, id="two groups"
    ),
]


@pytest.mark.parametrize("a, b", ONE)
def test_two_reports_are_of_one_meeting(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert link.keys(told("a", **a)) & link.keys(told("b", **b))
    assert weigh(told("b", **b), [told("a", **a)]).score >= THRESHOLD


@pytest.mark.parametrize("a, b", TWO)
def test_two_reports_are_of_two_meetings(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert weigh(told("b", **b), [told("a", **a)]).score < THRESHOLD


def test_a_meeting_that_was_held_is_not_put_off() -> None:
    held = told("a", day=9, date=june(8), place="Vienna")
    assert weigh(told("b", day=20, date=june(19), place="Vienna"), [held]).score < THRESHOLD


def test_talks_called_off_are_on_again_when_another_day_is_named() -> None:
    plan, off = told("a", day=1, status="planned", date=june(5)), told("b", day=4, status="cancelled", date=june(5))
    assert move(plan, off).reason == "called off"
    assert move(plan, off, told("c", day=6, status="planned", date=june(5))) is None
    again = move(plan, off, told("d", day=6, status="planned", date=june(12)))
    assert (again.reason, again.fields["date"]) == ("back on", (june(5), june(12)))


def test_talks_called_off_for_a_day_when_a_later_one_was_named_are_still_on() -> None:
    moved = told("a", day=1, status="planned", date=june(8))
    assert view(moved, told("b", day=1, status="cancelled", date=june(5))).status == "planned"
    assert view(moved, told("b", day=4, status="cancelled", date=june(8))).status == "cancelled"


def test_a_plan_read_after_the_meeting_moves_nothing() -> None:
    assert move(told("a", date=june(9)), told("b", day=5, status="planned", date=june(9))) is None


def test_the_day_of_talks_that_were_told_on_it_is_no_news() -> None:
    first = told("a", place="Vienna")
    assert move(first, told("b", place="Vienna", date=june(9))) is None
    assert move(first, told("b", place="Vienna", date=june(4))).reason == "date become known"


def test_an_outcome_is_told_once() -> None:
    first = told("a", date=june(9)), told("b", day=11, date=june(9), outcome="a truce for a month")
    assert move(*first).reason == "outcome is reported"
    assert move(*first, told("c", day=12, date=june(9), outcome="a month's truce")) is None


def test_a_day_that_moves_is_told() -> None:
    moved = move(told("a", status="planned", date=june(15)), told("b", day=12, status="planned", date=june(18)))
    assert moved is None or moved.fields["date"] == (june(15), june(18))


def test_a_view_that_grew_claim_by_claim_in_any_order_is_that_of_all_of_them() -> None:
    by = Random(7)
    values: dict[str, list[Any]] = {
        "status": ["proposed", "planned", "ongoing", "held", "cancelled", None],
        "date": [None, june(9), june(12)],
        "place": [None, "Vienna", "Austria", "Geneva"],
        "round": [None, 2, 3],
        "outcome": [None, "a truce", "no deal"],
    }
    for _ in range(60):
        claims = some_claims(told, values, by)
        assert linked.grown(claims) == view(*sorted(claims, key=order))
