"""Item -> events: the language is recognised, each kind finds its events in the document, and they are put in order.

Pure and deterministic: the same item and lexicons give the same events, whatever ran before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from monitor.garbage import collector_waits
from monitor.kinds import KINDS
from monitor.kinds.calibration import calibrated
from monitor.language.document import Document
from monitor.language.lexicon import Lexicons
from monitor.language.recognise import recognise
from monitor.language.trace import Trace
from monitor.model import Event, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was read from an item."""

    #: by where their evidence starts (the title first), then kind
    events: tuple[Event, ...] = ()
    #: why the item was not read ("language: fr"); None where it was
    skipped: str | None = None
    #: stands for the item's words when copies are looked for (kinds/likeness.py); None where nobody has made it
    signature: str | None = None


def extract(item: Item, lexicons: Lexicons, *, trace: Trace | None = None) -> Extraction:
    """The events that an item tells, or why it was not read."""
    lexicon = recognise(item, lexicons)
    if isinstance(lexicon, str):
        return Extraction(skipped=f"language: {lexicon}")
    found = _found(Document(item, lexicon, trace))
    if trace is not None:
        trace.events.extend(found)
    return Extraction(events=tuple(found))


def _found(document: Document) -> list[Event]:
    """The events of a document, in order. The collector waits meanwhile: what an item makes lives until it is read, and
    looking through that again and again took a seventh of all time."""
    with collector_waits():
        try:
            found = [_rounded(event) for kind in KINDS.values() for event in kind.find(document)]
        finally:
            document.release()
    if len(found) > 1:
        found.sort(key=_place)
    return found


def extract_all(items: Sequence[Item]) -> list[Extraction]:
    """The events of each of some items, with every lexicon there is, signed: what a worker process is asked for."""
    lexicons = every_lexicon()
    return [signed(item, extract(item, lexicons)) for item in items]


def signed(item: Item, extraction: Extraction) -> Extraction:
    """An extraction with the signature of its item, which is needed only where something was found."""
    if not extraction.events:
        return extraction
    # Imported late: whoever only reads one text need not wait for what compares texts.
    from monitor.kinds.likeness import signature

    return replace(extraction, signature=signature(item.title, item.text))


@cache
def every_lexicon() -> Lexicons:
    """All lexicons, read once a process."""
    return Lexicons.load()


def _rounded(event: Event) -> Event:
    confidence = round(min(max(calibrated(event.kind, event.confidence), 0.0), 1.0), 2)
    return event if confidence == event.confidence else replace(event, confidence=confidence)


def _place(event: Event) -> tuple[bool, int, str, int, str]:
    evidence = event.evidence
    return evidence.field != "title", evidence.start, event.kind, evidence.end, repr(event.facts)
