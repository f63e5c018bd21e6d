"""Is it aid? The evidence for and against a sum, added up; parts of packages and running totals told apart."""

from __future__ import annotations

import math

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_private import private
from monitor.kinds.aid_pledge.find_scene import AFTER_NAME, Scene
from monitor.kinds.aid_pledge.find_status import REQUESTED
from monitor.kinds.aid_pledge.find_sums import collected
from monitor.kinds.aid_pledge.find_words import CLAUSE, GIVING, MARK, WALL
from monitor.kinds.rates import convert
from monitor.language.document import Sentence
from monitor.language.quantities import Quantity, Sort

#: from here on a sum is taken for aid
ENOUGH = 2.5
#: what each piece of evidence is worth
WORTH = {
    "sure noun": 3.0, "likely noun": 2.0, "sure noun in clause": 2.0, "likely noun in clause": 1.0,
    "sure noun in sentence": 1.0, "type": 1.0, "purpose": 1.0, "worth": 2.0, "fragment": 1.5,
    "giver": 1.0, "receiver": 1.5, "nobody": 1.5, "act": 1.0, "aid verb": 1.0, "weak act": 0.5, "relative": 1.0,
    "listed": 2.5, "agency asks": 1.5, "neighbour": 1.5, "told": 1.0, "repeat": 3.0, "pointed": 3.0, "elsewhere": -3.0,
    "refused": -6.0, "refused in clause": -2.0, "business": -1.5, "sport": -4.0, "rate": -5.0, "small": -3.0,
    "state gives": 0.5, "fresh": 0.5, "from giver": 0.5, "title": 0.5, "bank": 0.5, "past year": -9.0,
    "opener": 0.5, "spends": -1.0, "bought for another": 0.0, "note": 2.5, "at home": -4.0,
    "left over": 2.0, "alone": 1.0, "private": -8.0, "standing": -20.0, "alms": -6.0,
}  # fmt: skip
#: rules that read who gives in the sentence itself
_SAID = frozenset(("subject of the verb", "agent", "subject of the relative clause"))
#: tokens from a subject to the sum that it is worth
_SUBJECT = 5
#: tokens from "short of" to the sum of a goal
_GOAL = 8
#: tokens from a relative pronoun to a verb of needing
_NEEDED = 9
#: lines of a list, at most
_LIST = 20
#: smaller sums are prices and fares; in dollars
SMALL = 5000
#: what one person gives, in whatever currency
_ALMS = 500


def weigh(found: Finding, note: bool = False) -> float:
    """Collects the evidence of a sum into its marks and returns what it comes to; ``note`` in an analyst's note."""
    if note:
        found.marks.add("note")
    _nouns(found, note)
    _roles(found)
    _against(found)
    found.score = math.fsum(map(WORTH.__getitem__, found.marks))  # a set: whatever its order
    return found.score


def _nouns(found: Finding, note: bool) -> None:
    scene, span, marks = found.scene, found.span, found.marks
    inside, clause, anywhere = set[str](), set[str](), set[str]()
    for mark in scene.of("aid_nouns"):
        anywhere.add(mark.value)
        if span.i <= mark.i and mark.j <= span.j:
            inside.add(mark.value)
        if mark.value not in clause and _close(scene, mark.i, span.core):
            clause.add(mark.value)
    if "sure" in inside:
        marks.add("sure noun")
    elif "sure" in clause:
        marks.add("sure noun in clause")
    elif "sure" in anywhere:
        marks.add("sure noun in sentence")
    if "likely" in inside and "sure noun" not in marks:
        marks.add("likely noun")
    elif "likely" in clause and "sure noun" not in marks:
        marks.add("likely noun in clause")
    roles = scene.by_role
    if "types" in roles and scene.marks("types", span.i, span.j):
        marks.add("type")
    for role in ("purposes", "goods"):
        if role in roles and any(m.value != "financial" for m in scene.of(role)):
            marks.add("purpose")
    if ("worth" in roles and any(0 <= span.core - m.j <= 3 for m in scene.of("worth"))) or _valued(scene, span):
        marks.add("worth")
    if (
        span.core <= 2
        and found.path.act is None
        and found.j < scene.n
        and scene.words[span.j : span.j + 1]
        and scene.words[span.j] in scene.lex.to
    ):
        marks.add("fragment")
    if ("nobody" in roles and any(_close(scene, m.i, span.core) for m in scene.of("nobody"))) or _gathered(found):
        marks.add("nobody")
    if heading(found) is not None or _in_list(found) or _bracketed(found):
        marks.add("listed")
    if "pointed" in roles and _pointed(scene, found, note):
        marks.add("pointed")
    if note and (("=" in scene.words and comes_to(found)) or scene.of("paid_sales")):
        marks.add("pointed")
    if "fragment" in marks and len(scene.sentence.document.sentences) == 1:
        marks.add("alone")
    if not scene.lex.fresh.isdisjoint(scene.words[span.i : found.j]):
        marks.add("fresh")
    if "rests" in roles and any(m.j <= span.core and span.core - m.j <= 1 for m in scene.marks("rests")):
        marks.add("left over")
    if topical(scene):
        marks.add("title")
    for actor in scene.actors:
        if scene.lex.default_types.get(actor.actor) == "financial":
            marks.add("bank")


