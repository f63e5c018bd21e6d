"""Small streams of items, each for one situation named in words: what is told of each event, in order.

A file of ``stories/`` lists items with what they say, as slots, so that linking is tested apart from reading. ``tells``
is the change and the name of the real event that it belongs to: events of one name must be one known event, events of
two names two. ``because`` and ``fields`` are checked where they are given. An id that comes again is an edited item.
``alerts``, the rules that tell of a change, are what test_seeds.py looks at.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import codec, compare
from monitor.kinds import KINDS
from monitor.kinds.kind import slots_of
from monitor.model import Change, Claim, Event, Evidence, Facts, Item, KnownEvent

STORIES = sorted((Path(__file__).parent / "stories").glob("*.yaml"))
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Shelf:
    """Known events and their blocking keys in memory: what the store does, without one."""

    def __init__(self) -> None:
        self.events: dict[int, KnownEvent] = {}
        self.homes: dict[int, int] = {}
        self._keys: dict[tuple[str, str], set[int]] = {}
        self._claims: dict[int, Claim] = {}

    def neighbours(self, kind: str) -> compare.Neighbours:
        def find(keys: Any) -> Sequence[KnownEvent]:
            claims = {claim for key in keys for claim in self._keys.get((kind, key), ())}
            return [self.events[known] for known in sorted({self.homes[claim] for claim in claims})]

        return find

    def apply(self, judgement: compare.Judgement) -> int | None:
        """Takes a judgement over; the id of the known event that its change is about."""
        for gone in judgement.dropped:
            self.homes.pop(gone.id or 0, None)
            for claims in self._keys.values():
                claims.discard(gone.id or 0)
        told = judgement.change.known if judgement.change else None
        ids = {id(known): self._keep(known) for known in ([told] if told else []) + list(judgement.others)}
        for known_id in judgement.absorbed:
            assert not set(self.homes.values()) & {known_id}, "an absorbed event holds no claims"
            del self.events[known_id]
        return ids[id(told)] if told else None

    def _keep(self, known: KnownEvent) -> int:
        number = known.id if known.id is not None else 1 + max(self.events, default=0)
        claims = tuple(self._number(claim) for claim in known.claims)
        self.homes.update({claim.id or 0: number for claim in claims})
        self.events[number] = replace(known, id=number, claims=claims)
        return number

    def _number(self, claim: Claim) -> Claim:
        if claim.id is not None:
            return claim
        claim = replace(claim, id=1 + len(self._claims))
        self._claims[claim.id or 0] = claim
        for key in compare.keys(claim):
            self._keys.setdefault((claim.event.kind, key), set()).add(claim.id or 0)
        return claim

    def index_again(self, claims: Iterable[Claim], bonds: compare.Bonds) -> None:
        """Finds claims by their bonds too, from now on."""
        for claim in claims:
            for key in compare.keys(claim, bonds):
                self._keys.setdefault((claim.event.kind, key), set()).add(claim.id or 0)

    def claims_of(self, item: str) -> list[Claim]:
        return [c for c in self._claims.values() if c.item == item and c.id in self.homes]

    def partition(self) -> dict[frozenset[tuple[str, int]], Facts]:
        """Which claims make one event, and what it comes to."""
        standing = (known for known in self.events.values() if known.claims)
        return {frozenset((c.item, c.event.evidence.start) for c in known.claims): known.facts for known in standing}


@dataclass
class Told:
    """What was told of one event of a story, beside what should be."""

    wanted: str
    change: Change | None
    known_id: int | None
    says: dict[str, Any] = field(default_factory=dict)


def claims_in(item: dict[str, Any]) -> list[Claim]:
    """The claims of an item of a story."""
    events = [
        Event(
            facts=codec.facts_from_json(_slots(says)),
            evidence=Evidence(field="text", start=number, end=number + 1, text="-"),
        )
        for number, says in enumerate(item["says"])
    ]
    read = Item(id=item["id"], title=item.get("title", ""), text=item.get("text", ""))
    return [
        Claim(
            event=event,
            source="stories",
            item=read.id,
            title=read.title,
            outlet=item.get("outlet"),
            published=item.get("published"),
            seen=NOW,
            signature=compare.signature(read.title, read.text),
            beside=compare.beside(event, read, events),
        )
        for event in events
    ]


def _slots(says: dict[str, Any]) -> dict[str, Any]:
    known = set(slots_of(KINDS[says["kind"]].facts)) | {"kind"}
    unknown = set(says) - known - {"tells", "because", "fields", "alerts"}
    assert not unknown, f"no slots of {says['kind']}: {unknown}"
    return {slot: codec.value_to_json(value) for slot, value in says.items() if slot in known}


def tell(items: Sequence[dict[str, Any]], shelf: Shelf) -> Iterator[Told]:
    """Takes the items in, in order, edited ones as edits."""
    for item in items:
        new, old = claims_in(item), shelf.claims_of(item["id"])
        gone = list(item.get("withdraws", ()))
        place = {id(claim): number for number, claim in enumerate(compare.in_telling_order(new))}
        for pair in sorted(compare.pair(old, new), key=lambda pair: place.get(id(pair.new), len(new))):
            says = item["says"][new.index(pair.new)] if pair.new else {"tells": gone.pop(0)}
            yield _take(pair, says, shelf)


def _take(pair: compare.Replacement, says: dict[str, Any], shelf: Shelf) -> Told:
    if pair.old and pair.is_same:
        return Told(wanted=says["tells"], change=None, known_id=shelf.homes[pair.old.id or 0])
    if pair.new:
        judgement = compare.judge(pair.new, shelf.neighbours(pair.new.event.kind), NOW, replaces=pair.old)
    else:
        assert pair.old is not None
        judgement = compare.withdraw(pair.old, shelf.neighbours(pair.old.event.kind), NOW)
    return Told(wanted=says["tells"], change=judgement.change, known_id=shelf.apply(judgement), says=says)


def stream(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load(path.read_text("utf-8"))["items"])


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_is_told_as_it_should_be(path: Path) -> None:
    names: dict[str, int] = {}
    for told in tell(stream(path), Shelf()):
        wanted, _, name = told.wanted.partition(" ")
        change = told.change
        assert (str(change.type) if change else "silent") == wanted, f"{name}: {change and change.reason}"
        if told.known_id is not None:
            assert names.setdefault(name, told.known_id) == told.known_id, f"{name} is split"
        if change and "because" in told.says:
            assert change.reason == told.says["because"]
        for slot, pair in told.says.get("fields", {}).items():
            assert change is not None
            assert list(change.fields[slot]) == pair
    assert len(set(names.values())) == len(names), f"merged: {names}"


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_order_of_arrival_does_not_decide_what_a_story_comes_to(path: Path) -> None:
    items = stream(path)
    if len({item["id"] for item in items}) < len(items):
        pytest.skip("versions of an item have an order")
    ends = []
    orders = (
        list(itertools.permutations(items))
        if len(items) <= 4
        else [random.sample(items, len(items)) for _ in range(20)]
    )
    for order in orders:
        shelf = Shelf()
        list(tell(order, shelf))
        ends.append(shelf.partition())
    assert all(end == ends[0] for end in ends)


def test_there_are_stories_enough() -> None:
    assert len(STORIES) >= 20
