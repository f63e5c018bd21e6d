"""What a claim says, as linking asks for it: worked out once of each claim, since it is held beside very many others.

Each kind's ``link.py`` has a ``Said`` of its own with what its slots come to (``Link.said``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from monitor.kinds.linking import Rank, order, told_on
from monitor.kinds.voices import outlet_of
from monitor.model import Claim


class Said:
    """What every kind asks of a claim. It holds on to what the claim holds, and not to the claim, which gets a row."""

    __slots__ = (
        *("at", "attribution", "date", "day", "fact", "item", "outlet", "place", "rank", "signature", "source", "text"),
        *("title", "told"),
    )

    #: the facts; each kind says which
    fact: Any

    def __init__(self, claim: Claim) -> None:
        self.fact = fact = claim.event.facts
        self.source, self.item, self.signature = claim.source, claim.item, claim.signature
        #: where the names of other places may stand
        self.text, self.title = claim.event.evidence.text, claim.title
        #: place in the order of all claims
        self.rank: Rank = order(claim)
        #: the day on which it was told, also as a number
        self.told: dt.date = told_on(claim)
        self.day: int = self.told.toordinal()
        #: the day that the facts name, as a number
        date: dt.date | None = getattr(fact, "date", None)
        self.date: int | None = None if date is None else date.toordinal()
        #: the instant, if it is known
        self.at: dt.datetime | None = claim.published_at
        #: who published it, and whom the text credits
        self.outlet: str = outlet_of(claim)
        self.attribution: str | None = getattr(fact, "attribution", None)
        self.place: str | None = getattr(fact, "place", None)
