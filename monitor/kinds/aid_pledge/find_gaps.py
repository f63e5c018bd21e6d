"""Givers of clauses whose verb is left out, stands behind the sum, or is unknown: lists, relative clauses, headings."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_acts import Act
from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer, answer, bare_before, can_give, joined_right, led_by
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK, TAKES, WALLS
from monitor.language.actors import Actor, Form

#: marks behind which a list of givers may begin
_OPEN_LIST = frozenset(":;")
#: sums of a sentence of which one may have lost its verb
_TWO = 2
#: acts with an object that receives and one that is given
DEALS = frozenset(("give", "convey", "promise", "stake", "allot"))


def gap(scene: Scene, span: Phrase) -> Answer | None:
    """As in "... and [Germany] 84 million": an actor right before the sum, the verb left out."""
    k = span.core
    while k > 0 and scene.words[k - 1] in scene.lex.articles:
        k -= 1
    if k > 1 and scene.words[k - 1] == "(":
        listed = next((a for a in scene.actors if a.j == k - 1 and not a.possessive), None)
        if listed is None or any(m.value == "shared" and m.j <= k for m in scene.of("parts")):
            return None
        return answer([listed], "gap")  # "Poland ($5m) and Italy ($3m)"
    apposed = scene.apposed(k)
    if apposed is not None:
        return answer([apposed], "gap")
    item = _item_of(scene, span)
    if item is not None:
        return answer([item], "gap")
    owner = _sum_of(scene, span, k)
    if owner is not None:
        return answer([owner], "gap")
    held = _held_out(scene, k)
    if held is not None:
        return answer([held], "gap")
    if k > 0 and scene.words[k - 1] in scene.lex.company and any(q.j <= k for q in scene.sums):
        if supplied(scene, k - 1) is not None:
            return None  # "provide X with $5m and Y with $3m": Y receives
        k -= 1
    if dealt(scene, k) is not None or got(scene, k) is not None:
        return None
    actor = next((a for a in scene.actors if a.j == k and not a.possessive), None)
    if actor is not None and k < span.core:
        at = actor.i - (actor.i > 0 and scene.words[actor.i - 1] in scene.lex.articles)
        sent = any(a.j == at and not a.passive for a in scene.verbs)  # "will send [X] the $5m": X receives
        return answer([actor], "gap") if not sent else None
    if actor is None or not any(q.j <= actor.i for q in scene.sums):
        return None  # without a sum before there is no verb to leave out
    before = scene.words[actor.i - 1] if actor.i else ""
    if before in scene.lex.articles and actor.i > 1:
        before = scene.words[actor.i - 2]
    return answer([actor], "gap") if before in scene.lex.both or before in _OPEN_LIST else None


def _held_out(scene: Scene, k: int) -> Actor | None:
    """As in "X pledged $9m, and [Y], with a gift of $5m": behind another sum, who stands before "with" and a noun."""
    if k < 1 or scene.words[k - 1] not in scene.lex.of_donor or scene.lex.company.isdisjoint(scene.words[:k]):
        return None
    nouns = [m for role in ("promise_nouns", "aid_nouns") for m in scene.marks(role, max(0, k - 4), k)]
    noun = next((m for m in nouns if k - m.j <= 1 and scene.words[k - 1] in scene.lex.of_donor), None)
    if noun is None:
        return None
    led = next((at for at in range(noun.i - 1, max(0, noun.i - 4), -1) if scene.words[at] in scene.lex.company), 0)
    end = led - (scene.words[led - 1] == ",")
    actor = next((a for a in scene.actors if a.j == end and not a.possessive), None)
    return actor if led and actor is not None and any(q.j <= actor.i for q in scene.sums) else None


def supplied(scene: Scene, k: int) -> Actor | None:
    """As in "provide X with $5m and [Y] with $3m": who receives the sum behind the second "with", at token k."""
    actor = next((a for a in scene.actors if a.j == k and not a.possessive), None)
    before = next((q for q in reversed(scene.sums) if q.j <= k), None)
    if actor is None or before is None or scene.words[before.i - 1] != scene.words[k]:
        return None
    first = next((a for a in scene.actors if a.j == before.i - 1), None)
    act = next((a for a in reversed(scene.acts) if first is not None and a.j <= first.i and not a.passive), None)
    led = act is not None and first is not None and first.i - act.j <= 1
    return actor if led and scene.words[actor.i - 1] in scene.lex.both else None


def dealt(scene: Scene, k: int) -> Actor | None:
    """As in "gave X $5m and [Y] $3m": who receives the second sum, right before it at token k."""
    if len(scene.sums) < _TWO:
        return None
    actor = scene.covered(k - 1)
    if actor is None or actor.j != k or actor.possessive:
        return None
    before = next((q for q in reversed(scene.sums) if q.j <= actor.i), None)
    if before is None or actor.form is Form.CAPITAL:  # "and Wellington $3m": a government gives
        return None
    between = scene.words[before.j : actor.i]
    if not between or not all(w in scene.lex.both or w in scene.lex.articles for w in between):
        return None
    first = next((a for a in scene.actors if a.j == before.i), None)
    act = next((a for a in reversed(scene.acts) if first is not None and a.j <= first.i), None)
    led = act is not None and first is not None and first.i - act.j <= 1
    return actor if led and act is not None and act.sort in DEALS and not act.passive else None


def got(scene: Scene, k: int) -> Actor | None:
    """As in "X will get $5m, [Y] $3m": who receives the next sum, right before it at token k."""
    if len(scene.sums) < _TWO or not k:
        return None
    actor = scene.covered(k - 1)
    if actor is None or actor.j != k or actor.possessive or scene.sums[0].j > actor.i:
        return None
    before = scene.sums[0]
    if scene.words[bare_before(scene, actor.i)] not in scene.lex.both:
        return None
    act = next((a for a in reversed(scene.acts) if a.j <= actor.i), None)
    if act is None or act.j > before.i:
        return None  # the last verb has a sum of its own
    if not scene.lex.origin.isdisjoint(scene.words[before.j : actor.i]):
        return None  # "received $5m from X, and Y $3m": Y gave it
    receives = act.sort in TAKES if not act.passive else act.sort in DEALS
    return actor if receives and scene.walls(act.j, before.i) < CLAUSE else None


def _item_of(scene: Scene, span: Phrase) -> Actor | None:
    """As in "X brought rockets, [Y] clothing worth $5m": who stands before the goods of the sum's own item."""
    for actor in reversed(scene.actors):
        if actor.j > span.core or actor.possessive or actor.form is Form.DEMONYM:
            continue
        hit = scene.at.get(actor.j)
        listed = actor.i > 0 and scene.words[actor.i - 1] in scene.lex.both
        goods = hit is not None and "goods" in hit.roles and "acts" not in hit.roles
        return actor if listed and goods and scene.walls(actor.j, span.core) < MARK else None
    return None


