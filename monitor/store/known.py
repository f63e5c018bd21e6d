"""Known events, read: those that a new claim may belong to, found by blocking keys alone.

A few index look-ups, each with an upper bound, so that it costs the same among a million known events as among a
thousand; and what was read before, and is unchanged, is not read again (memory.py).
"""

from __future__ import annotations

import functools
import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, select, union_all

from monitor.model import Claim, KnownEvent
from monitor.store.memory import Memory, Written
from monitor.store.prepared import execute
from monitor.store.rows import Rows, claim_from_row, known_from_row
from monitor.store.tables import claim_keys, claims, item_versions, items, known_events

#: raised whenever a kind gives its claims other blocking keys, or a key another number: claims of before get new ones
KEYS_VERSION = 2

#: known events looked at for one blocking key, the newest first
PER_KEY = 200
#: known events compared with one claim, those that share most keys first
MOST_CANDIDATES = 40

#: blocking keys looked up in one statement: few sizes, so that few statements are made; one key may be there twice
_AT_ONCE = (4, 12, 50)
_KEY_NAMES = tuple(f"key{i}" for i in range(_AT_ONCE[-1]))

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
_KEYS_OF = select(claim_keys.c.key).where(claim_keys.c.claim_id.in_(bindparam("ids", expanding=True))).distinct()
_EVENTS = select(known_events).where(known_events.c.id.in_(bindparam("ids", expanding=True)))


