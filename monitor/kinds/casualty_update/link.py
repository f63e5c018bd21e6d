"""Which casualty updates tell of one toll, and what a new one changes.

A toll is a harm of one incident (a strike, a battle, a flood) or one running total (of a side, a place, or all). An
incident is known by its place and day, a total by whose it is; figures are a hint for both, since tolls rise and sides
disagree.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence

from monitor.kinds.casualty_update import company, link_keys, toll
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import apart, stated
from monitor.kinds.ground import (
    Ground,
    actor,
    country_of,
    ground,
    is_town,
    level,
)
from monitor.kinds.linking import (
    Scales,
    Weighed,
    agree,
    equal,
    finest,
    most_said,
    names_the_place_of,
    nearest,
    refused,
    same_item,
    tells,
    told_on,
)
from monitor.kinds.voices import opposed, party
from monitor.model import Agreement, Claim

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT
_STANDS = {Ground.SAME: SAME, Ground.WITHIN: COMPATIBLE, Ground.UNSURE: SILENT, Ground.OTHER: CONFLICTING}

facts = link_keys.facts
is_total = link_keys.is_total
keys = link_keys.keys
seeks = link_keys.seeks
summary = toll.summary
moves = toll.moves
beside = company.beside

#: days of silence after which an incident that is told without its day is held to be another
_RETOLD = 14
#: days for which a disaster is told, and figures from which on a happening is one
_SEASON, _HIGH = 60, 1000
#: factor up to which two figures are one
_SAME_FIGURE = 1.05
#: points of a figure of so many digits that two totals hardly share it by chance
_ODD = 3.0
#: points against another day where the later claim's is that of its telling, often read for that of the incident
_COUNTED = -3.5
#: ... and of those who are counted anew each day
_RECOUNTED = -0.8
#: ... and of a disaster, of which a day of rescue is easily taken for that of the blow
_OF_DISASTER = -2.0
#: points against an incident's number beside a total, of those whose numbers grow day by day
_SCOPE = {"displaced": -0.3, "evacuated": -0.3}
_NEEDED = {"incident": 2.6, "cumulative": 2.6}


def prominence(claim: Claim) -> float:
    """What a text says before what its headline rounds; then the higher figure, of which others are parts."""
    figure = facts(claim).count or 0
    return figure if claim.event.evidence.field == "text" else figure / 1e12


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Claim, members: Sequence[Claim]) -> Weighed:
    """How well a claim fits to a known toll."""
    mine, theirs = facts(claim), [facts(member) for member in members]
    total = is_total(mine) and any(map(is_total, theirs))
    scope = "cumulative" if total else "incident"
    scales = Scales(needed=_NEEDED[scope])
    one_harm = all(f.harm == mine.harm for f in theirs) and mine.harm is not None
    harm = SAME if one_harm else agree(mine.harm, (f.harm for f in theirs), _harms)
    if scales.slot("harm", harm, {COMPATIBLE: -0.5}) is CONFLICTING:
        return refused(scales.slots, "other harm")
    if scales.slot("side", _sides(mine, theirs), {SAME: 3.0 if total else 0.5}) is CONFLICTING:
        return refused(scales.slots, "other side")
    # Who had to flee "so far" is counted on for weeks: a text hardly shows whether that is one incident's number.
    scales.slot(
        "scope", agree(mine.scope, (f.scope for f in theirs), equal), {CONFLICTING: _SCOPE.get(mine.harm or "", -1.5)}
    )
    (_weigh_total if total else _weigh_incident)(scales, claim, mine, members, theirs)
    return scales.read()


def _harms(a: str, b: str) -> Agreement:
    if a == b:
        return SAME
    return COMPATIBLE if {a, b} == {"killed", "casualties"} else CONFLICTING


def _sides(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> Agreement:
    return SILENT if mine.side is None else agree(mine.side, (f.side for f in theirs), _side)


def _side(a: str, b: str) -> Agreement:
    return SAME if actor(a) == actor(b) else CONFLICTING


def _weigh_incident(
    scales: Scales, claim: Claim, mine: CasualtyUpdate, members: Sequence[Claim], theirs: Sequence[CasualtyUpdate]
) -> None:
    scales.slot("victims", _victims(mine, theirs), {SAME: 0.3, CONFLICTING: -0.3})
    _weigh_place(scales, claim, members)
    factor = _nearest_figure(mine, theirs)
    # Most of those that share a key are of another place, or day: what nothing else could make good is not looked at.
    copies = scales.slots["place"] is not CONFLICTING
    most = _most_of_count(mine, factor) + company.most(claim, members, total=False, copies=copies)
    if scales.can_reach((1.5 if mine.date is None else 3.0) + most):
        _weigh_day(scales, claim, members)
        if scales.can_reach(most):
            _weigh_count(scales, claim, mine, members, factor)
            company.weigh(scales, claim, members, total=False)


def _victims(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> Agreement:
    return SILENT if mine.victims is None else agree(mine.victims, (f.victims for f in theirs), equal)


def _most_of_count(mine: CasualtyUpdate, factor: float | None) -> float:
    """The most points that ``_weigh_count`` can give."""
    steps = ((1.01, tells(stated(mine), 7.0)), (_SAME_FIGURE, tells(stated(mine))), (2.0, 0.5), (5.0, 0.0))
    return _step(factor, steps, -1.5)


def _weigh_count(
    scales: Scales, claim: Claim, mine: CasualtyUpdate, members: Sequence[Claim], factor: float | None
) -> None:
    falls = mine.harm not in toll.SHRINKING and all(
        (stated(mine) or 0) < (stated(facts(member)) or 0) and _is_told_later(claim, member) for member in members
    )
    one_day = scales.slots["date"] is SAME and scales.slots["place"] is SAME
    fall = -2.5 if one_day else -3.5  # a part, or an old count, is told of one incident
    steps = (
        (1.01, tells(stated(mine), 7.0)),
        (_SAME_FIGURE, tells(stated(mine))),
        (2.0, 0.5),
        (5.0, fall if falls else 0.0 if mine.harm in _SCOPE else -1.0),
        (20.0, fall if falls else -1.5),
    )
    scales.slot("count", (verdict := _figure(factor)), {verdict: _step(factor, steps, -3.5)})


def _is_told_later(claim: Claim, member: Claim) -> bool:
    """Whether a claim comes after another, as far as is known: within a day only their instants tell, or their item."""
    if same_item(claim, (member,)):
        return True
    if claim.published_at is not None and member.published_at is not None:
        return claim.published_at > member.published_at
    return told_on(claim) > told_on(member)


def _weigh_day(scales: Scales, claim: Claim, members: Sequence[Claim]) -> None:
    day = _days(claim, members)
    counted = day is CONFLICTING and _is_day_of_counting(claim, members)
    if counted and scales.slots["scope"] is CONFLICTING:
        day = SILENT  # a total that reads like an incident, on the day on which it was counted
    against = -6.0 if not counted else _RECOUNTED if facts(claim).harm in toll.SHRINKING else _COUNTED
    if day is CONFLICTING and scales.slots["place"] is not CONFLICTING and company.has_rare_cause(claim, members):
        against = max(against, _OF_DISASTER)
    if scales.slot("date", day, {SAME: 3.0, COMPATIBLE: -1.8, CONFLICTING: against}) is SILENT:
        season = nearest(claim, members) <= _SEASON and (stated(facts(claim)) or 0) >= _HIGH  # disasters last
        late = 0.0 if season else -3.0
        scales.put(_step(_behind(claim, members), ((1, 1.5), (3, 1.0), (7, 0.5), (30, 0.0)), late), "time")


def _weigh_place(scales: Scales, claim: Claim, members: Sequence[Claim]) -> None:
    mine, theirs = facts(claim), [facts(member) for member in members]
    stand = _places(mine, theirs)
    if stand is SAME or stand is COMPATIBLE or not mine.place or not any(f.place for f in theirs):
        same = 3.0 if mine.place and is_town(mine.place) else 1.0 if mine.place and level(mine.place) == 0 else 2.5
        # Where one lies in the other, a region's count of the day is as likely as that of one of its towns.
        scales.slot("place", stand, {SAME: same, COMPATIBLE: -1.5})
    elif any(names_the_place_of(claim, m) or names_the_place_of(m, claim) for m in members if facts(m).place):
        scales.slot("place", SILENT, {})
        scales.put(0.5 if stand is SILENT else -0.5, "place named beside another")
    elif scales.slot("place", stand, {CONFLICTING: -4.5}) is SILENT:
        scales.put(-1.0, "place that is not listed")


def _behind(claim: Claim, members: Sequence[Claim]) -> int:
    """Days between the incident of one and the telling of the other; a month at most while it is retold."""
    when = facts(claim).date or told_on(claim)
    days = min(abs((when - (facts(m).date or told_on(m))).days) for m in members)
    return min(days, 30) if nearest(claim, members) <= _RETOLD else days


def _step(value: float | None, steps: Iterable[tuple[float, float]], beyond: float) -> float:
    """Points by size: those of the first step that is not exceeded; none without a value."""
    return 0.0 if value is None else next((points for most, points in steps if value <= most), beyond)


def _nearest_figure(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> float | None:
    return min((factor for other in theirs if (factor := apart(mine, other)) is not None), default=None)


def _figure(factor: float | None) -> Agreement:
    if factor is None:
        return SILENT
    return SAME if factor <= _SAME_FIGURE else COMPATIBLE if factor <= 2 else CONFLICTING


def _weigh_total(
    scales: Scales, claim: Claim, mine: CasualtyUpdate, members: Sequence[Claim], theirs: Sequence[CasualtyUpdate]
) -> None:
    scales.slot("victims", _victims(mine, theirs), {SAME: 0.7, CONFLICTING: -3.5})
    place = _places(mine, theirs)
    factor = _nearest_figure(mine, theirs)
    if place is COMPATIBLE:  # the total of a town is not that of its country
        place = CONFLICTING
    # A side's losses are one total, and the place in such a sentence is often where they are counted; so it is where
    # two totals share a figure that towns hardly share.
    one_total = scales.slots["side"] is SAME or ((factor or 2) <= 1.01 and tells(stated(mine)) >= _ODD)
    scales.slot("place", place, {SAME: 3.0, CONFLICTING: -1.0 if one_total else -3.0})
    nobody = place is SILENT and scales.slots["side"] is SILENT
    if nobody:
        scales.put(max((_whose(mine, other) for other in theirs), default=0.0), "whose")
    against = party(claim) is not None and any(opposed(claim, member) for member in members)
    rounded = 1.5 if nobody else max(2.5, tells(stated(mine)))
    # A total of which nothing says whose it is has only its figure: two that are merely near each other are two.
    steps = ((1.01, max(2.5, tells(stated(mine)))), (_SAME_FIGURE, rounded), (1.2, 1.5), (2.0, 0.5), (5.0, -1.0))
    points = _step(factor, steps, -2.5)
    scales.slot("count", (verdict := _figure(factor)), {verdict: max(points, -0.5) if against else points})
    scales.put(_step(nearest(claim, members), ((30, 0.5), (120, 0.0)), -2.0), "time")
    if scales.can_reach(company.most(claim, members, total=True, copies=place is not CONFLICTING)):
        company.weigh(scales, claim, members, total=True)


def _whose(a: CasualtyUpdate, b: CasualtyUpdate) -> float:
    """Points for a total of a place beside one of a side: a country's is its people's, else they are two totals."""
    for x, y in ((a, b), (b, a)):
        if x.place and not y.place and y.side:
            return 2.0 if level(x.place) == 0 and country_of(x.place) == y.side else -2.0
    if a.place and b.place:
        return -1.5
    return -0.7 if a.side or b.side else 0.0


def _places(mine: CasualtyUpdate, theirs: Iterable[CasualtyUpdate]) -> Agreement:
    """A town is the event's if any member names it; another place is held beside the finest of them.

    Else a report on a region would lead from one of its towns to the next.
    """
    if not mine.place:
        return SILENT
    return _places_named(mine.place, tuple([f.place for f in theirs if f.place]))


@functools.lru_cache(maxsize=4096)
def _places_named(place: str, named: tuple[str, ...]) -> Agreement:
    best = agree(place, named, _place)
    is_one = best is SAME and is_town(place)
    return SAME if is_one else agree(place, [finest(named)], _place)


def _place(a: str, b: str) -> Agreement:
    return _STANDS[ground(a, b)]


def _days(claim: Claim, members: Sequence[Claim]) -> Agreement:
    mine = facts(claim).date
    if early := [m for m in members if _before(claim, m)]:
        return CONFLICTING if len(early) == len(members) else SILENT
    return agree(mine, [most_said(facts(member).date for member in members)], _day)


def _is_day_of_counting(claim: Claim, members: Sequence[Claim]) -> bool:
    """Whether the day of the later may be that on which it was said or counted, of something that happened before."""
    return all(
        (day := facts(late).date) is not None and 0 <= (told_on(late) - day).days <= 1
        for late in (max((claim, member), key=told_on) for member in members)
    )


def _before(a: Claim, b: Claim) -> bool:
    """Whether one was published before the other's day, so that it cannot be about it."""
    return any(
        (day := facts(x).date) is not None and (day - told_on(y)).days > 1 and facts(y).date is None
        for x, y in ((a, b), (b, a))
    )


def _day(a: dt.date, b: dt.date) -> Agreement:
    return SAME if a == b else COMPATIBLE if abs((a - b).days) == 1 else CONFLICTING
