"""Items and their versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from monitor.model import Item
from monitor.store.columns import fit
from monitor.store.memory import Memory
from monitor.store.records import Marks, Stored, StoredItem
from monitor.store.rows import AnyRow, Rows, item_from_row, short
from monitor.store.tables import item_versions, items

#: identities asked for at once
_BATCH = 500

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

_PRESENT = (items.c.id == item_versions.c.item_id) & (items.c.version == item_versions.c.version)
_FIND = select(items.c.id, items.c.version, items.c.fingerprint).where(
    items.c.source == bindparam("source"), items.c.identity_key == bindparam("identity_key")
)
_FIND_ALL = select(items.c.identity_key, items.c.id, items.c.version, items.c.fingerprint).where(
    items.c.source == bindparam("source"), items.c.identity_key.in_(bindparam("keys", expanding=True))
)
_FINGERPRINTS = select(items.c.identity_key, items.c.fingerprint).where(
    items.c.source == bindparam("source"), items.c.identity_key.in_(bindparam("keys", expanding=True))
)
_ALIKE = (
    select(items.c.text_mark, items.c.link_mark, items.c.source, items.c.identity, *item_versions.c)
    .join(items, _PRESENT)
    .where(
        items.c.source == bindparam("source"),
        items.c.text_mark.in_(bindparam("texts", expanding=True))
        | items.c.link_mark.in_(bindparam("links", expanding=True)),
    )
    .order_by(items.c.id.desc())
)
_NAMED = (
    select(items.c.source, items.c.identity, *item_versions.c)
    .join(items, _PRESENT)
    .where(items.c.source == bindparam("source"), items.c.identity_key.in_(bindparam("keys", expanding=True)))
)
_NEXT_VERSION = update(items).where(items.c.id == bindparam("of_item"))
_COLUMNS = (items.c.source, items.c.identity, *item_versions.c)
_VERSIONS = (
    select(*_COLUMNS)
    .join(items, items.c.id == item_versions.c.item_id)
    .where(item_versions.c.item_id.in_(bindparam("ids", expanding=True)))
    .order_by(item_versions.c.item_id, item_versions.c.version)
)
_ORDER = select(item_versions.c.published, item_versions.c.published_at, items.c.id).join(items, _PRESENT)
_PRESENT_VERSIONS = select(*_COLUMNS).join(items, _PRESENT).where(items.c.id.in_(bindparam("ids", expanding=True)))


class ItemRows(Rows):
    """Statements about items."""

    def __init__(self, connection: Connection, memory: Memory | None = None) -> None:
        super().__init__(connection, memory)
        #: items by source and key that are about to be put, as they are stored; None: they are not
        self._expected: dict[tuple[str, str], AnyRow | None] = {}

    def fresh(self, found: Iterable[Item]) -> list[Item]:
        """Those of a poll's items that are new or edited, in their order; of two with one identity the first."""
        return self.fresh_and_named(found)[0]

    def fresh_and_named(self, found: Iterable[Item]) -> tuple[list[Item], set[str]]:
        """The same, and the identities of those that are stored, if with another text."""
        by_source: dict[str, dict[str, Item]] = defaultdict(dict)
        for item in found:
            by_source[item.source].setdefault(_key(item), item)
        new: list[Item] = []
        named: set[str] = set()
        for source, keyed in by_source.items():
            known = self._fingerprints(source, list(keyed))
            new += [item for key, item in keyed.items() if known.get(key) != item.fingerprint]
            named.update(keyed[key].id for key in known)
        return new, named

    def _fingerprints(self, source: str, keys: list[str]) -> dict[str, str]:
        known: dict[str, str] = {}
        for start in range(0, len(keys), _BATCH):
            batch = {"source": source, "keys": keys[start : start + _BATCH]}
            known.update((row.identity_key, row.fingerprint) for row in self.connection.execute(_FINGERPRINTS, batch))
        return known

    def alike(self, source: str, marks: Iterable[Marks]) -> list[tuple[Marks, StoredItem]]:
        """The source's items that share a mark with one of these, the newest first, as they are now, with theirs."""
        listed = list(marks)
        rows: list[AnyRow] = []
        for start in range(0, len(listed), _BATCH):
            batch = listed[start : start + _BATCH]
            texts = [mark.text for mark in batch]
            links = [mark.link for mark in batch if mark.link is not None]
            rows += self.connection.execute(_ALIKE, {"source": source, "texts": texts, "links": links}).all()
        return [(Marks(text=row.text_mark, link=row.link_mark), _stored_item(row)) for row in rows]

    def items_named(self, source: str, names: Iterable[str]) -> list[Item]:
        """Those of a source's items that are stored, by their identities and in their order, as they are now."""
        keys = {fit(short(name)): number for number, name in enumerate(names)}
        rows = self.connection.execute(_NAMED, {"source": source, "keys": list(keys)}).all()
        return sorted(map(item_from_row, rows), key=lambda item: keys[_key(item)])

    def expect_items(self, read: Iterable[Item]) -> None:
        """Looks up at once what ``put_item`` will soon be asked to store."""
        by_source: dict[str, set[str]] = defaultdict(set)
        for item in read:
            by_source[item.source].add(_key(item))
        for source, keys in by_source.items():
            self._expected.update(((source, key), None) for key in keys)
            found = self.connection.execute(_FIND_ALL, {"source": source, "keys": sorted(keys)})
            self._expected.update(((source, row.identity_key), row) for row in found)

    def _find(self, source: str, key: str) -> AnyRow | None:
        """The row of an item; one that was expected, and is asked for first now, is at hand."""
        if (source, key) in self._expected:
            return self._expected.pop((source, key))
        # An item that waits to be written is seen only where all that waits is written first.
        connection = self.connection if (source, key) in self._waiting.names else self._plain
        return connection.execute(_FIND, {"source": source, "identity_key": key}).first()

    def put_item(
        self,
        item: Item,
        now: datetime,
        marks: Marks | None = None,
        *,
        skipped: str | None = None,
        anew: bool = False,
    ) -> Stored | None:
        """Stores an item, or a new version of it; None if its present version is the same (by fingerprint).

        ``anew``: a new version all the same, for the text of its own page came late. ``skipped`` says why nothing was
        read from it: "language: uk".
        """
        key, fingerprint = _key(item), item.fingerprint
        row = self._find(item.source, key)
        if row is not None and row.fingerprint == fingerprint and not anew:
            return None
        if row is None:
            stored = self._add(item, key, fingerprint, now, marks)
        else:
            stored = self._next_version(row, fingerprint, marks)
        values = _version_values(item, stored, now)
        self._waiting.add(item_versions, values | {"fingerprint": fingerprint, "skipped": skipped})
        return stored

    def _add(self, item: Item, key: str, fingerprint: str, now: datetime, marks: Marks | None) -> Stored:
        number = self._waiting.number(items)
        values = {
            "id": number,
            "source": item.source,
            "identity": item.id,
            "identity_key": key,
            "version": 1,
            "fingerprint": fingerprint,
            "first_seen": now,
            "text_mark": marks.text if marks else None,
            "link_mark": marks.link if marks else None,
        }
        self._waiting.add(items, values)
        self._waiting.names.add((item.source, key))
        return Stored(item_id=number, version=1)

    def _next_version(self, row: AnyRow, fingerprint: str, marks: Marks | None) -> Stored:
        stored = Stored(item_id=row.id, version=row.version + 1)
        change = {"of_item": row.id, "version": stored.version, "fingerprint": fingerprint}
        change |= {"text_mark": marks.text, "link_mark": marks.link} if marks else {}
        self.connection.execute(_NEXT_VERSION, change)
        return stored

    def versions(self, item_ids: Iterable[int]) -> list[StoredItem]:
        """All versions of the items, by item, oldest first."""
        rows = self.connection.execute(_VERSIONS, {"ids": sorted(set(item_ids))})
        return [_stored_item(row) for row in rows]

    def stored_items(self) -> Iterator[Item]:
        """The present version of every item in order of publication, the undated first, otherwise as they arrived."""
        rows = self.connection.execute(_ORDER).all()
        when = sorted((row.published or date.min, row.published_at or _BEFORE_ALL, row.id) for row in rows)
        order = [item_id for _, _, item_id in when]
        for start in range(0, len(order), _BATCH):
            ids = order[start : start + _BATCH]
            found = {
                row.item_id: item_from_row(row) for row in self.connection.execute(_PRESENT_VERSIONS, {"ids": ids})
            }
            yield from (found[item_id] for item_id in ids)


def _key(item: Item) -> str:
    return fit(short(item.id))


def _version_values(item: Item, stored: Stored, now: datetime) -> dict[str, Any]:
    return {
        "item_id": stored.item_id,
        "version": stored.version,
        "title": item.title,
        "url": item.url,
        "outlet": item.outlet,
        "published": item.published,
        "published_at": item.published_at,
        "language": item.language,
        "seen": now,
        "text": item.text,
    }


def _stored_item(row: AnyRow) -> StoredItem:
    return StoredItem(
        item_id=row.item_id, version=row.version, item=item_from_row(row), skipped=row.skipped, seen=row.seen
    )
