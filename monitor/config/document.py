"""A YAML 1.2 document whose every value knows its file, line and key, so that complaints can name them.

``read`` composes the document to nodes without making Python values of them; an ``Entry`` reads one node as what the
caller expects and complains otherwise. ``NO`` is a word (Norway), ``on`` too; a key given twice is an error.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from monitor.config import nodes
from monitor.config.nodes import BOOL, CORE_TAGS, NULL, Node
from monitor.errors import ConfigError

Value = TypeVar("Value")

#: a file of the configuration that is larger is refused unread, in bytes
LARGEST = 8 * 2**20
#: mappings and lists inside one another
DEEPEST = 20
_EMPTY = "is empty; expected settings (key: value)"


def read(path: Path) -> Entry:
    """The document of a file; ``ConfigError`` if it cannot be read, is empty or is no YAML."""
    entry = read_or_nothing(path)
    if entry is None:
        raise ConfigError(path, None, "", _EMPTY)
    return entry


def read_or_nothing(path: Path) -> Entry | None:
    """The same, and None for a file of comments; one without even those was cut off by an accident."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(
            path, None, "", "there is no such file; `monitor init DIR` writes one to start from"
        ) from None
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise ConfigError(path, None, "", f"is larger than {LARGEST // 2**20} MiB")
    text = _decode(path, data)
    if not text.strip():
        raise ConfigError(path, None, "", _EMPTY)
    return parse(text, path)


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "", "is not UTF-8; expected UTF-8 text") from None


def parse(text: str, path: Path) -> Entry | None:
    """The document in a text, None if there is none; ``path`` is what complaints call it."""
    _refuse_directives(text, path)
    try:
        node = nodes.compose(text)
    except MarkedYAMLError as error:
        raise _yaml_complaint(path, text, error) from None
    except RecursionError:
        raise ConfigError(path, None, "", "is nested too deep to be read") from None
    except (YAMLError, ValueError) as error:
        raise ConfigError(path, None, "", f"is not YAML: {' '.join(str(error).split())[:200]}") from None
    if node is None:
        return None
    entry = Entry(path=path, node=node, key="", line=node.start_mark.line + 1)
    _refuse_traps(entry, set())
    return entry


