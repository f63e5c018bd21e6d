"""The operators of rules: which types of subject each fits, and how it judges.

A rule writes ``subject|operator: operands``. Without an operator a value must be one of the operands. An addition is a
function and a line in ``OPERATORS``; config/conditions.py reads the operands that its line asks for.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monitor.kinds.kind import SlotType
from monitor.kinds.rates import convert
from monitor.rules.conditions import (
    AllOf,
    AnyOf,
    Ask,
    Condition,
    Money,
    Not,
    Operand,
    Percent,
    Sight,
    Subject,
    SubjectType,
    Verdict,
)
from monitor.rules.readings import earlier_figure, figure, in_currency, is_known, listing, shown, values


class OperandKind(enum.StrEnum):
    """What an operator is compared with, where that does not follow from its subject."""

    AS_SUBJECT = "a value as the subject has it"
    RISE = "a percentage or a number"
    FLAG = "true or false"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operator: what it fits, what it takes, and what it finds."""

    #: as rules write it; "" for none
    name: str
    #: types of subject that it fits
    fits: frozenset[SlotType | SubjectType]
    judge: Callable[[Ask, Sight], Verdict]
    operands: OperandKind = OperandKind.AS_SUBJECT
    #: whether a rule may give a list
    many: bool = False
    #: whether the subject has to have a ladder, if it is a choice
    ladder: bool = False
    #: whether the operands have to be rungs of it
    rungs: bool = False
    #: whether it asks what was held before (``Sight.earlier``)
    looks_back: bool = False


def judge(condition: Condition, sight: Sight) -> Verdict:
    """What a condition comes to for one change, and why."""
    match condition:
        case AllOf(parts=parts):
            return _all_of([judge(part, sight) for part in parts])
        case AnyOf(parts=parts):
            return _any_of([judge(part, sight) for part in parts])
        case Not(part=part):
            inner = judge(part, sight)
            return Verdict(holds=not inner.holds, reason=f"not wanted: {inner.reason}" if inner.holds else inner.reason)
        case Ask():
            return OPERATORS[condition.operator].judge(condition, sight)


def _all_of(verdicts: list[Verdict]) -> Verdict:
    failed = next((verdict for verdict in verdicts if not verdict.holds), None)
    return failed or Verdict(holds=True, reason="; ".join(v.reason for v in verdicts) or "no condition")


def _any_of(verdicts: list[Verdict]) -> Verdict:
    held = next((verdict for verdict in verdicts if verdict.holds), None)
    return held or Verdict(holds=False, reason=" and ".join(v.reason for v in verdicts) or "nothing to choose from")


# --- one of, all, known, contains ------------------------------------------------------------------------------------


def _equal(subject: Subject, value: Any, wanted: Operand, sight: Sight) -> bool:
    if subject.type is SlotType.PLACE:
        return sight.geography.place_in(value, str(wanted))
    if subject.type in (SlotType.ACTOR, SlotType.ACTORS):
        return sight.geography.actor_in(value, str(wanted))
    if isinstance(wanted, Money):
        return in_currency(value, sight.value("currency"), wanted.currency, sight) == wanted.amount
    if isinstance(value, str):
        return value.casefold() == str(wanted).casefold()
    return bool(value == wanted)


def _one_of(ask: Ask, sight: Sight) -> Verdict:
    name, held = ask.subject.name, values(ask.subject, sight)
    if not held:
        return Verdict(holds=False, reason=f"{name} is not known" if name != "moved" else "nothing moved")
    for wanted in ask.operands:
        for value in held:
            if _equal(ask.subject, value, wanted, sight):
                aside = "" if shown(value).casefold() == shown(wanted).casefold() else f", which counts as {wanted}"
                return Verdict(holds=True, reason=f"{name} is {shown(value)}{aside}")
    return Verdict(holds=False, reason=f"{name} is {listing(held, 'and')}, not {listing(ask.operands)}")


def _all(ask: Ask, sight: Sight) -> Verdict:
    name, held = ask.subject.name, values(ask.subject, sight)
    missing = [w for w in ask.operands if not any(_equal(ask.subject, value, w, sight) for value in held)]
    if missing:
        there = f"are {listing(held, 'and')}" if held else "are not known"
        return Verdict(holds=False, reason=f"{name} {there}, without {listing(missing, 'and')}")
    return Verdict(holds=True, reason=f"{name} are {listing(held, 'and')}")


def _known(ask: Ask, sight: Sight) -> Verdict:
    known = is_known(ask.subject, sight)
    reason = f"{ask.subject.name} is {'known' if known else 'not known'}"
    return Verdict(holds=known is bool(ask.operands[0]), reason=reason)


