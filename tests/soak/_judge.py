"""What the day of a place ought to have been: judged from what its host saw, not from what we kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.fetch import registered_domain
from monitor.rhythm import DOUBLINGS, FIRST_GONE_PAUSE, GONE_PAUSE, JITTER, LONGEST_FRESH, LONGEST_PAUSE
from tests.soak._world import Place, Request

#: bounds of the intervals of adaptive sources, in seconds (monitor.yaml says the same)
SHORTEST, LONGEST = 300.0, 21_600.0
#: how long a poll that is due may wait for a free place, in seconds
SLACK = 300.0
#: how long a request may be under way, and within what the feeds of a domain that rested come back, in seconds
_UNDER_WAY, _SPREAD = 30.0, 600.0
#: how long after its end an outage of our own network may still be believed in, in seconds
_NOTICED = 300.0

Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What happened to all places alike, in seconds since the beginning."""

    end: float
    #: when our own network was down, and when the service was not running
    outages: Spans = ()
    pauses: Spans = ()


def rests(places: Iterable[Place], apart: Collection[str]) -> dict[str, list[tuple[float, float]]]:
    """When which registered domain wanted to be left alone; those ``apart`` speak for one feed each."""
    found: dict[str, list[tuple[float, float]]] = {}
    for place in places:
        domain = registered_domain(place.host)
        told = (r for r in place.requests if r.weather == "busy" and r.end and not r.aborted and domain not in apart)
        found.setdefault(domain, []).extend((r.end or 0.0, (r.end or 0.0) + min(r.rest, 3600.0)) for r in told)
    return found


def intrusions(place: Place, rests: Spans, day: Day) -> Iterable[str]:
    """Where the place was asked though its domain rested; what was under way may end, a restart forgets."""
    for begin, end in rests:
        until = min([end, *(pause for pause, _ in day.pauses if pause > begin)])
        if any(begin + _UNDER_WAY < request.at < until - 1 for request in place.requests):
            yield f"{place.name}: asked though its domain wanted to be left alone from {begin:.0f} to {end:.0f}"


def complaints(place: Place, day: Day, rests: Spans = ()) -> Iterable[str]:
    """Where the place was asked too early, or too late, or never again; its domain rested at times."""
    late = [(begin, end + _SPREAD) for begin, end in rests]
    polls = list(_polls(place.requests))
    if not polls:
        if not place.spells:
            yield f"{place.name}: never polled"
        return
    failures = counted = 0
    for poll, following in pairwise([*polls, None]):
        assert poll is not None
        # while our network is down, and until it is noticed that it is back, a failure may or may not be counted
        doubtful = poll.aborted or _meets(poll.at, poll.at, day.outages, _NOTICED)
        failures = 0 if poll.weather == "fine" else failures + 1
        counted = 0 if poll.weather == "fine" else counted + (not doubtful)
        ended = poll.end if poll.end is not None else poll.at
        least, most = _pause(place, poll, counted)[0], _pause(place, poll, failures)[1]
        if following is not None and not _excused(poll, following, day) and following.at - ended < least:
            yield f"{place.name}: asked after {following.at - ended:.0f} s, {least:.0f} at least ({poll.weather})"
        until = following.at if following is not None else day.end
        waited = until - ended - _lost(ended, until, day, late, usual=most)
        if waited > most + SLACK:
            yield f"{place.name}: not asked for {waited:.0f} s, {most:.0f} at most ({poll.weather}, {failures} failed)"


def _polls(requests: Sequence[Request]) -> Iterable[Request]:
    """A request that was answered with a redirect belongs to the next one."""
    begun: float | None = None
    for request in requests:
        begun = request.at if begun is None else begun
        if request.hop and not request.aborted:
            continue
        yield Request(begun, request.weather, request.end, request.rest, request.fresh, request.aborted)
        begun = None


def _pause(place: Place, poll: Request, failures: int) -> tuple[float, float]:
    """Shortest and longest pause after a poll, in seconds."""
    least, most = (SHORTEST, LONGEST) if place.interval is None else (place.interval.total_seconds(),) * 2
    if poll.weather == "gone":
        most = GONE_PAUSE.total_seconds()
        least = max(least, FIRST_GONE_PAUSE.total_seconds())
    elif failures:
        least, most = _backed_off(least, failures), _backed_off(most, failures)
    asked = max(poll.rest, min(poll.fresh, LONGEST_FRESH.total_seconds()))
    return max(least * (1 - JITTER) - 1, asked - 1), max(most * (1 + JITTER), asked)


def _backed_off(pause: float, failures: int) -> float:
    return max(pause, min(LONGEST_PAUSE.total_seconds(), pause * 2.0 ** min(failures, DOUBLINGS)))


def _excused(poll: Request, following: Request, day: Day) -> bool:
    """Asking again so soon was no fault: the service died in between, or tried whether the network is back."""
    return poll.aborted or _meets(poll.at, following.at, day.outages, _NOTICED)


def _meets(begin: float, end: float, spans: Spans, after: float = 0.0) -> bool:
    return any(begin < e + after and end > b for b, e in spans)


def _lost(begin: float, end: float, day: Day, rests: Spans, *, usual: float) -> float:
    """Time in which nothing could be asked; and what an outage may have cost, the first few being blamed for it."""
    spans = [*day.pauses, *day.outages, *rests]
    met = [min(end, e) - max(begin, b) for b, e in spans if b < end and e > begin]
    blamed = _meets(begin, end, day.outages, _NOTICED)
    return sum(met) + blamed * 2 * usual
