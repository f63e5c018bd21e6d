"""Alerts -> the message that a channel gets: in its reader's locale, time zone and words."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from monitor import message
from monitor.message import Speech, UnspeakableError, Wording
from monitor.pipeline import acks

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Alert, Channel, Message


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """A message, and why it is not in the words that its reader wanted; "" if it is."""

    message: Message
    complaint: str = ""


def worded(alerts: Sequence[Alert], why: str, key: str, channel: Channel, config: Config) -> Worded:
    """The message that tells a channel of alerts. A template that fails gives way to ours: the alert comes first."""
    rules = {rule.stem: rule for rule in config.rules}

    def ack(alert: Alert) -> str:
        repeated = any(rules[stem].repeat is not None for stem in alert.rules if stem in rules)
        return acks.link(config.settings.acknowledge, alert) if repeated else ""

    def compose(wording: Wording | None) -> Message:
        speech = Speech(locale=channel.locale)
        return message.compose_all(
            alerts, why, key=key, time_zone=channel.time_zone, speech=speech, ack=ack, wording=wording
        )

    try:
        return Worded(message=compose(wording_of(alerts, channel, config)))
    except UnspeakableError as error:
        return Worded(message=compose(None), complaint=f"in our own words, because of {error}")


def wording_of(alerts: Sequence[Alert], channel: Channel, config: Config) -> Wording | None:
    """The templates of the rules that fired, if they all name the same; else those of the channel."""
    named = {rule.stem: rule.template for rule in config.rules}
    wanted = {named.get(stem) for alert in alerts for stem in alert.rules}
    name = wanted.pop() if len(wanted) == 1 else None
    return config.templates.get(name or channel.template or "")
