"""What a sentence says of a meeting beside its parties: how far it has come, when, where, how, which round."""

from __future__ import annotations

import datetime as dt

from monitor.kinds.talk_round.find_parties import Found
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import SPECIFIC, Place
from monitor.language.quantities import Sort

#: cues of a status look this many tokens to each side of the trigger
WINDOW = 14
#: a cue that settles the matter outranks one that merely colours it
_ORDER = ("cancelled", "planned", "proposed", "ongoing", "held")
_FUTURE = ("planned", "proposed")


class Course:
    """Reads the other slots around one trigger."""

    def __init__(self, sentence: Sentence, hit: Hit, parties: Found) -> None:
        self._s, self._hit, self._parties = sentence, hit, parties
        self._section = sentence.document.lexicon.section("talk_round")

    def status(self) -> str | None:
        """How far the talks have come; None where they are only a topic."""
        verb = self._of_verb()
        near = self._cues()
        if verb == "held" and not {"cancelled"} & near.keys():
            return verb
        for name in _ORDER:
            if name in near and near[name] <= WINDOW:
                if name == "proposed" and "held" in near and near["held"] < near["proposed"]:
                    continue
                if name == "planned" and "held" in near and near["held"] < near["planned"]:
                    continue
                return name
        return verb or "ongoing"

    def _cues(self) -> dict[str, int]:
        """Status -> tokens between its nearest cue and the trigger."""
        found: dict[str, int] = {}
        for hit in self._s.hits("talk_round"):
            entry = hit.roles.get("status")
            if entry is None or hit is self._hit:
                continue
            distance = self._hit.i - hit.j if hit.j <= self._hit.i else hit.i - self._hit.j
            found[entry.value] = min(found.get(entry.value, distance), distance)
        return found

    def _of_verb(self) -> str | None:
        """The tense of a verb of meeting: "met" was held, "will meet" is told by its cue, "meets" goes on."""
        entry = self._hit.roles.get("meet_verbs") or self._hit.roles.get("speak_verbs")
        if entry is None:
            return None
        if entry.forms & {"past", "participle"} and "base" not in entry.forms:
            return "held"
        return "ongoing" if "ing" in entry.forms else "planned" if "base" in entry.forms else "held"

    def day(self, status: str) -> dt.date | None:
        """The day named nearest to the trigger."""
        published = self._s.document.published
        days = sorted(self._s.days, key=lambda day: min(abs(day.i - self._hit.j), abs(self._hit.i - day.j)))
        for day in days:
            found = day.on(published, future=status in _FUTURE)
            if found is not None:
                return found
        return None

    def place(self) -> str | None:
        """The most specific place that a preposition puts the talks in."""
        best: Place | None = None
        for place in self._s.places:
            if place.preposition is None or place.attributive or not place.certain:
                continue
            if best is None or SPECIFIC[place.level] > SPECIFIC[best.level]:
                best = place
        return best.name if best is not None and self.mode() not in ("phone", "video") else None

    def mode(self) -> str | None:
        """As said; a place implies that they sat together."""
        for role in ("talk_nouns",):
            entry = self._hit.roles.get(role)
            if entry is not None and entry.value != "any":
                return entry.value
        for hit in self._s.hits("talk_round"):
            entry = hit.roles.get("modes")
            if entry is not None:
                return entry.value
        if "speak_verbs" in self._hit.roles:
            return "phone"
        placed = any(p.preposition is not None and p.certain and not p.attributive for p in self._s.places)
        return "in_person" if placed or "meet_verbs" in self._hit.roles else None

    def round(self) -> int | None:
        """ "The third round of talks"."""
        nouns = self._section.words("rounds")
        for quantity in self._s.quantities:
            if quantity.sort is Sort.ORDINAL and any(w in nouns for w in self._s.words[quantity.j : quantity.j + 3]):
                return quantity.count
        return None

    def mediators(self) -> set[str]:
        """Who brings others together: "UN-brokered", "mediated by Norway", "Turkey hosted talks between"."""
        found: set[str] = set()
        participles = self._section.words("mediator_participles")
        phrases = [h for h in self._s.hits("talk_round") if "mediator_words" in h.roles]
        verbs = [h for h in self._s.hits("talk_round") if "mediate_verbs" in h.roles]
        for actor in self._s.actors:
            behind = self._s.words[actor.j : actor.j + 2]
            if len(behind) == 2 and behind[0] in "-–" and behind[1] in participles:
                found.add(actor.actor)
            if any(0 <= actor.i - h.j <= 3 for h in phrases) or any(0 <= h.i - actor.j <= 3 for h in verbs):
                found.add(actor.actor)
        return found

    def outcome(self) -> str | None:
        """The text's own words on the result: from the verb of outcome to the end of its clause."""
        for hit in self._s.hits("talk_round"):
            if "outcome_verbs" in hit.roles and hit.i >= self._hit.j and hit.i - self._hit.j <= 10:
                end = next(
                    (k for k in range(hit.j, len(self._s)) if self._s.words[k] in (",", ";", ".", "”")), len(self._s)
                )
                start, stop = self._s.span(hit.i, end)
                return self._s.document.source(self._s.field)[start:stop]
        return None
