"""Who receives: the state, body or people that a sum or goods go to, found by the shape of the clause."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_possessors import lives_on
from monitor.kinds.aid_pledge.find_roles import REACH, STATES, Answer, aid_next, answer, bare_before, joined_right
from monitor.kinds.aid_pledge.find_scene import Scene, states_named
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Sentence
from monitor.language.places import CITY, Place, key, readings

#: acts whose object may receive: "give X $5m"
_DATIVE = frozenset(("promise", "stake", "allot", "convey", "give", "help", "weak"))
#: states named in an item that leave no room for one that it does not name
_SEVERAL = 2
#: acts whose object is helped
_GIVES = frozenset(("give", "convey", "help", "promise", "stake"))


def dative(scene: Scene, act: Act, span: Phrase) -> Answer | None:
    """As in "give [Ukraine] $3bn", "provide [Fiji] with A$50m", "help [Yemen]"."""
    for actor in scene.actors:
        if actor.i < act.j or actor.j > span.core:
            continue
        bare = actor.form is Form.COUNTRY and not actor.possessive
        if act.sort not in _DATIVE and not (bare and act.sort == "withhold"):
            return None
        between = scene.words[act.j : actor.i]
        if any(act.j <= q.i < actor.i for q in scene.sums):
            return None
        if (
            len(between) > 4
            or any(w in scene.lex.scene and w not in scene.lex.to for w in between)
            or scene.walls(act.j, actor.i)
        ):
            return None
        if (
            span.core < scene.n
            and "gapped" not in scene.at[act.i].roles
            and any(
                scene.at.get(k) is not None
                and not {"modes", "verb_group"}.isdisjoint(scene.at[k].roles)
                and scene.words[k] not in scene.lex.to
                for k in (*range(act.j, actor.i), actor.j)
            )
        ):
            return None
        if any(a.j > act.j and a.i < actor.i for a in scene.acts) or _lends(scene, actor):
            return None
        if (
            actor.form is Form.DEMONYM
            and not any(w in scene.lex.to for w in between)
            and not actor.possessive
            and span.i <= actor.i
        ):
            return None
        return answer(joined_right(scene, actor, before_sum=True), "object of the verb")
    return None


def reached(scene: Scene, i: int) -> Answer | None:
    """As in "have arrived in X": the actor right behind a verb of arriving that stands behind token i."""
    acts = [a for a in scene.acts if a.i >= i and (a.sort == "arrive" or _laid_out(scene, a))]
    for act in sorted(acts, key=lambda a: "to_recipient" not in scene.at[a.i].roles):  # "landed in X on its way to Y"
        actor = next((a for a in scene.actors if act.j <= a.i <= act.j + 4 and not scene.walls(act.j, a.i)), None)
        if actor is not None:
            return answer([actor], "where it arrives")
        place = next(
            (
                p
                for p in scene.sentence.places
                if act.j <= p.i <= act.j + 3 and p.country and not scene.walls(act.j, p.i)
            ),
            None,
        )
        return Answer((place.country or "",), "where it goes", place.i, place.j) if place is not None else None
    return None


def bound(scene: Scene, i: int, j: int) -> Answer | None:
    """As in "aid for [X] has reached a port in Y": for whom it is goes before where it lands."""
    led = directed(scene, i, j)
    return led if led is not None and len(led.actors) == 1 else place_for(scene, 0, scene.n)


def _laid_out(scene: Scene, act: Act) -> bool:
    """As in "were distributed in X": what is handed out somewhere is for that place."""
    led = act.j < scene.n and scene.words[act.j] in scene.lex.inside
    return act.sort == "convey" and act.passive and led and "spending" not in scene.at[act.i].roles


def named_for(scene: Scene, span: Phrase) -> Answer | None:
    """As in "the $60bn Ukraine package", "$5m in UNRWA funding": a bare name in the phrase is whom it is for."""
    for actor in scene.actors:
        if span.i <= actor.i and actor.j < span.j and lives_on(scene, actor):
            return answer([actor], "named in the phrase")
        if (
            actor.form is Form.COUNTRY
            and not actor.possessive
            and span.i < actor.i
            and actor.j < span.j
            and aid_next(scene, actor)
            and scene.words[actor.i - 1] not in scene.lex.scene
        ):
            return answer([actor], "named in the phrase")
    return None


def directed(scene: Scene, i: int, j: int, walls: float = CLAUSE) -> Answer | None:
    """As in "to X", "to help X" within tokens[i:j]; a state behind a channel ("to the ICRC for X") wins."""
    found: list[Answer] = []
    for actors, k in _after_prepositions(scene, i, j):
        if scene.walls(i, k) >= walls:
            break
        found.append(_beyond(scene, actors[-1]) or answer(actors, "to whom"))
        if any(a.form in STATES for a in actors):
            break
    states = [f for f in found if is_state(f.actors[0])]
    return next(iter(states or found), None)


def _beyond(scene: Scene, channel: Actor) -> Answer | None:
    """As in "for the UN's plan in [Yemen]": behind an organisation's plan or appeal stands whom it serves."""
    if channel.form is not Form.ORGANISATION:
        return None
    served = next((a for a in scene.actors if a.i >= channel.j), None)
    if served is None or served.form not in STATES or served.i - channel.j > REACH:
        return None
    between = range(channel.j, served.i)
    if scene.walls(channel.j, served.i) or any(channel.j <= a.i < served.i for a in scene.acts):
        return None
    plan = any(
        (hit := scene.at.get(k)) is not None and {"aid_nouns", "asking_nouns"} & hit.roles.keys() for k in between
    )
    led = any(scene.words[k] in scene.lex.inside or scene.words[k] in scene.lex.to for k in between)
    return answer(joined_right(scene, served), "to whom") if plan and led else None


