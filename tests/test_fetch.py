"""The one door to the network, against a real server on loopback that does what servers do."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import logging
import random
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import brotli
import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import DIRECT, Door, Fault, Fetched, Limits, Turns, answers, dial, guard, registered_domain, safe_url
from monitor.fetch.inflate import BodyRefused, inflate_archive, inflater, zstd

PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body, quality=1)),
    "zstd": zstd.compress,
}

LOOPBACK = Limits(allow=("127.0.0.0/8",), timeout=timedelta(seconds=60), contact="mailto:desk@example.org")
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


@dataclass
class Request:
    """One request as the server saw it."""

    path: str
    headers: dict[str, str]
    peer: tuple[str, int]


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A raw HTTP server: a path answers with bytes as they stand, or with a handler that writes what it likes."""

    routes: Mapping[str, bytes | Handler]
    host: str = "127.0.0.1"
    port: int = 0
    seen: list[Request] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0
    tls: ssl.SSLContext | None = None

    def url(self, path: str, host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
            request = Request(head[0].split(" ")[1], headers, writer.get_extra_info("sockname"))
            self.seen.append(request)
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
            route = self.routes.get(request.path, answer(404))
            if isinstance(route, bytes):
                writer.write(route)
            else:
                await route(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.busy -= 1
            writer.close()


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {"Content-Length": str(len(body)), "Connection": "close"} | named
    lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def get(routes: Mapping[str, bytes | Handler], path: str = "/", limits: Limits = LOOPBACK, **how: object) -> Fetched:
    async def go() -> Fetched:
        async with Server(routes) as server, Door(limits) as door:
            return await door.get(server.url(path), **how)  # type: ignore[arg-type]  # keyword arguments of get()

    return asyncio.run(go())


# --- what works ------------------------------------------------------------------------------------------------------


def test_a_body_comes_with_its_headers_and_address() -> None:
    fetched = get({"/": answer(200, b"<rss/>", ETag='"v1"', Content_Type="text/xml")})
    assert (fetched.fault, fetched.reason, fetched.body) == (None, "200 OK", b"<rss/>")
    assert fetched.headers["etag"] == '"v1"'
    assert fetched.headers["content-type"] == "text/xml"


def test_we_say_who_we_are_and_how_to_reach_us() -> None:
    async def go() -> Request:
        async with Server({"/": answer(200)}) as server, Door(LOOPBACK) as door:
            await door.get(server.url("/"))
            return server.seen[0]

    assert asyncio.run(go()).headers["user-agent"] == "event-monitor/0.1 (+mailto:desk@example.org)"


def test_a_server_is_told_that_the_connection_ends_with_its_answer() -> None:
    async def go() -> Request:
        async with Server({"/": answer(200)}) as server, Door(LOOPBACK) as door:
            await door.get(server.url("/"))
            return server.seen[0]

    assert asyncio.run(go()).headers["connection"] == "close"


def test_what_a_server_says_before_its_answer_is_passed_over() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
    assert get({"/": hints + answer(200, b"<rss/>")}).body == b"<rss/>"


def test_a_body_in_chunks_is_read_whole_as_is_one_that_ends_with_the_connection() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<rss\r\n2\r\n/>\r\n0\r\n\r\n"
    assert get({"/": chunked}).body == b"<rss/>"
    assert get({"/": b"HTTP/1.0 200 OK\r\n\r\n<rss/>"}).body == b"<rss/>"


class Closing(httpcore.AsyncNetworkBackend, httpcore.AsyncNetworkStream):
    """A server that closes before it has heard all, and has said why."""

    async def connect_tcp(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        return self

    async def write(self, *_: object, **__: object) -> None:
        raise httpcore.WriteError("broken pipe")

    async def read(self, *_: object, **__: object) -> bytes:
        return answer(414)

    async def aclose(self) -> None:
        return


def test_an_answer_that_comes_before_the_whole_request_was_heard_is_an_answer() -> None:
    async def go() -> Fetched:
        async with Door(LOOPBACK, dialler=Closing()) as door:
            return await door.get("http://127.0.0.1/")

    assert asyncio.run(go()).status == 414


def test_a_server_that_sends_without_a_pause_does_not_keep_others_from_their_turn() -> None:
    async def go() -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        near, far = socket.socketpair()
        near.setblocking(False)
        with near, far:
            far.sendall(bytes(100))
            task = asyncio.create_task(others())
            line = dial._Plain(near)
            for _ in range(100):
                assert await line.read(1) == b"\0"
            task.cancel()
        return turns

    assert asyncio.run(go()) >= 100


def test_validators_are_sent_back_and_304_is_no_fault() -> None:
    async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
        same = request.headers.get("if-none-match") == '"v1"' and "if-modified-since" in request.headers
        writer.write(answer(304) if same else answer(200, b"new"))

    fetched = get({"/": conditional}, etag='"v1"', last_modified="Sun, 29 Mar 2026 10:00:00 GMT")
    assert (fetched.unchanged, fetched.fault, fetched.reason) == (True, None, "304 Not Modified")


def test_a_304_that_nobody_asked_for_is_a_fault() -> None:
    assert get({"/": answer(304)}).fault is Fault.STATUS


def test_a_validator_that_cannot_be_sent_is_left_out() -> None:
    assert get({"/": answer(200, b"x")}, etag='"a\r\nHost: evil"').body == b"x"


@pytest.mark.parametrize(
    "encoding, pack",
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),  # raw, as some servers send it
        ("br", PACKERS["br"]),
        ("zstd", zstd.compress),
        ("zstd", lambda body: zstd.compress(body[:9]) + zstd.compress(body[9:])),
        ("identity", bytes),
    ],
)
def test_compressed_bodies_are_inflated(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    assert get({"/": answer(200, pack(b"<rss/>" * 500), Content_Encoding=encoding)}).body == b"<rss/>" * 500


def test_a_gzip_file_served_as_a_plain_file_is_inflated() -> None:
    assert get({"/": answer(200, gzip.compress(b"<rss/>"), Content_Type="application/gzip")}).body == b"<rss/>"


def test_gzip_of_several_members_with_padding_is_read_whole() -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 9
    assert get({"/": answer(200, body, Content_Encoding="gzip")}).body == b"one two"


# --- redirects -------------------------------------------------------------------------------------------------------


def test_permanent_redirects_are_followed_and_remembered() -> None:
    routes = {"/": answer(301, Location="/b"), "/b": answer(308, Location="/c"), "/c": answer(200, b"x")}
    fetched = get(routes)
    assert fetched.body == b"x"
    assert fetched.moved is not None
    assert fetched.moved.endswith("/c")


def test_what_follows_a_passing_redirect_is_not_for_good() -> None:
    routes = {
        "/": answer(301, Location="/b"),
        "/b": answer(302, Location="/c"),
        "/c": answer(301, Location="/d"),
        "/d": answer(200, b"x"),
    }
    fetched = get(routes)
    assert fetched.url.endswith("/d")
    assert fetched.moved is not None
    assert fetched.moved.endswith("/b")


def test_redirects_end() -> None:
    fetched = get({"/": answer(302, Location="/")})
    assert (fetched.fault, fetched.reason) == (Fault.REDIRECT, "redirects more than 5 times")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/x", "javascript:alert(1)", "data:,x"])
def test_redirects_lead_to_the_web_only(target: str) -> None:
    fetched = get({"/": answer(302, Location=target)})
    assert fetched.fault is Fault.REDIRECT
    assert "redirect" in fetched.reason or "302 Found to" in fetched.reason
    assert fetched.body == b""


@pytest.mark.parametrize("target", ["http://[::1", "http://exa mple:99999999/", "http://" + "a" * 70 + ".org/", "//"])
def test_redirects_to_no_address_are_a_value(target: str) -> None:
    assert get({"/": answer(302, Location=target)}).fault is not None


def test_a_redirect_without_a_target_is_an_error_status() -> None:
    fetched = get({"/": answer(302)})
    assert (fetched.fault, fetched.reason) == (Fault.STATUS, "302 Found")


def test_secrets_stay_with_their_host() -> None:
    async def go() -> tuple[Request, Request, Request]:
        async with Server({"/": answer(200, b"x")}) as other:
            routes = {"/": answer(302, Location="/here"), "/here": answer(302, Location=other.url("/"))}
            async with Server(routes) as server, Door(LOOPBACK) as door:
                await door.get(server.url("/"), headers={"Authorization": "Bearer s3cret"}, etag='"v"')
                return server.seen[0], server.seen[1], other.seen[0]

    first, second, foreign = asyncio.run(go())
    assert first.headers["authorization"] == second.headers["authorization"] == "Bearer s3cret"
    assert "authorization" not in foreign.headers
    assert foreign.headers["if-none-match"] == '"v"'


# --- addresses -------------------------------------------------------------------------------------------------------

SPELLINGS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://[::1]/",
    "http://[::]/",
    "http://0.0.0.0/",
    "http://0/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://①②⑦.⓪.⓪.①/",
    "http://user:pass@127.0.0.1/",
    "http://example.org\\@127.0.0.1/",
    "http://127.0.0.1\\@example.org/",
]


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_an_address_of_ours_is_dialled(url: str) -> None:
    async def go() -> Fetched:
        async with Door(Limits(timeout=timedelta(seconds=60))) as door:
            return await door.get(url)

    assert asyncio.run(go()).fault in (Fault.ADDRESS, Fault.NAME)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "/etc/passwd", "", "http://", "http://a b:c/", "\0"]
)
def test_only_the_web_is_fetched(url: str) -> None:
    async def go() -> Fetched:
        async with Door(LOOPBACK) as door:
            return await door.get(url)

    fetched = asyncio.run(go())
    assert fetched.fault is Fault.ADDRESS
    assert "\n" not in fetched.reason


