"""One verb or noun that tells of several meetings: "met A in X and B in Y", "with A, and with B"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.kinds.talk_round.find_several import Several
from monitor.kinds.talk_round.find_titles import Side
from monitor.language.places import Place

#: tokens from one partner to the "and" before the next
_REACH = 12
#: tokens behind a partner in which his own place or day begins
_OWN = 4


@dataclass(frozen=True, slots=True)
class Found:
    """Parties of a meeting, at least two."""

    parties: tuple[str, ...]
    #: name of the rule that found them
    rule: str
    confidence: float
    #: who brings them together, as far as the rule saw it
    mediators: frozenset[str] = frozenset()
    #: what is meant is a meeting told of before
    refers: bool = False
    #: the sentence has told of it by other words
    echo: bool = False
    #: who they are was told shortly before, and so may be how they met
    told: bool = False
    #: the meeting frames the sentence: what is said there and then was said at it
    framed: bool = False
    #: a meeting only where the sentence says where
    scene: bool = False
    #: the meetings, where it is one with each of several: "calls with X and Y"
    each: tuple[Found, ...] = ()
    #: tokens in which such a meeting's own day and place stand
    within: tuple[int, int] | None = None
    #: end of the tokens that the parties take behind the trigger
    end: int = 0
    #: where, when the rule itself knows: the goal of a visit
    place: Place | None = None
    #: who visits: a visit may frame other meetings of the same parties
    visitor: str | None = None


class Each(Several):
    """Reads the further partners behind the first."""

    def _with_each(self, found: Found, first: Sequence[Side], objects: Sequence[Side]) -> Found | None:
        """The meetings with the partners and with those told of behind them; None where there are no further ones."""
        groups, cuts = [list(objects)], [0]
        while (more := self._further(groups[-1][-1].j)) is not None:
            groups.append(more[1])
            cuts.append(more[0])
        if len(groups) == 1:
            return None
        own, ends = {side.actor for side in first}, [*cuts[1:], len(self._s)]
        each: list[Found] = []
        for group, start, stop in zip(groups, cuts, ends, strict=True):
            names = {side.actor for side in group}
            if not names <= own:
                both = tuple(sorted(own | names))
                each.append(replace(found, parties=both, within=(start, stop), end=group[-1].j))
        return replace(found, each=tuple(each)) if len(each) > 1 else None

    def _further(self, end: int) -> tuple[int, list[Side]] | None:
        """Where the part of the next partner begins, and who that is."""
        words = self._s.words
        plain = True
        for k in range(end, min(end + _REACH, len(words) - 1)):
            if words[k] not in self._w.ands:
                plain = plain and self._is_circumstance(k)
                continue
            j = k + 1
            while j < len(words) - 1 and words[j] in self._w.apart:
                j += 1
            again = words[j] in self._w.with_words
            group = self._group(j + again)
            if group and (again or (plain and self._has_own(end, k) and self._has_own(group[-1].j, len(words)))):
                return k, group
            if not again:
                return None
        return None

    def _has_own(self, start: int, end: int) -> bool:
        """Whether a place or a day begins right at a token."""
        end = min(end, start + _OWN)
        return any(start <= p.begin < end and p.preposition is not None for p in self._s.places) or any(
            start <= day.i < end for day in self._s.days
        )

    def _is_circumstance(self, k: int) -> bool:
        """Whether a token belongs to a place or a day."""
        word = self._s.words[k]
        if word in self._w.prepositions or word in self._w.articles or word == ",":
            return True
        return any(p.begin <= k < p.j for p in self._s.places) or any(d.i - 1 <= k < d.j for d in self._s.days)
