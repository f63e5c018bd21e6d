"""Groups of people in a sentence: "at least 23 people", "five", "two insurgents", "a soldier", "villagers"."""

from __future__ import annotations

from operator import attrgetter

from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_subgroups import Subgroups
from monitor.kinds.casualty_update.find_tables import KIND, MANY, ONE
from monitor.language.lexicon import Hit
from monitor.language.quantities import Quantity, Sort

_PEOPLE = frozenset((ONE, MANY))
#: where a group begins
_BEGIN = attrgetter("i")


class Groups(Subgroups):
    """Reads the groups of one sentence."""

    def read(self) -> list[Group]:
        """All groups in order: the numbered ones, then the people that no number covers."""
        groups: list[Group] = []
        free = 0
        for quantity in self.s.quantities:
            if quantity.sort is Sort.ORDINAL and quantity.core_i >= free:
                groups += self._one_more(quantity)
            if quantity.sort is Sort.COUNT and quantity.core_i >= free:
                group = self._numbered(quantity)
                if group is not None:
                    groups.append(group)
                    free = max(
                        free,
                        quantity.core_j,
                        group.j if group.quantity is quantity and self._of_a_number(quantity) else 0,
                    )
        groups = self._spans(groups)
        if not self.t.another.isdisjoint(self.words):
            groups += self._another()
        covered = {k for g in groups for k in range(g.i, g.j)}
        covered |= {k for q in self.s.quantities for k in range(q.core_i, q.core_j)} - self.measured
        for hit in self.s.of_roles(KIND, _PEOPLE):
            if hit.i not in covered:
                group = self.plain(hit, covered)
                if group is not None:
                    groups.append(group)
        groups += self.nationals(covered)
        taken, new = set(covered), groups
        for more in (self.pronouns, self.objects, self.named):
            for g in new:
                taken.update(range(g.i, g.j))
            new = more(taken)
            groups = groups + new if new else groups
        groups.sort(key=_BEGIN)
        groups = _with_names(groups)
        self.mark_parts(groups)
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

    def _numbered(self, q: Quantity) -> Group | None:
        if (q.weak and q.count == 1 and not self._one_of_people(q)) or self._age(q) or self._compound(q):
            return None
        if q.i and self.raw[q.i - 1][0].isupper() and self._in_rank(q):
            return None
        if q.i > 1 and self.words[q.i - 1] in self.t.genitives and self.words[q.i - 2] in self.t.inhabited:
            return None  # "a population of 30,000"
        if q.count == 1 and q.i and self.words[q.i - 1] in self.t.genitives and self._collective_at(q.j):
            return None  # "four members of one family"
        j, head, thing = self.extent(self._repeated(q.j))
        if head is not None and self.words[j - 1] in self.t.genitives:  # "members of the X army"
            one = j in self.numbers and self._collective_at(j + 1)  # "members of one family"
            j, inner_head, _ = self.extent(j + one, skip_article=True)
            head = inner_head or head
        of = self.at.get(j)
        part = of is not None and "sub_cues" in of.roles and self.words[j] in self.t.genitives
        inner = self._of_a_number(q) if not part else None
        if inner is not None:
            return self._some_of(q, inner)
        if part:
            pass
        elif head is None and not thing and j < self.n and self.words[j] in self.t.genitives:
            j, head, thing = self.extent(j + 1, skip_article=True)
            j = max(j, q.j)
        elif head is not None and j + 1 < self.n and self.words[j] in self.t.genitives:
            j = self.extent(j + 1, skip_article=True)[0]
        unknown = head is None and j > q.j and not thing
        i = self._collective(q) if j == q.j else q.i
        return Group(
            i=i, j=j, quantity=q, head=head, count=q.count, low=q.low, high=q.high, qualifier=q.qualifier,
            thing=thing, unknown=unknown,
            oblique=i > 0 and self.words[i - 1] in self.t.prepositions, sub=part,
            rate=self._rate(j) or self._share(q, head),
            further=not self.t.further.isdisjoint(self.words[q.i : j]),
            partitive=part or self._partitive(q.j),
        )  # fmt: skip

    def _compound(self, q: Quantity) -> bool:
        """ "a two-state solution", "a six-day operation": a number inside an adjective; "60-7": a score."""
        k = q.core_j
        if k < self.n - 1 and self.words[k] in "-–" and self.words[k + 1][0].isdecimal():
            return q.high is None
        before = q.core_i - 1
        if before > 0 and self.words[before] in "-–" and self.words[before - 1][0].isdecimal():
            spaced = self.s.ends[before] < self.s.starts[q.core_i]  # "LIMA, June 27 - Nine people": no score
            return q.high is None and not spaced
        return q.j < self.n and self.words[q.j] == "-" and self.hyphen(q.j)

    def _collective_at(self, k: int) -> bool:
        return k < self.n and self.words[k] in self.t.collectives

    def _in_rank(self, q: Quantity) -> bool:
        """ "Police Officer 2 Ana Cruz": a figure between a title and a name, where no people stand behind it."""
        if q.j - q.i != 1 or not 0 < q.i < self.n - 1 or not self.words[q.i].isdecimal() or q.j in self.s.common_at:
            return False
        title = self.at.get(q.i - 1)
        ranked = title is not None and ONE in title.roles and self.raw[q.i - 1][0].isupper()
        return ranked and self.raw[q.j][0].isupper() and q.j not in self.at

    def _collective(self, q: Quantity) -> int:
        """Where "a family of five" begins, or the number itself."""
        if q.i < 2 or self.words[q.i - 1] not in self.t.genitives or self.words[q.i - 2] not in self.t.collectives:
            return q.i
        return q.i - 3 if q.i > 2 and self.words[q.i - 3] in self.t.articles else q.i - 2

    def _repeated(self, j: int) -> int:
        """Behind a number said again in brackets: "14 (fourteen) persons"."""
        if j + 2 < self.n and self.words[j] == "(" and self.words[j + 2] == ")" and j + 1 in self.numbers:
            return j + 3
        return j

    def _of_a_number(self, q: Quantity) -> Quantity | None:
        """The number that this one is a part of: "12 of the 80 passengers"."""
        k = q.j + 1
        if k >= self.n or self.words[q.j] not in self.t.genitives:
            return None
        while k < self.n and self.words[k] in self.t.definite:
            k += 1
        if "'s" in self.words[k : k + 4]:
            k = self.words.index("'s", k) + 1  # "150 of the village's 1,800 residents"
        return next((o for o in self.s.quantities if o.i == k and o.sort is Sort.COUNT), None)

    def _some_of(self, q: Quantity, whole: Quantity) -> Group:
        j, head, thing = self.extent(whole.j)
        if q.count == 1 and q.i and self.words[q.i - 1] in self.t.passive:
            q = whole  # "he was one of seven people killed": all of them were
        return Group(
            i=q.i, j=max(j, whole.j), quantity=q, head=head, count=q.count, low=q.low, high=q.high,
            qualifier=q.qualifier, thing=thing,
        )  # fmt: skip

    def _another(self) -> list[Group]:
        """ "one was killed and another wounded", "killed one and wounded another"."""
        found = []
        for i, word in enumerate(self.words):
            if word in self.t.another and i + 1 < self.n and not any(q.i <= i < q.j for q in self.s.quantities):
                k = i + 1
                while k < self.n and (self.words[k] in self.t.adverbs or self.words[k] in self.t.one_is):
                    k += 1
                hit = self.at.get(k)
                told = hit is not None and "harm_verbs" in hit.roles and "participle" in hit.roles["harm_verbs"].forms
                if told or self._object_at(i, i + 1):
                    found.append(Group(i=i, j=i + 1, quantity=None, head=None, count=1, single=True, further=True))
        return found

    def _object_at(self, i: int, j: int) -> bool:
        """Whether a harm has tokens[i:j] for object, and they for whole phrase."""
        if j < self.n and self.words[j][0].isalpha() and not self.closed(j):
            return False
        before = next((h for h in self.of("harm_verbs") if h.j == i), None)
        return before is not None and not before.roles["harm_verbs"].forms.isdisjoint(("past", "ing"))

    def _one_more(self, q: Quantity) -> list[Group]:
        """ "two were killed and a third seriously wounded": an ordinal that counts one."""
        if not q.i or self.words[q.i - 1] not in self.t.one_article:
            return []
        head = self.at.get(q.j)
        head = head if head is not None and ONE in head.roles else None
        j = k = head.j if head is not None else q.j
        while k < self.n and (self.words[k] in self.t.adverbs or self.words[k] in self.t.auxiliaries):
            k += 1
        hit = self.at.get(k)
        told = hit is not None and not {"harm_verbs", "harm_befalls"}.isdisjoint(hit.roles)
        if not (told or self._object_at(q.i - 1, j)):
            return []
        return [Group(i=q.i - 1, j=j, quantity=q, head=head, count=1, further=True)]

    def _share(self, q: Quantity, head: Hit | None) -> bool:
        """ "one in five children": neither number counts the people of anything that happened."""
        quantities = self.s.quantities
        for hit in self.of("ratio_phrases"):  # "nine out of ten victims"
            if (hit.i == q.j and any(o.i == hit.j for o in quantities)) or (
                hit.j == q.i and any(o.j == hit.i for o in quantities)
            ):
                return True
        if head is not None and q.i > 1 and self.words[q.i - 1] in self.t.ratio:
            return any(o.j == q.i - 1 and o.sort is Sort.COUNT for o in quantities)
        if head is not None or q.j + 1 >= self.n or self.words[q.j] not in self.t.ratio:
            return False
        whole = next((o for o in quantities if o.i == q.j + 1 and o.sort is Sort.COUNT), None)
        return whole is not None and self.extent(whole.j)[1] is not None

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
            if self.words[i - 2] in self.t.collectives:
                return False
            return self._one_ends(i - 1)
        closed = q.core_j >= self.n or self.words[q.core_j] in (",", ".", ")")
        if q.core_j < self.n and self.words[q.core_j] in self.t.plural and self.s.ends[i] == self.s.starts[q.core_j]:
            return True  # "a woman in her 50s"
        if before not in (",", "(") or not closed:
            return False
        people = any(h.j == i - 1 for role in (ONE, MANY) for h in self.of(role))  # "a grandmother, 71, and"
        return people or self.raw[i - 2][0].isupper()

    def ages(self) -> set[int]:
        """The tokens of ages that marks set apart, with the marks: "a man, 34, and a woman (29)"."""
        aged = [q for q in self.s.quantities if q.core_i and self.words[q.core_i - 1] in (",", "(") and self._age(q)]
        return {k for q in aged for k in range(q.core_i - 1, q.core_j + 1)}

    def _one_ends(self, j: int) -> bool:
        """Whether a noun of one person ends before token j."""
        return any(h.j == j and MANY not in h.roles for h in self.of(ONE))

    def _one_of_people(self, q: Quantity) -> bool:
        """ "one" counts a person unless it is a pronoun: "one of the", "one another", "no one"."""
        after = self.words[q.j] if q.j < self.n else ""
        before = self.words[q.core_i - 1] if q.core_i else ""
        return after not in self.t.pronoun_after and before not in self.t.pronoun_before

    def _rate(self, j: int) -> bool:
        """ "100 a day", "nearly 1,000 troops every day"; also "every day, about 100 ..."."""
        for h in self.of("rate_cues"):
            if h.i == 0:
                if h.j + 8 > j:
                    return True
            elif h.i - 1 <= j <= h.i and self.words[h.i - 1] != "," and self.words[h.i - 1] not in self.t.locative:
                return True  # but not "in a day"
        return False


def _with_names(groups: list[Group]) -> list[Group]:
    """ "the Taliban leader X Y": the noun and the name are one victim."""
    out: list[Group] = []
    for group in groups:
        if group.named and out and out[-1].single and out[-1].j == group.i:
            first = out.pop()
            group.i, group.head = first.i, first.head or group.head
        out.append(group)
    return out
