"""People without a number: "a Taliban leader", "the insurgents", "villagers", "X Y was killed", "killed a plumber"."""

from __future__ import annotations

from monitor.kinds.casualty_update.find_phrases import Group, Phrases, people_of
from monitor.kinds.casualty_update.find_tables import MANY, MOVED, ONE
from monitor.language.lexicon import Hit


class Victims(Phrases):
    """The groups of one sentence that an article, a name or a bare plural tells."""

    def plain(self, hit: Hit, covered: set[int]) -> Group | None:
        """ "a Taliban leader", "villagers"; None where the noun only describes another ("a police post")."""
        if hit.j < self.n and self.words[hit.j][0].isalpha() and not self.closed(hit.j):
            return None
        if hit.j + 1 < self.n and self.words[hit.j] == "-" and self.hyphen(hit.j):
            return None
        i = hit.i
        other = self.t.another
        while i and hit.i - i < 10 and i - 1 not in covered and self.words[i] not in other and self.describes(i - 1):
            i -= 1
        article = i > 0 and (self.words[i - 1] in self.t.articles)
        one = ONE in hit.roles and MANY not in hit.roles
        if not one and self.words[i] in self.t.two_words and i not in covered:
            return Group(i=i, j=hit.j, quantity=None, head=hit, count=2, single=True, definite=True)
        begin = i - 1 if article else i
        capital = hit.j < self.n and self.raw[hit.j][0].isupper()
        if one and capital and self.actor_at(hit.i) is not None and hit.j - hit.i == 1 and not self._told(hit.j):
            return None  # "a Russian Airbus"
        if one and not article and self._shares_article(hit):
            return Group(i=hit.i, j=hit.j, quantity=None, head=hit, count=1, single=True)
        if one and self.words[i] in other and i < hit.i:
            return Group(i=i, j=hit.j, quantity=None, head=hit, count=1, single=True, further=True)
        if one and not article:
            named = (
                (i < hit.i or hit.j - i > 1)
                and self.actor_at(i) is not None
                and hit.j < self.n
                and self.raw[hit.j][0].isupper()
            )
            return Group(i=i, j=hit.j, quantity=None, head=hit, count=1, single=True, named=True) if named else None
        j = hit.j
        if j + 1 < self.n and self.words[j] in self.t.genitives:
            j = self.extent(j + 1, skip_article=True)[0]
        return Group(
            i=begin, j=j, quantity=None, head=hit, count=1 if one else None,
            low=None if one else 2, qualifier="exact" if one else "vague",
            oblique=begin > 0 and self.words[begin - 1] in self.t.prepositions, bare=not one, single=one,
            definite=article and self.words[begin] in self.t.definite,
            further=not self.t.further.isdisjoint(self.words[begin : hit.j]),
        )  # fmt: skip

    def _shares_article(self, hit: Hit) -> bool:
        """ "a mother and daughter": two people; "a lawyer and activist was killed" is one."""
        if hit.i < 2 or self.words[hit.i - 1] not in self.t.joints or not self.words[hit.i - 1].isalpha():
            return False
        single = hit.j < self.n and self.words[hit.j] in self.t.one_is
        if self.words[hit.j - 1] in self.t.posts:
            return False  # "a Taliban leader and facilitator"
        return not single and any(h.j == hit.i - 1 and MANY not in h.roles for h in self.of(ONE))

    def _told(self, k: int) -> bool:
        return k in self.at or k in self.s.common_at

    def nationals(self, covered: set[int]) -> list[Group]:
        """ "two Indians and a Pakistani": one person told by an article and a demonym, beside others."""
        found = []
        for hit in self.s.of_role("common", "demonyms"):
            if hit.i in covered or not hit.i or self.words[hit.i - 1] not in self.t.one_article:
                continue
            ends = hit.j >= self.n or self.closed(hit.j) or not self.words[hit.j][0].isalpha()
            beside = self.words[max(0, hit.i - 2) : hit.i - 1] + self.words[hit.j : hit.j + 1]
            if ends and hit.i not in self.at and not self.t.joints.isdisjoint(beside):
                found.append(Group(i=hit.i - 1, j=hit.j, quantity=None, head=people_of(hit), count=1, single=True))
        return found

    def pronouns(self, covered: set[int]) -> list[Group]:
        """ "killing both", "arrested them", "killing many of them": the object of a harm, told before."""
        found = []
        for hit in self.of("told_before"):
            before = next((h for h in self.hits if h.j == hit.i), None)
            if before is None or "harm_verbs" not in before.roles or hit.i in covered:
                continue
            if before.roles["harm_verbs"].value in MOVED:
                continue  # "evacuated them" is told of whole crowds
            if hit.j < self.n and self.words[hit.j][0].isalpha() and not self.closed(hit.j):
                continue  # "both men"
            value = hit.roles["told_before"].value
            if value == "one":  # "arrested him as well": one more, whoever it is
                found.append(
                    Group(i=hit.i, j=hit.j, quantity=None, head=None, count=1, single=True, further=True, pronoun=True)
                )
                continue
            found.append(
                Group(
                    i=hit.i, j=hit.j, quantity=None, head=None, definite=True, pronoun=True, part=value == "part",
                    count=2 if value == "two" else None, low=4 if value == "part" else None,
                    qualifier="vague" if value == "part" else "exact",
                )
            )  # fmt: skip
        return found

    def objects(self, covered: set[int]) -> list[Group]:
        """One victim of a calling that the lexicon does not know: "arrested a weapons dealer", "killed a plumber"."""
        found = []
        for hit in self.of("harm_verbs"):
            k = hit.j
            if k + 1 >= self.n or k in covered or self.words[k] not in self.t.one_article:
                continue
            j, head, thing = self.extent(k + 1)
            if hit.roles["harm_verbs"].value == "captured" and not any(self.actor_at(m) for m in range(k, j)):
                continue
            if (
                head is None
                and not thing
                and j > k + 1
                and not covered.intersection(range(k, j))
                and self.words[j - 1][0].isalpha()
            ):
                armed = next(
                    (a for m in range(k, j) if (a := self.actor_at(m)) is not None and "groups" in a.roles), None
                )
                head = people_of(armed) if armed is not None else None
                found.append(Group(i=k, j=j, quantity=None, head=head, count=1, single=True, unknown=True))
        return found

    def named(self, covered: set[int]) -> list[Group]:
        """One victim by name: "Commander X Y was killed", "wounded X Y"."""
        found: list[Group] = []
        free = 0
        for i in self.s.capitals if self._may_name() else ():
            if i < free or i in covered or not self._namelike(i):
                continue
            j = i + 1
            while j < self.n and j not in covered and (self._namelike(j) or (self.words[j] == "-" and self.hyphen(j))):
                j += 1
            told = self._one_is_told(i, j) or self._told_beside(i, j, covered)
            if told and not (i and self.words[i - 1] in self.t.articles):
                head = next((h for h in self.of(ONE) if i <= h.i and h.j <= j), None)
                found.append(Group(i=i, j=j, quantity=None, head=head, count=1, single=True, named=True))
            free = j
        return found

    def _may_name(self) -> bool:
        """Whether a passive in the singular stands in the sentence, or a name behind a harm."""
        if not (self.t.one_is.isdisjoint(self.words) and self.t.one_are.isdisjoint(self.words)):
            return True
        harms = [*self.of("harm_verbs"), *self.of("harm_of")]
        return any(h.j < self.n and self.raw[h.j][0].isupper() for h in harms)

    def _namelike(self, k: int) -> bool:
        raw, word = self.raw[k], self.words[k]
        if not raw[0].isupper() or len(raw) < 2 or word in self.t.stops:
            return False
        hit, common = self.at.get(k), self.s.common_at.get(k)
        if hit is not None and not (ONE in hit.roles and MANY not in hit.roles):
            return False
        return common is None or not (set(common.roles) - {"titles", "people", "hedges", "measures", "labels"})

    def _told_beside(self, i: int, j: int, covered: set[int]) -> bool:
        """ "killed Karim and two of his guards", "Karim and several fighters were killed": a name joined to people, as
        the object of a harm that is no capture, or before a passive where the sentence begins."""
        if j + 1 >= self.n or self.words[j] not in self.t.joints or not self.words[j].isalpha() or j + 1 not in covered:
            return False
        if any(p.i < j and i < p.j for p in self.s.places):
            return False
        before = next((h for h in self.of("harm_verbs") if h.j == i), None)
        if before is not None:
            killed = before.roles["harm_verbs"]
            return killed.value == "killed" and (killed.forms >= {"past"} or killed.forms == {"ing"})
        k = j + 1
        while k < self.n and k in covered:
            k += 1
        hit = self.at.get(k + 1)
        verb = hit.roles.get("harm_verbs") if hit is not None else None
        harmed = verb is not None and "participle" in verb.forms and verb.value in ("killed", "wounded")
        return i == 0 and k < self.n and self.words[k] in self.t.one_are and harmed

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
        if any(h.j == i for h in self.of("harm_of")):
            return j - i >= 2
        before = next((h for h in self.of("harm_verbs") if h.j == i), None)
        if before is None or j - i < 2:
            return False
        if before.roles["harm_verbs"].value == "captured":
            return False  # arrests by the police, mostly
        return before.roles["harm_verbs"].forms >= {"past"} or before.roles["harm_verbs"].forms == {"ing"}
