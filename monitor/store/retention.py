"""What grows is taken away when it is old; facts stay.

Taken away: texts of items, what changes were compared with and what rules said to them, alerts that were sent with
their tries, and the blocking keys of claims, whose windows are long over. Kept: items with their titles and links (so
that none is new again), claims, known events, changes, dead alerts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import CursorResult, delete, null, select, update

from monitor.store.rows import Rows
from monitor.store.tables import alerts, changes, claim_keys, claims, item_versions

#: rows that one transaction touches: others wait for it
BATCH = 500


class RetentionRows(Rows):
    """Statements that take old things away, a batch at a time."""

    def prune_texts(self, before: datetime) -> int:
        """Takes texts of versions that were seen before; gives back how many."""
        old = item_versions.c.text.is_not(None) & (item_versions.c.seen < before)
        number = select(item_versions.c.item_id, item_versions.c.version).where(old).limit(BATCH)
        found = self.connection.execute(number).all()
        for item_id, version in found:
            mine = (item_versions.c.item_id == item_id) & (item_versions.c.version == version)
            self.connection.execute(update(item_versions).where(mine).values(text=null()))
        return len(found)

    def prune_reasons(self, before: datetime) -> int:
        """Takes comparisons and rules' decisions of changes that were recorded before; gives back how many."""
        old = changes.c.compared.is_not(None) & (changes.c.at < before)
        numbers = select(changes.c.id).where(old).limit(BATCH).scalar_subquery()
        return _rows(
            self.connection.execute(
                update(changes).where(changes.c.id.in_(numbers)).values(compared=null(), decisions=null())
            )
        )

    def prune_alerts(self, before: datetime) -> int:
        """Takes alerts that were sent before, with their tries; gives back how many."""
        old = (alerts.c.state == "sent") & (alerts.c.sent < before)
        numbers = select(alerts.c.id).where(old).order_by(alerts.c.id).limit(BATCH).scalar_subquery()
        return _rows(self.connection.execute(delete(alerts).where(alerts.c.id.in_(numbers))))

    def prune_keys(self, before: datetime) -> int:
        """Takes blocking keys of the oldest claims, as far as they were seen before; gives back of how many."""
        oldest = select(claim_keys.c.claim_id).distinct().order_by(claim_keys.c.claim_id).limit(BATCH).subquery()
        old = select(claims.c.id).join(oldest, oldest.c.claim_id == claims.c.id).where(claims.c.seen < before)
        numbers = list(self.connection.execute(old).scalars())
        self.connection.execute(delete(claim_keys).where(claim_keys.c.claim_id.in_(numbers)))
        return len(numbers)


def _rows(result: CursorResult[*tuple[object, ...]]) -> int:
    return result.rowcount


#: what is taken away -> how
PRUNED: Mapping[str, Callable[[RetentionRows, datetime], int]] = {
    "texts": RetentionRows.prune_texts,
    "reasons": RetentionRows.prune_reasons,
    "alerts": RetentionRows.prune_alerts,
    "keys": RetentionRows.prune_keys,
}
