"""Whether two mentions are of one pledge: the same sum, cut, converted or rounded, or the same goods."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.kinds.rates import convert
from monitor.language.actors import is_state
from monitor.language.quantities import Quantity, Sort

_HEDGED = frozenset(("about", "nearly", "at_least", "up_to"))
#: how far a hedged or a converted sum is rounded, how far one of a headline, and how far rates of one day differ
_ROUNDED, _HEADLINE, _RATE = 0.03, 0.1, 0.06
#: sentences behind goods in which "the items" still are those goods
_AGAIN = 2
#: tokens from a sum to its conversion
_BEHIND = 2
#: so many of anything are counted, and are no number of a model
_MANY = 100
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
SURE = frozenset(("agency", "antecedent of a pronoun", "who is thanked", "topic", "who says we"))


def same(a: Finding, b: Finding) -> bool:
    if (a.quantity is None) != (b.quantity is None):
        return False
    if not _compatible(named(a.donors), named(b.donors)):
        return False
    if a.several == b.several and not _compatible(named(a.recipient), named(b.recipient)) and not _through(a, b):
        return False
    if a.quantity is not None:
        return _same_sum(a, b)
    return a.bare and b.bare if a.bare or b.bare else _same_goods(a, b)


def named(answer: Answer | None) -> tuple[str, ...]:
    """The actors that the sentence itself names; what was inferred keeps no two mentions apart."""
    return answer.actors if answer is not None and (answer.rule in LOCAL or answer.rule == "topic") else ()


def _compatible(a: Sequence[str], b: Sequence[str]) -> bool:
    return not a or not b or bool(set(a) & set(b))


def _through(a: Finding, b: Finding) -> bool:
    """As in "gives UNICEF $5m" and "$5m for X's children": one sum of one giver, through a body to a state."""
    ends = _actors(a.recipient), _actors(b.recipient)
    if a.scene is b.scene or a.quantity is None or not _actors(a.donors) or _actors(a.donors) != _actors(b.donors):
        return False
    return len({is_state(actors[0]) for actors in ends}) > 1


def apart(a: Finding, b: Finding) -> bool:
    """Whether two mentions of goods are of different ones: other givers, or other figures that no headline rounds."""
    if a.quantity is not None or b.quantity is not None or a.bare or b.bare:
        return False
    return not _compatible(named(a.donors), named(b.donors)) or _other_figures(a, b)


def _other_figures(a: Finding, b: Finding) -> bool:
    x, y = _numbers(a), _numbers(b)
    if not x or not y or x & y:
        return False
    title = "title" in (a.scene.sentence.field, b.scene.sentence.field)
    return not title or all(abs(m - n) > _HEADLINE * max(m, n) for m in x for n in y)


def _numbers(found: Finding) -> set[int]:
    """How many goods there are, or what they weigh: no model's number, no calibre."""
    told = found.scene.sentence.quantities
    return {
        q.least
        for q in told
        if found.i <= q.core_i < found.j
        and (q.sort in (Sort.COUNT, Sort.DECIMAL) or q.measure == "weight")
        and not q.vague
        and (q.i == found.i or not found.scene.words[q.core_i - 1].isalpha() or q.least >= _MANY)
        and found.scene.words[q.core_i - 1] not in DASHES
    }


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
    nobody = a.donors is None and b.donors is None and "nobody" in a.marks & b.marks
    ends = (a.recipient, b.recipient) if nobody else (a.donors, b.donors, a.recipient, b.recipient)
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
    coarse, fine = sorted((x.count, y.count), key=telling_figures)
    unit = 10 ** (len(str(coarse)) - telling_figures(coarse))
    rounded = _HEADLINE if "title" in (a.scene.sentence.field, b.scene.sentence.field) else _ROUNDED
    return telling_figures(coarse) < telling_figures(fine) and abs(x.count - y.count) < min(unit, rounded * fine)


def _actors(answer: Answer | None) -> tuple[str, ...]:
    return answer.actors if answer is not None else ()


def telling_figures(count: int | None) -> int:
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
    if any(n >= _MANY for n in _numbers(a) & _numbers(b)):
        return True  # "200,000 tons of wheat", and "200,000 tons of free food"
    return (bool(x & y) and len(x & y) * 2 >= min(len(x), len(y))) or told_again(a, b) or told_again(b, a)


def told_again(noun: Finding, goods: Finding) -> bool:
    """As in "The assorted items were handed over", "X sends relief items": goods of the same giver by a common noun.

    In the headline, or with an article up to two sentences behind.
    """
    words, i = noun.scene.words, noun.i
    if noun.quantity is not None or goods.quantity is not None or noun.bare or goods.bare:
        return False
    if not is_noun(noun) or is_noun(goods) or noun.donors is None or _actors(noun.donors) != _actors(goods.donors):
        return False
    if noun.scene.sentence.field == "title":
        return noun.recipient is not None and _actors(noun.recipient) == _actors(goods.recipient)
    behind = noun.scene.sentence.index - goods.scene.sentence.index
    lex = noun.scene.lex
    led = i > 0 and words[i - 1] in lex.definite
    return led and 0 < behind <= _AGAIN and goods.scene.sentence.field != "title"


def is_noun(found: Finding) -> bool:
    """Whether goods are named by a common noun only, and not counted."""
    return "counted" not in found.marks and found.scene.words[found.j - 1] in found.scene.lex.goods_again


def _content(found: Finding) -> set[str]:
    return {w.rstrip("s") for w in (found.goods or "").lower().split() if len(w) > 3}
