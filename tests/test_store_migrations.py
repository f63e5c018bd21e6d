"""Migrations: from nothing to the newest tables, in whole or not at all, by one process at a time."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from monitor.errors import StoreError
from monitor.store import Store, migrate
from monitor.store.engine import make_engine, parse_url
from monitor.store.tables import REVISION, metadata


def tables(url: str) -> set[str]:
    engine = make_engine(parse_url(url))
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def execute(url: str, statement: str) -> None:
    engine = make_engine(parse_url(url))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


OURS = {*metadata.tables, "alembic_version"}


#: a database in which migrations have begun, and none was made
BEGUN = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"


def plain(value: object) -> str:
    """A description of a part of a table, with the words of what has no look of its own; in an order of its own."""
    if isinstance(value, dict):
        return str(sorted((name, plain(each)) for name, each in value.items()))
    return str(sorted(map(plain, value))) if isinstance(value, list) else str(value)


def shape(url: str) -> dict[str, str]:
    """All tables with all that makes them."""
    engine = make_engine(parse_url(url))
    try:
        found = inspect(engine)
        parts = ("columns", "indexes", "foreign_keys", "unique_constraints", "check_constraints", "pk_constraint")
        return {
            f"{part} of {table}": plain(getattr(found, f"get_{part}")(table))
            for table in found.get_table_names()
            for part in parts
        }
    finally:
        engine.dispose()


def test_migrations_come_to_the_tables_that_an_empty_database_gets_at_once(
    database_url: str, empty_database_url: str
) -> None:
    execute(empty_database_url, BEGUN)
    with Store.open(empty_database_url) as store, store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    Store.open(database_url).close()
    assert shape(empty_database_url) == shape(database_url)


def test_an_empty_database_needs_no_migrations(tmp_path: Path) -> None:
    code = (
        "import sys; from monitor.store import Store; Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path / 'new.db'}"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "False\n"


def test_an_empty_database_gets_the_tables_that_the_code_speaks_of(empty_database_url: str) -> None:
    with Store.open(empty_database_url) as store, store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    assert tables(empty_database_url) == OURS


def test_checks_of_the_code_are_in_the_migrated_tables_too(empty_database_url: str) -> None:
    with Store.open(empty_database_url) as store:
        found = {name: inspect(store.engine).get_check_constraints(name) for name in metadata.tables}
        assert {check["name"] for checks in found.values() for check in checks} >= {"ck_alerts_state", "ck_bonds_type"}


def test_a_database_in_memory_has_the_same_tables() -> None:
    with Store.open("sqlite://") as store:
        assert set(inspect(store.engine).get_table_names()) == set(metadata.tables)


def test_the_newest_migration_is_the_revision_that_the_code_speaks_of() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [REVISION]


def test_a_database_that_is_up_to_date_is_left_alone(database_url: str) -> None:
    with Store.open(database_url), Store.open(database_url, migrate=False) as second:
        assert second.ping() is None


def test_a_database_that_may_not_be_migrated_is_refused_with_what_to_do(empty_database_url: str) -> None:
    with pytest.raises(StoreError, match=f"is empty, expected {REVISION}; start the service once to migrate it"):
        Store.open(empty_database_url, migrate=False)
    assert tables(empty_database_url) == set()


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(database_url: str) -> None:
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="is at revision 9999, which this version does not know: a newer version"):
        Store.open(database_url)


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a test adds one of its own; in a folder with a name that needs care."""
    folder = tmp_path / "100% ours"
    shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "SCRIPTS", folder)
    monkeypatch.setattr(migrate, "REVISION", "test")
    return folder


def add_migration(scripts: Path, *lines: str) -> None:
    body = "\n".join(f"    {line}" for line in lines)
    (scripts / "versions" / "test.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision, down_revision = 'test', '{REVISION}'\n\n\ndef upgrade():\n{body}\n"
    )


def test_half_a_migration_leaves_everything_as_it_was(empty_database_url: str, scripts: Path) -> None:
    add_migration(scripts, "op.drop_table('deliveries')", "raise RuntimeError('power cut')")
    execute(empty_database_url, BEGUN)
    with pytest.raises(RuntimeError, match="power cut"):
        Store.open(empty_database_url)
    assert tables(empty_database_url) == {"alembic_version"}


def test_half_a_migration_of_a_used_database_leaves_its_rows(
    database_url: str, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(database_url, "INSERT INTO sources (name, url, state, failures, items_total) VALUES ('a', '', '{}', 0, 1)")
    add_migration(scripts, "op.drop_table('sources')", "raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        Store.open(database_url)
    monkeypatch.undo()
    with Store.open(database_url) as store, store.read() as tx:
        assert tx.source("a").items_total == 1


def test_a_table_can_be_made_anew_without_losing_the_rows_that_point_to_it(database_url: str, scripts: Path) -> None:
    execute(
        database_url,
        "INSERT INTO items (id, source, identity, identity_key, version, fingerprint, first_seen)"
        " VALUES (1, 'a', 'a', 'a', 1, 'f', '2022-03-30 12:00:00.000000')",
    )
    execute(
        database_url,
        "INSERT INTO item_versions (item_id, version, fingerprint, title, seen)"
        " VALUES (1, 1, 'f', 'kept', '2022-03-30 12:00:00.000000')",
    )
    add_migration(
        scripts,
        "with op.batch_alter_table('items') as batch:",
        "    batch.alter_column('fingerprint', nullable=True)",
    )
    with Store.open(database_url) as store, store.engine.connect() as connection:
        assert connection.execute(text("SELECT title FROM item_versions")).scalars().all() == ["kept"]
        columns = {column["name"]: column for column in inspect(connection).get_columns("items")}
        assert columns["fingerprint"]["nullable"]
        if store.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_rows_that_a_migration_orphans_are_refused_and_kept(database_url: str, scripts: Path) -> None:
    add_migration(scripts, "op.execute(\"INSERT INTO deliveries (id, alert_id, at, outcome, reason)\"",
                  "    \" VALUES (1, 4711, '2022-03-30 12:00:00.000000', 'sent', '')\")")  # fmt: skip
    with pytest.raises(Exception, match=r"point to rows that are missing|violates foreign key"):
        Store.open(database_url)
    assert tables(database_url) == OURS


def _open(url: str) -> None:
    Store.open(url).close()


def test_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_open, args=(empty_database_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert tables(empty_database_url) == OURS
