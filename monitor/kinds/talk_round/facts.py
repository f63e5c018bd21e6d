"""Slots of a round of talks: who meets whom, when, where, which round, with what outcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from monitor.kinds.kind import SlotType, slot
from monitor.model import Facts

LADDER = ("proposed", "planned", "ongoing", "held")
STATUSES = (*LADDER, "cancelled")
MODES = ("in_person", "video", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRound(Facts):
    """A meeting or call between officials of two or more parties."""

    kind: ClassVar[str] = "talk_round"

    parties: tuple[str, ...] = slot(SlotType.ACTORS)
    mediators: tuple[str, ...] = slot(SlotType.ACTORS)
    round: int | None = slot(SlotType.NUMBER)
    date: dt.date | None = slot(SlotType.DAY)
    place: str | None = slot(SlotType.PLACE)
    mode: str | None = slot(SlotType.CHOICE, choices=MODES)
    status: str | None = slot(SlotType.CHOICE, choices=STATUSES, ladder=LADDER)
    outcome: str | None = slot(SlotType.PHRASE)
    attribution: str | None = slot(SlotType.PHRASE)
