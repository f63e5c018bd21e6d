"""Whose words a sentence gives: "said X's foreign minister", and whom "we" means in what somebody is quoted with."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_context import Context
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_roles import Answer, answer, bare_before, can_give
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.language.actors import Actor, Form

#: words of a holder's own name behind his title
_NAME = 3
#: tokens from a pronoun to its verb group: itself, and one that no group holds ("we can announce")
_SUBJECT = 2
#: sentences back to who is quoted
_QUOTED = 2
_QUOTES = frozenset('"“”.:')
_HOLDERS = frozenset((Form.PERSON, Form.OFFICE, Form.SEAT))


def says(scene: Scene, actor: Actor) -> bool:
    """Whether a verb of saying stands right behind the actor and his title, or before them ("said X's minister")."""
    end, titled = _title(scene, actor)
    common = scene.sentence.common_at
    behind = common.get(end)
    if behind is None or "quote_verbs" not in behind.roles:
        before = common.get(bare_before(scene, actor.i)) if titled else None
        if before is None or "quote_verbs" not in before.roles:
            return False
    return can_give(scene, actor)


def spoken(context: Context, found: Finding, taken: set[str]) -> Answer | None:
    """As in "X's minister visited Y. 'We will give $5m,' he said": who is quoted gives what "we" give."""
    scene, act = found.scene, found.path.act
    if act is None or not of_first_person(scene, act):
        return None
    own = [a for a in scene.actors if a.actor not in taken and says(scene, a)]
    if own:
        return answer(own[:1], "who says we")
    for index in range(scene.sentence.index - 1, max(-1, scene.sentence.index - 1 - _QUOTED), -1):
        earlier = context.scene(index)
        for actor in earlier.actors:
            holds = actor.form in _HOLDERS or _title(earlier, actor)[1] or says(earlier, actor)
            if holds and actor.actor not in taken and can_give(earlier, actor):
                return answer([actor], "who says we")
    return None


def of_first_person(scene: Scene, act: Act) -> bool:
    """Whether "we", "I" or "my government" is the subject of a verb; "we stand with Y and [will give]" has it, too."""
    words, first = scene.words, scene.lex.first_person
    if not first.isdisjoint(words[max(0, act.begin - _SUBJECT) : act.begin]):
        return True
    joined = act.begin > 0 and words[act.begin - 1] in scene.lex.both and words[act.begin - 1].isalpha()
    start = next((k + 1 for k in range(act.begin - 1, -1, -1) if words[k] in _QUOTES), 0)
    return joined and words[start] in first


def _title(scene: Scene, actor: Actor) -> tuple[int, bool]:
    """The token behind an actor with the title of who stands for it and his name, and whether there is such a title."""
    k, common = actor.j + actor.possessive, scene.sentence.common_at
    if not (actor.possessive or actor.form is Form.DEMONYM):
        return k, False
    start = k
    while (hit := common.get(k)) is not None and hit.i == k and "titles" in hit.roles:
        k = hit.j
    titled = k > start
    named = k
    while titled and named < scene.n and named - k < _NAME and scene.sentence.raw[named][0].isupper():
        named += 1
    return named, titled
