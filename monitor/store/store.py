"""The database as the rest of the service sees it: transactions that happen in whole, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, QueuePool, text

from monitor.errors import StoreError
from monitor.model import Outcome
from monitor.store.engine import explained, in_memory, make_engine, parse_url
from monitor.store.memory import Memory
from monitor.store.migrate import make_tables, prepare
from monitor.store.queries import Queries
from monitor.store.records import Counts, QueuedAlert
from monitor.store.reminders import ReminderRows
from monitor.store.retention import BATCH, PRUNED, RetentionRows
from monitor.store.silences import SilenceRows
from monitor.store.sources import SourceRows
from monitor.store.upkeep import UpkeepRows

#: key of the advisory lock that writers of one PostgreSQL database take in turn
WRITE_LOCK = 0x6D6F6E69746F7202

_ANSWER = text("SELECT 1")
_LOCK = text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


class Transaction(Queries, SourceRows, SilenceRows, ReminderRows, RetentionRows, UpkeepRows):
    """All statements, in one transaction."""


class Store:
    """A database that is open. Threads may share it; each transaction belongs to one thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._volatile = in_memory(engine.url)
        self._sqlite = engine.dialect.name == "sqlite"
        self._turn = _Turn()
        self._memory = Memory()

    @classmethod
    def open(cls, url: str, *, migrate: bool = True) -> Self:
        """Opens the database and brings its tables up to date.

        Raises StoreError if it cannot be opened, is newer than this code, or may not be migrated and needs to be.
        """
        engine = make_engine(parse_url(url))
        try:
            with explained(engine.url):
                if in_memory(engine.url):
                    make_tables(engine)
                else:
                    prepare(engine, migrate=migrate)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads; it does not wait for writers."""
        with (
            self._turn if self._volatile else nullcontext(),
            explained(self.engine.url),
            self.engine.begin() as connection,
        ):
            tx = Transaction(connection, self._memory)
            yield tx
        tx.remember()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """The one transaction that reads and writes at this moment, over all threads and processes.

        It is committed at the end of the block; an exception takes back all of it.
        """
        with self._changing() as tx:
            if not self._sqlite:
                tx.connection.execute(_LOCK)
            yield tx

    @contextmanager
    def _changing(self) -> Iterator[Transaction]:
        """A transaction that writes; on PostgreSQL several may be open, for rows that no comparison reads."""
        turn = self._turn if self._sqlite else nullcontext()
        with (
            turn,
            explained(self.engine.url),
            self.engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection,
            connection.begin(),
        ):
            tx = Transaction(connection, self._memory)
            yield tx
            tx.write_waiting()
        tx.remember()

    def forget(self) -> None:
        """Gives back the room of what is only kept to be quicker."""
        self._memory.clear()
        pool = self.engine.pool
        if self._sqlite and isinstance(pool, QueuePool) and not pool.checkedout():
            self.engine.dispose()  # each connection holds pages of its own; those that are needed are opened again

    def ping(self) -> str | None:
        """What is wrong with the database; None if it answers."""
        try:
            with self.read() as tx:
                tx.connection.execute(_ANSWER)
        except StoreError as error:
            return str(error)
        return None

    def counts(self, now: datetime) -> Counts:
        """How much is stored; see Queries.counts."""
        with self.read() as tx:
            return tx.counts(now)

    # --- the outbox, whose steps are transactions of their own ---

    def claim_due(
        self, now: datetime, limit: int, lease: timedelta, channels: Collection[str] | None = None
    ) -> list[QueuedAlert]:
        """Takes up to ``limit`` due alerts for this worker alone until the lease ends; see OutboxRows.claim_due."""
        with self.read() as tx:
            if not tx.anything_due(now):
                return []
        with self._changing() as tx:
            return tx.claim_due(now, limit, lease, channels)

    def record_outcome(
        self, alert_id: int, outcome: Outcome, now: datetime, *, tries: int | None = None, seconds: float | None = None
    ) -> bool:
        """Notes what became of a try; see OutboxRows.record_outcome."""
        with self._changing() as tx:
            return tx.record_outcome(alert_id, outcome, now, tries=tries, seconds=seconds)

    def retry_dead(self, now: datetime, ids: Collection[int] | None = None) -> list[int]:
        """Queues dead alerts again; see OutboxRows.retry_dead."""
        with self._changing() as tx:
            return tx.retry_dead(now, ids)

    # --- upkeep ---

    def prune(self, before: datetime) -> dict[str, int]:
        """Takes away what is older and grows (retention.py), in short transactions; gives back how much of what."""
        taken = dict.fromkeys(PRUNED, 0)
        for what, prune in PRUNED.items():
            count = BATCH
            while count == BATCH:
                with self.write() as tx:
                    count = prune(tx, before)
                taken[what] += count
        return taken


class _Turn:
    """Lets threads write one after the other: SQLite's own waiting is a sleep, and is not fair."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def __enter__(self) -> None:
        if self._holder == threading.get_ident():
            raise StoreError("a transaction was begun inside another one")  # it would wait for itself for ever
        self._lock.acquire()
        self._holder = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._holder = None
        self._lock.release()
