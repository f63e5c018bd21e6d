"""A sentence as the rules of aid pledges see it: its sums, actors and acts, and how far apart they stand.

A *sum* is money that may be aid. An *act* is a verb of giving, promising, asking ... with what its verb group says
about it. Distance between two tokens is counted in tokens, and a boundary of clauses between them counts more: this is
the shallow chunking that keeps the arguments of one clause out of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.language.actors import Actor, Form
from monitor.language.document import Sentence, lazy
from monitor.language.lexicon import Hit, Lexicon
from monitor.language.quantities import Quantity, Sort
from monitor.language.text import tokens

KIND = "aid_pledge"
#: what a boundary between two tokens costs: a mark that ends a clause, a word that opens one, a lesser mark
WALL, CLAUSE, MARK = 100.0, 12.0, 3.0
#: marks that end a clause for good
WALLS = frozenset(";:—!?•|")
_MARKS = frozenset(',()[]"“”')
_DASHES = frozenset("-–")
_BOUNDARIES = (("coordination", 1.0), ("relative", MARK + 1), ("subordination", CLAUSE))
#: a bare number from here on can be money where money was told before
_LARGE = 100_000
#: acts by which goods change hands, or are to
HANDS = frozenset(("promise", "convey", "give", "help", "arrive", "ask", "withhold", "receive", "thank"))
#: acts that govern a sum without its currency
_HANDS = frozenset(("promise", "enact", "allot", "convey", "give"))
_TIMES = frozenset(("weekdays", "relative_days"))


class Words:
    """The section's words by role, compiled once a lexicon: ``Words.of(lexicon)``."""

    def __init__(self, lexicon: Lexicon) -> None:
        section, common = lexicon.section(KIND), lexicon.common
        names = [p for r in ("currencies", "currency_symbols") for same in common.phrases(r).values() for p in same]
        #: last tokens of the currencies' names: their first ones ("a", "us", "new") stand in every other sentence
        lasts = frozenset(tokens(name.rstrip("."))[-1].lower() for name in names)
        self.money_gate = lasts - common.words("pronouns") - lexicon.function_words
        self.magnitude_gate = common.firsts("magnitudes", "number_words", "pair_words", "vague")
        self.goods_gate = section.gate("goods", common=lexicon.function_words)
        acts = section.phrases("acts")
        self.hands_gate = section.firsts("handing") | {tokens(p)[0].lower() for s in HANDS for p in acts.get(s, ())}
        self.bare_gate = frozenset(w for s in ("ask", "withhold") for p in acts.get(s, ()) for w in p.split()[:1])
        self.again = section.words("again")
        self.scene = section.words("scene_words")
        self.bodies = section.words("bodies")
        self.others = section.words("others")
        self.to = section.words("to_recipient")
        self.by, self.origin = section.words("by_donor"), section.words("from_donor")
        self.both = section.words("both")
        self.articles = common.words("articles")
        auxiliaries = section.phrases("verb_group")
        self.be, self.have = frozenset(auxiliaries.get("be", ())), frozenset(auxiliaries.get("have", ()))
        self.infinitive = frozenset(auxiliaries.get("to", ()))
        self.default_types = {a: t for t, actors in section.phrases("default_types").items() for a in actors}
        clauses = common.phrases("clauses")
        self.relative = frozenset(clauses.get("relative", ()))
        #: word -> what it costs to cross it
        self.boundaries = (
            {w: c for s, c in _BOUNDARIES for w in clauses.get(s, ())}
            | dict.fromkeys(_MARKS, MARK)
            | dict.fromkeys(WALLS, WALL)
        )
        #: words that no noun phrase holds
        self.subordination = frozenset(clauses.get("subordination", ()))
        self.closed = frozenset(self.boundaries) | common.words("auxiliaries") | common.words("pronouns")
        self.since = section.words("since")
        self.genitives = section.words("genitives")
        self.adverb_endings = tuple(section.words("adverb_endings"))
        self.inside, self.company = section.words("inside"), section.words("company")
        self.more = section.words("and_more")
        self.inner = self.inside | self.to | section.words("of_donor")
        self.raising, self.respectively = section.words("raising"), section.words("respectively")
        self.gives = section.firsts("aid_verbs")
        self.theirs = section.words("theirs")
        self.venues, self.body_nouns = section.words("venues"), section.words("body_nouns")
        self.name_links = section.words("name_links")
        self.laden, self.fresh = section.words("laden"), section.words("fresh")
        self.bring = section.words("bring")
        self.sure = frozenset(section.phrases("aid_nouns").get("sure", ()))
        self.asks_for_others = section.words("asks_for_others")
        self.aid_talk = section.words("aid_talk")
        self.of_donor = section.words("of_donor")
        self.titles = common.words("titles") | common.words("officials")

    @classmethod
    def of(cls, lexicon: Lexicon) -> Words:
        words: Words | None = lexicon.derived.get(KIND)
        if words is None:
            words = lexicon.derived[KIND] = cls(lexicon)
        return words


