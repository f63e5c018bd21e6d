"""What linking asks of a kind, and what the kinds' ``link.py`` are written with.

Two claims are of one real event when a careful reader would say so. A kind says how likely that is: it looks at each
slot of a claim beside what the known event's claims say there, gives points for and against, and the sum decides.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import Any, Protocol, TypeVar

from monitor.kinds.ground import is_finer, names_place
from monitor.kinds.likeness import near_any, shared_names
from monitor.model import NOTHING, Agreement, ChangeType, Claim, Event, Facts, Item

T = TypeVar("T")

#: an event's score at which a claim and a known event are held to be one
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How a claim stands to the claims of one known event."""

    #: 0 to 1; one event from ``THRESHOLD`` on
    score: float
    slots: Mapping[str, Agreement]
    #: named reason: what spoke loudest for or against
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a claim moves in the view of its known event."""

    type: ChangeType
    reason: str
    #: slot -> (before, after)
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=lambda: NOTHING)


class Link(Protocol):
    """What ``kinds/<kind>/link.py`` offers. Claims are in canonical order (``order``) wherever they come in a row."""

    def keys(self, claim: Claim) -> frozenset[str]:
        """Blocking keys: of two claims that may be of one event each has one that the other seeks; few share one."""

    def seeks(self, claim: Claim) -> frozenset[str]:
        """Keys of the claims that it may be of one event with, most often its own; what it finds so would find it."""

    def weigh(self, claim: Claim, members: Sequence[Claim]) -> Weighed:
        """How well the claim fits to what the members, at least one, say."""

    def beside(self, event: Event, item: Item, others: Sequence[Event]) -> str:
        """What an item says around an event, its other events of the kind among it, that helps to know it again."""

    def prominence(self, claim: Claim) -> float:
        """Of the claims of one item those with more are judged first; equal ones in the order of the text."""

    def summary(self, claims: Sequence[Claim]) -> Facts:
        """The present view of an event; depends on the set of its claims alone."""

    def moves(self, before: Sequence[Claim], claim: Claim, was: Any, becomes: Any) -> Move | None:
        """What the claim moves, the views without and with it given; None when it says nothing new."""


# --- time ------------------------------------------------------------------------------------------------------------


def told_on(claim: Claim) -> dt.date:
    """The day on which a claim was published; where nobody says, the day it tells of, else that it was first seen."""
    if claim.published is not None:
        return claim.published
    if claim.published_at is not None:
        return claim.published_at.date()
    day: dt.date | None = getattr(claim.event.facts, "date", None)
    return day or claim.seen.date()


#: place of a claim in the order of all claims
Rank = tuple[dt.date, dt.datetime, str, str, str, str, int, int, "AsWritten"]


@functools.total_ordering
class AsWritten:
    """Facts, put in order by how they are written; which is asked only where all that comes before is equal."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsWritten) and repr(self._facts) == repr(other._facts)

    def __lt__(self, other: AsWritten) -> bool:
        return repr(self._facts) < repr(other._facts)

    def __le__(self, other: AsWritten) -> bool:
        return repr(self._facts) <= repr(other._facts)

    def __hash__(self) -> int:
        return hash(repr(self._facts))


#: stands for the instant of what nobody dates more closely than to a day, before all others of it
_NO_INSTANT = dt.datetime.min.replace(tzinfo=dt.UTC)


def order(claim: Claim) -> Rank:
    """Sorts claims by publication, then by what cannot depend on the order of arrival.

    It is kept of each claim that is remembered: made of what the claim itself holds, it takes little.
    """
    span = claim.event.evidence
    return (
        told_on(claim),
        claim.published_at or _NO_INSTANT,
        claim.outlet or "",
        claim.source,
        claim.item,
        span.field,
        span.start,
        span.end,
        AsWritten(claim.event.facts),
    )


