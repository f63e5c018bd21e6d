"""Receivers whom the sentence does not name: those of the sums around it, or the country that the item is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.kinds.aid_pledge.find_context import BACK, Context, at
from monitor.kinds.aid_pledge.find_envoys import embassy
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_receivers import directed, targets
from monitor.kinds.aid_pledge.find_roles import Answer, answer, bare_before
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_sieve import heading
from monitor.kinds.aid_pledge.find_where import is_country, subject_country, where, written_in
from monitor.language.actors import is_state

#: tokens of hedges from a pronoun to the sum that it gets
_HEDGED = 4
#: sentences back to one that tells who is in need
_NEED = 2
#: sorts of aid that relieve
_RELIEF = frozenset(("humanitarian",))
_ASKS = frozenset(("ask",))


def receiver(context: Context, found: Finding, others: Sequence[Finding]) -> Answer | None:
    """Who receives, by words elsewhere; told of the mention that lacked them."""
    return at(found, _receiver(context, found, others))


def _receiver(context: Context, found: Finding, others: Sequence[Finding]) -> Answer | None:
    """Who receives, where the sentence does not say: as around it, or the country that the item is about."""
    donors = set(found.donors.actors) if found.donors is not None else set()
    here = found.scene.sentence.index
    if _shared_out(found):
        return None
    opening = heading(found)
    if opening is not None:
        scene = context.scene(opening.index)
        led = directed(scene, 0, scene.n)
        if led is not None:
            return led._replace(rule="the heading of the list")
    told = _object(context, found, donors) or _the_country(context, found, donors) or where(found, donors, others)
    if told is not None:
        return told
    near = [
        f
        for f in others
        if f is not found and f.recipient is not None and not f.several and not donors & set(f.recipient.actors)
    ]
    close = [f for f in near if 0 <= here - f.scene.sentence.index <= BACK]
    if _for_several(found, others):
        return None
    if close:
        return _inherited((_to_states(close) or _to_states(near) or close)[-1].recipient)
    counts = Counter(f.recipient.actors[0] for f in _to_states(near) or near if f.recipient is not None)
    if counts:
        best = counts.most_common(1)[0][0]
        return _inherited(next(f.recipient for f in near if f.recipient is not None and f.recipient.actors[0] == best))
    sure = [f.donors for f in others if f.donors is not None and f.donors.rule != "opens the clause"]
    donors |= {a for d in sure for a in d.actors}
    return (
        _here(context, found, donors)
        or _in_need(context, found, donors)
        or _met(found, donors)
        or _helped(context, found, donors)
        or _hosted(context, found, donors)
        or subject_country(context.document, found, donors)
    )


def _hosted(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """As in "the ambassador of X to [Y]": where the embassy of the giver is."""
    told = embassy(context.document, found.scene.lex)
    if told is None or donors != {told.home}:
        return None
    return Answer((told.host,), "where the giver's embassy is", found.span.i, found.span.j)


def _for_several(found: Finding, others: Sequence[Finding]) -> bool:
    """Whether the sum of the same giver that is told right before goes to several."""
    here = found.scene.sentence.index
    last: Finding | None = None
    for one in others:
        if one is found:
            break
        last = one
    if last is None or not last.several or here - last.scene.sentence.index > 1:
        return False
    return found.donors is None or last.donors is None or found.donors.actors == last.donors.actors


def _the_country(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """As in "$5m to the country": the state named last that does not give."""
    scene = found.scene
    marks = [m for m in scene.marks("country_again", found.span.core) if m.i and scene.words[m.i - 1] in scene.lex.to]
    if not marks:
        return None
    for index in range(scene.sentence.index, max(-1, scene.sentence.index - 1 - BACK), -1):
        named = [
            a
            for a in context.scene(index).actors
            if is_country(a) and a.actor not in donors and (index < scene.sentence.index or a.j <= marks[0].i)
        ]
        if named:
            return answer([named[-1]], '"the country"')
    return written_in(context.document, found, donors)


def _object(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """As in "Y's minister said that X would lend [it] $5m": the state told of last, he who gives left out."""
    scene, act = found.scene, found.path.act
    if act is None or act.passive or act.j >= found.span.core or scene.words[act.j] not in scene.lex.given_to:
        return None
    if found.i - act.j > _HEDGED or not donors:
        return None
    index = scene.sentence.index
    for earlier in (scene, *map(context.scene, range(index - 1, max(-1, index - 1 - BACK), -1))):
        named = [
            a
            for a in earlier.actors
            if a.actor not in donors and is_state(a.actor) and (earlier is not scene or a.j <= act.begin)
        ]
        if named:
            return answer([named[0] if earlier is not scene else named[-1]], "antecedent of a pronoun")
    return None


def _in_need(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """As in "[Y] was hit by a storm. X sent 200 tents": the one state that the sentence before tells in need."""
    scene = found.scene
    if not found.types <= _RELIEF or (found.quantity is None and not found.types):
        return None
    for index in range(scene.sentence.index - 1, max(-1, scene.sentence.index - 1 - _NEED), -1):
        earlier = context.scene(index)
        if not (earlier.sentence.has(scene.lex.need) or earlier.may_act(_ASKS)):
            continue
        named = {a.actor for a in earlier.actors if is_state(a.actor) and a.actor not in donors}
        named |= {p.country for p in earlier.sentence.places if p.country and p.country not in donors}
        if len(named) == 1:
            return Answer((named.pop(),), "who is in need", found.span.i, found.span.j)
    return None


def _met(found: Finding, donors: set[str]) -> Answer | None:
    """As in "announced during a meeting with X": whom the giver meets receives."""
    for actor in found.scene.actors:
        k = bare_before(found.scene, actor.i)
        if (
            actor.actor not in donors
            and is_state(actor.actor)
            and k >= 0
            and found.scene.words[k] in found.scene.lex.company
        ):
            return answer([actor], "met by the giver")
    return None


def _shared_out(found: Finding) -> bool:
    """Whether a smaller sum behind it has a receiver of its own: the whole is for several."""
    scene, quantity = found.scene, found.quantity
    later = [
        q
        for q in scene.sums
        if quantity is not None and q.i > found.j and q.least < quantity.least and _shares(scene, found.j, q.i)
    ]
    return (
        bool(later)
        and directed(scene, later[0].j, scene.n) is not None
        and directed(scene, found.span.j, later[0].i) is None
    )


def _shares(scene: Scene, i: int, j: int) -> bool:
    """Whether a word of parts stands between a sum and a smaller one."""
    led = any(w in scene.lex.company for w in scene.words[max(i, j - 3) : j])
    return bool(scene.marks("parts", i, j)) or (led and not any(i <= a.i < j for a in scene.actors))


def _here(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """Whom the same sentence helps in another clause: "to send X aid, after lawmakers passed a $5m package"."""
    return _target(context, found.scene, donors)


def _target(context: Context, scene: Scene, donors: set[str]) -> Answer | None:
    index = scene.sentence.index
    if index not in context.targets:
        context.targets[index] = list(targets(scene))
    return next((a for a in context.targets[index] if a.actors[0] not in donors), None)


def _helped(context: Context, found: Finding, donors: set[str]) -> Answer | None:
    """Whom other sentences of the item say that aid goes to; the one named most."""
    counts: Counter[str] = Counter()
    for sentence in context.document.sentences:
        if sentence.has(found.scene.lex.aid_talk) or sentence.has(found.scene.lex.goods_talk):
            target = _target(context, context.scene(sentence.index), donors)
            if target is not None:
                counts[target.actors[0]] += 1
    if not counts:
        return None
    return Answer((counts.most_common(1)[0][0],), "helped elsewhere in the item", found.span.i, found.span.j)


def _to_states(found: Sequence[Finding]) -> list[Finding]:
    """Those that go to a state: a body that some sums go through ("$5m to UNICEF") is not whom the others are for."""
    return [f for f in found if f.recipient is not None and is_state(f.recipient.actors[0])]


def _inherited(recipient: Answer | None) -> Answer | None:
    return recipient._replace(rule="receiver of the sums around it") if recipient is not None else None
