"""Who gives and who receives: the arguments of a sum or of goods, found by the shape of their clause.

Each search returns an ``Answer`` with the rule that gave it, or None; the first that answers wins. The order is the
order of how sure the shapes are: an agent behind "by", a possessor of the phrase itself, the subject of the verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.language.actors import Actor, Form

#: tokens that may stand between a preposition and its actor ("to the people of war-torn X")
REACH = 7
#: marks behind which any word has a capital
_OPENS = frozenset('"“:;.!?—-–')
STATES = frozenset((Form.COUNTRY, Form.DEMONYM, Form.PEOPLE, Form.CAPITAL, Form.SEAT, Form.PERSON, Form.OFFICE))


class Answer(NamedTuple):
    """Actors found, the rule that found them and the tokens it read."""

    actors: tuple[str, ...]
    rule: str
    i: int
    j: int


def answer(found: Sequence[Actor], rule: str) -> Answer:
    """What actors come to, each once."""
    names = tuple(dict.fromkeys([a.actor for a in found]))  # "" stands for others who are not named
    return Answer(names, rule, found[0].i, found[-1].j)


# --- actors as subjects ---


def bare_before(scene: Scene, i: int) -> int:
    """The token before an actor's own phrase: its articles, adjectives and titles skipped."""
    found = scene.bare.get(i)
    if found is None:
        found = scene.bare[i] = _bare_before(scene, i)
    return found


def _bare_before(scene: Scene, i: int) -> int:
    k = i - 1
    person = (named := scene.starts.get(i)) is not None and named.form is Form.PERSON
    while k >= 0:
        hit, adjective = scene.at.get(k), scene.covered(k)
        if person and hit is not None and "bodies" in hit.roles:
            k = hit.i - 1  # "met with the prime minister of X, Y"
            continue
        if person and scene.words[k] == "," and (own := scene.at.get(k - 1)) is not None and "bodies" in own.roles:
            k -= 1
            continue
        skip = (
            scene.words[k] in scene.lex.articles
            or scene.words[k] in scene.lex.titles
            or (hit is not None and "types" in hit.roles)
            or scene.words[k] in scene.lex.directions
        )
        if not skip and k > 1 and scene.words[k - 1] == "-" and scene.words[k].isalpha():
            k -= 3  # "in [drought-hit] X"
            continue
        if adjective is not None and adjective.form is Form.DEMONYM:
            skip = True
        if not skip:
            break
        k -= 1
    return k


def led_by(scene: Scene, actor: Actor) -> int:
    """The token that governs an actor, before its articles and titles and "the government of", "the people of"."""
    k = bare_before(scene, actor.i)
    while k > 0 and scene.words[k] in scene.lex.of_donor and scene.words[k - 1] in scene.lex.bodies | scene.lex.titles:
        k -= 2
        while k >= 0 and (scene.words[k] in scene.lex.articles or scene.words[k] in scene.lex.bodies):
            k -= 1
    return k


def other_head(scene: Scene, actor: Actor) -> bool:
    """Whether the actor only qualifies somebody else: "Ukraine's allies", "Syrian refugees", "the Ukraine war"."""
    start = actor.j + actor.possessive
    if not scene.lex.venues.isdisjoint(scene.words[start : start + 2]):
        return True
    if actor.form is Form.COUNTRY and scene.sentence.field != "title" and _named_after(scene, start):
        return True
    if not (actor.possessive or actor.form is Form.DEMONYM):
        return False
    for k in range(start, min(start + 4, scene.n)):
        hit, following = scene.at.get(k), scene.at.get(k + 1)
        if (
            hit is not None
            and "others" in hit.roles
            and hit.i == k
            and not (following is not None and not {"aid_nouns", "types"}.isdisjoint(following.roles))
            and not (actor.form is Form.DEMONYM and scene.words[min(k + 1, scene.n - 1)] in scene.lex.titles)
        ):
            return True
        plain = scene.words[k].isalpha() or scene.words[k] == "-"  # "second-largest"
        if not plain or scene.words[k] in scene.lex.scene or k in scene.act_at:
            return False
    return False


def _named_after(scene: Scene, k: int) -> bool:
    """As in "the Syria Earthquake [Appeal]", "the X Security [Initiative]": whether the name of a collection or of a
    programme, in capitals, goes on at token k."""
    while k < scene.n and scene.sentence.raw[k][0].isupper():
        if scene.words[k] in scene.lex.public or scene.words[k] in scene.lex.schemes:
            return True
        k += 1
    return False


def can_give(scene: Scene, actor: Actor) -> bool:
    """Whether an actor can be the subject of a clause: not its place, its company or its topic."""
    if other_head(scene, actor) or ((actor.form is Form.DEMONYM or actor.possessive) and not _heads_body(scene, actor)):
        return False
    k = bare_before(scene, actor.i)
    if k < 0 or scene.words[k] not in scene.lex.scene:
        return not _within_name(scene, actor)
    before = scene.words[k - 1] if k else ""
    if before in (scene.lex.bodies if scene.words[k] in scene.lex.of_donor else scene.lex.seated):
        led = led_by(scene, actor)
        return led < 0 or scene.words[led] not in scene.lex.to  # "a sale [to] the government of X"
    return actor.form is Form.CAPITAL and before in scene.lex.titles


