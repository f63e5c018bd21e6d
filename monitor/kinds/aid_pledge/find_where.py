"""Receivers told by where: "In X, the bank is lending $5m", and the country that an item is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_receivers import goes_on, venue
from monitor.kinds.aid_pledge.find_roles import Answer, bare_before
from monitor.kinds.aid_pledge.find_scene import AFTER_DATELINE
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Document, Sentence

#: mentions that make a country an item's, beside others
_OFTEN = 2
#: states that make an item one of several
_MANY = 3
#: tokens before the name of a place that opens a sentence, and up to the comma behind it
_OPENING, _CLOSED = 3, 4
#: tokens from a gathering to where it is held
_MET = 3
_POWERS = frozenset((Form.PERSON, Form.OFFICE, Form.SEAT, Form.CAPITAL))
_STATE = frozenset((Form.COUNTRY, Form.DEMONYM, Form.PEOPLE))


def is_country(actor: Actor) -> bool:
    """Whether an actor is a state by its name, its adjective or its people."""
    return actor.form in _STATE and not actor.compound and is_state(actor.actor)


def where(found: Finding, donors: set[str], others: Sequence[Finding]) -> Answer | None:
    """As in "In X, the bank is lending $5m": the state that opens the sentence, or the only one named beside a bank.

    ``others`` are all findings of the item.
    """
    scene, table = found.scene, found.scene.lex.default_types
    lends = bool(donors) and all(table.get(d) == "financial" for d in donors)
    if not lends and scene.words[0] not in scene.lex.inside:
        return None
    states = [a for a in scene.actors if is_country(a) and a.actor not in donors]
    first = next(iter(states), None)
    if first is not None and first.form is Form.COUNTRY and first.i <= _OPENING and not _venue(found, first.i):
        led = scene.words[0] in scene.lex.inside and scene.lex.venues.isdisjoint(scene.words[: first.i])
        if led and "," in scene.words[first.j : first.j + _CLOSED]:
            return Answer((first.actor,), "where it is told of", first.i, first.j)
    if not lends:
        return None
    givers = {a for f in others if f.donors is not None for a in f.donors.actors}
    named = [(a.i, a.j, a.actor) for a in states]
    named += [(p.i, p.j, p.country) for p in scene.sentence.places if p.country]
    if len({name for _, _, name in named}) != 1 or named[0][2] in givers or _venue(found, named[0][0]):
        return None
    i, j, name = named[0]
    k = bare_before(scene, i)
    if k < 0 or scene.words[k] not in scene.lex.inner:
        return None
    return Answer((name,), "the one state that is named", i, j)


def written_in(document: Document, found: Finding, donors: set[str]) -> Answer | None:
    """As in "KABUL - X gave $5m to the country": the state of the dateline, in capitals before a mark."""
    first = next((s for s in document.sentences if s.field != "title"), None)
    if first is None:
        return None
    named = [(a.j, a.actor) for a in first.actors if not a.i] + [
        (p.j, p.country or "") for p in first.places if not p.i
    ]
    for j, state in named:
        marked = j < len(first.words) and first.words[j] in AFTER_DATELINE and all(w.isupper() for w in first.raw[:j])
        if marked and is_state(state) and state not in donors:
            return Answer((state,), "the country of the dateline", found.span.i, found.span.j)
    return None


def _venue(found: Finding, i: int) -> bool:
    return any(a.i == i and venue(found.scene.sentence, a) for a in found.scene.actors)


def _gathers(found: Finding, sentence: Sentence, k: int) -> bool:
    """As in "a conference in X": whether a gathering stands right before the preposition at token k."""
    return not found.scene.lex.gatherings.isdisjoint(sentence.words[max(0, k - _MET) : k])


def _in_office(sentence: Sentence, actor: Actor) -> bool:
    """As in "X's finance minister", "[French] President": the state of a title, which its holder stands for already."""
    hit = sentence.common_at.get(actor.j + actor.possessive)
    return hit is not None and "titles" in hit.roles


def _speaks(sentence: Sentence, actor: Actor) -> bool:
    """As in "[the president of X] said": who speaks of a gift may be of any country."""
    hit = sentence.common_at.get(actor.j)
    return hit is not None and "quote_verbs" in hit.roles


def subject_country(document: Document, found: Finding, donors: set[str]) -> Answer | None:
    """The country named clearly most often in the item, givers left out."""
    counts: Counter[str] = Counter()
    act = found.path.act
    thanks = act is not None and act.sort == "thank"  # who gives thanks has got it
    for sentence in document.sentences:
        title = sentence.field == "title"
        venues = {a.i for a in sentence.actors if venue(sentence, a)}
        named = {
            a.actor
            for a in sentence.actors
            if (is_country(a) and not _in_office(sentence, a))
            or (a.form in _POWERS and a.i not in venues and (thanks or not _speaks(sentence, a)))
        }
        named |= {
            p.country
            for p in sentence.places
            if p.country
            and (p.begin > 0 or title)
            and not goes_on(found.scene, sentence, p.j)
            and not (p.preposition and (p.i in venues or _gathers(found, sentence, p.begin)))
        }
        for name in named:
            if is_state(name) and name not in donors:
                counts[name] += 1 + title  # a title names whom it is about
    ranked = counts.most_common(2)
    if ranked and ranked[0][0] in found.scene.lex.never_asks:
        headline = {a.actor for a in document.sentences[0].actors}
        if ranked[0][0] not in headline and (not donors or len(counts) >= _MANY):
            return None  # a rich state that the headline does not name speaks, meets or gives
    if not ranked or (len(ranked) > 1 and (ranked[0][1] <= ranked[1][1] or ranked[0][1] < _OFTEN)):
        return None
    span = found.span
    return Answer((ranked[0][0],), "the country the item is about", span.i, span.j)
