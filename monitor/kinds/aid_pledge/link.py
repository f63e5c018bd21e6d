"""Which aid claims tell of one pledge, and what a new one changes.

A pledge is known by who gives whom how much, within about a month; what was weighed, promised, approved and delivered
is one pledge that moves up its ladder. Two announcements of the same sum on different days are two tranches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import cast

from monitor.kinds.aid_pledge import standing
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.aid_pledge.said import Pledge, dollars
from monitor.kinds.ground import Sort, actor
from monitor.kinds.likeness import words_of
from monitor.kinds.linking import (
    MOST_AROUND,
    Scales,
    Weighed,
    agree,
    copied,
    met,
    nearest,
    refused,
    same_item,
    size_keys,
    surroundings,
    time_keys,
    told_on,
)
from monitor.model import Agreement, Claim, Event, Item

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT

said = Pledge
tally = standing.Tally
moves = standing.moves

#: days within which one sum is one pledge; longer for what stays withheld
_WINDOW, _WITHHELD = 30, 120
#: dollars from which on a sum is a law of its own: no giver passes a second of the same size within the months it takes
_LAW, _LAWMAKING = 10_000_000_000, 120
#: days within which a mention without a sum is taken for a pledge that is known
_SUMLESS = 14
#: how far a sum may be off and be the same: rounded, in another currency, or not yet settled
_ROUNDED, _EXCHANGED, _UNSETTLED = 0.025, 0.08, 0.12
#: days after which "another" is said of a new pledge, not of the one that is being told
_TRANCHE = 4
#: days by which one step of one pledge may be dated apart: said on Friday and on Monday; a bill in two chambers
_ONE_WEEKEND, _ONE_BILL = 4, 10
#: digits of a sum, without its zeros, from which on two pledges hardly share it by chance
_ODD = 3
_DONORS = {SAME: 2.0, COMPATIBLE: 1.0}
_RECIPIENT = {SAME: 1.5, SILENT: -0.5}
#: points for the same days, and for a copy of one text
_SAME_DAYS, _COPY = 0.5, 1.5
_NEEDED = 4.0

_Actor = tuple[str, Sort]


def facts(claim: Claim) -> AidPledge:
    """The claim's facts."""
    return cast("AidPledge", claim.event.facts)


# --- blocking --------------------------------------------------------------------------------------------------------


def keys(claim: Claim) -> frozenset[str]:
    """Blocking keys: the pair and the sum; the sum and one of the pair; the pair alone for a short while."""
    fact = facts(claim)
    days = {told_on(claim), fact.date or told_on(claim)}
    donors, recipient = [actor(donor)[0] for donor in fact.donors], fact.recipient and actor(fact.recipient)[0]
    pairs = set(product(donors, [recipient])) if recipient else set()
    short = {f"pair {d} {r} {time}" for d, r in pairs for time in time_keys(days, _SUMLESS)}
    sum_ = dollars(fact, fact.date or told_on(claim))
    if sum_ is None:
        return frozenset(short | {f"by {d} {time}" for d in donors for time in time_keys(days, _SUMLESS) if not pairs})
    sizes = size_keys(sum_, 1.25)
    deals = {f"deal {d} {r} {s} {t}" for d, r in pairs for s in sizes for t in time_keys(days, _WITHHELD)}
    times = time_keys(days, _WINDOW)
    sides = {f"to {recipient}"} if recipient else set()
    sides |= {f"by {donor}" for donor in donors}
    if sum_ >= _LAW:
        deals |= {f"law {d} {s} {t}" for d in donors for s in sizes for t in time_keys(days, _LAWMAKING)}
    return frozenset(short | deals | {f"{side} {size} {time}" for side in sides for size in sizes for time in times})


seeks = keys


def beside(event: Event, item: Item, others: Sequence[Event]) -> str:
    """Nothing: one item tells of pledges that have nothing to do with each other."""
    return ""


