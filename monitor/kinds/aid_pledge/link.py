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
from monitor.kinds.ground import actor, says_one_more
from monitor.kinds.likeness import words_of
from monitor.kinds.linking import (
    Scales,
    Weighed,
    agree,
    copied,
    nearest,
    refused,
    same_item,
    size_keys,
    surroundings,
    time_keys,
    told_on,
)
from monitor.kinds.rates import convert
from monitor.model import Agreement, Claim, Event, Item

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT

summary = standing.summary
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
_NEEDED = 4.0


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
    sum_ = dollars(claim)
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


def dollars(claim: Claim) -> int | None:
    """The sum in dollars of its day, for comparing across currencies; as it stands where the currency is unknown."""
    fact = facts(claim)
    sum_ = fact.amount if fact.amount is not None else fact.low if fact.low is not None else fact.high
    if sum_ is None or fact.currency is None:
        return sum_
    return convert(sum_, fact.currency, "USD", fact.date or told_on(claim)) or sum_


def beside(event: Event, item: Item, others: Sequence[Event]) -> str:
    """Nothing: one item tells of pledges that have nothing to do with each other."""
    return ""


def prominence(claim: Claim) -> float:
    """A sum before the goods that it buys, which headlines name alone."""
    return 0.0 if facts(claim).amount is None else 1.0


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Claim, members: Sequence[Claim]) -> Weighed:
    """How well a claim fits to a known pledge."""
    mine, theirs = facts(claim), [facts(member) for member in members]
    scales = Scales(needed=_NEEDED)
    donors = scales.slot(
        "donors", agree(mine.donors, (f.donors for f in theirs), _actors), {SAME: 2.0, COMPATIBLE: 1.0}
    )
    if donors is CONFLICTING:
        return refused(scales.slots, "other donors")
    whom = agree(mine.recipient, (f.recipient for f in theirs), _actor)
    if scales.slot("recipient", whom, {SAME: 1.5, SILENT: -0.5}) is CONFLICTING:
        return refused(scales.slots, "other recipient")
    telling = 4.0 if len(str(mine.amount).rstrip("0")) >= _ODD else 3.0
    amount = scales.slot("amount", _amounts(claim, members), {SAME: telling, COMPATIBLE: 1.5})
    if amount is CONFLICTING:
        return refused(scales.slots, "other sum")
    if amount is SILENT:
        _weigh_sumless(scales, mine, theirs)
    types = agree(mine.aid_types, (f.aid_types for f in theirs), _overlap)
    scales.slot("aid_types", types, {SAME: 0.5, CONFLICTING: -1.0})
    off = _days_off(claim, members)
    day = SILENT if off is None else SAME if off <= 1 else COMPATIBLE if off <= _ONE_WEEKEND else CONFLICTING
    law = amount is SAME and (dollars(claim) or 0) >= _LAW
    against = -1.0 if law else -2.5 if (off or 0) <= _ONE_BILL else -4.0
    scales.slot("date", day, {SAME: 1.0, CONFLICTING: against})
    _weigh_time(scales, claim, members, window=_LAWMAKING if law else _WINDOW if amount is SAME else _SUMLESS * 2)
    if donors is SILENT and whom is SILENT:
        scales.put(-2.0, "neither donor nor recipient")
    if same_item(claim, members) and scales.slots["date"] is not SAME:
        scales.put(-4.0, "told apart in one item")
    return scales.read()


def _actors(a: tuple[str, ...], b: tuple[str, ...]) -> Agreement:
    mine, theirs = {actor(name) for name in a}, {actor(name) for name in b}
    return SAME if mine == theirs else COMPATIBLE if mine & theirs else CONFLICTING


def _actor(a: str, b: str) -> Agreement:
    return SAME if actor(a) == actor(b) else CONFLICTING


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> Agreement:
    return SAME if set(a) & set(b) else CONFLICTING


def _amounts(claim: Claim, members: Sequence[Claim]) -> Agreement:
    mine = dollars(claim)
    if mine is None:
        return SILENT
    found = {_amount(claim, member, mine, sum_) for member in members if (sum_ := dollars(member)) is not None}
    return next((best for best in (SAME, COMPATIBLE, CONFLICTING) if best in found), SILENT)


def _amount(claim: Claim, member: Claim, mine: int, theirs: int) -> Agreement:
    a, b = facts(claim), facts(member)
    off = abs(mine - theirs) / max(mine, theirs, 1)
    if off <= (_ROUNDED if a.currency == b.currency else _EXCHANGED):
        return SAME
    inside = any(x.low and x.high and x.low <= (y.amount or 0) <= x.high for x, y in ((a, b), (b, a)))
    vague = any(
        x.amount is None and x.low and not x.high and x.low <= (y.amount or 0) <= x.low * 10
        for x, y in ((a, b), (b, a))
    )
    settled = a.status != b.status and "considered" in (a.status, b.status)
    hedged = {a.qualifier, b.qualifier} & {"about", "nearly", "at_least", "up_to"} or a.currency != b.currency
    near = off <= (_UNSETTLED if settled or hedged else _ROUNDED)
    return COMPATIBLE if inside or vague or near else CONFLICTING


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


def _days_off(claim: Claim, members: Iterable[Claim]) -> int | None:
    """Days between two tellings of one step of a pledge; different steps have different days."""
    mine = facts(claim)
    alike = [facts(m) for m in members if facts(m).status == mine.status]
    days = [f.date for f in alike if f.date]
    return min((abs((mine.date - day).days) for day in days), default=None) if mine.date else None


def _weigh_time(scales: Scales, claim: Claim, members: Sequence[Claim], *, window: int) -> None:
    days = nearest(claim, members)
    withheld = facts(claim).status == "withheld" and any(facts(m).status == "withheld" for m in members)
    if days > (_WITHHELD if withheld else window):
        scales.put(-5.0, "too far apart")
    elif days <= 3:
        scales.put(0.5, "same days")
    if days >= _TRANCHE and _is_one_more(claim) and not any(map(_is_one_more, members)):
        scales.put(-4.0, "text marks a further tranche")
    if copied(claim, members):
        scales.put(1.5, "copy of one text")
    scales.put(surroundings(claim, members), "names in common")


def _is_one_more(claim: Claim) -> bool:
    return says_one_more(claim.event.evidence.text)
