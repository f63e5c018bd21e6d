"""HTTP/2 where several sources are of one host, against a real server on loopback that keeps the rules, or does not."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpcore
import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import RequestReceived
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import Door, Fault, Fetched, Limits, http2
from monitor.model import Source
from monitor.pipeline.polling import shared_hosts

TLS = Path(__file__).parent / "tls"
LIMITS = Limits(allow=("127.0.0.0/8",), timeout=timedelta(seconds=60), ca_file=str(TLS / "ca.pem"), per_host=8)
FEED = b"<rss/>"


@dataclass
class Talk:
    """One connection, from the server's side."""

    state: H2Connection
    writer: asyncio.StreamWriter
    host: Host

    def answer(self, number: int, body: bytes = FEED, status: int = 200, **headers: str) -> None:
        fields = [(":status", str(status)), *((name.replace("_", "-"), value) for name, value in headers.items())]
        self.state.send_headers(number, fields, end_stream=not body)
        if body:
            self.state.send_data(number, body, end_stream=True)

    def send(self, noise: bytes = b"") -> None:
        self.writer.write(self.state.data_to_send() + noise)


Handler = Callable[[Talk, int, Mapping[str, str]], None]


def plainly(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.answer(number)


@dataclass
class Host:
    """A server of HTTP/2, and of HTTP/1.1 if it offers that; ``handle`` is called for each request."""

    handle: Handler = plainly
    offers: Sequence[str] = ("h2", "http/1.1")
    settings: Mapping[int, int] = field(default_factory=dict)
    port: int = 0
    #: headers of the requests of HTTP/2; what was spoken on each connection
    asked: list[dict[str, str]] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    all_closed: asyncio.Event = field(default_factory=asyncio.Event)
    #: requests that are waited for before the first is answered
    together: int = 1

    async def __aenter__(self) -> Host:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(TLS / "server.pem")
        context.set_alpn_protocols(list(self.offers))
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def url(self, path: str = "/feed") -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        self.spoken.append(chosen)
        try:
            await (self._speak_2 if chosen == "h2" else self._speak_1)(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ProtocolError):
            pass
        finally:
            writer.close()
            self.all_closed.set()

    async def _speak_1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if "http/1.1" in self.offers:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + FEED)
        await writer.drain()

    async def _speak_2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = Talk(H2Connection(H2Configuration(client_side=False, header_encoding="utf-8")), writer, self)
        talk.state.initiate_connection()
        if self.settings:
            talk.state.update_settings(dict(self.settings))
        talk.send()
        waiting: list[tuple[int, dict[str, str]]] = []
        while piece := await reader.read(65_536):
            for event in talk.state.receive_data(piece):
                if isinstance(event, RequestReceived):
                    waiting.append((event.stream_id or 0, dict(event.headers or ())))  # type: ignore[arg-type]
                    self.asked.append(waiting[-1][1])
            if len(self.asked) >= self.together:
                for number, asked in waiting:
                    self.handle(talk, number, asked)
                waiting.clear()
            talk.send()
            await writer.drain()


def fetched(host: Host, paths: Sequence[str] = ("/feed",), limits: Limits = LIMITS, **how: object) -> list[Fetched]:
    """What comes of requests that run at the same time."""

    async def go() -> list[Fetched]:
        async with host, Door(limits, shared=lambda _: True) as door:
            return await asyncio.gather(*(door.get(host.url(path), **how) for path in paths))  # type: ignore[arg-type]

    return asyncio.run(go())


# --- what works ------------------------------------------------------------------------------------------------------


def test_requests_to_one_host_share_a_connection() -> None:
    host = Host(together=5, handle=lambda talk, number, asked: talk.answer(number, asked[":path"].encode()))
    answers = fetched(host, [f"/{n}" for n in range(5)])
    assert [each.body for each in answers] == [f"/{n}".encode() for n in range(5)]
    assert host.spoken == ["h2"]


def test_requests_that_follow_each_other_share_a_connection_that_is_closed_when_no_more_come(monkeypatch) -> None:
    monkeypatch.setattr(http2, "LINGER", 0.05)
    host = Host()

    async def go() -> None:
        async with host, Door(LIMITS, shared=lambda _: True) as door:
            for _ in range(3):
                assert (await door.get(host.url())).body == FEED
            assert host.spoken == ["h2"]
            await host.all_closed.wait()
            assert (await door.get(host.url())).body == FEED

    asyncio.run(go())
    assert host.spoken == ["h2", "h2"]


def test_http_2_is_not_offered_where_one_source_is_of_a_host() -> None:
    host = Host()

    async def go() -> Fetched:
        async with host, Door(LIMITS) as door:
            return await door.get(host.url())

    assert asyncio.run(go()).body == FEED
    assert host.spoken == ["http/1.1"]


