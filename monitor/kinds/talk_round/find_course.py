"""What a sentence says of a meeting beside its parties: when, where, how, which round, by whom, with what outcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.kinds.talk_round.find_described import dateline
from monitor.kinds.talk_round.find_parties import Found
from monitor.kinds.talk_round.find_sides import Side
from monitor.kinds.talk_round.find_words import KIND, TRIGGERS, Words
from monitor.language.actors import Form
from monitor.language.dates import Day, DayKind
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import CITY, SPECIFIC, UNKNOWN, Place
from monitor.language.quantities import Sort

#: tokens that a clause border, and another meeting between, are worth in the distance of a day or place
_BORDER, _OTHER = 7, 14
#: farthest a day or place may be, in such tokens
_FAR, _VAGUE = 28, 14
_MEETINGS = ("talk_nouns", "meet_verbs", "speak_verbs", "person_verbs")


@dataclass(frozen=True, slots=True)
class When:
    """A day, or that the text gives none ("last week"), as far as it is said of the meeting."""

    date: dt.date | None
    #: the text says when, without a day
    vague: bool = False


class Course:
    """Reads the other slots around one trigger."""

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
        words = self._s.words[low:high]
        far += _BORDER * sum(w in self._w.breaks for w in words)
        far += (2 if i >= self._hit.j else 4) * words.count(",")
        others = [
            h for h in self._hits if low <= h.i < high and h.i != self._hit.i and any(r in h.roles for r in _MEETINGS)
        ]
        others = [h for h in others if self._s.words[h.i] not in self._w.rounds]
        far += (_OTHER if i >= self._hit.j else 2 * _OTHER) * len(others)
        return far + (20 if not others and self._is_nearer_to_another(i, j) else 0)

    def _is_nearer_to_another(self, i: int, j: int) -> bool:
        """Whether tokens[i:j] stand nearer to another meeting, before the trigger, than to it."""
        if i >= self._hit.j:
            return False
        mine = self._hit.i - j
        return any(
            h.j <= i
            and i - h.j < mine
            and any(r in h.roles for r in _MEETINGS)
            and not self._w.rounds & {self._s.words[h.i]}
            and " ".join(self._s.words[h.i : h.j]) not in self._w.loose
            for h in self._hits
        )

    # --- day ---

    def day(self, *, future: bool) -> When:
        """The day said of the meeting: the nearest, unless it is that of the saying."""
        best: tuple[int, Day | None] | None = None
        opening = dateline(self._s)
        for day in self._s.days:
            if day.i >= opening and not self._is_of_saying(day.i):
                best = self._nearer(best, self._distance(day.i, day.j), day)
        for hit in self._s.common:
            entry = hit.roles.get("relative_days")
            if entry is not None and entry.value == "none":
                best = self._nearer(best, self._distance(hit.i, hit.j), None)
        if best is None or best[0] > _FAR:
            return When(None)
        if best[1] is None:
            return When(None, vague=best[0] <= _VAGUE)
        day = best[1]
        future = future or (day.i > 0 and self._s.words[day.i - 1] in self._section.words("for_list"))
        return When(self._next_week(day) or day.on(self._s.document.published, future=future))

    def _next_week(self, day: Day) -> dt.date | None:
        """ "Thursday and Friday next week"."""
        published = self._s.document.published
        cue = self._section.words("next_week_list")
        after = next(
            (h for h in self._s.common if day.j <= h.i <= day.j + 3 and h.roles.get("relative_days", None) is not None),
            None,
        )
        if published is None or day.kind is not DayKind.WEEKDAY or after is None or self._s.words[after.i] not in cue:
            return None
        return published - dt.timedelta(days=published.weekday()) + dt.timedelta(days=7 + day.number)

    def _nearer(self, best: tuple[int, Day | None] | None, far: int, day: Day | None) -> tuple[int, Day | None]:
        return (far, day) if best is None or far < best[0] else best

    def _is_of_saying(self, i: int) -> bool:
        """ "said on Tuesday": the day belongs to the saying, unless the meeting was then ("spoke ... on Tuesday")."""
        k = i - 1
        while k >= 0 and (self._s.words[k] in self._w.prepositions or self._s.words[k] in self._w.articles):
            k -= 1
        hit = self._s.common_at.get(k)
        if self._found.visitor is not None and "s" in self._forms():
            return False  # "as X visits Kyiv, officials said on Wednesday"
        if (hit is not None and "quote_verbs" in hit.roles) or (
            k >= i - 2
            and self._s.words[max(k, 0)] in self._section.words("saying_list")
            and (k == i - 1 or self._s.words[i - 1] in self._w.occasions)
        ):
            return True
        # "said Peskov on Tuesday", "told reporters on Tuesday"
        for back in range(1, 4):
            hit = self._s.common_at.get(k - back)
            if (
                hit is not None
                and "quote_verbs" in hit.roles
                and all(w.isalpha() for w in self._s.words[hit.j : k + 1])
            ):
                return not hit.i - 1 <= self._hit.i <= i
        return False

    def _forms(self) -> frozenset[str]:
        return frozenset(form for entry in self._hit.roles.values() for form in entry.forms)

    # --- place ---

    def place(self) -> Place | None:
        """The place that the text puts the meeting in: the nearest, a city before its country."""
        if self._found.place is not None:
            return self._found.place
        owned = self._owned()
        if owned is not None:
            return owned
        best: tuple[int, int, Place] | None = None
        for place in (*self._s.places, *self._capitals()):
            if not self._holds(place):
                continue
            far = self._distance(place.i, place.j)
            key = (far - 2 * SPECIFIC[place.level] if place.level != UNKNOWN else far, place.i, place)
            if far <= _FAR and (best is None or key[:2] < best[:2]):
                best = key
        return best[2] if best is not None else self._opening() or self._host()

    def _capitals(self) -> list[Place]:
        """ "in the British capital", where it is not named."""
        found = []
        nouns = self._s.document.lexicon.common.words("reference_nouns")
        for actor in self._s.actors:
            k, j = actor.i - 1, actor.j
            if actor.form is Form.CAPITAL and not any(place.i == actor.i for place in self._s.places) and k >= 0:
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
            if verb is not None and place.preposition is None and place.level == "country" and not place.attributive:
                return place
        return None

    def _owned(self) -> Place | None:
        """ "the Geneva talks"."""
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
        if place.preposition not in self._section.words("place_list") or place.attributive or place.reference:
            return False
        if place.preposition in self._w.to_words and not self._is_goal(place):
            return False
        if self._is_owner(place) or self._is_home(place):
            return False
        k = place.begin - 1
        return not (k >= 0 and s.words[k] in self._section.words("held_elsewhere_list"))

    def _is_home(self, place: Place) -> bool:
        """ "The generals in Naypyitaw have invited ...": where the side sits, not where they meet."""
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

    def _is_goal(self, place: Place) -> bool:
        """ "travelled to Berlin for talks", "a visit to Kyiv"."""
        return any(
            place.begin - 4 <= h.j <= place.begin + 1 and h.i <= self._hit.i
            for h in self._hits
            if "visit_verbs" in h.roles or "visit_nouns" in h.roles
        )

    # --- mode ---

    def mode(self, place: Place | None) -> str | None:
        """As said beside the trigger; a place implies that they sat together."""
        said = [
            (self._distance(h.i, h.j), h.roles["modes"].value)
            for h in self._hits
            if "modes" in h.roles and h.i != self._hit.i
        ]
        near = min(said, default=None)
        for role in TRIGGERS:
            entry = self._hit.roles.get(role)
            if role == "talk_nouns" and entry is not None and entry.value != "any":
                if entry.value == "in_person" and near is not None and near[0] <= 9:
                    return near[1]
                return entry.value
        if near is not None and near[0] <= 10:
            return near[1]
        spoken = self._hit.roles.get("speak_verbs")
        if spoken is not None:
            return (
                "in_person"
                if place is not None
                else "phone"
                if spoken.value == "phone" and "past" in spoken.forms
                else None
            )
        if "talk_nouns" not in self._hit.roles or place is not None:
            return "in_person"
        return None

    # --- round ---

    def round(self) -> int | None:
        """ "The third round of talks", "round two"."""
        for quantity in self._s.quantities:
            after = self._s.words[quantity.j : quantity.j + 3]
            near = self._distance(quantity.i, quantity.j) <= 14
            if quantity.sort is Sort.ORDINAL and near and any(w in self._w.rounds for w in after):
                return quantity.count
            k = quantity.i - 1
            if k < 0 or self._s.words[k] not in self._w.rounds or quantity.count is None or not 0 < quantity.count < 60:
                continue
            if quantity.j < len(self._s) and (
                k == self._hit.i or (near and self._s.words[quantity.j] in self._w.of_words)
            ):
                return quantity.count
        return self._ordinal()

    def _ordinal(self) -> int | None:
        """ "The first round": an ordinal that is no quantity by itself."""
        for k, word in enumerate(self._s.words):
            rounds = word in self._w.ordinals and any(w in self._w.rounds for w in self._s.words[k + 1 : k + 3])
            if rounds and self._distance(k, k + 1) <= 14:
                return self._w.ordinals[word]
        return None

    # --- mediators ---

    def mediators(self) -> set[str]:
        """Who brings others together: "UN-brokered", "mediated by Norway", "Turkey hosted talks between"."""
        found = set(self._found.mediators) | self._openers()
        for hit in self._hits:
            if "mediator_words" in hit.roles and abs(hit.i - self._hit.i) <= 22:
                found |= self._list_from(hit.j)
            if (
                "mediate_verbs" in hit.roles
                and self._hit.j - 12 <= hit.i < self._hit.i + 12
                and not hit.roles["mediate_verbs"].forms <= {"participle"}
            ):
                found |= self._list_before(hit.i)
        return found

    def _openers(self) -> set[str]:
        """ "talks ... which the African Union was to open"."""
        found = set()
        for side in self._sides:
            if side.body and side.i >= self._hit.j:
                k = side.i - 1
                while k > 0 and self._s.words[k] in self._w.articles:
                    k -= 1
                if self._s.words[k] in self._section.words("relative_list"):
                    found.add(side.actor)
        return found

    def _list_from(self, j: int) -> set[str]:
        """Sides of the list that begins at j."""
        names: set[str] = set()
        edge = j
        for side in (x for x in self._sides if x.i >= j):
            gap = self._s.words[edge : side.i]
            if (
                len(gap) > 4
                or any(w in self._w.breaks and w not in self._w.joins for w in gap)
                or (names and not any(w in self._w.joins for w in gap))
            ):
                break
            names.add(side.actor)
            edge = side.j
        return names

    def _list_before(self, i: int) -> set[str]:
        """Sides of the list that ends, auxiliaries aside, at i."""
        names: set[str] = set()
        edge = i
        for side in reversed([x for x in self._sides if x.j <= i]):
            gap = self._s.words[side.j : edge]
            if len(gap) > 4 or (names and not any(w in self._w.joins for w in gap)) or side.place:
                break
            if not names and any(w in self._w.breaks for w in gap):
                break
            names.add(side.actor)
            edge = side.i
        return names

    # --- outcome ---

    def outcome(self) -> str | None:
        """The text's own words on the result: from the verb of outcome, or of agreeing, to the end of its clause."""
        for hit in self._hits:
            if (
                "outcome_verbs" in hit.roles
                and self._hit.j <= hit.i <= max(self._hit.j, self._found.end) + 16
                and not self._is_new_subject(hit.i)
            ):
                return self._clause(hit.i)
        k = next((k for k in range(self._hit.i) if self._s.words[k] in self._w.agree), None)
        return self._clause(k) if k is not None and "talk_nouns" in self._hit.roles else None

    def _is_new_subject(self, i: int) -> bool:
        return any(
            self._found.end <= side.i < i and not side.place
            for side in self._sides
            if side.i >= self._hit.j + 1 and side.actor not in self._found.parties
        )

    def _clause(self, i: int) -> str | None:
        end = next(
            (k for k in range(i + 1, len(self._s)) if self._s.words[k] in (",", ";", ".", "?", "!")), len(self._s)
        )
        if end - i < 3:
            return None
        start, stop = self._s.span(i, end)
        return self._s.document.source(self._s.field)[start:stop]


def _capital(sentence: Sentence, i: int, j: int, country: str, k: int) -> Place:
    """A capital at tokens[i:j], with the word at k before it."""
    name = " ".join(sentence.raw[i:j])
    return Place(i=i, j=j, name=name, level=CITY, country=country, preposition=sentence.words[k], begin=k)
