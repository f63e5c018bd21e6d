"""The files that lexicons are written in, read quickly, and what is kept of them for the next start.

A lexicon is compiled like a module: what was made of its files stands in ``lexicons/__pycache__/``, where that can be
written, and is told to be of these files by their contents, which survive the copying that times do not. Whatever is
wrong with it, the files are read instead.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from monitor.language import phrases, text


def read_yaml(text: str) -> dict[str, Any]:
    """A YAML mapping with every scalar a string. Built from the parser's events, which takes a third of the time that
    a loader with its resolvers and constructors does, and that is most of what the first start costs."""
    import yaml  # late: where something is kept, no start needs it

    # All scalars stay strings; the C parser where the wheel has it (ten times quicker).
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    stack: list[Any] = []
    keys: list[str | None] = []
    root: dict[str, Any] = {}
    for event in yaml.parse(text, Loader=loader):
        kind = type(event)
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = event.value
        elif kind is yaml.MappingStartEvent:
            value = {}
        elif kind is yaml.SequenceStartEvent:
            value = []
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            stack.pop()
            keys.pop()
            continue
        else:
            continue
        if not stack:
            root = value
        elif isinstance(stack[-1], list):
            stack[-1].append(value)
        elif keys[-1] is None:
            keys[-1] = value
            continue
        else:
            stack[-1][keys[-1]] = value
            keys[-1] = None
        if kind is not yaml.ScalarEvent:
            stack.append(value)
            keys.append(None)
    return root


def names(
    lines: str, refused: frozenset[str], endings: Sequence[str], suffixes: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, str]]:
    """(role, code, name) of countries and their people in names.tsv, but the ``refused``: countries with the
    ``endings`` of the possessive too, and plurals of adjectives by their ``suffixes``."""
    tails = tuple(endings)
    for line in lines.splitlines():
        code, role, name = line.split("\t")
        if name.lower() in refused:
            continue
        yield _NAME_ROLES[role], code, name
        if role == "country" and name[-1].isalpha() and not name.endswith(tails):
            for ending in endings:
                yield "countries", code, name + ending  # "Syrias" for "Syria's": feeds lose apostrophes
        if role == "demonym":
            for plural, adjectives in sorted(suffixes.items()):
                if name.endswith(tuple(adjectives)):
                    yield "peoples", code, name + plural


def opened(language: str, maker: str) -> tuple[dict[str, bytes], Store]:
    """The files of a language by their names, and where is kept what the module ``maker`` made of them."""
    package = resources.files("monitor.language")
    folder = package / "lexicons" / language
    files = {f.name: f.read_bytes() for f in folder.iterdir() if f.name.endswith((".yaml", ".tsv"))}
    parts = [part for name in sorted(files) for part in (name.encode(), files[name])]
    try:
        parts += [Path(module).read_bytes() for module in (maker, __file__, phrases.__file__, text.__file__)]
    except OSError:
        return files, Store(None, ())  # modules without their source: nothing tells whether they are the same
    return files, Store(folder, parts)


class Store:
    """Where what was made of a folder's files is kept; ``parts`` are all bytes that it was made of."""

    def __init__(self, folder: Traversable | None, parts: Iterable[bytes]) -> None:
        tag = sys.implementation.cache_tag
        self._path: Path | None = None
        if isinstance(folder, Path) and tag is not None:
            self._path = folder.parent / "__pycache__" / f"{folder.name}.{tag}.lexicon"
        made_of = blake2b()
        for part in parts:
            made_of.update(len(part).to_bytes(8, "big") + part)
        self._made_of = made_of.digest()

    def _seal(self, payload: bytes) -> bytes:
        return blake2b(payload, key=self._made_of).digest()

    def read(self) -> Any:
        """What was written, or None where nothing was that is of the same parts, and whole."""
        if self._path is None:
            return None
        try:
            content = self._path.read_bytes()
        except OSError:
            return None
        seal, payload = content[:_SEAL], content[_SEAL:]
        return marshal.loads(payload) if seal == self._seal(payload) else None  # noqa: S302  as trusted as bytecode

    def write(self, value: Any) -> None:
        """Keep a value of plain types for the next ``read``, where that can be."""
        if self._path is None:
            return
        payload = marshal.dumps(value)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(exist_ok=True)
            beside.write_bytes(self._seal(payload) + payload)
            beside.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)


#: bytes of a seal
_SEAL = blake2b().digest_size
_NAME_ROLES = {"country": "countries", "demonym": "demonyms", "capital": "capitals"}
