"""Items as files (CONTRACT.md): text, Markdown, HTML and JSON lines, with a ``feed.yaml`` beside them.

The same reading serves the command line, where the first fault ends the command, and the reference feed, where it
ends nothing: ``strict`` decides which.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from monitor.errors import InputError
from monitor.model import Item

#: what a folder's files are read as; files with other endings are not items
TEXTS = frozenset({".txt", ".md", ".markdown", ".text"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
LINES = frozenset({".jsonl", ".ndjson"})
SIDECAR = "feed.yaml"
#: bytes; larger files are not news
LARGEST = 50_000_000

_KEYS = frozenset({"file", "title", "published", "outlet", "url"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What ``feed.yaml`` says of one file."""

    title: str | None = None
    published: date | None = None
    outlet: str | None = None
    url: str | None = None


class Faulty(Exception):
    """A file cannot be read; ``str()`` says why, without the file's name. ``line`` is that of the fault, if any."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


# --- for the command line --------------------------------------------------------------------------------------------


def read_path(path: Path | str, published: date | None = None) -> list[Item]:
    """The items of a text file, a JSON-lines file or a folder; ``published`` is for those that have no day.

    A text file's id is its path as given, that of a file in a folder its name. Raises InputError, one line, naming
    the file and where there is one the line.
    """
    place = Path(path)
    try:
        if place.is_dir():
            described = _described_in(place)
            found = [item for name in names(place) for item in _strict(place / name, name, described)]
        elif place.exists():
            found = _strict(place, str(path), _described_in(place.parent))
        else:
            raise InputError(f"{path}: no such file or folder")
    except OSError as fault:
        raise InputError(f"{path}: {fault.strerror or fault}") from fault
    return [_dated(item, published) for item in found]


def read_stream(stream: BinaryIO, published: date | None = None, name: str = "-") -> list[Item]:
    """One text, or JSON lines when the first character is ``{``; ``name`` is the text's id. Raises InputError."""
    try:
        text = as_text(stream.read())
        found = list(lines(text)) if text.lstrip().startswith("{") else [Item(id=name, text=text)]
    except Faulty as fault:
        raise InputError(_located("standard input", fault)) from fault
    return [_dated(item, published) for item in found]


def _described_in(folder: Path) -> dict[str, Meta]:
    try:
        return sidecar(folder)
    except Faulty as fault:
        raise InputError(_located(str(folder / SIDECAR), fault)) from fault


def _strict(path: Path, id: str, described: Mapping[str, Meta]) -> list[Item]:
    try:
        return list(body_items(path, content(path), id, described.get(path.name, Meta())))
    except Faulty as fault:
        raise InputError(_located(str(path), fault)) from fault


def _located(file: str, fault: Faulty) -> str:
    return f"{file}:{fault.line}: {fault}" if fault.line else f"{file}: {fault}"


def _dated(item: Item, published: date | None) -> Item:
    return replace(item, published=published) if item.published is None and published else item


# --- one file --------------------------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    """The files of a folder that are items, by name; what starts with a dot is somebody's own business."""
    known = TEXTS | PAGES | LINES
    return sorted(
        each.name for each in folder.iterdir() if each.suffix.lower() in known and not each.name.startswith(".")
    )


def body_items(
    path: Path, body: bytes, id: str, meta: Meta, *, tolerate: Callable[[str], None] | None = None
) -> Iterator[Item]:
    """The items of one file whose content is ``body``. Raises Faulty.

    ``tolerate`` is told of lines of a JSON-lines file that cannot be read, and the others are read all the same.
    """
    text = as_text(body)
    kind = path.suffix.lower()
    if kind in LINES:
        yield from lines(text, tolerate)
    elif kind in PAGES:
        yield _described(_page(id, text), meta)
    else:
        yield _described(Item(id=id, text=text), meta)


def content(path: Path) -> bytes:
    """The bytes of a regular file that nobody is writing just now. Raises Faulty, or OSError."""
    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise Faulty("not a regular file")
        if before.st_size > LARGEST:
            raise Faulty(f"larger than {LARGEST // 1_000_000} MB")
        body = file.read(LARGEST + 1)
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(body) != after.st_size:
        raise Faulty("being written")
    return body


def as_text(body: bytes) -> str:
    """UTF-8 with or without a byte order mark, every character kept: evidence offsets count them. Raises Faulty."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = body.count(b"\n", 0, fault.start) + 1
        raise Faulty(f"not UTF-8 text (byte 0x{body[fault.start]:02x})", line) from fault


def _page(id: str, text: str) -> Item:
    from monitor.sources.reading import page  # lxml is only for those who have pages

    title, words = page.read(text)
    return Item(id=id, title=title, text=words)


def _described(item: Item, meta: Meta) -> Item:
    """``feed.yaml`` outranks what the file says of itself."""
    return replace(
        item,
        title=meta.title if meta.title is not None else item.title,
        published=meta.published or item.published,
        outlet=meta.outlet or item.outlet,
        url=meta.url or item.url,
    )


# --- JSON lines ------------------------------------------------------------------------------------------------------


def lines(text: str, tolerate: Callable[[str], None] | None = None) -> Iterator[Item]:
    """The items of JSON lines; blank lines are none. Raises Faulty for the first bad line, unless it is tolerated."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield line_item(line, number)
        except Faulty as fault:
            if tolerate is None:
                raise
            tolerate(f"line {number}: {fault}")


def line_item(line: str, number: int) -> Item:
    """The item of one line. Raises Faulty, with the line's number."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as fault:
        column = f" at column {fault.colno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise Faulty(f"not JSON{column}; expected one item a line", number) from fault
    if not isinstance(data, dict):
        raise Faulty("expected an object with id and text", number)
    return Item(
        id=_id(data, number),
        text=_words(data, "text", number, needed=True),
        title=_words(data, "title", number),
        published=_day(data.get("published"), number),
        outlet=_words(data, "outlet", number) or None,
        url=_words(data, "url", number) or None,
    )


def _id(data: Mapping[str, Any], number: int) -> str:
    value = data.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise Faulty(f"id: expected a text or a number, found {_shown(data, 'id')}", number)
    return _whole(value)


def _words(data: Mapping[str, Any], key: str, number: int, *, needed: bool = False) -> str:
    value = data.get(key)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise Faulty(f"{key}: expected a text, found {_shown(data, key)}", number)
    return _whole(value)


def _shown(data: Mapping[str, Any], key: str) -> str:
    return json.dumps(data[key])[:40] if key in data else "nothing"


def _whole(value: str) -> str:
    """Half a surrogate pair, which JSON can spell and UTF-8 cannot, as U+FFFD; one character stays one."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _day(value: object, line: int | None = None) -> date | None:
    """A day, or the day of an instant. Raises Faulty."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        text = str(value).strip()
        return datetime.fromisoformat(text).date() if len(text) > 10 else date.fromisoformat(text)
    except ValueError:
        raise Faulty(f"published: expected a day such as 2022-03-30, found {str(value)[:40]!r}", line) from None


# --- feed.yaml -------------------------------------------------------------------------------------------------------


def sidecar(folder: Path) -> dict[str, Meta]:
    """What ``feed.yaml`` of a folder says, by file name; empty without one. Raises Faulty with its line, or OSError."""
    path = folder / SIDECAR
    if not path.is_file():
        return {}
    from ruamel.yaml import YAML  # only for those who have a feed.yaml
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="rt").load(as_text(content(path)))
    except YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Faulty(
            f"not YAML: {getattr(fault, 'problem', None) or 'cannot be read'}", mark and mark.line + 1
        ) from fault
    if not isinstance(found, list | None):
        raise Faulty("expected a list of entries with file, title, published, outlet, url", 1)
    return dict(_entry(entry, _line(found, index)) for index, entry in enumerate(found or ()))


def _line(sequence: Any, index: int) -> int:
    return int(sequence.lc.item(index)[0]) + 1


def _entry(entry: Any, line: int) -> tuple[str, Meta]:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        raise Faulty("expected an entry with the key file", line)
    unknown = sorted(set(entry) - _KEYS, key=str)
    if unknown:
        raise Faulty(f"{unknown[0]}: unknown key; expected one of {', '.join(sorted(_KEYS))}", line)
    texts = {key: None if entry.get(key) is None else str(entry[key]) for key in ("title", "outlet", "url")}
    return entry["file"], Meta(published=_day(entry.get("published"), line), **texts)
