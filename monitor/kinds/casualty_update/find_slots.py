"""The slots of a mention that its numbers do not tell: whose people, where, when, one incident or a total, who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from monitor.kinds.casualty_update.find_harms import Mention
from monitor.kinds.casualty_update.find_people import KIND, Tables
from monitor.language.actors import Actor, Form
from monitor.language.dates import Day
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, UNKNOWN, Place

#: sentences looked back at for the place that an incident's toll does not repeat
BACK = 3
_RANK = {CITY: 3, UNKNOWN: 3, DISTRICT: 2, REGION: 1, COUNTRY: 0}
_SIDES = frozenset((Form.DEMONYM, Form.COUNTRY, Form.PEOPLE, Form.GROUP, Form.ORGANISATION))


class Slots:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        self._places: dict[int, Sequence[Place]] = {}

    # --- who ---

    def side(self, m: Mention) -> str | None:
        """Whose people they are: named in their phrase, or by the pronoun in it, or the one who suffers the loss."""
        s, g = m.sentence, m.group
        named = [a for a in s.actors if g.i <= a.i < g.j and a.form in _SIDES and not a.compound]
        if named:
            return named[0].actor
        if any(s.words[k] in self.t.section.words("their") for k in range(g.i, g.j)) or m.rule == "army loses people":
            return self._subject(s, g.i)
        if m.harm == "casualties" or m.rule in ("noun of people", "tally"):
            return self._sufferer(m)
        return None

    def _subject(self, s: Sentence, i: int) -> str | None:
        spoken = {k for c in s.credits for k in range(c.i, c.j)}
        before = [a for a in s.actors if a.j <= i and not a.compound and a.i not in spoken]
        return before[0].actor if before else None

    def _sufferer(self, m: Mention) -> str | None:
        """"Russia has suffered losses of ...": the actor right before a verb of loss in the same sentence."""
        s = m.sentence
        for hit in s.hits(KIND):
            if "harm_losses" in hit.roles and hit.j <= m.i:
                before = [a for a in s.actors if a.j <= hit.i and not a.compound]
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
        elliptic = g.head is None or s.words[g.head.i] in self.t.section.words("elliptic")
        if elliptic and g.numbered:
            for other in reversed(before):
                if other.sentence is s and other.group is not g and other.group.j <= g.i:
                    return other.group.victims
        return None

    # --- where ---

    def place(self, m: Mention, cumulative: bool) -> tuple[str | None, int]:
        """(the most specific place of the mention, sentences it was fetched over); countries only from its own sentence."""
        own = self._best(self._candidates(m.sentence), m)
        if own is not None and (own.level != COUNTRY or cumulative):
            return own.name, 0
        if not cumulative:
            for distance, sentence in self._near(m.sentence):
                best = self._best(self._candidates(sentence), None)
                if best is not None and best.level != COUNTRY:
                    return best.name, distance
        if own is not None:
            return own.name, 0
        return self._of_conflict(m), 0

    def _of_conflict(self, m: Mention) -> str | None:
        """"the Syrian conflict", "Ukraine's war": the country of a war named in the sentence."""
        s = m.sentence
        wars = self.t.section.words("wars")
        for a in s.actors:
            if a.form in (Form.DEMONYM, Form.COUNTRY) and any(w in wars for w in s.words[a.j : a.j + 4]):
                names = self.d.lexicon.common.phrases("countries").get(a.actor)
                if a.form is Form.COUNTRY:
                    return a.name
                return max(names, key=lambda n: (n.istitle(), -len(n))) if names else None
        return None

    def _near(self, sentence: Sentence) -> Iterator[tuple[int, Sentence]]:
        """The sentences a reader takes the place from: those before in the text, then the title, then the next."""
        all_, i = self.d.sentences, sentence.index
        for distance in range(1, BACK + 1):
            if i - distance >= 0 and all_[i - distance].field == sentence.field:
                yield distance, all_[i - distance]
        if sentence.field == "text":
            yield from ((BACK + 1, s) for s in all_[:2] if s.field == "title")
        if i + 1 < len(all_):
            yield BACK + 2, all_[i + 1]

    def _candidates(self, s: Sentence) -> Sequence[Place]:
        found = self._places.get(s.index)
        if found is None:
            spoken = {k for c in s.credits for k in range(c.i, c.j)}
            found = [p for p in s.places if self._usable(s, p, spoken)]
            self._places[s.index] = found
        return found

    def _usable(self, s: Sentence, p: Place, spoken: set[int]) -> bool:
        if p.attributive or p.i in spoken or self._dateline(s, p):
            return False
        if p.level == COUNTRY:
            return p.preposition is not None and p.certain
        return p.certain or p.preposition is not None or p.level in (CITY, DISTRICT, REGION)

    def _dateline(self, s: Sentence, p: Place) -> bool:
        """"KABUL, Afghanistan (Jan. 25)", "KYIV -": where the report was filed."""
        if p.j > 8 or s.field == "title":
            return False
        return s.raw[p.i].isupper() and len(s.raw[p.i]) > 2 or any(w in ("—", "–", "(") or (w == "-" and s.starts[k] > s.ends[k - 1]) for k, w in enumerate(s.words[p.j : p.j + 4], p.j) if k)

    def _best(self, places: Sequence[Place], m: Mention | None) -> Place | None:
        if not places:
            return None
        at = m.i if m is not None else 0

        def fitness(p: Place) -> tuple[float, float]:
            distance = p.i - at if p.i >= at else (at - p.j) * 1.2
            return _RANK.get(p.level, 1) + (0.5 if p.certain else 0), -distance

        return max(places, key=fitness)

    # --- when ---

    def day(self, m: Mention, cumulative: bool) -> dt.date | None:
        """The incident's day: the nearest day in the sentence that no "said on Tuesday" owns; a total has none."""
        if cumulative:
            return None
        day = self._own_day(m.sentence, m.i)
        return day.on(self.d.published) if day is not None else None

    def _own_day(self, s: Sentence, i: int) -> Day | None:
        days = [d for d in s.days if not self._spoken(s, d)]
        return min(days, key=lambda d: abs(d.i - i), default=None)

    def _spoken(self, s: Sentence, d: Day) -> bool:
        """"said on Tuesday", "officials said late Monday", "told reporters Friday"."""
        for k in range(max(0, d.i - 4), d.i):
            hit = s.common_at.get(k)
            if hit is not None and "quote_verbs" in hit.roles and not any(w in (",", "that") for w in s.words[k:d.i]):
                return True
        after = s.common_at.get(d.j)
        return after is not None and "quote_verbs" in after.roles and d.j < len(s.words)

    # --- scope ---

    def cumulative(self, m: Mention) -> bool:
        """Whether the number is a running total: a period is named, and no single incident stands nearer."""
        s = m.sentence
        periods = [h for h in s.hits(KIND) if "periods" in h.roles]
        if not periods:
            return (m.group.count or m.group.low or 0) >= 3000 and not self._incident(m)
        return not self._incident(m) or any(abs(h.i - m.i) < 12 for h in periods)

    def _incident(self, m: Mention) -> bool:
        return any("incidents" in h.roles for h in m.sentence.hits(KIND))

    # --- who says so ---

    def attribution(self, m: Mention) -> str | None:
        return m.sentence.credit(m.i) or m.sentence.credit(m.group.i)


def actors_of(sentence: Sentence, i: int, j: int) -> list[Actor]:
    """The actors in tokens[i:j]."""
    return [a for a in sentence.actors if i <= a.i < j]
