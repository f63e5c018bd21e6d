"""One try, in a process of its own: reads what to send, sends it, writes what was heard, ends.

    in:  one line of JSON   {"url": ..., "message": {...}, "seconds": 20}
    out: lines of JSON  {"heard": {...}, "done": false}; the one with "done": true is the result

Bounds: the kernel ends the process at its deadline (SIGALRM with its default action cannot be caught up in a call of
C), and refuses it more memory than a try can need; it leaves no core, which would hold the channel's secrets.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import socket

from monitor.delivery import courier, wire
from monitor.delivery.redaction import redact
from monitor.delivery.verdict import Heard, Trouble
from monitor.model import Message

#: bytes of address space; the nursery itself takes about 60 MB
MEMORY_LIMIT = 1 << 30


def run(line: socket.socket) -> None:
    """Does the try that the other end of ``line`` asks for."""
    _bound()
    with line, line.makefile("rb") as asked:
        task = json.loads(asked.readline())
        signal.setitimer(signal.ITIMER_REAL, task["seconds"])
        _try(line, task["url"], Message(**task["message"]))


def _bound() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123  # a device, not a path of ours
        for stream in (0, 1, 2):
            os.dup2(nothing.fileno(), stream)
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def _try(line: socket.socket, url: str, message: Message) -> None:
    last = Heard()

    def tell(heard: Heard, *, done: bool = False) -> None:
        nonlocal last
        last = dataclasses.replace(heard, words=redact(heard.words, url))
        line.sendall(json.dumps({"heard": dataclasses.asdict(last), "done": done}).encode() + b"\n")

    try:
        service = courier.make(url)
    except ValueError as problem:
        tell(Heard(trouble=Trouble.NO_SERVICE, words=str(problem)), done=True)
        return
    wire.listen(tell)
    if courier.scheme(url) in ("irc", "ircs"):
        from monitor.delivery import irc

        irc.listen(tell)
    try:
        accepted, complaint = courier.deliver(service, message)
    except Exception as error:  # 130 plugins of other people; whatever escapes one is a failed try
        tell(Heard(trouble=Trouble.DIED, words=type(error).__name__), done=True)
        return
    # Services that speak neither HTTP nor SMTP are heard through Apprise's own complaint alone.
    words = last.words or ("" if accepted or last.protocol else complaint)
    tell(dataclasses.replace(last, accepted=accepted, words=words), done=True)
