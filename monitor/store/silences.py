"""What nobody wants to hear of for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from monitor.store.records import StoredSilence
from monitor.store.rows import Rows
from monitor.store.tables import alerts, silences


class SilenceRows(Rows):
    """Statements about silences."""

    def add_silence(self, names: Mapping[str, Any], until: datetime, why: str, now: datetime) -> int:
        """Adds a silence; gives back its number."""
        values = {"names": dict(names), "until": until, "why": why, "made": now}
        number: int = self.connection.execute(insert(silences).values(values).returning(silences.c.id)).scalar_one()
        return number

    def silences(self, now: datetime | None = None) -> list[StoredSilence]:
        """Those that are not over at ``now`` (None: all), in the order in which they were made."""
        query = select(silences).order_by(silences.c.id)
        if now is not None:
            query = query.where(silences.c.until > now)
        return [
            StoredSilence(id=row.id, made=row.made, until=row.until, why=row.why, names=row.names)
            for row in self.connection.execute(query)
        ]

    def end_silence(self, number: int, now: datetime) -> bool:
        """Ends a silence and makes due what it held; False if it is over or not there."""
        lasts = (silences.c.id == number) & (silences.c.until > now)
        if not self.connection.execute(update(silences).where(lasts).values(until=now)).rowcount:
            return False
        held = (alerts.c.state == "held") & alerts.c.reason.startswith(f"silence {number}:", autoescape=True)
        self.connection.execute(update(alerts).where(held).values(due=now))
        return True
