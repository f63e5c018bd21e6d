"""Blocking keys of a casualty update: what two claims of one toll share, and few others do."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from operator import attrgetter

from monitor.kinds.casualty_update import company
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import stated
from monitor.kinds.ground import area_keys, country_of, is_listed, parts, place_keys
from monitor.kinds.linking import size_keys, time_keys, told_on
from monitor.model import Claim

#: days within which an incident is reported on, and a running total told anew
_INCIDENT, _TOTAL = 21, 90
#: days within which a figure tells an incident whose place or day is not said, and within which a region does
_SAME_WEEK, _SAME_DAYS = 7, 2
#: figures from which on one is rare enough to be looked up without a place: within a week, within a season
_RARE, _HIGH, _SEASON = 15, 1000, 60
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
    return _keys(claim, _sorts_of_place(facts(claim)))


def seeks(claim: Claim) -> frozenset[str]:
    """The same, with other keys for the figure: two places that the gazetteer lists are not one for a like figure.

    What a figure alone can join to a toll of a place is one of no place, or of a place that may be a quarter of it.
    """
    return _keys(claim, frozenset(sort for own in _sorts_of_place(facts(claim)) for sort in _MET_BY_FIGURE[own]))


def _sorts_of_place(fact: CasualtyUpdate) -> frozenset[str]:
    listed = (("unlisted", "listed")[is_listed(part)] for part in parts(fact.place or ""))
    return frozenset(listed) or frozenset(("nowhere",))


def _keys(claim: Claim, sorts: Collection[str]) -> frozenset[str]:
    fact = facts(claim)
    harm = "killed" if fact.harm == "casualties" else fact.harm or "?"
    found = _total_keys(claim, fact) if is_total(fact) else _incident_keys(claim, fact)
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
    sizes = size_keys(figure, 1.06)
    found = {f"any {sort} {time} {size}" for sort in sorts for time in week for size in sizes}
    if claim.beside:
        found |= {f"with {told} {t}" for told in company.rare(claim) for t in time_keys(days, _SAME_WEEK)}
    return found | {f"high {time} {size}" for time in season for size in sizes}


def _incident_keys(claim: Claim, fact: CasualtyUpdate) -> set[str]:
    days = {told_on(claim), fact.date or told_on(claim)}
    sizes = _sizes(fact)
    week = time_keys(days, _SAME_WEEK)
    areas = {f"in {area} {time} {size}" for area in _areas(fact) for time in week for size in sizes}
    near = {f"near {a} {time}" for a in _areas(fact) if not a.isupper() for time in time_keys(days, _SAME_DAYS)}
    return areas | near | {f"on {fact.date} {size}" for size in sizes if fact.date}


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


def _areas(fact: CasualtyUpdate) -> frozenset[str]:
    return area_keys(fact.place) if fact.place else frozenset()
