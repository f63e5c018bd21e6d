"""Claims, known events, and the changes that led from one to the other.

A new claim finds what it may belong to by its blocking keys alone: a few index look-ups, each with an upper bound, so
that it costs the same among a million known events as among a thousand.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, union_all, update

from monitor.codec import event_to_json, facts_to_json, fields_to_json
from monitor.model import Change, Claim, KnownEvent
from monitor.store.memory import ClaimMemory
from monitor.store.records import DecisionLike, JudgementLike, StoredBond
from monitor.store.rows import (
    AnyRow,
    AnySelect,
    Rows,
    claim_from_row,
    comparison_to_json,
    day_of,
    key_number,
    known_from_row,
    new_number,
)
from monitor.store.tables import bonds, changes, claim_keys, claims, item_versions, items, known_events

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
_HOMES = (
    select(claims.c.id, claims.c.known_id)
    .where(claims.c.known_id.in_(bindparam("ids", expanding=True)), claims.c.withdrawn.is_(None))
    .order_by(claims.c.id)
)
_BY_NUMBER = CLAIMS.where(claims.c.id.in_(bindparam("ids", expanding=True)))
_OF_ITEM = _STANDING.where(claims.c.item_id == bindparam("of_item"))
_EVENTS = select(known_events).where(known_events.c.id.in_(bindparam("ids", expanding=True)))
_VERSION = select(items.c.version).where(items.c.id == bindparam("of_item"))

_ADD_CLAIM = insert(claims)
_ADD_KEYS = insert(claim_keys)
_ADD_EVENT = insert(known_events)
_ADD_CHANGE = insert(changes)
_CHANGE_EVENT = update(known_events).where(known_events.c.id == bindparam("of_event"))
_MERGE = update(known_events).where(known_events.c.id == bindparam("of_event"))
_MOVE_CLAIMS = update(claims).where(claims.c.id.in_(bindparam("ids", expanding=True)))
_MOVE_KEYS = update(claim_keys).where(claim_keys.c.claim_id.in_(bindparam("ids", expanding=True)))
_WITHDRAW = update(claims).where(claims.c.id.in_(bindparam("ids", expanding=True)), claims.c.withdrawn.is_(None))
_DROP_KEYS = delete(claim_keys).where(claim_keys.c.claim_id.in_(bindparam("ids", expanding=True)))
_HOME = select(claims.c.known_id).where(claims.c.id == bindparam("of_claim"))

_BONDS = select(bonds).where(bonds.c.ended.is_(None)).order_by(bonds.c.id)
_ADD_BOND = insert(bonds)
_CHANGE_BOND = update(bonds).where(bonds.c.id == bindparam("of_bond"))
_END_BOND = _CHANGE_BOND.where(bonds.c.ended.is_(None))


class EventRows(Rows):
    """Statements about claims, known events and changes."""

    def __init__(self, connection: Connection, memory: ClaimMemory | None = None) -> None:
        super().__init__(connection)
        self._memory = memory or ClaimMemory()
        #: claims that this transaction has read: to be kept in memory once it is committed
        self.read_claims: dict[int, Claim] = {}
        #: claim -> known event it belongs to, as far as this transaction has seen it
        self._homes: dict[int, int] = {}
        #: known events as they stand: one comparison asks for its neighbours many times over
        self._held: dict[int, KnownEvent] = {}

    # --- reading ---

    def candidates(self, kind: str, keys: Collection[str]) -> list[KnownEvent]:
        """Known events of a kind that share a blocking key with a claim, those that share most first.

        At most ``PER_KEY`` for a key and ``MOST_CANDIDATES`` in all, newest first: a key that very many events share
        says nothing, and must not cost much.
        """
        wanted = sorted({_stored_key(kind, key) for key in keys})
        if not wanted:
            return []
        found = self.connection.execute(_sharing(len(wanted)), {f"key{i}": key for i, key in enumerate(wanted)})
        ids = [row.known_id for row in found]
        held = {known.id: known for known in self.known_events(ids)}
        return [held[known_id] for known_id in ids if known_id in held]

    def known_events(self, ids: Collection[int]) -> list[KnownEvent]:
        """Known events with the claims that stand, in the order of their numbers; numbers without one are left out."""
        if missing := [known_id for known_id in ids if known_id not in self._held]:
            voices = self._standing(missing)
            for row in self.connection.execute(_EVENTS, {"ids": missing}):
                self._held[row.id] = known_from_row(row, voices[row.id])
        return [self._held[known_id] for known_id in sorted(set(ids)) if known_id in self._held]

    def _standing(self, known_ids: Sequence[int]) -> dict[int, list[Claim]]:
        """The claims that stand, by their known events."""
        homes = {row.id: row.known_id for row in self.connection.execute(_HOMES, {"ids": known_ids})}
        self._homes.update(homes)
        kept = {number: self.read_claims.get(number) or self._memory.get(number) for number in homes}
        if unread := [number for number, claim in kept.items() if claim is None]:
            found = {row.id: claim_from_row(row) for row in self.connection.execute(_BY_NUMBER, {"ids": unread})}
            self.read_claims.update(found)
            kept.update(found)
        voices: dict[int, list[Claim]] = defaultdict(list)
        for number, claim in kept.items():
            if claim is not None:
                voices[homes[number]].append(claim)
        return voices

    def claims_of(self, item_id: int) -> list[tuple[Claim, int]]:
        """The claims of an item that stand, each with the number of its known event, in order of arrival."""
        found = []
        for row in self.connection.execute(_OF_ITEM, {"of_item": item_id}):
            self._homes[row.id] = row.known_id
            found.append((claim_from_row(row), row.known_id))
        return found

    # --- writing ---

    def apply(self, judgement: JudgementLike, now: datetime, *, keys: Iterable[str] = ()) -> Change | None:
        """Stores what a judgement decided, and gives back its change, if there is one, with the numbers of the rows.

        The claims of ``change.known`` and of each of ``others`` belong to that event from now on. A claim or a known
        event without a number is new, and gets one; a new claim is found by ``keys`` from now on. Claims that were
        ``dropped`` are withdrawn; an event that was ``absorbed`` points to the one that took its claims over.
        """
        self._held.clear()
        self.withdraw_claims([claim.id for claim in judgement.dropped if claim.id is not None], now)
        moved: dict[int, int] = {}
        change = judgement.change
        if change is not None:
            change = self._settle_change(change, keys, moved)
            self._inherit_bonds(judgement.dropped, change.claim)
        for other in judgement.others:
            self._settle(other, (), moved)
        for absorbed in judgement.absorbed:
            into = moved.get(absorbed, change.known.id if change is not None else None)
            self.connection.execute(_MERGE, {"of_event": absorbed, "merged_into": into, "changed": now})
        return change

    def _settle_change(self, change: Change, keys: Iterable[str], moved: dict[int, int]) -> Change:
        known = self._settle(change.known, keys, moved)
        if change.claim.id is not None:
            return dataclasses.replace(change, known=known)
        place = next(i for i, said in enumerate(change.known.claims) if said is change.claim)
        return dataclasses.replace(change, claim=known.claims[place], known=known)

    def _settle(self, known: KnownEvent, keys: Iterable[str], moved: dict[int, int]) -> KnownEvent:
        """Writes a known event, its new claims, and where its claims belong; notes which events lost claims to it."""
        known_id = self._write_event(known)
        settled = tuple(self._add_claim(claim, known_id, keys) if claim.id is None else claim for claim in known.claims)
        self._move([claim.id for claim in settled if claim.id is not None], known_id, moved)
        return dataclasses.replace(known, id=known_id, claims=settled)

    def _write_event(self, known: KnownEvent) -> int:
        values = {"facts": facts_to_json(known.facts), "changed": known.changed, "first_seen": known.first_seen}
        values["withdrawn"] = None if known.claims else known.changed
        if known.claims:
            days = [day_of(claim) for claim in known.claims]
            values |= {"first_day": min(days), "last_day": max(days)}
        if known.id is None:
            return new_number(self.connection.execute(_ADD_EVENT, {"kind": known.kind, **values}))
        self.connection.execute(_CHANGE_EVENT, {"of_event": known.id, **values})
        return known.id

    def _add_claim(self, claim: Claim, known_id: int, keys: Iterable[str]) -> Claim:
        version = self.connection.execute(_VERSION, {"of_item": claim.item_id}).scalar_one()
        values = _claim_values(claim, known_id, version)
        claim_id = new_number(self.connection.execute(_ADD_CLAIM, values))
        self._homes[claim_id] = known_id
        self._add_keys(claim_id, known_id, claim.event.kind, keys)
        return dataclasses.replace(claim, id=claim_id)

    def _add_keys(self, claim_id: int, known_id: int, kind: str, keys: Iterable[str]) -> None:
        numbers = sorted({_stored_key(kind, key) for key in keys})
        if numbers:
            rows = [{"key": number, "known_id": known_id, "claim_id": claim_id} for number in numbers]
            self.connection.execute(_ADD_KEYS, rows)

    def _move(self, claim_ids: Sequence[int], known_id: int, moved: dict[int, int]) -> None:
        strangers = [claim_id for claim_id in claim_ids if self._homes.get(claim_id) != known_id]
        if not strangers:
            return
        moved.update({self._homes[claim_id]: known_id for claim_id in strangers if claim_id in self._homes})
        self.connection.execute(_MOVE_CLAIMS, {"ids": strangers, "known_id": known_id})
        self.connection.execute(_MOVE_KEYS, {"ids": strangers, "known_id": known_id})
        self._homes.update(dict.fromkeys(strangers, known_id))

    def withdraw_claims(self, claim_ids: Collection[int], now: datetime) -> None:
        """An edited item no longer says these: they stay as history, and nothing is compared with them any more."""
        self._held.clear()
        if claim_ids:
            self.connection.execute(_WITHDRAW, {"ids": list(claim_ids), "withdrawn": now})
            self.connection.execute(_DROP_KEYS, {"ids": list(claim_ids)})

    def set_keys(self, claim: Claim, keys: Iterable[str]) -> None:
        """Lets a stored claim be found by these keys from now on, and by no others."""
        assert claim.id is not None
        known_id = self.connection.execute(_HOME, {"of_claim": claim.id}).scalar_one()
        self.connection.execute(_DROP_KEYS, {"ids": [claim.id]})
        self._add_keys(claim.id, known_id, claim.event.kind, keys)

    # --- what people decided ---

    def add_bond(
        self, type: str, left: Collection[int], right: Collection[int], now: datetime, *, why: str = ""
    ) -> int:
        """Remembers that claims belong "together" (``left``) or "apart" (``left`` from ``right``); gives its number."""
        values = {"type": type, "left_claims": sorted(left), "right_claims": sorted(right), "at": now, "why": why}
        return new_number(self.connection.execute(_ADD_BOND, values))

    def bonds(self) -> list[StoredBond]:
        """What people decided and did not undo, oldest first."""
        return [_bond(row) for row in self.connection.execute(_BONDS)]

    def end_bond(self, number: int, now: datetime) -> bool:
        """Undoes a decision; False if it is not in force."""
        return bool(self.connection.execute(_END_BOND, {"of_bond": number, "ended": now}).rowcount)

    def _inherit_bonds(self, dropped: Iterable[Claim], heir: Claim) -> None:
        """The claim of an edited item takes the place of the one that it corrects in what people decided."""
        gone = {claim.id for claim in dropped}
        if not gone or heir.id is None:
            return
        for bond in self.bonds():
            left, right = ({*side, heir.id} if gone & side else side for side in (bond.left, bond.right))
            if (left, right) != (bond.left, bond.right):
                sides = {"left_claims": sorted(left), "right_claims": sorted(right)}
                self.connection.execute(_CHANGE_BOND, {"of_bond": bond.id, **sides})

    def record(self, change: Change, decisions: Iterable[DecisionLike], now: datetime, *, quiet: bool = False) -> int:
        """Keeps a change with all that led to it and what each rule said; gives back its number."""
        values = {
            "type": change.type.value,
            "reason": change.reason,
            "claim_id": change.claim.id,
            "known_id": change.known.id,
            "at": now,
            "quiet": quiet,
            "fields": fields_to_json(change.fields),
            "compared": [comparison_to_json(comparison) for comparison in change.compared],
            "decisions": [decision_to_json(decision) for decision in decisions],
        }
        return new_number(self.connection.execute(_ADD_CHANGE, values))


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


def decision_to_json(decision: DecisionLike) -> Mapping[str, Any]:
    """What one rule said."""
    return {"rule": decision.rule.stem, "fires": decision.fires, "reason": decision.reason}


def _stored_key(kind: str, key: str) -> int:
    return key_number(f"{kind}:{key}")


def _bond(row: AnyRow) -> StoredBond:
    return StoredBond(
        id=row.id,
        type=row.type,
        left=frozenset(row.left_claims),
        right=frozenset(row.right_claims),
        at=row.at,
        why=row.why,
    )


def _claim_values(claim: Claim, known_id: int, version: int) -> dict[str, Any]:
    return {
        "item_id": claim.item_id,
        "version": version,
        "known_id": known_id,
        "kind": claim.event.kind,
        "outlet": claim.outlet,
        "published": claim.published,
        "published_at": claim.published_at,
        "seen": claim.seen,
        "signature": claim.signature,
        "confidence": claim.event.confidence,
        "withdrawn": None,
        "event": event_to_json(claim.event),
    }
