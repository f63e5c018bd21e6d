"""Goods that change hands without a sum: "31 tanks", "three barges with 90 tonnes of seed"."""

from __future__ import annotations

import math
from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_carriers import aboard, carrier, lies_in
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_gaps import relative, topic
from monitor.kinds.aid_pledge.find_goods_lists import lists_of, start_of, text_of
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
from monitor.kinds.aid_pledge.find_words import CLAUSE, HANDS, HOLDS, TAKES
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
    found = list(_read(scene))
    carried = any(f.donors is not None and f.donors.rule == "whose carrier it is" for f in found)
    for one in found:
        if carried and len(found) > 1 and "carriers" in scene.at[one.span.core].roles:
            one.refuse("brings the goods told beside it")  # "two planes from X landed with 9 tonnes of food"
        else:
            yield one


def _read(scene: Scene) -> Iterator[Finding]:
    if not (scene.of("goods") and (scene.may_act(HANDS) or any(map(scene.of, _CARRIED)))):
        return
    for first, last, sorts in lists_of(scene):
        start = start_of(scene, first.i)
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
        if _paid_for(scene, path) or _purpose(found):
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
    if act is not None and (act.sort in TAKES or mark.value in scene.lex.promise_of):
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


def _counted(found: Finding) -> bool:
    """Whether it is told how many there are of the goods, or what they weigh."""
    return any(found.i <= q.core_i < found.j and q.sort in _NUMBERS for q in found.scene.sentence.quantities)


def _purpose(found: Finding) -> bool:
    """As in "welcomed a $5m contribution from X to provide [food]": what a sum told before is to give."""
    scene, act = found.scene, found.path.act
    if act is None or not act.infinitive or act.modes or found.path.outer or _counted(found):
        return False
    before = next((q for q in reversed(scene.sums) if q.j <= act.begin), None)
    if before is None or scene.walls(before.j, act.begin) >= CLAUSE:
        return False
    return scene.lex.be.isdisjoint(scene.words[before.j : act.begin])  # "$5m will be used to deliver shells"


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
    counted = _counted(found)
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
