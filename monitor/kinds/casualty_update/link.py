"""Which casualty updates tell of one toll, and what a new one changes.

A toll is a harm of one incident (a strike, a battle, a flood) or one running total (of a side, a place, or all). An
incident is known by its place and day, a total by whose it is; figures are a hint for both, since tolls rise and sides
disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from monitor.kinds.casualty_update import company, link_keys, toll
from monitor.kinds.casualty_update.said import Toll
from monitor.kinds.figures import agreeing
from monitor.kinds.ground import Ground, country_of, stand
from monitor.kinds.linking import (
    Scales,
    Weighed,
    finest,
    met,
    most_said,
    names_the_place_of,
    nearest,
    refused,
    tells,
)
from monitor.kinds.voices import opposed
from monitor.model import Agreement, Claim

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT
_STANDS = {Ground.SAME: SAME, Ground.WITHIN: COMPATIBLE, Ground.UNSURE: SILENT, Ground.OTHER: CONFLICTING}

facts = link_keys.facts
keys = link_keys.keys
seeks = link_keys.seeks
said = Toll
tally = toll.Tally
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
_BOTH = {"killed", "casualties"}
_SIDE, _SIDE_OF_TOTAL, _VICTIMS = {SAME: 0.5}, {SAME: 3.0}, {SAME: 0.3, CONFLICTING: -0.3}
#: points for another place; where one text names the other's place
_OTHER_PLACE, _NAMED_BESIDE = {CONFLICTING: -4.5}, -0.5
_NEEDED = {"incident": 2.6, "cumulative": 2.6}


def prominence(claim: Claim) -> float:
    """What a text says before what its headline rounds; then the higher figure, of which others are parts."""
    figure = facts(claim).count or 0
    return figure if claim.event.evidence.field == "text" else figure / 1e12


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Toll, members: Sequence[Toll]) -> Weighed:
    """How well a claim fits to a known toll."""
    total = claim.is_total and any(member.is_total for member in members)
    scope = "cumulative" if total else "incident"
    scales = Scales(needed=_NEEDED[scope])
    harms = {member.harm for member in members}
    if scales.slot("harm", _harms(claim.harm, harms), {COMPATIBLE: -0.5}) is CONFLICTING:
        return refused(scales.slots, "other harm")
    side = SILENT if claim.who is None else met(claim.who, {member.who for member in members})
    if scales.slot("side", side, _SIDE_OF_TOTAL if total else _SIDE) is CONFLICTING:
        return refused(scales.slots, "other side")
    # Who had to flee "so far" is counted on for weeks: a text hardly shows whether that is one incident's number.
    other = _SCOPE.get(claim.harm or "", -1.5)
    scales.slot("scope", met(claim.scope, {member.scope for member in members}), {CONFLICTING: other})
    (_weigh_total if total else _weigh_incident)(scales, claim, members)
    return scales.read()


def _harms(mine: str | None, theirs: Collection[str | None]) -> Agreement:
    if met(mine, theirs) is CONFLICTING and any({mine, other} == _BOTH for other in theirs):
        return COMPATIBLE
    return met(mine, theirs)


def _victims(claim: Toll, members: Sequence[Toll]) -> Agreement:
    return SILENT if claim.victims is None else met(claim.victims, {member.victims for member in members})


def _weigh_incident(scales: Scales, claim: Toll, members: Sequence[Toll]) -> None:
    scales.slot("victims", _victims(claim, members), _VICTIMS)
    stands = _places(claim, members)
    factor = _nearest_figure(claim, members)
    highest = _most_of_count(claim, factor)
    # Most of those that share a key are of another place, or day: what nothing else could make good is not looked at.
    if stands is CONFLICTING and not scales.can_reach(
        _NAMED_BESIDE + _most_of_day(claim, members) + highest + company.at_most(claim, total=False)
    ):
        scales.slot("place", stands, _OTHER_PLACE)
        return
    _weigh_place(scales, claim, members, stands)
    copies = scales.slots["place"] is not CONFLICTING
    most = highest + company.most(claim, members, total=False, copies=copies)
    if scales.can_reach((1.5 if claim.date is None else 3.0) + most):
        _weigh_day(scales, claim, members)
        if scales.can_reach(most):
            _weigh_count(scales, claim, members, factor)
            company.weigh(scales, claim, members, total=False)


def _most_of_count(claim: Toll, factor: float | None) -> float:
    """The most points that ``_weigh_count`` can give."""
    if factor is None:
        return 0.0
    if factor <= _SAME_FIGURE:
        return tells(claim.figure, 7.0 if factor <= 1.01 else 4.0)
    return 0.5 if factor <= 2 else 0.0 if factor <= 5 else -1.5


def _weigh_count(scales: Scales, claim: Toll, members: Sequence[Toll], factor: float | None) -> None:
    points = 0.0
    if factor is not None and factor <= 2:
        points = _most_of_count(claim, factor)
    elif factor is not None:
        falls = claim.harm not in toll.SHRINKING and all(
            (claim.figure or 0) < (member.figure or 0) and _is_told_later(claim, member) for member in members
        )
        one_day = scales.slots["date"] is SAME and scales.slots["place"] is SAME
        fall = -2.5 if one_day else -3.5  # a part, or an old count, is told of one incident
        steps = ((5.0, fall if falls else 0.0 if claim.harm in _SCOPE else -1.0), (20.0, fall if falls else -1.5))
        points = _step(factor, steps, -3.5)
    scales.slot("count", (verdict := _figure(factor)), {verdict: points})


def _is_told_later(claim: Toll, member: Toll) -> bool:
    """Whether a claim comes after another, as far as is known: within a day only their instants tell, or their item."""
    if claim.item == member.item and claim.source == member.source:
        return True
    if claim.at is not None and member.at is not None:
        return claim.at > member.at
    return claim.day > member.day


def _most_of_day(claim: Toll, members: Sequence[Toll]) -> float:
    """The most points that ``_weigh_day`` can give."""
    return 3.0 if claim.date is not None and any(member.date == claim.date for member in members) else 1.5


def _weigh_day(scales: Scales, claim: Toll, members: Sequence[Toll]) -> None:
    day = _days(claim, members)
    counted = day is CONFLICTING and _is_day_of_counting(claim, members)
    if counted and scales.slots["scope"] is CONFLICTING:
        day = SILENT  # a total that reads like an incident, on the day on which it was counted
    against = -6.0 if not counted else _RECOUNTED if claim.harm in toll.SHRINKING else _COUNTED
    if day is CONFLICTING and scales.slots["place"] is not CONFLICTING and company.has_rare_cause(claim, members):
        against = max(against, _OF_DISASTER)
    if scales.slot("date", day, {SAME: 3.0, COMPATIBLE: -1.8, CONFLICTING: against}) is SILENT:
        season = nearest(claim, members) <= _SEASON and (claim.figure or 0) >= _HIGH  # disasters last
        late = 0.0 if season else -3.0
        scales.put(_step(_behind(claim, members), ((1, 1.5), (3, 1.0), (7, 0.5), (30, 0.0)), late), "time")


def _weigh_place(scales: Scales, claim: Toll, members: Sequence[Toll], stands: Agreement) -> None:
    if stands is SAME or stands is COMPATIBLE or not claim.place or not any(m.place for m in members):
        same = 3.0 if claim.is_town else 1.0 if claim.place and claim.level == 0 else 2.5
        # Where one lies in the other, a region's count of the day is as likely as that of one of its towns.
        scales.slot("place", stands, {SAME: same, COMPATIBLE: -1.5})
    elif any(names_the_place_of(claim, m) or names_the_place_of(m, claim) for m in members if m.place):
        scales.slot("place", SILENT, {})
        scales.put(0.5 if stands is SILENT else _NAMED_BESIDE, "place named beside another")
    elif scales.slot("place", stands, _OTHER_PLACE) is SILENT:
        scales.put(-1.0, "place that is not listed")


def _behind(claim: Toll, members: Sequence[Toll]) -> int:
    """Days between the incident of one and the telling of the other; a month at most while it is retold."""
    when = claim.day if claim.date is None else claim.date
    days = min([abs(when - (m.day if m.date is None else m.date)) for m in members])
    return min(days, 30) if nearest(claim, members) <= _RETOLD else days


def _step(value: float | None, steps: Iterable[tuple[float, float]], beyond: float) -> float:
    """Points by size: those of the first step that is not exceeded; none without a value."""
    return 0.0 if value is None else next((points for most, points in steps if value <= most), beyond)


def _nearest_figure(claim: Toll, members: Sequence[Toll]) -> float | None:
    """The least factor between the claim's figure and a member's (``figures.apart``)."""
    mine, vague = claim.figure, claim.is_vague
    if mine is None:
        return None
    least: float | None = None
    for member in members:
        theirs = member.figure
        if theirs is None:
            continue
        if vague != member.is_vague and agreeing(claim.fact, member.fact):
            factor = 1.0
        else:
            factor = theirs / max(mine, 1) if theirs > mine else mine / max(theirs, 1)
        if least is None or factor < least:
            least = factor
    return least


def _figure(factor: float | None) -> Agreement:
    if factor is None:
        return SILENT
    return SAME if factor <= _SAME_FIGURE else COMPATIBLE if factor <= 2 else CONFLICTING


def _weigh_total(scales: Scales, claim: Toll, members: Sequence[Toll]) -> None:
    scales.slot("victims", _victims(claim, members), {SAME: 0.7, CONFLICTING: -3.5})
    place = _places(claim, members)
    factor = _nearest_figure(claim, members)
    if place is COMPATIBLE:  # the total of a town is not that of its country
        place = CONFLICTING
    # A side's losses are one total, and the place in such a sentence is often where they are counted; so it is where
    # two totals share a figure that towns hardly share.
    one_total = scales.slots["side"] is SAME or ((factor or 2) <= 1.01 and tells(claim.figure) >= _ODD)
    scales.slot("place", place, {SAME: 3.0, CONFLICTING: -1.0 if one_total else -3.0})
    nobody = place is SILENT and scales.slots["side"] is SILENT
    if nobody:
        scales.put(max(_whose(claim, other) for other in members), "whose")
    against = claim.party is not None and any(opposed(claim.party, member.party) for member in members)
    rounded = 1.5 if nobody else max(2.5, tells(claim.figure))
    # A total of which nothing says whose it is has only its figure: two that are merely near each other are two.
    steps = ((1.01, max(2.5, tells(claim.figure))), (_SAME_FIGURE, rounded), (1.2, 1.5), (2.0, 0.5), (5.0, -1.0))
    points = _step(factor, steps, -2.5)
    scales.slot("count", (verdict := _figure(factor)), {verdict: max(points, -0.5) if against else points})
    scales.put(_step(nearest(claim, members), ((30, 0.5), (120, 0.0)), -2.0), "time")
    if scales.can_reach(company.at_most(claim, total=True)) and scales.can_reach(
        company.most(claim, members, total=True, copies=place is not CONFLICTING)
    ):
        company.weigh(scales, claim, members, total=True)


def _whose(claim: Toll, member: Toll) -> float:
    """Points for a total of a place beside one of a side: a country's is its people's, else they are two totals."""
    a, b = claim.fact, member.fact
    for x, y, level in ((a, b, claim.level), (b, a, member.level)):
        if x.place and not y.place and y.side:
            return 2.0 if level == 0 and country_of(x.place) == y.side else -2.0
    if a.place and b.place:
        return -1.5
    return -0.7 if a.side or b.side else 0.0


def _places(claim: Toll, members: Sequence[Toll]) -> Agreement:
    """A town is the event's if any member names it; another place is held beside the finest of them.

    Else a report on a region would lead from one of its towns to the next.
    """
    if not claim.place:
        return SILENT
    named = {member.place: member.spots for member in members if member.place}
    if not named:
        return SILENT
    if len(named) > 1:
        if claim.is_town and any(stand(claim.spots, spots) is Ground.SAME for spots in named.values()):
            return SAME
        best = finest([member.place for member in members])
        return SILENT if best is None else _STANDS[stand(claim.spots, named[best])]
    return next(_STANDS[stand(claim.spots, spots)] for spots in named.values())


def _days(claim: Toll, members: Sequence[Toll]) -> Agreement:
    day, told = claim.date, claim.day
    # Published before the other's day, the one that does not say its own cannot be about it.
    if day is None:
        early = sum([member.date is not None and member.date - told > 1 for member in members])
    else:
        early = sum([member.date is None and day - member.day > 1 for member in members])
    if early:
        return CONFLICTING if early == len(members) else SILENT
    most = None if day is None else most_said([member.date for member in members])
    if day is None or most is None:
        return SILENT
    return SAME if day == most else COMPATIBLE if abs(day - most) == 1 else CONFLICTING


def _is_day_of_counting(claim: Toll, members: Sequence[Toll]) -> bool:
    """Whether the day of the later may be that on which it was said or counted, of something that happened before."""
    return all(
        late.date is not None and 0 <= late.day - late.date <= 1
        for late in (member if member.day > claim.day else claim for member in members)
    )
