"""Connections on asyncio's own sockets, to addresses that were judged before: one request or conversation each.

The general-purpose backends of httpcore guard against what cannot happen here (several tasks on one connection, names
to look up, several event loops) and take longer for it than a whole poll that finds nothing new.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import httpcore

T = TypeVar("T")

#: bytes that are read at once
_PIECE = 65_536


class Dialler(httpcore.AsyncNetworkBackend):
    """Connects to addresses, not to names."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the name is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        line = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        try:
            line.setblocking(False)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            dialling = asyncio.get_running_loop().sock_connect(line, (host, port))
            await _within(timeout, dialling, httpcore.ConnectTimeout, httpcore.ConnectError)
        except BaseException:
            line.close()
            raise
        return _Plain(line)


async def _within(
    seconds: float | None,
    doing: Awaitable[T],
    late: type[httpcore.TimeoutException],
    broken: type[httpcore.NetworkError],
) -> T:
    """What comes of it, in time; with httpcore's exceptions in the place of the system's."""
    try:
        if seconds is None:  # the caller has a deadline for the whole
            return await doing
        async with asyncio.timeout(seconds):
            return await doing
    except TimeoutError as fault:
        raise late(str(fault)) from fault
    except OSError as fault:
        raise broken(str(fault)) from fault


async def _received(line: socket.socket, most: int) -> bytes:
    """What comes next; who sends without a pause does not keep others from their turn."""
    try:
        piece = line.recv(most)
    except (BlockingIOError, InterruptedError):
        return await asyncio.get_running_loop().sock_recv(line, most)
    await asyncio.sleep(0)
    return piece


def _told(line: socket.socket, info: str) -> Any:
    """What is known of a connection, under httpcore's names."""
    if info == "socket":
        return line
    with suppress(OSError):  # the other side is gone
        return line.getpeername() if info == "server_addr" else None
    return None


class _Plain(httpcore.AsyncNetworkStream):
    """A connection as it is."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        reading = _received(self._line, max_bytes)
        return await _within(timeout, reading, httpcore.ReadTimeout, httpcore.ReadError)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        writing = self._loop.sock_sendall(self._line, buffer)
        await _within(timeout, writing, httpcore.WriteTimeout, httpcore.WriteError)

    async def aclose(self) -> None:
        self._line.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the name is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        line = _Tls(self._line, ssl_context, server_hostname)
        try:
            await _within(timeout, line.shake_hands(), httpcore.ConnectTimeout, httpcore.ConnectError)
        except BaseException:
            await self.aclose()
            raise
        return line

    def get_extra_info(self, info: str) -> Any:
        return _told(self._line, info)


class _Tls(httpcore.AsyncNetworkStream):
    """The same, encrypted: what goes over the line is between two buffers and the socket."""

    def __init__(self, line: socket.socket, trust: ssl.SSLContext, host: str | None) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._come, self._go = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trust.wrap_bio(self._come, self._go, server_hostname=host)
        self._sending = asyncio.Lock()  # one task may read while another one writes; both have something to send

    async def shake_hands(self) -> None:
        await self._done(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await _within(timeout, self._read(max_bytes), httpcore.ReadTimeout, httpcore.ReadError)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await _within(timeout, self._write(buffer), httpcore.WriteTimeout, httpcore.WriteError)

    async def aclose(self) -> None:
        self._line.close()

    def get_extra_info(self, info: str) -> Any:
        return self._tls if info == "ssl_object" else _told(self._line, info)

    async def _read(self, most: int) -> bytes:
        try:
            return await self._done(lambda: self._tls.read(most))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):  # many servers end without a word
            return b""

    async def _write(self, buffer: bytes) -> None:
        left = memoryview(buffer)
        while left:
            left = left[await self._done(partial(self._tls.write, left)) :]

    async def _done(self, step: Callable[[], T]) -> T:
        """What the step gives, once all that it needs from the other side has come."""
        while True:
            try:
                value = step()
            except ssl.SSLWantReadError:
                await self._send()
                if piece := await _received(self._line, _PIECE):
                    self._come.write(piece)
                else:
                    self._come.write_eof()
            except ssl.SSLError:
                await self._send()  # the alert that tells the other side why
                raise
            else:
                await self._send()
                return value

    async def _send(self) -> None:
        if self._go.pending:
            async with self._sending:
                await self._loop.sock_sendall(self._line, self._go.read())
