"""channels.yaml: the recipients of alerts.

A channel is an entry ``name: URL``, the URL as Apprise knows it, or ``name: {url: ..., timeout: 20s, ...}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from monitor.config.calm import read_calm
from monitor.config.document import Entry
from monitor.config.scalars import duration
from monitor.config.secrets import Secrets
from monitor.config.settings import Delivery
from monitor.config.sources import name_of
from monitor.model import Calm, Channel

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
#: services whose URL carries headers as "?+Name=value"
_WITH_HEADERS = ("json", "jsons", "xml", "xmls", "form", "forms")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,64}")

#: says what is wrong with a channel, or None; handed in, because only delivery.py knows the services
Check = Callable[[Channel], str | None]


def read_channels(
    entry: Entry | None, delivery: Delivery, calm: Calm, secrets: Secrets, check: Check
) -> Mapping[str, Channel]:
    """The channels of a document (None: one that says nothing) by name, in its order."""
    channels = {}
    for name, value in (entry.pairs() if entry else {}).items():
        channels[name_of(value, name)] = _channel(name, value, delivery, calm, secrets)
        if problem := check(channels[name]):
            raise value.complaint(problem)
    return MappingProxyType(channels)


def _channel(name: str, entry: Entry, delivery: Delivery, calm: Calm, secrets: Secrets) -> Channel:
    if not entry.is_mapping:
        url = _url(entry, secrets)
        return Channel(name=name, url=url, timeout=delivery.timeout, max_tries=delivery.max_tries, calm=calm)
    given = entry.fields(("url", "headers", "timeout", "max_tries", "calm"), required=("url",))
    url = _url(given["url"], secrets)
    return Channel(
        name=name,
        url=_with_headers(url, given["headers"], secrets) if "headers" in given else url,
        timeout=given["timeout"].read(duration) if "timeout" in given else delivery.timeout,
        max_tries=given["max_tries"].whole(1, 1000) if "max_tries" in given else delivery.max_tries,
        calm=read_calm(given["calm"], calm) if "calm" in given else calm,
    )


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