def _gathered(found: Finding) -> bool:
    """As in "a conference raised $5m": those who give are the ones that came together."""
    act = found.path.act
    gathers = act is not None and found.donors is None and found.scene.words[act.i] in found.scene.lex.collecting
    return gathers and act is not None and collected(found.scene, act)


def comes_to(found: Finding) -> bool:
    """As in "€2m + €1m = [€3m]": what an analyst's reckoning comes to."""
    return found.i > 0 and found.scene.words[found.i - 1] == "="


def topical(scene: Scene) -> bool:
    """Whether the item's title, or two in five of its sentences, speak of aid."""
    document = scene.sentence.document
    known: bool | None = document.notes.get("aid topic")
    if known is None:
        told = sum([s.has(scene.lex.aid_talk) for s in document.sentences])
        known = document.title_has(scene.lex.aid_talk) or told * 5 >= 2 * len(document.sentences)
        document.notes["aid topic"] = known
    return known


def heading(found: Finding) -> Sentence | None:
    """The line with a colon that opens the list to which "Poland: 5m euros" belongs, where it speaks of giving."""
    if found.donors is None or found.donors.rule != "topic":
        return None
    lex, sentence = found.scene.lex, found.scene.sentence
    for before in reversed(sentence.document.sentences[max(0, sentence.index - _LIST) : sentence.index]):
        if before.words[-1:] == [":"] or before.text.rstrip().endswith(":"):
            return before if before.has(lex.gives) or before.has(lex.aid_talk) else None
    return None


def _in_list(found: Finding) -> bool:
    """Whether the lines around it too are of the shape "X: ...", in an item that speaks of aid or of who sent what."""
    if found.donors is None or found.donors.rule != "topic":
        return False
    scene, at = found.scene, found.scene.sentence.index
    near = scene.sentence.document.sentences[max(0, at - 2) : at + 3]
    lines = sum(not AFTER_NAME.isdisjoint(s.words[:6]) for s in near)
    told = any(s.has(scene.lex.gives) or s.has(scene.lex.aid_talk) for s in scene.sentence.document.sentences[: at + 1])
    return lines > 1 and told


def _bracketed(found: Finding) -> bool:
    """As in "[X ($5m)] and Y ($3m) topped up the fund": one of several givers with their sums in brackets."""
    scene = found.scene
    if found.donors is None or found.donors.rule != "gap" or not topical(scene):
        return False
    opened = [q for q in scene.sums if q.i and scene.words[q.i - 1] == "("]
    return len(opened) > 1 and any(q.i == found.i for q in opened)


def _valued(scene: Scene, span: Phrase) -> bool:
    """As in "the value of the package is $5m": a noun of worth or the thing itself, a form of "be", the sum."""
    if "worth_nouns" not in scene.by_role and "again" not in scene.by_role:
        return False
    worth = scene.marks("worth_nouns", max(0, span.core - 14), span.core)
    nouns = [*worth, *scene.marks("again", max(0, span.core - _SUBJECT), span.core)]
    if nouns and scene.words[span.core - 1] in scene.lex.infinitive and scene.words[span.core - 2] in scene.lex.sums_up:
        return True  # "the package, the third this year, comes to $5m"
    return bool(nouns) and any(
        scene.walls(m.j, span.core) < WALL and any(w in scene.lex.be for w in scene.words[m.j : span.core])
        for m in nouns
    )


def _close(scene: Scene, k: int, core: int) -> bool:
    return (scene.walls(k, core) if k < core else scene.walls(core, k)) < CLAUSE


