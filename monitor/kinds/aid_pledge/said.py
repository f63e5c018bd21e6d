"""What an aid claim says, as it is held beside others: worked out once (``kinds/said.py``)."""

from __future__ import annotations

import datetime as dt

from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.ground import actor, says_one_more
from monitor.kinds.rates import convert
from monitor.kinds.said import Said
from monitor.model import Claim


class Pledge(Said):
    """What an aid claim says."""

    __slots__ = ("_one_more", "dollars", "donors", "recipient", "status", "types")
    fact: AidPledge

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        fact = self.fact
        #: donors and recipient as actors; no donor: None
        self.donors = frozenset(map(actor, fact.donors)) or None
        self.recipient = None if fact.recipient is None else actor(fact.recipient)
        self.types = frozenset(fact.aid_types) or None
        self.status = fact.status
        self.dollars = dollars(fact, fact.date or self.told)
        self._one_more: bool | None = None

    @property
    def is_one_more(self) -> bool:
        """Whether its text marks it as one more of its kind ("another $20 million")."""
        if self._one_more is None:
            self._one_more = says_one_more(self.text)
        return self._one_more


def dollars(fact: AidPledge, day: dt.date) -> int | None:
    """The sum in dollars of a day, for comparing across currencies; as it stands where the currency is unknown."""
    sum_ = fact.amount if fact.amount is not None else fact.low if fact.low is not None else fact.high
    if sum_ is None or fact.currency is None:
        return sum_
    return convert(sum_, fact.currency, "USD", day) or sum_
