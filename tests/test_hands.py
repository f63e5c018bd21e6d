"""Merged and split by hand: in force at once, remembered against later comparison, shown, and undone."""

from __future__ import annotations

import datetime as dt
import json
import sys

import pytest

from monitor import cli, compare
from monitor.errors import InputError
from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Event, Evidence, Item
from monitor.pipeline import take_in
from monitor.pipeline.hands import bonds_of, merge, split, undo
from monitor.store import Store
from monitor.store.records import StoredBond

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 3)


def tell(store: Store, id: str, count: int, place: str | None = "Derna", text: str = "") -> int:
    """Takes an item in that tells one toll; the number of its event."""
    item = Item(source="test", id=id, outlet=id, text=text or f"Toll told by {id}.", published=DAY)
    toll = CasualtyUpdate(harm="killed", count=count, qualifier="exact", place=place, date=DAY, scope="incident")
    event = Event(facts=toll, evidence=Evidence(field="text", start=0, end=4, text=item.text[:4]))
    change = take_in(store, item, Extraction(events=(event,), skipped=None), watch=(), now=NOW).changes[0]
    assert change.known.id is not None
    return change.known.id


def claims_of(store: Store, known_id: int) -> dict[str, int]:
    """Claims of an event, by their items."""
    with store.read() as tx:
        return {claim.item: claim.id or 0 for known in tx.known_events([known_id]) for claim in known.claims}


def test_two_events_merged_by_hand_are_one_and_what_follows_either_joins_it(store: Store) -> None:
    a, b = tell(store, "a", 12), tell(store, "b", 90, "Misrata")
    assert a != b
    done = merge(store, a, b, NOW, why="one flood")
    assert len(done.events) == 1
    assert set(claims_of(store, done.events[0])) == {"a", "b"}
    assert tell(store, "c", 12) == tell(store, "d", 90, "Misrata") == done.events[0]


def test_a_merge_that_is_undone_leaves_two_events(store: Store) -> None:
    done = merge(store, tell(store, "a", 12), tell(store, "b", 90, "Misrata"), NOW)
    assert len(undo(store, done.bond, NOW).events) == 2
    assert tell(store, "c", 12) != tell(store, "d", 90, "Misrata")
    with pytest.raises(InputError, match="in force"):
        undo(store, done.bond, NOW)


def test_claims_split_off_stay_apart_whatever_arrives_and_come_back_when_it_is_undone(store: Store) -> None:
    event = tell(store, "a", 12)
    assert tell(store, "b", 12) == tell(store, "c", 12) == event
    done = split(store, event, {claims_of(store, event)["c"]}, NOW)
    assert len(done.events) == 2
    tell(store, "d", 12)
    apart = [set(claims_of(store, number)) for number in done.events]
    assert not any({"a", "c"} <= items or {"b", "c"} <= items for items in apart)
    assert len(undo(store, done.bond, NOW).events) == 1


def test_an_edited_item_keeps_what_was_decided_about_it(store: Store) -> None:
    event = merge(store, tell(store, "a", 12), tell(store, "b", 90, "Misrata"), NOW).events[0]
    assert tell(store, "b", 95, "Misrata", text="Toll told by b, later.") == event
    assert set(claims_of(store, event)) == {"a", "b"}


def test_a_later_decision_outranks_an_earlier_one(store: Store) -> None:
    event = merge(store, tell(store, "a", 12), tell(store, "b", 90, "Misrata"), NOW).events[0]
    assert len(split(store, event, {claims_of(store, event)["b"]}, NOW).events) == 2


def test_only_events_of_one_kind_and_claims_of_the_event_can_be_named(store: Store) -> None:
    event = tell(store, "a", 12)
    for wrong in (set(), {4711}, set(claims_of(store, event).values())):
        with pytest.raises(InputError, match="has the claims"):
            split(store, event, wrong, NOW)
    with pytest.raises(InputError, match="no such event"):
        merge(store, event, 4711, NOW)
    with pytest.raises(InputError, match="twice"):
        merge(store, event, event, NOW)


def test_joining_across_a_parting_lifts_it_for_the_claims_that_are_joined() -> None:
    def decided(type: str, left: set[int], right: set[int]) -> StoredBond:
        return StoredBond(id=1, type=type, left=frozenset(left), right=frozenset(right), at=NOW, why="")

    bonds = compare.Bonds.of([decided("apart", {1, 2}, {3, 4}), decided("together", {2, 3}, set())])
    assert {tuple(map(frozenset, pair)) for pair in bonds.apart} == {
        (frozenset({1}), frozenset({3, 4})),
        (frozenset({2}), frozenset({4})),
    }


def test_without_decisions_there_are_no_bonds(store: Store) -> None:
    with store.read() as tx:
        assert bonds_of(tx) is compare.NO_BONDS


def test_the_commands_merge_show_and_undo(
    store: Store, database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = tell(store, "a", 12), tell(store, "b", 90, "Misrata")

    def run(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["monitor", "--database", database_url, *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        return capsys.readouterr().out

    done = json.loads(run("events", "merge", a, b, "--why", "one flood", "--json"))
    (event,) = done["events"]
    assert "one flood" in run("events", "bonds")
    assert "one flood" in run("explain", f"event:{event}")
    claims = claims_of(store, int(event))
    parted = json.loads(run("events", "split", event, "--claims", claims["b"], "--json"))
    assert len(parted["events"]) == 2
    assert "event:" in run("events", "undo", parted["bond"])
    assert json.loads(run("events", "undo", done["bond"], "--json"))["events"] != [event]
    assert "Nothing" in run("events", "bonds")