def test_a_host_is_shared_by_two_sources_or_by_a_source_and_the_pages_of_its_items() -> None:
    two = [Source(name=name, type="feed", url=f"https://news.example/{name}") for name in "ab"]
    one = Source(name="c", type="feed", url="https://other.example/c")
    whole = Source(name="d", type="feed", url="https://whole.example/d", options={"full_text": True})
    assert shared_hosts([*two, one, whole]) == {"news.example", "whole.example"}


def test_a_server_without_http_2_is_asked_by_http_1_1_and_not_offered_it_again() -> None:
    host = Host(offers=["http/1.1"])

    async def go() -> list[Fetched]:
        async with host, Door(LIMITS, shared=lambda _: True) as door:
            return [await door.get(host.url()) for _ in range(2)]

    assert [each.body for each in asyncio.run(go())] == [FEED, FEED]
    assert host.spoken == ["http/1.1", "http/1.1"]


def test_headers_go_out_and_come_back_as_by_http_1_1() -> None:
    host = Host(handle=lambda talk, number, _: talk.answer(number, b"", 304, etag='"b"', retry_after="60"))
    answer = fetched(host, etag='"a"', headers={"Authorization": "Bearer s3cret"})[0]
    assert (answer.unchanged, answer.headers["etag"], answer.retry_after) == (True, '"b"', timedelta(seconds=60))
    asked = host.asked[0]
    assert (asked["if-none-match"], asked["authorization"]) == ('"a"', "Bearer s3cret")
    assert (asked[":authority"], "connection" in asked, "host" in asked) == (f"127.0.0.1:{host.port}", False, False)


def test_a_password_in_an_address_goes_to_its_server() -> None:
    host = Host()

    async def go() -> Fetched:
        async with host, Door(LIMITS, shared=lambda _: True) as door:
            return await door.get(host.url().replace("https://", "https://anna:s3cret@"))

    assert "s3cret" not in repr(asyncio.run(go()))
    assert host.asked[0]["authorization"].startswith("Basic ")


def test_a_body_longer_than_the_windows_is_read_whole() -> None:
    host = Host(handle=big_body)
    body = fetched(host)[0].body
    assert len(body) == 3_000_000
    assert host.spoken == ["h2"]


