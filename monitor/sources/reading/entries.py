"""Raw entries into items: identity, text, day, outlet. Shared by every parser, so that they cannot differ in these.

A document that is polled shows mostly what it showed the last time. An entry that is the same to the letter is known by
its mark, and is not made into an item again.
"""

from __future__ import annotations

import base64
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
#: addresses that are whole, and have nothing in them that joining them with another would change
WHOLE = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/[\w.~%/+,@-]*(?:\?[\w.~%/+=&-]+)?", re.ASCII)
#: letters of a mark, and marks that are kept of a document: those of its first entries
_MARK, _MOST_MARKS = 12, 200


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
    #: ``Found.marks`` of the last look, whose items are all stored; "" for none
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a document shows."""

    #: in its order; without those that it showed word for word at the last look
    items: tuple[Item, ...] = ()
    #: identities of those others
    known: tuple[str, ...] = ()
    #: by which the next look knows them
    marks: str = ""


def items(feed: RawFeed, reading: Reading) -> Found:
    """The entries as items; one without any content is left out."""
    entries = [entry for entry in feed.entries[:MOST_ITEMS] if entry.title.value.strip() or entry.bodies or entry.link]
    reading = replace(
        reading,
        outlet=reading.outlet or prose.line(feed.title) or None,
        language=language_code(feed.language) or reading.language,
    )
    marks = [_mark(entry, reading) for entry in entries]
    before = frozenset(reading.marks[at : at + _MARK] for at in range(0, len(reading.marks), _MARK))
    known = [_known(entry, reading) if mark in before else None for entry, mark in zip(entries, marks, strict=True)]
    made = [old or _item(entry, reading) for entry, old in zip(entries, known, strict=True)]
    saying = [at for at, item in enumerate(made) if known[at] or _says(item)]
    found: dict[str, tuple[Item, str]] = {}
    for at, item in zip(saying, _told_apart([made[at] for at in saying]), strict=True):
        found.setdefault(item.id, (item, marks[at]))  # shown twice: the first time as it is now
    old = {item.id for item in known if item}
    if old != {item.id for item, _ in found.values() if not _says(item)}:
        return items(feed, replace(reading, marks=""))  # a new one is told from them by more than its name
    return Found(
        items=tuple(item for item, _ in found.values() if _says(item)),
        known=tuple(item.id for item, _ in found.values() if not _says(item)),
        marks="".join(mark for _, mark in list(found.values())[:_MOST_MARKS]),
    )


def _says(item: Item) -> bool:
    return bool(item.text or item.title)


def _mark(entry: Entry, reading: Reading) -> str:
    """Differs where an entry's item may differ."""
    told = (entry.title, *entry.bodies)
    parts = (
        *(reading.url, reading.outlet or "", reading.language or ""),
        *(entry.guid, str(entry.permalink), entry.link, entry.language, entry.outlet, str(len(told))),
        *(f"{body.markup}{body.value}" for body in told),
        *entry.dates,
    )
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=_MARK * 3 // 4).digest()
    return base64.b64encode(digest).decode("ascii")


def _known(entry: Entry, reading: Reading) -> Item | None:
    """As much of an item that is stored as tells it from others; None for one that its words tell."""
    url = _url(entry, reading.url)
    name = url and (short(entry.guid.strip()) or canonical(url))
    return Item(source=reading.source, id=name, text="", url=url) if name else None


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
    if WHOLE.fullmatch(link):
        return link
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


def _told_apart(found: Sequence[Item]) -> list[Item]:
    """Different items of one document have different ids; the same id with the same address is one item.

    The same id at different addresses is no identity (``<guid>0</guid>``): the address takes its place, and where that
    fails too the content.
    """
    telling = _shared(found, lambda item: item.id, lambda item: canonical(item.url) or item.title)
    step = [replace(item, id=canonical(item.url)) if item.id in telling and item.url else item for item in found]
    blurred = _shared(step, lambda item: item.id, lambda item: item.title if item.url is None else "")
    return [replace(item, id=digest(item.title, item.text)) if item.id in blurred else item for item in step]


def _shared(found: Sequence[Item], one: Callable[[Item], str], other: Callable[[Item], str]) -> frozenset[str]:
    """The values of ``one`` that stand beside several values of ``other``."""
    if len({one(item) for item in found}) == len(found):
        return frozenset()
    counts = Counter(key for key, _ in {(one(item), other(item)) for item in found})
    return frozenset(key for key, count in counts.items() if count > 1)


_TAG = re.compile(r"^([A-Za-z]{2})(?:$|[-_])")


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag (``en-US`` -> ``en``); None for anything else."""
    match = _TAG.match((tag or "").strip())
    return match[1].lower() if match else None
