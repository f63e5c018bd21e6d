"""Fills a store with known events of one claim each, as taking in their items would have left it, in bulk.

Rows go straight into the tables, a few thousand a transaction; blocking keys last, in their order, for a tree that is
filled at random is slow to build, and large. ``tests/test_bench.py`` holds that what is written is what taking in
writes, but for the events that a claim was compared with, and turned down.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from monitor import compare
from monitor.codec import facts_to_json
from monitor.compare.roster import summed_up
from monitor.kinds import KINDS
from monitor.model import Claim
from monitor.pipeline.recognition import marks_of
from monitor.pipeline.taking import as_claim
from monitor.store import Store
from monitor.store.events import claim_values
from monitor.store.items import _key, _version_values
from monitor.store.known import stored_keys
from monitor.store.memory import Recent
from monitor.store.records import Stored
from monitor.store.tables import changes, claims, item_versions, items, known_events
from monitor.store.texts import Texts
from tests.bench._world import Told, day_of, facts_of, tell

#: events written in one transaction
_BATCH = 5_000
#: words of an old item: retention takes long texts away, and a table of texts is in nobody's way
OLD_LENGTH = 12
_TABLES = (items, item_versions, known_events, claims, changes)
_SPEED = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA temp_store = FILE"),
    "postgresql": ("SET session_replication_role = replica",),  # what is written refers to what is written
}

Row = dict[str, Any]


def world(total: int) -> Iterator[tuple[Told, datetime]]:
    """What happened until now, in order, each with the instant at which it was taken in."""
    dice, words = random.Random(total), random.Random(-total)
    for number in range(1, total + 1):
        day = day_of(number, total)
        told = tell(words, number, day, facts_of(dice, day), length=OLD_LENGTH)
        yield told, datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def fill(store: Store, total: int) -> None:
    """Known events as taking in ``world(total)`` would leave them, were no two of them one."""
    with _fast(store) as connection:
        with connection.begin():
            connection.execute(text("CREATE TEMPORARY TABLE new_keys (key BIGINT, number BIGINT)"))
        for batch in _batched(enumerate(world(total), 1)):
            with connection.begin():
                _write(connection, batch)
        with connection.begin():
            connection.execute(
                text("INSERT INTO claim_keys (key, known_id, claim_id) SELECT key, number, number FROM new_keys"
                     " ORDER BY 1, 2")
            )  # fmt: skip
            connection.execute(text("DROP TABLE new_keys"))
            if connection.dialect.name == "postgresql":
                for table in ("items", "known_events", "claims", "changes"):
                    connection.execute(text(f"SELECT setval('{table}_id_seq', {total})"))
    _tidy(store)


@contextmanager
def _fast(store: Store) -> Iterator[Connection]:
    """A connection of its own that leaves undone what only guards against faults."""
    with store.engine.connect() as connection:
        for word in _SPEED[connection.dialect.name]:
            connection.connection.cursor().execute(word)
        connection.connection.commit()
        yield connection
        connection.invalidate()  # nobody else is to have it


def _tidy(store: Store) -> None:
    """Leaves the database as a service that has run for long: its log copied back, its statistics taken."""
    words = ("PRAGMA wal_checkpoint(TRUNCATE)",) if store.engine.dialect.name == "sqlite" else ("VACUUM ANALYZE",)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for word in words:
            connection.connection.cursor().execute(word)


def _batched(entries: Iterable[tuple[int, tuple[Told, datetime]]]) -> Iterator[list[tuple[int, Told, datetime]]]:
    batch = []
    for number, (told, now) in entries:
        batch.append((number, told, now))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(connection: Connection, batch: Iterable[tuple[int, Told, datetime]]) -> None:
    rows: dict[Table, list[Row]] = {table: [] for table in _TABLES}
    keys: list[tuple[int, int]] = []
    for number, told, now in batch:
        signature = compare.signature(told.item.title, told.item.text)
        beside = compare.beside(told.event, told.item, (told.event,))
        claim = as_claim(told.event, told.item, number, signature, now, beside)
        rows[items].append(_item(number, told, now))
        version = _version_values(told.item, Stored(item_id=number, version=1), now)
        rows[item_versions].append(version | {"fingerprint": told.item.fingerprint, "skipped": None})
        rows[known_events].append(_known(number, claim, now))
        claim = replace(claim, id=number)
        rows[claims].append({"version": 1, **claim_values(claim, number, Texts(Recent()).of_event(claim))})
        rows[changes].append(_change(number, now))
        keys += ((key, number) for key in stored_keys(claim.event.kind, KINDS[claim.event.kind].link.keys(claim)))
    for table in _TABLES:
        connection.execute(insert(table), rows[table])
    _write_keys(connection, keys)


def _write_keys(connection: Connection, keys: Sequence[tuple[int, int]]) -> None:
    """A dozen an event: told to the driver itself."""
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany("INSERT INTO new_keys (key, number) VALUES (?, ?)", keys)
        return
    with cursor.copy("COPY new_keys (key, number) FROM STDIN") as copy:
        for row in keys:
            copy.write_row(row)


def _item(number: int, told: Told, now: datetime) -> Row:
    item, marks = told.item, marks_of(told.item)
    return {
        "id": number,
        "source": item.source,
        "identity": item.id,
        "identity_key": _key(item),
        "version": 1,
        "fingerprint": item.fingerprint,
        "first_seen": now,
        "text_mark": marks.text,
        "link_mark": marks.link,
    }


def _known(number: int, claim: Claim, now: datetime) -> Row:
    return {
        "id": number,
        "kind": claim.event.kind,
        "facts": facts_to_json(summed_up([claim])),
        "first_day": claim.published,
        "last_day": claim.published,
        "first_seen": now,
        "changed": now,
        "withdrawn": None,
        "revision": 1,
    }


def _change(number: int, now: datetime) -> Row:
    return {
        "id": number,
        "type": "new",
        "reason": "first report",
        "claim_id": number,
        "known_id": number,
        "at": now,
        "quiet": False,
        "fields": {},
        "compared": [],
        "decisions": [],
    }
