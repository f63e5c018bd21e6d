"""Lists of feeds as other readers write and read them: OPML. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

import lxml.etree

from monitor.errors import InputError
from monitor.model import Source
from monitor.sources.reading.decode import decode
from monitor.sources.reading.links import is_web


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One feed of a list."""

    url: str
    title: str = ""


def read(body: bytes, name: str) -> list[Listed]:
    """The feeds of an OPML document, each once, from whatever folder; InputError, with ``name``, if it is none."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = lxml.etree.fromstring(decode(body).strip().encode("utf-8", "replace"), parser)
    except (lxml.etree.LxmlError, ValueError):
        root = None
    if root is None or str(root.tag).lower() != "opml":
        raise InputError(f"{name}: expected an OPML document")
    found: dict[str, Listed] = {}
    for outline in root.iter("{*}outline"):
        told: Mapping[str, str] = {key.lower(): value.strip() for key, value in outline.attrib.items()}
        url = told.get("xmlurl", "")
        if is_web(url):
            found.setdefault(url, Listed(url=url, title=told.get("title") or told.get("text") or ""))
    return list(found.values())


def write(sources: Iterable[Source]) -> str:
    """An OPML document of the feeds among these; addresses without user and password."""
    from monitor.fetch import without_user

    outlines = "".join(
        f"    <outline type={quoteattr('rss')} text={quoteattr(each.outlet or each.name)}"
        f" xmlUrl={quoteattr(without_user(each.url))}/>\n"
        for each in sources
        if each.type == "feed"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>event monitor</title></head>\n'
    return f"{head}  <body>\n{outlines}  </body>\n</opml>\n"
