"""Bytes into text that a parser can trust, whatever the document claims about itself.

feedparser turns a whole feed into mojibake for one bad byte, and each of its titles then looks edited. So the
encoding is decided here from the bytes themselves, with the document's and the server's word as second opinions.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)
#: encodings that are pure ASCII to the eye: valid UTF-8 proves nothing about them
_SHIFTING = re.compile(r"^(iso-?2022|hz|utf-?7|utf-?16|utf-?32|ucs)", re.IGNORECASE)
#: characters that XML 1.0 does not allow
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a document; never raises. A byte that fits nowhere becomes U+FFFD, and only that byte."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    claims = _claims(body, content_type)
    if not any(_SHIFTING.match(claim) for claim in claims):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for claim in claims:
        text = _strictly(body, claim)
        if text is not None:
            return text
    return _mended(body)


def _claims(body: bytes, content_type: str | None) -> list[str]:
    """What the document and the server say, the document first: servers are configured once, for all files."""
    found = []
    if body[:2] in (b"<\x00", b"\x00<"):
        found.append("utf-16-le" if body[:1] == b"<" else "utf-16-be")
    if match := _DECLARED.match(body[:400]):
        found.append(match[1].decode("ascii"))
    if charset := _CHARSET.search(content_type or ""):
        found.append(charset[1])
    return found


def _strictly(body: bytes, encoding: str) -> str | None:
    name = encoding.lower().replace("_", "-")
    # what calls itself Latin-1 is Windows-1252 (WHATWG Encoding Standard): its quotation marks are no controls
    name = "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii") else name
    try:
        text = body.decode(name)
    except (LookupError, UnicodeError, ValueError, TypeError, AssertionError):
        return None
    return text if isinstance(text, str) else None  # type: ignore[redundant-expr,unused-ignore]  # hex_codec and its like


def _mended(body: bytes) -> str:
    """UTF-8 with some bad bytes, or an undeclared Western document: whichever the bytes look like."""
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    return text if good >= bad else body.decode("cp1252", "replace")


# --- well-formedness -------------------------------------------------------------------------------------------------

#: the first of these decides what a document is
_ROOT = re.compile(
    r"<(?:(!doctype\s+html|html)|((?:[a-z_][\w.-]{0,40}:)?(?:rss|rdf|feed|channel)))(?=[\s>/])", re.IGNORECASE
)
#: a section that stays as it is, and what ends it
_SECTION = re.compile(r"<!\[CDATA\[|<!--")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_REFERENCE = re.compile(r"&(?:(#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{0,40});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_LAST_ITEM = re.compile(r"</(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """XML without the faults that feeds have most."""

    #: the document from its root on; "" where there is none
    text: str = ""
    #: it is an HTML page
    page: bool = False
    #: it ends half-way, and what came after its last whole item was left out
    truncated: bool = False


def mend_xml(text: str) -> Mended:
    """Make a strict parser's work of it, in time that grows with its length alone.

    Junk before and after the document, characters that XML forbids, the document type with its entities, names of HTML
    entities and bare ampersands go. What follows the last whole item of a document that ends half-way is cut off: half
    an item would be taken for an edited one at the next poll.
    """
    text = _NOT_XML.sub("", text)
    start = _ROOT.search(text)
    if start is None or start[1]:
        return Mended(page=start is not None)
    whole, truncated = _whole_items(text[start.start() :], start[2])
    return Mended(text="".join(_references(whole)), truncated=truncated)


def _whole_items(text: str, root: str) -> tuple[str, bool]:
    end = _last(re.compile(rf"</{re.escape(root)}\s*>", re.IGNORECASE), text)
    if end:
        return text[:end], False
    kept = text[: _last(_LAST_ITEM, text)]
    if not kept:
        return "", True
    channel = "</channel>" if root.lower() == "rss" and not re.search(r"</channel\s*>", kept) else ""
    return f"{kept}{channel}</{root}>", True


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Where its last match ends; 0 without any."""
    return max((match.end() for match in pattern.finditer(text)), default=0)


def _references(text: str) -> Iterator[str]:
    """The text with its references made XML's, but for CDATA sections and comments, in which they are none."""
    at = 0
    while section := _SECTION.search(text, at):
        ending = _ENDS[section[0]]
        end = text.find(ending, section.end())
        if end < 0:
            break
        yield _REFERENCE.sub(_reference, text[at : section.start()])
        at = end + len(ending)
        yield text[section.start() : at]
    yield _REFERENCE.sub(_reference, text[at:])


def _reference(match: re.Match[str]) -> str:
    name = match[1]
    if name in _XML_NAMES:
        return match[0]
    if name is None or not (name.startswith("#") or f"{name};" in html.entities.html5):
        return "&amp;" + match[0][1:]
    return html.escape(_NOT_XML.sub("", html.unescape(match[0])))
