"""Is it aid? The evidence for and against a sum, added up; parts of packages and running totals told apart."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_scene import CLAUSE, MARK, WALL, Scene
from monitor.kinds.aid_pledge.find_status import DELIVERED, PLEDGED
from monitor.kinds.aid_pledge.find_sums import Finding
from monitor.language.document import Sentence
from monitor.language.quantities import Sort

#: from here on a sum is taken for aid
ENOUGH = 3.0
#: what each piece of evidence is worth
WORTH = {
    "sure noun": 3.0, "likely noun": 2.0, "sure noun in clause": 2.0, "likely noun in clause": 1.0,
    "sure noun in sentence": 1.0, "type": 1.0, "purpose": 1.0, "worth": 2.0, "fragment": 1.5,
    "giver": 1.0, "receiver": 1.5, "nobody": 1.5, "act": 1.0, "aid verb": 1.0, "weak act": 0.5, "relative": 1.0,
    "listed": 2.5, "agency asks": 1.5, "neighbour": 1.5, "told": 1.0, "repeat": 3.0, "pointed": 3.0, "elsewhere": -3.0,
    "refused": -6.0, "refused in clause": -2.0, "business": -1.5, "rate": -5.0, "small": -3.0,
}  # fmt: skip
#: lines of a list, at most
_LIST = 20
#: smaller sums are prices and fares
SMALL = 5000


def weigh(found: Finding) -> float:
    """Collects the evidence of a sum into its marks and returns what it comes to."""
    _nouns(found)
    _roles(found)
    _against(found)
    found.score = sum(WORTH[m] for m in found.marks)
    return found.score


def _nouns(found: Finding) -> None:
    scene, span, marks = found.scene, found.span, found.marks
    inside = {m.value for m in scene.marks("aid_nouns", span.i, span.j)}
    clause = {m.value for m in scene.marks("aid_nouns") if _close(scene, m.i, span.core)}
    anywhere = {m.value for m in scene.marks("aid_nouns")}
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
    if scene.marks("types", span.i, span.j):
        marks.add("type")
    if any(m.value != "financial" for role in ("purposes", "goods") for m in scene.marks(role)):
        marks.add("purpose")
    if any(0 <= span.core - m.j <= 3 for m in scene.marks("worth")) or _valued(scene, span):
        marks.add("worth")
    if (
        span.core <= 2
        and found.path.act is None
        and found.j < scene.n
        and scene.words[span.j : span.j + 1]
        and scene.words[span.j] in scene.lex.to
    ):
        marks.add("fragment")
    if any(_close(scene, m.i, span.core) for m in scene.marks("nobody")):
        marks.add("nobody")
    if heading(found) is not None:
        marks.add("listed")
    if scene.marks("pointed") and _pointed(scene, found):
        marks.add("pointed")


def heading(found: Finding) -> Sentence | None:
    """The line with a colon that opens the list to which "Poland: 5m euros" belongs, where it speaks of giving."""
    if found.donors is None or found.donors.rule != "topic":
        return None
    lex, sentence = found.scene.lex, found.scene.sentence
    for before in reversed(sentence.document.sentences[max(0, sentence.index - _LIST) : sentence.index]):
        if before.words[-1:] == [":"] or before.text.rstrip().endswith(":"):
            return before if before.has(lex.gives) or before.has(lex.aid_talk) else None
    return None


def _valued(scene: Scene, span: Phrase) -> bool:
    """As in "the value of the package is $5m": a noun of worth or the thing itself, a form of "be", the sum."""
    worth = scene.marks("worth_nouns", max(0, span.core - 14), span.core)
    nouns = [*worth, *scene.marks("again", max(0, span.core - 5), span.core)]
    return any(
        scene.walls(m.j, span.core) < WALL and any(w in scene.lex.be for w in scene.words[m.j : span.core])
        for m in nouns
    )


def _close(scene: Scene, k: int, core: int) -> bool:
    return scene.walls(min(k, core), max(k, core)) < CLAUSE


def _pointed(scene: Scene, found: Finding) -> bool:
    """Whether an analyst's pointer points at this sum: the nearest one to it."""
    for mark in scene.marks("pointed"):
        reach, wall = (10, 2 * MARK + 8) if mark.value == "after" else (6, 1.0)
        after = [q for q in scene.sums if 0 <= q.core_i - mark.j <= reach and scene.walls(mark.j, q.core_i) < wall]
        before = [q for q in scene.sums if q.j <= mark.i and scene.walls(q.j, mark.i) < WALL]
        pointed = before[-1:] if mark.value == "before" else after[:1] or before[-1:]
        if found.quantity in pointed:
            return True
    return False


