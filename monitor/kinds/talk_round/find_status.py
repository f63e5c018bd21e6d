"""How far a meeting has come, read from the verbs and small words around its trigger; None where it is denied."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.talk_round.find_cues import AFTER, QUOTED, Cues
from monitor.kinds.talk_round.find_span import moved_day
from monitor.kinds.talk_round.find_words import KIND, MOVING, VERBS, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens before a noun, and before a verb, in which its cues stand
_BEFORE, _VERB = 9, 6
#: tokens behind a noun in which a word outdoes what stands before it
_CLOSE = 6
DENIED = "denied"
#: what can open a clause about a subject whose verb is still to come
_APPOSING = frozenset((",", "(", ")"))
#: value of verbs that tell that a meeting goes on
_AGAIN = "again"


def status(sentence: Sentence, hit: Hit, words: Words, end: int) -> str | None:
    """A rung of the ladder, "cancelled", "denied" (it was not), or None where nothing is said.

    ``end`` is where the trigger's arguments end, so that cues behind them are still near.
    """
    reader = _Reader(sentence, hit, words, max(end, hit.j))
    return reader.of_noun() if is_noun(sentence, hit, words) else reader.of_verb()


def is_noun(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether the trigger is a noun here: "a meeting", "their meeting", not "after meeting them"."""
    if "talk_nouns" not in hit.roles and "visit_nouns" not in hit.roles:
        return False
    if VERBS.isdisjoint(hit.roles):
        return True
    before = sentence.words[hit.i - 1] if hit.i else ""
    after = sentence.words[hit.j] if hit.j < len(sentence) else ""
    if before in words.articles or before == "'s":
        return True
    if "visit_nouns" in hit.roles:
        return after in words.to_words
    if before in words.participle_openers or before in words.auxiliaries:
        return False
    named = before == ")" or sentence.raw[hit.i - 1][0].isupper()
    if sentence.field == "text" and hit.i and named and _is_base(hit):
        return False  # "the leaders of A and B meet"
    if before in words.to_words and any(e.forms == {"base"} for r, e in hit.roles.items() if r in VERBS):
        return False  # "to meet"
    # "meeting Zelensky" has its object at once
    return not (after in words.articles or (hit.j < len(sentence) and sentence.raw[hit.j][0].isupper()))


def _is_base(hit: Hit) -> bool:
    """Whether the words can be a verb in the present."""
    return any("base" in entry.forms for role, entry in hit.roles.items() if role in VERBS)


