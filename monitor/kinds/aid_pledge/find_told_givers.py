"""Givers whom the sentence does not name: who is meant by a pronoun, who speaks, the item's one giver."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.aid_pledge.find_context import BACK, Context, at
from monitor.kinds.aid_pledge.find_envoys import embassy
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_roles import Answer, answer, can_give, joined, joined_right
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_speakers import says, spoken
from monitor.kinds.aid_pledge.find_stand_ins import StandIn, agent_stand_in, stand_in
from monitor.kinds.aid_pledge.find_status import REQUESTED
from monitor.kinds.aid_pledge.find_sums import collected
from monitor.kinds.aid_pledge.find_words import CLAUSE, TAKES
from monitor.language.actors import Form

#: sentences back that "the bank" may reach
_FAR_BACK = 20


def giver(context: Context, found: Finding, others: Sequence[Finding]) -> Answer | None:
    """Who gives, by words elsewhere; told of the mention that lacked them."""
    return at(found, _giver(context, found, others))


def _giver(context: Context, found: Finding, others: Sequence[Finding]) -> Answer | None:
    """Who gives, where the sentence does not say: its pronoun's antecedent, or the one giver of the item."""
    scene = found.scene
    named = agent_stand_in(found) if not scene.lex.stand_nouns.isdisjoint(scene.words) else None
    if named is not None:
        antecedent = _antecedent(context, found.scene, found, named)
        if antecedent is not None:
            return antecedent
    if found.status == REQUESTED:
        return _bank_asked(found)
    act = found.path.act
    said = spoken(context, found, set(found.recipient.actors) if found.recipient is not None else set())
    if said is not None:
        return said
    limit = act.begin if act is not None else found.span.core
    if any(m.j <= limit and scene.walls(m.j, limit) < CLAUSE for m in scene.marks("nobody")):
        return None  # "donors pledged", "said X": the donors are not named
    stands = stand_in(found)
    if stands is not None and act is not None and act.sort in TAKES and not act.passive and act.i < found.i:
        return None  # "it has received $5m": the pronoun's own is no giver
    if stands is not None:
        antecedent = _antecedent(context, scene, found, stands)
        if antecedent is not None:
            return antecedent
    if act is not None and scene.words[act.i] in scene.lex.collecting and collected(scene, act):
        return None
    before = [
        f.donors
        for f in others
        if f is not found and f.donors is not None and f.donors.actors and f.status != REQUESTED
    ]
    names = {d.actors for d in before}
    led = act is None or act.passive or act.i >= found.j or stands is not None
    if len(names) == 1 and led and not any(f.donors is None and "nobody" in f.marks for f in others):
        return before[0]._replace(rule="the item's one giver")
    return _speaker(found, others) or _home_body(found) or _sent(context, found) or _opens(context, found, others)


def _opens(context: Context, found: Finding, others: Sequence[Finding]) -> Answer | None:
    """As in "[X] to resume aid to Y" above "Y will receive $5m": who opens the item, whose aid it tells of."""
    scene, act = context.scene(0), found.path.act
    if found.quantity is None or (act is not None and not act.passive and act.sort not in TAKES):
        return None
    if "nobody" in found.marks or found.recipient is None or not scene.sentence.has(scene.lex.aid_talk):
        return None
    taken = set(found.recipient.actors) | {a for f in others if f.recipient is not None for a in f.recipient.actors}
    first = next(iter(scene.actors), None)
    if first is None or first.i > 1 or first.actor in taken or not can_give(scene, first):
        return None
    return answer(joined_right(scene, first), "who opens the item")


def _sent(context: Context, found: Finding) -> Answer | None:
    """As in "the embassy of [X] in Y": in whose name an embassy gives, where nobody else is said to receive."""
    told = embassy(context.document, found.scene.lex)
    if told is None or (found.recipient is not None and found.recipient.actors != (told.host,)):
        return None
    return Answer((told.home,), "whose embassy tells of it", found.span.i, found.span.j)


def _bank_asked(found: Finding) -> Answer | None:
    """As in "its application for $3bn is before the IMF's board": the bank that is named is asked."""
    taken = set(found.recipient.actors) if found.recipient is not None else set()
    table = found.scene.lex.default_types
    banks = [a for a in found.scene.actors if table.get(a.actor) == "financial" and a.actor not in taken]
    return answer(banks, "the bank that is named") if taken and len({a.actor for a in banks}) == 1 else None


def _antecedent(context: Context, scene: Scene, found: Finding, stands: StandIn) -> Answer | None:
    taken = set(found.recipient.actors) if found.recipient is not None else set()
    own = [
        a for a in scene.actors if a.j <= stands.i and a.actor not in taken and stands.fits(scene, a) and says(scene, a)
    ]
    if own:
        return answer(joined(scene, own[-1]), "antecedent of a pronoun")
    reach = _FAR_BACK if stands.kind == "financial" else BACK  # no item speaks of two banks as "the bank"
    for index in range(scene.sentence.index - 1, max(-1, scene.sentence.index - 1 - reach), -1):
        earlier = context.scene(index)
        subjects = [a for a in earlier.actors if stands.fits(earlier, a) and a.actor not in taken]
        nobody = earlier.of("nobody") if scene.words[stands.i] in scene.lex.plural_pronouns else ()
        if nobody and not any(a.i < nobody[0].i for a in subjects):
            return None  # "Delegates ... They pledged"
        if stands.kind != "financial":
            subjects = [a for a in subjects if can_give(earlier, a)]
        if subjects:
            return answer([subjects[0]], "antecedent of a pronoun")
    return None


def _speaker(found: Finding, others: Sequence[Finding]) -> Answer | None:
    """The actor of the sentence who is no receiver: officials speak of their own country's aid."""
    taken = set(found.recipient.actors) if found.recipient is not None else set()
    givers = {a for f in others if f.donors is not None for a in f.donors.actors}
    taken |= {a for f in others if f.recipient is not None for a in f.recipient.actors} - givers
    act = found.path.act
    gathered = act is None or act.passive or act.sort == "weak"
    if gathered and not found.scene.lex.gatherings.isdisjoint(found.scene.words):
        return None  # "$5m was raised at a conference, X said"
    actors = [
        a
        for a in found.scene.actors
        if a.actor not in taken and a.form in (Form.PERSON, Form.OFFICE, Form.SEAT) and can_give(found.scene, a)
    ]
    if actors:
        return answer([actors[0]], "speaker")
    banks = [a for a in found.scene.actors if found.scene.lex.default_types.get(a.actor) == "financial"]
    if banks and len({a.actor for a in banks}) == 1 and banks[0].actor not in taken:
        return answer([banks[0]], "the bank that is named")
    if found.recipient is None:
        return None
    for_others = found.scene.lex.asks_for_others  # "$5m was pledged, the UN said"
    told = next(
        (
            a
            for a in found.scene.actors
            if a.actor not in taken and a.actor.lower() not in for_others and says(found.scene, a)
        ),
        None,
    )
    return answer(joined(found.scene, told), "speaker") if told is not None else None


def _home_body(found: Finding) -> Answer | None:
    """As in "the Senate": the parliament that a language's news means where it names no country."""
    scene = found.scene
    for mark in scene.marks("home_bodies", 0, found.span.core) or scene.marks("home_bodies"):
        if (found.recipient is None or mark.value not in found.recipient.actors) and not (
            mark.i and scene.covered(mark.i - 1)
        ):
            return Answer((mark.value,), "home parliament", mark.i, mark.j)
    return None