def big_body(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    """Sends what the window allows each time that it has grown."""
    talk.state.send_headers(number, [(":status", "200")])
    left = [3_000_000]
    take = talk.state.receive_data

    def more(data: bytes) -> list[object]:
        found = take(data)
        while left[0] and (size := min(left[0], talk.state.local_flow_control_window(number), 16_384)):
            left[0] -= size
            talk.state.send_data(number, b"x" * size, end_stream=not left[0])
        return list(found)

    talk.state.receive_data = more  # type: ignore[assignment, method-assign]
    more(b"")


def test_the_address_guard_holds_for_shared_connections_too() -> None:
    host = Host()
    answer = fetched(host, limits=replace(LIMITS, allow=()))[0]
    assert (answer.fault, host.spoken) == (Fault.ADDRESS, [])


def test_redirects_and_errors_leave_the_connection_as_it_was() -> None:
    def handle(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
        if asked[":path"] == "/old":
            talk.answer(number, b"moved" * 100, 301, location="/new")
        else:
            talk.answer(number, b"missing" * 100, 404)

    host = Host(handle=handle)
    answer = fetched(host, ["/old"])[0]
    assert (answer.reason, answer.moved) == ("404 Not Found", host.url("/new"))
    assert host.spoken == ["h2"]


# --- what goes wrong -------------------------------------------------------------------------------------------------


def go_away(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    """As a server that is restarted: nothing that was asked after the last number it names is answered."""
    talk.send(b"\0\0\x08\x07\0\0\0\0\0" + (0).to_bytes(4, "big") + (0).to_bytes(4, "big"))


def refuse(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.reset_stream(number, ErrorCodes.REFUSED_STREAM)


def demand_1_1(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.reset_stream(number, ErrorCodes.HTTP_1_1_REQUIRED)


def hang_up(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.writer.close()


def nonsense(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def pings(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.send(b"\0\0\x08\x06\0\0\0\0\0pingpong" * 20_000)


def settings(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.send(b"\0\0\0\x04\0\0\0\0\0" * 20_000)


def empty_frames(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.send_headers(number, [(":status", "200")])
    talk.send((b"\0\0\0\0\0" + number.to_bytes(4, "big")) * 20_000)


def endless_headers(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    stream = number.to_bytes(4, "big")
    talk.send(
        b"\0\0\x01\x01\0" + stream + b"\x88" + (b"\0\x40\0\x09\0" + stream + b"\x0f\x01a\x01b" * 3277)[:16_393] * 200
    )


def many_headers(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.send_headers(number, [(":status", "200"), *((f"x-{n}", "y" * 4_000) for n in range(40))])


def push(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.send(b"\0\0\x05\x05\x04" + number.to_bytes(4, "big") + b"\0\0\0\x02\x82")


#: what a server does instead of answering by HTTP/2, though HTTP/1.1 it speaks well
MISBEHAVIOUR: Mapping[str, Handler] = {
    each.__name__: each
    for each in (
        *(go_away, refuse, demand_1_1, hang_up, nonsense, pings, settings, endless_headers, many_headers, push),
    )
}


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_where_http_2_goes_wrong_before_an_answer_http_1_1_brings_it(how: str) -> None:
    host = Host(handle=MISBEHAVIOUR[how], together=2)
    assert [each.body for each in fetched(host, ["/1", "/2"])] == [FEED, FEED]
    assert sorted(host.spoken) == ["h2", "http/1.1", "http/1.1"]


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_a_server_that_speaks_neither_well_is_a_fault_with_its_name(how: str) -> None:
    answer = fetched(Host(handle=MISBEHAVIOUR[how], offers=["h2"]))[0]
    assert answer.fault is Fault.PROTOCOL
    assert answer.reason.isprintable()


def reset(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.send_headers(number, [(":status", "200")])
    talk.state.send_data(number, b"<rss>")
    talk.state.reset_stream(number, ErrorCodes.INTERNAL_ERROR)


def break_off(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.state.send_headers(number, [(":status", "200")])
    talk.state.send_data(number, b"<rss>")
    talk.send()
    talk.writer.close()


def too_short(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
    talk.answer(number, b"<rss>", content_length="100")


@pytest.mark.parametrize(
    "how, words",
    [
        (reset, "the server broke it off (internal error)"),
        (break_off, "Server disconnected"),
        (too_short, "broken answer"),
        (empty_frames, "frames without end that bring nothing"),
    ],
)
def test_an_answer_that_goes_wrong_half_way_is_no_answer(how: Handler, words: str) -> None:
    answer = fetched(Host(handle=how))[0]
    assert answer.fault is Fault.PROTOCOL
    assert words in answer.reason


def test_a_server_that_is_going_ends_what_it_has_begun() -> None:
    def handle(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
        talk.state.send_headers(number, [(":status", "200")])
        talk.send(b"\0\0\x08\x07\0\0\0\0\0" + number.to_bytes(4, "big") + (0).to_bytes(4, "big"))
        talk.state.send_data(number, FEED, end_stream=True)

    host = Host(handle=handle)
    assert fetched(host)[0].body == FEED
    assert host.spoken == ["h2"]


def test_requests_beyond_what_a_server_allows_at_once_go_by_http_1_1() -> None:
    host = Host(settings={SettingCodes.MAX_CONCURRENT_STREAMS: 1}, together=1)

    async def go() -> list[Fetched]:
        async with host, Door(LIMITS, shared=lambda _: True) as door:
            first = await door.get(host.url())
            return [first, *await asyncio.gather(*(door.get(host.url()) for _ in range(3)))]

    assert [each.body for each in asyncio.run(go())] == [FEED] * 4
    assert set(host.spoken) == {"h2", "http/1.1"}


def test_a_server_that_says_nothing_does_not_outlast_the_deadline_and_is_not_asked_on_that_connection_again() -> None:
    def mute_first(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
        if len(talk.host.asked) > 1:
            talk.answer(number)

    host = Host(handle=mute_first)

    async def go() -> list[Fetched]:
        async with host, Door(LIMITS, shared=lambda _: True) as door:
            first = await door.get(host.url(), within=timedelta(seconds=0.3))
            return [first, await door.get(host.url())]

    first, second = asyncio.run(go())
    assert (first.fault, first.reason) == (Fault.TIMEOUT, "timed out after 0.3 s")
    assert second.body == FEED
    assert host.spoken == ["h2", "h2"]


def test_a_body_that_is_too_large_is_broken_off_and_the_others_go_on() -> None:
    def handle(talk: Talk, number: int, asked: Mapping[str, str]) -> None:
        if asked[":path"] == "/big":
            big_body(talk, number, asked)
        else:
            talk.answer(number)

    host = Host(handle=handle, together=2)
    big, small = fetched(host, ["/big", "/small"], replace(LIMITS, max_bytes=100_000))
    assert (big.fault, big.reason) == (Fault.BODY, "more than 100 kB")
    assert small.body == FEED


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=20))
def test_no_bytes_and_no_pieces_make_the_splitting_of_frames_fail_unnamed(noise: bytes, sizes: list[int]) -> None:
    frames = http2.Frames()
    found: list[bytes] = []
    with contextlib.suppress(httpcore.RemoteProtocolError):
        for piece in _pieces(noise, sizes):
            found += [frame for _, frame in frames.of(piece)]
    assert noise.startswith(b"".join(found))


def _pieces(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data
