"""``monitor backup`` and ``monitor restore``: copies of the database, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, load
from monitor.cli.show import out


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)


def backup_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; a file that is there is replaced.")],
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Copy the live database into a file, which appears whole or not at all (SQLite; PostgreSQL has pg_dump)."""
    from monitor.store.backup import backup

    backup(database or load(config, None).settings.database, file)
    out().print(f"{file}: {file.stat().st_size:,} bytes", markup=False)


def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `monitor backup` wrote.")],
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Put a backup in the place of the database; the service must not be running (PostgreSQL has pg_restore)."""
    from monitor.store.backup import restore

    aside = restore(database or load(config, None).settings.database, file)
    out().print("restored", markup=False)
    if aside is not None:
        out().print(f"the database that was there is now {aside}", markup=False)
