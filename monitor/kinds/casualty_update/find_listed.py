"""Lists whose every number has a place of its own: "killed 14 in A on Monday, nine in B and six in C"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from monitor.kinds.casualty_update.find_spots import SURE, Candidate
from monitor.language.document import Sentence
from monitor.language.quantities import Sort

#: fewest numbers that make a list
_FEWEST = 2
_NO_STRETCHES: tuple[tuple[int, int], ...] = ()


def stretches(
    s: Sentence, candidates: Sequence[Candidate], joints: frozenset[str], articles: frozenset[str]
) -> tuple[tuple[int, int], ...]:
    """The tokens that belong to each number of such a list, in order; empty where some number has no place behind it.

    ``joints`` are the words and marks that join the members of a list; an article is no number of it.
    """
    if len(candidates) < _FEWEST:
        return _NO_STRETCHES
    counts = [
        q.i
        for q in s.quantities
        if q.sort is Sort.COUNT
        and s.words[q.i] not in articles
        and not any(d.i <= q.i < d.j for d in s.days)
        and not any(c.place.i <= q.i < c.place.j for c in candidates)
    ]
    begun = [i for n, i in enumerate(counts) if n == 0 or (i and s.words[i - 1] in joints)]
    if len(begun) < _FEWEST:
        return _NO_STRETCHES
    found = tuple(pairwise((*begun, len(s))))
    sure = [c.place.i for c in candidates if c.bonus >= SURE]
    return found if all(any(i < at < j for at in sure) for i, j in found) else _NO_STRETCHES
