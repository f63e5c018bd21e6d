"""Which casualty updates tell of one toll, and what a new one changes.

A toll is a harm of one incident (a strike, a battle, a flood) or one running total (of a side, a place, or all). An
incident is known by its place and day, a total by whose it is; figures are a hint for both, since tolls rise and sides
disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import cast

from monitor.kinds.casualty_update import toll
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import agreeing, apart, stated
from monitor.kinds.ground import Ground, country_of, ground, place_keys, spots
from monitor.kinds.linking import (
    Scales,
    Weighed,
    agree,
    context,
    copied,
    equal,
    nearest,
    refused,
    same_item,
    size_keys,
    time_keys,
    told_on,
)
from monitor.kinds.voices import attribution, opposed, same_voice
from monitor.model import Agreement, Claim

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT

summary = toll.summary
moves = toll.moves

#: days within which an incident is reported on, and a running total told anew
_INCIDENT, _TOTAL = 21, 90
_NEEDED = {"incident": 2.6, "cumulative": 2.6}


def facts(claim: Claim) -> CasualtyUpdate:
    """The claim's facts."""
    return cast("CasualtyUpdate", claim.event.facts)


def is_total(fact: CasualtyUpdate) -> bool:
    """Whether it is a running total."""
    return fact.scope == "cumulative"


# --- blocking --------------------------------------------------------------------------------------------------------


def keys(claim: Claim) -> frozenset[str]:
    """Blocking keys: by place and time; wider areas and nameless places only together with a like figure."""
    fact = facts(claim)
    harm = "killed" if fact.harm == "casualties" else fact.harm or "?"
    return _total_keys(claim, fact, harm) if is_total(fact) else _incident_keys(claim, fact, harm)


def _incident_keys(claim: Claim, fact: CasualtyUpdate, harm: str) -> frozenset[str]:
    times = time_keys({told_on(claim), fact.date or told_on(claim)}, _INCIDENT)
    sizes = size_keys(figure, 2) if (figure := stated(fact)) else frozenset("?")
    at = {f"at {place} {harm} {time}" for place in _at(fact) for time in times}
    areas = {f"in {area} {harm} {time} {size}" for area in _areas(fact) for time in times for size in sizes}
    days = {f"on {fact.date} {harm} {size}" for size in sizes if fact.date}
    return frozenset(at | areas | days)


def _total_keys(claim: Claim, fact: CasualtyUpdate, harm: str) -> frozenset[str]:
    times = time_keys({told_on(claim)}, _TOTAL)
    whose = {f"of {who}" for who in (fact.side, fact.place and country_of(fact.place)) if who}
    whose |= {f"at {place}" for place in _at(fact)}
    sizes = size_keys(figure, 2) if (figure := stated(fact)) else frozenset("?")
    anyone = {f"sum {harm} {time} {size}" for time in times for size in sizes}
    return frozenset({f"sum {who} {harm} {time}" for who in whose for time in times} | anyone)


def _at(fact: CasualtyUpdate) -> frozenset[str]:
    return place_keys(fact.place) if fact.place else frozenset()


def _areas(fact: CasualtyUpdate) -> set[str]:
    found = spots(fact.place) if fact.place else ()
    return {area for spot in found for area in (spot.name, spot.region, spot.country) if area}


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Claim, members: Sequence[Claim]) -> Weighed:
    """How well a claim fits to a known toll."""
    mine, theirs = facts(claim), [facts(member) for member in members]
    total = is_total(mine)
    scales = Scales(needed=_NEEDED["cumulative" if total else "incident"])
    if scales.slot("harm", agree(mine.harm, (f.harm for f in theirs), _harms), {COMPATIBLE: -0.5}) is CONFLICTING:
        return refused(scales.slots, "other harm")
    if scales.slot("side", _sides(mine, theirs), {SAME: 3.0 if total else 0.5}) is CONFLICTING:
        return refused(scales.slots, "other side")
    scales.slot("scope", agree(mine.scope, (f.scope for f in theirs), equal), {CONFLICTING: -2.5})
    (_weigh_total if total else _weigh_incident)(scales, claim, mine, members, theirs)
    _weigh_company(scales, claim, members, total=total)
    return scales.read()


def _harms(a: str, b: str) -> Agreement:
    if a == b:
        return SAME
    return COMPATIBLE if {a, b} == {"killed", "casualties"} else CONFLICTING


