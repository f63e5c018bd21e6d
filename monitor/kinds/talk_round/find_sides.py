"""Noun phrases of a sentence that can be a party: "the Russian foreign minister, Sergei Lavrov" is one side, RUS.

A name that only describes something else ("Russia's invasion", "the Ukraine crisis", "in Moscow") is no side. Sides
that are described ("the government", "Darfur rebels", "the opposition") are named from the item where they can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.kinds.talk_round.find_described import dateline, described, is_side, is_state
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Actor, Form
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

if TYPE_CHECKING:
    from monitor.kinds.talk_round.find_memory import Memory

_PERSONS = (Form.PERSON, Form.OFFICE)
_ADJECTIVES = (Form.DEMONYM,)
#: words between a country's adjective and the noun that says who is meant
_REACH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A party as a sentence names it: tokens[i:j]."""

    i: int
    j: int
    actor: str
    #: a person, or officials: somebody who can be met
    person: bool = False
    #: stands before a noun of meeting and owns it: "Kyiv's talks"
    owner: bool = False
    #: described, not named: "the rebels"
    described: bool = False
    #: an organisation, which more often brings others together than it talks
    body: bool = False
    #: stands behind a preposition of place, or an envoy's "to": "in Moscow"
    place: bool = False


def sides(sentence: Sentence, words: Words, memory: Memory) -> list[Side]:
    """The sides of a sentence in order, neighbours that mean the same actor joined."""
    found = sorted(_Reader(sentence, words, memory).read(), key=lambda side: (side.i, -side.j))
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
            joined[-1] = replace(last, j=side.j, person=last.person or side.person, described=False, owner=side.owner)
            continue
        joined.append(side)
    return joined


def _is_apposed(sentence: Sentence, words: Words, a: Side, b: Side) -> bool:
    """ "the Turkish president, Recep Tayyip Erdoğan": nothing but commas, articles and adjectives between."""
    gap = sentence.words[a.j : b.i]
    if len(gap) > 7 or any(a.j <= hit.i < b.i and "meet_verbs" in hit.roles for hit in sentence.hits(KIND)):
        return False
    plain = [w for w in gap if w not in (",", "(") and w not in words.articles]
    return all(w.isalpha() and w not in words.function and w not in words.auxiliaries for w in plain) and (
        "," in gap or not plain
    )


