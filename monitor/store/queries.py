"""What the command line and the metrics ask."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import Text, cast, func, select

from monitor.codec import fields_from_json
from monitor.model import ChangeType, Facts, KnownEvent
from monitor.store.columns import fit
from monitor.store.events import EventRows
from monitor.store.items import ItemRows
from monitor.store.known import CLAIMS
from monitor.store.outbox import OutboxRows
from monitor.store.records import Counts, Explanation, StoredChange, StoredClaim, StoredEvent
from monitor.store.rows import AnyRow, AnySelect, claim_from_row
from monitor.store.tables import alerts, changes, claims, item_versions, items, known_events, sources

#: known events read at once when they are filtered
_PAGE = 200

#: types of slots (kinds.kind.SlotType) that name actors, and places
_ACTORS = ("actor", "actors")
_PLACES = ("place",)

_STANDS = known_events.c.merged_into.is_(None) & known_events.c.withdrawn.is_(None)


class Queries(ItemRows, EventRows, OutboxRows):
    """Questions across the tables."""

    def events(
        self,
        *,
        kind: str | None = None,
        since: date | None = None,
        until: date | None = None,
        actor: str | None = None,
        place: str | None = None,
        keep: Callable[[KnownEvent], bool] | None = None,
        limit: int | None = 50,
    ) -> list[StoredEvent]:
        """Known events, the one with the newest report first; merged and withdrawn ones are left out.

        ``since`` and ``until``: with a report on or after, on or before that day. ``actor``: in one of its actor slots,
        as the facts have it ("UKR"). ``place``: its place, in any case of letters. ``keep``: whatever else it must be.
        """
        query = _newest_first(kind, since, until, [text for text in (actor,) if text])
        found: list[StoredEvent] = []
        for event in self._paged(query):
            if _names(event.known.facts, actor, place) and (keep is None or keep(event.known)):
                found.append(event)
            if limit is not None and len(found) == limit:
                break
        return found

    def _paged(self, query: AnySelect) -> Iterator[StoredEvent]:
        offset = 0
        while rows := self.connection.execute(query.limit(_PAGE).offset(offset)).all():
            yield from self._stored_events(rows)
            offset += _PAGE

    def _stored_events(self, rows: Iterable[AnyRow]) -> list[StoredEvent]:
        rows = list(rows)
        known = {event.id: event for event in self.known_events([row.id for row in rows])}
        return [
            StoredEvent(
                known=known[row.id],
                first_day=row.first_day,
                last_day=row.last_day,
                withdrawn=row.withdrawn,
                merged_into=row.merged_into,
            )
            for row in rows
        ]

    def explain_item(self, item_id: int) -> Explanation | None:
        """All that is stored about an item and the known events it speaks of; None if there is no such item."""
        if not self.versions([item_id]):
            return None
        own = self._stored_claims(CLAIMS.where(claims.c.item_id == item_id))
        return self._explanation([item_id], own, {claim.known_id for claim in own})

    def explain_event(self, known_id: int) -> Explanation | None:
        """All that is stored about a known event, the withdrawn claims too; None if there is no such event."""
        own = self._stored_claims(CLAIMS.where(claims.c.known_id == known_id))
        item_ids = {claim.claim.item_id for claim in own if claim.claim.item_id is not None}
        found = self._explanation(item_ids, own, {known_id})
        return found if found.events else None

    def _explanation(
        self, item_ids: Collection[int], own: list[StoredClaim], known_ids: Collection[int]
    ) -> Explanation:
        claim_ids = [claim.claim.id for claim in own]
        of_claims = select(alerts).where(alerts.c.claim_id.in_(claim_ids)).order_by(alerts.c.id)
        rows = self.connection.execute(select(known_events).where(known_events.c.id.in_(list(known_ids))))
        return Explanation(
            items=tuple(self.versions(item_ids)),
            claims=tuple(own),
            events=tuple(self._stored_events(rows)),
            changes=tuple(self._changes(select(changes).where(changes.c.claim_id.in_(claim_ids)))),
            alerts=tuple(self.with_tries(self.connection.execute(of_claims))),
            bonds=tuple(bond for bond in self.bonds() if not (bond.left | bond.right).isdisjoint(claim_ids)),
        )

    def _stored_claims(self, query: AnySelect) -> list[StoredClaim]:
        return [
            StoredClaim(claim=claim_from_row(row), version=row.version, known_id=row.known_id, withdrawn=row.withdrawn)
            for row in self.connection.execute(query)
        ]

    def _changes(self, query: AnySelect) -> Iterator[StoredChange]:
        kinds = query.join(known_events, known_events.c.id == changes.c.known_id).add_columns(known_events.c.kind)
        for row in self.connection.execute(kinds.order_by(changes.c.id)):
            yield _stored_change(row)

    def counts(self, now: datetime) -> Counts:
        """How much is stored, and how long the oldest alert has been waiting."""
        skipped = item_versions.c.skipped
        waiting = select(func.min(alerts.c.created)).where(alerts.c.due.is_not(None))
        oldest: datetime | None = self.connection.execute(waiting).scalar()
        return Counts(
            items=self._count(select(func.count()).select_from(items)),
            versions=self._count(select(func.count()).select_from(item_versions)),
            skipped=self._tally(select(skipped, func.count()).where(skipped.is_not(None)).group_by(skipped)),
            events=self._count(select(func.count()).select_from(known_events).where(_STANDS)),
            claims=self._count(select(func.count()).select_from(claims).where(claims.c.withdrawn.is_(None))),
            changes=self._tally(select(changes.c.type, func.count()).group_by(changes.c.type)),
            alerts=self._tally(select(alerts.c.state, func.count()).group_by(alerts.c.state)),
            oldest_waiting=oldest,
            oldest_seconds=0.0 if oldest is None else (now - oldest).total_seconds(),
            overdue=self._overdue(now),
            failing_sources=self._count(select(func.count()).select_from(sources).where(sources.c.failures > 0)),
        )

    def _overdue(self, now: datetime) -> datetime | None:
        waits = alerts.c.state.in_(("queued", "held", "retry"))  # one that is being sent is due when its lease ends
        since: datetime | None = self.connection.execute(
            select(func.min(alerts.c.due)).where(waits, alerts.c.due <= now)
        ).scalar()
        return since

    def _count(self, query: AnySelect) -> int:
        count: int = self.connection.execute(query).scalar_one()
        return count

    def _tally(self, query: AnySelect) -> dict[str, int]:
        return {row[0]: row[1] for row in self.connection.execute(query)}


def _newest_first(kind: str | None, since: date | None, until: date | None, words: list[str]) -> AnySelect:
    query = select(known_events).where(_STANDS)
    if kind is not None:
        query = query.where(known_events.c.kind == kind)
    if since is not None:
        query = query.where(known_events.c.last_day >= since)
    if until is not None:
        query = query.where(known_events.c.first_day <= until)
    for word in words:  # leaves most rows in the database; what passes is looked at properly
        query = query.where(cast(known_events.c.facts, Text).contains(fit(word), autoescape=True))
    return query.order_by(known_events.c.last_day.desc(), known_events.c.id.desc())


def _names(facts: Facts, actor: str | None, place: str | None) -> bool:
    return (actor is None or actor in _values(facts, _ACTORS)) and (
        place is None or place.casefold() in {text.casefold() for text in _values(facts, _PLACES)}
    )


def _values(facts: Facts, types: Collection[str]) -> set[str]:
    found: set[str] = set()
    for slot in dataclasses.fields(facts):
        value = getattr(facts, slot.name) if slot.metadata["type"] in types else None
        found.update((value,) if isinstance(value, str) else value or ())
    return found


def _stored_change(row: AnyRow) -> StoredChange:
    return StoredChange(
        id=row.id,
        at=row.at,
        type=ChangeType(row.type),
        reason=row.reason,
        claim_id=row.claim_id,
        known_id=row.known_id,
        fields=fields_from_json(row.fields, row.kind),
        compared=tuple(row.compared or ()),
        decisions=tuple(row.decisions or ()),
        quiet=row.quiet,
    )
