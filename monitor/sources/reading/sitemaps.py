"""Sitemaps (sitemaps.org, with the news extension) into items. Pure."""

from __future__ import annotations

from typing import Any

import lxml.etree

from monitor.sources.reading.decode import decode
from monitor.sources.reading.document import Document, document
from monitor.sources.reading.entries import MOST_ITEMS, Body, Entry, RawFeed, Reading, items


def read(body: bytes, reading: Reading) -> Document:
    """The items of a sitemap, the newest first; never raises. A page without a title has the words of its address."""
    text = decode(body, reading.content_type)
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (lxml.etree.LxmlError, ValueError):
        return Document(problem="XML that is broken, or no sitemap")
    name = _name(root)
    if name == "sitemapindex":
        listed = [_text(each, "loc") for each in root][:3]
        return Document(problem=f"a list of sitemaps; make a source of each that is wanted: {', '.join(listed)[:300]}")
    if name != "urlset":
        return Document(problem="XML, but no sitemap")
    entries = sorted((_entry(each) for each in root if _name(each) == "url"), key=_newest, reverse=True)
    notes = (f"only the newest {MOST_ITEMS} of {len(entries)} items",) if len(entries) > MOST_ITEMS else ()
    return document(items(RawFeed(entries=tuple(entries[:MOST_ITEMS])), reading), notes)


def _newest(entry: Entry) -> str:
    return entry.dates[0] if entry.dates else ""


def _entry(url: Any) -> Entry:
    news = next((child for child in url if _name(child) == "news"), None)
    about = url if news is None else news
    publication = next((child for child in about if _name(child) == "publication"), None)
    address = _text(url, "loc")
    return Entry(
        link=address,
        title=Body(value=_text(about, "title") or _slug(address), markup=False),
        dates=tuple(filter(None, (_text(about, "publication_date"), _text(url, "lastmod")))),
        language="" if publication is None else _text(publication, "language"),
        outlet="" if publication is None else _text(publication, "name"),
    )


def _slug(address: str) -> str:
    """The words of an address: all that a plain sitemap says of a page."""
    last = address.rstrip("/").rpartition("/")[2].partition("?")[0].removesuffix(".html")
    return last.replace("-", " ").replace("_", " ")


def _name(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: Any, name: str) -> str:
    found = next((child for child in element if _name(child) == name), None)
    return "" if found is None else (found.text or "").strip()
