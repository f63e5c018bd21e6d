"""The places that a sentence names, with how surely its words make each the place of something; datelines left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.kinds.casualty_update.find_tables import HARMS, KIND, Tables
from monitor.language.document import Document, Sentence, lazy
from monitor.language.lexicon import Hit
from monitor.language.places import CITY, COUNTRY, DISTRICT, Place

#: by what its words say: a preposition of place; one of direction; none
SURE, TOWARD, BARE = 1.0, -2.5, -1.7
#: roles of what is told of more than a source
_TELLING = HARMS | {"incidents", "sub_cues"}


class Candidate(NamedTuple):
    """A place that a mention may have."""

    place: Place
    #: what its surroundings add to its level
    bonus: float
    #: stands before the noun of an incident: "the X attack"
    event: bool


class Spots:
    """The candidates of one document's sentences."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        #: whether the sentence being read has words of feeling, or of speaking to somebody
        self._felt = self._spoke = False
        self._candidates: dict[int, Sequence[Candidate]] = {}
        self._incidents: dict[int, Sequence[Hit]] = {}

    def candidates(self, s: Sentence) -> Sequence[Candidate]:
        """The places of a sentence, datelines left out."""
        found = self._candidates.get(s.index)
        if found is None:
            places = [p for p in s.places if not (self.dateline(s, p) or self._adjective(s, p))]
            if places and self._storms:
                places = [p for p in places if p.level == COUNTRY or s.raw[p.i] not in self._storms]
            self._felt = bool(places) and s.has(self.t.felt)
            self._spoke = bool(places) and s.has(self.t.addressing)
            spoken = {k for c in s.credits for k in range(c.i, c.j)} if places else set()
            found = [self._candidate(s, p, spoken) for p in places]
            self._candidates[s.index] = found
        return found

    @lazy
    def _storms(self) -> frozenset[str]:
        """The names behind the nouns of storms anywhere in the item: "Typhoon Maya", "cyclones Ada (…) and Bela"."""
        found = set()
        for s in self.d.sentences:
            for k in range(len(s) - 1) if s.has(self.t.storms) else ():
                if s.words[k] in self.t.storms:
                    found |= self._names_behind(s, k + 1, several=s.words[k].endswith(self.t.plural))
        return frozenset(found)

    def _names_behind(self, s: Sentence, k: int, *, several: bool) -> set[str]:
        """The capitalised words from token k on: the first, or those of a list, in which brackets may explain them."""
        found: set[str] = set()
        while k < len(s) and (s.raw[k][0].isupper() or (found and several)):
            if s.words[k] == "(":
                k = next((j for j in range(k, len(s)) if s.words[j] == ")"), len(s))
            elif s.raw[k][0].isupper():
                found.add(s.raw[k])
            elif s.words[k] not in self.t.joints:
                break
            k += 1
            if not several:
                break
        return found

    def _adjective(self, s: Sentence, p: Place) -> bool:
        """ "in Saudi strikes": a country's name that says whose something is; a flood is nobody's."""
        if p.level != COUNTRY or p.preposition is None:
            return False
        return any(h.i == p.j and "disasters" not in h.roles for h in self.incidents(s))

    def towns(self, s: Sentence) -> Sequence[Candidate]:
        """The candidates that stand for no government."""
        return [c for c in self.candidates(s) if not self.governs(s, c.place)]

    def governs(self, s: Sentence, p: Place) -> bool:
        """Whether a place's name stands for a government, too."""
        hit = s.common_at.get(p.i)
        return hit is not None and not {"capitals", "seats"}.isdisjoint(hit.roles)

    def incidents(self, s: Sentence) -> Sequence[Hit]:
        """The incidents of a sentence; the words around are only looked up where one can be."""
        found = self._incidents.get(s.index)
        if found is None:
            found = self._incidents[s.index] = self.t.hits(s, "incidents")
        return found

    def _candidate(self, s: Sentence, p: Place, spoken: set[int]) -> Candidate:
        """A place with how surely the words around make it the place of something."""
        bonus = SURE if p.certain else TOWARD if p.preposition is not None else BARE
        hit = s.common_at.get(p.i)
        if p.preposition is None and not p.certain and hit is not None and "capitals" in hit.roles:
            bonus -= 1.5  # mostly its government
        if s.field == "title" and p.i == 0 and s.words[p.j : p.j + 1] in ([","], [":"]):
            bonus = SURE  # "Beirut, the morning after"
        if p.preposition is None and not p.certain and self._governed(s, p):
            bonus = SURE  # "the bombardment of X"
        within = p.preposition in self.t.locative  # "left nine dead in X", not "left X"
        if p.level == CITY and not within and not self.t.routes.isdisjoint(s.words[max(0, p.begin - 4) : p.begin]):
            bonus -= 3.0  # "the road linking X with Y", "left the city of X"
        if self._felt and self._felt_there(s, p):
            bonus -= 3.0  # "felt as far away as X"
        if p.reference:
            bonus -= 2.5 if any(0 <= p.i - q.j <= 5 for q in s.quantities) else 1.2  # "south of X", with no distance
        spoke = p.begin and p.preposition is not None and (spoken or self._spoke)
        if spoke and ((self._spoke and self._addressed_there(s, p)) or (spoken and self._of_speaker(s, p))):
            bonus -= 4.0
        brought = not self.t.bringing.isdisjoint(s.words[max(0, p.begin - 7) : p.begin])
        if p.begin and p.preposition is not None and s.words[p.begin - 1] in self.t.asides and brought:
            bonus -= 3.0  # "taken to a hospital in X"
        if (
            p.begin
            and p.preposition in self.t.away
            and (s.words[p.begin - 1] == "," or s.raw[p.begin - 1][0].isupper())
        ):
            bonus -= 3.0  # "X Y, from the village of Z, said"
        if p.begin and p.preposition is not None and self._said_there(s, p.begin - 1):
            bonus -= 4.0
        if p.level in (CITY, DISTRICT) and hit is None and any(c.i == p.i and c.j == p.j for c in s.credits):
            bonus = 0.0 if p.level == CITY else 0.5  # "Kryvyi Rih counted eleven dead"
        elif p.i in spoken:
            bonus = -0.6 if bonus < 0 and s.words[p.i - 1] in self.t.beside else bonus - 2.8
        event = False
        if p.attributive:
            bound = s.words[p.j : p.j + 1] == ["-"]  # "an X-bound lorry"
            event = p.level != COUNTRY and not bound and any(p.j <= h.i <= p.j + 3 for h in self.incidents(s))
            owned = s.words[p.j : p.j + 1] != [] and s.words[p.j] in self.t.possessive and p.certain
            event = event or (owned and not self.t.sites.isdisjoint(s.words[p.j + 1 : p.j + 3]))
            bonus = SURE if event else bonus - 2.6
        elif (
            not p.certain
            and p.level == CITY
            and s.words[p.j : p.j + 1] != ["-"]
            and any(p.j <= h.i <= p.j + 2 for h in self.incidents(s))
        ):
            bonus, event = max(bonus, 0.0), True  # "the toll from the Kabul hospital attack"
        elif p.level == CITY and p.preposition is None and p.i not in spoken and self._site(s, p):
            bonus, event = SURE, True
        return Candidate(p, bonus, event)

    def _governed(self, s: Sentence, p: Place) -> bool:
        k = p.begin - 1
        return k > 0 and s.words[k] in self.t.genitives and any(h.j == k for h in self.incidents(s))

    def _site(self, s: Sentence, p: Place) -> bool:
        """ "at a busy Mogadishu junction"."""
        return s.words[p.j : p.j + 1] != [] and s.words[p.j] in self.t.sites

    def _felt_there(self, s: Sentence, p: Place) -> bool:
        before = s.words[max(0, p.begin - 8) : p.begin]
        return not self.t.felt.isdisjoint(before) and "," not in before

    def _addressed_there(self, s: Sentence, p: Place) -> bool:
        """ "told the agency by telephone from X", "spoke to Reuters in X": where somebody spoke to somebody."""
        k = p.begin - 1
        while k > 0 and p.begin - k <= 8 and (s.words[k] in self.t.addressed or s.raw[k][0].isupper()):
            k -= 1
        return k < p.begin - 1 and s.words[k] in self.t.addressing

    def _of_speaker(self, s: Sentence, p: Place) -> bool:
        """ "..., said X, a security official in Y": what follows a source behind its verb is told of the source."""
        for c in s.credits:
            if c.end <= c.i and c.j < p.begin <= c.j + 12 and s.words[c.j] == ",":
                k = c.i - 1 - (c.i > 1 and s.words[c.i - 1] in self.t.articles)
                hit = s.common_at.get(k)
                if hit is not None and "quote_verbs" in hit.roles:
                    return not any(c.j < h.i and not _TELLING.isdisjoint(h.roles) for h in s.hits(KIND))
        return False

    def _said_there(self, s: Sentence, k: int) -> bool:
        """ "an officer said in Brussels", "told reporters in Geneva": where it was said."""
        for back in (k, k - 1):
            hit = s.common_at.get(back) if back >= 0 else None
            if hit is not None and "quote_verbs" in hit.roles:
                if any(q.j == hit.i for q in s.quantities):
                    return False  # "with 2,300 reported in India"
                if not s.credits:  # "the world body said in New York"; but not "was reported in Kabul"
                    return hit.i > 0 and hit.j == k + 1 and s.words[hit.i - 1] not in self.t.auxiliaries
                return any(c.begin <= 0 or c.begin == hit.j or c.end <= hit.i for c in s.credits if c.j <= hit.i + 1)
        return False

    def dateline(self, s: Sentence, p: Place) -> bool:
        """ "KABUL, Afghanistan (Jan. 25)", "KYIV -": where the report was filed."""
        if p.j > 14 or s.field == "title":
            return False
        if s.raw[p.i].isupper() and len(s.raw[p.i]) > 2:
            return True
        if p.i == 0 and s.words[p.j : p.j + 1] == [","] and ":" in s.words[p.j + 2 : p.j + 4]:
            return True  # "Kabul, Afghanistan: The Taliban ..."
        return p.i == 0 and (
            any(
                w in ("—", "–", "(") or (w == "-" and s.starts[k] > s.ends[k - 1])
                for k, w in enumerate(s.words[p.j : p.j + 4], p.j)
            )
        )
