"""Which aid claims are one pledge, the view of it, and what moves in it."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from monitor.kinds.aid_pledge import link
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.linking import THRESHOLD, order
from monitor.model import ChangeType, Claim, Event, Evidence
from tests.linked import Linked, some_claims


def told(item: str, *, day: int = 2, outlet: str = "", text: str = "-", **slots: Any) -> Claim:
    """A claim of 500 million dollars from the USA to Ukraine, but for what is said otherwise; on a day of March."""
    base: dict[str, Any] = {
        "donors": ("USA",), "recipient": "UKR", "amount": 500_000_000, "currency": "USD", "status": "pledged",
    }  # fmt: skip
    return Claim(
        event=Event(
            facts=AidPledge(**(base | slots)), evidence=Evidence(field="text", start=0, end=len(text), text=text)
        ),
        source="test",
        item=item,
        outlet=outlet or item,
        published=dt.date(2023, 3, day),
        seen=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


linked = Linked(link)
view, move, weigh = linked.view, linked.move, linked.weigh

ONE = [
    pytest.param({"status": "considered"}, {"status": "approved", "day": 28}, id="it climbs for weeks"),
    pytest.param({"recipient": None}, {}, id="recipient not said"),
    pytest.param({"donors": ()}, {}, id="donor not said"),
    pytest.param({"donors": ("USA",)}, {"donors": ("CAN", "USA")}, id="a donor more"),
    pytest.param({"donors": ("World Bank",)}, {"donors": ("WB",)}, id="two names of a donor"),
    pytest.param({"amount": 300_000_000, "currency": "EUR"}, {"amount": 325_000_000}, id="two currencies"),
    pytest.param({"amount": 90_000_000, "status": "considered"}, {"amount": 84_000_000}, id="the sum is settled"),
    pytest.param({"amount": None, "low": 400_000_000, "high": 600_000_000}, {}, id="a range and what came of it"),
    pytest.param(
        {"amount": None, "currency": None, "goods": "31 tanks"},
        {"amount": None, "currency": None, "goods": "tanks"},
        id="goods",
    ),
    pytest.param({"amount": None, "currency": None, "status": "requested"}, {"status": "requested"}, id="no sum yet"),
]
TWO = [
    pytest.param({"donors": ("SWE",)}, {"donors": ("DNK",)}, id="two donors"),
    pytest.param({"recipient": "MDA"}, {}, id="two recipients"),
    pytest.param({"amount": 400_000_000}, {}, id="two sums"),
    pytest.param({"date": dt.date(2023, 3, 1)}, {"day": 24, "date": dt.date(2023, 3, 23)}, id="two days"),
    pytest.param({"text": "$500m"}, {"day": 20, "text": "another $500m of aid"}, id="another"),
    pytest.param(
        {"amount": None, "goods": "31 tanks"}, {"amount": None, "goods": "field hospitals"}, id="two sorts of goods"
    ),
]


@pytest.mark.parametrize("a, b", ONE)
def test_two_reports_are_of_one_pledge(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert link.keys(told("a", **a)) & link.keys(told("b", **b))
    assert weigh(told("b", **b), [told("a", **a)]).score >= THRESHOLD


@pytest.mark.parametrize("a, b", TWO)
def test_two_reports_are_of_two_pledges(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert weigh(told("b", **b), [told("a", **a)]).score < THRESHOLD


def test_another_sum_told_twice_is_one() -> None:
    first, again = told("a", day=19, text="another $500m"), told("b", day=25, text="another $500m")
    assert weigh(again, [first]).score >= THRESHOLD


def test_the_same_sum_a_quarter_of_a_year_later_is_another_pledge() -> None:
    late = told("b", day=2)
    early = told("a", day=2)
    object.__setattr__(early, "published", dt.date(2022, 12, 1))
    assert weigh(late, [early]).score < THRESHOLD


def test_the_furthest_status_gives_sum_and_day() -> None:
    facts = view(
        told("a", status="considered", amount=480_000_000),
        told("b", day=9, status="approved", date=dt.date(2023, 3, 8)),
        told("c", day=12, status="pledged"),
    )
    assert (facts.status, facts.amount, facts.date) == ("approved", 500_000_000, dt.date(2023, 3, 8))


def test_a_step_back_is_not_told_but_a_freeze_is() -> None:
    assert move(told("a", status="approved"), told("b", day=3, status="pledged")) is None
    assert move(told("a", status="pledged"), told("b", day=3, status="withheld")).reason == "withheld"


def test_what_was_withheld_moves_again_once_it_is_further_than_before() -> None:
    frozen = told("a", status="pledged"), told("b", day=3, status="withheld")
    assert move(*frozen, told("c", day=4, status="pledged")) is None
    assert move(*frozen, told("c", day=4, status="delivered")).fields["status"] == ("withheld", "delivered")


def test_a_sum_in_another_currency_moves_nothing() -> None:
    assert move(told("a", amount=300_000_000, currency="EUR"), told("b", day=3, amount=325_000_000)) is None


def test_a_sum_that_becomes_known_is_told() -> None:
    told_of = move(told("a", amount=None, currency=None), told("b", day=3))
    assert (told_of.type, told_of.fields["amount"]) == (ChangeType.UPDATED, (None, 500_000_000))


def test_of_an_item_the_sum_is_judged_before_the_goods_that_its_headline_names() -> None:
    goods = told("a", amount=None, currency=None, goods="four launchers")
    assert link.prominence(told("a", goods="launchers and shells")) > link.prominence(goods)


def test_a_view_that_grew_claim_by_claim_in_any_order_is_that_of_all_of_them() -> None:
    by = Random(7)
    values: dict[str, list[Any]] = {
        "donors": [("USA",), ("CAN", "USA"), ()],
        "amount": [500_000_000, 520_000_000, None],
        "status": ["considered", "pledged", "approved", "withheld", None],
        "date": [None, dt.date(2023, 3, 2), dt.date(2023, 3, 3)],
        "goods": [None, "shells", "grain"],
    }
    for _ in range(60):
        claims = some_claims(told, values, by)
        assert linked.grown(claims) == view(*sorted(claims, key=order))
