"""Where each source stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from monitor.model import NOTHING, Poll, PollOutcome
from monitor.store.records import EndedPoll, SourceState
from monitor.store.rows import AnyRow, Rows
from monitor.store.tables import sources

#: sources asked for at once
_BATCH = 500

_NAMED = select(sources).where(sources.c.name.in_(bindparam("names", expanding=True)))
_ALL = select(sources).order_by(sources.c.name)
_WHEN = select(sources.c.name, sources.c.next_poll)
_CHANGE = update(sources).where(sources.c.name == bindparam("of_name"))
_ADD = insert(sources)


class SourceRows(Rows):
    """Statements about sources."""

    def source(self, name: str) -> SourceState:
        """Where a source stands; one that was never polled is due, and has nothing but its name."""
        return self.sources_named([name])[0]

    def sources_named(self, names: Sequence[str]) -> list[SourceState]:
        """The same for several, in their order."""
        found = self._states(names)
        return [found.get(name) or SourceState(name=name) for name in names]

    def _states(self, names: Sequence[str]) -> dict[str, SourceState]:
        found: dict[str, SourceState] = {}
        for start in range(0, len(names), _BATCH):
            rows = self._plain.execute(_NAMED, {"names": names[start : start + _BATCH]})
            found |= {row.name: _state(row) for row in rows}
        return found

    def sources(self) -> list[SourceState]:
        """Every source that was ever polled, by name."""
        return [_state(row) for row in self._plain.execute(_ALL)]

    def next_polls(self) -> dict[str, datetime | None]:
        """When each source that was ever polled is polled next; None: now."""
        return {row.name: row.next_poll for row in self._plain.execute(_WHEN)}

    def due(self, names: Iterable[str], now: datetime) -> list[str]:
        """Those of the sources that are to be polled, the longest overdue first, never polled ones before all."""
        when = self.next_polls()
        overdue = {name: when.get(name) for name in names}
        ripe = [name for name, next_poll in overdue.items() if next_poll is None or next_poll <= now]
        return sorted(ripe, key=lambda name: (overdue[name] is not None, overdue[name] or now))

    def save_poll(self, name: str, poll: Poll, now: datetime, next_poll: datetime, *, url: str = "") -> SourceState:
        """Notes how one poll ended."""
        return self.save_polls([EndedPoll(name=name, poll=poll, at=now, next_poll=next_poll, url=url)])[0]

    def save_polls(self, ended: Sequence[EndedPoll]) -> list[SourceState]:
        """Notes how polls ended, and gives where their sources stand now."""
        before = self._states([each.name for each in ended])
        after = dict(before)
        saved = []
        for each in ended:
            after[each.name] = after.get(each.name, SourceState(name=each.name)).after(each)
            saved.append(after[each.name])
        changed = [_values(state) for name, state in after.items() if name in before]
        added = [_values(state) for name, state in after.items() if name not in before]
        if changed:
            self._plain.execute(_CHANGE, [{"of_name": values.pop("name"), **values} for values in changed])
        if added:
            self._plain.execute(_ADD, added)
        return saved

    def put_off(self, name: str, next_poll: datetime) -> None:
        """Moves the next poll of a source that was polled before."""
        self.connection.execute(_CHANGE, {"of_name": name, "next_poll": next_poll})

    def save_book(self, name: str, book: Mapping[str, Any]) -> None:
        """Puts this in the place of what the pipeline kept about a source that was polled before."""
        self._plain.execute(_CHANGE, {"of_name": name, "book": dict(book)})


def _values(state: SourceState) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in SourceState.__slots__}
    return values | {"state": dict(state.state), "book": dict(state.book)}


def _state(row: AnyRow) -> SourceState:
    values = dict(row._mapping)
    outcome = PollOutcome(row.outcome) if row.outcome else None
    return SourceState(**{**values, "outcome": outcome, "book": row.book or NOTHING})