def targets(scene: Scene) -> Iterator[Answer]:
    """Each one to whom, by a verb of giving or behind a noun of aid, the sentence says that something goes."""
    gives = [a for a in scene.acts if a.sort in _GIVES and not a.passive]
    behind = [dative(scene, act, Phrase(act.j, scene.n, scene.n)) for act in gives]
    led = [directed(scene, mark.j, mark.j + 6) for mark in scene.of("aid_nouns")]
    for found in (*behind, *led):
        if found is not None and len(found.actors) == 1:
            yield found._replace(rule="helped in the same sentence")


def place_for(scene: Scene, i: int, j: int) -> Answer | None:
    """As in "to Sittwe", "for clinics in Meta": the country of the place that a preposition of giving leads to."""
    words = scene.lex.to | scene.lex.inside
    for place in scene.sentence.places:
        preposition = place.preposition or _behind_article(scene, place.begin)
        if (
            i <= place.begin
            and place.j <= j
            and place.country
            and (preposition in words or (preposition in scene.lex.of_donor and _led(scene, i, place.begin)))
            and scene.walls(i, place.i) < MARK
        ):
            if goes_on(scene, scene.sentence, place.j) or _mistaken(scene, place):
                continue
            if preposition in scene.lex.inside and not any(
                scene.marks(r, i, place.i) for r in ("purposes", "goods", "types")
            ):
                continue
            if any(i <= a.i < place.begin and not a.attributive for a in scene.acts):
                continue
            home = _lies_in(scene, place.j) or place.country
            return Answer((home, *_listed(scene, place.j)), "where it goes", place.i, place.j)
    return None


def _lies_in(scene: Scene, j: int) -> str | None:
    """As in "in the Valencia district of [X]": the state that "of" names behind a place that ends at token j."""
    state = next((a for a in scene.actors if j < a.i <= j + _REGION and a.form is Form.COUNTRY), None)
    if state is None or state.possessive or scene.words[state.i - 1] not in scene.lex.of_donor:
        return None
    plain = not scene.walls(j, state.i) and scene.lex.inside.isdisjoint(scene.words[j : state.i])
    return state.actor if plain and not any(j <= a.i < state.i for a in scene.acts) else None


def _mistaken(scene: Scene, place: Place) -> bool:
    """Whether a town is known under another spelling only, and lies in none of the several states of the item."""
    states = states_named(scene.sentence.document)
    if len(states) < _SEVERAL or place.country in states or place.level != CITY:
        return False
    return not any(key(r.name) == key(place.name) for r in readings(place.name) if r.country == place.country)


def across(scene: Scene, i: int) -> bool:
    """As in "for people hit by the storm in [X, Y and Z]" behind token i: several states in which it helps."""
    if any(
        scene.words[m.i - 1] in scene.lex.inside for m in scene.marks("unnamed", i + 1) if scene.walls(i, m.i) < CLAUSE
    ):
        return True  # "people in South Asia"
    return any(
        a.i > i and a.form is Form.COUNTRY and scene.words[a.i - 1] in scene.lex.inside and _listed(scene, a.j)
        for a in scene.actors
        if scene.walls(i, a.i) < CLAUSE
    )


def _listed(scene: Scene, j: int) -> tuple[str, ...]:
    """As in "in X, [Y and Z]": the states that a list goes on with behind token j, where "and" closes it."""
    found: list[str] = []
    closed = False
    while j < scene.n and scene.words[j] in scene.lex.both:
        closed = closed or scene.words[j].isalpha()
        j += 1
        j += j < scene.n and scene.words[j] in scene.lex.both | scene.lex.articles
        actor = scene.starts.get(j)
        if actor is None or actor.form is not Form.COUNTRY or actor.possessive:
            break
        found.append(actor.actor)
        j = actor.j
    return tuple(found) if closed else ()


def goes_on(scene: Scene, sentence: Sentence, j: int) -> bool:
    """As in "the Horn of Africa": whether the name of a part of the world goes on behind what looks like a town."""
    if j + 1 >= len(sentence.words) or sentence.words[j] not in scene.lex.of_donor:
        return False
    return sentence.raw[j + 1][0].isupper() and not any(a.i == j + 1 for a in sentence.actors)