def _pointed(scene: Scene, found: Finding, note: bool) -> bool:
    """Whether an analyst's pointer points at this sum: the nearest one to it."""
    for mark in scene.marks("pointed"):
        if mark.value == "rest" and not note:
            continue  # "the remaining $5m" of a package in the news
        if mark.value == "to":
            if found.quantity in [
                q for q in scene.sums if q.i > mark.j and scene.words[q.i - 1] in scene.lex.infinitive
            ]:
                return True
            continue
        reach, wall = (10, 2 * MARK + 8) if mark.value in ("after", "rest", "shares") else (6, 1.0)
        after = [q for q in scene.sums if 0 <= q.core_i - mark.j <= reach and scene.walls(mark.j, q.core_i) < wall]
        before = [q for q in scene.sums if q.j <= mark.i and scene.walls(q.j, mark.i) < WALL]
        pointed = before[-1:] if mark.value == "before" else after[:1] or before[-1:]
        if found.quantity in pointed:
            return True
    return False


def _roles(found: Finding) -> None:
    marks, act = found.marks, found.path.act
    if found.recipient is not None:
        marks.add("receiver")
    if found.donors is not None:
        marks.add("giver" if found.donors.rule != "opens the clause" else "opener")
        if act is None and found.donors.rule == "agent":
            marks.add("from giver")
    if act is None:
        return
    if act.sort in GIVING and found.donors is not None and found.donors.rule in _SAID and topical(found.scene):
        marks.add("state gives")
    if found.recipient is None and not act.passive and "spending" in found.scene.at[act.i].roles:
        marks.add("spends")
    if act.sort == "withhold" and marks.isdisjoint(("giver", "receiver")) and not any("noun" in m for m in marks):
        marks.add("refused in clause")  # what is frozen without a word of aid is somebody's account
        return
    marks.add("weak act" if act.sort in ("weak", "weigh", "arrive") else "act")
    hit = found.scene.at.get(act.i)
    if hit is not None and "aid_verbs" in hit.roles:
        marks.add("aid verb")


def _against(found: Finding) -> None:
    scene, span, marks = found.scene, found.span, found.marks
    for mark in scene.marks("refused"):
        if any(0 < m.i - mark.j <= 3 for m in scene.marks("again")):
            continue  # "the total cost of the aid"
        if mark.i >= span.j and not _not_purpose(scene, span.j, mark.i):
            continue
        if mark.value == "strong" and _forgives(found, mark.i):
            continue
        if mark.value in ("near", "sport"):
            marks.add("business" if mark.value == "near" else "sport")
        elif _bought_for(found, mark.i):
            marks.add("bought for another")
        elif (
            span.i - 2 <= mark.i and mark.j <= span.j + 5 and scene.walls(min(mark.i, span.i), max(mark.i, span.i)) < 2
        ):
            marks.add("refused")
        elif mark.j <= span.i and scene.words[span.core - 1] in scene.lex.to and _close(scene, mark.i, span.core):
            marks.add("refused")  # "the sale of shells to X for $5m"
        elif _close(scene, mark.i, span.core):
            marks.add("refused in clause")
    if found.path.rule == "relative clause":
        marks.add("relative")
        if found.path.act is not None and not found.path.act.past and scene.marks("recurring", found.path.act.j):
            marks.add("standing")  # "the $5m that X gives Y every year"
    roles = scene.by_role
    if (
        "unpointed" in roles
        and "pointed" not in marks
        and any(_near_mark(scene, span, m.i, m.j) for m in scene.of("unpointed"))
    ):
        marks.add("elsewhere")
    if "pointed" not in marks and "paid_sales" in roles:
        marks.add("refused")  # what a state buys, elsewhere than at the head of a note
    if "pointed" in marks:
        marks.discard("refused")  # whatever an analyst calls what he records
    elif _rated(found):
        marks.add("rate")
    measured = "measured" in scene.by_role or "differences" in scene.by_role
    if (measured and _measures(found)) or _only_needed(found):
        marks.add("refused")
    if found.quantity is not None and _is_small(found.quantity):
        marks.add("small")
        if found.quantity.least < _ALMS:
            marks.add("alms")
    if _long_ago(found):
        marks.add("past year")
    if found.at_home:
        marks.add("at home")
    if marks.isdisjoint(("pointed", "note")) and private(found):
        marks.add("private")


