"""When a meeting is said to be: the day that stands nearest to it, unless it is that of the saying, the coming or the
calling off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.kinds.talk_round.find_described import dateline
from monitor.kinds.talk_round.find_span import first_day, is_end, moved_day
from monitor.kinds.talk_round.find_where import FAR, VAGUE, Where
from monitor.kinds.talk_round.find_words import MOVING, TRIGGERS
from monitor.language.dates import Day, DayKind
from monitor.language.lexicon import Hit

#: tokens in which the days stand that open a sentence
_OPENING = 6
#: tokens from a verb of saying to its day: "announced the Omani foreign ministry late on"
_SAID = 8
#: tokens from "agreed" to its day: "agreed late on"
_DECIDED = 3
#: tokens from a verb of coming to its day: "travelled on"
_CAME = 2
#: tokens from "after" to what somebody spoke after
_OPENER = 12
#: days after which what was called off is told
_JUST = 2
_TRIGGERS = frozenset(TRIGGERS)
#: tokens from "new" to its noun
FRESH = 6


@dataclass(slots=True, unsafe_hash=True)
class When:
    """A day, or that the text gives none ("last week"), as far as it is said of the meeting."""

    date: dt.date | None
    #: the text says when, without a day
    vague: bool = False
    #: the day of an end, from which the first was counted back where the text says how far
    last: bool = False


class Dated(Where):
    """Reads the day around one trigger."""

    def day(self, *, future: bool) -> When:
        """The day said of the meeting: the nearest, unless it is that of the saying."""
        if future and (new := moved_day(self._s, self._hit.j, self._w)) is not None:
            return When(new.on(self._s.document.published, future=True))
        best: tuple[int, Day | None] | None = None
        opening = dateline(self._s)
        for day in self._s.days:
            if (
                day.i >= opening
                and self._w.rounds.isdisjoint(self._s.words[day.j : day.j + 1])  # "the 14th round"
                and not (day.i and self._s.words[day.i - 1] in self._w.until)
                and not self._is_since(day)
                and not self._is_meanwhile(day)
                and not self._is_aside_day(day)
                and ((said := self._is_said_after(day)) or not self._is_of_saying(day.i))
                and not self._is_of_calling_off(day)
                and not (future and (self._is_of_announcing(day) or self._is_of_coming(day)))
            ):
                far = self._far(day.i, day.j)
                best = self._nearer(best, min(far, VAGUE) if said else far, day)
        for hit in self._s.common:
            entry = hit.roles.get("relative_days")
            if (
                entry is not None
                and entry.value == "none"
                and self._s.words[hit.i - 1] not in self._w.until
                and self._w.sequels.isdisjoint(self._s.words[self._hit.j : hit.i])
            ):
                best = self._nearer(best, self._distance(hit.i, hit.j), None)
        if (best is None or best[0] > FAR) and (first := self._opening_day(opening, future)) is not None:
            best = (0, first)
        if best is None or (best[0] > FAR and not (len(self._s.days) == 1 and self._is_occasion())):
            return When(None)
        if best[0] > VAGUE and not self._w.earlier.isdisjoint(self._s.words[max(0, self._hit.i - FRESH) : self._hit.i]):
            return When(None)  # "will meet today, hoping for more than in the previous rounds"
        if best[1] is None:
            return When(None, vague=best[0] <= VAGUE)
        day = best[1]
        if (since := self._days_gone()) and (known := day.on(self._s.document.published, future=False)) is not None:
            return When(known - dt.timedelta(days=since))
        future = future or (day.i > 0 and self._s.words[day.i - 1] in self._section.words("for_list"))
        known = self._next_week(day) or day.on(self._s.document.published, future=future)
        if known is None or future:
            return When(known)
        if not is_end(self._s, self._hit, day, self._w):
            return When(known)
        return When(first_day(self._s, self._hit, self._found.end, day, known, self._w), last=True)

    def _is_aside_day(self, day: Day) -> bool:
        """ "the anniversary (15 June)", not "on Wednesday (16 March)": what a day in brackets stands behind has it."""
        if "(" not in self._s.words[: day.i]:
            return False
        opens = next(k for k in range(day.i - 1, -1, -1) if self._s.words[k] == "(")
        if ")" in self._s.words[opens : day.i] or opens < self._hit.i < day.i or self._hit.j == opens:
            return False
        return not any(other.j == opens for other in self._s.days)

    def _is_since(self, day: Day) -> bool:
        """ "the second meeting after 6 June": the day of one before, where no noun of meeting stands behind it."""
        words = self._s.words
        if not self._w.sequels.isdisjoint(words[self._hit.j : day.i]):
            return True  # "the talks followed a truce on Friday"
        if not day.i or words[day.i - 1] not in self._w.conjunctions or day.kind is DayKind.WEEKDAY:
            return False
        return words[day.j : day.j + 1] != ["'s"] and not any(
            "talk_nouns" in h.roles and day.j <= h.i <= day.j + 2 for h in self._hits
        )

    def _is_meanwhile(self, day: Day) -> bool:
        """ "The talks ended as Kenya prepares to vote on Sunday": the day of what goes on elsewhere."""
        words, low = self._s.words, self._hit.j
        k = next((k for k in range(low, day.i) if words[k] in self._w.asides and words[k] not in self._w.clauses), None)
        if k is None or self._w.ending.isdisjoint(words[low:k]):
            return False
        return not any(h.i == k + 1 and "after" in h.roles for h in self._hits)  # "ended as planned on Friday"

    def nearest(self, when: When) -> When:
        """The day of what was called off: "was due on Sunday", told on a Monday, is the day before."""
        past, published = self.day(future=False).date, self._s.document.published
        if past is None or published is None or (published - past).days > _JUST:
            return when
        return When(past)

    def _days_gone(self) -> int:
        """ "on the third day of talks", "talks entered their second day": days since the first."""
        words = self._s.words
        end = max(self._hit.j, self._found.end) + FRESH
        for k in range(max(0, self._hit.i - FRESH), min(len(words) - 1, end)):
            if words[k] in self._w.ordinals:
                j = k + 1 + (words[k + 1] in self._w.straight)
                if words[j : j + 1] and words[j] in self._w.day_nouns and not self._is_saying_at(k):
                    return self._w.ordinals[words[k]] - 1
        return 0

    def _is_saying_at(self, k: int) -> bool:
        """Whether a verb of saying stands between the meeting and token k."""
        return self._is_said(*sorted((k, self._hit.i)))

    def said(self, published: dt.date | None) -> When:
        """The day on which somebody says that they are meeting: today, or the day before."""
        days = [day.on(published, future=False) for day in self._s.days if self._is_of_saying(day.i)]
        told = [day for day in days if day is not None and published is not None and 0 <= (published - day).days <= 1]
        return When(told[0] if len(told) == 1 else None)

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
            and not _TRIGGERS.isdisjoint(h.roles)
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
        ahead = self._s.words[max(0, day.i - _DECIDED) : day.i]
        if day.j < i and self._s.words[day.j] in self._w.to_words and not self._w.decided.isdisjoint(ahead):
            return True  # "agreed late on Friday to hold another round"
        if day.j > i or (day.i > 1 and self._s.words[day.j : day.j + 1] != [","]):
            return False
        return self._is_said(day.j, i) or not self._section.words("saying_list").isdisjoint(self._s.words[day.j : i])

    def _is_of_coming(self, day: Day) -> bool:
        """ "arrived in Cairo on Friday to resume talks", "left on Friday for talks": when they came or went."""
        start = max(0, day.i - _SAID)
        if day.j > self._hit.i:
            return False
        if not self._w.coming.isdisjoint(self._s.words[max(0, day.i - _CAME) : day.i]):
            return True  # "travelled on Sunday from Rome to Cairo"
        return not self._w.leaving.isdisjoint(self._s.words[start : day.i]) or any(
            role in MOVING and "past" in entry.forms
            for h in self._hits
            if h.j <= day.i
            for role, entry in h.roles.items()
        )

    def _is_of_calling_off(self, day: Day) -> bool:
        """ "was scrapped on Tuesday", "on Saturday ruled out": when it was called off, not when it was to be."""
        return any(
            (day.i - 2 <= h.j <= day.i or day.j == h.i)
            and (role := h.roles.get("before") or h.roles.get("after")) is not None
            and role.value in ("cancelled", "refused")
            and self._s.words[h.i] not in self._w.failing  # "failed to hold a call on Friday"
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
        if after is not None and self._s.words[after.i - 1] in self._w.until:
            return None  # "adjourned on Friday until next week"
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

    def _is_said_after(self, day: Day) -> bool:
        """ "said on Monday after meeting X", "told reporters on Monday following talks": both were on that day."""
        words = self._s.words
        k = day.j + (words[day.j : day.j + 1] == [","])
        if not k < self._hit.i <= k + _OPENER or words[k] not in self._w.following:
            return False
        between = words[k : self._hit.i]
        return (
            self._w.long.isdisjoint(between)
            and self._w.earlier.isdisjoint(between)
            and self._w.rounds.isdisjoint(between)
            and not any(
                k < h.i < self._hit.i and any(r in h.roles for r in TRIGGERS) and not self._is_setting(h)
                for h in self._hits
            )
        )

    def _forms(self) -> frozenset[str]:
        return frozenset(form for entry in self._hit.roles.values() for form in entry.forms)

    def _is_said(self, low: int, high: int) -> bool:
        """Whether a verb of saying stands between two tokens."""
        return any(low <= h.i < high and "quote_verbs" in h.roles for h in self._s.common)


def _is_agreeing(hit: Hit) -> bool:
    """ "agreeing": behind it stands what is to be."""
    entry = hit.roles.get("outcome_verbs")
    return entry is not None and entry.forms == {"ing"} and entry.value == "agree"
