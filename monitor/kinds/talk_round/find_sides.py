"""Sides that are described, not named ("the government", "Darfur rebels", "the guerrillas"); whom an item is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.language.actors import Actor, Form
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit

_STATE_FORMS = (Form.COUNTRY, Form.DEMONYM, Form.PEOPLE, Form.CAPITAL)


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom an item is about."""

    #: the country named most, by its people, towns and capital too; None where none is named
    state: str | None
    #: the armed groups, the one named most first
    groups: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> Cast:
        """Counted over the whole item."""
        states: Counter[str] = Counter()
        groups: Counter[str] = Counter()
        for sentence in document.sentences:
            states.update(a.actor for a in sentence.actors if a.form in _STATE_FORMS and len(a.actor) == 3)
            states.update(p.country for p in sentence.places if p.country)
            groups.update(a.actor for a in sentence.actors if a.form is Form.GROUP)
        state = max(states, key=lambda code: (states[code], code), default=None)
        return cls(state, tuple(name for name, _ in groups.most_common()))


def described(sentence: Sentence, cast: Cast) -> list[Actor]:
    """Actors for the sides that a sentence describes; named actors that only describe them are in ``covered``."""
    return list(_described(sentence, cast))


def _described(sentence: Sentence, cast: Cast) -> Iterator[Actor]:
    for hit in sentence.hits("talk_round"):
        entry = hit.roles.get("side_nouns")
        if entry is None:
            continue
        named = next((a for a in sentence.actors if a.j == hit.i or (a.possessive and a.j + 1 == hit.i)), None)
        if entry.value == "state":
            actor = named.actor if named is not None else cast.state
            if actor is not None:
                yield _actor(sentence, hit, actor, hit.i)
        else:
            yield _group(sentence, hit, named, cast)


def _group(sentence: Sentence, hit: Hit, named: Actor | None, cast: Cast) -> Actor:
    """ "Sudanese rebels" are not Sudan; "the rebels" are the group the item names, if it names one."""
    begin = hit.i
    while begin and sentence.raw[begin - 1][:1].isupper() and sentence.words[begin - 1].isalpha():
        begin -= 1
    if named is not None and named.form is Form.GROUP:
        return _actor(sentence, hit, named.actor, named.i)
    if begin < hit.i and not (
        begin == 0 and hit.i == 1 and sentence.words[0] in sentence.document.lexicon.function_words
    ):
        return _actor(sentence, hit, " ".join([*sentence.raw[begin : hit.i], sentence.words[hit.j - 1]]), begin)
    if cast.groups:
        return _actor(sentence, hit, cast.groups[0], hit.i)
    return _actor(sentence, hit, " ".join(sentence.words[hit.i : hit.j]), hit.i)


def _actor(sentence: Sentence, hit: Hit, actor: str, i: int) -> Actor:
    possessive = hit.j < len(sentence) and sentence.words[hit.j] == "'s"
    return Actor(
        i=i, j=hit.j, actor=actor, form=Form.GROUP, name=" ".join(sentence.raw[i : hit.j]), possessive=possessive
    )
