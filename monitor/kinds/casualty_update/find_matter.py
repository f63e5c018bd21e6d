"""Matters whose numbers of people are no casualties: statistics, trials, custody, old wars, moves out of no danger.

What a sentence says was read by then; here the item around it is asked, and only where something was read. The
guidelines want people killed, hurt, taken or driven out "by the conflict or disaster that the item is about".
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.document import Document, Sentence, lazy
from monitor.language.quantities import Sort

#: sentences of an item, its title among them, that tell what it is about
_OPENING = 3
#: the dead of one crime that a court hears, or of one game, at most: more were an attack's
_CRIME = 3
#: sentences with a word of the courts that make an item a trial's
_TRIAL = 2


class Matter:
    """What the item of some mentions is about."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables
        opening = document.sentences[:_OPENING]
        self._counts = any(self._of(s, "statistics", "sure") for s in opening)
        self._old = any(self._of(s, "historic", "wars") for s in opening)

    def admits(self, m: Mention) -> bool:
        """Whether a mention can be a casualty of what the item is about."""
        why = self._why_not(m)
        if why and self.d.trace is not None:
            self.d.trace.refused(KIND, why, m.sentence, min(m.i, m.group.i), max(m.j, m.group.j))
        return not why

    def _why_not(self, m: Mention) -> str:
        if self._statistic(m.sentence):
            return "a statistic"
        if self._old and not m.sentence.days:
            return "an old war"
        if self._an_age(m):
            return "an age"
        if not m.group.numbered and self._speaks(m):
            return "who says so"
        if m.harm == "captured":
            return self._taken(m)
        if self._played(m):
            return "sport"
        if m.harm == "displaced" and not self.t.envoys.isdisjoint(m.sentence.words[m.group.i : m.group.j]):
            return "sent home"
        if m.harm == "displaced":
            return "fighters who flee" if m.group.victims == "military" and not m.group.numbered else ""
        if m.harm == "missing":
            return ""
        if m.harm == "evacuated":
            return self._moved(m)
        if self._in_a_trial(m):
            return "a crime before a court"
        if m.group.j <= m.i and not self.t.reflexives.isdisjoint(m.sentence.words[m.j : m.j + 1]):
            return "by their own hand"
        if not m.group.numbered and m.group.j < m.i and m.sentence.words[m.i - 1] in self.t.infinitive:
            return "what may befall"
        if m.harm == "wounded" and not self._in_danger and not self.t.cared.isdisjoint(m.sentence.words[m.i : m.j]):
            return "patients of no incident"
        if self._names_another(m) or self._body_of(m):
            return "no people"
        if self._shoots(m):
            return "they do it"
        return ""

    def _of(self, s: Sentence, role: str, value: str) -> bool:
        hits = self.t.hits(s, role)
        return bool(hits) and any(h.roles[role].value == value for h in hits)

    def _statistic(self, s: Sentence) -> bool:
        """ "the road toll stands at 45", "1,730 people were killed in road crashes in 2019": deaths of a period that
        no war and no one disaster joins."""
        if self._of(s, "statistics", "sure"):
            return True
        if self._counts:
            return not (s.days and self.t.hits(s, "incidents"))
        if not self._of(s, "statistics", "over a period"):
            return False
        return bool(self.t.hits(s, "periods")) or any(q.sort is Sort.YEAR for q in s.quantities)

    def _taken(self, m: Mention) -> str:
        """Who is held for want of a visa, taken for a theft, or told before is no prisoner of an armed force."""
        s, g = m.sentence, m.group
        fighters = g.victims == "military" and g.head is not None and g.head.i != m.i
        if not (self.t.armed | self.t.arms).isdisjoint(s.words):
            return ""
        if g.single and (self.t.hits(s, "crimes") or not self.t.inquiries.isdisjoint(s.words[m.j :])):
            return "police work"  # "the captain is in custody pending an investigation"
        if fighters:
            return ""
        if self.t.hits(s, "crimes") or (g.single and self._trial):
            return "police work"
        if g.single and g.definite and not g.named and g.j <= m.i:
            return "one who was told before"
        return "held by the state" if g.i < m.j and m.i <= g.j and self._custody and self._noun(m) else ""

    def _speaks(self, m: Mention) -> bool:
        """ "according to the Coast Guard, no fishermen went missing": who speaks is not who came to harm."""
        return any(c.i <= m.group.i and m.group.j <= c.j for c in m.sentence.credits)

    def _noun(self, m: Mention) -> bool:
        """ "950 detainees": the noun alone says that they are held."""
        return m.rule == "number of a harm"

    @lazy
    def _custody(self) -> bool:
        """Whether the item is about people held for want of papers."""
        return any(self.t.hits(s, "custody") for s in self.d.sentences)

    def _moved(self, m: Mention) -> str:
        """ "four nurses have been relocated": out of no danger that the item tells of."""
        words = m.sentence.words[m.i : m.j]
        if self.t.moves.isdisjoint(words):
            return ""
        hurt = any(m.group.i <= h.i < m.group.j for h in m.sentence.of_role(KIND, "harm_adjectives"))
        hurt = hurt or any(m.group.i <= h.i < m.group.j for h in m.sentence.of_role(KIND, "harm_verbs"))
        if hurt and not (self.t.hospitals | self.t.cared).isdisjoint(m.sentence.words[m.j :]):
            return "the hurt brought to care"
        if m.group.head is not None and any(
            h.i < m.group.j and h.j > m.group.i for h in m.sentence.of_role(KIND, "custody")
        ):
            return "moved by who holds them"
        return "" if self._in_danger else "moved out of no danger"

    @lazy
    def _in_danger(self) -> bool:
        """Whether the item has any word of an incident, a disaster, a war, or what else one flees."""
        gates = self.t.incident_gate | self.t.disaster_gate | self.t.wars | self.t.dangers
        return any(s.has(gates) for s in self.d.sentences)

    def _an_age(self, m: Mention) -> bool:
        """ "boys aged three and 13": a bare number behind a word of age, and others joined to it."""
        g = m.group
        if g.head is not None or g.quantity is None:
            return False
        words, k = m.sentence.words, g.i
        while k and (words[k - 1] in self.t.joints or any(q.i < k <= q.j for q in m.sentence.quantities)):
            k -= 1
        return k > 0 and words[k - 1] in self.t.aged

    def _in_a_trial(self, m: Mention) -> bool:
        """ "told the jury that he had killed his neighbour": few, no fighters, and no war in the item."""
        if not _few(m) or m.group.victims == "military":
            return False
        heard = bool(m.sentence.of_role(KIND, "courts"))
        if heard and self._trial:
            return True
        if m.sentence.of_role(KIND, "incidents"):
            return False
        return self._trial or (heard and not m.sentence.has(self.t.wars))

    @lazy
    def _trial(self) -> bool:
        """Whether the item tells of a trial, and of no war."""
        courts = [s for s in self.d.sentences if self.t.hits(s, "courts")]
        named = bool(courts) and courts[0].field == "title"
        peace = not any(s.has(self.t.wars) for s in self.d.sentences)
        return peace and (named or len(courts) >= _TRIAL)

    def _played(self, m: Mention) -> bool:
        """ "the first swimmer eliminated", "an injury to the captain": of few, in an item of sport and no disaster."""
        return _few(m) and m.harm in ("killed", "wounded") and self._sport

    @lazy
    def _sport(self) -> bool:
        """Whether the item is of sport, and of no war and no disaster."""
        told = sum(bool(self.t.hits(s, "sports")) for s in self.d.sentences)
        return told >= _TRIAL and not any(s.has(self.t.wars) or self.t.hits(s, "disasters") for s in self.d.sentences)

    def _names_another(self, m: Mention) -> bool:
        """ "one of them with an injured skipper": an article before the harm gives it a noun of its own."""
        before: Sequence[str] = m.sentence.words[m.i - 1 : m.i] if m.i else ()
        return m.rule == "people, then participle" and m.group.j <= m.i and not self.t.one_article.isdisjoint(before)

    def _shoots(self, m: Mention) -> bool:
        """ "rangers shot at the herd": people without a number before what looks like a participle and aims."""
        if m.rule != "people, then participle" or not m.group.bare or m.group.j != m.i:
            return False
        return not self.t.aiming.isdisjoint(m.sentence.words[m.j : m.j + 1])

    def _body_of(self, m: Mention) -> bool:
        """ "a large body of voters": one body is no more than one of the dead."""
        words = m.sentence.words
        more = m.group.bare or m.group.count is None or m.group.count > 1
        return m.rule == "noun of people" and words[m.i] in self.t.one_body and m.j == m.i + 2 and more


def _few(m: Mention) -> bool:
    return m.group.single or (m.group.count is not None and m.group.count <= _CRIME)
