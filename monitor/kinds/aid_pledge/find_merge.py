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
from monitor.kinds.aid_pledge.find_status import WITHHELD
from monitor.kinds.aid_pledge.find_types import by_giver
from monitor.kinds.aid_pledge.find_words import KIND
from monitor.kinds.rates import convert
from monitor.language.document import lazy
from monitor.language.quantities import Quantity
from monitor.language.trace import Trace
from monitor.model import Event, Evidence

#: findings that a new one is compared with: no news item has as many, and endless text stays linear
RIVALS = 60
_RANK = {status: n for n, status in enumerate(LADDER)}
_HEDGED = frozenset(("about", "nearly", "at_least", "up_to"))
#: how far a hedged or a converted sum is rounded, how far one of a headline, and how far rates of one day differ
_ROUNDED, _HEADLINE, _RATE = 0.03, 0.1, 0.06
#: sentences behind goods in which "the items" still are those goods
_AGAIN = 2
#: tokens from a sum to its conversion
_BEHIND = 2


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
        same = next((p for p in pledges[-RIVALS:] if any(_same(found, other) for other in p.mentions[-RIVALS:])), None)
        if same is None:
            pledges.append(Pledge([found]))
            continue
        same.mentions.append(found)
        trace = found.scene.sentence.document.trace
        if trace is not None:
            trace.merged(KIND, "same giver, receiver and amount", found.scene.sentence, found.i, found.j)
    return pledges


def _same(a: Finding, b: Finding) -> bool:
    if (a.quantity is None) != (b.quantity is None):
        return False
    if not _compatible(_named(a.donors), _named(b.donors)):
        return False
    if a.several == b.several and not _compatible(_named(a.recipient), _named(b.recipient)):
        return False
    if a.quantity is not None:
        return _same_sum(a, b)
    return a.bare and b.bare if a.bare or b.bare else _same_goods(a, b)


def _named(answer: Answer | None) -> tuple[str, ...]:
    """The actors that the sentence itself names; what was inferred keeps no two mentions apart."""
    return answer.actors if answer is not None and (answer.rule in LOCAL or answer.rule == "topic") else ()


def _compatible(a: Sequence[str], b: Sequence[str]) -> bool:
    return not a or not b or bool(set(a) & set(b))


def _same_sum(a: Finding, b: Finding) -> bool:
    x, y = a.quantity, b.quantity
    if x is None or y is None:
        return False
    if x.currency != y.currency:
        return _converts(a, y) or _converts(b, x) or _exchanged(a, b)
    if (x.count, x.low, x.high) == (y.count, y.low, y.high):
        return True
    if "vague" in (x.qualifier, y.qualifier) and x.qualifier != y.qualifier:
        return (
            abs(a.scene.sentence.index - b.scene.sentence.index) <= 2 and (x.low or 0) <= (y.count or 0)
            if x.vague
            else _same_sum(b, a)
        )
    if x.count is None and y.count is not None:
        return x.low is not None and x.high is not None and x.low <= y.count <= x.high
    if x.count is not None and y.count is None:
        return _same_sum(b, a)
    if x.count is None or y.count is None:
        return False
    if not (x.qualifier in _HEDGED) ^ (y.qualifier in _HEDGED):
        return _cut(a, b)
    rounded = _HEADLINE if "title" in (a.scene.sentence.field, b.scene.sentence.field) else _ROUNDED
    return abs(x.count - y.count) <= rounded * max(x.count, y.count)


def _cut(a: Finding, b: Finding) -> bool:
    """As in "pledged Y $470m", and in another sentence "$476m": of one giver to one receiver, less a last figure."""
    x, y = a.quantity, b.quantity
    ends = a.donors, b.donors, a.recipient, b.recipient
    if x is None or y is None or not x.count or not y.count or a.scene is b.scene or None in ends:
        return False
    later = max(a, b, key=lambda f: f.scene.sentence.index)
    before = [k for k in range(max(0, later.i - 4), later.i) if later.scene.covered(k) is None]
    if any(later.scene.words[k] in later.scene.lex.more for k in before):
        return False  # "[other] projects worth $476m"
    if later.scene.marks("besides") or not later.scene.lex.fresh.isdisjoint(later.scene.words[later.i : later.j]):
        return False  # "will [also] give $476m", "[another] $476m"
    if _actors(a.donors) != _actors(b.donors) or _actors(a.recipient) != _actors(b.recipient):
        return False
    if a.typed and b.typed and a.types.isdisjoint(b.types):
        return False
    coarse, fine = sorted((x.count, y.count), key=_figures)
    unit = 10 ** (len(str(coarse)) - _figures(coarse))
    rounded = _HEADLINE if "title" in (a.scene.sentence.field, b.scene.sentence.field) else _ROUNDED
    return _figures(coarse) < _figures(fine) and abs(x.count - y.count) < min(unit, rounded * fine)


def _actors(answer: Answer | None) -> tuple[str, ...]:
    return answer.actors if answer is not None else ()


def _figures(count: int | None) -> int:
    """How many figures of a sum say something: 3 of 476,000,000."""
    return len(str(count or 0).rstrip("0"))


def _converts(found: Finding, other: Quantity) -> bool:
    """As in "€39m ($47.4m)" beside "$47m": whether the other sum is what its sentence converts a sum into."""
    behind = (q for q in found.scene.sentence.quantities if q.conversion and 0 <= q.i - found.j <= _BEHIND)
    return any(
        q.currency == other.currency
        and q.count is not None
        and other.count is not None
        and abs(q.count - other.count) <= _ROUNDED * q.count
        for q in behind
    )


