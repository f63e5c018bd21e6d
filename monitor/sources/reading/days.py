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

_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b[^\d]{0,12}(?:(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?")
_HALF_DAY = re.compile(r"\b(\d{1,2}):(\d\d(?::\d\d)?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_MONTH = re.compile(r"(?<![\w+-])([^\W\d_]{3,})\.?(?=[\s,-])")
#: months of other languages by their first three letters, where those differ from English; RSS wants English ones
_MONTHS = {
    **dict.fromkeys(("jän", "ene", "gen", "янв", "січ", "sty", "oca"), "Jan"),
    **dict.fromkeys(("fév", "fev", "фев", "лют", "lut", "şub"), "Feb"),
    **dict.fromkeys(("mär", "mrt", "mrz", "мар", "бер"), "Mar"),
    **dict.fromkeys(("avr", "abr", "апр", "кві", "kwi", "nis"), "Apr"),
    **dict.fromkeys(("mai", "maj", "mei", "mag", "май", "мая", "тра"), "May"),
    **dict.fromkeys(("giu", "июн", "чер", "cze", "haz"), "Jun"),
    **dict.fromkeys(("lug", "июл", "лип", "lip", "tem"), "Jul"),
    **dict.fromkeys(("aoû", "ago", "авг", "сер", "sie", "ağu"), "Aug"),
    **dict.fromkeys(("set", "сен", "вер", "wrz", "eyl"), "Sep"),
    **dict.fromkeys(("okt", "ott", "out", "окт", "жов", "paź", "eki"), "Oct"),
    **dict.fromkeys(("ноя", "лис", "lis", "kas"), "Nov"),
    **dict.fromkeys(("dez", "dic", "déc", "дек", "гру", "gru", "ara"), "Dec"),
    "juin": "Jun", "juil": "Jul",
}  # fmt: skip


def when(raw: str | None) -> When:
    """``(day, instant)``; the instant is None where only a day is given, both are None where nothing can be read.

    A time without a zone is taken as UTC.
    """
    text = " ".join((raw or "")[:100].split())
    with contextlib.suppress(ValueError, OverflowError, TypeError, IndexError):
        return _sane(_epoch(text) or _iso(text) or _dotted(text) or _rfc(text) or UNKNOWN)
    return UNKNOWN


def _sane(found: When) -> When:
    day, instant = found
    return found if day is not None and day.year >= _EARLIEST and (not instant or _in_range(instant)) else UNKNOWN


def _in_range(instant: datetime) -> bool:
    with contextlib.suppress(OverflowError):
        return bool(instant.astimezone(UTC))
    return False


def _at(day: date, zone: timezone, hour: int, minute: int, second: int) -> When:
    """24:00 and leap seconds are written by real publishers; both are the next moment."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return day, midnight + timedelta(hours=hour, minutes=minute, seconds=second)


def _iso(text: str) -> When | None:
    match = _ISO.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    written = date(int(year), int(month), int(day))
    return (written, None) if hour is None else _at(written, _offset(zone), int(hour), int(minute), int(second or 0))


def _epoch(text: str) -> When | None:
    """Seconds or milliseconds since 1970, as some programs write for people."""
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    instant = datetime.fromtimestamp(int(match[1]), UTC)
    return instant.date(), instant


def _dotted(text: str) -> When | None:
    """``3.3.2026 14:05``: where dots are written, the day comes first."""
    match = _DOTTED.match(text)
    if match is None:
        return None
    day, month, year, hour, minute, second = match.groups()
    written = date(int(year), int(month), int(day))
    return (written, None) if hour is None else _at(written, UTC, int(hour), int(minute), int(second or 0))


def _offset(zone: str | None) -> timezone:
    if zone is None or zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(size if zone[0] == "+" else -size)


def _rfc(text: str) -> When | None:
    """RFC 822 and its kin: English or other month names, with zone names, with AM and PM."""
    text = _HALF_DAY.sub(_full_day, _MONTH.sub(_in_english, text))
    timed = re.search(r"\d:\d", text) is not None
    zeros = re.search(r"\b0\d{3}\b(?!:)(?<![+-]\d{4})", text)
    parts = None if zeros else parsedate_tz(text if timed else f"{text} 00:00:00")
    if parts is None:
        return None
    written = date(*parts[:3])
    if not timed:
        return written, None
    name = re.search(r"\b([A-Z]{3,4})\)?$", text)
    hours = _ZONES.get(name[1]) if name else None
    seconds = 3600 * hours if hours is not None else parts[9] or 0
    return _at(written, timezone(timedelta(seconds=seconds)), *parts[3:6])


def _in_english(match: re.Match[str]) -> str:
    word = match[1].lower()
    return _MONTHS.get(word[:4]) or _MONTHS.get(word[:3]) or match[0]


def _full_day(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[3].lower() == "p" else 0)
    return f"{hour}:{match[2]}"
