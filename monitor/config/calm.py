"""``calm:`` of monitor.yaml and of a channel: what waits, and what is told together."""

from __future__ import annotations

import dataclasses
import zoneinfo
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.calm import TRAITS
from monitor.config.document import Entry, did_you_mean
from monitor.config.scalars import clock, duration, messages, span
from monitor.model import Calm, Severity

KEYS = ("group_by", "wait", "interval", "digest", "quiet", "urgent", "most", "time_zone")
_HOURLY = tuple(time(hour) for hour in range(24))


def read_calm(entry: Entry, usual: Calm) -> Calm:
    """The settings of a mapping; what it leaves out is as usual."""
    given = entry.fields(KEYS)
    read: dict[str, Any] = {}
    if "group_by" in given:
        read["group_by"] = _traits(given["group_by"])
    if "digest" in given:
        read["digest"] = _times(given["digest"])
    if "quiet" in given:
        read["quiet"] = None if _none(given["quiet"]) else given["quiet"].read(span)
    if "urgent" in given:
        read["urgent"] = Severity(given["urgent"].choice(tuple(Severity), "severity"))
    if "most" in given:
        read["most"], read["within"] = (0, usual.within) if _none(given["most"]) else given["most"].read(messages)
    if "time_zone" in given:
        read["time_zone"] = time_zone(given["time_zone"])
    for name in ("wait", "interval"):
        if name in given:
            read[name] = timedelta() if _none(given[name]) else given[name].read(duration)
    return dataclasses.replace(usual, **read)


def _none(entry: Entry) -> bool:
    return not entry.is_list and not entry.is_mapping and entry.raw.strip() == "none"


def _traits(entry: Entry) -> tuple[str, ...]:
    if _none(entry):
        return ()
    return tuple(dict.fromkeys(each.choice(TRAITS, "trait") for each in entry.one_or_more()))


def _times(entry: Entry) -> tuple[time, ...]:
    if _none(entry):
        return ()
    if not entry.is_list and entry.text().strip() == "hourly":
        return _HOURLY
    return tuple(sorted({each.read(clock) for each in entry.one_or_more()}))


def time_zone(entry: Entry) -> ZoneInfo:
    """A time zone by its name."""
    name = entry.text().strip()
    known = zoneinfo.available_timezones()
    if name not in known:
        hint = did_you_mean(name, known) or '; expected a name such as "Europe/Kyiv"'
        raise entry.complaint(f'unknown time zone "{name}"{hint}')
    return ZoneInfo(name)
