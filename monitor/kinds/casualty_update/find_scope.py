"""One incident or a running total: what periods, incidents and the size of a number tell."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.document import Document, Sentence, lazy
from monitor.language.lexicon import Hit
from monitor.language.quantities import Sort

#: people from which a number without a period or incident is taken for a total
MANY, MANY_DISPLACED, MANY_IN_PERIOD = 3000, 200_000, 100
#: sentences that tell what an item is about
OPENING = 3
#: tokens between "since" and the disaster that it names
NAMED = 6


class Scope:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        #: whether the item opens with a disaster, whose toll has no bounds
        self._disaster = any(self.t.hits(s, "disasters") for s in document.sentences[:OPENING])

    def cumulative(self, m: Mention) -> bool:
        """Whether the number is a running total: a period is named, and no single incident stands nearer."""
        s = m.sentence
        periods = self._periods(s)
        if m.rule == "tally" and m.group.count is not None and any(h.i == m.i for h in s.of_role(KIND, "running")):
            return True
        if self._in_span(m, periods):
            return True
        number = m.group.count or m.group.low or 0
        if m.harm == "displaced" and not periods:
            if self._incident(m):
                return number >= 5 * MANY_DISPLACED
            of_disaster = self._disaster and not self._war
            return number >= MANY_DISPLACED or not (of_disaster or self._incident_near(s))
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

    def _periods(self, s: Sentence) -> Sequence[Hit]:
        """The periods of a sentence; in an item of a disaster what is counted since the disaster has none."""
        periods = s.of_role(KIND, "periods")
        if not periods or not self._disaster:
            return periods
        disasters = s.of_role(KIND, "disasters")
        return [h for h in periods if not any(self._since(s, h, d) for d in disasters)]

    def _since(self, s: Sentence, period: Hit, disaster: Hit) -> bool:
        """ "since Saturday's quake, ": a disaster's noun that ends what a period begins with."""
        words, begin, end = s.words, period.j, disaster.i
        if words[period.i] not in self.t.since or not begin <= end <= begin + NAMED:
            return False
        if any(w in self.t.walls or w in self.t.genitives for w in words[begin:end]):
            return False  # "since May because of the volcano"
        return disaster.j >= len(words) or not words[disaster.j][0].isalnum()

    @lazy
    def _war(self) -> bool:
        """Whether the item has any word of a war."""
        return any(s.has(self.t.wars) for s in self.d.sentences)

    def _in_span(self, m: Mention, periods: Sequence[Hit]) -> bool:
        """ "the sea where 1,100 have died this year", "60 were killed in a week", "709 died in 2010": whether a length
        of time stands in the mention's own clause, and no noun or verb of one incident."""
        spans = self._spans(m.sentence, periods)
        if not spans:
            return False
        i, j = self._clause(m)
        if not any(i <= k < j for k in spans):
            return False
        words = m.sentence.words
        return all(
            words[h.j - 1].endswith(self.t.plural) for h in m.sentence.of_role(KIND, "incidents") if i <= h.i < j
        )

    def _spans(self, s: Sentence, periods: Sequence[Hit]) -> list[int]:
        """Where lengths of time stand in a sentence."""
        words = s.words
        found = [
            h.i for h in periods
            if h.roles["periods"].value == "span" and self.t.hours.isdisjoint(words[h.j : h.j + 2])
        ]  # fmt: skip
        found += [
            q.i for q in s.quantities if q.sort is Sort.YEAR and q.i and words[q.i - 1] in self.t.locative
        ]  # fmt: skip
        ranked = [*s.of_role(KIND, "superlatives"), *(q for q in s.quantities if q.sort is Sort.ORDINAL)]
        if not self.t.spans.isdisjoint(words) and not ranked:  # but "the third attack in a week" is one
            for k in range(2, len(words)):
                counted = words[k] in self.t.spans and words[k - 2] in self.t.over
                if counted and (words[k - 1] in self.t.one_article or any(q.j == k for q in s.quantities)):
                    found.append(k)
        return found

    def _clause(self, m: Mention) -> tuple[int, int]:
        """The tokens around a mention up to a mark, a "that" or "where", or a "when" behind it."""
        words, t = m.sentence.words, self.t
        i, j = min(m.i, m.group.i), max(m.j, m.group.j)
        while i and (words[i - 1][0].isalnum() and words[i - 1] not in t.relatives):
            i -= 1
        while j < len(words) and words[j][0].isalnum() and words[j] not in t.relatives and words[j] not in t.walls:
            j += 1
        return i, j

    def _runs_on(self, m: Mention, period: Hit) -> bool:
        """ "killed 20 fighters and lost two men in clashes with the rebels since January": one clause, however long."""
        words = m.sentence.words
        if period.i <= m.j or words[period.i] not in self.t.since:
            return False
        return not any(not w[0].isalnum() or w in self.t.relatives or w in self.t.walls for w in words[m.j : period.i])

    def _superlative(self, m: Mention) -> bool:
        """ "the bloodiest day since the coup": what is measured against a period is one incident."""
        words = m.sentence.words
        since = [h.i for h in m.sentence.of_role(KIND, "periods")]
        best = [h for h in m.sentence.of_role(KIND, "superlatives") if self.t.eras.isdisjoint(words[h.j : h.j + 1])]
        return any(0 < k - h.j <= 6 for h in best for k in since)

    def _period_before(self, s: Sentence) -> bool:
        """Whether the sentence before, in its paragraph, names a period that a count runs from."""
        if not s.index or self.d.sentences[s.index - 1].paragraph != s.paragraph:
            return False
        before = self.t.hits(self.d.sentences[s.index - 1], "periods")
        return any(h.roles["periods"].value == "strong" for h in before)

    def _incident_near(self, s: Sentence) -> bool:
        """Whether the sentence, or the one before it in its paragraph, names an incident."""
        around = [o for o in self.d.sentences[max(0, s.index - 1) : s.index + 1] if o.paragraph == s.paragraph]
        return any(self.t.hits(other, "incidents") for other in around)

    def rivals_total(self, m: Mention, before: Sequence[Mention]) -> bool:
        """Whether the number stands against a running total of its sentence: "of 12,000, although X put it at 498"."""
        return any(b.sentence is m.sentence and b.harm == m.harm and self.cumulative(b) for b in before)

    def _incident(self, m: Mention) -> bool:
        return bool(m.sentence.of_role(KIND, "incidents"))