class _Reader(Cues):
    """Reads nouns and verbs, each by rules of its own."""

    # --- nouns ---

    def of_noun(self) -> str | None:
        if moved_day(self._s, self._hit.j, self._w) is not None:
            return "planned"  # "has been pushed back to 27 May"
        i = self._hit.i
        behind = self._behind()
        before = [h for h in self._cues("before", self._clause_start(i, _BEFORE), i) if self._is_near(h, behind)]
        after = self._cues("after", self._hit.j, self._clause_end())
        values = {h.roles["before"].value for h in before}
        off = any(h.roles["after"].value == "cancelled" and not self._is_other(h) for h in after[:2])
        if "cancelled" in values or off or self._is_called_off():
            return "cancelled"
        modal = None if self._is_agreed_there() else self._modal(i, 12)
        if "refused" in (*values, modal) and self._is_set():
            return "cancelled"
        if self._is_denied() or modal == "refused":
            return DENIED
        if modal == "cancelled":
            return modal
        if modal not in ("planned", "proposed") and self._occasion() and not any(h.i - self._end <= 3 for h in after):
            return "held"
        if modal is None and (aim := self._aim()) is not None:
            return aim
        if before:
            nearest = before[-1].roles["before"].value
            stretch = self._s.words[before[-1].j - 1] in self._w.of_words
            if nearest == "past" and stretch and len(before) > 1 and before[-1].i - before[-2].j <= 2:
                nearest = before[-2].roles["before"].value  # "began four days of talks"
            if nearest == "refused" or (nearest in ("ongoing", "base") and "refused" in values):
                return DENIED  # "rejected the possibility of holding talks"
            if nearest == "past" and modal != "planned":
                return "held"
            if nearest == "past":
                return "held" if before[-1].j >= i - 3 and not self._modal(before[-1].i, 5) else modal
            if nearest == "ongoing" and before[-1].i and self._s.words[before[-1].i - 1] in self._w.conjunctions:
                nearest = "held"  # "after holding talks"
            if nearest == "there":
                nearest = "ongoing" if before[-1].j >= i - 1 else "held"
            if nearest == "planned" and any(
                self._value(h) == "proposed" and h.i - self._end <= _CLOSE for h in self._behind()[:2]
            ):
                return "proposed"
            if nearest in ("planned", "proposed"):
                return nearest
            if modal is not None:
                return modal
            if nearest == "base" and self._hit.roles["talk_nouns"].value in ("phone", "video"):
                return "planned" if self._bare_verb(before[-1]) == "planned" else "held"  # "hold phone call"
            if nearest == "base":
                return self._bare_verb(before[-1])
            return nearest
        return self._of_what_follows(modal, after)

    def _of_what_follows(self, modal: str | None, after: Sequence[Hit]) -> str | None:
        """What is said behind a noun that nothing before it tells of."""
        if modal is not None and (not after or all(h.i - self._end > _CLOSE for h in after)):
            return modal
        if modal is None and not after and (coming := self._coming()) is not None:
            return coming
        if modal is None and self._occasion() and not any(h.i - self._end <= 3 for h in after):
            return "held"
        behind = self._behind()
        for hit in behind:
            value = self._value(hit)
            if self._is_aside_of(hit, behind):
                continue
            if value == "refused":
                return "cancelled" if self._is_set() else DENIED  # "the talks will not resume in May"
            return self._tense() if value == "base" else value
        return modal or self._occasion() or self._met_for()

    def _is_agreed_there(self) -> bool:
        """ "agreed to free prisoners at talks in Rome": what they agreed on there is something else than to meet."""
        if self._occasion() is None:
            return False
        cues = self._cues("modals", self._clause_start(self._hit.i, 12), self._hit.i)
        if not cues or self._s.words[cues[-1].i] not in self._w.agree:
            return False
        between = [h for h in self._hits if cues[-1].j <= h.i < self._hit.i]
        return not any("before" in h.roles or not VERBS.isdisjoint(h.roles) for h in between)

    def _is_aside_of(self, cue: Hit, behind: Sequence[Hit]) -> bool:
        """ "talks that opened on Friday ended on Monday": a relative clause, where the main verb tells the end."""
        if self._s.words[cue.i - 1] not in self._w.relatives:
            return False
        return any(h.i > cue.j and "outcome_verbs" in h.roles and self._value(h) == "held" for h in behind)

    def _aim(self) -> str | None:
        """ "arrived in Cairo to resume talks", "sat down to begin talks": what somebody came for."""
        i = self._hit.i
        aims = [h for h in self._cues("after", max(0, i - QUOTED), i) if self._s.words[h.i] in self._w.to_words]
        return self._bare_verb(aims[-1]) if aims else None

    def _is_called_off(self) -> bool:
        """ "the summit, which was to be held in Rome on Sunday, has been cancelled": a verb far behind its subject."""
        cues = self._cues("after", self._clause_end(), len(self._s))
        late = [h for h in cues if h.roles["after"].value == "cancelled"]
        apposing = _APPOSING | self._w.relatives
        verb = start = late[0].i if late else 0
        while start > self._end and self._s.words[start - 1] in self._w.auxiliaries:
            start -= 1
        if start == verb or any(self._end <= h.i < verb and "talk_nouns" in h.roles for h in self._hits):
            return False
        if self._s.words[start - 1] in self._w.ands or self._s.words[start - 1] in self._w.breaks:
            return self._s.words[start - 1] not in apposing  # "but were called off"
        gap = self._s.words[self._end : start]
        own = any(word in self._w.auxiliaries and gap[k - 1] not in self._w.relatives for k, word in enumerate(gap))
        return not own and gap.count(",") > 1 and not any(w in self._w.breaks and w not in apposing for w in gap)

    def _met_for(self) -> str | None:
        """ "met in Rome for talks": what they met for was held when they met."""
        met = self._cues("meet_verbs", self._clause_start(self._hit.i, _BEFORE), self._hit.i)
        if not met or "past" not in met[-1].roles["meet_verbs"].forms:
            return None
        purpose = self._s.document.lexicon.section(KIND).words("for_list")
        return "held" if not purpose.isdisjoint(self._s.words[met[-1].j : self._hit.i]) else None

    def _is_other(self, hit: Hit) -> bool:
        """ "to resume the talks, which X scrapped": what was called off are the earlier ones."""
        gap = self._s.words[self._end : hit.i]
        return not self._w.relatives.isdisjoint(gap) and self._modal(self._hit.i, 12) in ("planned", "proposed")

    def _is_near(self, hit: Hit, behind: Sequence[Hit]) -> bool:
        """ "called off the talks", not "two years after they were suspended, the talks will resume"."""
        strict = bool(behind) or hit.roles["before"].value == "cancelled"
        return not strict or "," not in self._s.words[hit.j : self._hit.i]

    def _coming(self) -> str | None:
        """ "arrives in Cairo on Tuesday for talks", "has arrived in Cairo for talks": they are still to come."""
        if self._is_present():
            return "planned"
        going = [h for h in self._hits if h.i < self._hit.i and not MOVING.isdisjoint(h.roles)]
        if not going:
            return None
        forms = next(e.forms for r, e in going[-1].roles.items() if r in MOVING)
        if not self._w.fresh.isdisjoint(self._s.words[going[-1].j : self._hit.i]):
            return "planned"  # "arrived in Cairo for a new round of talks"
        having = going[-1].i and self._s.words[going[-1].i - 1] in self._w.having
        return "planned" if having or not forms & {"past", "participle"} else None

    def _is_present(self) -> bool:
        """ "he takes a train to Kyiv for talks": a pronoun, a verb in the present, and the noun as what for."""
        words = self._s.words
        start = max(0, self._hit.i - AFTER)
        at = [k for k in range(start, self._hit.i - 2) if words[k] in self._w.personal]
        return bool(at) and words[at[-1] + 1].endswith("s") and words[at[-1] + 1] not in self._w.auxiliaries

    def _occasion(self) -> str | None:
        """ "at a meeting", "in a call": something that was told there has been."""
        k = self._hit.i - 1
        if any(h.j == k + 1 and h.roles["before"].value == "ongoing" for h in self._hits if "before" in h.roles):
            return None  # "the sides in Libya began meeting"
        while k >= 0 and (
            self._s.words[k] in self._w.articles
            or (k and self._s.words[k] in self._w.of_words and self._s.words[k - 1] in self._w.rounds)
            or (
                self._s.words[k].isalpha()
                and self._s.words[k] not in self._w.function
                and self._s.words[k] not in self._w.prepositions
            )
        ):
            k -= 1
        if k < 0 or self._s.words[k] not in self._w.occasions or any(h.i < k < h.j for h in self._hits):
            return None  # no occasion: "to take part in talks"
        return None if k and self._s.words[k - 1] in self._w.auxiliaries else "held"  # "are in talks"

    # --- verbs ---

    def of_verb(self) -> str | None:
        entry = next((entry for role, entry in self._hit.roles.items() if role in VERBS), None)
        if entry is None:  # a stretch of time: its verb stands before it
            return self._modal(self._hit.i, _VERB + 2) or "held"
        i = self._hit.i
        modal = self._modal(i, _VERB)
        if (modal == "refused" and self._is_set()) or self._is_turned_down(i):
            return "cancelled"
        if self._is_denied(3):
            return DENIED
        cancelled = [h for h in self._cues("before", max(0, i - 5), i) if h.roles["before"].value == "cancelled"]
        if cancelled:
            return "cancelled"
        if modal in ("cancelled", "refused"):
            return modal if modal == "cancelled" else DENIED
        if "ing" in entry.forms:
            on_the_way = "visit_verbs" in self._hit.roles and self._s.words[self._hit.j - 1] in self._w.to_words
            if on_the_way and modal is None and self._s.words[i - 1] in self._w.auxiliaries:
                return "planned"  # "is flying to Rome"
            return self._of_participle(modal)
        if entry.forms & {"past", "participle"} and "base" not in entry.forms:
            if entry.value == _AGAIN and modal is None:
                return "ongoing"  # "they reconvened"
            return modal if modal is not None and self._is_passive() else "held"
        if modal is not None:
            return modal
        if "base" in entry.forms and i and self._s.words[i - 1] in self._w.to_words:
            urged = self._modal(i, AFTER) == "proposed" and not self._w.tell.isdisjoint(self._s.words[:i])
            return "proposed" if urged else "held" if self._went(i) else "planned"
        return self._present()

    def _is_turned_down(self, i: int) -> bool:
        """ "turned down a request for its minister to meet"."""
        cues = self._cues("before", max(0, i - AFTER), i)
        refused = [h for h in cues if h.roles["before"].value in ("refused", "cancelled")]
        return bool(refused) and not self._w.offers.isdisjoint(self._s.words[refused[-1].j : i])

    def _went(self, i: int) -> bool:
        """ "flew to Kyiv to meet", "before driving to Belgrade to speak with"."""
        for hit in self._hits:
            entry = hit.roles.get("visit_verbs") or hit.roles.get("move_verbs")
            if entry is not None and hit.i < i and self._modal(hit.i, _VERB) is None:
                told = any(h.i < hit.i and self._is_told(h) for h in self._hits)
                if "past" in entry.forms or (entry.forms == {"ing"} and told):
                    return True
        return False

    def _is_told(self, hit: Hit) -> bool:
        """Whether a verb of meeting is in the past."""
        return any(role in VERBS and "past" in entry.forms for role, entry in hit.roles.items())

    def _is_passive(self) -> bool:
        return "be" in self._s.words[max(0, self._hit.i - 3) : self._hit.i]

    def _of_participle(self, modal: str | None) -> str:
        """ "is meeting", "after meeting", "before meeting"."""
        near = self._cues("before", max(0, self._hit.i - 3), self._hit.i)
        values = [h.roles["before"].value for h in near]
        if values:
            if values[-1] == "past":
                ahead = [h for h in self._hits if h.i > self._hit.j and "modals" in h.roles]
                return ahead[0].roles["modals"].value if ahead and self._is_opening() else "held"
            return "planned" if values[-1] == "planned" else "ongoing"
        return modal or "ongoing"

    def _is_opening(self) -> bool:
        """ "after speaking to X, he would speak to Y": the main clause, still to come, says when."""
        return "," in self._s.words[self._hit.j :] and not any(
            "modals" in h.roles for h in self._hits if h.i < self._hit.i
        )

    def _present(self) -> str:
        """ "meets": a headline tells what was, a clause of time in a sentence of the future what will be."""
        if any("modals" in h.roles and h.roles["modals"].value == "planned" for h in self._hits if h.i < self._hit.i):
            return "planned"
        if self._is_ahead() and self._s.field != "title":
            return "planned"
        return "ongoing" if "visit_verbs" in self._hit.roles else "held"
