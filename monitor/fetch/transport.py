"""How a request of httpx goes out: over a connection of its own, which our own network dials, and which ends with it.

Connections are not kept, but where requests share one (sharing.py): feeds live on many hosts, and httpcore's pool walks
all its connections at each request (encode/httpcore #1035: 1000 answers of 304 took 3.5 s with one). So HTTP/1.1 is
spoken here, by h11: what httpcore's own connections do beside that, for connections that are kept and shared, takes
longer than the rest of a poll.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import cache
from typing import Any

import h11
import httpcore
import httpx

from monitor.fetch.guard import GuardedNetwork
from monitor.fetch.sharing import Lines

#: bytes that are read at once, and bytes of headers that are borne with
_PIECE, _MOST_HEADERS = 65_536, 102_400


@cache
def trusted(ca_file: str | None, *protocols: str) -> ssl.SSLContext:
    """The usual certificates and those of a file; made once: to load them takes as long as to fetch some feeds.

    ``protocols`` are what is going to be spoken, for servers that want to know at once. Raises OSError.
    """
    trust = httpx.create_ssl_context()
    if ca_file:
        trust.load_verify_locations(ca_file)
    if protocols:
        trust.set_alpn_protocols(protocols)
    trust.options |= ssl.OP_NO_RENEGOTIATION  # HTTP/2 forbids it, and nobody needs it
    return trust


class Client(httpx.AsyncClient):
    """httpx's client without its cookies: what a server wants remembered is not, nor is time spent on it."""

    @property  # type: ignore[misc]  # nobody sets them
    def cookies(self) -> httpx.Cookies:
        """None, ever."""
        return _Forgetful()


class _Forgetful(httpx.Cookies):
    def extract_cookies(self, response: httpx.Response) -> None:
        """Takes none of them."""


class Transport(httpx.AsyncBaseTransport):
    """Sends requests; one whose extensions name a ``proxy`` goes through that, and its host is judged before."""

    def __init__(
        self,
        network: GuardedNetwork,
        ca_file: str | None = None,
        *,
        patience: float | None = None,
        shared: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """``ca_file``: certificates to trust beside the usual ones; raises OSError if it cannot be read.

        ``patience``: seconds that one address has to answer at all. ``shared``: whether several sources are of a host,
        so that HTTP/2 pays.
        """
        self._network = network
        self._trust = trusted(ca_file, "http/1.1")
        self._patience = patience
        self._shared = shared
        self._lines = Lines(lambda host, port: self._dial(host, port, trusted(ca_file, "h2", "http/1.1")))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if proxy := request.extensions.get("proxy"):
            return await self._through(proxy, request)
        url, line = request.url, None
        secure, host = url.scheme == "https", url.raw_host.decode("ascii")
        port = url.port or (443 if secure else 80)
        if secure and self._shared(host):
            answer, line = await self._lines.ask(host, port, request)
            if answer is not None:
                return answer
        if line is None:
            line = await self._dial(host, port, self._trust if secure else None)
        try:
            return await _Talk(line).ask(request)
        except BaseException:
            await line.aclose()
            raise

    async def _dial(self, host: str, port: int, trust: ssl.SSLContext | None) -> httpcore.AsyncNetworkStream:
        line = await self._network.connect_tcp(host, port, self._patience)
        try:
            return await line.start_tls(trust, host, self._patience) if trust else line
        except BaseException:
            await line.aclose()
            raise

    async def aclose(self) -> None:
        await self._lines.aclose()

    async def _through(self, proxy: str, request: httpx.Request) -> httpx.Response:
        await self._network.admit(request.url.host, request.url.port or 0)
        named = httpx.URL(proxy)
        way = httpcore.AsyncHTTPProxy(
            proxy_url=httpcore.URL(scheme=named.raw_scheme, host=named.raw_host, port=named.port, target=b"/"),
            proxy_auth=(named.username, named.password) if named.username else None,
            ssl_context=self._trust,
            proxy_ssl_context=self._trust if named.scheme == "https" else None,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=self._network.unguarded,
        )
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        asked = httpcore.Request(
            method=request.method, url=target, headers=request.headers.raw, extensions=request.extensions
        )
        try:
            answer = await way.handle_async_request(asked)
        except BaseException:
            await way.aclose()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Proxied(answer.stream, way))


class _Proxied(httpx.AsyncByteStream):
    """A body, with the way that ends with it."""

    def __init__(self, stream: Any, way: httpcore.AsyncHTTPProxy) -> None:
        self._stream, self._way = stream, way

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
        await self._way.aclose()


class _Talk(httpx.AsyncByteStream):
    """One request without a body and its answer, of which this is the body; the connection ends with it."""

    def __init__(self, line: httpcore.AsyncNetworkStream) -> None:
        self._line = line
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """The answer, as far as its headers; raises what httpcore raises."""
        try:
            asked = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
            head = self._state.send(asked) or b""
            head += self._state.send(h11.EndOfMessage()) or b""
        except h11.LocalProtocolError as fault:
            raise httpcore.LocalProtocolError(str(fault)) from fault
        with suppress(httpcore.WriteError):  # a server may answer, and close, before it has heard all
            await self._line.write(head)
        while isinstance(answer := await self._next(), h11.InformationalResponse):
            pass
        assert isinstance(answer, h11.Response)
        return httpx.Response(answer.status_code, headers=answer.headers.raw_items(), stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while isinstance(part := await self._next(), h11.Data):
            yield bytes(part.data)

    async def aclose(self) -> None:
        await self._line.aclose()

    async def _next(self) -> Any:
        """What comes next of the answer, once enough of it has come."""
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                piece = await self._line.read(_PIECE)
                if not piece and self._state.their_state is h11.SEND_RESPONSE:
                    raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
                self._state.receive_data(piece)
        except h11.RemoteProtocolError as fault:
            raise httpcore.RemoteProtocolError(str(fault)) from fault
        return event
