"""The bytes of a feed into items: the whole way, as one function for a worker process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import lxml.etree
import lxml.html

from monitor.model import Item
from monitor.sources.reading import feeds, jsonfeed, prose, swift
from monitor.sources.reading.decode import decode, mend_xml
from monitor.sources.reading.entries import MOST_ITEMS, Found, RawFeed, Reading, items

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
#: what the tolerant reader is given at most: it takes some ten seconds for as much
_LONGEST = 10_000_000
_MOST_TAGS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed as read; or why it could not be."""

    #: those that are new or changed; at a first look all
    items: tuple[Item, ...] = ()
    #: identities of those that it showed word for word at the last look, and by what the next look knows all
    known: tuple[str, ...] = ()
    marks: str = ""
    #: why there are none: "an HTML page, not a feed"; None for a feed, be it empty
    problem: str | None = None
    #: what had to be overlooked: "truncated", "not well-formed"
    notes: tuple[str, ...] = ()
    #: how long the feed asks to be left alone between two polls
    pace: timedelta | None = None


class _TooLong(Exception):
    """The tolerant reader would take too much time for it."""


def read(body: bytes, reading: Reading) -> Document:
    """Read one document; never raises. What is wrong with it is in ``problem`` and ``notes``."""
    text = decode(body, reading.content_type)
    if not text.strip():
        return Document(problem="an empty answer")
    try:
        return _read_json(text, reading) if text.lstrip().startswith("{") else _read_xml(text, reading)
    except _TooLong:
        return Document(problem="XML that is broken, and too long to be mended")
    except Exception as fault:  # a fault of ours must cost one poll, not the worker
        return Document(problem=f"cannot be read: {type(fault).__name__}: {str(fault)[:80]}".rstrip(": "))


def _read_json(text: str, reading: Reading) -> Document:
    try:
        feed = jsonfeed.parse(text)
    except (ValueError, RecursionError):
        return Document(problem="JSON that is broken or cut off")
    return _document(feed, reading) if feed else Document(problem="JSON, but not a JSON Feed")


def _read_xml(text: str, reading: Reading) -> Document:
    mended = mend_xml(text)
    if mended.page:
        return Document(problem=_page(text))
    if not mended.text:
        return Document(problem="it ends before its first item" if mended.truncated else "neither a feed nor a page")
    feed = swift.parse(mended.text) or _tolerantly(mended.text)
    if feed is None:
        return Document(problem="XML that is broken, or no feed")
    return _document(feed, reading, "truncated" if mended.truncated else None)


def _tolerantly(text: str) -> RawFeed | None:
    if len(text) > _LONGEST or text.count("<") > _MOST_TAGS:
        raise _TooLong
    mended, loose = swift.parse(text, recover=True), _loosely(text)
    # where tags are crossed or missing, each of the two loses items that the other finds
    best = max((each for each in (loose, mended) if each), key=_yield, default=None)
    return replace(best, notes=("not well-formed",)) if best and (mended or best.notes) else best


def _loosely(text: str) -> RawFeed | None:
    try:
        return feeds.parse(text)
    except Exception:  # feedparser lets out ValueError, KeyError, TypeError, RecursionError and more
        return None


def _yield(feed: RawFeed) -> tuple[int, int]:
    return len(feed.entries), sum(len(body.value) for entry in feed.entries for body in entry.bodies)


def _document(feed: RawFeed, reading: Reading, note: str | None = None) -> Document:
    count = len(feed.entries)
    too_many = f"only the first {MOST_ITEMS} of {count} items" if count > MOST_ITEMS else None
    notes = tuple(filter(None, (note, *feed.notes, too_many)))
    return document(items(feed, reading), notes, feed.pace)


def document(found: Found, notes: tuple[str, ...] = (), pace: timedelta | None = None) -> Document:
    """A document of these items."""
    return Document(items=found.items, known=found.known, marks=found.marks, notes=notes, pace=pace)


def _page(text: str) -> str:
    """What a page says that came in place of a feed, in words that help the operator."""
    try:
        page = lxml.html.document_fromstring(text[:500_000].encode("utf-8", "replace"))
    except (lxml.etree.LxmlError, ValueError):
        return "an HTML page, not a feed"
    title = prose.line(page.findtext(".//title") or "")[:60]
    links = [link.get("href", "") for link in page.iterfind(".//link") if link.get("type", "").lower() in _FEED_TYPES]
    named = f" ({title})" if title else ""
    offers = f"; it names this feed: {prose.line(links[0])[:200]}" if links else ""
    return f"an HTML page{named}, not a feed{offers}"
