"""A document's sentences -> events of this kind; roles of the lexicon's section, no words."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.language.document import Document
from monitor.model import Event


def find(document: Document) -> Iterable[Event]:
    """The events of this kind that the document tells, one a fact."""
    return ()
