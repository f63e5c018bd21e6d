"""Whose act a verb tells: the subject of its clause, across what is inserted, joined or left out before it."""

from __future__ import annotations

from itertools import pairwise

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_roles import (
    Answer,
    answer,
    bare_before,
    can_give,
    joined,
    other_head,
)
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import WALL
from monitor.language.actors import Actor, Form

#: tokens from the comma to "with"
_ALONG = 2


def named_body(scene: Scene, end: int) -> Answer | None:
    """As in "the Olam Foundation": a name that ends in a noun for a body and that no list of names knows."""
    last = end - 1
    while last > 0 and (hit := scene.at.get(last)) is not None and "adverb_words" in hit.roles:
        last -= 1
    raw = scene.sentence.raw
    if last < 1 or scene.words[last] not in scene.lex.body_nouns or not raw[last][0].isupper():
        return None
    k = last
    while k > 0 and (raw[k - 1][0].isupper() or scene.words[k - 1] in scene.lex.name_links):
        k -= 1
    while k < last and scene.words[k] in scene.lex.articles | scene.lex.name_links | scene.lex.scene:
        k += 1
    if (
        k == last
        or (k and scene.words[k - 1] in scene.lex.genitives)
        or any(scene.covered(at) is not None and scene.words[at - 1] != "-" for at in range(k, last + 1))
    ):
        return None
    sentence = scene.sentence
    text = sentence.text[sentence.starts[k] - sentence.start : sentence.ends[last] - sentence.start]
    return Answer((text,), "named body", k, last + 1)


def subject(scene: Scene, act: Act) -> Answer | None:
    """Whose act it is: the nearest actor to its left that can be a subject, across a pronoun if need be."""
    body = named_body(scene, act.begin)
    if body is None and act.infinitive and "plans" in scene.by_role:
        body = _planner(scene, act)
    if body is None and scene.words[act.begin - 1] in scene.lex.relative:
        body = _antecedent(scene, act)
    if body is None and act.begin and scene.words[act.begin - 1] == ",":
        body = _in_company(scene, act) or _opening(scene, act)
    if body is not None or (scene.of("nobody") and _of_nobody(scene, act)):
        return body
    if scene.words[act.begin - 1] in scene.lex.venues and _gathers(scene, act):
        return None
    for actor in reversed(scene.actors):
        if actor.j > act.begin:
            continue
        after = act.loose and act.begin > 0 and scene.words[act.begin - 1] in scene.lex.subordination
        if scene.walls(actor.j, act.i) >= WALL or _blocked(scene, actor.j, act.begin - after):
            return None  # "X took part after allotting $5m" has no subject of its own
        if _inserted(scene, actor, act) or _joined_behind(scene, actor) or _given_to(scene, actor, act):
            continue
        if can_give(scene, actor) or _conjoined(scene, actor, act):
            return answer(joined(scene, actor), "subject of the verb")
    return None


def _in_company(scene: Scene, act: Act) -> Answer | None:
    """As in "[X], along with [Y and Z], will send": those between commas behind "with" give, too."""
    if scene.lex.company.isdisjoint(scene.words[: act.begin]):
        return None
    inside = [a for a in scene.actors if a.j < act.begin]
    last = inside[-1] if inside and inside[-1].j == act.begin - 1 else None
    if last is None:
        return None
    first = next((a for a in inside if scene.words[a.j] == "," and not a.possessive), last)
    led = scene.words[first.j + 1 : first.j + 1 + _ALONG]
    others = [a for a in inside if a.i > first.j]
    if first is last or scene.lex.company.isdisjoint(led) or not can_give(scene, first):
        return None
    plain = all(
        w in scene.lex.both or w in scene.lex.articles for a, b in pairwise(others) for w in scene.words[a.j : b.i]
    )
    return answer([first, *others], "subject of the verb") if plain and others[0].i - first.j <= _ALONG + 2 else None


def _opening(scene: Scene, act: Act) -> Answer | None:
    """As in "[X], mocked for offering Y too little, will send": who opens the sentence, before what is inserted."""
    first = next(iter(scene.actors), None)
    if first is None or first.j >= act.begin or scene.words[first.j] != ",":
        return None
    behind = scene.words[first.j + 1]
    mocked = any(a.begin == first.j + 1 for a in scene.acts) or behind.endswith(scene.lex.participle_endings)
    plain = first.i <= 1 and not first.possessive and first.form is not Form.DEMONYM
    return answer([first], "subject of the verb") if plain and mocked else None


