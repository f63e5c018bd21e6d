"""Goods that change hands without a sum: "31 tanks", "three barges with 90 tonnes of seed"."""

from __future__ import annotations

import math
from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_acts import Mark
from monitor.kinds.aid_pledge.find_carriers import LONGEST_ITEM, aboard, carrier, lies_in, only_carries
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_gaps import relative, topic
from monitor.kinds.aid_pledge.find_phrases import Phrase, phrase
from monitor.kinds.aid_pledge.find_possessors import possessor
from monitor.kinds.aid_pledge.find_roles import answer
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import (
    DELIVERED,
    PLEDGED,
    WITHHELD,
    Course,
    chain,
    course,
    day,
    status,
)
from monitor.kinds.aid_pledge.find_sums import give_and_take
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.kinds.aid_pledge.find_words import CLAUSE, HANDS, HOLDS, MARK
from monitor.language.quantities import Quantity, Sort

#: evidence that goods must come to, and that at which the sentences around them may still tell of them
ENOUGH_GOODS, HOPE = 3.4, 2.2
#: acts by which aid without a figure is news
SENDS = frozenset(("convey", "give", "stake"))
#: what goods can be counted in
_NUMBERS = frozenset((Sort.COUNT, Sort.MEASURE, Sort.DECIMAL))
#: acts that tell of goods by themselves, and what that is evidence of
_TELLING = {"ask": "asked for", "thank": "thanked", "withhold": "held back"}
#: what each piece of evidence for goods is worth
_WORTH_OF_GOODS = {
    "asked for": 1.5, "handing": 1.0, "giver": 1.0, "receiver": 1.5, "counted": 0.7, "several goods": 0.3,
    "weak goods": -1.0, "opener": 0.5, "thanked": 0.5, "held back": 1.0, "aid verb": 0.5,
    "giver told": 0.6, "receiver told": 0.9, "receiver guessed": 0.4,
    "aid told": 0.8,
}  # fmt: skip
#: tokens from a word of parts to the goods
_HELD = 12
#: roles of words that can bring goods without such an act
_CARRIED = ("handing", "carries", "carriers")


def read_goods(scene: Scene) -> Iterator[Finding]:
    """The goods of a sentence that somebody hands to somebody."""
    if not (scene.of("goods") and (scene.may_act(HANDS) or any(map(scene.of, _CARRIED)))):
        return
    for first, last, sorts in _lists(scene):
        start = _start(scene, first.i)
        if any((q.i < last.j and start < q.j + 1) or _in_sum(scene, q, start) for q in scene.sums):
            continue
        span = Phrase(start, last.j, first.i)
        path = _course(scene, span)
        found = Finding(
            scene=scene, i=start, j=last.j, span=span, path=path, status=path.status,
            types=frozenset(sorts - {"weak", "neutral"}), typed=True, goods=text_of(scene, start, last.j),
        )  # fmt: skip
        needed = "humanitarian" in sorts and "weak" not in sorts
        act = path.act
        held = path.denied and path.status == WITHHELD and act is not None and act.sort in SENDS and not act.perfect
        if (
            (path.denied and not held)
            or not _handed(scene, path, span, needed)
            or traded(scene, path, span)
            or _fired(found)
        ):
            found.refuse("nobody hands the goods over" if not path.denied else "denied")
            continue
        give_and_take(found)
        if held and (found.donors is None or found.recipient is None):
            found.refuse("denied")
            continue
        _handing(found)
        _possessed(found)
        found.donors = found.donors or topic(scene, span)
        if found.donors is None or found.donors.rule == "opens the clause":
            found.donors = carrier(scene, span) or found.donors
        found.date = day(scene, span, path)
        if path.act is not None and path.act.sort == "weak" and path.act.past:
            found.status = DELIVERED  # "has brought 12 tons to X"
        if _paid_for(scene, path):
            found.refuse("the goods of a sum in the same clause")
            continue
        if _merchandise(found):
            found.refuse("goods of trade")
            continue
        if any(w in scene.lex.both for w in scene.words[first.j : last.i]):
            found.marks.add("several goods")
        _weigh(found, "weak" in sorts and len(sorts) < 3 and start == first.i)
        yield found


def _in_sum(scene: Scene, q: Quantity, start: int) -> bool:
    """As in "$5m in [fresh arms]", "$5m worth of [shells]": what the sum is made of."""
    return q.j < start <= q.j + 3 and any(w in scene.lex.scene for w in scene.words[q.j : start])


