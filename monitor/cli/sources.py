"""``monitor sources``: where each source stands; further ones found, taken over from a list, and written to one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load, open_store
from monitor.cli.show import ago, clean, err, json_line, out, size, table
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.sources.discovery import Found
    from monitor.store import SourceState

#: items of a feed that was found, shown as a sample
_SAMPLE = 5
_COLUMNS = (
    *("source", "state", "last poll", "next poll", "items a day", "events a day", "newest item", "usual is one in"),
    *("missed", "failures", "reason"),
)


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    sources = typer.Typer(invoke_without_command=True, help="Each source: last poll, next poll, state, error.")
    sources.callback()(sources_command)
    sources.command("add")(add_command)
    sources.command("import")(import_command)
    sources.command("export")(export_command)
    app.add_typer(sources, name="sources")


def sources_command(
    context: typer.Context, json: Json = False, config: ConfigDir = DEFAULT_CONFIG, database: Database = None
) -> None:
    """Each source: last poll, next poll, state, items and events a day, losses, error."""
    if context.invoked_subcommand is not None:
        return
    loaded = load(config, database)
    with open_store(config, database or loaded.settings.database) as store, store.read() as tx:
        states = tx.sources_named([source.name for source in loaded.sources])
    now = datetime.now(UTC)
    for state in states if json else ():
        json_line(_record(state, now))
    if not json:
        rows = [_row(state, now) for state in states]
        out().print(table(_COLUMNS, rows) if rows else f"No sources in {config}/sources.yaml.")


def _record(state: SourceState, now: datetime) -> dict[str, Any]:
    from monitor.pipeline.book import from_json
    from monitor.rhythm import ENOUGH

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
        "usual_gap": int(book.pulse.mean) if book.pulse.count >= ENOUGH else None,
        "silent_for": None if still is None else int(still.total_seconds()),
        "missed": book.missed,
        "pages_owed": len(book.debt.owed),
        "pages_given_up": book.debt.given_up,
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
    newest = ago(datetime.fromisoformat(record["newest"]), now) if record["newest"] else ""
    usual = size(record["usual_gap"]) if record["usual_gap"] else ""
    owed, given_up = record["pages_owed"], record["pages_given_up"]
    pages = f"; {owed} page{'' if owed == 1 else 's'} of items still to be taken" if owed else ""
    pages += f"; {given_up} given up" if given_up else ""
    moved = f"; moved to {record['moved']}" if record["moved"] else ""
    return (
        state.name, record["state"], ago(state.last_poll, now), following, f"{record['items_a_day']:g}",
        f"{record['events_a_day']:g}", newest, usual, str(record["missed"]), str(state.failures),
        state.reason + moved + pages,
    )  # fmt: skip


# --- further sources -------------------------------------------------------------------------------------------------


def add_command(
    url: Annotated[str, typer.Argument(metavar="URL", help="A feed, or a page of the site whose feed it is.")],
    name: Annotated[str | None, typer.Option(help="Its name; by default made of its title.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Find the feed behind an address, show a sample of its items, write it into sources.yaml."""
    import asyncio

    loaded = load(config, None)
    found, answer = asyncio.run(_discover(url if "://" in url else f"https://{url}", loaded))
    if not found:
        raise InputError(f"{clean(url)}: no feed was found there ({clean(answer)})")
    best, others = found[0], found[1:]
    _show(best)
    for other in others:
        out().print(f"also there: {clean(other.url)}  {clean(other.title)}", markup=False)
    _write(config, loaded, [(best.url, best.title, name)])


async def _discover(url: str, config: Config) -> tuple[list[Found], str]:
    from functools import partial

    from monitor.pipeline.polling import LONGEST_PARSE, make_door
    from monitor.sources import Tools
    from monitor.sources.discovery import discover
    from monitor.workers import Workers

    workers = Workers(1)
    try:
        async with make_door(config) as door:
            work = partial(workers.run_within, LONGEST_PARSE)
            return await discover(url, Tools(door=door, work=work, now=datetime.now(UTC)))
    finally:
        workers.close()


def _show(found: Found) -> None:
    out().print(f"{clean(found.title) or 'a feed'} at {clean(found.url)}, {len(found.items)} items", markup=False)
    rows = [(str(item.published or ""), item.title or item.text[:80]) for item in found.items[:_SAMPLE]]
    out().print(table(("day", "title"), rows))


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds as other readers export it.")],
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Take the feeds of an OPML file over into sources.yaml; those that are there already are left out."""
    from monitor.sources import opml

    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror or error}") from error
    _write(config, load(config, None), [(each.url, each.title, None) for each in opml.read(body, str(file))])


def _write(folder: Path, config: Config, wanted: list[tuple[str, str, str | None]]) -> None:
    """Each a URL, a title and a name if one was given."""
    from monitor.config.adding import add_sources, name_for

    urls, names = {source.url for source in config.sources}, {source.name for source in config.sources}
    entries = []
    for url, title, name in wanted:
        if url in urls:
            err().print(f"already there: {clean(url)}", markup=False)
            continue
        if name in names:
            raise InputError(f"--name {name}: there is a source of that name")
        entries.append((name or name_for(title, url, names), url))
        urls.add(url)
        names.add(entries[-1][0])
    if entries:
        add_sources(folder, entries, lambda: load(folder, None))
    added = ", ".join(name for name, _ in entries[:20])
    out().print(f"{len(entries)} added to {folder / 'sources.yaml'}{f': {added}' if added else ''}", markup=False)


def export_command(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Print the feeds as OPML, without their passwords."""
    import sys

    from monitor.sources import opml

    sys.stdout.write(opml.write(load(config, None).sources))
