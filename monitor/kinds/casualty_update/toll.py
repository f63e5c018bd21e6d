"""The present view of a toll, and what a new claim moves in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import agreeing, rises, same_figure, stated
from monitor.kinds.linking import Move, differing, finest, goes_without_saying, most_said, order
from monitor.kinds.voices import NEUTRAL, Voices, opposed, party, same_voice
from monitor.model import ChangeType, Claim

_FIGURE = ("count", "low", "high", "qualifier")
#: harms whose figure falls by itself: the missing are found, alive or dead, and the last figure is the one that counts
SHRINKING = frozenset(("missing",))


_facts: Callable[[Claim], CasualtyUpdate] = attrgetter("event.facts")


def summary(claims: Sequence[Claim]) -> CasualtyUpdate:
    """The present view: what most claims say of the incident, and the highest figure that its source stands by.

    Where opposed sides contradict each other, ``count`` is the figure of the side that more claims take, and ``low``
    and ``high`` are the ends of what is said.
    """
    every = [_facts(claim) for claim in claims]
    held = standing(claims)
    figure = _facts(_best(claims, held))
    low, high = _range(held, figure)
    harms = [f.harm for f in every]
    return CasualtyUpdate(
        harm="killed" if "killed" in harms else most_said(harms),
        count=figure.count,
        low=low,
        high=high,
        qualifier=figure.qualifier,
        victims=_whose(every, figure),
        side=most_said(f.side for f in every),
        place=finest(f.place for f in every),
        date=most_said(f.date for f in every),
        scope=most_said(f.scope for f in every),
        attribution=figure.attribution,
    )


def _whose(every: Iterable[CasualtyUpdate], figure: CasualtyUpdate) -> str | None:
    said = {f.victims for f in every if f.victims}
    return said.pop() if len(said) == 1 else figure.victims


def standing(claims: Sequence[Claim]) -> list[Claim]:
    """The claims whose figure their source has not replaced: the last of each voice that has a figure."""
    kept: list[Claim] = []
    voices = Voices()
    for claim in reversed(claims):
        if stated(_facts(claim)) is None:
            continue
        later = (other for other in voices.same_as(claim) if other.item != claim.item)
        if not any(_replaces(other, claim) for other in later):
            kept.append(claim)
            voices.add(claim)
    return kept[::-1]


def _replaces(later: Claim, earlier: Claim) -> bool:
    """Whether a source's later figure takes the place of its earlier one: "at least 50" does not take back 59."""
    new, old = _facts(later), _facts(earlier)
    if new.count is None or old.count is None:
        return new.count is not None or old.count is None
    return new.count > old.count or not agreeing(new, old) or same_figure(new.count, old.count)


def _best(claims: Sequence[Claim], held: Sequence[Claim]) -> Claim:
    if not held:
        return claims[-1]
    camp = _camp(held)
    if _facts(claims[-1]).harm in SHRINKING:
        return next((claim for claim in reversed(camp) if _facts(claim).count is not None), camp[-1])
    top = max(_rank(claim) for claim in camp)
    return next(claim for claim in reversed(camp) if _rank(claim) == top)


def _rank(claim: Claim) -> tuple[bool, int]:
    figure = _facts(claim)
    return figure.count is not None, stated(figure) or 0


def _camp(held: Sequence[Claim]) -> list[Claim]:
    """All claims, or those of the larger side where sides contradict each other; of equal ones, the one heard first."""
    if all(party(claim) in (None, *NEUTRAL) for claim in held):
        return list(held)
    best: list[Claim] = []
    for claim in held:
        camp = [other for other in held if not _contradicts(claim, other)]
        if len(camp) > len(best):
            best = camp
    return best


def _contradicts(a: Claim, b: Claim) -> bool:
    return opposed(a, b) and not agreeing(_facts(a), _facts(b))


def _range(held: Sequence[Claim], figure: CasualtyUpdate) -> tuple[int | None, int | None]:
    partial = [claim for claim in held if party(claim) not in (None, *NEUTRAL)]
    if not any(_contradicts(a, b) for a in partial for b in partial):
        return figure.low, figure.high
    said = [number for claim in held if (number := stated(_facts(claim))) is not None]
    return min(said), max(said)


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(before: Sequence[Claim], claim: Claim, was: CasualtyUpdate, becomes: CasualtyUpdate) -> Move | None:
    """What a claim moves: opposed, taken back, risen, become known; else nothing."""
    mine = _facts(claim)
    if any(_contradicts(claim, other) for other in before) and _is_unheard(claim, before):
        return Move(type=ChangeType.DISPUTED, reason="opposed source", fields=_beside(was, becomes, mine))
    if recounted := mine.harm in SHRINKING and becomes.count == mine.count and _recounted(was, becomes):
        return recounted
    if mine.harm not in SHRINKING and (taken := _takes_back(before, claim)):
        fields = differing(was, becomes, _FIGURE) or {"count": (taken.count, mine.count)}
        return Move(type=ChangeType.REVISED, reason="source takes its figure back", fields=fields)
    if was.count is None and becomes.count is not None:
        return Move(type=ChangeType.UPDATED, reason="figure becomes known", fields=differing(was, becomes, _FIGURE))
    if rises(was, becomes) or (mine.count is not None and becomes.high != was.high and becomes.high == mine.count):
        return Move(type=ChangeType.UPDATED, reason="toll rises", fields=differing(was, becomes, _FIGURE))
    known = {slot: pair for slot, pair in differing(was, becomes, ("place", "date")).items() if pair[0] is None}
    if becomes.date is not None and goes_without_saying(becomes.date, before):
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


def _is_unheard(claim: Claim, before: Iterable[Claim]) -> bool:
    """Whether no side has said this figure yet."""
    mine, side = _facts(claim), party(claim)
    return not any(
        party(other) == side
        or (mine.count is not None and (count := _facts(other).count) is not None and same_figure(mine.count, count))
        for other in before
    )


def _beside(was: CasualtyUpdate, becomes: CasualtyUpdate, mine: CasualtyUpdate) -> dict[str, tuple[object, object]]:
    return {"count": (was.count, mine.count)} | differing(was, becomes, ("low", "high"))


def _takes_back(before: Sequence[Claim], claim: Claim) -> CasualtyUpdate | None:
    """The figure that the claim's own source stood by and now gives up for a lower one."""
    mine = _facts(claim)
    if not any(_is_lower(mine, _facts(other)) for other in before):
        return None
    earlier = [other for other in standing(before) if _is_lower(mine, _facts(other)) and other.item != claim.item]
    for other in earlier:
        if same_voice(claim, other) and not agreeing(mine, _facts(other)) and order(claim) > order(other):
            return _facts(other)
    return None


def _is_lower(a: CasualtyUpdate, b: CasualtyUpdate) -> bool:
    """Whether a figure is lower than another, not merely rounded."""
    return a.count is not None and b.count is not None and a.count < b.count and not same_figure(a.count, b.count)
