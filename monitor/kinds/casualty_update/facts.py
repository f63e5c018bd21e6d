"""Slots of a casualty update: how many killed, wounded, captured, ...; whose, where, says who."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from monitor.kinds.kind import QUALIFIERS, SlotType, slot
from monitor.model import Facts

HARMS = ("killed", "wounded", "captured", "missing", "displaced", "evacuated", "casualties")
VICTIMS = ("civilian", "military")
SCOPES = ("incident", "cumulative")


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyUpdate(Facts):
    """A number of people killed, hurt or driven out, for an incident or in total."""

    kind: ClassVar[str] = "casualty_update"

    harm: str | None = slot(SlotType.CHOICE, choices=HARMS)
    count: int | None = slot(SlotType.NUMBER)
    low: int | None = slot(SlotType.NUMBER)
    high: int | None = slot(SlotType.NUMBER)
    qualifier: str | None = slot(SlotType.CHOICE, choices=QUALIFIERS)
    victims: str | None = slot(SlotType.CHOICE, choices=VICTIMS)
    side: str | None = slot(SlotType.ACTOR)
    place: str | None = slot(SlotType.PLACE)
    date: dt.date | None = slot(SlotType.DAY)
    scope: str | None = slot(SlotType.CHOICE, choices=SCOPES)
    attribution: str | None = slot(SlotType.PHRASE)
