"""What a casualty update says, as it is held beside others: worked out once (``kinds/said.py``)."""

from __future__ import annotations

import functools
from typing import NamedTuple

from monitor.kinds.casualty_update import causes
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import stated
from monitor.kinds.ground import actor, is_town, level, party_of, spots
from monitor.kinds.said import Said
from monitor.model import Claim


class Told(NamedTuple):
    """What an item says around a toll."""

    #: harm and figure of other tolls of the happening
    figures: tuple[tuple[str, int], ...] = ()
    #: what its sentence names as causes, and what its item is about
    causes: frozenset[str] = frozenset()
    of_whole: frozenset[str] = frozenset()

    @property
    def cause(self) -> frozenset[str]:
        """The causes of its sentence, else of its item, which may tell of two happenings."""
        return self.causes or self.of_whole

    @property
    def rare_cause(self) -> frozenset[str]:
        """Those of them that a country seldom suffers twice within weeks."""
        return self.cause & causes.RARE


@functools.lru_cache(maxsize=4096)
def told(beside: str) -> Told:
    """What ``beside`` wrote."""
    if not beside:
        return Told()
    figures, of_sentence, of_whole = beside.split("|")
    words = figures.split()
    pairs = tuple((harm, int(figure)) for harm, figure in zip(words[::2], words[1::2], strict=True))
    return Told(pairs, frozenset(of_sentence.split()), frozenset(of_whole.split()))


class Toll(Said):
    """What a casualty update says."""

    __slots__ = (
        *("around", "count", "figure", "harm", "is_total", "is_town", "is_vague", "level", "of_title", "party"),
        *("scope", "spots", "victims", "who"),
    )
    fact: CasualtyUpdate

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        fact = self.fact
        self.harm, self.victims, self.scope = fact.harm, fact.victims, fact.scope
        self.count = fact.count
        #: the figure as one number, and whether it has none of its own: "dozens"
        self.figure, self.is_vague = stated(fact), fact.count is None
        self.is_total = fact.scope == "cumulative"
        #: whose they are, as an actor; for whom the source speaks that is credited
        self.who = None if fact.side is None else actor(fact.side)
        self.party = party_of(self.attribution)
        place = fact.place or None
        self.spots = spots(place) if place else ()
        #: of the place: 0 for a country, 1 for a region, 2 for a town
        self.level = level(place) if place else 2
        self.is_town = place is not None and is_town(place)
        #: what else stands in the item
        self.around = told(claim.beside)
        self.of_title = claim.event.evidence.field == "title"