def _refuse_directives(text: str, path: Path) -> None:
    """A ``%YAML 1.1`` would make Norway a boolean again."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("%"):
            raise ConfigError(path, number, "", "starts with a % directive; leave it out, the file is read as YAML 1.2")
        if line.strip() and not line.lstrip().startswith("#"):
            return


def _yaml_complaint(path: Path, text: str, error: MarkedYAMLError) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ConfigError(path, None, "", f"is not YAML: {error.problem}")
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return ConfigError(path, mark.line + 1, "", "is indented with a tab; YAML wants spaces")
    said = "; ".join(" ".join(part.split()) for part in (error.context, error.problem) if part)
    return ConfigError(path, mark.line + 1, "", f"is not YAML: {said}")


def _refuse_traps(entry: Entry, seen: set[int], depth: int = 0) -> None:
    """Refuses keys given twice, tags, bottomless nesting, and aliases (a few lines of which stand for millions)."""
    if depth > DEEPEST:
        raise ConfigError(entry.path, entry.line, entry.key.partition("[")[0], f"is nested more than {DEEPEST} deep")
    if id(entry.node) in seen:
        raise entry.complaint("is an alias (*); write the value out instead")
    seen.add(id(entry.node))
    if str(entry.node.tag) not in CORE_TAGS:
        raise entry.complaint(f"has the unknown tag {entry.node.tag}; leave it out")
    for child in entry.children():
        _refuse_traps(child, seen, depth + 1)


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """``; did you mean "recipient"?`` or nothing. Of equally near words one with the same letters or start is meant."""
    best = max(((_nearness(word.casefold(), option.casefold()), option) for option in options if option), default=None)
    return f'; did you mean "{best[1]}"?' if best and best[0][0] >= 0.6 else ""


def _nearness(word: str, option: str) -> tuple[float, bool, int]:
    ratio = difflib.SequenceMatcher(None, word, option).ratio()
    same_start = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(word, option, strict=False))))
    return ratio, sorted(word) == sorted(option), same_start


def one_of(options: Iterable[str]) -> str:
    """``expected one of a, b, c`` (at most two dozen of them)."""
    options = list(options)
    more = f", ... ({len(options)} in all)" if len(options) > 24 else ""
    if len(options) == 1:
        return f"expected {options[0]}"
    return f"expected one of {', '.join(options[:24])}{more}" if options else "there are none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value of a document."""

    #: its file, as a person would type it
    path: Path
    node: Node
    #: the way to it: "where.recipient", "channels[0]"; "" for the whole document
    key: str
    #: line of its key, from 1
    line: int

    def complaint(self, problem: str) -> ConfigError:
        """The error to raise about this value."""
        return ConfigError(self.path, self.line, self.key, problem)

    # -- shape --

    @property
    def is_mapping(self) -> bool:
        return bool(self.node.id == "mapping")

    @property
    def is_list(self) -> bool:
        return bool(self.node.id == "sequence")

    @property
    def is_null(self) -> bool:
        return str(self.node.tag) == NULL

    @property
    def found(self) -> str:
        """What stands there, for complaints; never the value of a mapping or list."""
        if self.is_null:
            return "nothing"
        return "a mapping" if self.is_mapping else "a list" if self.is_list else f'"{self.raw[:60]}"'

    @property
    def raw(self) -> str:
        """The words of a scalar as they stand."""
        assert self.node.id == "scalar"
        return str(self.node.value)

    def children(self) -> Iterator[Entry]:
        """Values of a mapping (their keys checked) or list, in order; none for a scalar."""
        if self.node.id == "mapping":
            yield from self.pairs().values()
        elif self.node.id == "sequence":
            yield from self.items()

    def pairs(self) -> dict[str, Entry]:
        """Keys and values of a mapping in order; complains of anything else, of keys that are no words, of doubles."""
        if self.node.id != "mapping":
            raise self.complaint(f"expected a mapping (key: value), found {self.found}")
        pairs: dict[str, Entry] = {}
        for key, value in self.node.value:
            line = key.start_mark.line + 1
            if key.id != "scalar" or not key.value or str(key.tag) == NULL:
                raise ConfigError(self.path, line, self.key, "has a key that is not a word")
            child = Entry(path=self.path, node=value, key=f"{self.key}.{key.value}".lstrip("."), line=line)
            if key.value in pairs:
                raise child.complaint(f"is given twice, first on line {pairs[key.value].line}")
            pairs[key.value] = child
        return pairs

    def fields(
        self, known: Collection[str], *, required: Collection[str] = (), sections: Collection[str] = ()
    ) -> dict[str, Entry]:
        """The same for a mapping whose keys are known.

        A key without a value is complained of: it may be all that is left of what somebody commented out. One of
        ``sections`` counts as left out then.
        """
        pairs = self.pairs()
        for name, child in pairs.items():
            if name not in known:
                raise child.complaint(f"unknown key{did_you_mean(name, known)}; {one_of(known)}".replace("?;", "?"))
            if child.is_null and name not in sections:
                raise child.complaint("is empty; expected a value, or the key left out")
        for name in required:
            if name not in pairs:
                raise self.complaint(f'needs the key "{name}"')
        return {name: child for name, child in pairs.items() if not child.is_null}

    def items(self) -> list[Entry]:
        """Members of a list."""
        if self.node.id != "sequence":
            raise self.complaint(f"expected a list, found {self.found}")
        return [
            Entry(path=self.path, node=node, key=f"{self.key}[{index}]", line=node.start_mark.line + 1)
            for index, node in enumerate(self.node.value)
        ]

    def one_or_more(self) -> list[Entry]:
        """Members of a list, or the value itself; an empty list is complained of."""
        entries = self.items() if self.is_list else [self]
        if not entries:
            raise self.complaint("is an empty list")
        return entries

    # -- values --

    def text(self) -> str:
        """Words; numbers and days count as such, as they stand."""
        if self.node.id != "scalar" or self.is_null:
            raise self.complaint(f"expected text, found {self.found}")
        if not self.raw.strip():
            raise self.complaint("is empty")
        return self.raw

    def flag(self) -> bool:
        """``true`` or ``false``."""
        if str(self.node.tag) != BOOL:
            raise self.complaint(f"expected true or false, found {self.found}")
        return self.raw.casefold() == "true"

    def read(self, reader: Callable[[str], Value]) -> Value:
        """What ``reader`` makes of the words; its ``ValueError`` becomes a complaint with what was found."""
        text = self.text()
        try:
            return reader(text)
        except ValueError as error:
            problem = str(error)
        raise self.complaint(problem if "found" in problem else f"{problem}, found {self.found}")

    def whole(self, low: int, high: int) -> int:
        """A whole number within bounds."""
        text = self.text()
        if not text.isascii() or not text.isdigit() or len(text) > 18 or not low <= int(text) <= high:
            raise self.complaint(f"expected a whole number from {low} to {high}, found {self.found}")
        return int(text)

    def choice(self, options: Collection[str], what: str = "value") -> str:
        """One of some words."""
        text = self.text()
        if text not in options:
            raise self.complaint(unknown(what, text, options))
        return text


def unknown(what: str, word: str, options: Collection[str]) -> str:
    """``unknown channel "dekc"; did you mean "desk"? expected one of desk, operators``."""
    return f'unknown {what} "{word}"{did_you_mean(word, options)}; {one_of(options)}'.replace("?;", "?")
