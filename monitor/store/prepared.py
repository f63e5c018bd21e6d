"""Statements that are said often, made ready once: SQLAlchemy would work out anew for each row how it is to be written.

The text of the statement and what turns a value into the driver's are SQLAlchemy's own, so a row comes out the same.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import Executable
from sqlalchemy.types import TypeEngine

from monitor.store.columns import FitText, Instant

Values = Mapping[str, Any]
_Plain = Callable[[Values], tuple[Any, ...]]


class Prepared:
    """A statement with values for some columns and parameters, as a dialect says it."""

    def __init__(self, statement: Executable, names: Sequence[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))  # type: ignore[attr-defined]  # of ClauseElement
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._positional = compiled.positiontup is not None
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._order = tuple(compiled.positiontup or binds)
        #: what the statement itself gives
        self._given = {name: value for name, value in compiled.params.items() if name not in names}
        turned = ((place, _turning(binds[name].type, dialect)) for place, name in enumerate(self._order))
        self._turned = [(place, turn) for place, turn in turned if turn is not None]
        #: a row's values where the driver takes all of them as they are: most rows are blocking keys, three numbers
        as_they_are = self._positional and not self._turned and len(self._order) > 1
        self._plain = cast("_Plain", itemgetter(*self._order)) if as_they_are else None

    def takes(self, names: Sequence[str]) -> bool:
        """Whether the driver takes a row's values in this order, as they are."""
        return self._plain is not None and self._order == tuple(names)

    def all_values(self, rows: Iterable[Values]) -> list[tuple[Any, ...] | dict[str, Any]]:
        """The values of rows as the driver takes them."""
        if self._plain is not None and not self._given:
            return list(map(self._plain, rows))
        return [self.values(row) for row in rows]

    def values(self, row: Values) -> tuple[Any, ...] | dict[str, Any]:
        """A row's values as the driver takes them."""
        given = {**self._given, **row} if self._given else row
        if self._plain is not None:
            return self._plain(given)
        said = [given[name] for name in self._order]
        for place, turn in self._turned:
            said[place] = turn(said[place])
        return tuple(said) if self._positional else dict(zip(self._order, said, strict=True))


def _turning(type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What turns a value of a type into the driver's, if anything has to."""
    if isinstance(type, FitText | Instant):
        return type.plainly(dialect)
    return type.dialect_impl(dialect).bind_processor(dialect)


#: statements are made once and kept by their modules, so that they are known by what they are
_prepared = functools.lru_cache(maxsize=128)(Prepared)


def execute(connection: Connection, statement: Executable, rows: Iterable[Values]) -> CursorResult[*tuple[Any, ...]]:
    """Executes a statement with rows, at least one; all of them have values for the same columns and parameters."""
    rows = list(rows)
    ready = _prepared(statement, tuple(rows[0]), connection.dialect)
    values = ready.all_values(rows)
    return connection.exec_driver_sql(ready.text, values if len(values) > 1 else values[0])


def execute_rows(
    connection: Connection, statement: Executable, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """The same for rows whose values stand in the order of the names: cheaper where there are very many."""
    ready = _prepared(statement, tuple(names), connection.dialect)
    if ready.takes(names):
        connection.exec_driver_sql(ready.text, list(rows))
    else:
        execute(connection, statement, [dict(zip(names, row, strict=True)) for row in rows])
