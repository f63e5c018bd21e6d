"""Tallies, nouns of harm, losses, and verbs whose meaning stands behind their object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.kinds.casualty_update.find_chance import REACH
from monitor.kinds.casualty_update.find_cues import SAME, Cue
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import HARMS
from monitor.kinds.casualty_update.find_ties import Mention, Ties
from monitor.language.quantities import Quantity


class Nouns(Ties):
    """What nouns and tails say happened: "the toll rose to 12", "12 deaths", "left 12 dead"."""

    def noun(self, cue: Cue) -> list[Mention]:
        """ "12 deaths", "200 casualties", "16 dead"."""
        if self.unreal(cue) or self._describes(cue):
            return []
        found = [
            g
            for g in self.near.groups
            if g.numbered
            and not g.taken
            and not g.partitive
            and (self._right_before(g, cue) or g.i < cue.i < g.j)
            and not g.thing
        ]
        if found:
            return self.tie(cue, self.near.with_joined(found[-1]), "number of a harm")
        behind = self._behind_of(cue)
        if behind:
            return self.tie(cue, behind, "noun of people")
        if "harm_adjectives" in self.roles(cue) or "harm_verbs" in self.roles(cue):
            return self.tie(cue, self.near.before(cue), "people, then what befell them")
        return []

    def _describes(self, cue: Cue) -> bool:
        """ "29 body fragments", "parts of one body": a singular that describes, or is described by, something else."""
        if self.words[cue.j - 1] not in self.t.singular:
            return False
        if cue.j < self.n and self.words[cue.j][0].isalpha() and not self.reader.closed(cue.j):
            return True
        number = next((g for g in self.near.groups if g.j == cue.i and g.numbered), None)
        return number is not None and number.i > 0 and self.words[number.i - 1] in self.t.genitives

    def _right_before(self, group: Group, cue: Cue) -> bool:
        """ "12 deaths", and "under 12" deaths."""
        return group.j == cue.i or (group.j + 1 == cue.i and self.words[group.j] in '"”“')

    def _behind_of(self, cue: Cue) -> list[Group]:
        """ "the killings in May of more than 100 civilians"."""
        for k in range(cue.j, min(cue.j + 6, self.n)):
            if self.words[k] in self.t.genitives:
                if k > cue.j and not any(cue.j <= d.i < k for d in self.s.days) and not self._month(cue.j, k):
                    return []  # "deaths in a trial of 6,500 patients"
                return [g for g in self.near.behind(k + 1, 0) if g.numbered]
            if not self.words[k][0].isalnum() or (self.words[k] in self.t.auxiliaries and self.s.raw[k].islower()):
                break
        return []

    def _month(self, i: int, j: int) -> bool:
        return any(i <= h.i < j for h in self.s.of_role("common", "months"))

    def roles(self, cue: Cue) -> frozenset[str]:
        hit = self.at.get(cue.i)
        return frozenset(hit.roles) if hit is not None else frozenset()

    def brought_to(self, cue: Cue) -> list[Mention]:
        """ "brings to 178 the number of X killed", "took to 12 the toll": the number before its tally."""
        if cue.role == "tolls":
            start = cue.i
        else:
            start = max((h.i for h in self.of("number_of") if 0 < cue.i - h.j <= 5), default=cue.i)
        while start and self.words[start - 1] in self.t.articles:
            start -= 1
        found = [
            g
            for g in self.near.groups
            if g.numbered and g.j == start and g.i and self.words[g.i - 1] in self.t.infinitive
        ]
        return self.tie(cue, found[-1:], "tally", taken=True)

    def toll(self, cue: Cue) -> list[Mention]:
        """A tally and its number, behind it or before."""
        return self._tally(cue) or self.brought_to(cue)

    def _tally(self, cue: Cue) -> list[Mention]:
        """ "the death toll ... rose to 12": the first number behind a link, in the same clause, or behind what
        commas enclose: "the toll, which stood at 90, was revised to 74"."""
        aside: Group | None = None
        for group in self.near.groups:
            if group.i < cue.j or not group.numbered:
                continue
            gap = self.words[cue.j : group.i]
            if (
                len(gap) > 24
                or any(w in (";", ".") for w in gap)
                or any(w in '"”“' for w in gap[3:-1])
                or any(h.i >= cue.j and h.j <= group.i for role in ("harm_verbs", "harm_of") for h in self.of(role))
            ):
                break
            if self.near.has_own_verb(group) or (cue.harm == SAME and len(gap) > 2):
                break
            added = bool(gap) and gap[-1] in self.t.added and group.count is None and group.high is not None
            if (
                group.thing
                or group.sub
                or (group.oblique and cue.harm != SAME and not (gap and (gap[-1] in self.t.links or added)))
            ):
                continue
            hedged = not gap and group.qualifier != "exact"  # "the toll has passed 1,000"
            if (
                not hedged
                and cue.harm != SAME
                and not (
                    any(w in self.t.links for w in gap[-5:])
                    or gap == [","]
                    or self.words[group.i] in self.t.passing
                    or (group.quantity is not None and group.quantity.opener)
                )
            ):
                continue
            if self.unreal_between(cue.j, group.i):
                break
            if aside is None and len(gap) > 1 and gap[0] == "," and gap[1] in self.t.relatives:
                aside = group
                continue
            if gap and gap[-1] in self.t.passing and group.qualifier == "exact" and group.count is not None:
                group.qualifier = "at_least"
            return self.tie(cue, [self._risen(group, added)], "tally", taken=True)
        return self.tie(cue, [self._risen(aside, False)], "tally", taken=True) if aside is not None else []

    def _risen(self, group: Group, added: bool) -> Group:
        """ "from 10 to 15", "by five to 15": of a tally that moves, the later."""
        q = group.quantity
        if q is not None and group.high is not None and (added or self._moves(q)):
            group.count, group.low, group.high = group.high, None, None
        return group

    def _moves(self, q: Quantity) -> bool:
        return q.opener is not None and self.words[q.i] in self.t.section.words("from_words_list")

    def losses(self, cue: Cue) -> list[Mention]:
        """ "lost 12,000 troops": people that an army loses; "lost 12 tanks" are none."""
        if self.unreal(cue):
            return []
        hurt = self._injured(cue)
        if hurt is not None:
            return self.tie(hurt, self.near.before(cue), "people, then what befell them")
        if cue.entry.value == "wounded":
            return []
        behind = [g for g in self.near.behind(cue.j, 2) if g.numbered and self._of_an_army(g)]
        return self.tie(cue, behind, "army loses people", taken=True)

    def _injured(self, cue: Cue) -> Cue | None:
        """ "suffered minor burns", "was treated for wounds", "sustained fatal injuries": the harm is the noun."""
        for k in range(cue.j, min(cue.j + REACH, self.n)):
            if self.words[k] in self.t.injuries:
                fatal = not self.t.fatal.isdisjoint(self.words[cue.j : k])
                return replace(cue, j=k + 1, harms=frozenset(("killed" if fatal else "wounded",)))
            if k in self.reader.numbers or not self.words[k][0].isalpha():
                return None
        return None

    def _in_hospital(self, cue: Cue) -> Cue | None:
        """ "180 lay in the city's hospitals"."""
        if cue.j >= self.n or self.words[cue.j] not in self.t.locative or "participle" in cue.entry.forms:
            return None
        for k in range(cue.j + 1, min(cue.j + REACH + 1, self.n)):
            if self.words[k] in self.t.hospitals:
                return replace(cue, j=k + 1, harms=frozenset(("wounded",)))
            if not self.words[k][0].isalpha() and self.words[k] not in self.t.possessive:
                return None
        return None

    def _of_an_army(self, group: Group) -> bool:
        """ "12 soldiers", "5,000 of its men"."""
        own = any(w in self.t.their for w in self.words[group.i : group.j])
        if group.head is not None and not self.t.fighters.isdisjoint(self.words[group.head.i : group.head.j]):
            return True
        return group.victims == "military" or (own and group.head is not None and group.victims is None)

    def tailed(self, cue: Cue) -> list[Mention]:
        """ "forced 200,000 from their homes", "left 16 dead", "were driven from their homes"."""
        if self.unreal(cue):
            return []
        hurt = self._injured(cue) or self._in_hospital(cue)
        if hurt is not None and (self.passive(cue) or "participle" not in cue.entry.forms):
            return self.tie(hurt, self.near.before(cue), "people, then participle")
        held = self.near.before(cue) if self.passive(cue) and "participle" in cue.entry.forms else []
        if held and held[-1].numbered and self._captives(held[-1]):
            return self.tie(replace(cue, harms=frozenset(("captured",))), held, "people, then participle")
        tail = self.at.get(cue.j)
        if tail is not None and "harm_tails" in tail.roles and "participle" in cue.entry.forms:
            harm = tail.roles["harm_tails"].value
            tied = Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry)
            return self.tie(tied, self.near.before(tied), "people, then participle")
        behind = self.near.behind(cue.j, 2, tailed=True)
        if not behind:
            return []
        end = behind[-1].j
        if behind[-1].numbered and self._captives(behind[-1]):
            return self.tie(
                Cue(cue.i, end, frozenset(("captured",)), cue.role, cue.entry), behind, "verb, captives", taken=True
            )
        if self._driven_from(cue, behind, end):
            driven = replace(cue, harms=frozenset(("displaced",)))
            return self.tie(driven, behind, "verb, people, tail", taken=True)
        for k in range(end, min(end + 4, self.n)):
            tail = self.at.get(k)
            if tail is not None and "harm_tails" not in tail.roles and not HARMS.isdisjoint(tail.roles):
                break  # "forcing 200 people to be evacuated from their villages"
            if tail is not None and "harm_tails" in tail.roles:
                harm = tail.roles["harm_tails"].value
                tied = Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry)
                return [*self.tie(tied, behind, "verb, people, tail", taken=True), *self._gapped(tied)]
        claimed = behind[-1].head
        if cue.entry.value in self.t.claiming and claimed is not None and "harm_tails" in claimed.roles:
            return self.tie(replace(cue, harms=frozenset(("killed",))), behind, "verb, people, tail", taken=True)
        return []

    def _driven_from(self, cue: Cue, behind: Sequence[Group], j: int) -> bool:
        """ "drove 300,000 people from Darfur"."""
        if cue.entry.value not in self.t.driving or not behind[-1].numbered or behind[-1].victims == "military":
            return False
        return j + 1 < self.n and self.words[j] in self.t.away and self.s.raw[j + 1][0].isupper()

    def _captives(self, group: Group) -> bool:
        """ "212 hostages"."""
        return group.head is not None and " ".join(self.words[group.head.i : group.head.j]) in self.t.captives

    def _gapped(self, cue: Cue) -> list[Mention]:
        """ "left four dead and eight in intensive care": more people with their tail, the verb not repeated."""
        k = cue.j
        while k < self.n and self.words[k] in self.t.joints:
            k += 1
        behind = self.near.behind(k, 0) if k > cue.j else []
        tail = self.at.get(behind[-1].j) if behind and behind[-1].numbered else None
        if tail is None or "harm_tails" not in tail.roles or "harm_verbs" in tail.roles:
            return []
        tied = Cue(cue.i, tail.j, frozenset((tail.roles["harm_tails"].value,)), cue.role, cue.entry)
        return [*self.tie(tied, behind, "verb, people, tail", taken=True), *self._gapped(tied)]
