"""The outbox: alerts that were decided, until they are delivered or given up.

              queue()            claim_due()            record_outcome()
    (nothing) ──────► queued ──────────────► sending ──────────────────► sent
                        held ──────────────►    │ ◄──── claim_due() ──── retry
                                                └──────────────────────► dead ──── retry_dead() ──► queued

``due`` is the one column that decides: a row is taken when its instant has passed. While a row is being sent its lease
ends at ``due``, so a worker that dies gives it back by doing nothing. A row that is done with has none.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from monitor.codec import facts_from_json, news_from_json
from monitor.model import Alert, Facts, Outcome, OutcomeType, Severity
from monitor.store.columns import from_driver
from monitor.store.memory import Memory
from monitor.store.prepared import execute
from monitor.store.records import DueAlert, QueuedAlert, StoredAlert, Try
from monitor.store.rows import AnyRow, AnySelect, Rows
from monitor.store.tables import alerts, deliveries

#: a try that failed for now, by a channel that does not say when to try again
RETRY_AFTER = timedelta(minutes=1)

#: no alert waits longer for its next try, and none is one worker's for longer, unless the clock was wrong
LONGEST_PAUSE, LONGEST_LEASE = timedelta(hours=25), timedelta(hours=1)

#: alerts of one known event among which the last of each rule is looked for
LATEST = 100

_ADD: Mapping[str, Insert] = {
    "sqlite": sqlite.insert(alerts).on_conflict_do_nothing(index_elements=["key"]).returning(alerts.c.id),
    "postgresql": postgresql.insert(alerts).on_conflict_do_nothing(index_elements=["key"]).returning(alerts.c.id),
}
_CLAIM = (
    update(alerts)
    .where(alerts.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", tries=alerts.c.tries + 1, due=bindparam("lease_end"))
)
_LOAD = select(alerts).where(alerts.c.id.in_(bindparam("ids", expanding=True)))
_DUE_WHOLE = (
    select(alerts)
    .where(alerts.c.channel == bindparam("to"), alerts.c.due <= bindparam("now"))
    .order_by(alerts.c.due, alerts.c.id)
    .limit(bindparam("most"))
)
_OF_EVENT = (
    select(alerts.c.rules, alerts.c.news["facts"].label("facts"))
    .where(alerts.c.known_id == bindparam("of_event"))
    .order_by(alerts.c.id.desc())
    .limit(LATEST)
)
_TRIES = select(deliveries).where(deliveries.c.alert_id.in_(bindparam("ids", expanding=True))).order_by(deliveries.c.id)


class OutboxRows(Rows):
    """Statements about alerts and deliveries."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        super().__init__(connection, memory)
        #: what this transaction has told of known events, by rule
        self._just_told: dict[int, dict[str, Facts]] = defaultdict(dict)

    def queue(
        self, decided: Iterable[Alert], now: datetime, *, hold_until: datetime | None = None, reason: str | None = None
    ) -> list[Alert]:
        """Queues alerts; gives back, with their numbers, those whose key was not there yet.

        With ``hold_until`` they wait for that instant; ``reason`` says why ("quiet hours until 07:00").
        """
        waiting = {"state": "queued" if hold_until is None else "held", "due": hold_until or now, "reason": reason}
        added = []
        for alert in decided:
            values = self._alert_values(alert) | waiting | {"created": now}
            number = self.connection.execute(_ADD[self.connection.dialect.name], values).scalar()
            if number is not None:
                added.append(dataclasses.replace(alert, id=number))
        return added

    def queue_waiting(self, decided: Iterable[Alert], now: datetime) -> None:
        """Queues alerts whose key is not there yet, with the other rows that wait to be written."""
        values = {"state": "queued", "due": now, "reason": None, "created": now}
        for alert in decided:
            self._waiting.add(alerts, self._alert_values(alert) | values)
            told = self._just_told[alert.news.event_id]
            told.update(dict.fromkeys(alert.rules, alert.news.facts))

    def _alert_values(self, alert: Alert) -> dict[str, Any]:
        return {
            "key": alert.key,
            "channel": alert.channel,
            "rules": list(alert.rules),
            "severity": alert.severity.value,
            "tries": 0,
            "known_id": alert.news.event_id,
            "claim_id": alert.news.claim.id,
            "news": self._texts.of_news(alert.news),
            "preface": alert.preface or None,
        }

    def anything_due(self, now: datetime) -> bool:
        """Whether ``claim_due`` would find something."""
        return self.connection.execute(_due(now, None).limit(1)).first() is not None

    def claim_due(
        self, now: datetime, limit: int, lease: timedelta, channels: Collection[str] | None = None
    ) -> list[QueuedAlert]:
        """Takes up to ``limit`` alerts that are due, the longest due first, for this worker alone until the lease ends.

        ``channels``: only those of these channels.
        """
        found = _due(now, channels).limit(limit).with_for_update(skip_locked=True)
        ids = list(self.connection.execute(found).scalars())
        if not ids:
            return []
        self.connection.execute(_CLAIM, {"ids": ids, "lease_end": now + lease})
        rows = {row.id: row for row in self.connection.execute(_LOAD, {"ids": ids})}
        return [QueuedAlert(alert=alert_from_row(rows[i]), tries=rows[i].tries) for i in ids]

    def due_alerts(self, channel: str, now: datetime, limit: int) -> list[DueAlert]:
        """A channel's alerts that are due, the longest due first; nothing is taken."""
        rows = self.connection.execute(_DUE_WHOLE, {"to": channel, "now": now, "most": limit})
        return [
            DueAlert(alert=alert_from_row(row), state=row.state, created=row.created, message=row.message)
            for row in rows
        ]

    def hold(self, ids: Collection[int], until: datetime, reason: str) -> None:
        """Lets alerts that nobody is sending wait until an instant."""
        waits = alerts.c.id.in_(list(ids)) & alerts.c.state.in_(("queued", "held"))
        self.connection.execute(update(alerts).where(waits).values(state="held", due=until, reason=reason))

    def claim(self, ids: Collection[int], message: str, now: datetime, lease: timedelta) -> list[QueuedAlert]:
        """Takes those of the alerts that are still due, to be told in one message, until the lease ends.

        ``message`` is the key of that message; it stays with them, so that another try tells the same again.
        """
        wanted = _due(now, None).where(alerts.c.id.in_(list(ids))).with_for_update(skip_locked=True)
        taken = list(self.connection.execute(wanted).scalars())
        if not taken:
            return []
        self.connection.execute(_CLAIM.values(message=message), {"ids": taken, "lease_end": now + lease})
        rows = {row.id: row for row in self.connection.execute(_LOAD, {"ids": taken})}
        return [QueuedAlert(alert=alert_from_row(rows[i]), tries=rows[i].tries) for i in ids if i in rows]

    def messages_since(self, channel: str, since: datetime) -> list[datetime]:
        """When a channel was sent each message after an instant; alerts told in one count once."""
        told = select(func.max(alerts.c.sent)).where(alerts.c.channel == channel, alerts.c.sent > since)
        return sorted(self.connection.execute(told.group_by(alerts.c.message)).scalars())

    def sent_since(self, channel: str, since: datetime) -> list[tuple[Alert, datetime]]:
        """What a channel was told after an instant, the oldest first."""
        told = select(alerts).where(alerts.c.channel == channel, alerts.c.sent > since).order_by(alerts.c.sent)
        return [(alert_from_row(row), row.sent) for row in self.connection.execute(told)]

    def record_outcome(
        self, alert_id: int, outcome: Outcome, now: datetime, *, tries: int | None = None, seconds: float | None = None
    ) -> bool:
        """Notes what became of a try; whether it decided the alert's state.

        ``tries`` is the number that ``claim_due`` gave. A worker that comes back after its lease has ended still
        reports that it sent, for that is true; anything else it says is only kept in the list of tries.
        """
        values = {"alert_id": alert_id, "at": now, "outcome": outcome.type.value, "reason": outcome.reason}
        self.connection.execute(deliveries.insert(), {**values, "seconds": seconds})
        mine: list[ColumnElement[bool]] = [alerts.c.id == alert_id, alerts.c.state != "sent"]
        if tries is not None and outcome.type is not OutcomeType.SENT:
            mine += [alerts.c.state == "sending", alerts.c.tries == tries]
        after = _after(outcome, now)
        return bool(self.connection.execute(update(alerts).where(*mine).values(after)).rowcount)

    def release(self, claimed: Iterable[QueuedAlert], now: datetime) -> None:
        """Gives back alerts that were claimed and not tried: the service is ending."""
        for queued in claimed:
            mine = (alerts.c.id == queued.alert.id, alerts.c.state == "sending", alerts.c.tries == queued.tries)
            back = {"state": "queued", "tries": queued.tries - 1, "due": now}
            self.connection.execute(update(alerts).where(*mine).values(back))

    def retry_dead(self, now: datetime, ids: Collection[int] | None = None) -> list[int]:
        """Queues dead alerts again, with all their tries before them; ``None``: all of them. Gives back which."""
        dead = alerts.c.state == "dead" if ids is None else (alerts.c.state == "dead") & alerts.c.id.in_(list(ids))
        again = update(alerts).where(dead).values(state="queued", tries=0, due=now).returning(alerts.c.id)
        return sorted(self.connection.execute(again).scalars())

    def told(self, known_id: int, stems: Collection[str]) -> dict[str, Facts]:
        """What was held of a known event when each of these rules last alerted somebody about it, by the rule's stem.

        Only the ``LATEST`` alerts are looked at, and none beyond those that tell.
        """
        just_told = self._just_told.get(known_id, {})
        latest = {stem: just_told[stem] for stem in stems if stem in just_told}
        if len(latest) < len(stems):
            with execute(self._plain, _OF_EVENT, [{"of_event": known_id}]) as rows:
                for rules, facts in rows:
                    if new := [rule for rule in from_driver(rules) if rule in stems and rule not in latest]:
                        latest.update(dict.fromkeys(new, facts_from_json(from_driver(facts))))
                        if len(latest) == len(stems):
                            break
        return latest

    def alerts(
        self, states: Collection[str] | None = None, limit: int | None = 50, *, ids: Collection[int] | None = None
    ) -> list[StoredAlert]:
        """Alerts with their tries, newest first; of these states and numbers only, where given."""
        query = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
        if states is not None:
            query = query.where(alerts.c.state.in_(list(states)))
        if ids is not None:
            query = query.where(alerts.c.id.in_(list(ids)))
        return self.with_tries(self.connection.execute(query).all())

    def with_tries(self, rows: Iterable[AnyRow]) -> list[StoredAlert]:
        """Rows of alerts as records, in their order, each with its tries."""
        rows = list(rows)
        tries: dict[int, list[Try]] = {row.id: [] for row in rows}
        for row in self.connection.execute(_TRIES, {"ids": list(tries)}):
            tries[row.alert_id].append(Try(at=row.at, outcome=row.outcome, reason=row.reason, seconds=row.seconds))
        return [_stored_alert(row, tuple(tries[row.id])) for row in rows]

    def wake(self, now: datetime) -> int:
        """Makes due what a clock that was ahead has put off; gives back how many alerts that were.

        What is queued is due, what is held is looked at again; a pause or a lease longer than any is cut short.
        """
        ahead = (alerts.c.due > now) & alerts.c.state.in_(("queued", "held"))
        paused = (alerts.c.due > now + LONGEST_PAUSE) & (alerts.c.state == "retry")
        leased = (alerts.c.due > now + LONGEST_LEASE) & (alerts.c.state == "sending")
        return self.connection.execute(update(alerts).where(ahead | paused | leased).values(due=now)).rowcount

    def waiting(self, now: datetime) -> dict[str, int]:
        """How many alerts each channel has due."""
        due = select(alerts.c.channel, func.count()).where(alerts.c.due <= now).group_by(alerts.c.channel)
        return {row[0]: row[1] for row in self.connection.execute(due)}


