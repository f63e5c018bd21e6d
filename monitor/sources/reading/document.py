"""The bytes of a feed into items: the whole way, as one function for a worker process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import lxml.etree
import lxml.html

from monitor.model import Item
from monitor.sources.reading import feeds, jsonfeed, prose
from monitor.sources.reading.decode import decode, mend_xml
from monitor.sources.reading.entries import MOST_ITEMS, RawFeed, Reading, items

_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed as read; or why it could not be."""

    items: tuple[Item, ...] = ()
    #: why there are none: "an HTML page, not a feed"; None for a feed, be it empty
    problem: str | None = None
    #: what had to be overlooked: "truncated", "not well-formed"
    notes: tuple[str, ...] = ()
    #: how long the feed asks to be left alone between two polls
    pace: timedelta | None = None


def read(body: bytes, reading: Reading) -> Document:
    """Read one document; never raises. What is wrong with it is in ``problem`` and ``notes``."""
    text = decode(body, reading.content_type)
    if not text.strip():
        return Document(problem="an empty answer")
    try:
        feed, notes = _parse(text, reading)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, LookupError, AssertionError) as fault:
        # feedparser lets all of these out
        return Document(problem=f"cannot be read: {type(fault).__name__}")
    if feed is None:
        return Document(problem=_what_else(text))
    too_many = (f"only the first {MOST_ITEMS} of {len(feed.entries)} items",) if len(feed.entries) > MOST_ITEMS else ()
    return Document(items=items(feed, reading), notes=notes + feed.notes + too_many, pace=feed.pace)


def _parse(text: str, reading: Reading) -> tuple[RawFeed | None, tuple[str, ...]]:
    if text.lstrip().startswith("{"):
        return jsonfeed.parse(text), ()
    if _HTML.match(text):
        return None, ()
    mended, truncated = mend_xml(text)
    if truncated and not mended:
        raise ValueError("ends before its first item")
    return feeds.parse(mended, reading.url), ("truncated",) if truncated else ()


def _what_else(text: str) -> str:
    """What a document is that is no feed, in words that help the operator."""
    if text.lstrip().startswith("{"):
        return "JSON, but not a JSON Feed"
    if not _HTML.match(text):
        return "neither a feed nor a page"
    try:
        page = lxml.html.document_fromstring(text[:500_000].encode("utf-8", "replace"))
    except (lxml.etree.LxmlError, ValueError):
        return "an HTML page, not a feed"
    title = prose.line(page.findtext(".//title") or "")[:60]
    links = [link.get("href", "") for link in page.iterfind(".//link") if link.get("type", "").lower() in _FEED_TYPES]
    named = f" ({title})" if title else ""
    offers = f"; it names this feed: {prose.tidy(links[0])[:200]}" if links else ""
    return f"an HTML page{named}, not a feed{offers}"