def _rated(found: Finding) -> bool:
    """Whether the sum is a rate or a difference: "$5m a year", "$5m less than"; "each" of several givers is none."""
    scene = found.scene
    if "differences" in scene.by_role and any(m.i == found.j for m in scene.of("differences")):
        return True
    if "note" not in found.marks and any(m.i == found.span.j for m in scene.marks("recurring", found.j)):
        return True
    if "rates" not in scene.by_role:
        return False
    shared = found.several or (found.donors is not None and len(found.donors.actors) > 1)
    rates = [m for m in scene.marks("rates") if 0 <= m.i - found.j <= 3]
    return any(not (shared and scene.words[m.i] in scene.lex.shares) for m in rates)


def _measures(found: Finding) -> bool:
    """As in "fell short of [$5m]", "half the [$5m]": a sum that another is measured by, unless it is asked for."""
    scene, core = found.scene, found.span.core
    for mark in scene.marks("differences", 0, core):
        behind = not any(mark.j <= q.i < core for q in scene.sums) and core - mark.j <= _GOAL
        if behind and found.path.rule == "noun of asking" and not scene.walls(mark.j, core):
            return True  # "short of its three-year goal of $5m"
    at = found.quantity.core_i if found.quantity is not None else core  # behind "above", a hedge elsewhere
    marks = [m.value for m in scene.marks("measured", 0, at) if 0 <= at - m.j <= 1]
    return "always" in marks or ("given" in marks and found.status != REQUESTED)


def _only_needed(found: Finding) -> bool:
    """As in "$5m is needed", "the required $5m": what is wanting is given by nobody, and asked for by nobody."""
    scene, act = found.scene, found.path.act
    if act is not None and act.passive and scene.words[act.i] in scene.lex.needing:
        return found.donors is None or found.donors.rule != "agent"
    j = found.span.j + (found.span.j < scene.n and scene.words[found.span.j] == ",")
    if j < scene.n and scene.words[j] in scene.lex.relative and scene.walls(j + 1, scene.n) < WALL:
        wanting = next((k for k in range(j, min(j + _NEEDED, scene.n)) if scene.words[k] in scene.lex.needing), None)
        package = scene.marks("aid_nouns", found.span.i, found.span.j)  # "a package of $5m that X needs" is one
        if wanting is not None and not package and not scene.walls(j + 1, wanting):
            return True  # "a figure of $5m, which they believe X will need"
    return not scene.lex.needing.isdisjoint(scene.words[found.span.i : found.span.core])


def _forgives(found: Finding, k: int) -> bool:
    """As in "cancelled $20bn of debt": what is owed is given by him who forgives it."""
    scene, act = found.scene, found.path.act
    if act is None or scene.words[k] not in scene.lex.forgiven or act.sort == "withhold":
        return False
    return any("forgiving" in scene.at[a.i].roles for a in (act, *found.path.outer))


def _is_small(sum_: Quantity) -> bool:
    """Whether a sum is one of prices and fares, in whatever currency: "R18,000" is some $1,000."""
    dollars = convert(sum_.least, sum_.currency, "USD") if sum_.currency else None
    return min(sum_.least, sum_.least if dollars is None else dollars) < SMALL


def _bought_for(found: Finding, k: int) -> bool:
    """As in "X is buying tanks for Y for $5m": what one state buys for another is given."""
    giver, taker = found.donors, found.recipient
    if found.scene.words[k] not in found.scene.lex.buying or giver is None or taker is None or taker.rule != "to whom":
        return False
    return k < found.span.core or taker.i > k


def _long_ago(found: Finding) -> bool:
    """As in "which gave it $5m in 2020", told in a later year: the history of a giver."""
    scene, day = found.scene, found.scene.sentence.document.published
    act = next((a for a in (found.path.act, *found.path.outer) if a is not None and a.past), None)
    if day is None or act is None:
        return False
    return any(
        q.sort is Sort.YEAR
        and q.i > act.j
        and scene.words[q.i - 1] in scene.lex.inside
        and (q.count or 0) < day.year
        and scene.walls(act.j, q.i) < CLAUSE
        for q in scene.sentence.quantities
    )


def _near_mark(scene: Scene, span: Phrase, i: int, j: int) -> bool:
    return (
        -8 <= i - span.j <= 12
        and scene.walls(min(i, span.core), max(i, span.core)) <= 2 * MARK
        and not any(min(i, span.core) < q.i < max(i, span.core) for q in scene.sums if q.i > span.core)
    )


def _not_purpose(scene: Scene, end: int, k: int) -> bool:
    """As in "$5m to buy wheat", "for the purchase of": behind such a word the sum is spent, not named."""
    return not any(w in scene.lex.to for w in scene.words[end:k])


# --- totals and parts ---


__all__ = ["ENOUGH", "comes_to", "heading", "weigh"]
