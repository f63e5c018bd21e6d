"""Findings -> events: mentions of one pledge are one event, with the furthest status and the most specific values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from monitor.kinds.aid_pledge.facts import LADDER, AidPledge
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_sameness import LOCAL, apart, is_noun, named, same, telling_figures
from monitor.kinds.aid_pledge.find_status import WITHHELD
from monitor.kinds.aid_pledge.find_types import by_giver
from monitor.kinds.aid_pledge.find_words import KIND
from monitor.language.document import lazy
from monitor.language.trace import Trace
from monitor.model import Event, Evidence

#: findings that a new one is compared with: no news item has as many, and endless text stays linear
RIVALS = 60
_RANK = {status: n for n, status in enumerate(LADDER)}


@dataclass
class Pledge:
    """One fact: all its mentions, the surest first once sorted."""

    mentions: list[Finding] = field(default_factory=list)
    #: what later sentences say of it
    status: str | None = None
    date: dt.date | None = None

    @lazy
    def best(self) -> Finding:
        """The surest mention; asked for once all are there."""
        return max(self.mentions, key=lambda f: (f.score, -f.scene.sentence.index, -f.i))


def merge(findings: Iterable[Finding]) -> list[Pledge]:
    """Groups mentions of one pledge."""
    findings = list(findings)
    pledges: list[Pledge] = []
    for found in findings:
        if found.bare and any(
            not f.bare
            and f.donors
            and f.donors.actors == found.donors.actors
            and f.recipient
            and f.recipient.actors == found.recipient.actors
            for f in findings
            if found.donors and found.recipient
        ):
            found.refuse("the same aid is told with its figure")
            continue
        held = next((p for p in pledges[-RIVALS:] if _holds(p, found)), None)
        if held is None:
            pledges.append(Pledge([found]))
            continue
        held.mentions.append(found)
        trace = found.scene.sentence.document.trace
        if trace is not None:
            trace.merged(KIND, "same giver, receiver and amount", found.scene.sentence, found.i, found.j)
    return pledges


def _holds(pledge: Pledge, found: Finding) -> bool:
    """Whether one of a pledge's mentions is of the same pledge, and none of them of another."""
    mentions = pledge.mentions[-RIVALS:]
    for other in mentions:
        if same(found, other):
            break
    else:
        return False
    return found.quantity is not None or not any(apart(found, other) for other in mentions)


# --- one event ---


def event(pledge: Pledge) -> Event:
    """The event that a pledge's mentions come to."""
    best = pledge.best
    status = _status(pledge)
    donors = tuple(sorted(set(_first(pledge, "donors")) - {""}))  # "" for others who are not named
    several = any(f.several for f in pledge.mentions)
    one = any(named(f.recipient) for f in pledge.mentions if not f.several)
    recipients = () if several and (best.several or not one) else _first(pledge, "recipient")
    recipient = recipients[0] if len(recipients) == 1 and recipients[0] not in donors else None
    facts = AidPledge(
        donors=donors, recipient=recipient, aid_types=_types(pledge), goods=_goods(pledge), status=status,
        date=_date(pledge, status), attribution=_attribution(pledge), **_amount(pledge, (*donors, recipient or "")),
    )  # fmt: skip
    if best.scene.sentence.document.trace is not None:
        tell(pledge, facts, best.scene.sentence.document.trace)
    return Event(facts=facts, evidence=_evidence(best), confidence=confidence(pledge))


def tell(pledge: Pledge, facts: AidPledge, trace: Trace) -> None:
    """Tells the trace which rule gave which slot, and from which words."""
    best = pledge.best
    rule = "sum" if best.quantity is not None else "aid without a figure" if best.bare else "goods"
    trace.found(KIND, f"{rule}: {', '.join(sorted(best.marks)) or 'its words'}", best.scene.sentence, best.i, best.j)
    for slot in (f.name for f in fields(facts)):
        value = getattr(facts, slot)
        if value not in (None, ()):
            why, one, i, j = _why(pledge, slot)
            trace.gave(KIND, slot, value, why, one.scene.sentence, i, j)


def _why(pledge: Pledge, slot: str) -> tuple[str, Finding, int, int]:
    """The rule that gave a slot, the mention and the tokens that it read."""
    best = pledge.best
    if slot in ("donors", "recipient"):
        for one in sorted(pledge.mentions, key=lambda f: (not named(getattr(f, slot)), -f.score)):
            answer: Answer | None = getattr(one, slot)
            if answer is not None:
                return answer.rule, one, answer.i, answer.j
    if slot == "status" and best.path.act is not None:
        return f"{best.path.rule}: {best.path.act.sort}", best, best.path.act.begin, best.path.act.j
    rules = {
        "status": best.path.rule, "aid_types": "named" if best.typed else "purpose or giver",
        "goods": "goods of the sentence", "date": "the nearest day", "attribution": "who says so",
    }  # fmt: skip
    if slot in rules:
        return rules[slot], best, best.span.i, best.span.j
    return "money", best, best.i, best.j


def _status(pledge: Pledge) -> str:
    said = [f.status for f in pledge.mentions if f.path.rule != "no verb"] or [f.status for f in pledge.mentions]
    values = said + ([pledge.status] if pledge.status else [])
    first = min(pledge.mentions, key=lambda f: (f.scene.sentence.index, f.i))
    if WITHHELD in (pledge.best.status, first.status):
        return WITHHELD
    return max((v for v in values if v in _RANK), key=lambda v: _RANK[v], default=WITHHELD)


