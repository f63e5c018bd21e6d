"""Reading what a rule asks about: values, figures, sums, and how reasons show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from monitor.kinds.kind import SlotType
from monitor.kinds.rates import convert
from monitor.kinds.voices import independent
from monitor.rules.conditions import Operand, Sight, Subject, SubjectType

_LISTS = (SlotType.ACTORS, SlotType.CHOICES, SubjectType.SLOTS)
#: figures of which a text may tell a range or a vague number, in the slots "low" and "high"
_RANGED = ("count", "amount")


def read(subject: Subject, sight: Sight) -> Any:
    """The value of a subject other than text."""
    claim = sight.change.claim
    match subject.name:
        case "outlets":
            return independent(sight.change.known.claims)
        case "confidence":
            return claim.event.confidence
        case "outlet":
            return claim.outlet
        case "source":
            return claim.source
        case "change":
            return sight.change.type.value
        case "moved":
            return tuple(sight.change.fields)
        case slot:
            return sight.value(slot)


def values(subject: Subject, sight: Sight) -> tuple[Any, ...]:
    """The same as a tuple: empty when nothing is known."""
    value = read(subject, sight)
    if subject.type in _LISTS:
        return tuple(value)
    return () if value is None or value == "" else (value,)


def is_known(subject: Subject, sight: Sight) -> bool:
    """Whether a slot holds anything; a range makes a figure known."""
    names = (subject.name, "low", "high") if subject.name in _RANGED else (subject.name,)
    return any(sight.value(name) not in (None, ()) for name in names)


def figure(subject: Subject, sight: Sight, *, highest_first: bool = False) -> tuple[Any, str]:
    """A figure and what it is; of a range or a vague number its careful end (``low``, or ``high`` for upper bounds)."""
    if isinstance(subject.type, SubjectType):
        return read(subject, sight), subject.name
    return _figure(subject.name, sight.value, highest_first=highest_first)


def earlier_figure(subject: Subject, sight: Sight) -> Any:
    """The figure before: when the rule last fired if that is known, else before this change."""
    if subject.name == "outlets":
        others = [claim for claim in sight.change.known.claims if claim is not sight.change.claim]
        return independent(others) if others else None
    return _figure(subject.name, sight.earlier)[0]


def _figure(name: str, look: Callable[[str], Any], *, highest_first: bool = False) -> tuple[Any, str]:
    exact = look(name)
    if exact is not None or name not in _RANGED:
        return exact, name
    ends = ("high", "low") if highest_first else ("low", "high")
    return next(((look(end), f"{name} ({end})") for end in ends if look(end) is not None), (None, name))


def in_currency(amount: int | None, currency: str | None, wanted: str, sight: Sight) -> int | None:
    """A sum in the wanted currency at the rates of its time; None where it or its currency is not known."""
    return None if amount is None or currency is None else convert(amount, currency, wanted, sight.day)


# --- showing ---------------------------------------------------------------------------------------------------------


def shown(value: Operand) -> str:
    """A value as reasons show it: 5,000; 0.8; 100,000,000 USD; UKR."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def listing(members: Iterable[Operand], word: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *rest, last = [shown(member) for member in members]
    return f"{', '.join(rest)} {word} {last}" if rest else last
