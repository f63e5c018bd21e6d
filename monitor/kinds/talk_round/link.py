"""Which claims tell of one round of talks, and what a new one changes.

A meeting is known by who talks and its day and place, or by its number in a series. It is planned, under way, held or
called off, and may be put off to another day as long as it was not held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import combinations
from typing import cast

from monitor.kinds.ground import Ground, Sort, actor, ground
from monitor.kinds.linking import (
    Scales,
    Weighed,
    agree,
    copied,
    equal,
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
from monitor.model import Agreement, Claim, Event, Item

SAME, COMPATIBLE, CONFLICTING, SILENT = Agreement.SAME, Agreement.COMPATIBLE, Agreement.CONFLICTING, Agreement.SILENT
_STANDS = {Ground.SAME: SAME, Ground.WITHIN: COMPATIBLE, Ground.UNSURE: SILENT, Ground.OTHER: CONFLICTING}

summary = course.summary
moves = course.moves

#: days within which a meeting is spoken of, before and after
_WINDOW = 60
#: days by which a meeting that was not held may be put off
_PUT_OFF = 28
#: how long talks go on after they are reported to be under way
_LASTS = dt.timedelta(days=10)
#: points against another day of one round at one place: it may have begun on the one and ended on the other
_DAY_OF_ROUND = -2.0
_NEEDED = 4.0
#: actors that every text calls alike
_ONE_NAME = (Sort.STATE, Sort.BODY)
_OVER = ("ongoing", "held")


def facts(claim: Claim) -> TalkRound:
    """The claim's facts."""
    return cast("TalkRound", claim.event.facts)


def keys(claim: Claim) -> frozenset[str]:
    """Blocking keys: each two of the parties, groups without a code under one sign, and the time."""
    fact = facts(claim)
    times = time_keys({told_on(claim), fact.date or told_on(claim)}, _WINDOW)
    named = (actor(party) for party in fact.parties)
    parties = sorted({name if sort in _ONE_NAME else "*" for name, sort in named})
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


def weigh(claim: Claim, members: Sequence[Claim]) -> Weighed:
    """How well a claim fits to a known meeting."""
    mine, theirs = facts(claim), [facts(member) for member in members]
    scales = Scales(needed=_NEEDED)
    parties = agree(mine.parties, (f.parties for f in theirs), _parties)
    if scales.slot("parties", parties, {SAME: 2.5, COMPATIBLE: 1.5}) in (CONFLICTING, SILENT):
        return refused(scales.slots, "other parties")
    if any(actor(party)[1] not in _ONE_NAME for party in mine.parties):
        scales.put(0.5, "talks with an armed group are few")
    number = agree(mine.round, (f.round for f in theirs), equal)
    # Outlets count rounds differently, from the first contact or from the last breakdown: a hint, never a key.
    scales.slot("round", number, {SAME: 2.5, CONFLICTING: -1.5})
    scales.slot(
        "place", agree(mine.place, (f.place for f in theirs), _place), {SAME: 1.5, COMPATIBLE: 1.0, CONFLICTING: -3.0}
    )
    scales.slot(
        "mode", agree(_mode_of(mine), map(_mode_of, theirs), _mode), {SAME: 0.3, COMPATIBLE: -0.5, CONFLICTING: -3.0}
    )
    _weigh_day(scales, claim, members)
    _weigh_company(scales, claim, members)
    return scales.read()


def _parties(a: tuple[str, ...], b: tuple[str, ...]) -> Agreement:
    mine, theirs = {actor(party) for party in a}, {actor(party) for party in b}
    if mine == theirs:
        return SAME
    fixed = [{name for name, sort in who if sort in _ONE_NAME} for who in (mine, theirs)]
    groups = [{name for name, sort in who if sort not in _ONE_NAME} for who in (mine, theirs)]
    if all(groups) and fixed[0] == fixed[1] != set():
        return COMPATIBLE if _same_groups(mine, theirs) else CONFLICTING
    shared = mine & theirs
    return COMPATIBLE if len(shared) >= 2 and 2 * len(shared) > min(len(mine), len(theirs)) else CONFLICTING


