"""A sentence as the rules of aid pledges see it: its sums, actors and acts, and how far apart they stand.

A *sum* is money that may be aid. An *act* is a verb of giving, promising, asking ... with what its verb group says
about it. Distance between two tokens is counted in tokens, and a boundary of clauses between them counts more: this is
the shallow chunking that keeps the arguments of one clause out of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.kinds.aid_pledge.find_acts import Act, Mark
from monitor.kinds.aid_pledge.find_words import KIND, WALL, Words
from monitor.language.actors import Actor, Form
from monitor.language.document import Sentence, lazy
from monitor.language.lexicon import Hit
from monitor.language.quantities import Quantity, Sort

_DASHES = frozenset("-–")
#: a bare number from here on can be money where money was told before
_LARGE = 100_000
#: acts that govern a sum without its currency
_HANDS = frozenset(("promise", "stake", "enact", "allot", "convey", "give"))
_SPOKEN = _HANDS | {"ask"}
#: marks behind the place where a text was written
_AFTER_DATELINE = frozenset(":,-–—(/")
#: tokens that an object may have between a verb and its particle
_OBJECT = 14
#: tokens that may stand between a verb and the word that completes it ("let X have")
_GAP = 7
_TIMES = frozenset(("weekdays", "relative_days"))


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

    # --- what stands where ---

    @lazy
    def actors(self) -> tuple[Actor, ...]:
        """Actors that are named for themselves: "US-led" names nobody."""
        seats = {m.i: m.value for m in self.marks("seats_of")}
        return tuple(
            replace(a, actor=seats[a.i]) if a.form is Form.CAPITAL and a.i in seats else a
            for a in self.sentence.actors
            if not a.compound and not self._dateline(a)
        )

    def _dateline(self, actor: Actor) -> bool:
        """As in "ADDIS ABABA: Pledges ...": where it is written, in capitals before a mark."""
        if actor.i or actor.j >= self.n or self.words[actor.j] not in _AFTER_DATELINE:
            return False
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
    def _starts(self) -> dict[int, Actor]:
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
        if q.low is None or q.high is None or q.opener not in self.lex.origin:
            return q
        if not any(w in self.lex.raising for w in self.words[max(0, q.i - 10) : q.i]):
            return q
        return replace(q, count=q.high, low=None, high=None)

    def _elided(self, q: Quantity) -> bool:
        """As in "France put in [30 million]" after a sum in euros: a large number that a verb of giving governs."""
        if q.least < _LARGE or q.vague:
            return False
        if any(a.i == q.j and a.passive and a.sort in _SPOKEN for a in self.acts):
            return True  # "the seven billion sought"
        if self.words[q.i - 1] in self.lex.company and any(a.j == q.i - 1 for a in self.actors):
            return True  # "X led with 120 million, ahead of [Y] with 96 million"
        if self._noun_of(q.i) or any(a.possessive and a.j + 1 == q.i for a in self.actors):
            return True  # "a credit of 300 million", "Qatar's 300 million"
        if q.j < self.n and self.words[q.j].isalpha() and not self._ends_noun(q.j):
            return False
        return any(a.j == q.i and a.sort in _HANDS and not a.attributive for a in self.acts)

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
        if q.least < _LARGE or q.vague or q.i - before.j > 12:
            return False
        if q.i and self.words[q.i - 1] in self.lex.both and q.j < self.n and self.words[q.j] in self.lex.to:
            return True  # "4 million EUR for X and [6 million] for Y"
        if q.i and self.words[q.i - 1] in self.lex.both and q.j < self.n and self.words[q.j] in self.lex.respectively:
            return True  # "promised 110 million and [244 million] respectively"
        if not any(a.j == q.i for a in self.actors):
            return False
        return q.j >= self.n or not self.words[q.j].isalpha() or self._ends_noun(q.j)

    def of(self, role: str) -> Sequence[Mark]:
        """All phrases of a role."""
        marks = self._marks.get(role)
        if marks is None:
            hits = self.sentence.of_role(KIND, role)
            marks = self._marks[role] = [Mark(h.i, h.j, h.roles[role].value) for h in hits]
        return marks

    def marks(self, role: str, i: int = 0, j: int | None = None) -> Sequence[Mark]:
        """Phrases of a role within tokens[i:j]."""
        marks = self.of(role)
        if not marks or (i == 0 and j is None):
            return marks
        end = self.n if j is None else j
        return [m for m in marks if i <= m.i and m.j <= end]

    def may_act(self, sorts: frozenset[str]) -> bool:
        """Whether there are words of such acts, be they verbs or not: a gate."""
        return any(mark.value in sorts for mark in self.of("acts"))

    @lazy
    def at(self) -> dict[int, Hit]:
        """Token -> the section's hit that covers it."""
        return {k: h for h in self.hits for k in range(h.i, h.j)}

    def actor_at(self, i: int) -> Actor | None:
        return self._starts.get(i)

    def covered(self, k: int) -> Actor | None:
        """The actor that covers token k."""
        return self._cover.get(k)

    def in_sum(self, actor: Actor) -> bool:
        """Whether the actor's word is part of a sum: "Swiss francs", "US$"."""
        return any(q.i <= actor.i < q.j for q in self.sums)

    # --- distance ---

    @lazy
    def _costs(self) -> list[float]:
        """Cost of all boundaries among the tokens before each token, summed up."""
        boundaries, total, costs = self.lex.boundaries, 0.0, []
        for k, word in enumerate(self.words):
            costs.append(total)
            total += boundaries.get(word, 0.0)
            if word in _DASHES and self._spaced(k):
                total += WALL
        return [*costs, total]

    def _spaced(self, k: int) -> bool:
        sentence = self.sentence
        return (
            0 < k < self.n - 1
            and sentence.starts[k] > sentence.ends[k - 1]
            and sentence.starts[k + 1] > sentence.ends[k]
        )

    def cost(self, i: int, j: int) -> float:
        """How far token j stands behind token i."""
        return j - i + self._costs[min(j, self.n)] - self._costs[min(i, self.n)]

    def walls(self, i: int, j: int) -> float:
        """Cost of the boundaries among tokens[i:j]."""
        return self._costs[min(j, self.n)] - self._costs[min(i, self.n)]

    # --- acts ---

    @lazy
    def acts(self) -> tuple[Act, ...]:
        """The verbs among the section's words, in order."""
        return tuple(self._acts())

    def _acts(self) -> Iterator[Act]:
        for hit in self.hits:
            entry = hit.roles.get("acts")
            if entry is None:
                continue
            forms = entry.forms
            if "gapped" in hit.roles and hit.roles["gapped"].value not in self.words[hit.j : hit.j + _GAP]:
                continue
            if hit.i and self.words[hit.i - 1] in _DASHES and not forms & {"participle", "ing"}:
                continue  # "anti-ship"
            attributive = bool(forms & {"participle", "ing"}) and self._attributive(hit)
            if not attributive and not self._is_verb(hit, forms):
                continue
            yield self._act(hit, entry.value, forms, attributive)

    def _act(self, hit: Hit, sort: str, forms: frozenset[str], attributive: bool) -> Act:
        begin, seen, modes = self._group(hit.i)
        be, have = bool(seen & self.lex.be), bool(seen & self.lex.have)
        infinitive = bool(seen & self.lex.infinitive)
        be = be and self.words[hit.i - 1] not in self.lex.infinitive  # "is to put", no "is put"
        passive = "participle" in forms and (be or self._bare_participle(hit, forms, have))
        past = (
            not infinitive
            and not modes & {"coming", "possible", "asked"}
            and (have or ("past" in forms and not be) or passive)
        )
        wish = "wishes" in hit.roles
        for last, split in self.lex.splits.get(self.words[hit.i], ()):
            if last in self.words[hit.j : hit.j + _OBJECT]:
                sort = split  # "made $5m available"
        if wish and not infinitive and self.lex.infinitive.isdisjoint(self.words[hit.j : hit.j + 1]):
            sort = "ask"
        return Act(
            i=hit.i, j=hit.j, sort=sort, begin=begin, passive=passive, past=past, perfect=have, infinitive=infinitive,
            loose=forms == {"ing"} and not be, modes=frozenset(modes), attributive=attributive,
            wish=wish,
            spends="spending" in hit.roles,
        )  # fmt: skip

    def _group(self, i: int) -> tuple[int, set[str], set[str]]:
        """The words of the verb group before token i: its start, its auxiliaries, its modes."""
        k, seen, modes = i, set[str](), set[str]()
        while k > 0 and i - k < 8:
            hit = self.at.get(k - 1)
            word = self.words[k - 1]
            if hit is not None and "modes" in hit.roles:
                modes.add(hit.roles["modes"].value)
                seen.update(self.words[hit.i : hit.j])
                k = hit.i
            elif hit is not None and "verb_group" in hit.roles:
                seen.add(word)
                k -= 1
            elif self._adverb(word, k - 1):
                k -= 1
            else:
                break
        return k, seen, modes

    def _adverb(self, word: str, k: int) -> bool:
        hit = self.sentence.common_at.get(k)
        if hit is not None and not _TIMES.isdisjoint(hit.roles):
            return True
        own = self.at.get(k)
        if own is not None and "adverb_words" in own.roles:
            return True
        return word.endswith(self.lex.adverb_endings) and self.covered(k) is None

    def _attributive(self, hit: Hit) -> bool:
        """As in "the promised $3bn", "badly needed weapons": behind an article or adverb, before its noun."""
        before = self.words[hit.i - 1] if hit.i else ""
        if before in self.lex.articles or before in self.lex.genitives:
            return True
        if before in _DASHES and not self._spaced(hit.i - 1):
            return True  # "long-[delayed]"
        previous, following = self.at.get(hit.i - 1), self.at.get(hit.j)
        led = previous is not None and "verb_group" in previous.roles
        noun = following is not None and not {"types", "aid_nouns", "goods"}.isdisjoint(following.roles)
        return (
            noun
            and not led
            and hit.i > 0
            and before.endswith(self.lex.adverb_endings)
            and self.covered(hit.i - 1) is None
            and self._group(hit.i)[1] == set()
        )

    def _bare_participle(self, hit: Hit, forms: frozenset[str], have: bool) -> bool:
        """As in "a package approved by X": a participle behind a noun, with its agent or nothing behind it."""
        if have or hit.j >= self.n:
            return False
        if self.words[hit.j] in self.lex.by or ("past" not in forms and hit.i > 0):
            return True
        before, common = self.at.get(hit.i - 1), self.sentence.common_at.get(hit.j)
        noun = before is not None and not {"aid_nouns", "types", "goods"}.isdisjoint(before.roles)
        return (
            before is not None
            and noun
            and "acts" not in before.roles
            and common is not None
            and not _TIMES.isdisjoint(common.roles)
        )

    def _is_verb(self, hit: Hit, forms: frozenset[str]) -> bool:
        """Whether the words are a verb here: "pledge", "support", "funding" can be nouns."""
        before = self.words[hit.i - 1] if hit.i else ""
        previous = self.at.get(hit.i - 1)
        led = previous is not None and not {"modes", "verb_group"}.isdisjoint(previous.roles)
        if forms & {"past", "participle"}:
            return True
        noun = "aid_nouns" in hit.roles or "asking_nouns" in hit.roles or "goods" in hit.roles or "types" in hit.roles
        if "ing" in forms:
            return not noun or led or self._takes_object(hit.j)
        if noun and self._pays(hit):
            return True
        if led and before not in self.lex.have:
            return True
        if before in self.lex.articles or before in self.lex.genitives or (noun and before in self.lex.scene):
            return False
        if not noun:
            return self._takes_object(hit.j) or (hit.j < self.n and self.words[hit.j] in self.lex.to)
        named = self.covered(hit.i - 1) is not None
        joined = before in self.lex.both
        return before.isalpha() and (previous is None or named or joined) and self._takes_object(hit.j, loose=named)

    def _pays(self, hit: Hit) -> bool:
        """As in "the charity [needs] $5m", "X [grants] $3m to Y": a sum right behind makes a verb of a noun."""
        before = self.words[hit.i - 1] if hit.i else ""
        if (
            not hit.i
            or not (before[0].isalnum() or before == ",")
            or before in self.lex.articles
            or before in self.lex.scene
        ):
            return False
        previous = self.at.get(hit.i - 1)
        if previous is not None and not {"aid_nouns", "types"}.isdisjoint(previous.roles):
            return False
        return any(q.i == hit.j and q.sort is Sort.MONEY for q in self.sentence.quantities)

    def _takes_object(self, k: int, loose: bool = True) -> bool:
        """Whether an object begins at token k: an article, an actor, a sum or a number."""
        if k >= self.n:
            return False
        hit = self.at.get(k)
        if self.words[k] in self.lex.articles or (hit is not None and "stand_ins" in hit.roles):
            return True
        actor = self.actor_at(k)
        if actor is not None and actor.form is not Form.DEMONYM:
            return True
        return any(q.i <= k < q.j for q in self.sentence.quantities) or (
            loose and hit is not None and not {"goods", "aid_nouns", "types"}.isdisjoint(hit.roles)
        )
