"""The ``where`` of a rule: YAML -> conditions, checked against the slots of the kind and the types of the operators.

where:
  recipient: [UKR]                     # a list means any of these
  amount|at_least: 100 million USD     # an operator follows a bar
  any:                                 # a group: any, all, not
    - {status: approved}
    - {confidence|at_least: 0.8}
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from monitor.config import codes, scalars
from monitor.config.document import Entry, did_you_mean, one_of
from monitor.kinds.kind import SlotType
from monitor.model import ChangeType
from monitor.rules.conditions import (
    AllOf,
    AnyOf,
    Ask,
    Condition,
    Money,
    Not,
    Operand,
    Subject,
    SubjectType,
    subjects_of,
)
from monitor.rules.operators import OPERATORS, OperandKind, Operator, operators_for

GROUPS = ("all", "any", "not")


def read_where(
    entry: Entry, kind: str, sources: Collection[str], on: Collection[ChangeType] = tuple(ChangeType)
) -> Condition:
    """The condition of a rule on a kind.

    ``sources`` are the names that ``source`` may have; ``on`` the changes that the rule hears of: a ``change`` that is
    none of them could never hold.
    """
    subjects = subjects_of(kind)
    heard = tuple(type.value for type in ChangeType if type in on)
    return _lines(entry, subjects | {"change": replace(subjects["change"], choices=heard)}, kind, sources)


def _lines(entry: Entry, subjects: dict[str, Subject], kind: str, sources: Collection[str]) -> AllOf:
    pairs = entry.pairs()
    if not pairs:
        raise entry.complaint("holds no condition")
    return AllOf(parts=tuple(_line(name, value, subjects, kind, sources) for name, value in pairs.items()))


def _line(name: str, entry: Entry, subjects: dict[str, Subject], kind: str, sources: Collection[str]) -> Condition:
    if name in GROUPS:
        return _group(name, entry, subjects, kind, sources)
    subject_name, bar, operator_name = (part.strip() for part in name.partition("|"))
    subject = subjects.get(subject_name)
    if subject is None:
        hint = did_you_mean(subject_name, (*subjects, *GROUPS))
        raise entry.complaint(f"unknown slot of {kind}{hint or ';'} {one_of((*subjects, *GROUPS))}")
    operator = _operator(entry, subject, operator_name, bar=bool(bar))
    operands = tuple(_operand(member, subject, operator, sources) for member in _members(entry, operator))
    return Ask(subject=subject, operator=operator.name, operands=operands)


def _group(name: str, entry: Entry, subjects: dict[str, Subject], kind: str, sources: Collection[str]) -> Condition:
    """``any``, ``all``, ``not`` of a list of mappings or of the lines of one; ``not`` of a list refuses each member."""
    if entry.is_list:
        parts: tuple[Condition, ...] = tuple(_lines(each, subjects, kind, sources) for each in entry.one_or_more())
        return Not(part=AnyOf(parts=parts)) if name == "not" else (AnyOf if name == "any" else AllOf)(parts=parts)
    lines = _lines(entry, subjects, kind, sources)
    return Not(part=lines) if name == "not" else AnyOf(parts=lines.parts) if name == "any" else lines


def _operator(entry: Entry, subject: Subject, name: str, *, bar: bool) -> Operator:
    fitting = operators_for(subject)
    expected = one_of(f"{subject.name}|{operator}" if operator else subject.name for operator in fitting)
    if not bar and "" not in fitting:
        raise entry.complaint(f"needs an operator; {expected}")
    if bar and (not name or name not in OPERATORS):
        raise entry.complaint(f'unknown operator "{name}"{did_you_mean(name, fitting)}; {expected}'.replace("?;", "?"))
    if name not in fitting:
        raise entry.complaint(f'"{name}" does not fit {subject.name}, which is {_about(subject)}; {expected}')
    return OPERATORS[name]


def _about(subject: Subject) -> str:
    if subject.type in (SlotType.CHOICE, SlotType.CHOICES) and subject.choices:
        return f"one of {', '.join(subject.choices)}"
    return _ABOUT[subject.type]


#: what the choices of some subjects are called
_CHOICE = {"moved": "slot"}

_ABOUT: dict[SlotType | SubjectType, str] = {
    SlotType.ACTOR: "a country or organisation",
    SlotType.ACTORS: "a list of countries and organisations",
    SlotType.NUMBER: "a number",
    SlotType.MONEY: "a sum of money",
    SlotType.CURRENCY: "a currency",
    SlotType.CHOICE: "a choice",
    SlotType.CHOICES: "a list of choices",
    SlotType.DAY: "a day",
    SlotType.PLACE: "a place",
    SlotType.PHRASE: "text",
    SubjectType.COUNT: "a number",
    SubjectType.SHARE: "a number from 0 to 1",
    SubjectType.TEXT: "text",
    SubjectType.NAME: "a name",
    SubjectType.TYPE: "a type of change",
    SubjectType.SLOTS: "a list of slots",
}


def _members(entry: Entry, operator: Operator) -> list[Entry]:
    if entry.is_mapping:
        raise entry.complaint("expected a value or a list of values, found a mapping")
    members = entry.one_or_more()
    if len(members) > 1 and not operator.many:
        raise entry.complaint(f'"{operator.name}" takes one value, not a list')
    return members


def _operand(entry: Entry, subject: Subject, operator: Operator, sources: Collection[str]) -> Operand:
    match operator.operands:
        case OperandKind.FLAG:
            return entry.flag()
        case OperandKind.WORDS:
            return entry.text()
        case OperandKind.RISE:
            return entry.read(_rise_of_money if subject.type is SlotType.MONEY else scalars.rise)
    if subject.ladder and operator.rungs:
        return entry.choice(subject.ladder, f"rung of {subject.name}")
    if subject.type is SubjectType.TYPE and entry.choice(tuple(ChangeType), "type of change") not in subject.choices:
        raise entry.complaint(f'the rule never hears of "{entry.raw}"; its "on" has {", ".join(subject.choices)}')
    if subject.choices:
        return entry.choice(subject.choices, _CHOICE.get(subject.name, subject.name))
    if subject.name == "source":
        return entry.choice(sources, "source")
    operand: Operand = entry.read(_READERS[subject.type])
    return operand


def _money(text: str) -> Money:
    sum = scalars.money(text)
    codes.comparable_currency(sum.currency)
    return sum


def _rise_of_money(text: str) -> Operand:
    return scalars.rise(text) if text.strip().endswith("%") else _money(text)


_READERS: dict[SlotType | SubjectType, Callable[[str], Any]] = {
    SlotType.ACTOR: codes.actor,
    SlotType.ACTORS: codes.actor,
    SlotType.NUMBER: scalars.quantity,
    SlotType.MONEY: _money,
    SlotType.CURRENCY: codes.currency,
    SlotType.DAY: scalars.day,
    SlotType.PLACE: codes.place,
    SlotType.PHRASE: str.strip,
    SubjectType.COUNT: scalars.quantity,
    SubjectType.SHARE: scalars.share,
    SubjectType.NAME: str.strip,
}
