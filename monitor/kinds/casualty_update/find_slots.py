"""The slots that a mention's numbers do not tell: find_whose, find_where, find_when, find_scope, and who says so."""

from __future__ import annotations

from monitor.kinds.casualty_update.find_scope import Scope
from monitor.kinds.casualty_update.find_tables import HARMS, KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.find_when import When
from monitor.kinds.casualty_update.find_where import Where
from monitor.kinds.casualty_update.find_whose import Whose
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY, DISTRICT


class Slots:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        self.where = Where(document, tables)
        self.when = When(document, tables, self.where)
        self.scope = Scope(document, tables)
        self.whose = Whose(document, tables)

    def attribution(self, m: Mention) -> str | None:
        s = m.sentence
        for i in (m.i, m.group.i):
            name = s.credit(i)
            if name and not self._claimed(s) and not self._is_place(s, name):
                return name
        return self._counter(m)

    def _is_place(self, s: Sentence, name: str) -> bool:
        """ "Kryvyi Rih counted eleven more dead", "the X district reported nine deaths": a town or district says
        nothing, a capital does."""
        return any(c.place.name == name and c.place.level in (CITY, DISTRICT) for c in self.where.towns(s))

    def _counter(self, m: Mention) -> str | None:
        """Who keeps the count: "the ministry raised the toll to 44", "the ministry's toll", "the agency lists 12"."""
        s = m.sentence
        start = min(m.i, m.group.i)
        owned = start if s.words[start] in self.t.possessive else start - 1
        if m.rule == "tally" and owned > 0 and s.words[owned] in self.t.possessive:
            armed = s.words[owned - 1] in self.t.armed or any(a.j == owned for a in s.actors)
            return None if armed else self._keeper(s, owned)
        for hit in s.of_role(KIND, "figures"):
            owner = next((k for k in range(hit.i - 1, max(0, hit.i - 4), -1) if s.words[k] in self.t.possessive), 0)
            if owner and 0 <= start - hit.j <= 6:
                return self._keeper(s, owner)
        for hit in s.of_role(KIND, "count_verbs"):
            if s.field == "text" and hit.i and s.raw[hit.i][0].isupper():
                continue  # "Lower Dir"
            k = hit.i - 1
            while k > 0 and s.words[k] in self.t.adverbs:
                k -= 1
            if 0 <= start - hit.j <= 12 and not (k >= 0 and s.words[k] in self.t.auxiliaries):
                return self._keeper(s, hit.i)
        return None

    def _keeper(self, s: Sentence, i: int) -> str | None:
        """The source that ends before token i, unless it is the toll itself: "the death toll increased to 12"."""
        found = self.d.reader.credits.subject(s.words, s.raw, i, s.common_at)
        if found is None or any(found.i <= h.i < found.j and not HARMS.isdisjoint(h.roles) for h in s.hits(KIND)):
            return None
        return found.text

    def _claimed(self, s: Sentence) -> bool:
        """ "the blast claimed 31 lives": the only verb of saying in the sentence says nothing."""
        if len(s.credits) != 1:
            return False
        verb = s.credits[0].begin - 1
        tails = [h for h in s.of_role(KIND, "harm_tails") if h.roles["harm_tails"].value == "killed"]
        return any(verb < h.i <= verb + 8 and "harm_verbs" not in h.roles for h in tails) and any(
            h.i == verb for h in s.of_role(KIND, "harm_with_tail")
        )
