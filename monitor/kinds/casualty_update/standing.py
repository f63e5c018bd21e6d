"""The claims of a toll whose figure their source stands by, one claim more at a time, in any order.

Of those of one voice that follow each other the later takes the place of the earlier, unless it only says less; which
of them stand is found from the last one back. A claim that comes and does not stand changes nothing. One that stands
mostly takes the place of some that stood, and of all whose place these had taken. Only where one of those might stand
again, all are gone through anew.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.said import Toll
from monitor.kinds.figures import agreeing, same_figure
from monitor.kinds.voices import one_voice

#: what a claim is in the eyes of a later one, but for its item and outlet: whom it credits, and its figure
_Sort = tuple[str | None, int | None, int | None, int | None, str | None]


def _sort(claim: Toll) -> _Sort:
    fact = claim.fact
    return claim.attribution, fact.count, fact.low, fact.high, fact.qualifier


class _Where(NamedTuple):
    """Claims of a sort: one's facts, and where they are said."""

    fact: CasualtyUpdate
    outlets: set[str]
    items: set[str]

    def join(self, other: _Where) -> _Where:
        """Both together, in the larger one."""
        if len(other.items) > len(self.items):
            return other.join(self)
        self.outlets.update(other.outlets)
        self.items.update(other.items)
        return self


def _where(claim: Toll) -> _Where:
    return _Where(claim.fact, {claim.outlet}, {claim.item})


_Sorts = dict[_Sort, _Where]
_rank = attrgetter("rank")


class Standing:
    """Claims that stand."""

    __slots__ = ("_all", "_behind", "_said")

    def __init__(self) -> None:
        #: all that have a figure, in canonical order
        self._all: list[Toll] = []
        #: claim that stands -> what it took the place of
        self._behind: dict[Toll, _Sorts] = {}
        #: whom it credits -> outlet -> claims that stand
        self._said: dict[str | None, dict[str, list[Toll]]] = {}

    def __contains__(self, claim: Toll) -> bool:
        """Whether a claim stands."""
        return claim in self._behind

    def __len__(self) -> int:
        return len(self._behind)

    def __iter__(self) -> Iterator[Toll]:
        """Those that stand, in any order."""
        return iter(self._behind)

    def in_order(self) -> list[Toll]:
        """Those that stand, in canonical order."""
        return sorted(self._behind, key=_rank)

    def add(self, claim: Toll) -> bool:
        """Adds a claim; whether one that stood stands no more, or others do."""
        if claim.figure is None:
            return False
        insort(self._all, claim, key=_rank)
        over = []
        for other in self._of_voice(claim):
            if other.item == claim.item:
                continue
            if claim.rank < other.rank:
                if _replaces(other.fact, claim.fact):
                    _join(self._behind[other], {_sort(claim): _where(claim)})
                    return False
            elif _replaces(claim.fact, other.fact):
                over.append(other)
        if not all(_is_over(claim, sort, where) for other in over for sort, where in self._behind[other].items()):
            self._go_through()
            return True
        behind: _Sorts = {}
        for other in over:
            _join(behind, self._behind.pop(other))
            _join(behind, {_sort(other): _where(other)})
            self._said[other.attribution][other.outlet].remove(other)
        self._put(claim, behind)
        return bool(over)

    def _go_through(self) -> None:
        """Finds those that stand among all, the last one first."""
        self._said, self._behind = {}, {}
        for claim in reversed(self._all):
            later = (other for other in self._of_voice(claim) if other.item != claim.item)
            over = next((other for other in later if _replaces(other.fact, claim.fact)), None)
            if over is None:
                self._put(claim, {})
            else:
                _join(self._behind[over], {_sort(claim): _where(claim)})

    def _put(self, claim: Toll, behind: _Sorts) -> None:
        self._behind[claim] = behind
        self._said.setdefault(claim.attribution, {}).setdefault(claim.outlet, []).append(claim)

    def _of_voice(self, claim: Toll) -> Iterator[Toll]:
        """Those of the claims that stand that have one source with this one (``voices.same_voice``)."""
        mine, outlet = claim.attribution, claim.outlet
        for theirs, outlets in self._said.items():
            if not (mine and theirs):
                yield from outlets.get(outlet, ())
            elif mine == theirs or one_voice(mine, theirs):
                for said in outlets.values():
                    yield from said


def _join(sorts: _Sorts, more: _Sorts) -> None:
    for sort, where in more.items():
        sorts[sort] = sorts[sort].join(where) if sort in sorts else where


def _is_over(claim: Toll, sort: _Sort, where: _Where) -> bool:
    """Whether a claim takes the place of all of a sort."""
    mine, theirs = claim.attribution, sort[0]
    is_voice = one_voice(mine, theirs) if mine and theirs else where.outlets == {claim.outlet}
    return is_voice and claim.item not in where.items and _replaces(claim.fact, where.fact)


def _replaces(new: CasualtyUpdate, old: CasualtyUpdate) -> bool:
    """Whether a source's later figure takes the place of its earlier one: "at least 50" does not take back 59."""
    if new.count is None or old.count is None:
        return new.count is not None or old.count is None
    return new.count > old.count or not agreeing(new, old) or same_figure(new.count, old.count)
