"""One request with its redirects, under one deadline; whatever goes wrong is a value with a named reason."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpcore
import httpx

from monitor.fetch import answers, guard, imap
from monitor.fetch.faults import Failure, Fault, diagnosis
from monitor.fetch.inflate import ACCEPTED, BodyRefused, in_words, inflate_archive, inflater
from monitor.fetch.transport import Client, Transport, trusted
from monitor.fetch.turns import Turns
from monitor.model import NOTHING

# at INFO httpx prints every address with its password, at DEBUG httpcore prints the headers
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

#: in the place of a proxy: none
DIRECT = "none"
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may cost, and who we say we are."""

    #: the whole transfer with its redirects; waiting for a free place is not counted
    timeout: timedelta = timedelta(seconds=20)
    #: bytes over the wire
    max_bytes: int = 10_000_000
    #: bytes after inflating
    max_inflated: int = 20_000_000
    max_redirects: int = 5
    #: networks that may be dialled although they are not public: "127.0.0.0/8", "10.1.2.3"
    allow: tuple[str, ...] = ()
    #: requests at once in all, and to one registered domain
    at_once: int = 64
    per_host: int = 2
    #: the same for domains or hosts that bear more, or less: an aggregator of our own
    per_domain: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    #: product name and version
    user_agent: str = "event-monitor/0.1"
    #: where the operator of a polled site can reach ours: an address or a URL
    contact: str | None = None
    #: a file of certificates to trust beside the usual ones
    ca_file: str | None = None
    #: the HTTP proxy that requests go through, with its user and password; letters do not
    proxy: str | None = field(default=None, repr=False)

    @property
    def signature(self) -> str:
        """The User-Agent header: ``event-monitor/0.1 (+mailto:desk@example.org)``."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of one request; never an exception."""

    #: why nothing came; None when there is a body, or nothing new (``unchanged``)
    fault: Fault | None = None
    #: for the operator: "200 OK", "304 Not Modified", "timed out after 20 s"; no secret, one line
    reason: str
    #: HTTP status of the last answer, None if there was none
    status: int | None = None
    #: address of the last answer, without user and password
    url: str
    #: where the resource has moved for good: the last address reached by permanent redirects alone, without them too
    moved: str | None = None
    body: bytes = b""
    #: headers of the last answer, names in lower case
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    #: the server asked to be left alone for this long, whatever else it said
    retry_after: timedelta | None = None
    #: the server says that its answer stays the same for this long
    fresh_for: timedelta | None = None

    @property
    def unchanged(self) -> bool:
        return self.status == HTTPStatus.NOT_MODIFIED and self.fault is None

    @property
    def unreachable(self) -> bool:
        """No server answered at all; at many hosts at once it is our own network."""
        return self.fault in (Fault.NAME, Fault.CONNECT)

    @property
    def gone(self) -> bool:
        return self.status == HTTPStatus.GONE


