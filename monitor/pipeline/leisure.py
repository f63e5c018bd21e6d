"""Gives back the room of what is only kept to be quicker, once nothing has been taken in for a while.

A first poll of a thousand feeds fills what is remembered of claims, texts and names, and the pages of the database that
are held: a hundred megabytes, of which a quiet hour needs nothing. The item after it is a few milliseconds late.
"""

from __future__ import annotations

import asyncio
import ctypes
import functools
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from monitor import compare
from monitor.errors import StoreError

if TYPE_CHECKING:
    from monitor.pipeline.thread import StoreThread
    from monitor.store import Store

#: seconds in which nothing was taken in
AFTER = 60.0
#: caches of so many entries are worth emptying
LARGE = 256


class Leisure:
    """Looks after a store's thread; ``put_off`` is told whenever something is taken in."""

    def __init__(self, thread: StoreThread, after: float = AFTER) -> None:
        self._thread, self._after = thread, after
        self._timer: asyncio.TimerHandle | None = None
        self._work: asyncio.Task[None] | None = None

    def put_off(self) -> None:
        """Something is taken in: what is kept is needed."""
        self.close()
        self._timer = asyncio.get_running_loop().call_later(self._after, self._begin)

    def _begin(self) -> None:
        self._work = asyncio.get_running_loop().create_task(self._give_back(), name="leisure")

    async def _give_back(self) -> None:
        with suppress(StoreError):  # whoever needs the database next says what is wrong with it
            await self._thread.run(give_back, self._thread.store)

    def close(self) -> None:
        """Gives nothing back any more."""
        if self._timer is not None:
            self._timer.cancel()


def give_back(store: Store) -> None:
    """Forgets all that can be read or worked out again; to be called in the store's thread."""
    store.forget()
    compare.forget()
    for clear in _caches():
        clear()
    with suppress(OSError, AttributeError):  # other C libraries give room back by themselves, or never
        ctypes.CDLL(None).malloc_trim(0)


def _caches() -> list[Callable[[], None]]:
    """What empties the caches of our modules; those that hold all of something, such as a lexicon, are left."""
    found = {
        id(value): value
        for name, module in list(sys.modules.items())
        if name.startswith("monitor.")
        for value in list(vars(module).values())
        if isinstance(value, functools._lru_cache_wrapper) and (value.cache_parameters()["maxsize"] or 0) >= LARGE
    }
    return [value.cache_clear for value in found.values()]
