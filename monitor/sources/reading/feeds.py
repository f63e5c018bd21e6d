"""RSS, RDF and Atom by feedparser, the tolerant reader."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import feedparser

from monitor.sources.reading.entries import Body, Entry, RawFeed
from monitor.sources.reading.links import is_web

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


#: what it spends quadratic time on (5.7 s for one author of 40 kB), and we have no use for
_AUTHORS = re.compile(
    r"<(/?)(?:\w+:)?(?:author|creator|contributor|managingeditor|webmaster|publisher)\b", re.IGNORECASE
)


def _no_date(raw: str) -> time.struct_time:
    """Dates are read in days.py, from the words: feedparser's readers turn local days into UTC's, and some raise."""
    return time.gmtime(0)


feedparser.registerDateHandler(_no_date)


def parse(text: str) -> RawFeed | None:
    """The document of this text; None if it is no feed. Links stay relative, except to an ``xml:base``.

    feedparser is given a stream of bytes: text or bytes it takes for an address to fetch or a file to open.
    What it raises (it raises several kinds) is left to the caller.
    """
    parsed = feedparser.parse(
        io.BytesIO(_AUTHORS.sub(r"<\1nobody", text).encode("utf-8", "replace")),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.version and not parsed.entries:
        return None
    feed = parsed.feed
    broken = parsed.bozo and not isinstance(parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride)
    return RawFeed(
        title=_text(feed.get("title")),
        language=_text(feed.get("language")),
        entries=tuple(_entry(entry, atom=parsed.version.startswith("atom")) for entry in parsed.entries),
        pace=pace(_text(feed.get("ttl")), _text(feed.get("sy_updateperiod")), _text(feed.get("sy_updatefrequency"))),
        notes=("not well-formed",) if broken else (),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _entry(entry: dict[str, Any], *, atom: bool) -> Entry:
    guid = _text(entry.get("id"))
    return Entry(
        guid=guid,
        permalink=bool(entry.get("guidislink")) or atom,
        link=_text(entry.get("feedburner_origlink")) or _link(entry),
        title=_body(entry.get("title_detail"), _text(entry.get("title")), atom=atom),
        bodies=tuple(_bodies(entry, atom=atom)),
        # dict.get: feedparser's own get answers "updated" with "published", and warns of it
        dates=tuple(filter(None, (_text(dict.get(entry, key)) for key in ("published", "created", "updated")))),
        language=_language(entry),
        outlet=_text((entry.get("source") or {}).get("title")),
    )


def _link(entry: Mapping[str, Any]) -> str:
    """The entry's own page; where it has none feedparser repeats the guid, of which we think for ourselves."""
    link = _text(entry.get("link"))
    return "" if link == _text(entry.get("id")) and not is_web(link) else link


def _bodies(entry: Mapping[str, Any], *, atom: bool) -> list[Body]:
    found = [_body(content, "", atom=atom) for content in entry.get("content") or ()]
    found.append(_body(entry.get("summary_detail"), _text(entry.get("summary")), atom=atom))
    return [body for body in found if body.value]


def _body(detail: Mapping[str, Any] | None, value: str, *, atom: bool) -> Body:
    """RSS has no types: what it carries is HTML. Atom's ``type="text"`` is text."""
    detail = detail or {}
    return Body(value=_text(detail.get("value")) or value, markup=not (atom and detail.get("type") == "text/plain"))


def _language(entry: Mapping[str, Any]) -> str:
    details = [entry.get("summary_detail"), entry.get("title_detail"), *(entry.get("content") or ())]
    return _text(entry.get("language")) or next((d["language"] for d in details if d and d.get("language")), "")


def pace(ttl: str, period: str, frequency: str) -> timedelta | None:
    """How long a feed asks to be left alone: RSS ``ttl`` in minutes, or ``sy:updatePeriod`` and ``updateFrequency``."""
    asked = []
    if re.fullmatch(r"\d{1,6}", ttl) and int(ttl):
        asked.append(timedelta(minutes=int(ttl)))
    if period.lower() in _PERIODS:
        times = int(frequency) if re.fullmatch(r"\d{1,4}", frequency) else 1
        asked.append(_PERIODS[period.lower()] / max(times, 1))
    return max(asked, default=None)
