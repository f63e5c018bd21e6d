"""Groups of people in a sentence: "at least 23 people", "five", "two suspected insurgents", "a soldier", "villagers"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.language.document import Sentence
from monitor.language.lexicon import Hit, Lexicon
from monitor.language.quantities import Quantity, Sort

KIND = "casualty_update"
ONE, MANY, THINGS = "people_one", "people_many", "things"
#: roles of the section that tell of harm
HARMS = frozenset(
    (
        "harm_verbs",
        "harm_befalls",
        "harm_with_tail",
        "harm_tails",
        "harm_adjectives",
        "harm_nouns",
        "harm_of",
        "tolls",
        "harm_losses",
        "harm_people_only",
    )
)
#: tokens that a noun phrase may have behind its number
LONGEST = 9


class Tables:
    """What the rules look up, made once for a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common, section = lexicon.common, lexicon.section(KIND)
        self.section = section
        self.articles = common.words("articles")
        self.auxiliaries = common.words("auxiliaries")
        prepositions = common.words("place_prepositions")
        self.prepositions = prepositions | common.words("genitives")
        self.genitives = common.words("genitive")
        self.away = common.words("away")
        self.possessive = common.words("possessive")
        self.locative = frozenset(common.phrases("place_prepositions").get("inside", ()))
        clauses = common.phrases("clauses")
        self.joints = frozenset((*clauses.get("coordination", ()), ",", "/", "-", "–"))
        self.relatives = frozenset(clauses.get("relative", ()))
        self.walls = frozenset((*clauses.get("subordination", ()), ";", ":")) - prepositions
        inside = section.words("noun_words")
        self.stops = (
            lexicon.function_words | self.auxiliaries | prepositions | self.relatives | self.articles | common.words("pronouns")
            | frozenset(p for same in clauses.values() for p in same) | common.words("negations")
        ) - inside  # fmt: skip
        self.gap = section.words("gap_words")
        self.links = section.words("toll_links")
        self.possessives = common.words("pronouns")
        self.passive = section.words("passive_words")
        self.two_words = section.words("two_words")
        self.captives = section.words("captives")
        self.comparing = section.words("comparing")
        self.their = section.words("their")
        self.one_article = section.words("one_article")
        self.along = section.words("along")
        self.definite = section.words("definite")
        self.further = section.words("further")
        self.one_is = section.words("one_is")
        self.adverbs = section.words("adverbs")
        self.infinitive = section.words("infinitive_words")
        frequent = lexicon.function_words | self.auxiliaries | prepositions | common.words("pronouns")
        frequent |= section.words(ONE) | section.words(MANY)
        self.gate = section.gate(*sorted(HARMS - {"harm_with_tail"}), common=frozenset(frequent))
        self.actors = frozenset(("countries", "demonyms", "peoples", "groups", "organisations"))

    @classmethod
    def of(cls, lexicon: Lexicon) -> Tables:
        tables: Tables | None = lexicon.derived.get(KIND)
        if tables is None:
            tables = lexicon.derived[KIND] = cls(lexicon)
        return tables


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
    #: a verb has it for object already
    taken: bool = False

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

    @property
    def numbered(self) -> bool:
        return self.quantity is not None


