"""Goods that change hands without a sum: "31 tanks", "three barges with 90 tonnes of seed"."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_phrases import Phrase, phrase
from monitor.kinds.aid_pledge.find_roles import Answer, answer, possessor
from monitor.kinds.aid_pledge.find_scene import CLAUSE, HANDS, Mark, Scene
from monitor.kinds.aid_pledge.find_status import PLEDGED, Course, course, day
from monitor.kinds.aid_pledge.find_sums import Finding, give_and_take
from monitor.language.actors import Form
from monitor.language.quantities import Sort

#: evidence that goods must come to
ENOUGH_GOODS = 3.4
#: acts by which aid without a figure is news
_BARE = frozenset(("ask", "withhold"))
#: what each piece of evidence for goods is worth
_WORTH_OF_GOODS = {
    "asked for": 1.5, "handing": 1.0, "giver": 1.0, "receiver": 1.5, "counted": 0.7, "several goods": 0.3,
    "weak goods": -1.0,
}  # fmt: skip
#: tokens that one item of a list of goods may have before its noun
_LONGEST_ITEM = 8


def read_goods(scene: Scene) -> Iterator[Finding]:
    """The goods of a sentence that somebody hands to somebody."""
    if not (scene.of("goods") and (scene.may_act(HANDS) or scene.of("handing"))):
        return
    for first, last, sorts in _lists(scene):
        start = _start(scene, first.i)
        if any(q.i < last.j and start < q.j + 1 for q in scene.sums):
            continue
        span = Phrase(start, last.j, first.i)
        path = course(scene, span)
        found = Finding(
            scene=scene, i=start, j=last.j, span=span, path=path, status=path.status,
            types=frozenset(sorts - {"weak", "neutral"}), typed=True, goods=text_of(scene, start, last.j),
        )  # fmt: skip
        if path.denied or not _handed(scene, path, span) or _traded(scene, path, span):
            found.refuse("nobody hands the goods over" if not path.denied else "denied")
            continue
        give_and_take(found)
        _handing(found)
        if found.donors is None:
            found.donors = _carrier(scene, span)
        found.date = day(scene, span, path)
        if _paid_for(scene, path):
            found.refuse("the goods of a sum in the same clause")
            continue
        if last != first:
            found.marks.add("several goods")
        _weigh(found, "weak" in sorts and len(sorts) < 3 and start == first.i)
        yield found


def all_goods(scene: Scene, i: int) -> str | None:
    """The goods named behind token i, from the first to the last of their list, in the item's words."""
    lists = [(first, last) for first, last, _ in _lists(scene) if first.i >= i]
    if not lists:
        return None
    start = _start(scene, lists[0][0].i)
    return text_of(scene, max(start, i), lists[-1][1].j)


def text_of(scene: Scene, i: int, j: int) -> str:
    """The item's own words for tokens[i:j]."""
    sentence = scene.sentence
    return sentence.text[sentence.starts[i] - sentence.start : sentence.ends[j - 1] - sentence.start]


def _lists(scene: Scene) -> Iterator[tuple[Mark, Mark, set[str]]]:
    """Runs of goods that "and" and commas join: first and last noun, and their sorts."""
    marks = _marks(scene)
    k = 0
    while k < len(marks):
        first = last = marks[k]
        sorts = {first.value, *_weak(scene, first)}
        k += 1
        while k < len(marks) and _goes_on(scene, last, marks[k]):
            last = marks[k]
            sorts.add(last.value)
            sorts.discard("weak")
            k += 1
        yield first, last, sorts


def _marks(scene: Scene) -> list[Mark]:
    return [m for m in scene.marks("goods") if not _only_kind_of_aid(scene, m)]


def _only_kind_of_aid(scene: Scene, mark: Mark) -> bool:
    """As in "weapons package", "food aid": goods that only say what the aid is."""
    hit = scene.at.get(mark.j)
    return hit is not None and "aid_nouns" in hit.roles and "goods" not in hit.roles


def _weak(scene: Scene, mark: Mark) -> set[str]:
    hit = scene.at[mark.i]
    return {"weak"} if "weak_goods" in hit.roles else set()


def _goes_on(scene: Scene, last: Mark, following: Mark) -> bool:
    """Whether the next noun of goods belongs to the same list or compound."""
    between = scene.words[last.j : following.i]
    if len(between) > _LONGEST_ITEM or any(
        a.i >= last.j and a.j <= following.i and not a.attributive for a in scene.acts
    ):
        return False
    if all(w == "-" or len(w) == 1 or w.isdigit() for w in between) and not scene.walls(last.j, following.i):
        return True  # "Leopard [2A4] tanks"
    if scene.walls(last.j, following.i) >= CLAUSE:
        return False
    return any(w in scene.lex.both or w in scene.lex.laden or w == "-" for w in between[:2])


def _start(scene: Scene, i: int) -> int:
    """Where the phrase begins: its number, hedge and adjectives, no article."""
    k = i
    counts = [
        q
        for q in scene.sentence.quantities
        if q.sort in (Sort.COUNT, Sort.MEASURE) and q.j <= i and i - q.j <= 5 and not scene.walls(q.j, i)
    ]
    acts = {a.j for a in scene.acts if not a.attributive}
    while k > 0 and i - k < 6:
        word, hit = scene.words[k - 1], scene.at.get(k - 1)
        common = scene.sentence.common_at.get(k - 1)
        if k in acts or not (word[0].isalnum() or word in "-–"):
            break
        if (
            word in scene.lex.articles
            or word in scene.lex.scene
            or word in scene.lex.both
            or (hit is not None and not {"modes", "verb_group", "stand_ins", "acts"}.isdisjoint(hit.roles))
        ):
            break
        if word in scene.lex.closed or (common is not None and "quote_verbs" in common.roles):
            break
        if scene.covered(k - 1) is not None:
            break
        k -= 1
    return min(k, counts[-1].i) if counts else k


