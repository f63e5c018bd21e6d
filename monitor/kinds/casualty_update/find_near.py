"""The groups of people around a cue: what its clause can have for subject, what stands behind it as its object."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_cues import Cue
from monitor.kinds.casualty_update.find_people import Groups
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import HARMS, Tables
from monitor.language.document import Sentence


class Near:
    """The groups of one sentence, seen from its cues."""

    def __init__(self, sentence: Sentence, reader: Groups, tables: Tables) -> None:
        self.s, self.t, self.reader = sentence, tables, reader
        self.words, self.n, self.at = sentence.words, len(sentence.words), reader.at
        self.groups = reader.read()
        #: tokens of ages between marks: "a man, 34, and"
        self.ages = reader.ages()

    def behind(self, j: int, most: int, tailed: bool = False) -> list[Group]:
        """The group that begins at most ``most`` tokens behind j, and those joined to it; with ``tailed`` the last may
        have the tail of them all behind it: "left a farmer and two herders dead"."""
        for number, group in enumerate(self.groups):
            if group.i < j:
                continue
            if (group.sub and not group.partitive) or group.thing:
                return []
            if group.i > j and not self._leads_on(j, group.i, most):
                return []
            if self._owns(group):
                return []
            found = [group]
            end = group.j
            for other in self.groups[number + 1 :]:
                gap = self._gap(end, other.i)
                if len(gap) > 1 and gap[-1] in self.t.possessives and other.numbered:
                    gap = gap[:-1]  # "the driver and his two sons"
                if gap == [","] and self.apposed(found[-1], other):
                    end = other.j  # "killing X, the commander": the same victim again
                    continue
                if (other.single or other.bare) and self._speaks(other):
                    break  # "23 bodies, a volunteer said"
                if gap and other.bare and found[-1].numbered and all(w in self.t.joints for w in gap):
                    end = other.j  # "250 servicemen and mercenaries": one number for both
                    continue
                if (
                    not gap
                    or len(gap) > 3
                    or any(w not in self.t.joints and w not in self.t.along for w in gap)
                    or other.thing
                    or other.sub
                    or (self.has_own_verb(other) and not (tailed and self._tail(other) and not self._tail(found[-1])))
                ):
                    break
                found.append(other)
                end = other.j
            return found
        return []

    def _leads_on(self, i: int, j: int, most: int) -> bool:
        """Whether tokens[i:j] can stand between a harm and those whom it befell: few words, that open nothing."""
        gap = [w for w in self.words[i:j] if w not in '"“”']
        if not gap:
            return True
        if len(gap) > most or not self.t.openers.isdisjoint(gap):
            return False
        joined = gap[0] in self.t.reflexives
        if any((not joined and w in self.t.joints) or not w[0].isalpha() for w in gap):
            return False
        return not any(k in self.at and not HARMS.isdisjoint(self.at[k].roles) for k in range(i, j))

    def _gap(self, i: int, j: int) -> list[str]:
        """The words between two groups, ages left out."""
        words = self.words[i:j]
        return words if not self.ages else [w for k, w in enumerate(words, i) if k not in self.ages]

    def _tail(self, group: Group) -> bool:
        hit = self.at.get(group.j)
        return hit is not None and "harm_tails" in hit.roles

    def _owns(self, group: Group) -> bool:
        """ "wiping out 12,000 investors' savings": what is theirs is the object, unless it is their lives or homes."""
        j = group.j
        own = j + 1 < self.n and self.words[j] in self.t.owning and self.s.ends[j - 1] == self.s.starts[j]
        tail = self.at.get(j + 1)
        return own and (tail is None or "harm_tails" not in tail.roles)

    def _speaks(self, group: Group) -> bool:
        common = self.s.common_at.get(group.j)
        if common is not None and "quote_verbs" in common.roles:
            return True
        return any(c.i <= group.i + (self.words[group.i] in self.t.articles) < c.j for c in self.s.credits)

    def apposed(self, group: Group, other: Group) -> bool:
        """Whether a victim is told again: "one, a facilitator", "X Y, the commander"; "his deputy" is another."""
        return other.single and (group.named or group.count == 1) and self.words[other.i] not in self.t.possessives

    def has_own_verb(self, group: Group) -> bool:
        """Whether a participle or auxiliary follows: "killed three soldiers and two civilians were wounded"."""
        k = group.j
        while k < self.n and self.words[k] in self.t.adverbs and k not in self.at:
            k += 1
        if k >= self.n:
            return False
        hit = self.at.get(k)
        if hit is not None and not HARMS.isdisjoint(hit.roles) and not {"harm_of", "harm_with_tail"} & set(hit.roles):
            return True
        return self.words[k] in self.t.auxiliaries

    def _some_of_them(self, group: Group, cue: Cue) -> bool:
        """ "80 were aboard; 12 of them died": a part with a verb of its own; in an aside between commas it has none."""
        return group.partitive and group.numbered and "," not in self.words[group.j : cue.i]

    def _beasts(self, group: Group) -> bool:
        """ "150 whales beached, and about 60 had died": a bare number goes on from animals."""
        others = group.head is not None and self.words[group.head.i] in self.t.elliptic
        if (group.head is not None and not others) or not group.numbered:
            return False
        earlier = [
            h
            for h in self.reader.hits
            if h.j <= group.i and not {"animals", "people_many", "people_one"}.isdisjoint(h.roles)
        ]
        return bool(earlier) and "animals" in earlier[-1].roles

    def before(self, cue: Cue) -> list[Group]:
        """The nearest group before a cue that its clause can have for subject, and those joined to it."""
        for group in reversed(self.groups):
            if group.i < cue.i < group.j and group.numbered and self.names(cue):
                return [] if group.taken else [group]  # "14 missing miners"
            if group.j > cue.i or (group.sub and not self._some_of_them(group, cue)):
                continue
            if not self.gap_open(group.j, cue.i, strict=group.bare or group.single):
                if group.oblique and not group.numbered:
                    continue
                return []
            part = group.bare and group.i > 0 and self.words[group.i - 1] in self.t.genitives
            if part or (
                group.oblique and not group.numbered and group.j != cue.i and not self.plain_gap(group.j, cue.i)
            ):
                continue
            if group.thing and not self.plain_gap(group.j, cue.i):
                continue
            if group.thing or self._beasts(group):
                return []
            if group.taken or self.denied(group) or self.known(group, cue):
                return []
            return self.with_joined(group)
        return []

    def known(self, group: Group, cue: Cue) -> bool:
        """ "five of the insurgents who were killed", "one of those detained is": a part of people told before."""
        if not group.partitive or (group.i and self.words[group.i - 1] in self.t.joints and self._goes_on(group)):
            return False
        gap = self.words[group.j : cue.i]
        return not gap or any(w in self.t.relatives for w in gap)

    def _goes_on(self, group: Group) -> bool:
        """ "ten were killed and five of his guards wounded": joined to other people, whom something befell."""
        return self.words[group.i - 1].isalpha() and any(g.numbered and g.j < group.i for g in self.groups)

    def denied(self, group: Group) -> bool:
        """ "no women or children": the "no" holds for both."""
        for g in self.groups:
            if g.count == 0 and g.j < group.i and all(w in self.t.joints for w in self.words[g.j : group.i]):
                return True
        return False

    def names(self, cue: Cue) -> bool:
        return cue.role in ("harm_adjectives", "harm_nouns", "harm_verbs") and "ing" not in cue.entry.forms

    def plain_gap(self, i: int, j: int) -> bool:
        return all(w in self.t.gap for w in self.words[i:j])

    def gap_open(self, i: int, j: int, strict: bool) -> bool:
        """Whether tokens[i:j] can stand between people and their participle: no new clause among them."""
        if j - i > 28:
            return False
        commas, told_before = 0, False
        told = {k for g in self.groups if g.sub and i <= g.i and g.j <= j for k in range(g.i, g.j)}
        for k in range(i, j):
            word = self.words[k]
            if word in self.t.relatives and i < k < j - 1 and self.words[k + 1] in self.t.articles:
                return False  # "the 11,400 who came knew that a career had died"
            if k in told or (word in self.t.gap and not self._told_by_others(k)):
                continue
            if word in self.t.walls or (word in '"“”' and k < j - 1):
                return False
            opens = word in self.t.joints and k + 1 < j and self.words[k + 1] in self.t.articles
            if opens and told_before:
                return False  # "are dead and an unknown number missing"
            told_before = told_before or (k in self.at and not HARMS.isdisjoint(self.at[k].roles))
            hit = self.s.common_at.get(k)
            if hit is not None and "quote_verbs" in hit.roles:
                return False
            own = self.at.get(k)
            if own is not None and not {"harm_verbs", "harm_befalls"}.isdisjoint(own.roles):
                return False
            commas += word == ","
        if commas % 2 and any(i < d.j < j and self.words[d.j] == "," for d in self.s.days):
            commas -= 1  # "the attack of May 3, was killed"
        return commas % 2 == 0 and not (strict and commas > 2)

    def _told_by_others(self, k: int) -> bool:
        """ "police said": a verb of saying that is no passive ("are said to")."""
        hit = self.s.common_at.get(k)
        if hit is None or "quote_verbs" not in hit.roles:
            return False
        while k and self.words[k - 1] in self.t.adverbs:
            k -= 1
        return not (k and self.words[k - 1] in self.t.auxiliaries)

    def with_joined(self, group: Group) -> list[Group]:
        """A group and the numbered ones joined before it: "three soldiers and two civilians [were killed]"."""
        found = [group]
        for other in reversed(self.groups):
            if other.j > found[0].i or other is group:
                continue
            gap = self._gap(other.j, found[0].i)
            if other.sub:
                continue
            if (
                len(gap) > 12
                or other.taken
                or not (other.numbered or other.single)
                or other.thing
                or not (group.numbered or (group.single and not group.named))
            ):
                break
            if gap and (gap[-1] in self.t.possessives or gap[-1] in self.t.definite):
                gap = gap[:-1]  # "one woman and her two sons"
            alongside = len(gap) == 2 and all(w in self.t.along for w in gap) and other.single
            if other.i and self.words[other.i - 1] in self.t.having:
                break  # "the hamlet had 400 inhabitants, 68 were dug out dead"
            if not self._opens_clause(other) or (other.i and self.words[other.i - 1] in self.t.genitives):
                break
            if not alongside and (
                not gap
                or gap[-1] not in self.t.joints
                or (not all(w in self.t.joints for w in gap) and not self.aside(gap))
            ):
                break
            found.insert(0, other)
        return found

    def _opens_clause(self, group: Group) -> bool:
        """Whether a group can be subject: no verb before it has it for object ("rescued 84 others")."""
        if not group.i:
            return True
        word, hit = self.words[group.i - 1], self.at.get(group.i - 1)
        if not word[0].isalpha() or word in self.t.stops or (hit is not None and "releasing" not in hit.roles):
            return True
        common = self.s.common_at.get(group.i - 1)
        return common is not None or self.s.raw[group.i - 1][0].isupper()

    def aside(self, gap: Sequence[str]) -> bool:
        """ "- including nine children - and": an aside between marks, then a joint."""
        if any(w in self.t.auxiliaries or w in self.t.gate.words for w in gap):
            return False
        return len(gap) >= 3 and gap[0] in ",-–(—" and any(w in ",-–)—" for w in gap[1:]) and gap[-1] in self.t.joints
