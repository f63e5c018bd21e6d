"""Whether any cue of a sentence can have people at all: asked of its hits alone, before numbers and groups are made.

"The club has lost three matches in a row" has a cue and a number, and nobody. Most sentences of news that have a word
of harm are like it, and to read their groups is dear. What is refused here is what no rule of ``find_harms`` could tie.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_cues import Cue
from monitor.kinds.casualty_update.find_tables import KIND, MANY, ONE, Tables
from monitor.language.document import Sentence, lazy
from monitor.language.lexicon import COMMON, Hit

#: tokens behind a verb among which an injury can stand; a hospital behind one of place
REACH = 5
#: nouns of people, and what stands for them, among the hits of this kind
_PEOPLE = frozenset((MANY, ONE, "told_before"))
#: names that are nouns of people behind a number or an article
_PEOPLES = frozenset(("demonyms", "peoples", "groups"))
#: harms that make people of whatever is their object, or of a name
_VERBAL = frozenset(("harm_verbs", "harm_of"))
#: harms of nouns that can also be told of people before them
_PREDICATES = frozenset(("harm_adjectives", "harm_verbs"))


class Chance:
    """The people that one sentence can have, by where its hits stand."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        #: the first token that a number can begin at; behind all where there is none
        self.number = n = len(sentence.words)
        if sentence.figures:
            self.number = sentence.figures[0]
        numerals = sentence.of_roles(COMMON, sentence.document.reader.quantities.roles)
        if numerals and numerals[0].i < self.number:
            self.number = numerals[0].i
        #: the first and the last noun of people; the last before all, where there is none
        self.first, self.last = n, -1
        for hits in (sentence.of_roles(KIND, _PEOPLE), sentence.of_roles(COMMON, _PEOPLES)):
            if hits:
                self.first, self.last = min(self.first, hits[0].i), max(self.last, hits[-1].i)

    @lazy
    def others(self) -> bool:
        """Whether people can stand here whom neither a number nor a noun tells: another one, or those that a harm
        makes of a name, or of a noun that the lexicon does not know: "killed a plumber"."""
        words, raw, t = self.s.words, self.s.raw, self.t
        if not t.another.isdisjoint(words):
            return True
        harms = self.s.of_roles(KIND, _VERBAL)
        if not harms:
            return False
        if not (t.one_is.isdisjoint(words) and t.one_are.isdisjoint(words)):
            return True
        behind = [hit.j for hit in harms if hit.j < len(words)]
        return any(words[k] in t.one_article or raw[k][0].isupper() for k in behind)

    def of_any(self, cues: Sequence[Cue]) -> bool:
        """Whether one of the cues can have people."""
        numbered = self.number < len(self.s.words)
        if not (numbered or self.last >= 0 or self.others):
            return False
        return any(self._of(cue, numbered) for cue in cues)

    def _of(self, cue: Cue, numbered: bool) -> bool:
        role = cue.role
        # a noun that says who they are stands behind the number of people
        headed = self.last > self.number
        if role == "harm_falls":
            return headed
        if role == "harm_losses":
            return headed or not self.t.injuries.isdisjoint(self.s.words)
        if role == "harm_with_tail":
            return self._tailed(cue)
        if role == "harm_people_only":
            return self._tailed(cue) or self.last >= (0 if "participle" in cue.entry.forms else cue.j)
        if role in ("harm_nouns", "tolls"):
            return numbered or self.others or any(hit.i == cue.i for hit in self.s.of_roles(KIND, _PREDICATES))
        if role in ("harm_befalls", "harm_adjectives"):
            before = headed or min(self.number, self.first) < cue.j or self.s.words[cue.j : cue.j + 1] == [":"]
            return before or self.others
        return True

    def _tailed(self, cue: Cue) -> bool:
        """Whether a tail can stand behind a verb that says no harm itself ("left 12 dead", "held 20 hostages")."""
        if self._driven or (self._tails and self._tails[-1].i >= cue.j):
            return True
        words, t, j = self.s.words, self.t, cue.j
        return not (t.injuries.isdisjoint(words[j : j + REACH]) and t.hospitals.isdisjoint(words[j : j + REACH + 1]))

    @lazy
    def _tails(self) -> Sequence[Hit]:
        return self.s.of_role(KIND, "harm_tails")

    @lazy
    def _driven(self) -> bool:
        """Whether some are held or driven out, wherever it is told."""
        return not self.t.captive.isdisjoint(self.s.words) or self.t.gate.drives(self.s.words)
