"""Who gives and who receives: the arguments of a sum or of goods, found by the shape of their clause.

Each search returns an ``Answer`` with the rule that gave it, or None; the first that answers wins. The order is the
order of how sure the shapes are: an agent behind "by", a possessor of the phrase itself, the subject of the verb.
"""

from __future__ import annotations

from dataclasses import replace
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.kinds.aid_pledge.find_scene import CLAUSE, MARK, WALL, Act, Scene
from monitor.language.actors import Actor, Form

#: tokens that may stand between a preposition and its actor ("to the people of war-torn X")
REACH = 7
_ADJECTIVES = frozenset((Form.DEMONYM, Form.ORGANISATION, Form.SEAT))
_STATES = frozenset((Form.COUNTRY, Form.DEMONYM, Form.PEOPLE, Form.CAPITAL, Form.SEAT, Form.PERSON, Form.OFFICE))


class Answer(NamedTuple):
    """Actors found, the rule that found them and the tokens it read."""

    actors: tuple[str, ...]
    rule: str
    i: int
    j: int


class Phrase(NamedTuple):
    """The noun phrase of a sum or of goods: tokens[i:j], its core at ``core``."""

    i: int
    j: int
    core: int


def answer(found: Sequence[Actor], rule: str) -> Answer:
    """What actors come to, each once."""
    names = tuple(dict.fromkeys(a.actor for a in found))  # "" stands for others who are not named
    return Answer(names, rule, found[0].i, found[-1].j)


# --- the noun phrase ---


def phrase(scene: Scene, i: int, j: int) -> Phrase:
    """The noun phrase around tokens[i:j]: "a new US military aid package for X worth [$5m]"."""
    return Phrase(_left(scene, i), _right(scene, j), i)


def _left(scene: Scene, i: int) -> int:
    k, acts = i, {a.j for a in scene.acts if not a.attributive}
    while k > 0 and i - k < 9:
        word = scene.words[k - 1]
        if k in acts or not (word[0].isalnum() or word in scene.lex.genitives or word in "-–$€£"):
            break
        hit, own = scene.sentence.common_at.get(k - 1), scene.at.get(k - 1)
        if word not in scene.lex.articles and (word in scene.lex.closed or (hit is not None and "quote_verbs" in hit.roles)):
            break
        if word in scene.lex.scene and not (own is not None and "wholes" in own.roles) and not _inner(scene, k - 1):
            break
        if own is not None and not {"modes", "verb_group", "parts"}.isdisjoint(own.roles):
            break
        k -= 1
    return k


def _inner(scene: Scene, k: int) -> bool:
    """Whether the preposition at k joins two nouns of one sum ("a package of $5m", "aid of")."""
    before = scene.at.get(k - 1)
    return before is not None and "aid_nouns" in before.roles


def _right(scene: Scene, j: int) -> int:
    """The end of "[$5m] in new military and economic aid"."""
    k, end = j, j
    acts = {a.i for a in scene.acts}
    while k < scene.n and k - j < 9:
        hit = scene.at.get(k)
        word = scene.words[k]
        if k in acts or (not word[0].isalnum() and word not in "-–") or word in scene.lex.to or word in scene.lex.by or any(q.i == k for q in scene.sums):
            break
        if hit is not None and not {"aid_nouns", "types"}.isdisjoint(hit.roles):
            end = hit.j
            k = hit.j
            continue
        k += 1
    return end


# --- actors as subjects ---


def bare_before(scene: Scene, i: int) -> int:
    """The token before an actor's own phrase: its articles, adjectives and titles skipped."""
    k = i - 1
    while k >= 0:
        hit, adjective = scene.at.get(k), scene.covered(k)
        skip = scene.words[k] in scene.lex.articles or scene.words[k] in scene.lex.titles or (hit is not None and "types" in hit.roles)
        if adjective is not None and adjective.form is Form.DEMONYM:
            skip = True
        if not skip:
            break
        k -= 1
    return k


def _other_head(scene: Scene, actor: Actor) -> bool:
    """Whether the actor only qualifies somebody else: "Ukraine's allies", "Syrian refugees", "the Ukraine war"."""
    if not (actor.possessive or actor.form is Form.DEMONYM):
        return False
    start = actor.j + actor.possessive
    for k in range(start, min(start + 4, scene.n)):
        hit, following = scene.at.get(k), scene.at.get(k + 1)
        if hit is not None and "others" in hit.roles and hit.i == k and not (following is not None and not {"aid_nouns", "types"}.isdisjoint(following.roles)):
            return True
        if not scene.words[k].isalpha() or scene.words[k] in scene.lex.scene or any(a.i == k for a in scene.acts):
            return False
    return False


