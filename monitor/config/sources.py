"""sources.yaml: the places that are polled.

A source is an entry ``name: {url: ..., interval: 15m, ...}``, or ``name: https://...`` for a feed with nothing to add.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from monitor.config import codes
from monitor.config.document import Entry
from monitor.config.scalars import duration
from monitor.config.secrets import Secrets
from monitor.model import Backlog, Source
from monitor.sources import SOURCES

_COMMON = ("interval", "outlet", "language", "backlog")
#: the key that holds a source's address; "url" for every other type
_ADDRESS = {"folder": "path"}
#: the interval of a source that is polled as often as it publishes
ADAPTIVE = "adaptive"
_SHORTEST = timedelta(seconds=1)
_NAME = re.compile(r"\w[\w.-]{0,63}")


def name_of(entry: Entry, name: str) -> str:
    """A name of a source, channel or rule, fit for command lines, file names and metrics."""
    if not _NAME.fullmatch(name):
        raise entry.complaint("is no name; expected at most 64 letters, digits, dots, hyphens and underscores")
    return name


def read_sources(entry: Entry | None, folder: Path, secrets: Secrets) -> tuple[Source, ...]:
    """The sources of a document (None: one that says nothing), in its order."""
    return tuple(_source(name, value, folder, secrets) for name, value in (entry.pairs() if entry else {}).items())


def _source(name: str, entry: Entry, folder: Path, secrets: Secrets) -> Source:
    name_of(entry, name)
    if not entry.is_mapping:
        return Source(name=name, type="feed", url=_web_address(entry, secrets))
    pairs = entry.pairs()
    type = pairs["type"].choice(SOURCES, "type of source") if "type" in pairs else "feed"
    options, address = SOURCES[type].options, _ADDRESS.get(type, "url")
    given = entry.fields(("type", address, *_COMMON, *options), required=(address, *SOURCES[type].required))
    read = {key: _option(given[key], wanted, secrets) for key, wanted in options.items() if key in given}
    if complaint := SOURCES[type].complaint(read):
        raise given[complaint[0]].complaint(complaint[1])
    return Source(
        name=name,
        type=type,
        url=_folder(given["path"], folder)
        if address == "path"
        else _web_address(given["url"], secrets, SOURCES[type].schemes),
        **(_interval(given["interval"]) if "interval" in given else {}),
        outlet=given["outlet"].text() if "outlet" in given else None,
        language=given["language"].read(codes.language) if "language" in given else None,
        backlog=Backlog(given["backlog"].choice(tuple(Backlog))) if "backlog" in given else Backlog.SILENT,
        options=MappingProxyType(read),
    )


def _interval(entry: Entry) -> dict[str, Any]:
    interval = entry.read(_duration_or_adaptive)
    if interval is None:
        return {"adaptive": True}
    if interval < _SHORTEST:
        raise entry.complaint(f"expected at least {_SHORTEST.seconds} s")
    return {"interval": interval}


def _duration_or_adaptive(text: str) -> timedelta | None:
    try:
        return None if text.strip() == ADAPTIVE else duration(text)
    except ValueError as error:
        raise ValueError(f'{error}, or "{ADAPTIVE}"') from None


def _folder(entry: Entry, folder: Path) -> str:
    path = os.path.normpath(folder / Path(entry.text()).expanduser())
    if not Path(path).is_dir():
        raise entry.complaint(f"there is no folder {path}")
    return str(Path(path).absolute())


def _web_address(entry: Entry, secrets: Secrets, schemes: tuple[str, ...] = ("https", "http")) -> str:
    url = secrets.url(entry)
    try:
        parts = urlsplit(url)
        sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise entry.complaint(f"expected an address that starts with {' or '.join(f'{each}://' for each in schemes)}")
    return url


def _option(entry: Entry, wanted: type, secrets: Secrets) -> Any:
    """A value that only this type of source understands; its text may name secrets."""
    readers: Mapping[type, Any] = {
        bool: entry.flag,
        int: lambda: entry.whole(0, 10**12),
        float: lambda: entry.read(_decimal),
        timedelta: lambda: entry.read(duration),
        str: lambda: secrets.text(entry),
        list: lambda: tuple(secrets.text(member) for member in entry.one_or_more()),
        tuple: lambda: tuple(secrets.text(member) for member in entry.one_or_more()),
        dict: lambda: {key: secrets.text(value) for key, value in entry.pairs().items()},
    }
    return readers[wanted]()


def _decimal(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("expected a number") from None
