"""Decisions by hand: ``monitor events merge``, ``split``, ``bonds``, ``undo``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, open_store
from monitor.cli.show import json_line, out
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.pipeline.hands import Decided

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for those who read it later.")]


def add_to(events: typer.Typer) -> None:
    """Registers the commands."""
    events.command("merge")(merge_command)
    events.command("split")(split_command)
    events.command("bonds")(bonds_command)
    events.command("undo")(undo_command)


def merge_command(
    one: Annotated[str, typer.Argument(metavar="A", help="Number of an event.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Number of another, of its kind.")],
    why: Why = "",
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Say that two events are one. It is remembered, and can be undone."""
    from monitor.pipeline.hands import merge

    with open_store(config, database) as store:
        done = merge(store, _event(one), _event(other), datetime.now(UTC), why=why)
    _say(done, json=json, undoable=True)


def split_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="Number of an event.")],
    claims: Annotated[
        list[str],
        typer.Option("--claims", metavar="N,N", help="Its claims that tell of another; see explain event:ID."),
    ],
    more: Annotated[list[str] | None, typer.Argument(metavar="[N]...", help="More claims.")] = None,
    why: Why = "",
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Say that some claims of an event tell of another one. It is remembered, and can be undone."""
    from monitor.pipeline.hands import split

    named = [number for text in (*claims, *(more or ())) for number in text.replace(",", " ").split()]
    numbers = {_number(number, "claim") for number in named}
    with open_store(config, database) as store:
        done = split(store, _event(id), numbers, datetime.now(UTC), why=why)
    _say(done, json=json, undoable=True)


def undo_command(
    number: Annotated[str, typer.Argument(metavar="BOND", help="Number of a decision; see `monitor events bonds`.")],
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Take a merge or split back; its claims are compared again."""
    from monitor.pipeline.hands import undo

    with open_store(config, database) as store:
        done = undo(store, _number(number, "bond"), datetime.now(UTC))
    _say(done, json=json, undoable=False)


def bonds_command(json: Json = False, config: ConfigDir = DEFAULT_CONFIG, database: Database = None) -> None:
    """Print what was decided by hand and not undone, oldest first."""
    from monitor.cli.explaining import bond_line, bond_record

    with open_store(config, database) as store, store.read() as tx:
        found = tx.bonds()
    for bond in found:
        if json:
            json_line(bond_record(bond))
        else:
            out().print(bond_line(bond), markup=False)
    if not found and not json:
        out().print("Nothing was decided by hand.")


def _event(text: str) -> int:
    return _number(text.removeprefix("event:"), "event")


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise InputError(f"{text}: expected the number of a {what}, such as 7".replace("a event", "an event"))
    return int(text)


def _say(done: Decided, *, json: bool, undoable: bool) -> None:
    if json:
        json_line({"bond": done.bond, "events": [str(number) for number in done.events]})
        return
    now = " and ".join(f"event:{number}" for number in done.events) or "no event"
    undo = f"; `monitor events undo {done.bond}` takes it back" if undoable else ""
    out().print(f"These claims make {now} now{undo}.", markup=False)
