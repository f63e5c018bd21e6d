"""Which feeds a site has: the address itself, what its page names, and where feeds usually are."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

import lxml.etree
import lxml.html

from monitor.fetch import Fetched
from monitor.model import Item
from monitor.sources import Tools
from monitor.sources.reading.decode import decode
from monitor.sources.reading.document import read
from monitor.sources.reading.entries import Reading
from monitor.sources.reading.links import is_web

_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_USUAL = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
#: addresses that are tried at most, besides the one that was given
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed that answered."""

    url: str
    #: whose it is, in its own words
    title: str
    items: tuple[Item, ...]


async def discover(url: str, tools: Tools) -> tuple[list[Found], str]:
    """The feeds behind an address, and what the address itself answered; usual places only if the page names none."""
    fetched = await tools.door.get(url)
    if fetched.fault or not fetched.body:
        return [], fetched.reason
    try:
        if feed := await _as_feed(fetched, tools):
            return [feed], fetched.reason
        named = await tools.work(_named, fetched.body, fetched.headers.get("content-type", ""), fetched.url)
    except Exception as fault:  # the worker died, or a parser let out what it never did before
        return [], f"{fetched.reason}, but cannot be read: {' '.join(str(fault).split())[:120] or type(fault).__name__}"
    found = await _try(named[:_MOST], tools)
    return found or await _try([urljoin(fetched.url, path) for path in _USUAL], tools), f"{fetched.reason}, a page"


async def _try(urls: Iterable[str], tools: Tools) -> list[Found]:
    """One after the other: they are all of one host."""
    found: dict[str, Found] = {}
    for url in urls:
        fetched = await tools.door.get(url)
        if fetched.fault or not fetched.body:
            continue
        with suppress(Exception):  # one that is too much for a worker is none to add; there are others
            if feed := await _as_feed(fetched, tools):
                found.setdefault(feed.url, feed)
    return list(found.values())


async def _as_feed(fetched: Fetched, tools: Tools) -> Found | None:
    reading = Reading(source="", url=fetched.url, content_type=fetched.headers.get("content-type", ""))
    document = await tools.work(read, fetched.body, reading)
    if document.problem:
        return None
    title = next((item.outlet for item in document.items if item.outlet), "")
    return Found(url=fetched.moved or fetched.url, title=title or "", items=document.items)


def _named(body: bytes, content_type: str, url: str) -> list[str]:
    """The feeds that a page names in its head, absolute, in its order."""
    text = decode(body, content_type)
    try:
        page = lxml.html.document_fromstring(text[:500_000].encode("utf-8", "replace"))
    except (lxml.etree.LxmlError, ValueError):
        return []
    found = []
    for link in page.iterfind(".//link"):
        if link.get("type", "").lower() in _TYPES and "alternate" in link.get("rel", "").lower():
            address = urljoin(url, link.get("href", ""))
            if is_web(address):
                found.append(address)
    return found
