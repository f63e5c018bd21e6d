"""A document's sentences -> aid pledges: sums and goods are read, sieved, completed from their context and merged.

find_scene.py holds a sentence with its acts and clause boundaries; find_roles.py finds who gives and receives;
find_status.py what has become of it; find_sieve.py whether it is aid at all; find_merge.py makes mentions events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import itemgetter

from monitor.kinds.aid_pledge.find_context import BACK, Context
from monitor.kinds.aid_pledge.find_goods import ENOUGH_GOODS, all_goods, read_bare, read_goods
from monitor.kinds.aid_pledge.find_merge import LOCAL, SURE, event, merge
from monitor.kinds.aid_pledge.find_scene import KIND, Scene, Words
from monitor.kinds.aid_pledge.find_sieve import ENOUGH, WORTH, adds_up, part_of, weigh
from monitor.kinds.aid_pledge.find_sums import Finding, read
from monitor.kinds.aid_pledge.find_types import sort_of
from monitor.language.document import Document, Sentence
from monitor.model import Event

_FIRST = itemgetter(0)


def find(document: Document) -> Iterable[Event]:
    """The aid pledges that the document tells, one a fact."""
    scenes: dict[int, Scene] = {}
    candidates = list(_candidates(document, scenes))
    if not candidates:
        return ()
    context = Context(document, scenes)
    found = list(_sieved(candidates))
    _complete(context, found)
    kept = _pointed([f for f in found if _stands(f)])
    for one in kept:
        if one.goods is None and not any(q.i >= one.j for q in one.scene.sums):
            one.goods = all_goods(one.scene, one.span.j) or (
                all_goods(one.scene, 0) if one.scene.marks("handing") else None
            )
        context.follow(one)
    return [event(pledge) for pledge in merge(kept)]


def _parted(found: Finding) -> bool:
    """Giver and receiver came out as one: what was only inferred is given up. False where the sentence says so."""
    if found.donors is None or found.recipient is None or found.quantity is None:
        return False
    if found.recipient.rule not in LOCAL:
        found.recipient = None
    elif found.donors.rule not in LOCAL:
        found.donors = None
    else:
        return False
    return True


def _handed_over(found: Finding, received: bool) -> bool:
    """Goods need a giver that the sentence or its pronoun names, or to have come to their receiver."""
    if found.donors is not None and (found.donors.rule in LOCAL or found.donors.rule in SURE):
        return True
    act = found.path.act
    return received and act is not None and act.sort in ("arrive", "receive", "ask")


def _pointed(found: list[Finding]) -> list[Finding]:
    """Where an analyst points at the sums that count, the others are not theirs."""
    pointed = [f for f in found if "pointed" in f.marks]
    if not pointed:
        return found
    kept = [f for f in found if "pointed" in f.marks or f.quantity is None or f is found[0]]
    for one in found:
        if one not in kept:
            one.refuse("the note points at another sum")
    return kept


def _candidates(document: Document, scenes: dict[int, Scene]) -> Iterator[Finding]:
    """Every sum and all goods of the sentences that pass the gate."""
    words = Words.of(document.lexicon)
    told, currency = -BACK, None
    for sentence in document.sentences:
        money = sentence.has(words.money_gate) and _has_figure(sentence, words)
        goods = sentence.has(words.goods_gate) and sentence.has(words.hands_gate)
        bare = sentence.has(words.aid_talk) and sentence.has(words.bare_gate)
        carried = (
            currency if sentence.index - told < BACK and not money and sentence.has(words.magnitude_gate) else None
        )
        if not (money or goods or bare or carried):
            continue
        scene = Scene(sentence, carried)
        scenes[sentence.index] = scene
        if money or carried:
            if scene.sums:
                told, currency = sentence.index, scene.sums[-1].currency
            yield from [read(scene, q) for q in scene.sums]
        if goods:
            yield from read_goods(scene)
        yield from read_bare(scene)


def _has_figure(sentence: Sentence, words: Words) -> bool:
    """Whether the sentence has a figure or a magnitude: a currency's word alone ("won", "us") is no sum."""
    return any(map(str.isdigit, map(_FIRST, sentence.words))) or sentence.has(words.magnitude_gate)


