"""httpx over httpcore with our own dialling, which httpx's own transport does not let one choose."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpcore
import httpx


@cache
def trusted(ca_file: str | None) -> ssl.SSLContext:
    """The usual certificates and those of a file; made once: to load them takes as long as to fetch some feeds."""
    trust = httpx.create_ssl_context()
    if ca_file:
        trust.load_verify_locations(ca_file)
    return trust


class Transport(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, which a network backend dials.

    Connections are not kept: feeds live on many hosts, and httpcore's pool walks all its connections at each request
    (encode/httpcore #1035: 1000 answers of 304 took 3.5 s with one).
    """

    def __init__(self, network: httpcore.AsyncNetworkBackend, ca_file: str | None = None) -> None:
        """``ca_file``: certificates to trust beside the usual ones; raises OSError if it cannot be read."""
        self._network = network
        self._trust = trusted(ca_file)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        connection = httpcore.AsyncHTTPConnection(
            origin=url.origin, ssl_context=self._trust, network_backend=self._network
        )
        try:
            answer = await connection.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer.stream, connection),
            extensions=answer.extensions,
        )


class _Stream(httpx.AsyncByteStream):
    """A body, with the connection that ends with it."""

    def __init__(self, stream: Any, connection: httpcore.AsyncHTTPConnection) -> None:
        self._stream, self._connection = stream, connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._connection.aclose()
