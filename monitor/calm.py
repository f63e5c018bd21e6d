"""What a channel is told now, what waits, and what is told together: pure decisions, each with a named reason.

    plan(waiting, calm, told=..., silences=..., now=...) -> Plan(bundles, holds)

Every alert that waits is in one bundle, which is one message, or in one hold, which says until when and why. In this
order: a silence holds what it names; quiet hours and digests hold what is not urgent; a group waits for company; and
beyond a number of messages in a while, all that is left is told in one.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from monitor.model import Alert, Calm, News, Severity

LOUDNESS = tuple(Severity)
#: a day on which a clock is put back has 25 hours; the next time of day is found within two days
_DAYS = (0, 1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert that is due."""

    alert: Alert
    created: datetime
    #: it was held before: it is told together with whatever else was
    held: bool = False
    #: key of the message that it was tried in before: it is tried again in the same one
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What nobody wants to hear of for a while. It holds an alert that has all that is named here."""

    id: int
    until: datetime
    why: str
    channel: str | None = None
    rule: str | None = None
    kind: str | None = None
    #: in any case of letters
    place: str | None = None
    actor: str | None = None
    event: int | None = None

    def holds(self, alert: Alert) -> bool:
        """Whether the alert is silenced."""
        said = (alert.news.facts, alert.news.claim.event.facts)
        return (
            self.channel in (None, alert.channel)
            and (self.rule is None or self.rule in alert.rules)
            and self.kind in (None, alert.news.facts.kind)
            and self.event in (None, alert.news.event_id)
            and (self.place is None or any(_place(facts) == self.place.casefold() for facts in said))
            and (self.actor is None or any(self.actor in _actors(facts) for facts in said))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Alerts that are told in one message."""

    #: the loudest first, then the newest
    alerts: tuple[Alert, ...]
    #: why together, as the end of "Told together: ..."; "" for one alert on its own
    reason: str
    #: travels with the message; the same alerts give the same key
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Alerts that wait."""

    alerts: tuple[Alert, ...]
    #: later than now
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a channel was told lately."""

    #: instants of its messages
    messages: Sequence[datetime] = ()
    #: group -> instant of its last message
    groups: Mapping[tuple[str, ...], datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of each alert that waits."""

    bundles: tuple[Bundle, ...] = ()
    holds: tuple[Hold, ...] = ()


def plan(
    waiting: Iterable[Waiting], calm: Calm, *, now: datetime, told: Told | None = None, silences: Iterable[Silence] = ()
) -> Plan:
    """What becomes of the alerts of one channel that are due; see the head of this module for the order."""
    silences = [silence for silence in silences if silence.until > now]
    held: dict[tuple[datetime, str], list[Alert]] = defaultdict(list)
    again: dict[str, list[Alert]] = defaultdict(list)
    free: list[Waiting] = []
    for one in waiting:
        if one.created > now:  # by a clock that was ahead: it has waited long enough
            one = dataclasses.replace(one, created=now)
        if one.message is not None:
            again[one.message].append(one.alert)
        elif (pause := _pause(one, calm, silences, now)) is not None:
            held[pause].append(one.alert)
        else:
            free.append(one)
    bundles = [Bundle(alerts=_ordered(alerts), reason="", key=key) for key, alerts in again.items()]
    fresh = _limited(_grouped(free, calm, told or Told(), held, now), calm, told or Told(), held, now)
    holds = (Hold(alerts=tuple(alerts), until=until, reason=why) for (until, why), alerts in held.items())
    return Plan(bundles=(*bundles, *fresh), holds=tuple(holds))


_Held = dict[tuple[datetime, str], list[Alert]]


def _pause(one: Waiting, calm: Calm, silences: Sequence[Silence], now: datetime) -> tuple[datetime, str] | None:
    """Until when and why an alert waits, whatever else there is to tell; None if it need not."""
    silence = max((s for s in silences if s.holds(one.alert)), key=lambda s: s.until, default=None)
    if silence is not None:
        return silence.until, f"silence {silence.id}: {silence.why}"
    if LOUDNESS.index(one.alert.severity) >= LOUDNESS.index(calm.urgent):
        return None
    if calm.quiet is not None and _within(calm.quiet, now.astimezone(calm.time_zone).time()):
        until = _next(now, (calm.quiet[1],), calm)
        return until, f"quiet hours until {calm.quiet[1]:%H:%M}"
    if calm.digest and (slot := _next(one.created, calm.digest, calm)) > now:
        return slot, f"digest at {slot.astimezone(calm.time_zone):%H:%M}"
    return None


def _within(hours: tuple[time, time], clock: time) -> bool:
    start, end = hours
    return start <= clock < end if start <= end else clock >= start or clock < end


def _next(after: datetime, times: Sequence[time], calm: Calm) -> datetime:
    """The first instant after ``after`` at which a clock of the channel's time zone shows one of the times."""
    day = after.astimezone(calm.time_zone).date()
    instants = (
        datetime.combine(day + timedelta(days=days), clock, calm.time_zone).astimezone(UTC)
        for days in _DAYS
        for clock in times
    )
    return min(instant for instant in instants if instant > after)


# --- groups ----------------------------------------------------------------------------------------------------------


def group(alert: Alert, calm: Calm) -> tuple[str, ...]:
    """What an alert has in common with others of its group; () if the channel knows no groups."""
    return tuple(_TRAITS[trait](alert.news) for trait in calm.group_by)


def _story(news: News) -> str:
    """Killed and wounded of one strike are one story: the same place on the same day; else the known event."""
    place, day = _place(news.facts), getattr(news.facts, "date", None)
    return f"{news.facts.kind} {place} {day}" if place and day else f"event {news.event_id}"


def _place_of(news: News) -> str:
    return _place(news.facts) or ""


def _kind(news: News) -> str:
    return news.facts.kind


_TRAITS = {"story": _story, "place": _place_of, "kind": _kind}
#: what ``group_by`` may name
TRAITS = tuple(_TRAITS)


def _grouped(free: Sequence[Waiting], calm: Calm, told: Told, held: _Held, now: datetime) -> list[Bundle]:
    """What can be told now, group by group; groups that wait for company are added to ``held``."""
    lanes: dict[tuple[str, ...], list[Waiting]] = defaultdict(list)
    for one in free:
        lanes[_lane(one, calm)].append(one)
    bundles = []
    for lane, members in lanes.items():
        alerts = [one.alert for one in members]
        since = told.groups.get(group(alerts[0], calm)) if lane[0] == "group" else None
        ready = max(
            min(one.created for one in members) + (calm.wait if lane[0] == "group" else timedelta()),
            since + calm.interval if since else now,
        )
        if ready > now:
            held[ready, "waits for others of its group"] += alerts
        else:
            bundles.append(_bundle(alerts, _WHY[lane[0]]))
    return bundles


_WHY = {
    "digest": "a digest",
    "group": "they belong together",
    "held": "they waited",
    "alone": "",
}


def _lane(one: Waiting, calm: Calm) -> tuple[str, ...]:
    """Alerts of one lane are told in one message."""
    if calm.digest and LOUDNESS.index(one.alert.severity) < LOUDNESS.index(calm.urgent):
        return ("digest",)
    if calm.group_by:
        return ("group", *group(one.alert, calm))
    return ("held",) if one.held else ("alone", one.alert.key)


# --- how much at most ------------------------------------------------------------------------------------------------


def _limited(bundles: list[Bundle], calm: Calm, told: Told, held: _Held, now: datetime) -> list[Bundle]:
    """The bundles while they are few; else all of it in one, or, after too many messages, nothing for a while."""
    lately = [instant for instant in told.messages if instant > now - calm.within]
    room = calm.most - len(lately)
    if not bundles or not calm.most or len(bundles) <= room:
        return bundles
    alerts = [alert for bundle in bundles for alert in bundle.alerts]
    if room > 0:
        return [_bundle(alerts, f"{len(alerts)} at once")]
    # from the last message on, not from the first: what goes on coming in is told in one message a while
    until = max(lately) + calm.within
    held[until, f"{len(lately)} messages in {_span(calm.within)}: the rest is told in one"] += alerts
    return []


def _bundle(alerts: Sequence[Alert], reason: str) -> Bundle:
    ordered = _ordered(alerts)
    return Bundle(alerts=ordered, reason=reason if len(ordered) > 1 else "", key=key_of(ordered))


def key_of(alerts: Sequence[Alert]) -> str:
    """The key of a message that tells these alerts: the alert's own, or a hash of all. 32 hexadecimal digits."""
    if len(alerts) == 1:
        return alerts[0].key
    return hashlib.sha256("\n".join(sorted(alert.key for alert in alerts)).encode()).hexdigest()[:32]


def _ordered(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    return tuple(sorted(alerts, key=lambda a: (-LOUDNESS.index(a.severity), -a.news.at.timestamp(), a.key)))


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _place(facts: object) -> str | None:
    place = getattr(facts, "place", None)
    return place.casefold() if place else None


def _actors(facts: object) -> set[str]:
    named = (getattr(facts, slot, None) for slot in ("donors", "parties", "mediators", "recipient", "side"))
    return {code for codes in named if codes for code in ((codes,) if isinstance(codes, str) else codes)}
