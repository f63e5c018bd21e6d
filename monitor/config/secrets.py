"""References to secrets: the configuration names them, the environment or a file holds them.

    ${NAME}              the environment variable NAME; an error if it is missing or empty
    ${NAME:-default}     the same, or the default
    ${file:/run/secret}  the content of a file, without the line end; a relative path is relative to the configuration
    file:/run/secret     the same, as a whole value
    $${                  the characters "${"

A reference that is a whole value is put in as it is; inside a URL it is percent-encoded, so that a password may hold
any character. Values never appear in complaints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from monitor.config.document import Entry

#: a file of a secret that is larger is none, in bytes
LARGEST = 64 * 1024
_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
FILE = "file:"


class Secrets:
    """Puts secrets in for their references, and remembers what it used."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self._environ = environ
        self._folder = folder
        #: every value that was put in: what logs and exports must never show
        self.values: set[str] = set()
        #: files that were read
        self.files: list[Path] = []

    def text(self, entry: Entry) -> str:
        """The words of an entry with its secrets put in as they are."""
        return self._resolve(entry, encode=False)

    def url(self, entry: Entry) -> str:
        """The same for a URL: what is put into a part of it is percent-encoded."""
        return self._resolve(entry, encode=True)

    def _resolve(self, entry: Entry, *, encode: bool) -> str:
        text = entry.text().strip()
        if text.startswith(FILE) and not text.startswith("file://"):
            return self._read(text.removeprefix(FILE), entry)
        whole = _REFERENCE.fullmatch(text)

        def put_in(match: re.Match[str]) -> str:
            if match[0] == "$${":
                return "${"
            if match[1] is None:
                raise entry.complaint('has a "${" without its "}"')
            value = self._value(match[1], entry)
            return quote(value, safe="") if encode and not whole else value

        return _REFERENCE.sub(put_in, text)

    def _value(self, reference: str, entry: Entry) -> str:
        if reference.startswith(FILE):
            return self._read(reference.removeprefix(FILE), entry)
        name, has_default, default = reference.partition(":-")
        if not _NAME.fullmatch(name):
            raise entry.complaint('has a reference that is neither "${NAME}" nor "${file:/path}"')
        value = self._environ.get(name, "")
        if value:
            self.values.add(value)
            return value
        if not has_default:
            raise entry.complaint(f"needs the environment variable {name}, which is not set")
        return default

    def _read(self, name: str, entry: Entry) -> str:
        path = self._folder / Path(name.strip()).expanduser()
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise entry.complaint(f"needs the file {path}, which cannot be read: {error.strerror or error}") from None
        try:
            value = data.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            value = ""
        if not value or len(data) > LARGEST:
            raise entry.complaint(f"needs the file {path}, which holds no secret (one line of text)")
        self.files.append(path)
        self.values.add(value)
        return value
