"""``monitor sources``: where each source stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load, open_store
from monitor.cli.show import ago, json_line, out, table

if TYPE_CHECKING:
    from monitor.store import SourceState

_COLUMNS = ("source", "state", "last poll", "next poll", "items", "a day", "missed", "failures", "reason")


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    sources = typer.Typer(invoke_without_command=True, help="Each source: last poll, next poll, state, error.")
    sources.callback()(sources_command)
    app.add_typer(sources, name="sources")


def sources_command(
    context: typer.Context, json: Json = False, config: ConfigDir = DEFAULT_CONFIG, database: Database = None
) -> None:
    """Each source: last poll, next poll, state, items and events a day, losses, error."""
    if context.invoked_subcommand is not None:
        return
    loaded = load(config, database)
    with open_store(config, database or loaded.settings.database) as store, store.read() as tx:
        states = [tx.source(source.name) for source in loaded.sources]
    now = datetime.now(UTC)
    for state in states if json else ():
        json_line(_record(state, now))
    if not json:
        rows = [_row(state, now) for state in states]
        out().print(table(_COLUMNS, rows) if rows else f"No sources in {config}/sources.yaml.")


def _record(state: SourceState, now: datetime) -> dict[str, Any]:
    from monitor.pipeline.book import from_json

    book = from_json(state.book)
    items, events = book.a_day(now)
    still = book.pulse.silent(now)
    return {
        "source": state.name,
        "state": _state(state, now),
        **{name: _iso(getattr(state, name)) for name in ("first_polled", "last_poll", "last_success", "next_poll")},
        "failures": state.failures,
        "failing_since": _iso(book.failing_since),
        "reason": state.reason,
        "items": state.items_total,
        "items_a_day": round(items, 1),
        "events_a_day": round(events, 1),
        "newest": _iso(book.pulse.newest),
        "silent_for": None if still is None else int(still.total_seconds()),
        "missed": book.missed,
        "moved": (state.state.get("moved") or {}).get("to"),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _state(state: SourceState, now: datetime) -> str:
    from monitor.pipeline.book import from_json

    if state.outcome is None:
        return "never polled"
    if state.outcome == "gone":
        return "gone"
    if state.outcome == "failed":
        return "failing"
    return "silent" if from_json(state.book).pulse.silent(now) else state.outcome.value


def _row(state: SourceState, now: datetime) -> tuple[str, ...]:
    record = _record(state, now)
    following = "now" if state.next_poll is None or state.next_poll <= now else ago(state.next_poll, now)
    moved = f"; moved to {record['moved']}" if record["moved"] else ""
    return (
        state.name, record["state"], ago(state.last_poll, now), following, str(state.items_total),
        f"{record['items_a_day']:g}", str(record["missed"]), str(state.failures), state.reason + moved,
    )  # fmt: skip
