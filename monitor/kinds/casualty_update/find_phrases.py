"""Noun phrases of people: how far one reaches, what its head is, what only describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.kinds.casualty_update.find_tables import HARMS, KIND, MANY, ONE, THINGS, Tables
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.phrases import Entry
from monitor.language.quantities import Quantity, Sort

#: tokens that a noun phrase may have behind its number
LONGEST = 9


@dataclass(slots=True)
class Group:
    """People, with or without their number: tokens[i:j]."""

    i: int
    j: int
    quantity: Quantity | None
    #: the noun that says who they are, or None ("five were injured")
    head: Hit | None
    count: int | None
    low: int | None = None
    high: int | None = None
    qualifier: str = "exact"
    #: a part of a number told before: "including three children"
    sub: bool = False
    #: no people after all: "12 houses"
    thing: bool = False
    #: behind a preposition: "of soldiers", "in 12 villages"
    oblique: bool = False
    #: "100 a day"
    rate: bool = False
    #: "soldiers" without a number
    bare: bool = False
    #: "a soldier": one victim by its article
    single: bool = False
    #: one victim by name
    named: bool = False
    #: "the leader", "these men": told before
    definite: bool = False
    #: "another", "additional": not those told before
    further: bool = False
    #: "two of the men": of people known already
    partitive: bool = False
    #: its noun is not in the lexicon
    unknown: bool = False
    #: "them", "both of them": people told before, by no noun
    pronoun: bool = False
    #: "many of them": not all whom the pronoun stands for
    part: bool = False
    #: a verb has it for object already
    taken: bool = False
    #: a number counts them
    numbered: bool = field(init=False)

    def __post_init__(self) -> None:
        self.numbered = self.quantity is not None

    @property
    def victims(self) -> str | None:
        """civilian, military, or None."""
        for role in (MANY, ONE):
            if self.head is not None and role in self.head.roles:
                value = self.head.roles[role].value
                return None if value == "any" else value
        return None

    @property
    def none(self) -> bool:
        """ "no one", "no civilians"."""
        return self.count == 0


class Phrases:
    """The noun phrases of one sentence."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        self.words, self.raw = sentence.words, sentence.raw
        self.hits = sentence.hits(KIND)
        self.at = {h.i: h for h in self.hits}
        self.n = len(self.words)
        self.numbers = {q.core_i for q in sentence.quantities}
        #: tokens of ages and other measures: "a 12-year-old girl"
        self.measured = {k for q in sentence.quantities if q.sort is Sort.MEASURE for k in range(q.core_i, q.core_j)}

    def of(self, role: str) -> Sequence[Hit]:
        """The hits of a role of this kind."""
        return self.s.of_role(KIND, role)

    def extent(self, j: int, skip_article: bool = False) -> tuple[int, Hit | None, bool]:
        """(end of the noun phrase at j, its people, whether its noun is a thing)"""
        head: Hit | None = None
        thing = False
        k = j
        if skip_article:
            while k < self.n and self.words[k] in self.t.articles:
                k += 1
        while k < self.n and k - j < LONGEST:
            word, hit = self.words[k], self.at.get(k)
            if k in self.numbers and k > j:
                break
            if hit is not None and (ONE in hit.roles or MANY in hit.roles) and self._describes_people(hit):
                k = hit.j
            elif hit is not None and (ONE in hit.roles or MANY in hit.roles):
                head, thing, k = hit, False, hit.j
            elif hit is not None and not {THINGS, "animals"}.isdisjoint(hit.roles) and HARMS.isdisjoint(hit.roles):
                thing, k = True, hit.j
            elif hit is not None and not HARMS.isdisjoint(hit.roles):
                if not self._adjectival(hit):
                    break
                k = hit.j
            elif (actor := self.actor_at(k)) is not None:
                if {"peoples", "groups"} & set(actor.roles) and self._ends_phrase(actor.j):
                    head, thing = head or people_of(actor), False
                k = actor.j
            elif (
                (word in '"“”' and k + 1 < self.n and self._quoted(k))
                or word == "'s"
                or (word == "-" and k > j and self.hyphen(k))
            ):
                k += 1
            elif (
                not word[0].isalpha()
                or word in self.t.stops
                or self.names_time(k)
                or (hit is not None and "sub_cues" in hit.roles)
            ):
                break
            elif head is not None:
                break  # what follows its people is no part of a phrase: "14 soldiers came home"
            else:
                k += 1
        return k, head, thing

    def _describes_people(self, hit: Hit) -> bool:
        """ "Ukrainian armed forces": a demonym before its noun."""
        actor = self.actor_at(hit.i)
        if actor is None or hit.j - hit.i > 1 or (MANY in hit.roles and actor.j <= hit.j):
            return False  # "twelve Haqqani", but "twelve Haqqani network leaders"
        return hit.j < self.n and self.words[hit.j][0].isalpha() and not self.closed(hit.j)

    def actor_at(self, k: int) -> Hit | None:
        """A people, country or group named from token k on."""
        common = self.s.common_at.get(k)
        if common is None or common.i != k or self.t.actors.isdisjoint(common.roles):
            return None
        return common

    def _quoted(self, k: int) -> bool:
        """Whether the quotation mark at k only marks a word of the phrase (5,480 "innocent people")."""
        s = self.s
        opens = (
            k + 1 < self.n
            and s.ends[k] == s.starts[k + 1]
            and self.words[k + 1][0].isalpha()
            and self.words[k + 1] not in self.t.stops
        )
        return opens or (s.starts[k] == s.ends[k - 1] and self.words[k + 1] not in ",.")

    def hyphen(self, k: int) -> bool:
        """Whether the mark at k joins two words ("UN-backed"), not clauses."""
        s = self.s
        return (
            k + 1 < self.n
            and s.ends[k - 1] == s.starts[k]
            and s.ends[k] == s.starts[k + 1]
            and self.words[k + 1][0].isalpha()
        )

    def _adjectival(self, hit: Hit) -> bool:
        """ "wounded soldiers": a participle right before people."""
        following = self.at.get(hit.j)
        return (
            following is not None and (ONE in following.roles or MANY in following.roles) and "harm_of" not in hit.roles
        )

    def _ends_phrase(self, k: int) -> bool:
        return (
            k >= self.n
            or not self.words[k][0].isalpha()
            or self.words[k] in self.t.stops
            or (k in self.at and not HARMS.isdisjoint(self.at[k].roles))
        )

    def names_time(self, k: int) -> bool:
        common = self.s.common_at.get(k)
        if common is None:
            return False
        if "quote_verbs" in common.roles and not common.roles["quote_verbs"].forms <= {"ing"}:
            return True
        return not {"weekdays", "relative_days", "months", "according"}.isdisjoint(common.roles)

    def closed(self, k: int) -> bool:
        """Whether the token behind a noun ends its phrase."""
        word = self.words[k]
        common = self.s.common_at.get(k)
        actor = common is not None and not self.t.actors.isdisjoint(common.roles)
        if word in self.t.stops or (self.raw[k][0].isupper() and not actor) or self.names_time(k):
            return True
        if word in self.t.postposed:
            return True
        hit = self.at.get(k)
        if (hit is not None and not {"sub_after", *HARMS}.isdisjoint(hit.roles)) or word in self.t.gap:
            return True
        following = self.words[k + 1] if k + 1 < self.n else ""
        return word.endswith(self.t.participles) and following in self.t.stops  # "a leader suspected of"

    def describes(self, k: int) -> bool:
        """Whether the token can stand between an article and its noun."""
        word = self.words[k]
        if word in ("-", "'s") or k in self.measured:
            return True
        common = self.s.common_at.get(k)
        if common is not None and not self.t.actors.isdisjoint(common.roles):
            return True  # "an Islamic Movement of Uzbekistan facilitator"
        if word in "()" or (k > 0 and self.words[k - 1] == "("):
            return self.raw[k].isupper() or word in "()"
        if not word[0].isalpha() or word in self.t.stops:
            return False
        hit = self.at.get(k)
        if hit is not None and not HARMS.isdisjoint(hit.roles):
            return False
        return not self.names_time(k)


def people_of(common: Hit) -> Hit:
    """A people or armed group as the head of a phrase: "12 Houthis" are fighters, "12 Syrians" just people."""
    value = "military" if "groups" in common.roles else "any"
    return Hit(common.i, common.j, {MANY: Entry(MANY, value)})