def time_keys(days: Iterable[dt.date], width: int) -> frozenset[str]:
    """Buckets of ``width`` days; days at most ``width`` apart share one."""
    return frozenset(str(day.toordinal() // width + step) for day in days for step in (0, 1))


def size_keys(amount: float, base: float) -> frozenset[str]:
    """Buckets of magnitude; amounts at most a factor of ``base`` apart share one."""
    step = math.floor(math.log(max(amount, 1), base))
    return frozenset((str(step), str(step + 1)))


def nearest(claim: Claim, members: Collection[Claim]) -> int:
    """Days from the claim's publication to the nearest member's."""
    day = told_on(claim)
    return min(abs((day - told_on(member)).days) for member in members)


def goes_without_saying(day: dt.date, members: Iterable[Claim]) -> bool:
    """Whether a reader of a member took this day for that of the event: it was told on it, or on the day after."""
    return any(0 <= (told_on(member) - day).days <= 1 for member in members)


# --- slots -----------------------------------------------------------------------------------------------------------


def agree(mine: T | None, theirs: Iterable[T | None], how: Callable[[T, T], Agreement]) -> Agreement:
    """The best that a value does beside those of the members; silent where it, or all of them, say nothing."""
    if mine is None or mine == ():
        return Agreement.SILENT
    values = {value for value in theirs if value is not None and value != ()}
    if len(values) < 2:
        return next((how(mine, value) for value in values), Agreement.SILENT)
    found = {how(mine, value) for value in values}
    ranked = (Agreement.SAME, Agreement.COMPATIBLE, Agreement.SILENT)
    return next((best for best in ranked if best in found), Agreement.CONFLICTING)


def equal(a: Any, b: Any) -> Agreement:
    """Equal or in conflict."""
    return Agreement.SAME if a == b else Agreement.CONFLICTING


def tells(figure: int | None, most: float = 4.0) -> float:
    """Points for a figure that two share: more for each digit that a rounded one would not have."""
    digits = len(str(figure).rstrip("0")) if figure else 0
    return 0.5 if not figure or figure < 5 else {0: 1.0, 1: 1.0, 2: 1.5, 3: 3.0}.get(digits, most)


@dataclass(slots=True, kw_only=True)
class Scales:
    """Collects points for and against, slot by slot."""

    #: points at which the score is ``THRESHOLD``
    needed: float
    points: float = 0.0
    slots: dict[str, Agreement] = field(default_factory=dict)
    #: (points, reason) of what was put on
    said: list[tuple[float, str]] = field(default_factory=list)

    def put(self, points: float, reason: str) -> None:
        """Adds points for a named reason."""
        if points:
            self.points += points
            self.said.append((points, reason))

    def slot(self, name: str, agreement: Agreement, points: Mapping[Agreement, float]) -> Agreement:
        """Notes how a slot agrees and adds its points."""
        self.slots[name] = agreement
        if given := points.get(agreement):  # most slots give none, and then nothing needs to be said
            self.put(given, f"other {name}" if agreement is Agreement.CONFLICTING else f"{agreement} {name}")
        return agreement

    def can_reach(self, most: float) -> bool:
        """Whether so many points more, at most, would be enough; else what is left need not be looked at."""
        return self.points + most >= self.needed - 1e-6

    def read(self) -> Weighed:
        """The verdict: the loudest reason of the side that won."""
        score = 1 / (1 + math.exp(self.needed - self.points))
        wins = score >= THRESHOLD
        loudest = (
            max(self.said, key=lambda said: said[0] if wins else -said[0], default=(0.0, ""))[1] or "nothing in common"
        )
        return Weighed(
            score=round(score, 4),
            slots=_shared(tuple(self.slots.items())),
            reason=intern(loudest),
        )


@functools.lru_cache(maxsize=1024)
def _shared(slots: tuple[tuple[str, Agreement], ...]) -> Mapping[str, Agreement]:
    """Slots and how they agree, kept once for the thousands of verdicts that are remembered."""
    return dict(slots)


def refused(slots: Mapping[str, Agreement], reason: str) -> Weighed:
    """A verdict that no points can turn."""
    return Weighed(score=0.0, slots=_shared(tuple(slots.items())), reason=reason)


# --- items -----------------------------------------------------------------------------------------------------------


def same_item(claim: Claim, members: Iterable[Claim]) -> list[Claim]:
    """Those of the members that stand in the claim's own item."""
    return [m for m in members if m.item == claim.item and m.source == claim.source]


def copied(claim: Claim, members: Iterable[Claim]) -> bool:
    """Whether one of the members stands in an edition or copy of the claim's text."""
    return near_any(claim.signature, {member.signature for member in members})


def context(claim: Claim, members: Iterable[Claim]) -> float | None:
    """The largest share of proper names that the claim's item has in common with a member's; None if unknown."""
    shares = [shared_names(claim.signature, sign) for sign in {member.signature for member in members}]
    return max((share for share in shares if share is not None), default=None)


def surroundings(claim: Claim, members: Iterable[Claim]) -> float:
    """Points for what the items around two claims are about: few, since one war fills many items with its names."""
    share = context(claim, members)
    if share is None:
        return 0.0
    return next(points for least, points in ((0.5, 0.8), (0.25, 0.4), (0.1, 0.0), (0.0, -0.7)) if share >= least)


def names_the_place_of(claim: Claim, other: Claim) -> bool:
    """Whether the title or the sentence of a claim names the place of another: then they may be of one place after all.

    A sentence often names several places ("died in a hospital in X of the shelling of Y"), and the wrong one is read.
    """
    place: str | None = getattr(other.event.facts, "place", None)
    return place is not None and (names_place(claim.event.evidence.text, place) or names_place(claim.title, place))


# --- summaries -------------------------------------------------------------------------------------------------------


def most_said(values: Iterable[T | None]) -> T | None:
    """The value that most claims have, of equally many the one said first; None where nobody says anything."""
    counts: dict[T, int] = {}
    for value in values:
        if value not in (None, ()):
            assert value is not None
            counts[value] = counts.get(value, 0) + 1
    return max(counts, key=lambda value: counts[value], default=None)


def finest(places: Iterable[str | None]) -> str | None:
    """The place that most claims name; one that lies in it is better."""
    said = [place for place in places if place]
    best = most_said(said)
    for place in said:
        if best and is_finer(place, best):
            best = place
    return best


def differing(was: Facts, becomes: Facts, slots: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Slot -> (before, after) for the slots that differ."""
    pairs = {slot: (getattr(was, slot), getattr(becomes, slot)) for slot in slots}
    return {slot: pair for slot, pair in pairs.items() if pair[0] != pair[1]}
