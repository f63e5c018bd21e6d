"""The slots that a mention's numbers do not tell: whose people, when, one incident or a total, who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import HARMS, KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.find_where import Where
from monitor.language.actors import Form
from monitor.language.dates import Day
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY

#: people from which a number without a period or incident is taken for a total
MANY, MANY_DISPLACED = 3000, 200_000
_SIDES = frozenset((Form.SEAT, Form.DEMONYM, Form.COUNTRY, Form.PEOPLE, Form.GROUP, Form.ORGANISATION))


class Slots:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        self.where = Where(document, tables)
        #: sentence -> the day of its last mention
        self._dated: dict[int, dt.date] = {}

    # --- who ---

    def side(self, m: Mention, before: Sequence[Mention]) -> str | None:
        """Whose people they are: named in their phrase, or by the pronoun in it, or the one who suffers the loss."""
        s, g = m.sentence, m.group
        if any(g.i <= h.i < g.j and not self.t.actors.isdisjoint(h.roles) for h in s.common):
            named = [a for a in s.actors if g.i <= a.i < g.j and a.form in _SIDES and not a.compound]
            if named:
                return named[0].actor
        if m.rule == "army loses people":
            near = [a for a in s.actors if 0 <= m.i - a.j <= 2 and not a.compound]
            return near[-1].actor if near else None
        if (
            g.head is None
            and s.words[m.j : m.j + 1]
            and s.words[m.j] in self.t.among
            and not self.t.their.isdisjoint(s.words[m.j : m.j + 4])
        ):
            return self._subject(s, g.i)
        if not self.t.their.isdisjoint(s.words[g.i : g.j]):
            return self._subject(s, g.i)
        if m.harm == "casualties" or m.rule in ("noun of people", "tally"):
            return self._sufferer(m)
        struck = self._struck(m)
        if struck:
            return struck
        other = self.elided(m, before)
        return self.side(other, ()) if other is not None else None

    def _struck(self, m: Mention) -> str | None:
        """ "Russia said it hit Ukrainian positions, killing 20 soldiers": whose targets, whose fighters."""
        g, s = m.group, m.sentence
        if g.victims != "military" or m.rule != "verb, then people":
            return None
        acts = {h.i for h in s.of_role(KIND, "incidents")}
        if not acts:
            return None
        before = [a for a in s.actors if a.j <= m.i and not a.compound]
        struck = [
            a for a in before if a.form is Form.DEMONYM and m.i - a.j <= 12 and not acts.isdisjoint(range(a.i - 3, a.i))
        ]
        return struck[-1].actor if struck and before[0].actor != struck[-1].actor else None

    def elided(self, m: Mention, before: Sequence[Mention]) -> Mention | None:
        """The people just named that "two more", "another 73", "five wounded" go on from."""
        g, s = m.group, m.sentence
        if not g.numbered or not (g.head is None or s.words[g.head.i] in self.t.section.words("elliptic_list")):
            return None
        further = any(s.words[k] in self.t.section.words("elliptic_list") for k in range(g.i, g.j))
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
        """ "Russia has suffered losses of ...", "Russia's losses": the actor right before a verb or noun of loss."""
        s = m.sentence
        for hit in s.hits(KIND):
            if "harm_losses" in hit.roles and hit.j <= m.i:
                before = [a for a in s.actors if a.j <= hit.i and not a.compound]
                return before[-1].actor if before else None
        if m.harm == "casualties" and m.rule == "tally":
            owners = [a for a in s.actors if 0 <= m.i - a.j <= 1 and not a.compound]
            return owners[-1].actor if owners else None  # "Russia's losses amount to ..."
        if m.rule == "number of a harm":
            before = [a for a in s.actors if a.j <= m.group.i and m.group.i - a.j <= 2 and not a.compound]
            return before[-1].actor if before else None
        return None

    def victims(self, m: Mention, before: Sequence[Mention]) -> str | None:
        """civilian or military: from their noun, a noun behind the cue, or, for "two more", the people before."""
        g, s = m.group, m.sentence
        if g.victims:
            return g.victims
        if g.head is None and m.i == g.j:
            for hit in s.of_role(KIND, "people_many"):
                if hit.i == m.j and hit.roles["people_many"].value != "any":
                    return hit.roles["people_many"].value
        if any(a.form is Form.GROUP for a in s.actors if g.i <= a.i < g.j):
            return "military"
        behind = next((h for h in s.of_role(KIND, "people_many") if m.j < h.i <= m.j + 5), None)
        if g.head is None and behind is not None and s.words[m.j] in self.t.among:
            value = behind.roles["people_many"].value  # "three dead among its own troops"
            return None if value == "any" else value
        other = self.elided(m, before)
        return other.group.victims if other is not None else None

    # --- when ---

    def day(self, m: Mention, cumulative: bool, place: str | None) -> dt.date | None:
        """The incident's day: the nearest day in the sentence that no "said on Tuesday" owns, else that of the sentence
        before, or of the next where that goes on about "the attack"; a total has none."""
        if cumulative:
            return None
        s = m.sentence
        if s.of_role(KIND, "same_day"):
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
                    c.place.name != place and c.place.level == CITY and c.place.certain
                    for c in self.where.candidates(other)
                )
            ):
                break
            day = self._own_day(other, len(other))
            if day is not None:
                return day
        for i in (s.index + 1, s.index + 2):
            if i < len(sentences) and (s.field == "title" or (i == s.index + 1 and self.where.goes_on(sentences[i]))):
                return self._own_day(sentences[i], 0)
            if i < len(sentences) and (owned := self._owner_of_incident(sentences[i])) is not None:
                return owned
        return None

    def _of_incident(self, s: Sentence) -> bool:
        """Whether a sentence tells of an incident."""
        return any("incidents" in h.roles or not HARMS.isdisjoint(h.roles) for h in s.hits(KIND))

    def _owner_of_incident(self, s: Sentence) -> Day | None:
        """ "Wednesday's blast": the day that an incident is named by."""
        incidents = {h.i for h in s.of_role(KIND, "incidents")}
        for day in s.days:
            if (
                not incidents.isdisjoint((day.j, day.j + 1, day.j + 2))
                and s.words[day.j - 1 : day.j + 1]
                and self._possessive(s, day)
            ):
                return day
        return None

    def _possessive(self, s: Sentence, day: Day) -> bool:
        return (day.j < len(s.words) and s.words[day.j] in self.t.possessive) or s.words[day.j - 1].endswith(
            self.t.plural
        )

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
        periods = s.of_role(KIND, "periods")
        if m.rule == "tally" and m.group.count is not None and any(h.i == m.i for h in s.of_role(KIND, "running")):
            return True
        number = m.group.count or m.group.low or 0
        if m.harm == "displaced" and not periods:
            return number >= MANY_DISPLACED or not self._incident_near(s)
        strong = [h for h in periods if h.roles["periods"].value == "strong"]
        if not periods:
            # a toll is of what its own sentence names; a bare number, of what was told right before it
            return number >= MANY and not (self._incident(m) if m.rule == "tally" else self._incident_near(s))
        return not self._incident(m) or any(abs(h.i - m.i) < 12 for h in strong)

    def _incident_near(self, s: Sentence) -> bool:
        """Whether the sentence, or the one before it in its paragraph, names an incident."""
        around = [o for o in self.d.sentences[max(0, s.index - 1) : s.index + 1] if o.paragraph == s.paragraph]
        return any(other.of_role(KIND, "incidents") for other in around)

    def rivals_total(self, m: Mention, before: Sequence[Mention]) -> bool:
        """Whether the number stands against a running total of its sentence: "of 12,000, although X put it at 498"."""
        return any(b.sentence is m.sentence and b.harm == m.harm and self.cumulative(b) for b in before)

    def _incident(self, m: Mention) -> bool:
        return bool(m.sentence.of_role(KIND, "incidents"))

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
        return any(verb < h.i <= verb + 8 for h in s.of_role(KIND, "harm_tails")) and any(
            h.i == verb for h in s.of_role(KIND, "harm_with_tail")
        )
