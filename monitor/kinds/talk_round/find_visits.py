"""Who meets whom by going there: "Blinken visited Kyiv", "her visit to Rome", "will travel to Rome and to Athens"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_each import Each, Found
from monitor.kinds.talk_round.find_titles import PERSONS, Side
from monitor.kinds.talk_round.find_words import KIND
from monitor.language.places import SPECIFIC, Place

#: tokens between the goals of a journey
_ON_TO = 10


class Visits(Each):
    """Reads the parties around a verb or noun of visiting."""

    def _of_visit(self) -> Found | None:
        """ "Blinken visited Kyiv": a person of one state in another's country."""
        goal = self._goal(self._hit.j)
        if goal is None:
            return None
        who = [side for side in self._subject(self._hit.i, set()) if side.person and not self._tells_of_another(side)]
        found = self._visit(who, goal, "visits a country")
        return found and self._on_to(found, goal)

    def _tells_of_another(self, side: Side) -> bool:
        """ "a commander said that X had gone to Y": between a verb of saying and the visit stands another name."""
        s, i = self._s, self._hit.i
        said = [k for k in range(side.j, i) if (h := s.common_at.get(k)) is not None and "quote_verbs" in h.roles]
        if not said:
            return False
        names = [k for k in range(said[-1] + 1, i) if s.raw[k][0].isupper() and k not in s.common_at]
        return any(not any(other.i <= k < other.j for other in self._sides) for k in names)

    def _on_to(self, found: Found, goal: Place) -> Found:
        """ "will travel to Rome on Monday and to Athens a day later": another visit."""
        words = self._s.words
        for place in self._s.places:
            k = place.i - 1
            if place.i <= goal.j or place.country in (None, goal.country) or k < 2 or words[k] not in self._w.to_words:
                continue
            while k and words[k - 1] in self._w.apart:
                k -= 1
            if k and words[k - 1] in self._w.ands and place.i - goal.j <= _ON_TO:
                who = set(found.parties) - {goal.country}
                first = replace(found, within=(0, k - 1), end=goal.j)
                other = tuple(sorted({*who, place.country or ""}))
                second = replace(found, parties=other, place=place, within=(k - 1, len(words)), end=place.j)
                return replace(found, each=(first, second)) if len(other) > 1 else found
        return found

    def _of_visit_noun(self) -> Found | None:
        """ "Blinken's visit to Kyiv", "a visit to Kyiv by Blinken"."""
        i, j = self._hit.i, self._hit.j
        to = self._after(j, self._w.to_words, 8)
        goal = self._goal(to + 1) if to is not None else None
        if goal is None:
            return None
        by = self._after(j, self._w.by_words, 9)
        owners = [side for side in self._sides if side.owner and side.person and side.j <= i and i - side.j <= 4]
        who = owners or (self._group(by + 1) if by is not None else [])
        if not who and (behind := self._behind(goal.j, set())) is not None:
            who = [behind]
        return self._visit(who or self._subject(i, set()), goal, "visit to a country")

    def _goal(self, k: int) -> Place | None:
        """The most specific place of the country that a visit goes to: "Ukraine's capital, Kyiv"."""
        near = [p for p in self._s.places if 0 <= p.i - k <= 6 and p.country]
        if not near or near[0].i - k > 2:
            return None
        return max((p for p in near if p.country == near[0].country), key=lambda p: (SPECIFIC[p.level], -p.i))

    def _visit(self, who: Sequence[Side], goal: Place, rule: str) -> Found | None:
        if any(h.i > self._hit.i and ("meet_verbs" in h.roles or "talk_nouns" in h.roles) for h in self._s.hits(KIND)):
            return None  # the sentence tells the meeting itself
        who = [side for side in who if side.person and not side.described and self._is_somebody(side)]
        found = self._names([*(side.actor for side in who), goal.country or ""], rule, 0.65)
        if found is not None and found.parties == self._memory.last(self._s, 0):
            return None  # "after meeting X in Y, Z travelled to W"
        visitor = self._s.words[who[0].j - 1] if who else ""
        return replace(found, place=goal, visitor=visitor) if found is not None else None

    def _is_somebody(self, side: Side) -> bool:
        """A person, or people with a title: no army, no crowd."""
        if not self._w.residents.isdisjoint(self._s.words[side.i : side.j]):
            return False
        if any(a.form in PERSONS and side.i <= a.i < side.j for a in self._s.actors):
            return True
        return any("titles" in h.roles and side.i <= h.i < side.j for h in self._s.common) or any(
            word in self._w.heads for word in self._s.words[side.i : side.j]
        )

    # --- results ---

    def _two(
        self,
        who: Iterable[Side],
        rule: str,
        confidence: float,
        brought: frozenset[str] = frozenset(),
        objects: Sequence[Side] = (),
    ) -> Found | None:
        who = list(who)
        end = max((side.j for side in objects), default=0)
        return self._names((side.actor for side in who), rule, confidence, brought, end=end)

    def _names(
        self,
        who: Iterable[str],
        rule: str,
        confidence: float,
        brought: frozenset[str] = frozenset(),
        refers: bool = False,
        end: int = 0,
    ) -> Found | None:
        names = tuple(sorted(set(who)))
        if len(names) < 2:
            return None
        return Found(names, rule, confidence, brought - set(names), refers, end=end)
