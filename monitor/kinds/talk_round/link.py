"""Which claims tell of one round of talks, and what a new one changes.

A meeting is known by who talks and its day and place, or by its number in a series. It is planned, under way, held or
called off, and may be put off to another day as long as it was not held.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import cast

from monitor.kinds.ground import Ground, Sort, Spot, actor, stand
from monitor.kinds.linking import (
    MOST_AROUND,
    Scales,
    Weighed,
    agree,
    copied,
    met,
    most_said,
    nearest,
    refused,
    same_item,
    surroundings,
    time_keys,
    told_on,
)
from monitor.kinds.talk_round import course
from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.talk_round.said import ONE_NAME, Round
from monitor.model import Agreement, Claim, Event, Item

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT
_STANDS = {Ground.SAME: SAME, Ground.WITHIN: COMPATIBLE, Ground.UNSURE: SILENT, Ground.OTHER: CONFLICTING}

said = Round
tally = course.Tally
moves = course.moves

#: days within which a meeting is spoken of, before and after
_WINDOW = 60
#: days by which a meeting that was not held may be put off
_PUT_OFF = 28
#: how many days talks go on after they are reported to be under way
_LASTS = 10
#: points against another day of one round at one place: it may have begun on the one and ended on the other
_DAY_OF_ROUND = -2.0
#: points for one day, and for a copy of one text
_SAME_DAY, _COPY = 3.0, 2.0
_PARTIES = {SAME: 2.5, COMPATIBLE: 1.5}
_ROUND = {SAME: 2.5, CONFLICTING: -1.5}
_PLACE = {SAME: 1.5, COMPATIBLE: 1.0, CONFLICTING: -3.0}
_MODE = {SAME: 0.3, COMPATIBLE: -0.5, CONFLICTING: -3.0}
_NEEDED = 4.0
_OVER = ("ongoing", "held")

_Actor = tuple[str, Sort]


def facts(claim: Claim) -> TalkRound:
    """The claim's facts."""
    return cast("TalkRound", claim.event.facts)


def keys(claim: Claim) -> frozenset[str]:
    """Blocking keys: each two of the parties, groups without a code under one sign, and the time."""
    fact = facts(claim)
    times = time_keys({told_on(claim), fact.date or told_on(claim)}, _WINDOW)
    named = (actor(party) for party in fact.parties)
    parties = sorted({name if sort in ONE_NAME else "*" for name, sort in named})
    pairs = list(combinations(parties, 2)) or [(party, "-") for party in parties]
    return frozenset(f"{a} {b} {time}" for a, b in pairs for time in times)


seeks = keys


def beside(event: Event, item: Item, others: Sequence[Event]) -> str:
    """Nothing: one item tells of meetings that have nothing to do with each other."""
    return ""


def prominence(claim: Claim) -> float:
    """All the same: told in the order of the text."""
    return 0.0


# --- weighing --------------------------------------------------------------------------------------------------------


def weigh(claim: Round, members: Sequence[Round]) -> Weighed:
    """How well a claim fits to a known meeting."""
    scales = Scales(needed=_NEEDED)
    parties = agree(claim.parties, [member.parties for member in members], _parties)
    if scales.slot("parties", parties, _PARTIES) in (CONFLICTING, SILENT):
        return refused(scales.slots, "other parties")
    if claim.has_group:
        scales.put(0.5, "talks with an armed group are few")
    # Outlets count rounds differently, from the first contact or from the last breakdown: a hint, never a key.
    scales.slot("round", met(claim.round, [member.round for member in members]), _ROUND)
    scales.slot("place", agree(claim.spots, [member.spots for member in members], _place), _PLACE)
    scales.slot("mode", agree(claim.mode, [member.mode for member in members], _mode), _MODE)
    if scales.can_reach(_SAME_DAY + _COPY + MOST_AROUND):
        _weigh_day(scales, claim, members)
        if scales.can_reach(_COPY + MOST_AROUND):
            _weigh_company(scales, claim, members)
    return scales.read()


