"""Noun phrases of a sentence that can be a party: "the Russian foreign minister, Sergei Lavrov" is one side, RUS.

A name that only describes something else ("Russia's invasion", "the Ukraine crisis", "in Moscow") is no side. Sides
that are described ("the government", "Darfur rebels", "the opposition") are named from the item where they can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.kinds.talk_round.find_attach import is_apposed_country
from monitor.kinds.talk_round.find_described import dateline, described, is_side
from monitor.kinds.talk_round.find_titles import PERSONS, REACH, Side, is_adjective
from monitor.kinds.talk_round.find_unnamed import Unnamed
from monitor.kinds.talk_round.find_words import KIND, VERBS, Words
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

if TYPE_CHECKING:
    from monitor.kinds.talk_round.find_memory import Memory


#: tokens from a preposition of place to a country's name: "in the north-eastern part of rural Niger"
_INSIDE = 9
#: tokens from "of" back to another
_CHAIN = 5


def sides(sentence: Sentence, words: Words, memory: Memory) -> list[Side]:
    """The sides of a sentence in order, neighbours that mean the same actor joined."""
    found = sorted(_Reader(sentence, words, memory).read(), key=lambda side: (side.i, -side.j))
    for n, side in enumerate(found):
        if side.actor in words.armies:
            found[n] = replace(side, actor=words.armies[side.actor])
    return _joined(sentence, words, found)


def _joined(sentence: Sentence, words: Words, found: Sequence[Side]) -> list[Side]:
    joined: list[Side] = []
    for side in found:
        last = joined[-1] if joined else None
        if last is not None and side.i < last.j:
            if side.j > last.j and side.actor == last.actor:
                joined[-1] = replace(last, j=side.j, person=last.person or side.person)
            continue
        if (
            last is not None
            and last.actor == side.actor
            and not last.owner
            and _is_apposed(sentence, words, last, side)
        ):
            closed = "(" in sentence.words[last.j : side.i] and sentence.words[side.j : side.j + 1] == [")"]
            joined[-1] = replace(
                last, j=side.j + closed, person=last.person or side.person, described=False, owner=side.owner
            )
            continue
        joined.append(side)
    return joined


def _is_apposed(sentence: Sentence, words: Words, a: Side, b: Side) -> bool:
    """ "the Turkish president, Recep Tayyip Erdoğan": nothing but commas, articles and adjectives between."""
    gap = sentence.words[a.j : b.i]
    if len(gap) > 7 or any(a.j <= hit.i < b.i and not VERBS.isdisjoint(hit.roles) for hit in sentence.hits(KIND)):
        return False
    plain = [w for w in gap if w not in (",", "(") and w not in words.articles]
    if plain and "," not in gap:
        return False
    return all(w.isalpha() and (w not in words.bound or w in words.including) for w in plain)


class _Reader(Unnamed):
    def read(self) -> Iterator[Side]:
        opening = dateline(self._s)
        for actor in self._memory.actors(self._s):
            if actor.i in self._nested or actor.i < opening:
                continue
            side = self._named(actor)
            if side is not None:
                yield side
        yield from self._described()
        yield from self.unnamed()

    # --- named ---

    def _named(self, actor: Actor) -> Side | None:
        if self._is_rest(actor) or self._is_role(actor) or (actor.compound and not self._in_pair(actor)):
            return None
        if actor.form in PERSONS:
            return self._person(actor)
        body = actor.form is Form.ORGANISATION
        start = actor.j + actor.possessive
        adjective = is_adjective(actor) or actor.possessive
        if adjective and self._is_group(start):
            return None
        end = self._head(start, REACH if adjective else 0)
        if end is not None and (self._s.words[end - 1] in self._w.crowds or self._holds_another(actor, end)):
            return None
        if end is not None:
            return Side(i=actor.i, j=end, actor=actor.actor, person=True)
        owns = self._owns(start) and not self._is_of_officials(actor)
        if owns and not (self._is_verb(start) and (self._is_inside(actor) or self._ends_list(actor))):
            return Side(i=actor.i, j=actor.j, actor=actor.actor, owner=True, body=body)
        if actor.possessive and (name := self._name_from(start)) > start:
            return Side(i=actor.i, j=name, actor=actor.actor, person=True)
        if adjective and self._is_person(actor):
            return Side(i=actor.i, j=actor.j, actor=actor.actor, person=True)
        if adjective or (start < len(self._s) and self._s.words[start] in self._w.topics):
            return None
        return self._bare(actor, body)

    def _is_of_officials(self, actor: Actor) -> bool:
        """ "representatives of Chile held talks": a country behind "of" and a noun of persons owns nothing."""
        k = actor.i - 1
        of = k > 0 and self._s.words[k] in self._w.of_words and is_state(actor.actor)
        return of and self._official_ending(k) is not None

    def _holds_another(self, actor: Actor, end: int) -> bool:
        """ "South Sudanese rebel leader X", who speaks for the rebels: a person in the phrase is known for another."""
        return any(
            a.form is Form.PERSON
            and actor.j <= a.i < end
            and not is_state(a.actor)
            and a.actor not in self._s.document.lexicon.common.phrases("organisations")  # who became its head later
            for a in self._s.actors
        )

    def _is_role(self, actor: Actor) -> bool:
        """ "X, serving as the African Union mediator": what X is, and no side of its own."""
        words, k = self._s.words, actor.i - 1
        while k > 0 and words[k] in self._w.articles:
            k -= 1
        behind = words[actor.j + actor.possessive : actor.j + actor.possessive + 1]
        return k > 0 and words[k] in self._w.roles and bool(behind) and behind[0] in self._w.mediator

    def _is_person(self, actor: Actor) -> bool:
        """ "the Ukrainian" before a verb, a preposition or a mark: somebody of that country."""
        s, j = self._s, actor.j
        if (
            actor.form is not Form.DEMONYM
            or actor.possessive
            or not actor.i
            or s.words[actor.i - 1] not in self._w.articles
        ):
            return False
        if j >= len(s):
            return True
        word = s.words[j]
        return word in self._w.auxiliaries or word in self._w.prepositions or word in (".", ",", ";", ":")

    def _is_group(self, k: int) -> bool:
        """ "Venezuela's opposition leaders": whom a name describes, and who is not that state."""
        hit = self._hits.get(k)
        entry = hit.roles.get("side_nouns") if hit is not None else None
        return hit is not None and entry is not None and entry.value != "state" and is_side(self._s, hit, self._w)

    def _is_namesake(self, actor: Actor) -> bool:
        """ "Abbas Kamel" is not Abbas: a single name that only begins another's."""
        j = actor.j
        if self._s.field == "title" or j - actor.i > 1 or j >= len(self._s) or not self._s.raw[j].istitle():
            return False
        return self._is_name(j) and not any(h.i <= j < h.j for h in self._s.hits(KIND))

    def _person(self, actor: Actor) -> Side | None:
        """ "President X" and what titles and names go on; "X's policy" is not X, "X's visit" is X's."""
        if actor.form is Form.PERSON and self._is_namesake(actor):
            return None
        if actor.form is Form.PERSON and actor.j - actor.i == 1 and self._s.words[actor.i] in self._memory.others:
            actor = replace(actor, actor=self._memory.others[self._s.words[actor.i]])
        if actor.form is Form.OFFICE and (own := self._memory.office(actor)) != actor.actor:
            return Side(i=actor.i, j=self._titles(actor.j), actor=own, person=True)
        end = self._titles(actor.j)
        if end + 1 < len(self._s) and self._s.words[end] == "'s" and self._owns(end + 1):
            return Side(i=actor.i, j=end, actor=actor.actor, person=True, owner=True)
        if actor.possessive and (head := self._head(end + 1, 0)) is None:
            return None
        if actor.possessive and self._hits.get(end + 1) is not None:
            end = head or end  # "President X's government"
        begin = self._title_before(actor.i)
        home = next((a for a in self._s.actors if a.possessive and a.j + 1 == begin and a.actor == actor.actor), None)
        return Side(i=begin if home is None else home.i, j=end, actor=actor.actor, person=True)  # "Chile's X"

    def _bare(self, actor: Actor, body: bool) -> Side | None:
        """A country's or group's name by itself: a party, unless it is where something is, or what an envoy is for."""
        s, k = self._s, actor.i - 1
        while k >= 0 and s.words[k] in self._w.articles:
            k -= 1
        before = s.words[k] if k >= 0 else ""
        if before in self._w.of_words and k and (title := self._official_ending(k)) is not None:
            return Side(i=title, j=actor.j, actor=actor.actor, person=True)
        if before in self._w.of_words and k and s.words[k - 1] in self._w.crowds:
            return None
        if before in self._w.of_words and k and s.words[k - 1] in self._w.bands:
            begin = k - 1
            while begin and self._is_modifier(begin - 1) and s.raw[begin - 1].islower() and begin - 1 not in self._hits:
                begin -= 1
            return Side(i=begin, j=actor.j, actor=actor.actor, person=True)  # "ethnic armed groups from X"
        if before in self._w.of_words and k and (title := self._chained(k)) is not None:
            return Side(i=title, j=actor.j, actor=actor.actor, person=True)
        if before in self._w.of_words and (who := [a for a in s.actors if a.j == k and a.form is Form.PERSON]):
            own = who[0].actor == actor.actor  # "President X of Colombia" is one
            return Side(i=who[0].i if own else actor.i, j=actor.j, actor=actor.actor, person=True)
        if before in self._w.of_words and (name := self._name_ending(k)) < k - 1:
            return Side(i=self._title_before(name), j=actor.j, actor=actor.actor, person=True)
        if before in self._w.posts and k and (title := self._official_ending(k)) is not None:
            if s.words[k - 1] in self._w.for_whom and before not in self._w.place:
                return Side(i=title, j=actor.j, actor=actor.actor, person=True)
            return None
        if actor.form is Form.COUNTRY and is_apposed_country(s, actor.i, actor.actor, self._w):
            return Side(i=actor.i, j=actor.j, actor=actor.actor, place=True)
        inside = actor.form in (Form.COUNTRY, Form.CAPITAL) and self._is_inside(actor)
        inside = inside or (actor.form is Form.CAPITAL and (before in self._w.place or before in self._w.place_verbs))
        joined = before in self._w.with_words or before in self._w.between or before in self._w.by_words
        return Side(i=actor.i, j=actor.j, actor=actor.actor, body=body, place=inside and not joined)

    def _is_inside(self, actor: Actor) -> bool:
        """Whether a preposition of place governs the name; places are read only where one stands before it."""
        if self._w.place.isdisjoint(self._s.words[max(0, actor.i - _INSIDE) : actor.i]):
            return False
        return any(p.i == actor.i and p.preposition in self._w.place for p in self._s.places)

    def _is_verb(self, k: int) -> bool:
        """ "in Rome opened talks": a verb of somebody else stands between the name and the noun."""
        hit = self._hits.get(k)
        return hit is not None and "before" in hit.roles and "talk_nouns" not in hit.roles

    def _ends_list(self, actor: Actor) -> bool:
        """ "The Kenyan president and Uganda held talks": behind "and" a name acts, and owns nothing."""
        k = actor.i - 1
        while k > 0 and self._s.words[k] in self._w.articles:
            k -= 1
        return k > 0 and not actor.possessive and self._s.words[k] in self._w.ands

    def _chained(self, k: int) -> int | None:
        """Where a title begins that other words of its own stand behind: "directors of military operations of"."""
        of = next((j for j in range(k - 1, max(1, k - _CHAIN), -1) if self._s.words[j] in self._w.of_words), None)
        if of is None or not all(self._is_modifier(j) for j in range(of + 1, k)):
            return None
        head = of - 1 if not self._is_official(of - 1) and of > 1 and self._is_official(of - 2) else of
        return self._official_ending(head) if head == of else of - 2

    def _name_from(self, k: int) -> int:
        """Where the name of a person ends that begins at k ("Chile's Boric"), k where none does: no place, no noun."""
        s, j = self._s, k
        while j < len(s) and self._is_name(j) and j not in self._at and s.raw[j].istitle():
            j += 1
        noun = j < len(s) and s.raw[j].islower() and s.words[j] not in self._w.small and j not in self._hits
        if j == k or noun or s.words[j - 1] in self._w.group_nouns or any(k <= p.i < j for p in s.places):
            return k
        return j

    def _name_ending(self, k: int) -> int:
        """Where the name of a person that ends at k begins ("William Ruto of"), k where none does."""
        if k and self._s.words[k - 1] in self._w.no_persons:
            return k
        begin = k
        while begin and self._is_name(begin - 1) and begin - 1 not in self._at:
            begin -= 1
        return begin

    def _is_rest(self, actor: Actor) -> bool:
        """ "other European leaders"."""
        return bool(actor.i) and self._s.words[actor.i - 1] in self._w.rest

    def _in_pair(self, actor: Actor) -> bool:
        """ "Russia-Ukraine", "US-Russian": two names on both sides of a hyphen."""
        words, i, j = self._s.words, actor.i, actor.j
        return (j < len(words) and words[j] in "-–—/" and j + 1 in self._at) or (
            i > 1 and words[i - 1] in "-–—/" and any(a.j == i - 1 for a in self._s.actors)
        )

    # --- described ---

    def _described(self) -> Iterator[Side]:
        for hit in self._s.hits(KIND):
            entry = hit.roles.get("side_nouns")
            if entry is None or not is_side(self._s, hit, self._w):
                continue
            if hit.j in self._at and self._at[hit.j].form is Form.PERSON:
                continue  # "rebel leader X": whom X speaks for is known
            if entry.value == "state" and self._is_of_named(hit.j):
                continue  # "the army commanders of Peru"
            if entry.value != "state" and self._says_what(hit):
                continue  # "the X, a rebel group"
            name = self._memory.state_of(self._s) if entry.value == "state" else self._group(hit)
            j = hit.j
            if entry.value != "state" and j < len(self._s) and self._s.raw[j].isupper() and len(self._s.raw[j]) > 1:
                name, j = self._s.raw[j], j + 1  # "the rebel group BRN"
            if name is not None:
                begin = hit.i
                while (
                    begin and self._s.raw[begin - 1][0].isupper() and self._s.words[begin - 1] not in self._w.function
                ):
                    begin -= 1
                yield Side(i=begin, j=j, actor=name, person=True, described=True)

    def _says_what(self, hit: Hit) -> bool:
        """Whether a noun with its article stands in a comma behind a group that is named."""
        words, k = self._s.words, hit.i - 1
        if k < 1 or words[k] not in self._w.articles or words[k - 1] != ",":
            return False
        ends = {k - 1, k - 1 - (words[k - 2] == ")")}
        return any(a.form is Form.GROUP and a.j in ends for a in self._memory.actors(self._s))

    def _is_of_named(self, k: int) -> bool:
        """Whether a noun of persons stands at k, and behind it whose they are."""
        words = self._s.words
        if k + 2 >= len(words) or words[k] not in self._w.heads or words[k + 1] not in self._w.of_words:
            return False
        return k + 2 in self._at or (words[k + 2] in self._w.articles and k + 3 in self._at)

    def _group(self, hit: Hit) -> str | None:
        named = next((a for a in self._s.actors if a.j == hit.i and a.form is Form.GROUP), None)
        if named is not None:
            return named.actor
        return described(self._s, hit, self._w) or self._memory.group(hit.roles["side_nouns"].value, self._s)