def _same_groups(mine: set[tuple[str, Sort]], theirs: set[tuple[str, Sort]]) -> bool:
    """Whether groups may be the same: rebels have as many names as tellers, but two that are known are two."""
    known = [{name for name, sort in who if sort is Sort.GROUP} for who in (mine, theirs)]
    return not all(known) or bool(known[0] & known[1])


def _place(a: str, b: str) -> Agreement:
    return _STANDS[ground(a, b)]


def _mode_of(fact: TalkRound) -> str | None:
    """How they meet: who meets at a place meets in person."""
    return fact.mode or ("in_person" if fact.place else None)


def _mode(a: str, b: str) -> Agreement:
    return SAME if a == b else COMPATIBLE if "in_person" not in (a, b) else CONFLICTING


def _weigh_day(scales: Scales, claim: Claim, members: Sequence[Claim]) -> None:
    mine = facts(claim)
    days = [day for member in members if (day := facts(member).date)]
    if mine.date and days:
        most = most_said(days)  # a day off is a day off it, or a call a day would run together
        near = most is not None and abs((mine.date - most).days) == 1
        verdict = SAME if mine.date in days else COMPATIBLE if near else CONFLICTING
        moved = scales.slots["place"] in (SAME, COMPATIBLE) and (
            _put_off(mine.date, members) or any(_goes_on(mine.date, member) for member in members)
        )
        if verdict is CONFLICTING and moved:
            scales.slot("date", COMPATIBLE, {COMPATIBLE: 0.5})
            return
        numbered = scales.slots["round"] is SAME and scales.slots["place"] in (SAME, COMPATIBLE)
        near = nearest(claim, members) <= _WINDOW / 2
        against = _DAY_OF_ROUND if numbered and near else -5.0
        scales.slot("date", verdict, {SAME: 3.0, COMPATIBLE: 0.3, CONFLICTING: against})
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


def _takes_shape(claim: Claim, member: Claim) -> bool:
    """Whether an earlier plan had no day yet, and the later claim names one that was still to come."""
    early, late = sorted((claim, member), key=told_on)
    day = facts(late).date
    return (
        facts(early).status in ("proposed", "planned")
        and facts(early).date is None
        and day is not None
        and day > told_on(early)
    )


def _put_off(day: dt.date, members: Sequence[Claim]) -> bool:
    """Whether a meeting of another day is the one that was planned before, as long as it was not held."""
    known = [facts(m) for m in members]
    days = [f.date for f in known if f.date]
    return all(f.status not in _OVER for f in known) and bool(days) and 0 < (day - max(days)).days <= _PUT_OFF


def _goes_on(day: dt.date, member: Claim) -> bool:
    """Whether talks were under way that may have lasted until a day."""
    begun = facts(member).date
    return begun is not None and facts(member).status == "ongoing" and begun <= day <= told_on(member) + _LASTS


def _can_be(claim: Claim, member: Claim) -> bool:
    """Whether a meeting with a day and a claim without one can be the same: "held" is not said before it."""
    for dated, other in ((claim, member), (member, claim)):
        day, undated = facts(dated).date, facts(other)
        if day is None or undated.date is not None:
            continue
        ahead = (day - told_on(other)).days
        if undated.status in _OVER and ahead > 0:
            return False
        if undated.status in ("planned", "proposed") and ahead < -1 and facts(dated).status in _OVER:
            return False
    return True


def _weigh_company(scales: Scales, claim: Claim, members: Sequence[Claim]) -> None:
    if same_item(claim, members) and scales.slots["date"] is not SAME:
        scales.put(-4.0, "told apart in one item")
        return
    if copied(claim, members):
        scales.put(2.0, "copy of one text")
    scales.put(surroundings(claim, members), "names in common")
