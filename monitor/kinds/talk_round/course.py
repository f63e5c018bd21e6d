"""The present view of a round of talks, and what a new claim moves in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

from monitor.kinds.linking import Move, differing, finest, goes_without_saying, most_said
from monitor.kinds.talk_round.facts import LADDER, TalkRound
from monitor.model import ChangeType, Claim

T = TypeVar("T")


def _facts(claim: Claim) -> TalkRound:
    return cast("TalkRound", claim.event.facts)


def _rung(status: str | None) -> int:
    return LADDER.index(status) if status in LADDER else -1


def summary(claims: Sequence[Claim]) -> TalkRound:
    """The present view: the furthest status (called off, until it is on again), its day, and what most say else."""
    every = [_facts(claim) for claim in claims]
    status = _status(every)
    furthest = [f for f in every if f.status == status]
    mediators = sorted({m for f in every for m in f.mediators})
    return TalkRound(
        parties=most_said(f.parties for f in every) or (),
        mediators=tuple(mediators),
        round=most_said(f.round for f in every),
        date=_day(status, furthest) or _last(f.date for f in every),
        place=finest(f.place for f in every),
        mode=most_said(f.mode for f in every),
        status=status,
        outcome=_last(f.outcome for f in every),
        attribution=_last(f.attribution for f in furthest),
    )


def _status(every: Sequence[TalkRound]) -> str | None:
    """The furthest status. A meeting called off is on again once another day is named, or it takes place; called off
    for a day when a later one has been named already, it is still on."""
    status, height, off = None, -1, None
    named: dt.date | None = None
    for fact in every:
        rung = _rung(fact.status)
        if fact.status == "planned" and fact.date is not None:
            named = max(named or fact.date, fact.date)
        if fact.status == "cancelled":
            if named is not None and fact.date is not None and fact.date < named:
                continue
            status, off = "cancelled", fact
        elif off is not None:
            again = fact.date is not None and off.date is not None and fact.date > off.date
            if again or rung > max(height, _rung("planned")):
                status, off, height = fact.status, None, rung
        elif rung > height:
            status = fact.status
        height = max(height, rung)
    return status


def _day(status: str | None, furthest: Sequence[TalkRound]) -> dt.date | None:
    """The day of a meeting: the one that most say, but of a plan the one that was said last."""
    days = [f.date for f in furthest]
    return _last(days) if status in ("proposed", "planned") else most_said(days)


def _last(values: Iterable[T | None]) -> T | None:
    said = [value for value in values if value is not None]
    return said[-1] if said else None


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(before: Sequence[Claim], claim: Claim, was: TalkRound, becomes: TalkRound) -> Move | None:
    """What a claim moves: the status, the day, what was not known, the outcome; else nothing."""
    fields = differing(was, becomes, ("status", "date", "place", "outcome"))
    if "status" in fields:
        return Move(type=ChangeType.UPDATED, reason=_step(was, becomes), fields=fields)
    if was.date and becomes.date == _facts(claim).date and becomes.date and abs((becomes.date - was.date).days) > 1:
        return Move(type=ChangeType.UPDATED, reason="moved to another day", fields=fields)
    known = {slot: pair for slot, pair in fields.items() if pair[0] is None}
    if becomes.date is not None and goes_without_saying(becomes.date, before):
        known.pop("date", None)
    if not known:
        return None
    reason = "outcome is reported" if "outcome" in known else f"{' and '.join(known)} become known"
    return Move(type=ChangeType.UPDATED, reason=reason, fields=known)


def _step(was: TalkRound, becomes: TalkRound) -> str:
    if becomes.status == "cancelled":
        return "called off"
    return "back on" if was.status == "cancelled" else "status moves up"