def _roles(found: Finding) -> None:
    marks, act = found.marks, found.path.act
    if found.donors is not None:
        marks.add("giver")
    if found.recipient is not None:
        marks.add("receiver")
    if act is None:
        return
    if act.sort == "withhold" and not any("noun" in m for m in marks):
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
        if mark.value == "near":
            marks.add("business")
        elif (
            span.i - 2 <= mark.i and mark.j <= span.j + 5 and scene.walls(min(mark.i, span.i), max(mark.i, span.i)) < 2
        ):
            marks.add("refused")
        elif _close(scene, mark.i, span.core):
            marks.add("refused in clause")
    if found.path.rule == "relative clause":
        marks.add("relative")
    if "pointed" not in marks and any(_near_mark(scene, span, m.i, m.j) for m in scene.marks("unpointed")):
        marks.add("elsewhere")
    if any(0 <= m.i - found.j <= 3 for m in scene.marks("rates")):
        marks.add("rate")
    quantity = found.quantity
    if quantity is not None and quantity.least < SMALL:
        marks.add("small")


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


def part_of(found: Finding, larger: int) -> str:
    """As in "total" for a sum that runs on since a day, "part" for one of the parts of a sum told before, else "whole".

    ``larger`` is the largest sum told up to here in this sentence and the three before it, 0 where there is none.
    """
    if "pointed" in found.marks:
        return "whole"
    if _total(found):
        return "total"
    return "part" if found.quantity is not None and _part(found, larger) else "whole"


def _total(found: Finding) -> bool:
    scene, span = found.scene, found.span
    for mark in scene.marks("totals"):
        if (
            mark.j <= span.core
            and scene.walls(mark.i, span.core) < WALL
            and not any(mark.j <= q.i < span.core for q in scene.sums if q.i != found.i)
        ):
            return True
        if mark.value != "before" and mark.i >= span.j and scene.walls(span.j, mark.i) < 3.0:
            return True
    if _brought(found):
        return True
    since = [
        m.i for m in scene.marks("since") if scene.walls(min(m.i, span.core), max(m.i, span.core)) < CLAUSE + 4
    ] + _from_years(found)
    acts = [a for a in (found.path.act, *found.path.outer) if a is not None]
    acts += [a for a in scene.acts if span.core < a.i < max(since, default=0)]
    if acts and not any(a.perfect or (a.passive and a.past) for a in acts):
        return False
    return bool(since) and found.status in (DELIVERED, PLEDGED)


def _from_years(found: Finding) -> list[int]:
    """As in "the value of assistance from 2014": where a year opens a span of time that goes on."""
    scene = found.scene
    years = [q.i for q in scene.sentence.quantities if q.sort is Sort.YEAR]
    return [
        k - 1
        for k in years
        if k and scene.words[k - 1] in scene.lex.origin and (scene.marks("worth_nouns") or scene.marks("worth"))
    ]


def _brought(found: Finding) -> bool:
    """As in "would bring the American share [to] $54 billion"."""
    scene, span = found.scene, found.span
    for k in range(max(0, span.core - 12), span.core):
        if scene.words[k] in scene.lex.bring and scene.walls(k, span.core) < WALL:
            return not scene.lex.infinitive.isdisjoint(scene.words[max(k, span.core - 2) : span.core + 1])
    return False


def _part(found: Finding, larger: int) -> bool:
    """A word of parts stands between a larger sum, here or in the sentences before, and this one."""
    scene, span, least = found.scene, found.span, found.quantity.least if found.quantity is not None else 0
    for mark in scene.marks("parts"):
        if mark.j <= span.core and scene.walls(mark.j, span.core) < WALL:
            before = [q for q in scene.sums if q.j <= mark.i]
            if any(w in scene.lex.fresh for w in scene.words[span.i : span.core + 1]) and scene.marks("since"):
                continue  # "has given $8bn since March, including a new tranche of $5m"
            if any(q.least > least for q in before) or (not before and larger > least):
                return True
        if (
            mark.i >= found.j
            and mark.i - found.j < 3
            and (larger > least or any(q.j <= found.i and q.least > least for q in scene.sums))
        ):
            return True
    return False


def adds_up(sums: list[int], whole: int) -> bool:
    """Whether at least two smaller sums make up a larger one, to two in a hundred."""
    return len(sums) > 1 and abs(sum(sums) - whole) <= 0.02 * whole


__all__ = ["ENOUGH", "adds_up", "heading", "part_of", "weigh"]
