"""Pages that a source's items are still owed: kept in its book, from one poll to the next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from monitor.model import Item

#: pages that a source's items can be owed; of more the oldest are given up, and counted
MOST_OWED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """The pages that a source's items are owed."""

    #: identity of each item, the one that waits longest first, and whether it is of the silent backlog
    owed: tuple[tuple[str, bool], ...] = ()
    #: how many were never taken, because too many were owed
    given_up: int = 0

    def more(self, left: Sequence[Item], *, quiet: bool) -> Debt:
        """The debt when a poll has left these, too, the newest first."""
        fresh = dict.fromkeys((item.id for item in reversed(left)), quiet)
        owed = [*((name, silent) for name, silent in self.owed if name not in fresh), *fresh.items()]
        too_many = max(len(owed) - MOST_OWED, 0)
        return Debt(owed=tuple(owed[too_many:]), given_up=self.given_up + too_many)

    def less(self, done: Collection[str]) -> Debt:
        """The debt without those that are settled."""
        return Debt(owed=tuple(each for each in self.owed if each[0] not in done), given_up=self.given_up)
