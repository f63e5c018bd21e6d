"""Source type ``feed``: an address that answers with RSS, RDF, Atom or JSON Feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.model import Poll, Source
from monitor.sources import Tools, web
from monitor.sources.reading.document import read

OPTIONS: Mapping[str, type] = web.OPTIONS

complaint = web.complaint


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a feed; see ``web.look``."""
    return await web.look(source, state, tools, read)
