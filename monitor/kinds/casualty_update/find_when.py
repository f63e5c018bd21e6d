"""When it happened: the day that a mention's sentence names for it, or the sentences around do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import HARMS, KIND, MOVED, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.find_where import Where
from monitor.language.dates import Day, DayKind
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import CITY

#: what ends the head of a report, and what may stand between its day and that
DASHES, CLOSING = (["-"], ["–"], ["—"], ["--"]), ([")"], [","], ["]"])
#: words between "days after" and the incident that they count from, and the most days that are counted
MOST_WORDS, MOST_DAYS = 6, 60
#: days before publication in which the incident that an item is about happened; words between it and its day
LATELY, BESIDE = 30, 12
#: tokens between a source behind its claim and the day on which it spoke
GIVEN = 6
_INCIDENTS = frozenset(("incidents", "disasters"))


class When:
    """Answers for the mentions of one document."""

    def __init__(self, document: Document, tables: Tables, where: Where) -> None:
        self.d, self.t, self.where = document, tables, where
        #: sentence -> the day of its last mention
        self._dated: dict[int, dt.date] = {}
        #: (sentence, token) of the days on which tolls were counted
        self._counts: set[tuple[int, int]] = set()
        #: sentence -> its days that are an incident's, and the one that names an incident
        self._days: dict[int, list[Day]] = {}
        self._owners: dict[int, Day | None] = {}

    def day(self, m: Mention, cumulative: bool, place: str | None) -> dt.date | None:
        """The incident's day: the nearest day in the sentence that no "said on Tuesday" owns, else that of the sentence
        before, or of the next where that goes on about "the attack"; a total has none."""
        if cumulative:
            return None
        s = m.sentence
        if s.of_role(KIND, "same_day"):
            found = self._dated.get(s.index) or next(
                (self._dated[k] for k in range(s.index - 1, s.index - 4, -1) if k in self._dated), None
            )
        else:
            counted = any(self._counted_from(s, d) for d in s.days)
            by = counted and m.rule != "tally"  # "By Wednesday, the toll had reached 26"
            day = self._own_day(s, m.i, m) or self._anchor(s, m)
            past = s.of_role(KIND, "past_times")
            if day is not None and any(h.j <= m.i < self._comma(s, h.j) < day.i for h in past):
                day = None  # "Weeks after 61 drowned, the owner was heard on Monday"
            elif day is None and not (by or past or names_month(s)):  # "In April, four died"
                day = self._day_near(s, place) or self._day_behind(m)
            found = day.on(self.d.published) if day is not None else None
            if found is not None and day in s.days:
                found -= dt.timedelta(days=self._days_before(m, day))
                found = self._before_finding(m, day, found)
        if found is not None:
            self._dated[s.index] = found
        return found

    def _before_finding(self, m: Mention, day: Day, found: dt.date) -> dt.date:
        """ "A plane that crashed on Sunday was found; rescuers brought out the bodies of all 54 on Tuesday": bodies are
        found on a day of their own, where the item tells that of an incident before it."""
        s = m.sentence
        if self.t.remains.isdisjoint(s.words[min(m.i, m.group.i) : max(m.j, m.group.j)]) or self._of_incident_on(
            s, day
        ):
            return found
        return min((on for on in self.days_told() if on < found), default=found)

    def _day_near(self, s: Sentence, place: str | None) -> Day | None:
        sentences = self.d.sentences
        for distance in (1, 2):
            i = s.index - distance
            if i < 0 or sentences[i].field != s.field:
                break
            other = sentences[i]
            if other.paragraph != s.paragraph and not self._of_incident(other):
                break
            if (
                place
                and other.paragraph != s.paragraph
                and any(
                    c.place.name != place and c.place.level == CITY and c.place.certain
                    for c in self.where.candidates(other)
                )
            ):
                break
            day = self._anchor(other) or self._own_day(other, len(other))
            if day is not None:
                return day
        for i in (s.index + 1, s.index + 2):
            if i < len(sentences) and (s.field == "title" or (i == s.index + 1 and self.where.goes_on(sentences[i]))):
                return self._own_day(sentences[i], 0)
            if i < len(sentences) and (owned := self._owner_of_incident(sentences[i])) is not None:
                return owned
        return None

    def _day_behind(self, m: Mention) -> Day | None:
        """ "A bomb killed nine at a market. ... The attack was carried out on Saturday": the day that a sentence behind
        names for the incident of which it goes on to tell."""
        for s in self.where.behind(m) if m.harm not in MOVED else ():
            if self.t.hits(s, "past_times") or self.t.hits(s, "days_after") or not self.where.same_incident(m, s):
                continue
            day = self._own_day(s, 0)
            if day is not None:
                return day
        return None

    def days_told(self) -> set[dt.date]:
        """The days of these weeks on which the item says that an incident happened, wherever it does."""
        for s in self.d.sentences:
            if not s.days or self.t.hits(s, "past_times") or self._of_another(s):
                continue
            day = self._own_day(s, 0)
            if day is not None and self._of_incident_on(s, day) and (on := self._lately(day)) is not None:
                return {on}
        title = self.d.sentences[0]
        if title.field != "title" or not self.where.told.get(0):
            return set()
        counted = (self._lately(d) for s in self.d.sentences for d in s.days if (s.index, d.i) in self._counts)
        today = self.d.published
        return {today} if today is not None and today in counted else set()  # a headline's toll of today

    def _lately(self, day: Day) -> dt.date | None:
        """A day of the weeks before publication."""
        on, published = day.on(self.d.published), self.d.published
        return on if on is not None and published is not None and 0 <= (published - on).days <= LATELY else None

    def _of_another(self, s: Sentence) -> bool:
        """ "an earlier attack", "a separate blast": whether a sentence names its incident as another one."""
        if self.t.apart.isdisjoint(s.words):
            return False
        return any(not self.t.apart.isdisjoint(s.words[max(0, h.i - 2) : h.i]) for h in self._incidents(s))

    def _of_incident_on(self, s: Sentence, day: Day) -> bool:
        """ "detonated his vest on Sunday", "the attack Thursday": whether an incident stands beside a day."""
        for h in self._incidents(s):
            i, j = (h.j, day.i) if h.j <= day.i else (day.j, h.i)
            if 0 <= j - i <= BESIDE and not any(not w[0].isalnum() for w in s.words[i:j]):
                return True
        return False

    def _of_incident(self, s: Sentence) -> bool:
        """Whether a sentence tells of an incident."""
        return bool(self.where.incidents(s) or s.of_roles(KIND, HARMS))

    def _owner_of_incident(self, s: Sentence) -> Day | None:
        """ "Wednesday's blast": the day that an incident is named by."""
        if not s.days:
            return None
        if s.index not in self._owners:
            self._owners[s.index] = self._owner(s)
        return self._owners[s.index]

    def _owner(self, s: Sentence) -> Day | None:
        incidents = {h.i for h in self.where.incidents(s)}
        for day in s.days:
            if (
                not incidents.isdisjoint((day.j, day.j + 1, day.j + 2))
                and s.words[day.j - 1 : day.j + 1]
                and self._possessive(s, day)
            ):
                return day
        return None

    def _possessive(self, s: Sentence, day: Day) -> bool:
        return (day.j < len(s.words) and s.words[day.j] in self.t.possessive) or s.words[day.j - 1].endswith(
            self.t.plural
        )

    def _own_day(self, s: Sentence, i: int, m: Mention | None = None) -> Day | None:
        if not (s.days or self.t.hits(s, "day_before")):
            return None
        owned = self._owner_of_incident(s)
        if owned is not None:
            return owned
        earlier = self._days_earlier(s, m)
        if m is None and earlier:
            return earlier[-1]  # of the incident, whatever day the sentence is told of
        days = self._of_incidents(s, (*s.days, *earlier)) if earlier else self._days.get(s.index)
        if days is None:
            days = self._days[s.index] = self._of_incidents(s, s.days)
        days = [d for d in days if not (self._aside(s, d, i) or (m is None and self._counted_on(s, d)))]
        if m and m.rule == "tally":  # "found more on Tuesday, taking the toll of Sunday's capsize to 68"
            days = [d for d in days if self._possessive(s, d)] or days
        own = self.where.stretch(m) if m and len(days) > 1 else None
        if own is not None:
            i = own[0]
            days = [d for d in days if i <= d.i < own[1]] or days
        return min(days, key=lambda d: abs(d.i - i), default=None)

    def _of_incidents(self, s: Sentence, named: Sequence[Day]) -> list[Day]:
        """Those of some days that are neither a report's nor a count's, wherever the mention stands."""
        days = [d for d in named if not self._spoken(s, d) and not self._counted_from(s, d)]
        told = self.where.told.get(s.index, ())
        self._counts |= {(s.index, d.i) for d in days if any(self._told_on(o, d) for o in told)}
        return [d for d in days if not self._heads_report(s, d) and (s.index, d.i) not in self._counts]

    def _days_before(self, m: Mention, day: Day) -> int:
        """ "Four days after a strike that killed seven, shells fell on Thursday": days from the mention to the day."""
        s = m.sentence
        for hit in self.t.hits(s, "days_after"):
            comma = self._comma(s, hit.j)
            if hit.j <= m.i < comma < day.i or day.j <= hit.i < m.i:
                return self._days_of(s, hit)
        return 0

    def _anchor(self, s: Sentence, m: Mention | None = None) -> Day | None:
        """ "the search ended on Friday, five days after the quake": the day of the incident that a sentence counts
        from, for what stands beside it in the sentence, or for one that goes on from there."""
        for hit in self.t.hits(s, "days_after"):
            comma = self._comma(s, hit.j)
            told_here = m is not None and hit.j <= m.i < comma
            if not told_here and (m is not None or any(d.i > comma for d in s.days)):
                continue  # "..., shells fell again on Thursday": what follows goes on from there
            told = [o.i for o in self.where.told.get(s.index, ())] if m is None else []
            if told and min(told) < hit.i < max(told):
                continue  # "nine died on Friday, a day after ...": the sentence has a day of its own
            names = any(hit.j <= h.i <= hit.j + MOST_WORDS and h.j <= comma for h in self._incidents(s))
            days = self._days_of(s, hit)
            if (names or m is not None) and days:
                base = next((d for d in reversed(s.days) if d.j <= hit.i and not self._spoken(s, d)), None)
                return self._earlier(base, days, hit)
        return None

    def _days_earlier(self, s: Sentence, m: Mention | None) -> list[Day]:
        """ "the quake that struck a day earlier": the day before the one that is named, or that of telling, where what
        stands nearest before the phrase is an incident or the mention itself."""
        found = []
        for hit in self.t.hits(s, "day_before"):
            told = max((h for h in s.hits(KIND) if h.j <= hit.i and self._happens(h)), key=lambda h: h.i, default=None)
            behind = next((h for h in self._incidents(s) if hit.j <= h.i <= hit.j + 2), None)
            if behind or (told and (told.i == (m and m.i) or not _INCIDENTS.isdisjoint(told.roles))):
                base = next((d for d in reversed(s.days) if d.j <= hit.i), None)
                found.append(self._earlier(base, 1, hit))
        return [day for day in found if day is not None]

    def _happens(self, hit: Hit) -> bool:
        return not _INCIDENTS.isdisjoint(hit.roles) or not HARMS.isdisjoint(hit.roles)

    def _earlier(self, base: Day | None, days: int, hit: Hit) -> Day | None:
        """So many days before a day, or before the day of publication, standing where a phrase does."""
        published = self.d.published
        day = published if base is None else base.on(published)
        if day is None or published is None:
            return None
        return Day(i=hit.i, j=hit.j, kind=DayKind.RELATIVE, number=(day - published).days - days)

    def _days_of(self, s: Sentence, hit: Hit) -> int:
        """The number before "days after"; 0 where there is none."""
        number = next((q.count for q in s.quantities if q.core_j == hit.i), None)
        return 1 if hit.roles["days_after"].value == "one" else min(number or 0, MOST_DAYS)

    def _incidents(self, s: Sentence) -> Sequence[Hit]:
        """What a sentence names of incidents and disasters, in order."""
        incidents, disasters = self.where.incidents(s), self.t.hits(s, "disasters")
        return s.of_roles(KIND, _INCIDENTS) if incidents and disasters else incidents or disasters

    def _comma(self, s: Sentence, k: int) -> int:
        """The next comma from a token on, or the end."""
        return next((i for i in range(k, len(s)) if s.words[i] == ","), len(s))

    def _counted_from(self, s: Sentence, d: Day) -> bool:
        """ "since May 10", "until Friday": an end of a period, and no incident's day."""
        return not self.t.since.isdisjoint(s.words[max(0, d.i - 1) : d.i + 1])

    def _heads_report(self, s: Sentence, d: Day) -> bool:
        """ "LIMA, June 9 (Wire) -": the day on which the report was filed."""
        if s.field == "title" or d.kind is not DayKind.DATE or d.i > 8:
            return False
        end = d.j
        if s.words[end : end + 1] == ["("]:  # the agency
            end = next((k + 1 for k in range(end, min(end + 8, len(s.words))) if s.words[k] == ")"), end)
        while s.words[end : end + 1] in CLOSING:
            end += 1
        return s.words[end : end + 1] in DASHES and s.starts[end] > s.ends[end - 1]

    def _told_on(self, m: Mention, d: Day) -> bool:
        """ "the toll rose to 12 on Tuesday", "six more died on Tuesday, taking it to 46": the day of a count."""
        if m.rule != "tally":
            return False
        s = m.sentence
        if any(w in self.t.walls for w in s.words[d.j : min(m.i, m.group.i)]):
            return True  # "the coast was bracing on Saturday, as the toll elsewhere climbed to 53"
        if any(h.i == d.j for h in self.t.hits(s, "count_verbs")):
            return True  # "Iran on Monday raised the toll to 306"
        if any(0 <= c.i - d.j <= 2 and d.j < len(s) and s.words[d.j] == "," for c in s.credits):
            return True  # "on Tuesday, officials said that the toll had risen to 530"
        more = any(word in self.t.increments for word in m.sentence.words[: d.i])
        return 0 <= d.i - m.group.j <= 1 or (more and d.j <= min(m.i, m.group.i))

    def _counted_on(self, s: Sentence, d: Day) -> bool:
        """ "the toll of the floods a week ago was raised to 64 on Sunday": the day of a count, seen from another
        sentence."""
        told = self.t.hits(s, "tolls") and self.t.hits(s, "past_times")
        return bool(told) and any(0 <= d.i - q.j <= 1 for q in s.quantities)

    def _aside(self, s: Sentence, d: Day, i: int) -> bool:
        """ "the governor, who toured the village on Saturday, confirmed 60 deaths": a day within what commas tell of a
        person, where token i stands outside."""
        begin = next((k for k in range(d.i - 1, 0, -1) if s.words[k] == ","), 0)
        end = self._comma(s, d.j)
        if not begin or end >= len(s) or begin < i < end or d.j < end - 3:
            return False
        return s.words[begin + 1] in self.t.whom

    def _spoken(self, s: Sentence, d: Day) -> bool:
        """ "said on Tuesday", "officials said late Monday", "told reporters Friday"."""
        for k in range(max(0, d.i - 7), d.i):
            hit = s.common_at.get(k)
            if hit is not None and "quote_verbs" in hit.roles and not any(w in (",", "that") for w in s.words[k : d.i]):
                acts = [h.i for h in s.hits(KIND) if k < h.i < d.i and self._acts(s, h)]
                told = any(s.words[i - 1] not in self.t.articles for i in acts)  # but "visited the wounded on Friday"
                if not told:  # "the ministry said four soldiers were killed on Monday"
                    return True
        if any(c.end <= c.i and 0 <= d.i - c.j <= GIVEN and self._plain(s, c.j, d.i) for c in s.credits):
            return True  # "according to figures released by the police on Tuesday"
        after = s.common_at.get(d.j)
        return after is not None and "quote_verbs" in after.roles and d.j < len(s.words)

    def _plain(self, s: Sentence, i: int, j: int) -> bool:
        """Whether no mark, no harm and no incident stands in tokens[i:j]."""
        return all(w[0].isalnum() for w in s.words[i:j]) and not any(
            i <= h.i < j and self._happens(h) for h in s.hits(KIND)
        )

    def _acts(self, s: Sentence, h: Hit) -> bool:
        """Whether a hit is a verb of harm, or of an incident ("opened fire", "exploded")."""
        return "harm_verbs" in h.roles or ("incidents" in h.roles and s.words[h.i].endswith(self.t.participles))


def names_month(s: Sentence) -> bool:
    """ "In April, four died": whether a month stands in a sentence that is no part of a day, as in "April 5"."""
    months = s.of_role("common", "months")
    return bool(months) and not all(any(d.i <= h.i < d.j for d in s.days) for h in months)
