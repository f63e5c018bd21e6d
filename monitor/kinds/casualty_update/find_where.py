"""Where it happened: the places that a mention and its neighbours name compete by a score.

A score tells how specific a place is, how surely its words make it the place of something, and how near it stands. What
neighbouring sentences and the title name starts behind; datelines never take part. The weights are few and by hand:
set by what the guidelines ask for (city before region before country), then on the dev gold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.actors import Form
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, UNKNOWN, Place

#: sentences looked back at for the place that an incident's toll does not repeat
BACK = 3
#: mentions that can still matter to the next one
NEAR = 40
#: how specific a level is
RANK = {CITY: 3.0, UNKNOWN: 2.8, DISTRICT: 2.4, REGION: 1.5, COUNTRY: 0.3}
#: by what its words say: a preposition of place; one of direction; none
SURE, TOWARD, BARE = 1.0, -2.5, -1.7
#: what a place can score before its distance is taken off
BEST = max(RANK.values()) + SURE
#: a place that stands directly behind "fled", "evacuated from"
LEFT = 4.5
_MOVED = ("displaced", "evacuated")


class Candidate(NamedTuple):
    """A place that a mention may have."""

    place: Place
    #: what its surroundings add to its level
    bonus: float
    #: stands before the noun of an incident: "the X attack"
    event: bool


class Found(NamedTuple):
    """A candidate with its score, and the sentences over which it was fetched."""

    score: float
    fetched: int
    candidate: Candidate


class Where:
    """The places of one document's mentions."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        self._candidates: dict[int, Sequence[Candidate]] = {}
        #: group -> its place and how far it was fetched
        self._placed: dict[int, tuple[str | None, int]] = {}

    def place(
        self, m: Mention, before: Sequence[Mention], elided: Mention | None, cumulative: bool
    ) -> tuple[str | None, int]:
        """(the best place of the mention, sentences it was fetched over). ``elided`` is the mention it goes on from."""
        found = self._own(m, cumulative)
        if found is None or found.score < 1.6:
            if elided is not None and id(elided.group) in self._placed and elided.sentence is not m.sentence:
                name, fetched = self._placed[id(elided.group)]
                return self._keep(m, name, fetched + 1)
            left = self._left(m) if found is None else None
            if left is not None:
                return self._keep(m, left, 0)
            found = self._fetched(m, before, cumulative, found.score - 0.5 if found else -1.2) or found
        if found is not None:
            return self._keep(m, found.candidate.place.name, found.fetched)
        return self._keep(m, self._told_aside(m, cumulative), 0)

    def _told_aside(self, m: Mention, cumulative: bool) -> str | None:
        """A place that nothing but an incident, a war, an official or the line's label names."""
        return (
            self._of_incident(m.sentence)
            or self._of_conflict(m)
            or self._of_official(m)
            or self._of_label(m)
            or self._of_opening(m)
            or (self._of_country(m) if cumulative else None)
        )

    def candidates(self, s: Sentence) -> Sequence[Candidate]:
        """The places of a sentence, datelines left out."""
        found = self._candidates.get(s.index)
        if found is None:
            places = [p for p in s.places if not self._dateline(s, p)]
            spoken = {k for c in s.credits for k in range(c.i, c.j)} if places else set()
            found = [self._candidate(s, p, spoken) for p in places]
            self._candidates[s.index] = found
        return found

    def towns(self, s: Sentence) -> Sequence[Candidate]:
        """The candidates that stand for no government."""
        return [c for c in self.candidates(s) if not self._governs(s, c.place)]

    def _governs(self, s: Sentence, p: Place) -> bool:
        """Whether a place's name stands for a government, too."""
        hit = s.common_at.get(p.i)
        return hit is not None and not {"capitals", "seats"}.isdisjoint(hit.roles)

    def _keep(self, m: Mention, name: str | None, fetched: int) -> tuple[str | None, int]:
        self._placed[id(m.group)] = (name, fetched)
        return name, fetched

    # --- in the mention's own sentence ---

    def _own(self, m: Mention, cumulative: bool) -> Found | None:
        own = [Found(self._score(m, c, cumulative), 0, c) for c in self.candidates(m.sentence)]
        found = max(own, key=lambda f: f.score, default=None)
        if found is not None and found.score < (0.6 if found.candidate.place.level != COUNTRY else 1.0):
            return None
        return found

    def _score(self, m: Mention, c: Candidate, cumulative: bool) -> float:
        """How good a place of its own sentence is for a mention."""
        p, g = c.place, m.group
        score = RANK.get(p.level, RANK[REGION]) + c.bonus
        if g.i <= p.i < g.j and p.attributive:
            score += 3.0  # "thousands of Homs residents"
        behind = p.i >= m.i
        if ";" in m.sentence.words[min(p.j, m.i) : max(p.i, m.j)]:
            score -= 2.5 if cumulative else 1.0
        distance = p.i - max(m.j, g.j) if behind else min(m.i, g.i) - p.j
        score -= 0.05 * min(max(distance, 0), 30)
        if behind and 0 <= distance <= 6 and c.bonus > TOWARD:
            score += 0.5
        elif cumulative and not behind and distance > 8 and p.level in (CITY, UNKNOWN):
            score -= 1.5  # a total is seldom of a town that another clause names
        return score + self._moved(m, p)

    def _moved(self, m: Mention, p: Place) -> float:
        """ "fled X", "evacuated from X", "X houses 600,000 refugees"."""
        if m.harm not in _MOVED:
            return 0.0
        if m.rule == "number of a harm":
            return 2.2 if p.preposition is None and 0 <= m.group.i - p.j <= 6 else 0.0
        direct = p.preposition is None and 0 <= p.i - m.j <= 4
        return LEFT if direct else 2.2 if p.preposition in self.t.away else 0.0

    def _left(self, m: Mention) -> str | None:
        """ "the evacuation of 2,500 residents from Orlivka": a name that no list knows, left by those who are moved."""
        s = m.sentence
        if m.harm not in _MOVED:
            return None
        start = max(m.j, m.group.j)
        for k in range(start, min(start + 3, len(s) - 1)):
            if s.words[k] in self.t.away and s.raw[k + 1][0].isupper() and k + 1 not in s.common_at:
                end = k + 2
                while end < min(k + 4, len(s)) and s.raw[end][0].isupper() and end not in s.common_at:
                    end += 1
                return " ".join(s.raw[k + 1 : end])
        return None

    def _of_incident(self, s: Sentence) -> str | None:
        """ "the shelling of Ostrel", "the Ostrel depot blast": an unlisted name, told by an incident's noun."""
        for hit in self._incidents(s):
            k = hit.j
            if k < len(s) and s.words[k] in self.t.governing:
                k += 1
                while k < len(s) and s.words[k] in self.t.articles:
                    k += 1
                name = self._name(s, k, 1)
                if name:
                    return name
            name = self._name(s, hit.i - 1, -1) or self._name(s, hit.i - 2, -1)
            if name:
                return name
        return None

    def _incidents(self, s: Sentence) -> Sequence[Hit]:
        """The incidents of a sentence; the words around are only looked up where one can be."""
        return s.of_role(KIND, "incidents") if s.has(self.t.incident_gate) else ()

    def _name(self, s: Sentence, k: int, step: int) -> str | None:
        """The capitalised words from token k on, or back, where nothing says that they are people, days or arms."""
        j = k
        while 0 <= j < len(s) and s.raw[j][0].isupper() and len(s.raw[j]) > 2 and not s.raw[j].isupper():
            if s.words[j] in self.t.articles:
                break
            if j in s.common_at or s.words[j] in self.t.arms or j == 0 or self._known(s, j):
                return None
            j += step
        first, last = sorted((k, j - step))
        return " ".join(s.raw[first : last + 1]) if j != k and abs(j - k) <= 3 else None

    def _known(self, s: Sentence, j: int) -> bool:
        return any(h.i <= j < h.j for h in s.hits(KIND))

    def _of_official(self, m: Mention) -> str | None:
        """ "the governor of the X region said", "X's mayor": where nothing else is named, their town or region."""
        s = m.sentence
        spoken = {k for c in s.credits for k in range(c.i, c.j)}
        for p in (c.place for c in self.candidates(s)):
            seat = (hit := s.common_at.get(p.i)) is not None and "capitals" in hit.roles
            local = not self.t.bodies.isdisjoint(s.words[p.j : p.j + 5]) and m.group.victims != "military"
            if (p.i in spoken and p.level in (CITY, REGION, DISTRICT) and not seat) or (local and p.attributive):
                return p.name
        return None

    def _of_country(self, m: Mention) -> str | None:
        """The country last named before a total in its sentence, whoever else is: "to help X end a war that killed"."""
        found = [c.place for c in self.candidates(m.sentence) if c.place.level == COUNTRY and c.place.j <= m.group.i]
        spoken = {k for c in m.sentence.credits for k in range(c.i, c.j)}
        named = [p for p in found if not p.attributive and p.i not in spoken]
        speaks = named and named[-1].i <= 1 and m.harm not in _MOVED  # "Russia itself admitted to ..."
        return named[-1].name if named and not speaks else None

    def _of_opening(self, m: Mention) -> str | None:
        """ "Herat shook again. One person was killed": the town that opens the sentence, or one of the two before."""
        for s in reversed(self.d.sentences[max(0, m.sentence.index - 2) : m.sentence.index + 1]):
            p = next((p for p in s.places if p.i == 0), None)
            if p is None or s.paragraph != m.sentence.paragraph or p.level in (COUNTRY, UNKNOWN) or s.raw[0].isupper():
                continue
            told = s.common_at.get(p.j)
            if told is None or "quote_verbs" not in told.roles:
                return p.name
        return None

    def _of_label(self, m: Mention) -> str | None:
        """ "Somalia: Toll climbs", "SUDAN - 413 killed": the place that a ticker's line opens with."""
        for s in (m.sentence, *self.d.sentences[max(0, m.sentence.index - 1) : m.sentence.index]):
            p = next((p for p in s.places if p.i == 0), None)
            if p is not None and s.paragraph == m.sentence.paragraph and self._labels(s, p):
                return p.name
        return None

    def _labels(self, s: Sentence, p: Place) -> bool:
        """ "Somalia:", "ECUADOR QUAKE:"."""
        colon = next((k for k in range(p.j, min(p.j + 3, len(s))) if s.words[k] == ":"), None)
        if colon is None:
            return False
        return colon == p.j or any(p.j <= h.i and h.j == colon for h in self._incidents(s))

    def _of_conflict(self, m: Mention) -> str | None:
        """ "the Syrian conflict", "Ukraine's war": the country of a war named in the sentence."""
        s = m.sentence
        wars = self.t.wars
        for a in s.named if s.has(wars) else ():
            if a.form in (Form.DEMONYM, Form.COUNTRY) and any(w in wars for w in s.words[a.j : a.j + 4]):
                names: Sequence[str] = self.d.lexicon.common.phrases("countries").get(a.actor, ())
                if a.form is Form.COUNTRY:
                    return a.name
                return max(names, key=lambda n: (n.istitle(), -len(n)), default=None)
        return None

    # --- in the sentences around ---

    def _fetched(self, m: Mention, before: Sequence[Mention], cumulative: bool, least: float) -> Found | None:
        """The best place of the sentences around that scores above ``least``; a total takes none where its own
        sentence names any. A sentence whose best place could not do better is not asked for its places."""
        if cumulative and self.candidates(m.sentence):
            return None
        told = {b.sentence.index for b in before}
        whose = {a.actor for a in m.sentence.actors if m.group.i <= a.i < m.group.j} if cumulative else ()
        found = None
        for distance, behind, s in self._near(m.sentence):
            behind += 0.8 * (cumulative and distance > 1) - (0.7 if s.index in told else 0.0)
            if BEST - behind <= least:
                continue
            for c in self.candidates(s):
                if s.index > m.sentence.index and c.place.begin == 0 and c.place.preposition:
                    continue  # "In Bangkok ..." opens another scene
                if whose and c.place.level == COUNTRY and c.place.country not in whose:
                    continue
                titled = s.field == "title" and (c.place.preposition or c.place.level == CITY)
                if c.place.certain or c.event or titled:
                    score = RANK.get(c.place.level, RANK[REGION]) + c.bonus - behind
                    if score > least:
                        found, least = Found(score, distance, c), score
        return found

    def _near(self, sentence: Sentence) -> Iterator[tuple[int, float, Sentence]]:
        """The sentences a reader takes the place from, with how far each stands behind the mention's own."""
        all_, i = self.d.sentences, sentence.index
        for distance in range(1, BACK + 1):
            if i - distance >= 0 and all_[i - distance].field == sentence.field:
                apart = sentence.paragraph - all_[i - distance].paragraph
                yield distance, 1.6 + 0.5 * distance + 0.3 * min(apart, 3), all_[i - distance]
        if sentence.field == "text":
            yield from ((BACK + 1, 2.4, s) for s in all_[:2] if s.field == "title")
        title = sentence.field == "title"
        for ahead in range(1, 3 if title else 2):
            if i + ahead < len(all_):
                goes_on = title or self.goes_on(all_[i + ahead])
                yield BACK + 1 + ahead, 0.6 + ahead if goes_on else 2.6, all_[i + ahead]

    def goes_on(self, s: Sentence) -> bool:
        """ "The attack ...": the sentence goes on about the incident."""
        first = [h for h in self._incidents(s)[:1] if h.i <= 3]
        return bool(first) and s.words[0] in self.t.articles

    # --- what the words around a place say ---

    def _candidate(self, s: Sentence, p: Place, spoken: set[int]) -> Candidate:
        """A place with how surely the words around make it the place of something."""
        bonus = SURE if p.certain else TOWARD if p.preposition is not None else BARE
        hit = s.common_at.get(p.i)
        if p.preposition is None and not p.certain and hit is not None and "capitals" in hit.roles:
            bonus -= 1.5  # mostly its government
        if s.field == "title" and p.i == 0 and s.words[p.j : p.j + 1] in ([","], [":"]):
            bonus = SURE  # "Beirut, the morning after"
        if p.reference:
            bonus -= 2.5
        brought = not self.t.bringing.isdisjoint(s.words[max(0, p.begin - 7) : p.begin])
        if p.begin and p.preposition is not None and s.words[p.begin - 1] in self.t.asides and brought:
            bonus -= 3.0  # "taken to a hospital in X"
        if p.begin and p.preposition is not None and self._said_there(s, p.begin - 1):
            bonus -= 2.5
        if any(c.i == p.i and c.j == p.j for c in s.credits) and p.level == CITY and hit is None:
            bonus = 0.0  # "Kryvyi Rih counted eleven dead"
        elif p.i in spoken:
            bonus = -0.6 if bonus < 0 and s.words[p.i - 1] in self.t.beside else bonus - 2.8
        event = False
        if p.attributive:
            event = p.level != COUNTRY and any(p.j <= h.i <= p.j + 3 for h in self._incidents(s))
            owned = s.words[p.j : p.j + 1] != [] and s.words[p.j] in self.t.possessive and p.certain
            event = event or (owned and not self.t.sites.isdisjoint(s.words[p.j + 1 : p.j + 3]))
            bonus = SURE if event else bonus - 2.6
        elif not p.certain and p.level == CITY and any(p.j <= h.i <= p.j + 2 for h in self._incidents(s)):
            bonus, event = max(bonus, 0.0), True  # "the toll from the Kabul hospital attack"
        elif p.level == CITY and p.preposition is None and p.i not in spoken and self._site(s, p):
            bonus, event = SURE, True
        return Candidate(p, bonus, event)

    def _site(self, s: Sentence, p: Place) -> bool:
        """ "at a busy Mogadishu junction"."""
        return s.words[p.j : p.j + 1] != [] and s.words[p.j] in self.t.sites

    def _said_there(self, s: Sentence, k: int) -> bool:
        """ "an officer said in Brussels", "told reporters in Geneva": where it was said."""
        for back in (k, k - 1):
            hit = s.common_at.get(back) if back >= 0 else None
            if hit is not None and "quote_verbs" in hit.roles:
                return any(c.begin <= 0 or c.begin == hit.j or c.end <= hit.i for c in s.credits if c.j <= hit.i + 1)
        return False

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
