"""httpx over httpcore with our own dialling, which httpx's own transport does not let one choose."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpcore
import httpx

from monitor.fetch.guard import GuardedNetwork


@cache
def trusted(ca_file: str | None) -> ssl.SSLContext:
    """The usual certificates and those of a file; made once: to load them takes as long as to fetch some feeds."""
    trust = httpx.create_ssl_context()
    if ca_file:
        trust.load_verify_locations(ca_file)
    return trust


#: what sends one request, and is closed with its answer
_Way = httpcore.AsyncHTTPConnection | httpcore.AsyncHTTPProxy


class Transport(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, which a network backend dials.

    Connections are not kept: feeds live on many hosts, and httpcore's pool walks all its connections at each request
    (encode/httpcore #1035: 1000 answers of 304 took 3.5 s with one). A request whose extensions name a ``proxy`` goes
    through that; its host is judged before.
    """

    def __init__(self, network: GuardedNetwork, ca_file: str | None = None) -> None:
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
        way = await self._way(url, request.url, request.extensions.get("proxy"))
        try:
            answer = await way.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=url,
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            await way.aclose()
            raise
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer.stream, way),
            extensions=answer.extensions,
        )

    async def _way(self, url: httpcore.URL, target: httpx.URL, proxy: str | None) -> _Way:
        if proxy is None:
            return httpcore.AsyncHTTPConnection(
                origin=url.origin, ssl_context=self._trust, network_backend=self._network
            )
        await self._network.admit(target.host, target.port or 0)
        named = httpx.URL(proxy)
        return httpcore.AsyncHTTPProxy(
            proxy_url=httpcore.URL(scheme=named.raw_scheme, host=named.raw_host, port=named.port, target=b"/"),
            proxy_auth=(named.username, named.password) if named.username else None,
            ssl_context=self._trust,
            proxy_ssl_context=self._trust if named.scheme == "https" else None,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=self._network.unguarded,
        )


class _Stream(httpx.AsyncByteStream):
    """A body, with the connection that ends with it."""

    def __init__(self, stream: Any, way: _Way) -> None:
        self._stream, self._way = stream, way

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._way.aclose()
