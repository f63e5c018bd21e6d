"""Whose people a mention tells of, and whether they are soldiers: from their phrase, or from who suffers the loss."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_camps import Camps
from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.actors import Form
from monitor.language.document import Document, Sentence

#: tokens between who had losses and the verb; marks that end a clause
BEARER, CLOSED = 6, ",;:()"
_SIDES = frozenset((Form.SEAT, Form.DEMONYM, Form.COUNTRY, Form.PEOPLE, Form.GROUP, Form.ORGANISATION))


class Whose:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.t = tables
        self._camps = Camps(document, tables)
        #: (mention, mentions before it) -> whom it goes on from
        self._elided: dict[tuple[int, int], Mention | None] = {}

    def side(self, m: Mention, before: Sequence[Mention], place: str | None) -> str | None:
        """Whose people they are: named in their phrase, or by the pronoun in it, or the one who suffers the loss, or
        whose fighters the item tells of; ``place`` is where it happened."""
        s, g = m.sentence, m.group
        if self._names_side(s, g.i, g.j):
            named = [a for a in s.named if g.i <= a.i < g.j and a.form in _SIDES and not a.compound]
            if named:
                return named[0].actor
        if m.rule == "army loses people":
            near = [a for a in s.actors if 0 <= m.i - a.j <= 2 and not a.compound]
            return near[-1].actor if near else self._speaker(m)
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
            return self._sufferer(m) or self._bearer(m) or self._owned_up(m)
        told = self._behind(m) or self._struck(m) or self._bearer(m) or self._owned_up(m) or self._on_side(m)
        if told:
            return told
        if self._had_at(m):
            return self._had(m)
        other = self.elided(m, before) or self._some_of(m, before)
        if other is None:
            return self._camps.side(m, place)
        return self.side(other, before[: before.index(other)] if other in before else (), place)

    def _had(self, m: Mention) -> str | None:
        """ "Russia had 120,000 soldiers killed": whose people they were."""
        i, s = self._had_at(m), m.sentence
        begin = self._subject_of(s, i)
        near = [a for a in s.actors if begin <= a.i and a.j <= i and not a.compound]
        if near:
            return near[-1].actor
        subject = s.words[begin:i]
        if not self.t.rebels.isdisjoint(subject):
            return self._camps.group
        return None if self.t.forces.isdisjoint(subject) else self._camps.army

    def _subject_of(self, s: Sentence, i: int) -> int:
        """Where the subject of a verb at token i begins, at most some words before it: behind a mark or a "said"."""
        k = i
        while k and i - k < BEARER and s.words[k - 1] not in CLOSED and s.words[k - 1] not in self.t.relatives:
            hit = s.common_at.get(k - 1)
            said = hit is not None and "quote_verbs" in hit.roles and s.words[k - 2] not in self.t.auxiliaries
            if said and k < i - 1:
                break  # but "Russia was said to have had ..."
            k -= 1
        return k

    def _had_at(self, m: Mention) -> int:
        """Where the verb of "X had N killed", "X lost N dead" stands, right before the number; 0 where it does not."""
        if m.group.j > m.i:
            return 0
        k = m.group.i - 1
        while k > 0 and not m.sentence.words[k][0].isalnum() and m.sentence.words[k] not in CLOSED:
            k -= 1
        return k if k > 0 and m.sentence.words[k] in self.t.suffering else 0

    def _names_side(self, s: Sentence, i: int, j: int) -> bool:
        """Whether a name of a country, people or group begins in tokens[i:j]."""
        for h in s.common:
            if h.i >= j:
                return False
            if h.i >= i and not self.t.sides.isdisjoint(h.roles):
                return True
        return False

    def _speaker(self, m: Mention) -> str | None:
        """ "The X army said it had killed 20 rebels and lost two soldiers": "it" is who says so."""
        s = m.sentence
        for c in s.credits:
            if c.j <= m.i and not self.t.possessives.isdisjoint(s.words[c.j : min(c.j + 4, m.i)]):
                return next((a.actor for a in s.actors if c.i <= a.i < c.j and not a.compound), None)
        return None

    def _behind(self, m: Mention) -> str | None:
        """ "seven people from Ukraine", "among the Russians 12"."""
        s, g = m.sentence, m.group
        if g.head is not None and s.words[g.j : g.j + 1] and s.words[g.j] in self.t.homes:
            return next((a.actor for a in s.actors if a.i - g.j in (1, 2) and a.form is Form.COUNTRY), None)
        if g.head is None and g.i >= 2:
            among = (a for a in s.actors if a.j == g.i and not self.t.among.isdisjoint(s.words[max(0, a.i - 2) : a.i]))
            return next((a.actor for a in among), None)
        return None

    def _bearer(self, m: Mention) -> str | None:
        """ "Ukrainian losses came to 40 dead", "Moscow puts its losses at 40", "suffered 30 killed": its bearer."""
        s, g = m.sentence, m.group
        if g.head is not None and g.victims != "military":
            return None
        for hit in s.of_role(KIND, "bearing"):
            if not (-2 <= g.i - hit.j <= 10 and hit.j <= max(g.j, m.j)) or ";" in s.words[hit.j : g.i]:
                continue
            if not self.t.their.isdisjoint(s.words[max(0, hit.i - 2) : hit.j]):
                return self._subject(s, hit.i)
            own = [a for a in s.actors if 0 <= hit.i - a.j <= 2 and not a.compound]
            if own and all(w in self.t.possessive or w in self.t.own for w in s.words[own[-1].j : hit.i]):
                return own[-1].actor
        return None

    def _owned_up(self, m: Mention) -> str | None:
        """ "Yerevan acknowledges four dead": who admits a loss has suffered it."""
        s = m.sentence
        start = min(m.i, m.group.i)
        if m.group.head is not None and not self.t.enemies.isdisjoint(s.words[start : m.j]):
            return None
        for hit in s.of_role(KIND, "admitting"):
            if 0 <= start - hit.j <= 4:
                near = [a for a in s.actors if 0 <= hit.i - a.j <= 4 and not a.compound]
                return near[-1].actor if near else None
        return None

    def _on_side(self, m: Mention) -> str | None:
        """ "on the Israeli side rockets killed twelve"."""
        s = m.sentence
        if m.group.victims is not None or self.t.side.isdisjoint(s.words):
            return None
        near = [a for a in s.actors if a.form is Form.DEMONYM and not self.t.side.isdisjoint(s.words[a.j : a.j + 1])]
        return near[-1].actor if near else None

    def _struck(self, m: Mention) -> str | None:
        """ "Russia said it hit Ukrainian positions, killing 20 soldiers": whose targets, whose fighters."""
        g, s = m.group, m.sentence
        if g.victims != "military" or m.rule != "verb, then people":
            return None
        acts = {h.i for h in s.of_role(KIND, "incidents")}
        if not acts or not s.of_role("common", "demonyms"):
            return None
        before = [a for a in s.actors if a.j <= m.i and not a.compound]
        struck = [
            a for a in before if a.form is Form.DEMONYM and m.i - a.j <= 12 and not acts.isdisjoint(range(a.i - 3, a.i))
        ]
        return struck[-1].actor if struck and before[0].actor != struck[-1].actor else None

    def elided(self, m: Mention, before: Sequence[Mention]) -> Mention | None:
        """The people just named that "two more", "another 73", "five wounded" go on from."""
        key = id(m), len(before)
        if key not in self._elided:
            self._elided[key] = self._goes_on_from(m, before)
        return self._elided[key]

    def _goes_on_from(self, m: Mention, before: Sequence[Mention]) -> Mention | None:
        g, s = m.group, m.sentence
        another = g.single and g.further and g.head is None and not g.pronoun  # "killed a soldier and wounded another"
        if another and (last := next((o for o in reversed(before) if o.sentence is s and o.group.j <= g.i), None)):
            return last if last.group.head is not None and not last.group.definite else None
        if not g.numbered or not (g.head is None or s.words[g.head.i] in self.t.elliptic):
            return None
        further = not self.t.elliptic.isdisjoint(s.words[max(0, g.i - 1) : g.j])
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
        return best[0].actor if best else self._camps.of_noun(s.words[:i])

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
            said = before and any(before[-1].j <= h.i < m.group.i and "quote_verbs" in h.roles for h in s.common)
            return before[-1].actor if before and not said else None
        return None

    def _commanded(self, m: Mention) -> bool:
        """ "the commander said eight of his men": men who are somebody's are soldiers."""
        head = m.group.head
        return head is not None and m.sentence.words[head.i - 1] in self.t.possessives

    def victims(self, m: Mention, before: Sequence[Mention]) -> str | None:
        """civilian or military: from their noun, a noun behind the cue, or, for "two more", the people before."""
        g, s = m.group, m.sentence
        if g.victims:
            return g.victims
        if g.head is not None and s.words[g.head.i] in self.t.men and self._commanded(m):
            return "military"
        if g.head is None and m.i == g.j:
            for hit in s.of_role(KIND, "people_many"):
                if hit.i == m.j and hit.roles["people_many"].value != "any":
                    return hit.roles["people_many"].value
        if m.rule == "tally" and g.head is None:
            counted = [h.j for h in s.of_role(KIND, "number_of") if h.j <= m.i]
            for hit in s.of_role(KIND, "people_many"):
                if 0 <= hit.i - m.i <= 3 or any(0 <= hit.i - j <= 2 for j in counted):
                    value = hit.roles["people_many"].value
                    return None if value == "any" else value
        if any(g.i <= h.i < g.j for h in s.of_role("common", "groups")) and any(
            a.form is Form.GROUP for a in s.named if g.i <= a.i < g.j
        ):
            return "military"
        behind = next((h for h in s.of_role(KIND, "people_many") if m.j < h.i <= m.j + 5), None)
        if g.head is None and behind is not None and s.words[m.j] in self.t.among:
            value = behind.roles["people_many"].value  # "three dead among its own troops"
            return None if value == "any" else value
        nobody = g.head is None or s.words[g.head.i] in self.t.men
        if nobody and (self._fighters_had(m) or (g.j <= m.i and self._in_action(m))):
            return "military"
        other = self.elided(m, before) or self._some_of(m, before)
        if other is None:
            return None
        return other.group.victims or self.victims(other, before[: before.index(other)] if other in before else ())

    def _some_of(self, m: Mention, before: Sequence[Mention]) -> Mention | None:
        """ "Six soldiers were killed ... Four died at once": the larger number, in the sentence before, of which a bare
        one of the same harm opens its sentence."""
        g, s = m.group, m.sentence
        other = before[-1] if before else None
        if other is None or g.head is not None or not g.numbered or not g.count:
            return None
        near = other.sentence.index == s.index - 1 and other.sentence.field == s.field
        return other if near and other.harm == m.harm and (other.group.count or 0) > g.count else None

    def _in_action(self, m: Mention) -> bool:
        """ "100 killed in action"."""
        return not self.t.action.isdisjoint(m.sentence.words[m.i : m.j + 2])

    def _fighters_had(self, m: Mention) -> bool:
        """ "the rebels had six dead"."""
        i, s = self._had_at(m), m.sentence
        return i > 0 and not (self.t.armed | self.t.resisting).isdisjoint(s.words[self._subject_of(s, i) : i])