def can_give(scene: Scene, actor: Actor) -> bool:
    """Whether an actor can be the subject of a clause: not its place, its company or its topic."""
    if _other_head(scene, actor) or (actor.form is Form.DEMONYM and not _heads_body(scene, actor)):
        return False
    k = bare_before(scene, actor.i)
    if k < 0 or scene.words[k] not in scene.lex.scene:
        return True
    before = scene.words[k - 1] if k else ""
    return before in scene.lex.bodies


def _heads_body(scene: Scene, actor: Actor) -> bool:
    """Whether an adjective's noun can act for its state: "Czech government", "the Dutch [pledged]", "US President X"."""
    for k in range(actor.j, min(actor.j + 4, scene.n)):
        hit = scene.at.get(k)
        if scene.words[k] in scene.lex.titles or scene.words[k] in scene.lex.bodies or any(a.begin == k for a in scene.acts) or scene.covered(k) is not None:
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
        marks = []
        while k >= 0 and scene.words[k] in scene.lex.both and len(marks) < 2:
            marks.append(scene.words[k])
            k -= 1
        before = others.get(k + 1)
        plain = plain or any(m.isalpha() for m in marks)
        if not marks or not plain or before is None or before.possessive or before.form is Form.PERSON:
            return found
        found.insert(0, before)


def subject(scene: Scene, act: Act) -> Answer | None:
    """Whose act it is: the nearest actor to its left that can be a subject, across a pronoun if need be."""
    for actor in reversed(scene.actors):
        if actor.j > act.begin:
            continue
        if scene.walls(actor.j, act.i) >= WALL or _blocked(scene, actor.j, act.begin):
            return None
        if can_give(scene, actor) or _conjoined(scene, actor, act):
            return answer(joined(scene, actor), "subject of the verb")
    return None


def _blocked(scene: Scene, i: int, j: int) -> bool:
    """Whether a clause opens between the actor and the verb and is not closed by a comma: the verb has its own subject."""
    opened = [k for k in range(i, j) if scene.words[k] in scene.lex.subordination]
    if not opened or "," in scene.words[opened[-1] : j]:
        return False
    return not scene.marks("stand_ins", opened[-1], j)  # "said he would ... as he signed": the pronoun goes back


def _conjoined(scene: Scene, actor: Actor, act: Act) -> bool:
    """"after [X] voted": what looks like a preposition opens the clause whose subject the actor is."""
    k = bare_before(scene, actor.i)
    return k >= 0 and scene.words[k] in scene.lex.subordination and act.begin - actor.j <= 2 and not _other_head(scene, actor)


# --- givers ---


def agent(scene: Scene, act: Act | None, span: Phrase) -> Answer | None:
    """"approved by X", "a loan from X"."""
    for actor in scene.actors:
        if actor.i < span.j and not (span.i <= actor.i):
            continue
        k = bare_before(scene, actor.i)
        while k > 0 and scene.words[k] not in scene.lex.scene and k > actor.i - 4 and scene.words[k].isalpha() and not any(a.i == k for a in scene.acts):
            k -= 1
        word = scene.words[k] if k >= 0 else ""
        if scene.walls(span.j, actor.i) >= CLAUSE:
            break
        if word in scene.lex.company and actor.actor in scene.lex.default_types and not scene.lex.company.isdisjoint(scene.words[span.j : actor.i]):
            return answer([actor], "agent")
        if word in scene.lex.of_donor and actor.actor in scene.lex.default_types and scene.walls(span.j, actor.i) == 0 and actor.i - span.j <= 3:
            return answer([actor], "agent")
        if (word in scene.lex.by and _passive_before(scene, k)) or (word in scene.lex.origin and not _other_head(scene, actor)):
            return answer(_joined_right(scene, actor), "agent")
    return None


def _passive_before(scene: Scene, k: int) -> bool:
    """Whether a participle stands before the preposition at k, a day between them allowed."""
    return any(k - 4 <= a.j <= k and (a.passive or a.past) for a in scene.acts) or (scene.at.get(k - 1) is not None and "aid_nouns" in scene.at[k - 1].roles)


def _joined_right(scene: Scene, actor: Actor) -> list[Actor]:
    """The actor with those joined to it on its right; a comma alone joins nobody ("for X, Y said")."""
    found, marks = [actor], [""]
    for following in scene.actors:
        if following.i <= found[-1].i:
            continue
        between = scene.words[found[-1].j : following.i]
        joints = [w for w in between if w in scene.lex.both]
        if not joints or not all(w in scene.lex.both or w in scene.lex.articles for w in between) or _acts_next(scene, following):
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


def _acts_next(scene: Scene, actor: Actor) -> bool:
    """Whether a verb or a sum follows the actor: it begins a clause of its own."""
    return any(a.begin == actor.j and not a.attributive for a in scene.acts) or any(q.i == actor.j for q in scene.sums)


