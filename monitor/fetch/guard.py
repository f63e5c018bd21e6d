"""Which addresses may be dialled. The check is made on the address that is then connected to, on every hop.

A feed, a redirect or a name server may point the service at the machine it runs on, at its neighbours or at a cloud's
metadata server. Names are therefore resolved here, each address is judged, and the connection goes to the judged
address: there is no second look-up that could answer differently (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

import httpcore

from monitor.fetch.dial import Dialler

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: (host, port) -> its addresses, best first; raises OSError when there is none
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

#: RFC 6052: on an IPv6-only network every IPv4 host is seen under this prefix
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: the one metadata address that lies in a public range (Azure's WireServer)
_METADATA = frozenset({ipaddress.IPv4Address("168.63.129.16")})

#: names that no public name server knows
_INWARDS = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".corp")
#: seconds that our own name server has to say what it knows, where a proxy's counts as well
_PATIENCE = 2.0


class AddressRefused(httpcore.ConnectError):
    """The name leads to an address that may not be dialled; ``str()`` names both."""


class NameUnknown(httpcore.ConnectError):
    """The name has no address, or no name server answered."""


def unwrap(address: Address) -> Address:
    """The IPv4 address inside an IPv6-mapped, 6to4, Teredo or NAT64 one; any other address as it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None) or address


@lru_cache(10_000)  # a look at all ranges takes as long as to dial; what an address is does not change
def objection(address: Address) -> str | None:
    """Why an address is not one of the public internet ("loopback", "private", ...); None where it is."""
    inner = unwrap(address)
    checks = (
        ("unspecified", inner.is_unspecified),
        ("loopback", inner.is_loopback),
        ("link-local", inner.is_link_local),
        ("multicast", inner.is_multicast),
        ("a metadata server", inner in _METADATA),
        ("reserved", inner.is_reserved),
        # covers the carrier-grade range 100.64/10 too, which is neither private nor global
        ("private", not inner.is_global or (isinstance(inner, ipaddress.IPv6Address) and inner.is_site_local)),
    )
    return next((word for word, holds in checks if holds), None)


def parse_allow(allow: Iterable[str]) -> tuple[Network, ...]:
    """Networks that may be dialled although they are not public: ``["127.0.0.0/8", "fd00::1"]``; ValueError if bad."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in allow)


def refusal(address: Address, allow: Sequence[Network]) -> str | None:
    """Why this address may not be dialled, or None."""
    word = objection(address)
    inner = unwrap(address)
    if word is None or any(a.version == n.version and a in n for n in allow for a in (address, inner)):
        return None
    return word


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system's resolver gives them.

    A look-up cannot be interrupted and may hang for half a minute. Each one has a daemon thread of its own, so that
    a dead name server neither delays other sources' look-ups nor keeps the process from ending.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str], fault: OSError | None) -> None:
        if answer.done():
            return
        if fault is not None:
            answer.set_exception(fault)
        else:
            answer.set_result(found)

    def look_up() -> None:
        found, fault = _look_up(host, port)
        with contextlib.suppress(RuntimeError):  # the loop was closed while the resolver hung
            loop.call_soon_threadsafe(settle, found, fault)

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    return await answer


def _look_up(host: str, port: int) -> tuple[list[str], OSError | None]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        return [], fault
    except UnicodeError:  # an empty or overlong label
        return [], OSError(f"not a host name: {host[:80]!r}")
    return list(dict.fromkeys(str(row[4][0]) for row in rows)), None


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Dials for httpcore, and only addresses that are public or allowed."""

    def __init__(
        self,
        allow: Sequence[Network],
        resolve: Resolve = resolve,
        dialler: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow = allow
        self._resolve = resolve
        self._dialler = dialler or Dialler()
        #: what dials names, without judging: for a proxy, which the operator has named
        self.unguarded = dialler or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the name is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        self._judge(host, addresses)
        return await self._first(addresses, port, timeout, local_address, socket_options)

    async def admit(self, host: str, port: int) -> None:
        """Judges a host that a proxy is going to dial; raises AddressRefused.

        Behind a proxy names may be unknown here: then it is the proxy's name server that counts, and what the proxy
        lets through. Names that lead nowhere but inwards are refused all the same.
        """
        with contextlib.suppress(NameUnknown, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                self._judge(host, await self._addresses(host, port))
                return
        if "." not in host.rstrip(".") or host.rstrip(".").lower().endswith(_INWARDS):
            raise AddressRefused(f"{host} is a name of an inner network")

    def _judge(self, host: str, addresses: Sequence[Address]) -> None:
        for address in addresses:
            word = refusal(address, self._allow)
            if word is not None:
                raise AddressRefused(f"{host} is {word} ({address})" if host != str(address) else f"{host} is {word}")

    async def _addresses(self, host: str, port: int) -> list[Address]:
        with contextlib.suppress(ValueError):
            return [ipaddress.ip_address(host)]
        try:
            found = await self._resolve(host, port)
        except OSError as fault:
            raise NameUnknown(f"no address for {host}: {fault.strerror or fault}") from fault
        if not found:
            raise NameUnknown(f"no address for {host}")
        return [ipaddress.ip_address(each) for each in found]

    async def _first(self, addresses: Sequence[Address], port: int, *rest: Any) -> httpcore.AsyncNetworkStream:
        """A stream to the first address that answers; a dead IPv6 route must not hide a living IPv4 one."""
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._dialler.connect_tcp(str(address), port, *rest)
        return await self._dialler.connect_tcp(str(addresses[-1]), port, *rest)
