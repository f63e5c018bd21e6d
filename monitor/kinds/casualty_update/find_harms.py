"""What a sentence says happened to whom: harm cues tied to groups of people by a shallow grammar of clauses.

people were killed | people killed, dead, missing | people died, fled         the group before the cue
killed people | killing people | deaths of people | lost people               the group behind it
toll rose to N | N deaths | left N dead | forced N from their homes           tallies, nouns, tails
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.kinds.casualty_update.find_people import HARMS, KIND, MANY, ONE, Group, Groups, Tables
from monitor.language.document import Sentence
from monitor.language.lexicon import Entry, Hit
from monitor.language.quantities import Sort

#: tokens before a cue in which "could", "not" and their like hold for it
REACH = 6
#: harm of a tally that names none
SAME = "same"
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


@dataclass(slots=True)
class _Cue:
    """A harm word, or several joined ones ("killed and wounded"): tokens[i:j]."""

    i: int
    j: int
    harms: frozenset[str]
    role: str
    entry: Entry

    @property
    def harm(self) -> str:
        return next(iter(self.harms)) if len(self.harms) == 1 else _together(self.harms)


def _together(harms: frozenset[str]) -> str:
    """One harm for several that befell the same people."""
    if harms & {"killed", "wounded"}:
        return "casualties" if len(harms) > 1 else next(iter(harms))
    return sorted(harms)[0]


_ORDER = (
    "harm_of",
    "harm_people_only",
    "tolls",
    "harm_verbs",
    "harm_befalls",
    "harm_adjectives",
    "harm_nouns",
    "harm_losses",
    "harm_with_tail",
)


class Harms:
    """Reads the mentions of one sentence."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.t = sentence, tables
        self.reader = Groups(sentence, tables)
        self.words, self.n = sentence.words, len(sentence.words)
        self.at = self.reader.at
        self.groups: list[Group] = []

    def read(self) -> list[Mention]:
        """All mentions, in order of their cues."""
        if self._refused():
            return []
        cues = list(self._cues())
        if not cues:
            return []
        self.groups = self.reader.read()
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
        if any("not_harm" in h.roles for h in self.reader.hits) or self._long_ago():
            return True
        return any(
            "historic" in h.roles and not (h.i and self.words[h.i - 1] in self.t.comparing) for h in self.reader.hits
        )

    def _long_ago(self) -> bool:
        """ "in 1994 some 800,000 were killed": a year long before publication, that no running count starts from."""
        published = self.s.document.published
        if published is None:
            return False
        for q in self.s.quantities:
            if q.sort is Sort.YEAR and q.count is not None and published.year - q.count >= LONG_AGO:
                return not any("periods" in h.roles for h in self.reader.hits)
        return False

    # --- cues ---

    def _cues(self) -> Iterator[_Cue]:
        """Harm cues in order, neighbours of one role joined."""
        pending: _Cue | None = None
        for hit in self.reader.hits:
            if HARMS.isdisjoint(hit.roles):
                continue
            cue = self._cue(hit)
            if cue is None:
                continue
            if pending is not None and self._joins(pending, cue):
                pending = _Cue(pending.i, cue.j, pending.harms | cue.harms, cue.role, cue.entry)
                continue
            if pending is not None:
                yield pending
            pending = cue
        if pending is not None:
            yield pending

    def _cue(self, hit: Hit) -> _Cue | None:
        for role in _ORDER:
            entry = hit.roles.get(role)
            if entry is None:
                continue
            if role == "harm_with_tail" and not {ONE, MANY}.isdisjoint(hit.roles):
                return None  # "forces" are mostly soldiers
            if role == "harm_with_tail":
                return _Cue(hit.i, hit.j, frozenset(), role, entry)
            harm = "casualties" if role == "harm_losses" else entry.value
            return _Cue(hit.i, hit.j, frozenset((harm,)), role, entry)
        return None

    def _joins(self, a: _Cue, b: _Cue) -> bool:
        verbal = {"harm_verbs", "harm_people_only", "harm_adjectives", "harm_nouns"}
        if a.role not in verbal or b.role not in verbal or not a.harms or not b.harms:
            return False
        between = self.words[a.j : b.i]
        if not between:
            return a.entry.forms == b.entry.forms and bool(a.entry.forms)
        return (
            len(between) <= 2
            and all(w in self.t.joints or w in self.t.section.words("adverbs") for w in between)
            and between[0] != "-"
        )

    # --- one cue ---

    def _mentions(self, cue: _Cue) -> list[Mention]:
        if cue.role == "harm_of":
            return [] if self._unreal(cue) else self._tie(cue, self._behind(cue.j, 3), "noun of people")
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
            return [] if self._unreal(cue) else self._tie(cue, self._before(cue), "people, then what befell them")
        return self._verb(cue)

    def _verb(self, cue: _Cue) -> list[Mention]:
        forms = cue.entry.forms
        if self._unreal(cue):
            return []
        passive = self._passive(cue)
        objects = [] if passive else self._behind(cue.j, 2)
        if objects:
            objects = [*objects, *self._further_on(objects[-1])]
        if objects and not (forms >= {"past", "participle"} and self._own_subject(cue, objects[0])):
            return self._tie(cue, objects, "verb, then people", taken=True)
        if "participle" in forms and (passive or not (self._object_opens(cue) or self._takes_things(cue))):
            before = self._before(cue)
            return self._tie(cue, [*(before or self._inverted(cue)), *self._alongside(cue)], "people, then participle")
        return []

    def _further_on(self, group: Group) -> list[Group]:
        """ "detained a leader who operated in X, along with one suspect": joined over a clause by "along with"."""
        for hit in self.reader.hits:
            if (
                "along_with" in hit.roles
                and group.j <= hit.i <= group.j + 24
                and not self.reader._between(group.j, hit.i)
            ):
                return [g for g in self._behind(hit.j, 0) if not g.taken]
        return []

    def _inverted(self, cue: _Cue) -> list[Group]:
        """ "Also killed in the strike were a dozen insurgents"."""
        for k in range(cue.j, min(cue.j + 8, self.n)):
            if self.words[k] in self.t.passive:
                return [g for g in self._behind(k + 1, 0) if g.numbered] if cue.i <= 2 else []
            if not self.words[k][0].isalpha():
                break
        return []

    def _alongside(self, cue: _Cue) -> list[Group]:
        """ "was detained along with several of his men"."""
        k = cue.j
        while k < self.n and self.words[k] in self.t.along:
            k += 1
        return self._behind(k, 0) if k >= cue.j + 2 else []

    def _object_opens(self, cue: _Cue) -> bool:
        """ "arrested a ...": an article behind the verb makes it active, even where its object is not understood."""
        return cue.j < self.n and self.words[cue.j] in self.t.articles

    def _takes_things(self, cue: _Cue) -> bool:
        """ "captured three villages": its object is no people."""
        return any(g.thing and g.i == cue.j for g in self.groups)

    def _own_subject(self, cue: _Cue, behind: Group) -> bool:
        """ "12 killed 30 wounded": a participle with a number right before it, and another cue behind the next group."""
        near = next((g for g in self.groups if g.j == cue.i and g.numbered and not g.taken and not g.thing), None)
        if near is None:
            return False
        following = self.at.get(behind.j)
        return behind.numbered and (behind.head is None or (following is not None and "harm_verbs" in following.roles))

    def _passive(self, cue: _Cue) -> bool:
        k = cue.i - 1
        while k >= 0 and (self.words[k] in self.t.section.words("adverbs")):
            k -= 1
        return k >= 0 and self.words[k] in self.t.passive

    def _noun(self, cue: _Cue) -> list[Mention]:
        """ "12 deaths", "200 casualties", "16 dead"."""
        if self._unreal(cue):
            return []
        found = [
            g for g in self.groups if g.numbered and (g.j == cue.i or (g.i < cue.i < g.j and not g.taken)) and not g.thing
        ]
        if found:
            return self._tie(cue, self._with_joined(found[-1]), "number of a harm")
        behind = self._behind_of(cue)
        if behind:
            return self._tie(cue, behind, "noun of people")
        if "harm_adjectives" in self._roles(cue) or "harm_verbs" in self._roles(cue):
            return self._tie(cue, self._before(cue), "people, then what befell them")
        return []

    def _behind_of(self, cue: _Cue) -> list[Group]:
        """ "the killings in May of more than 100 civilians"."""
        for k in range(cue.j, min(cue.j + 6, self.n)):
            if self.words[k] in self.t.genitives:
                return [g for g in self._behind(k + 1, 0) if g.numbered]
            if not self.words[k][0].isalnum() or (self.words[k] in self.t.auxiliaries and self.s.raw[k].islower()):
                break
        return []

    def _roles(self, cue: _Cue) -> frozenset[str]:
        hit = self.at.get(cue.i)
        return frozenset(hit.roles) if hit is not None else frozenset()

    def _toll(self, cue: _Cue) -> list[Mention]:
        """ "the death toll ... rose to 12": the first number behind a link, in the same clause."""
        for group in self.groups:
            if group.i < cue.j or not group.numbered:
                continue
            gap = self.words[cue.j : group.i]
            if (
                len(gap) > 24
                or any(w in (";", ".") for w in gap)
                or any(w in '"”“' for w in gap[3:])
                or any(h.i >= cue.j and h.j <= group.i and "harm_verbs" in h.roles for h in self.reader.hits)
            ):
                return []
            if self._has_own_verb(group) or (cue.harm == SAME and len(gap) > 2):
                return []
            if group.thing or group.sub or (group.oblique and cue.harm != SAME and not (gap and gap[-1] in self.t.links)):
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
            and self.words[q.i] in self.t.section.words("from_words")
        ):
            group.count, group.low, group.high = group.high, None, None
        return group

    def _losses(self, cue: _Cue) -> list[Mention]:
        """ "lost 12,000 troops": people that an army loses; "lost 12 tanks" are none."""
        behind = [g for g in self._behind(cue.j, 2) if g.numbered and self._of_an_army(g)]
        return [] if self._unreal(cue) else self._tie(cue, behind, "army loses people", taken=True)

    def _of_an_army(self, group: Group) -> bool:
        """ "12 soldiers", "5,000 of its men"."""
        own = any(w in self.t.their for w in self.words[group.i : group.j])
        return group.victims == "military" or (own and group.head is not None and group.victims is None)

    def _tailed(self, cue: _Cue) -> list[Mention]:
        """ "forced 200,000 from their homes", "left 16 dead", "were driven from their homes"."""
        if self._unreal(cue):
            return []
        tail = self.at.get(cue.j)
        if tail is not None and "harm_tails" in tail.roles and "participle" in cue.entry.forms:
            harm = tail.roles["harm_tails"].value
            tied = _Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry)
            return self._tie(tied, self._before(tied), "people, then participle")
        behind = self._behind(cue.j, 2)
        if not behind:
            return []
        end = behind[-1].j
        held = behind[-1].head
        if held is not None and behind[-1].numbered and " ".join(self.words[held.i : held.j]) in self.t.captives:
            return self._tie(
                _Cue(cue.i, end, frozenset(("captured",)), cue.role, cue.entry), behind, "verb, captives", taken=True
            )
        for k in range(end, min(end + 4, self.n)):
            tail = self.at.get(k)
            if tail is not None and "harm_tails" in tail.roles:
                harm = tail.roles["harm_tails"].value
                return self._tie(
                    _Cue(cue.i, tail.j, frozenset((harm,)), cue.role, cue.entry),
                    behind,
                    "verb, people, tail",
                    taken=True,
                )
        return []

    def _elliptic(self, found: Sequence[Mention]) -> list[Mention]:
        """ "three were killed in X, and another three in Y": a number joined to a mention, with a place of its own."""
        more: list[Mention] = []
        used = {m.group.i for m in found}
        for group in self.groups:
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

    # --- groups around a cue ---

    def _behind(self, j: int, most: int) -> list[Group]:
        """The group that begins at most ``most`` tokens behind j, and those joined to it."""
        for number, group in enumerate(self.groups):
            if group.i < j:
                continue
            gap = [w for w in self.words[j : group.i] if w not in '"“”']
            if (
                len(gap) > most
                or any(
                    w in self.t.prepositions or w in self.t.walls or w in self.t.auxiliaries or not w[0].isalpha()
                    for w in gap
                )
                or (group.sub
                and not group.partitive)
            ):
                return []
            if any(k in self.at and not HARMS.isdisjoint(self.at[k].roles) for k in range(j, group.i)):
                return []
            if group.thing:
                return []
            found = [group]
            end = group.j
            for other in self.groups[number + 1 :]:
                gap = self.words[end : other.i]
                if gap == [","] and self._apposed(found[-1], other):
                    end = other.j  # "killing X, the commander": the same victim again
                    continue
                if (
                    not gap
                    or len(gap) > 3
                    or any(w not in self.t.joints and w not in self.t.along for w in gap)
                    or other.thing
                    or other.sub
                    or self._has_own_verb(other)
                ):
                    break
                found.append(other)
                end = other.j
            return found
        return []

    def _apposed(self, group: Group, other: Group) -> bool:
        """Whether a victim is told again: "one, a facilitator", "X Y, the commander"; "his deputy" is another."""
        return other.single and (group.named or group.count == 1) and self.words[other.i] not in self.t.possessives

    def _has_own_verb(self, group: Group) -> bool:
        """Whether a participle or auxiliary follows: "killed three soldiers and two civilians were wounded"."""
        k = group.j
        while k < self.n and self.words[k] in self.t.section.words("adverbs"):
            k += 1
        if k >= self.n:
            return False
        hit = self.at.get(k)
        if hit is not None and not HARMS.isdisjoint(hit.roles) and not {"harm_of", "harm_with_tail"} & set(hit.roles):
            return True
        return self.words[k] in self.t.auxiliaries

    def _before(self, cue: _Cue) -> list[Group]:
        """The nearest group before a cue that its clause can have for subject, and those joined to it."""
        for group in reversed(self.groups):
            if group.i < cue.i < group.j and group.numbered and self._names(cue):
                return [] if group.taken else [group]  # "14 missing miners"
            if group.j > cue.i or group.sub:
                continue
            if not self._gap_open(group.j, cue.i, strict=group.bare or group.single):
                if group.oblique and not group.numbered:
                    continue
                return []
            part = group.bare and group.i > 0 and self.words[group.i - 1] in self.t.genitives
            if (
                part
                or (group.oblique
                and not group.numbered
                and group.j != cue.i
                and not self._plain_gap(group.j, cue.i))
            ):
                continue
            if group.thing:
                continue
            if group.taken or self._denied(group) or self._known(group, cue):
                return []
            return self._with_joined(group)
        return []

    def _known(self, group: Group, cue: _Cue) -> bool:
        """ "five of the insurgents who were killed", "one of those detained is": a part of people told before."""
        if not group.partitive:
            return False
        gap = self.words[group.j : cue.i]
        return not gap or any(w in self.t.relatives for w in gap)

    def _denied(self, group: Group) -> bool:
        """ "no women or children": the "no" holds for both."""
        return any(
            g.none and g.j < group.i and all(w in self.t.joints for w in self.words[g.j : group.i]) for g in self.groups
        )

    def _names(self, cue: _Cue) -> bool:
        return cue.role in ("harm_adjectives", "harm_nouns", "harm_verbs") and "ing" not in cue.entry.forms

    def _plain_gap(self, i: int, j: int) -> bool:
        return all(w in self.t.gap for w in self.words[i:j])

    def _gap_open(self, i: int, j: int, strict: bool) -> bool:
        """Whether tokens[i:j] can stand between people and their participle: auxiliaries, phrases, asides; no new clause."""
        if j - i > 28:
            return False
        commas = 0
        for k in range(i, j):
            word = self.words[k]
            if word in self.t.gap:
                continue
            if word in self.t.walls or word in '"“”':
                return False
            hit = self.s.common_at.get(k)
            if hit is not None and "quote_verbs" in hit.roles and word not in self.t.gap:
                return False
            own = self.at.get(k)
            if own is not None and not {"harm_verbs", "harm_befalls"}.isdisjoint(own.roles):
                return False
            commas += word == ","
        return commas % 2 == 0 and not (strict and commas > 2)

    def _with_joined(self, group: Group) -> list[Group]:
        """A group and the numbered ones joined before it: "three soldiers and two civilians [were killed]"."""
        found = [group]
        for other in reversed(self.groups):
            if other.j > found[0].i or other is group:
                continue
            gap = self.words[other.j : found[0].i]
            if other.sub:
                continue
            if (
                len(gap) > 12
                or other.taken
                or not (other.numbered or other.single)
                or other.thing
                or not group.numbered
            ):
                break
            if gap and gap[-1] in self.t.possessives:
                gap = gap[:-1]  # "one woman and her two sons"
            alongside = len(gap) == 2 and all(w in self.t.along for w in gap) and other.single
            if not alongside and (
                not gap
                or gap[-1] not in self.t.joints
                or (not all(w in self.t.joints for w in gap)
                and not self._aside(gap))
            ):
                break
            found.insert(0, other)
        return found

    def _aside(self, gap: Sequence[str]) -> bool:
        """ "- including nine children - and": an aside between marks, then a joint."""
        if any(w in self.t.auxiliaries or w in self.t.gate for w in gap):
            return False
        return len(gap) >= 3 and gap[0] in ",-–(—" and any(w in ",-–)—" for w in gap[1:]) and gap[-1] in self.t.joints

    # --- what is real ---

    def _unreal(self, cue: _Cue) -> bool:
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
        for hit in self.reader.hits:
            if bound <= hit.i < j and not {"unreal", "negated"}.isdisjoint(hit.roles) and self.s.raw[hit.i] != "May":
                return True
        return False

    # --- tying ---

    def _tie(self, cue: _Cue, groups: Sequence[Group], rule: str, taken: bool = False) -> list[Mention]:
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

    def _rated(self, cue: _Cue) -> bool:
        """ "are killed every day"."""
        return any(cue.j <= h.i <= cue.j + 2 and "rate_cues" in h.roles for h in self.reader.hits)

    def _doubted(self, cue: _Cue, group: Group) -> bool:
        """ "denied that 50 men were captured", "if 20 people are killed"."""
        return group.j <= cue.i and self._unreal_between(max(0, group.i - 4), group.i)

    def _refuse(self, cue: _Cue, group: Group) -> None:
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