def possessor(scene: Scene, span: Phrase) -> Answer | None:
    """"Norway's 50m-euro gift", "US military aid worth $5m", "a German package of $5m"."""
    acts = {a.j for a in scene.acts if not a.attributive and not a.passive}
    for actor in reversed(scene.actors):
        if not (span.i <= actor.i and actor.j <= span.j) or scene.in_sum(actor):
            continue
        before = scene.words[actor.i - 1] if actor.i else ""
        if actor.form is Form.PEOPLE or _other_head(scene, actor) or before in scene.lex.to:
            continue
        if actor.i in acts and not actor.possessive and actor.form not in _ADJECTIVES:
            continue
        if actor.possessive or (actor.form in _ADJECTIVES and actor.j < scene.n and scene.words[actor.j][0].isalnum()):
            if actor.i >= span.core and not _aid_behind(scene, actor, span):
                continue
            if not actor.possessive and _bare_state(scene, actor) and actor.i > 0 and not _aid_noun_next(scene, actor):
                continue
            return answer(joined(scene, actor), "possessor of the sum")
    return None


def _aid_noun_next(scene: Scene, actor: Actor) -> bool:
    """Whether the actor's noun is the aid itself: "EU loans", "US military aid"."""
    return _aid_next(scene, actor) or any(q.i - actor.j < 2 for q in scene.sums if q.i >= actor.j)


def _aid_next(scene: Scene, actor: Actor) -> bool:
    return any(m.i - actor.j < 5 for m in scene.marks("aid_nouns", actor.j))


def _bare_state(scene: Scene, actor: Actor) -> bool:
    return actor.form in (Form.ORGANISATION, Form.SEAT)


def _aid_behind(scene: Scene, actor: Actor, span: Phrase) -> bool:
    """Behind the sum only an adjective gives ("$5m in US aid"); "$5m Ukraine package" receives."""
    return actor.form is Form.DEMONYM and any(m.i >= actor.j for m in scene.marks("aid_nouns", actor.j, span.j)) and scene.words[actor.i - 1] not in scene.lex.to


def gap(scene: Scene, span: Phrase) -> Answer | None:
    """"... and [Germany] 84 million": an actor right before the sum, the verb left out."""
    k = span.core
    while k > 0 and scene.words[k - 1] in scene.lex.articles:
        k -= 1
    actor = next((a for a in scene.actors if a.j == k and not a.possessive), None)
    if actor is None:
        return None
    before = scene.words[actor.i - 1] if actor.i else ""
    if before in scene.lex.articles and actor.i > 1:
        before = scene.words[actor.i - 2]
    return answer([actor], "gap") if before in scene.lex.both else None


def relative(scene: Scene, span: Phrase) -> tuple[Answer, Act] | None:
    """"the $5m package [that] X signed": an actor and its act right behind the phrase."""
    for act in scene.acts:
        if act.i < span.j or act.attributive:
            continue
        if act.i - span.j > 12 or scene.walls(span.j, act.i) >= CLAUSE:
            return None
        between = [a for a in scene.actors if span.j <= a.i and a.j <= act.begin]
        if not between or act.passive:
            return None
        first = between[0]
        led = scene.words[span.j : first.i]
        if all(w in scene.lex.relative or w in scene.lex.articles or (scene.at.get(k) is not None and "bodies" in scene.at[k].roles) or w in scene.lex.titles for k, w in enumerate(led, span.j)) and len(led) <= 3:
            return answer([between[-1]], "subject of the relative clause"), act
        return None
    return None


# --- receivers ---


def dative(scene: Scene, act: Act, span: Phrase) -> Answer | None:
    """"give [Ukraine] $3bn", "provide [Fiji] with A$50m", "help [Yemen]"."""
    for actor in scene.actors:
        if actor.i < act.j or actor.j > span.core:
            continue
        between = scene.words[act.j : actor.i]
        if any(act.j <= q.i < actor.i for q in scene.sums):
            return None
        if len(between) > 4 or any(w in scene.lex.scene and w not in scene.lex.to for w in between) or scene.walls(act.j, actor.i):
            return None
        if any(scene.at.get(k) is not None and not {"modes", "verb_group"}.isdisjoint(scene.at[k].roles) and scene.words[k] not in scene.lex.to for k in (*range(act.j, actor.i), actor.j)):
            return None
        if any(a.j > act.j and a.i < actor.i for a in scene.acts):
            return None
        if actor.form is Form.DEMONYM and not any(w in scene.lex.to for w in between) and not actor.possessive and span.i <= actor.i:
            return None
        return answer(_joined_right(scene, actor), "object of the verb")
    return None


