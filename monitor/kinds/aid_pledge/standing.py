"""The present view of a pledge, and what a new claim moves in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from monitor.kinds.aid_pledge.facts import LADDER, AidPledge
from monitor.kinds.linking import Move, differing, most_said, order
from monitor.kinds.rates import convert
from monitor.kinds.voices import independent, same_voice
from monitor.model import ChangeType, Claim

#: a sum this much higher or lower is another sum
_MOVED = 0.025


def _facts(claim: Claim) -> AidPledge:
    return cast("AidPledge", claim.event.facts)


def _rung(status: str | None) -> int:
    return LADDER.index(status) if status in LADDER else -1


def summary(claims: Sequence[Claim]) -> AidPledge:
    """The present view: the furthest status, the sum of those who report it, and what most say of the rest."""
    every = [_facts(claim) for claim in claims]
    status = _status(every)
    furthest = [claim for claim in claims if _facts(claim).status == status] or list(claims)
    money = _facts(_money(furthest) or _money(claims) or claims[-1])
    donors = [f.donors for f in every]
    return AidPledge(
        donors=most_said(donors) or (),
        recipient=most_said(f.recipient for f in every),
        amount=money.amount,
        low=money.low,
        high=money.high,
        currency=money.currency,
        qualifier=money.qualifier,
        aid_types=tuple(sorted({kind for f in every for kind in f.aid_types})),
        goods=most_said(f.goods for f in every),
        status=status,
        date=most_said(_facts(c).date for c in furthest),
        attribution=_facts(furthest[-1]).attribution,
    )


def _status(every: Sequence[AidPledge]) -> str | None:
    """The furthest status; "withheld" from when it is said until something further than before is."""
    status, height = None, -1
    for fact in every:
        rung = _rung(fact.status)
        if fact.status == "withheld" or rung > height:
            status = fact.status
        height = max(height, rung)
    return status


def _money(claims: Sequence[Claim]) -> Claim | None:
    """The claim whose sum most outlets give; of equally many the one told last."""
    sums = [claim for claim in claims if _facts(claim).amount is not None] or [
        claim for claim in claims if _facts(claim).low is not None or _facts(claim).high is not None
    ]
    behind = {id(c): independent([o for o in sums if _sum(o) == _sum(c)]) for c in sums}
    return max(sums, key=lambda claim: (behind[id(claim)], order(claim)), default=None)


def _sum(claim: Claim) -> tuple[int | None, int | None, int | None, str | None]:
    fact = _facts(claim)
    return fact.amount, fact.low, fact.high, fact.currency


def _in_dollars(fact: AidPledge) -> int | None:
    if fact.amount is None or fact.currency is None:
        return fact.amount
    return convert(fact.amount, fact.currency, "USD", fact.date) or fact.amount


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(before: Sequence[Claim], claim: Claim, was: AidPledge, becomes: AidPledge) -> Move | None:
    """What a claim moves: the status, the sum, what was not known; else nothing."""
    if was.status != becomes.status and becomes.status == _facts(claim).status:
        reason = "withheld" if becomes.status == "withheld" else "status moves up"
        if was.status is None:
            reason = "status becomes known"
        fields = differing(was, becomes, ("status", "amount", "currency", "date"))
        return Move(type=ChangeType.UPDATED, reason=reason, fields=fields)
    return _money_moves(before, claim, was, becomes) or _becomes_known(was, becomes)


def _money_moves(before: Sequence[Claim], claim: Claim, was: AidPledge, becomes: AidPledge) -> Move | None:
    old, new = _in_dollars(was), _in_dollars(becomes)
    if new is None or new == old:
        return None
    fields = differing(was, becomes, ("amount", "low", "high", "currency", "qualifier"))
    if old is None:
        return Move(type=ChangeType.UPDATED, reason="sum becomes known", fields=fields)
    if was.currency == becomes.currency and abs(new - old) > _MOVED * max(new, old):
        back = new < old and any(same_voice(claim, other) for other in before)
        if back:
            return Move(type=ChangeType.REVISED, reason="source takes its figure back", fields=fields)
        return Move(type=ChangeType.UPDATED, reason="sum rises" if new > old else "sum falls", fields=fields)
    return None


def _becomes_known(was: AidPledge, becomes: AidPledge) -> Move | None:
    known = {s: pair for s, pair in differing(was, becomes, ("donors", "recipient")).items() if not pair[0]}
    if not known:
        return None
    return Move(type=ChangeType.UPDATED, reason=f"{' and '.join(known)} become known", fields=known)