class KnownRows(Rows):
    """Questions about known events and the claims that stand."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        super().__init__(connection, memory)
        #: what this transaction has read or written: to be kept in memory once it is committed
        self._read_claims: dict[int, Claim] = {}
        self._read_events: dict[int, Written] = {}
        #: known events as they stand, with what this transaction has done to them
        self._held: dict[int, KnownEvent] = {}
        #: how often the row of each of them has been written
        self._revisions: dict[int, int] = {}
        #: claim -> known event it belongs to, as far as this transaction has seen it
        self._homes: dict[int, int] = {}
        #: blocking key -> known events under it, for keys that were looked up; and those that this transaction has
        #: put under keys that were not
        self._under: dict[int, set[int]] = {}
        self._put_under: dict[int, set[int]] = defaultdict(set)
        #: the keys of claims to which this transaction has given some
        self._new_keys: dict[int, Sequence[int]] = {}
        #: known events that others have taken over in this transaction
        self._gone: set[int] = set()

    def remember(self) -> None:
        """Keeps what was read and written for later transactions; to be called when this one is committed."""
        super().remember()
        self._memory.claims.keep(self._read_claims)
        self._memory.events.keep(self._read_events)

    def expect(self, wanted: Iterable[tuple[str, Collection[str]]]) -> None:
        """Reads at once what ``candidates`` will soon be asked for, kind by kind and keys by keys."""
        asked = [stored_keys(kind, keys) for kind, keys in wanted]
        self._look_up({key for keys in asked for key in keys})
        self._hold({known_id for keys in asked for known_id in self._sharing_most(keys)})

    def candidates(self, kind: str, keys: Collection[str]) -> list[KnownEvent]:
        """Known events of a kind that share a blocking key with a claim, those that share most first.

        At most ``PER_KEY`` for a key and ``MOST_CANDIDATES`` in all, newest first: a key that very many events share
        says nothing, and must not cost much.
        """
        wanted = stored_keys(kind, keys)
        self._look_up(wanted)
        ids = self._sharing_most(wanted)
        self._hold(ids)
        return [self._held[known_id] for known_id in ids if known_id in self._held]

    def _look_up(self, keys: Iterable[int]) -> None:
        """Finds the known events under keys, once a transaction for each."""
        unknown = [key for key in keys if key not in self._under]
        for start in range(0, len(unknown), _AT_ONCE[-1]):
            part = unknown[start : start + _AT_ONCE[-1]]
            self._under.update((key, self._put_under.pop(key, set())) for key in part)
            size = next(size for size in _AT_ONCE if size >= len(part))
            padded = part + part[:1] * (size - len(part))
            rows = execute(self._plain, _sharing(size), [dict(zip(_KEY_NAMES, padded, strict=False))])
            for key, known_id in rows.all():
                self._under[key].add(known_id)

    def _sharing_most(self, keys: Iterable[int]) -> list[int]:
        counts = Counter(chain.from_iterable(map(self._under.__getitem__, keys)))
        most = heapq.nlargest(MOST_CANDIDATES, ((count, known_id) for known_id, count in counts.items()))
        return [known_id for _, known_id in most]

    def _put(self, known_id: int, keys: Iterable[int]) -> None:
        """Notes that a known event is under some more keys."""
        for key in keys:
            found = self._under.get(key)
            if found is None:
                self._put_under[key].add(known_id)
            else:
                found.add(known_id)
                if len(found) > PER_KEY:
                    found.remove(min(found))

    def _keys_of(self, claim_ids: Collection[int]) -> set[int]:
        found = {key for claim_id in claim_ids for key in self._new_keys.get(claim_id, ())}
        if stored := [claim_id for claim_id in claim_ids if claim_id not in self._new_keys]:
            found.update(self._plain.execute(_KEYS_OF, {"ids": stored}).scalars())
        return found

    def _forget_keys(self, claim_ids: Collection[int]) -> None:
        """Lets the keys of some claims be looked up anew; to be called while they still have them."""
        for key in self._keys_of(claim_ids):
            self._under.pop(key, None)
            self._put_under.pop(key, None)

    def known_events(self, ids: Collection[int]) -> list[KnownEvent]:
        """Known events with the claims that stand, in the order of their numbers; numbers without one are left out."""
        self._hold(ids)
        return [self._held[known_id] for known_id in sorted(set(ids)) if known_id in self._held]

    def _hold(self, ids: Iterable[int]) -> None:
        """Reads known events, or takes them from memory where they are as they were."""
        missing = [known_id for known_id in ids if known_id not in self._held and known_id not in self._gone]
        if not missing:
            return
        standing: dict[int, list[int]] = defaultdict(list)
        for claim_id, known_id, revision in self._plain.execute(_STANDING_IN, {"ids": missing}).all():
            self._homes[claim_id] = known_id
            self._revisions[known_id] = revision
            standing[known_id].append(claim_id)
        unread = []
        for known_id in missing:
            kept = self._memory.events.get(known_id)
            if kept and kept.revision == self._revisions.get(known_id) and kept.claim_ids == tuple(standing[known_id]):
                self._held[known_id] = kept.known
            else:
                unread.append(known_id)
        if unread:
            self._read(unread, standing)

    def _read(self, ids: Sequence[int], standing: dict[int, list[int]]) -> None:
        voices = self._claims([claim_id for known_id in ids for claim_id in standing[known_id]])
        for row in self._plain.execute(_EVENTS, {"ids": ids}):
            claim_ids = tuple(standing[row.id])
            self._keep(known_from_row(row, [voices[claim_id] for claim_id in claim_ids]), row.revision)

    def _keep(self, known: KnownEvent, revision: int | None) -> None:
        """Holds a known event as it stands, and keeps it for later where it is known how often it was written."""
        assert known.id is not None
        self._held[known.id] = known
        self._read_events.pop(known.id, None)
        if revision is not None:
            self._revisions[known.id] = revision
            numbers = tuple(sorted(claim.id for claim in known.claims if claim.id is not None))
            self._read_events[known.id] = Written(known=known, revision=revision, claim_ids=numbers)

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
            new = {row.id: claim_from_row(row) for row in self._plain.execute(_BY_NUMBER, {"ids": unread})}
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


def stored_keys(kind: str, keys: Iterable[str]) -> tuple[int, ...]:
    """Blocking keys of a kind as they are stored, in ascending order."""
    return _stored_keys(kind, frozenset(keys))


@functools.lru_cache(maxsize=256)
def _stored_keys(kind: str, keys: frozenset[str]) -> tuple[int, ...]:
    """The same; a transaction asks for them when it begins, and for each claim again when its turn comes."""
    return tuple(sorted({_stored_key(kind, key) for key in keys}))


@functools.lru_cache(maxsize=8192)
def _stored_key(kind: str, key: str) -> int:
    """A key as a number of 64 bits, a third of its text's room: what its words come to, then its time, then its size.

    Keys with the same words in neighbouring buckets of time and size thus stand beside each other, on one page of the
    index: a claim has some of each, and among a million known events every further page has to be fetched, and written
    to the log, for itself. Two keys that come to one number bring a candidate too many, which is turned down.
    """
    words: list[str] = [kind]
    numbers: list[int] = []
    for word in key.split():
        if word.isdecimal():
            numbers.append(int(word))
        else:
            words.append(word)
    numbers.sort()
    time = numbers.pop() if numbers else 0  # days since the year 1, in steps of days: more than any size
    size = numbers.pop() if numbers else 0
    words += map(str, numbers)
    return (_words_number(" ".join(words)) << _LOW | (time & _TIMES) << _SIZE | size & _SIZES) - _HALF


#: bits of time and size
_LOW, _SIZE = 24, 10
_TIMES, _SIZES = (1 << _LOW - _SIZE) - 1, (1 << _SIZE) - 1
#: the number has a sign
_HALF = 1 << 63


@functools.lru_cache(maxsize=8192)
def _words_number(words: str) -> int:
    """What words come to, in the bits above time and size."""
    digest = hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8 - _LOW // 8).digest()
    return int.from_bytes(digest)


@functools.lru_cache(maxsize=64)
def _sharing(count: int) -> CompoundSelect[*tuple[Any, ...]]:
    """Each of ``count`` keys with the newest known events under it."""
    parts = [
        select(claim_keys.c.key, claim_keys.c.known_id)
        .where(claim_keys.c.key == bindparam(f"key{i}"))
        .distinct()
        .order_by(claim_keys.c.known_id.desc())
        .limit(PER_KEY)
        .subquery()
        for i in range(count)
    ]
    return union_all(*(select(part.c.key, part.c.known_id) for part in parts))
