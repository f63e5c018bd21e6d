"""The command ``monitor`` (CONTRACT.md): commands parse, call and print; they decide nothing.

Modules are imported inside the commands that need them, so that ``monitor extract`` on one text starts without the
database, the network and the chat services.

    reading.py    extract, replay            serving.py    run, once
    asking.py     events, explain, status    alerts.py     alerts, ack, silence
    hands.py      events merge, split, bonds, undo
    sources.py    sources                    upkeep.py     backup, restore
    setting_up.py check, init, test-channel
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli import alerts, asking, reading, serving, setting_up, sources, upkeep
from monitor.errors import ConfigError, MonitorError

app = typer.Typer(
    name="monitor",
    help="Reads news feeds, finds aid pledges, rounds of talks and casualty updates, and alerts people to what is new.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def everywhere(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="DIR", help="Configuration folder.")] = None,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="SQLAlchemy URL.")] = None,
) -> None:
    """Options before a command's name are the defaults of that command."""
    given = {name: str(value) for name, value in (("config", config), ("database", database)) if value is not None}
    if given:
        commands = getattr(context.command, "commands", {})
        context.default_map = {
            name: given | dict.fromkeys(getattr(command, "commands", {}), given) for name, command in commands.items()
        }


for module in (serving, reading, setting_up, asking, alerts, sources, upkeep):
    module.add_to(app)


def main() -> None:
    """Entry point of the console script. Exit status: 0 done, 1 with failures, 2 wrong usage or configuration."""
    try:
        app()
    except ConfigError as error:
        _complain(error, 2)
    except MonitorError as error:
        _complain(error, 1)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _complain(error: MonitorError, status: int) -> None:
    print(" ".join(str(error).splitlines()), file=sys.stderr)
    sys.exit(status)
