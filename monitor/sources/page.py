"""Source type ``page``: a listing page without a feed, read by CSS selectors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from monitor.model import Poll, Source
from monitor.sources import Tools, web
from monitor.sources.reading import listing

#: ``items`` selects the element of each item on the page; ``title``, ``link``, ``text`` and ``date`` select within it
OPTIONS: Mapping[str, type] = {**web.OPTIONS, **dict.fromkeys(("items", *listing.PARTS), str)}

REQUIRED = ("items",)


def complaint(options: Mapping[str, Any]) -> tuple[str, str] | None:
    """The first option that cannot be used, and why; None if all can."""
    for key in ("items", *listing.PARTS):
        if key in options and (problem := listing.problem(options[key])):
            return key, problem
    return web.complaint(options)


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a page; see ``web.look``."""
    selectors = {key: source.options[key] for key in ("items", *listing.PARTS) if source.options.get(key)}
    return await web.look(source, state, tools, partial(listing.read, selectors=selectors))
