"""Givers behind a preposition: "approved by X", "a loan from X", "signed with the bank"."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer, answer, joined_right, led_by, other_head
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK
from monitor.language.actors import Actor, Form

#: tokens between "by" and its actor, at most
_FAR = 7
#: tokens from a verb or noun that takes "from" to it, its object between: "buy winter wheat from"
_TAKEN = 4
#: tokens from goods that somebody sends to the agent of their own participle
_OWN = 5


def agent(scene: Scene, act: Act | None, span: Phrase) -> Answer | None:
    """As in "approved by X", "a loan from X"."""
    for actor in scene.actors:
        if actor.i < span.j and not (span.i <= actor.i):
            continue
        k = led_by(scene, actor)
        while (
            k > 0
            and scene.words[k] not in scene.lex.scene
            and k > actor.i - _FAR
            and scene.words[k].isalpha()
            and k not in scene.act_at
        ):
            k -= 1
        word = scene.words[k] if k >= 0 else ""
        walls = scene.walls(span.j, actor.i)
        if walls >= CLAUSE or _of_another_sum(scene, span, actor):
            break
        if (
            word in scene.lex.company
            and actor.actor in scene.lex.default_types
            and not scene.lex.company.isdisjoint(scene.words[span.j : actor.i])
            and scene.lex.be.isdisjoint(scene.words[span.j : actor.i])  # "and will be working with UNICEF"
        ):
            return answer([actor], "agent")
        if (
            word in scene.lex.of_donor
            and actor.actor in scene.lex.default_types
            and walls == 0
            and actor.i - span.j <= 3
        ):
            return answer([actor], "agent")
        near = walls < MARK
        if word in scene.lex.origin and actor.form is Form.CAPITAL and act is not None and _sends(act, span):
            continue  # "UNICEF is flying 6 tons of supplies from Copenhagen": where it starts
        if word in scene.lex.by and act is not None and act.passive and k <= act.begin and act.i > span.j:
            continue  # "a loan guaranteed by X was approved by Y": the verb's own agent gives
        if word in scene.lex.by and act is not None and _sends(act, span) and k - span.j > _OWN:
            continue  # "X will send shells to support the tanks supplied by Y"
        if word in scene.lex.by and _of_relative(scene, act, span, k):
            continue  # "X pledged $5m for works, which are run by Y"
        if word in scene.lex.origin and not scene.lex.from_elsewhere.isdisjoint(
            scene.words[max(span.j, k - _TAKEN) : k]
        ):
            continue  # "$5m to respond to requests from X", "to buy grain from X"
        led = (word in scene.lex.by and _passive_before(scene, k)) or (near and word in scene.lex.origin)
        if led and not other_head(scene, actor):
            return answer(joined_right(scene, actor), "agent")
    return None


def _of_relative(scene: Scene, act: Act | None, span: Phrase, k: int) -> bool:
    """Whether a relative clause that opens behind a sum in the active holds the "by" at token k."""
    active = act is not None and not act.passive and act.i < span.core
    return active and any(
        scene.words[at] in scene.lex.relative and scene.words[at - 1] == "," for at in range(span.j, k)
    )


def _sends(act: Act, span: Phrase) -> bool:
    """Whether a verb of handing over stands before the goods in the active."""
    return act.sort == "convey" and not act.passive and act.i < span.core


def _of_another_sum(scene: Scene, span: Phrase, actor: Actor) -> bool:
    """As in "$2m was promised, less than the $7m sought by [X]": the agent of a later sum's own verb."""
    later = next((q for q in scene.sums if span.j <= q.i < actor.i), None)
    return later is not None and any(later.j <= a.i < actor.i and a.j - later.j <= 2 for a in scene.acts)


def _passive_before(scene: Scene, k: int) -> bool:
    """Whether a participle stands before the preposition at k, a day between them allowed."""
    return any(k - 4 <= a.j <= k and (a.passive or a.past) for a in scene.acts) or (
        scene.at.get(k - 1) is not None and "aid_nouns" in scene.at[k - 1].roles
    )
