"""Writes further sources into sources.yaml, and leaves what stands there as it is."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from monitor.errors import ConfigError


def name_for(title: str, url: str, taken: Collection[str]) -> str:
    """A name for a source that nobody has yet: the words of its title, else its host."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    host = (urlsplit(url).hostname or "source").removeprefix("www.").replace(":", "-")
    base = words or host[:40]
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def add_sources(folder: Path, entries: Sequence[tuple[str, str]], check: Callable[[], object]) -> None:
    """Appends ``(name, url)`` entries; if ``check`` then finds the configuration bad, the file is as it was.

    Raises ConfigError.
    """
    path = folder / "sources.yaml"
    try:
        before = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, "", f"cannot be read: {error}") from error
    lines = "".join(f"{name}: {_quoted(url)}\n" for name, url in entries)
    _write(path, before.rstrip("\n") + "\n\n" + lines)
    try:
        check()
    except ConfigError:
        _write(path, before)
        raise


def _quoted(url: str) -> str:
    """As a YAML string in which nothing refers to a secret."""
    return json.dumps(url.replace("${", "$${"), ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    """Whole or not at all: the daemon may read it at any moment."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be written: {error.strerror or error}") from error
