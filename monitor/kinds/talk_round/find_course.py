"""What a sentence says of a meeting beside its parties: when, where, how, which round, by whom, with what outcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.kinds.talk_round.find_attach import told_in_call
from monitor.kinds.talk_round.find_described import dateline
from monitor.kinds.talk_round.find_outcome import clause, is_plan, results
from monitor.kinds.talk_round.find_where import FAR, VAGUE, Where
from monitor.kinds.talk_round.find_words import MOVING, TRIGGERS
from monitor.language.dates import Day, DayKind
from monitor.language.lexicon import Hit
from monitor.language.places import Place
from monitor.language.quantities import Sort

#: tokens from a side to what it is: "Oman acting as a go-between"
_GO_BETWEEN = 5
#: tokens from a meeting to what came of it
_RESULT = 16
#: tokens from an ordinal to the meeting
_ROUND = 14
#: tokens in which the days stand that open a sentence
_OPENING = 6
#: tokens from a verb of saying to its day: "announced the Omani foreign ministry late on"
_SAID = 8
#: days after which what was called off is told
_JUST = 2
#: tokens from "new" to its noun
_FRESH = 6
#: talks that are only agreed on
_TO_COME = frozenset(("planned", "proposed", "base"))


@dataclass(slots=True, unsafe_hash=True)
class When:
    """A day, or that the text gives none ("last week"), as far as it is said of the meeting."""

    date: dt.date | None
    #: the text says when, without a day
    vague: bool = False


class Course(Where):
    """Reads the other slots around one trigger."""

    # --- day ---

    def day(self, *, future: bool) -> When:
        """The day said of the meeting: the nearest, unless it is that of the saying."""
        best: tuple[int, Day | None] | None = None
        opening = dateline(self._s)
        for day in self._s.days:
            if (
                day.i >= opening
                and self._w.rounds.isdisjoint(self._s.words[day.j : day.j + 1])  # "the 14th round"
                and not (day.i and self._s.words[day.i - 1] in self._w.until)
                and not self._is_of_saying(day.i)
                and not self._is_of_calling_off(day)
                and not (future and (self._is_of_announcing(day) or self._is_of_coming(day)))
            ):
                best = self._nearer(best, self._far(day.i, day.j), day)
        for hit in self._s.common:
            entry = hit.roles.get("relative_days")
            if entry is not None and entry.value == "none":
                best = self._nearer(best, self._distance(hit.i, hit.j), None)
        if (best is None or best[0] > FAR) and (first := self._opening_day(opening, future)) is not None:
            best = (0, first)
        if best is None or (best[0] > FAR and not (len(self._s.days) == 1 and self._is_occasion())):
            return When(None)
        if best[1] is None:
            return When(None, vague=best[0] <= VAGUE)
        day = best[1]
        if (since := self._days_gone()) and (known := day.on(self._s.document.published, future=False)) is not None:
            return When(known - dt.timedelta(days=since))
        future = future or (day.i > 0 and self._s.words[day.i - 1] in self._section.words("for_list"))
        return When(self._next_week(day) or day.on(self._s.document.published, future=future))

    def nearest(self, when: When) -> When:
        """The day of what was called off: "was due on Sunday", told on a Monday, is the day before."""
        past, published = self.day(future=False).date, self._s.document.published
        if past is None or published is None or (published - past).days > _JUST:
            return when
        return When(past)

    def _days_gone(self) -> int:
        """ "on the third day of talks", "talks entered their second day": days since the first."""
        words = self._s.words
        for k in range(max(0, self._hit.i - _FRESH), min(len(words) - 1, self._hit.j + _FRESH)):
            if words[k] in self._w.ordinals:
                j = k + 1 + (words[k + 1] in self._w.straight)
                if words[j : j + 1] and words[j] in self._w.day_nouns and not self._is_saying_at(k):
                    return self._w.ordinals[words[k]] - 1
        return 0

    def _is_saying_at(self, k: int) -> bool:
        """Whether a verb of saying stands between the meeting and token k."""
        return self._is_said(*sorted((k, self._hit.i)))

    def arrival(self, day: Day | None) -> When | None:
        """The day on which somebody came, where the sentence goes on with a pronoun: "She and X met"."""
        if day is None or self._w.personal.isdisjoint(self._s.words[: self._hit.i]):
            return None
        return When(day.on(self._s.document.published, future=False))

    def _opening_day(self, opening: int, future: bool) -> Day | None:
        """ "On Monday, 3 June, X, who ..., will host": a day that opens the sentence, and its first meeting."""
        days = [day for day in self._s.days if opening <= day.i <= opening + _OPENING]
        if (
            not days
            or days[0].i != opening + 1
            or self._s.words[days[0].i - 1] not in self._w.occasions
            or self._is_saying_at(days[0].i)
        ):
            return None
        others = any(
            days[-1].j <= h.i < self._hit.i
            and not set(TRIGGERS).isdisjoint(h.roles)
            and "mediate_verbs" not in h.roles
            and not self._is_setting(h)
            for h in self._hits
        )
        return None if others or (future and self._is_of_announcing(days[0])) else days[-1]

    def _is_of_announcing(self, day: Day) -> bool:
        """ "On Sunday, X confirmed that they will meet": a verb of saying behind a day that opens the sentence."""
        i = self._hit.i
        if day.j <= i and any(day.j <= h.i < i and _is_agreeing(h) for h in self._hits):
            return True  # "met on Friday, agreeing to hold another round"
        if day.j < i and self._s.words[day.j] in self._section.words("saying_list"):
            return True  # "on Friday agreed to resume talks"
        if day.j > i or (day.i > 1 and self._s.words[day.j : day.j + 1] != [","]):
            return False
        return self._is_said(day.j, i) or not self._section.words("saying_list").isdisjoint(self._s.words[day.j : i])

    def _is_of_coming(self, day: Day) -> bool:
        """ "arrived in Cairo on Friday to resume talks", "left on Friday for talks": when they came or went."""
        start = max(0, day.i - _SAID)
        return (day.j <= self._hit.i and not self._w.leaving.isdisjoint(self._s.words[start : day.i])) or any(
            role in MOVING and "past" in entry.forms
            for h in self._hits
            if h.j <= day.i and day.j <= self._hit.i
            for role, entry in h.roles.items()
        )

    def _is_of_calling_off(self, day: Day) -> bool:
        """ "was scrapped on Tuesday", "on Saturday ruled out": when it was called off, not when it was to be."""
        return any(
            (day.i - 2 <= h.j <= day.i or day.j == h.i)
            and (role := h.roles.get("before") or h.roles.get("after")) is not None
            and role.value in ("cancelled", "refused")
            for h in self._hits
        )

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
        if self._found.framed or (self._found.visitor is not None and "s" in self._forms()):
            return False  # "as X visits Kyiv, officials said on Wednesday"
        if (hit is not None and "quote_verbs" in hit.roles) or (
            k >= i - 2
            and self._s.words[max(k, 0)] in self._section.words("saying_list")
            and (k == i - 1 or self._s.words[i - 1] in self._w.occasions)
            and not self._is_occasion()
        ):
            return True
        following = self._s.common_at.get(i + 1)
        if (
            k == i - 1
            and following is not None
            and "quote_verbs" in following.roles
            and following.i == i + 1 < self._hit.i
        ):
            return True  # "the ministry Tuesday said that talks"
        # "said Peskov on Tuesday", "told reporters on Tuesday"
        for back in range(1, _SAID):
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

    # --- mode ---

    def mode(self, place: Place | None) -> str | None:
        """As said beside the trigger; a place implies that they sat together."""
        modes = [h for h in self._hits if "modes" in h.roles and h.i != self._hit.i]
        said = [(self._distance(h.i, h.j), h.roles["modes"].value) for h in modes]
        near = min(said, default=None)
        if "modes" in self._hit.roles and self._hit.roles.keys().isdisjoint(TRIGGERS):
            return self._hit.roles["modes"].value
        for role in TRIGGERS:
            entry = self._hit.roles.get(role)
            if role == "talk_nouns" and entry is not None and entry.value != "any":
                if entry.value == "in_person" and near is not None and near[0] <= 9:
                    return near[1]
                return entry.value
        if near is not None and near[0] <= 10:
            return near[1]
        if "speak_verbs" in self._hit.roles and (call := told_in_call(self._s, self._hit.j)):
            return call
        spent = self._hit.roles.get("time_nouns")
        if spent is not None:
            return spent.value
        called = self._hit.roles.get("call_verbs")
        if called is not None:
            return "in_person" if called.value == "visit" else "phone"
        spoken = self._hit.roles.get("speak_verbs")
        if spoken is not None:
            distant = spoken.value == "phone" and "past" in spoken.forms and not self._found.told
            return "in_person" if place is not None else "phone" if distant else None
        if "talk_nouns" not in self._hit.roles or place is not None:
            return "in_person"
        return None

    # --- round ---

    def round(self) -> int | None:
        """ "The third round of talks", "round two"."""
        if self._w.rounds.isdisjoint(self._s.words):
            return None
        told = self._ordinals()
        for quantity in self._s.quantities:
            after = self._s.words[quantity.j : quantity.j + 3]
            far = self._distance(quantity.i, quantity.j)
            if quantity.count is None:
                continue
            if quantity.sort is Sort.ORDINAL and far <= _ROUND and any(w in self._w.rounds for w in after):
                told.append((far, quantity.count))
            k = quantity.i - 1
            if k < 0 or self._s.words[k] not in self._w.rounds or not 0 < quantity.count < 60:
                continue
            of = far <= _ROUND and not self._w.of_words.isdisjoint(self._s.words[quantity.j : quantity.j + 1])
            if quantity.j < len(self._s) and (k == self._hit.i or of):
                told.append((far, quantity.count))
        return min(told)[1] if told else None

    def _ordinals(self) -> list[tuple[int, int]]:
        """ "The first round": how far ordinals that are no quantity by themselves are, and which."""
        words, rounds = self._s.words, self._w.rounds
        another = not self._w.fresh.isdisjoint(words[max(0, self._hit.i - _FRESH) : self._hit.i])
        near = [
            (self._distance(k, k + 1), self._w.ordinals[word])
            for k, word in enumerate(words[: self._hit.i] if another else words)  # "a new one, after the first round"
            if word in self._w.ordinals and not rounds.isdisjoint(words[k + 1 : k + 3])
        ]
        return [each for each in near if each[0] <= _ROUND]

    # --- mediators ---

    def mediators(self) -> set[str]:
        """Who brings others together: "UN-brokered", "mediated by Norway", "Turkey hosted talks between"."""
        found = set(self._found.mediators) | self._openers() | self._go_betweens()
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

    def _go_betweens(self) -> set[str]:
        """ "with Oman as go-between", "under Qatari mediation"."""
        words = self._s.words
        found: set[str] = set()
        if not self._s.has(self._w.between_others):
            return found
        for k, word in enumerate(words):
            known = word in self._w.mediator or " ".join(words[k : k + 3]) in self._w.mediator
            if known and not self._w.roles.isdisjoint(words[max(0, k - 3) : k]):
                near = [side for side in self._sides if 0 < k - side.j <= _GO_BETWEEN and not side.place]
                # "X said, as mediators pressed": there "as" opens a clause
                found |= {side.actor for side in near if not self._is_said(side.j, k)}
            elif word in self._w.mediation:
                start = max(0, k - 2)
                opened = not self._w.prepositions.isdisjoint(words[max(0, start - 1) : k])
                found |= {a.actor for a in self._s.actors if opened and start <= a.i and a.j + a.possessive == k}
        return found

    def _is_said(self, low: int, high: int) -> bool:
        """Whether a verb of saying stands between two tokens."""
        return any(low <= h.i < high and "quote_verbs" in h.roles for h in self._s.common)

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
        edge, closed = j, False  # "by A and B, C and D signed": behind its "and" a list is at its end
        for side in (x for x in self._sides if x.i >= j):
            gap = self._s.words[edge : side.i]
            if (
                len(gap) > 4
                or any(w in self._w.breaks and w not in self._w.joins for w in gap)
                or (names and not any(w in self._w.joins for w in gap))
                or (closed and not self._w.ands & set(gap))
                or side.place
            ):
                break
            closed = closed or bool(names and self._w.ands & set(gap))
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
            relative = (
                bool(gap) and gap[0] == "," and not self._w.relatives.isdisjoint(gap[1:2])
            )  # "the EU, which chairs"
            if not names and not relative and any(w in self._w.breaks for w in gap):
                break
            if not names and self._s.words[side.i - 1 : side.i] and self._is_object(side.i):
                break
            names.add(side.actor)
            edge = side.i
        return names

    def _is_object(self, i: int) -> bool:
        """ "with officials of C how to convene": a side behind a preposition does nothing."""
        return self._s.words[i - 1] in self._w.with_words

    # --- outcome ---

    def outcome(self) -> str | None:
        """The text's own words on the result: from the verb of outcome, or of agreeing, to the end of its clause."""
        reach = max(self._hit.j, self._found.end) + _RESULT
        for i in results(self._s, self._w):
            if self._hit.j <= i <= reach and not self._is_new_subject(i) and not self._is_of_another(i):
                return clause(self._s, i)
        k = next((k for k in range(self._hit.i) if self._s.words[k] in self._w.agree), None)
        if k is None or "talk_nouns" not in self._hit.roles or is_plan(self._s, k + 1, self._w):
            return None
        start = max(k, self._hit.i - _GO_BETWEEN)
        between = (h.roles["before"].value for h in self._hits if "before" in h.roles and start < h.i < self._hit.i)
        return None if _TO_COME.intersection(between) else clause(self._s, k)  # "agreed to hold talks"

    def _is_of_another(self, i: int) -> bool:
        """ "the truce that ended the war": no word of what came of the talks."""
        before = self._s.words[i - 1]
        return before in self._section.words("relative_list") and i - 1 > max(self._hit.j, self._found.end)

    def _is_new_subject(self, i: int) -> bool:
        thirds = self.mediators()
        return any(
            self._found.end <= side.i < i and not side.place and side.actor not in thirds
            for side in self._sides
            if side.i >= self._hit.j + 1 and side.actor not in self._found.parties
        )


def _is_agreeing(hit: Hit) -> bool:
    """ "agreeing": behind it stands what is to be."""
    entry = hit.roles.get("outcome_verbs")
    return entry is not None and entry.forms == {"ing"} and entry.value == "agree"
