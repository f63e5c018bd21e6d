"""Column types that give back the same values from SQLite and PostgreSQL.

Texts come from the open network, so they hold what one database or the other refuses: NUL characters (PostgreSQL) and
lone surrogates (both). Each is replaced, one for one, by U+FFFD on its way in: offsets of evidence stay true.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

#: a row's number: 64 bits on PostgreSQL; on SQLite only INTEGER counts up by itself
RowId = BigInteger().with_variant(Integer(), "sqlite")

#: a JSON value; written by ``to_json``
Json = JSON(none_as_null=True)

#: made once: ``json.dumps`` makes one for each value
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_UNFIT = re.compile("[\x00\ud800-\udfff]")
#: stands for a character that no database would hold
MENDED = "\ufffd"


def fit(text: str) -> str:
    """The text as both databases can hold it; as long as it was."""
    return text if text.isascii() and "\x00" not in text else _UNFIT.sub(MENDED, text)


class WrittenJson(str):
    """JSON that is written already, and that both databases can hold."""

    __slots__ = ()


def to_json(value: Any) -> str:
    """A JSON value as text that both databases can hold; letters stay letters, so that it can be searched."""
    if type(value) is WrittenJson:
        return value
    text = _JSON.encode(value)
    if "\\u0000" in text or (not text.isascii() and _UNFIT.search(text)):
        text = _JSON.encode(_fit_all(value))
    return text


def from_driver(value: Any) -> Any:
    """A JSON value, no text, as it comes from the driver itself: that of PostgreSQL has read it already."""
    return json.loads(value) if isinstance(value, str) else value


def _fit_all(value: Any) -> Any:
    if isinstance(value, str):
        return fit(value)
    if isinstance(value, dict):
        return {fit(str(key)): _fit_all(part) for key, part in value.items()}
    return [_fit_all(part) for part in value] if isinstance(value, list | tuple) else value


def _fit_or_none(text: str | None) -> str | None:
    return None if text is None else fit(text)


class FitText(TypeDecorator[str]):
    """Text that may hold anything; what a database would refuse is replaced by U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else fit(value)

    def plainly(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """The same by itself, for a row's value costs less than the way to it."""
        return _fit_or_none


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {value!r}")
    return value.astimezone(UTC)


@functools.lru_cache(maxsize=64)  # the instant of a transaction stands in each of its rows
def _instant_as_text(value: datetime | None) -> str | None:
    moment = _in_utc(value)
    return None if moment is None else moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """An aware datetime, given back in UTC. On SQLite: ISO text of fixed width, so that its order is that of time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(26) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return self.plainly(dialect)(value)

    def plainly(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """The same by itself, for a row's value costs less than the way to it."""
        return _instant_as_text if dialect.name == "sqlite" else _in_utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        moment: datetime = value.astimezone(UTC)
        return moment
