"""What a sentence says happened to whom: harm cues tied to groups of people by a shallow grammar of clauses.

people were killed | people killed, dead, missing | people died, fled         the group before the cue
killed people | killing people | deaths of people | lost people               the group behind it
toll rose to N | N deaths | left N dead | forced N from their homes           tallies, nouns, tails
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.kinds.casualty_update.find_back import resolved
from monitor.kinds.casualty_update.find_chance import Chance
from monitor.kinds.casualty_update.find_cues import SAME, Cue, Cues
from monitor.kinds.casualty_update.find_near import Near
from monitor.kinds.casualty_update.find_nouns import Nouns
from monitor.kinds.casualty_update.find_people import Groups
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import HARMS, MANY, THINGS
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.quantities import Quantity, Sort

#: years before publication from which a named year makes a figure historic
LONG_AGO = 10
#: the same where nothing ("has killed") says that a count goes on
YEARS_AGO = 2
#: roles that say themselves where their people stand, and harms that befall them in other shapes
_BOUND = ("harm_verbs", "harm_people_only", "harm_losses", "harm_with_tail", "harm_of")
_NEAR = ("killed", "wounded")


class Harms(Nouns):
    """Reads the mentions of one sentence."""

    def read(self, before: Mention | None = None) -> list[Mention]:
        """All mentions, in order of their cues. ``before`` is the last mention of the sentence before, if any."""
        cues = Cues(self.s, self.t).read()
        if not cues or self.of("not_harm") or not Chance(self.s, self.t).of_any(cues) or self._historic(cues):
            return []
        self.reader = Groups(self.s, self.t)
        self.at = self.reader.at
        self.near = Near(self.s, self.reader, self.t)
        found: list[Mention] = []
        for cue in cues:
            found += self._mentions(cue)
        found += self._nearest(cues, found)
        found += self._elliptic(found)
        found = self._same_harm(found, before)
        return resolved(self._whole(found), self.t)

    def _same_harm(self, found: list[Mention], before: Mention | None) -> list[Mention]:
        """ "Moscow put the number at 498": a tally that names no harm is of the mention before it."""
        last = before
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

    def _historic(self, cues: Sequence[Cue]) -> bool:
        """Whether the sentence tells of what is long past."""
        if self._long_ago(cues):
            return True
        return any(not (h.i and self.words[h.i - 1] in self.t.comparing) for h in self.of("historic"))

    def _long_ago(self, cues: Sequence[Cue]) -> bool:
        """ "in 1994 some 800,000 were killed": a year long before publication, that no running count starts from."""
        for q in self.s.quantities:
            if q.count is None:
                continue
            if q.count >= LONG_AGO and " ".join(self.words[q.j : q.j + 2]) in self.t.ago:
                return True
            if q.sort is Sort.YEAR or self._names_year(q):
                published = self.s.document.published
                past = published.year - q.count if published is not None else 0
                gone = all("displaced" in c.harms for c in cues if c.harms)  # who fled years ago is a refugee still
                years = LONG_AGO if gone else YEARS_AGO
                if past >= LONG_AGO or (past >= years and not self._goes_on()):
                    return not self.of("periods")
        return False

    def _goes_on(self) -> bool:
        """ "has killed", "had been killed": a count that is kept."""
        for k, word in enumerate(self.words):
            if word in self.t.having:
                then = next((j for j in range(k + 1, self.n) if self.words[j] not in self.t.gap), self.n)
                if not HARMS.isdisjoint(self.at_word(then)) or then - k > 1:
                    return True
        return False

    def _names_year(self, q: Quantity) -> bool:
        """ "a 2003 earthquake": four bare digits between an article and a noun in the singular."""
        if q.sort is not Sort.COUNT or q.j - q.i != 1 or not 1900 <= (q.count or 0) < 2100 or not 0 < q.i < self.n - 1:
            return False
        noun = self.words[q.j]
        named = self.words[q.i].isdecimal() and self.words[q.i - 1] in self.t.articles and noun[0].isalpha()
        return named and not noun.endswith(self.t.plural) and MANY not in (self.at_word(q.j) or {})

    def at_word(self, k: int) -> Mapping[str, object]:
        """The roles of the hit that begins at a token."""
        return next((h.roles for h in self.hits if h.i == k), {})

    def _of_beasts(self, cue: Cue) -> bool:
        """ "200 dead cows", and no "dead dog walkers" nor "dead Tigers"."""
        if cue.role not in ("harm_adjectives", "harm_nouns") or cue.j >= self.n or self.s.raw[cue.j][0].isupper():
            return False
        return "animals" in self.at_word(cue.j) and MANY not in self.at_word(cue.j + 1)

    def _mentions(self, cue: Cue) -> list[Mention]:
        if self._of_beasts(cue):
            return []
        if cue.role == "harm_of":
            return [] if self.unreal(cue) else self.tie(cue, self._of_people(cue), "noun of people")
        if cue.role == "harm_falls":
            return self._fallen(cue)
        if cue.role == "tolls":
            counted = any(g.j == cue.i and g.numbered and g.count is not None for g in self.near.groups)
            return self.noun(cue) or self.toll(cue) if counted else self.toll(cue) or self.noun(cue)
        if cue.role == "harm_nouns":
            listed = self._listed(cue)
            return self.tie(cue, listed, "label and number", taken=True) if listed else self.noun(cue)
        if cue.role == "harm_losses":
            return self.losses(cue)
        if cue.role == "harm_people_only":
            dead = self.tailed(cue)  # "shot two protesters dead"
            return dead or [m for m in self._verb(cue) if m.group.head is not None]
        if cue.role == "harm_with_tail":
            return self.tailed(cue)
        if cue.role in ("harm_befalls", "harm_adjectives") and self._label(cue):
            return self.tie(cue, self._label(cue), "label and number", taken=True)
        if cue.role in ("harm_befalls", "harm_adjectives"):
            return [] if self.unreal(cue) else self.tie(cue, self.near.before(cue), "people, then what befell them")
        return self._verb(cue)

    def _of_people(self, cue: Cue) -> list[Group]:
        """ "the deaths of 12 people"; "the bodies of 200 people missing" are sought."""
        behind = self.near.behind(cue.j, 3)
        then = self.at.get(behind[-1].j) if behind and cue.harm == "killed" else None
        sought = then is not None and any(e.value == "missing" for e in then.roles.values())
        return [] if sought else behind

    def _fallen(self, cue: Cue) -> list[Mention]:
        """ "17 soldiers fell when ...": of fighters, and where nothing says what they fell from, to or into."""
        if self.unreal(cue) or (cue.j < self.n and self.words[cue.j] in self.t.fallen_else):
            return []
        before = [g for g in self.near.before(cue) if g.numbered and g.victims == "military"]
        return self.tie(cue, before, "people, then what befell them")

    def _label(self, cue: Cue) -> list[Group]:
        """ "Killed: 14; injured: 30"."""
        if cue.j + 1 < self.n and self.words[cue.j] == ":":
            return [g for g in self.near.groups if g.i == cue.j + 1 and g.numbered and g.head is None]
        return []

    def _listed(self, cue: Cue) -> list[Group]:
        """ "Injuries: 71 firefighters and 27 civilians"."""
        if cue.i or cue.j + 1 >= self.n or self.words[cue.j] != ":":
            return []
        groups = self.near.behind(cue.j + 1, 0)
        return groups if groups and groups[0].i == cue.j + 1 and groups[0].numbered else []

    def _verb(self, cue: Cue) -> list[Mention]:
        forms = cue.entry.forms
        if self.unreal(cue):
            return []
        passive = self.passive(cue)
        label = self._label(cue)
        if label:
            return self.tie(cue, label, "label and number", taken=True)
        objects = [] if passive else self.near.behind(cue.j, 2)
        if objects and objects[0].bare and self.s.field == "text" and self._habit(cue):
            return []
        if objects:
            objects = [*objects, *self._further_on(objects[-1])]
        if objects and not (forms >= {"past", "participle"} and self._own_subject(cue, objects[0])):
            return self.tie(cue, objects, "verb, then people", taken=True)
        if "participle" in forms and not passive and self._counted(cue):
            return self.toll(cue)
        if "participle" in forms and (passive or not (self._object_opens(cue) or self._takes_things(cue))):
            before = self.near.before(cue)
            if before and (self._usual(cue, before[-1]) if passive else self._does(cue, before[-1])):
                return []
            return self.tie(cue, [*(before or self._inverted(cue)), *self._alongside(cue)], "people, then participle")
        return []

    def _usual(self, cue: Cue, group: Group) -> bool:
        """ "scores of civilians are also killed": a present passive without a figure."""
        vague = group.bare or group.qualifier == "vague"
        if not vague or cue.harm not in _NEAR or self.s.field == "title":
            return False
        k = cue.i - 1
        while k > group.j and self.words[k] in self.t.adverbs:
            k -= 1
        return self.words[k] in self.t.present

    def _does(self, cue: Cue, group: Group) -> bool:
        """ "raiders burned huts": people without a number right before a verb, and an ordinary word as its object."""
        if not group.bare or group.j != cue.i or cue.j >= self.n or self.s.field == "title":
            return False
        word, told = self.words[cue.j], self.at.get(cue.j)
        if told is not None and THINGS in told.roles:
            return True
        ordinary = told is None and cue.j not in self.s.common_at and word not in self.t.stops
        return ordinary and self.s.raw[cue.j].islower() and word not in self.t.adverbs

    def _habit(self, cue: Cue) -> bool:
        """ "squads that kidnap civilians": a present without a number tells what is usual."""
        return cue.entry.forms <= {"base", "s"} and bool(cue.entry.forms)

    def _counted(self, cue: Cue) -> bool:
        """ "the number of Palestinians killed since ... at 30,800"."""
        return any(0 < cue.i - h.j <= 5 for h in self.of("number_of"))

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
                return [g for g in self.near.behind(k + 1, 0) if g.numbered or g.single] if cue.i <= 2 else []
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

    def _elliptic(self, found: Sequence[Mention]) -> list[Mention]:
        """ "three were killed in X, and another three in Y": a number joined to a mention, with a place of its own."""
        more: list[Mention] = []
        used = {m.group.i for m in found}
        for group in self.near.groups:
            if found and group.numbered and group.i not in used and not group.thing and self._as_did(group.i):
                last = max((m for m in found if m.j <= group.i), key=lambda m: m.j, default=None)
                if last is not None:
                    more.append(Mention(self.s, last.harm, group, last.i, last.j, "the same of others"))
                    continue
            listed = found and group.head is None and group.numbered and group.i not in used
            last = self._listed_before(group, [*found, *more]) if listed else None
            if last is not None:
                more.append(Mention(self.s, last.harm, group, last.i, last.j, "the same, listed"))
                continue
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
            if self._counts_on(group, found):
                last = found[-1]
                more.append(Mention(self.s, last.harm, group, last.i, last.j, "the same, over a period"))
                continue
            k = group.j + (self.words[group.j] in self.t.gap)  # "and 2,300 reported in India"
            if k + 1 >= self.n or self.words[k] not in self.t.locative or not self._names_place(k + 1):
                continue
            before = [m for m in found if 0 <= group.i - max(m.j, m.group.j) <= 16 and m.group.numbered]
            k = group.i - 1
            joined = k > 0 and (self.words[k] in self.t.joints or self.words[k] in self.t.along)
            if before and joined and (group.head is None or group.victims == before[-1].group.victims):
                last = before[-1]
                more.append(Mention(self.s, last.harm, group, last.i, last.j, "the same, elsewhere"))
        return more

    def _names_place(self, k: int) -> bool:
        """ "in X", "in the state of X": whether a place's name, or its phrase, begins at token k."""
        return self.s.raw[k][0].isupper() or any(p.begin < k <= p.i for p in self.s.places)

    def _counts_on(self, group: Group, found: Sequence[Mention]) -> bool:
        """ "killed 730 people in July and over 3,000 since January": a number alone, with its own period."""
        if group.head is not None or not found or not group.i or self.words[group.i - 1] not in self.t.joints:
            return False
        if not any(h.i == group.j for h in self.of("periods")):
            return False
        return all(m.i < group.i and m.harm == found[0].harm for m in found)

    def _listed_before(self, group: Group, found: Sequence[Mention]) -> Mention | None:
        """ "X reported 36 deaths, followed by Y with 23, Z 22": of a number alone behind a place's name, the mention
        that stands before it in the list."""
        if group.sub or group.thing or group.unknown:
            return None
        i = group.i - (self.words[group.i - 1] in self.t.listing) if group.i > 2 else 0
        closed = group.j >= self.n or not self.words[group.j][0].isalnum() or self.words[group.j] in self.t.joints
        if not closed or not i or not self.s.raw[i - 1][0].isupper():
            return None
        begin = i - 1
        while begin and self.s.raw[begin - 1][0].isupper():
            begin -= 1
        if i - begin > 3 or self.words[begin - 1] not in self.t.joints | self.t.behind:
            return None
        near = (m for m in found if m.harm != "casualties" and 0 < begin - self._end(m) <= 3)
        last = max(near, key=self._end, default=None)
        known = last is not None and (last.rule == "the same, listed" or any(p.j == i for p in self.s.places))
        return last if known else None

    def _end(self, m: Mention) -> int:
        """Where a mention ends; of one in a list, its number."""
        return m.group.j if m.rule == "the same, listed" else max(m.j, m.group.j)

    def _as_did(self, i: int) -> bool:
        """ "as did", "so were" right before token i."""
        return i >= 2 and self.words[i - 1] in self.t.auxiliaries and self.words[i - 2] in self.t.likewise

    def _nearest(self, cues: Sequence[Cue], found: Sequence[Mention]) -> list[Mention]:
        """People in a clause whose shape no rule knows: a number with a noun of people, near a harm that has none."""
        more: list[Mention] = []
        used = {m.group.i for m in found}
        free = [c for c in cues if not any(m.i <= c.i < m.j for m in found)]
        for cue in free:
            if cue.role in _BOUND or cue.harm not in _NEAR or self.unreal(cue):
                continue
            groups = [g for g in self.near.groups if g.i not in used and self._open(g) and self._beside(g, cue, cues)]
            more += self.tie(cue, groups[-1:], "number near a harm")
        return more

    def _open(self, g: Group) -> bool:
        """Whether people with a number wait for what befell them."""
        parts = g.taken or g.sub or g.partitive or g.thing
        return g.numbered and g.head is not None and not parts and not self.near.has_own_verb(g)

    def _beside(self, group: Group, cue: Cue, cues: Sequence[Cue]) -> bool:
        """Whether at most seven tokens of one clause stand between people and a harm."""
        i, j = (cue.j, group.i) if group.i >= cue.j else (group.j, cue.i)
        if not 0 <= j - i <= 7 or any(i <= c.i < j for c in cues):
            return False
        return self.t.fences.isdisjoint(self.words[i:j])

    def _whole(self, found: list[Mention]) -> list[Mention]:
        """One mention for a harm of a group, the earliest rule's."""
        seen: set[tuple[str, int]] = set()
        out = []
        missing = {m.group.i for m in found if m.harm == "missing"} if len(found) > 1 else ()
        for mention in found:
            key = (mention.harm, mention.group.i)
            if mention.group.i in missing and " ".join(self.words[mention.i : mention.j]) in self.t.doubtful:
                continue  # "24 were missing and feared dead"
            if key not in seen:
                seen.add(key)
                out.append(mention)
        return out
