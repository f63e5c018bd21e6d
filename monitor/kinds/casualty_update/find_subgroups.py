"""Groups that are parts of another number, or tell its people again: "including three children", "(9,000 homes)"."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import HARMS
from monitor.kinds.casualty_update.find_victims import Victims
from monitor.language.lexicon import Hit


class Subgroups(Victims):
    """Marks the parts among the groups of one sentence."""

    def mark_parts(self, groups: Sequence[Group]) -> None:
        """Marks groups behind "including" and the like, and what is joined to them, as parts of a number."""
        last_end = -1
        cues, after = self.of("sub_cues"), self.of("sub_after")
        for group in groups:
            begin = group.i
            group.partitive = (
                group.partitive or (group.head is None and self._of_those(begin)) or bool(cues and self._among(group))
            )
            part = group.sub or bool(after and any(h.i == group.j and begin for h in after))
            part = part or bool(cues and any(group.i < h.i < group.j or self._begins_part(h, begin) for h in cues))
            if part or (last_end >= 0 and self._joined(last_end, begin) and not self._verb_follows(group)):
                group.sub = True
                last_end = group.j
            else:
                last_end = -1
        self._mark_asides(groups)
        for group, following in itertools.pairwise(groups):  # "women and children included"
            gap = self.words[group.j : following.i]
            if following.sub and group.bare and gap and all(w in self.t.joints for w in gap):
                group.sub = True

    def _begins_part(self, hit: Hit, begin: int) -> bool:
        """Whether "including" and the like stand right before the group at ``begin``, and nothing between says more."""
        return (
            begin - 5 <= hit.i
            and hit.j <= begin + 1
            and self._opens_part(hit, begin)
            and not self.between(hit.j, begin)
            and ";" not in self.words[hit.j : begin]
            and self.t.scenes.isdisjoint(self.words[hit.j : begin])
            and not any(hit.j <= k < begin - 1 for k in self.numbers)
        )

    def _joined(self, i: int, j: int) -> bool:
        """Whether nothing but a joint stands between a part that ends at i and a group that begins at j."""
        gap = self.words[i:j]
        if not self.t.scenes.isdisjoint(gap):
            return False  # "saved six people, including a child, while 20 were hurt"
        return len(gap) <= 2 and all(w in self.t.joints for w in gap) and gap[:1] not in (["-"], ["–"])

    def _among(self, group: Group) -> bool:
        """ "two children were among those killed"."""
        k = group.j
        while k < self.n and self.words[k] in self.t.auxiliaries:
            k += 1
        return k > group.j and any(h.i == k and self.words[k] in self.t.among for h in self.of("sub_cues"))

    def _mark_asides(self, groups: Sequence[Group]) -> None:
        """ "the 186 aboard - 162 passengers and 24 crew - were killed": what dashes enclose are parts of it, and what
        tells all of them again between commas."""
        for group, other in itertools.pairwise(groups):  # "ten people, all civilians, were killed"
            apart = self.words[group.j : other.i] == [","]
            if group.numbered and apart and self.words[other.i] in self.t.all and not other.numbered:
                other.sub, group.head = True, other.head if group.victims is None else group.head
        restated = set() if self.t.households.isdisjoint(self.words) else self._mark_households(groups)
        if len(groups) > 2:
            self._mark_told_in_parts(groups)
        if self.t.dashes.isdisjoint(self.words):
            return
        marks = [k for k, w in enumerate(self.words) if w in self.t.dashes and not self.hyphen(k)]
        for first, last in itertools.pairwise(marks):
            if any(g.numbered and g.j <= first and first - g.j <= 4 for g in groups):
                for group in groups:
                    if first < group.i < last and group.i not in restated and not self.between(first, last):
                        group.sub = True

    def _mark_households(self, groups: Sequence[Group]) -> set[int]:
        """ "50,000 people (9,000 households)", "9,000 families - 50,000 people - are homeless": another measure of
        the people beside them. Gives where those people are told."""
        restated = set()
        for a, b in itertools.pairwise(groups):
            gap = self.words[a.j : b.i]
            if a.numbered and b.numbered and len(gap) == 1 and not gap[0].isalnum() and gap[0] != ",":
                homes = [g for g in (a, b) if not self.t.households.isdisjoint(self.words[g.i : g.j])]
                if len(homes) == 1:
                    homes[0].sub = True
                    restated.add(b.i if homes[0] is a else a.i)
        return restated

    def _mark_told_in_parts(self, groups: Sequence[Group]) -> None:
        """ "four officers, three soldiers and one policeman, were killed": parts that a comma sets behind their sum."""
        for k, whole in enumerate(groups[:-2]):
            if not whole.count or whole.count < 2 or self.words[whole.j : whole.j + 1] not in ([","], [":"]):
                continue
            left, end, parts = whole.count, whole.j, []
            for part in groups[k + 1 :]:
                gap = self.words[end : part.i]
                if (
                    part.count is None
                    or not gap
                    or len(gap) > 2
                    or not all(w in self.t.joints or w == ":" for w in gap)
                ):
                    break
                parts.append(part)
                left, end = left - part.count, part.j
                if left <= 0:
                    break
            if not left and len(parts) > 1:
                whole.j = whole.j if self.words[end : end + 1] == [","] else end
                for part in parts:
                    part.sub = True

    def _of_those(self, i: int) -> bool:
        """ "Of the 45 wounded, six ...": a number right behind those it is of."""
        if i < 3 or self.words[i - 1] != "," or self.words[0] not in self.t.genitives:
            return False
        return any(q.core_j <= i - 1 and q.i <= 3 for q in self.s.quantities) and "," not in self.words[: i - 1]

    def _opens_part(self, hit: Hit, begin: int) -> bool:
        """Whether "including" and the like hold for the group at ``begin``; "of them" only right before it."""
        return self.words[hit.i] not in self.t.genitives or begin - hit.j <= 1

    def between(self, i: int, j: int) -> bool:
        """Whether a harm stands in tokens[i:j]."""
        return any(k in self.at and not HARMS.isdisjoint(self.at[k].roles) for k in range(i, j))

    def _verb_follows(self, group: Group) -> bool:
        """ "..., including two children, and five were wounded": the five are no part."""
        hit = self.at.get(group.j)
        if hit is not None and not HARMS.isdisjoint(hit.roles):
            return True
        return group.j < self.n and self.words[group.j] in self.t.auxiliaries and group.head is None
