"""Claims and known events kept in memory: to make one from its rows costs more than to find it.

A row of claims never changes what it says (only where it belongs, and whether it stands, which are asked each time),
and is never deleted. A known event carries the number of times that it was written; one that is kept is used only if
that number and the claims that stand are still the same. What a transaction has read is kept once it is committed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from monitor.model import Claim, KnownEvent

#: claims, and known events, kept at most; about 3 kB each, with what is remembered of them elsewhere
MOST = 10_000
#: their texts: most of what alerts tell is of the last days
MOST_TEXTS = 4_000

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by their numbers; when it is full, those that were not asked for lately are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._half = most // 2
        self._young: dict[int, Value] = {}
        self._old: dict[int, Value] = {}

    def get(self, number: int) -> Value | None:
        """A value, if it is kept."""
        value = self._young.get(number)
        if value is None and (value := self._old.get(number)) is not None:
            self.keep({number: value})
        return value

    def keep(self, values: Mapping[int, Value]) -> None:
        """Keeps values for later."""
        if len(self._young) + len(values) > self._half:
            self._old, self._young = self._young, {}
        self._young.update(values)

    def clear(self) -> None:
        """Forgets all."""
        self._old, self._young = {}, {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A known event as it was at one time."""

    known: KnownEvent
    #: how often its row had been written
    revision: int
    #: numbers of its claims, in ascending order
    claim_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept: of a store, or of one transaction until it is committed."""

    claims: Recent[Claim] = field(default_factory=Recent)
    events: Recent[Written] = field(default_factory=Recent)
    #: claims as the JSON of alerts, about 1 kB each
    texts: Recent[str] = field(default_factory=partial(Recent, MOST_TEXTS))

    def clear(self) -> None:
        """Forgets all."""
        for kept in (self.claims, self.events, self.texts):
            kept.clear()
