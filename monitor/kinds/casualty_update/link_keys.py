"""Blocking keys of a casualty update: what two claims of one toll share, and few others do."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from operator import attrgetter

from monitor.kinds.casualty_update import company
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import stated
from monitor.kinds.ground import areas, country_of, is_listed, level, parts, place_keys
from monitor.kinds.linking import size_keys, time_keys, told_on
from monitor.model import Claim

#: days within which an incident is reported on, and a running total told anew
_INCIDENT, _TOTAL = 21, 90
#: days within which a figure tells an incident whose place or day is not said, and within which a region does
_SAME_WEEK, _SAME_DAYS = 7, 2
#: figures from which on one is rare enough to be looked up without a place: within a week, within a season
_RARE, _HIGH, _SEASON = 15, 1000, 60
#: factor up to which two figures may be one
_ONE_FIGURE = 1.06
#: which tolls a figure alone can join, by what the gazetteer knows of their places
_MET_BY_FIGURE = {
    "nowhere": ("nowhere", "listed", "unlisted"),
    "listed": ("nowhere", "unlisted"),
    "unlisted": ("nowhere", "listed"),
}


#: a claim's facts, asked for more often than anything else
facts: Callable[[Claim], CasualtyUpdate] = attrgetter("event.facts")


def is_total(fact: CasualtyUpdate) -> bool:
    """Whether it is a running total."""
    return fact.scope == "cumulative"


def keys(claim: Claim) -> frozenset[str]:
    """Blocking keys: by place and time; wider areas and nameless places only together with a like figure.

    Both scopes share some, because a text does not always show whether it counts an incident or a whole siege.
    """
    fact = facts(claim)
    around, own = _areas(fact)
    return _keys(claim, _sorts_of_place(fact), inside=around, outside=own)


def seeks(claim: Claim) -> frozenset[str]:
    """The same, with other keys for the figure and for areas: two places that the gazetteer lists are not one.

    What a figure alone can join to a toll of a place is one of no place, or of a place that may be a quarter of it;
    what an area can, is one of the area itself, or of a place in it.
    """
    fact = facts(claim)
    around, own = _areas(fact)
    sorts = frozenset(sort for own_sort in _sorts_of_place(fact) for sort in _MET_BY_FIGURE[own_sort])
    return _keys(claim, sorts, inside=own, outside=around)


def _sorts_of_place(fact: CasualtyUpdate) -> frozenset[str]:
    listed = (("unlisted", "listed")[is_listed(part)] for part in parts(fact.place or ""))
    return frozenset(listed) or frozenset(("nowhere",))


def _keys(claim: Claim, sorts: Collection[str], *, inside: Collection[str], outside: Collection[str]) -> frozenset[str]:
    """Keys with the sorts of place, and with areas that stand for a place in them, and for themselves."""
    fact = facts(claim)
    harm = "killed" if fact.harm == "casualties" else fact.harm or "?"
    wider = {f"in {area}" for area in inside} | {f"is {area}" for area in outside}
    found = _total_keys(claim, fact) if is_total(fact) else _incident_keys(claim, fact, wider, sorts)
    return frozenset(f"{harm} {key}" for key in found | _figure_keys(claim, fact, sorts) | _place_keys(claim, fact))


def _place_keys(claim: Claim, fact: CasualtyUpdate) -> set[str]:
    times = time_keys({told_on(claim), fact.date or told_on(claim)}, _INCIDENT)
    return {f"at {place} {time}" for place in _at(fact) for time in times}


def _figure_keys(claim: Claim, fact: CasualtyUpdate, sorts: Collection[str]) -> set[str]:
    """A figure that is rare enough tells an event without a place: for a week, a high one for longer."""
    figure = stated(fact) or 0
    days = {told_on(claim), fact.date or told_on(claim)}
    week = time_keys(days, _SAME_WEEK) if figure >= _RARE else ()
    season = time_keys(days, _SEASON) if figure >= _HIGH else ()
    sizes = size_keys(figure, _ONE_FIGURE)
    found = {f"any {sort} {time} {size}" for sort in sorts for time in week for size in sizes}
    if claim.beside:
        found |= {f"with {told} {t}" for told in company.rare(claim) for t in time_keys(days, _SAME_WEEK)}
    return found | {f"high {time} {size}" for time in season for size in sizes}


def _incident_keys(claim: Claim, fact: CasualtyUpdate, wider: Collection[str], sorts: Collection[str]) -> set[str]:
    sizes = _sizes(fact)
    days = {told_on(claim), fact.date or told_on(claim)}
    week = time_keys(days, _SAME_WEEK)
    found = {f"{area} {time} {size}" for area in wider for time in week for size in sizes}
    found |= {f"near {a} {t}" for a in wider if not a[3:].isupper() for t in time_keys(days, _SAME_DAYS)}
    if country := fact.place and level(fact.place) > 0 and country_of(fact.place):
        found |= {f"land {country} {day} {size}" for day in _own_days(claim, fact) for size in sizes}
    if fact.date:
        found |= {f"on {fact.date} {sort} {size}" for sort in sorts for size in sizes}
        found |= {f"on {fact.date} {size}" for size in _sizes(fact, _ONE_FIGURE)}
    return found


def _own_days(claim: Claim, fact: CasualtyUpdate) -> tuple[int, ...]:
    """The day of an incident; where it is not said, that on which it was told, and the one before."""
    told = told_on(claim).toordinal()
    return (fact.date.toordinal(),) if fact.date else (told, told - 1)


def _total_keys(claim: Claim, fact: CasualtyUpdate) -> set[str]:
    times = time_keys({told_on(claim)}, _TOTAL)
    whose = {f"of {who}" for who in (fact.side, fact.place and country_of(fact.place)) if who}
    whose |= {f"at {place}" for place in _at(fact)}
    anyone = {f"sum {time} {size}" for time in times for size in _sizes(fact, 1.12)}
    return {f"sum {who} {time}" for who in whose for time in times} | anyone


def _sizes(fact: CasualtyUpdate, base: float = 2) -> frozenset[str]:
    """Magnitudes that a figure may have; of a vague one all from what its word means at least.

    A figure within a factor ``base`` of another shares one with it.
    """
    figure = stated(fact)
    if not figure:
        return frozenset("?")
    reach = 10 if fact.count is None and fact.high is None else 1
    steps = [base**n for n in range(math.ceil(math.log(reach, base)) + 1)]
    return frozenset(size for step in steps for size in size_keys(figure * step, base))


def _at(fact: CasualtyUpdate) -> frozenset[str]:
    return place_keys(fact.place) if fact.place else frozenset()


def _areas(fact: CasualtyUpdate) -> tuple[frozenset[str], frozenset[str]]:
    return areas(fact.place) if fact.place else (frozenset(), frozenset())