def _course(scene: Scene, span: Phrase) -> Course:
    """The acts that bear on goods, that of a relative clause behind them included ("the tanks [that] X sent")."""
    held = _included(scene, span) if scene.of("parts") else None
    if held is not None:
        return held
    path = course(scene, span)
    if path.act is not None and path.act.i < span.core:
        return path
    if path.act is None:
        path = _unveiled(scene, span) or path
    tail = relative(scene, span) if path.act is None or path.act.i >= span.j else None
    return path if tail is None else Course(tail[1], (), status(tail[1], ()), False, "relative clause")


def _unveiled(scene: Scene, span: Phrase) -> Course | None:
    """As in "unveiled the biggest package yet: [60 boats and 400 vehicles]": the verb before the colon."""
    if not span.i or scene.words[span.i - 1] != ":":
        return None
    act = next((a for a in reversed(scene.acts) if a.j < span.i and not a.attributive and not a.passive), None)
    if act is None or act.sort not in HANDS or not scene.marks("aid_nouns", act.j, span.i):
        return None
    outer = chain(scene, act)
    return Course(act, outer, status(act, outer), False, "verb before the list")


def _included(scene: Scene, span: Phrase) -> Course | None:
    """As in "announced an aid package, which includes [two boats]": the verb that governs what holds the goods."""
    holds = next(
        (m for m in scene.marks("parts", 0, span.i) if m.value in HOLDS and scene.cost(m.j, span.i) <= _HELD), None
    )
    if holds is None or any(q.j <= holds.i for q in scene.sums):
        return None
    act = next((a for a in reversed(scene.acts) if a.j < holds.i and not a.attributive and not a.passive), None)
    if act is None or act.sort not in HANDS or scene.walls(act.j, holds.i) >= CLAUSE:
        return None
    if not any(scene.marks(role, act.j, holds.i) for role in ("again", "bare_aid")):
        return None
    outer = chain(scene, act)
    return Course(act, outer, status(act, outer), "denied" in act.modes, "verb before the list")


def all_goods(scene: Scene, i: int, j: int | None = None) -> str | None:
    """The goods named behind token i (and before j), from the first to the last of their list, in the item's words."""
    end = scene.n if j is None else j
    lists = [(first, last) for first, last, _ in _lists(scene) if first.i >= i and last.j <= end]
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
    marks = goods_marks(scene)
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


def goods_marks(scene: Scene) -> list[Mark]:
    """The words of goods of a sentence that name something handed over."""
    return [m for m in scene.marks("goods") if not (_only_kind_of_aid(scene, m) or only_carries(scene, m))]


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
    if len(between) > LONGEST_ITEM or any(
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
        if q.sort in (Sort.COUNT, Sort.MEASURE) and q.j <= i and i - q.j <= 5 and scene.walls(q.j, i) < MARK
    ]
    acts = scene.verb_ends
    while k > 0 and i - k < 6:
        word, hit = scene.words[k - 1], scene.at.get(k - 1)
        common = scene.sentence.common_at.get(k - 1)
        if k in acts or not (word[0].isalnum() or word in "-–"):
            break
        if (
            word in scene.lex.articles
            or word in scene.lex.scene
            or word in scene.lex.both
            or (hit is not None and not {"modes", "verb_group", "stand_ins", "acts", "parts"}.isdisjoint(hit.roles))
        ):
            break
        if word in scene.lex.closed or (common is not None and "quote_verbs" in common.roles):
            break
        if scene.covered(k - 1) is not None or word in scene.lex.laden:
            break
        k -= 1
    k += k < i and scene.words[k] in DASHES  # "counter-[drone kits]"
    behind = max((j for j in acts if j <= i), default=0)  # "hand over [two boats]" hedges nothing
    return max(min(k, counts[-1].i), behind) if counts else k


