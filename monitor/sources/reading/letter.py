"""A letter (RFC 5322, MIME) into an item. Pure."""

from __future__ import annotations

import email
import email.header
import email.policy
from collections.abc import Iterator, Sequence
from email.message import Message
from email.utils import parseaddr
from typing import Any

from monitor.model import Item
from monitor.sources.reading import prose
from monitor.sources.reading.days import when
from monitor.sources.reading.decode import decode
from monitor.sources.reading.entries import LONGEST_TEXT, Reading, digest, language_code, short
from monitor.sources.reading.links import is_web

#: parts that are looked at, at most
_MOST_PARTS = 200
#: the plain text is taken if it has at least this share of what the HTML shows: many say only "see the HTML"
_ENOUGH = 0.6


def read(body: bytes, reading: Reading, senders: Sequence[str] = ()) -> Item | None:
    """The letter; None if it is of a sender who is not among ``senders``, or has no words.

    May raise what the parser of the standard library raises on a letter that is made to hurt it.
    """
    message = email.message_from_bytes(body, policy=email.policy.compat32)
    name, address = parseaddr(_header(message, "From"))
    if senders and not _is_one_of(address, senders):
        return None
    title, text = prose.line(_header(message, "Subject")), _text(message)
    if not text and not title:
        return None
    day, instant = when(_header(message, "Date"))
    page = _header(message, "Archived-At").strip("<> ")
    return Item(
        source=reading.source,
        id=short(_header(message, "Message-ID").strip("<> ")) or digest(title, text),
        title=title,
        text=text,
        url=page if is_web(page) else None,
        outlet=reading.outlet or prose.line(name) or address or None,
        published=day,
        published_at=instant,
        language=reading.language or language_code(_header(message, "Content-Language")),
    )


def _is_one_of(address: str, senders: Sequence[str]) -> bool:
    """``desk@agency.example`` is that address, ``@agency.example`` any of the domain."""
    address = address.lower()
    return any(address.endswith(each.lower()) if each.startswith("@") else address == each.lower() for each in senders)


def _header(message: Message, name: str) -> str:
    """A header as text on one line, its encoded words decoded."""
    raw = message.get(name)
    if raw is None:
        return ""
    parts = email.header.decode_header(raw)
    words = (_decoded(word, charset) for word, charset in parts)
    return " ".join("".join(words)[:10_000].split())


def _decoded(word: Any, charset: str | None) -> str:
    return word if isinstance(word, str) else decode(word, f"charset={charset}" if charset else None)


def _text(message: Message) -> str:
    plain = "\n\n".join(prose.plain(each) for each in _parts(message, "plain"))
    shown = "\n\n".join(filter(None, (prose.html_to_text(each) for each in _parts(message, "html"))))
    text = plain if len(plain) >= _ENOUGH * len(shown) else shown
    return text[:LONGEST_TEXT].strip()


def _parts(message: Message, subtype: str) -> Iterator[str]:
    """The texts of this subtype, without what is attached."""
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            return
        if part.get_content_type() == f"text/{subtype}" and "attachment" not in str(part.get("Content-Disposition")):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                charset = str(part.get_content_charset() or "")
                yield decode(payload, f"charset={charset}" if charset else None)[:LONGEST_TEXT]