def contains(text: str, phrase: str) -> bool:
    """Whether a text has a phrase as whole words, whatever its case and blanks: "aid" is not in "said"."""
    text, phrase = " ".join(text.casefold().split()), " ".join(phrase.casefold().split())
    at = text.find(phrase)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(phrase) : at + len(phrase) + 1]
        if not (before.isalnum() and phrase[0].isalnum()) and not (after.isalnum() and phrase[-1].isalnum()):
            return True
        at = text.find(phrase, at + 1)
    return False


def _contains(ask: Ask, sight: Sight) -> Verdict:
    name = ask.subject.name
    searched = sight.words(name) if ask.subject.type is SubjectType.TEXT else " ".join(values(ask.subject, sight))
    hit = next((wanted for wanted in ask.operands if contains(searched, str(wanted))), None)
    if hit is None:
        return Verdict(holds=False, reason=f'{name} does not contain "{listing(ask.operands)}"')
    return Verdict(holds=True, reason=f'{name} contains "{hit}"')


# --- bounds ----------------------------------------------------------------------------------------------------------

_BOUNDS: dict[str, tuple[Callable[[Any, Any], bool], str, str]] = {
    "at_least": (lambda value, bound: value >= bound, "at least", "below"),
    "at_most": (lambda value, bound: value <= bound, "at most", "above"),
    "above": (lambda value, bound: value > bound, "above", "not above"),
    "below": (lambda value, bound: value < bound, "below", "not below"),
    "since": (lambda value, bound: value >= bound, "on or after", "before"),
    "until": (lambda value, bound: value <= bound, "on or before", "after"),
}


def _bound(ask: Ask, sight: Sight) -> Verdict:
    (wanted,) = ask.operands
    if ask.subject.type is SlotType.CHOICE:
        return _rung(ask, sight)
    value, name = figure(ask.subject, sight, highest_first=ask.operator in ("at_most", "below"))
    if value is None:
        return Verdict(holds=False, reason=f"{name} is not known")
    if isinstance(wanted, Money):
        return _in_money(ask, name, value, sight, wanted)
    return _compare(ask, f"{name} {shown(value)}", value, wanted, wanted)


def _in_money(ask: Ask, name: str, value: int, sight: Sight, wanted: Money) -> Verdict:
    currency = sight.value("currency")
    if currency is None:
        return Verdict(holds=False, reason=f"currency of {name} {value:,} is not known")
    inside = convert(value, currency, wanted.currency, sight.day)
    if inside is None:
        return Verdict(holds=False, reason=f"no reference rate from {currency} to {wanted.currency}")
    about = "" if currency == wanted.currency else f" (about {inside:,} {wanted.currency})"
    return _compare(ask, f"{name} {value:,} {currency}{about}", inside, wanted.amount, wanted)


def _compare(ask: Ask, what: str, value: Any, bound: Any, wanted: Operand) -> Verdict:
    holds, yes, no = _BOUNDS[ask.operator]
    result = holds(value, bound)
    return Verdict(holds=result, reason=f"{what} is {yes if result else no} {shown(wanted)}")


def _rung(ask: Ask, sight: Sight) -> Verdict:
    """``status|at_least: pledged``: at this rung of the ladder or beyond; what is off the ladder is neither."""
    (wanted,) = ask.operands
    ladder, value = ask.subject.ladder, sight.value(ask.subject.name)
    if value not in ladder:
        off = "is not known" if value is None else f"{value} is not on the way to {wanted}"
        return Verdict(holds=False, reason=f"{ask.subject.name} {off}")
    return _compare(ask, f"{ask.subject.name} {value}", ladder.index(value), ladder.index(str(wanted)), wanted)


# --- moves -----------------------------------------------------------------------------------------------------------


def _reaches(ask: Ask, sight: Sight) -> Verdict:
    """Whether this change takes a status or figure to, or past, one of these; off a ladder it just gets there."""
    if ask.subject.type is not SlotType.CHOICE:
        return _passes(ask, sight)
    name, ladder = ask.subject.name, ask.subject.ladder
    now, before = sight.value(name), sight.earlier(name)
    reached = [wanted for wanted in ask.operands if _stands(now, str(wanted), ladder)]
    if not reached:
        return Verdict(holds=False, reason=f"{name} is {now or 'not known'}, not yet {listing(ask.operands)}")
    if all(_stands(before, str(wanted), ladder) for wanted in reached):
        return Verdict(holds=False, reason=f"{name} was {before} already")
    return Verdict(holds=True, reason=f"{name} reaches {now}" + (f", was {before}" if before else ""))


def _stands(value: str | None, rung: str, ladder: tuple[str, ...]) -> bool:
    """Whether a status is a rung or beyond it."""
    return value == rung or (value in ladder and rung in ladder and ladder.index(value) >= ladder.index(rung))


def _passes(ask: Ask, sight: Sight) -> Verdict:
    """``count|reaches: [100, 1000]``: once for each bound that is passed from below."""
    verdicts = [_passes_one(ask, wanted, sight) for wanted in sorted(ask.operands, key=_units, reverse=True)]
    return next((verdict for verdict in verdicts if verdict.holds), verdicts[-1])