class _Reader:
    def __init__(self, sentence: Sentence, words: Words, memory: Memory) -> None:
        self._s, self._w, self._memory = sentence, words, memory
        self._at = {a.i: a for a in sentence.actors}
        self._places = {p.i: p for p in sentence.places}
        self._hits = {h.i: h for h in sentence.hits(KIND)}
        self._nested: set[int] = set()

    def read(self) -> Iterator[Side]:
        opening = dateline(self._s)
        for actor in self._s.actors:
            if actor.i in self._nested or actor.i < opening:
                continue
            side = self._named(actor)
            if side is not None:
                yield side
        yield from self._described()
        yield from self._peoples()
        yield from self._titled()
        yield from self._halves()
        yield from self._unlisted_groups()

    # --- named ---

    def _named(self, actor: Actor) -> Side | None:
        if self._is_rest(actor) or (actor.compound and not self._in_pair(actor)):
            return None
        if actor.form in _PERSONS:
            return self._person(actor)
        body = actor.form is Form.ORGANISATION
        start = actor.j + actor.possessive
        adjective = actor.form in _ADJECTIVES or actor.possessive
        end = self._head(start, _REACH if adjective else 0)
        if end is not None:
            return Side(i=actor.i, j=end, actor=actor.actor, person=True)
        if self._owns(start):
            return Side(i=actor.i, j=actor.j, actor=actor.actor, owner=True, body=body)
        if adjective or (start < len(self._s) and self._s.words[start] in self._w.topics):
            return None
        return self._bare(actor, body)

    def _person(self, actor: Actor) -> Side | None:
        """ "President X" and what titles and names go on; "X's policy" is not X, "X's visit" is X's."""
        end = self._titles(actor.j)
        if end + 1 < len(self._s) and self._s.words[end] == "'s" and self._owns(end + 1):
            return Side(i=actor.i, j=end, actor=actor.actor, person=True, owner=True)
        if actor.possessive and self._head(end + 1, 0) is None:
            return None
        return Side(i=self._title_before(actor.i), j=end, actor=actor.actor, person=True)

    def _bare(self, actor: Actor, body: bool) -> Side | None:
        """A country's or group's name by itself: a party, unless it is where something is, or what an envoy is for."""
        s, k = self._s, actor.i - 1
        while k >= 0 and s.words[k] in self._w.articles:
            k -= 1
        before = s.words[k] if k >= 0 else ""
        if before in self._w.of_words and k and (title := self._official_ending(k)) is not None:
            return Side(i=title, j=actor.j, actor=actor.actor, person=True)
        if before in self._w.to_words and k and self._official_ending(k) is not None:
            return None
        place = self._places.get(actor.i)
        inside = place is not None and place.preposition in self._w.place and actor.form in (Form.COUNTRY, Form.CAPITAL)
        inside = inside or (actor.form is Form.CAPITAL and before in self._w.place)
        located = inside and before not in self._w.with_words | self._w.between | self._w.by_words
        return Side(i=actor.i, j=actor.j, actor=actor.actor, body=body, place=located)

    def _is_rest(self, actor: Actor) -> bool:
        """ "other European leaders"."""
        return bool(actor.i) and self._s.words[actor.i - 1] in self._w.rest

    def _in_pair(self, actor: Actor) -> bool:
        """ "Russia-Ukraine", "US-Russian": two names on both sides of a hyphen."""
        words, i, j = self._s.words, actor.i, actor.j
        return (j < len(words) and words[j] in "-–—/" and j + 1 in self._at) or (
            i > 1 and words[i - 1] in "-–—/" and any(a.j == i - 1 for a in self._s.actors)
        )

    def _owns(self, k: int) -> bool:
        """Whether a noun of meeting follows: "peace talks", "planned meeting"."""
        for step in range(k, min(k + 4, len(self._s))):
            hit = self._hits.get(step)
            if hit is not None and ("talk_nouns" in hit.roles or "visit_nouns" in hit.roles):
                return True
            if not self._is_modifier(step):
                return False
        return False

    def _is_modifier(self, k: int) -> bool:
        word = self._s.words[k]
        return word == "-" or (
            word.isalpha() and word not in self._w.function | self._w.auxiliaries | self._w.prepositions
        )

    def _head(self, k: int, reach: int) -> int | None:
        """End of the noun of persons that a country's name describes: "... 's chief negotiator, X"; None where none."""
        s = self._s
        for step in range(k, min(k + reach + 1, len(s))):
            if self._is_official(step):
                return self._titles(step)
            inner = self._at.get(step)
            if inner is not None and inner.form not in _PERSONS and step > k - 1 and self._heads(inner):
                self._nested.add(inner.i)
                return self._head(inner.j + inner.possessive, reach)
            if s.words[step] in self._w.joins and step + 1 < len(s):
                return self._shared(step)
            if inner is not None or not self._is_modifier(step):
                return None
        return None

    def _heads(self, inner: Actor) -> bool:
        """ "the UN's Syria envoy": a name inside another's title."""
        return inner.j < len(self._s) and self._is_official(inner.j) and self._s.words[inner.i - 1] not in self._w.joins

    def _shared(self, step: int) -> int | None:
        """ "German, British and French counterparts": what the last of them describes, all describe."""
        k = step + 1
        while k < len(self._s) and self._s.words[k] in self._w.joins | self._w.articles | self._w.rest:
            k += 1
        following = self._at.get(k)
        if following is None or following.compound or not (following.form in _ADJECTIVES or following.possessive):
            return None
        return step if self._head(following.j + following.possessive, _REACH) is not None else None

    def _is_official(self, k: int) -> bool:
        hit = self._s.common_at.get(k)
        if hit is not None and hit.i == k and ("titles" in hit.roles or "officials" in hit.roles):
            return True
        own = self._hits.get(k)
        return self._s.words[k] in self._w.heads or is_state(own)

    def _titles(self, k: int) -> int:
        """End of titles and names from k on: "deputy defence minister Oleksandr Pavliuk"."""
        s = self._s
        while k < len(s):
            hit = s.common_at.get(k)
            if (
                hit is not None
                and hit.i == k
                and ("titles" in hit.roles or "officials" in hit.roles or "people" in hit.roles)
            ):
                k = hit.j
                continue
            own = self._hits.get(k)
            if s.words[k] in self._w.heads:
                k += 1
                continue
            if own is not None and is_state(own):
                k = own.j
                continue
            if s.raw[k][0].isupper() and hit is None and s.words[k].isalpha() and s.words[k] not in self._w.function:
                k += 1
                continue
            if (
                s.words[k] == "-"
                and k + 1 < len(s)
                and s.raw[k + 1][0].isupper()
                and s.raw[k - 1][0].isupper()
                and k + 1 not in self._at
            ):
                k += 2
                continue
            break
        return k

    def _title_before(self, i: int) -> int:
        """Where the titles before a person's name begin: "President", "chief negotiator"."""
        while i:
            hit = self._s.common_at.get(i - 1)
            if hit is not None and "titles" in hit.roles:
                i = hit.i
            elif self._s.words[i - 1] in self._w.honorifics:
                i -= 1
            elif self._s.words[i - 1] == "." and i > 1 and self._s.words[i - 2] in self._w.honorifics:
                i -= 2
            else:
                break
        return i

    def _official_ending(self, k: int) -> int | None:
        """Where the noun of persons that ends at k begins, adjectives of it left out."""
        hit = self._s.common_at.get(k - 1)
        if hit is not None and ("titles" in hit.roles or "officials" in hit.roles):
            return hit.i
        for own in self._s.hits(KIND):
            if own.j == k and "side_nouns" in own.roles:
                return own.i
        return None

    # --- described ---

    def _described(self) -> Iterator[Side]:
        for hit in self._s.hits(KIND):
            entry = hit.roles.get("side_nouns")
            if entry is None or not is_side(self._s, hit, self._w):
                continue
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

    def _halves(self) -> Iterator[Side]:
        """ "the North", where the item speaks of one of the two."""
        for k, word in enumerate(self._s.words):
            if word not in self._w.halves or not k or not self._s.raw[k][0].isupper() or k in self._s.common_at:
                continue
            follows = self._s.raw[k + 1] if k + 1 < len(self._s) else ""
            near = set(self._memory.ranked[:3]) & set(self._w.halves.values())
            if near and self._s.words[k - 1] in self._w.articles and not follows[:1].isupper():
                yield Side(i=k, j=k + 1, actor=self._w.halves[word])

    def _unlisted_groups(self) -> Iterator[Side]:
        """ "the Three Brotherhood Alliance": a capitalised name that ends as those of armed groups do."""
        s = self._s
        for k in range(2, len(s)):
            if s.words[k] not in self._w.group_nouns or not s.raw[k][0].isupper() or k in s.common_at:
                continue
            begin = k
            while (
                begin
                and s.raw[begin - 1][0].isupper()
                and s.words[begin - 1] not in self._w.function
                and begin - 1 not in s.common_at
            ):
                begin -= 1
            if begin < k and begin and s.field == "text":
                yield Side(i=begin, j=k + 1, actor=" ".join(s.raw[begin : k + 1]))

    def _titled(self) -> Iterator[Side]:
        """ "the prime minister", "its managing director": of the item's state, or of whom the sentence before named."""
        s = self._s
        for hit in s.common:
            if "titles" not in hit.roles or not hit.i or s.words[hit.j - 1].endswith("s") or s.raw[hit.i][0].isupper():
                continue
            k = hit.i - 1
            if s.words[k].isalpha() and s.words[k] not in self._w.articles and s.words[k] not in self._w.function:
                k -= 1
            if (
                k < 0
                or s.words[k] not in self._w.articles
                or (hit.j < len(s) and (s.words[hit.j] in self._w.of_words or s.raw[hit.j][0].isupper()))
            ):
                continue
            visited = next(
                (
                    p.country
                    for p in s.places
                    if p.i < hit.i
                    and any(h.j <= p.i <= h.j + 2 for h in self._hits.values() if "visit_verbs" in h.roles)
                ),
                None,
            )
            if s.words[k] in self._w.indefinite and s.words[hit.j - 1] not in self._w.missions:
                continue
            owner = (
                self._memory.before(s)
                if s.words[k] in self._w.pronouns | self._w.indefinite
                else visited or self._memory.state_of(s)
            )
            if owner is not None:
                yield Side(i=k + 1, j=hit.j, actor=owner, person=True, described=True)

    def _peoples(self) -> Iterator[Side]:
        """ "Tigrayan leaders": a capitalised adjective that no list knows, before a noun of persons."""
        s = self._s
        for k in range(1, len(s)):
            if (
                s.words[k] not in self._w.heads
                or not s.words[k].endswith("s")
                or not s.raw[k - 1][0].isupper()
                or len(s.raw[k - 1]) < 4
            ):
                continue
            free = k - 1 not in s.common_at and s.words[k - 1] not in self._w.function and (k > 1 or s.field == "title")
            if free and not s.raw[k - 1].isupper():
                yield Side(i=k - 1, j=k + 1, actor=f"{s.raw[k - 1]} {s.words[k]}", person=True, described=True)

    def _group(self, hit: Hit) -> str | None:
        named = next((a for a in self._s.actors if a.j == hit.i and a.form is Form.GROUP), None)
        if named is not None:
            return named.actor
        return described(self._s, hit, self._w) or self._memory.group(hit.roles["side_nouns"].value, self._s)