class Groups:
    """Reads the groups of one sentence."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        self.words, self.raw = sentence.words, sentence.raw
        self.hits = sentence.hits(KIND)
        self.at = {h.i: h for h in self.hits}
        self.n = len(self.words)
        self.numbers = {q.core_i for q in sentence.quantities}
        #: tokens of ages and other measures: "a 12-year-old girl"
        self.measured = {k for q in sentence.quantities if q.sort is Sort.MEASURE for k in range(q.core_i, q.core_j)}

    def read(self) -> list[Group]:
        """All groups in order: the numbered ones, then the people that no number covers."""
        groups: list[Group] = []
        free = 0
        for quantity in self.s.quantities:
            if quantity.sort is Sort.COUNT and quantity.core_i >= free:
                group = self._numbered(quantity)
                if group is not None:
                    groups.append(group)
                    free = max(free, quantity.core_j)
        groups = self._spans(groups)
        covered = {k for g in groups for k in range(g.i, g.j)}
        covered |= {k for q in self.s.quantities for k in range(q.core_i, q.core_j)} - self.measured
        for hit in self.hits:
            if hit.i not in covered and (ONE in hit.roles or MANY in hit.roles):
                group = self._plain(hit, covered)
                if group is not None:
                    groups.append(group)
        groups += self._objects({k for g in groups for k in range(g.i, g.j)} | covered)
        groups += self._named({k for g in groups for k in range(g.i, g.j)} | covered)
        groups.sort(key=lambda g: g.i)
        groups = _with_names(groups)
        self._mark_parts(groups)
        return groups

    def _spans(self, groups: list[Group]) -> list[Group]:
        """ "at least 13 and as many as 46 civilians": two numbers of one phrase are its ends."""
        out: list[Group] = []
        for group in groups:
            first = out[-1] if out else None
            if (
                first is not None
                and first.head is None
                and first.qualifier == "at_least"
                and group.qualifier == "up_to"
                and first.count
                and group.count
            ):
                gap = self.words[first.j : group.i]
                if gap and len(gap) <= 3 and gap[0] in self.t.joints and first.count < group.count:
                    group.low, group.high, group.count, group.i, group.qualifier = (
                        first.count,
                        group.count,
                        None,
                        first.i,
                        "exact",
                    )
                    out.pop()
            out.append(group)
        return out

    # --- with a number ---

    def _numbered(self, q: Quantity) -> Group | None:
        if (q.weak and q.count == 1 and not self._one_of_people(q)) or self._age(q):
            return None
        j, head, thing = self._extent(q.j)
        of = self.at.get(j)
        part = of is not None and "sub_cues" in of.roles and self.words[j] in self.t.genitives
        if part:
            pass
        elif head is None and not thing and j < self.n and self.words[j] in self.t.genitives:
            j, head, thing = self._extent(j + 1, skip_article=True)
            j = max(j, q.j)
        elif head is not None and j + 1 < self.n and self.words[j] in self.t.genitives:
            j = self._extent(j + 1, skip_article=True)[0]
        unknown = head is None and j > q.j and not thing
        return Group(
            i=q.i, j=j, quantity=q, head=head, count=q.count, low=q.low, high=q.high, qualifier=q.qualifier, thing=thing, unknown=unknown,
            oblique=q.i > 0 and self.words[q.i - 1] in self.t.prepositions, rate=self._rate(j), sub=part,
            further=any(self.words[k] in self.t.further for k in range(q.i, j)),
            partitive=part or self._partitive(q.j),
        )  # fmt: skip

    def _partitive(self, j: int) -> bool:
        """ "of the", "of his" right behind the number."""
        return j + 1 < self.n and self.words[j] in self.t.genitives and self.words[j + 1] in self.t.definite

    def _age(self, q: Quantity) -> bool:
        """ "a boy of six", "Alexander Drueke, 39, and"."""
        i = q.core_i
        if i < 2 or q.count is None or q.count > 110:
            return False
        before = self.words[i - 1]
        if before in self.t.genitives:
            return any(h.j == i - 1 and ONE in h.roles and MANY not in h.roles for h in self.hits)
        closed = q.core_j >= self.n or self.words[q.core_j] in (",", ".", ")")
        return before in (",", "(") and closed and self.raw[i - 2][0].isupper()

    def _one_of_people(self, q: Quantity) -> bool:
        """ "one" counts a person unless it is a pronoun: "one of the", "one another", "no one"."""
        after = self.words[q.j] if q.j < self.n else ""
        before = self.words[q.core_i - 1] if q.core_i else ""
        return after not in ("another", "'s") and before not in ("no", "the", "this", "that", "every", "any", "each")

    def _extent(self, j: int, skip_article: bool = False) -> tuple[int, Hit | None, bool]:
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
            if hit is not None and (ONE in hit.roles or MANY in hit.roles):
                head, thing, k = hit, False, hit.j
            elif hit is not None and THINGS in hit.roles and not HARMS.intersection(hit.roles):
                thing, k = True, hit.j
            elif hit is not None and not HARMS.isdisjoint(hit.roles):
                if not self._adjectival(hit):
                    break
                k = hit.j
            elif (actor := self._actor_at(k)) is not None:
                if {"peoples", "groups"} & set(actor.roles) and self._ends_phrase(actor.j):
                    head, thing = head or _people_of(actor), False
                k = actor.j
            elif (word in '"“”' and k + 1 < self.n and self._quoted(k)) or word == "'s" or (word == "-" and k > j and self._hyphen(k)):
                k += 1
            elif (
                not word[0].isalpha()
                or word in self.t.stops
                or self._names_time(k)
                or (hit is not None and "sub_cues" in hit.roles)
            ):
                break
            else:
                k += 1
        return k, head, thing

    def _actor_at(self, k: int) -> Hit | None:
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

    def _hyphen(self, k: int) -> bool:
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

    def _names_time(self, k: int) -> bool:
        common = self.s.common_at.get(k)
        if common is None:
            return False
        if "quote_verbs" in common.roles and not common.roles["quote_verbs"].forms <= {"ing"}:
            return True
        return not {"weekdays", "relative_days", "months", "according"}.isdisjoint(common.roles)

    def _rate(self, j: int) -> bool:
        """ "100 a day", "nearly 1,000 troops every day"; also "every day, about 100 ..."."""
        near = any(h.i - 1 <= j <= h.i and "rate_cues" in h.roles for h in self.hits)
        return near or any(h.i == 0 and "rate_cues" in h.roles and h.j + 8 > j for h in self.hits)

    # --- without a number ---

    def _plain(self, hit: Hit, covered: set[int]) -> Group | None:
        """ "a Taliban leader", "the insurgents", "villagers"; None where the noun only describes another ("a police post")."""
        if hit.j < self.n and self.words[hit.j][0].isalpha() and not self._closed(hit.j):
            return None
        if hit.j + 1 < self.n and self.words[hit.j] == "-" and self._hyphen(hit.j):
            return None
        i = hit.i
        while i and hit.i - i < 10 and i - 1 not in covered and (self._describes(i - 1)):
            i -= 1
        article = i > 0 and (self.words[i - 1] in self.t.articles)
        one = ONE in hit.roles and MANY not in hit.roles
        if not one and self.words[i] in self.t.two_words and i not in covered:
            return Group(i=i, j=hit.j, quantity=None, head=hit, count=2, single=True, definite=True)
        begin = i - 1 if article else i
        if one and not article:
            named = i < hit.i and self._actor_at(i) is not None and hit.j < self.n and self.raw[hit.j][0].isupper()
            return Group(i=i, j=hit.j, quantity=None, head=hit, count=1, single=True, named=True) if named else None
        j = hit.j
        if j + 1 < self.n and self.words[j] in self.t.genitives:
            j = self._extent(j + 1, skip_article=True)[0]
        return Group(
            i=begin, j=j, quantity=None, head=hit, count=1 if one else None, low=None if one else 2, qualifier="exact" if one else "vague",
            oblique=begin > 0 and self.words[begin - 1] in self.t.prepositions, bare=not one, single=one,
            definite=article and self.words[begin] in self.t.definite,
            further=any(self.words[k] in self.t.further for k in range(begin, hit.j)),
        )  # fmt: skip

    def _closed(self, k: int) -> bool:
        """Whether the token behind a noun ends its phrase."""
        word = self.words[k]
        common = self.s.common_at.get(k)
        actor = common is not None and not self.t.actors.isdisjoint(common.roles)
        if word in self.t.stops or (self.raw[k][0].isupper() and not actor) or self._names_time(k):
            return True
        hit = self.at.get(k)
        return (hit is not None and not {"sub_after", *HARMS}.isdisjoint(hit.roles)) or word in self.t.gap

    def _describes(self, k: int) -> bool:
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
        return not self._names_time(k)

    def _objects(self, covered: set[int]) -> list[Group]:
        """One victim of a calling that the lexicon does not know: "arrested a weapons dealer", "killed a plumber"."""
        found = []
        for hit in self.hits:
            k = hit.j
            if (
                "harm_verbs" not in hit.roles
                or k + 1 >= self.n
                or k in covered
                or self.words[k] not in self.t.one_article
            ):
                continue
            j, head, thing = self._extent(k + 1)
            if hit.roles["harm_verbs"].value == "captured" and not any(self._actor_at(m) for m in range(k, j)):
                continue
            if (
                head is None
                and not thing
                and j > k + 1
                and not covered.intersection(range(k, j))
                and self.words[j - 1][0].isalpha()
            ):
                armed = next(
                    (a for m in range(k, j) if (a := self._actor_at(m)) is not None and "groups" in a.roles), None
                )
                head = _people_of(armed) if armed is not None else None
                found.append(Group(i=k, j=j, quantity=None, head=head, count=1, single=True, unknown=True))
        return found

    def _named(self, covered: set[int]) -> list[Group]:
        """One victim by name: "Commander X Y was killed", "wounded X Y"."""
        found: list[Group] = []
        i = 0
        while i < self.n:
            if i in covered or not self._namelike(i):
                i += 1
                continue
            j = i + 1
            while j < self.n and j not in covered and (self._namelike(j) or (self.words[j] == "-" and self._hyphen(j))):
                j += 1
            if self._one_is_told(i, j) and not (i and self.words[i - 1] in self.t.articles):
                head = next((h for h in self.hits if i <= h.i and h.j <= j and ONE in h.roles), None)
                found.append(Group(i=i, j=j, quantity=None, head=head, count=1, single=True, named=True))
            i = j
        return found

    def _namelike(self, k: int) -> bool:
        raw, word = self.raw[k], self.words[k]
        if not raw[0].isupper() or len(raw) < 2 or word in self.t.stops:
            return False
        hit, common = self.at.get(k), self.s.common_at.get(k)
        if hit is not None and not (ONE in hit.roles and MANY not in hit.roles):
            return False
        return common is None or not (set(common.roles) - {"titles", "people", "hedges", "measures", "labels"})

    def _one_is_told(self, i: int, j: int) -> bool:
        """Whether one person is subject of a passive in the singular, or object of a verb of harm."""
        k = j
        if k < self.n and self.words[k] in self.t.one_is:
            while k < self.n and (
                self.words[k] in self.t.passive or self.words[k] in self.t.one_is or self.words[k] in self.t.adverbs
            ):
                k += 1
            hit = self.at.get(k)
            return hit is not None and "harm_verbs" in hit.roles and "participle" in hit.roles["harm_verbs"].forms
        if any(h.j == i and "harm_of" in h.roles for h in self.hits):
            return j - i >= 2
        before = next((h for h in self.hits if h.j == i and "harm_verbs" in h.roles), None)
        if before is None or j - i < 2:
            return False
        if before.roles["harm_verbs"].value == "captured":
            return False  # arrests by the police, mostly
        return before.roles["harm_verbs"].forms >= {"past"} or before.roles["harm_verbs"].forms == {"ing"}

    # --- parts ---

    def _mark_parts(self, groups: Sequence[Group]) -> None:
        """Marks groups behind "including" and the like, and what is joined to them, as parts of a number told before."""
        last_end = -1
        for group in groups:
            begin = group.i
            cue = any(
                h.i >= begin - 5 and h.j <= begin + 1 and "sub_cues" in h.roles and not self._between(h.j, begin)
                for h in self.hits
            )
            behind = group.sub or any(h.i == group.j and "sub_after" in h.roles for h in self.hits)
            behind = behind or any(group.i < h.i < group.j and "sub_cues" in h.roles for h in self.hits)
            gap = self.words[last_end:begin]
            joined = (
                last_end >= 0
                and all(w in self.t.joints for w in gap)
                and len(gap) <= 2
                and gap[:1] not in (["-"], ["–"])
            )
            if cue or behind or (joined and not self._verb_follows(group)):
                group.sub = True
                last_end = group.j
            else:
                last_end = -1
        for group, following in zip(groups, groups[1:], strict=False):  # "women and children included"
            gap = self.words[group.j : following.i]
            if following.sub and group.bare and gap and all(w in self.t.joints for w in gap):
                group.sub = True

    def _between(self, i: int, j: int) -> bool:
        """Whether a harm stands in tokens[i:j]."""
        return any(k in self.at and not HARMS.isdisjoint(self.at[k].roles) for k in range(i, j))

    def _verb_follows(self, group: Group) -> bool:
        """ "..., including two children, and five were wounded": the five are no part."""
        hit = self.at.get(group.j)
        if hit is not None and not HARMS.isdisjoint(hit.roles):
            return True
        return group.j < self.n and self.words[group.j] in self.t.auxiliaries and group.head is None


def _with_names(groups: list[Group]) -> list[Group]:
    """ "the Taliban leader X Y": the noun and the name are one victim."""
    out: list[Group] = []
    for group in groups:
        if group.named and out and out[-1].single and out[-1].j == group.i:
            first = out.pop()
            group.i, group.head = first.i, first.head or group.head
        out.append(group)
    return out


def _people_of(common: Hit) -> Hit:
    """A people or armed group as the head of a phrase: "12 Houthis" are fighters, "12 Syrians" just people."""
    from monitor.language.lexicon import Entry

    value = "military" if "groups" in common.roles else "any"
    return Hit(common.i, common.j, {MANY: Entry(MANY, value)})
