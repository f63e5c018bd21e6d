"""Simulated time: an event loop that never waits, and the clocks that follow it.

Whenever the loop has nothing to do but wait, its time jumps to the next instant for which something is planned. What
would be done in a thread (the store's work, a worker's) is done at once, and takes no time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar, TypeVarTuple
from unittest.mock import patch

#: where APScheduler reads the clock
_SCHEDULERS = ("apscheduler.schedulers.base", "apscheduler.triggers.interval", "apscheduler.executors.base")

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is its own; ``begin`` is the instant at which it starts."""

    def __init__(self, begin: datetime) -> None:
        self.begin = begin
        self._elapsed = 0.0
        super().__init__(_NoWaiting(self._pass))

    def time(self) -> float:
        """Seconds since it began."""
        return self._elapsed

    def now(self) -> datetime:
        """The simulated instant."""
        return self.begin + timedelta(seconds=self._elapsed)

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as fault:
            future.set_exception(fault)
        return future

    def add_signal_handler(self, sig: int, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        """The program that simulates keeps its signals."""

    def _pass(self, seconds: float | None) -> None:
        if seconds is None:
            raise RuntimeError("nothing is planned, and nothing will ever happen again")
        self._elapsed += seconds


class _NoWaiting(selectors.DefaultSelector):
    """Lets time pass instead of waiting for it."""

    def __init__(self, let_pass: Callable[[float | None], None]) -> None:
        super().__init__()
        self._let_pass = let_pass

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events and timeout != 0:
            self._let_pass(timeout)
        return events


@contextmanager
def simulated(begin: datetime) -> Iterator[SimulatedLoop]:
    """A loop with simulated time, which APScheduler's clocks follow too."""
    loop = SimulatedLoop(begin)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain datetime, as all others
            return loop.now().astimezone(tz or UTC)

    patches = [patch(f"{module}.datetime", Clock) for module in _SCHEDULERS]
    for each in patches:
        each.start()
    try:
        yield loop
    finally:
        for each in patches:
            each.stop()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
