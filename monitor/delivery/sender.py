"""The service's end of delivery: hands each try to a child process and waits for what it heard."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from monitor.delivery import courier
from monitor.delivery.verdict import Heard, Trouble, outcome
from monitor.model import Channel, Message, Outcome

#: what a child may take beyond its try, to be forked and to say what it heard
GRACE_SECONDS = 3.0
#: tries under way at a time; each is a process of a few MB beside the nursery's shared pages
MOST_CHILDREN = 64


class Sender:
    """Sends messages to channels, each try in a process of its own; safe to call from many threads.

    ``send`` blocks until the try is over, at most the channel's timeout and a few seconds: call it from a thread for
    each channel, and no channel waits for another.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nursery: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._room = threading.BoundedSemaphore(MOST_CHILDREN)
        self._closed = threading.Event()

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 1) -> Outcome:
        """One try: the ``tries``-th for this message. Never raises for what a service does."""
        heard = self._heard(channel, message)
        return outcome(heard, tries=tries, max_tries=channel.max_tries, now=now, roll=random.random())  # noqa: S311  # spreads load, guards nothing

    def warm_up(self) -> None:
        """Starts the nursery, so that the first try does not wait for it."""
        with self._lock:
            self._start()

    def close(self) -> None:
        """Ends the nursery and every child at once; tries under way are told of as stopped. Nothing is sent after."""
        with self._lock:
            self._closed.set()
            self._end()

    def _heard(self, channel: Channel, message: Message) -> Heard:
        if self._closed.is_set():
            return Heard(trouble=Trouble.STOPPED)
        if courier.scheme(channel.url) == "console":
            return _printed(channel, message)
        seconds = channel.timeout.total_seconds()
        task = {"url": channel.url, "message": dataclasses.asdict(message), "seconds": seconds}
        with self._room, contextlib.ExitStack() as held:
            line = self._child(held)
            if line is None:
                return Heard(trouble=Trouble.STOPPED if self._closed.is_set() else Trouble.DIED)
            return self._talk(line, json.dumps(task).encode() + b"\n", seconds)

    def _talk(self, line: socket.socket, task: bytes, seconds: float) -> Heard:
        """Gives a child its task and hears it out; if it ends without a result, why."""
        began = time.monotonic()
        last = Heard()
        try:
            line.settimeout(seconds + GRACE_SECONDS)
            line.sendall(task)
            for said in _lines(line, began + seconds + GRACE_SECONDS):
                last = Heard(**said["heard"] | {"trouble": Trouble(said["heard"]["trouble"])})
                if said["done"]:
                    return last
        except OSError:
            pass  # the child is gone: what it said last stands
        if self._closed.is_set():
            return Heard(trouble=Trouble.STOPPED)
        late = time.monotonic() - began >= seconds
        return dataclasses.replace(last, trouble=Trouble.TIMED_OUT if late else Trouble.DIED)

    def _child(self, held: contextlib.ExitStack) -> socket.socket | None:
        """Our end of the socket of a new child; None if there can be none."""
        ours, theirs = socket.socketpair()
        held.enter_context(ours)
        with theirs, self._lock:
            for _ in range(2):  # a nursery that has died is started anew, once
                if self._closed.is_set():
                    return None
                with contextlib.suppress(OSError):
                    socket.send_fds(self._start(), [b"+"], [theirs.fileno()])
                    return ours
                self._end()
        return None

    def _start(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._nursery = subprocess.Popen(  # our own module, by the interpreter that runs us
                    [sys.executable, "-m", "monitor.delivery.nursery"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    start_new_session=True,  # a group of its own: it is ended with all its children
                    env=_environment(),
                )
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._nursery is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._nursery.pid, signal.SIGKILL)
            self._nursery.wait()
            self._nursery = None


def _printed(channel: Channel, message: Message) -> Heard:
    """What became of a message to the console: our own words, in our own process."""
    try:
        service = courier.make(channel.url)
    except ValueError as problem:
        return Heard(trouble=Trouble.NO_SERVICE, words=str(problem))
    accepted, _ = courier.deliver(service, message)
    return Heard(accepted=accepted, words="printed" if accepted else "standard output is closed")


def _lines(line: socket.socket, deadline: float) -> Iterator[dict[str, Any]]:
    """The child's lines of JSON until it ends or the deadline (on the monotonic clock) has passed."""
    waiting = b""
    while (left := deadline - time.monotonic()) > 0:
        line.settimeout(left)
        got = line.recv(1 << 16)
        if not got:
            return
        *whole, waiting = (waiting + got).split(b"\n")
        for one in whole:
            yield json.loads(one)


def _environment() -> dict[str, str]:
    """Ours, with the package's own folder first on the path: the nursery runs the code that this process runs.

    A child may have little memory: numpy, where it is there, takes none of it for threads that nobody uses.
    """
    home = str(Path(__file__).resolve().parents[2])
    path = os.environ.get("PYTHONPATH")
    found = {"PYTHONPATH": f"{home}{os.pathsep}{path}" if path else home, "OPENBLAS_NUM_THREADS": "1"}
    return os.environ | found
