"""A copy of a live SQLite database, and the way back.

A copy of the file alone would lose what is still in the write-ahead log; SQLite's own backup takes one consistent
moment while others read and write. PostgreSQL has tools of its own for this, which are named instead.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from monitor.errors import StoreError
from monitor.store.engine import explained, in_memory, parse_url, show


def backup(database: str, file: Path) -> None:
    """Copies the database into a file, which appears whole or not at all; one that is there is replaced.

    Raises StoreError if the database is not an SQLite file, or either cannot be read or written.
    """
    url = parse_url(database)
    source = _file_of(url, f"pg_dump --format=custom --file={file} {show(url).replace('+psycopg', '')}")
    if not source.exists():
        raise StoreError(f"database {show(url)}: there is no such file")
    with (
        explained(url),
        _appears_whole(file) as part,
        closing(_open(source, "ro")) as live,
        closing(sqlite3.connect(part)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, and nothing beside it
        _check(copy, file)


def restore(database: str, file: Path) -> Path | None:
    """Puts a backup in the place of the database; gives back where the one that was there has gone.

    The service must not be running. Raises StoreError if it is, or if the file is not a sound backup: then the database
    is as it was.
    """
    url = parse_url(database)
    target = _file_of(url, f"pg_restore --clean --dbname={show(url).replace('+psycopg', '')} {file}")
    if not file.exists():
        raise StoreError(f"backup {file}: there is no such file")
    target.parent.mkdir(parents=True, exist_ok=True)
    with explained(url), _appears_whole(target) as part:
        with closing(_open(file, "ro")) as saved, closing(sqlite3.connect(part)) as copy:
            _check(saved, file)
            saved.backup(copy)
        return _set_aside(target)


def _file_of(url: URL, instead: str) -> Path:
    if url.get_backend_name() != "sqlite":
        raise StoreError(f"database {show(url)}: PostgreSQL has its own tool for this: {instead}")
    if in_memory(url) or url.database is None:
        raise StoreError("a database in memory ends with the process; there is nothing to copy")
    return Path(url.database)


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)


def _check(connection: sqlite3.Connection, file: Path) -> None:
    try:
        problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        raise StoreError(f"backup {file}: {error}") from error
    if problem != "ok":
        raise StoreError(f"backup {file}: it is damaged: {problem}")
    if "alembic_version" not in tables:
        raise StoreError(f"backup {file}: it is not a database of this service")


@contextmanager
def _appears_whole(file: Path) -> Iterator[Path]:
    """A path to write to, which takes the file's place at the end; nobody else may read it, for it holds alerts."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}; nothing was changed") from error
    finally:
        part.unlink(missing_ok=True)


def _set_aside(target: Path) -> Path | None:
    """Moves a database that nobody has open out of the way; what its write-ahead log holds is written to it first."""
    if not target.exists():
        return None
    with closing(sqlite3.connect(target, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")  # fails while anybody else has it open
        except sqlite3.OperationalError as error:
            raise StoreError(f"database {target} is in use: stop the service first ({error})") from error
    old = target.with_name(f"{target.name}.before-restore")
    target.replace(old)
    return old