def _exchanged(a: Finding, b: Finding) -> bool:
    """Whether a headline gives a sum of the text in another currency, by the rate of the day."""
    if (a.scene.sentence.field == "title") == (b.scene.sentence.field == "title"):
        return False
    x, y = a.quantity, b.quantity
    if x is None or y is None or not (x.count and y.count and x.currency and y.currency):
        return False
    if x.count == y.count and "USD" in (x.currency, y.currency):
        return True  # "three million dollars" of a headline, "SBD$3 million" of the text
    told = convert(x.count, x.currency, y.currency, a.scene.sentence.document.published)
    return told is not None and abs(told - y.count) <= _RATE * y.count


def _same_goods(a: Finding, b: Finding) -> bool:
    x, y = _content(a), _content(b)
    return (bool(x & y) and len(x & y) * 2 >= min(len(x), len(y))) or told_again(a, b) or told_again(b, a)


def told_again(noun: Finding, goods: Finding) -> bool:
    """As in "The assorted items were handed over", "X sends relief items": goods of the same giver by a common noun.

    In the headline, or with an article up to two sentences behind.
    """
    words, i = noun.scene.words, noun.i
    if noun.quantity is not None or goods.quantity is not None or noun.bare or goods.bare:
        return False
    if not _is_noun(noun) or _is_noun(goods) or noun.donors is None or _actors(noun.donors) != _actors(goods.donors):
        return False
    if noun.scene.sentence.field == "title":
        return noun.recipient is not None and _actors(noun.recipient) == _actors(goods.recipient)
    behind = noun.scene.sentence.index - goods.scene.sentence.index
    lex = noun.scene.lex
    led = i > 0 and words[i - 1] in lex.definite
    return led and 0 < behind <= _AGAIN and goods.scene.sentence.field != "title"


def _is_noun(found: Finding) -> bool:
    """Whether goods are named by a common noun only, and not counted."""
    return "counted" not in found.marks and found.scene.words[found.j - 1] in found.scene.lex.goods_again


def _content(found: Finding) -> set[str]:
    return {w.rstrip("s") for w in (found.goods or "").lower().split() if len(w) > 3}


# --- one event ---


def event(pledge: Pledge) -> Event:
    """The event that a pledge's mentions come to."""
    best = pledge.best
    status = _status(pledge)
    donors = tuple(sorted(set(_first(pledge, "donors")) - {""}))  # "" for others who are not named
    recipients = () if any(f.several for f in pledge.mentions) and best.several else _first(pledge, "recipient")
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
        for one in sorted(pledge.mentions, key=lambda f: (not _named(getattr(f, slot)), -f.score)):
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
    ranked = sorted(pledge.mentions, key=lambda f: (not _named(getattr(f, slot)), -f.score))
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
        q = max(told, key=lambda x: _figures(x.count)) if told else q
        text = [f.quantity for f in mentions if f.quantity is not None and f.scene.sentence.field != "title"]
        finest = max(quantities, key=lambda x: _figures(x.count))
        if q not in text and finest in text and _figures(finest.count) > _figures(q.count):
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
    texts = [goods for f, goods in named if not _is_noun(f)] or [goods for _, goods in named]
    return max(texts, key=len, default=None)


def _date(pledge: Pledge, status: str) -> dt.date | None:
    """The day of the mention that gives the status, else of any other."""
    if pledge.date is not None:
        return pledge.date
    ranked = sorted(pledge.mentions, key=lambda f: (f.status != status, -f.score))
    return next((f.date for f in ranked if f.date is not None), None)


def _attribution(pledge: Pledge) -> str | None:
    return next((credit for f in pledge.mentions if (credit := f.scene.sentence.credit(f.span.core)) is not None), None)


def _evidence(best: Finding) -> Evidence:
    """From the first word that counted to the last: giver, verb, sum, receiver."""
    local = [a for a in (best.donors, best.recipient) if a is not None and a.rule in LOCAL]
    ends = [(best.span.i, best.span.j), *((a.i, a.j) for a in local)]
    if best.path.act is not None:
        ends.append((best.path.act.i, best.path.act.j))
    return best.scene.sentence.evidence(min(i for i, _ in ends), max(j for _, j in ends))


#: rules that read the sentence itself; the others infer
LOCAL = frozenset((
    "subject of the verb", "agent", "possessor of the sum", "gap", "subject of the relative clause",
    "object of the verb", "to whom", "who is asked", "where it arrives",
    "named in the phrase", "who asks", "where it goes", "named body",
    "whose carrier it is", "whose sum it is", "who decides",
))  # fmt: skip


#: inferences that are a guess
GUESSED = frozenset(("the country the item is about", "helped elsewhere in the item"))
#: inferences as good as a name in the sentence
SURE = frozenset(("agency", "antecedent of a pronoun", "who is thanked", "topic"))


def confidence(pledge: Pledge) -> float:
    """How sure: grows with the evidence, with repetition, and with both ends named; less for goods without a sum.

    The weights are rounded from a logistic fit on the open gold, set lower where the fit had seen too few errors.
    """
    best = pledge.best
    x = -0.7 + 0.4 * best.score + 0.3 * (len(pledge.mentions) > 1)
    x += 0.4 * (best.donors is not None) + 0.2 * (best.recipient is not None)
    x -= 0.4 * (best.quantity is None) + 0.4 * best.bare
    return 1 / (1 + math.exp(-x))
