"""Connections: what SQLite and PostgreSQL need to be told so that one behaves like the other.

SQLite: write-ahead log, foreign keys on, every commit on the disk before it returns. Python's driver would begin
transactions by itself, too late and deferred; it is told not to, and every transaction here begins in words. A write
begins IMMEDIATE: a deferred one that reads first and writes later fails with "database is locked", or loses updates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, TimeoutError
from sqlalchemy.pool import StaticPool

from monitor.errors import StoreError
from monitor.store.columns import to_json

#: how long a statement waits for another process's write, in seconds
PATIENCE = 30.0

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -16384",  # 16 MiB of pages: the system has the others, a copy away
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 4096",  # 16 MiB: pages that are written again and again are copied back once
)


def parse_url(text: str) -> URL:
    """The URL of a database that this store can use; otherwise a StoreError that names what is expected."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreError(
            "the database URL cannot be read; expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise StoreError(f"database {show(url)}: {backend} is not supported; expected sqlite or postgresql")
    if backend == "postgresql" and url.get_driver_name() not in ("psycopg", "psycopg2"):
        raise StoreError(f"database {show(url)}: only the driver psycopg is supported; write postgresql://")
    return url.set(drivername="postgresql+psycopg") if backend == "postgresql" else url


def show(url: URL) -> str:
    """The URL without its password, for messages."""
    return url.render_as_string(hide_password=True)


def in_memory(url: URL) -> bool:
    """Whether the database ends with the process."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def make_engine(url: URL) -> Engine:
    """An engine for the URL; nothing is connected yet, but the folder of an SQLite file is there."""
    options: dict[str, Any] = {"json_serializer": to_json}
    if url.get_backend_name() == "postgresql":
        options |= {"pool_pre_ping": True, "pool_size": 8, "connect_args": {"connect_timeout": 10}}
        return _create(url, options)
    options["connect_args"] = {"check_same_thread": False, "timeout": PATIENCE}
    if in_memory(url):
        options["poolclass"] = StaticPool
    else:
        options["pool_use_lifo"] = True  # each connection has pages of its own: the one that has them is taken first
        _make_folder(url)
    engine = _create(url, options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create(url: URL, options: dict[str, Any]) -> Engine:
    try:
        return create_engine(url, **options)
    except (ArgumentError, NoSuchModuleError, TypeError) as error:
        raise StoreError(f"database {show(url)}: {error}") from None


def _make_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"database {show(url)}: cannot make the folder {folder}: {error.strerror}") from error


def _set_up_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    try:
        for pragma in _PRAGMAS:
            dbapi_connection.execute(pragma)
    except sqlite3.Error:
        dbapi_connection.close()
        raise


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turns what the driver raises when the database itself fails into a StoreError; mistakes of ours stay as they are.

    The statement and its values stay out of the message: they can be long, and hold what people wrote.
    """
    try:
        yield
    except TimeoutError as error:
        raise StoreError(f"database {show(url)}: no connection became free") from error
    except DBAPIError as error:
        if not _is_outage(error):
            raise
        raise StoreError(f"database {show(url)}: {_advice(str(error.orig).strip())}") from error
    except sqlite3.Error as error:  # from what is said to the driver itself, when a connection is set up
        raise StoreError(f"database {show(url)}: {_advice(str(error))}") from error


def _is_outage(error: DBAPIError) -> bool:
    return (
        type(error).__name__ in ("OperationalError", "InterfaceError")
        or error.connection_invalidated
        or (
            type(error.orig).__name__ == "DatabaseError"  # SQLite: "file is not a database", "disk image is malformed"
        )
    )


def _advice(problem: str) -> str:
    for words, advice in _ADVICE.items():
        if words in problem:
            return f"{problem}; {advice}"
    return problem


_ADVICE = {
    "database is locked": "another process has been writing for long; is a backup or a second daemon at work?",
    "disk is full": "nothing was stored; free some space, the service goes on by itself",
    "unable to open database file": "does the folder exist, and may this user write in it?",
    "readonly database": "may this user write the file and its folder?",
    "file is not a database": "is it the right file? if so, restore a backup (monitor restore FILE)",
    "malformed": "the file is damaged; restore a backup (monitor restore FILE)",
}
