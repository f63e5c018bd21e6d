"""Values that people write in the configuration: durations, sizes, numbers, sums of money, days.

Each function takes the words as they stand and raises ``ValueError`` saying what was expected. The grammar is small and
read from left to right, so that no input can take longer than its length.
"""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from monitor.rules.conditions import Money, Percent

_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "week", "weeks"), 604800),
}
_SIZES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_MAGNITUDES = {
    **dict.fromkeys(("k", "thousand"), 10**3),
    **dict.fromkeys(("m", "mn", "mln", "million"), 10**6),
    **dict.fromkeys(("bn", "billion"), 10**9),
    **dict.fromkeys(("tn", "trillion"), 10**12),
}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "US$": "USD"}

#: longer than any value of this module; what is longer is refused unread
LONGEST = 80
_DIGITS = re.compile(r"(?:[0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CLOCK = re.compile(r"\s*([01]?[0-9]|2[0-3]):([0-5][0-9])\s*", re.ASCII)
_DURATION_PART = re.compile(r"([0-9]{1,9})\s?([a-z]+)\s?", re.ASCII)

_ISO_OR_SIGN = r"([A-Za-z]{3}|US\$|[$€£])?"
_CURRENCY = re.compile(rf"{_ISO_OR_SIGN}\s*", re.ASCII)
#: longest words first, so that "mn" is not read as "m" and a rest
_AFTER = re.compile(
    rf"\s*({'|'.join(sorted(_MAGNITUDES, key=len, reverse=True))})?\s*{_ISO_OR_SIGN}", re.ASCII | re.IGNORECASE
)


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} characters are too many")
    return text.strip()


def duration(text: str) -> timedelta:
    """``90s``, ``15m``, ``2 hours``, ``1d``, ``1h 30m``: a length of time above zero and at most 366 days."""
    expected = 'a duration such as "90s", "15m", "2h" or "1d"'
    text, at, seconds = _short(text), 0, 0
    while part := _DURATION_PART.match(text, at):
        if part[2] not in _UNITS:
            raise ValueError(f"expected {expected}")
        seconds, at = seconds + int(part[1]) * _UNITS[part[2]], part.end()
    if at < len(text) or not text:
        raise ValueError(f"expected {expected}")
    if not 0 < seconds <= 366 * 86400:
        raise ValueError("expected a duration above zero and of at most 366 days")
    return timedelta(seconds=seconds)


def clock(text: str) -> time:
    """``07:00``: a time of day."""
    match = _CLOCK.fullmatch(_short(text))
    if match is None:
        raise ValueError('expected a time of day such as "07:00"')
    return time(int(match[1]), int(match[2]))


def span(text: str) -> tuple[time, time]:
    """``22:00-07:00``: from one time of day until another."""
    start, dash, end = _short(text).replace("–", "-").partition("-")
    try:
        found = clock(start), clock(end)
    except ValueError:
        dash = ""
    if not dash or found[0] == found[1]:
        raise ValueError('expected two times of day such as "22:00-07:00"')
    return found


def messages(text: str) -> tuple[int, timedelta]:
    """``4 in 2m``: so many within a length of time."""
    count, word, length = _short(text).partition(" in ")
    if not word or not count.strip().isascii() or not count.strip().isdigit() or not 0 < int(count) <= 10_000:
        raise ValueError('expected a number of messages within a while, such as "4 in 2m", or "none"')
    return int(count), duration(length)


def size(text: str) -> int:
    """``10 MB``, ``512 KiB``, ``4096``: bytes."""
    text = _short(text)
    digits = _DIGITS.match(text)
    unit = text[digits.end() :].strip().casefold() if digits else None
    if digits is None or unit not in _SIZES:
        raise ValueError('expected a size such as "10 MB" or "512 KiB"')
    return int(_number(digits[0]) * _SIZES[unit])


def _number(digits: str) -> float | int:
    plain = digits.replace(",", "").replace("_", "")
    return float(plain) if "." in plain else int(plain)


def quantity(text: str) -> int:
    """``10``, ``1,000``, ``4 million``: a whole number from zero up."""
    text = _short(text)
    digits = _DIGITS.match(text)
    magnitude = text[digits.end() :].strip().casefold() if digits else None
    if digits is None or (magnitude and magnitude not in _MAGNITUDES):
        raise ValueError('expected a whole number such as "1000", "1,000" or "4 million"')
    value = _exact(digits[0], _MAGNITUDES[magnitude] if magnitude else 1)
    if value is None:
        raise ValueError(f'expected a whole number, found "{text}"')
    return value


def _exact(digits: str, factor: int) -> int | None:
    """Digits times a factor without a float's rounding; None if that is no whole number."""
    whole, _, fraction = digits.replace(",", "").replace("_", "").partition(".")
    value, rest = divmod(int(whole + fraction) * factor, 10 ** len(fraction))
    return None if rest else value


def money(text: str) -> Money:
    """``100 million USD``, ``USD 1.5bn``, ``€300m``, ``100,000,000 EUR``: a sum with its currency."""
    text = _short(text)
    digits = _DIGITS.search(text)
    before = _CURRENCY.fullmatch(text[: digits.start()]) if digits else None
    after = _AFTER.fullmatch(text[digits.end() :]) if digits else None
    if digits is None or before is None or after is None:
        raise ValueError('expected a sum of money such as "100 million USD"')
    if before[1] and after[2]:
        raise ValueError(f'expected one currency, found "{before[1]}" and "{after[2]}"')
    if not (currency := before[1] or after[2]):
        raise ValueError('expected a sum with its currency, such as "100 million USD"')
    amount = _exact(digits[0], _MAGNITUDES[after[1].casefold()] if after[1] else 1)
    if amount is None:
        raise ValueError("expected a sum without fractions of a unit")
    return Money(amount=amount, currency=_SIGNS.get(currency, currency))


def rise(text: str) -> Percent | int:
    """``10 %`` or ``50``: how much a figure must rise."""
    expected = 'expected a percentage such as "10 %" or a number such as "50"'
    text = _short(text)
    digits = text.removesuffix("%").strip()
    if text.endswith("%") and _DIGITS.fullmatch(digits):
        return Percent(value=float(_number(digits)))
    try:
        return quantity(text)
    except ValueError:
        raise ValueError(expected) from None


def share(text: str) -> float:
    """``0.8`` or ``80 %``: a number from 0 to 1."""
    text = _short(text)
    digits = text.removesuffix("%").strip()
    value = _number(digits) / (100 if text.endswith("%") else 1) if _DIGITS.fullmatch(digits) else None
    if value is None or not 0 <= value <= 1:
        raise ValueError("expected a number from 0 to 1")
    return float(value)


def day(text: str) -> date:
    """``2022-03-30``: an ISO day."""
    try:
        if _DAY.fullmatch(_short(text)):
            return date.fromisoformat(text.strip())
    except ValueError:
        pass
    raise ValueError('expected a day such as "2022-03-30"')
