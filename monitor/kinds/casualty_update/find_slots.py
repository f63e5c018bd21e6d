"""The slots of a mention that its numbers do not tell: whose people, where, when, one incident or a total, who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.kinds.casualty_update.find_harms import Mention
from monitor.kinds.casualty_update.find_tables import HARMS, KIND, Tables
from monitor.language.actors import Actor, Form
from monitor.language.dates import Day
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, UNKNOWN, Place

#: mentions that can still matter to the next one
NEAR = 40
#: sentences looked back at for the place that an incident's toll does not repeat
BACK = 3
_RANK = {CITY: 3.0, UNKNOWN: 2.8, DISTRICT: 2.4, REGION: 1.5, COUNTRY: 0.3}
_SIDES = frozenset((Form.SEAT, Form.DEMONYM, Form.COUNTRY, Form.PEOPLE, Form.GROUP, Form.ORGANISATION))


class _Candidate(NamedTuple):
    place: Place
    bonus: float
    #: stands before the noun of an incident: "the X attack"
    event: bool


class Slots:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        self._places: dict[int, Sequence[_Candidate]] = {}
        #: group -> its place and how far it was fetched
        #: sentence -> the day of its last mention
        self._dated: dict[int, dt.date] = {}
        self._placed: dict[int, tuple[str | None, int]] = {}

    # --- who ---

    def side(self, m: Mention, before: Sequence[Mention]) -> str | None:
        """Whose people they are: named in their phrase, or by the pronoun in it, or the one who suffers the loss."""
        s, g = m.sentence, m.group
        if any(g.i <= h.i < g.j and not self.t.actors.isdisjoint(h.roles) for h in s.common):
            named = [a for a in s.actors if g.i <= a.i < g.j and a.form in _SIDES and not a.compound]
            if named:
                return named[0].actor
        if any(s.words[k] in self.t.section.words("their") for k in range(g.i, g.j)) or m.rule == "army loses people":
            return self._subject(s, g.i)
        if m.harm == "casualties" or m.rule in ("noun of people", "tally"):
            return self._sufferer(m)
        struck = self._struck(m)
        if struck:
            return struck
        other = self._elided(m, before)
        return self.side(other, ()) if other is not None else None

    def _struck(self, m: Mention) -> str | None:
        """ "Russia said it hit Ukrainian positions, killing 20 soldiers": fighters killed by an act against somebody's targets."""
        g, s = m.group, m.sentence
        if g.victims != "military" or m.rule != "verb, then people":
            return None
        acts = {h.i for h in s.hits(KIND) if "incidents" in h.roles}
        if not acts:
            return None
        before = [a for a in s.actors if a.j <= m.i and not a.compound]
        struck = [
            a for a in before if a.form is Form.DEMONYM and m.i - a.j <= 12 and not acts.isdisjoint(range(a.i - 3, a.i))
        ]
        return struck[-1].actor if struck and before[0].actor != struck[-1].actor else None

    def _elided(self, m: Mention, before: Sequence[Mention]) -> Mention | None:
        """The people just named that "two more", "another 73", "five wounded" go on from."""
        g, s = m.group, m.sentence
        if not g.numbered or not (g.head is None or s.words[g.head.i] in self.t.section.words("elliptic")):
            return None
        further = any(s.words[k] in self.t.section.words("elliptic") for k in range(g.i, g.j))
        for other in reversed(before):
            if other.sentence.index < s.index - 1:
                return None
            near = other.sentence is s and other.group is not g and other.group.j <= g.i
            if near or (further and other.sentence.index == s.index - 1 and other.sentence.field == s.field):
                return other if other.group.numbered else None
        return None

    def _subject(self, s: Sentence, i: int) -> str | None:
        spoken = {k for c in s.credits for k in range(c.i, c.j)}
        before = [a for a in s.actors if a.j <= i and not a.compound]
        best = [a for a in before if a.i not in spoken] or before
        return best[0].actor if best else None

    def _sufferer(self, m: Mention) -> str | None:
        """ "Russia has suffered losses of ...": the actor right before a verb of loss in the same sentence."""
        s = m.sentence
        for hit in s.hits(KIND):
            if "harm_losses" in hit.roles and hit.j <= m.i:
                before = [a for a in s.actors if a.j <= hit.i and not a.compound]
                return before[-1].actor if before else None
        if m.rule == "number of a harm":
            before = [a for a in s.actors if a.j <= m.group.i and m.group.i - a.j <= 2 and not a.compound]
            return before[-1].actor if before else None
        return None

    def victims(self, m: Mention, before: Sequence[Mention]) -> str | None:
        """civilian or military: from their noun, a noun behind the cue, or, for "two more", from the people just named."""
        g, s = m.group, m.sentence
        if g.victims:
            return g.victims
        if g.head is None and m.i == g.j:
            behind = s.hits(KIND)
            for hit in behind:
                if hit.i == m.j and "people_many" in hit.roles and hit.roles["people_many"].value != "any":
                    return hit.roles["people_many"].value
        if any(a.form is Form.GROUP for a in s.actors if g.i <= a.i < g.j):
            return "military"
        other = self._elided(m, before)
        return other.group.victims if other is not None else None

    # --- where ---

    def place(self, m: Mention, before: Sequence[Mention], cumulative: bool) -> tuple[str | None, int]:
        """(the best place of the mention, sentences it was fetched over). Places compete by a score: how specific, how
        surely the place of something, how near; those of neighbouring sentences and of the title start behind."""
        own = [(self._score(m, p), 0, p) for p in self._candidates(m.sentence)]
        found = max(own, key=lambda c: c[0], default=None)
        if found is not None and found[0] < (0.6 if found[2].place.level != COUNTRY else 1.0):
            found = None
        if found is None or found[0] < 1.6:
            other = self._elided(m, before)
            if other is not None and id(other.group) in self._placed and other.sentence is not m.sentence:
                name, fetched = self._placed[id(other.group)]
                return self._keep(m, name, fetched + 1)
            best = self._fetched(m, before, cumulative)
            if best is not None and best[0] > (found[0] - 0.5 if found else -1.2):
                found = best
        if found is not None:
            return self._keep(m, found[2].place.name, found[1])
        return self._keep(m, self._left(m) or self._of_conflict(m), 0)

    def _left(self, m: Mention) -> str | None:
        """ "the evacuation of 2,500 residents from Orlivka": a name that no list knows, left by those who are moved."""
        s = m.sentence
        if m.harm not in ("displaced", "evacuated"):
            return None
        for k in range(max(m.j, m.group.j), min(max(m.j, m.group.j) + 3, len(s) - 1)):
            if s.words[k] in self.t.away and s.raw[k + 1][0].isupper() and k + 1 not in s.common_at:
                return s.raw[k + 1]
        return None

    def _fetched(self, m: Mention, before: Sequence[Mention], cumulative: bool) -> tuple[float, int, _Candidate] | None:
        """The best place of the sentences around; a total takes none where its own sentence names any."""
        if cumulative and self._candidates(m.sentence):
            return None
        told = {b.sentence.index for b in before[-NEAR:]}
        near = []
        for distance, behind, s in self._near(m.sentence):
            for c in self._candidates(s):
                if c.place.certain or c.event or (s.field == "title" and c.place.preposition):
                    near.append((self._score(None, c) - behind + (0.7 if s.index in told else 0), distance, c))
        return max(near, key=lambda c: c[0], default=None)

    def _keep(self, m: Mention, name: str | None, fetched: int) -> tuple[str | None, int]:
        self._placed[id(m.group)] = (name, fetched)
        return name, fetched

    def _score(self, m: Mention | None, p: _Candidate) -> float:
        """How good a place is for a mention (or, without one, for whatever its sentence tells)."""
        score = _RANK.get(p.place.level, 1.5) + p.bonus
        if m is None:
            return score
        inside = m.group.i <= p.place.i < m.group.j
        distance = p.place.i - max(m.j, m.group.j) if p.place.i >= m.i else min(m.i, m.group.i) - p.place.j
        score -= 0.05 * min(max(distance, 0), 30)
        if 0 <= distance <= 6 and p.place.i >= m.i:
            score += 0.5
        moved = m.harm in ("displaced", "evacuated") and (
            p.place.preposition == "from" or (0 <= p.place.i - m.j <= 4 and p.place.preposition is None)
        )
        return score + (3.0 if inside and p.place.attributive else 0.0) + (2.2 if moved else 0.0)

    def _of_conflict(self, m: Mention) -> str | None:
        """ "the Syrian conflict", "Ukraine's war": the country of a war named in the sentence."""
        s = m.sentence
        wars = self.t.section.words("wars")
        for a in s.actors:
            if a.form in (Form.DEMONYM, Form.COUNTRY) and any(w in wars for w in s.words[a.j : a.j + 4]):
                names = self.d.lexicon.common.phrases("countries").get(a.actor)
                if a.form is Form.COUNTRY:
                    return a.name
                return max(names, key=lambda n: (n.istitle(), -len(n))) if names else None
        return None

    def _near(self, sentence: Sentence) -> Iterator[tuple[int, float, Sentence]]:
        """The sentences a reader takes the place from, with how far each stands behind the mention's own."""
        all_, i = self.d.sentences, sentence.index
        for distance in range(1, BACK + 1):
            if i - distance >= 0 and all_[i - distance].field == sentence.field:
                apart = sentence.paragraph - all_[i - distance].paragraph
                yield distance, 1.6 + 0.5 * distance + 0.3 * min(apart, 3), all_[i - distance]
        if sentence.field == "text":
            yield from ((BACK + 1, 2.4, s) for s in all_[:2] if s.field == "title")
        if i + 1 < len(all_):
            title = sentence.field == "title"
            yield BACK + 2, 1.6 if title or self._goes_on(all_[i + 1]) else 2.6, all_[i + 1]

    def _candidates(self, s: Sentence) -> Sequence[_Candidate]:
        found = self._places.get(s.index)
        if found is None:
            spoken = {k for c in s.credits for k in range(c.i, c.j)}
            found = [self._candidate(s, p, spoken) for p in s.places if not self._dateline(s, p)]
            self._places[s.index] = found
        return found

    def _candidate(self, s: Sentence, p: Place, spoken: set[int]) -> _Candidate:
        """A place with how surely the words around make it the place of something."""
        bonus = 1.0 if p.certain else -2.0 if p.preposition is not None else -1.7
        hit = s.common_at.get(p.i)
        if p.preposition is None and not p.certain and hit is not None and "capitals" in hit.roles:
            bonus -= 1.5  # mostly its government
        event = False
        if p.reference:
            bonus -= 2.5
        if p.i in spoken:
            bonus -= 1.0
        if p.attributive:
            event = p.level != COUNTRY and any("incidents" in h.roles and p.j <= h.i <= p.j + 3 for h in s.hits(KIND))
            bonus = 0.4 if event else bonus - 2.6
        return _Candidate(p, bonus, event)

    def _dateline(self, s: Sentence, p: Place) -> bool:
        """ "KABUL, Afghanistan (Jan. 25)", "KYIV -": where the report was filed."""
        if p.j > 14 or s.field == "title":
            return False
        if s.raw[p.i].isupper() and len(s.raw[p.i]) > 2:
            return True
        return (
            any(
                w in ("—", "–", "(") or (w == "-" and s.starts[k] > s.ends[k - 1])
                for k, w in enumerate(s.words[p.j : p.j + 4], p.j)
            )
            and p.i == 0
        )

    # --- when ---

    def day(self, m: Mention, cumulative: bool, place: str | None) -> dt.date | None:
        """The incident's day: the nearest day in the sentence that no "said on Tuesday" owns, else that of the sentence
        before, or of the next where that goes on about "the attack"; a total has none."""
        if cumulative:
            return None
        s = m.sentence
        if any("same_day" in h.roles for h in s.hits(KIND)):
            found = self._dated.get(s.index) or next(
                (self._dated[k] for k in range(s.index - 1, s.index - 4, -1) if k in self._dated), None
            )
        else:
            day = self._own_day(s, m.i) or self._day_near(s, place)
            found = day.on(self.d.published) if day is not None else None
        if found is not None:
            self._dated[s.index] = found
        return found

    def _day_near(self, s: Sentence, place: str | None) -> Day | None:
        sentences = self.d.sentences
        for distance in (1, 2):
            i = s.index - distance
            if i < 0 or sentences[i].field != s.field:
                break
            other = sentences[i]
            if other.paragraph != s.paragraph and not self._of_incident(other):
                break
            if (
                place
                and other.paragraph != s.paragraph
                and any(
                    c.place.name != place and c.place.level == CITY and c.place.certain for c in self._candidates(other)
                )
            ):
                break
            day = self._own_day(other, len(other))
            if day is not None:
                return day
        for i in (s.index + 1, s.index + 2):
            if i < len(sentences) and (s.field == "title" or (i == s.index + 1 and self._goes_on(sentences[i]))):
                return self._own_day(sentences[i], 0)
            if i < len(sentences) and (owned := self._owner_of_incident(sentences[i])) is not None:
                return owned
        return None

    def _of_incident(self, s: Sentence) -> bool:
        """Whether a sentence tells of an incident."""
        return any("incidents" in h.roles or not HARMS.isdisjoint(h.roles) for h in s.hits(KIND))

    def _owner_of_incident(self, s: Sentence) -> Day | None:
        """ "Wednesday's blast": the day that an incident is named by."""
        incidents = {h.i for h in s.hits(KIND) if "incidents" in h.roles}
        for day in s.days:
            if (
                not incidents.isdisjoint((day.j, day.j + 1, day.j + 2))
                and s.words[day.j - 1 : day.j + 1]
                and self._possessive(s, day)
            ):
                return day
        return None

    def _possessive(self, s: Sentence, day: Day) -> bool:
        return (day.j < len(s.words) and s.words[day.j] in self.t.possessive) or s.words[day.j - 1].endswith("s")

    def _goes_on(self, s: Sentence) -> bool:
        """ "The attack ...": the sentence goes on about the incident."""
        first = [h for h in s.hits(KIND)[:2] if "incidents" in h.roles and h.i <= 3]
        return bool(first) and s.words[0] in self.t.articles

    def _own_day(self, s: Sentence, i: int) -> Day | None:
        owned = self._owner_of_incident(s)
        if owned is not None:
            return owned
        days = [d for d in s.days if not self._spoken(s, d)]
        return min(days, key=lambda d: abs(d.i - i), default=None)

    def _spoken(self, s: Sentence, d: Day) -> bool:
        """ "said on Tuesday", "officials said late Monday", "told reporters Friday"."""
        for k in range(max(0, d.i - 4), d.i):
            hit = s.common_at.get(k)
            if hit is not None and "quote_verbs" in hit.roles and not any(w in (",", "that") for w in s.words[k : d.i]):
                return True
        after = s.common_at.get(d.j)
        return after is not None and "quote_verbs" in after.roles and d.j < len(s.words)

    # --- scope ---

    def cumulative(self, m: Mention) -> bool:
        """Whether the number is a running total: a period is named, and no single incident stands nearer."""
        s = m.sentence
        periods = [h for h in s.hits(KIND) if "periods" in h.roles]
        if (
            m.rule == "tally"
            and m.group.count is not None
            and any(h.i == m.i and "running" in h.roles for h in s.hits(KIND))
        ):
            return True
        if m.harm == "displaced":
            return bool(periods) or not (self._own_day(s, m.i) or self._incident(m)) or (m.group.count or 0) >= 100_000
        if not periods:
            return (m.group.count or m.group.low or 0) >= 3000 and not self._incident(m)
        return not self._incident(m) or any(abs(h.i - m.i) < 12 for h in periods)

    def _incident(self, m: Mention) -> bool:
        return any("incidents" in h.roles for h in m.sentence.hits(KIND))

    # --- who says so ---

    def attribution(self, m: Mention) -> str | None:
        s = m.sentence
        for i in (m.i, m.group.i):
            name = s.credit(i)
            if name and not self._claimed(s):
                return name
        return None

    def _claimed(self, s: Sentence) -> bool:
        """ "the blast claimed 31 lives": the only verb of saying in the sentence says nothing."""
        if len(s.credits) != 1:
            return False
        verb = s.credits[0].begin - 1
        return any("harm_tails" in h.roles and verb < h.i <= verb + 8 for h in s.hits(KIND)) and any(
            "harm_with_tail" in h.roles and h.i == verb for h in s.hits(KIND)
        )


def actors_of(sentence: Sentence, i: int, j: int) -> list[Actor]:
    """The actors in tokens[i:j]."""
    return [a for a in sentence.actors if i <= a.i < j]
