"""Where CPU-bound work goes, so that the event loop stays free: threads for one pass, processes for the daemon.

A worker process has a deadline for each piece of work and a limit on its memory. One that goes beyond the deadline is
killed and replaced, so that no document, however hostile, stops or starves the service.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import pickle
import queue
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: longest time one piece of work may take; a batch of items takes one or two seconds
DEADLINE = timedelta(seconds=60)
#: memory of its own that a worker may ask for, in bytes; reading news takes a quarter of it
MOST_MEMORY = 768 * 2**20


class WorkFailed(Exception):
    """A piece of work came to no end: its process was killed for the time or the memory it took, or died of it."""


class WorkersClosed(Exception):
    """The service is ending; the work was not at fault."""


class Workers:
    """Runs pure, picklable functions outside the event loop.

    With ``processes=0`` they run in one thread of this process, without deadline: right for a single pass over a few
    sources, where starting a process costs more than it saves. A worker process that dies is replaced, and its work is
    run once more.
    """

    def __init__(self, processes: int = 0, *, deadline: timedelta = DEADLINE, most_memory: int = MOST_MEMORY) -> None:
        self._processes = [_Worker(most_memory) for _ in range(processes)]
        self._deadline = deadline
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()  # the one that is warm is taken first
        for worker in self._processes:
            self._idle.put(worker)
        # a thread for each process waits for it; without processes the one thread does the work
        self._threads = ThreadPoolExecutor(max(1, processes), thread_name_prefix="work")

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's value; what it raises is raised here, and WorkFailed if it came to no end."""
        call = partial(function, *args, **kwargs)
        doing = partial(self._hand_over, call, self._deadline) if self._processes else call
        return await asyncio.get_running_loop().run_in_executor(self._threads, doing)

    async def run_within(
        self, deadline: timedelta, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same with a deadline of its own."""
        call = partial(function, *args, **kwargs)
        doing = partial(self._hand_over, call, deadline) if self._processes else call
        return await asyncio.get_running_loop().run_in_executor(self._threads, doing)

    def _hand_over(self, call: Callable[[], T], deadline: timedelta) -> T:
        work = pickle.dumps(call, pickle.HIGHEST_PROTOCOL)
        worker = self._idle.get()
        try:
            try:
                value: T = worker.do(work, deadline)
            except EOFError:  # killed by hand, or for the memory of something before
                value = worker.do(work, deadline)
            return value
        except EOFError:
            raise WorkFailed("its process died, twice") from None
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """Ends the workers; work not yet begun is dropped, work under way is cut off."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._processes:
            worker.close()
        self._threads.shutdown(wait=True)


class _Worker:
    """One process, started when it is first needed, and what it is given and gives back."""

    def __init__(self, most_memory: int) -> None:
        self._most_memory = most_memory
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._closed = False
        self._turn = threading.Lock()

    def do(self, work: bytes, deadline: timedelta) -> Any:
        """What the work gives back, or raises; EOFError if the process dies of it, WorkFailed if it takes too long."""
        line = self._open()
        try:
            line.send_bytes(work)
            if not line.poll(deadline.total_seconds()):
                self._end()
                raise WorkFailed(f"not done after {deadline.total_seconds():g} s")
            well, value = pickle.loads(line.recv_bytes())  # noqa: S301  from a process of ours
        except (EOFError, OSError):
            self._end()
            if self._closed:
                raise WorkersClosed from None
            raise EOFError from None
        if well:
            return value
        if isinstance(value, MemoryError):  # what it holds may be more than the next work leaves room for
            self._end()
            raise WorkFailed(f"needs more than {self._most_memory >> 20} MB")
        raise value

    def _open(self) -> Connection:
        with self._turn:
            if self._closed:
                raise WorkersClosed
            if self._line is None:
                # "spawn" because a fork of a process with threads may copy a held lock
                spawn = multiprocessing.get_context("spawn")
                self._line, theirs = spawn.Pipe()
                self._process = spawn.Process(target=_serve, args=(theirs, self._most_memory), daemon=True, name="work")
                self._process.start()
                theirs.close()
            return self._line

    def _end(self) -> None:
        with self._turn:
            process, line, self._process, self._line = self._process, self._line, None, None
        if process is not None and line is not None:
            process.kill()
            process.join()
            process.close()
            line.close()

    def close(self) -> None:
        """Kills the process; whoever waits for it is told at once."""
        with self._turn:
            self._closed = True
            if self._process is not None:
                self._process.kill()


# --- in the process --------------------------------------------------------------------------------------------------


def _serve(line: Connection, most_memory: int) -> None:
    """Does one piece of work after the other, until nobody is there to give it."""
    _calm()
    # of the memory that is written to: libraries reserve far more addresses than they use
    resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))
    with contextlib.suppress(EOFError, OSError):
        while True:
            line.send_bytes(_answer(line.recv_bytes()))


def _answer(work: bytes) -> bytes:
    try:
        return pickle.dumps((True, pickle.loads(work)()), pickle.HIGHEST_PROTOCOL)  # noqa: S301  from our own parent
    except Exception as fault:  # the asker's to handle
        return _told(fault)


def _told(fault: Exception) -> bytes:
    """An exception as it can be sent; of one that cannot be, its name and words."""
    with contextlib.suppress(Exception):
        told = pickle.dumps((False, fault), pickle.HIGHEST_PROTOCOL)
        pickle.loads(told)  # noqa: S301  our own; some exceptions are pickled, and cannot be made again
        return told
    return pickle.dumps((False, WorkFailed(f"{type(fault).__name__}: {str(fault)[:200]}")))


def _calm() -> None:
    """In a worker: leave SIGINT to the parent, which ends its workers itself; end with a parent that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, name="parent", daemon=True).start()


def _outlive_nobody() -> None:
    """A killed parent cannot end its workers, and they would wait for work for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