def _due(now: datetime, channels: Collection[str] | None) -> AnySelect:
    query = select(alerts.c.id).where(alerts.c.due <= now).order_by(alerts.c.due, alerts.c.id)
    return query if channels is None else query.where(alerts.c.channel.in_(list(channels)))


def _after(outcome: Outcome, now: datetime) -> dict[str, Any]:
    values = {"state": outcome.type.value, "reason": outcome.reason, "due": None}
    if outcome.type is OutcomeType.SENT:
        return values | {"sent": now}
    return values | {"due": outcome.retry_at or now + RETRY_AFTER} if outcome.type is OutcomeType.RETRY else values


def alert_from_row(row: AnyRow) -> Alert:
    """An alert as it was decided."""
    return Alert(
        id=row.id,
        key=row.key,
        channel=row.channel,
        rules=tuple(row.rules),
        severity=Severity(row.severity),
        news=news_from_json(row.news),
        preface=row.preface or "",
    )


def _stored_alert(row: AnyRow, tries: tuple[Try, ...]) -> StoredAlert:
    return StoredAlert(
        alert=alert_from_row(row),
        state=row.state,
        tries=row.tries,
        due=row.due,
        reason=row.reason or "",
        created=row.created,
        sent=row.sent,
        deliveries=tries,
    )
