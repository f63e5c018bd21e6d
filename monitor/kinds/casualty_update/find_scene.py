"""What the sentences behind a mention tell of its incident: "A bomb killed nine. It went off in X on Sunday"."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.casualty_update.find_aside import Aside
from monitor.kinds.casualty_update.find_spots import SURE
from monitor.kinds.casualty_update.find_tables import MOVED, Tables
from monitor.kinds.casualty_update.find_ties import REACH, Mention
from monitor.language.document import Document, Sentence
from monitor.language.places import CITY, COUNTRY, DISTRICT, REGION, SPECIFIC, UNKNOWN, Place, contains

#: sentences looked ahead at for the town and the day of an incident
AHEAD = 4
#: how far a place counts as fetched that was told behind the mention
BEHIND = 4
_TOWNS = (CITY, DISTRICT, UNKNOWN)


class Scene(Aside):
    """Follows an incident through the sentences behind a mention of it."""

    def __init__(self, document: Document, tables: Tables) -> None:
        super().__init__(document, tables)
        #: sentence -> what it tells
        self.told: dict[int, list[Mention]] = {}
        #: sentence -> whether it goes on about an incident
        self._goes_on: dict[int, bool] = {}

    def behind(self, m: Mention) -> Iterator[Sentence]:
        """The sentences behind a mention that go on about an incident, up to where another one's people are told."""
        if not self.t.many_incidents.isdisjoint(m.sentence.words) or not (m.group.numbered or m.group.single):
            return  # "two separate attacks"; people without a number may be those of several
        for s in self.d.sentences[m.sentence.index + 1 : m.sentence.index + 1 + AHEAD]:
            if not self.t.apart.isdisjoint(s.words) or any(self._others_than(m, o) for o in self.told.get(s.index, ())):
                return
            if s.index not in self._goes_on:
                self._goes_on[s.index] = self._happened(s) and not self.t.hits(s, "periods")
            if self._goes_on[s.index]:
                yield s

    def _happened(self, s: Sentence) -> bool:
        """Whether a sentence names an incident, and no "could" or "planned" right before one."""
        incidents = self.incidents(s)
        unreal = self.t.hits(s, "unreal") if incidents else ()
        return bool(incidents) and not any(0 <= h.i - u.j <= REACH for u in unreal for h in incidents)

    def same_incident(self, m: Mention, s: Sentence) -> bool:
        """Whether a sentence names an incident as one that was told: "the attack", "the Thursday evening raid", or by
        the noun that the mention's own sentence has."""
        own = {w for h in self.incidents(m.sentence) for w in m.sentence.words[h.i : h.j]}
        for h in self.incidents(s):
            if not own.isdisjoint(s.words[h.i : h.j]):
                return True
            if not self.t.definite.isdisjoint(s.words[max(0, h.i - 3) : h.i]):
                return True
        return False

    def _others_than(self, m: Mention, o: Mention) -> bool:
        """Whether another mention's people are not those of a mention."""
        if o.harm != m.harm or o.group.count is None:
            return False
        if m.group.count is None:
            return o.group.count < (m.group.low or 0)
        return o.group.count != m.group.count

    def town_behind(self, m: Mention, told: Place) -> Place | None:
        """ "A bomb killed nine in northern Iraq. It went off in the town of X": the town of the incident in the first
        sentence that names one, where it lies in the region or country that the mention has."""
        if told.level not in (COUNTRY, REGION) or m.harm in MOVED:
            return None
        for s in self.behind(m):
            if any(o.harm in MOVED for o in self.told.get(s.index, ())):
                continue  # "residents fled to X"
            towns = {
                c.place.name: c.place
                for c in self.candidates(s)
                if c.place.certain and c.bonus >= SURE and (c.place.level in _TOWNS or self._within(c.place, told))
            }
            if not towns:
                continue
            nearest = max(SPECIFIC[p.level] for p in towns.values())
            found = [p for p in towns.values() if SPECIFIC[p.level] == nearest]
            if len(found) != 1:
                return None
            town = found[0]
            return town if town.country is None or contains(told.name, town.name, self.d.lexicon) else None
        return None

    def _within(self, p: Place, told: Place) -> bool:
        """Whether a region is told behind a mention that has no more than a country."""
        return told.level == COUNTRY and p.level == REGION
