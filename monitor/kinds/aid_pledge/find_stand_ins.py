"""Nouns and pronouns that stand for a giver named before: "it", "the bank", "the Washington-based lender"."""

from __future__ import annotations

from typing import NamedTuple

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import CLAUSE
from monitor.language.actors import Actor, Form, is_state

#: tokens that may stand between a stand-in and its verb, and between an article and its noun
_TO_VERB, _NOUN_PHRASE = 8, 4


class StandIn(NamedTuple):
    """A word that stands for somebody named before token i."""

    i: int
    #: what he must be: "financial", "body", "state"; "" where the word does not tell
    kind: str

    def fits(self, scene: Scene, actor: Actor) -> bool:
        """Whether an actor can be meant."""
        if not self.kind:
            return True
        state = is_state(actor.actor) and actor.form is not Form.ORGANISATION
        if self.kind == "financial":
            return scene.lex.default_types.get(actor.actor) == "financial"
        return state if self.kind == "state" else not state


def stand_in(found: Finding) -> StandIn | None:
    """The last word before a finding's act (before its sum, where no act governs it) that stands for its subject."""
    scene, act = found.scene, found.path.act
    limit = max(act.begin if act is not None else found.span.core, 0)
    head = _head(scene, limit)
    if head is not None:
        return head
    near = [m for m in scene.marks("stand_ins", 0, limit) if limit - m.j <= _TO_VERB]
    if not near:
        return None
    last = near[-1]
    return StandIn(last.i, scene.lex.stand_in_kinds.get(scene.words[last.j - 1], ""))


def agent_stand_in(found: Finding) -> StandIn | None:
    """As in "was donated by [the society]", "$5m from [the bank]": the noun behind the preposition of an agent."""
    scene, lex = found.scene, found.scene.lex
    for k in range(found.span.j, scene.n - 2):
        led = scene.words[k] in lex.origin or (scene.words[k] in lex.by and k in scene.verb_ends)
        noun = scene.words[k + 2]
        if not led or scene.words[k + 1] not in lex.definite or noun not in lex.stand_in_kinds:
            continue
        if scene.covered(k + 2) is None and scene.walls(found.span.j, k) < CLAUSE:
            return StandIn(k + 1, lex.stand_in_kinds[noun])
    return None


def _head(scene: Scene, limit: int) -> StandIn | None:
    """As in "the Washington-based [lender] is offering": a noun behind its article and right before the verb."""
    noun = scene.words[limit - 1] if limit > 1 else ""
    if noun not in scene.lex.stand_in_kinds or scene.covered(limit - 1) is not None:
        return None
    article = next(
        (k for k in range(limit - 2, max(-1, limit - 2 - _NOUN_PHRASE), -1) if scene.words[k] in scene.lex.articles),
        None,
    )
    if article is None or any(scene.covered(k) is not None for k in range(article, limit - 1)):
        return None
    return StandIn(article, scene.lex.stand_in_kinds[noun])
