"""The present view of a toll, and what a new claim moves in it."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.said import Toll
from monitor.kinds.casualty_update.standing import Standing
from monitor.kinds.figures import agreeing, rises, same_figure
from monitor.kinds.linking import Most, Move, Rank, differing, finest, goes_without_saying
from monitor.kinds.voices import is_partial, opposed, same_voice
from monitor.model import ChangeType

_FIGURE = ("count", "low", "high", "qualifier")
#: harms whose figure falls by itself: the missing are found, alive or dead, and the last figure is the one that counts
SHRINKING = frozenset(("missing",))


class Heard(NamedTuple):
    """What the other claims of a toll say to one."""

    #: whether another side says what it cannot agree with, and nobody has said the same
    is_disputed: bool
    #: the figure that its own source stood by and now gives up for a lower one
    taken_back: CasualtyUpdate | None
    #: days on which the toll was told, as numbers, as long as its own is not known
    days: frozenset[int]


class Tally:
    """The present view: what most claims say of the incident, and the highest figure that its source stands by.

    Where opposed sides contradict each other, ``count`` is the figure of the side that more claims take, and ``low``
    and ``high`` are the ends of what is said.
    """

    __slots__ = (
        "_dates",
        "_days",
        "_harms",
        "_highest",
        "_partial",
        "_places",
        "_scopes",
        "_sides",
        "_standing",
        "_top",
        "_victims",
        "said",
    )

    def __init__(self) -> None:
        #: in canonical order
        self.said: list[Toll] = []
        self._standing = Standing()
        #: days on which it was told, as numbers, and the highest count that was
        self._days: set[int] = set()
        self._highest = -1
        self._harms: Most[str] = Most()
        self._sides: Most[str] = Most()
        self._scopes: Most[str] = Most()
        self._dates: Most[dt.date] = Most()
        self._places: Most[str] = Most()
        self._victims: set[str] = set()
        #: what parties said; the claim that stands with the highest figure, None while it is not known
        self._partial: dict[_Camp, Toll] = {}
        self._top: Toll | None = None

    def add(self, claim: Toll) -> None:
        """Adds what one more claim says."""
        fact, rank = claim.fact, claim.rank
        insort(self.said, claim, key=_rank)
        self._days.add(claim.day)
        self._highest = max(self._highest, -1 if fact.count is None else fact.count)
        self._harms.add(fact.harm, rank)
        self._sides.add(fact.side, rank)
        self._scopes.add(fact.scope, rank)
        self._dates.add(fact.date, rank)
        self._places.add(fact.place or None, rank)
        if fact.victims:
            self._victims.add(fact.victims)
        if is_partial(claim.party):
            self._partial.setdefault(_camp_of(claim), claim)
        if self._standing.add(claim):
            self._top = None
        elif self._top is not None and claim in self._standing:
            self._top = max(self._top, claim, key=_height)

    def heard(self, claim: Toll) -> Heard:
        """What these claims say to one that is to be added."""
        disputed = is_partial(claim.party) and any(_contradicts(claim, other) for other in self._partial.values())
        return Heard(
            is_disputed=disputed and _is_unheard(claim, self.said),
            taken_back=None if claim.harm in SHRINKING else self._taken_back(claim),
            days=frozenset(self._days) if not self._dates.counts else frozenset(),
        )

    def _taken_back(self, claim: Toll) -> CasualtyUpdate | None:
        if claim.count is None or claim.count >= self._highest:
            return None
        for other in self._standing.in_order():
            if (
                _is_lower(claim, other)
                and other.item != claim.item
                and same_voice(claim, other)
                and not agreeing(claim.fact, other.fact)
                and claim.rank > other.rank
            ):
                return other.fact
        return None

    def view(self) -> CasualtyUpdate:
        """The view."""
        figure = self._figure()
        low, high = self._range(figure)
        return CasualtyUpdate(
            harm="killed" if "killed" in self._harms.counts else self._harms.get(),
            count=figure.count,
            low=low,
            high=high,
            qualifier=figure.qualifier,
            victims=next(iter(self._victims)) if len(self._victims) == 1 else figure.victims,
            side=self._sides.get(),
            place=self._place(),
            date=self._dates.get(),
            scope=self._scopes.get(),
            attribution=figure.attribution,
        )

    def _place(self) -> str | None:
        best = self._places.get()
        return best if len(self._places.counts) < 2 else finest([claim.place for claim in self.said], best)

    def _figure(self) -> CasualtyUpdate:
        """The facts whose figure is the one."""
        held = self._standing
        if not held:
            return self.said[-1].fact
        if self.said[-1].harm in SHRINKING:
            camp = _camp(held.in_order())
            return next((claim for claim in reversed(camp) if claim.count is not None), camp[-1]).fact
        if self._partial and all(is_partial(claim.party) for claim in held):
            return max(_camp(held.in_order()), key=_height).fact
        if self._top is None:
            self._top = max(held, key=_height)
        return self._top.fact

    def _range(self, figure: CasualtyUpdate) -> tuple[int | None, int | None]:
        if len({party for party, *_ in self._partial}) < 2:
            return figure.low, figure.high
        partial = {_camp_of(claim): claim for claim in self._standing if is_partial(claim.party)}.values()
        if not any(_contradicts(a, b) for a in partial for b in partial):
            return figure.low, figure.high
        said = [claim.figure for claim in self._standing if claim.figure is not None]
        return min(said), max(said)


_rank: Callable[[Toll], Rank] = attrgetter("rank")


def _height(claim: Toll) -> tuple[bool, int, Rank]:
    """Of equally high figures the last one is the highest."""
    return not claim.is_vague, claim.figure or 0, claim.rank


#: what decides whom a claim contradicts: the party that it speaks for, and its figure
_Camp = tuple[str | None, int | None, int | None, int | None, str | None]


def _camp_of(claim: Toll) -> _Camp:
    fact = claim.fact
    return claim.party, fact.count, fact.low, fact.high, fact.qualifier


def _camp(held: Sequence[Toll]) -> Sequence[Toll]:
    """All claims, or those of the larger side where sides contradict each other; of equal ones, the one heard first."""
    if not all(is_partial(claim.party) for claim in held):
        return held  # it contradicts nobody, and so has all on its side
    sizes = Counter(map(_camp_of, held))
    first: dict[_Camp, Toll] = {}
    for claim in held:
        first.setdefault(_camp_of(claim), claim)
    foes = {
        camp: {other for other, theirs in first.items() if _contradicts(claim, theirs)} for camp, claim in first.items()
    }
    best = min(first, key=lambda camp: sum(sizes[foe] for foe in foes[camp]))
    return [claim for claim in held if _camp_of(claim) not in foes[best]]


def _contradicts(a: Toll, b: Toll) -> bool:
    return opposed(a.party, b.party) and not agreeing(a.fact, b.fact)


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(heard: Heard, claim: Toll, was: CasualtyUpdate, becomes: CasualtyUpdate) -> Move | None:
    """What a claim moves: opposed, taken back, risen, become known; else nothing."""
    mine = claim.fact
    if heard.is_disputed:
        return Move(type=ChangeType.DISPUTED, reason="opposed source", fields=_beside(was, becomes, mine))
    if recounted := mine.harm in SHRINKING and becomes.count == mine.count and _recounted(was, becomes):
        return recounted
    if taken := heard.taken_back:
        fields = differing(was, becomes, _FIGURE) or {"count": (taken.count, mine.count)}
        return Move(type=ChangeType.REVISED, reason="source takes its figure back", fields=fields)
    if was.count is None and becomes.count is not None:
        return Move(type=ChangeType.UPDATED, reason="figure becomes known", fields=differing(was, becomes, _FIGURE))
    if rises(was, becomes) or (mine.count is not None and becomes.high != was.high and becomes.high == mine.count):
        return Move(type=ChangeType.UPDATED, reason="toll rises", fields=differing(was, becomes, _FIGURE))
    known = {slot: pair for slot, pair in differing(was, becomes, ("place", "date")).items() if pair[0] is None}
    if becomes.date is not None and goes_without_saying(becomes.date, heard.days):
        known.pop("date", None)
    if known:
        return Move(type=ChangeType.UPDATED, reason=f"{' and '.join(known)} become known", fields=known)
    return None


def _recounted(was: CasualtyUpdate, becomes: CasualtyUpdate) -> Move | None:
    """A new count of those of whom there will be fewer: told either way, unless it is the old one rounded."""
    if was.count is None or becomes.count is None or same_figure(was.count, becomes.count):
        return None
    reason = "fewer than before" if becomes.count < was.count else "toll rises"
    return Move(type=ChangeType.UPDATED, reason=reason, fields=differing(was, becomes, _FIGURE))


def _is_unheard(claim: Toll, before: Iterable[Toll]) -> bool:
    """Whether no side has said this figure yet."""
    count = claim.count
    return not any(
        other.party == claim.party
        or (count is not None and other.count is not None and same_figure(count, other.count))
        for other in before
    )


def _beside(was: CasualtyUpdate, becomes: CasualtyUpdate, mine: CasualtyUpdate) -> dict[str, tuple[object, object]]:
    return {"count": (was.count, mine.count)} | differing(was, becomes, ("low", "high"))


def _is_lower(a: Toll, b: Toll) -> bool:
    """Whether a figure is lower than another, not merely rounded."""
    return a.count is not None and b.count is not None and a.count < b.count and not same_figure(a.count, b.count)
