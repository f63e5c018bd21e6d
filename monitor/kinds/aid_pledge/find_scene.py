"""A sentence as the rules of aid pledges see it: its sums, actors and acts, and how far apart they stand.

A *sum* is money that may be aid. An *act* is a verb of giving, promising, asking ... with what its verb group says
about it. Distance between two tokens is counted in tokens, and a boundary of clauses between them counts more: this is
the shallow chunking that keeps the arguments of one clause out of the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, repeat

from monitor.kinds.aid_pledge.find_acts import Act, Mark
from monitor.kinds.aid_pledge.find_verbs import DASHES, read_acts
from monitor.kinds.aid_pledge.find_words import GIVING, KIND, WALL, Words
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Document, Sentence, lazy
from monitor.language.lexicon import Hit
from monitor.language.quantities import Quantity, Sort

#: a bare number from here on can be money where money was told before
_LARGE = 100_000
_SPOKEN = GIVING | {"ask"}
#: marks behind the name that a line of a list opens with
AFTER_NAME = frozenset(":-–—")
#: marks behind which an item of a list begins
_ENDS = frozenset(".;|•*!?")
#: tokens between a sum and one whose verb is left out
_GAPPED = 16
#: the first token that can stand behind a name and its comma; tokens from a semicolon to the name: "; the second, X"
_COMMA = 2
_OPENED = 4
_SPACED = re.compile(r"\s[-–]\s")
#: marks behind the place where a text was written
AFTER_DATELINE = frozenset(":,-–—(/")
#: makes a Mark without the named tuple's own Python constructor
_new = tuple.__new__


class Scene:
    """One sentence."""

    def __init__(self, sentence: Sentence, carried: str | None = None) -> None:
        self.sentence = sentence
        #: the currency of the sums right before, in which a bare number may be meant
        self.carried = carried
        self.lex = Words.of(sentence.document.lexicon)
        self.words, self.n = sentence.words, len(sentence.words)
        self.hits = sentence.hits(KIND)
        self._marks: dict[str, Sequence[Mark]] = {}
        #: token -> the one before its phrase, see find_roles.bare_before
        self.bare: dict[int, int] = {}

    # --- what stands where ---

    @lazy
    def actors(self) -> tuple[Actor, ...]:
        """Actors that are named for themselves: "US-led" names nobody."""
        seats = {m.i: m.value for m in self.marks("seats_of")}
        named = tuple(
            [
                replace(a, actor=seats[a.i]) if a.form is Form.CAPITAL and a.i in seats else a
                for a in self.sentence.actors
                if not a.compound and not self._dateline(a)
            ]
        )
        coded = [a for a in self._coded() if not any(b.i == a.i for b in named)]
        return tuple(sorted((*coded, *named), key=lambda a: a.i)) if coded else named

    def _coded(self) -> tuple[Actor, ...]:
        """As in "DNK: DKK 20 mn": a state's code that opens a line or a note's item."""
        raw, codes = self.sentence.raw, self.lex.codes
        if codes.isdisjoint(raw):
            return ()
        heads = [
            k
            for k in range(self.n - 2)
            if raw[k] in codes and (not k or raw[k - 1] in _ENDS) and self._heads_line(k + 1)
        ]
        return tuple(Actor(i=k, j=k + 1, actor=raw[k], form=Form.COUNTRY, name=raw[k]) for k in heads)

    def _heads_line(self, k: int) -> bool:
        """Whether a mark at token k parts the name that a line of a list opens with from the rest."""
        return self.words[k] in AFTER_NAME and (self.words[k] not in DASHES or self.spaced(k))

    def _dateline(self, actor: Actor) -> bool:
        """As in "ADDIS ABABA: Pledges ...": where it is written, in capitals before a mark."""
        if actor.i or actor.j >= self.n or self.words[actor.j] not in AFTER_DATELINE:
            return False
        if actor.form is Form.COUNTRY and self.sentence.index > 1 and self.words[actor.j] == ":":
            return False  # "NORWAY: 25 million kroner", a line of a list
        raw = self.sentence.raw
        return all(w.isupper() for w in raw[: actor.j]) and any(w[0].islower() for w in raw[actor.j : actor.j + 6])

    @lazy
    def funders(self) -> tuple[Actor, ...]:
        """Actors joined to a participle of giving: "a [Saudi]-funded hospital"."""
        return tuple(
            a
            for a in self.sentence.actors
            if a.compound and (hit := self.at.get(a.j + 1)) is not None and "funded" in hit.roles
        )

    @lazy
    def starts(self) -> dict[int, Actor]:
        """Token -> the actor that begins there."""
        return {a.i: a for a in self.actors}

    @lazy
    def _cover(self) -> dict[int, Actor]:
        return {k: a for a in self.actors for k in range(a.i, a.j)}

    @lazy
    def sums(self) -> tuple[Quantity, ...]:
        """Money, each sum once: its conversion into another currency is left out."""
        found: list[Quantity] = []
        bare = False  # whether a sum without its currency was read already
        for q in self.sentence.quantities:
            if q.measure == "weight" and q.least >= _LARGE and self.words[q.core_j] in self.lex.pounds:
                q = replace(q, sort=Sort.MONEY, currency=self.lex.pounds[self.words[q.core_j]], j=q.core_j + 1)
            if q.sort is Sort.MONEY and not q.conversion:
                found.append(self._raised(self._unhedged(q)))
            elif q.sort in (Sort.COUNT, Sort.DECIMAL) and (
                (bool(found) and self._gapped(q, found[-1]))
                or ((bool(found) or self.carried is not None) and self._elided(q))
            ):
                own = found[-1].currency if found and not (bare and self.carried) else self.carried
                bare = True
                found.append(replace(q, sort=Sort.MONEY, currency=own))
        return tuple(found)

    def _raised(self, q: Quantity) -> Quantity:
        """As in "raised its pledge from $20m to $500m": what it is raised to counts, not a range."""
        opened = q.opener in self.lex.origin or not self.lex.origin.isdisjoint(self.words[max(0, q.i - 3) : q.i])
        if q.low is None or q.high is None or not opened:
            return q
        if not any(w in self.lex.raising for w in self.words[max(0, q.i - 10) : q.i]):
            return q
        return replace(q, count=q.high, low=None, high=None)

    def _elided(self, q: Quantity) -> bool:
        """As in "France put in [30 million]" after a sum in euros: a large number that a verb of giving governs."""
        if q.least < _LARGE or q.vague:
            return False
        if not any(m.sort is Sort.MONEY for m in self.sentence.quantities) and any(
            mark.value == "military" and mark.j <= q.i for mark in self.of("goods")
        ):
            return False  # "burns through shells, a million of them sent by X"
        if any(a.i == q.j and a.passive and a.sort in _SPOKEN for a in self.acts):
            return True  # "the seven billion sought"
        if self.words[q.i - 1] in self.lex.company and any(a.j == q.i - 1 for a in self.actors):
            return True  # "X led with 120 million, ahead of [Y] with 96 million"
        if (self._noun_of(q.i) and not self._counts(q)) or any(a.possessive and a.j + 1 == q.i for a in self.actors):
            return True  # "a credit of 300 million", "Qatar's 300 million"
        if self._counts(q):
            return False
        return any(a.j == q.i and a.sort in GIVING and not a.attributive for a in self.acts)

    def _counts(self, q: Quantity) -> bool:
        """As in "food for two million [people]": whether a noun that it counts follows a number."""
        return q.j < self.n and self.words[q.j].isalpha() and not self._ends_noun(q.j)

    def _noun_of(self, k: int) -> bool:
        """Whether a noun of aid and a preposition stand right before token k."""
        before = self.at.get(k - 2)
        return k > 1 and self.words[k - 1] in self.lex.inner and before is not None and "aid_nouns" in before.roles

    def _ends_noun(self, k: int) -> bool:
        return self.words[k] in self.lex.scene | self.lex.both | self.lex.respectively

    def _unhedged(self, q: Quantity) -> Quantity:
        """As in "lawmakers [passed] a $61bn package": a verb before an article is no hedge, nor is "adds up to"."""
        if q.qualifier == "up_to" and q.i and self.words[q.i - 1] in self.lex.sums_up:
            return replace(q, qualifier="exact")
        for k in range(q.i, q.core_i - 1):
            hit = self.at.get(k)
            if self.words[k] in self.lex.scene and self.words[k + 1] in self.lex.articles:
                return replace(q, i=k + 1, qualifier="exact")  # "talks over a $2bn loan"
            if hit is not None and "acts" in hit.roles and self.words[k + 1] in self.lex.articles:
                return replace(q, i=k + 1, qualifier="exact")
        return q

    def _gapped(self, q: Quantity, before: Quantity) -> bool:
        """As in "France 360 million euros and Germany [84 million]": a large bare number right behind an actor."""
        if q.least < _LARGE or q.vague:
            return False
        if self.apposed(q.i) is not None and not self._counts(q):
            return True  # "France, 45 million"
        if q.i - before.j > _GAPPED:
            return False
        led = self.words[q.j] if q.j < self.n else ""
        if q.i and self.words[q.i - 1] in self.lex.both and (led in self.lex.to or led in self.lex.origin):
            return True  # "4 million EUR for X and [6 million] for Y", "... from X and [6 million] from Y"
        if q.i and self.words[q.i - 1] in self.lex.both and q.j < self.n and self.words[q.j] in self.lex.respectively:
            return True  # "promised 110 million and [244 million] respectively"
        if not any(a.j == q.i for a in self.actors):
            return False
        return q.j >= self.n or not self.words[q.j].isalpha() or self._ends_noun(q.j)

    def apposed(self, k: int) -> Actor | None:
        """As in "...; France, [45 million]": the actor whose item of a list a semicolon opens."""
        if k < _COMMA or self.words[k - 1] != ",":
            return None
        actor = next((a for a in self.actors if a.j == k - 1 and not a.possessive), None)
        if actor is None:
            return None
        opened = self.words[max(0, actor.i - _OPENED) : actor.i]
        first = ":" in opened and ";" in self.words[k:]  # "Others: X, $5m; Y, $3m"
        return actor if first or ";" in opened else None

    @lazy
    def by_role(self) -> dict[str, list[Hit]]:
        """Role -> its hits, in order; no entry for a role that the sentence has no word of."""
        index: dict[str, list[Hit]] = {}
        for hit in self.hits:
            for role in hit.roles:
                if role in index:
                    index[role].append(hit)
                else:
                    index[role] = [hit]
        return index

    def of(self, role: str) -> Sequence[Mark]:
        """All phrases of a role."""
        if role not in self.by_role:
            return ()
        if role not in self._marks:
            self._marks[role] = [_new(Mark, (h.i, h.j, h.roles[role].value)) for h in self.by_role[role]]
        return self._marks[role]

    def marks(self, role: str, i: int = 0, j: int | None = None) -> Sequence[Mark]:
        """Phrases of a role within tokens[i:j]."""
        if role not in self.by_role:
            return ()  # most questions end here
        marks = self._marks[role] if role in self._marks else self.of(role)
        if i == 0 and j is None:
            return marks
        end = self.n if j is None else j
        return [m for m in marks if i <= m.i and m.j <= end]

    def may_act(self, sorts: frozenset[str]) -> bool:
        """Whether there are words of such acts, be they verbs or not: a gate."""
        return any(mark.value in sorts for mark in self.of("acts"))

    @lazy
    def leading(self) -> list[int]:
        """Tokens that lead to a receiver: prepositions of giving, and the last ones of verbs of helping."""
        to, roles = self.lex.to, self.by_role.get("to_recipient", ())
        found = {k for h in roles for k in range(h.i, h.j) if k}
        found.update(a.j - 1 for a in self.acts if a.sort == "help" and not a.passive)
        found.update([k for k, word in enumerate(self.words) if word in to])
        none = self.lex.no_receiver  # "in response to X"
        return sorted([k for k in found if self.words[k - 1] not in none] if not none.isdisjoint(self.words) else found)

    @lazy
    def at(self) -> dict[int, Hit]:
        """Token -> the section's hit that covers it."""
        return {k: h for h in self.hits for k in range(h.i, h.j)}

    def covered(self, k: int) -> Actor | None:
        """The actor that covers token k."""
        return self._cover.get(k)

    @lazy
    def sum_tokens(self) -> frozenset[int]:
        """Tokens that are part of a sum: "Swiss francs", "US$" name nobody."""
        return frozenset([k for q in self.sums for k in range(q.i, q.j)])

    @lazy
    def sum_starts(self) -> frozenset[int]:
        """Tokens that a sum begins with."""
        return frozenset([q.i for q in self.sums])

    @lazy
    def weighs(self) -> bool:
        """Whether the sentence tells a weight."""
        return "weight" in [q.measure for q in self.sentence.quantities]

    # --- distance ---

    @lazy
    def _costs(self) -> list[float]:
        """Cost of all boundaries among the tokens before each token, summed up."""
        costs = list(map(self.lex.boundaries.get, self.words, repeat(0.0)))
        if not DASHES.isdisjoint(self.words):
            for k, word in enumerate(self.words):
                if word in DASHES and self.spaced(k):
                    costs[k] += WALL
        return list(accumulate(costs, initial=0.0))

    @lazy
    def _spaced_dashes(self) -> bool:
        return _SPACED.search(self.sentence.text) is not None

    def spaced(self, k: int) -> bool:
        """Whether the dash at token k stands between spaces."""
        if not self._spaced_dashes or not 0 < k < self.n - 1:
            return False
        starts, ends = self.sentence.starts, self.sentence.ends
        return starts[k] > ends[k - 1] and starts[k + 1] > ends[k]

    def cost(self, i: int, j: int) -> float:
        """How far token j stands behind token i."""
        return j - i + self.walls(i, j)

    def walls(self, i: int, j: int) -> float:
        """Cost of the boundaries among tokens[i:j]."""
        costs, n = self._costs, self.n
        return costs[min(n, j)] - costs[min(n, i)]

    # --- acts ---

    @lazy
    def acts(self) -> tuple[Act, ...]:
        """The verbs among the section's words, in order."""
        return tuple(read_acts(self))

    @lazy
    def act_at(self) -> dict[int, Act]:
        """Token -> the act that begins there, its verb group left out."""
        return {a.i: a for a in self.acts}

    @lazy
    def verbs(self) -> tuple[Act, ...]:
        """The acts that are no participles before their nouns."""
        return tuple([a for a in self.acts if not a.attributive])

    @lazy
    def verb_begins(self) -> frozenset[int]:
        """Tokens that a verb group begins with."""
        return frozenset([a.begin for a in self.verbs])

    @lazy
    def verb_ends(self) -> frozenset[int]:
        """Tokens right behind a verb."""
        return frozenset([a.j for a in self.verbs])

    @lazy
    def active_ends(self) -> frozenset[int]:
        """Tokens right behind a verb in the active."""
        return frozenset([a.j for a in self.verbs if not a.passive])


def states_named(document: Document) -> frozenset[str]:
    """The codes of the states, and of what is written like one, that an item names; made once for each item."""
    states: frozenset[str] | None = document.notes.get("states named")
    if states is None:
        states = frozenset(a.actor for s in document.sentences for a in s.actors if is_state(a.actor))
        document.notes["states named"] = states
    return states
