"""Alerts that are told again until somebody acknowledges them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from monitor.store.outbox import alert_from_row
from monitor.store.records import Reminder
from monitor.store.rows import Rows
from monitor.store.tables import alerts

#: how the preface of a reminder begins
LABEL = "Reminder"


class ReminderRows(Rows):
    """Statements about reminders."""

    def remind(self, alert_id: int, at: datetime | None, *, count: int = 0) -> None:
        """Notes when an alert is told again (None: never), and how often it was so far."""
        mine = (alerts.c.id == alert_id) & alerts.c.acknowledged.is_(None)
        self.connection.execute(update(alerts).where(mine).values(remind=at, reminders=count))

    def reminders(self, now: datetime) -> list[Reminder]:
        """Alerts that nobody has acknowledged and that are to be told again."""
        due = select(alerts).where(alerts.c.remind <= now).order_by(alerts.c.id)
        return [
            Reminder(alert=alert_from_row(row), sent=row.sent or row.created, count=row.reminders)
            for row in self.connection.execute(due)
        ]

    def acknowledge(self, alert_id: int, now: datetime) -> list[int] | None:
        """Ends the reminders of an alert, and of all others about its event; reminders that wait are dropped.

        Gives back which alerts are now acknowledged; None if there is no such alert.
        """
        event = self.connection.execute(select(alerts.c.known_id).where(alerts.c.id == alert_id)).scalar()
        if event is None:
            return None
        of_event = alerts.c.known_id == event
        waiting = alerts.c.state.in_(("queued", "held", "retry")) & alerts.c.preface.startswith(f"{LABEL} ")
        self.connection.execute(delete(alerts).where(of_event, waiting))
        reminded = of_event & (alerts.c.remind.is_not(None) | (alerts.c.id == alert_id))
        done = update(alerts).where(reminded).values(acknowledged=now, remind=None).returning(alerts.c.id)
        return sorted(self.connection.execute(done).scalars())
