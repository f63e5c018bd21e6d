"""``monitor check``, ``init`` and ``test-channel``: before the service is trusted with anything."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.options import DEFAULT_CONFIG, ConfigDir, Json, load
from monitor.cli.show import clean, err, json_line, out
from monitor.errors import ConfigError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Channel, Outcome


def add_to(app: typer.Typer) -> None:
    """Registers the commands."""
    app.command("check")(check_command)
    app.command("init")(init_command)
    app.command("test-channel")(try_channel_command)


def check_command(
    send: Annotated[bool, typer.Option("--send", help="Also send a test message through every channel.")] = False,
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Read the whole configuration and run each rule's own proof; say what is wrong and where."""
    from monitor.proof import prove

    loaded = load(config, None)
    proved = list(prove(loaded))
    for one in proved:
        record = {"check": "proof", "rule": one.rule.stem, "proof": one.story.key, "ok": one.holds}
        _say(record, f"{one.rule.stem} {one.story.key}: {'holds' if one.holds else 'FAILS'}", json=json)
    failed = [one.complaint() for one in proved if not one.holds]
    for complaint in failed:
        err().print(" ".join(str(complaint).splitlines()), markup=False, soft_wrap=True)
    refused = [name for name in loaded.channels if send and not _try(loaded, name, json=json)]
    if failed:
        raise typer.Exit(2)
    if refused:
        raise typer.Exit(1)
    if not json:
        counts = f"{len(loaded.sources)} sources, {len(loaded.channels)} channels, {len(loaded.rules)} rules"
        out().print(f"The configuration in {config} is good: {counts}, {len(proved)} proofs hold.", markup=False)


def init_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write; made if it is not there.")],
) -> None:
    """Write a commented starting configuration."""
    from monitor.config.starter import write_starter

    for path in write_starter(folder):
        out().print(f"wrote {path}", markup=False)
    out().print(f"Next: monitor check --config {folder}, then monitor run --config {folder}", markup=False)


def try_channel_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A channel of channels.yaml.")],
    json: Json = False,
    config: ConfigDir = DEFAULT_CONFIG,
) -> None:
    """Send a test message through one channel and report what the service answered."""
    loaded = load(config, None)
    if name not in loaded.channels:
        known = ", ".join(sorted(loaded.channels)) or "none"
        raise ConfigError(config / "channels.yaml", None, name, f"no such channel; expected one of {known}")
    if not _try(loaded, name, json=json):
        raise typer.Exit(1)


def _try(config: Config, name: str, *, json: bool) -> bool:
    from monitor.delivery import Sender
    from monitor.model import OutcomeType

    sender = Sender()
    try:
        outcome = _send_test(sender, config.channels[name])
    finally:
        sender.close()
    ok = outcome.type is OutcomeType.SENT
    record = {"check": "channel", "channel": name, "ok": ok, "reason": outcome.reason}
    _say(record, f"{name}: {'sent' if ok else 'NOT sent'}: {outcome.reason}", json=json)
    return ok


def _send_test(sender: Any, channel: Channel) -> Outcome:
    from monitor.message import notice

    words = notice(
        "test message", f"This is a test of the channel {channel.name}. If you can read it, alerts arrive here."
    )
    outcome: Outcome = sender.send(channel, words, datetime.now(UTC), tries=1)
    return outcome


def _say(record: dict[str, Any], line: str, *, json: bool) -> None:
    if json:
        json_line(record)
    else:
        out().print(clean(line), markup=False)