def _passes_one(ask: Ask, wanted: Operand, sight: Sight) -> Verdict:
    now, before, name = _now_and_before(ask.subject, sight, wanted.currency if isinstance(wanted, Money) else None)
    if now is None:
        return Verdict(holds=False, reason=f"{name} is not known")
    if now < _units(wanted):
        return Verdict(holds=False, reason=f"{name} {now:,} is below {shown(wanted)}")
    if before is not None and before >= _units(wanted):
        return Verdict(holds=False, reason=f"{name} was {before:,} already, at least {shown(wanted)}")
    was = "" if before is None else f", was {before:,}"
    return Verdict(holds=True, reason=f"{name} {now:,} reaches {shown(wanted)}{was}")


def _rises_by(ask: Ask, sight: Sight) -> Verdict:
    """Whether a figure is higher than before by this much; a first figure always is."""
    (wanted,) = ask.operands
    unit = wanted.currency if isinstance(wanted, Money) else sight.value("currency") if _is_money(ask) else None
    now, before, name = _now_and_before(ask.subject, sight, unit)
    if now is None:
        return Verdict(holds=False, reason=f"{name} is not known")
    if before is None:
        return Verdict(holds=True, reason=f"{name} {now:,} is the first figure")
    if now <= before:
        return Verdict(holds=False, reason=f"{name} {now:,} is not above {before:,}")
    least = before * wanted.value / 100 if isinstance(wanted, Percent) else _units(wanted)
    holds = now - before >= least
    by = "by at least" if holds else "by less than"
    return Verdict(holds=holds, reason=f"{name} rises from {before:,} to {now:,}, {by} {wanted}")


def _now_and_before(subject: Subject, sight: Sight, unit: str | None) -> tuple[int | None, int | None, str]:
    """A figure now and before, sums in one currency, and what it is."""
    now, name = figure(subject, sight)
    before = earlier_figure(subject, sight)
    if subject.type is not SlotType.MONEY or now is None:
        return now, before, name
    held = in_currency(now, sight.value("currency"), unit or "", sight)
    if held is None:
        return None, None, f"currency of {name}"
    return held, in_currency(before, sight.earlier("currency"), unit or "", sight), name


def _is_money(ask: Ask) -> bool:
    return ask.subject.type is SlotType.MONEY


def _units(wanted: Operand) -> int:
    return wanted.amount if isinstance(wanted, Money) else int(str(wanted))


_Types = frozenset[SlotType | SubjectType]
_LISTED: _Types = frozenset(SlotType) | {SubjectType.NAME, SubjectType.TYPE, SubjectType.SLOTS, SubjectType.COUNT}
_BOUNDED: _Types = frozenset({SlotType.NUMBER, SlotType.MONEY, SubjectType.COUNT, SubjectType.SHARE})
_LADDERS: _Types = frozenset({SlotType.CHOICE})
_LISTS: _Types = frozenset({SlotType.ACTORS, SlotType.CHOICES})
_FIGURES: _Types = frozenset({SlotType.NUMBER, SlotType.MONEY})
_REACHED: _Types = _LADDERS | _FIGURES | {SubjectType.COUNT}
_DAYS: _Types = frozenset({SlotType.DAY})
_WORDS: _Types = frozenset({SlotType.PHRASE, SlotType.PLACE, SubjectType.TEXT, SubjectType.NAME})

#: name -> operator
OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator(name="", fits=_LISTED, judge=_one_of, many=True),
        Operator(name="all", fits=_LISTS, judge=_all, many=True),
        Operator(name="at_least", fits=_BOUNDED | _LADDERS, judge=_bound, ladder=True, rungs=True),
        Operator(name="at_most", fits=_BOUNDED | _LADDERS, judge=_bound, ladder=True, rungs=True),
        Operator(name="above", fits=_BOUNDED, judge=_bound),
        Operator(name="below", fits=_BOUNDED, judge=_bound),
        Operator(name="since", fits=_DAYS, judge=_bound),
        Operator(name="until", fits=_DAYS, judge=_bound),
        Operator(name="rises_by", fits=_FIGURES, judge=_rises_by, operands=OperandKind.RISE, looks_back=True),
        Operator(name="reaches", fits=_REACHED, judge=_reaches, many=True, ladder=True, looks_back=True),
        Operator(name="contains", fits=_WORDS, judge=_contains, operands=OperandKind.WORDS, many=True),
        Operator(name="known", fits=frozenset(SlotType), judge=_known, operands=OperandKind.FLAG),
    )
}


def operators_for(subject: Subject) -> tuple[str, ...]:
    """Names of the operators that fit a subject; "" first where a plain value does."""
    no_ladder = subject.type is SlotType.CHOICE and not subject.ladder
    return tuple(
        operator.name
        for operator in OPERATORS.values()
        if subject.type in operator.fits and not (operator.ladder and no_ladder)
    )
