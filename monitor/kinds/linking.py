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
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from monitor.kinds.ground import is_finer, names_place
from monitor.kinds.likeness import near_any, shared_names
from monitor.model import NOTHING, Agreement, ChangeType, Claim, Event, Facts, Item

if TYPE_CHECKING:
    from monitor.kinds.said import Said

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

    def said(self, claim: Claim) -> Any:
        """What the claim says, as ``weigh``, ``tally`` and ``moves`` ask for it: a ``Said`` of the kind's own."""

    def weigh(self, claim: Any, members: Sequence[Any]) -> Weighed:
        """How well what a claim says fits to what the members, at least one, say."""

    def beside(self, event: Event, item: Item, others: Sequence[Event]) -> str:
        """What an item says around an event, its other events of the kind among it, that helps to know it again."""

    def prominence(self, claim: Claim) -> float:
        """Of the claims of one item those with more are judged first; equal ones in the order of the text."""

    def tally(self) -> Tally:
        """The view of an event that is to come."""

    def moves(self, heard: Any, claim: Any, was: Any, becomes: Any) -> Move | None:
        """What a claim moves, the views without and with it given; None when it says nothing new."""


class Tally(Protocol):
    """The present view of an event, one claim more at a time; it depends on the set of its claims alone."""

    def add(self, claim: Any) -> None:
        """Adds what one more claim says; in order of their ranks, or not."""

    def view(self) -> Facts:
        """The view; there is at least one claim."""

    def heard(self, claim: Any) -> Any:
        """What ``moves`` asks about the claims so far, for one that says this and is not among them."""


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


def nearest(claim: Said, members: Collection[Said]) -> int:
    """Days from the claim's publication to the nearest member's."""
    day = claim.day
    return min([abs(day - member.day) for member in members])


def goes_without_saying(day: dt.date, told: Collection[int]) -> bool:
    """Whether a reader took this day for that of the event, which was told on these days: on it, or on the day after.

    Days are told by their ordinals.
    """
    return day.toordinal() in told or day.toordinal() + 1 in told


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


def met(mine: T | None, theirs: Collection[T | None]) -> Agreement:
    """The same of values that are equal or in conflict."""
    if mine is None:
        return Agreement.SILENT
    if mine in theirs:
        return Agreement.SAME
    return Agreement.SILENT if all(value is None for value in theirs) else Agreement.CONFLICTING


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


def same_item(claim: Said, members: Iterable[Said]) -> list[Any]:
    """Those of the members that stand in the claim's own item."""
    item, source = claim.item, claim.source
    return [m for m in members if m.item == item and m.source == source]


def copied(claim: Said, members: Iterable[Said]) -> bool:
    """Whether one of the members stands in an edition or copy of the claim's text."""
    return near_any(claim.signature, {member.signature for member in members})


def context(claim: Said, members: Iterable[Said]) -> float | None:
    """The largest share of proper names that the claim's item has in common with a member's; None if unknown."""
    shares = [shared_names(claim.signature, sign) for sign in {member.signature for member in members}]
    return max((share for share in shares if share is not None), default=None)


#: the most that ``surroundings`` gives
MOST_AROUND = 0.8


def surroundings(claim: Said, members: Iterable[Said]) -> float:
    """Points for what the items around two claims are about: few, since one war fills many items with its names."""
    share = context(claim, members)
    if share is None:
        return 0.0
    return next(
        points for least, points in ((0.5, MOST_AROUND), (0.25, 0.4), (0.1, 0.0), (0.0, -0.7)) if share >= least
    )


def names_the_place_of(claim: Said, other: Said) -> bool:
    """Whether the title or the sentence of a claim names the place of another: then they may be of one place after all.

    A sentence often names several places ("died in a hospital in X of the shelling of Y"), and the wrong one is read.
    """
    place = other.place
    return place is not None and (names_place(claim.text, place) or names_place(claim.title, place))


# --- summaries -------------------------------------------------------------------------------------------------------


def most_said(values: Iterable[T | None]) -> T | None:
    """The value that most claims have, of equally many the one said first; None where nobody says anything."""
    counts: dict[T | None, int] = {}
    for value in values:
        if value is not None and value != ():
            counts[value] = counts.get(value, 0) + 1
    return max(counts, key=counts.__getitem__, default=None)


class Most(Generic[T]):
    """The same, one value more at a time, in any order."""

    __slots__ = ("counts",)

    def __init__(self) -> None:
        #: value -> how many say it, and the rank of the claim that does so first
        self.counts: dict[T, tuple[int, Rank]] = {}

    def add(self, value: T | None, rank: Rank) -> None:
        """Adds what one more claim says."""
        if value is not None and value != ():
            count, first = self.counts.get(value, (0, rank))
            self.counts[value] = count + 1, min(first, rank) if count else rank

    def get(self) -> T | None:
        """The value that most claims have, of equally many the one said first."""
        if len(self.counts) < 2:
            return next(iter(self.counts), None)
        most = max(count for count, _ in self.counts.values())
        return min((first, value) for value, (count, first) in self.counts.items() if count == most)[1]


class Last(Generic[T]):
    """The value that was said last, one value more at a time, in any order."""

    __slots__ = ("_rank", "value")

    def __init__(self) -> None:
        self.value: T | None = None
        self._rank: Rank | None = None

    def add(self, value: T | None, rank: Rank) -> None:
        """Adds what one more claim says."""
        if value is not None and (self._rank is None or self._rank <= rank):
            self.value, self._rank = value, rank


def finest(places: Sequence[str | None], best: str | None = None) -> str | None:
    """The place that most claims name (``best``, where it is known); one that lies in it is better."""
    best = best or most_said(place for place in places if place)
    finer = _finer(best, places)
    for place in places if finer else ():
        if place in finer:
            best, finer = place, _finer(place, places)
    return best


def _finer(best: str | None, places: Iterable[str | None]) -> set[str]:
    return {place for place in set(places) if place and place != best and is_finer(place, best)} if best else set()


def differing(was: Facts, becomes: Facts, slots: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Slot -> (before, after) for the slots that differ."""
    pairs = {slot: (getattr(was, slot), getattr(becomes, slot)) for slot in slots}
    return {slot: pair for slot, pair in pairs.items() if pair[0] != pair[1]}
