"""Source type ``sitemap``: a news sitemap, or a list of sitemaps of which the newest are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.model import Poll, Source
from monitor.sources import Tools, web
from monitor.sources.reading import sitemaps

OPTIONS: Mapping[str, type] = web.OPTIONS

complaint = web.complaint


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a sitemap; see ``web.look``."""
    return await web.look(source, state, tools, sitemaps.read)