def _parties(mine: frozenset[_Actor], theirs: frozenset[_Actor]) -> Agreement:
    if mine == theirs:
        return SAME
    fixed = [{name for name, sort in who if sort in ONE_NAME} for who in (mine, theirs)]
    groups = [{name for name, sort in who if sort not in ONE_NAME} for who in (mine, theirs)]
    if all(groups) and fixed[0] == fixed[1] != set():
        return COMPATIBLE if _same_groups(mine, theirs) else CONFLICTING
    shared = mine & theirs
    return COMPATIBLE if len(shared) >= 2 and 2 * len(shared) > min(len(mine), len(theirs)) else CONFLICTING


def _same_groups(mine: frozenset[_Actor], theirs: frozenset[_Actor]) -> bool:
    """Whether groups may be the same: rebels have as many names as tellers, but two that are known are two."""
    known = [{name for name, sort in who if sort is Sort.GROUP} for who in (mine, theirs)]
    return not all(known) or bool(known[0] & known[1])


def _place(mine: tuple[Spot, ...], theirs: tuple[Spot, ...]) -> Agreement:
    return _STANDS[stand(mine, theirs)]


def _mode(a: str, b: str) -> Agreement:
    return SAME if a == b else COMPATIBLE if "in_person" not in (a, b) else CONFLICTING


def _weigh_day(scales: Scales, claim: Round, members: Sequence[Round]) -> None:
    day, days = claim.date, [member.date for member in members if member.date is not None]
    if day is not None and days:
        most = most_said(days)  # a day off is a day off it, or a call a day would run together
        near = most is not None and abs(day - most) == 1
        verdict = SAME if day in days else COMPATIBLE if near else CONFLICTING
        moved = scales.slots["place"] in (SAME, COMPATIBLE) and (
            _put_off(day, members) or any(_goes_on(day, member) for member in members)
        )
        if verdict is CONFLICTING and moved:
            scales.slot("date", COMPATIBLE, {COMPATIBLE: 0.5})
            return
        numbered = scales.slots["round"] is SAME and scales.slots["place"] in (SAME, COMPATIBLE)
        near = nearest(claim, members) <= _WINDOW / 2
        against = _DAY_OF_ROUND if numbered and near else -5.0
        scales.slot("date", verdict, {SAME: _SAME_DAY, COMPATIBLE: 0.3, CONFLICTING: against})
        return
    scales.slot("date", SILENT, {})
    if not any(_can_be(claim, member) for member in members):
        scales.put(-5.0, "other time")
        return
    gap = nearest(claim, members)
    if gap <= _WINDOW and any(_takes_shape(claim, member) for member in members):
        scales.put(1.2, "a plan takes shape")
        return
    scales.put(next((p for most, p in ((3, 1.5), (10, 1.0), (21, 0.0), (_WINDOW, -1.0)) if gap <= most), -4.0), "time")


def _takes_shape(claim: Round, member: Round) -> bool:
    """Whether an earlier plan had no day yet, and the later claim names one that was still to come."""
    early, late = (member, claim) if member.day < claim.day else (claim, member)
    return (
        early.status in ("proposed", "planned")
        and early.date is None
        and late.date is not None
        and late.date > early.day
    )


def _put_off(day: int, members: Sequence[Round]) -> bool:
    """Whether a meeting of another day is the one that was planned before, as long as it was not held."""
    days = [member.date for member in members if member.date is not None]
    return all(m.status not in _OVER for m in members) and bool(days) and 0 < day - max(days) <= _PUT_OFF


def _goes_on(day: int, member: Round) -> bool:
    """Whether talks were under way that may have lasted until a day."""
    begun = member.date
    return begun is not None and member.status == "ongoing" and begun <= day <= member.day + _LASTS


def _can_be(claim: Round, member: Round) -> bool:
    """Whether a meeting with a day and a claim without one can be the same: "held" is not said before it."""
    for dated, other in ((claim, member), (member, claim)):
        if dated.date is None or other.date is not None:
            continue
        ahead = dated.date - other.day
        if other.status in _OVER and ahead > 0:
            return False
        if other.status in ("planned", "proposed") and ahead < -1 and dated.status in _OVER:
            return False
    return True


def _weigh_company(scales: Scales, claim: Round, members: Sequence[Round]) -> None:
    if scales.slots["date"] is not SAME and same_item(claim, members):
        scales.put(-4.0, "told apart in one item")
        return
    if copied(claim, members):
        scales.put(_COPY, "copy of one text")
    scales.put(surroundings(claim, members), "names in common")
