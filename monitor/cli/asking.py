"""Questions to the store: ``monitor events``, ``explain``, ``status``."""

from __future__ import annotations

import dataclasses
import enum
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor import health
from monitor.cli import hands
from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load, open_store
from monitor.cli.show import clean, json_line, out, table
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.store import Counts, SourceState, StoredEvent


class Format(enum.StrEnum):
    """How events are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    events = typer.Typer(invoke_without_command=True, help="Stored events, newest first; joined and parted by hand.")
    events.callback()(events_command)
    hands.add_to(events)
    app.add_typer(events, name="events")
    app.command("explain")(explain_command)
    app.command("status")(status_command)


# --- events ----------------------------------------------------------------------------------------------------------


def events_command(
    context: typer.Context,
    kind: Annotated[str | None, typer.Option(help="aid_pledge, talk_round or casualty_update.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="Reported on or after this day.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Reported on or before this day.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="CODE", help="Takes part: USA, UKR, UN, ...")] = None,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Happened there.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    form: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TEXT,
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Print stored events, newest first."""
    if context.invoked_subcommand is not None:
        return
    from monitor.kinds import KINDS

    if kind is not None and kind not in KINDS:
        raise InputError(f"--kind {kind}: no such kind; expected one of {', '.join(KINDS)}")
    with open_store(config, database) as store, store.read() as tx:
        found = list(tx.events(kind=kind, since=_day(since), until=_day(until), actor=actor, place=place, limit=limit))
    if json or form is Format.JSON:
        for event in found:
            json_line(_event_record(event))
    elif form is Format.CSV:
        _csv(found)
    else:
        rows = [_event_row(event) for event in found]
        out().print(table(("id", "days", "what", "who", "how much", "claims"), rows) if rows else "No events.")


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text}: expected a day such as 2022-03-30") from None


def _event_record(event: StoredEvent) -> dict[str, Any]:
    from monitor.codec import facts_to_json

    return {
        "event_id": str(event.known.id),
        **facts_to_json(event.known.facts),
        "first_day": event.first_day.isoformat(),
        "last_day": event.last_day.isoformat(),
        "claims": [_claim_record(claim) for claim in event.known.claims],
    }


def _claim_record(claim: Any) -> dict[str, Any]:
    from monitor.codec import event_to_json

    told = {"claim": claim.id, "item": claim.item, "source": claim.source, "outlet": claim.outlet, "url": claim.url}
    return {**told, "published": str(claim.published) if claim.published else None, "event": event_to_json(claim.event)}


def _event_row(event: StoredEvent) -> tuple[str, ...]:
    from monitor.kinds import KINDS

    words, facts = KINDS[event.known.kind].words, event.known.facts
    days = str(event.last_day) if event.first_day == event.last_day else f"{event.first_day} - {event.last_day}"
    return (
        str(event.known.id),
        days,
        words.what(facts),
        words.who(facts),
        words.how_much(facts),
        str(len(event.known.claims)),
    )


def _csv(events: list[StoredEvent]) -> None:
    import csv
    import sys

    records = [_event_record(event) for event in events]
    columns = list(dict.fromkeys(key for record in records for key in record))
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for record in records:
        record["claims"] = len(record["claims"])
        writer.writerow({key: _csv_cell(value) for key, value in record.items()})


def _csv_cell(value: object) -> object:
    text = " ".join(value) if isinstance(value, list) else value
    # a spreadsheet would run a cell that begins like a formula
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t\r" and text else text


# --- explain and status ----------------------------------------------------------------------------------------------


def explain_command(
    id: Annotated[str, typer.Argument(metavar="ID", help="item:12 or event:7")],
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Say why an item or an event did or did not lead to an alert."""
    from monitor.cli import explaining

    what, _, number = id.partition(":")
    if what not in ("item", "event") or not number.isdigit():
        raise InputError(f"{id}: expected item:NUMBER or event:NUMBER; `monitor events` prints the numbers of events")
    with open_store(config, database) as store, store.read() as tx:
        found = tx.explain_item(int(number)) if what == "item" else tx.explain_event(int(number))
    if found is None:
        raise InputError(f"{id}: nothing of that number is stored")
    if json:
        json_line(explaining.record(found))
    else:
        explaining.show(found)


def status_command(json: Json = False, config: ConfigDir = DEFAULT_CONFIG, database: Database = None) -> None:
    """Say whether the service is healthy: polls, queue age, dead alerts, failing sources; exit 1 if not."""
    loaded = load(config, database)
    now = datetime.now(UTC)
    with open_store(config, database or loaded.settings.database) as store, store.read() as tx:
        counts = tx.counts(now)
        states = tx.sources_named([source.name for source in loaded.sources])
    complaints = _complaints(loaded, states, counts, now)
    record = dataclasses.asdict(counts) | {
        "overdue": counts.overdue.isoformat() if counts.overdue else None,
        "oldest_waiting": counts.oldest_waiting.isoformat() if counts.oldest_waiting else None,
        "healthy": not complaints,
        "complaints": complaints,
    }
    if json:
        json_line(record)
    else:
        out().print("healthy" if not complaints else "\n".join(clean(c) for c in complaints), markup=False)
        numbers = f"{counts.items} items, {counts.events} events, {sum(counts.changes.values())} changes"
        waiting = ", ".join(f"{number} {state}" for state, number in counts.alerts.items()) or "none"
        out().print(f"{numbers}; alerts: {waiting}", markup=False)
    if complaints:
        raise typer.Exit(1)


def _complaints(config: Config, states: list[SourceState], counts: Counts, now: datetime) -> list[str]:
    intervals = {source.name: source.interval for source in config.sources}
    dead = counts.alerts.get("dead", 0)
    return [
        *([f"{dead} dead alerts: see `monitor alerts --dead`"] if dead else []),
        *health.deliveries(now, overdue=counts.overdue),
        *health.failing(states),
        *health.polls(states, intervals, now),
    ]