def _behind_article(scene: Scene, k: int) -> str:
    """The word before the article that opens a place's name at token k."""
    return scene.words[k - 2] if k > 1 and scene.words[k - 1] in scene.lex.articles else ""


def _led(scene: Scene, i: int, k: int) -> bool:
    """As in "for the rebuilding of X": a purpose that a preposition of giving opens leads to the place."""
    return any(scene.words[at] in scene.lex.to for at in range(max(i, k - 5), k)) and bool(
        scene.marks("purposes", max(i, k - 5), k)
    )


def _after_prepositions(scene: Scene, i: int, j: int) -> Iterator[tuple[list[Actor], int]]:
    for k in scene.leading:
        if k < i:
            continue
        if k >= j:
            return
        actor = _reached(scene, k + 1, j, scene.words[k] in scene.lex.infinitive)
        if actor is not None:
            yield joined_right(scene, actor), k


def _reached(scene: Scene, k: int, j: int, infinitive: bool) -> Actor | None:
    """The first actor within reach of a preposition, no verb, mark or other preposition of place between them."""
    end = min(k + REACH, j, scene.n)
    for at in range(k, end):
        actor = scene.starts.get(at)
        if actor is not None:
            if not (_ally(scene, actor) or hostile(scene, actor) or _lends(scene, actor)) and not (
                infinitive and at - k > 0 and not scene.lex.missions.isdisjoint(scene.words[actor.j : actor.j + 2])
            ):
                return actor
            continue
        word = scene.words[at]
        fights = word in scene.lex.fights and scene.words[at - 1] not in DASHES  # no "quake-hit X"
        if not (word[0].isalnum() or word in "-–") or fights:
            return None
        if at in scene.act_at and scene.act_at[at].sort != "help":
            return None
        if (word in scene.lex.scene and word not in scene.lex.inner) or at in scene.sum_starts:
            return None
    return None


def _lends(scene: Scene, actor: Actor) -> bool:
    """As in "guarantees for World Bank loans": a bank before its loans receives nothing."""
    hit = scene.at.get(actor.j)
    return scene.lex.default_types.get(actor.actor) == "financial" and hit is not None and "aid_nouns" in hit.roles


def _ally(scene: Scene, actor: Actor) -> bool:
    """As in "key U.S. allies X and Y": those named behind are meant."""
    following = next((a for a in scene.actors if a.i > actor.j), None)
    if following is None or following.i - actor.j > 3 or actor.possessive:
        return False
    return all((hit := scene.at.get(k)) is not None and "others" in hit.roles for k in range(actor.j, following.i))


def hostile(scene: Scene, actor: Actor) -> bool:
    """As in "fears of a Russian invasion": an act of war is nobody's need."""
    start = actor.j + actor.possessive
    return any(
        "hostile" in hit.roles for k in range(start, min(start + 3, scene.n)) if (hit := scene.at.get(k)) is not None
    )


def unnamed(scene: Scene, i: int, j: int) -> bool:
    """As in "to poorer countries" behind token i: it goes to several that nobody names."""
    for k in scene.leading if "unnamed" in scene.by_role else ():
        if i <= k < j and scene.walls(i, k) < CLAUSE:
            named = [m for m in scene.marks("unnamed", k + 1, k + _UNNAMED) if not scene.walls(k + 1, m.i)]
            if named and not any(k < a.i <= named[0].j + 2 for a in scene.actors):
                return True
    return False


def banked(scene: Scene, i: int, j: int) -> Answer | None:
    """As in "deposited $5m in X's central bank": whose treasury it goes to."""
    if scene.lex.treasury_words.isdisjoint(scene.words):
        return None
    for actor in scene.actors:
        behind = tuple(scene.words[actor.j + actor.possessive :][:2])
        if not i <= actor.i < j or scene.words[actor.i - 1] not in scene.lex.scene or scene.walls(i, actor.i):
            continue
        k = bare_before(scene, actor.i)
        if scene.words[k] in scene.lex.of_donor:  # "at the central bank of X"
            behind = tuple(scene.words[max(0, k - 2) : k])
        if any(behind[: len(place)] == place for place in scene.lex.treasuries):
            return answer([actor], "where it goes")
    return None


def several(found: Answer) -> bool:
    """Whether a sum goes to more than one."""
    return len(found.actors) > 1


#: tokens from a preposition to the noun of unnamed receivers and behind it
_UNNAMED = 6
#: tokens from a place to the state that "of" names behind it
_REGION = 5
#: tokens from "said" to the town where it was said
_SAID_IN = 2


def venue(sentence: Sentence, actor: Actor) -> bool:
    """Whether a capital is only where something is said or written: it opens its sentence, or stands behind "in"."""
    if actor.form is not Form.CAPITAL:
        return False
    said = any("quote_verbs" in h.roles and h.i < actor.i <= h.j + _SAID_IN for h in sentence.common)
    return actor.i == 0 or (said and any(p.i == actor.i and p.preposition for p in sentence.places))
