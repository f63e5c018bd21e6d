"""One event a meeting an item: mentions that can be of one meeting are put together, the most specific values first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.kinds.talk_round.facts import LADDER, TalkRound
from monitor.model import Event

_FUTURE = ("proposed", "planned")


def merged(events: Iterable[Event]) -> list[Event]:
    """Events of an item, one a meeting, in the order of their first mention."""
    kept: list[Event] = []
    for event in events:
        for number, other in enumerate(kept):
            if _one(_facts(other), _facts(event)):
                kept[number] = _together(other, event)
                break
        else:
            kept.append(event)
    return kept


def _facts(event: Event) -> TalkRound:
    assert isinstance(event.facts, TalkRound)  # made by find.py
    return event.facts


def _one(a: TalkRound, b: TalkRound) -> bool:
    if a.parties != b.parties:
        return False
    for slot in ("round", "date", "place", "mode"):
        mine, yours = getattr(a, slot), getattr(b, slot)
        if mine is not None and yours is not None and mine != yours:
            return False
    return not (_is_ahead(a) != _is_ahead(b) and (_is_placed(a) or _is_placed(b)))


def _is_ahead(facts: TalkRound) -> bool:
    return facts.status in _FUTURE


def _is_placed(facts: TalkRound) -> bool:
    return facts.date is not None or facts.place is not None or facts.round is not None


def _together(a: Event, b: Event) -> Event:
    mine, yours = _facts(a), _facts(b)
    values = {
        slot: getattr(mine, slot) if getattr(mine, slot) is not None else getattr(yours, slot)
        for slot in ("round", "date", "place", "mode", "outcome", "attribution")
    }
    facts = replace(
        mine,
        **values,
        mediators=tuple(sorted({*mine.mediators, *yours.mediators})),
        status=max(mine.status, yours.status, key=_rung),
    )
    return replace(a, facts=facts, confidence=max(a.confidence, b.confidence))


def _rung(status: str | None) -> int:
    return LADDER.index(status) if status in LADDER else len(LADDER)
