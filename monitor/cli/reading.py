"""``monitor extract`` and ``monitor replay``: what texts say, and what would be told of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, Paths, Published
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.model import Item


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("extract")(extract_command)
    app.command("replay")(replay_command)


def extract_command(
    paths: Paths = None,
    json: Json = False,
    published: Published = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Say which rule gave which slot, and what was refused.")
    ] = False,
) -> None:
    """Print the events in texts. Needs no configuration and no database."""
    from monitor.cli import events
    from monitor.extract import every_lexicon, extract
    from monitor.language.trace import Trace

    lexicons = every_lexicon()
    for item in items_of(paths, published):
        traced = Trace() if trace else None
        extraction = extract(item, lexicons, trace=traced)
        if json:
            events.extraction_json(item, extraction, traced)
        else:
            events.extraction_for_people(item, extraction, traced)


def replay_command(
    paths: Paths = None,
    json: Json = False,
    published: Published = None,
    stored: Annotated[bool, typer.Option("--stored", help="Take the items of the database instead of PATH.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show how alerts differ from the stored ones.")] = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Run items through extract, compare and rules in order of publication; store and send nothing."""
    from monitor.cli import replaying

    if stored:
        items: Iterable[Item] = replaying.stored_items(config, database)
    else:
        items = items_of(paths, published)
    replaying.replay(list(items), json=json, diff=diff, config=config, database=database)


def items_of(paths: list[str] | None, published: str | None) -> Iterator[Item]:
    """The items that the arguments name, in their order."""
    from monitor.sources.reading.files import read_path, read_stream

    day = _day(published)
    for path in paths or ["-"]:
        if path == "-":
            yield from read_stream(sys.stdin.buffer, day)
        else:
            yield from read_path(path, day)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--published {text}: expected a day such as 2022-03-30") from None
