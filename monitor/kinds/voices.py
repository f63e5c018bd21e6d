"""Who speaks: outlets that count once for all their copies, and sides that contradict each other."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

from monitor.kinds.ground import party_of
from monitor.kinds.likeness import fold, near_any, words_of
from monitor.model import Claim

#: parties that no side of a conflict owns: a figure of theirs stands beside, and contradicts nobody
NEUTRAL = frozenset(
    [
        "UN",
        "UNICEF",
        "UNHCR",
        "WHO",
        "WFP",
        "OCHA",
        "OHCHR",
        "UNRWA",
        "UNDP",
        "FAO",
        "IOM",
        "UNFPA",
        "ICRC",
        "OSCE",
        "AU",
        "EU",
        "IMF",
        "WB",
    ]
)


def outlet_of(claim: Claim) -> str:
    """Who published: the outlet, else the source, as compared."""
    return fold(claim.outlet or claim.source or claim.item)


def is_copy(claim: Claim, of: Iterable[Claim]) -> bool:
    """Whether the claim's text is a near-duplicate of another's."""
    return near_any(claim.signature, (other.signature for other in of))


def independent(claims: Sequence[Claim]) -> int:
    """How many outlets stand behind the claims; an outlet counts once, and so does a text that several print."""
    counted: dict[str, Claim] = {}
    for claim in claims:
        outlet = outlet_of(claim)
        if outlet not in counted and not is_copy(claim, counted.values()):
            counted[outlet] = claim
    return len(counted)


def attribution(claim: Claim) -> str | None:
    """Whom the text credits."""
    value: str | None = getattr(claim.event.facts, "attribution", None)
    return value


def party(claim: Claim) -> str | None:
    """The actor for whom the credited source speaks."""
    return party_of(attribution(claim))


def same_voice(a: Claim, b: Claim) -> bool:
    """Whether two claims have one source: the same words credited, or the same outlet where neither credits another."""
    mine, theirs = attribution(a), attribution(b)
    return _one_voice(mine, theirs) if mine and theirs else outlet_of(a) == outlet_of(b)


class Voices:
    """Claims by who speaks: a total that is told for years has many claims, and few voices."""

    def __init__(self) -> None:
        #: attribution -> outlet -> claims
        self._said: dict[str | None, dict[str, list[Claim]]] = {}

    def add(self, claim: Claim) -> None:
        """Adds a claim."""
        self._said.setdefault(attribution(claim), {}).setdefault(outlet_of(claim), []).append(claim)

    def same_as(self, claim: Claim) -> Iterator[Claim]:
        """Those of the claims that have one source with this one (``same_voice``)."""
        mine, outlet = attribution(claim), outlet_of(claim)
        for theirs, outlets in self._said.items():
            if not (mine and theirs):
                yield from outlets.get(outlet, ())
            elif _one_voice(mine, theirs):
                for said in outlets.values():
                    yield from said


@functools.lru_cache(maxsize=4096)
def _one_voice(mine: str, theirs: str) -> bool:
    """Whether two attributions credit one source."""
    if party_of(mine) and party_of(theirs):
        return party_of(mine) == party_of(theirs)
    shared = words_of(mine) & words_of(theirs)
    return bool(shared) and 2 * len(shared) >= min(len(words_of(mine)), len(words_of(theirs)))


def opposed(a: Claim, b: Claim) -> bool:
    """Whether two claims come from two sides: both credited to a party, neither of them neutral, and not the same."""
    mine, theirs = party(a), party(b)
    return mine is not None and theirs is not None and mine != theirs and not NEUTRAL & {mine, theirs}