def test_each_hop_is_guarded() -> None:
    async def go() -> Fetched:
        limits = Limits(allow=("127.0.0.1",), timeout=timedelta(seconds=60))
        async with Server({"/": answer(302, Location="http://127.0.0.2:9/")}) as server, Door(limits) as door:
            return await door.get(server.url("/"))

    fetched = asyncio.run(go())
    assert fetched.fault is Fault.ADDRESS
    assert fetched.reason == "address not allowed: 127.0.0.2 is loopback"


def test_the_address_that_was_judged_is_the_one_that_is_dialled() -> None:
    """A name that answers differently each time (rebinding) gains nothing: each dial asks once."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.3"]

    async def go() -> tuple[Fetched, Fetched, list[Request]]:
        limits = Limits(allow=("127.0.0.2",), timeout=timedelta(seconds=60))
        async with Server({"/": answer(200, b"x")}, host="0.0.0.0") as server, Door(limits, resolve=rebinding) as door:
            url = server.url("/", "rebind.example")
            return await door.get(url), await door.get(url), server.seen

    first, second, seen = asyncio.run(go())
    assert first.body == b"x"
    assert [request.peer[0] for request in seen] == ["127.0.0.2"]
    assert second.reason == "address not allowed: rebind.example is loopback (127.0.0.3)"
    assert len(asked) == 2


def test_one_bad_address_among_good_ones_refuses_the_name() -> None:
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "10.0.0.1"]

    async def go() -> Fetched:
        async with Door(Limits(allow=("127.0.0.1",)), resolve=mixed) as door:
            return await door.get("http://mixed.example/")

    assert asyncio.run(go()).reason == "address not allowed: mixed.example is private (10.0.0.1)"


def test_a_dead_first_address_does_not_hide_a_living_second() -> None:
    async def go() -> Fetched:
        async with Server({"/": answer(200, b"x")}) as server:

            async def two(host: str, port: int) -> Sequence[str]:
                return ["127.0.0.9", "127.0.0.1"]

            async with Door(LOOPBACK, resolve=two) as door:
                return await door.get(server.url("/", "two.example"))

    assert asyncio.run(go()).body == b"x"


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_dialled(address: str) -> None:
    assert guard.refusal(ip_address(address), ()) is None


@given(
    st.ip_addresses(network="10.0.0.0/8")
    | st.ip_addresses(network="fc00::/7")
    | st.ip_addresses(network="100.64.0.0/10")
)
def test_no_private_address_passes_and_each_can_be_allowed(address) -> None:
    assert guard.refusal(address, ()) is not None
    assert guard.refusal(address, guard.parse_allow([str(address)])) is None
    if address.version == 4:
        assert guard.refusal(ip_address(f"::ffff:{address}"), ()) is not None


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_an_unknown_name_is_told_from_a_closed_port() -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    async def go() -> tuple[Fetched, Fetched]:
        async with Server({}) as server:
            port = server.port
        async with Door(LOOPBACK, resolve=nobody) as door:
            return await door.get("http://gone.example/"), await door.get(f"http://127.0.0.1:{port}/")

    name, closed = asyncio.run(go())
    assert (name.fault, name.reason) == (Fault.NAME, "no address for gone.example: Name or service not known")
    assert (closed.fault, closed.reason) == (Fault.CONNECT, "cannot connect: Connection refused")


def test_a_server_that_speaks_no_tls_is_named() -> None:
    async def go() -> Fetched:
        async def speak_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(answer(400))
            writer.close()

        server = await asyncio.start_server(speak_first, "127.0.0.1", 0)
        async with server, Door(LOOPBACK) as door:
            return await door.get(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    fetched = asyncio.run(go())
    assert fetched.fault is Fault.TLS
    assert fetched.reason.startswith("TLS: ")


@pytest.mark.parametrize("status, words", [(404, "404 Not Found"), (500, "500 Internal Server Error"), (599, "599")])
def test_an_error_status_is_named_in_our_own_words(status: int, words: str) -> None:
    fetched = get({"/": answer(status, b"secret page")})
    assert (fetched.fault, fetched.reason, fetched.status) == (Fault.STATUS, words, status)


def test_410_says_that_the_source_is_gone() -> None:
    assert get({"/": answer(410)}).gone


@pytest.mark.parametrize("status", [429, 503, 304])
def test_retry_after_is_heard_whatever_the_status(status: int) -> None:
    fetched = get({"/": answer(status, Retry_After="120")}, etag='"v"')
    assert fetched.retry_after == timedelta(minutes=2)


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_small_body_that_inflates_to_much_is_stopped_early(encoding: str) -> None:
    bomb = PACKERS[encoding](bytes(25_000_000))
    fetched = get({"/": answer(200, bomb, Content_Encoding=encoding)})
    assert (fetched.fault, fetched.reason) == (Fault.BODY, "inflates to more than 20 MB")


def test_a_bomb_in_a_plain_file_is_stopped_too() -> None:
    assert get({"/": answer(200, gzip.compress(bytes(25_000_000)))}).reason == "inflates to more than 20 MB"


def test_stacked_encodings_are_refused() -> None:
    body = gzip.compress(gzip.compress(b"x"))
    fetched = get({"/": answer(200, body, Content_Encoding="gzip, gzip")})
    assert (fetched.fault, fetched.reason) == (Fault.BODY, "stacked encodings (gzip, gzip)")


def test_an_encoding_that_we_did_not_ask_for_is_refused() -> None:
    assert get({"/": answer(200, b"x", Content_Encoding="rot13")}).reason == "unknown encoding 'rot13'"


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_compressed_body_that_ends_half_way_is_no_body(encoding: str) -> None:
    half = PACKERS[encoding](random.Random(7).randbytes(5000))[:-20]
    assert get({"/": answer(200, half, Content_Encoding=encoding)}).reason == f"the {encoding} body ends half-way"


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_damaged_body_is_no_body(encoding: str) -> None:
    assert get({"/": answer(200, b"no archive", Content_Encoding=encoding)}).fault is Fault.BODY


def test_a_body_shorter_than_promised_is_no_body() -> None:
    assert get({"/": answer(200, b"<rss>", Content_Length="5000")}).fault is Fault.PROTOCOL


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    fetched = get({"/": answer(200, b"x", Content_Length="99000000")})
    assert (fetched.fault, fetched.reason) == (Fault.BODY, "more than 10 MB")


def test_an_endless_body_is_stopped() -> None:
    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 100_000)
            await writer.drain()

    fetched = get({"/": endless}, limits=Limits(allow=("127.0.0.1",), max_bytes=1_000_000))
    assert (fetched.fault, fetched.reason) == (Fault.BODY, "more than 1 MB")


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\n\r\n", b""])
def test_a_slow_drip_does_not_outlast_the_deadline(head: bytes) -> None:
    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head or b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    fetched = get({"/": drip}, limits=Limits(allow=("127.0.0.1",), timeout=timedelta(milliseconds=300)))
    assert (fetched.fault, fetched.reason) == (Fault.TIMEOUT, "timed out after 0.3 s")


def test_the_deadline_holds_for_all_redirects_together() -> None:
    async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(answer(302, Location="/"))

    fetched = get({"/": slow}, limits=Limits(allow=("127.0.0.1",), timeout=timedelta(milliseconds=300)))
    assert fetched.fault is Fault.TIMEOUT


@pytest.mark.parametrize("noise", [b"\x16\x03\x01", b"<rss/>", b"", b"HTTP/1.1 200 OK\r\nA\x00: b\r\n\r\n"])
def test_noise_instead_of_http_is_a_value(noise: bytes) -> None:
    assert get({"/": noise}).fault is Fault.PROTOCOL


def test_endless_headers_are_stopped() -> None:
    async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-More: " + b"y" * 1000 + b"\r\n")
            await writer.drain()

    assert get({"/": endless}).fault is Fault.PROTOCOL


def test_no_more_than_the_allowed_requests_go_to_one_host_at_once() -> None:
    async def go() -> int:
        async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.02)
            writer.write(answer(200, b"x"))

        async with Server({"/": slow}) as server, Door(LOOPBACK) as door:
            await asyncio.gather(*(door.get(server.url("/")) for _ in range(8)))
            return server.busiest

    assert asyncio.run(go()) == LOOPBACK.per_host


@pytest.mark.parametrize(
    "host, domain",
    [
        ("feeds.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("news.bbc.co", "bbc.co"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("localhost", "localhost"),
        ("WWW.Example.ORG.", "example.org"),
    ],
)
def test_limits_hold_for_what_somebody_has_registered(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize("exceptions, most", [({}, 2), ({"example.org": 5}, 5), ({"a.example.org": 1}, 3)])
def test_hosts_of_one_domain_share_its_places_unless_one_is_excepted(exceptions: dict[str, int], most: int) -> None:
    async def go() -> int:
        turns, now, peak = Turns(32, 2, exceptions), 0, 0

        async def one(host: str) -> None:
            nonlocal now, peak
            async with turns.of(host):
                now += 1
                peak = max(peak, now)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                now -= 1

        await asyncio.gather(*(one(f"{'ab'[n % 2]}.example.org") for n in range(12)))
        return peak

    assert asyncio.run(go()) == most


def test_a_slow_host_does_not_use_up_the_places_of_others() -> None:
    async def go() -> Fetched:
        held = asyncio.Event()

        async def stuck(_: Request, writer: asyncio.StreamWriter) -> None:
            await held.wait()

        limits = Limits(allow=("127.0.0.0/8",), at_once=2, per_host=1)
        other = Server({"/": answer(200, b"x")}, host="127.0.0.2")
        async with Server({"/": stuck}) as slow, other as quick, Door(limits) as door:
            waiting = [asyncio.create_task(door.get(slow.url("/"))) for _ in range(6)]
            await asyncio.sleep(0)
            fetched = await door.get(quick.url("/"))
            held.set()
            await asyncio.gather(*waiting)
            return fetched

    assert asyncio.run(go()).body == b"x"


def test_no_cookie_is_kept_for_the_next_source() -> None:
    async def go() -> list[Request]:
        async with Server({"/": answer(200, b"x", Set_Cookie="id=1; Path=/")}) as server, Door(LOOPBACK) as door:
            await door.get(server.url("/"))
            await door.get(server.url("/"))
            return server.seen

    assert all("cookie" not in request.headers for request in asyncio.run(go()))


# --- secrets and strangers' words ------------------------------------------------------------------------------------


def test_a_password_in_an_address_is_used_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def go() -> tuple[Fetched, Fetched, Server]:
        async with Server({"/": answer(404)}) as server, Door(LOOPBACK) as door:
            url = server.url("/", "reader:s3cret@127.0.0.1")
            return await door.get(url), await door.get(url.replace("http", "gopher")), server

    found, refused, server = asyncio.run(go())
    assert server.seen[0].headers["authorization"].startswith("Basic ")
    assert "s3cret" not in found.reason + refused.reason + caplog.text


@pytest.mark.parametrize(
    "url, shown",
    [
        ("https://u:p@example.org/f?a=1", "https://example.org/f?a=1"),
        ("https://example.org/f", "https://example.org/f"),
        ("gopher://u:p@example.org/\x1b", "'example.org/\\x1b'"),
        ("http://u:p@exa mple.org:99x/f", "exa mple.org:99x/f"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert safe_url(url) == shown


# --- headers and bodies, as functions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers, wait",
    [
        ({"retry-after": "90"}, timedelta(seconds=90)),
        ({"retry-after": "Sun, 29 Mar 2026 12:10:00 GMT"}, timedelta(minutes=10)),
        # the server's clock is wrong, but wrong in both headers
        (
            {"retry-after": "Sun, 29 Mar 2026 15:10:00 GMT", "date": "Sun, 29 Mar 2026 15:00:00 GMT"},
            timedelta(minutes=10),
        ),
        ({"retry-after": "99999999"}, answers.LONGEST_WAIT),
        ({"retry-after": "Sun, 29 Mar 2020 12:10:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "0"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(headers: dict[str, str], wait: timedelta | None) -> None:
    assert answers.retry_after(headers, NOW) == wait


@pytest.mark.parametrize(
    "headers, fresh",
    [
        ({"cache-control": "public, max-age=600"}, timedelta(minutes=10)),
        ({"cache-control": "max-age=600", "expires": "Sun, 29 Mar 2026 15:00:00 GMT"}, timedelta(minutes=10)),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"expires": "Sun, 29 Mar 2026 12:30:00 GMT"}, timedelta(minutes=30)),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({}, None),
    ],
)
def test_freshness_is_what_the_server_says(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert answers.fresh_for(headers, NOW) == fresh


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_makes_the_reading_of_headers_fail(one: str, other: str) -> None:
    answers.retry_after({"retry-after": one, "date": other}, NOW)
    answers.fresh_for({"cache-control": one, "expires": other}, NOW)


@given(st.binary(max_size=3000), st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_a_body_is_the_same_in_whatever_pieces_it_comes(body: bytes, sizes: list[int]) -> None:
    for encoding, packed in ((name, pack(body)) for name, pack in PACKERS.items()):
        pipe, out = inflater([encoding], 10_000), b""
        pieces: list[bytes] = []
        rest = packed
        while rest:
            size = sizes[len(pieces) % len(sizes)]
            pieces.append(rest[:size])
            rest = rest[size:]
        for piece in pieces:
            out += pipe.feed(piece)
        assert out + pipe.end() == body


@given(st.binary(max_size=200))
def test_no_bytes_make_inflating_fail_unnamed(noise: bytes) -> None:
    for encoding in PACKERS:
        pipe = inflater([encoding], 1000)
        with contextlib.suppress(BodyRefused):
            pipe.feed(noise)
            pipe.end()
    with contextlib.suppress(BodyRefused):
        inflate_archive(b"\x1f\x8b" + noise, 1000)


# --- our own authority, and proxies -----------------------------------------------------------------------------------

TLS = Path(__file__).parent / "tls"
TRUSTING = replace(LOOPBACK, ca_file=str(TLS / "ca.pem"))


def certified() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "server.pem")
    return context


def over_tls(limits: Limits) -> Fetched:
    async def use() -> Fetched:
        async with Server({"/feed": answer(200, b"<rss/>")}, tls=certified()) as server, Door(limits) as door:
            return await door.get(f"https://127.0.0.1:{server.port}/feed")

    return asyncio.run(use())


def test_an_authority_of_our_own_is_trusted_beside_the_usual_ones() -> None:
    assert over_tls(TRUSTING).body == b"<rss/>"


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_body_over_tls_is_read_whole_though_the_server_ends_without_a_word(size: int) -> None:
    async def abrupt(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(0)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * size)
        await writer.drain()
        writer.get_extra_info("socket").shutdown(socket.SHUT_WR)

    async def use() -> Fetched:
        async with Server({"/feed": abrupt}, tls=certified()) as server, Door(TRUSTING) as door:
            return await door.get(f"https://127.0.0.1:{server.port}/feed")

    assert asyncio.run(use()).body == b"x" * size


def test_a_certificate_of_an_unknown_authority_is_a_fault_of_tls() -> None:
    fetched = over_tls(LOOPBACK)
    assert fetched.fault is Fault.TLS
    assert fetched.reason.startswith("TLS: ")


@dataclass
class Proxy:
    """An HTTP proxy; it forwards to this machine, whatever the name, and lets only ``key`` in if there is one."""

    key: str = ""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except asyncio.CancelledError:
            return
        finally:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target = head.decode().split(" ")[:2]
        self.asked.append(f"{method} {target}")
        if self.key and f"Basic {self.key}".encode() not in head:
            writer.write(answer(407))
        else:
            port = int(target.rpartition(":")[2].partition("/")[0])
            back, forth = await asyncio.open_connection("127.0.0.1", port)
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                forth.write(head.replace(target.encode(), b"/" + target.split("/", 3)[3].encode(), 1))
            try:
                await asyncio.gather(_pour(back, writer), _pour(reader, forth))
            finally:
                forth.transport.abort()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while some := await source.read(65_536):
            sink.write(some)
            await sink.drain()
    sink.close()


async def nowhere(host: str, port: int) -> Sequence[str]:
    """A name server that knows nothing, as behind a proxy."""
    raise OSError("no such name")


def proxied(url: str, proxy: Proxy | None = None, **more: Any) -> tuple[Fetched, list[str]]:
    """What comes through a proxy from a server on this machine under any name, and what the proxy was asked for."""
    proxy = proxy or Proxy()

    async def use() -> Fetched:
        tls = certified() if url.startswith("https") else None
        async with Server({"/feed": answer(200, b"<rss/>")}, tls=tls) as server, proxy:
            limits = replace(
                TRUSTING, proxy=more.pop("through", "http://127.0.0.1:PORT").replace("PORT", str(proxy.port))
            )
            async with Door(limits, resolve=more.pop("resolve", nowhere)) as door:
                return await door.get(url.replace("PORT", str(server.port)), proxy=more.get("proxy_of_source"))

    return asyncio.run(use()), [each.rpartition(":")[0] for each in proxy.asked]


def test_a_proxy_is_asked_for_names_that_are_unknown_here() -> None:
    fetched, asked = proxied("http://gazette.example:PORT/feed")
    assert (fetched.body, asked) == (b"<rss/>", ["GET http://gazette.example"])


def test_through_a_proxy_tls_reaches_to_the_server_itself() -> None:
    fetched, asked = proxied("https://127.0.0.1:PORT/feed")
    other, _ = proxied("https://gazette.example:PORT/feed")
    assert (fetched.body, asked) == (b"<rss/>", ["CONNECT 127.0.0.1"])
    assert other.fault is Fault.TLS, "the certificate is not of that name"


def test_a_proxy_hears_who_we_are_and_nobody_else_does() -> None:
    key = base64.b64encode(b"desk:s3cret").decode()
    fetched, _ = proxied(
        "http://gazette.example:PORT/feed", Proxy(key=key), through="http://desk:s3cret@127.0.0.1:PORT"
    )
    assert fetched.body == b"<rss/>"
    assert "s3cret" not in repr(replace(TRUSTING, proxy="http://desk:s3cret@127.0.0.1:1"))


@pytest.mark.parametrize(
    "url, words", [("http", "407 Proxy Authentication Required"), ("https", "the proxy refuses: 407")]
)
def test_a_proxy_that_does_not_let_us_through_is_named(url: str, words: str) -> None:
    fetched, _ = proxied(f"{url}://gazette.example:PORT/feed", Proxy(key="other"))
    assert fetched.fault in (Fault.STATUS, Fault.PROXY)
    assert fetched.reason.startswith(words)


@pytest.mark.parametrize(
    "url, words",
    [
        ("http://169.254.169.254/feed", "link-local"),
        ("http://[::ffff:10.0.0.1]/feed", "private"),
        ("http://intranet/feed", "inner network"),
        ("http://wiki.corp/feed", "inner network"),
    ],
)
def test_a_proxy_is_not_asked_for_what_lies_within(url: str, words: str) -> None:
    fetched, asked = proxied(url)
    assert (fetched.fault, asked) == (Fault.ADDRESS, [])
    assert words in fetched.reason


def test_a_name_that_is_known_here_to_lead_inwards_is_not_asked_for_either() -> None:
    async def inwards(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "10.0.0.7"]

    fetched, asked = proxied("http://gazette.example/feed", resolve=inwards)
    assert (fetched.fault, asked) == (Fault.ADDRESS, [])


def test_a_source_may_go_without_the_proxy() -> None:
    fetched, asked = proxied("http://127.0.0.1:PORT/feed", proxy_of_source=DIRECT)
    assert (fetched.body, asked) == (b"<rss/>", [])


def test_a_proxy_that_is_down_is_nobody_reached() -> None:
    async def use() -> Fetched:
        async with Door(replace(LOOPBACK, proxy="http://127.0.0.1:9"), resolve=nowhere) as door:
            return await door.get("http://gazette.example/feed")

    assert asyncio.run(use()).unreachable
