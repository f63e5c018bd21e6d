"""Who hears of a change: pure decisions over frozen rules, each with a named reason.

    decide(rules, change)   one Decision a rule: does it fire, and why or why not
    alerts(decisions, news) one Alert a channel, naming the rules that fired

Conditions are in conditions.py, operators in operators.py; config/rules.py reads rules from their files.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from monitor.model import NOTHING, Alert, Change, ChangeType, Facts, Item, News, Severity
from monitor.rules.conditions import (
    AllOf,
    AnyOf,
    Ask,
    Condition,
    Geography,
    Not,
    Sight,
    Verdict,
)
from monitor.rules.operators import OPERATORS, judge
from monitor.rules.world import WORLD

__all__ = ["Decision", "Geography", "Proof", "ProofItem", "Rule", "Story", "alerts", "decide", "hears", "looks_back"]

#: severities from the quietest to the loudest
LOUDNESS = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofItem:
    """One item of a proof: a file, or a text in place."""

    #: the file; None for a text in place
    path: Path | None = None
    #: the text in place, its id made of the rule's stem and its place in the proof; None for a file
    item: Item | None = None
    #: where the rule's file names it, for complaints
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items in order that prove one thing of a rule."""

    #: "proof.fires[0]", for complaints
    key: str
    line: int
    items: tuple[ProofItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a rule promises of itself: run by proof.py."""

    #: the rule fires at least once in each of these
    fires: tuple[Story, ...] = ()
    #: and never in any of these
    silent: tuple[Story, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who wants to know of which changes."""

    #: name of its file without the suffix; unique; what alerts call it
    stem: str
    #: for people
    name: str
    #: its file, as a person would type it; complaints name it
    path: str
    #: key of KINDS
    kind: str
    on: frozenset[ChangeType] = frozenset({ChangeType.NEW, ChangeType.UPDATED})
    where: Condition = field(default_factory=AllOf)
    #: names of channels, in the order of the file
    channels: tuple[str, ...]
    severity: Severity = Severity.INFO
    #: folder of templates that its alerts are written with; None: those of their channel
    template: str | None = None
    #: how often an alert is told again until somebody acknowledges it; None: never
    repeat: timedelta | None = None
    #: who is told too when nobody has for so long
    escalate_after: timedelta | None = None
    escalate_to: tuple[str, ...] = ()
    proof: Proof = Proof()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one rule said to one change."""

    rule: Rule
    fires: bool
    #: in words, for silence too: "amount 50,000,000 USD is below 100,000,000 USD"
    reason: str
    #: each line of the rule's ``where``, in its order; empty if the kind or the type of change decided
    checks: tuple[Verdict, ...] = ()


def decide(
    rules: Iterable[Rule],
    change: Change,
    *,
    item: Item | None = None,
    told: Mapping[str, Facts] = NOTHING,
    geography: Geography | None = None,
) -> tuple[Decision, ...]:
    """What each rule says to a change, in the order of the rules.

    ``item`` is what the claim was read from, for rules that search its text; ``told`` maps a rule's stem to what was
    held when it last fired for this event, so that many small rises add up; ``geography`` is what is known of the
    world, by default what the lexicons and the gazetteer say.
    """
    geography = WORLD if geography is None else geography
    return tuple(
        _decide(rule, Sight(change=change, item=item, told=told.get(rule.stem), geography=geography))
        if hears(rule, change)
        else Decision(rule=rule, fires=False, reason=_unheard(rule.kind, rule.on, change.known.kind, change.type))
        for rule in rules
    )


def hears(rule: Rule, change: Change) -> bool:
    """Whether a rule is about a change's kind and type, so that its conditions decide."""
    return rule.kind == change.known.kind and change.type in rule.on


@cache
def _unheard(hears: str, on: frozenset[ChangeType], kind: str, type: ChangeType) -> str:
    """Why a rule's conditions are not asked: the same few reasons for most of all changes."""
    if kind != hears:
        return f"kind is {kind}, not {hears}"
    heard = ", ".join(each for each in ChangeType if each in on)
    return f"the change is {type.value}; it hears of {heard}"


def _decide(rule: Rule, sight: Sight) -> Decision:
    parts = rule.where.parts if isinstance(rule.where, AllOf) else (rule.where,)
    checks = tuple(judge(part, sight) for part in parts)
    failed = next((check for check in checks if not check.holds), None)
    reason = failed.reason if failed else "; ".join(check.reason for check in checks) or "every such change is wanted"
    return Decision(rule=rule, fires=failed is None, reason=reason, checks=checks)


def looks_back(rule: Rule) -> bool:
    """Whether it matters to a rule what was held when it last fired."""
    return _looks_back(rule.where)


def _looks_back(condition: Condition) -> bool:
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return any(map(_looks_back, parts))
        case Not(part=part):
            return _looks_back(part)
        case Ask():
            return OPERATORS[condition.operator].looks_back


# --- alerts ----------------------------------------------------------------------------------------------------------


def alerts(decisions: Iterable[Decision], news: News) -> tuple[Alert, ...]:
    """One alert for each channel that a firing rule names, in the order in which they are named."""
    heard: dict[str, list[Rule]] = defaultdict(list)
    for decision in decisions:
        if decision.fires:
            for channel in decision.rule.channels:
                heard[channel].append(decision.rule)
    return tuple(
        Alert(
            key=alert_key(news, channel),
            channel=channel,
            rules=tuple(sorted({rule.stem for rule in rules})),
            severity=max((rule.severity for rule in rules), key=LOUDNESS.index),
            news=news,
        )
        for channel, rules in heard.items()
    )


def alert_key(news: News, channel: str) -> str:
    """Names one alert for good: the same decision gives the same key, any other a different one.

    The instant of the decision is no part of it; when the claim was first seen is, so that a figure that an outlet
    takes back and later repeats can be told twice. 32 hexadecimal digits.
    """
    claim = news.claim
    parts = (
        news.event_id,
        news.type.value,
        channel,
        claim.source,
        claim.item,
        claim.seen.timestamp(),
        claim.event.evidence.field,
        claim.event.evidence.start,
        claim.event.facts,
        sorted(news.fields.items()),
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
