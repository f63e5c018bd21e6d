"""JSON Feed 1 and 1.1 (jsonfeed.org) by the standard library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from monitor.sources.reading.entries import Body, Entry, RawFeed


def parse(text: str) -> RawFeed | None:
    """The document of this text; None if it is JSON but no feed. Raises ValueError or RecursionError for bad JSON."""
    data = json.loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return None
    if "jsonfeed.org" not in str(data.get("version")) and not isinstance(data.get("title"), str):
        return None
    return RawFeed(
        title=_text(data.get("title")),
        language=_text(data.get("language")),
        entries=tuple(_entry(item) for item in data["items"] if isinstance(item, dict)),
    )


def _entry(item: Mapping[str, Any]) -> Entry:
    bodies = (
        Body(value=_text(item.get("content_html"))),
        Body(value=_text(item.get("content_text")), markup=False),
        Body(value=_text(item.get("summary")), markup=False),
    )
    return Entry(
        guid=_text(item.get("id")),
        permalink=True,
        link=_text(item.get("url")) or _text(item.get("external_url")),
        title=Body(value=_text(item.get("title")), markup=False),
        bodies=tuple(body for body in bodies if body.value),
        dates=tuple(filter(None, (_text(item.get("date_published")), _text(item.get("date_modified"))))),
        language=_text(item.get("language")),
    )


def _text(value: object) -> str:
    """Text as it is, a number in its words (ids are numbers more often than the specification would like)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""
