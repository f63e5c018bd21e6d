"""What the benchmarks are made with: a store that is filled in bulk is one that was filled by taking in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from monitor.extract import Extraction
from monitor.model import ChangeType
from monitor.pipeline import take_in
from monitor.store import Store
from monitor.store.tables import metadata
from tests.bench._fill import fill, world


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All that is stored, but for what a claim was compared with and turned down."""
    found = {}
    with store.read() as tx:
        for name, table in metadata.tables.items():
            columns = [column for column in table.c if (name, column.name) != ("changes", "compared")]
            read = tx.connection.execute(select(*columns).order_by(*table.primary_key.columns))
            found[name] = [dict(row) for row in read.mappings()]
    return found


def test_a_store_that_is_filled_in_bulk_is_as_one_that_took_the_items_in(store: Store) -> None:
    fill(store, 40)
    with Store.open("sqlite://") as other:
        taken = [
            take_in(other, told.item, Extraction(events=(told.event,)), watch=(), now=now) for told, now in world(40)
        ]
        assert {change.type for one in taken for change in one.changes} == {ChangeType.NEW}, "no two of them are one"
        assert rows(store) == rows(other)


def test_a_store_that_was_filled_in_bulk_takes_items_in(store: Store) -> None:
    fill(store, 40)
    told, now = list(world(41))[-1]
    taken = take_in(store, told.item, Extraction(events=(told.event,)), watch=(), now=now)
    assert taken.state == "new"
    assert [change.claim.id for change in taken.changes] == [41]
