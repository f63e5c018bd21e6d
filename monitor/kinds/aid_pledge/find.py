"""A document's sentences -> aid pledges: sums and goods are read, sieved, completed from their context and merged.

find_words.py has the words by role, find_scene.py holds a sentence with its clause boundaries, find_verbs.py its verbs
(find_acts.py); find_roles.py, find_subjects.py, find_agents.py, find_gaps.py and find_receivers.py find who gives and
gets, find_asking.py where it is asked for, find_signing.py what is signed, find_possessors.py whose a sum is;
find_phrases.py how far a sum's noun phrase reaches, find_types.py of what sort it is; find_status.py what has become of
it; find_sieve.py whether it is aid, find_private.py whether it is private money;
find_pledges.py (find_totals.py, find_parts.py) whether it is a pledge of its own; find_goods.py (find_goods_lists.py,
find_carriers.py, find_contents.py) and find_bare.py aid without a sum; find_context.py what the rest of the item says
(find_told_givers.py, find_speakers.py, find_stand_ins.py, find_envoys.py of givers, find_told_receivers.py,
find_where.py of receivers, find_retold.py of both);
find_notes.py which sum a note records; find_merge.py (find_sameness.py) makes mentions events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from monitor.kinds.aid_pledge.find_bare import read_bare
from monitor.kinds.aid_pledge.find_contents import contents
from monitor.kinds.aid_pledge.find_context import BACK, Context
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods import ENOUGH_GOODS, goods_score, read_goods
from monitor.kinds.aid_pledge.find_merge import RIVALS, event, merge
from monitor.kinds.aid_pledge.find_notes import as_converted, is_note, lend_sorts, recorded
from monitor.kinds.aid_pledge.find_parts import add_up, opened
from monitor.kinds.aid_pledge.find_pledges import pledges
from monitor.kinds.aid_pledge.find_retold import retell
from monitor.kinds.aid_pledge.find_sameness import GUESSED, LOCAL, SURE, told_again
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_sums import read
from monitor.kinds.aid_pledge.find_told_givers import giver
from monitor.kinds.aid_pledge.find_told_receivers import receiver
from monitor.kinds.aid_pledge.find_words import CLAUSE, KIND, Words
from monitor.language.actors import Form
from monitor.language.document import Document, Sentence
from monitor.model import Event


def find(document: Document) -> Iterable[Event]:
    """The aid pledges that the document tells, one a fact."""
    scenes: dict[int, Scene] = {}
    candidates = list(_candidates(document, scenes))
    if not candidates:
        return ()
    context = Context(document, scenes)
    found = retell(context, list(pledges(candidates)))
    _complete(context, found)
    kept: list[Finding] = []
    for one in found:
        if _stands(one) or any(told_again(one, f) for f in kept[-RIVALS:]):
            kept.append(one)
    kept = opened(kept)
    if is_note(candidates):
        kept = recorded(kept, candidates)
        lend_sorts(kept, candidates)
        as_converted(kept)
    elif document.sentences[0].field == "title":  # an untitled note lists parts to record one of them
        kept = _whole(kept, candidates)
    kept = _packaged(_told_worth(kept))
    for one in kept:
        one.goods = one.goods or contents(one)
        context.follow(one, kept)
    return [event(pledge) for pledge in merge(kept)]


def _whole(found: list[Finding], told: list[Finding]) -> list[Finding]:
    """Leaves out the sums that a larger one told beside them is made up of."""
    parts = add_up(found, told)
    for part in parts:
        part.refuse("adds up with others to a sum told beside them")
    return [f for f in found if f not in parts] if parts else found


def _packaged(found: list[Finding]) -> list[Finding]:
    """As in "is sending X 30 jets, part of a package of $5m": the goods of a sum are no event of their own."""
    kept: list[Finding] = []
    for one in found:
        goods = one.quantity is None and not one.bare
        whole = next((f for f in found if goods and (_holds(f, one) or _details(f, one))), None)
        if whole is None:
            kept.append(one)
            continue
        whole.goods = whole.goods or one.goods
        one.refuse("the goods of a sum")
    return kept


def _holds(whole: Finding, goods: Finding) -> bool:
    """Whether goods belong to a sum of their sentence: one verb, or a word of parts between them, and one giver."""
    if whole.quantity is None or whole.scene is not goods.scene or whole.donors is None or goods.donors is None:
        return False
    if whole.donors.actors != goods.donors.actors:
        return False
    i, j = sorted((whole.i, goods.i))
    parts = whole.scene.marks("wholes", i, j) or whole.scene.marks("parts", i, j)
    one_clause = whole.scene.walls(i, j) < CLAUSE and not any(
        w in whole.scene.lex.relative for w in whole.scene.words[i:j]
    )
    return bool(parts) or (one_clause and whole.path.act is goods.path.act and whole.path.act is not None)


def _details(whole: Finding, goods: Finding) -> bool:
    """As in "X and Y will give 9,000 shells. X supplies fuses": goods not counted, right behind what a giver gives."""
    if goods is whole or "counted" in goods.marks or whole.bare or whole.quantity is not None:
        return False
    if told_again(goods, whole):
        return False
    if whole.donors is None or goods.donors is None:
        return False
    behind = goods.scene.sentence.index - whole.scene.sentence.index
    later = (behind, goods.i) > (0, whole.i) and behind <= 1
    if not later or not set(goods.donors.actors) <= set(whole.donors.actors) or goods.status != whole.status:
        return False
    ends = goods.recipient, whole.recipient
    return ends[0] is None or ends[1] is None or ends[0].actors == ends[1].actors


def _told_worth(found: list[Finding]) -> list[Finding]:
    """As in "X will give Y 50 vehicles. It is worth $5m": the sum of goods told right before."""
    kept = list(found)
    for one in found:
        scene = one.scene
        if one.quantity is None or "worth" not in one.marks:
            continue
        if not any(m.i <= 1 for role in ("stand_ins", "again") for m in scene.marks(role, 0, one.i)):
            continue
        before = [
            f for f in kept if f.quantity is None and not f.bare and scene.sentence.index - f.scene.sentence.index == 1
        ]
        if len(before) == 1:
            goods = before[0]
            one.donors, one.recipient, one.goods = goods.donors, goods.recipient, goods.goods
            one.types, one.typed = one.types or goods.types, one.typed or goods.typed
            if one.path.act is None:
                one.status = goods.status
            goods.refuse("its worth is told")
            kept.remove(goods)
    return kept


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


def _to_itself(found: Finding) -> bool:
    """As in "X's minister announced the delivery of shells and of fuses to [X]": its speaker's own state gets them."""
    if found.donors is None or (found.recipient is not None and found.recipient.rule in LOCAL):
        return False
    scene, own = found.scene, found.donors.actors
    return any(
        a.i >= found.j and a.actor in own and a.i - 1 in scene.leading and a.form is Form.COUNTRY for a in scene.actors
    )


