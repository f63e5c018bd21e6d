"""What stands around a toll in its item: the other harms of its happening, whom it credits, what the item is about.

A strike that kills seven and wounds 31 is hardly another than one of the same days in the same town that kills eight
and wounds 33: two figures that stay near each other say what neither says alone, even where the place or the day of one
was told otherwise or read wrongly.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import cast

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import same_figure, stated
from monitor.kinds.linking import Scales, copied, same_item, surroundings, tells
from monitor.kinds.voices import attribution, same_voice
from monitor.model import Agreement, Claim, Event

SAME, COMPATIBLE, CONFLICTING = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING

#: factor up to which two figures are equal, near, and told of one happening at all
_EQUAL, _NEAR, _ALIKE = 1.01, 1.1, 1.25
#: points where all harms are alike and one that is no small figure is near; small ones are near each other by chance
_ALL_ALIKE, _SMALL, _CHANCE = 2.7, 20, 5
#: ... and below this too common to be looked up by
_RARE = 15
_MOST_BESIDE = 3.0
#: harms told beside one that are kept
_KEPT = 8
#: the most that the items around two claims can add beside that: one source, a copy, names in common
_MOST = {"incident": 0.5 + 2.0 + 0.8, "cumulative": 1.5 + 2.0 + 1.5 * 0.8}
#: day and figure of a bulletin beside those of the day before
_NEXT_DAY = (COMPATIBLE, COMPATIBLE)


def _facts(claim: Claim) -> CasualtyUpdate:
    return cast("CasualtyUpdate", claim.event.facts)


def beside(event: Event, others: Sequence[Event]) -> str:
    """The figures of other harms of the same happening in an item, as "killed 7 missing 2"."""
    mine = cast("CasualtyUpdate", event.facts)
    said = [
        f"{fact.harm} {figure}"
        for other in others
        if (fact := cast("CasualtyUpdate", other.facts)).harm != mine.harm
        and (figure := stated(fact))
        and _is_one_happening(mine, fact)
    ]
    return " ".join(dict.fromkeys(said[:_KEPT]))


def _is_one_happening(a: CasualtyUpdate, b: CasualtyUpdate) -> bool:
    """Whether nothing says that two tolls of an item are of two places, days or sides."""
    pairs = ((a.place, b.place), (a.date, b.date), (a.side, b.side))
    return all(x is None or y is None or x == y for x, y in pairs)


@functools.lru_cache(maxsize=16_384)
def _figures(told: str) -> tuple[tuple[str, int], ...]:
    words = told.split()
    return tuple((harm, int(figure)) for harm, figure in zip(words[::2], words[1::2], strict=True))


def rare(claim: Claim) -> frozenset[str]:
    """The figures of other harms that are rare enough to be looked up by, as "killed 19"."""
    return frozenset(f"{harm} {figure}" for harm, figure in _figures(claim.beside) if figure >= _RARE)


def most(claim: Claim, scope: str) -> float:
    """The most points that ``weigh`` can add for a claim."""
    return _MOST[scope] + (_MOST_BESIDE if claim.beside else 0.0)


def weigh(scales: Scales, claim: Claim, members: Sequence[Claim], *, total: bool) -> None:
    """The item around the claim: what else stands in it, whom it credits, what it is about."""
    if attribution(claim) and any(attribution(m) and same_voice(claim, m) for m in members):
        scales.put(1.5 if total else 0.5, "same source")
    if told_here := same_item(claim, members):
        scales.put(_apart(scales, claim, told_here, total=total), "told apart in one item")
        return
    # A daily bulletin repeats its own words too: then place, day or figure say that it is about something else.
    found = scales.slots
    daily = (found.get("date"), found["count"]) == _NEXT_DAY
    if claim.beside and not daily:
        scales.put(max(_alike(claim, member) for member in members), "other harms told alike")
    if not daily and CONFLICTING not in (found["place"], found.get("date")) and copied(claim, members):
        scales.put(2.0, "copy of one text")
    scales.put((1.5 if total else 1.0) * surroundings(claim, members), "names in common")


def _alike(claim: Claim, member: Claim) -> float:
    """Points for the figures that two items tell of the same harms, the claims' own among them."""
    beside = [
        (figure, min(near))
        for harm, figure in _figures(claim.beside)
        if (near := [_factor(figure, other) for kind, other in _figures(member.beside) if kind == harm])
    ]
    if not beside:
        return 0.0
    same = sum(0.5 if figure < _CHANCE else 1 + tells(figure) for figure, factor in beside if factor <= _EQUAL)
    mine, theirs = stated(_facts(claim)), stated(_facts(member))
    every = [*beside, (mine, _factor(mine, theirs))] if mine and theirs else []
    alike = bool(every) and all(factor <= _ALIKE for _, factor in every)
    close = alike and any(figure >= _SMALL and factor <= _NEAR for figure, factor in every)
    return min(max(same, _ALL_ALIKE if close else 0.0), _MOST_BESIDE)


def _factor(a: int, b: int) -> float:
    return max(a, b) / min(a, b)


def _apart(scales: Scales, claim: Claim, told_here: Sequence[Claim], *, total: bool) -> float:
    """Points against one toll told twice in one item: unless two sources speak of it, or one figure is vague."""
    where = _facts(claim).place
    here = scales.slots["place"] is SAME or (where is not None and all(_facts(m).place == where for m in told_here))
    rivals = all(attribution(claim) and attribution(m) and not same_voice(claim, m) for m in told_here)
    if rivals and (total or here):
        return 0.0
    if all(_is_rounded(_facts(claim), _facts(m)) for m in told_here) and scales.slots["place"] is not CONFLICTING:
        return 0.0
    vague = any((_facts(claim).count is None) != (_facts(m).count is None) for m in told_here)
    return -1.0 if here and (vague or scales.slots.get("date") is SAME) else -4.0


def _is_rounded(a: CasualtyUpdate, b: CasualtyUpdate) -> bool:
    """Whether one figure is the other's, as a headline rounds it: "nearly 1,700" above 1,697."""
    return a.count is not None and b.count is not None and a.count != b.count and same_figure(a.count, b.count)
