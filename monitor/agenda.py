"""Whose turn comes when: names and instants, of which the first is at hand however many there are. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from datetime import datetime

#: entries that no longer count, as many as those that do and so many more, before they are thrown out
_LITTER = 64


class Agenda:
    """Each name has one turn at most. A scheduler of jobs takes a hundred times longer for a thousand of them."""

    def __init__(self) -> None:
        self._turns: dict[str, datetime] = {}
        #: all of them, and those that were put elsewhere since
        self._heap: list[tuple[datetime, str]] = []

    def plan(self, name: str, instant: datetime) -> None:
        """Gives a name its turn, in the place of one that it had."""
        self._turns[name] = instant
        heapq.heappush(self._heap, (instant, name))
        if len(self._heap) > 2 * len(self._turns) + _LITTER:
            self._heap = [(instant, name) for name, instant in self._turns.items()]
            heapq.heapify(self._heap)

    def keep_only(self, names: Collection[str]) -> None:
        """Forgets all others."""
        self._turns = {name: instant for name, instant in self._turns.items() if name in names}

    @property
    def first(self) -> datetime | None:
        """The instant of the earliest turn; None if nobody has one."""
        while self._heap and self._turns.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take_due(self, now: datetime) -> list[str]:
        """The names whose turn has come, the earliest first; they have none any more."""
        due = []
        while (first := self.first) is not None and first <= now:
            _, name = heapq.heappop(self._heap)
            del self._turns[name]
            due.append(name)
        return due