class Door:
    """The one way out to the network; use it as an async context manager, in one event loop."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        resolve: guard.Resolve = guard.resolve,
        dialler: httpcore.AsyncNetworkBackend | None = None,
        shared: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """``shared`` says whether several sources are of a host, so that they may share a connection.

        ``resolve`` and ``dialler`` are the system's, unless a simulation brings a network of its own.

        Raises ValueError for a network in ``limits.allow`` that is none; OSError for a bad ``ca_file``.
        """
        self.limits = limits or Limits()
        self._network = guard.GuardedNetwork(guard.parse_allow(self.limits.allow), resolve, dialler)
        self._client = Client(
            transport=Transport(
                self._network,
                self.limits.ca_file,
                # a deadline holds for the whole of a request; but a dead first address must leave time for a second
                patience=self.limits.timeout.total_seconds() / 4,
                shared=shared,
            ),
            follow_redirects=False,
            trust_env=False,
            timeout=None,
        )
        self._own = {
            "User-Agent": self.limits.signature,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
        }
        self._turns = Turns(self.limits.at_once, self.limits.per_host, self.limits.per_domain)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] = NOTHING,
        within: timedelta | None = None,
        proxy: str | None = None,
    ) -> Fetched:
        """Fetch one address. ``headers`` go to its own host only, never along a redirect to another.

        ``within`` replaces the deadline of the limits, ``proxy`` their proxy (``DIRECT`` is none). Whatever fails is in
        the answer's ``fault`` and ``reason``.
        """
        proxy = None if proxy == DIRECT else proxy or self.limits.proxy
        hop = _Hop(url=url, headers=dict(headers) | _conditions(etag, last_modified), proxy=proxy)
        left = within or self.limits.timeout
        try:
            return await self._follow(hop, _Clock(left))
        except Failure as failure:
            return _failed(failure, hop)
        except Exception as fault:  # httpx and h11 raise more than they document; a poll must not end the daemon
            return _failed(Failure(*diagnosis(fault, left)), hop)

    async def letters(
        self, mailbox: imap.Mailbox, seen: tuple[int, int], *, within: timedelta | None = None
    ) -> imap.Letters:
        """The letters of a mailbox after those that were ``seen``; whatever fails is in ``fault`` and ``reason``."""
        left, trust = within or self.limits.timeout, trusted(self.limits.ca_file)
        try:
            async with self._turns.of(mailbox.host), asyncio.timeout(left.total_seconds()):
                return await imap.look(mailbox, seen, self._network, trust, self.limits.max_bytes, left)
        except Failure as failure:
            return imap.Letters(fault=failure.fault, reason=failure.reason)
        except Exception as fault:  # as with HTTP
            kind, reason = diagnosis(fault, left)
            return imap.Letters(fault=kind, reason=reason)

    async def _follow(self, hop: _Hop, clock: _Clock) -> Fetched:
        for _ in range(self.limits.max_redirects + 1):
            answer, body = await self._one(hop, clock)
            if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
                return _fetched(answer, body, hop)
            hop.go_on(answer)
        raise Failure(Fault.REDIRECT, f"redirects more than {self.limits.max_redirects} times")

    async def _one(self, hop: _Hop, clock: _Clock) -> tuple[httpx.Response, bytes]:
        target = _target(hop.url)
        async with self._turns.of(target.host), clock.running():
            # not the client's build_request, which merges what it has none of
            request = httpx.Request("GET", target, headers=self._headers(hop), extensions={"proxy": hop.proxy})
            answer = await self._client.send(request, stream=True)
            try:
                return answer, await self._body(answer) if answer.status_code == HTTPStatus.OK else b""
            finally:
                await answer.aclose()

    def _headers(self, hop: _Hop) -> dict[str, str]:
        return self._own | hop.headers

    async def _body(self, answer: httpx.Response) -> bytes:
        limits = self.limits
        too_large = Failure(Fault.BODY, f"more than {in_words(limits.max_bytes)}", answer)
        if int(answer.headers.get("content-length", "0") or 0) > limits.max_bytes:
            raise too_large
        encodings = answer.headers.get_list("content-encoding")
        try:
            pipe, body, size = inflater(encodings, limits.max_inflated), bytearray(), 0
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > limits.max_bytes:
                    raise too_large
                body += pipe.feed(chunk)
            body += pipe.end()
            return bytes(body) if encodings else inflate_archive(bytes(body), limits.max_inflated)
        except BodyRefused as refused:
            raise Failure(Fault.BODY, str(refused), answer) from refused


class _Clock:
    """The time that one request may still take; it stands still while the request waits for a place."""

    def __init__(self, left: timedelta) -> None:
        self._left = left.total_seconds()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left = max(0.0, self._left - (loop.time() - begun))


@dataclass(slots=True, kw_only=True)
class _Hop:
    """Where a request stands on its way through redirects."""

    url: str
    headers: dict[str, str]
    proxy: str | None = None
    moved: str | None = None
    #: every redirect so far was permanent
    for_good: bool = True

    def go_on(self, answer: httpx.Response) -> None:
        """Take the redirect; what was meant for one host alone is not shown to another."""
        here = httpx.URL(self.url)
        try:
            there = here.join(answer.headers["location"])
        except (httpx.InvalidURL, UnicodeError, ValueError) as fault:
            raise Failure(Fault.REDIRECT, f"{_status(answer)} to no usable address", answer) from fault
        if there.scheme not in ("http", "https"):
            raise Failure(Fault.REDIRECT, f"{_status(answer)} to {there.scheme[:20]}:, which is not http(s)", answer)
        if not _same_owner(here, there):
            self.headers = {k: v for k, v in self.headers.items() if k in ("If-None-Match", "If-Modified-Since")}
        self.for_good = self.for_good and answer.status_code in _PERMANENT
        self.url = str(there)
        self.moved = self.url if self.for_good else self.moved


def _same_owner(here: httpx.URL, there: httpx.URL) -> bool:
    """Same origin, or the same host's usual step from http to https."""
    step_up = (here.scheme, there.scheme) == ("http", "https") and (here.port, there.port) == (None, None)
    return here.host == there.host and (step_up or (here.scheme, here.port) == (there.scheme, there.port))


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    pairs = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # a validator that cannot be sent back (a control character, say) is left out, not fatal
    return {name: value for name, value in pairs.items() if value and value.isascii() and value.isprintable()}


