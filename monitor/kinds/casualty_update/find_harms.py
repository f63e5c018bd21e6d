"""What a sentence says happened to whom: harm cues tied to groups of people by a shallow grammar of clauses.

people were killed | people killed, dead, missing | people died, fled         the group before the cue
killed people | killing people | deaths of people | lost people               the group behind it
toll rose to N | N deaths | left N dead | forced N from their homes           tallies, nouns, tails
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.kinds.casualty_update.find_cues import SAME, Cue, Cues
from monitor.kinds.casualty_update.find_near import Near
from monitor.kinds.casualty_update.find_people import Groups
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.quantities import Sort

#: tokens before a cue in which "could", "not" and their like hold for it
REACH = 6
#: years before publication from which a named year makes a figure historic
LONG_AGO = 10


@dataclass(slots=True)
class Mention:
    """One harm to one group, as one sentence has it."""

    sentence: Sentence
    harm: str
    group: Group
    #: tokens of the cue
    i: int
    j: int
    #: name of the rule that tied them
    rule: str


class Harms:
    """Reads the mentions of one sentence."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        self.words, self.n = sentence.words, len(sentence.words)
        self.hits = sentence.hits(KIND)
        #: made when there are cues
        self.reader: Groups
        self.near: Near
        self.at: dict[int, Hit]

    def read(self) -> list[Mention]:
        """All mentions, in order of their cues."""
        cues = list(Cues(self.words, self.hits, self.t).read())
        if not cues or self._refused():
            return []
        self.reader = Groups(self.s, self.t)
        self.at = self.reader.at
        self.near = Near(self.s, self.reader, self.t)
        found: list[Mention] = []
        for cue in cues:
            found += self._mentions(cue)
        found += self._elliptic(found)
        found = self._same_harm(found)
        return self._whole(found)

    def _same_harm(self, found: list[Mention]) -> list[Mention]:
        """ "Moscow put the number at 498": a tally that names no harm is of the mention before it."""
        last: Mention | None = None
        kept = []
        for m in sorted(found, key=lambda m: m.i):
            if m.harm == SAME:
                if last is None:
                    continue
                m.harm = last.harm
            else:
                last = m
            kept.append(m)
        return kept

    def _refused(self) -> bool:
        if any("not_harm" in h.roles for h in self.hits) or self._long_ago():
            return True
        return any("historic" in h.roles and not (h.i and self.words[h.i - 1] in self.t.comparing) for h in self.hits)

    def _long_ago(self) -> bool:
        """ "in 1994 some 800,000 were killed": a year long before publication, that no running count starts from."""
        published = self.s.document.published
        if published is None:
            return False
        for q in self.s.quantities:
            if q.sort is Sort.YEAR and q.count is not None and published.year - q.count >= LONG_AGO:
                return not any("periods" in h.roles for h in self.hits)
        return False

    def _mentions(self, cue: Cue) -> list[Mention]:
        if cue.role == "harm_of":
            return [] if self._unreal(cue) else self._tie(cue, self.near.behind(cue.j, 3), "noun of people")
        if cue.role == "tolls":
            return self._toll(cue) or self._noun(cue)
        if cue.role == "harm_nouns":
            return self._noun(cue)
        if cue.role == "harm_losses":
            return self._losses(cue)
        if cue.role == "harm_people_only":
            return [m for m in self._verb(cue) if m.group.head is not None]
        if cue.role == "harm_with_tail":
            return self._tailed(cue)
        if cue.role in ("harm_befalls", "harm_adjectives"):
            return [] if self._unreal(cue) else self._tie(cue, self.near.before(cue), "people, then what befell them")
        return self._verb(cue)

    def _verb(self, cue: Cue) -> list[Mention]:
        forms = cue.entry.forms
        if self._unreal(cue):
            return []
        passive = self._passive(cue)
        objects = [] if passive else self.near.behind(cue.j, 2)
        if objects:
            objects = [*objects, *self._further_on(objects[-1])]
        if objects and not (forms >= {"past", "participle"} and self._own_subject(cue, objects[0])):
            return self._tie(cue, objects, "verb, then people", taken=True)
        if "participle" in forms and (passive or not (self._object_opens(cue) or self._takes_things(cue))):
            before = self.near.before(cue)
            return self._tie(cue, [*(before or self._inverted(cue)), *self._alongside(cue)], "people, then participle")
        return []

    def _further_on(self, group: Group) -> list[Group]:
        """ "detained a leader who operated in X, along with one suspect": joined over a clause by "along with"."""
        for hit in self.hits:
            if (
                "along_with" in hit.roles
                and group.j <= hit.i <= group.j + 24
                and not self.reader.between(group.j, hit.i)
            ):
                return [g for g in self.near.behind(hit.j, 0) if not g.taken]
        return []

    def _inverted(self, cue: Cue) -> list[Group]:
        """ "Also killed in the strike were a dozen insurgents"."""
        for k in range(cue.j, min(cue.j + 8, self.n)):
            if self.words[k] in self.t.passive:
                return [g for g in self.near.behind(k + 1, 0) if g.numbered] if cue.i <= 2 else []
            if not self.words[k][0].isalpha():
                break
        return []

    def _alongside(self, cue: Cue) -> list[Group]:
        """ "was detained along with several of his men"."""
        k = cue.j
        while k < self.n and self.words[k] in self.t.along:
            k += 1
        return self.near.behind(k, 0) if k >= cue.j + 2 else []

    def _object_opens(self, cue: Cue) -> bool:
        """ "arrested a ...": an article behind the verb makes it active, even where its object is not understood."""
        return cue.j < self.n and self.words[cue.j] in self.t.articles

    def _takes_things(self, cue: Cue) -> bool:
        """ "captured three villages": its object is no people."""
        return any(g.thing and g.i == cue.j for g in self.near.groups)

    def _own_subject(self, cue: Cue, behind: Group) -> bool:
        """ "12 killed 30 wounded": a participle with its own number before it, and a cue behind the next group."""
        near = next((g for g in self.near.groups if g.j == cue.i and g.numbered and not g.taken and not g.thing), None)
        if near is None:
            return False
        following = self.at.get(behind.j)
        return behind.numbered and (behind.head is None or (following is not None and "harm_verbs" in following.roles))

    def _passive(self, cue: Cue) -> bool:
        k = cue.i - 1
        while k >= 0 and (self.words[k] in self.t.section.words("adverbs_list")):
            k -= 1
        return k >= 0 and self.words[k] in self.t.passive

    def _noun(self, cue: Cue) -> list[Mention]:
        """ "12 deaths", "200 casualties", "16 dead"."""
        if self._unreal(cue):
            return []
        found = [
            g
            for g in self.near.groups
            if g.numbered and (g.j == cue.i or (g.i < cue.i < g.j and not g.taken)) and not g.thing
        ]
        if found:
            return self._tie(cue, self.near.with_joined(found[-1]), "number of a harm")
        behind = self._behind_of(cue)
        if behind:
            return self._tie(cue, behind, "noun of people")
        if "harm_adjectives" in self._roles(cue) or "harm_verbs" in self._roles(cue):
            return self._tie(cue, self.near.before(cue), "people, then what befell them")
        return []

    def _behind_of(self, cue: Cue) -> list[Group]:
        """ "the killings in May of more than 100 civilians"."""
        for k in range(cue.j, min(cue.j + 6, self.n)):
            if self.words[k] in self.t.genitives:
                return [g for g in self.near.behind(k + 1, 0) if g.numbered]
            if not self.words[k][0].isalnum() or (self.words[k] in self.t.auxiliaries and self.s.raw[k].islower()):
                break
        return []

    def _roles(self, cue: Cue) -> frozenset[str]:
        hit = self.at.get(cue.i)
        return frozenset(hit.roles) if hit is not None else frozenset()

    def _toll(self, cue: Cue) -> list[Mention]:
        """ "the death toll ... rose to 12": the first number behind a link, in the same clause."""
        for group in self.near.groups:
            if group.i < cue.j or not group.numbered:
                continue
            gap = self.words[cue.j : group.i]
            if (
                len(gap) > 24
                or any(w in (";", ".") for w in gap)
                or any(w in '"”“' for w in gap[3:])
                or any(h.i >= cue.j and h.j <= group.i and "harm_verbs" in h.roles for h in self.hits)
            ):
                return []
            if self.near.has_own_verb(group) or (cue.harm == SAME and len(gap) > 2):
                return []
            if (
                group.thing
                or group.sub
                or (group.oblique and cue.harm != SAME and not (gap and gap[-1] in self.t.links))
            ):
                continue
            hedged = not gap and group.qualifier != "exact"  # "the toll has passed 1,000"
            if (
                not hedged
                and cue.harm != SAME
                and not (
                    any(w in self.t.links for w in gap[-5:])
                    or gap == [","]
                    or (group.quantity is not None and group.quantity.opener)
                )
            ):
                continue
            if self._unreal_between(cue.j, group.i):
                return []
            return self._tie(cue, [self._risen(group)], "tally", taken=True)
        return []

    def _risen(self, group: Group) -> Group:
        """ "from 10 to 15": of a tally that moves, the later."""
        q = group.quantity
        if (
            q is not None
            and q.opener is not None
            and group.high is not None
            and self.words[q.i] in self.t.section.words("from_words_list")
        ):
            group.count, group.low, group.high = group.high, None, None
        return group

    def _losses(self, cue: Cue) -> list[Mention]:
        """ "lost 12,000 troops": people that an army loses; "lost 12 tanks" are none."""
        behind = [g for g in self.near.behind(cue.j, 2) if g.numbered and self._of_an_army(g)]
        return [] if self._unreal(cue) else self._tie(cue, behind, "army loses people", taken=True)

    def _of_an_army(self, group: Group) -> bool:
        """ "12 soldiers", "5,000 of its men"."""
        own = any(w in self.t.their for w in self.words[group.i : group.j])
        return group.victims == "military" or (own and group.head is not None and group.victims is None)

    def _tailed(self, cue: Cue) -> list[Mention]:
        """ "forced 200,000 from their homes", "left 16 dead", "were driven from their homes"."""
        if self._unreal(cue):
            return []
        tail = self.at.get(cue.j)
        if tail is not None and "harm_tails" in tail.roles and "participle" in cue.entry.forms:
            harm = tail.roles["harm_tails"].value
            tied = Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry)
            return self._tie(tied, self.near.before(tied), "people, then participle")
        behind = self.near.behind(cue.j, 2)
        if not behind:
            return []
        end = behind[-1].j
        held = behind[-1].head
        if held is not None and behind[-1].numbered and " ".join(self.words[held.i : held.j]) in self.t.captives:
            return self._tie(
                Cue(cue.i, end, frozenset(("captured",)), cue.role, cue.entry), behind, "verb, captives", taken=True
            )
        for k in range(end, min(end + 4, self.n)):
            tail = self.at.get(k)
            if tail is not None and "harm_tails" in tail.roles:
                harm = tail.roles["harm_tails"].value
                return self._tie(
                    Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry),
                    behind,
                    "verb, people, tail",
                    taken=True,
                )
        return []

    def _elliptic(self, found: Sequence[Mention]) -> list[Mention]:
        """ "three were killed in X, and another three in Y": a number joined to a mention, with a place of its own."""
        more: list[Mention] = []
        used = {m.group.i for m in found}
        for group in self.near.groups:
            if (
                group.i in used
                or not group.numbered
                or group.sub
                or group.thing
                or group.taken
                or group.unknown
                or group.j >= self.n - 1
            ):
                continue
            if self.words[group.j] not in self.t.locative or not self.s.raw[group.j + 1][0].isupper():
                continue
            before = [m for m in found if m.j <= group.i and group.i - m.j <= 16 and m.group.numbered]
            k = group.i - 1
            joined = k > 0 and self.words[k] in self.t.joints
            if before and joined and (group.head is None or group.victims == before[-1].group.victims):
                last = before[-1]
                more.append(Mention(self.s, last.harm, group, last.i, last.j, "the same, elsewhere"))
        return more

    def _unreal(self, cue: Cue) -> bool:
        """Whether the clause tells what could, should or did not happen."""
        k = cue.i - 1
        infinitive = (
            cue.role == "harm_verbs" and cue.entry.forms == {"base"} and k >= 0 and self.words[k] in self.t.infinitive
        )
        unreal = infinitive or self._unreal_between(max(0, cue.i - REACH), cue.i)
        if unreal and self.s.document.trace is not None:
            self.s.document.trace.refused(
                KIND, "not real: denied, feared, planned or nobody", self.s, max(0, cue.i - REACH), cue.j
            )
        return unreal

    def _unreal_between(self, i: int, j: int) -> bool:
        bound = i
        for k in range(i, j):
            if self.words[k] in (",", ";", ":") or (self.words[k] in self.t.joints and self.words[k].isalpha()):
                bound = k + 1
        for hit in self.hits:
            if bound <= hit.i < j and not {"unreal", "negated"}.isdisjoint(hit.roles) and self.s.raw[hit.i] != "May":
                return True
        return False

    def _tie(self, cue: Cue, groups: Sequence[Group], rule: str, taken: bool = False) -> list[Mention]:
        found = []
        for group in groups:
            if (
                group.thing
                or group.none
                or group.rate
                or (group.sub and len(groups) == 1 and not (taken and group.partitive))
                or self._rated(cue)
                or self._doubted(cue, group)
            ):
                self._refuse(cue, group)
                continue
            if cue.harm == "captured" and group.single and group.victims != "military" and not group.named:
                self._refuse(cue, group)  # "police arrested a man": crime, mostly
                continue
            group.taken = group.taken or taken
            found.append(Mention(self.s, cue.harm, group, cue.i, cue.j, rule))
        return found

    def _rated(self, cue: Cue) -> bool:
        """ "are killed every day"."""
        return any(cue.j <= h.i <= cue.j + 2 and "rate_cues" in h.roles for h in self.hits)

    def _doubted(self, cue: Cue, group: Group) -> bool:
        """ "denied that 50 men were captured", "if 20 people are killed"."""
        return group.j <= cue.i and self._unreal_between(max(0, group.i - 4), group.i)

    def _refuse(self, cue: Cue, group: Group) -> None:
        trace = self.s.document.trace
        if trace is not None:
            why = (
                "no people" if group.thing else "none" if group.none else "a rate" if group.rate else "part of a number"
            )
            trace.refused(KIND, why, self.s, min(cue.i, group.i), max(cue.j, group.j))

    def _whole(self, found: list[Mention]) -> list[Mention]:
        """One mention for a harm of a group, the earliest rule's."""
        seen: set[tuple[str, int]] = set()
        out = []
        for mention in found:
            key = (mention.harm, mention.group.i)
            if key not in seen:
                seen.add(key)
                out.append(mention)
        return out
