"""Records as JSON values and back: the contract's JSON (CONTRACT.md), and the JSON columns of the store.

A day is ``"2022-03-30"``, an instant ISO 8601 with its offset, a tuple a list. ``facts`` and ``event`` keep the slots
in the order of the guidelines, so that the same input gives the same bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from monitor.kinds import KINDS
from monitor.kinds.kind import SlotType, slots_of
from monitor.model import ChangeType, Claim, Event, Evidence, Facts, News

#: JSON object
Json = dict[str, Any]

_TUPLES = (SlotType.ACTORS, SlotType.CHOICES)
_EVIDENCE = tuple(field.name for field in dataclasses.fields(Evidence))
_PLAIN_CLAIM = tuple(field.name for field in dataclasses.fields(Claim) if field.name != "event")


def value_to_json(value: object) -> Any:
    """One slot's value as JSON: days as text, tuples as lists, numbers, text and None as they are."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def value_from_json(value: Any, type: SlotType) -> Any:
    """The value of a slot of this type that ``value_to_json`` wrote."""
    if type in _TUPLES:
        return tuple(value or ())
    return date.fromisoformat(value) if type is SlotType.DAY and value is not None else value


def facts_to_json(facts: Facts) -> Json:
    """``{"kind": ..., slot: value, ...}`` with every slot of the kind."""
    names, values, lists, days = _slots(facts.kind)
    data = dict(zip(names, (facts.kind, *values(facts)), strict=True))
    for name in lists:
        data[name] = list(data[name])
    for name in days:
        data[name] = value_to_json(data[name])
    return data


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The facts that ``facts_to_json`` wrote; a slot that is not there is empty, one that is unknown is left out."""
    facts = KINDS[data["kind"]].facts
    return facts(**{name: value_from_json(data.get(name), type) for name, type in _slot_types(data["kind"])})


@cache
def _slots(kind: str) -> tuple[tuple[str, ...], Callable[[Facts], Sequence[Any]], tuple[str, ...], tuple[str, ...]]:
    """Names in the JSON of a kind's facts, what gives its slots' values, and which of them are lists, and days."""
    types = _slot_types(kind)
    names = tuple(name for name, _ in types)
    lists = tuple(name for name, type in types if type in _TUPLES)
    return ("kind", *names), attrgetter(*names), lists, tuple(name for name, type in types if type is SlotType.DAY)


@cache
def _slot_types(kind: str) -> tuple[tuple[str, SlotType], ...]:
    """Names and types of a kind's slots; kept, for the store reads and writes facts by the thousand."""
    return tuple((slot.name, slot.type) for slot in slots_of(KINDS[kind].facts).values())


def event_to_json(event: Event) -> Json:
    """An event as ``monitor extract --json`` prints it."""
    evidence = {name: getattr(event.evidence, name) for name in _EVIDENCE}
    return facts_to_json(event.facts) | {"confidence": round(event.confidence, 2), "evidence": evidence}


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The event that ``event_to_json`` wrote."""
    return Event(
        facts=facts_from_json(data), evidence=Evidence(**data["evidence"]), confidence=data.get("confidence", 1.0)
    )


def plain_claim_to_json(claim: Claim) -> Json:
    """A claim, but for its ``event``."""
    return {name: value_to_json(getattr(claim, name)) for name in _PLAIN_CLAIM}


def claim_from_json(data: Mapping[str, Any]) -> Claim:
    """The claim of which ``plain_claim_to_json`` wrote all but the event."""
    times = {
        "published": _read(data.get("published"), date.fromisoformat),
        "published_at": _read(data.get("published_at"), datetime.fromisoformat),
        "seen": datetime.fromisoformat(data["seen"]),
    }
    return Claim(**{**data, **times, "event": event_from_json(data["event"])})


def _read(text: str | None, parse: Any) -> Any:
    return None if text is None else parse(text)


def fields_to_json(fields: Mapping[str, tuple[Any, Any]]) -> Json:
    """What moved: ``{slot: [before, after]}``."""
    return {slot: [value_to_json(before), value_to_json(after)] for slot, (before, after) in fields.items()}


def fields_from_json(data: Mapping[str, Any], kind: str) -> dict[str, tuple[Any, Any]]:
    """What ``fields_to_json`` wrote, for a kind of event."""
    types = {slot.name: slot.type for slot in slots_of(KINDS[kind].facts).values()}
    return {
        slot: (value_from_json(before, types[slot]), value_from_json(after, types[slot]))
        for slot, (before, after) in data.items()
    }


def plain_news_to_json(news: News) -> Json:
    """All that wording needs of one change, but for the claims: ``claim``, and the list ``voices``."""
    return {
        "type": news.type.value,
        "reason": news.reason,
        "event_id": news.event_id,
        "facts": facts_to_json(news.facts),
        "fields": fields_to_json(news.fields),
        "sentence": news.sentence,
        "at": news.at.isoformat(),
    }


def news_from_json(data: Mapping[str, Any]) -> News:
    """The news of which ``plain_news_to_json`` wrote all but the claims."""
    return News(
        type=ChangeType(data["type"]),
        reason=data["reason"],
        event_id=data["event_id"],
        claim=claim_from_json(data["claim"]),
        facts=facts_from_json(data["facts"]),
        fields=fields_from_json(data["fields"], data["facts"]["kind"]),
        voices=tuple(claim_from_json(voice) for voice in data["voices"]),
        sentence=data.get("sentence", ""),
        at=datetime.fromisoformat(data["at"]),
    )
