"""The nouns of the service: frozen records that every part speaks in.

Nothing here does I/O, reads the clock or knows a kind of event. Instants are aware datetimes; a naive one is refused.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, ClassVar

NOTHING: Mapping[str, Any] = MappingProxyType({})


def _refuse_naive(record: object, *names: str) -> None:
    for name in names:
        if (value := getattr(record, name)) is not None and value.tzinfo is None:
            raise ValueError(f"{type(record).__name__}.{name} needs a time zone: {value!r}")


# --- what comes in ---------------------------------------------------------------------------------------------------


class Backlog(enum.StrEnum):
    """What becomes of the items that a source already holds at its first poll."""

    SILENT = "silent"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place that is polled, as the configuration describes it."""

    #: unique name: the key in sources.yaml
    name: str
    #: key of the registry in sources/: "feed", "folder", ...
    type: str
    #: address of a feed, or path of a folder
    url: str
    #: how long between two polls
    interval: timedelta = timedelta(minutes=15)
    #: how often it publishes decides how long; ``interval`` stands in until that is known
    adaptive: bool = False
    #: who publishes the items, where they do not say so themselves
    outlet: str | None = None
    #: ISO 639-1 language of the items, where they do not say so themselves
    language: str | None = None
    #: whether the items found by the first poll may raise alerts
    backlog: Backlog = Backlog.SILENT
    #: what only this type of source understands, checked by its module
    options: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


