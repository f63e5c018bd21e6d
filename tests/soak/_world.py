"""A simulated internet of feeds: hosts that publish, and fall ill as hosts do. The door's real HTTP runs over it.

Each place (one feed) has its spells of bad weather, planned when the world is made; a request is answered as the
weather at its instant demands, and is written down with what was answered, for the judge (_judge.py).
"""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

import httpcore

from monitor.fetch import registered_domain

#: weathers in which the host is not reached at all; only places with a host of their own have them
UNREACHABLE = ("refused", "no name")
#: weathers in which it is, and answers badly or never
ILL = ("hang", "drip", "500", "404", "busy", "resting", "page", "cut", "bomb", "noise")
#: items that a feed shows at once
WINDOW = 15
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Request:
    """One request, and what became of it; seconds since the world began."""

    at: float
    weather: str
    end: float | None = None
    #: the server asked for so many seconds of rest, or called its answer fresh for so many
    rest: float = 0.0
    fresh: float = 0.0
    #: the client was killed while it was under way
    aborted: bool = False
    #: answered with a redirect: the next request is of the same poll
    hop: bool = False


@dataclass(slots=True, kw_only=True)
class Place:
    """A feed at an address, and all that happened to it."""

    name: str
    host: str
    path: str
    #: how often it is polled; None for adaptive
    interval: timedelta | None
    #: when each of its items appears, seconds since the world began; its backlog before that
    appears: list[float]
    #: begin, end, weather; the rest of the day is fine
    spells: list[tuple[float, float, str]]
    moved_to: str = ""
    validators: bool = True
    max_age: int = 0
    latency: float = 0.1
    requests: list[Request] = field(default_factory=list)
    #: numbers of the items that were ever shown in an answer that arrived whole
    shown: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"

    def weather(self, now: float) -> str:
        return next((weather for begin, end, weather in self.spells if begin <= now < end), "fine")


