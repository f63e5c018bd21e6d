"""Rows to records, and the small values that both need."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from sqlalchemy import Connection, CursorResult, Row, Select

from monitor.codec import event_from_json, facts_from_json
from monitor.model import Claim, Item, KnownEvent
from monitor.store.memory import Memory
from monitor.store.texts import Texts
from monitor.store.waiting import Waiting

#: a row, a query, of any columns
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

#: longest text that goes into an index as it is, in characters (PostgreSQL holds 2,704 bytes)
LONGEST_KEY = 200


class Rows:
    """What each group of statements works on: one open transaction, and the rows that it has yet to write."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        self._plain = connection
        self._memory = memory or Memory()
        self._waiting = Waiting(connection)
        self._texts = Texts(self._memory.texts)

    @property
    def connection(self) -> Connection:
        """The connection, once every row that waits is written: what is asked of it sees all of this transaction.

        ``_plain`` is the same one, for statements about which rows that wait have no say.
        """
        self._waiting.write()
        return self._plain

    def remember(self) -> None:
        """Keeps what was read and written for later transactions; to be called when this one is committed."""
        self._texts.remember()

    def write_waiting(self) -> None:
        """Writes the rows that wait; the store does so before it commits."""
        self._waiting.write()


def short(text: str) -> str:
    """The text, or what stands for it in an index if it is long: its beginning and its hash."""
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[:100]}#{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def key_number(text: str) -> int:
    """What stands for a text where rows are looked up by it: a signed number of 64 bits."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def new_number(result: CursorResult[*tuple[Any, ...]]) -> int:
    """The number of the row that was added."""
    key = result.inserted_primary_key
    assert key is not None
    number: int = key[0]
    return number


def day_of(claim: Claim) -> date:
    """The day of publication, or of being seen where that is not known."""
    return claim.published or claim.seen.date()


def publication_order(claim: Claim) -> tuple[date, datetime, datetime, int]:
    """Sorts claims in order of publication; within a day the dated instant, then the order of arrival."""
    day = day_of(claim)
    return day, claim.published_at or datetime.combine(day, time.max, UTC), claim.seen, claim.id or 0


def item_from_row(row: AnyRow) -> Item:
    """An item from columns of items and item_versions; a text that retention took away is empty."""
    return Item(
        source=row.source,
        id=row.identity,
        title=row.title,
        text=row.text or "",
        url=row.url,
        outlet=row.outlet,
        published=row.published,
        published_at=row.published_at,
        language=row.language,
    )


def claim_from_row(row: AnyRow) -> Claim:
    """A claim from columns of claims, and source, identity, title and url of its item's version."""
    return Claim(
        id=row.id,
        event=event_from_json({**row.event, "confidence": row.confidence}),  # the column is not rounded
        item_id=row.item_id,
        source=row.source,
        item=row.identity,
        title=row.title,
        url=row.url,
        outlet=row.outlet,
        published=row.published,
        published_at=row.published_at,
        seen=row.seen,
        signature=row.signature,
        beside=row.event.get("beside", ""),
    )


def known_from_row(row: AnyRow, claims: Iterable[Claim]) -> KnownEvent:
    """A known event from a row of known_events and its claims."""
    return KnownEvent(
        id=row.id,
        kind=row.kind,
        facts=facts_from_json(row.facts),
        claims=tuple(sorted(claims, key=publication_order)),
        first_seen=row.first_seen,
        changed=row.changed,
    )