def _sides(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> Agreement:
    return agree(mine.side, (f.side for f in theirs), equal)


def _weigh_incident(
    scales: Scales, claim: Claim, mine: CasualtyUpdate, members: Sequence[Claim], theirs: Sequence[CasualtyUpdate]
) -> None:
    scales.slot("victims", agree(mine.victims, (f.victims for f in theirs), equal), {SAME: 0.3, CONFLICTING: -0.3})
    same, within = (1.0, 0.5) if _is_wide(mine) else (3.0, 1.5)
    scales.slot("place", _places(mine, theirs), {SAME: same, COMPATIBLE: within, CONFLICTING: -6.0})
    scales.slot("date", _days(claim, members), {SAME: 3.0, COMPATIBLE: 1.0, CONFLICTING: -6.0})
    if scales.slots["date"] is SILENT:
        days = nearest(claim, members)
        scales.put(next((p for most, p in ((2, 1.5), (7, 1.0), (14, 0.5), (30, 0.0)) if days <= most), -3.0), "time")
    factor = min((f for other in theirs if (f := apart(mine, other)) is not None), default=None)
    verdict = SILENT if factor is None else SAME if factor == 1.0 else COMPATIBLE if factor <= 2 else CONFLICTING
    worst = -1.5 if factor is None or factor <= 3 else -2.5
    telling = 0.5 if (stated(mine) or 0) < 5 else 1.5
    scales.slot("count", verdict, {SAME: telling, COMPATIBLE: 0.5, CONFLICTING: worst})


def _weigh_total(
    scales: Scales, claim: Claim, mine: CasualtyUpdate, members: Sequence[Claim], theirs: Sequence[CasualtyUpdate]
) -> None:
    scales.slot("victims", agree(mine.victims, (f.victims for f in theirs), equal), {SAME: 0.7, CONFLICTING: -3.0})
    place = _places(mine, theirs)
    if place is COMPATIBLE:  # the total of a town is not that of its country
        place = CONFLICTING
    scales.slot("place", place, {SAME: 3.0, CONFLICTING: -3.0})
    against = any(opposed(claim, member) for member in members)
    factor = min((f for other in theirs if (f := apart(mine, other)) is not None), default=None)
    steps = ((1.0, 2.5), (1.2, 1.5), (2.0, 0.5), (5.0, -1.0))
    points = 0.0 if factor is None else next((p for most, p in steps if factor <= most), -2.5)
    verdict = SILENT if factor is None else SAME if factor == 1.0 else COMPATIBLE if factor <= 2 else CONFLICTING
    scales.slot("count", verdict, {verdict: max(points, -0.5) if against else points})
    days = nearest(claim, members)
    scales.put(0.5 if days <= 30 else 0.0 if days <= 120 else -2.0, "time")


def _is_wide(fact: CasualtyUpdate) -> bool:
    return fact.place is not None and any(spot.level == "country" for spot in spots(fact.place))


def _places(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> Agreement:
    return agree(mine.place, (f.place for f in theirs), _place)


def _place(a: str, b: str) -> Agreement:
    stand = ground(a, b)
    return SAME if stand is Ground.SAME else COMPATIBLE if stand is Ground.WITHIN else CONFLICTING


def _days(claim: Claim, members: Sequence[Claim]) -> Agreement:
    mine = facts(claim).date
    if early := [m for m in members if _before(claim, m)]:
        return CONFLICTING if len(early) == len(members) else SILENT
    return agree(mine, (facts(member).date for member in members), _day)


def _before(a: Claim, b: Claim) -> bool:
    """Whether one was published before the other's day, so that it cannot be about it."""
    return any(
        (day := facts(x).date) is not None and (day - told_on(y)).days > 1 and facts(y).date is None
        for x, y in ((a, b), (b, a))
    )


def _day(a: dt.date, b: dt.date) -> Agreement:
    return SAME if a == b else COMPATIBLE if abs((a - b).days) == 1 else CONFLICTING


def _weigh_company(scales: Scales, claim: Claim, members: Sequence[Claim], *, total: bool) -> None:
    """The item around the claim: what else stands in it, whom it credits, what it is about."""
    if voices := [m for m in members if attribution(m)]:
        if attribution(claim) and any(same_voice(claim, m) for m in voices):
            scales.put(1.5 if total else 0.5, "same source")
    beside = same_item(claim, members)
    if beside:
        rival = all(attribution(claim) and attribution(m) and not same_voice(claim, m) for m in beside)
        if not rival:
            scales.put(-4.0, "told apart in one item")
        return
    if copied(claim, members) and any(agreeing(facts(claim), facts(m)) for m in members):
        scales.put(5.0, "copy of one text")
    share = context(claim, members)
    if share is not None:
        scales.put(min(1.2, 4 * share) if share > 0.1 else -1.0 if not total else -1.5, "names in common")
