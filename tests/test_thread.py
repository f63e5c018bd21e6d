"""The store's thread: writes that wait share a transaction, and each is done whole or not at all."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading

import pytest

from monitor.model import Item
from monitor.pipeline.thread import StoreThread
from monitor.store import Store, Transaction

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


class Desk:
    """A store whose thread is busy until it is let go, so that what comes meanwhile waits for it together."""

    def __init__(self, store: Store) -> None:
        self.thread = StoreThread(store)
        self.go = threading.Event()
        #: for each call of ``put``: the item's name, and the transaction that it was in
        self.calls: list[tuple[str, int]] = []
        self._kept: list[Transaction] = []  # or another may get its identity

    def put(self, tx: Transaction, name: str, *, fails: bool = False) -> str:
        self._kept.append(tx)
        self.calls.append((name, id(tx)))
        tx.put_item(Item(source="wire", id=name, text=name), NOW)
        if fails:
            raise ValueError(name)
        return name

    async def together(self, *writes: tuple[str, bool]) -> list[str | BaseException]:
        busy = asyncio.create_task(self.thread.run(self.go.wait))
        await asyncio.sleep(0)
        tasks = [asyncio.create_task(self.thread.write(self.put, name, fails=fails)) for name, fails in writes]
        await asyncio.sleep(0)
        self.go.set()
        await busy
        return await asyncio.gather(*tasks, return_exceptions=True)


def stored(store: Store) -> set[str]:
    with store.read() as tx:
        return {item.id for item in tx.stored_items()}


def test_writes_that_wait_share_a_transaction(store: Store) -> None:
    desk = Desk(store)
    assert asyncio.run(desk.together(("a", False), ("b", False), ("c", False))) == ["a", "b", "c"]
    assert stored(store) == {"a", "b", "c"}
    assert len({transaction for _, transaction in desk.calls}) == 1


def test_a_write_that_fails_takes_back_nothing_but_itself(store: Store) -> None:
    desk = Desk(store)
    first, failed, last = asyncio.run(desk.together(("a", False), ("b", True), ("c", False)))
    assert (first, last) == ("a", "c")
    assert isinstance(failed, ValueError)
    assert stored(store) == {"a", "c"}


def test_a_write_that_nobody_waits_for_any_more_is_not_begun(store: Store) -> None:
    async def cancel() -> None:
        desk = Desk(store)
        busy = asyncio.create_task(desk.thread.run(desk.go.wait))
        await asyncio.sleep(0)
        task = asyncio.create_task(desk.thread.write(desk.put, "a"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        desk.go.set()
        await busy
        assert await desk.thread.write(desk.put, "b") == "b"

    asyncio.run(cancel())
    assert stored(store) == {"b"}
