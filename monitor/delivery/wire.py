"""What a service answers, heard where Apprise's plugins speak: ``requests`` and ``smtplib``. For the child of one try.

Apprise reports success or failure, and logs the code at DEBUG together with every secret. So the calls that all its
plugins share are listened to: each answer and each error is handed on, bodies are read up to a limit, and redirects
are never followed (a POST that is redirected arrives as an empty GET, and counts as delivered).
"""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from monitor.delivery.verdict import Heard, Trouble

#: bytes of an answer that are read; services answer with a few hundred
BODY_LIMIT = 1 << 20
#: characters of an answer that may be told
_TOLD = 500

Listener = Callable[[Heard], None]


def listen(tell: Listener) -> None:
    """From now on every answer and error of ``requests`` and ``smtplib`` in this process is told."""
    _listen_to_http(tell)
    _listen_to_smtp(tell)


def _listen_to_http(tell: Listener) -> None:
    real = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        try:
            response = real(self, request, **options | {"allow_redirects": False, "stream": True})
            tell(Heard(protocol="HTTP", code=response.status_code, retry_after=_retry_after(response)))
            _read(response)
        except requests.RequestException as error:
            tell(Heard(trouble=Trouble.CONNECTION, words=_named(error)))
            raise
        words = "" if _is_page(response) else response.text[:_TOLD]
        asked = _retry_after(response) or _asked_in_body(response)
        tell(Heard(protocol="HTTP", code=response.status_code, words=words, retry_after=asked))
        return response

    requests.Session.send = send  # type: ignore[method-assign]  # this process lives for one try


def _read(response: requests.Response) -> None:
    """Reads the body up to the limit; the rest of it is left unread."""
    body = bytearray()
    for chunk in response.iter_content(1 << 14):
        body += chunk
        if len(body) > BODY_LIMIT:
            break
    response.close()
    response._content = bytes(body[:BODY_LIMIT])
    response._content_consumed = True  # type: ignore[attr-defined]  # what Response.content itself sets


def _is_page(response: requests.Response) -> bool:
    """Whether the answer is a page of HTML, which says in a thousand words what the code says."""
    return "html" in response.headers.get("Content-Type", "") or response.content[:1] == b"<"


def _retry_after(response: requests.Response) -> float | None:
    """Seconds of a Retry-After header: a number, or an HTTP date (RFC 9110, 10.2.3)."""
    header = response.headers.get("Retry-After", "").strip()
    if header.replace(".", "", 1).isdigit():
        return float(header)
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    return None


def _asked_in_body(response: requests.Response) -> float | None:
    """Seconds that a chat's JSON asks for: Discord's and Telegram's ``retry_after``, Matrix's ``retry_after_ms``."""
    if response.status_code != requests.codes.too_many_requests:
        return None
    with contextlib.suppress(ValueError, TypeError, AttributeError, KeyError):
        said = response.json()
        if "retry_after_ms" in said:
            return float(said["retry_after_ms"]) / 1000
        return float(said.get("parameters", said)["retry_after"])
    return None


def _listen_to_smtp(tell: Listener) -> None:
    for name in ("connect", "starttls", "login", "sendmail"):
        setattr(smtplib.SMTP, name, _overheard(getattr(smtplib.SMTP, name), tell))
    real_data = smtplib.SMTP.data

    def data(self: smtplib.SMTP, message: Any) -> tuple[int, bytes]:
        tell(Heard(words="the message was handed over"))
        code, words = real_data(self, message)
        tell(Heard(protocol="SMTP", code=code, words=_decoded(words)))
        return code, words

    smtplib.SMTP.data = data  # type: ignore[assignment, method-assign]  # this process lives for one try


def _overheard(real: Callable[..., Any], tell: Listener) -> Callable[..., Any]:
    def call(*args: Any, **options: Any) -> Any:
        try:
            return real(*args, **options)
        except (OSError, smtplib.SMTPException) as error:
            tell(_smtp_error(error))
            raise

    return call


def _smtp_error(error: Exception) -> Heard:
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
        return Heard(protocol="SMTP", code=code, words=_decoded(words))
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return Heard(protocol="SMTP", code=error.smtp_code, words=_decoded(error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Heard(protocol="SMTP", code=502, words=str(error)[:_TOLD])
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Heard(trouble=Trouble.CONNECTION, words="the mail server closed the connection")
    return Heard(trouble=Trouble.CONNECTION, words=_named(error))


def _decoded(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return text[:_TOLD]


def _named(error: BaseException) -> str:
    """The innermost error that says something, in words that hold no URL."""
    for cause in reversed(list(_causes(error))):
        match cause:
            case socket.gaierror():
                return "the host's name cannot be resolved"
            case ssl.SSLCertVerificationError():
                return f"its certificate is not trusted: {cause.verify_message}"
            case ssl.SSLError():
                return "no secure connection"
            case TimeoutError() | requests.Timeout():
                return "timed out"
            case OSError(errno=int(number)):
                return os.strerror(number).lower()
    return "the connection broke off"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, then what it came from: causes, contexts, and the errors that urllib3 wraps in its arguments."""
    waiting, seen = [error], set()
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (current.__cause__, current.__context__, getattr(current, "reason", None), *current.args)
        waiting += [one for one in inner if isinstance(one, BaseException)]
