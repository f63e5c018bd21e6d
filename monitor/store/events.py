"""Claims and known events, written, and the changes that led from one to the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from monitor.codec import facts_to_json, fields_to_json
from monitor.model import Change, Claim, KnownEvent
from monitor.store.columns import MENDED, WrittenJson, fit
from monitor.store.known import KnownRows, stored_keys
from monitor.store.records import DecisionLike, JudgementLike, StoredBond
from monitor.store.rows import AnyRow, day_of, new_number, publication_order
from monitor.store.tables import bonds, changes, claim_keys, claims, known_events
from monitor.store.texts import compared_text

_CHANGE_EVENT = (
    update(known_events).where(known_events.c.id == bindparam("of_event")).values(revision=known_events.c.revision + 1)
)
_MOVE_CLAIM = update(claims).where(claims.c.id == bindparam("of_claim"))
_MOVE_KEYS = update(claim_keys).where(claim_keys.c.claim_id == bindparam("of_claim"))
_WITHDRAW = update(claims).where(claims.c.id.in_(bindparam("ids", expanding=True)), claims.c.withdrawn.is_(None))
_DROP_KEYS = delete(claim_keys).where(claim_keys.c.claim_id.in_(bindparam("ids", expanding=True)))
_HOME = select(claims.c.known_id).where(claims.c.id == bindparam("of_claim"))

_BONDS = select(bonds).where(bonds.c.ended.is_(None)).order_by(bonds.c.id)
_ADD_BOND = insert(bonds)
_CHANGE_BOND = update(bonds).where(bonds.c.id == bindparam("of_bond"))
_END_BOND = _CHANGE_BOND.where(bonds.c.ended.is_(None))


#: events that a claim was compared with, kept with its change: the best ones, and what ``explain`` can show of
MOST_COMPARED = 12


class EventRows(KnownRows):
    """Statements about claims, known events and changes."""

    #: what people decided, once it was asked for
    _bonds: list[StoredBond] | None = None

    # --- writing ---

    def apply(self, judgement: JudgementLike, now: datetime, *, keys: Iterable[str] = ()) -> Change | None:
        """Stores what a judgement decided, and gives back its change, if there is one, with the numbers of the rows.

        The claims of ``change.known`` and of each of ``others`` belong to that event from now on. A claim or a known
        event without a number is new, and gets one; a new claim is found by ``keys`` from now on. Claims that were
        ``dropped`` are withdrawn; an event that was ``absorbed`` points to the one that took its claims over.
        """
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
            self._waiting.change(_CHANGE_EVENT, {"of_event": absorbed, "merged_into": into, "changed": now})
            self._let_go(absorbed)
            self._gone.add(absorbed)
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
        settled_event = dataclasses.replace(known, id=known_id, claims=settled)
        self._hold_settled(settled_event, is_new=known.id is None)
        return settled_event

    def _hold_settled(self, known: KnownEvent, *, is_new: bool) -> None:
        """Holds a known event as it would now be read."""
        assert known.id is not None
        before = self._revisions.get(known.id)
        if not known.claims or not all(map(self._is_as_written, known.claims)):
            self._waiting.write()
            self._let_go(known.id)
        else:
            revision = 1 if is_new else None if before is None else before + 1
            in_order = tuple(sorted(known.claims, key=publication_order))
            as_read = known if in_order == known.claims else dataclasses.replace(known, claims=in_order)
            self._keep(as_read, revision)

    def _is_as_written(self, claim: Claim) -> bool:
        """Whether a stored claim is such as it would be read; those that were read, or written so, are."""
        assert claim.id is not None
        return (self._read_claims.get(claim.id) or self._memory.claims.get(claim.id)) is not None

    def _let_go(self, known_id: int) -> None:
        """Lets a known event be read anew when it is next asked for."""
        for held in (self._held, self._revisions, self._read_events):
            held.pop(known_id, None)

    def _write_event(self, known: KnownEvent) -> int:
        values = {"facts": facts_to_json(known.facts), "changed": known.changed, "first_seen": known.first_seen}
        values["withdrawn"] = None if known.claims else known.changed
        if known.claims:
            days = [day_of(claim) for claim in known.claims]
            values |= {"first_day": min(days), "last_day": max(days)}
        if known.id is None:
            known_id = self._waiting.number(known_events)
            self._waiting.add(known_events, {"id": known_id, "kind": known.kind, "revision": 1, **values})
            return known_id
        if known.claims:
            self._waiting.change(_CHANGE_EVENT, {"of_event": known.id, **values})
        else:
            self.connection.execute(_CHANGE_EVENT, {"of_event": known.id, **values})
        return known.id

    def _add_claim(self, claim: Claim, known_id: int, keys: Iterable[str]) -> Claim:
        claim_id = self._waiting.number(claims)
        stored = dataclasses.replace(claim, id=claim_id)
        event = self._texts.of_event(stored)
        self._waiting.add(claims, claim_values(stored, known_id, event))
        self._homes[claim_id] = known_id
        self._add_keys(claim_id, known_id, claim.event.kind, keys)
        if _is_read_as_written(stored, event):
            self._read_claims[claim_id] = stored
        return stored

    def _add_keys(self, claim_id: int, known_id: int, kind: str, keys: Iterable[str]) -> None:
        self._new_keys[claim_id] = numbers = stored_keys(kind, keys)
        self._waiting.add_keys(numbers, known_id, claim_id)
        self._put(known_id, numbers)

    def _move(self, claim_ids: Sequence[int], known_id: int, moved: dict[int, int]) -> None:
        strangers = [claim_id for claim_id in claim_ids if self._homes.get(claim_id) != known_id]
        if not strangers:
            return
        moved.update({self._homes[claim_id]: known_id for claim_id in strangers if claim_id in self._homes})
        self._put(known_id, self._keys_of(strangers))  # under them the old event is found as well, and says nothing
        for statement in (_MOVE_CLAIM, _MOVE_KEYS):
            for claim_id in strangers:
                self._waiting.change(statement, {"of_claim": claim_id, "known_id": known_id})
        self._homes.update(dict.fromkeys(strangers, known_id))

    def withdraw_claims(self, claim_ids: Collection[int], now: datetime) -> None:
        """An edited item no longer says these: they stay as history, and nothing is compared with them any more."""
        if claim_ids:
            self._forget_keys(claim_ids)
            self._held.clear()
            self.connection.execute(_WITHDRAW, {"ids": list(claim_ids), "withdrawn": now})
            self.connection.execute(_DROP_KEYS, {"ids": list(claim_ids)})
            self._new_keys.update(dict.fromkeys(claim_ids, ()))

    def set_keys(self, claim: Claim, keys: Iterable[str]) -> None:
        """Lets a stored claim be found by these keys from now on, and by no others."""
        assert claim.id is not None
        known_id = self.connection.execute(_HOME, {"of_claim": claim.id}).scalar_one()
        self._forget_keys([claim.id])
        self.connection.execute(_DROP_KEYS, {"ids": [claim.id]})
        self._add_keys(claim.id, known_id, claim.event.kind, keys)

    # --- what people decided ---

    def add_bond(
        self, type: str, left: Collection[int], right: Collection[int], now: datetime, *, why: str = ""
    ) -> int:
        """Remembers that claims belong "together" (``left``) or "apart" (``left`` from ``right``); gives its number."""
        values = {"type": type, "left_claims": sorted(left), "right_claims": sorted(right), "at": now, "why": why}
        self._bonds = None
        return new_number(self.connection.execute(_ADD_BOND, values))

    def bonds(self) -> list[StoredBond]:
        """What people decided and did not undo, oldest first."""
        if self._bonds is None:
            self._bonds = [_bond(row) for row in self._plain.execute(_BONDS)]
        return self._bonds

    def end_bond(self, number: int, now: datetime) -> bool:
        """Undoes a decision; False if it is not in force."""
        self._bonds = None
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
                self._bonds = None

    def record(self, change: Change, decisions: Iterable[DecisionLike], now: datetime, *, quiet: bool = False) -> int:
        """Keeps a change with all that led to it and what each rule said; gives back its number."""
        number = self._waiting.number(changes)
        values = {
            "id": number,
            "type": change.type.value,
            "reason": change.reason,
            "claim_id": change.claim.id,
            "known_id": change.known.id,
            "at": now,
            "quiet": quiet,
            "fields": fields_to_json(change.fields),
            "compared": compared_text(change.compared[:MOST_COMPARED]),
            "decisions": [decision_to_json(decision) for decision in decisions],
        }
        self._waiting.add(changes, values)
        return number


def decision_to_json(decision: DecisionLike) -> Mapping[str, Any]:
    """What one rule said."""
    return {"rule": decision.rule.stem, "fires": decision.fires, "reason": decision.reason}


def _bond(row: AnyRow) -> StoredBond:
    return StoredBond(
        id=row.id,
        type=row.type,
        left=frozenset(row.left_claims),
        right=frozenset(row.right_claims),
        at=row.at,
        why=row.why,
    )


def _is_read_as_written(claim: Claim, event: str) -> bool:
    """Whether a claim's texts, and its event's, are such as both databases hold; others are mended on their way."""
    said = "\n".join((claim.title, claim.url or "", claim.outlet or "", claim.source, claim.item))
    return fit(said) == said and MENDED not in event


def claim_values(claim: Claim, known_id: int, event: WrittenJson) -> dict[str, Any]:
    """A row of claims."""
    return {
        "id": claim.id,
        "of_item": claim.item_id,
        "item_id": claim.item_id,
        "known_id": known_id,
        "kind": claim.event.kind,
        "outlet": claim.outlet,
        "published": claim.published,
        "published_at": claim.published_at,
        "seen": claim.seen,
        "signature": claim.signature,
        "confidence": claim.event.confidence,
        "withdrawn": None,
        "event": event,
    }
