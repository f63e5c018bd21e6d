"""Raw entries into items: identity, text, day, outlet. Shared by every parser, so that they cannot differ in these."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urljoin

from monitor.model import Item
from monitor.sources.reading import prose
from monitor.sources.reading.days import UNKNOWN, When, when
from monitor.sources.reading.links import canonical, is_web

#: a document shows at most so many items; the rest of one is left out, and its poll says so
MOST_ITEMS = 2000
#: longest text of one item, in characters: books are no news
LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One of the texts that an entry carries."""

    value: str
    #: False where the document says that it is plain text: then ``<b>`` in it is meant as it stands
    markup: bool = True

    @property
    def text(self) -> str:
        value = self.value[:LONGEST_TEXT]
        return prose.html_to_text(value) if self.markup else prose.plain(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its document has it, before anything is decided."""

    guid: str = ""
    #: the document says, or does not deny, that the guid is an address
    permalink: bool = False
    link: str = ""
    title: Body = Body(value="")
    bodies: tuple[Body, ...] = ()
    #: dates as written, best first: published, then updated
    dates: tuple[str, ...] = ()
    language: str = ""
    #: whose entry this is, in a document that collects others'
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A document as it is, before anything is decided."""

    title: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    #: how long it asks to be left alone between two polls (ttl, sy:updatePeriod)
    pace: timedelta | None = None
    #: what the parser had to overlook, for the operator
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document is read for, and as: handed along with its bytes."""

    #: name of the source
    source: str
    #: address that relative links start from
    url: str = ""
    content_type: str = ""
    #: who publishes, where the document's entries do not say
    outlet: str | None = None
    #: language, where the document does not say
    language: str | None = None


def items(feed: RawFeed, reading: Reading) -> tuple[Item, ...]:
    """The entries as items, in the document's order; an entry without any content is left out."""
    entries = [entry for entry in feed.entries[:MOST_ITEMS] if entry.title.value.strip() or entry.bodies or entry.link]
    reading = replace(
        reading,
        outlet=reading.outlet or prose.line(feed.title) or None,
        language=language_code(feed.language) or reading.language,
    )
    made = [_item(entry, reading) for entry in entries]
    return _told_apart([item for item in made if item.text or item.title])


def _item(entry: Entry, reading: Reading) -> Item:
    title = prose.line(entry.title.value) if entry.title.markup else " ".join(prose.plain(entry.title.value).split())
    text = max((body.text for body in entry.bodies), key=len, default="")
    url = _url(entry, reading.url)
    day, instant = _when(entry)
    return Item(
        source=reading.source,
        id=_identity(entry, url, title, text),
        title=title,
        text=text,
        url=url,
        outlet=prose.line(entry.outlet) or reading.outlet,
        published=day,
        published_at=instant,
        language=language_code(entry.language) or reading.language,
    )


def _when(entry: Entry) -> When:
    for raw in entry.dates:
        day, instant = when(raw)
        if day is not None:
            return day, instant
    return UNKNOWN


def _url(entry: Entry, base: str) -> str | None:
    """The entry's address, absolute; only the web's: ``javascript:`` and ``file:`` are no links."""
    guid = entry.guid if entry.permalink and is_web(entry.guid) else ""
    for candidate in (entry.link, guid):
        url = _absolute(base, candidate.strip())
        if url:
            return url
    return None


def _absolute(base: str, link: str) -> str | None:
    try:
        url = urljoin(base, link) if link else ""
    except ValueError:  # an unclosed [ of an IPv6 address
        return None
    return url if is_web(url) else None


def _identity(entry: Entry, url: str | None, title: str, text: str) -> str:
    """guid, else link, else a hash of the content (which makes an edit of such an item a new one)."""
    return short(entry.guid.strip()) or (canonical(url) if url else "") or digest(title, text)


def short(name: str) -> str:
    """A guid that fits no column of a database or must not reach a terminal, as its hash."""
    return (
        name
        if len(name) <= 500 and name.isprintable()
        else "sha256:" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    )


def digest(*parts: str) -> str:
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _told_apart(found: Sequence[Item]) -> tuple[Item, ...]:
    """Items of one document have different ids.

    The same id with the same address is one item shown twice, the first time as it is now. The same id at different
    addresses is no identity (``<guid>0</guid>``): the address takes its place, and where that fails too the content.
    """
    telling = _shared(found, lambda item: item.id, lambda item: canonical(item.url) or item.title)
    step = [replace(item, id=canonical(item.url)) if item.id in telling and item.url else item for item in found]
    blurred = _shared(step, lambda item: item.id, lambda item: item.title if item.url is None else "")
    step = [replace(item, id=digest(item.title, item.text)) if item.id in blurred else item for item in step]
    return tuple({item.id: item for item in reversed(step)}.values())[::-1]


def _shared(found: Sequence[Item], one: Callable[[Item], str], other: Callable[[Item], str]) -> frozenset[str]:
    """The values of ``one`` that stand beside several values of ``other``."""
    counts = Counter(key for key, _ in {(one(item), other(item)) for item in found})
    return frozenset(key for key, count in counts.items() if count > 1)


_TAG = re.compile(r"^([A-Za-z]{2})(?:$|[-_])")


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag (``en-US`` -> ``en``); None for anything else."""
    match = _TAG.match((tag or "").strip())
    return match[1].lower() if match else None