def _handed(scene: Scene, path: Course, span: Phrase, needed: bool) -> bool:
    """Whether the verb is one of handing over, or a noun of handing over stands before ("the delivery of ...").

    ``needed`` goods, which relieve somebody, are handed over by "bring" and "drop" too.
    """
    act = path.act
    if any(0 <= span.i - m.j <= 3 for m in scene.marks("handing", 0, span.i)) or aboard(scene, span):
        return True
    if path.rule == "verb before the list":
        return True
    if act is not None and act.sort == "arrive" and lies_in(scene, act.j, span.i):
        return True  # "it touched down in X with [10,000 blankets]"
    carries = act is not None and needed and "carries" in scene.at[act.i].roles
    if (
        act is None
        or not (act.sort in HANDS or carries)
        or scene.walls(min(act.i, span.i), max(act.i, span.i)) >= CLAUSE
    ):
        return False
    if act.i > span.i:
        return True
    between = scene.words[act.j : span.i]
    return act.sort != "arrive" and not (
        act.sort in ("promise", "stake") and (len(between) > 5 or any(w in scene.lex.infinitive for w in between))
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
    act = found.path.act
    if act is not None and (act.sort in ("receive", "obtain") or mark.value in scene.lex.promise_of):
        found.status = PLEDGED


def _possessed(found: Finding) -> None:
    """As in "Sweden's [10 howitzers] have been handed over to X": whose the goods were gives them."""
    act, taker = found.path.act, found.recipient
    if found.donors is not None or taker is None or act is None or not act.passive:
        return
    owner = next((a for a in found.scene.actors if a.possessive and a.j + 1 == found.i), None)
    if owner is not None and owner.actor not in taker.actors:
        found.donors = answer([owner], "possessor of the sum")


def _paid_for(scene: Scene, path: Course) -> bool:
    """Whether a sum stands under the same verb, so that the goods are what it buys."""
    return path.act is not None and any(_before_act(scene, path.act.j, q.i) for q in scene.sums)


def _before_act(scene: Scene, i: int, k: int) -> bool:
    if scene.marks("wholes", i, k) or scene.marks("refused", i, k):
        return False  # "a boat, part of a programme that cost $5m"
    return i <= k and scene.walls(i, k) < CLAUSE and not any(i <= a.i < k and not a.attributive for a in scene.acts)


def traded(scene: Scene, path: Course, span: Phrase) -> bool:
    """Whether words of buying and selling stand in the clause: trade is no aid."""
    start = min(path.act.i, span.i) if path.act is not None else span.i
    return any(m.value == "strong" for m in scene.marks("refused", max(0, start - 3), min(span.j + 3, scene.n)))


def _fired(found: Finding) -> bool:
    """As in "sent 36 drones at the port", "warships across the line": against somebody, not to him."""
    scene, act = found.scene, found.path.act
    if "military" in found.types and act is not None and act.sort == "arrive":
        return not any(m.value == "sure" for m in scene.marks("aid_nouns")) and not scene.of("handing")
    if "military" not in found.types or act is None or act.sort not in ("convey", "give", "arrive", "promise"):
        return False
    return any(w in scene.lex.against for w in scene.words[found.span.j : found.span.j + 2])


def _merchandise(found: Finding) -> bool:
    """As in "shipped 50,000 tonnes of corn to X": goods of trade, a verb of carriage, and no word of aid."""
    scene, act = found.scene, found.path.act
    traded = scene.marks("trade_goods", found.i, found.j)
    if any(" ".join(scene.words[m.i : m.j]) in scene.lex.state_carriers for m in scene.marks("carriers")):
        return False
    relief = [m for m in scene.marks("goods", found.i, found.j) if m.value == "humanitarian"]
    if any(not scene.marks("trade_goods", m.i, m.j) for m in relief):
        return False  # "50 tonnes of rice and medicine"
    if not traded or (act is not None and "trade_verbs" not in scene.at[act.i].roles):
        return False
    goods = {m.i for m in scene.marks("goods")}
    return not (
        any(m.value == "sure" for m in scene.marks("aid_nouns"))
        or any(m.i not in goods for role in ("types", "purposes") for m in scene.marks(role))
        or scene.marks("aid_verbs")
        or scene.sentence.document.title_has(scene.lex.aid_talk)
    )


def scene_handing(found: Finding) -> bool:
    """Whether a noun of handing over governs the goods."""
    return any(0 <= found.span.i - m.j <= 3 for m in found.scene.marks("handing", 0, found.span.i))


def _weigh(found: Finding, weak: bool) -> None:
    counted = any(found.i <= q.core_i < found.j and q.sort in _NUMBERS for q in found.scene.sentence.quantities)
    found.marks.update(name for name, there in (
        ("giver", found.donors is not None), ("receiver", found.recipient is not None or found.several),
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
    sort = found.path.act.sort if found.path.act is not None else ""
    if sort in _TELLING:
        found.marks.add(_TELLING[sort])
    elif found.path.act is not None and "gifts" in found.scene.at[found.path.act.i].roles:
        found.marks.add("aid verb")
    found.score = goods_score(found)


def goods_score(found: Finding) -> float:
    """What the evidence for goods comes to."""
    return 1.0 + math.fsum(_WORTH_OF_GOODS.get(m, 0.0) for m in found.marks)  # a set: whatever its order
