"""A listing page into items, by CSS selectors. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import lxml.etree
import lxml.html
from cssselect import GenericTranslator, SelectorError

from monitor.sources.reading import prose
from monitor.sources.reading.decode import decode
from monitor.sources.reading.document import Document, document
from monitor.sources.reading.entries import MOST_ITEMS, Body, Entry, RawFeed, Reading, items

#: what is selected within an item
PARTS = ("title", "link", "text", "date")


def problem(selector: str) -> str | None:
    """Why this is no CSS selector; None if it is one."""
    try:
        _xpath(selector)
    except (SelectorError, lxml.etree.XPathError) as fault:
        return f"no CSS selector: {fault}"
    return None


@cache
def _xpath(selector: str) -> lxml.etree.XPath:
    return lxml.etree.XPath(GenericTranslator().css_to_xpath(selector, prefix="descendant::"))


def read(body: bytes, reading: Reading, *, selectors: Mapping[str, str]) -> Document:
    """The items of a page; never raises. A page on which nothing is selected has a problem: it was built anew."""
    text = decode(body, reading.content_type)
    try:
        page = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
        found = _xpath(selectors["items"])(page)
    except (lxml.etree.LxmlError, ValueError, AssertionError) as fault:
        return Document(problem=f"a page that cannot be read: {type(fault).__name__}")
    if not found:
        return Document(problem=f'a page on which "{selectors["items"][:80]}" selects nothing')
    raw = RawFeed(
        title=prose.line(page.findtext(".//title") or ""),
        language=page.get("lang") or "",
        entries=tuple(_entry(element, selectors) for element in found[:MOST_ITEMS]),
    )
    return document(items(raw, reading))


def _parser() -> Any:
    return lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _entry(element: Any, selectors: Mapping[str, str]) -> Entry:
    """Where nothing is selected for it: the first link is the link, its words are the title."""
    link = _one(element, selectors.get("link")) if "link" in selectors else _first_link(element)
    title = _one(element, selectors.get("title"))
    heading = title if title is not None else link
    text = _one(element, selectors.get("text"))
    return Entry(
        link=_href(link),
        title=Body(value=_words(heading), markup=False),
        bodies=(Body(value=_words(text), markup=False),) if text is not None else (),
        dates=tuple(filter(None, (_date(_one(element, selectors.get("date"))),))),
        language=element.get("lang") or "",
    )


def _one(element: Any, selector: str | None) -> Any:
    return next(iter(_xpath(selector)(element)), None) if selector else None


def _first_link(element: Any) -> Any:
    if element.tag == "a" and element.get("href"):
        return element
    return next(iter(element.xpath("descendant::a[@href]")), None)


def _href(element: Any) -> str:
    if element is None:
        return ""
    inner = element if element.get("href") else next(iter(element.xpath("descendant::a[@href]")), element)
    return str(inner.get("href") or "")


def _words(element: Any) -> str:
    return "" if element is None else prose.tree_to_text(element)


def _date(element: Any) -> str:
    """A day as machines write it where the page has one, else its words."""
    if element is None:
        return ""
    return str(element.get("datetime") or element.get("content") or _words(element))
