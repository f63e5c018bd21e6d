"""Keeps a channel's secrets out of what is said about it. Pure.

Everything in the URL of a channel may be one: user, password, token in the path or in place of the host, header or
parameter after the question mark. So each part is looked for as it stands, decoded, encoded, and as HTTP's basic
credentials, and replaced. What is left of a text is cleaned and cut.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

MASK = "***"
#: characters that a reason keeps of a service's words
WORDS_LIMIT = 300
# Parameters of Apprise whose values are no secrets and stand in many an answer ("starttls", "markdown").
_HARMLESS = frozenset({"cto", "emojis", "format", "method", "mode", "overflow", "redirect", "retry", "rto", "tz"})
_SWITCHES = frozenset({"", "0", "1", "false", "no", "off", "on", "true", "yes"})
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|localhost|[\w-]+(\.[\w-]+)+\.?)")


def redact(text: str, url: str) -> str:
    """The text on one line, at most 300 characters, without any part of the channel's URL but its service and host."""
    for secret in sorted(secrets_of(url), key=len, reverse=True):
        text = _pattern(secret).sub(MASK, text)
    visible = "".join(c if c.isprintable() else " " for c in text)
    flat = " ".join(visible.split())
    return flat if len(flat) <= WORDS_LIMIT else f"{flat[: WORDS_LIMIT - 1]}…"


def secrets_of(url: str) -> set[str]:
    """Every part of a channel's URL that may be a secret, in every spelling in which an answer may repeat it."""
    found: set[str] = set()
    for part in _parts(url):
        found |= {part, unquote(part), unquote_plus(part), quote(part, safe=""), quote_plus(part), quote(unquote(part))}
    user, password = _credentials(url)
    if user or password:
        found.add(base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode())
    return {secret for secret in found if secret.strip("*")}


def _parts(url: str) -> Iterator[str]:
    _, _, rest = url.partition("://")
    before, _, query = rest.partition("?")
    authority, _, path = before.partition("/")
    userinfo, _, address = authority.rpartition("@")
    if userinfo:
        yield userinfo
        yield from userinfo.split(":")
    yield from _address(address)
    if path:
        yield path
        yield from re.split(r"[/,;]", path)
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if value.lower() not in _SWITCHES and name.lower() not in _HARMLESS:
            yield value
            yield from re.split(r"[/,;:@\s]|%2[FfCc]|%3[AaBb]|%40", value)


def _address(address: str) -> Iterator[str]:
    host, _, port = address.partition(":") if not address.startswith("[") else (address, "", "")
    if not port.isdigit() and port:
        yield port  # Telegram's token has a colon: what looks like a port is half of it
        yield host
    elif not _HOST.fullmatch(host):
        yield host


def _credentials(url: str) -> tuple[str, str]:
    authority = url.partition("://")[2].partition("?")[0].partition("/")[0]
    user, _, password = authority.rpartition("@")[0].partition(":")
    return user, password


def _pattern(secret: str) -> re.Pattern[str]:
    # A short one is replaced as a whole word only: "a" would blot out every "a" of the answer.
    bounded = rf"(?<!\w){re.escape(secret)}(?!\w)" if len(secret) < 4 else re.escape(secret)
    return re.compile(bounded, re.IGNORECASE)
