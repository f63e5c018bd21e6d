"""Who gives and who receives: the arguments of a sum or of goods, found by the shape of their clause.

Each search returns an ``Answer`` with the rule that gave it, or None; the first that answers wins. The order is the
order of how sure the shapes are: an agent behind "by", a possessor of the phrase itself, the subject of the verb.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import WALL
from monitor.language.actors import Actor, Form

#: tokens that may stand between a preposition and its actor ("to the people of war-torn X")
REACH = 7
#: marks behind which any word has a capital
_OPENS = frozenset('"“:;.!?—-–')
#: tokens from the comma to "with"
_ALONG = 2
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
    body = named_body(scene, act.begin) or _planner(scene, act) or _antecedent(scene, act)
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