def _handed_over(found: Finding, received: bool) -> bool:
    """Goods need a giver that the sentence or its pronoun names, or to have come to their receiver."""
    if found.donors is not None and (found.donors.rule in LOCAL or found.donors.rule in SURE):
        return True
    act = found.path.act
    return received and act is not None and act.sort in ("arrive", "receive", "obtain", "ask")


def _candidates(document: Document, scenes: dict[int, Scene]) -> Iterator[Finding]:
    """Every sum and all goods of the sentences that pass the gate."""
    words = Words.of(document.lexicon)
    told = -BACK
    currency: str | None = None
    for sentence in document.sentences:
        has = sentence.has
        near = sentence.index - told < BACK
        carried = currency if near and has(words.magnitude_gate) else None
        if carried is None and not has(words.gate):
            continue
        money = has(words.money_gate) and _has_figure(sentence, words) and words.money_names.opens(sentence.words)
        goods = sentence.passes(words.goods_gate) and sentence.passes(words.hands_gate)
        bare = sentence.passes(words.bare_nouns) and sentence.passes(words.bare_gate)
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
        if bare:
            yield from read_bare(scene)


def _has_figure(sentence: Sentence, words: Words) -> bool:
    """Whether the sentence has a figure or a magnitude: a currency's word alone ("won", "us") is no sum."""
    return bool(sentence.figures) or sentence.has(words.magnitude_gate)


def _complete(context: Context, found: list[Finding]) -> None:
    """Givers and receivers that the sentence does not name, from around it."""
    for one in found:
        if one.donors is None:
            one.donors = giver(context, one, found)
    for one in found:
        if one.recipient is None and not one.several:
            one.recipient = receiver(context, one, found)
    for before, one in pairwise(found):
        context.same_day(one, before)
    for one in found:
        context.day_before(one)


def _enough_goods(found: Finding) -> bool:
    """Whether goods are given, by what the sentences around them tell of giver and receiver too."""
    if found.donors is not None and "giver" not in found.marks:
        found.marks.add("giver told")
    listed = not found.marks.isdisjoint(("counted", "several goods")) and bool(found.types)
    if listed and found.recipient is not None and "receiver" not in found.marks:
        found.marks.add("receiver guessed" if found.recipient.rule in GUESSED else "receiver told")
        if found.recipient.rule == "who is in need":
            found.marks.add("aid told")
    found.score = goods_score(found)
    return found.score >= ENOUGH_GOODS


def _stands(found: Finding) -> bool:
    """Goods need both ends; nobody gives to itself."""
    if found.quantity is None and not found.bare and not _enough_goods(found):
        found.refuse("too little says that the goods are given")
        return False
    donors = set(found.donors.actors) if found.donors is not None else set()
    receivers = set(found.recipient.actors) if found.recipient is not None else set()
    if donors and donors == receivers and not _parted(found):
        found.refuse("giver and receiver are one")
        return False
    if found.quantity is None and _to_itself(found):
        found.refuse("giver and receiver are one")
        return False
    if found.quantity is None and not _handed_over(found, bool(receivers)):
        found.refuse("goods without a giver in the sentence")
        return False
    return True


__all__ = ["KIND", "find"]
