"""Whose "soldiers" and "rebels" are that nothing beside them says: of the item's one army, or its one armed group.

"Thirteen soldiers were wounded, the Nigerian military said": an item that tells of one country's forces means these by
every soldier and policeman; one that names a single armed group means it by every rebel. Of two, none is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.actors import Actor, Form
from monitor.language.document import Document, Sentence, lazy
from monitor.language.lexicon import COMMON
from monitor.language.places import COUNTRY, bare, country_of, level_of, readings

#: tokens between a country's name and that of its forces: "Sri Lankan government troops"
NEAR = 2
#: tokens between what struck and the "by" that tells whose it was
STRUCK = 5
_GROUPS = frozenset((Form.GROUP,))
_STATES = frozenset((Form.COUNTRY, Form.DEMONYM, Form.PEOPLE, Form.CAPITAL, Form.SEAT))


class Camps:
    """The armed sides of one document."""

    def __init__(self, document: Document, tables: Tables) -> None:
        self.d, self.t = document, tables

    def side(self, m: Mention, place: str | None) -> str | None:
        """Whose fighters a mention tells of by its noun alone, ``place`` being where it happened; None where the item
        leaves it open, or the only army did it to them or stands in another country."""
        head = m.group.head
        if head is None:
            return None
        noun = m.sentence.words[head.j - 1]
        if noun in self.t.state_forces:
            own = None if self._by_forces(m) else self.army
            return None if own is None or self._did_it(m, own) or self._abroad(place, own) else own
        if noun in self.t.rebels and not self._by_group(m):
            return self.group
        return None

    def _by_forces(self, m: Mention) -> bool:
        """ "two personnel were taken into custody by the commandos": whoever they are, they are not their captors'."""
        words = m.sentence.words[m.j : m.j + 1 + STRUCK] if m.harm == "captured" else ()
        return not self.t.agents.isdisjoint(words[:1]) and not self.t.armed.isdisjoint(words[1:])

    def of_noun(self, words: Sequence[str]) -> str | None:
        """Whose the army, ministry or fighters are that the last noun of some words names, where no name does."""
        for word in reversed(words):
            if word in self.t.forces or word in self.t.powers or word in self.t.state_forces:
                return self.army
            if word in self.t.rebels:
                return self.group
        return None

    def _did_it(self, m: Mention, army: str) -> bool:
        """ "the X army said it had killed 13 soldiers": their own army did not lose those whom it killed."""
        s = m.sentence
        subject = m.i - 1 - (m.i > 1 and s.words[m.i - 1] in self.t.having)
        if m.rule != "verb, then people" or subject < 0 or s.words[subject] not in self.t.possessives:
            return False
        return any(a.actor == army and a.j <= subject for a in s.named)

    def _abroad(self, place: str | None, army: str) -> bool:
        """Whether a place is in another state than the army's: by its name, or by that of a state that the item names
        where several states have such a place."""
        if place is None or country_of(place, self.d.lexicon) in (None, army):
            return False
        if level_of(place, self.d.lexicon) == COUNTRY:
            return True
        there = {r.country for r in readings(bare(place, self.d.lexicon))}
        if army in there or not there:
            return False
        return len(there) == 1 or any(a.actor in there for s in self.d.sentences for a in s.named)

    def _by_group(self, m: Mention) -> bool:
        """ "X said it had killed four rebels": the one group is whose enemies they are."""
        groups = (a for a in m.sentence.named if a.form is Form.GROUP)
        return m.rule == "verb, then people" and any(a.j <= m.i for a in groups)

    @lazy
    def army(self) -> str | None:
        """The state whose forces the item tells of, or the only one that it names; None where there are several."""
        if any(s.has(self.t.allied) for s in self.d.sentences):
            return None
        named = [(s, a) for s in self.d.sentences if s.has(self.t.forces) for a in self._with_forces(s)]
        if any(self._strikes(s, a) for s, a in named):
            return None
        armies = {a.actor for _, a in named}
        if armies:
            return armies.pop() if len(armies) == 1 else None
        return self._only(_STATES, self.d.sentences)

    @lazy
    def group(self) -> str | None:
        """The armed group that the item names; None where there are several."""
        return self._only(_GROUPS, [s for s in self.d.sentences if s.of_role(COMMON, "groups")])

    def _only(self, forms: frozenset[Form], sentences: Sequence[Sentence]) -> str | None:
        """The one actor of some forms that some sentences name; None where they name several, or none."""
        found = None
        for s in sentences:
            for a in s.named if s.capitals else ():
                if a.form in forms and not a.compound and a.actor != found:
                    if found is not None:
                        return None
                    found = a.actor
        return found

    def _with_forces(self, s: Sentence) -> Iterator[Actor]:
        """ "the Philippine army", "Burkina Faso's armed forces", "Armed Forces of the Philippines": states."""
        for a in s.named:
            if a.form not in _STATES or a.compound:
                continue
            k = a.i - 1
            while k > 0 and s.words[k] in self.t.articles:
                k -= 1
            of = k > 0 and s.words[k] in self.t.genitives and s.words[k - 1] in self.t.forces
            if of or not self.t.forces.isdisjoint(s.words[a.j : a.j + 1 + NEAR]):
                yield a

    def _strikes(self, s: Sentence, a: Actor) -> bool:
        """ "the shelling by the X army": an army whose strikes are told of; those whom they hit are not its own."""
        if not a.i or not self.t.agents & {*s.words[max(0, a.i - 2) : a.i]}:
            return False
        return any(0 < a.i - h.j <= STRUCK for h in s.of_role(KIND, "incidents"))
