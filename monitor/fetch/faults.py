"""What can go wrong on the way, and the words for it."""

from __future__ import annotations

import enum
import os
import ssl
from datetime import timedelta

import httpcore
import httpx

from monitor.fetch import guard


class Fault(enum.StrEnum):
    """Why nothing came, by cause; NAME and CONNECT at many hosts at once mean that our own network is down."""

    ADDRESS = "address"  #: not an http(s) URL, or one that may not be dialled
    NAME = "name"  #: the host name has no address
    CONNECT = "connect"  #: nobody listens there
    TLS = "tls"  #: the certificate or the handshake is wrong
    TIMEOUT = "timeout"  #: the deadline passed
    PROTOCOL = "protocol"  #: it does not speak HTTP, or stopped half-way
    STATUS = "status"  #: it answered with an error
    REDIRECT = "redirect"  #: too many redirects, or one that leads nowhere
    PROXY = "proxy"  #: the proxy does not let it through
    BODY = "body"  #: too large, or compressed in a way that is refused


class Failure(Exception):
    """A fault on its way to becoming a value."""

    def __init__(self, fault: Fault, reason: str, answer: httpx.Response | None = None) -> None:
        super().__init__(reason)
        self.fault, self.reason, self.answer = fault, reason, answer


def _of_tls(fault: BaseException | None) -> ssl.SSLError | None:
    """What TLS found wrong, below the layers that hand it up."""
    while fault is not None and not isinstance(fault, ssl.SSLError):
        fault = fault.__cause__ or fault.__context__
    return fault


def _root_cause(fault: BaseException) -> str:
    """ "Connection refused" rather than the words of each layer above it."""
    while fault.__cause__ is not None:
        fault = fault.__cause__
    number = getattr(fault, "errno", None)
    return os.strerror(number) if number and number > 0 else str(fault)[:120]


def diagnosis(fault: Exception, timeout: timedelta) -> tuple[Fault, str]:
    """The cause of an exception that the network raised, and the words for it."""
    match fault:
        case guard.AddressRefused():
            return Fault.ADDRESS, f"address not allowed: {fault}"
        case guard.NameUnknown():
            return Fault.NAME, str(fault)
        case httpx.InvalidURL() | UnicodeError():  # our own address was looked at before; httpx parses Location at once
            return Fault.REDIRECT, f"redirects to no usable address: {str(fault)[:120]}"
        case TimeoutError() | httpcore.TimeoutException() | httpx.TimeoutException():
            return Fault.TIMEOUT, f"timed out after {timeout.total_seconds():g} s"
        case httpcore.ConnectError() | httpx.ConnectError() if tls := _of_tls(fault):
            return Fault.TLS, f"TLS: {getattr(tls, 'verify_message', None) or tls.reason}"
        case httpcore.ConnectError() | httpx.ConnectError():
            return Fault.CONNECT, f"cannot connect: {_root_cause(fault)}"
        case httpcore.ProxyError():
            return Fault.PROXY, f"the proxy refuses: {str(fault)[:120]}"
        case httpcore.ProtocolError() | httpx.ProtocolError():
            return Fault.PROTOCOL, f"broken answer: {str(fault)[:120]}"
        case _:
            return Fault.PROTOCOL, f"{type(fault).__name__}: {str(fault)[:120]}".rstrip(": ")
