"""One incident or a running total: what periods, incidents and the size of a number tell."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit

#: people from which a number without a period or incident is taken for a total
MANY, MANY_DISPLACED, MANY_IN_PERIOD = 3000, 200_000, 100
#: sentences that tell what an item is about
OPENING = 3


class Scope:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        #: whether the item opens with a disaster, whose toll has no bounds
        self._disaster = any(
            s.has(tables.disaster_gate) and s.of_role(KIND, "disasters") for s in document.sentences[:OPENING]
        )

    def cumulative(self, m: Mention) -> bool:
        """Whether the number is a running total: a period is named, and no single incident stands nearer."""
        s = m.sentence
        periods = s.of_role(KIND, "periods")
        if m.rule == "tally" and m.group.count is not None and any(h.i == m.i for h in s.of_role(KIND, "running")):
            return True
        number = m.group.count or m.group.low or 0
        if m.harm == "displaced" and not periods:
            if self._incident(m):
                return number >= 5 * MANY_DISPLACED
            return number >= MANY_DISPLACED or not self._incident_near(s)
        if self._superlative(m):
            return False
        if self._disaster and all(" ".join(s.words[h.i : h.j]) in self.t.until_now for h in periods):
            periods = ()
        strong = [h for h in periods if h.roles["periods"].value == "strong"]
        if any(h.i == 0 and s.words[h.j - 1] in self.t.years for h in periods):
            return True  # "Last year, 3,100 people died in traffic accidents"
        if not periods:
            if number >= MANY_IN_PERIOD and not self._incident(m) and self._period_before(s):
                return True
            if self._disaster and m.harm != "displaced":
                return False
            # a toll is of what its own sentence names; a bare number, of what was told right before it
            return number >= MANY and not (self._incident(m) if m.rule == "tally" else self._incident_near(s))
        return not self._incident(m) or any(abs(h.i - m.i) < 12 or h.i <= 1 or self._runs_on(m, h) for h in strong)

    def _runs_on(self, m: Mention, period: Hit) -> bool:
        """ "killed 20 fighters and lost two men in clashes with the rebels since January": one clause, however long."""
        words = m.sentence.words
        if period.i <= m.j or words[period.i] not in self.t.since:
            return False
        return not any(not w[0].isalnum() or w in self.t.relatives or w in self.t.walls for w in words[m.j : period.i])

    def _superlative(self, m: Mention) -> bool:
        """ "the bloodiest day since the coup": what is measured against a period is one incident."""
        since = [h.i for h in m.sentence.of_role(KIND, "periods")]
        return any(0 < k - h.j <= 6 for h in m.sentence.of_role(KIND, "superlatives") for k in since)

    def _period_before(self, s: Sentence) -> bool:
        """Whether the sentence before, in its paragraph, names a period that a count runs from."""
        if not s.index or self.d.sentences[s.index - 1].paragraph != s.paragraph:
            return False
        before = self.d.sentences[s.index - 1].of_role(KIND, "periods")
        return any(h.roles["periods"].value == "strong" for h in before)

    def _incident_near(self, s: Sentence) -> bool:
        """Whether the sentence, or the one before it in its paragraph, names an incident."""
        around = [o for o in self.d.sentences[max(0, s.index - 1) : s.index + 1] if o.paragraph == s.paragraph]
        return any(other.of_role(KIND, "incidents") for other in around)

    def rivals_total(self, m: Mention, before: Sequence[Mention]) -> bool:
        """Whether the number stands against a running total of its sentence: "of 12,000, although X put it at 498"."""
        return any(b.sentence is m.sentence and b.harm == m.harm and self.cumulative(b) for b in before)

    def _incident(self, m: Mention) -> bool:
        return bool(m.sentence.of_role(KIND, "incidents"))
