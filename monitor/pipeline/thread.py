"""The one thread in which the store is used: SQLite has one writer, and the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from monitor.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """A store and the thread that uses it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's value, once the thread comes to it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(function, *args, **kwargs))

    async def close(self) -> None:
        """Closes the store after what is under way."""
        await asyncio.to_thread(self._thread.shutdown)
        self.store.close()
