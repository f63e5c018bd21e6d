"""What the store gives back beside the nouns of model.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from monitor.model import NOTHING, Alert, Change, ChangeType, Claim, Item, KnownEvent, Poll, PollOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """Where a source stands; one that was never polled has only its name."""

    name: str
    url: str = ""
    #: what its module wanted back: validators, hashes
    state: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    #: when it was first polled with success; what it showed then, or shows until then, is its backlog
    first_polled: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    #: None: due now
    next_poll: datetime | None = None
    #: polls that failed, in a row
    failures: int = 0
    outcome: PollOutcome | None = None
    #: why the last poll ended as it did
    reason: str = ""
    #: items shown by all polls so far
    items_total: int = 0
    #: what the pipeline keeps about it (pipeline/book.py); JSON values
    book: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    def after(self, ended: EndedPoll) -> SourceState:
        """Where it stands after one more poll; a failed one that brings no state leaves that as it was."""
        poll = ended.poll
        succeeded = poll.outcome in (PollOutcome.ITEMS, PollOutcome.UNCHANGED)
        # a failed poll brings a state too: a new address that failed is not to be trusted again
        brings_state = poll.outcome is PollOutcome.ITEMS or bool(poll.state)
        return SourceState(
            name=self.name,
            url=ended.url or self.url,
            state=poll.state if brings_state else self.state,
            first_polled=self.first_polled or (ended.at if succeeded else None),
            last_poll=ended.at,
            last_success=ended.at if succeeded else self.last_success,
            next_poll=ended.next_poll,
            failures=0 if succeeded else self.failures + (not ended.excused),
            outcome=poll.outcome,
            reason=poll.reason,
            items_total=self.items_total + len(poll.items) + len(poll.known),
            book=self.book if ended.book is None else ended.book(self.book),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPoll:
    """How a poll of a source ended, and when the next one is due."""

    name: str
    poll: Poll
    at: datetime
    next_poll: datetime
    #: the source's address; "" leaves it as it was
    url: str = ""
    #: what takes the place of the stored book; None leaves that as it was
    book: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    #: a failure is not counted
    excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An item that was put into the store, as a new one or as a new version."""

    item_id: int
    #: number of the version, from 1
    version: int

    @property
    def is_new(self) -> bool:
        return self.version == 1

    @property
    def is_edit(self) -> bool:
        return self.version > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """By what an item is known again under another name: 64-bit hashes, made by who takes it in."""

    #: of its words
    text: int
    #: of its address; None without one
    link: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """One version of an item, with what the store knows about it."""

    item_id: int
    version: int
    item: Item
    #: why nothing was read from it ("language: uk"), else None
    skipped: str | None
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim and where it belongs."""

    claim: Claim
    version: int
    known_id: int
    #: when an edited item no longer said it; None: it stands
    withdrawn: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """A known event with what only the store knows about it."""

    known: KnownEvent
    #: days of its first and last report
    first_day: date
    last_day: date
    #: when the last claim of it was withdrawn, else None
    withdrawn: datetime | None
    #: the known event that it turned out to be, else None
    merged_into: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBond:
    """What a person decided about claims, by their numbers (compare.Bonds)."""

    id: int
    #: "together": all of ``left`` are one event; "apart": none of ``left`` is one with any of ``right``
    type: str
    left: frozenset[int]
    right: frozenset[int]
    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """A change as it was recorded."""

    id: int
    at: datetime
    type: ChangeType
    reason: str
    claim_id: int
    known_id: int
    fields: Mapping[str, tuple[Any, Any]]
    #: candidates, best first: ``{"known_id", "score", "slots", "reason"}``
    compared: tuple[Mapping[str, Any], ...]
    #: of each rule: ``{"rule", "fires", "reason"}``
    decisions: tuple[Mapping[str, Any], ...]
    #: taken in without telling anybody
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to deliver an alert."""

    at: datetime
    #: OutcomeType as text
    outcome: str
    reason: str
    #: how long it took, in seconds; None where that is not known
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert of the outbox."""

    alert: Alert
    #: queued, held, sending, sent, retry, dead
    state: str
    tries: int
    #: not before; while sending: when the lease ends; None when done with
    due: datetime | None
    #: of the last outcome, or why it is held
    reason: str
    created: datetime
    sent: datetime | None
    deliveries: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedAlert:
    """An alert that one worker has to itself until the lease ends."""

    alert: Alert
    #: this one included; the first is 1
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAlert:
    """An alert that is due, and that nobody has taken yet."""

    alert: Alert
    #: queued, held, retry; sending: a worker took it and did not come back
    state: str
    created: datetime
    #: key of the message that it was last tried in
    message: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """An alert that was sent and that nobody has acknowledged."""

    alert: Alert
    sent: datetime
    #: how often it was told again
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSilence:
    """What nobody wants to hear of for a while."""

    id: int
    made: datetime
    until: datetime
    why: str
    #: what an alert must have: "channel", "rule", "kind", "place", "actor", "event"
    names: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is stored about an item or a known event, oldest first."""

    items: tuple[StoredItem, ...]
    claims: tuple[StoredClaim, ...]
    events: tuple[StoredEvent, ...]
    changes: tuple[StoredChange, ...]
    alerts: tuple[StoredAlert, ...]
    #: what people decided about these claims, and did not undo
    bonds: tuple[StoredBond, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is stored; for ``monitor status`` and the metrics."""

    items: int
    versions: int
    #: reason -> items of which nothing was read
    skipped: Mapping[str, int]
    events: int
    claims: int
    #: type -> changes
    changes: Mapping[str, int]
    #: state -> alerts
    alerts: Mapping[str, int]
    #: creation of the oldest alert that is neither sent nor dead
    oldest_waiting: datetime | None
    #: and how long ago that was; 0 if there is none
    oldest_seconds: float
    #: sources whose last poll failed
    failing_sources: int
    #: since when the alert that waits the longest is due; None if none is
    overdue: datetime | None = None


class DecisionLike(Protocol):
    """What the store keeps of a rule's decision (rules.Decision)."""

    @property
    def rule(self) -> HasStem: ...
    @property
    def fires(self) -> bool: ...
    @property
    def reason(self) -> str: ...


class HasStem(Protocol):
    @property
    def stem(self) -> str: ...


class JudgementLike(Protocol):
    """What the store applies (compare.Judgement)."""

    @property
    def change(self) -> Change | None: ...
    @property
    def others(self) -> tuple[KnownEvent, ...]: ...
    @property
    def absorbed(self) -> tuple[int, ...]: ...
    @property
    def dropped(self) -> tuple[Claim, ...]: ...