class World:
    """All places; ``clock`` gives seconds since the beginning, ``begin`` the instant of that."""

    def __init__(self, places: Iterable[Place], begin: datetime, clock: Callable[[], float]) -> None:
        self.places = {place.name: place for place in places}
        self.begin, self.clock = begin, clock
        #: our own network is down: begin, end
        self.outages: list[tuple[float, float]] = []
        hosts = dict.fromkeys(host for place in self.places.values() for host in (place.host, place.moved_to) if host)
        self._addresses = {host: str(ipaddress.IPv4Address(0x0B000001 + n)) for n, host in enumerate(hosts)}
        self._hosts = {address: host for host, address in self._addresses.items()}
        self._at: dict[tuple[str, str], Place] = {}
        self._alone: dict[str, Place] = {}
        for place in self.places.values():
            for host in filter(None, (place.host, place.moved_to)):
                self._at[host, place.path] = place
                if place.path == "/feed":
                    self._alone[host] = place
        self.under_way: Counter[str] = Counter()
        #: most requests at once that each registered domain saw
        self.most: Counter[str] = Counter()

    def is_cut_off(self) -> bool:
        return any(begin <= self.clock() < end for begin, end in self.outages)

    async def resolve(self, host: str, port: int) -> list[str]:
        """As a name server answers."""
        place = self._alone.get(host)
        if self.is_cut_off():
            raise OSError("no name server answers")
        if place and place.weather(self.clock()) == "no name":
            place.requests.append(Request(self.clock(), "no name", end=self.clock()))
            raise OSError("name not known")
        return [self._addresses[host]]

    def dialled(self, address: str) -> str:
        """The host that answers at an address; ConnectError where nobody does."""
        host = self._hosts[address]
        place = self._alone.get(host)
        if self.is_cut_off():
            raise httpcore.ConnectError("network is unreachable")
        if place and place.weather(self.clock()) == "refused":
            place.requests.append(Request(self.clock(), "refused", end=self.clock()))
            raise httpcore.ConnectError("refused")
        domain = registered_domain(host)
        self.under_way[domain] += 1
        self.most[domain] = max(self.most[domain], self.under_way[domain])
        return host

    def left(self, host: str) -> None:
        self.under_way[registered_domain(host)] -= 1

    def asked(self, host: str, head: bytes) -> tuple[Request, Place, list[tuple[float, bytes]]]:
        """What is answered: pieces, each after so many seconds; a pause without end is a server that hangs."""
        path = head.split(b" ", 2)[1].decode()
        place = self._at[host, path]
        request = Request(self.clock(), place.weather(self.clock()))
        place.requests.append(request)
        if request.weather == "fine" and place.moved_to and host != place.moved_to:
            request.hop = True
            return request, place, [(place.latency, _moved(f"http://{place.moved_to}{path}"))]
        return request, place, list(self._answer(place, request, head))

    def _answer(self, place: Place, request: Request, head: bytes) -> Iterable[tuple[float, bytes]]:
        match request.weather:
            case "hang":
                yield 1e6, b""
            case "drip":
                yield place.latency, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>"
                yield from ((3.0, b" ") for _ in range(1000))
            case "busy":
                request.rest = 1800.0 + 60 * (int(place.name[1:]) % 60)
                yield place.latency, _head("429 Too Many Requests", 0, f"Retry-After: {request.rest:.0f}")
            case "resting":
                request.rest = 3600.0
                now = self.begin + timedelta(seconds=self.clock())
                until = format_datetime(now + HOUR, usegmt=True)
                date = format_datetime(now, usegmt=True)
                yield 0.0, _head("503 Service Unavailable", 0, f"Retry-After: {until}", f"Date: {date}")
            case "page":
                page = b"<!doctype html><html><title>Back soon</title><p>We are at work on this site.</html>"
                yield place.latency, _head("200 OK", len(page), "Content-Type: text/html") + page
            case "cut":
                document = _document(place, place.appears)
                yield place.latency, _head("200 OK", len(document)) + document[: len(document) // 2]
            case "bomb":
                yield place.latency, _head("200 OK", len(_bomb()), "Content-Encoding: gzip") + _bomb()
            case "noise":
                yield place.latency, b"\x00\xffSSH-2.0-what is this\r\n\r\n"
            case "gone" | "404" | "500" as status:
                words = {"gone": "410 Gone", "404": "404 Not Found", "500": "500 Internal Server Error"}
                yield place.latency, _head(words[status], 0)
            case _:
                yield place.latency, self._fine(place, request, head)

    def _fine(self, place: Place, request: Request, head: bytes) -> bytes:
        count = bisect_right(place.appears, self.clock())
        etag = f'"{place.name}-{count}"' if place.validators else ""
        more = [f"ETag: {etag}"] if etag else []
        if place.max_age:
            request.fresh = place.max_age
            more.append(f"Cache-Control: max-age={place.max_age}")
        if etag and etag.encode() in head:
            return _head("304 Not Modified", 0, *more)
        place.shown.update(range(max(0, count - WINDOW), count))
        body = _document(place, place.appears[:count], self.begin)
        return _head("200 OK", len(body), "Content-Type: application/rss+xml", *more) + body


def _head(status: str, length: int, *more: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {length}", *more, "", "")).encode()


def _moved(to: str) -> bytes:
    return _head("301 Moved Permanently", 0, f"Location: {to}")


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(40_000_000), 9)


_SYLLABLES = ("ba", "cor", "den", "fel", "gar", "hol", "jun", "kel", "mor", "rin")


def _town(number: int) -> str:
    """A name that no other number has, so that each fire is one of its own."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def _document(place: Place, appeared: list[float], begin: datetime | None = None) -> bytes:
    shown = list(enumerate(appeared))[-WINDOW:]
    items = "".join(_item(place, number, at, begin) for number, at in reversed(shown))
    return f"<rss version='2.0'><channel><title>{place.name}</title>{items}</channel></rss>".encode()


def _item(place: Place, number: int, at: float, begin: datetime | None) -> str:
    day = f"<pubDate>{format_datetime(begin + timedelta(seconds=at))}</pubDate>" if begin else ""
    town = _town(int(place.name[1:]) * 100 + number % 100)
    text = (
        f"A fire in {town} killed {number % 40 + 2} people, the mayor of {place.name} said."
        if number % 20 == 9
        else f"The council of {place.name} met in {town} to talk of road {number} and of little else."
    )
    return (
        f"<item><guid isPermaLink='false'>{place.name}/{number}</guid><title>{place.name}, report {number}</title>"
        f"<link>http://{place.host}/{place.name}/{number}</link><description>{text}</description>{day}</item>"
    )


# --- how the door reaches it -----------------------------------------------------------------------------------------


class Dialler(httpcore.AsyncNetworkBackend):
    """Dials into the world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        await asyncio.sleep(0.05)
        return _Stream(self._world, self._world.dialled(host))


class _Stream(httpcore.AsyncNetworkStream):
    """One connection, for one request."""

    def __init__(self, world: World, host: str) -> None:
        self._world, self._host = world, host
        self._head, self._pieces = b"", list[tuple[float, bytes]]()
        self._request: Request | None = None

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # the name is httpcore's
        self._head += buffer
        if b"\r\n\r\n" in self._head and self._request is None:
            self._request, _, self._pieces = self._world.asked(self._host, self._head)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # the name is httpcore's
        if not self._pieces:
            return b""
        pause, piece = self._pieces.pop(0)
        await asyncio.sleep(pause)
        if len(piece) > max_bytes:
            self._pieces.insert(0, (0.0, piece[max_bytes:]))
        return piece[:max_bytes]

    async def aclose(self) -> None:
        if self._host:
            self._world.left(self._host)
            self._host = ""
        if self._request is not None and self._request.end is None:
            self._request.end = self._world.clock()

    def get_extra_info(self, info: str) -> Any:
        return None


# --- how it is made --------------------------------------------------------------------------------------------------


def places(count: int, hours: float, dice: random.Random) -> Iterable[Place]:
    """So many feeds for a day: one in ten at an aggregator, one in twenty at one publisher, the others alone."""
    for number in range(count):
        name = f"p{number:04}"
        match number % 20:
            case 0 | 10:
                host, path = "feeds.hub.example", f"/{name}"
            case 5:
                host, path = f"paper{number}.press.example", "/rss"
            case _:
                host, path = f"www.{name}.example", "/feed"
        yield _place(name, host, path, hours, dice)


def _place(name: str, host: str, path: str, hours: float, dice: random.Random) -> Place:
    alone = path == "/feed"
    a_day = dice.choice((0.5, 2, 6, 12, 24, 48))
    backlog = [-3600.0 * dice.uniform(0, 400 / a_day) for _ in range(6)]
    coming = [dice.uniform(0, hours * 3600) for _ in range(round(a_day * hours / 24))]
    return Place(
        name=name,
        host=host,
        path=path,
        interval=dice.choice((None, *(timedelta(minutes=m) for m in (15, 15, 30, 60)))),
        appears=sorted(backlog + coming),
        spells=_spells(hours, dice, UNREACHABLE + ILL if alone else ILL),
        moved_to=f"new.{name}.example" if alone and dice.random() < 0.05 else "",
        validators=dice.random() < 0.7,
        max_age=dice.choice((0, 0, 0, 60, 1800, 1_000_000)),
        latency=dice.choice((0.02, 0.1, 0.3, 2.0, 8.0)),
    )


def _spells(hours: float, dice: random.Random, weathers: tuple[str, ...]) -> list[tuple[float, float, str]]:
    """Half are well all day; most others have passing faults, some long ones, a few are dead or go for good."""
    roll, day = dice.random(), hours * 3600
    weather = dice.choice(weathers)
    if roll < 0.5:
        return []
    if roll < 0.8:
        begins = sorted(dice.uniform(0, day) for _ in range(dice.randint(1, 3)))
        return [(at, at + dice.uniform(60, 2400), dice.choice(weathers)) for at in begins]
    if roll < 0.93:
        at = dice.uniform(0, day * 0.6)
        return [(at, at + dice.uniform(day * 0.1, day * 0.35), weather)]
    if roll < 0.97:
        return [(0, day, weather)]
    return [(dice.uniform(0, day), day * 2, "gone")]
