"""Where each source stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from monitor.model import NOTHING, Poll, PollOutcome
from monitor.store.records import SourceState
from monitor.store.rows import AnyRow, Rows
from monitor.store.tables import sources

_SUCCESS = (PollOutcome.ITEMS, PollOutcome.UNCHANGED)

_ONE = select(sources).where(sources.c.name == bindparam("of_name"))
_ALL = select(sources).order_by(sources.c.name)
_WHEN = select(sources.c.name, sources.c.next_poll)
_CHANGE = update(sources).where(sources.c.name == bindparam("of_name"))
_ADD = insert(sources)


class SourceRows(Rows):
    """Statements about sources."""

    def source(self, name: str) -> SourceState:
        """Where a source stands; one that was never polled is due, and has nothing but its name."""
        row = self._plain.execute(_ONE, {"of_name": name}).first()
        return SourceState(name=name) if row is None else _state(row)

    def sources(self) -> list[SourceState]:
        """Every source that was ever polled, by name."""
        return [_state(row) for row in self._plain.execute(_ALL)]

    def due(self, names: Iterable[str], now: datetime) -> list[str]:
        """Those of the sources that are to be polled, the longest overdue first, never polled ones before all."""
        when = {row.name: row.next_poll for row in self._plain.execute(_WHEN)}
        overdue = {name: when.get(name) for name in names}
        ripe = [name for name, next_poll in overdue.items() if next_poll is None or next_poll <= now]
        return sorted(ripe, key=lambda name: (overdue[name] is not None, overdue[name] or now))

    def save_poll(
        self,
        name: str,
        poll: Poll,
        now: datetime,
        next_poll: datetime,
        *,
        url: str = "",
        book: Mapping[str, Any] | None = None,
        excused: bool = False,
    ) -> SourceState:
        """Notes how a poll ended; one that brings no state leaves it as it was. ``url`` if given is the source's.

        ``book`` if given takes the place of what the pipeline kept about the source; with ``excused`` a failure is not
        counted.
        """
        before = self.source(name)
        succeeded = poll.outcome in _SUCCESS
        after = SourceState(
            name=name,
            url=url or before.url,
            state=poll.state if _brings_state(poll) else before.state,
            first_polled=before.first_polled or (now if succeeded else None),
            last_poll=now,
            last_success=now if succeeded else before.last_success,
            next_poll=next_poll,
            failures=0 if succeeded else before.failures + (not excused),
            outcome=poll.outcome,
            reason=poll.reason,
            items_total=before.items_total + len(poll.items),
            book=before.book if book is None else book,
        )
        self._write(after)
        return after

    def put_off(self, name: str, next_poll: datetime) -> None:
        """Moves the next poll of a source that was polled before."""
        self.connection.execute(_CHANGE, {"of_name": name, "next_poll": next_poll})

    def save_book(self, name: str, book: Mapping[str, Any]) -> None:
        """Puts this in the place of what the pipeline kept about a source that was polled before."""
        self._plain.execute(_CHANGE, {"of_name": name, "book": dict(book)})

    def _write(self, after: SourceState) -> None:
        values = {name: getattr(after, name) for name in SourceState.__slots__ if name != "name"}
        values |= {"state": dict(after.state), "book": dict(after.book)}
        if not self._plain.execute(_CHANGE, {"of_name": after.name, **values}).rowcount:
            self._plain.execute(_ADD, {"name": after.name, **values})


def _brings_state(poll: Poll) -> bool:
    """A failed poll brings one too: a new address that failed is not to be trusted again."""
    return poll.outcome is PollOutcome.ITEMS or bool(poll.state)


def _state(row: AnyRow) -> SourceState:
    values = dict(row._mapping)
    outcome = PollOutcome(row.outcome) if row.outcome else None
    return SourceState(**{**values, "outcome": outcome, "book": row.book or NOTHING})
