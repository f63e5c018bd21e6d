"""Options that many commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Channel
    from monitor.store import Store

ConfigDir = Annotated[
    Path,
    typer.Option("--config", metavar="DIR", envvar="MONITOR_CONFIG", help="Configuration folder.", show_default=True),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="MONITOR_DATABASE_URL",
        help="SQLAlchemy URL; by default from the configuration.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="JSON lines, one record a line.")]
Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Text file, .jsonl file, folder, or - for standard input."),
]
Published = Annotated[
    str | None, typer.Option("--published", metavar="DAY", help="Day of publication of items that do not say it.")
]

DEFAULT_CONFIG = Path("config")


def load(folder: Path, database: str | None) -> Config:
    """The configuration in a folder, with the database that the command line names."""
    from monitor import config as configuration

    environ = dict(os.environ)
    if database:
        environ["MONITOR_DATABASE_URL"] = database
    return configuration.load(folder, environ, check_channel=_complaint_of)


def _complaint_of(channel: Channel) -> str | None:
    """What is wrong with a channel's URL; the services are loaded only when there is a channel to ask about."""
    from monitor.delivery import check_channel

    return check_channel(channel)


def open_store(folder: Path, database: str | None) -> Store:
    """The store; a database named outright needs no configuration."""
    from monitor.store import Store

    return Store.open(database or load(folder, None).settings.database)
