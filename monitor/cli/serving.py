"""``monitor run`` and ``monitor once``: the daemon, and one pass."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.pipeline import Pipeline, Polled, Sent

#: worker processes of the daemon: with the event loop and the store they keep two cores busy
WORKERS = 1


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("run")(run_command)
    app.command("once")(once_command)


def run_command(config: ConfigDir = DEFAULT_CONFIG, database: Database = None) -> None:
    """Run the daemon: poll every source on its schedule, deliver alerts, serve HTTP; end on SIGTERM."""
    import asyncio

    from monitor import logs
    from monitor.daemon import Daemon
    from monitor.pipeline import assemble

    settings = load(config, database)
    logs.configure(settings.settings.log_level)

    async def serve() -> None:
        pipeline = assemble(settings, processes=WORKERS)
        await Daemon(pipeline, lambda: load(config, database)).run()

    asyncio.run(serve())


def once_command(
    every: Annotated[bool, typer.Option("--all", help="Every source, not only those that are due.")] = False,
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Make one pass over every source that is due, deliver, print what changed, end."""
    import asyncio

    from monitor.cli import changes
    from monitor.pipeline import assemble

    settings = load(config, database)
    # our own files are read here: starting a process takes longer than a pass over them
    pipeline = assemble(settings, processes=int(any(source.type != "folder" for source in settings.sources)))
    polled, sent = asyncio.run(_pass(settings, pipeline, every=every, json=json))
    if not changes.summary(polled, sent, json=json):
        raise typer.Exit(1)


async def _pass(config: Config, pipeline: Pipeline, *, every: bool, json: bool) -> tuple[list[Polled], list[Sent]]:
    from monitor.cli import changes

    try:
        due = config.sources if every else pipeline.polls.due_sources()
        with changes.progress(len(due)) as done:
            polled = await pipeline.polls.poll_all(due, done)
        changes.show(polled, json=json)
        # with --json, standard output holds the changes alone: a console channel speaks on standard error
        with contextlib.redirect_stdout(sys.stderr if json else sys.stdout):
            sent = await pipeline.deliveries.send_due(lambda _: None)
            await pipeline.tell_health()
        return polled, sent
    finally:
        await pipeline.close()
