"""What stands around a toll in its item: the other harms of its happening, whom it credits, what the item is about.

A strike that kills seven and wounds 31 is hardly another than one of the same days in the same town that kills eight
and wounds 33: two figures that stay near each other say what neither says alone, even where the place or the day of one
was told otherwise or read wrongly.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple, cast

from monitor.kinds.casualty_update import causes
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.toll import SHRINKING
from monitor.kinds.figures import agreeing, same_figure, stated
from monitor.kinds.ground import country_of
from monitor.kinds.linking import Scales, copied, same_item, surroundings, told_on
from monitor.kinds.voices import attribution, same_voice
from monitor.model import Agreement, Claim, Event, Item

SAME, COMPATIBLE, CONFLICTING = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING

#: factor up to which two figures are equal, near, and told of one happening at all
_EQUAL, _NEAR, _ALIKE = 1.01, 1.1, 1.25
#: figures from which on two that are equal are hardly so by chance; below the first they say next to nothing
_FEW, _SMALL, _MANY = 5, 20, 100
#: points for equal figures of each size, and where all harms are alike and one that is not small is near
_FOR_EQUAL = {_MANY: 3.0, _SMALL: 2.5, _FEW: 1.2, 0: 0.3}
_ALL_ALIKE = 2.7
#: figures below this are too common for blocking
_RARE = 15
_MOST_BESIDE = 4.0
#: points for a cause: one that is rare, one of many in a war, and two that cannot be one
_RARE_CAUSE, _COMMON_CAUSE, _OTHER_CAUSE = 3.0, 0.2, -3.5
#: points for a figure that title and text share
_HEADLINE = 2.5
#: days within which a rare cause is the same one
_LASTING = 30
#: harms told beside one that are kept
_KEPT = 8
#: day and figure of a bulletin beside those of the day before
_NEXT_DAY = (COMPATIBLE, COMPATIBLE)


_facts: Callable[[Claim], CasualtyUpdate] = attrgetter("event.facts")


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


def beside(event: Event, item: Item, others: Sequence[Event]) -> str:
    """The figures of other harms of the happening, and its causes by sentence and by item: "killed 7|quake|quake"."""
    mine = cast("CasualtyUpdate", event.facts)
    figures = [
        f"{fact.harm} {figure}"
        for other in others
        if (fact := cast("CasualtyUpdate", other.facts)).harm != mine.harm
        and (figure := stated(fact))
        and _is_one_happening(mine, fact)
    ]
    named = (causes.named_in(causes.sentence(item, event.evidence)), causes.of_item(item))
    parts = (" ".join(dict.fromkeys(figures[:_KEPT])), *(" ".join(sorted(found)) for found in named))
    return "|".join(parts) if any(parts) else ""


@functools.lru_cache(maxsize=4096)
def told(beside: str) -> Told:
    """What ``beside`` wrote."""
    if not beside:
        return Told()
    figures, of_sentence, of_whole = beside.split("|")
    words = figures.split()
    pairs = tuple((harm, int(figure)) for harm, figure in zip(words[::2], words[1::2], strict=True))
    return Told(pairs, frozenset(of_sentence.split()), frozenset(of_whole.split()))


def _is_one_happening(a: CasualtyUpdate, b: CasualtyUpdate) -> bool:
    """Whether nothing says that two tolls of an item are of two places, days or sides."""
    pairs = ((a.place, b.place), (a.date, b.date), (a.side, b.side))
    return all(x is None or y is None or x == y for x, y in pairs)


def rare(claim: Claim) -> frozenset[str]:
    """What is rare enough to be looked up by: figures of other harms, as "killed 19", and causes, as "quake GTM"."""
    around = told(claim.beside)
    found = {f"{harm} {figure}" for harm, figure in around.figures if figure >= _RARE}
    if country := country_of(_facts(claim).place or ""):
        found |= {f"{cause} {country}" for cause in around.cause & causes.RARE}
    return frozenset(found)


def most(claim: Claim, members: Sequence[Claim], *, total: bool, copies: bool) -> float:
    """The most points that ``weigh`` can add; ``copies``: whether a copy of one text can count."""
    around = told(claim.beside)
    credited = 0.0 if not attribution(claim) else 1.5 if total else 0.5
    points = credited + (2.0 if copies else 0.0) + (1.5 * 0.8 if total else 0.8)
    if around.figures:
        points += max(_most_alike(claim.beside, member.beside) for member in members)
    if same_item(claim, members):
        points = max(points, credited + _HEADLINE)
    if not around.cause:
        return points
    return points + (_RARE_CAUSE if has_rare_cause(claim, members) else _COMMON_CAUSE)


@functools.lru_cache(maxsize=4096)
def _most_alike(mine: str, theirs: str) -> float:
    """The most that ``_alike`` can give for what is told beside two claims: nothing where no figure is like another."""
    others = told(theirs).figures
    near = any(harm == kind and _factor(a, b) <= _ALIKE for harm, a in told(mine).figures for kind, b in others)
    return _MOST_BESIDE if near else 0.0


def has_rare_cause(claim: Claim, members: Sequence[Claim]) -> bool:
    """Whether the claim and a member of these weeks name the same cause, of those that are rare."""
    mine = told(claim.beside).rare_cause
    return bool(mine) and any(
        mine & told(member.beside).cause and abs((told_on(claim) - told_on(member)).days) <= _LASTING
        for member in members
    )


def weigh(scales: Scales, claim: Claim, members: Sequence[Claim], *, total: bool) -> None:
    """The item around the claim: what else stands in it, whom it credits, what it is about."""
    if attribution(claim) and any(attribution(m) and same_voice(claim, m) for m in members):
        scales.put(1.5 if total else 0.5, "same source")
    if told_here := same_item(claim, members):
        apart = _apart(scales, claim, told_here, total=total)
        scales.put(apart, "told apart in one item")
        if apart >= 0:
            _weigh_cause(scales, claim, members)
        return
    # A daily bulletin repeats its own words too: then place, day or figure say that it is about something else.
    found = scales.slots
    daily = (found.get("date"), found["count"]) == _NEXT_DAY
    if told(claim.beside).figures and not daily:
        with_others = [member for member in members if told(member.beside).figures]
        scales.put(max((_alike(claim, m) for m in with_others), default=0.0), "other harms told alike")
    _weigh_cause(scales, claim, members)
    if not daily and CONFLICTING not in (found["place"], found.get("date")) and copied(claim, members):
        scales.put(2.0, "copy of one text")
    scales.put((1.5 if total else 1.0) * surroundings(claim, members), "names in common")


def _alike(claim: Claim, member: Claim) -> float:
    """Points for the figures that two items tell of the same harms, the claims' own among them."""
    beside = [
        (figure, min(near))
        for harm, figure in told(claim.beside).figures
        if (near := [_factor(figure, other) for kind, other in told(member.beside).figures if kind == harm])
    ]
    if not beside:
        return 0.0
    mine, theirs = stated(_facts(claim)), stated(_facts(member))
    if not any(factor <= _ALIKE for _, factor in beside):
        return 0.0  # neither is one equal, nor are all alike
    if mine and theirs and _falls(claim, member, mine, theirs):
        return 0.0
    same = sum(_for_equal(figure) for figure, factor in beside if factor <= _EQUAL)
    every = [*beside, (mine, _factor(mine, theirs))] if mine and theirs else []
    alike = bool(every) and all(factor <= _ALIKE for _, factor in every)
    close = alike and any(figure >= _SMALL and factor <= _NEAR for figure, factor in every)
    return min(max(same, _ALL_ALIKE if close else 0.0), _MOST_BESIDE)


