"""Questions to the store: ``monitor events``, ``alerts``, ``explain``, ``status``."""

from __future__ import annotations

import dataclasses
import enum
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor import health
from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, load, open_store
from monitor.cli.show import clean, err, json_line, minute, out, table
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.store import Counts, SourceState, StoredAlert, StoredEvent


class Format(enum.StrEnum):
    """How events are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("events")(events_command)
    alerts = typer.Typer(invoke_without_command=True, help="The outbox: what is waiting, was sent, or is dead.")
    alerts.callback()(alerts_command)
    alerts.command("retry")(retry_command)
    app.add_typer(alerts, name="alerts")
    app.command("explain")(explain_command)
    app.command("status")(status_command)


# --- events ----------------------------------------------------------------------------------------------------------


def events_command(
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

    told = {"item": claim.item, "source": claim.source, "outlet": claim.outlet, "url": claim.url}
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


# --- alerts ----------------------------------------------------------------------------------------------------------


def alerts_command(
    context: typer.Context,
    pending: Annotated[bool, typer.Option("--pending", help="Those that wait or are being sent.")] = False,
    dead: Annotated[bool, typer.Option("--dead", help="Those that were given up.")] = False,
    sent: Annotated[bool, typer.Option("--sent", help="Those that were delivered.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """The outbox: what is waiting, was sent, or is dead; all of it if no state is named."""
    if context.invoked_subcommand is not None:
        return
    states = {
        *(("queued", "held", "sending", "retry") if pending else ()),
        *(("dead",) if dead else ()),
        *(("sent",) if sent else ()),
    }
    with open_store(config, database) as store, store.read() as tx:
        found = list(tx.alerts(states=states or None, limit=limit))
    for alert in found if json else ():
        json_line(_alert_record(alert))
    if not json:
        rows = [_alert_row(alert) for alert in found]
        out().print(
            table(("id", "created", "state", "tries", "channel", "rules", "subject", "reason"), rows)
            if rows
            else "No alerts."
        )


def _alert_record(stored: StoredAlert) -> dict[str, Any]:
    from monitor.message import compose

    alert = stored.alert
    return {
        "id": alert.id, "key": alert.key, "channel": alert.channel, "rules": list(alert.rules),
        "severity": alert.severity.value, "state": stored.state, "tries": stored.tries, "reason": stored.reason,
        "created": stored.created.isoformat(), "due": stored.due.isoformat() if stored.due else None,
        "sent": stored.sent.isoformat() if stored.sent else None, "event_id": str(alert.news.event_id),
        "change": alert.news.type.value, "subject": compose(alert).subject,
        "deliveries": [{"at": t.at.isoformat(), "outcome": t.outcome, "reason": t.reason} for t in stored.deliveries],
    }  # fmt: skip


def _alert_row(stored: StoredAlert) -> tuple[str, ...]:
    from monitor.message import compose

    alert = stored.alert
    return (
        str(alert.id), minute(stored.created), stored.state, str(stored.tries), alert.channel,
        ", ".join(alert.rules), compose(alert).subject, stored.reason,
    )  # fmt: skip


def retry_command(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID...", help="Dead alerts; all of them if none is named.")
    ] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Queue dead alerts again; the daemon, or the next pass, sends them."""
    with open_store(config, database) as store:
        queued = store.retry_dead(datetime.now(UTC), ids or None)
    missing = sorted(set(ids or ()) - set(queued))
    out().print(f"{len(queued)} queued again")
    if missing:
        err().print(f"not dead, or not there: {', '.join(map(str, missing))}")
        raise typer.Exit(1)


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
        states = [tx.source(source.name) for source in loaded.sources]
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
