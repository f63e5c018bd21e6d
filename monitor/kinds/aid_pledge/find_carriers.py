"""Ships, planes and lorries that bring goods: whose they are, and what is on them."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Mark
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer, answer, joined, joined_right, led_by
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK
from monitor.language.actors import Actor, Form

#: tokens that one item of a list of goods may have before its noun
LONGEST_ITEM = 8


def carrier(scene: Scene, span: Phrase) -> Answer | None:
    """As in "two [Turkish] planes carrying tents": whose ship or plane brings the goods gives them."""
    for mark in scene.marks("carriers"):
        owner = _owner(scene, mark)
        if owner is not None and scene.walls(min(mark.i, span.i), max(mark.i, span.i)) < CLAUSE:
            return answer(
                joined(scene, owner) if owner.j <= mark.i else joined_right(scene, owner), "whose carrier it is"
            )
    return None


def aboard(scene: Scene, span: Phrase) -> bool:
    """As in "a Turkish convoy is to follow with [40 tents]": what is laden on somebody's ship or lorry."""
    laden = [k for k in range(max(0, span.i - 4), span.i) if scene.words[k] in scene.lex.laden]
    return bool(laden) and any(
        scene.walls(m.j, laden[-1]) < CLAUSE and _owner(scene, m) is not None
        for m in scene.marks("carriers", 0, laden[-1])
    )


def lies_in(scene: Scene, i: int, k: int) -> bool:
    """Whether a word of being laden stands right before token k, and no clause begins between i and it."""
    return scene.walls(i, k) < CLAUSE and any(w in scene.lex.laden for w in scene.words[max(i, k - 3) : k])


def only_carries(scene: Scene, mark: Mark) -> bool:
    """As in "two [planes] from X carrying tents": what brings the goods is none of them."""
    if scene.words[mark.j - 1] in scene.lex.carriers and _relieved(scene, mark.j):
        return True
    return "carriers" in scene.at[mark.i].roles and any(
        w in scene.lex.laden and w not in scene.lex.of_donor for w in scene.words[mark.j + 1 : mark.j + LONGEST_ITEM]
    )


def _relieved(scene: Scene, j: int) -> bool:
    """As in "13 military aircraft to X [loaded with food]", "planes [with aid]": relief is aboard, behind token j."""
    laden = next((k for k in range(j, min(j + LONGEST_ITEM, scene.n)) if scene.words[k] in scene.lex.aboard), scene.n)
    if scene.walls(j, min(laden, scene.n)) >= MARK or any(j <= a.i < laden and not a.past for a in scene.acts):
        return False
    relief = [m for m in scene.marks("goods", laden) if m.value == "humanitarian"]
    return any(m.i - laden <= LONGEST_ITEM for m in (*relief, *scene.marks("aid_nouns", laden)))


def _owner(scene: Scene, carrier: Mark) -> Actor | None:
    """Whose ship or plane it is."""
    owner = next((a for a in reversed(scene.actors) if a.j <= carrier.i and carrier.i - a.j <= 3), None)
    if owner is not None and (owner.possessive or owner.form in (Form.DEMONYM, Form.ORGANISATION)):
        return owner
    behind = next((a for a in scene.actors if a.i >= carrier.j), None)  # "an aircraft of X's air bridge", "from X"
    led = behind is not None and led_by(scene, behind) == carrier.j
    return behind if led and scene.words[carrier.j] in scene.lex.origin | scene.lex.of_donor else None
