"""Slots of an aid pledge: who gives whom how much of what, and how firmly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from monitor.kinds.kind import QUALIFIERS, SlotType, slot
from monitor.model import Facts

LADDER = ("considered", "requested", "pledged", "approved", "delivered")
STATUSES = (*LADDER, "withheld")
AID_TYPES = ("financial", "humanitarian", "military")


@dataclass(frozen=True, slots=True, kw_only=True)
class AidPledge(Facts):
    """Money or goods given, promised, weighed, asked for or withheld, at the level of states and organisations."""

    kind: ClassVar[str] = "aid_pledge"

    donors: tuple[str, ...] = slot(SlotType.ACTORS)
    recipient: str | None = slot(SlotType.ACTOR)
    amount: int | None = slot(SlotType.MONEY)
    low: int | None = slot(SlotType.MONEY)
    high: int | None = slot(SlotType.MONEY)
    currency: str | None = slot(SlotType.CURRENCY)
    qualifier: str | None = slot(SlotType.CHOICE, choices=QUALIFIERS)
    aid_types: tuple[str, ...] = slot(SlotType.CHOICES, choices=AID_TYPES)
    goods: str | None = slot(SlotType.PHRASE)
    status: str | None = slot(SlotType.CHOICE, choices=STATUSES, ladder=LADDER)
    date: dt.date | None = slot(SlotType.DAY)
    attribution: str | None = slot(SlotType.PHRASE)
