"""What a sentence says of a meeting beside its parties: when, where, how, which round, by whom, with what outcome."""

from __future__ import annotations

from monitor.kinds.talk_round.find_attach import told_in_call
from monitor.kinds.talk_round.find_outcome import clause, is_plan, results
from monitor.kinds.talk_round.find_when import FRESH, Dated
from monitor.kinds.talk_round.find_words import TRIGGERS
from monitor.language.places import Place
from monitor.language.quantities import Sort

#: tokens from a side to what it is: "Oman acting as a go-between"
_GO_BETWEEN = 5
#: tokens from a meeting to what came of it
_RESULT = 16
#: tokens from an ordinal to the meeting
_ROUND = 14
#: talks that are only agreed on
_TO_COME = frozenset(("planned", "proposed", "base"))


class Course(Dated):
    """Reads the other slots around one trigger."""

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

    def round(self, *, been: bool = False) -> int | None:
        """ "The third round of talks", "round two"; of what has been not that of the next, which was agreed on."""
        if self._w.rounds.isdisjoint(self._s.words):
            return None
        told = self._ordinals(been=been)
        for quantity in self._s.quantities:
            after = self._s.words[quantity.j : quantity.j + 3]
            far = self._distance(quantity.i, quantity.j)
            if quantity.count is None or (been and self._is_of_next(quantity.i)):
                continue
            if quantity.sort is Sort.ORDINAL and far <= _ROUND and not self._w.rounds.isdisjoint(after):
                told.append((far, quantity.count))
            k = quantity.i - 1
            if k < 0 or self._s.words[k] not in self._w.rounds or not 0 < quantity.count < 60:
                continue
            of = far <= _ROUND and not self._w.of_words.isdisjoint(self._s.words[quantity.j : quantity.j + 1])
            if quantity.j < len(self._s) and (k == self._hit.i or of):
                told.append((far, quantity.count))
        return min(told)[1] if told else None

    def _ordinals(self, *, been: bool) -> list[tuple[int, int]]:
        """ "The first round": how far ordinals that are no quantity by themselves are, and which."""
        words, rounds = self._s.words, self._w.rounds
        another = not self._w.fresh.isdisjoint(words[max(0, self._hit.i - FRESH) : self._hit.i])
        near = [
            (self._distance(k, k + 1), self._w.ordinals[word])
            for k, word in enumerate(words[: self._hit.i] if another else words)  # "a new one, after the first round"
            if word in self._w.ordinals
            and not rounds.isdisjoint(words[k + 1 : k + 3])
            and not (been and self._is_of_next(k))
        ]
        return [each for each in near if each[0] <= _ROUND]

    def _is_of_next(self, k: int) -> bool:
        """ "met and agreed to hold a second round": behind the verb of a plan stands another meeting."""
        if k < self._hit.j:
            return False
        return any(
            self._hit.j <= h.i < k and "modals" in h.roles and h.roles["modals"].value == "planned" for h in self._hits
        )

    # --- mediators ---

    def mediators(self) -> set[str]:
        """Who brings others together: "UN-brokered", "mediated by Norway", "Turkey hosted talks between"."""
        found = set(self._found.mediators) | self._openers() | self._go_betweens()
        for hit in self._hits:
            if hit.i and "mediator_words" in hit.roles and abs(hit.i - self._hit.i) <= 22:
                if self._s.words[hit.i - 1] in self._w.missions:
                    continue  # "delegations led by X and Y"
                found |= self._list_from(hit.j)
            if (
                "mediate_verbs" in hit.roles
                and self._hit.j - 12 <= hit.i < self._hit.i + 12
                and self._s.words[hit.i - 1] != "-"  # "co-chairs"
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
                near = [side for side in near if self._w.resigning.isdisjoint(words[side.j : k])]
                # "X said, as mediators pressed": there "as" opens a clause
                found |= {side.actor for side in near if not self._is_said(side.j, k)}
            elif word in self._w.mediation:
                start = max(0, k - 2)
                opened = not self._w.prepositions.isdisjoint(words[max(0, start - 1) : k])
                found |= {a.actor for a in self._s.actors if opened and start <= a.i and a.j + a.possessive == k}
                if k + 1 < len(words) and (words[k + 1] in self._w.of_words or words[k + 1] in self._w.by_words):
                    found |= self._list_from(k + 2)  # "through the mediation of Norway"
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
        edge, closed = j, False  # "by A and B, C and D signed": behind its "and" a list is at its end
        for side in (x for x in self._sides if x.i >= j):
            gap = self._s.words[edge : side.i]
            if (
                len(gap) > 4
                or any(w in self._w.breaks and w not in self._w.joins for w in gap)
                or (names and self._w.joins.isdisjoint(gap))
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
            if len(gap) > 4 or (names and self._w.joins.isdisjoint(gap)) or side.place:
                break
            relative = (
                bool(gap) and gap[0] == "," and not self._w.relatives.isdisjoint(gap[1:2])
            )  # "the EU, which chairs"
            if not names and not relative and not self._w.breaks.isdisjoint(gap):
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
        found = results(self._s, self._w)
        for i in found:
            if self._hit.j <= i <= reach and not self._is_new_subject(i) and not self._is_of_another(i):
                return clause(self._s, i, self._w)
        before = [i for i in found if self._hit.i - _RESULT < i < self._hit.i]
        if before and self._is_occasion() and self._w.breaks.isdisjoint(self._s.words[before[-1] : self._hit.i]):
            return clause(self._s, before[-1], self._w)  # "failed to reach a deal at talks in Rome"
        k = next((k for k in range(self._hit.i) if self._s.words[k] in self._w.agree), None)
        if k is None or "talk_nouns" not in self._hit.roles or is_plan(self._s, k + 1, self._w):
            return None
        if not self._section.words("relative_list").isdisjoint(self._s.words[k + 1 : self._hit.i]):
            return None  # "agreed that talks must go on": a wish for more of them
        start = max(k, self._hit.i - _GO_BETWEEN)
        between = (h.roles["before"].value for h in self._hits if "before" in h.roles and start < h.i < self._hit.i)
        return None if _TO_COME.intersection(between) else clause(self._s, k, self._w)  # "agreed to hold talks"

    def _is_of_another(self, i: int) -> bool:
        """ "the truce that ended the war", "a pact which they signed": no word of what came of the talks."""
        end, words = max(self._hit.j, self._found.end), self._s.words
        opens = [k for k in range(end + 1, i) if words[k] in self._section.words("relative_list")]
        if not opens:
            return False
        k = opens[-1]
        comma = words[k - 1] == ","
        if k == i - 1:
            return not (comma and any(place.j == k - 1 for place in self._s.places))  # "in Rome, which ended"
        return words[k - 1 - comma] in self._w.accords and "," not in words[k:i]

    def _is_new_subject(self, i: int) -> bool:
        end = max(self._hit.j, self._found.end)
        if any(
            self._s.words[k] in self._w.rounds and self._s.words[k - 1] in self._w.ordinals for k in range(end + 1, i)
        ):
            return True  # "talks were held in May, but the third session stalled"
        if any(
            self._s.words[k] in self._w.asides and self._s.words[k + 1] in self._w.personal for k in range(end, i - 1)
        ):
            return True  # "met him as she wound up a visit"
        thirds = self.mediators()
        return any(
            self._found.end <= side.i < i and not side.place and side.actor not in thirds
            for side in self._sides
            if side.i >= self._hit.j + 1 and side.actor not in self._found.parties
        )
