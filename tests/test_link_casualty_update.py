"""Which casualty updates are one toll, the view of it, and what moves in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.kinds.casualty_update import company, link, standing
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.said import Toll
from monitor.kinds.linking import THRESHOLD, Scales, order
from monitor.kinds.voices import same_voice
from monitor.model import ChangeType, Claim, Event, Evidence, Item
from tests.linked import Linked

MAY = dt.date(2023, 5, 1)


def told(item: str, *, day: int = 2, outlet: str = "", signature: str = "", beside: str = "", **slots: Any) -> Claim:
    """A claim published on a day of May."""
    facts = CasualtyUpdate(**{"harm": "killed", "scope": "incident", **slots})
    return Claim(
        event=Event(facts=facts, evidence=Evidence(field="text", start=0, end=1, text="-")),
        source="test",
        item=item,
        outlet=outlet or item,
        published=dt.date(2023, 5, day),
        seen=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        signature=signature,
        beside=beside,
    )


def event(**slots: Any) -> Event:
    """An event of an item, before it is a claim."""
    return told("-", **slots).event


linked = Linked(link)
view, move, weigh = linked.view, linked.move, linked.weigh

ONE = [
    pytest.param(
        {"place": "Derna", "count": 3}, {"place": "Derna", "count": 34}, id="a toll rises tenfold within a day"
    ),
    pytest.param(
        {"place": "Lviv", "date": MAY, "count": 35}, {"place": "Ukraine", "date": MAY, "count": 35}, id="country"
    ),
    pytest.param({"date": MAY, "count": 18}, {"place": "Derna", "date": MAY, "count": 18}, id="place not said"),
    pytest.param({"place": "Derna", "count": 60, "victims": "civilian"}, {"place": "Derna", "count": 80}, id="victims"),
    pytest.param(
        {"place": "Lviv", "date": MAY, "count": 12},
        {"place": "Lviv", "date": dt.date(2023, 5, 2), "count": 12},
        id="overnight",
    ),
    pytest.param(
        {"place": "Derna", "date": MAY, "count": 300, "victims": "civilian"},
        {"place": "Derna", "date": MAY, "count": 30, "victims": "civilian"},
        id="a part of a toll on one day",
    ),
    pytest.param(
        {"harm": "missing", "place": "Derna", "date": MAY, "count": 9},
        {"harm": "missing", "place": "Derna", "date": dt.date(2023, 5, 6), "count": 6, "day": 7},
        id="missing on the day of another count",
    ),
    pytest.param(
        {"place": "Tobruk", "count": 1731, "scope": "cumulative"},
        {"place": "Tripoli", "count": 1739, "scope": "cumulative", "day": 30},
        id="a total told from two towns",
    ),
    pytest.param(
        {"count": 1638, "scope": "cumulative"},
        {"place": "Libya", "count": 1697, "date": dt.date(2023, 5, 8), "day": 9},
        id="a total on the day on which it was counted",
    ),
    pytest.param(
        {"place": "Libya", "count": 12865},
        {"place": "Libya", "count": 12867, "date": dt.date(2023, 5, 8), "day": 9},
        id="an odd figure on the day on which it was counted",
    ),
    pytest.param(
        {"harm": "missing", "place": "Derna", "count": 40},
        {"harm": "missing", "place": "Derna", "count": 9, "day": 4},
        id="missing who are found",
    ),
    pytest.param(
        {"place": "Derna", "count": 2187, "scope": "cumulative"}, {"place": "Derna", "count": 2187}, id="scope"
    ),
    pytest.param(
        {"place": "Derna", "date": MAY, "count": 9, "beside": "wounded 41||"},
        {"place": "Derna", "date": dt.date(2023, 5, 3), "count": 10, "beside": "wounded 44||", "day": 3},
        id="the wounded told alike on the day of counting",
    ),
    pytest.param(
        {"harm": "wounded", "place": "Grain hall", "date": MAY, "count": 30, "beside": "killed 37||"},
        {"harm": "wounded", "place": "Derna", "date": MAY, "count": 95, "beside": "missing 3 killed 37||"},
        id="the same dead beside wounded of a place that is not listed",
    ),
    pytest.param(
        {"place": "Derna", "date": MAY, "count": 61, "beside": "|flood|"},
        {"place": "Derna", "date": dt.date(2023, 5, 6), "count": 115, "beside": "||flood", "day": 7},
        id="a flood on the day on which the search ended",
    ),
    pytest.param(
        {"place": "Derna", "date": MAY, "count": 61, "beside": "|ship|"},
        {"place": "Libya", "date": MAY, "count": 142, "beside": "|ship|"},
        id="a shipwreck off a town and its country",
    ),
]
ONE.append(
    pytest.param(
        {"harm": "displaced", "place": "Derna", "count": 4200},
        {"harm": "displaced", "place": "Derna", "count": 14000, "scope": "cumulative", "day": 9},
        id="those who flee are counted on, as one incident or in all",
    )
)
TWO = [
    pytest.param(
        {"place": "Libya", "date": MAY, "count": 61, "beside": "|strike|"},
        {"place": "Libya", "date": dt.date(2023, 5, 6), "count": 142, "beside": "|strike|", "day": 7},
        id="strikes, of which a war has many",
    ),
    pytest.param(
        {"place": "Derna", "count": 41, "beside": "|quake|"},
        {"place": "Derna", "count": 43, "beside": "|ship|"},
        id="an earthquake and a shipwreck",
    ),
    pytest.param(
        {"harm": "wounded", "place": "Lviv", "date": MAY, "count": 17, "beside": "killed 5||"},
        {"harm": "wounded", "place": "Lviv", "date": dt.date(2023, 5, 6), "count": 9, "beside": "killed 5||", "day": 6},
        id="later and lower, beside as many dead",
    ),
    pytest.param(
        {"place": "Lviv", "date": MAY, "count": 40, "beside": "wounded 90||"},
        {"place": "Lviv", "date": dt.date(2023, 5, 2), "count": 60, "beside": "wounded 95||"},
        id="bulletins of two days",
    ),
    pytest.param(
        {"place": "Lviv", "date": MAY, "count": 4, "beside": "wounded 12||"},
        {"place": "Lviv", "date": dt.date(2023, 5, 3), "count": 5, "beside": "wounded 13||", "day": 3},
        id="small strikes, whose figures are near each other by chance",
    ),
    pytest.param(
        {"place": "Lviv", "date": MAY, "count": 4},
        {"place": "Lviv", "date": dt.date(2023, 5, 2), "count": 7},
        id="day after day",
    ),
    pytest.param(
        {"place": "Donetsk region", "date": MAY, "count": 9},
        {"place": "Lyman", "date": MAY, "count": 5},
        id="a town of the region",
    ),
    pytest.param({"place": "Derna", "date": MAY, "harm": "wounded"}, {"place": "Derna", "date": MAY}, id="harms"),
    pytest.param(
        {"place": "Kherson", "date": MAY, "side": "RUS"}, {"place": "Kherson", "date": MAY, "side": "UKR"}, id="sides"
    ),
    pytest.param({"place": "Derna", "date": MAY, "count": 6}, {"place": "Tobruk", "date": MAY, "count": 6}, id="towns"),
    pytest.param(
        {"place": "Derna", "date": MAY, "count": 6},
        {"place": "Derna", "date": dt.date(2023, 4, 28), "count": 6},
        id="days",
    ),
    pytest.param(
        {"place": "Donetsk region", "date": MAY, "count": 21},
        {"place": "Vuhledar", "date": MAY, "count": 3},
        id="region's count",
    ),
    pytest.param(
        {"place": "Tobruk", "count": 1700, "scope": "cumulative"},
        {"place": "Tripoli", "count": 1700, "scope": "cumulative"},
        id="round totals of two towns",
    ),
    pytest.param(
        {"place": "Sudan", "count": 9000, "scope": "cumulative"},
        {"place": "Nyala", "count": 800, "scope": "cumulative"},
        id="totals",
    ),
    pytest.param(
        {"side": "UKR", "victims": "civilian", "count": 9000, "scope": "cumulative"},
        {"side": "UKR", "victims": "military", "count": 9000, "scope": "cumulative"},
        id="soldiers and civilians in total",
    ),
]


@pytest.mark.parametrize("a, b", ONE)
def test_two_reports_are_of_one_toll(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert link.seeks(told("b", **b)) & link.keys(told("a", **a))
    assert weigh(told("b", **b), [told("a", **a)]).score >= THRESHOLD


@pytest.mark.parametrize("a, b", TWO)
def test_two_reports_are_of_two_tolls(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert weigh(told("b", **b), [told("a", **a)]).score < THRESHOLD


def test_beside_a_toll_stand_the_other_harms_of_its_happening() -> None:
    item = Item(id="-", title="-", text="-")
    others = [
        event(harm="wounded", count=41, place="Derna", date=MAY),
        event(harm="missing", count=3),
        event(harm="missing", low=24),
        event(harm="wounded", count=70, place="Tobruk"),
        event(count=12),
    ]
    assert link.beside(event(place="Derna", count=9), item, others) == "wounded 41 missing 3 missing 24||"
    assert link.beside(event(place="Derna", count=9), item, []) == ""


def test_beside_a_toll_stand_the_causes_that_its_sentence_and_its_title_name() -> None:
    text = "The rain went on. Nine died when a ferry went down off Derna in a storm. An earthquake came later."
    item = Item(id="-", title="Shelling goes on", text=text)
    start = text.index("Nine")
    read = Event(facts=CasualtyUpdate(count=9), evidence=Evidence(field="text", start=start, end=start + 9, text="-"))
    assert link.beside(read, item, []) == "|ship storm|strike"


def test_an_item_without_a_cause_in_its_title_is_about_the_rare_one_of_its_text() -> None:
    one = Item(id="-", title="Search ends", text="In all, 61 died. The owner of the ferry was held after the blaze.")
    read = Event(facts=CasualtyUpdate(count=61), evidence=Evidence(field="text", start=0, end=15, text="-"))
    assert link.beside(read, one, []) == "||ship"
    two = dataclasses.replace(one, text=one.text.replace("blaze", "flood"))
    assert link.beside(read, two, []) == ""


def test_within_a_day_a_lower_toll_may_be_the_earlier_one() -> None:
    high = told("a", place="Derna", date=MAY, count=88, signature="")
    low = told("b", place="Libya", date=MAY, count=27)
    assert weigh(low, [high]).score > weigh(dataclasses.replace(low, published=dt.date(2023, 5, 3)), [high]).score


def test_a_headline_tells_the_toll_of_its_text() -> None:
    text = told("a", place="Derna", date=MAY, count=131)
    title = told("a", place="Tobruk harbour", date=dt.date(2023, 5, 2), count=131)
    apart = told("a", place="Tobruk harbour", date=dt.date(2023, 5, 2), count=131)
    headline = dataclasses.replace(title.event, evidence=Evidence(field="title", start=0, end=1, text="-"))
    assert weigh(dataclasses.replace(title, event=headline), [text]).score >= THRESHOLD
    assert weigh(apart, [text]).score < THRESHOLD


def test_a_report_from_before_the_day_is_not_about_it() -> None:
    early = told("early", day=2, place="Derna", count=6)
    assert weigh(told("late", day=9, place="Derna", date=dt.date(2023, 5, 8), count=6), [early]).score < THRESHOLD


def test_a_region_does_not_lead_from_one_of_its_towns_to_the_next() -> None:
    known = [told("a", place="Lyman", date=MAY, count=6), told("b", place="Donetsk region", date=MAY, count=6)]
    assert weigh(told("c", place="Vuhledar", date=MAY, count=6), known).score < THRESHOLD


def test_a_series_of_daily_strikes_on_one_town_does_not_run_together() -> None:
    known = [told("a", place="Lyman", date=MAY, count=6), told("b", place="Lyman", date=dt.date(2023, 5, 2), count=6)]
    assert weigh(told("c", day=3, place="Lyman", date=dt.date(2023, 5, 3), count=6), known).score < THRESHOLD


def test_the_highest_figure_that_stands_is_the_view_and_keeps_its_source() -> None:
    facts = view(told("a", count=12, attribution="police"), told("b", day=3, count=31, attribution="the ministry"))
    assert (facts.count, facts.attribution) == (31, "the ministry")


def test_a_source_that_takes_its_figure_back_takes_it_out_of_the_view() -> None:
    claims = (
        told("a", outlet="A", count=40),
        told("b", count=33, qualifier="at_least"),
        told("c", day=3, outlet="A", count=34),
    )
    assert view(*claims).count == 34
    assert move(*claims).type is ChangeType.REVISED


def test_opposed_figures_stand_side_by_side_with_their_range() -> None:
    own = told("a", count=498, side="RUS", attribution="Moscow", scope="cumulative")
    theirs = told("b", day=3, count=12000, side="RUS", attribution="Zelensky", scope="cumulative")
    told_of = move(own, theirs)
    assert (told_of.type, told_of.fields["count"]) == (ChangeType.DISPUTED, (498, 12000))
    assert (view(own, theirs).low, view(own, theirs).high) == (498, 12000)


def test_opposed_sources_that_agree_dispute_nothing() -> None:
    assert (
        move(told("a", count=53, attribution="Moscow"), told("b", count=50, qualifier="at_least", attribution="Kyiv"))
        is None
    )


def test_a_monitor_named_for_a_country_is_no_side() -> None:
    state = told("a", count=10, place="Homs", attribution="Syrian state TV")
    monitor = told("b", count=25, place="Homs", attribution="Syrian Observatory for Human Rights")
    assert move(state, monitor).type is ChangeType.UPDATED


def test_a_place_that_becomes_known_is_told_and_a_finer_one_is_shown() -> None:
    assert move(told("a", count=9), told("b", count=9, place="Homs")).reason == "place become known"
    assert view(told("a", count=9, place="Syria"), told("b", count=9, place="Homs")).place == "Homs"
    assert move(told("a", count=9, place="Syria"), told("b", count=9, place="Homs")) is None


def test_fewer_missing_are_an_update_and_the_last_count_is_the_view() -> None:
    first, second = told("a", harm="missing", count=40), told("b", day=3, harm="missing", count=9)
    assert (move(first, second).type, move(first, second).reason) == (ChangeType.UPDATED, "fewer than before")
    assert view(first, second).count == 9
    assert move(first, told("c", day=3, harm="missing", count=40, qualifier="about")) is None


def test_an_item_takes_nothing_back_of_what_it_says_itself() -> None:
    first, more, whole = told("a", count=12), told("b", day=3, count=19), told("b", day=3, count=31)
    assert view(first, whole, more).count == 31
    assert move(first, whole).reason == "toll rises"


def test_what_a_headline_rounds_is_one_figure_with_that_of_its_text() -> None:
    text, headline = told("a", place="Derna", count=1697), told("a", place="Derna", count=1700)
    assert weigh(headline, [text]).score >= THRESHOLD
    assert weigh(told("a", place="Tobruk", count=1700), [text]).score < THRESHOLD


def test_two_sources_of_one_item_speak_of_one_place_though_the_known_one_has_another_name() -> None:
    known = told("a", place="Kaaj", date=MAY, count=19, victims="civilian", attribution="police")
    theirs = told("b", place="Kabul", date=MAY, count=19, victims="civilian", attribution="police")
    own = told("b", place="Kabul", date=MAY, count=35, victims="civilian", attribution="UN mission")
    assert weigh(own, [known, theirs]).score >= THRESHOLD
    assert weigh(told("b", place="Kabul", date=MAY, count=35), [known, theirs]).score < THRESHOLD


def test_the_day_of_an_incident_that_was_told_on_it_is_no_news() -> None:
    first = told("a", place="Derna", count=9)
    assert move(first, told("b", day=3, place="Derna", count=9, date=dt.date(2023, 5, 1))) is None
    moved = move(first, told("b", day=3, place="Derna", count=9, date=dt.date(2023, 4, 28)))
    assert moved.reason == "date become known"


def test_a_lower_figure_of_another_outlet_moves_nothing() -> None:
    assert move(told("a", day=3, count=31), told("b", day=2, count=12)) is None


def test_two_totals_that_say_of_nobody_whose_they_are_are_one_only_for_the_same_figure() -> None:
    total: dict[str, Any] = {"harm": "displaced", "scope": "cumulative"}
    said = told("a", count=412_700, **total)
    assert weigh(told("b", count=412_650, **total), [said]).score >= THRESHOLD
    assert weigh(told("c", count=428_300, **total), [said]).score < THRESHOLD


# --- cost ---


@st.composite
def tolls(draw: st.DrawFn) -> Claim:
    """A claim of few values, with what its item may say beside it."""
    few: dict[str, list[Any]] = {
        "harm": ["killed", "casualties", "displaced", "missing"],
        "count": [4, 19, 20, 117, 1830, 412_650, None],
        "place": ["Derna", "Tobruk", "Libya", "Kaaj", None],
        "date": [MAY, dt.date(2023, 5, 2), dt.date(2023, 4, 12), None],
        "scope": ["incident", "cumulative"],
        "side": ["LBY", None],
        "victims": ["civilian", None],
        "attribution": ["police", "Tripoli", None],
    }
    beside = draw(st.sampled_from(["", "wounded 31|strike|strike", "wounded 33||", "|quake|", "|flood|flood"]))
    slots = {slot: draw(st.sampled_from(values)) for slot, values in few.items()}
    sign = draw(st.sampled_from(["", f"{'5eed5eed' * 3}.{'abcdef'}"]))
    return told(draw(st.sampled_from("abc")), day=draw(st.integers(1, 28)), beside=beside, signature=sign, **slots)


@settings(max_examples=400, deadline=None)
@given(tolls(), st.lists(tolls(), min_size=1, max_size=4))
def test_what_is_not_looked_at_could_not_have_made_two_tolls_one(claim: Claim, others: list[Claim]) -> None:
    members = sorted(others, key=order)
    brief = weigh(claim, members)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scales, "can_reach", lambda *_: True)
        whole = weigh(claim, members)
    assert (brief.score >= THRESHOLD) == (whole.score >= THRESHOLD)
    assert brief.score < THRESHOLD or brief == whole


def test_the_day_of_a_toll_of_another_place_is_not_looked_at() -> None:
    far = weigh(told("b", place="Tobruk", date=MAY, count=7), [told("a", place="Derna", date=MAY, count=31)])
    assert far.reason == "other place"
    assert "date" not in far.slots


def test_what_stands_around_a_total_of_another_place_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(company, "weigh", lambda _, claim, *__, **___: seen.append(claim.item))
    total: dict[str, Any] = {"scope": "cumulative", "attribution": "police"}
    here = told("a", place="Derna", count=520, **total)
    weigh(told("b", place="Tobruk", count=910, scope="cumulative"), [here])
    assert not seen, "no copy of its text, and nobody whom it credits, could make up for another place"
    weigh(told("c", place="Derna", count=910, **total), [here])
    assert seen == ["c"]


@settings(max_examples=150, deadline=None)
@given(st.lists(tolls(), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_a_view_that_grew_claim_by_claim_in_any_order_is_that_of_all_of_them(claims: list[Claim], by: Random) -> None:
    distinct = [dataclasses.replace(claim, item=f"{claim.item} {n // 2}") for n, claim in enumerate(claims)]
    assert linked.grown(by.sample(distinct, len(distinct))) == view(*sorted(distinct, key=order))


@settings(max_examples=150, deadline=None)
@given(st.lists(tolls(), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_the_claims_that_stand_are_those_that_no_later_one_of_their_voice_that_stands_replaced(
    claims: list[Claim], by: Random
) -> None:
    said = [link.said(dataclasses.replace(claim, item=f"{claim.item} {n // 2}")) for n, claim in enumerate(claims)]
    stand: list[Toll] = []
    for one in sorted(said, key=lambda one: one.rank, reverse=True):
        later = [other for other in stand if other.item != one.item and same_voice(one, other)]
        if one.figure is not None and not any(standing._replaces(other.fact, one.fact) for other in later):
            stand.append(one)
    grown = standing.Standing()
    for one in by.sample(said, len(said)):
        grown.add(one)
    assert {id(one) for one in grown.in_order()} == {id(one) for one in stand}