def _handed(scene: Scene, path: Course, span: Phrase) -> bool:
    """Whether the verb is one of handing over, or a noun of handing over stands before ("the delivery of ...")."""
    act = path.act
    if any(0 <= span.i - m.j <= 3 for m in scene.marks("handing", 0, span.i)):
        return True
    if act is None or act.sort not in HANDS or scene.walls(min(act.i, span.i), max(act.i, span.i)) >= CLAUSE:
        return False
    if act.i > span.i:
        return True
    between = scene.words[act.j : span.i]
    return act.sort != "arrive" and not (
        act.sort == "promise" and (len(between) > 5 or any(w in scene.lex.infinitive for w in between))
    )


def _handing(found: Finding) -> None:
    """As in "Germany's delivery of [a battery]": who possesses the noun of handing over gives."""
    scene, span = found.scene, found.span
    mark = next((m for m in reversed(scene.marks("handing", 0, span.i)) if span.i - m.j <= 3), None)
    if mark is None:
        return
    owner = possessor(scene, phrase(scene, mark.i, mark.j))
    if owner is not None and (found.recipient is None or owner.actors != found.recipient.actors):
        found.donors = owner
    if found.path.act is not None and found.path.act.sort == "receive":
        found.status = PLEDGED


def _carrier(scene: Scene, span: Phrase) -> Answer | None:
    """As in "two [Turkish] planes carrying tents": whose ship or plane brings the goods gives them."""
    for mark in scene.marks("carriers"):
        owner = next((a for a in reversed(scene.actors) if a.j <= mark.i and mark.i - a.j <= 3), None)
        if owner is None or not (owner.possessive or owner.form is Form.DEMONYM):
            continue
        if scene.walls(min(mark.i, span.i), max(mark.i, span.i)) < CLAUSE:
            return answer([owner], "whose carrier it is")
    return None


def _paid_for(scene: Scene, path: Course) -> bool:
    """Whether a sum stands under the same verb, so that the goods are what it buys."""
    return path.act is not None and any(_before_act(scene, path.act.j, q.i) for q in scene.sums)


def _before_act(scene: Scene, i: int, k: int) -> bool:
    if scene.marks("wholes", i, k) or scene.marks("refused", i, k):
        return False  # "a boat, part of a programme that cost $5m"
    return i <= k and scene.walls(i, k) < CLAUSE and not any(i <= a.i < k and not a.attributive for a in scene.acts)


def _traded(scene: Scene, path: Course, span: Phrase) -> bool:
    """Whether words of buying and selling stand in the clause: trade is no aid."""
    start = min(path.act.i, span.i) if path.act is not None else span.i
    return any(m.value == "strong" for m in scene.marks("refused", max(0, start - 3), min(span.j + 3, scene.n)))


def scene_handing(found: Finding) -> bool:
    """Whether a noun of handing over governs the goods."""
    return any(0 <= found.span.i - m.j <= 3 for m in found.scene.marks("handing", 0, found.span.i))


def _weigh(found: Finding, weak: bool) -> None:
    counted = any(found.i <= q.core_i < found.j for q in found.scene.sentence.quantities)
    found.marks.update(name for name, there in (
        ("giver", found.donors is not None), ("receiver", found.recipient is not None),
        ("counted", counted), ("weak goods", weak and not counted),
    ) if there)  # fmt: skip
    if scene_handing(found) and found.donors is not None:
        found.marks.add("handing")
    if found.donors is None:
        agency = next(
            (a for a in found.scene.actors if found.scene.lex.default_types.get(a.actor) == "humanitarian"), None
        )
        if agency is not None and (found.recipient is None or agency.actor not in found.recipient.actors):
            found.donors = answer([agency], "agency")
            found.marks.add("giver")
    if found.path.act is not None and found.path.act.sort == "ask":
        found.marks.add("asked for")
    found.score = 1.0 + sum(_WORTH_OF_GOODS.get(m, 0.0) for m in found.marks)


# --- aid without figure or goods ---


def read_bare(scene: Scene) -> Iterator[Finding]:
    """As in "X asked Y for military aid", "Z suspended its aid to W": both ends have to be named."""
    nouns = scene.of("bare_aid")
    if not nouns or not scene.may_act(_BARE) or scene.sums:
        return
    for mark in nouns:
        span = phrase(scene, mark.i, mark.j)
        path = course(scene, span)
        if path.act is None or path.act.sort not in _BARE or path.denied or _traded(scene, path, span):
            continue
        if any(a.i == mark.i for a in scene.acts) or not (
            mark.value in scene.lex.sure or path.act.sort == "withhold" or scene.marks("types", span.i, mark.i)
        ):
            continue
        found = Finding(scene=scene, i=mark.i, j=mark.j, span=span, path=path, status=path.status, bare=True)
        give_and_take(found)
        if found.donors is None or found.recipient is None or found.several:
            continue
        if path.act.sort == "ask" and found.donors.rule not in ("who is asked", "agent"):
            continue
        found.types = frozenset(m.value for m in scene.marks("types", max(0, span.i - 3), span.j))
        found.typed = True
        found.date = day(scene, span, path)
        found.score = ENOUGH_GOODS
        yield found
