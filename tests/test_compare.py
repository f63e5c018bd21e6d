"""What is one event, and what a claim does to it: the engine, whatever the kinds decide."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import json
import random
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import codec, compare
from monitor.compare import partition
from monitor.compare.roster import forget, placed_of, summed_up, verdict_of
from monitor.kinds import KINDS
from monitor.kinds.kind import slots_of
from monitor.kinds.linking import THRESHOLD, order
from monitor.model import ChangeType, Claim, Event, Evidence, Facts
from tests.measure import gold_folder
from tests.test_stories import NOW, Shelf

DAY = dt.date(2023, 5, 2)
GOLD = Path(__file__).parent / "gold"


def claim(
    item: str, *, start: int = 0, outlet: str = "", day: dt.date = DAY, signature: str = "", **slots: Any
) -> Claim:
    """A claim of an outlet that is named as its item."""
    facts = codec.facts_from_json({slot: codec.value_to_json(value) for slot, value in slots.items()})
    return Claim(
        event=Event(facts=facts, evidence=Evidence(field="text", start=start, end=start + 1, text="-")),
        source="test",
        item=item,
        outlet=outlet or item,
        published=day,
        seen=NOW,
        signature=signature,
    )


def killed(item: str, count: int, *, place: str | None = "Derna", **more: Any) -> Claim:
    told = {"day": DAY, "date": dt.date(2023, 5, 1), **more}
    return claim(item, kind="casualty_update", harm="killed", count=count, place=place, scope="incident", **told)


def take(shelf: Shelf, *claims: Claim, bonds: compare.Bonds = compare.NO_BONDS) -> list[compare.Judgement]:
    judgements = []
    for one in claims:
        judgements.append(compare.judge(one, shelf.neighbours(one.event.kind), NOW, bonds=bonds))
        shelf.apply(judgements[-1])
    return judgements


def types(judgements: list[compare.Judgement]) -> list[str]:
    return [str(judgement.change.type) for judgement in judgements if judgement.change]


# --- order ---


PLACES = ["Derna", "Benghazi", "Libya", None]
DAYS = [DAY - dt.timedelta(days=n) for n in range(0, 40, 5)]


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Facts from few values, so that most claims are near each other."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    choose: dict[str, list[Any]] = {
        "donors": [["USA"], ["USA", "GBR"], []], "recipient": ["UKR", None], "amount": [100, 103, 250, None],
        "currency": ["USD", "EUR"], "status": ["considered", "pledged", "planned", "held", "cancelled", "withheld"],
        "parties": [["RUS", "UKR"], ["COL", "ELN"], ["COL", "rebels"]], "round": [1, 2, None], "mode": ["phone", None],
        "harm": ["killed", "casualties", "missing"], "count": [5, 12, 13, 498, None], "side": ["RUS", None],
        "place": PLACES,
        "scope": ["incident", "cumulative"], "attribution": ["Moscow", "Kyiv", None], "date": [*DAYS, None],
    }  # fmt: skip
    slots = {s: draw(st.sampled_from(choose[s])) for s in slots_of(KINDS[kind].facts) if s in choose}
    return codec.facts_from_json({"kind": kind} | {s: codec.value_to_json(v) for s, v in slots.items()})


@st.composite
def streams(draw: st.DrawFn) -> list[Claim]:
    """Claims of a few weeks, some in one item."""
    return [
        Claim(
            event=Event(facts=draw(facts()), evidence=Evidence(field="text", start=n, end=n + 1, text="-")),
            source="test",
            item=str(draw(st.integers(0, 7))),
            outlet=draw(st.sampled_from(["A", "B", "C"])),
            published=draw(st.sampled_from(DAYS)),
            seen=NOW,
        )
        for n in range(draw(st.integers(2, 9)))
    ]


@settings(max_examples=100, deadline=None)
@given(streams(), st.randoms(use_true_random=False))
def test_the_same_claims_in_any_order_end_in_the_same_events(stream: list[Claim], dice: random.Random) -> None:
    one, other = Shelf(), Shelf()
    take(one, *stream)
    take(other, *dice.sample(stream, len(stream)))
    assert other.partition() == one.partition()


@settings(max_examples=60, deadline=None)
@given(streams(), st.randoms(use_true_random=False))
def test_the_order_decides_nothing_where_an_event_has_more_claims_than_are_looked_at(
    stream: list[Claim], dice: random.Random
) -> None:
    one, other = Shelf(), Shelf()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "MOST_IN_VIEW", 2)
        take(one, *stream)
        take(other, *dice.sample(stream, len(stream)))
    assert other.partition() == one.partition()


@settings(max_examples=40, deadline=None)
@given(streams(), st.data())
def test_a_claim_that_came_and_went_leaves_no_trace(stream: list[Claim], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(stream) - 1))
    one, other = Shelf(), Shelf()
    take(one, *stream)
    stored = next(c for k in one.events.values() for c in k.claims if replace(c, id=None) == stream[gone])
    one.apply(compare.withdraw(stored, one.neighbours(stored.event.kind), NOW))
    take(other, *stream[:gone], *stream[gone + 1 :])
    assert one.partition() == other.partition()


@settings(max_examples=40, deadline=None)
@given(streams())
def test_what_is_stored_after_a_claim_is_what_was_judged(stream: list[Claim]) -> None:
    shelf = Shelf()
    take(shelf, *stream)
    held = [c for known in shelf.events.values() for c in known.claims]
    assert sorted(c.event.evidence.start for c in held) == sorted(c.event.evidence.start for c in stream)
    for known in shelf.events.values():
        assert known.facts == summed_up(known.claims)


@pytest.mark.gold
@pytest.mark.parametrize("seed", range(3))
def test_the_gold_stories_in_any_order_end_in_the_same_events(seed: int) -> None:
    path = gold_folder() / "stories.jsonl"
    if not path.is_file():
        pytest.skip(f"no {path}")
    lines = path.read_text("utf-8").splitlines()
    assert_order_decides_nothing(list(gold_claims(map(json.loads, lines))), seed)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("path", sorted(GOLD.glob("written_streams_*.yaml")), ids=lambda path: path.stem)
def test_the_written_streams_in_any_order_end_in_the_same_events(path: Path, seed: int) -> None:
    assert_order_decides_nothing(list(gold_claims(yaml.safe_load(path.read_text("utf-8")))), seed)


def assert_order_decides_nothing(stream: list[Claim], seed: int) -> None:
    one, other = Shelf(), Shelf()
    take(one, *stream)
    take(other, *random.Random(seed).sample(stream, len(stream)))
    assert other.partition() == one.partition()


def gold_claims(items: Iterable[dict[str, Any]]) -> Iterator[Claim]:
    """Gold events as claims, the first of alternatives taken: reading without errors."""
    for item in items:
        for number, event in enumerate(item["events"]):
            slots = slots_of(KINDS[event["kind"]].facts)
            first = {s: v["accept"][0] if isinstance(v, dict) else v for s, v in event.items() if s in slots}
            sign = compare.signature(item["title"] or "", item["text"])
            day = dt.date.fromisoformat(str(item["published"])) if item["published"] else None
            told = claim(item["id"], start=number, outlet=item["outlet"], signature=sign, kind=event["kind"], **first)
            yield replace(told, published=day)


# --- identity of known events ---


def test_a_late_claim_that_begins_an_event_leaves_it_its_number() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 12))
    (number,) = shelf.events
    late = take(shelf, killed("c", 12, day=DAY - dt.timedelta(days=1)))[0]
    assert late.change is not None
    assert late.change.known.id == number
    assert late.change.known.claims[0].item == "c"


def test_a_bridge_that_arrives_late_joins_two_events_silently() -> None:
    shelf = Shelf()
    # Two figures that are far apart, for a place and for a day: nothing says that they are one, until a text has both.
    take(shelf, killed("day", 40, place=None, day=DAY), killed("place", 41, date=None, day=DAY + dt.timedelta(days=9)))
    assert len(shelf.events) == 2
    bridge = take(shelf, killed("bridge", 40, day=DAY - dt.timedelta(days=1)))[0]
    assert bridge.change is not None
    assert bridge.change.type in (ChangeType.CONFIRMED, ChangeType.REPEATED, ChangeType.UPDATED)
    assert len(shelf.events) == 1
    assert len(bridge.absorbed) == 1


def test_a_change_says_what_it_was_compared_with_best_first() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 300, place="Tobruk"))
    last = take(shelf, killed("c", 12))[0].change
    assert last is not None
    assert last.compared[0].known_id == last.known.id
    assert last.compared[0].score >= THRESHOLD
    assert last.compared[0].slots["place"] == "same"
    scores = [comparison.score for comparison in last.compared]
    assert scores == sorted(scores, reverse=True)


# --- what people decide ---


def test_a_key_that_two_claims_share_is_kept_once() -> None:
    kept = [{key: key for key in placed_of(killed(item, 40)).keys} for item in ("a1", "a2")]
    assert kept[0].keys() & kept[1].keys()
    assert all(kept[0][key] is kept[1][key] for key in kept[0].keys() & kept[1].keys())


def test_the_place_of_a_claim_and_a_verdict_on_it_take_little_room() -> None:
    claims = [killed(f"room {n}", 400 + n) for n in range(600)]
    members = list(map(placed_of, claims))
    assert room_of(lambda: list(map(order, claims))) / len(claims) < 250
    assert room_of(lambda: [verdict_of(b, [a]) for a, b in itertools.pairwise(members)]) / len(members) < 250


def room_of(do: Callable[[], object]) -> int:
    """Bytes that its value takes, and what is remembered with it."""
    do()  # what is made once is made
    forget()
    gc.collect()
    tracemalloc.start()
    try:
        value = do()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] if value else 0
    finally:
        tracemalloc.stop()


def stored(shelf: Shelf) -> dict[str, Claim]:
    return {c.item: c for known in shelf.events.values() for c in known.claims}


def test_claims_joined_by_hand_are_one_event_and_stay_so() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 60, place="Misrata"))
    held = stored(shelf)
    bonds = compare.Bonds(together=(frozenset(c.id for c in held.values() if c.id),))
    shelf.index_again(held.values(), bonds)
    judged = compare.regroup(held.values(), shelf.neighbours("casualty_update"), NOW, bonds=bonds)
    assert judged.change is None
    shelf.apply(judged)
    assert len(shelf.events) == 1
    take(shelf, killed("c", 61, place="Misrata", day=DAY + dt.timedelta(days=1)), bonds=bonds)
    assert len(shelf.events) == 1


def test_claims_parted_by_hand_stay_apart_and_the_bond_can_be_undone() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 12))
    held = stored(shelf)
    bonds = compare.Bonds(apart=((frozenset({held["a"].id or 0}), frozenset({held["b"].id or 0})),))
    shelf.apply(compare.regroup(held.values(), shelf.neighbours("casualty_update"), NOW, bonds=bonds))
    assert len(shelf.events) == 2
    shelf.apply(compare.regroup(held.values(), shelf.neighbours("casualty_update"), NOW, bonds=compare.NO_BONDS))
    assert len(shelf.events) == 1


# --- edits ---


def test_a_withdrawn_claim_that_others_still_make_is_not_told() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 12))
    judged = compare.withdraw(stored(shelf)["a"], shelf.neighbours("casualty_update"), NOW)
    assert judged.change is None
    assert [c.item for c in judged.others[0].claims] == ["b"]


def test_a_withdrawn_claim_that_held_the_figure_up_is_told_as_a_correction() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12), killed("b", 31))
    change = compare.withdraw(stored(shelf)["b"], shelf.neighbours("casualty_update"), NOW).change
    assert change is not None
    assert (change.type, change.reason, change.fields["count"]) == (ChangeType.REVISED, "correction", (31, 12))


def test_the_last_claim_of_an_event_is_told_as_withdrawn() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12))
    change = compare.withdraw(stored(shelf)["a"], shelf.neighbours("casualty_update"), NOW).change
    assert change is not None
    assert (change.type, change.known.claims) == (ChangeType.WITHDRAWN, ())


def test_a_rise_in_an_edited_item_is_told_as_a_rise() -> None:
    shelf = Shelf()
    take(shelf, killed("a", 12))
    old, new = stored(shelf)["a"], killed("a", 14)
    change = compare.judge(new, shelf.neighbours("casualty_update"), NOW, replaces=old).change
    assert change is not None
    assert (change.type, change.reason) == (ChangeType.UPDATED, "correction: toll rises")


def test_claims_of_an_edited_item_are_paired_by_what_they_say() -> None:
    old = [killed("a", 12), killed("a", 5, place="Tobruk", start=9)]
    new = [
        killed("a", 6, place="Tobruk", start=4),
        killed("a", 12, start=20),
        killed("a", 80, place="Zliten", start=30),
    ]
    pairs = {(p.old and p.old.event.facts.count, p.new and p.new.event.facts.count) for p in compare.pair(old, new)}  # type: ignore[attr-defined]  # facts of the one kind used here
    assert pairs == {(12, 12), (5, 6), (None, 80)}


def test_of_an_item_the_higher_of_two_tolls_is_judged_first_and_other_kinds_keep_their_places() -> None:
    meeting = claim("a", kind="talk_round", parties=["RUS", "UKR"])
    said = [killed("a", 19), meeting, killed("a", 31)]
    assert compare.in_telling_order(said) == [said[2], meeting, said[0]]


# --- texts ---


WIRE = (
    "Rescue teams pulled nine bodies from the collapsed workshop in Savar on Sunday, the fire service said. Relatives "
    "waited behind a rope at the gate. The owner, who had been warned twice about cracks in the northern wall, could "
    "not be reached for comment. Cranes from the army's engineering corps arrived shortly before noon."
)


def test_a_copy_with_another_beginning_and_a_cut_end_is_recognised() -> None:
    copied = "DHAKA (Agency) - " + WIRE.rpartition("Cranes")[0] + "More on page four."
    assert compare.near_copies(compare.signature("", WIRE), compare.signature("Nine dead", copied))


def test_two_reports_of_one_event_are_no_copies() -> None:
    own = (
        "Nine coffins stood in the school yard of Savar on Sunday evening. " + WIRE.rpartition(".")[0].partition(".")[0]
    )
    assert not compare.near_copies(compare.signature("", WIRE), compare.signature("", own * 1))


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_has_a_signature_that_is_short_and_its_own(text: str, title: str) -> None:
    sign = compare.signature(title, text)
    assert sign == compare.signature(title, text)
    assert len(sign) < 600


def test_an_outlet_counts_once_and_so_does_a_copied_text() -> None:
    sign = compare.signature("", WIRE)
    voices = [
        killed("a", 12, outlet="One", signature=sign),
        killed("b", 12, outlet="Two", signature=sign),
        killed("c", 12, outlet="One"),
        killed("d", 12, outlet="Three"),
    ]
    assert compare.independent(voices) == 2


# --- keys ---


@settings(max_examples=40, deadline=None)
@given(streams())
def test_a_claim_has_few_keys(stream: list[Claim]) -> None:
    assert all(1 <= len(compare.keys(one)) <= 60 for one in stream)


def test_two_claims_that_tell_nothing_alike_share_no_key() -> None:
    far = [killed("a", 12), killed("b", 12, place="Lima", date=dt.date(2023, 1, 4), day=dt.date(2023, 1, 5))]
    assert not compare.keys(far[0]) & compare.keys(far[1])


def test_every_two_outlets_on_one_strike_share_a_key() -> None:
    told = [
        killed("town", 17, place="Kostiantynivka"),
        killed("region", 17, place="Donetsk region"),
        killed("country", 17, place="Ukraine"),
        killed("nowhere", 17, place=None),
    ]
    assert all(compare.seeks(a) & compare.keys(b) for a, b in itertools.permutations(told, 2))


# --- blocking ---


@pytest.mark.parametrize(
    "one, other, meet",
    [
        (None, "Aleppo", True),
        (None, None, True),
        ("Nowhere-on-Sea", "Aleppo", True),
        ("Aleppo", "Derna", False),
        ("Aleppo", "Aleppo", True),
    ],
)
def test_a_figure_alone_joins_no_two_places_that_are_listed(one: str | None, other: str | None, meet: bool) -> None:
    a, b = killed("a", 65, place=one, date=None), killed("b", 65, place=other, date=None)
    assert bool(compare.seeks(a) & compare.keys(b)) is meet
    assert bool(compare.seeks(b) & compare.keys(a)) is meet


@pytest.mark.parametrize(
    "one, other, meet",
    [
        pytest.param({"place": "Lviv"}, {"place": "Ukraine", "date": None}, True, id="country"),
        pytest.param({"place": "Lyman"}, {"place": "Donetsk region", "date": None}, True, id="region"),
        pytest.param({"place": "Lviv"}, {"place": "Odesa", "count": 60}, True, id="towns of one country on one day"),
        pytest.param({"place": "Lviv"}, {"place": "Odesa", "date": DAY}, False, id="towns on two days"),
        pytest.param({"place": "Lviv"}, {"place": "Odesa", "count": 600}, False, id="towns, figures far apart"),
        pytest.param({"place": "Lviv"}, {"place": "Derna", "count": 40}, True, id="countries, one day and figure"),
        pytest.param({"place": "Lviv"}, {"place": "Derna", "count": 60}, False, id="countries, other figures"),
        pytest.param(
            {"place": "Lviv"}, {"place": "Nowhere-on-Sea", "count": 60}, True, id="a place that is not listed"
        ),
        pytest.param({"place": "Lviv"}, {"place": None, "count": 60}, True, id="no place"),
    ],
)
def test_two_places_meet_where_one_may_be_the_other(one: dict[str, Any], other: dict[str, Any], *, meet: bool) -> None:
    a, b = killed("a", **{"count": 40, **one}), killed("b", **{"count": 40, **other})
    assert bool(compare.seeks(a) & compare.keys(b)) is meet
    assert bool(compare.seeks(b) & compare.keys(a)) is meet


def test_a_town_whose_region_is_not_listed_meets_every_region_of_its_country() -> None:
    town, other = killed("a", 40, place="San Pedro Carchá"), killed("b", 40, place="Lyman")
    region, next_day = killed("c", 40, place="Alta Verapaz", date=None), {"day": dt.date(2023, 5, 4), "date": None}
    assert compare.seeks(town) & compare.keys(region)
    assert compare.seeks(region) & compare.keys(town)
    assert not compare.seeks(other) & compare.keys(killed("d", 40, place="Odesa region", **next_day))


@settings(max_examples=60, deadline=None)
@given(told=st.lists(facts(), min_size=2, max_size=2))
def test_what_a_claim_finds_would_find_it(told: list[Facts]) -> None:
    a, b = (claim(name, **{"kind": fact.kind, **slots_as_given(fact)}) for name, fact in zip("ab", told, strict=True))
    if a.event.kind == b.event.kind:
        assert bool(compare.seeks(a) & compare.keys(b)) is bool(compare.seeks(b) & compare.keys(a))


def slots_as_given(fact: Facts) -> dict[str, Any]:
    return {slot: getattr(fact, slot) for slot in KINDS[fact.kind].slots}


# --- cost ---


def test_a_late_claim_of_an_event_of_many_weighs_only_those_that_have_it_in_view(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link, weighed = KINDS["casualty_update"].link, 0
    shelf = Shelf()
    told = [killed(f"item {n:03d}", 400 + n, outlet=f"Outlet {n}") for n in range(120)]
    take(shelf, *told[:60], *told[61:])

    def count(*given: Any) -> Any:
        nonlocal weighed
        weighed += 1
        return weigh(*given)

    weigh = link.weigh
    monkeypatch.setattr(link, "weigh", count)
    take(shelf, told[60])
    assert len(shelf.events) == 1
    assert 1 <= weighed <= 1 + 2 * partition.MOST_IN_VIEW
