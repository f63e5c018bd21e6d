"""Words around a trigger that say how far a meeting has come, and the clause in which they are looked for."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, MOVING, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens behind a noun in which its cues stand
AFTER = 16
#: tokens before a trigger in which it can be denied
_DENIED = 4
#: tokens from "threatened" to what is threatened with
_THREAT = 3
#: tokens from "who" to the noun that its verb governs
_RELATIVE = 6
#: tokens before a noun that may open its own quotation marks: "for "pre-negotiation talks""
QUOTED = 4


class Cues:
    """The cues of one trigger; ``end`` is where its arguments end."""

    def __init__(self, sentence: Sentence, hit: Hit, words: Words, end: int) -> None:
        self._s, self._hit, self._w, self._end = sentence, hit, words, end
        self._hits = sentence.hits(KIND)

    def _cues(self, role: str, low: int, high: int) -> list[Hit]:
        found, words, having = [], self._s.words, self._w.having
        for hit in self._hits:
            if role not in hit.roles or hit.i < low or hit.j > high or hit.i == self._hit.i or self._is_compound(hit):
                continue
            if (words[hit.i] not in having or not self._is_auxiliary(hit)) and not self._is_threat(hit):
                found.append(hit)
        return found

    def _is_threat(self, hit: Hit) -> bool:
        """ "threatened to pull out of the talks", "would boycott them unless": nothing has been called off."""
        entry = hit.roles.get("before")
        if entry is None or entry.value != "cancelled":
            return False
        if not self._w.threats.isdisjoint(self._s.words[max(0, hit.i - _THREAT) : hit.i]):
            return True
        return self._s.words[hit.i - 1] in self._w.auxiliaries and self._s.has(self._w.unless)

    def _is_auxiliary(self, hit: Hit) -> bool:
        """ "had agreed that", "have arrived": not the "had" of "had talks"."""
        words = self._s.words
        if hit.j - hit.i > 1 or hit.j >= len(words):
            return False
        if words[hit.j] in self._w.agree or any(h.i == hit.j and "quote_verbs" in h.roles for h in self._s.common):
            return True
        return any(h.i == hit.j and not MOVING.isdisjoint(h.roles) for h in self._hits)

    def _is_compound(self, hit: Hit) -> bool:
        """ "UN-sponsored", "20 May": no verb."""
        if hit.i and self._s.words[hit.i - 1] == "-":
            return True
        return self._s.raw[hit.i][0].isupper() and any(day.i <= hit.i < day.j for day in self._s.days)

    def _is_denied(self, reach: int = _DENIED) -> bool:
        return not self._w.denials.isdisjoint(self._s.words[max(0, self._hit.i - reach) : self._hit.i])

    def _behind(self) -> list[Hit]:
        """What is said of the noun behind it, in order."""
        end = self._relative_end(self._clause_end())
        cues = [*self._cues("after", self._hit.j, end), *self._cues("modals", self._hit.j, end)]
        titled = self._s.field == "title"  # "A and B end talks, agree to meet again"
        cues = [
            h
            for h in cues
            if not (
                self._is_effect(h)
                or self._is_of_third(h)
                or (titled and "modals" in h.roles and self._s.words[h.i - 1] == ",")
            )
        ]
        cues += [h for h in self._cues("outcome_verbs", self._hit.j, end) if h.i in (self._hit.j, self._end)]
        return sorted(cues, key=lambda h: h.i)

    def _relative_end(self, end: int) -> int:
        """ "X, who oversees talks, will brief Y": the clause whose object the noun is ends before the verb."""
        words, i = self._s.words, self._hit.i
        opens = next((k for k in range(i - 1, max(1, i - _RELATIVE), -1) if words[k] in self._w.whose), None)
        if (
            opens is None
            or words[opens - 1] != ","
            or not any("before" in h.roles or "mediate_verbs" in h.roles for h in self._hits if opens < h.i < i)
        ):
            return end
        return next((k for k in range(self._hit.j, end) if words[k] == ","), end)

    def _is_effect(self, cue: Hit) -> bool:
        """Whether a modal verb tells what talks are to bring about, and not whether they are to be."""
        modal = cue.roles.get("modals")
        if modal is None:
            return False
        if cue.i and self._s.words[cue.i - 1] in self._w.embedded:
            return True  # "sketched out what could be a deal"
        if self._is_to_be(cue):
            return False
        ahead = self._s.words[cue.i - 1] if cue.i else ""
        behind = ahead in self._w.relatives or ahead in self._w.whats
        return modal.value == "cancelled" or (modal.value == "proposed" and behind)

    def _is_of_third(self, cue: Hit) -> bool:
        """ "which A and B arranged": what somebody else did for the talks."""
        return "mediate_verbs" in cue.roles and not self._w.relatives.isdisjoint(self._s.words[self._end : cue.i])

    def _is_to_be(self, modal: Hit) -> bool:
        """ "were supposed to begin", not "were supposed to bring peace", nor "talks that could bring peace"."""
        return any(h.i == modal.j and ("after" in h.roles or "before" in h.roles) for h in self._hits) or (
            self._s.words[modal.j : modal.j + 1] == ["be"]
        )

    def _value(self, hit: Hit) -> str:
        entry = hit.roles.get("after") or hit.roles.get("modals")
        return entry.value if entry is not None else "held"  # "talks end without a deal"

    def _bare_verb(self, cue: Hit) -> str:
        """ "hold talks" without a modal: a headline or a present; "met to hold talks" is past."""
        met = self._cues("meet_verbs", self._clause_start(cue.i, AFTER), cue.i)
        if met and "past" in met[-1].roles["meet_verbs"].forms:
            return "held"
        if met and "ing" in met[-1].roles["meet_verbs"].forms and self._s.words[met[-1].i - 1] in self._w.auxiliaries:
            return "ongoing"  # "are meeting to resume talks"
        aim = cue.i and not self._w.to_words.isdisjoint(self._s.words[cue.i - 1 : cue.i + 1])
        return "planned" if aim else "ongoing"

    def _tense(self) -> str:
        """ "talks begin": planned where a day is still to come, else the present of a headline; "talks to begin"."""
        if self._s.words[self._hit.j : self._hit.j + 1] != [] and self._s.words[self._hit.j] in self._w.to_words:
            return "planned"
        return "planned" if self._is_ahead() else "ongoing"

    def _is_ahead(self) -> bool:
        published = self._s.document.published
        if any(
            word in self._w.ahead and k and self._s.words[k - 1] in self._w.definite
            for k, word in enumerate(self._s.words)
        ):
            return True
        days = [day.on(published, future=True) for day in self._s.days]
        return published is not None and any(day is not None and day > published for day in days)

    def _modal(self, i: int, reach: int) -> str | None:
        """The word that says that what stands at i is still to come, or only possible: the nearest before it."""
        cues = self._cues("modals", self._clause_start(i, reach), i)
        return cues[-1].roles["modals"].value if cues else None

    def _clause_start(self, i: int, reach: int) -> int:
        for k in range(i - 1, max(-1, i - reach - 1), -1):
            quoted = self._s.words[k] in ("“", "”", '"') and k >= i - QUOTED
            if (self._s.words[k] in (";", ":", "“", "”", '"', "—") and not quoted) or (
                self._s.common_at.get(k) is not None and "quote_verbs" in self._s.common_at[k].roles and k < i - 1
            ):
                return k + 1
        return max(0, i - reach)

    def _clause_end(self) -> int:
        high = min(len(self._s), self._end + AFTER)
        for k in range(self._end, high):
            if self._s.words[k] in (";", ":", "“", "”", '"', "—"):
                return k
            if (
                self._s.words[k] in self._w.breaks
                and self._s.words[k] != "that"
                and self._s.words[k] != ","
                and self._s.words[k] != "which"
            ):
                return k
        return high

    def _is_set(self) -> bool:
        """Whether the sentence says when or where, or tells of an offer: what is refused was to be a meeting."""
        if self._s.has(self._w.offers):
            return True
        verb = next((h for h in self._hits if "before" in h.roles and h.roles["before"].value == "refused"), self._hit)
        return any(day.i >= verb.j for day in self._s.days) or any(
            place.preposition in self._w.place and self._w.breaks.isdisjoint(self._s.words[place.j : verb.i])
            for place in self._s.places
        )
