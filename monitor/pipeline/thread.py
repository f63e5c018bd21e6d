"""The one thread in which the store is used: SQLite has one writer, and the event loop never waits for a disk.

A commit waits for the disk, whatever it holds. Writes that wait for the thread therefore share a transaction: each is
still done whole or not at all, for one that fails takes the transaction back, and then each has its own.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from monitor.store import Store, Transaction

P = ParamSpec("P")
T = TypeVar("T")

#: no write joins a transaction that has been open for so long, in seconds: others wait for the lock it holds
LONGEST = 0.1


@dataclass(frozen=True, slots=True)
class _Write:
    """What is to be done in a transaction, and where its value goes."""

    do: Callable[[Transaction], Any]
    done: Future[Any] = field(default_factory=Future)


class StoreThread:
    """A store and the thread that uses it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._writes: deque[_Write] = deque()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's value, once the thread comes to it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(function, *args, **kwargs))

    async def write(self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The value of a function of a transaction, once that is committed. It may be called twice; the second counts.

        What it raises is raised here, and nothing of it is stored.
        """
        write = _Write(lambda tx: function(tx, *args, **kwargs))
        self._writes.append(write)
        try:
            value: T = await self.run(self._value_of, write)
        except asyncio.CancelledError:
            write.done.cancel()
            raise
        return value

    def _value_of(self, write: _Write) -> Any:
        while not write.done.done():
            self._write_waiting(write)
        return write.done.result()

    def _write_waiting(self, asked: _Write) -> None:
        """Does the writes that wait, ``asked`` among them if there is time."""
        taken: list[_Write] = []
        values: list[Any] = []
        try:
            with self.store.write() as tx:
                self._do_together(tx, taken, values)
        except BaseException as fault:
            if not taken:  # there can be no transaction
                self._writes.remove(asked)
                _fail(asked, fault)
            for write in taken:
                self._write_alone(write)
        else:
            for write, value in zip(taken, values, strict=True):
                write.done.set_result(value)

    def _do_together(self, tx: Transaction, taken: list[_Write], values: list[Any]) -> None:
        until = time.monotonic() + LONGEST
        while self._writes and (not taken or time.monotonic() < until):
            write = self._writes.popleft()
            if write.done.set_running_or_notify_cancel():  # nobody waits for one that was cancelled
                taken.append(write)
                values.append(write.do(tx))

    def _write_alone(self, write: _Write) -> None:
        try:
            with self.store.write() as tx:
                value = write.do(tx)
        except BaseException as fault:
            _fail(write, fault)
        else:
            write.done.set_result(value)

    async def close(self) -> None:
        """Closes the store after what is under way."""
        await asyncio.to_thread(self._thread.shutdown)
        self.store.close()


def _fail(write: _Write, fault: BaseException) -> None:
    with suppress(InvalidStateError):  # cancelled meanwhile
        write.done.set_exception(fault)
