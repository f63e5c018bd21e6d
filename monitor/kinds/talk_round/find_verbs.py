"""Who meets whom by a verb: "A met B", "they spoke", "A and B gathered", "C brought A and B together"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.kinds.talk_round.find_attach import is_first_time
from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_gate import BY
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_visits import Visits
from monitor.kinds.talk_round.find_words import KIND
from monitor.language.actors import is_state

#: tokens from a verb to its "with"
_VERB_REACH = 12
#: tokens between a subject and its verb, and in an apposition between them
_NEAR, _APPOSED = 9, 24
#: tokens between a verb of bringing and "together"
_BRING = 16
#: sentences back in which those who gather were told of
_RECENT = 2
#: tokens behind "spent" in which its hours stand
_STRETCH = 8
#: tokens between a verb of speaking and its "minutes with"
_SPOKEN = 10


def _acts(side: Side) -> bool:
    """Whether a side is somebody: persons, or a group, whose name is no code of a state."""
    return side.person or not is_state(side.actor)


class Verbs(Visits):
    """Reads the parties around a verb of meeting."""

    def _of_verb(self) -> Found | None:
        roles = self._hit.roles
        if is_first_time(self._s, self._hit.i, self._w):
            return None  # "the first time that the two have met since": the meeting that the item tells
        if "gather_verbs" in roles:
            return self._together("they gather")
        if "joint_verbs" in roles and "speak_verbs" not in roles:
            return self._jointly()
        needs = "speak_verbs" in roles
        if "time_nouns" in roles and self._is_spoken():
            return None  # "spoke for 40 minutes with": the verb tells it
        if (
            "person_verbs" in roles
            and self._s.words[self._hit.j : self._hit.j + 1]
            and self._told_here()
            and (self._s.words[self._hit.j] in self._w.by_words)
        ):
            return None  # "met X, joined by Y"
        if "person_verbs" in roles and self._hit.i and self._s.words[self._hit.i - 1] in self._w.relatives:
            return None  # "a week that saw X and Y in Rome"
        start = self._object_start(needs)
        if start is None:
            return self._together("they speak")
        if self._s.words[self._hit.j - 1] in self._w.to_words and self._goal(start) is not None:
            return self._of_visit()  # "paid a visit to Rome", where "to" somebody would be a meeting
        if "call_verbs" in roles and start < len(self._s) and self._s.words[start] in self._w.of_words:
            return None  # "the phones of"
        objects = self._group(start)
        if not objects and "call_verbs" not in roles and (found := self._referred(start)) is not None:
            return found
        if self._needs_person() and (not objects or not objects[0].person or self._next < objects[0].i):
            return None
        if self._needs_person() and not self._w.of_words.isdisjoint(self._s.words[start : objects[0].i]):
            return None  # "welcomed the efforts of"
        if not self._is_call(objects):
            return None
        met = {side.actor for side in objects}
        subject = self._subject(self._hit.i, met)
        if objects:
            if not subject and (found := self._with_speaker(met, objects)) is not None:
                return found
            if (
                found := self._two([*subject, *objects], "subject meets object", 0.9, frozenset(), objects)
            ) is not None:
                return self._hosted(objects, subject) or self._one_by_one(found, subject, objects)
            return self._with_speaker(met, objects)
        return self._together("they meet") if "meet_verbs" in roles and self._next > self._hit.j + 3 else None

    def _hosted(self, objects: Sequence[Side], subject: Sequence[Side]) -> Found | None:
        """ "welcomed the Chadian and Libyan delegations": who receives the missions of several brings them together."""
        host, names = {side.actor for side in subject}, {side.actor for side in objects}
        sent = self._w.missions.intersection(self._s.words[objects[0].i : objects[-1].j])
        if "person_verbs" not in self._hit.roles or not sent or len(names) < 2 or names & host:
            return None
        return self._two(objects, "hosts the missions of several", 0.8, frozenset(host), objects)

    def _referred(self, start: int) -> Found | None:
        """ "received him", "hosted the two leaders": the object is somebody told of before."""
        subject = self._subject(self._hit.i, set())
        acting = {side.actor for side in subject}
        if not acting or start >= len(self._s):
            return None
        if self._s.words[start] in self._w.object_pronouns:
            whom = self._memory.whom(self._s, self._hit.i, acting)
            return self._names([*acting, *whom], "meets somebody told of before", 0.68) if whom else None
        if self._collective(start, start + 2):
            both = self._told_of(start, start + 2)
            if "person_verbs" in self._hit.roles:
                return self._names(both, "hosts those told of before", 0.66, frozenset(acting))
            return self._names([*acting, *both], "meets those told of before", 0.66) if both else None
        return None

    def _one_by_one(self, found: Found, subject: Sequence[Side], objects: Sequence[Side]) -> Found | None:
        """ "saw A and then B", "rang A and B": two meetings."""
        if (several := self._with_each(found, subject, objects)) is not None:
            return several
        words = self._s.words
        apart = "call_verbs" in self._hit.roles or any(
            w in self._w.apart for a, b in pairwise(objects) for w in words[a.j : b.i]
        )
        around = {*words[self._hit.i - 1 : objects[0].i], *words[objects[-1].j : objects[-1].j + 2]}
        apart = apart or not self._w.separate.isdisjoint(around)
        names = list(dict.fromkeys(side.actor for side in objects))
        own = {side.actor for side in subject}
        if not apart or len(names) < 2:
            return found
        if not own:
            return None  # "meeting A, and then B": nobody says who met them
        return replace(found, each=tuple(self._alone(found, own, name) for name in names if name not in own))

    def _alone(self, found: Found, own: set[str], name: str) -> Found:
        return replace(found, parties=tuple(sorted({*own, name})))

    def _jointly(self) -> Found | None:
        """ "The presidents of A and B signed ... in C": persons of several sides who do one thing in one place."""
        subject = self._with_him(self._subject(self._hit.i, set()))
        treaty = self._s.words[self._hit.i] in self._w.treaty
        if treaty and len(subject) == 1 and (found := self._signed_with(subject)) is not None:
            return found
        if len(subject) < 2 or not (treaty or any(map(_acts, subject))):
            return None
        if any("time_nouns" in h.roles and 0 < h.i - self._hit.i <= _STRETCH for h in self._s.hits(KIND)):
            return None
        if any(side.described for side in subject) or not self._reaches(subject[-1].j, self._hit.i):
            return None
        found = self._two(subject, "they act together in one place", 0.6)
        j = self._hit.j
        long = not self._w.stretches.isdisjoint(self._s.words[j : j + _STRETCH])
        if found is None:
            return None
        known = any(told.parties == found.parties for told in self._memory.meetings)
        return replace(found, scene=not long, echo=known)  # what those agree on who meet is no second meeting

    def _signed_with(self, subject: Sequence[Side]) -> Found | None:
        """ "after signing a treaty with X in Y": a person who was there."""
        near = self._after(self._hit.j, self._w.with_words, _VERB_REACH)
        objects = self._group(near + 1) if near is not None else []
        if not objects or not objects[0].person:
            return None
        found = self._two([*subject, *objects], "signs with somebody in one place", 0.65, frozenset(), objects)
        return replace(found, scene=True) if found is not None else None

    def _with_him(self, subject: list[Side]) -> list[Side]:
        """ "He and the Irish premier": who is told of before, with whom the sentence names."""
        words, first = self._s.words, subject[0].i if subject else 0
        while first and (words[first - 1] in self._w.articles or words[first - 1] in self._w.pronouns):
            first -= 1  # "he and his counterpart"
        if len(subject) != 1 or first < 2 or words[first - 1] not in self._w.ands:
            return subject
        who = self._memory.speaker(self._s) if words[first - 2] in self._w.personal else None
        return [replace(subject[0], actor=who, person=True), *subject] if who is not None else subject

    def _is_spoken(self) -> bool:
        return any("speak_verbs" in h.roles and 0 <= self._hit.i - h.j <= _SPOKEN for h in self._s.hits(KIND))

    def _needs_person(self) -> bool:
        """Whether the verb tells of a meeting only where its object is a person."""
        return not {"person_verbs", "call_verbs", "time_nouns"}.isdisjoint(self._hit.roles)

    def _is_call(self, objects: Sequence[Side]) -> bool:
        """ "called X on Monday", not "called X a liar"; "called on X in Kabul", not "called on X to resign"."""
        entry = self._hit.roles.get("call_verbs")
        if entry is None or entry.value == "phone" or not objects:
            return True
        end = objects[-1].j
        end = next((day.j for day in self._s.days if end <= day.i <= end + 1), end)  # "called on X on Sunday to resign"
        if entry.value == "visit" and not self._w.to_words.isdisjoint(self._s.words[end : end + 1]):
            return False
        behind = self._s.words[objects[-1].j] if objects[-1].j < len(self._s) else "."
        return behind in self._w.call_ends and (entry.value == "loose" or behind not in self._w.to_words)

    def _object_start(self, needs: bool) -> int | None:
        """Where the object of the verb begins, behind its "with" or "by"; None where it needs one and has none."""
        j, roles = self._hit.j, self._hit.roles
        if needs and not self._w.of_words.isdisjoint(self._s.words[j : j + 1]) and self._next < j + _VERB_REACH:
            return None  # "spoke of talks to be held with X"
        if needs or "meet_verbs" in roles:
            near = self._after(j, self._w.with_words, _VERB_REACH)
            if near is None and needs:
                near = self._after(j, self._w.to_words, 3)
            if near is not None and not any(side.i < near and side.i >= j and not side.place for side in self._sides):
                return near + 1
            return None if needs else j
        if "person_verbs" in roles and self._hit.i and self._s.words[self._hit.i - 1] in self._w.auxiliaries:
            by = self._after(j, self._w.by_words, BY)
            return by + 1 if by is not None else j  # "was received with honours by"
        if "person_verbs" in roles and j < len(self._s) and self._s.words[j] in self._w.by_words:
            return j + 1
        return j

    def _brought(self) -> Found | None:
        """ "brought A and B together", "brought the leaders of A and B to C"."""
        joined = next((h for h in self._s.hits(KIND) if h.i == self._hit.j and "bring_ends" in h.roles), None)
        objects = self._group(self._hit.j if joined is None else joined.j)
        names = {side.actor for side in objects}
        if not names and self._collective(self._hit.j, self._hit.j + 2):
            both = self._told_of(self._hit.j, self._hit.j + 2)
            thirds = frozenset(side.actor for side in self._subject(self._hit.i, set(both)))
            return self._names(both, "those told of before are brought together", 0.66, thirds - set(both))
        if len(names) < 2:
            return None
        who = frozenset(side.actor for side in self._subject(self._hit.i, names)) - names
        end = objects[-1].j
        found = self._two(objects, "brought together", 0.8, who, objects)
        to = joined is not None or any(
            "bring_ends" in h.roles and end <= h.i <= end + _BRING for h in self._s.hits(KIND)
        )
        goal = next((p for p in self._s.places if p.begin == end and p.preposition in self._w.to_words), None)
        return replace(found, scene=not to, place=goal) if found is not None else None

    def _with_speaker(self, met: set[str], objects: Sequence[Side]) -> Found | None:
        behind = self._behind(objects[-1].j, met)
        if behind is not None:
            found = self._two([behind, *objects], "after meeting, subject behind", 0.75, frozenset(), objects)
            return replace(found, framed=self._hit.i == 0) if found is not None else None
        speaker = self._memory.speaker(self._s)
        if speaker is not None and speaker not in met and self._has_pronoun():
            found = self._names([speaker, *met], "met by the one named before", 0.72)
            return replace(found, told=True) if found is not None else None
        return None

    def _together(self, rule: str) -> Found | None:
        """ "X and Y met", "the two leaders spoke"."""
        i = self._hit.i
        entry = self._hit.roles.get("speak_verbs")
        if (
            entry is not None
            and entry.forms == {"base"}
            and self._s.field == "text"
            and not any("modals" in h.roles and i - 6 <= h.i < i for h in self._s.hits(KIND))
        ):
            return None  # "both sides speak every day"
        if (urged := self._urged_to()) is not None:
            return urged
        subject = self._with_him(self._subject(i, set()))
        if not subject and "gather_verbs" in self._hit.roles and (last := self._memory.last(self._s, _RECENT)):
            return self._names(last, "those told of before gather", 0.6)
        near = bool(subject) and self._reaches(subject[-1].j, i)
        if near and (found := self._two(subject, rule, 0.85)) is not None:
            return found
        if self._collective(max(0, i - 7), i) and not self._is_told(max(0, i - 7), i):
            found = self._names(self._told_of(max(0, i - 7), i), "the two told of before meet", 0.68)
            return replace(found, told=True) if found is not None else None
        if not subject and "meet_verbs" in self._hit.roles and self._is_crowd(i):
            return self._names(self._memory.both(self._s, i), "officials of the two told of before meet", 0.55)
        if not near and not self._w.plural.isdisjoint(self._s.words[max(0, i - 5) : i]):
            found = self._names(self._memory.they(self._s, i), "they, told of before, meet", 0.66)
            return replace(found, told=True) if found is not None else None
        if not near and self._has_pronoun() and (last := self._memory.last(self._s, 0)):
            return self._names(last, "they, told of in the sentence, meet", 0.66)
        return None

    def _urged_to(self) -> Found | None:
        """ "X urged the leaders of A and B to meet": who is urged, and not who urges."""
        i, words = self._hit.i, self._s.words
        if not i or words[i - 1] not in self._w.to_words:
            return None
        told = next((k for k in range(i - 2, max(0, i - _APPOSED), -1) if words[k] in self._w.tell), None)
        group = self._group(told + 1) if told is not None else []
        near = bool(group) and group[-1].j <= i <= group[-1].j + 2
        return self._two(group, "those whom a third urges meet", 0.75) if near else None

    def _is_told(self, low: int, i: int) -> bool:
        """ "X urged the rivals to meet": whom somebody tells to, who is none of them."""
        hit = self._collectives(low, i)
        if hit is None or self._w.tell.isdisjoint(self._s.words[max(0, hit.i - 2) : hit.i]):
            return False
        return bool({side.actor for side in self._subject(hit.i, set())} & set(self._told_of(low, i)))

    def _is_crowd(self, i: int) -> bool:
        """ "Local commanders met", "their envoys will meet": officials of several sides, which nobody names, as the
        subject of the verb at token i."""
        k = i
        while k and (self._s.words[k - 1] in self._w.auxiliaries or self._s.words[k - 1] in self._w.to_words):
            k -= 1
        word = self._s.words[k - 1] if k else ""
        return word in self._w.heads and word.endswith("s") and not any(side.j == k for side in self._sides)

    def _reaches(self, j: int, i: int) -> bool:
        """Whether a subject that ends at j is near its verb at i, an apposition between commas left out."""
        if i - j <= _NEAR:
            return True
        gap = self._s.words[j:i]
        if gap[0] not in (",", "(", ")"):
            return False
        last = max(k for k, w in enumerate(gap) if w in (",", ")"))
        return 0 < last <= _APPOSED and len(gap) - last <= _NEAR
