"""Places that nothing but an incident's noun, a war, an official, a label or a line's opening names."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_spots import BARE, SURE, Spots
from monitor.kinds.casualty_update.find_tables import KIND, MOVED
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.actors import Form
from monitor.language.document import Sentence
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, UNKNOWN, Place, bare, readings


class Aside(Spots):
    """Where to look when no place competes."""

    def told_aside(self, m: Mention, cumulative: bool) -> str | None:
        """A place that nothing but an incident, a war, an official or the line's label names."""
        return (
            self._of_incident(m.sentence)
            or self._of_conflict(m)
            or self._of_official(m)
            or self._of_label(m)
            or self._of_opening(m)
            or (self._of_country(m) if cumulative else self._of_reference(m))
            or self._of_item(m, cumulative)
        )

    def _of_item(self, m: Mention, cumulative: bool) -> str | None:
        """What is left where nothing else is named: the country that the sentence is told of ("in northern Peru"), or
        the one that the title names."""
        own = [c.place for c in self.candidates(m.sentence) if c.place.level == COUNTRY and c.bonus >= SURE]
        if own:
            return own[-1].name
        if m.sentence.field == "title":
            return None
        if cumulative:
            return self._of_heading()
        for s in self.d.sentences[:2]:
            if s.field == "title":
                least = BARE if self.t.hits(s, "disasters") else SURE
                named = [c.place for c in self.candidates(s) if c.place.level == COUNTRY and c.bonus >= least]
                if named:
                    return named[-1].name
        return self._of_heading()

    def _of_reference(self, m: Mention) -> str | None:
        """ "a road 30 miles north of Baghdad": the town that a distance is measured from, where none is nearer."""
        near = [c.place for c in self.candidates(m.sentence) if c.place.reference and c.place.level in (CITY, UNKNOWN)]
        return near[0].name if near else None

    def _of_heading(self) -> str | None:
        """ "Ghazni - fourth day of street fighting", "Marikana": a listed name that a title sets before all else."""
        s = self.d.sentences[0]
        end = next((k for k, w in enumerate(s.words) if not w[0].isalpha()), len(s))
        breaks = end == len(s) or s.words[end] in self.t.dashes or s.words[end] in (",", ":")
        if s.field != "title" or not breaks or not 0 < end < 3 or not all(w[0].isupper() for w in s.raw[:end]):
            return None
        if 0 in s.common_at or s.words[0] in self.d.lexicon.function_words:
            return None
        name = " ".join(s.raw[:end])
        return name if readings(bare(name, self.d.lexicon)) else None

    def country_name(self, code: str) -> str | None:
        """The usual name of a country."""
        names: Sequence[str] = self.d.lexicon.common.phrases("countries").get(code, ())
        return max(names, key=lambda n: (n.istitle(), -len(n)), default=None)

    def left(self, m: Mention) -> str | None:
        """ "the evacuation of 2,500 residents from Orlivka": a name that no list knows, left by those who are moved."""
        s = m.sentence
        if m.harm not in MOVED:
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
        for hit in self.incidents(s):
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

    def _name(self, s: Sentence, k: int, step: int) -> str | None:
        """The capitalised words from token k on, or back, where nothing says that they are people, days or arms."""
        j = k
        while 0 <= j < len(s) and s.raw[j][0].isupper() and len(s.raw[j]) > 2 and not s.raw[j].isupper():
            if s.words[j] in self.t.articles:
                break
            if j in s.common_at or s.words[j] in self.t.arms or j == 0 or self._known(s, j):
                return None
            j += step
        if step < 0 <= j and s.words[j] in self.t.one_article:
            return None  # "an AirAsia jet crashed"
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
            named = p.i > 1 and (s.words[p.i - 1] == "." or s.raw[p.i - 1][0].isupper()) and not p.certain  # "Dr. X Y"
            if (p.i in spoken and p.level in (CITY, REGION, DISTRICT) and not (seat or named)) or (
                local and p.attributive
            ):
                return p.name
        return None

    def _of_country(self, m: Mention) -> str | None:
        """The country last named before a total in its sentence, whoever else is: "to help X end a war that killed"."""
        found = [c.place for c in self.candidates(m.sentence) if c.place.level == COUNTRY and c.place.j <= m.group.i]
        spoken = {k for c in m.sentence.credits for k in range(c.i, c.j)}
        named = [p for p in found if not p.attributive and p.i not in spoken]
        speaks = named and named[-1].i <= 1 and m.harm not in MOVED  # "Russia itself admitted to ..."
        loses = named and any(h.i == named[-1].j for h in m.sentence.of_role(KIND, "harm_losses"))
        holds = named and m.group.j <= m.i and self._had(m, named[-1])
        return named[-1].name if named and not (speaks or loses or holds) else None

    def _had(self, m: Mention, p: Place) -> bool:
        """ "X had 120 soldiers killed and 300 wounded": a country that suffered, wherever it did."""
        words = m.sentence.words
        return any(p.j < q.i <= m.group.i and words[q.i - 1] in self.t.having for q in m.sentence.quantities)

    def _of_opening(self, m: Mention) -> str | None:
        """ "Herat shook again. One person was killed": the town that opens the sentence, or one of the two before."""
        for s in reversed(self.d.sentences[max(0, m.sentence.index - 2) : m.sentence.index + 1]):
            p = next((p for p in s.places if p.i == 0), None)
            if p is None or s.paragraph != m.sentence.paragraph or p.level in (COUNTRY, UNKNOWN) or s.raw[0].isupper():
                continue
            if self.governs(s, p) and not self.t.joints.isdisjoint(s.words[p.j : p.j + 1]):
                continue  # "Moscow and Kyiv swap prisoners"
            told = s.common_at.get(p.j)
            if told is None or "quote_verbs" not in told.roles:
                return p.name
        return None

    def _of_label(self, m: Mention) -> str | None:
        """ "Somalia: Toll climbs", "SUDAN - 413 killed": the place that a ticker's line opens with."""
        for s in (m.sentence, *self.d.sentences[max(0, m.sentence.index - 1) : m.sentence.index]):
            p = next((p for p in s.places if p.i == 0), None)
            filed = p is not None and s.field == "text" and p.level != COUNTRY and s.raw[0].isupper()
            if p is not None and s.paragraph == m.sentence.paragraph and self._labels(s, p) and not filed:
                return p.name
        return None

    def _labels(self, s: Sentence, p: Place) -> bool:
        """ "Somalia:", "ECUADOR QUAKE:"."""
        colon = next((k for k in range(p.j, min(p.j + 3, len(s))) if s.words[k] == ":"), None)
        if colon is None:
            return False
        return colon == p.j or any(p.j <= h.i and h.j == colon for h in self.incidents(s))

    def _of_conflict(self, m: Mention) -> str | None:
        """ "the Syrian conflict", "Ukraine's war": the country of a war named in the sentence."""
        s = m.sentence
        wars = self.t.wars
        for a in s.named if s.has(wars) else ():
            if a.form in (Form.DEMONYM, Form.COUNTRY) and any(w in wars for w in s.words[a.j : a.j + 4]):
                return a.name if a.form is Form.COUNTRY else self.country_name(a.actor)
        return None
