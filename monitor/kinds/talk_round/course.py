"""The present view of a round of talks, and what a new claim moves in it."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from monitor.kinds.linking import Last, Most, Move, differing, finest, goes_without_saying
from monitor.kinds.talk_round.facts import LADDER, TalkRound
from monitor.kinds.talk_round.said import Round
from monitor.model import ChangeType


def _rung(status: str | None) -> int:
    return LADDER.index(status) if status in LADDER else -1


class _Step:
    """Claims of one status."""

    __slots__ = ("attribution", "dates", "day")

    def __init__(self) -> None:
        #: the days; the day, and whom they credit, that were said last
        self.dates: Most[dt.date] = Most()
        self.day: Last[dt.date] = Last()
        self.attribution: Last[str] = Last()


class Heard(NamedTuple):
    """What the other claims of a meeting say to one."""

    #: days on which it was told, as numbers, as long as its own is not known
    days: frozenset[int]


class Tally:
    """The present view: the furthest status (called off, until it is on again), its day, and what most say else."""

    __slots__ = (
        *("_days", "_last_day", "_mediators", "_modes", "_outcome", "_parties", "_places", "_rounds"),
        *("_said", "_steps"),
    )

    def __init__(self) -> None:
        #: in canonical order
        self._said: list[Round] = []
        self._steps: dict[str | None, _Step] = {}
        self._parties: Most[tuple[str, ...]] = Most()
        self._rounds: Most[int] = Most()
        self._modes: Most[str] = Most()
        self._places: Most[str] = Most()
        self._mediators: set[str] = set()
        self._last_day: Last[dt.date] = Last()
        self._outcome: Last[str] = Last()
        #: days on which it was told, as numbers
        self._days: set[int] = set()

    def add(self, claim: Round) -> None:
        """Adds what one more claim says."""
        fact, rank = claim.fact, claim.rank
        insort(self._said, claim, key=attrgetter("rank"))
        self._parties.add(fact.parties, rank)
        self._rounds.add(fact.round, rank)
        self._modes.add(fact.mode, rank)
        self._places.add(fact.place or None, rank)
        self._mediators.update(fact.mediators)
        if fact.status not in self._steps:
            self._steps[fact.status] = _Step()
        step = self._steps[fact.status]
        step.dates.add(fact.date, rank)
        step.day.add(fact.date, rank)
        step.attribution.add(fact.attribution, rank)
        self._last_day.add(fact.date, rank)
        self._outcome.add(fact.outcome, rank)
        self._days.add(claim.day)

    def view(self) -> TalkRound:
        """The view."""
        status = _status(claim.fact for claim in self._said)
        step = self._steps.get(status) or _Step()
        return TalkRound(
            parties=self._parties.get() or (),
            mediators=tuple(sorted(self._mediators)),
            round=self._rounds.get(),
            # the day that most say, but of a plan the one that was said last
            date=(step.day.value if status in ("proposed", "planned") else step.dates.get()) or self._last_day.value,
            place=self._place(),
            mode=self._modes.get(),
            status=status,
            outcome=self._outcome.value,
            attribution=step.attribution.value,
        )

    def _place(self) -> str | None:
        best = self._places.get()
        return best if len(self._places.counts) < 2 else finest([claim.place for claim in self._said], best)

    def heard(self, claim: Round) -> Heard:
        """What these claims say to one that is to be added."""
        return Heard(frozenset(self._days) if self._last_day.value is None else frozenset())


def _status(every: Iterable[TalkRound]) -> str | None:
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


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(heard: Heard, claim: Round, was: TalkRound, becomes: TalkRound) -> Move | None:
    """What a claim moves: the status, the day, what was not known, the outcome; else nothing."""
    fields = differing(was, becomes, ("status", "date", "place", "outcome"))
    if "status" in fields:
        return Move(type=ChangeType.UPDATED, reason=_step(was, becomes), fields=fields)
    if was.date and becomes.date == claim.fact.date and becomes.date and abs((becomes.date - was.date).days) > 1:
        return Move(type=ChangeType.UPDATED, reason="moved to another day", fields=fields)
    known = {slot: pair for slot, pair in fields.items() if pair[0] is None}
    if becomes.date is not None and goes_without_saying(becomes.date, heard.days):
        known.pop("date", None)
    if not known:
        return None
    reason = "outcome is reported" if "outcome" in known else f"{' and '.join(known)} become known"
    return Move(type=ChangeType.UPDATED, reason=reason, fields=known)


def _step(was: TalkRound, becomes: TalkRound) -> str:
    if becomes.status == "cancelled":
        return "called off"
    return "back on" if was.status == "cancelled" else "status moves up"
