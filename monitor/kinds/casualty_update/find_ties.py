"""Tying a cue to people, unless the clause tells of what did not happen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.kinds.casualty_update.find_cues import Cue
from monitor.kinds.casualty_update.find_near import Near
from monitor.kinds.casualty_update.find_people import Groups
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens before a cue in which "could", "not" and their like hold for it
REACH = 6


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


class Ties:
    """The cues of one sentence and the people around them."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        self.words, self.n = sentence.words, len(sentence.words)
        self.hits = sentence.hits(KIND)
        #: where words stand that make what follows unreal
        self._unreal: list[int] | None = None
        #: made when there are cues
        self.reader: Groups
        self.near: Near
        self.at: dict[int, Hit]

    def of(self, role: str) -> Sequence[Hit]:
        """The hits of a role of this kind."""
        return self.s.of_role(KIND, role)

    def unreal(self, cue: Cue) -> bool:
        """Whether the clause tells what could, should or did not happen."""
        k = cue.i - 1
        infinitive = (
            cue.role == "harm_verbs" and cue.entry.forms == {"base"} and k >= 0 and self.words[k] in self.t.infinitive
        )
        unreal = infinitive or self.unreal_between(max(0, cue.i - REACH), cue.i) or self._supposed(cue)
        if unreal and self.s.document.trace is not None:
            self.s.document.trace.refused(
                KIND, "not real: denied, feared, planned or nobody", self.s, max(0, cue.i - REACH), cue.j
            )
        return unreal

    def _supposed(self, cue: Cue) -> bool:
        """ "8,000 deaths if a strong quake hit the city": an incident that is only supposed. "40 deaths if those at sea
        are counted" supposes none."""
        if cue.j >= self.n or self.words[cue.j] not in self.t.conditions:
            return False
        return any(cue.j < h.i <= cue.j + REACH for role in ("incidents", "disasters") for h in self.of(role))

    def unreal_between(self, i: int, j: int) -> bool:
        """Whether a word that makes what follows unreal stands in tokens[i:j], in the clause that ends at j."""
        if self._unreal is None:
            self._unreal = [h.i for role in ("unreal", "negated") for h in self.of(role)]
        if not self._unreal:
            return False  # most sentences
        found = [k for k in self._unreal if i <= k < j]
        if not found:
            return False
        last = max(found)
        if self.s.raw[last][0].isupper() and any(h.i == last for h in self.s.of_role("common", "months")):
            return False  # "in May"
        between = self.words[last:j]
        return not any(w in (",", ";", ":") or (w in self.t.joints and w.isalpha()) for w in between)

    def tie(self, cue: Cue, groups: Sequence[Group], rule: str, taken: bool = False) -> list[Mention]:
        found = []
        for group in self._summed(groups):
            why = self._refusal(cue, group, groups)
            if why:
                self.refuse(cue, group, why)
                continue
            group.taken = group.taken or taken
            found.append(Mention(self.s, cue.harm, group, cue.i, cue.j, rule))
        return found

    def _summed(self, groups: Sequence[Group]) -> Sequence[Group]:
        """ "a mother and her baby": one by one told people of one sort make one number."""
        if len(groups) < 2 or not all(g.single and g.count == 1 for g in groups):
            return groups
        first = groups[0]
        if not first.victims or any(g.victims != first.victims or g.named or g.further or g.sub for g in groups):
            return groups
        if any(g.definite and self._told_before(g) for g in groups):
            return groups
        return [replace(first, j=groups[-1].j, count=len(groups))]

    def _told_before(self, group: Group) -> bool:
        """ "the leader", of whom an earlier sentence tells."""
        if group.head is None:
            return False
        word = self.words[group.head.j - 1]
        return any(word in s.words for s in self.s.document.sentences[: self.s.index])

    def _refusal(self, cue: Cue, group: Group, groups: Sequence[Group]) -> str:
        """Why the group, one of ``groups``, is not people that the harm befell, "" where it may be."""
        alone = len(groups) == 1
        if group.thing:
            return "no people"
        if group.none:
            return "none"
        if group.rate or self._rated(cue):
            return "a rate"
        if cue.harm == "captured" and any(cue.j <= h.i <= cue.j + 4 for h in self.of("not_captors")):
            return "police work"
        if cue.harm == "captured" and self._comes_back(cue, group):
            return "set free"
        if cue.harm in ("wounded", "missing") and not self.t.remains.isdisjoint(
            self.words[group.i : max(group.j, cue.i)]
        ):
            return "the dead"  # "79 bodies had been brought to hospitals"
        if cue.harm == "wounded" and self._sent_home(cue, group):
            return "sent home"
        if cue.harm == "missing" and cue.role == "harm_of" and (not group.numbered or self._sought(group)):
            return "sought by the police"
        if cue.harm == "displaced" and group.single and alone:
            return "one who moves is no event"
        if group.sub and alone and not group.partitive:
            return "part of a number"
        if self._doubted(cue, group):
            return "not told as true"
        if cue.role == "harm_befalls" and cue.harm == "killed" and group.single and alone:
            told = group.victims == "military" or self._incident_told(cue)
            return "" if told else "a death of no incident"
        if cue.harm == "captured" and group.single and group.victims != "military" and not group.named:
            arrest = self.words[cue.i] in self.t.policing and not self._by_an_army(cue)
            return "police work" if arrest and not any(g.victims == "military" for g in groups) else ""
        return ""

    def _comes_back(self, cue: Cue, group: Group) -> bool:
        """ "released 12 captives", "handed over 95 captured soldiers", "90 hostages were freed"."""
        if cue.role in ("harm_verbs", "harm_people_only") and not group.i < cue.i < group.j:
            return False  # "handed over two soldiers whom it had seized": their capture is told, too
        i, j = min(cue.i, group.i), max(cue.j, group.j)
        return any(0 <= i - h.j <= 2 or h.j > i >= h.i or 0 <= h.i - j <= 3 for h in self.of("releasing"))

    def _sent_home(self, cue: Cue, group: Group) -> bool:
        """ "2,000 injured people had been released from hospitals": a part of the hurt, and no more."""
        j = max(cue.j, group.j)
        return any(
            0 <= h.i - j <= 4 and not self.t.hospitals.isdisjoint(self.words[h.j : h.j + 4])
            for h in self.of("releasing")
        )

    def _sought(self, group: Group) -> bool:
        """ "still searching for two gunmen"."""
        return group.head is not None and not self.t.sought.isdisjoint(self.words[group.head.i : group.head.j])

    def _by_an_army(self, cue: Cue) -> bool:
        """ "the patrol detained one man": an armed force takes prisoners."""
        return not self.t.armed.isdisjoint(self.words[: cue.i])

    def _incident_told(self, cue: Cue) -> bool:
        """Whether this sentence or the one before names an incident, or this one a second harm."""
        sentences = self.s.document.sentences
        if any(h.i > cue.i for h in self.of("harm_verbs")) or any(h.i > cue.i for h in self.of("harm_nouns")):
            return True
        around = (self.s, sentences[self.s.index - 1]) if self.s.index else (self.s,)
        return any(s.of_role(KIND, "incidents") for s in around)

    def _rated(self, cue: Cue) -> bool:
        """ "are killed every day", "kills one every 33 hours"."""
        for h in self.of("rate_cues"):
            gap = self.words[cue.j : h.i]
            if (
                h.i >= cue.j
                and self.words[h.i - 1] not in self.t.locative
                and (len(gap) <= 2 or (len(gap) <= 6 and all(w.isalpha() and w not in self.t.joints for w in gap)))
            ):
                return True
        return any(self.words[q.i - 1] in self.t.every and q.i - cue.j <= 6 for q in self.s.quantities if q.i > cue.j)

    def _doubted(self, cue: Cue, group: Group) -> bool:
        """ "denied that 50 men were captured", "if 20 people are killed"."""
        return group.i < cue.i and self.unreal_between(max(0, group.i - 4), group.i)

    def refuse(self, cue: Cue, group: Group, why: str) -> None:
        trace = self.s.document.trace
        if trace is not None:
            trace.refused(KIND, why, self.s, min(cue.i, group.i), max(cue.j, group.j))

    def passive(self, cue: Cue) -> bool:
        k = cue.i - 1
        while k >= 0 and (self.words[k] in self.t.adverbs or self.words[k] in '"“”'):
            k -= 1
        return k >= 0 and self.words[k] in self.t.passive
