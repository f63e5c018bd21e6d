"""The process that children are forked from: Apprise is loaded once, a child costs milliseconds.

``python -m monitor.delivery.nursery`` with a socket as standard input. Each message on it carries the file descriptor
of one try's own socket; the nursery forks a child for it and forgets it. When the other end of standard input is
closed, the nursery ends; children under way end at their deadlines.
"""

from __future__ import annotations

import gc
import os
import signal
import socket

from monitor.delivery import attempt, courier


def main() -> None:
    """Forks a child for each descriptor that arrives, until there is nobody left to send one."""
    # The service ends us by closing the socket; a signal to the whole group is not meant for tries under way.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    courier.load()
    gc.freeze()  # children share these pages for as long as no collector writes to them
    with socket.socket(fileno=os.dup(0)) as control:
        while True:
            word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not word:
                return
            for descriptor in descriptors:
                _begin(control, descriptor)


def _begin(control: socket.socket, descriptor: int) -> None:
    try:
        child = os.fork()
    except OSError:  # no room for a process: the closed socket says so
        os.close(descriptor)
        return
    if child:
        os.close(descriptor)
        return
    status = 1
    try:
        control.close()
        for default in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(default, signal.SIG_DFL)
        attempt.run(socket.socket(fileno=descriptor))
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
