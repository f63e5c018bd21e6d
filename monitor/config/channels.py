"""channels.yaml: the recipients of alerts.

A channel is an entry ``name: URL``, the URL as Apprise knows it, or ``name: {url: ..., timeout: 20s, ...}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from monitor.config.calm import read_calm, time_zone
from monitor.config.document import Entry
from monitor.config.scalars import duration
from monitor.config.secrets import Secrets
from monitor.config.settings import Settings, locale
from monitor.config.sources import name_of
from monitor.model import Channel

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
#: services whose URL carries headers as "?+Name=value"
_WITH_HEADERS = ("json", "jsons", "xml", "xmls", "form", "forms")
_KEYS = ("url", "headers", "timeout", "max_tries", "calm", "time_zone", "locale", "template")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")

#: says what is wrong with a channel, or None; handed in, because only delivery.py knows the services
Check = Callable[[Channel], str | None]


def read_channels(
    entry: Entry | None, settings: Settings, templates: Collection[str], secrets: Secrets, check: Check
) -> Mapping[str, Channel]:
    """The channels of a document (None: one that says nothing) by name, in its order."""
    channels = {}
    for name, value in (entry.pairs() if entry else {}).items():
        channels[name_of(value, name)] = _channel(name, value, settings, templates, secrets)
        if problem := check(channels[name]):
            raise value.complaint(problem)
    return MappingProxyType(channels)


def _channel(name: str, entry: Entry, settings: Settings, templates: Collection[str], secrets: Secrets) -> Channel:
    usual = Channel(
        name=name,
        url=_url(entry, secrets) if not entry.is_mapping else "",
        timeout=settings.delivery.timeout,
        max_tries=settings.delivery.max_tries,
        calm=settings.calm,
        time_zone=settings.time_zone,
        locale=settings.locale,
    )
    if not entry.is_mapping:
        return usual
    given = entry.fields(_KEYS, required=("url",))
    url = _url(given["url"], secrets)
    usual = replace(usual, url=_with_headers(url, given["headers"], secrets) if "headers" in given else url)
    return replace(usual, **_own(given, usual, templates))


def _own(given: Mapping[str, Entry], usual: Channel, templates: Collection[str]) -> dict[str, Any]:
    """What a channel has that is not as usual."""
    read: dict[str, Any] = {}
    if "timeout" in given:
        read["timeout"] = given["timeout"].read(duration)
    if "max_tries" in given:
        read["max_tries"] = given["max_tries"].whole(1, 1000)
    calm = usual.calm
    if "time_zone" in given:
        read["time_zone"] = time_zone(given["time_zone"])
        calm = replace(calm, time_zone=read["time_zone"])
    if "time_zone" in given or "calm" in given:
        read["calm"] = read_calm(given["calm"], calm) if "calm" in given else calm
    if "locale" in given:
        read["locale"] = locale(given["locale"])
    if "template" in given:
        read["template"] = given["template"].choice(templates, "template")
    return read


def _url(entry: Entry, secrets: Secrets) -> str:
    """A channel's URL; complaints never repeat it, it may hold a secret."""
    url = secrets.url(entry)
    if not _SCHEME.match(url) or not url.isprintable():
        raise entry.complaint('expected a URL such as "mailto://..." or "slack://..."')
    return url


def _with_headers(url: str, entry: Entry, secrets: Secrets) -> str:
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in _WITH_HEADERS:
        raise entry.complaint(f"only webhooks have headers ({', '.join(_WITH_HEADERS)})")
    for name, value in entry.pairs().items():
        text = secrets.text(value)
        if not _HEADER.fullmatch(name) or not text.isprintable():
            raise value.complaint("is no header; expected a name of letters, digits, hyphens, and a value on one line")
        url += f"{'&' if '?' in url else '?'}%2B{name}={quote(text, safe='')}"
    return url
