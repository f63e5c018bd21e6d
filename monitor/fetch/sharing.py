"""Which requests share a connection: those to one host that run at the same time, where its server speaks HTTP/2.

It pays where several sources are of one host: hands are shaken once for all of them. Where nobody speaks HTTP/2, or
where it goes wrong before an answer has begun, HTTP/1.1 is spoken, and to that host from then on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    from monitor.fetch.http2 import Line

Origin = tuple[str, int]


class Lines:
    """The connections that are open, by host and port; to be used in one event loop."""

    def __init__(self, dial: Callable[[str, int], Coroutine[Any, Any, httpcore.AsyncNetworkStream]]) -> None:
        """``dial`` opens an encrypted connection, on which the server may have chosen h2."""
        self._dial = dial
        self._lines: dict[Origin, Line] = {}
        self._turns: dict[Origin, asyncio.Lock] = {}
        #: who is known to speak HTTP/1.1 only, or HTTP/2 badly
        self._plain: set[Origin] = set()

    async def ask(
        self, host: str, port: int, request: httpx.Request
    ) -> tuple[httpx.Response | None, httpcore.AsyncNetworkStream | None]:
        """The answer, as far as its headers; or None, with a connection for HTTP/1.1 if one was opened.

        Raises what httpcore raises.
        """
        origin = host, port
        if origin in self._plain:
            return None, None
        # who comes while another one dials waits for what comes of it
        async with self._turns.setdefault(origin, asyncio.Lock()):
            line = self._lines.get(origin)
            if line is None or line.is_leaving:
                wire = await self._dial(host, port)
                if not _speaks_http2(wire):
                    self._plain.add(origin)
                    return None, wire
                line = self._lines[origin] = _line(wire, lambda ended: self._forget(origin, ended))
        return await self._asked(line, request), None

    async def _asked(self, line: Line, request: httpx.Request) -> httpx.Response | None:
        from monitor.fetch.http2 import Unanswered

        with suppress(Unanswered):
            return await line.ask(request) if line.has_room else None
        return None

    def _forget(self, origin: Origin, line: Line) -> None:
        if self._lines.get(origin) is line:
            del self._lines[origin]
        if line.is_broken:
            self._plain.add(origin)

    async def aclose(self) -> None:
        """Ends them all."""
        for line in list(self._lines.values()):
            await line.aclose()


def _speaks_http2(wire: httpcore.AsyncNetworkStream) -> bool:
    tls = wire.get_extra_info("ssl_object")
    return tls is not None and tls.selected_alpn_protocol() == "h2"


def _line(wire: httpcore.AsyncNetworkStream, ended: Callable[[Line], None]) -> Line:
    from monitor.fetch.http2 import Line  # most services never need it

    return Line(wire, ended)
