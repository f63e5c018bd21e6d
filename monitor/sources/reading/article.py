"""The article of a page by trafilatura: without navigation, cookie notices, comments. Pure.

trafilatura is an extra (``fulltext``): few sources need it, and it brings a dozen packages.
"""

from __future__ import annotations

import importlib.util

from monitor.sources.reading import prose
from monitor.sources.reading.decode import decode


def is_there() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("trafilatura") is not None


def read(body: bytes, content_type: str = "") -> str:
    """The text of the page's article, paragraphs divided by one empty line; "" where there is none."""
    import trafilatura

    found = trafilatura.extract(
        decode(body, content_type), include_comments=False, include_tables=False, favor_precision=True
    )
    return prose.plain("\n\n".join((found or "").split("\n")))
