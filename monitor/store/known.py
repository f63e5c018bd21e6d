"""Known events, read: those that a new claim may belong to, found by blocking keys alone.

A few index look-ups, each with an upper bound, so that it costs the same among a million known events as among a
thousand; and what was read before, and is unchanged, is not read again (memory.py).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, bindparam, func, select, union_all

from monitor.model import Claim, KnownEvent
from monitor.store.memory import Memory, Written
from monitor.store.rows import AnySelect, Rows, claim_from_row, key_number, known_from_row
from monitor.store.tables import claim_keys, claims, item_versions, items, known_events

#: known events looked at for one blocking key, the newest first
PER_KEY = 200
#: known events compared with one claim, those that share most keys first
MOST_CANDIDATES = 100

_CLAIM_COLUMNS = (*claims.c, items.c.source, items.c.identity, item_versions.c.title, item_versions.c.url)
CLAIMS = (
    select(*_CLAIM_COLUMNS)
    .join(items, items.c.id == claims.c.item_id)
    .join(
        item_versions,
        (item_versions.c.item_id == claims.c.item_id) & (item_versions.c.version == claims.c.version),
    )
    .order_by(claims.c.id)
)
_STANDING = CLAIMS.where(claims.c.withdrawn.is_(None))
_STANDING_IN = (
    select(claims.c.id, claims.c.known_id, known_events.c.revision)
    .join(known_events, known_events.c.id == claims.c.known_id)
    .where(claims.c.known_id.in_(bindparam("ids", expanding=True)), claims.c.withdrawn.is_(None))
    .order_by(claims.c.id)
)
_BY_NUMBER = CLAIMS.where(claims.c.id.in_(bindparam("ids", expanding=True)))
_STANDING_BY_NUMBER = _STANDING.where(claims.c.id.in_(bindparam("ids", expanding=True)))
_OF_ITEM = _STANDING.where(claims.c.item_id == bindparam("of_item"))
_EVENTS = select(known_events).where(known_events.c.id.in_(bindparam("ids", expanding=True)))


class KnownRows(Rows):
    """Questions about known events and the claims that stand."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        super().__init__(connection)
        self._memory = memory or Memory()
        #: what this transaction has read: to be kept in memory once it is committed
        self._read_claims: dict[int, Claim] = {}
        self._read_events: dict[int, Written] = {}
        #: known events as they stand: one comparison asks for its neighbours many times over
        self._held: dict[int, KnownEvent] = {}
        #: claim -> known event it belongs to, as far as this transaction has seen it
        self._homes: dict[int, int] = {}

    def remember(self) -> None:
        """Keeps what was read for later transactions; to be called when this one is committed."""
        self._memory.claims.keep(self._read_claims)
        self._memory.events.keep(self._read_events)

    def candidates(self, kind: str, keys: Collection[str]) -> list[KnownEvent]:
        """Known events of a kind that share a blocking key with a claim, those that share most first.

        At most ``PER_KEY`` for a key and ``MOST_CANDIDATES`` in all, newest first: a key that very many events share
        says nothing, and must not cost much.
        """
        wanted = stored_keys(kind, keys)
        if not wanted:
            return []
        found = self.connection.execute(_sharing(len(wanted)), {f"key{i}": key for i, key in enumerate(wanted)})
        ids = [row.known_id for row in found]
        held = {known.id: known for known in self.known_events(ids)}
        return [held[known_id] for known_id in ids if known_id in held]

    def known_events(self, ids: Collection[int]) -> list[KnownEvent]:
        """Known events with the claims that stand, in the order of their numbers; numbers without one are left out."""
        if missing := [known_id for known_id in ids if known_id not in self._held]:
            self._hold(missing)
        return [self._held[known_id] for known_id in sorted(set(ids)) if known_id in self._held]

    def _hold(self, ids: Sequence[int]) -> None:
        """Reads known events, or takes them from memory where they are as they were."""
        revisions: dict[int, int] = {}
        standing: dict[int, list[int]] = defaultdict(list)
        for claim_id, known_id, revision in self.connection.execute(_STANDING_IN, {"ids": ids}):
            self._homes[claim_id] = known_id
            revisions[known_id] = revision
            standing[known_id].append(claim_id)
        unread = []
        for known_id in ids:
            kept = self._memory.events.get(known_id)
            if kept and kept.revision == revisions.get(known_id) and kept.claim_ids == tuple(standing[known_id]):
                self._held[known_id] = kept.known
            else:
                unread.append(known_id)
        if unread:
            self._read(unread, standing)

    def _read(self, ids: Sequence[int], standing: dict[int, list[int]]) -> None:
        voices = self._claims([claim_id for known_id in ids for claim_id in standing[known_id]])
        for row in self.connection.execute(_EVENTS, {"ids": ids}):
            claim_ids = tuple(standing[row.id])
            known = known_from_row(row, [voices[claim_id] for claim_id in claim_ids])
            self._held[row.id] = known
            self._read_events[row.id] = Written(known=known, revision=row.revision, claim_ids=claim_ids)

    def _claims(self, numbers: Iterable[int]) -> dict[int, Claim]:
        found: dict[int, Claim] = {}
        unread = []
        for number in numbers:
            claim = self._read_claims.get(number) or self._memory.claims.get(number)
            if claim is None:
                unread.append(number)
            else:
                found[number] = claim
        if unread:
            new = {row.id: claim_from_row(row) for row in self.connection.execute(_BY_NUMBER, {"ids": unread})}
            self._read_claims.update(new)
            found.update(new)
        return found

    def standing(self, claim_ids: Collection[int]) -> list[Claim]:
        """Those of the claims that stand, in order of arrival."""
        rows = self.connection.execute(_STANDING_BY_NUMBER, {"ids": sorted(claim_ids)}).all()
        self._homes.update((row.id, row.known_id) for row in rows)
        return [claim_from_row(row) for row in rows]

    def homes(self, claim_ids: Collection[int]) -> tuple[int, ...]:
        """Numbers of the known events that the claims that stand belong to, in ascending order."""
        rows = self.connection.execute(_STANDING_BY_NUMBER, {"ids": sorted(claim_ids)})
        return tuple(sorted({row.known_id for row in rows}))

    def claims_of(self, item_id: int) -> list[tuple[Claim, int]]:
        """The claims of an item that stand, each with the number of its known event, in order of arrival."""
        found = []
        for row in self.connection.execute(_OF_ITEM, {"of_item": item_id}):
            self._homes[row.id] = row.known_id
            found.append((claim_from_row(row), row.known_id))
        return found


def stored_keys(kind: str, keys: Iterable[str]) -> list[int]:
    """Blocking keys of a kind as they are stored, in ascending order."""
    return sorted({key_number(f"{kind}:{key}") for key in keys})


@functools.lru_cache(maxsize=64)
def _sharing(count: int) -> AnySelect:
    """Known events under ``count`` keys, with how many of the keys each has."""
    parts = [
        select(
            select(claim_keys.c.known_id)
            .where(claim_keys.c.key == bindparam(f"key{i}"))
            .distinct()
            .order_by(claim_keys.c.known_id.desc())
            .limit(PER_KEY)
            .subquery()
            .c.known_id
        )
        for i in range(count)
    ]
    under = union_all(*parts).subquery()
    shared = func.count().label("shared")
    return (
        select(under.c.known_id, shared)
        .group_by(under.c.known_id)
        .order_by(shared.desc(), under.c.known_id.desc())
        .limit(MOST_CANDIDATES)
    )
