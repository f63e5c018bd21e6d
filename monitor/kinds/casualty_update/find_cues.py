"""Harm cues of a sentence: the words that say what happened to people, neighbours joined ("killed and wounded")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.kinds.casualty_update.find_tables import CUES, KIND, MANY, ONE, Tables
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.phrases import Entry

#: harm of a tally that names none
SAME = "same"


@dataclass(slots=True)
class Cue:
    """A harm word, or several joined ones ("killed and wounded"): tokens[i:j]."""

    i: int
    j: int
    harms: frozenset[str]
    role: str
    entry: Entry
    #: the one harm that these are; "" for a verb whose tail tells it
    harm: str = field(init=False)

    def __post_init__(self) -> None:
        if len(self.harms) == 1:
            (self.harm,) = self.harms
        else:
            self.harm = _together(self.harms) if self.harms else ""


def _together(harms: frozenset[str]) -> str:
    """One harm for several that befell the same people."""
    if harms & {"killed", "wounded"}:
        return "casualties" if len(harms) > 1 else next(iter(harms))
    return min(harms)


_ORDER = (
    "harm_of",
    "harm_people_only",
    "tolls",
    "harm_verbs",
    "harm_befalls",
    "harm_adjectives",
    "harm_falls",
    "harm_nouns",
    "harm_losses",
    "harm_with_tail",
)


def _told_by(roles: Mapping[str, Entry]) -> tuple[frozenset[str], str, Entry] | None:
    """What a phrase of some roles tells: harms, the role that does, its entry; None where it is no cue."""
    for role in _ORDER:
        entry = roles.get(role)
        if entry is None:
            continue
        if role == "harm_with_tail":
            # "forces" are mostly soldiers
            return (frozenset(), role, entry) if {ONE, MANY}.isdisjoint(roles) else None
        harm = "casualties" if role == "harm_losses" else entry.value
        return frozenset((harm,)), role, entry
    return None


class Cues:
    """Reads the cues of one sentence."""

    def __init__(self, sentence: Sentence, tables: Tables) -> None:
        self.s, self.words, self.t = sentence, sentence.words, tables

    def read(self) -> list[Cue]:
        """Harm cues in order, neighbours of one role joined."""
        cues: list[Cue] = []
        pending: Cue | None = None
        for hit in self.s.of_roles(KIND, CUES):
            cue = self._one(hit)
            if cue is None:
                continue
            if pending is not None and self._joins(pending, cue):
                pending = Cue(pending.i, cue.j, pending.harms | cue.harms, cue.role, cue.entry)
                continue
            if pending is not None:
                cues.append(pending)
            pending = cue
        if pending is not None:
            cues.append(pending)
        return cues

    def _one(self, hit: Hit) -> Cue | None:
        tail = hit.roles.get("harm_tails")
        if (
            tail is not None
            and hit.i
            and self.words[hit.i] in self.t.infinitive
            and self.words[hit.i - 1] in self.t.having
        ):
            return Cue(hit.i, hit.j, frozenset((tail.value,)), "harm_befalls", tail)  # "had to abandon their homes"
        if "harm_shelters" in hit.roles:
            return self._sheltered(hit)
        known = self.t.cues.get(id(hit.roles))
        if known is None:
            known = self.t.cues[id(hit.roles)] = hit.roles, _told_by(hit.roles)
        told = known[1]
        return Cue(hit.i, hit.j, *told) if told is not None else None

    def _sheltered(self, hit: Hit) -> Cue | None:
        """ "are in 209 evacuation centres": those who stay in so many of them have left their homes."""
        number = next((q for q in self.s.quantities if q.j == hit.i), None)
        if number is None or not number.i or self.words[number.i - 1] not in self.t.locative:
            return None
        entry = hit.roles["harm_shelters"]
        return Cue(number.i - 1, hit.j, frozenset((entry.value,)), "harm_adjectives", entry)

    def _has_object(self, cue: Cue) -> bool:
        """Whether a number or article follows: the object of an active verb."""
        following = self.words[cue.j : cue.j + 1]
        return bool(following) and (following[0] in self.t.articles or any(q.i == cue.j for q in self.s.quantities))

    def _joins(self, a: Cue, b: Cue) -> bool:
        verbal = {"harm_verbs", "harm_people_only", "harm_adjectives", "harm_nouns"}
        if a.role not in verbal or b.role not in verbal or not a.harms or not b.harms:
            return False
        if a.role != "harm_verbs" and b.role == "harm_verbs" and self._has_object(b):
            return False  # "shot two dead and hurt a dozen"
        between = self.words[a.j : b.i]
        if not between:
            return a.entry.forms == b.entry.forms and bool(a.entry.forms)
        return (
            len(between) <= 2 and all(w in self.t.joints or w in self.t.adverbs for w in between) and between[0] != "-"
        )
