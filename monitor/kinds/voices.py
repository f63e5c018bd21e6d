"""Who speaks: outlets that count once for all their copies, and sides that contradict each other."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from monitor.kinds.ground import party_of
from monitor.kinds.likeness import Texts, fold, words_of
from monitor.model import Claim

if TYPE_CHECKING:
    from monitor.kinds.said import Said

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


class Outlets:
    """The outlets that stand behind claims, one claim more at a time, in any order."""

    __slots__ = ("_claims", "_counted", "_heard", "_is_stale", "_ranks", "_texts")

    def __init__(self, claims: Iterable[tuple[Any, str, str]] = ()) -> None:
        """``claims``: rank, outlet and signature of each."""
        self._claims: list[tuple[Any, str, str]] = []
        self._heard: set[str] = set()
        self._texts = Texts()
        self._forget()
        for claim in claims:
            self.add(*claim)

    def _forget(self) -> None:
        #: outlets that count, by the rank of the claim that made them; their texts, by the same
        self._counted: dict[str, Any] = {}
        self._ranks: tuple[Texts, dict[str, Any]] = Texts(), {}
        self._is_stale = False

    def add(self, rank: Any, outlet: str, signature: str) -> None:
        """Adds a claim."""
        self._claims.append((rank, outlet, signature))
        self._heard.add(outlet)
        self._texts.add(signature)
        if not self._is_stale:
            self._count(rank, outlet, signature)

    def _count(self, rank: Any, outlet: str, signature: str) -> None:
        """The outlet counts if none of the claims before made it count, nor is one of theirs a copy of its text."""
        texts, ranks = self._ranks
        rivals = [ranks[text] for text in texts.near(signature)]
        if outlet in self._counted:
            rivals.append(self._counted[outlet])
        if not rivals:
            self._counted[outlet] = ranks[signature] = rank
            texts.add(signature)
        elif rank < min(rivals):  # those that followed it may not count any more, and others in their place
            self._is_stale = True

    @property
    def independent(self) -> int:
        """How many there are; an outlet counts once, and so does a text that several print, in order of their ranks."""
        if self._is_stale:
            self._forget()
            self._claims.sort(key=itemgetter(0))
            for claim in self._claims:
                self._count(*claim)
        return len(self._counted)

    def have(self, outlet: str) -> bool:
        """Whether an outlet is one of them, whether it counts or not."""
        return outlet in self._heard

    def print_one_like(self, signature: str) -> bool:
        """Whether a text is a near-duplicate of one of theirs."""
        return self._texts.has_near(signature)


def independent(claims: Iterable[Claim]) -> int:
    """How many outlets stand behind claims in canonical order (``Outlets``)."""
    return Outlets((rank, outlet_of(claim), claim.signature) for rank, claim in enumerate(claims)).independent


def same_voice(a: Said, b: Said) -> bool:
    """Whether two claims have one source: the same words credited, or the same outlet where neither credits another."""
    mine, theirs = a.attribution, b.attribution
    return one_voice(mine, theirs) if mine and theirs else a.outlet == b.outlet


@functools.lru_cache(maxsize=8192)
def one_voice(mine: str, theirs: str) -> bool:
    """Whether two attributions credit one source."""
    if party_of(mine) and party_of(theirs):
        return party_of(mine) == party_of(theirs)
    shared = words_of(mine) & words_of(theirs)
    return bool(shared) and 2 * len(shared) >= min(len(words_of(mine)), len(words_of(theirs)))


def is_partial(party: str | None) -> bool:
    """Whether a party is a side: not nobody, and not neutral."""
    return party is not None and party not in NEUTRAL


def opposed(mine: str | None, theirs: str | None) -> bool:
    """Whether two claims of these parties come from two sides: neither of nobody, neither neutral, and not the same."""
    return mine != theirs and is_partial(mine) and is_partial(theirs)
