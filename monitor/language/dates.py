"""Days named in a sentence, resolved against the day of publication.

weekday     "Wednesday", "last Wednesday", "Sunday night"        the last one on or before publication, or the next
relative    "today", "yesterday", "overnight yesterday", "two days ago"
narrated    "the following day", "two days later"                counted from the day told before: document.py
date        "8 April", "April 8", "Feb. 24, 2022", "2022-03-29", "28.03.2022", "the third of May", "Christmas Day"
none        "last week", "some days ago", "this month": gives no day, and keeps its words from being read as one
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.language.lexicon import Hit, Lexicon


class DayKind(StrEnum):
    WEEKDAY = "weekday"
    RELATIVE = "relative"
    NARRATED = "narrated"
    DATE = "date"
    NONE = "none"


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Day:
    """A day as a text names it: tokens[i:j]."""

    i: int
    j: int
    kind: DayKind
    #: WEEKDAY: 0 (Monday) to 6; RELATIVE: days from publication; NARRATED: days from the day told before
    number: int = 0
    #: WEEKDAY: "last", "next", "this", "last week", "next week" or None
    cue: str | None = None
    #: DATE
    month: int = 0
    day: int = 0
    year: int | None = None

    def on(self, published: dt.date | None, *, future: bool = False) -> dt.date | None:
        """The day meant in an item published on that day; ``future``: the sentence speaks of what is to come."""
        if self.kind is DayKind.DATE and self.year is not None:
            return _date(self.year, self.month, self.day)
        if published is None or self.kind in _UNRESOLVED:
            return None
        try:
            if self.kind is DayKind.RELATIVE:
                return published + dt.timedelta(days=self.number)
            if self.kind is DayKind.WEEKDAY:
                return self._weekday(published, future)
        except OverflowError:
            return None
        return self._nearest(published, future)

    def _weekday(self, published: dt.date, future: bool) -> dt.date:
        weeks = _WEEKS.get(self.cue or "")
        if weeks is not None:
            return published + dt.timedelta(days=7 * weeks + self.number - published.weekday())
        back = (published.weekday() - self.number) % 7
        if self.cue == "next" or (future and self.cue != "last"):
            ahead = -back % 7
            return published + dt.timedelta(days=ahead or (7 if self.cue == "next" else 0))
        return published - dt.timedelta(days=back or (7 if self.cue == "last" else 0))

    def _nearest(self, published: dt.date, future: bool) -> dt.date | None:
        """A date without its year: the next in the future tense, else the last, some months the other way allowed."""
        if not self.month:
            months = (published.year * 12 + published.month - 1 + k for k in (0, 1, -1))
            days = [d for m in months if (d := _date(m // 12, m % 12 + 1, self.day)) is not None]
            return next((d for d in days if (d >= published if future else d <= published)), None)
        around = [d for y in (-1, 0, 1) if (d := _date(published.year + y, self.month, self.day)) is not None]
        right = [d for d in around if (d >= published if future else d <= published)]
        near = [d for d in around if abs((d - published).days) <= 45]
        if not near and not right:
            return None
        if future:
            return min(right) if right and (min(right) - published).days <= 240 else (near or right)[0]
        return max(right) if right and ((published - max(right)).days <= 300 or not near) else near[0]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


#: kinds that resolve to no day by themselves
_UNRESOLVED = (DayKind.NONE, DayKind.NARRATED)
#: cues that name a whole week, counted from that of publication, weeks beginning on Monday
_WEEKS = {"last week": -1, "next week": 1}
#: what makes a hit name a day
ROLES = frozenset(("relative_days", "narrated_days", "feast_days", "weekdays", "months"))
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Days:
    """Reads days with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._endings = frozenset(common.phrases("ordinals").get("ending", ()))
        self._genitive = common.words("genitive")
        self._of = self._genitive | {","}
        ranks = common.phrases("ordinals").items()
        self._ranks = {p: int(n) for n, same in ranks if n.isdecimal() and 1 <= int(n) <= 31 for p in same}
        self._ranges = frozenset(common.phrases("range_words").get("to", ()))
        self._on = common.words("day_cues")
        self._articles = common.words("articles")
        self._months = common.words("months")
        self._month_names = {p.lower() for same in common.phrases("months").values() for p in same}
        self._cues = {p.lower(): value for value, same in common.phrases("weekday_cues").items() for p in same}
        self._parts = common.words("parts_of_day")

    def read(
        self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit], figures: Sequence[int]
    ) -> tuple[Day, ...]:
        """All days of a sentence, in order. ``hits`` are the common section's that have any of ROLES, ``figures`` the
        tokens that begin with a digit."""
        found: list[Day] = []
        free = 0
        for hit in hits:
            if hit.i < free:
                continue
            day = self._at(words, raw, hit)
            if day is not None:
                found.append(day)
                free = day.j
        found += self._numeric(words, figures)
        if figures and not self._endings.isdisjoint(words):
            known = {k for d in found for k in range(d.i, d.j)}
            found += [d for d in self._ordinal_days(words) if d.i not in known and d.j - 1 not in known]
        return tuple(sorted(found, key=lambda d: d.i))

    def _at(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> Day | None:
        roles = hit.roles
        if "relative_days" in roles:
            value = roles["relative_days"].value
            if value == "none":
                return Day(i=hit.i, j=hit.j, kind=DayKind.NONE)
            return Day(i=hit.i, j=hit.j, kind=DayKind.RELATIVE, number=int(value))
        if "narrated_days" in roles:
            return Day(i=hit.i, j=hit.j, kind=DayKind.NARRATED, number=int(roles["narrated_days"].value))
        if "feast_days" in roles:
            month, number = map(int, roles["feast_days"].value.split("-"))
            year, end = self._year(words, hit.j)
            return Day(i=hit.i, j=end, kind=DayKind.DATE, month=month, day=number, year=year)
        if "weekdays" in roles:
            j = hit.j
            while j < len(words) and words[j] in self._parts:
                j += 1
            cue = self._cues.get(words[hit.i - 1]) if hit.i else None
            begin = hit.i - (cue is not None)
            week, end = self._week(words, j)
            if week is not None:
                cue, j = week, end
            dated = self._dated_weekday(words, hit.j) or self._in_name(words, raw, hit)
            return (
                None if dated else Day(i=begin, j=j, kind=DayKind.WEEKDAY, number=int(roles["weekdays"].value), cue=cue)
            )
        if "months" in roles:
            return self._month(words, raw, hit)
        return None

    def _in_name(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> bool:
        """ "Sun Weidong", a person: a weekday of three letters before a word with a capital that is no month."""
        if len(raw[hit.i]) != 3 or hit.j >= len(raw):
            return False
        return raw[hit.j].istitle() and raw[hit.j].isalpha() and words[hit.j] not in self._month_names

    def _week(self, words: Sequence[str], j: int) -> tuple[str | None, int]:
        """ "Tuesday [last week]", "Monday [of next week]": the week named behind a weekday, and where it ends."""
        for end in (j + 2, j + 3):
            cue = self._cues.get(" ".join(words[j:end]))
            if cue in _WEEKS:
                return cue, end
        return None, j

    def _dated_weekday(self, words: Sequence[str], j: int) -> bool:
        """ "Wednesday, March 30": the date that follows says it better."""
        return (
            j + 1 < len(words)
            and words[j] == ","
            and words[j + 1][:1].isdecimal()
            and words[j + 1].isdecimal()
            and int(words[j + 1][:4]) <= 31
        )

    def _month(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> Day | None:
        month = int(hit.roles["months"].value)
        i, j = hit.i, hit.j
        if j < len(words) and words[j] == ".":
            j += 1
        article = j < len(words) and words[j] in self._articles  # "May the 3rd"
        day, j_day = self._day_number(words, j + article)
        if article and (day is None or words[j_day - 1] not in self._endings):
            day = None
        if day is not None and not (j_day < len(words) and words[j_day] == ":"):
            year, end = self._year(words, j_day)
            return Day(i=i, j=end, kind=DayKind.DATE, month=month, day=day, year=year)
        day, i = self._day_before(words, i)
        if day is None:
            return None
        year, end = self._year(words, j)
        return Day(i=i, j=end, kind=DayKind.DATE, month=month, day=day, year=year)

    def _day_number(self, words: Sequence[str], j: int) -> tuple[int | None, int]:
        """ "13", "13th", "13-14" (the first) at j."""
        if j >= len(words) or not words[j].isdecimal() or len(words[j]) > 2 or not 1 <= int(words[j]) <= 31:
            return None, j
        day, j = int(words[j]), j + 1
        if j < len(words) and words[j] in self._endings:
            j += 1
        if j + 1 < len(words) and words[j] in "-–" and words[j + 1].isdecimal() and len(words[j + 1]) <= 2:
            j += 2
        return day, j

    def _day_before(self, words: Sequence[str], i: int) -> tuple[int | None, int]:
        """ "13", "13th of", "13-14" right before i."""
        k = i - 1
        if k > 0 and words[k] in self._genitive and words[k - 1] in self._ranks:  # "the third of May"
            return self._ranks[words[k - 1]], k - 1
        while k >= 0 and (words[k] in self._of or words[k] in self._endings):
            k -= 1
        if k < 0 or not words[k].isdecimal() or len(words[k]) > 2 or not 1 <= int(words[k]) <= 31:
            return None, i
        if (
            k >= 2
            and words[k - 1] in self._ranges
            and words[k - 2].isdecimal()
            and len(words[k - 2]) <= 2
            and 1 <= int(words[k - 2]) <= 31
        ):
            k -= 2
        return int(words[k]), k

    def _year(self, words: Sequence[str], j: int) -> tuple[int | None, int]:
        k = j + 1 if j < len(words) and words[j] == "," else j
        if k < len(words) and len(words[k]) == 4 and words[k].isdecimal() and 1900 <= int(words[k]) <= 2100:
            return int(words[k]), k + 1
        return None, j

    def _ordinal_days(self, words: Sequence[str]) -> list[Day]:
        """ "on the 7th": a day of the month of publication, or of the one before."""
        found = []
        for i, word in enumerate(words):
            if word not in self._endings or i < 3 or words[i - 2] not in self._articles or words[i - 3] not in self._on:
                continue
            number = words[i - 1]
            if number.isdecimal() and len(number) <= 2 and 1 <= int(number) <= 31:
                named = i + 1 < len(words) and words[i + 1] in self._months
                if not named:
                    found.append(Day(i=i - 2, j=i + 1, kind=DayKind.DATE, month=0, day=int(words[i - 1])))
        return found

    def _numeric(self, words: Sequence[str], figures: Sequence[int]) -> list[Day]:
        """ISO dates ("2022", "-", "03", "-", "29") and "28.03.2022"."""
        found = []
        for i in figures:
            word = words[i]
            if len(word) == 4 and word.isdecimal() and 1900 <= int(word) <= 2100 and words[i + 1 : i + 2] == ["-"]:
                rest = list(words[i + 2 : i + 5])
                if (
                    len(rest) == 3
                    and rest[1] == "-"
                    and rest[0].isdecimal()
                    and rest[2].isdecimal()
                    and _date(int(word), int(rest[0][:2]), int(rest[2][:2]))
                ):
                    found.append(
                        Day(i=i, j=i + 5, kind=DayKind.DATE, month=int(rest[0]), day=int(rest[2]), year=int(word))
                    )
            elif match := _DOTTED.fullmatch(word):
                day, month, year = map(int, match.groups())
                if _date(year, month, day):
                    found.append(Day(i=i, j=i + 1, kind=DayKind.DATE, month=month, day=day, year=year))
        return found
