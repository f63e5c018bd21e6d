"""Brings a database to the revision that this code speaks: all of it, or nothing.

Both databases can roll back changes of tables, so all migrations run in one transaction, under a lock: of several
processes that start at once, one migrates and the others wait and find it done. A crash half-way leaves the old tables.
In a database with nothing in it the newest tables are made at once: a test holds that migrations come to the same.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect, select, text

from monitor.errors import StoreError
from monitor.store.engine import PATIENCE, show
from monitor.store.tables import REVISION, metadata

SCRIPTS = Path(__file__).parent / "migrations"

#: key of the advisory lock on PostgreSQL: any number that nobody else uses in this database
MIGRATION_LOCK = 0x6D6F6E69746F7201

#: where Alembic keeps what a database is at, as it would make it itself
_VERSIONS = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def make_tables(engine: Engine) -> None:
    """All tables at once, for a database in memory, which nothing older can have made."""
    with engine.begin() as connection:
        metadata.create_all(connection, checkfirst=False)


def prepare(engine: Engine, *, migrate: bool) -> None:
    """Sees to it that the database is at ``REVISION``; raises StoreError if it is not and cannot or may not be."""
    if engine.dialect.name == "sqlite":
        _use_write_ahead_log(engine)
    with engine.connect() as connection:
        found = revision(connection)
    if found == REVISION:
        return
    if not migrate:
        state = "is empty" if found is None else f"is at revision {found}"
        raise StoreError(
            f"database {show(engine.url)} {state}, expected {REVISION}; start the service once to migrate it"
        )
    _migrate(engine)


def revision(connection: Connection) -> str | None:
    """The revision that the database says it is at; None for one without our tables."""
    if not inspect(connection).has_table(_VERSIONS.name):
        return None
    found: str | None = connection.execute(select(_VERSIONS.c.version_num)).scalar()
    return found


def _use_write_ahead_log(engine: Engine) -> None:
    # SQLite does not wait for another process that is doing the same, so this does.
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with closing(engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _migrate(engine: Engine) -> None:
    sqlite = engine.dialect.name == "sqlite"
    with (
        engine.connect().execution_options(begin="BEGIN EXCLUSIVE") as connection,
        _foreign_keys_off(connection),
        connection.begin(),
    ):
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        found = revision(connection)
        if found == REVISION:  # another process was quicker
            return
        if found is None and not inspect(connection).has_table(_VERSIONS.name):
            _create(connection)
        else:
            _upgrade(connection)
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise StoreError(f"database {show(engine.url)}: rows point to rows that are missing; restore a backup")


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    _VERSIONS.create(connection)
    connection.execute(_VERSIONS.insert(), {"version_num": REVISION})


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    # While they are on, a migration that makes a table anew deletes the rows that point to it.
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()  # outside SQLAlchemy's transaction: within one it would do nothing
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")


def _upgrade(connection: Connection) -> None:
    # Alembic takes a while to import, and 10 MB, and is needed once in the life of a version.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = revision(connection)
    if found is not None and found not in known:
        raise StoreError(
            f"database {show(connection.engine.url)} is at revision {found}, which this version does not know: a newer "
            f"version has used it; install that version again, or restore a backup from before"
        )
    command.upgrade(config, "head")