def _of_nobody(scene: Scene, act: Act) -> bool:
    """As in "X's minister said [donors] had pledged": the verb's own subject is a noun that names nobody."""
    noun = next((m for m in scene.marks("nobody", 0, act.begin) if m.j == act.begin), None)
    if noun is None or not noun.i:
        return False
    hit = scene.sentence.common_at.get(noun.i - 1)
    return hit is not None and "quote_verbs" in hit.roles


def _gathers(scene: Scene, act: Act) -> bool:
    """As in "X said the [conference] had mobilised $5m": those who gave there are not named."""
    k = act.begin - 1
    return k > 0 and not act.passive and scene.covered(k - 1) is None


def _antecedent(scene: Scene, act: Act) -> Answer | None:
    """As in "it came from [X], which sent $5m": whom the relative clause of the verb is about."""
    k = act.begin - 2
    if k < 1 or scene.words[k + 1] not in scene.lex.relative or scene.words[k] != ",":
        return None
    actor = next((a for a in scene.actors if a.j == k and not a.possessive and a.form is not Form.DEMONYM), None)
    if actor is None or other_head(scene, actor):
        return None
    return answer(joined(scene, actor), "subject of the verb")


def _joined_behind(scene: Scene, actor: Actor) -> bool:
    """As in "the firm for X and [Y] has announced": joined without a comma to an actor behind a preposition."""
    k = bare_before(scene, actor.i)
    if k < 1 or scene.words[k] not in scene.lex.both or not scene.words[k].isalpha():
        return False
    before = next((a for a in scene.actors if a.j == k and not a.possessive), None)
    led = bare_before(scene, before.i) if before is not None else -1
    behind = led > 0 and scene.words[led] in scene.lex.to | scene.lex.company
    return behind and led - 1 not in scene.act_at and not _opens(scene, led)


def _given_to(scene: Scene, actor: Actor, act: Act) -> bool:
    """As in "denied [X] $9m and delayed $5m": right behind a verb, a sum up to the next verb: its object."""
    k = actor.i - (actor.i > 0 and scene.words[actor.i - 1] in scene.lex.articles)
    return k in scene.active_ends and any(actor.j <= q.i < act.begin and q.i - actor.j <= 1 for q in scene.sums)


def _opens(scene: Scene, k: int) -> bool:
    """Whether no noun stands before the preposition at k in its clause: it governs the clause, not a subject."""
    return scene.words[k - 1] in scene.lex.closed or not scene.words[k - 1].isalnum()


def _inserted(scene: Scene, actor: Actor, act: Act) -> bool:
    """As in "X, which gave [Y] $3m, announced": an actor between commas is no subject of the verb behind."""
    opened = [k for k in range(1, actor.i) if scene.words[k] in scene.lex.relative and scene.words[k - 1] == ","]
    if not opened or "," not in scene.words[actor.j : act.begin]:
        return False
    return "," not in scene.words[opened[-1] : actor.i]


def _planner(scene: Scene, act: Act) -> Answer | None:
    """As in "[London]'s decision to freeze", "a decision by [London] to freeze": whose plan it is."""
    planner = next((a for a in scene.actors if act.infinitive and a.j == act.begin), None)
    k = bare_before(scene, planner.i) if planner is not None else 0
    if planner is not None and k > 0 and scene.words[k] in scene.lex.by and any(m.j == k for m in scene.marks("plans")):
        return answer([planner], "subject of the verb")
    noun = next((m for m in scene.marks("plans") if m.j == act.begin), None) if act.infinitive else None
    owner = next((a for a in scene.actors if noun is not None and a.possessive and 0 < noun.i - a.j <= 2), None)
    return answer([owner], "subject of the verb") if owner is not None else None


def _blocked(scene: Scene, i: int, j: int) -> bool:
    """Whether a clause opens between actor and verb and no comma closes it: the verb has its own subject."""
    opened = [k for k in range(i, j) if scene.words[k] in scene.lex.subordination]
    if not opened or "," in scene.words[opened[-1] : j]:
        return False
    return not scene.marks("stand_ins", opened[-1], j)  # "said he would ... as he signed": the pronoun goes back


def _conjoined(scene: Scene, actor: Actor, act: Act) -> bool:
    """As in "after [X] voted", "with [X] alone giving": what looks like a preposition opens the actor's clause."""
    k = bare_before(scene, actor.i)
    if k < 0 or act.begin - actor.j > 2 or other_head(scene, actor):
        return False
    return scene.words[k] in scene.lex.subordination or (act.loose and scene.words[k] in scene.lex.company)
