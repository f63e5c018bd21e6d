"""What a server's headers mean for the next request: Retry-After, Cache-Control, Expires (RFC 9110, RFC 9111)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: no answer keeps us away for longer: a mistyped header must not kill a source
LONGEST_WAIT = timedelta(days=1)


def http_date(value: str | None) -> datetime | None:
    """An HTTP date as an instant; None for anything else (``Expires: 0`` is common)."""
    if not value:
        return None
    with contextlib.suppress(ValueError, TypeError, OverflowError, IndexError):
        when = parsedate_to_datetime(value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return None


def _within(wait: timedelta) -> timedelta | None:
    return min(wait, LONGEST_WAIT) if wait > timedelta(0) else None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server asks us to stay away, at most LONGEST_WAIT; header names in lower case."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return _within(timedelta(seconds=int(value)))
    when = http_date(value)
    return _within(when - (http_date(headers.get("date")) or now)) if when else None


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh by the server's own word; None where it does not say, or says "not at all"."""
    control = headers.get("cache-control", "").lower()
    if re.search(r"\bno-(cache|store)\b", control):
        return None
    age = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})\b", control)
    if age:
        return _within(timedelta(seconds=int(age[1])))
    expires = http_date(headers.get("expires"))
    return _within(expires - (http_date(headers.get("date")) or now)) if expires else None
