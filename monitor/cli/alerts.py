"""What was told and what waits: ``monitor alerts``, ``alerts retry``, ``ack``, ``silence add``, ``list``, ``end``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Database, Json, open_store
from monitor.cli.show import ago, err, json_line, minute, out, table
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.store import StoredAlert, StoredSilence


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    alerts = typer.Typer(invoke_without_command=True, help="The outbox: what is waiting, was sent, or is dead.")
    alerts.callback()(alerts_command)
    alerts.command("retry")(retry_command)
    app.add_typer(alerts, name="alerts")
    app.command("ack")(ack_command)
    silence = typer.Typer(no_args_is_help=True, help="Hear nothing of something for a while; it is told afterwards.")
    silence.command("add")(add_command)
    silence.command("list")(list_command)
    silence.command("end")(end_command)
    app.add_typer(silence, name="silence")


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
        columns = ("id", "created", "state", "tries", "channel", "rules", "subject", "due", "reason")
        out().print(table(columns, rows) if rows else "No alerts.")


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
        ", ".join(alert.rules), compose(alert).subject, minute(stored.due), stored.reason,
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


def ack_command(
    number: Annotated[int, typer.Argument(metavar="ID", help="An alert, as `monitor alerts` says.")],
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Acknowledge an alert: it, and others about its event, are told no more until something changes."""
    with open_store(config, database) as store, store.write() as tx:
        done = tx.acknowledge(number, datetime.now(UTC))
    if done is None:
        raise InputError(f"{number}: no such alert; `monitor alerts` prints the numbers")
    out().print(f"acknowledged: {', '.join(map(str, done))}")


# --- silences --------------------------------------------------------------------------------------------------------


def add_command(
    why: Annotated[str, typer.Option(help="Why, for whoever wonders.")],
    length: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 30m, 4h, 2d.")],
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Alerts of this place.")] = None,
    kind: Annotated[str | None, typer.Option(help="aid_pledge, talk_round or casualty_update.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="CODE", help="Taking part: USA, UKR, UN, ...")] = None,
    event: Annotated[int | None, typer.Option(metavar="ID", help="Of this event, as `monitor events` says.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="STEM", help="By this rule.")] = None,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help="To this channel.")] = None,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Hold alerts that have all that is named, for a while; what was held is told when it is over."""
    given = {"place": place, "kind": kind, "actor": actor, "event": event, "rule": rule, "channel": channel}
    names = {name: value for name, value in given.items() if value is not None}
    _refuse_vague(names, why)
    now = datetime.now(UTC)
    until = now + _span(length)
    with open_store(config, database) as store, store.write() as tx:
        number = tx.add_silence(names, until, why.strip(), now)
    out().print(f"silence {number} until {minute(until)} UTC; `monitor silence end {number}` ends it", markup=False)


def _refuse_vague(names: dict[str, Any], why: str) -> None:
    from monitor.kinds import KINDS

    if not names:
        raise InputError("say what to silence: --place, --kind, --actor, --event, --rule or --channel")
    if names.get("kind", next(iter(KINDS))) not in KINDS:
        raise InputError(f"--kind {names['kind']}: no such kind; expected one of {', '.join(KINDS)}")
    if not why.strip():
        raise InputError("--why: say why, for whoever wonders")


def _span(length: str) -> timedelta:
    from monitor.config.scalars import duration

    try:
        return duration(length)
    except ValueError as problem:
        raise InputError(f"--for {length}: {problem}") from None


def list_command(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Print silences."""
    now = datetime.now(UTC)
    with open_store(config, database) as store, store.read() as tx:
        found = tx.silences(None if every else now)
    for silence in found if json else ():
        json_line(_silence_record(silence))
    if not json:
        rows = [_silence_row(silence, now) for silence in found]
        out().print(table(("id", "what", "until", "ends", "why"), rows) if rows else "No silences.")


def _silence_record(silence: StoredSilence) -> dict[str, Any]:
    return {
        "id": silence.id, "names": dict(silence.names), "made": silence.made.isoformat(),
        "until": silence.until.isoformat(), "why": silence.why,
    }  # fmt: skip


def _silence_row(silence: StoredSilence, now: datetime) -> tuple[str, ...]:
    what = ", ".join(f"{name} {value}" for name, value in silence.names.items())
    return (str(silence.id), what, minute(silence.until), ago(silence.until, now), silence.why)


def end_command(
    number: Annotated[int, typer.Argument(metavar="ID", help="As `monitor silence list` says.")],
    config: ConfigDir = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """End a silence; what it held is told at once."""
    with open_store(config, database) as store, store.write() as tx:
        ended = tx.end_silence(number, datetime.now(UTC))
    if not ended:
        err().print(f"silence {number} is over, or was never there: see `monitor silence list`", markup=False)
        raise typer.Exit(1)
    out().print(f"silence {number} is over")
