"""RSS, RDF and Atom by lxml: the reader of well-formed documents, some forty times faster than the tolerant one.

It stands before feedparser (feeds.py) and hands it what is not well-formed or not understood here. A differential test
over tests/feeds holds that both find the same identities, titles, links, dates and texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import lxml.etree

from monitor.sources.reading.entries import Body, Entry, RawFeed
from monitor.sources.reading.feeds import pace

#: namespaces by the prefix under which their elements are known here; what is in no other one is ""
_NAMESPACES = {
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://backend.userland.com/rss091": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/2.0/": "",
    "http://www.w3.org/2005/atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
_PREFIXES = frozenset(_NAMESPACES.values())
#: of whatever namespace: that of RDF is mistyped as often as any
_ABOUT = "}about"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ROOTS = frozenset({"rss", "rdf:rdf", "atom:feed"})
_ENTRIES = frozenset({"item", "atom:entry"})

_DATES = (
    *("pubdate", "atom:published", "atom:issued", "dcterms:issued", "atom:created", "dcterms:created"),
    *("atom:updated", "atom:modified", "dc:date", "dcterms:modified", "lastbuilddate"),
)
_BODIES = ("content:encoded", "fullitem", "xhtml:body", "xhtml:div", "description", "dc:description")
_ATOM_BODIES = ("atom:content", "atom:summary")
#: words about a film or a recording: an entry's own only where it has no others
_CAPTIONS = ("itunes:summary", "media:description")

Children = Mapping[str, Sequence[Any]]


def parse(text: str, *, recover: bool = False) -> RawFeed | None:
    """The document of this text; None for one that only the tolerant reader may understand. Never raises.

    With ``recover`` libxml2 mends tags that are crossed or never closed, in its own way.
    """
    if "xml:base" in text:
        return None  # relative addresses that change within the document: feedparser follows them
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=recover
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (lxml.etree.LxmlError, ValueError):
        return None
    found = () if root is None or _name(root) not in _ROOTS else root.iter("{*}item", "{*}entry")
    entries = [each for each in found if _name(each) in _ENTRIES]
    if not entries:
        return None  # an empty feed, or tags in capitals, or something new
    channel = next((child for child in root if _name(child) == "channel"), root)
    about = _children(channel)
    return RawFeed(
        title=_body(_first(about, "title", "atom:title")).value,
        language=_text(_first(about, "language", "dc:language")) or channel.get(_LANG) or root.get(_LANG) or "",
        entries=tuple(_entry(each) for each in entries),
        pace=pace(*(_text(_first(about, key)) for key in ("ttl", "sy:updateperiod", "sy:updatefrequency"))),
    )


def _name(element: Any) -> str:
    """``item``, ``atom:entry``, ``content:encoded``; "?" for an element of a namespace that is not read here."""
    tag = element.tag
    if not isinstance(tag, str):
        return "?"
    name = _known_name(tag)
    if name is None:  # many a namespace is mistyped, its prefix seldom
        prefix = "" if element.prefix is None else f"{element.prefix.lower()}:"
        return (prefix + tag.rpartition("}")[2]).lower() if prefix in _PREFIXES else "?"
    return name


@lru_cache(1000)
def _known_name(tag: str) -> str | None:
    """The name of a tag without a namespace, or of one that is known; None of another."""
    if tag[0] != "{":
        return tag.lower()
    space, _, local = tag[1:].partition("}")
    prefix = _NAMESPACES.get(space, _NAMESPACES.get(space.lower()))
    return None if prefix is None else (prefix + local).lower()


def _children(element: Any) -> Children:
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(_name(child), []).append(child)
    return found


def _first(children: Children, *names: str) -> Any:
    """The first child of the first of these names that has anything to say."""
    return next((each for name in names for each in children.get(name, ()) if len(each) or _text(each)), None)


def _text(element: Any) -> str:
    return "" if element is None else (element.text or "").strip()


def _entry(element: Any) -> Entry:
    parts = _children(element)
    guid = _first(parts, "guid", "atom:id", "id")
    return Entry(
        guid=_text(guid) or next((value for name, value in element.attrib.items() if name.endswith(_ABOUT)), ""),
        permalink=guid is None or guid.get("isPermaLink", "true").lower() != "false",
        link=_text(_first(parts, "feedburner:origlink")) or _link(parts),
        title=_body(_first(parts, "title", "atom:title", "dc:title")),
        bodies=tuple(body for body in _bodies(parts) if body.value) or _captions(parts),
        dates=tuple(_text(each) for name in _DATES for each in parts.get(name, ())[-1:] if _text(each)),
        language=_text(_first(parts, "dc:language", "language")) or _lang(element),
        outlet=_outlet(_first(parts, "source", "atom:source")),
    )


def _link(parts: Children) -> str:
    """The entry's own page: RSS's link, or Atom's alternate of an HTML type; never a self or enclosure link."""
    plain = _text(_first(parts, "link"))
    pages = [
        link.get("href", "")
        for link in parts.get("atom:link", ())
        if link.get("rel", "alternate") == "alternate" and "html" in link.get("type", "text/html")
    ]
    return plain or next(filter(None, pages), "")


def _bodies(parts: Children) -> Iterable[Body]:
    for name in _BODIES:
        yield from (_body(each) for each in parts.get(name, ()))
    for name in _ATOM_BODIES:
        yield from (_body(each) for each in parts.get(name, ()) if _is_words(each.get("type", "text")))


def _captions(parts: Children) -> tuple[Body, ...]:
    groups = (parts, *(_children(group) for group in parts.get("media:group", ())))
    found = (_first(group, name) for name in _CAPTIONS for group in groups)
    return tuple(_body(each) for each in found if each is not None)


def _is_words(type: str) -> bool:
    """Atom content may be anything: an image in base64, a JSON document."""
    return type.lower() in ("text", "html", "xhtml", "plain") or type.lower().startswith(("text/", "application/xhtml"))


def _body(element: Any) -> Body:
    """RSS has no types: what it carries is HTML. Atom's ``type="text"``, which it is by default, is text."""
    if element is None:
        return Body(value="")
    if len(element):
        return Body(value=_inner(element))
    markup = not _name(element).startswith("atom:") or element.get("type", "text").lower() not in ("text", "text/plain")
    return Body(value=_text(element), markup=markup)


def _inner(element: Any) -> str:
    """Markup that stands in the document unescaped, as HTML."""
    for each in element.iterdescendants():
        if isinstance(each.tag, str):
            # a prefix that was never declared is still in the name of a recovered element
            each.tag = each.tag.rpartition("}")[2].rpartition(":")[2] or "span"
    lxml.etree.cleanup_namespaces(element)
    parts = [lxml.etree.tostring(child, method="html", encoding="unicode") for child in element]
    return "".join((_escaped(element.text), *parts)).strip()


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def _lang(element: Any) -> str:
    return element.get(_LANG) or next((child.get(_LANG) for child in element if child.get(_LANG)), "")


def _outlet(source: Any) -> str:
    """RSS names the source in its text, Atom in a title of its own."""
    return "" if source is None else _text(_first(_children(source), "atom:title", "title")) or _text(source)