class Mark(NamedTuple):
    """A phrase of one role: tokens[i:j]."""

    i: int
    j: int
    value: str


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Act:
    """A verb of the section: tokens[i:j]."""

    i: int
    j: int
    #: what it makes of a pledge: "promise", "enact", "give", ... (the lexicon's ``acts``)
    sort: str
    #: the first token of its verb group ("has been" sent)
    begin: int
    passive: bool
    #: finite past or perfect: what it says has happened
    past: bool
    #: "has sent"
    perfect: bool
    #: behind "to"
    infinitive: bool
    #: ends in -ing, with no form of "be" before it
    loose: bool
    #: what stands before it: "coming", "possible", "asked", "denied"
    modes: frozenset[str]
    #: a participle before its noun: "the promised $3bn"
    attributive: bool


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
            if not a.compound
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
        for q in self.sentence.quantities:
            if q.sort is Sort.MONEY and not q.conversion:
                found.append(self._raised(self._unhedged(q)))
            elif q.sort in (Sort.COUNT, Sort.DECIMAL) and (
                (bool(found) and self._gapped(q, found[-1]))
                or ((bool(found) or self.carried is not None) and self._elided(q))
            ):
                found.append(replace(q, sort=Sort.MONEY, currency=found[-1].currency if found else self.carried))
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
        if q.j < self.n and self.words[q.j].isalpha() and not self._ends_noun(q.j):
            return False
        return any(a.j == q.i and a.sort in _HANDS and not a.attributive for a in self.acts)

    def _ends_noun(self, k: int) -> bool:
        return self.words[k] in self.lex.scene | self.lex.both | self.lex.respectively

    def _unhedged(self, q: Quantity) -> Quantity:
        """As in "lawmakers [passed] a $61bn package": a verb before an article is no hedge."""
        for k in range(q.i, q.core_i - 1):
            hit = self.at.get(k)
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
            attributive = bool(forms & {"participle", "ing"}) and self._attributive(hit)
            if not attributive and not self._is_verb(hit, forms):
                continue
            yield self._act(hit, entry.value, forms, attributive)

    def _act(self, hit: Hit, sort: str, forms: frozenset[str], attributive: bool) -> Act:
        begin, seen, modes = self._group(hit.i)
        be, have = bool(seen & self.lex.be), bool(seen & self.lex.have)
        infinitive = bool(seen & self.lex.infinitive)
        passive = "participle" in forms and (be or self._bare_participle(hit, forms, have))
        past = (
            not infinitive
            and not modes & {"coming", "possible", "asked"}
            and (have or ("past" in forms and not be) or (passive and bool(seen & {"was", "were", "been"})) or passive)
        )
        return Act(
            i=hit.i, j=hit.j, sort=sort, begin=begin, passive=passive, past=past, perfect=have, infinitive=infinitive,
            loose=forms == {"ing"} and not be, modes=frozenset(modes), attributive=attributive,
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
        return self.words[hit.j] in self.lex.by or ("past" not in forms and hit.i > 0)

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
        if led and before not in self.lex.have:
            return True
        if before in self.lex.articles or before in self.lex.genitives or (noun and before in self.lex.scene):
            return False
        if not noun:
            return self._takes_object(hit.j) or (hit.j < self.n and self.words[hit.j] in self.lex.to)
        named = self.covered(hit.i - 1) is not None
        joined = before in self.lex.both
        return before.isalpha() and (previous is None or named or joined) and self._takes_object(hit.j, loose=named)

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