def reached(scene: Scene, i: int) -> Answer | None:
    """"have arrived in X", "rolled into X": the actor right behind a verb of arriving that stands behind token i."""
    for act in scene.acts:
        if act.sort != "arrive" or act.i < i:
            continue
        actor = next((a for a in scene.actors if act.j <= a.i <= act.j + 4 and not scene.walls(act.j, a.i)), None)
        if actor is not None:
            return answer([actor], "where it arrives")
        place = next((p for p in scene.sentence.places if act.j <= p.i <= act.j + 3 and p.country and not scene.walls(act.j, p.i)), None)
        return Answer((place.country or "",), "where it goes", place.i, place.j) if place is not None else None
    return None


def named_for(scene: Scene, span: Phrase) -> Answer | None:
    """"the $60bn Ukraine package": a country's bare name in the phrase is whom it is for."""
    for actor in scene.actors:
        if actor.form is Form.COUNTRY and not actor.possessive and span.i < actor.i and actor.j < span.j and _aid_next(scene, actor) and scene.words[actor.i - 1] not in scene.lex.scene:
            return answer([actor], "named in the phrase")
    return None


def directed(scene: Scene, i: int, j: int, walls: float = CLAUSE) -> Answer | None:
    """"to X", "for the people of X", "to help X" within tokens[i:j]; a state behind a channel ("to the ICRC for X") wins."""
    found: list[Answer] = []
    for actors, k in _after_prepositions(scene, i, j):
        if scene.walls(i, k) >= walls:
            break
        found.append(answer(actors, "to whom"))
        if any(a.form in _STATES for a in actors):
            break
    states = [f for f in found if len(f.actors[0]) == 3 and f.actors[0].isupper()]
    return (states or found or [None])[0]


def place_for(scene: Scene, i: int, j: int) -> Answer | None:
    """"to Sittwe", "for clinics in Meta": the country of the place that a preposition of giving leads to."""
    words = scene.lex.to | scene.lex.inside
    for place in scene.sentence.places:
        if i <= place.begin and place.j <= j and place.country and place.preposition in words and scene.walls(i, place.i) < MARK:
            if place.preposition in scene.lex.inside and not any(scene.marks(r, i, place.i) for r in ("purposes", "goods", "types")):
                continue
            if any(i <= a.i < place.begin and not a.attributive for a in scene.acts):
                continue
            return Answer((place.country,), "where it goes", place.i, place.j)
    return None


def _after_prepositions(scene: Scene, i: int, j: int) -> Iterator[tuple[list[Actor], int]]:
    helps = {a.j for a in scene.acts if a.sort == "help" and not a.passive}
    for k in range(i, min(j, scene.n)):
        opens = scene.words[k] in scene.lex.to or (k + 1 in helps) or (k > 0 and scene.at.get(k) is not None and "to_recipient" in scene.at[k].roles)
        if not opens:
            continue
        actor = _reached(scene, k + 1, j, scene.words[k] in scene.lex.infinitive)
        if actor is not None:
            yield _joined_right(scene, actor), k


def _reached(scene: Scene, k: int, j: int, infinitive: bool) -> Actor | None:
    """The first actor within reach of a preposition, no verb, mark or other preposition of place between them."""
    end = min(k + REACH, j, scene.n)
    for at in range(k, end):
        actor = scene.actor_at(at)
        if actor is not None:
            if not (_ally(scene, actor) or _hostile(scene, actor)):
                return actor
            continue
        word, hit = scene.words[at], scene.at.get(at)
        if not (word[0].isalnum() or word in "-–"):
            return None
        if hit is not None and hit.i == at and "acts" in hit.roles and any(a.i == at for a in scene.acts):
            act = next(a for a in scene.acts if a.i == at)
            if act.sort != "help":
                return None
        if word in scene.lex.scene and word not in scene.lex.inner:
            return None
        if any(q.i == at for q in scene.sums):
            return None
    return None


def _ally(scene: Scene, actor: Actor) -> bool:
    """"key U.S. allies X and Y": those named behind are meant."""
    following = next((a for a in scene.actors if a.i > actor.j), None)
    if following is None or following.i - actor.j > 3 or actor.possessive:
        return False
    return all((hit := scene.at.get(k)) is not None and "others" in hit.roles for k in range(actor.j, following.i))


def _hostile(scene: Scene, actor: Actor) -> bool:
    """"fears of a Russian invasion": an act of war is nobody's need."""
    start = actor.j + actor.possessive
    return any("hostile" in hit.roles for k in range(start, min(start + 3, scene.n)) if (hit := scene.at.get(k)) is not None)


def several(found: Answer) -> bool:
    """Whether a sum goes to more than one."""
    return len(found.actors) > 1