def _target(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError) as fault:
        raise Failure(Fault.ADDRESS, f"not a usable address: {fault}") from fault
    if target.scheme not in ("http", "https") or not target.host:
        raise Failure(Fault.ADDRESS, f"not an http(s) address: {safe_url(url)}")
    return target


def without_user(url: str) -> str:
    """The address without its user and password; of one that is none, what follows the last @."""
    if "@" not in url:
        return url
    with contextlib.suppress(httpx.InvalidURL, UnicodeError, ValueError):
        parsed = httpx.URL(url)
        return str(parsed.copy_with(username=None, password=None)) if parsed.userinfo else url
    return url.rpartition("@")[2]


def with_user_of(url: str, other: str) -> str:
    """The address with the user and password of another one on the same host; as it is where that has none."""
    with contextlib.suppress(httpx.InvalidURL, UnicodeError, ValueError):
        here, there = httpx.URL(url), httpx.URL(other)
        if there.userinfo and here.host == there.host:
            return str(here.copy_with(username=there.username, password=there.password))
    return url


def safe_url(url: str) -> str:
    """The address without its user and password, short and on one line, for logs and reasons."""
    bare = without_user(url)[:200]
    return bare if bare.isprintable() else repr(bare)


def _status(answer: httpx.Response) -> str:
    """``404 Not Found``, in our own words: the server's phrase is not to be trusted in a log."""
    with contextlib.suppress(ValueError):
        return f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}"
    return str(answer.status_code)


def _fetched(answer: httpx.Response, body: bytes, hop: _Hop) -> Fetched:
    asked = any(name in hop.headers for name in ("If-None-Match", "If-Modified-Since"))
    fine = answer.status_code == HTTPStatus.OK or (answer.status_code == HTTPStatus.NOT_MODIFIED and asked)
    return _with_headers(
        Fetched(
            fault=None if fine else Fault.STATUS,
            reason=_status(answer),
            url=without_user(hop.url),
            moved=hop.moved and without_user(hop.moved),
            body=body,
        ),
        answer,
    )


def _failed(failure: Failure, hop: _Hop) -> Fetched:
    failed = Fetched(fault=failure.fault, reason=failure.reason, url=without_user(hop.url))
    return _with_headers(failed, failure.answer) if failure.answer is not None else failed


def _with_headers(fetched: Fetched, answer: httpx.Response) -> Fetched:
    headers = dict(answer.headers.items())
    now = datetime.now(UTC)
    return replace(
        fetched,
        status=answer.status_code,
        headers=headers,
        retry_after=answers.retry_after(headers, now),
        fresh_for=answers.fresh_for(headers, now),
    )