class PollOutcome(enum.StrEnum):
    """How a poll ended."""

    ITEMS = "items"  #: it answered with a document; its items are in the poll
    UNCHANGED = "unchanged"  #: it said, or its bytes show, that nothing changed
    FAILED = "failed"  #: it could not be reached or read; it is tried again later
    GONE = "gone"  #: it said that it will not come back (HTTP 410)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll of a source brought. A failure is a value, not an exception."""

    outcome: PollOutcome
    #: why, in words for the operator ("304 Not Modified", "timed out after 20 s")
    reason: str
    #: what the source shows now, in its own order; without those, if told, that are known by their names
    items: tuple[Item, ...] = ()
    known: tuple[str, ...] = ()
    #: what the source's module wants back at its next poll (validators, hashes); JSON values
    state: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    #: the source asked not to be polled again before this long
    retry_after: timedelta | None = None
    #: it said that it is asked too often (HTTP 429)
    busy: bool = False
    #: how often it says that it publishes (ttl, sy:updatePeriod)
    pace: timedelta | None = None
    #: how long its answer stays the same, by its server's word
    fresh: timedelta | None = None
    #: no server answered at all; where many sources say so at once, it is our own network
    unreachable: bool = False
    #: shows only what is new since the last poll, under names that never change
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing published."""

    #: name of the source that showed it; "" for a file given on the command line
    source: str = ""
    #: its identity within the source: guid, else link, else a hash of its content
    id: str
    title: str = ""
    text: str
    url: str | None = None
    #: who published it
    outlet: str | None = None
    #: the day of publication on the outlet's own calendar: what weekdays in the text resolve against
    published: date | None = None
    #: the instant of publication, where the source tells it
    published_at: datetime | None = None
    #: ISO 639-1, as the source declares it
    language: str | None = None
    #: fingerprint of what the source showed, where the text was fetched from the item's own page; else ""
    shown_as: str = ""

    def __post_init__(self) -> None:
        _refuse_naive(self, "published_at")

    @property
    def fingerprint(self) -> str:
        """Hash of what a reader sees; two versions of an item differ if and only if their fingerprints do."""
        seen = "\x1f".join((self.title, self.text, self.outlet or "", str(self.published or "")))
        return self.shown_as or hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()


# --- what a text says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words an event was read from: ``getattr(item, field)[start:end] == text``."""

    #: "text", or "title" for what only the title says
    field: str
    #: offsets in characters
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one event says; a subclass a kind, with one field for each slot of that kind (kinds/*/facts.py)."""

    #: name of the kind, the key in KINDS
    kind: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A claim found in an item."""

    facts: Facts
    evidence: Evidence
    #: how sure the extractor is: of the events given 0.9, about nine in ten are right
    confidence: float = 1.0

    @property
    def kind(self) -> str:
        return self.facts.kind


# --- what we hold ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An event, with who said it and when: one voice in a known event."""

    #: row of the store; None until stored
    id: int | None = None
    event: Event
    #: row of the item (of all its versions) in the store
    item_id: int | None = None
    #: source, identity, title, url and outlet of the item: what a reader of an alert wants to see
    source: str = ""
    item: str = ""
    title: str = ""
    url: str | None = None
    outlet: str | None = None
    published: date | None = None
    published_at: datetime | None = None
    #: when the service first took it in
    seen: datetime
    #: signature of the item's text, by which wire copies are recognised (see compare.py)
    signature: str = ""
    beside: str = ""  #: what its item tells beside it, by which the event is known again (``Link.beside``)

    def __post_init__(self) -> None:
        _refuse_naive(self, "published_at", "seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEvent:
    """What we hold about one real event: every claim about it, and what they come to."""

    #: row of the store; None until stored
    id: int | None = None
    kind: str
    #: the present view: a function of the set of claims, whatever their order of arrival
    facts: Facts
    #: all claims, in order of publication
    claims: tuple[Claim, ...]
    first_seen: datetime
    #: when a claim last changed the facts
    changed: datetime

    def __post_init__(self) -> None:
        _refuse_naive(self, "first_seen", "changed")


class ChangeType(enum.StrEnum):
    """What a claim does to what is known (CONTRACT.md, ``monitor replay``)."""

    NEW = "new"
    UPDATED = "updated"
    REVISED = "revised"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    REPEATED = "repeated"
    WITHDRAWN = "withdrawn"


class Agreement(enum.StrEnum):
    """How one slot of a claim stands to the same slot of a known event."""

    SAME = "same"
    COMPATIBLE = "compatible"
    CONFLICTING = "conflicting"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One candidate that a claim was compared with: kept, so that ``monitor explain`` can tell why."""

    known_id: int
    #: 0 to 1; the best candidate at or above the kind's threshold is the match
    score: float
    slots: Mapping[str, Agreement]
    #: named reason: "same incident", "other place", "too far apart", ...
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one claim did to what was known."""

    type: ChangeType
    claim: Claim
    #: the known event after the change; its id is None while the change is only decided
    known: KnownEvent
    #: slot -> (before, after), for what moved; values as in the facts
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=lambda: NOTHING)
    #: named reason: "first report", "toll rises", "status moves up", "opposed source", "wire copy", ...
    reason: str
    #: what it was compared with, best first
    compared: tuple[Comparison, ...] = ()

    @property
    def event(self) -> Event:
        return self.claim.event


# --- what goes out ---------------------------------------------------------------------------------------------------


class Severity(enum.StrEnum):
    """How loudly a rule speaks."""

    INFO = "info"
    WARNING = "warning"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calm:
    """How a channel is spared: what waits, and what is told together (calm.py)."""

    #: what alerts have in common that are told in one message: "story", "place", "kind"; (): each is told alone
    group_by: tuple[str, ...] = ()
    #: how long the first alert of a group waits for others, and how long between two messages of one group
    wait: timedelta = timedelta(0)
    interval: timedelta = timedelta(0)
    #: times of day at which what has waited is told in one message; (): at once
    digest: tuple[time, ...] = ()
    #: from and until: nothing is told between; the second may be the earlier one
    quiet: tuple[time, time] | None = None
    #: alerts from this severity on wait neither for digests nor for the end of quiet hours
    urgent: Severity = Severity.SEVERE
    #: messages within a while; what is beyond is told in one; 0: as many as there are
    most: int = 4
    within: timedelta = timedelta(minutes=2)
    #: in which the times of day are
    time_zone: tzinfo = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One recipient: an address, a room, a webhook."""

    name: str
    #: Apprise URL with its secrets put in; never printed, logged or stored
    url: str = field(repr=False)
    #: longest time one try may take
    timeout: timedelta = timedelta(seconds=20)
    #: tries before an alert is dead
    max_tries: int = 12
    #: what waits, and what is told together
    calm: Calm = Calm()
    #: of its reader: where instants are told in, CLDR locale of numbers and names, folder of templates (None: ours)
    time_zone: tzinfo = UTC
    locale: str = "en"
    template: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that wording needs of one change, frozen when it happened, so that what is sent is what was decided."""

    type: ChangeType
    reason: str
    #: id of the known event
    event_id: int
    #: the claim that made the change
    claim: Claim
    #: the view of the known event after it
    facts: Facts
    fields: Mapping[str, tuple[Any, Any]]
    #: the other claims of the known event, in order of publication
    voices: tuple[Claim, ...] = ()
    #: the sentence of the item that holds the claim's evidence; "" where it is not at hand
    sentence: str = ""
    #: when the change was decided
    at: datetime

    def __post_init__(self) -> None:
        _refuse_naive(self, "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One change told to one channel, by the rules that fired."""

    #: row of the store; None until queued
    id: int | None = None
    #: travels with the message, so that a doubled send can be recognised; unique
    key: str
    channel: str
    #: stems of the rules that fired, in alphabetical order
    rules: tuple[str, ...]
    severity: Severity = Severity.INFO
    news: News
    #: said before the news, as "Label: words" ("Undelivered: given up on channel desk, 550"); "" for nothing
    preface: str = ""


#: one figure of a series, for who draws it: its day as ISO 8601 writes it, its words ("at least 57"), its size
Mark = tuple[str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent to a channel; the same news in three notations."""

    subject: str
    plain: str
    html: str
    markdown: str
    #: the same by its headlines alone, a line each, for services with little room; "" for a message of one alert
    brief_plain: str = ""
    brief_markdown: str = ""
    #: key of the alert (or of the first of a group)
    key: str = ""
    #: what all messages about one known event share, so that a mail client shows them together; "" for none
    thread: str = ""
    #: figures over time; none below three
    marks: tuple[Mark, ...] = ()


class OutcomeType(enum.StrEnum):
    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one try to deliver."""

    type: OutcomeType
    #: in words, with the service's answer where it gave one; free of secrets
    reason: str
    #: for RETRY: not before this instant
    retry_at: datetime | None = None
    #: for RETRY: how long the service asked to be left alone
    pause: timedelta | None = None

    def __post_init__(self) -> None:
        _refuse_naive(self, "retry_at")