def _within_name(scene: Scene, actor: Actor) -> bool:
    """As in "Islamic Relief USA", "Save the Children Canada": a country's name that ends the name of a body."""
    k = actor.i - 1
    if actor.form is not Form.COUNTRY or k < 1 or scene.sentence.field == "title":
        return False
    before = scene.covered(k)
    if before is not None:
        return before.form is Form.ORGANISATION and not before.possessive
    word, hit = scene.words[k], scene.at.get(k)
    if not scene.sentence.raw[k][0].isupper() or not word.isalpha() or scene.words[k - 1] in _OPENS:
        return False
    known = k in scene.sentence.common_at or word in scene.lex.closed or word in scene.lex.scene
    return not known and word not in scene.lex.bodies and (hit is None or "adverb_words" not in hit.roles)


def _heads_body(scene: Scene, actor: Actor) -> bool:
    """Whether an adjective's noun can act for its state: "Czech government", "the Dutch [pledged]"."""
    start = actor.j + actor.possessive
    if actor.possessive and aid_noun_next(scene, actor):
        return True  # "the UK's extra funding will be used to send"
    if start < scene.n and scene.words[start] == "," and actor.i and scene.words[actor.i - 1] in scene.lex.articles:
        return scene.starts.get(start + 1) is None  # "the Spanish, for their part, will send"
    for k in range(start, min(start + 4, scene.n)):
        hit = scene.at.get(k)
        if (
            scene.words[k] in scene.lex.titles
            or (k == start and hit is not None and "verb_group" in hit.roles)
            or scene.words[k] in scene.lex.bodies
            or any(a.begin == k for a in scene.acts)
            or scene.covered(k) is not None
        ):
            return True
        if hit is not None and "goods" in hit.roles:
            return False
        if scene.sentence.raw[k][0].isupper():
            return True
    return False


def joined(scene: Scene, actor: Actor) -> list[Actor]:
    """The actor with those that "and" and commas join to it on its left ("Norway, Sweden and [Finland]")."""
    found, plain = [actor], False
    others = {a.j: a for a in scene.actors}
    while True:
        k = bare_before(scene, found[0].i)
        marks: list[str] = []
        while k >= 0 and scene.words[k] in scene.lex.both and len(marks) < 2:
            marks.append(scene.words[k])
            k -= 1
        if k > 1 and scene.words[k] == ")" and scene.words[k - 2] == "(":
            k -= 3  # "the Asian Development Bank (ADB) and X"
        before = others.get(k + 1)
        plain = plain or any(m.isalpha() for m in marks) or scene.sentence.field == "title"  # "X, Y pledge $5m"
        if not marks or not plain or before is None or before.possessive or before.form is Form.PERSON:
            led = led_by(scene, found[0])
            apart = len(found) > 1 and led >= 0 and scene.words[led] in scene.lex.scene and not _told_of(scene, actor)
            return [actor] if apart else found  # "split between X and Y, and [Z] gave"
        found.insert(0, before)


def _told_of(scene: Scene, actor: Actor) -> bool:
    """As in "from X and [Y], which each pledged": a relative clause tells of all that are joined."""
    behind = scene.words[actor.j : actor.j + 2]
    return len(behind) > 1 and behind[0] == "," and behind[1] in scene.lex.relative


def joined_right(scene: Scene, actor: Actor, before_sum: bool = False) -> list[Actor]:
    """The actor with those joined to it on its right; a comma alone joins nobody ("for X, Y said")."""
    found, marks = [actor], [""]
    for following in scene.actors:
        if following.i <= found[-1].i:
            continue
        between = scene.words[found[-1].j : following.i]
        if following.actor == found[-1].actor and list(between) == ["("]:
            found[-1] = replace(found[-1], j=min(following.j + 1, scene.n))  # "the World Food Programme (WFP)"
            continue
        joints = [w for w in between if w in scene.lex.both]
        if (
            not joints
            or not all(w in scene.lex.both or w in scene.lex.articles for w in between)
            or _acts_next(scene, following, before_sum)
            or (len(found) == 1 and len(joints) > 1 and "," in scene.words[following.j : following.j + 1])
        ):
            break
        found.append(following)
        marks.append(next((w for w in joints if w.isalpha()), ""))
    open_end = scene.words[found[-1].j : found[-1].j + 3]
    if any(w in scene.lex.both and w.isalpha() for w in open_end[:2]) and any(w in scene.lex.more for w in open_end):
        return [*found, replace(found[0], actor="")]
    while len(found) > 1 and not marks[-1]:
        found.pop()
        marks.pop()
    return found


def _acts_next(scene: Scene, actor: Actor, before_sum: bool) -> bool:
    """Whether a verb or a sum follows the actor: it begins a clause of its own."""
    begins = actor.j in scene.verb_begins and scene.words[actor.j] not in scene.lex.infinitive
    return begins or (not before_sum and actor.j in scene.sum_starts)


def aid_noun_next(scene: Scene, actor: Actor) -> bool:
    """Whether the actor's noun is the aid itself: "EU loans", "US military aid"."""
    return aid_next(scene, actor) or any(q.i - actor.j < 2 for q in scene.sums if q.i >= actor.j)


def aid_next(scene: Scene, actor: Actor) -> bool:
    return any(m.i - actor.j < 5 for m in scene.marks("aid_nouns", actor.j)) or any(
        m.i - actor.j < 3 for m in scene.marks("promise_nouns", actor.j)
    )