def _first(pledge: Pledge, slot: str) -> tuple[str, ...]:
    """The slot's actors as the surest mention that has them gives them."""
    ranked = sorted(pledge.mentions, key=lambda f: (not named(getattr(f, slot)), -f.score))
    found = [answer for f in ranked if (answer := getattr(f, slot)) is not None]
    return tuple(found[0].actors) if found else ()


def _amount(pledge: Pledge, ends: Sequence[str]) -> dict[str, Any]:
    """The slots of the most specific sum of the mentions; ``ends`` are who gives and who receives."""
    mentions = [f for f in pledge.mentions if f.quantity is not None]
    if len({f.quantity.currency for f in mentions if f.quantity is not None}) > 1:
        mentions = [f for f in mentions if f.scene.sentence.field != "title"] or mentions  # a headline converts
    quantities = [f.quantity for f in sorted(mentions, key=lambda f: -f.score) if f.quantity is not None]
    quantities = [q for q in quantities if not q.vague] or quantities
    quantities = [q for q in quantities if q.count is not None] or quantities
    if not quantities:
        return {}
    exact = [q for q in quantities if q.qualifier not in ("exact", "vague")]
    figures = {q.count for q in quantities}
    q = quantities[0]
    if len(figures) > 1:
        told = [x for x in quantities if x.qualifier == "exact"]
        q = max(told, key=lambda x: telling_figures(x.count)) if told else q
        text = [f.quantity for f in mentions if f.quantity is not None and f.scene.sentence.field != "title"]
        finest = max(quantities, key=lambda x: telling_figures(x.count))
        if q not in text and finest in text and telling_figures(finest.count) > telling_figures(q.count):
            q = finest  # "half a billion" of a headline, "up to $545m" of the text
        exact = []
    hedge = (
        exact[0].qualifier if exact and q.qualifier == "exact" and quantities[0].qualifier != "exact" else q.qualifier
    )
    hedge = _hedged_in_text(mentions, q.count) or hedge if hedge == "exact" else hedge
    currency = _at_home(q.currency, pledge, ends)
    return {"amount": q.count, "low": q.low, "high": q.high, "currency": currency, "qualifier": hedge}


def _hedged_in_text(mentions: Sequence[Finding], count: int | None) -> str | None:
    """The hedge of a figure that only the headline gives bare: it has no room for "about"."""
    told = [f.quantity.qualifier for f in mentions if f.quantity is not None and f.quantity.count == count
            and f.scene.sentence.field != "title"]  # fmt: skip
    return told[0] if told and "exact" not in told else None


def _at_home(currency: str | None, pledge: Pledge, ends: Sequence[str]) -> str | None:
    """Rupees and crowns are of several states: the giver's, or the receiver's, where the text names no other."""
    found = next((f for f in pledge.mentions if f.quantity is not None), None)
    if found is None or currency is None:
        return currency
    lex, words = found.scene.lex, found.scene.words
    k = next((k for k in range(found.i, found.j) if words[k] in lex.ambiguous), None)
    if k is None or found.scene.covered(k - 1) is not None:
        return currency
    local = {home: money for base, home, money in lex.local_money if base == currency}
    return next((local[state] for state in ends if state in local), currency)


def _types(pledge: Pledge) -> tuple[str, ...]:
    named = {t for f in pledge.mentions if f.typed for t in f.types}
    guessed = {t for f in pledge.mentions for t in f.types}
    return tuple(sorted(named or guessed or by_giver(pledge.best)))


def _goods(pledge: Pledge) -> str | None:
    named = [(f, f.goods) for f in pledge.mentions if f.goods]
    counted = [goods for f, goods in named if "counted" in f.marks]
    texts = counted or [goods for f, goods in named if not is_noun(f)] or [goods for _, goods in named]
    return max(texts, key=len, default=None)


def _date(pledge: Pledge, status: str) -> dt.date | None:
    """The day of the mention that gives the status, else of any other."""
    if pledge.date is not None:
        return pledge.date
    dated = [f for f in pledge.mentions if f.date is not None]
    if len({f.date for f in dated}) > 1:
        dated = [f for f in dated if not _reported(f)] or dated
    ranked = sorted(dated, key=lambda f: (f.status != status, -f.score))
    return ranked[0].date if ranked else None


def _reported(found: Finding) -> bool:
    """As in "has approved $5m, the media reported [on Thursday]": whether the only day is that of a report."""
    sentence = found.scene.sentence
    if len(sentence.days) != 1:
        return False
    at = sentence.days[0].i
    return any("quote_verbs" in h.roles and 0 <= at - h.j <= 1 for h in sentence.common)


def _attribution(pledge: Pledge) -> str | None:
    return next((credit for f in pledge.mentions if (credit := f.scene.sentence.credit(f.span.core)) is not None), None)


def _evidence(best: Finding) -> Evidence:
    """From the first word that counted to the last: giver, verb, sum, receiver."""
    local = [a for a in (best.donors, best.recipient) if a is not None and a.rule in LOCAL]
    ends = [(best.span.i, best.span.j), *((a.i, a.j) for a in local)]
    if best.path.act is not None:
        ends.append((best.path.act.i, best.path.act.j))
    return best.scene.sentence.evidence(min([i for i, _ in ends]), max([j for _, j in ends]))


def confidence(pledge: Pledge) -> float:
    """How sure: grows with the evidence, with repetition, and with both ends named; less for goods without a sum.

    The weights are rounded from a logistic fit on the open gold, set lower where the fit had seen too few errors.
    """
    best = pledge.best
    x = -0.7 + 0.4 * best.score + 0.3 * (len(pledge.mentions) > 1)
    x += 0.4 * (best.donors is not None) + 0.2 * (best.recipient is not None)
    x -= 0.4 * (best.quantity is None) + 0.4 * best.bare
    return 1 / (1 + math.exp(-x))
