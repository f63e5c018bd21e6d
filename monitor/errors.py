"""Every exception the service raises on purpose.

    MonitorError
    ├── ConfigError        a file of the configuration cannot be used; names file, line, key, expectation
    ├── StoreError         the database cannot be opened, migrated or written
    └── InputError         a file or text given on the command line cannot be read

What is expected to happen in a day's work (a feed that does not answer, a channel that refuses) is a value
(``Poll``, ``Outcome``), not an exception.
"""

from __future__ import annotations

from pathlib import Path


class MonitorError(Exception):
    """Base of all: ``str()`` is one line that can be shown to a person."""


class ConfigError(MonitorError):
    """A file of the configuration cannot be used.

    ``str()`` reads ``config/rules/x.yaml:7: where.recipent: unknown slot; expected one of donors, recipient, ...``
    """

    def __init__(self, file: Path | str, line: int | None, key: str, problem: str) -> None:
        self.file, self.line, self.key, self.problem = str(file), line, key, problem
        where = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{where}: {key}: {problem}" if key else f"{where}: {problem}")


class StoreError(MonitorError):
    """The database cannot be opened, migrated or written."""


class InputError(MonitorError):
    """A file or text given on the command line cannot be read."""