def _sum_of(scene: Scene, span: Phrase, k: int) -> Actor | None:
    """As in "Qatar's at $5m", "and [Qatar]'s 300 million": a possessor whose noun is left out, behind another sum."""
    k -= k > 0 and scene.words[k - 1] in scene.lex.scene
    for tally in scene.marks("tally", 0, span.core) if "tally" in scene.by_role else ():
        if tally.j in (k, span.core):
            k = tally.i  # "Qatar's stands at $5m"
            break
    owner = next((a for a in scene.actors if a.possessive and a.j + 1 == k), None)
    listed = owner is not None and any(q.j <= owner.i and q.i != span.core for q in scene.sums)
    return owner if listed else None


def relative(scene: Scene, span: Phrase) -> tuple[Answer, Act] | None:
    """As in "the $5m package [that] X signed": an actor and its act right behind the phrase."""
    start = span.j
    if start < scene.n and scene.words[start] in scene.lex.to:
        bound = next((a for a in scene.actors if 0 < a.i - start <= 2), None)
        if bound is not None and bound.j < scene.n and scene.words[bound.j] in scene.lex.relative:
            start = bound.j  # "for X that Y approved"
    for act in scene.acts:
        if act.i < start or act.attributive:
            continue
        if act.i - span.j > 12 or scene.walls(span.j, act.i) >= CLAUSE:
            return None
        between = [a for a in scene.actors if start <= a.i and a.j <= act.begin]
        if not between or act.passive:
            return None
        first = between[0]
        led = scene.words[start : first.i]
        if (
            all(
                w in scene.lex.relative
                or w in scene.lex.articles
                or (scene.at.get(k) is not None and "bodies" in scene.at[k].roles)
                or w in scene.lex.titles
                for k, w in enumerate(led, start)
            )
            and len(led) <= 3
        ):
            return answer([between[-1]], "subject of the relative clause"), act
        return None
    return None


def topic(scene: Scene, span: Phrase) -> Answer | None:
    """As in "Poland: 10m zlotys for schools": the actor that a headline or list opens with."""
    coded = [a for a in scene.actors if a.name in scene.lex.codes and a.j < span.i and scene.words[a.j] in WALLS]
    first = coded[-1] if coded else next(iter(scene.actors), None)
    if first is None or (first.i > 1 and not coded) or first.j > span.i:
        return None
    mark = scene.words[first.j]
    if mark not in WALLS and not (mark in DASHES and scene.spaced(first.j) and first.j + 1 >= span.i):
        return None
    return answer([first], "topic")


def opener(scene: Scene, span: Phrase) -> Answer | None:
    """As in "[X] topped the table with $5m": who opens the clause of a sum whose verb the lexicon does not know."""
    for actor in scene.actors:
        if actor.j > span.i:
            return None
        if scene.walls(actor.j, span.i) >= CLAUSE or any(q.i < actor.i for q in scene.sums):
            continue
        if can_give(scene, actor) and not _names_purpose(scene, actor) and actor.j < span.i - 1:
            return answer(joined_right(scene, actor), "opens the clause")
    return None


def _names_purpose(scene: Scene, actor: Actor) -> bool:
    """Whether the actor stands behind a preposition or joins another who does."""
    led = led_by(scene, actor)
    return led >= 0 and (scene.words[led] in scene.lex.scene or scene.words[led] in scene.lex.to)


def thanked(scene: Scene, act: Act, span: Phrase) -> Answer | None:
    """As in "thanked X for a gift of $5m": the object of the verb gives."""
    actor = next((a for a in scene.actors if act.j <= a.i and a.j <= span.i), None)
    return answer([actor], "who is thanked") if actor is not None else None
