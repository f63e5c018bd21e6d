"""Dates as feeds write them, into the day on the outlet's own calendar and the instant.

A story that appears in New York at 23:30 on the 29th says "on Tuesday" of the 29th, though it is the 30th in UTC. So
the day is read from the digits that the outlet wrote, and only the instant from their offset.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz

#: zone names that RFC 2822 does not know and that news sites write; ambiguous ones (IST, CST of China) are left out
_ZONES = {
    "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "SAST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "TRT": 3, "EAT": 3, "GST": 4, "PKT": 5, "WIB": 7, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "NZDT": 13,
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.IGNORECASE,
)
#: before the first feeds there were only epochs and zeros
_EARLIEST = 1975

When = tuple[date | None, datetime | None]
UNKNOWN: When = (None, None)


def when(raw: str | None, otherwise: datetime | None = None) -> When:
    """``(day, instant)``; the instant is None where only a day is given, both are None where nothing can be read.

    A time without a zone is taken as UTC. ``otherwise`` is an instant that somebody else read from the same words,
    for forms that are not known here.
    """
    text = " ".join((raw or "").split())
    with contextlib.suppress(ValueError, OverflowError, TypeError, IndexError):
        found = _iso(text) or _rfc(text)
        if found is not None:
            return _sane(found)
    return _sane((otherwise.date(), otherwise)) if otherwise else UNKNOWN


def _sane(found: When) -> When:
    day, instant = found
    return found if day is not None and day.year >= _EARLIEST and (not instant or _in_range(instant)) else UNKNOWN


def _in_range(instant: datetime) -> bool:
    with contextlib.suppress(OverflowError):
        return bool(instant.astimezone(UTC))
    return False


def _iso(text: str) -> When | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    written = date(int(year), int(month), int(day))
    if hour is None:
        return written, None
    midnight = datetime(written.year, written.month, written.day, tzinfo=_offset(zone))
    # 24:00 and leap seconds are written by real publishers; both are the next moment
    return written, midnight + timedelta(hours=int(hour), minutes=int(minute), seconds=int(second or 0))


def _offset(zone: str | None) -> timezone:
    if zone is None or zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(size if zone[0] == "+" else -size)


def _rfc(text: str) -> When | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    written = date(year, month, day)
    if not re.search(r"\d:\d", text):
        return written, None
    name = re.search(r"\b([A-Z]{3,4})\)?$", text)
    seconds = parts[9] if parts[9] is not None else 3600 * _ZONES.get(name[1] if name else "", 0)
    zone = timezone(timedelta(seconds=seconds))
    return written, datetime(year, month, day, tzinfo=zone) + timedelta(hours=hour, minutes=minute, seconds=second)
