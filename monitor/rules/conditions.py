"""What a rule asks of a change: conditions, and what each of them found.

A condition is a tree of ``AllOf``, ``AnyOf``, ``Not`` and ``Ask``. ``judge`` walks it and returns a ``Verdict`` whose
reason can be shown to a person, for silence as well ("amount 50,000,000 USD is below 100,000,000 USD").

**Which facts are judged.** What is held of the event after the change; where that says nothing, the claim that made the
change. For ``disputed`` and ``withdrawn`` it is the other way round: there the claim is the news.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.kinds import KINDS
from monitor.kinds.kind import SlotType
from monitor.model import Change, ChangeType, Facts, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A sum that a rule names."""

    #: in units of the currency
    amount: int
    #: ISO 4217
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percent:
    """A relative rise: 10 is a tenth more."""

    value: float

    def __str__(self) -> str:
        return f"{self.value:g} %"


#: what a rule may compare with
Operand = str | int | float | bool | date | Money | Percent


class SubjectType(enum.StrEnum):
    """Types of what a rule can ask about beside the slots of a kind."""

    COUNT = "count"  #: whole number, always known
    SHARE = "share"  #: 0 to 1
    TEXT = "text"  #: words of the item, only searched
    NAME = "name"  #: name of an outlet or source
    TYPE = "type"  #: a change type
    SLOTS = "slots"  #: names of slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one line of a rule asks about: a slot of the kind, or one of ``SUBJECTS``."""

    name: str
    type: SlotType | SubjectType
    choices: tuple[str, ...] = ()
    ladder: tuple[str, ...] = ()


#: what every rule can ask about, whatever its kind
SUBJECTS: Mapping[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject(name="outlets", type=SubjectType.COUNT),
        Subject(name="confidence", type=SubjectType.SHARE),
        Subject(name="text", type=SubjectType.TEXT),
        Subject(name="title", type=SubjectType.TEXT),
        Subject(name="outlet", type=SubjectType.NAME),
        Subject(name="source", type=SubjectType.NAME),
        Subject(name="change", type=SubjectType.TYPE, choices=tuple(ChangeType)),
        Subject(name="moved", type=SubjectType.SLOTS),
    )
}


def subjects_of(kind: str) -> dict[str, Subject]:
    """All that a rule on this kind can ask about, by name: its slots first."""
    slots = KINDS[kind].slots
    own = {s.name: Subject(name=s.name, type=s.type, choices=s.choices, ladder=s.ladder) for s in slots.values()}
    moved = dataclasses.replace(SUBJECTS["moved"], choices=tuple(slots))
    return own | dict(SUBJECTS) | {"moved": moved}


# --- conditions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One line of a rule: ``subject|operator: operands``."""

    subject: Subject
    #: key of OPERATORS; "" for "is one of"
    operator: str = ""
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Holds if all parts hold; an empty one always does."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Holds if at least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Holds if the part does not."""

    part: Condition


Condition = AllOf | AnyOf | Not | Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one condition came to."""

    holds: bool
    #: in words, with the values that decided
    reason: str


# --- what they look at -----------------------------------------------------------------------------------------------


def same(inner: str, outer: str) -> bool:
    """Containment for whoever has no gazetteer: a name lies in itself alone."""
    return inner.casefold() == outer.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Geography:
    """What rules know of the world, handed in by the caller."""

    #: does the first place lie in the second (a place's name, or a country's code)?
    place_in: Callable[[str, str], bool] = same
    #: does the first actor count as the second (WFP as UN)?
    actor_in: Callable[[str, str], bool] = same


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All that the conditions of one rule look at."""

    change: Change
    #: the item of the claim; None where only the claim is at hand, then its title and evidence are searched
    item: Item | None = None
    #: what was held when the rule last fired for this event; None if it never did, or nobody remembers
    told: Facts | None = None
    geography: Geography = Geography()

    @property
    def day(self) -> date:
        """The day whose rates serve: of publication, or when the claim was taken in."""
        claim = self.change.claim
        return claim.published or claim.seen.date()

    def value(self, slot: str) -> Any:
        """What a slot holds: see "Which facts are judged" at the top of the module."""
        views: Sequence[Facts] = (self.change.known.facts, self.change.event.facts)
        if self.change.type in (ChangeType.DISPUTED, ChangeType.WITHDRAWN):
            views = views[::-1]
        first, second = (getattr(view, slot) for view in views)
        return second if first in (None, ()) else first

    def earlier(self, slot: str) -> Any:
        """What the slot held before: when the rule last fired if that is known, else before this change."""
        if self.told is not None:
            return getattr(self.told, slot)
        if self.change.type is ChangeType.NEW:
            return None
        return self.change.fields[slot][0] if slot in self.change.fields else self.value(slot)

    def words(self, field: str) -> str:
        """The item's text (with its title) or its title."""
        claim, item = self.change.claim, self.item
        title = claim.title if item is None else item.title
        return title if field == "title" else f"{title}\n{claim.event.evidence.text if item is None else item.text}"
