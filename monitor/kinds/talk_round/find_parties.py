"""Who talks with whom: the arguments of a noun or verb of talks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.kinds.talk_round.find_sides import Cast, described
from monitor.language.actors import Actor, Form
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import Place

#: how far behind its noun "between" or "with" may stand, and how far before a verb its subject, in tokens
REACH = 12
_PERSONS = (Form.PERSON, Form.OFFICE)


@dataclass(frozen=True, slots=True)
class Found:
    """Parties of a meeting, at least two."""

    parties: tuple[str, ...]
    #: name of the rule that found them
    rule: str
    confidence: float
    #: tokens that the rule looked at
    i: int
    j: int


@dataclass(slots=True)
class Memory:
    """What the item has named so far: whom "he", "the two sides" and bare "talks" can mean."""

    #: whom the item is about
    cast: Cast
    #: the last person, or power, in subject position
    subject: str | None = None
    #: the parties of the meeting last told of
    parties: tuple[str, ...] = ()
    #: actors in the order in which they were last named, the newest last
    named: list[str] = field(default_factory=list)

    def talked(self, parties: tuple[str, ...]) -> None:
        """A meeting of these was told of."""
        self.parties = parties

    def note(self, sentence: Sentence) -> None:
        """A sentence has been read."""
        for actor in sentence.actors:
            if actor.actor in self.named:
                self.named.remove(actor.actor)
            self.named.append(actor.actor)
        persons = [a for a in sentence.actors if a.form in _PERSONS]
        if persons:
            self.subject = persons[0].actor


class Parties:
    """Reads the parties around one trigger of a sentence."""

    def __init__(self, sentence: Sentence, hit: Hit, memory: Memory) -> None:
        self._s, self._hit, self._memory = sentence, hit, memory
        common, section = sentence.document.lexicon.common, sentence.document.lexicon.section("talk_round")
        self._with, self._between = section.words("with_words"), section.words("between_words")
        self._counterparts, self._collective = section.words("counterparts"), section.words("collective")
        self._origin = section.words("origin_words")
        self._loose, self._pronouns = section.words("loose_nouns"), common.words("pronouns")
        self._stops = frozenset(w for phrases in common.phrases("clauses").values() for w in phrases) - {
            "and",
            "or",
            "&",
            "as well as",
        }
        self._persons_only = section.firsts("person_verbs")
        places = {p.i: p for p in sentence.places}
        sides = described(sentence, memory.cast)
        covered = {k for side in sides for k in range(side.i, side.j)}
        named = [a for a in sentence.actors if a.i not in covered and not self._is_location(a, places)]
        self._actors = sorted([*named, *sides], key=lambda a: a.i)

    def _is_location(self, actor: Actor, places: Mapping[int, Place]) -> bool:
        place = places.get(actor.i)
        if place is None or actor.form not in (Form.COUNTRY, Form.CAPITAL, Form.SEAT):
            return False
        return place.preposition is not None and place.preposition not in self._with | self._between | self._origin

    def find(self) -> Found | None:
        """The parties, by the first rule that names two of them."""
        if "talk_nouns" in self._hit.roles:
            return self._of_noun()
        return self._of_verb()

    # --- nouns ---

    def _of_noun(self) -> Found | None:
        s, i, j = self._s, self._hit.i, self._hit.j
        between = self._after(j, self._between)
        if between is not None:
            actors = self._group(between + 1)
            if (found := self._two(actors, "talks between", 0.9)) is not None:
                return found
        beside = self._beside(i)
        if (found := self._two(beside, "named before the noun", 0.85)) is not None:
            return found
        subject = self._subject(i)
        partner = self._after(j, self._with)
        if partner is not None:
            objects = self._group(partner + 1)
            first = beside or subject or self._pronoun(i)
            if objects and (found := self._two([*first, *objects], "talks with", 0.85)) is not None:
                return found
            if objects and (found := self._with_memory(objects)) is not None:
                return found
        if s.words[i:j] and " ".join(s.words[i:j]) in self._loose:
            return None
        if (found := self._two(subject, "subject of talks", 0.7)) is not None:
            return found
        return self._by_reference(i)

    def _beside(self, i: int) -> list[Actor | str]:
        """Actors right before the noun: "Russia-Ukraine peace talks", "US and Russian negotiations", "Kyiv's talks"."""
        found: list[Actor | str] = []
        edge = i
        for actor in reversed([a for a in self._actors if a.j <= i]):
            gap = self._s.words[actor.j : edge]
            if len(gap) > 2 or any(w.isalpha() and w not in ("and", "s") and found for w in gap):
                break
            if actor.form in _PERSONS and not actor.possessive:
                break
            found.append(actor)
            edge = actor.i
        return found

    def _by_reference(self, i: int) -> Found | None:
        """ "The two sides", "the talks": the parties last told of, if the sentence stands close to them."""
        text = " ".join(self._s.words)
        if self._memory.parties and any(phrase in text for phrase in self._collective):
            return Found(self._memory.parties, "parties told of before", 0.6, i, i + 1)
        if self._memory.parties and any(q.sort.value == "ordinal" for q in self._s.quantities):
            return Found(self._memory.parties, "round of the talks told of before", 0.6, i, i + 1)
        cast = self._memory.cast
        if cast.state is not None and len(cast.groups) == 1 and cast.groups[0] != cast.state:
            return Found(tuple(sorted((cast.state, cast.groups[0]))), "the item's state and group", 0.55, i, i + 1)
        return None

    def _with_memory(self, objects: Sequence[Actor | str]) -> Found | None:
        if self._memory.subject is None:
            return None
        return self._two([self._memory.subject, *objects], "talks with, by the person named before", 0.6)

    # --- verbs ---

    def _of_verb(self) -> Found | None:
        s, i, j = self._s, self._hit.i, self._hit.j
        subject = self._subject(i) or self._pronoun(i)
        start = j
        near = self._after(j, self._with, reach=4)
        if near is not None:
            start = near + 1
        objects = self._group(start)
        if s.words[i] in self._persons_only and not self._meets_person(objects, j):
            return None
        if objects and (found := self._two([*subject, *objects], "subject meets object", 0.85)) is not None:
            return found
        if "meet_verbs" in self._hit.roles and not objects:
            return self._two(subject, "they meet", 0.75)
        return None

    def _meets_person(self, objects: Sequence[Actor | str], j: int) -> bool:
        near = self._s.words[j : j + 8]
        if any(word in self._counterparts for word in near):
            return True
        return (
            bool(objects)
            and isinstance(objects[0], Actor)
            and any(isinstance(o, Actor) and o.form in _PERSONS for o in objects)
        )

    def _subject(self, i: int) -> list[Actor | str]:
        """Actors of the clause before token i, nearest clause that has any."""
        edge = i
        group: list[Actor | str] = []
        for actor in reversed([a for a in self._actors if a.j <= i and not a.compound]):
            between = self._s.words[actor.j : edge]
            if group and self._parts(between):
                break
            if not group and edge == i and self._parts(between) and len(between) > REACH:
                break
            group.append(actor)
            edge = actor.i
        return group

    def _parts(self, words: Sequence[str]) -> bool:
        """Whether these words end a clause."""
        return any(word in self._stops or word in (";", ":", "“", "”", '"') for word in words)

    def _pronoun(self, i: int) -> list[Actor | str]:
        near = self._s.words[max(0, i - 6) : i]
        if self._memory.subject is not None and any(word in self._pronouns for word in near):
            return [self._memory.subject]
        return []

    # --- groups ---

    def _after(self, j: int, words: frozenset[str], reach: int = REACH) -> int | None:
        """The first of these words behind token j, within reach and the clause."""
        for k in range(j, min(j + reach, len(self._s))):
            if self._s.words[k] in words:
                return k
            if self._s.words[k] in (";", ":", "“", "”", '"'):
                return None
        return None

    def _group(self, start: int) -> list[Actor | str]:
        """Actors from a token on, as far as the phrase goes: "the Russian president, Vladimir Putin, and Iran"."""
        group: list[Actor | str] = []
        edge = start
        for actor in self._actors:
            if actor.i < start:
                continue
            between = self._s.words[edge : actor.i]
            if len(between) > (6 if group else 5) or self._parts(between):
                break
            if group and any(
                hit.i >= edge and hit.j <= actor.i and "quote_verbs" in hit.roles for hit in self._s.common
            ):
                break
            group.append(actor)
            edge = actor.j
        return group

    def _two(self, actors: Iterable[Actor | str], rule: str, confidence: float) -> Found | None:
        names = {a.actor if isinstance(a, Actor) else a for a in actors}
        if len(names) < 2:
            return None
        return Found(tuple(sorted(names)), rule, confidence, self._hit.i, self._hit.j)
