"""Printing: JSON lines for programs; tables, colours and progress for people, on a terminal only.

rich is imported where it is used: a program that asks for JSON does not wait for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


def out() -> Console:
    """Standard output: the answer. Wide where it goes to a file, so that nothing is cut."""
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False, width=None if sys.stdout.isatty() else 200)


def err() -> Console:
    """Standard error: progress and diagnostics."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def json_line(record: Mapping[str, Any]) -> None:
    """One record as one line of JSON; ASCII alone, so that no control or bidi character reaches a terminal."""
    sys.stdout.write(json.dumps(record, separators=(", ", ": ")) + "\n")


def clean(text: str) -> str:
    """Text of a third party made safe for a terminal: one line, no control or bidi characters."""
    return "".join(c if c.isprintable() else " " for c in text)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> Table:
    """An aligned table; cells are shown as they are, without markup."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        grid.add_column(name, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    return grid


def ago(instant: datetime | None, now: datetime) -> str:
    """An instant as a person says it: "3 min ago", "in 2 h", "never"."""
    if instant is None:
        return "never"
    seconds = (now - instant).total_seconds()
    length = size(abs(seconds))
    if seconds < 0:
        return f"in {length}"
    return f"{length} ago"


def size(seconds: float) -> str:
    """A length of time as a person says it: "3 min", "2 h"."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def minute(instant: datetime | None) -> str:
    """An instant to the minute, in UTC."""
    return "" if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
