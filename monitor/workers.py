"""Where CPU-bound work goes, so that the event loop stays free: threads for one pass, processes for the daemon.

A worker process has a deadline for each piece of work and a limit on its memory. One that goes beyond the deadline is
killed and replaced, so that no document, however hostile, stops or starves the service. It is started when it is first
needed, loads nothing but what its work asks for, and ends when it has had none for some minutes: words and rules of a
language take more memory than all the rest of the service.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import queue
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

#: longest time one piece of work may take; a batch of items takes one or two seconds
DEADLINE = timedelta(seconds=60)
#: memory of its own that a worker may ask for, in bytes; reading news takes a quarter of it
MOST_MEMORY = 768 * 2**20
#: a process without work ends after so long; to start another takes a second or two
IDLE = timedelta(minutes=5)

#: not multiprocessing's way to start a process: that runs the program of its parent anew, command line and all
_PROGRAM = "import sys; sys.path[:] = sys.argv[3:]; from monitor.workers import serve; serve(*map(int, sys.argv[1:3]))"


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

    def __init__(
        self,
        processes: int = 0,
        *,
        deadline: timedelta = DEADLINE,
        most_memory: int = MOST_MEMORY,
        idle: timedelta = IDLE,
    ) -> None:
        self._processes = [_Worker(most_memory) for _ in range(processes)]
        self._deadline, self._longest_idle = deadline, idle
        self._resting: asyncio.TimerHandle | None = None
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()  # the one that is warm is taken first
        for worker in self._processes:
            self._idle.put(worker)
        # a thread for each process waits for it; without processes the one thread does the work
        self._threads = ThreadPoolExecutor(max(1, processes), thread_name_prefix="work")

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's value; what it raises is raised here, and WorkFailed if it came to no end."""
        return await self.run_within(self._deadline, function, *args, **kwargs)

    async def run_within(
        self, deadline: timedelta, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same with a deadline of its own."""
        call, loop = partial(function, *args, **kwargs), asyncio.get_running_loop()
        if not self._processes:
            return await loop.run_in_executor(self._threads, call)
        if self._resting is None:
            self._resting = loop.call_later(self._longest_idle.total_seconds(), self._rest, loop)
        return await loop.run_in_executor(self._threads, partial(self._hand_over, call, deadline))

    def _rest(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ends the processes that had nothing to do for long; looks again while there are others."""
        idle = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._idle.get_nowait())
        longest = self._longest_idle.total_seconds()
        for worker in reversed(idle):
            worker.rest(longest)
            self._idle.put(worker)
        awake = any(worker.is_awake for worker in self._processes)
        self._resting = loop.call_later(longest, self._rest, loop) if awake else None

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
        if self._resting is not None:
            self._resting.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._processes:
            worker.close()
        self._threads.shutdown(wait=True)
        for worker in self._processes:
            worker.end()


class _Worker:
    """One process, started when it is first needed, and what it is given and gives back."""

    def __init__(self, most_memory: int) -> None:
        self._most_memory = most_memory
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._closed = False
        self._turn = threading.Lock()
        self._used = time.monotonic()

    @property
    def is_awake(self) -> bool:
        return self._process is not None

    def rest(self, longest: float) -> None:
        """Ends the process if it had no work for so many seconds; not while it is at work."""
        if self.is_awake and time.monotonic() - self._used >= longest:
            self.end()

    def do(self, work: bytes, deadline: timedelta) -> Any:
        """What the work gives back, or raises; EOFError if the process dies of it, WorkFailed if it takes too long."""
        line = self._open()
        try:
            line.send_bytes(work)
            if not line.poll(deadline.total_seconds()):
                self.end()
                raise WorkFailed(f"not done after {deadline.total_seconds():g} s")
            well, value = pickle.loads(line.recv_bytes())  # noqa: S301  from a process of ours
        except (EOFError, OSError):
            self.end()
            if self._closed:
                raise WorkersClosed from None
            raise EOFError from None
        if well:
            return value
        if isinstance(value, MemoryError):  # what it holds may be more than the next work leaves room for
            self.end()
            raise WorkFailed(f"needs more than {self._most_memory >> 20} MB")
        raise value

    def _open(self) -> Connection:
        with self._turn:
            if self._closed:
                raise WorkersClosed
            self._used = time.monotonic()
            if self._line is None:
                ours, theirs = socket.socketpair()
                with theirs:
                    end = theirs.fileno()
                    self._process = subprocess.Popen(  # noqa: S603  our own module, by the interpreter that runs us
                        [sys.executable, "-c", _PROGRAM, str(end), str(self._most_memory), *sys.path],
                        stdin=subprocess.PIPE,  # its end tells of ours
                        pass_fds=[end],
                    )
                self._line = Connection(ours.detach())
            return self._line

    def end(self) -> None:
        """Ends the process, if there is one."""
        with self._turn:
            process, line, self._process, self._line = self._process, self._line, None, None
        if process is not None and line is not None:
            process.kill()
            process.communicate()
            line.close()

    def close(self) -> None:
        """Kills the process; whoever waits for it is told at once."""
        with self._turn:
            self._closed = True
            if self._process is not None:
                self._process.kill()


# --- in the process --------------------------------------------------------------------------------------------------


def serve(end: int, most_memory: int) -> None:
    """Does one piece of work after the other, until nobody is there to give it; ``end`` is the socket it comes by."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    threading.Thread(target=_outlive_nobody, name="parent", daemon=True).start()
    # of the memory that is written to: libraries reserve far more addresses than they use
    resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))
    line = Connection(end)
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


def _outlive_nobody() -> None:
    """A killed parent cannot end its workers, and they would wait for work for ever."""
    sys.stdin.buffer.read()
    os._exit(1)
