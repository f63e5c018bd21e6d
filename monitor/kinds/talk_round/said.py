"""What a report of talks says, as it is held beside others: worked out once (``kinds/said.py``)."""

from __future__ import annotations

from monitor.kinds.ground import Sort, actor, spots
from monitor.kinds.said import Said
from monitor.kinds.talk_round.facts import TalkRound
from monitor.model import Claim

#: actors that every text calls alike
ONE_NAME = (Sort.STATE, Sort.BODY)


class Round(Said):
    """What a report of talks says."""

    __slots__ = ("has_group", "mode", "parties", "round", "spots", "status")
    fact: TalkRound

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        fact = self.fact
        #: parties as actors; nobody: None. Whether an armed group is among them
        self.parties = frozenset(map(actor, fact.parties)) or None
        self.has_group = any(sort not in ONE_NAME for _, sort in self.parties or ())
        self.round, self.status = fact.round, fact.status
        #: how they meet: who meets at a place meets in person
        self.mode = fact.mode or ("in_person" if fact.place else None)
        self.spots = None if fact.place is None else spots(fact.place)
