"""Letters in a notation: the templates, ours or a reader's own, in Jinja2's sandbox. Pure.

A template sees a ``Letter`` (or, for several alerts, a ``Digest``) and nothing else. What it prints is escaped for its
notation, unless it is an address that ``text.link`` has made safe (``|address``). A template of a reader's own stands
in for the one of ours with the same file name; what it may say is checked beforehand (``wording.py``).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import ChoiceLoader, DictLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.message.digest import Digest
from monitor.message.letter import SUBJECT_LIMIT, Letter
from monitor.message.text import clean, cut, markdown

#: file name -> what it is given; the order in which a message is written
TEMPLATES: dict[str, type[Letter] | type[Digest]] = {
    "subject.txt": Letter,
    "plain.txt": Letter,
    "message.html": Letter,
    "message.md": Letter,
    "together-subject.txt": Digest,
    "together.txt": Digest,
    "together.html": Digest,
    "together.md": Digest,
    "brief.txt": Digest,
    "brief.md": Digest,
}
#: characters that a template may write; what is longer is a mistake, and no service takes it
LONGEST = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Templates of a reader's own."""

    #: name of their folder
    name: str
    #: (file name, source), in the order of the names
    files: tuple[tuple[str, str], ...]


class UnspeakableError(Exception):
    """A template of a reader's own cannot write this message; ``str()`` names it and says why."""


def write(template: str, letter: Letter | Digest, wording: Wording | None = None) -> str:
    """A letter as a template writes it, ending in one line break; empty lines stand alone."""
    notation = template.rpartition(".")[2]
    try:
        pieces = environment(notation, wording).get_template(template).generate(letter=letter)
        text = _joined(pieces).strip()
    except (TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError) as error:
        if wording is None:
            raise
        raise UnspeakableError(f"templates/{wording.name}/{template}: {error}") from error
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def headed(template: str, letter: Letter | Digest, wording: Wording | None) -> Letter | Digest:
    """The letter with the subject that a reader's own template gives it."""
    if wording is None or template not in dict(wording.files):
        return letter
    subject = cut(clean(write(template, letter, wording)), SUBJECT_LIMIT)
    return dataclasses.replace(letter, subject=subject or letter.subject)


def source(template: str) -> str:
    """A template as we ship it."""
    loader = environment(template.rpartition(".")[2], None).loader
    assert loader is not None
    return loader.get_source(environment("txt", None), template)[0]


def _joined(pieces: Iterator[str]) -> str:
    written, length = [], 0
    for piece in pieces:
        written.append(piece)
        length += len(piece)
        if length > LONGEST:
            raise ValueError(f"writes more than {LONGEST} characters")
    return "".join(written)


@lru_cache(64)
def environment(notation: str, wording: Wording | None) -> ImmutableSandboxedEnvironment:
    ours = PackageLoader("monitor.message")
    environment = ImmutableSandboxedEnvironment(
        loader=ours if wording is None else ChoiceLoader([DictLoader(dict(wording.files)), ours]),
        undefined=StrictUndefined,
        autoescape=notation == "html",
        finalize={"md": _for_markdown, "txt": str}.get(notation),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = Markup
    return environment


def _for_markdown(value: object) -> str:
    return str(value) if isinstance(value, Markup) else markdown(str(value))
