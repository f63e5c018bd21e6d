"""The present view of a pledge, and what a new claim moves in it."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from operator import itemgetter
from typing import NamedTuple

from monitor.kinds.aid_pledge.facts import LADDER, AidPledge
from monitor.kinds.aid_pledge.said import Pledge
from monitor.kinds.linking import Last, Most, Move, Rank, differing
from monitor.kinds.rates import convert
from monitor.kinds.voices import Outlets, one_voice
from monitor.model import ChangeType

#: a sum this much higher or lower is another sum
_MOVED = 0.025


def _rung(status: str | None) -> int:
    return LADDER.index(status) if status in LADDER else -1


_Sum = tuple[int | None, int | None, int | None, str | None]


class _Sayers:
    """The claims that give one sum."""

    __slots__ = ("_counted", "_outlets", "_said", "last")

    def __init__(self) -> None:
        self._said: list[Pledge] = []
        self.last: Last[Pledge] = Last()
        #: the outlets of so many of them: most pledges have one sum, and then nobody asks
        self._outlets: Outlets | None = None
        self._counted = 0

    def add(self, claim: Pledge) -> None:
        """Adds what one more claim says."""
        self._said.append(claim)
        self.last.add(claim, claim.rank)

    @property
    def weight(self) -> tuple[int, Rank]:
        """How many outlets stand behind the sum, and when it was told last."""
        self._outlets = self._outlets or Outlets()
        for claim in self._said[self._counted :]:
            self._outlets.add(claim.rank, claim.outlet, claim.signature)
        self._counted = len(self._said)
        assert self.last.value is not None
        return self._outlets.independent, self.last.value.rank


class _Money:
    """Sums by who gives them: of those that most outlets give the one told last."""

    __slots__ = ("_exact", "_vague")

    def __init__(self) -> None:
        self._exact: dict[_Sum, _Sayers] = {}
        self._vague: dict[_Sum, _Sayers] = {}

    def add(self, claim: Pledge) -> None:
        """Adds what one more claim says."""
        fact = claim.fact
        if fact.amount is None and fact.low is None and fact.high is None:
            return
        sums = self._vague if fact.amount is None else self._exact
        said = fact.amount, fact.low, fact.high, fact.currency
        if said not in sums:
            sums[said] = _Sayers()
        sums[said].add(claim)

    def get(self) -> Pledge | None:
        """The claim that says the sum, if there is one."""
        sums = list((self._exact or self._vague).values())
        if len(sums) < 2:
            return sums[0].last.value if sums else None
        return max(sums, key=lambda sayers: sayers.weight).last.value


class _Step:
    """Claims of one status."""

    __slots__ = ("dates", "last", "money")

    def __init__(self) -> None:
        self.money = _Money()
        self.dates: Most[dt.date] = Most()
        self.last: Last[Pledge] = Last()

    def add(self, claim: Pledge) -> None:
        """Adds what one more claim says."""
        self.money.add(claim)
        self.dates.add(claim.fact.date, claim.rank)
        self.last.add(claim, claim.rank)


class Heard(NamedTuple):
    """What the other claims of a pledge say to one."""

    #: whether one of them has its voice
    is_known_voice: bool


class Tally:
    """The present view: the furthest status, the sum of those who report it, and what most say of the rest."""

    __slots__ = ("_donors", "_every", "_goods", "_recipients", "_statuses", "_steps", "_types", "_voices")

    def __init__(self) -> None:
        self._steps: dict[str | None, _Step] = {}
        self._every = _Step()
        self._donors: Most[tuple[str, ...]] = Most()
        self._recipients: Most[str] = Most()
        self._goods: Most[str] = Most()
        self._types: set[str] = set()
        #: the status of each claim, in canonical order
        self._statuses: list[tuple[Rank, str | None]] = []
        #: whom they credit -> outlets
        self._voices: dict[str | None, set[str]] = {}

    def add(self, claim: Pledge) -> None:
        """Adds what one more claim says."""
        fact, rank = claim.fact, claim.rank
        if fact.status not in self._steps:
            self._steps[fact.status] = _Step()
        for step in (self._steps[fact.status], self._every):
            step.add(claim)
        self._donors.add(fact.donors, rank)
        self._recipients.add(fact.recipient, rank)
        self._goods.add(fact.goods, rank)
        self._types.update(fact.aid_types)
        insort(self._statuses, (rank, fact.status), key=itemgetter(0))
        self._voices.setdefault(claim.attribution or None, set()).add(claim.outlet)

    def view(self) -> AidPledge:
        """The view."""
        status = self._status()
        furthest = self._steps.get(status, self._every)
        said = furthest.money.get() or self._every.money.get() or self._every.last.value
        assert said is not None
        assert furthest.last.value is not None
        money = said.fact
        return AidPledge(
            donors=self._donors.get() or (),
            recipient=self._recipients.get(),
            amount=money.amount,
            low=money.low,
            high=money.high,
            currency=money.currency,
            qualifier=money.qualifier,
            aid_types=tuple(sorted(self._types)),
            goods=self._goods.get(),
            status=status,
            date=furthest.dates.get(),
            attribution=furthest.last.value.attribution,
        )

    def _status(self) -> str | None:
        """The furthest status; "withheld" from when it is said until something further than before is."""
        found, height = None, -1
        for _, status in self._statuses:
            rung = _rung(status)
            if status == "withheld" or rung > height:
                found = status
            height = max(height, rung)
        return found

    def heard(self, claim: Pledge) -> Heard:
        """What these claims say to one that is to be added."""
        mine = claim.attribution
        return Heard(
            any(
                one_voice(mine, theirs) if mine and theirs else claim.outlet in outlets
                for theirs, outlets in self._voices.items()
            )
        )


def _in_dollars(fact: AidPledge) -> int | None:
    if fact.amount is None or fact.currency is None:
        return fact.amount
    return convert(fact.amount, fact.currency, "USD", fact.date) or fact.amount


# --- what moves ------------------------------------------------------------------------------------------------------


def moves(heard: Heard, claim: Pledge, was: AidPledge, becomes: AidPledge) -> Move | None:
    """What a claim moves: the status, the sum, what was not known; else nothing."""
    if was.status != becomes.status and becomes.status == claim.fact.status:
        reason = "withheld" if becomes.status == "withheld" else "status moves up"
        if was.status is None:
            reason = "status becomes known"
        fields = differing(was, becomes, ("status", "amount", "currency", "date"))
        return Move(type=ChangeType.UPDATED, reason=reason, fields=fields)
    return _money_moves(heard, was, becomes) or _becomes_known(was, becomes)


def _money_moves(heard: Heard, was: AidPledge, becomes: AidPledge) -> Move | None:
    old, new = _in_dollars(was), _in_dollars(becomes)
    if new is None or new == old:
        return None
    fields = differing(was, becomes, ("amount", "low", "high", "currency", "qualifier"))
    if old is None:
        return Move(type=ChangeType.UPDATED, reason="sum becomes known", fields=fields)
    if was.currency == becomes.currency and abs(new - old) > _MOVED * max(new, old):
        if new < old and heard.is_known_voice:
            return Move(type=ChangeType.REVISED, reason="source takes its figure back", fields=fields)
        return Move(type=ChangeType.UPDATED, reason="sum rises" if new > old else "sum falls", fields=fields)
    return None


def _becomes_known(was: AidPledge, becomes: AidPledge) -> Move | None:
    known = {s: pair for s, pair in differing(was, becomes, ("donors", "recipient")).items() if not pair[0]}
    if not known:
        return None
    return Move(type=ChangeType.UPDATED, reason=f"{' and '.join(known)} become known", fields=known)
