"""What stands around a toll in its item: the other harms of its happening, whom it credits, what the item is about.

A strike that kills seven and wounds 31 is hardly another than one of the same days in the same town that kills eight
and wounds 33: two figures that stay near each other say what neither says alone, even where the place or the day of one
was told otherwise or read wrongly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from monitor.kinds.casualty_update import causes
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.said import Told, Toll, told
from monitor.kinds.casualty_update.toll import SHRINKING
from monitor.kinds.figures import agreeing, same_figure, stated
from monitor.kinds.ground import country_of
from monitor.kinds.linking import Scales, copied, same_item, surroundings
from monitor.kinds.voices import same_voice
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


def _is_one_happening(a: CasualtyUpdate, b: CasualtyUpdate) -> bool:
    """Whether nothing says that two tolls of an item are of two places, days or sides."""
    pairs = ((a.place, b.place), (a.date, b.date), (a.side, b.side))
    return all(x is None or y is None or x == y for x, y in pairs)


def rare(claim: Claim) -> frozenset[str]:
    """What is rare enough to be looked up by: figures of other harms, as "killed 19", and causes, as "quake GTM"."""
    around = told(claim.beside)
    found = {f"{harm} {figure}" for harm, figure in around.figures if figure >= _RARE}
    if country := country_of(cast("CasualtyUpdate", claim.event.facts).place or ""):
        found |= {f"{cause} {country}" for cause in around.cause & causes.RARE}
    return frozenset(found)


def at_most(claim: Toll, *, total: bool) -> float:
    """The most points that ``weigh`` can add beside whatever others: no less than ``most``."""
    points = (1.5 if total else 0.5) if claim.attribution else 0.0
    points += max(2.0 + (1.5 * 0.8 if total else 0.8) + (_MOST_BESIDE if claim.around.figures else 0.0), _HEADLINE)
    cause = claim.around.cause
    return points + (0.0 if not cause else _COMMON_CAUSE if cause.isdisjoint(causes.RARE) else _RARE_CAUSE)


def most(claim: Toll, members: Sequence[Toll], *, total: bool, copies: bool) -> float:
    """The most points that ``weigh`` can add; ``copies``: whether a copy of one text can count."""
    around = claim.around
    credited = 0.0 if not claim.attribution else 1.5 if total else 0.5
    points = credited + (2.0 if copies else 0.0) + (1.5 * 0.8 if total else 0.8)
    if around.figures:
        points += max(_most_alike(around, member.around) for member in members)
    if same_item(claim, members):
        points = max(points, credited + _HEADLINE)
    if not around.cause:
        return points
    return points + (_RARE_CAUSE if has_rare_cause(claim, members) else _COMMON_CAUSE)


def _most_alike(mine: Told, theirs: Told) -> float:
    """The most that ``_alike`` can give for what is told beside two claims: nothing where no figure is like another."""
    others = theirs.figures
    near = others and any(harm == kind and _factor(a, b) <= _ALIKE for harm, a in mine.figures for kind, b in others)
    return _MOST_BESIDE if near else 0.0


def has_rare_cause(claim: Toll, members: Sequence[Toll]) -> bool:
    """Whether the claim and a member of these weeks name the same cause, of those that are rare."""
    if not claim.around.cause:
        return False
    mine = claim.around.rare_cause
    return bool(mine) and any(
        not mine.isdisjoint(member.around.cause) and abs(claim.day - member.day) <= _LASTING for member in members
    )


def weigh(scales: Scales, claim: Toll, members: Sequence[Toll], *, total: bool) -> None:
    """The item around the claim: what else stands in it, whom it credits, what it is about."""
    if claim.attribution and any(m.attribution and same_voice(claim, m) for m in members):
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
    if claim.around.figures and not daily:
        with_others = [member for member in members if member.around.figures]
        scales.put(max((_alike(claim, m) for m in with_others), default=0.0), "other harms told alike")
    _weigh_cause(scales, claim, members)
    if not daily and CONFLICTING not in (found["place"], found.get("date")) and copied(claim, members):
        scales.put(2.0, "copy of one text")
    scales.put((1.5 if total else 1.0) * surroundings(claim, members), "names in common")


def _alike(claim: Toll, member: Toll) -> float:
    """Points for the figures that two items tell of the same harms, the claims' own among them."""
    others = member.around.figures
    beside = [
        (figure, min(near))
        for harm, figure in claim.around.figures
        if (near := [_factor(figure, other) for kind, other in others if kind == harm])
    ]
    if not beside:
        return 0.0
    mine, theirs = claim.figure, member.figure
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


def _falls(claim: Toll, member: Toll, mine: int, theirs: int) -> bool:
    """Whether the later of two tolls is far lower, which one that is counted on is not."""
    early, late = (mine, theirs) if claim.day < member.day else (theirs, mine)
    return claim.harm not in SHRINKING and late * _ALIKE < early


def _weigh_cause(scales: Scales, claim: Toll, members: Sequence[Toll]) -> None:
    if not claim.around.cause:
        return
    if has_rare_cause(claim, members):
        scales.put(_RARE_CAUSE, "same disaster")
        return
    mine, theirs = claim.around, [member.around for member in members]
    if causes.are_apart(mine.causes, frozenset().union(*(one.causes for one in theirs))):
        scales.put(_OTHER_CAUSE, "other cause")
    elif any(mine.cause & one.cause for one in theirs):
        scales.put(_COMMON_CAUSE, "same cause")


def _factor(a: int, b: int) -> float:
    return a / b if a > b else b / a


def _apart(scales: Scales, claim: Toll, told_here: Sequence[Toll], *, total: bool) -> float:
    """Points against one toll told twice in one item: unless two sources speak of it, or one figure is vague.

    A headline tells what its text tells: the same figure in both is one toll, whatever place and day were read.
    """
    if any(_is_headline_of(claim, m) for m in told_here):
        return _HEADLINE
    where = claim.fact.place
    here = scales.slots["place"] is SAME or (where is not None and all(m.fact.place == where for m in told_here))
    rivals = all(claim.attribution and m.attribution and not same_voice(claim, m) for m in told_here)
    if rivals and (total or here):
        return 0.0
    if all(_is_one_figure(claim, m) for m in told_here) and scales.slots["place"] is not CONFLICTING:
        return 0.0
    vague = any(claim.is_vague != m.is_vague for m in told_here)
    return -1.0 if here and (vague or scales.slots.get("date") is SAME) else -4.0


def _is_headline_of(claim: Toll, other: Toll) -> bool:
    figure = claim.count
    same = figure is not None and figure >= _FEW and figure == other.count
    return same and claim.of_title != other.of_title


def _is_one_figure(claim: Toll, other: Toll) -> bool:
    """Whether one figure is the other's, as a headline tells it: "nearly 1,700" or "over 1,600" above 1,697."""
    a, b = claim.count, other.count
    if a is None or b is None or a == b:
        return False
    headline = claim.of_title != other.of_title
    return same_figure(a, b) or (headline and _factor(a, b) <= _ALIKE and agreeing(claim.fact, other.fact))
