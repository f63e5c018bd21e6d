"""Who may go now: at most so many at once in all, and of one registered domain."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from monitor.model import NOTHING

#: second levels under a country that are open to everybody: example.co.uk is registered, co.uk is not
_OPEN = frozenset(
    re.findall(r"\w+", "ac co com edu gen go gob gouv gov gv info ltd mil ne net nic nom or org plc sch web")
)


@lru_cache(10_000)
def registered_domain(host: str) -> str:
    """What somebody has registered: ``example.co.uk`` of ``feeds.example.co.uk``; addresses and single words stay.

    A rule of thumb instead of the list of public suffixes: where it errs, two owners share a limit, which is polite.
    """
    bare = host.rstrip(".").lower().strip("[]")
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(bare))
    labels = bare.split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _OPEN else 2
    return ".".join(labels[-keep:])


@lru_cache(10_000)
def host_of(url: str) -> str:
    """The host that an address leads to; "" where it leads to none, or cannot be read."""
    try:
        return urlsplit(url).hostname or "" if "://" in url else ""
    except ValueError:
        return ""


class Turns:
    """Places for ``at_once`` in all and ``per_domain`` of one domain; a slow domain uses up its own places only.

    ``exceptions`` gives a host or a registered domain another number.
    """

    def __init__(self, at_once: int, per_domain: int, exceptions: Mapping[str, int] = NOTHING) -> None:
        self._all = asyncio.Semaphore(at_once)
        self._per_domain, self._exceptions = per_domain, exceptions
        self._gates: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @contextlib.asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """Wait for a place at this host's domain, then for one in all; "" is no domain's."""
        if not host:
            async with self._all:
                yield
            return
        key = host.lower() if host.lower() in self._exceptions else registered_domain(host)
        gate, users = self._gates.get(key) or (asyncio.Semaphore(self._exceptions.get(key, self._per_domain)), 0)
        self._gates[key] = (gate, users + 1)
        try:
            async with gate, self._all:
                yield
        finally:
            gate, users = self._gates.pop(key)
            if users > 1:
                self._gates[key] = (gate, users - 1)
