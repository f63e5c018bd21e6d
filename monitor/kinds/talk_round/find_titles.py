"""Titles, and the names that go with them: where the phrase of a person or of officials begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.kinds.talk_round.find_described import is_state
from monitor.kinds.talk_round.find_status import is_noun
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Actor, Form
from monitor.language.document import Sentence

PERSONS = (Form.PERSON, Form.OFFICE)
#: words between a country's adjective and the noun that says who is meant
REACH = 6


def is_adjective(actor: Actor) -> bool:
    """ "Kenyan", and "South Sudanese", which can be a people, too."""
    return actor.form is Form.DEMONYM or (actor.form is Form.PEOPLE and not actor.name.endswith("s"))


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
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


class Titles:
    """Reads the nouns of persons of one sentence."""

    def __init__(self, sentence: Sentence, words: Words) -> None:
        self._s, self._w = sentence, words
        self._at = {a.i: a for a in sentence.actors}
        self._hits = {h.i: h for h in sentence.hits(KIND)}
        #: actors that are part of another's title
        self._nested: set[int] = set()

    def _is_modifier(self, k: int) -> bool:
        word = self._s.words[k]
        return word == "-" or (word not in self._w.bound and (word.isalpha() or word.isdecimal()))

    def _head(self, k: int, reach: int) -> int | None:
        """End of the noun of persons that a country's name describes: "... 's chief negotiator, X"; None where none."""
        s = self._s
        for step in range(k, min(k + reach + 1, len(s))):
            inner = self._at.get(step)
            if inner is not None and inner.form is Form.OFFICE:
                self._nested.add(inner.i)  # "Kenya's foreign secretary": an office that by itself is another state's
                return self._titles(inner.j)
            if self._is_official(step):
                return self._titles(step)
            if inner is not None and inner.form not in PERSONS and step > k - 1 and self._heads(inner):
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
        k, words, w = step + 1, self._s.words, self._w
        while k < len(words) and (words[k] in w.joins or words[k] in w.articles or words[k] in w.rest):
            k += 1
        following = self._at.get(k)
        if following is None or following.compound:
            return None
        body = following.j < len(self._s) and self._is_official(following.j)  # "Israeli and Hamas negotiators"
        if not (is_adjective(following) or following.possessive or body):
            return None
        return step if self._head(following.j + following.possessive, REACH) is not None else None

    def _is_official(self, k: int) -> bool:
        hit = self._s.common_at.get(k)
        if hit is not None and hit.i == k and ("titles" in hit.roles or "officials" in hit.roles):
            return True
        word = self._s.words[k]
        return (
            word in self._w.heads
            or word in self._w.institutions
            or is_state(self._hits.get(k))
            or (word in self._w.opens and self._opposite(k) > 0)
        )

    def _opposite(self, k: int) -> int:
        """Tokens of "opposite number" at k, 0 where it does not stand there."""
        return 2 if " ".join(self._s.words[k : k + 2]) in self._w.counterparts else 0

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
            if (
                s.words[k] in self._w.heads
                or s.words[k] in self._w.institutions
                or (s.words[k] in self._w.opens and self._opposite(k))
            ):
                k += self._opposite(k) or 1
                continue
            if own is not None and is_state(own):
                k = own.j
                continue
            if self._is_name(k):
                k += 1
                continue
            if s.words[k] in self._w.linkers and self._is_name(k - 1) and k + 1 < len(s) and self._is_name(k + 1):
                k += 2  # "Mohammed bin Abdulrahman"
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

    def _is_name(self, k: int) -> bool:
        """Whether a capitalised word that no list knows stands at k."""
        word = self._s.words[k]
        return (
            self._s.raw[k][0].isupper()
            and self._s.common_at.get(k) is None
            and (word.isalpha() or "'" in word)
            and word not in self._w.function
        )

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
        return k - 1 if self._s.words[k - 1] in self._w.heads else None

    def _owns(self, k: int) -> bool:
        """Whether a noun of meeting follows: "peace talks", "planned meeting"."""
        for step in range(k, min(k + 4, len(self._s))):
            hit = self._hits.get(step)
            if hit is not None and ("talk_nouns" in hit.roles or "visit_nouns" in hit.roles):
                return is_noun(self._s, hit, self._w)
            if not self._is_modifier(step):
                return False
        return False
