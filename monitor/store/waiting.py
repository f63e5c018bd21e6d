"""Rows that a transaction has yet to write: together they cost a fraction of what they cost one by one.

A row that others refer to needs its number before it is written. Numbers are handed out here, in the transaction that
holds the write lock: on SQLite they go on from the highest, as its own would; on PostgreSQL the sequence gives some
at once. Rows are written in the order of the tables, so that what is referred to is there before what refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert, Update

from monitor.store.prepared import execute, execute_rows
from monitor.store.tables import alerts, changes, claim_keys, claims, item_versions, items, known_events

#: tables whose rows may wait, what is referred to first
_ORDER = (items, item_versions, known_events, claims, changes, alerts)
_ADD_KEY, _KEY = insert(claim_keys), ("key", "known_id", "claim_id")
_PRESENT_VERSION = select(items.c.version).where(items.c.id == bindparam("of_item")).scalar_subquery()
_ADD: Mapping[Table, Insert] = {
    **{table: insert(table) for table in _ORDER},
    claims: insert(claims).values(version=_PRESENT_VERSION),  # of its item
}
#: an alert is known by its key, and queued once
_ADD_ALERT: Mapping[str, Insert] = {
    "sqlite": sqlite.insert(alerts).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(alerts).on_conflict_do_nothing(index_elements=["key"]),
}
_HIGHEST = {table: select(func.max(table.c.id)) for table in (items, known_events, claims, changes)}
#: numbers taken from a sequence at once
_AT_ONCE = 32
_NEXT = {
    table: text(f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, {_AT_ONCE})")  # noqa: S608  our own names
    for table in _HIGHEST
}

Row = dict[str, Any]


class Waiting:
    """The rows of one transaction that wait to be written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added: dict[Table, list[Row]] = {}
        #: new rows of claim_keys, of which there are more than of all others: values of ``_KEY``
        self._keys: list[tuple[int, int, int]] = []
        #: statement that changes a row, and what it changes -> its values, time after time
        self._changed: dict[tuple[Update, tuple[str, ...]], list[Row]] = {}
        self._numbers: dict[Table, Iterator[int]] = {}
        #: source and key of the new items that wait
        self.names: set[tuple[str, str]] = set()

    def number(self, table: Table) -> int:
        """The number of a new row; the transaction must hold the write lock."""
        if table not in self._numbers:
            self._numbers[table] = self._free(table)
        return next(self._numbers[table])

    def _free(self, table: Table) -> Iterator[int]:
        if self._connection.dialect.name == "sqlite":
            yield from count((self._connection.execute(_HIGHEST[table]).scalar() or 0) + 1)
        while True:
            yield from self._connection.execute(_NEXT[table]).scalars().all()

    def add(self, table: Table, *rows: Row) -> None:
        """Lets new rows wait; all rows of one table have values for the same columns."""
        self._added.setdefault(table, []).extend(rows)

    def add_keys(self, keys: Iterable[int], known_id: int, claim_id: int) -> None:
        """Lets blocking keys of a claim wait."""
        self._keys += [(key, known_id, claim_id) for key in keys]

    def change(self, statement: Update, values: Row) -> None:
        """Lets a change wait until the new rows are there; those of one statement happen in their order."""
        self._changed.setdefault((statement, tuple(values)), []).append(values)

    def write(self) -> None:
        """Writes what waits."""
        if not self._added and not self._changed and not self._keys:
            return
        added, self._added, changed, self._changed = self._added, {}, self._changed, {}
        keys, self._keys = self._keys, []
        self.names.clear()
        for table in _ORDER:
            if rows := added.get(table):
                add = _ADD_ALERT[self._connection.dialect.name] if table is alerts else _ADD[table]
                execute(self._connection, add, rows)
            if table is claims and keys:
                execute_rows(self._connection, _ADD_KEY, _KEY, keys)
        for (statement, _), values in changed.items():
            execute(self._connection, statement, values)
