"""Where it happened: the places that a mention and its neighbours name compete by a score.

A score tells how specific a place is, how surely its words make it the place of something, and how near it stands. What
neighbouring sentences and the title name starts behind; datelines never take part. The weights are few and by hand:
set by what the guidelines ask for (city before region before country), then on the dev gold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.kinds.casualty_update.find_listed import stretches
from monitor.kinds.casualty_update.find_scene import BEHIND, Scene
from monitor.kinds.casualty_update.find_spots import SURE, TOWARD, Candidate
from monitor.kinds.casualty_update.find_tables import HARMS, KIND, MOVED, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, UNKNOWN, Place

#: sentences looked back at for the place that an incident's toll does not repeat
BACK = 3
#: mentions that can still matter to the next one
NEAR = 40
#: how specific a level is
RANK = {CITY: 3.0, UNKNOWN: 2.8, DISTRICT: 2.4, REGION: 1.5, COUNTRY: 0.3}
#: what a place can score before its distance is taken off
BEST = max(RANK.values()) + SURE
#: points for the place that a number of a list has for itself, and against those of the others
LISTED = 2.5
#: a place that stands directly behind "fled", "evacuated from"
LEFT = 4.5


class Found(NamedTuple):
    """A candidate with its score, and the sentences over which it was fetched."""

    score: float
    fetched: int
    candidate: Candidate


class Where(Scene):
    """The places of one document's mentions."""

    def __init__(self, document: Document, tables: Tables) -> None:
        super().__init__(document, tables)
        #: group -> its place and how far it was fetched
        self._placed: dict[int, tuple[str | None, int]] = {}
        #: sentence -> the stretches of its list, where it has one
        self._listed: dict[int, tuple[tuple[int, int], ...]] = {}
        #: sentences that tell the people of one incident
        self._hit: set[int] = set()

    def place(
        self, m: Mention, before: Sequence[Mention], elided: Mention | None, cumulative: bool
    ) -> tuple[str | None, int]:
        """(the best place of the mention, sentences it was fetched over). ``elided`` is the mention it goes on from."""
        if not cumulative:
            self._hit.add(m.sentence.index)
        if m.rule == "the same, listed":
            return self._keep(m, self._before_number(m), 0)
        found = self._own(m, cumulative)
        if found is not None and found.candidate.place.preposition in self.t.spread:
            return self._keep(m, found.candidate.place.name, 0)  # "across Ukraine": no town of it
        if found is None or found.score < 1.6:
            if elided is not None and id(elided.group) in self._placed and elided.sentence is not m.sentence:
                name, fetched = self._placed[id(elided.group)]
                return self._keep(m, name, fetched + 1)
            left = self.left(m) or self._beside(m, before, cumulative) if found is None else None
            left = left or (self._spoken_of(m) if cumulative and found is None else None)
            if left is not None:
                return self._keep(m, left, 0)
            found = self._fetched(m, before, cumulative, found) or found
        if found is not None:
            finer = None if cumulative else self.town_behind(m, found.candidate.place)
            if finer is not None:
                return self._keep(m, finer.name, BEHIND)
            return self._keep(m, found.candidate.place.name, found.fetched)
        return self._keep(m, self.told_aside(m, cumulative), 0)

    def _beside(self, m: Mention, before: Sequence[Mention], cumulative: bool) -> str | None:
        """ "hit the coast of X, killing nine and injuring 40": the place of the mention before it in the sentence."""
        if cumulative or m.harm in MOVED or not before or before[-1].sentence is not m.sentence:
            return None
        name, fetched = self._placed.get(id(before[-1].group), (None, 0))
        sure = any(c.place.name == name and c.place.certain for c in self.candidates(m.sentence))
        return name if sure and not fetched else None

    def _spoken_of(self, m: Mention) -> str | None:
        """ "Iraq has seen much violence. It killed 12,000 in 2014": the country with which the sentence before a total
        opens."""
        s = self.d.sentences[m.sentence.index - 1] if m.sentence.index else None
        if s is None or s.paragraph != m.sentence.paragraph or m.harm in MOVED or self.candidates(m.sentence):
            return None
        p = next((c.place for c in self.candidates(s)[:1] if c.place.i == 0), None)
        told = s.common_at.get(p.j) if p is not None else None
        if p is None or p.level != COUNTRY or p.attributive or (told is not None and "quote_verbs" in told.roles):
            return None
        acts = any("incidents" in h.roles or not HARMS.isdisjoint(h.roles) for h in s.hits(KIND))
        return None if acts else p.name  # "Israel bombed the town": not there

    def _before_number(self, m: Mention) -> str:
        """ "followed by X with 23, Y 22": the name before the number."""
        raw = m.sentence.raw
        end = m.group.i - (not raw[m.group.i - 1][0].isupper())
        begin = end
        while begin and raw[begin - 1][0].isupper():
            begin -= 1
        return " ".join(raw[begin:end])

    def _keep(self, m: Mention, name: str | None, fetched: int) -> tuple[str | None, int]:
        self._placed[id(m.group)] = (name, fetched)
        return name, fetched

    # --- in the mention's own sentence ---

    def stretch(self, m: Mention) -> tuple[int, int] | None:
        """The tokens that are a number's own in a list where each has a place; None where there is no such list."""
        s = m.sentence
        found = self._listed.get(s.index)
        if found is None:
            found = self._listed[s.index] = stretches(s, self.candidates(s), self.t.joints, self.t.articles)
        return next(((i, j) for i, j in found if i <= m.group.i < j), None)

    def _own(self, m: Mention, cumulative: bool) -> Found | None:
        own = [Found(self.score(m, c, cumulative), 0, c) for c in self.candidates(m.sentence)]
        found = max(own, key=lambda f: f.score, default=None)
        if found is not None and found.score < (0.6 if found.candidate.place.level != COUNTRY else 1.0):
            return None
        return found

    def score(self, m: Mention, c: Candidate, cumulative: bool) -> float:
        """How good a place of its own sentence is for a mention."""
        p, g = c.place, m.group
        score = RANK.get(p.level, RANK[REGION]) + c.bonus
        if g.i <= p.i < g.j and p.attributive:
            score += 3.0  # "thousands of Homs residents"
        own = self.stretch(m)
        if own is not None:
            score += LISTED if own[0] <= p.i < own[1] else -LISTED
        behind = p.i >= m.i
        if ";" in m.sentence.words[min(p.j, m.i) : max(p.i, m.j)]:
            score -= 2.5 if cumulative else 1.0
        elif p.i > m.j and ":" in m.sentence.words[m.j : p.i]:
            score -= 1.5  # "eight killed in X: four in Y, three in Z"
        scenes = not self.t.scenes.isdisjoint(m.sentence.words[min(p.j, m.i) : max(p.i, m.j)])
        if scenes:
            score -= 1.5  # "killed two in X, while gunmen wounded three in Y"
        distance = p.i - max(m.j, g.j) if behind else min(m.i, g.i) - p.j
        score -= 0.05 * min(max(distance, 0), 30)
        if m.rule == "tally" and c.bonus >= SURE and any(h.j == p.begin for h in self.incidents(m.sentence)):
            score += 1.5  # "the toll in Friday's earthquake in Gujarat"
        if behind and 0 <= distance <= 6 and c.bonus > TOWARD and not scenes:
            score += 0.5
        elif cumulative and not behind and distance > 8 and p.level in (CITY, UNKNOWN):
            score -= 1.5  # a total is seldom of a town that another clause names
        if behind and self._others(m, p):
            score -= 1.5
        elif p.j < m.i <= p.j + 12 and self._relative(m, p) and m.i <= self._chain_end(m, p) + 6:
            score += 1.5  # "in X, where they killed four"
        if p.preposition is not None and self._sets_scene(m, p):
            score += 1.2 if cumulative or p.level not in (COUNTRY, REGION) else 0.6
        if behind and m.sentence.has(self.t.later_gate) and self._days_later(m.sentence, m.i, p):
            score -= 2.5
        return score + self._moved(m, p)

    def _others(self, m: Mention, p: Place) -> bool:
        """ "four died in X, one drowned in Y", "left 15 dead there, and in Y, where four were killed": whether a place
        behind a mention is another's."""
        end = max(m.j, m.group.j)
        if self._relative(m, p):
            return any(h.i >= end and p.j < h.i <= p.j + 6 for h in m.sentence.of_roles(KIND, HARMS))
        nearer = next((c.place.j for c in self.candidates(m.sentence) if end <= c.place.i < p.i and c.bonus >= SURE), 0)
        return nearer > 0 and any(h.i >= end and nearer <= h.i < p.begin for h in m.sentence.of_roles(KIND, HARMS))

    def _days_later(self, s: Sentence, i: int, p: Place) -> bool:
        """ "..., a day after an attack in X killed 21": whether a place is another day's, seen from
        token i."""
        return any(i < h.i and h.j <= p.begin for h in self.t.hits(s, "days_after"))

    def _relative(self, m: Mention, p: Place) -> bool:
        if self.t.relatives.isdisjoint(m.sentence.words):
            return False
        words, end = m.sentence.words, self._chain_end(m, p)
        if end + 1 >= len(words):
            return False
        return words[end] in self.t.relatives or (words[end] == "," and words[end + 1] in self.t.relatives)

    def _chain_end(self, m: Mention, p: Place) -> int:
        """Where "X in the Y province", "X, Y" ends, seen from X."""
        end = p.j
        for q in m.sentence.places:
            if q.i > end and (q.begin == end or (q.i == end + 1 and m.sentence.words[end] == ",")):
                end = q.j
        return end

    def _sets_scene(self, m: Mention, p: Place) -> bool:
        """ "In the X district of Y, three people were killed"."""
        words = m.sentence.words
        opens = words[0] in self.t.prepositions and "," not in words[: p.j]
        return opens and "," in words[p.j : min(m.i, m.group.i)]

    def _moved(self, m: Mention, p: Place) -> float:
        """ "fled X", "evacuated from X", "X houses 600,000 refugees"."""
        if m.harm not in MOVED:
            return 0.0
        if m.rule == "number of a harm":
            return 2.2 if p.preposition is None and 0 <= m.group.i - p.j <= 6 else 0.0
        direct = p.preposition is None and 0 <= p.i - m.j <= 4
        return LEFT if direct else 2.2 if p.preposition in self.t.away else 0.0

    # --- in the sentences around ---

    def _fetched(self, m: Mention, before: Sequence[Mention], cumulative: bool, own: Found | None) -> Found | None:
        """The best place of the sentences around that beats the mention's ``own``; a total takes none where its own
        sentence names any, and "in Belgium, 24 died" none that lies elsewhere. A sentence whose best place could not
        do better is not asked for its places."""
        least = own.score - 0.5 if own is not None else -1.2
        within = own.candidate.place if own is not None and own.candidate.place.level == COUNTRY else None
        if within is not None and not (within.certain and own is not None and own.candidate.bonus >= SURE):
            within = None
        if own is None:
            sure = [c.place for c in self.candidates(m.sentence) if c.place.level == COUNTRY and c.bonus >= SURE]
            within = sure[0] if sure else None  # far from the mention, but it sets the scene
        if cumulative and self.candidates(m.sentence):
            return None
        told = {b.sentence.index for b in before}
        whose = {a.actor for a in m.sentence.actors if m.group.i <= a.i < m.group.j} if cumulative else ()
        war = cumulative and m.sentence.has(self.t.wars)
        found = None
        for distance, behind, s in self._near(m.sentence, cumulative and m.sentence.field == "text"):
            behind += 0.8 * (cumulative and distance > 1) - (0.7 if s.index in told else 0.0)
            if BEST - behind <= least:
                continue
            for c in self.candidates(s):
                opens = not any(w[0].isalpha() for w in s.words[: c.place.begin])
                if s.index > m.sentence.index and opens and c.place.preposition:
                    continue  # "In Bangkok ..." opens another scene
                if within is not None and c.place.country != within.country:
                    continue
                if (
                    s.has(self.t.later_gate)
                    and self._days_later(s, 0, c.place)
                    and any(o.i < c.place.i for o in self.told.get(s.index, ()))
                ):
                    continue
                if war and c.place.level != COUNTRY:
                    continue  # a war's toll is not of the town that one incident hit
                if cumulative and s.index in self._hit and m.harm in MOVED and c.place.level not in (COUNTRY, REGION):
                    continue  # nor are all who fled
                if whose and c.place.level == COUNTRY and c.place.country not in whose:
                    continue
                titled = s.field == "title" and (c.place.preposition or c.place.level == CITY)
                if c.place.certain or c.event or titled:
                    score = RANK.get(c.place.level, RANK[REGION]) + c.bonus - behind
                    if score > least:
                        found, least = Found(score, distance, c), score
        return found

    def _near(self, sentence: Sentence, cumulative: bool) -> Iterator[tuple[int, float, Sentence]]:
        """The sentences a reader takes the place from, with how far each stands behind the mention's own; what comes
        next is no place of a total."""
        all_, i = self.d.sentences, sentence.index
        for distance in range(1, BACK + 1):
            if i - distance >= 0 and all_[i - distance].field == sentence.field:
                apart = sentence.paragraph - all_[i - distance].paragraph
                yield distance, 1.6 + 0.5 * distance + 0.3 * min(apart, 3), all_[i - distance]
        if sentence.field == "text":
            yield from ((BACK + 1, 2.4, s) for s in all_[:2] if s.field == "title")
        title = sentence.field == "title"
        cumulative = cumulative or not self.t.many_incidents.isdisjoint(sentence.words)
        for ahead in range(1, 3 if title else 2):
            if i + ahead < len(all_) and not cumulative:
                goes_on = title or self.goes_on(all_[i + ahead])
                yield BACK + 1 + ahead, 0.6 + ahead if goes_on else 2.6, all_[i + ahead]
                if title and ahead == 1 and any(c.bonus >= SURE for c in self.candidates(all_[i + 1])):
                    break  # what comes next says where

    def goes_on(self, s: Sentence) -> bool:
        """ "The attack ...": the sentence goes on about the incident."""
        first = [h for h in self.incidents(s)[:1] if h.i <= 3]
        return bool(first) and s.words[0] in self.t.definite
