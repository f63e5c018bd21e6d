"""Where CPU-bound work goes, so that the event loop stays free: threads for one pass, processes for the daemon."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Runs pure, picklable functions outside the event loop.

    With ``processes=0`` they run in one thread of this process: right for a single pass over a few sources, where
    starting a process costs more than it saves. A worker process that dies is replaced, and its work is run once more.
    """

    def __init__(self, processes: int = 0) -> None:
        self._processes = processes
        self._pool: Executor = self._start()

    def _start(self) -> Executor:
        if not self._processes:
            return ThreadPoolExecutor(1, thread_name_prefix="work")
        # "spawn" because a fork of a process with threads may copy a held lock
        return ProcessPoolExecutor(self._processes, mp_context=multiprocessing.get_context("spawn"), initializer=_calm)

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's value; what it raises is raised here."""
        loop = asyncio.get_running_loop()
        pool = self._pool
        try:
            return await loop.run_in_executor(pool, partial(function, *args, **kwargs))
        except BrokenProcessPool:  # a worker was killed, for its memory or by hand
            self._replace(pool)
        return await loop.run_in_executor(self._pool, partial(function, *args, **kwargs))

    def _replace(self, broken: Executor) -> None:
        if self._pool is broken:
            broken.shutdown(wait=False)
            self._pool = self._start()

    def close(self) -> None:
        """Ends the workers; work not yet begun is dropped."""
        self._pool.shutdown(wait=not self._processes, cancel_futures=True)


def _calm() -> None:
    """In a worker: leave SIGINT to the parent, which ends its workers itself; end with a parent that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, name="parent", daemon=True).start()


def _outlive_nobody() -> None:
    """A killed parent cannot end its workers, and they would wait for work for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
