"""Who possesses a sum: "Norway's 50m-euro gift", "US military aid worth $5m", "a German package of $5m"."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer, aid_noun_next, answer, joined, other_head
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_subjects import subject
from monitor.language.actors import Actor, Form

_ADJECTIVES = frozenset((Form.DEMONYM, Form.ORGANISATION, Form.SEAT))


def possessor(scene: Scene, span: Phrase) -> Answer | None:
    """As in "Norway's 50m-euro gift", "US military aid worth $5m", "a German package of $5m"."""
    for actor in scene.funders:
        if span.i <= actor.i and actor.j <= span.j:
            return answer([actor], "possessor of the sum")
    for actor in reversed(scene.actors):
        if not (span.i <= actor.i and actor.j <= span.j) or actor.i in scene.sum_tokens:
            continue
        before = scene.words[actor.i - 1] if actor.i else ""
        if actor.form is Form.PEOPLE or other_head(scene, actor) or before in scene.lex.to or lives_on(scene, actor):
            continue
        if actor.form not in _ADJECTIVES and not actor.possessive and actor.i in scene.active_ends:
            continue
        if not actor.possessive and before in scene.lex.company and scene.marks("worth", actor.j, actor.j + 1):
            continue  # "signed an agreement with X worth $5m"
        if actor.possessive or (actor.form in _ADJECTIVES and _noun_next(scene, actor)):
            if actor.i >= span.core and not _aid_behind(scene, actor, span):
                continue
            if not actor.possessive and _bare_state(scene, actor) and actor.i > 0 and not aid_noun_next(scene, actor):
                continue
            return answer(joined(scene, actor), "possessor of the sum")
    return None


def granted(scene: Scene, act: Act | None, owner: Answer, j: int) -> bool:
    """As in "X signs $5m [UNHCR] grants": a relief agency between a sum that ends at j and its noun; another signs."""
    relief = scene.lex.default_types.get(owner.actors[0]) == "humanitarian" and owner.i == j
    if not relief or act is None or act.passive or act.i >= j or act.sort not in ("enact", "allot"):
        return False
    giver = subject(scene, act)
    return giver is not None and set(giver.actors).isdisjoint(owner.actors)


def promised(scene: Scene, act: Act) -> bool:
    """As in "X has garnered $5m in [commitments]": what a verb of gathering brings in is promised by others."""
    if act.passive or scene.words[act.i] not in scene.lex.collecting:
        return False
    return any(0 <= m.i - q.j <= 1 for q in scene.sums if q.i >= act.j for m in scene.marks("promise_nouns", q.j))


def lives_on(scene: Scene, actor: Actor) -> bool:
    """As in "$5m in [UNRWA] funding": an agency before a noun of its income is given it."""
    relief = scene.lex.default_types.get(actor.actor) == "humanitarian" and not actor.possessive
    return relief and actor.j < scene.n and scene.words[actor.j] in scene.lex.income


def _noun_next(scene: Scene, actor: Actor) -> bool:
    """Whether a noun, or a sum with its sign ("Dutch €5m"), stands right behind an adjective."""
    return actor.j < scene.n and (scene.words[actor.j][0].isalnum() or actor.j in scene.sum_starts)


def _bare_state(scene: Scene, actor: Actor) -> bool:
    return actor.form in (Form.ORGANISATION, Form.SEAT)


def _aid_behind(scene: Scene, actor: Actor, span: Phrase) -> bool:
    """Behind the sum only an adjective gives ("$5m in US aid"); "$5m Ukraine package" receives."""
    return (
        actor.form in _ADJECTIVES
        and any(m.i >= actor.j for m in scene.marks("aid_nouns", actor.j, span.j))
        and scene.words[actor.i - 1] not in scene.lex.to
    )
