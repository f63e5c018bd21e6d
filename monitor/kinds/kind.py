"""What an event kind is made of, and the types its slots can have.

A kind is a folder beside this file:

    facts.py    the frozen record of its slots, each declared with ``slot(type)``
    find.py     a document's sentences -> findings (roles of the lexicon, no words)
    link.py     which claims tell of one real event, what a new claim changes; said.py is what it asks of each of them
    words.py    how a person is told of it: headline, who, how much

found by its name, when it is first needed; its one line in the registry ``KINDS`` is a ``Kind``.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import importlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from monitor.model import Facts

if TYPE_CHECKING:
    from monitor.kinds.linking import Link
    from monitor.kinds.wording import Words
    from monitor.language.document import Document
    from monitor.model import Event

#: a kind's find.py: the events of a document, one a fact; pure, in any order
Finder = Callable[["Document"], "Iterable[Event]"]


class SlotType(enum.StrEnum):
    """Types of slots; the operators a rule may use on a slot follow from its type (rules.py)."""

    ACTOR = "actor"  #: ISO 3166 alpha-3 code, or an organisation's usual name; None when not said
    ACTORS = "actors"  #: alphabetical tuple of actors; empty when not said
    NUMBER = "number"  #: whole number, or None
    MONEY = "money"  #: whole number in units of the event's currency, or None
    CURRENCY = "currency"  #: ISO 4217, or None
    CHOICE = "choice"  #: one of the slot's choices, or None
    CHOICES = "choices"  #: alphabetical tuple of choices; empty when not said
    DAY = "day"  #: datetime.date, or None
    PLACE = "place"  #: name of a place as the text has it, or None
    PHRASE = "phrase"  #: the text's own words, or None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot of a kind: its name, type, and what it may hold."""

    name: str
    type: SlotType
    #: for CHOICE and CHOICES, in ladder order where there is one
    choices: tuple[str, ...] = ()
    #: for CHOICE: the leading choices that form a ladder (a later one is "further")
    ladder: tuple[str, ...] = ()


QUALIFIERS = ("exact", "about", "at_least", "up_to", "nearly", "vague")


def slot(type: SlotType, *, choices: tuple[str, ...] = (), ladder: tuple[str, ...] = ()) -> Any:
    """A dataclass field of a facts record. Lists default to empty, everything else to None."""
    empty = () if type in (SlotType.ACTORS, SlotType.CHOICES) else None
    return dataclasses.field(default=empty, metadata={"type": type, "choices": choices, "ladder": ladder})


def slots_of(facts: type[Facts]) -> dict[str, Slot]:
    """The slots of a facts record by name, in the order of the guidelines."""
    return {
        f.name: Slot(name=f.name, type=f.metadata["type"], choices=f.metadata["choices"], ladder=f.metadata["ladder"])
        for f in dataclasses.fields(facts)
    }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An event kind: its facts, and what the engine asks of it."""

    #: the kind's name in the contract's JSON and in rules
    name: str
    #: the record of its slots
    facts: type[Facts]
    #: what it is called in messages and help ("aid pledge")
    title: str

    @property
    def slots(self) -> dict[str, Slot]:
        """The slots by name."""
        return slots_of(self.facts)

    @property
    def find(self) -> Finder:
        """The events that a document tells, one a fact: the kind's find.py."""
        return cast("Finder", _part(self.name, "find").find)

    @property
    def link(self) -> Link:
        """Which claims tell of one event, and what a new one changes: the kind's link.py."""
        return cast("Link", _part(self.name, "link"))

    @property
    def words(self) -> Words:
        """How a person is told of it: the kind's words.py."""
        return cast("Words", _part(self.name, "words"))


@functools.cache
def _part(kind: str, part: str) -> Any:
    """A module of a kind's folder, imported when it is first asked for: reading a text needs no wording of alerts."""
    return importlib.import_module(f"monitor.kinds.{kind}.{part}")