def prominence(claim: Claim) -> float:
    """A sum before the goods that it buys, which headlines name alone."""
    return 0.0 if facts(claim).amount is None else 1.0


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Pledge, members: Sequence[Pledge]) -> Weighed:
    """How well a claim fits to a known pledge."""
    scales = Scales(needed=_NEEDED)
    donors = agree(claim.donors, [member.donors for member in members], _actors)
    if scales.slot("donors", donors, _DONORS) is CONFLICTING:
        return refused(scales.slots, "other donors")
    whom = met(claim.recipient, [member.recipient for member in members])
    if scales.slot("recipient", whom, _RECIPIENT) is CONFLICTING:
        return refused(scales.slots, "other recipient")
    telling = 4.0 if len(str(claim.fact.amount).rstrip("0")) >= _ODD else 3.0
    amount = scales.slot("amount", _amounts(claim, members), {SAME: telling, COMPATIBLE: 1.5})
    if amount is CONFLICTING:
        return refused(scales.slots, "other sum")
    if amount is SILENT:
        _weigh_sumless(scales, claim.fact, [member.fact for member in members])
    types = agree(claim.types, [member.types for member in members], _overlap)
    scales.slot("aid_types", types, {SAME: 0.5, CONFLICTING: -1.0})
    off = _days_off(claim, members)
    day = SILENT if off is None else SAME if off <= 1 else COMPATIBLE if off <= _ONE_WEEKEND else CONFLICTING
    law = amount is SAME and (claim.dollars or 0) >= _LAW
    against = -1.0 if law else -2.5 if (off or 0) <= _ONE_BILL else -4.0
    scales.slot("date", day, {SAME: 1.0, CONFLICTING: against})
    nobody = -2.0 if donors is SILENT and whom is SILENT else 0.0
    apart = -4.0 if day is not SAME and same_item(claim, members) else 0.0
    if scales.can_reach(nobody + apart + _SAME_DAYS + _COPY + MOST_AROUND):
        _weigh_time(scales, claim, members, window=_LAWMAKING if law else _WINDOW if amount is SAME else _SUMLESS * 2)
    scales.put(nobody, "neither donor nor recipient")
    scales.put(apart, "told apart in one item")
    return scales.read()


def _actors(mine: frozenset[_Actor], theirs: frozenset[_Actor]) -> Agreement:
    return SAME if mine == theirs else CONFLICTING if mine.isdisjoint(theirs) else COMPATIBLE


def _overlap(mine: frozenset[str], theirs: frozenset[str]) -> Agreement:
    return CONFLICTING if mine.isdisjoint(theirs) else SAME


def _amounts(claim: Pledge, members: Sequence[Pledge]) -> Agreement:
    mine = claim.dollars
    if mine is None:
        return SILENT
    found = SILENT
    for member in members:
        if (sum_ := member.dollars) is not None and (verdict := _amount(claim, member, mine, sum_)) is not found:
            if verdict is SAME:
                return SAME
            if found is not COMPATIBLE:
                found = verdict
    return found


def _amount(claim: Pledge, member: Pledge, mine: int, theirs: int) -> Agreement:
    a, b = claim.fact, member.fact
    off = abs(mine - theirs) / max(mine, theirs, 1)
    if off <= (_ROUNDED if a.currency == b.currency else _EXCHANGED):
        return SAME
    if a.low or b.low:
        inside = any(x.low and x.high and x.low <= (y.amount or 0) <= x.high for x, y in ((a, b), (b, a)))
        vague = any(
            x.amount is None and x.low and not x.high and x.low <= (y.amount or 0) <= x.low * 10
            for x, y in ((a, b), (b, a))
        )
        if inside or vague:
            return COMPATIBLE
    settled = a.status != b.status and "considered" in (a.status, b.status)
    hedged = {a.qualifier, b.qualifier} & {"about", "nearly", "at_least", "up_to"} or a.currency != b.currency
    near = off <= (_UNSETTLED if settled or hedged else _ROUNDED)
    return COMPATIBLE if near else CONFLICTING


def _weigh_sumless(scales: Scales, mine: AidPledge, theirs: Sequence[AidPledge]) -> None:
    """A claim without a sum, or a pledge without one: its goods tell it, or that nothing speaks against it."""
    goods = agree(mine.goods, (f.goods for f in theirs), _goods)
    scales.slot("goods", goods, {SAME: 3.0, CONFLICTING: -3.0})
    if goods is SILENT:
        one_sided = mine.goods is not None or all(f.goods is not None for f in theirs)
        scales.put(-1.0 if one_sided else 0.5, "no sum to compare")


def _goods(a: str, b: str) -> Agreement:
    mine, theirs = words_of(a), words_of(b)
    return SAME if 2 * len(mine & theirs) >= min(len(mine), len(theirs)) > 0 else CONFLICTING


def _days_off(claim: Pledge, members: Iterable[Pledge]) -> int | None:
    """Days between two tellings of one step of a pledge; different steps have different days."""
    day, status = claim.date, claim.status
    if day is None:
        return None
    return min([abs(day - m.date) for m in members if m.date is not None and m.status == status], default=None)


def _weigh_time(scales: Scales, claim: Pledge, members: Sequence[Pledge], *, window: int) -> None:
    days = nearest(claim, members)
    withheld = claim.status == "withheld" and any(m.status == "withheld" for m in members)
    if days > (_WITHHELD if withheld else window):
        scales.put(-5.0, "too far apart")
    elif days <= 3:
        scales.put(_SAME_DAYS, "same days")
    if days >= _TRANCHE and claim.is_one_more and not any(m.is_one_more for m in members):
        scales.put(-4.0, "text marks a further tranche")
    if copied(claim, members):
        scales.put(_COPY, "copy of one text")
    scales.put(surroundings(claim, members), "names in common")
