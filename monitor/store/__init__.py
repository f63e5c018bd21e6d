"""What is remembered, in SQLite or PostgreSQL.

    store.py     transactions           engine.py     connections              columns.py   column types
    tables.py    the tables             migrate.py    to the newest tables     migrations/  one file a step
    sources.py items.py known.py events.py queries.py retention.py
    outbox.py silences.py reminders.py           statements, by what they are about
    records.py   what is given back     rows.py       rows -> records          memory.py    what was read
    backup.py    copies of a live database

Everything that belongs together happens in one transaction:

    with Store.open("sqlite:///monitor.db") as store, store.write() as tx:
        stored = tx.put_item(item, now)
"""

from __future__ import annotations

from monitor.store.records import (
    Counts,
    DueAlert,
    Explanation,
    Marks,
    QueuedAlert,
    Reminder,
    SourceState,
    Stored,
    StoredAlert,
    StoredBond,
    StoredChange,
    StoredClaim,
    StoredEvent,
    StoredItem,
    StoredSilence,
    Try,
)
from monitor.store.store import Store, Transaction

__all__ = [
    "Counts",
    "DueAlert",
    "Explanation",
    "Marks",
    "QueuedAlert",
    "Reminder",
    "SourceState",
    "Store",
    "Stored",
    "StoredAlert",
    "StoredBond",
    "StoredChange",
    "StoredClaim",
    "StoredEvent",
    "StoredItem",
    "StoredSilence",
    "Transaction",
    "Try",
]