def _for_equal(figure: int) -> float:
    return next(points for least, points in _FOR_EQUAL.items() if figure >= least)


def _falls(claim: Claim, member: Claim, mine: int, theirs: int) -> bool:
    """Whether the later of two tolls is far lower, which one that is counted on is not."""
    early, late = (mine, theirs) if told_on(claim) < told_on(member) else (theirs, mine)
    return _facts(claim).harm not in SHRINKING and late * _ALIKE < early


def _weigh_cause(scales: Scales, claim: Claim, members: Sequence[Claim]) -> None:
    if has_rare_cause(claim, members):
        scales.put(_RARE_CAUSE, "same disaster")
        return
    mine, theirs = told(claim.beside), [told(member.beside) for member in members]
    if causes.are_apart(mine.causes, frozenset().union(*(one.causes for one in theirs))):
        scales.put(_OTHER_CAUSE, "other cause")
    elif any(mine.cause & one.cause for one in theirs):
        scales.put(_COMMON_CAUSE, "same cause")


def _factor(a: int, b: int) -> float:
    return max(a, b) / min(a, b)


def _apart(scales: Scales, claim: Claim, told_here: Sequence[Claim], *, total: bool) -> float:
    """Points against one toll told twice in one item: unless two sources speak of it, or one figure is vague.

    A headline tells what its text tells: the same figure in both is one toll, whatever place and day were read.
    """
    if any(_is_headline_of(claim, m) for m in told_here):
        return _HEADLINE
    where = _facts(claim).place
    here = scales.slots["place"] is SAME or (where is not None and all(_facts(m).place == where for m in told_here))
    rivals = all(attribution(claim) and attribution(m) and not same_voice(claim, m) for m in told_here)
    if rivals and (total or here):
        return 0.0
    if all(_is_one_figure(claim, m) for m in told_here) and scales.slots["place"] is not CONFLICTING:
        return 0.0
    vague = any((_facts(claim).count is None) != (_facts(m).count is None) for m in told_here)
    return -1.0 if here and (vague or scales.slots.get("date") is SAME) else -4.0


def _is_headline_of(claim: Claim, other: Claim) -> bool:
    figure = _facts(claim).count
    same = figure is not None and figure >= _FEW and figure == _facts(other).count
    return same and _is_of_whole(claim) != _is_of_whole(other)


def _is_of_whole(claim: Claim) -> bool:
    return claim.event.evidence.field == "title"


def _is_one_figure(claim: Claim, other: Claim) -> bool:
    """Whether one figure is the other's, as a headline tells it: "nearly 1,700" or "over 1,600" above 1,697."""
    a, b = _facts(claim), _facts(other)
    if a.count is None or b.count is None or a.count == b.count:
        return False
    headline = _is_of_whole(claim) != _is_of_whole(other)
    return same_figure(a.count, b.count) or (headline and _factor(a.count, b.count) <= _ALIKE and agreeing(a, b))