def _sieved(candidates: list[Finding]) -> Iterator[Finding]:
    """The findings that are aid; parts and totals are left out, and said so."""
    accepted: list[Finding] = []
    analyst = any(f.scene.marks("analyst") for f in candidates)
    for found in candidates:
        if found.quantity is None:
            if found.score + (0.8 if accepted or _aid_before(found) else 0.0) >= ENOUGH_GOODS:
                yield found
            else:
                found.refuse("too little says that the goods are given")
            continue
        sort_of(found)
        _list_types(found, accepted)
        weigh(found)
        index = found.scene.sentence.index
        near = [f for f in accepted if f.quantity is not None and 0 <= index - f.scene.sentence.index <= 2]
        if any(_repeats(found, f) for f in accepted):
            found.score += WORTH["repeat"]
        if near:
            found.score += WORTH["neighbour"]
        elif accepted or _aid_before(found):
            found.score += WORTH["told"]
        if found.score < ENOUGH:
            found.refuse("too little says that the sum is aid")
            continue
        if found.path.denied and found.status not in ("considered", "requested"):
            found.refuse("denied")
            continue
        larger = max(
            (
                f.quantity.least
                for f in candidates
                if f.quantity is not None and 0 < index - f.scene.sentence.index <= BACK and f.part != "total"
            ),
            default=0,
        )
        found.part = part_of(found, larger)
        if found.part == "part" and analyst and len(found.scene.sums) == 1:
            found.part = "whole"  # an analyst's note tells of the package to record its part
        if found.part == "part" and _own_giver(found, near):
            found.part = "whole"  # "donors pledged $900m, X $400m of it": each giver's share is its own pledge
        if found.part == "part" and found.typed:
            _lend_types(found, near)
        if found.part != "whole":
            found.refuse("part of a sum told before" if found.part == "part" else "running total")
            continue
        accepted.append(found)
        yield found


def _own_giver(found: Finding, near: list[Finding]) -> bool:
    """Whether a part names a giver that its whole does not."""
    if found.donors is None or found.donors.rule not in LOCAL:
        return False
    if found.donors.rule == "gap":
        return True
    wholes = [f for f in near if f.quantity is not None and found.quantity is not None]
    return bool(wholes) and all(f.donors is None or f.donors.rule not in LOCAL for f in wholes)


def _aid_before(found: Finding) -> bool:
    """Whether the sentences right before speak of aid."""
    sentence = found.scene.sentence
    before = sentence.document.sentences[max(0, sentence.index - BACK) : sentence.index]
    return any(s.has(found.scene.lex.aid_talk) for s in before)


def _repeats(found: Finding, other: Finding) -> bool:
    """Whether the sum was told before."""
    a, b = found.quantity, other.quantity
    return a is not None and b is not None and (a.count, a.low, a.currency) == (b.count, b.low, b.currency)


def _list_types(found: Finding, accepted: list[Finding]) -> None:
    """As in "military aid worth $61bn to X and [$14bn to Y]": the later sums of a list are of the sort of the first."""
    if found.types or not accepted:
        return
    first = accepted[-1]
    if first.scene is found.scene and first.typed:
        found.types, found.typed = first.types, True


def _lend_types(part: Finding, near: list[Finding]) -> None:
    """A part tells of what sort its whole is."""
    whole = next(
        (
            f
            for f in reversed(near)
            if f.quantity is not None and part.quantity is not None and f.quantity.least > part.quantity.least
        ),
        None,
    )
    if whole is not None:
        whole.types |= part.types
        whole.typed = True


def _complete(context: Context, found: list[Finding]) -> None:
    """Givers and receivers that the sentence does not name, from around it."""
    for one in found:
        if one.donors is None:
            one.donors = context.giver(one, found)
    for one in found:
        if one.recipient is None and not one.several:
            one.recipient = context.receiver(one, found)
    for before, one in pairwise(found):
        context.same_day(one, before)


def _stands(found: Finding) -> bool:
    """Goods need both ends; nobody gives to itself."""
    donors = set(found.donors.actors) if found.donors is not None else set()
    receivers = set(found.recipient.actors) if found.recipient is not None else set()
    if donors and donors == receivers and not _parted(found):
        found.refuse("giver and receiver are one")
        return False
    if found.quantity is None and not _handed_over(found, bool(receivers)):
        found.refuse("goods without a giver in the sentence")
        return False
    return True


__all__ = ["KIND", "adds_up", "find"]
