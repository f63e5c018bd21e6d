"""Sums of what the sentence before told without one: "X agreed on a loan with Y. The loan amounts to $5m".

A definite noun of aid that opens a sentence, or "it is worth", speaks of the aid that the sentence before tells of: who
gives, who gets, what has become of it and when are told there, and one told without a figure is no event of its own.
"""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_context import Context
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_phrases import phrase
from monitor.kinds.aid_pledge.find_roles import Answer, answer, led_by
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import CONSIDERED, PLEDGED, course, day
from monitor.kinds.aid_pledge.find_sums import give_and_take
from monitor.kinds.aid_pledge.find_words import CLAUSE
from monitor.language.actors import is_state

#: tokens that a definite noun of aid may have before it where it opens its sentence
_OPENING = 4
#: tokens from a pronoun that opens its sentence to what it is worth
_WORTH = 6
#: roles of the nouns that the sentence before may have for it
_NOUNS = ("aid_nouns", "bare_aid", "again", "plans")


def opens_again(found: Finding) -> bool:
    """Whether a definite noun of aid, or a pronoun and a word of worth, opens the sentence and has the sum."""
    scene, core, act = found.scene, found.span.core, found.path.act
    if act is not None and act.i < core and not (act.passive or act.sort == "weak" or _inserted(scene, act)):
        return False
    if any(a.i < core for a in scene.actors) or any(q.i < found.i for q in scene.sums):
        return False
    for mark in scene.marks("again", 0, min(core, _OPENING + 1)):
        if not scene.lex.definite.isdisjoint(scene.words[max(0, mark.i - 2) : mark.i]):
            return scene.walls(mark.j, core) < CLAUSE
    for k in range(1, min(core, _OPENING)):
        if scene.words[k] in scene.lex.moves and scene.words[k - 1] in scene.lex.definite:
            return scene.walls(k, core) < CLAUSE
    worth = [m for m in scene.marks("worth", 0, core) if core - m.j <= 3]
    return bool(worth) and worth[-1].i <= _WORTH and any(m.i <= 1 for m in scene.marks("stand_ins", 0, worth[-1].i))


def _inserted(scene: Scene, act: Act) -> bool:
    """As in "The decision, [announced] on Tuesday, affects $5m": a participle between commas."""
    return act.begin > 0 and scene.words[act.begin - 1] == ","


def retell(context: Context, found: list[Finding]) -> list[Finding]:
    """Completes such sums from the sentence before; the aid without a figure that they tell of is left out."""
    left: list[Finding] = []
    for one in found:
        if one.quantity is None or one.donors is not None or not one.scene.sentence.index or not opens_again(one):
            continue
        index = one.scene.sentence.index - 1
        if any(f.quantity is not None and f.scene.sentence.index == index for f in found):
            continue
        bare = [f for f in found if f.bare and f.scene.sentence.index == index]
        whole = bare[0] if bare else _told(context.scene(index))
        if whole is None:
            continue
        left.extend(bare)
        one.donors = whole.donors._replace(i=one.i, j=one.j) if whole.donors is not None else None
        if one.recipient is None and whole.recipient is not None:
            one.recipient = whole.recipient._replace(i=one.i, j=one.j)
        one.types, one.typed = one.types or whole.types, one.typed or whole.typed
        if one.path.act is None or one.status == PLEDGED:
            one.status = whole.status if one.status != CONSIDERED else one.status
        one.date = one.date or whole.date
    for one in left:
        one.refuse("its sum is told")
    return [f for f in found if f not in left]


def _told(scene: Scene) -> Finding | None:
    """The aid of which a sentence tells: the first noun of it that somebody gives."""
    for mark in sorted((m for role in _NOUNS for m in scene.of(role)), key=lambda m: m.i):
        if mark.i in scene.act_at:
            continue
        span = phrase(scene, mark.i, mark.j)
        path = course(scene, span)
        if path.denied:
            continue
        whole = Finding(scene=scene, i=mark.i, j=mark.j, span=span, path=path, status=path.status)
        give_and_take(whole)
        if whole.donors is None:
            continue
        whole.recipient = whole.recipient or _with(scene, whole.donors)
        if whole.recipient is not None:
            whole.date = day(scene, span, path)
            return whole
    return None


def _with(scene: Scene, donors: Answer) -> Answer | None:
    """As in "a loan agreement with [Y]": the state with whom the giver has it."""
    for actor in scene.actors:
        k = led_by(scene, actor)
        if actor.actor in donors.actors or not is_state(actor.actor) or k < 0:
            continue
        if scene.words[k] in scene.lex.company:
            return answer([actor], "met by the giver")
    return None
