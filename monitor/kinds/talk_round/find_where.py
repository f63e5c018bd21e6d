"""Where a meeting is put, and how far a day or place stands from it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_words import KIND, NOUNS, Words
from monitor.language.actors import Form
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import CITY, SPECIFIC, UNKNOWN, Place

#: tokens that a clause border, and another meeting between, are worth in the distance of a day or place
_BORDER, _OTHER = 7, 14
#: farthest a day or place may be, in such tokens
FAR, VAGUE = 28, 14
#: tokens from "sidelines" to a noun
SETTING = 6
#: tokens from "on a" to "working visit"
_ON = 3
#: tokens from "to Kyiv for" to the noun
_PURPOSE = 7
#: tokens of a quotation that is no sentence
_QUOTED = 6
_MARKS = frozenset(("“", "”", '"'))
_GOALS = frozenset(("visit_verbs", "visit_nouns", "move_verbs"))
_MEETINGS = frozenset(("talk_nouns", "meet_verbs", "speak_verbs", "person_verbs", "time_nouns"))


class Where:
    """Reads the place around one trigger."""

    def __init__(self, sentence: Sentence, hit: Hit, parties: Found, words: Words, sides: list[Side]) -> None:
        self._s, self._hit, self._found, self._w, self._sides = sentence, hit, parties, words, sides
        self._section = sentence.document.lexicon.section(KIND)
        self._hits = sentence.hits(KIND)

    # --- distance ---

    def _distance(self, i: int, j: int) -> int:
        """How far tokens[i:j] are from the trigger, borders of clauses and other meetings counted in."""
        if i >= self._hit.j:
            low, high, far = self._hit.j, i, i - self._hit.j
        elif j <= self._hit.i:
            low, high, far = j, self._hit.i, self._hit.i - j + 2
        else:
            return 0
        low = max(low, min(self._found.end, high)) if i >= self._hit.j else low
        far = min(far, high - low + 3)
        if i >= self._hit.j and low < high and self._s.words[low] in self._w.relatives:
            low += 1  # "the talks that began on"
        words = self._s.words[low:high]
        if not self._w.breaks.isdisjoint(words):
            far += _BORDER * (sum(w in self._w.breaks for w in words) - _quotes(words))
        far += (2 if i >= self._hit.j else 4) * words.count(",")
        if i >= self._hit.j:
            far -= _apposed(words, self._w)
        if j <= self._hit.i:
            far += _BORDER * self._and_verbs(low, high)
        others = [
            h
            for h in self._hits
            if low <= h.i < high
            and h.i != self._hit.i
            and not _MEETINGS.isdisjoint(h.roles)
            and h.j != self._hit.i  # "negotiation talks"
        ]
        others = [h for h in others if self._s.words[h.i] not in self._w.rounds and not self._is_setting(h)]
        far += (_OTHER if i >= self._hit.j else 2 * _OTHER) * len(others)
        if i >= self._hit.j:
            far += FAR * self._is_aside(low, high)
            if others and not self._w.conjunctions.isdisjoint(self._s.words[low : others[0].i]):
                far += FAR  # "agreed to meet again after talks in Rome": where the others were
        others_day = not others and (self._is_nearer_to_another(i, j) or self._is_before_clause(i, low, high))
        return far + (20 if others_day else 0)

    def _is_setting(self, hit: Hit) -> bool:
        """ "on the sidelines of the G7 summit", "while on a visit to Rome": where others meet, or what frames it."""
        if "visit_nouns" in hit.roles and not self._w.occasions.isdisjoint(self._s.words[max(0, hit.i - _ON) : hit.i]):
            return True
        return not self._w.settings.isdisjoint(self._s.words[max(0, hit.i - SETTING) : hit.i])

    def _is_occasion(self) -> bool:
        """ "in a phone call", "at a summit": what the sentence tells was done there and then."""
        return self._governor() in self._w.occasions

    def _governor(self) -> str:
        """The preposition that a noun's phrase hangs on, and no verb before it: not "take part in talks"."""
        k = self._hit.i - 1
        words, stops = self._s.words, self._w.prepositions | self._w.breaks
        while k >= 0 and words[k].isalpha() and words[k] not in stops:
            k -= 1
        if k <= 0 or self._s.words[k - 1] in self._w.auxiliaries or any(h.i < k < h.j for h in self._hits):
            return ""
        return self._s.words[k]

    def _is_aside(self, low: int, high: int) -> bool:
        """Whether somebody else's clause lies between: "... while a delegation was expected on Wednesday"."""
        k = next((k for k in range(low, high) if self._s.words[k] in self._w.asides), None)
        return k is not None and any(
            k < side.i < high and not side.place and side.actor not in self._found.parties for side in self._sides
        )

    def _is_before_clause(self, i: int, low: int, high: int) -> bool:
        """ "is to meet A on Wednesday, a day after talks with B": the day stands in the other meeting's clause."""
        words = self._s.words
        if i < self._hit.i and any(
            words[k] in self._w.conjunctions and words[k - 1] in self._w.spans for k in range(low + 1, high)
        ):
            return True  # "arrived on Monday, weeks after he had held talks"
        return (
            i < self._hit.i
            and not self._w.conjunctions.isdisjoint(self._s.words[low:high])
            and any(h.j <= i and not _MEETINGS.isdisjoint(h.roles) for h in self._hits)
        )

    def _and_verbs(self, low: int, high: int) -> int:
        """How often "and" begins a new predicate: "left on Sunday and is to see"."""
        words = self._s.words
        return sum(
            words[k] in self._w.ands and k + 1 < high and words[k + 1] in self._w.auxiliaries for k in range(low, high)
        )

    def _is_nearer_to_another(self, i: int, j: int, *, strict: bool = True) -> bool:
        """Whether tokens[i:j] stand nearer to another meeting before the trigger, where ``strict`` no loose noun."""
        if i >= self._hit.j:
            return False
        mine = self._hit.i - j
        return any(
            h.j <= i
            and h.j != self._hit.i
            and i - h.j < mine
            and not _MEETINGS.isdisjoint(h.roles)
            and not self._w.rounds & {self._s.words[h.i]}
            and not (strict and " ".join(self._s.words[h.i : h.j]) in self._w.loose)
            for h in self._hits
        )

    def _far(self, i: int, j: int) -> int:
        """How far tokens[i:j] are from the meeting: from its partner, where one verb tells of several meetings."""
        within = self._found.within
        if within is None or i < self._hit.i:
            return self._distance(i, j)
        if within[0] <= i < within[1]:
            return abs(i - self._found.end)
        told = [*(day.i for day in self._s.days), *(place.i for place in self._s.places)]
        own = any(max(within[0], self._hit.j) <= k < within[1] for k in told)
        return 2 * FAR if own else self._distance(i, j)

    # --- place ---

    def place(self, *, future: bool = False) -> Place | None:
        """The place that the text puts the meeting in: the nearest, a city before its country. One still to come
        is not where the meeting before it in the sentence has been."""
        if self._found.place is not None:
            return self._found.place
        best: tuple[int, int, Place] | None = None
        for place in (*self._s.places, *self._capitals()):
            if not self._holds(place) or (self._found.refers and place.begin > 0 and place.j <= self._hit.i):
                continue
            if future and self._is_nearer_to_another(place.begin, place.j, strict=False):
                continue
            far = self._far(place.i, place.j)
            key = (far - 2 * SPECIFIC[place.level] if place.level != UNKNOWN else far, place.i, place)
            if far <= FAR and (best is None or key[:2] < best[:2]):
                best = key
        owned = self._owned()
        if owned is not None and (best is None or best[0] > _OTHER):
            return owned
        return best[2] if best is not None else self._opening() or self._host()

    def _capitals(self) -> list[Place]:
        """ "in the British capital", where it is not named."""
        found = []
        nouns = self._s.document.lexicon.common.words("reference_nouns")
        for actor in self._s.actors:
            k, j = actor.i - 1, actor.j
            while actor.form is Form.SEAT and k > 0 and self._s.words[k] in self._w.articles:
                k -= 1
            owner = actor.j + actor.possessive
            if (
                actor.form is Form.COUNTRY
                and actor.possessive
                and self._s.words[owner : owner + 1] != []
                and (self._s.words[owner] in nouns and not any(owner < p.i <= owner + 3 for p in self._s.places))
            ):
                found.append(_capital(self._s, actor.i, owner + 1, actor.actor, max(k, 0)))
            free = actor.form in (Form.CAPITAL, Form.SEAT) and not any(p.i <= actor.i < p.j for p in self._s.places)
            if free and k >= 0:
                found.append(_capital(self._s, actor.i, j, actor.actor, k))
            if actor.form is not Form.DEMONYM or j >= len(self._s) or self._s.words[j] not in nouns:
                continue
            if any(j < place.i <= j + 3 for place in self._s.places):
                continue
            while k > 0 and self._s.words[k] in self._w.articles:
                k -= 1
            found.append(_capital(self._s, actor.i, j + 1, actor.actor, max(k, 0)))
        return found

    def _opening(self) -> Place | None:
        """ "In Caracas the two sides said ...": the place that opens the sentence holds for all of it."""
        place = self._s.places[0] if self._s.places else None
        return place if place is not None and place.begin == 0 and self._holds(place) else None

    def _host(self) -> Place | None:
        """ "Turkey hosted talks between": who is host has them at home."""
        for place in self._s.places:
            verb = next(
                (h for h in self._hits if "host_verbs" in h.roles and 0 <= h.i - place.j <= 12 and h.j <= self._hit.i),
                None,
            )
            home = place.level == "country" or any(a.i == place.i and a.form is Form.CAPITAL for a in self._s.actors)
            if verb is not None and place.preposition is None and home and not place.attributive:
                return place
        return None

    def _owned(self) -> Place | None:
        """ "the Geneva talks"."""
        if self._hit.roles.keys().isdisjoint(NOUNS):
            return None
        for place in self._s.places:
            if (
                0 <= self._hit.i - place.j <= 2
                and place.level not in ("country", "region", UNKNOWN)
                and self._s.words[place.j] != "'s"
            ):
                gap = self._s.words[place.j : self._hit.i]
                named = any(a.i == place.i and a.actor in self._found.parties for a in self._s.actors)
                if all(w.isalpha() and w not in self._w.function for w in gap) and not named:
                    return place
        return None

    def _holds(self, place: Place) -> bool:
        """Whether something is said to be in a place, and that may be a meeting."""
        s = self._s
        if place.reference:
            return False
        if place.preposition not in self._section.words("place_list"):
            return self._is_where(place) or self._is_left(place)
        if place.attributive and not self._is_venue(place):
            return False
        if place.preposition in self._w.to_words and not self._is_goal(place):
            return self._is_where(place)
        if self._is_owner(place) or self._is_home(place) or self._is_of_topic(place):
            return False
        k = place.begin - 1
        if (
            k < 0
            or s.words[k] not in self._section.words("held_elsewhere_list")
            or any(a.j > k >= a.i for a in s.actors)
        ):
            return True  # "the Rapid Support Forces in Rome"
        whose = next((a for a in s.actors if a.j == k and a.form is Form.DEMONYM), None)
        if whose is not None and place.level == CITY and place.country not in (None, whose.actor):
            return True  # "talks on the Syrian crisis in Geneva"
        return place.level == CITY and s.words[k] in self._section.words("made_there_list")

    def _is_left(self, place: Place) -> bool:
        """ "left Rome after talks"."""
        verb = self._s.words[place.begin - 1] if place.begin else ""
        gap = self._s.words[place.j : self._hit.i]
        return verb in self._w.leaving and bool(self._w.conjunctions & set(gap))

    def _is_where(self, place: Place) -> bool:
        """ "left for Rome, where he is to meet ..."."""
        behind = self._s.words[place.j : place.j + 2]
        return place.j < self._hit.i and not self._w.where.isdisjoint(behind)

    def _is_venue(self, place: Place) -> bool:
        """ "in Beijing's Great Hall": the city owns the house."""
        j = place.j + 1
        return (
            place.level == CITY and j < len(self._s) and self._s.words[place.j] == "'s" and self._s.raw[j][0].isupper()
        )

    def _is_home(self, place: Place) -> bool:
        """ "The generals in Naypyitaw have invited ...": where the side sits, not where they meet."""
        behind = self._s.words[place.j : place.j + 1]
        if behind and behind[0] in self._section.words("for_list"):
            return False  # "in Rome for talks"
        if any(
            side.described and side.j == place.begin and side.actor.startswith(place.name.split()[0])
            for side in self._sides
        ):
            return True  # "rebels in the Darfur region": who they are
        return place.i < self._hit.i and any(side.j == place.begin for side in self._sides)

    def _is_owner(self, place: Place) -> bool:
        """ "in the Japan-Korea talks": the place is a party."""
        if not place.j <= self._hit.i <= place.j + 6 or not any(
            a.i == place.i and a.actor in self._found.parties for a in self._s.actors
        ):
            return False
        gap = self._s.words[place.j : self._hit.i]
        return not any(
            w in self._w.prepositions or w in self._w.breaks or (w in self._w.function and w not in self._w.joins)
            for w in gap
        )

    def _is_of_topic(self, place: Place) -> bool:
        """ "talks to end a war that has killed thousands in Darfur": in a clause that tells what they talk about."""
        gap = self._s.words[self._hit.j : place.begin]
        clause = self._w.relatives | self._w.whose
        k = next((k for k, word in enumerate(gap) if k and word in clause), None)
        return k is not None and not self._w.topic_openers.isdisjoint(gap[:k])

    def _is_goal(self, place: Place) -> bool:
        """ "travelled to Berlin for talks", "a visit to Kyiv", "took a train to Kyiv for talks"."""
        purpose = self._s.words[place.j : place.j + 1]
        if place.j < self._hit.i <= place.j + _PURPOSE and purpose and purpose[0] in self._section.words("for_list"):
            return True
        if "person_verbs" in self._hit.roles and self._found.end == place.begin:
            return True  # "welcomed his counterpart to Rome"
        return any(
            place.begin - 4 <= h.j <= place.begin + 1 and h.i <= self._hit.i
            for h in self._hits
            if not _GOALS.isdisjoint(h.roles)
        )


def _quotes(words: Sequence[str]) -> int:
    """How many marks of quotation stand around a few words, and are no borders: "discussed “challenges” in Rome"."""
    marks = [k for k, word in enumerate(words) if word in _MARKS]
    return 2 * sum(b - a <= _QUOTED for a, b in zip(marks[::2], marks[1::2], strict=False))


def _apposed(words: Sequence[str], known: Words) -> int:
    """How many words stand between commas to tell what was just named: "at the Hall, a villa on the hill, on"."""
    marks = [k for k, word in enumerate(words) if word == ","]
    for low, high in pairwise(marks):
        if words[low + 1] in known.articles:
            return high - low
    return 0


def _capital(sentence: Sentence, i: int, j: int, country: str, k: int) -> Place:
    """A capital at tokens[i:j], by its own name where it has one, with the word at k before it."""
    names = sentence.document.lexicon.common.phrases("capitals").get(country, ())
    described = sentence.words[j - 1] in sentence.document.lexicon.common.words("reference_nouns")
    name = names[0] if described and names else " ".join(sentence.raw[i:j])
    return Place(i=i, j=j, name=name, level=CITY, country=country, preposition=sentence.words[k], begin=k)
