"""The clause around one trigger: its subject, the list behind a preposition or verb, and what governs them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from monitor.kinds.talk_round.find_attach import is_compound, is_of_relation
from monitor.kinds.talk_round.find_gate import FIRST
from monitor.kinds.talk_round.find_memory import Memory
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Form
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.quantities import Sort

#: tokens from a noun to its "between"
_BETWEEN_REACH = 22
#: words of a name or title that can stand between a side and "mediating"
_REST = 5
#: tokens between two sides of a list, and what can stand there beside plain words
_GAP = 7
_LINKS = frozenset(("-", "–", "/", "of", "'s"))
_STOPS = frozenset(";:")
_QUOTES = ("”", '"', "’")
VERBS_OF_MEETING = frozenset(("meet_verbs", "person_verbs", "visit_verbs", "gather_verbs", "call_verbs", "speak_verbs"))


class Clause:
    """One trigger of a sentence, and the sides around it."""

    def __init__(self, sentence: Sentence, hit: Hit, words: Words, memory: Memory) -> None:
        self._s, self._hit, self._w, self._memory = sentence, hit, words, memory
        self._sides = memory.sides(sentence)
        others = [h for h in sentence.hits(KIND) if h.i != hit.i and "talk_nouns" in h.roles]
        self._next = min((h.i for h in others if h.i >= hit.j), default=len(sentence) + 99)

    def _is_mediator(self, j: int) -> bool:
        """ "with China as mediator", "with China mediating"."""
        return not self._w.mediator.isdisjoint(self._s.words[j : j + 3]) or any(
            "mediate_verbs" in h.roles and j <= h.i <= j + _REST and h.roles["mediate_verbs"].forms == {"ing"}
            for h in self._s.hits(KIND)
        )

    def _between(self, j: int) -> int | None:
        """ "talks that begin tomorrow in Caracas between": clauses may stand before it, other meetings may not."""
        for k in range(j, min(j + _BETWEEN_REACH, self._next, len(self._s))):
            if self._s.words[k] in self._w.between:
                return None if is_of_relation(self._s, j, k, self._w) else k
            if self._s.words[k] in (";", ":", "“", "”", '"') and not (k == j and self._s.words[k] in _QUOTES):
                return None  # but for the end of quotation marks around the noun itself
        return None

    def _possessor(self, met: set[str]) -> str | None:
        """ "Erdoğan's tactics secured him a meeting": a person who is named in the sentence, but as a possessor."""
        named = [
            a
            for a in self._s.actors
            if a.j <= self._hit.i and a.form is Form.PERSON and a.possessive and a.actor not in met
        ]
        return named[-1].actor if named else None

    def _is_subject(self) -> bool:
        """Whether the noun opens its clause: "as peace talks with X ended"; who stands before is of another clause."""
        k = self._hit.i - 1
        while k >= 0 and (self._s.words[k] in self._w.articles or self._is_plain(k)):
            k -= 1
        return k < 0 or self._s.words[k] in self._w.openers or (k == 0 and not self._s.words[k].isalnum())

    def _is_plain(self, k: int) -> bool:
        word = self._s.words[k]
        return (
            word.isalpha()
            and word not in self._w.function
            and word not in self._w.auxiliaries
            and word not in self._w.openers
            and (word not in self._w.prepositions and k not in self._s.common_at and not self._is_covered(k))
        )

    def _is_covered(self, k: int) -> bool:
        """Whether a phrase of the kind's words covers token k."""
        for hit in self._s.hits(KIND):
            if hit.i <= k:
                if k < hit.j:
                    return True
            else:
                break
        return False

    def _is_adverbial(self) -> bool:
        """ "during a phone call", "in talks": the noun tells on what occasion."""
        k = self._hit.i - 1
        while k >= 0 and (self._s.words[k] in self._w.articles or self._is_plain(k)):
            k -= 1
        return k >= 0 and self._s.words[k] in self._w.prepositions

    def _told(self, subject: Sequence[Side], i: int) -> Side | None:
        """Whom the subject told something "during a call": the object of the verb of telling."""
        if not subject or not self._is_adverbial():
            return None
        names = {side.actor for side in subject}
        for side in self._sides:
            if side.i >= subject[-1].j and side.j <= i and side.actor not in names and not side.place:
                k = side.i - 1
                while k >= 0 and (
                    self._s.words[k] in self._w.articles or self._s.raw[k][0].isupper() or self._s.words[k] == "."
                ):
                    k -= 1
                if k > 0 and self._s.words[k] in self._w.prepositions:  # "leaned on", "said to"
                    k -= 1
                if k >= 0 and self._s.words[k] in self._w.tell:
                    return side
        return None

    def _subject(self, i: int, met: set[str]) -> list[Side]:
        """Who does what stands at token i: the nearest sides before it that are no object and in no phrase."""
        before = [side for side in self._sides if side.j <= i]
        n = len(before) - 1
        while n >= 0:
            side = before[n]
            if not _STOPS.isdisjoint(self._s.words[side.j : i]):
                return []
            first = n
            while first and self._is_joined(before[first - 1].j, before[first].i) and not before[first - 1].place:
                comma = self._s.words[before[first - 1].j : before[first].i] == [","]
                comma = comma and not self._opens_headline(before[first - 1].i)
                ended = first > 1 and self._w.ands & set(self._s.words[before[first - 2].j : before[first - 1].i])
                if comma and ended and self._is_governed(before[first - 2].i):
                    break  # "mediated by A and B, C and D signed"
                if comma and (first == n or self._is_governed(before[first - 1].i)):
                    break  # "From Kyiv, Blinken": a comma alone joins only at the head of a headline
                first -= 1
            group = before[first : n + 1]
            if (
                not side.place
                and not side.owner
                and not self._is_governed(group[0].i)
                and not self._is_bracketed(group[0].i, i)
                and not {s.actor for s in group} <= met
            ):
                return group
            n = first - 1
        return []

    def _is_bracketed(self, i: int, end: int) -> bool:
        """ "the co-chairs (A, B and C) said": whether token i stands in brackets, and behind them a verb of saying."""
        words = self._s.words
        close = next((k for k in range(i, end) if words[k] in "()"), None)
        if close is None or words[close] != ")":
            return False
        return any(h.i == close + 1 and "quote_verbs" in h.roles for h in self._s.common)

    def _opens_headline(self, i: int) -> bool:
        """Whether nothing, or only "BREAKING:", stands before token i."""
        return i == 0 or self._s.words[i - 1] == ":"

    def _is_governed(self, k: int) -> bool:
        """Whether a preposition, or a verb of telling, stands before the phrase at k."""
        k -= 1
        steps = 0
        while k >= 0 and steps < 5:
            word = self._s.words[k]
            if word in self._w.of_words and self._is_person_noun(k - 1):
                return False  # "the delegations of X and Y"
            if word in self._w.for_words and self._s.words[k - 1] in self._w.for_whom:
                return False  # "negotiators for X and Y"
            if word in self._w.by_words and k > 1 and self._s.words[k - 2] in self._w.missions:
                return False  # "delegations led by X and Y"
            if word in self._w.tell or word in self._w.admitting:
                return True
            if word in self._w.prepositions and word not in self._w.conjunctions:
                return True
            if self._is_met(k):
                return True  # who was met is no subject of what follows
            modifier = word in self._w.articles or (
                word.isalpha()
                and word not in self._w.function
                and self._s.raw[k][0].islower()
                and steps < 1
                and word not in self._w.auxiliaries
            )
            if not modifier:
                return False
            k -= 1
            steps += 1
        return False

    def _is_met(self, k: int) -> bool:
        """Whether a verb of meeting a person covers token k."""
        for hit in self._s.hits(KIND):
            if hit.i <= k < hit.j:
                return "meet_verbs" in hit.roles or "person_verbs" in hit.roles
        return False

    def _is_person_noun(self, k: int) -> bool:
        hit = self._s.common_at.get(k)
        return k >= 0 and (
            self._s.words[k] in self._w.heads
            or (hit is not None and ("titles" in hit.roles or "officials" in hit.roles))
        )

    def _behind(self, j: int, met: set[str]) -> Side | None:
        """ "After meeting X, Y said": the subject of the main clause behind a comma."""
        for side in self._sides:
            if side.i >= j and side.actor not in met and not side.place and not side.owner:
                gap = self._s.words[j : side.i]
                if len(gap) > 30 or not self._begins_adverbial():
                    return None
                if "," in gap and not self._is_governed(side.i) and not self._is_listed(side):
                    return side
        return None

    def _is_listed(self, side: Side) -> bool:
        """Whether the side only goes on with a list: "with X, Y and other leaders"."""
        return any(
            other.j <= side.i and self._is_joined(other.j, side.i) and "," not in self._s.words[other.j : side.i]
            for other in self._sides
        )

    def _begins_adverbial(self) -> bool:
        """ "After his meetings with ...": the sentence's subject is still to come."""
        opens = self._s.words[0] in self._w.prepositions or (
            self._hit.i == 0 and self._s.words[0].endswith(self._w.ing)
        )
        opens = opens or self._s.words[self._hit.i - 1] in self._w.conjunctions  # "A day after meeting ..."
        return opens and not any(
            s.j <= self._hit.i and not s.place and not s.owner and not self._is_governed(s.i) for s in self._sides[:6]
        )

    def _has_pronoun(self) -> bool:
        return not self._w.pronouns.isdisjoint(self._s.words[: self._hit.i + 1])

    def _after(self, j: int, words: frozenset[str], reach: int) -> int | None:
        """The first of these words behind token j, within reach and the clause."""
        for k in range(j, min(j + reach, len(self._s))):
            word = self._s.words[k]
            if word in words:
                return None if is_of_relation(self._s, j, k, self._w) else k
            if word in self._w.breaks and not (k == j and word in _QUOTES):
                return None
        return None

    def _group(self, start: int) -> list[Side]:
        """Sides from a token on, as far as the list goes: "the Russian president, Vladimir Putin, and Iran"."""
        group: list[Side] = []
        waiting: list[Side] = []
        for side in self._sides:
            if side.i < start or side.place:
                continue
            if not group:
                if not self._opens(start, side.i):
                    return []
                group.append(side)
                continue
            last = (waiting or group)[-1]
            gap = self._s.words[last.j : side.i]
            if not self._is_joined(last.j, side.i) or (side.owner and not waiting and "and" not in gap):
                break
            waiting.append(side)
            if any(w in self._w.joins and w != "," for w in gap):
                group += waiting
                waiting = []
        return group

    def _opens(self, start: int, i: int) -> bool:
        """Whether a name at i begins the object that starts at ``start``: only words of its own phrase between."""
        plain = 0
        for k in range(start, i):
            word = self._s.words[k]
            if (word in self._w.of_words and is_compound(self._s, k, self._w)) or word in self._w.aids:
                return False
            if word in self._w.led or word in ("-", "'s"):
                continue
            if plain and word in self._w.ands and self._s.words[k - 1] not in self._w.object_pronouns:
                continue  # "his rival and former deputy X"
            if word in self._w.honorifics or (word == "." and k and self._s.words[k - 1] in self._w.honorifics):
                continue
            if (
                not word.isalpha()
                or word in self._w.function
                or word in self._w.auxiliaries
                or word in self._w.prepositions
                or word in self._w.breaks
            ):
                return False
            plain += 1
        return plain <= FIRST

    def _is_joined(self, j: int, i: int) -> bool:
        """Whether two sides stand in one list: "and" or a comma, and words of the second's own phrase, between."""
        gap = self._s.words[j:i]
        if not gap or len(gap) > _GAP:
            return False
        while len(gap) > 1 and gap[0] == "'s":
            gap = gap[1:]
        if gap[0] == "(" and ")" in gap[1:-1]:
            gap = gap[gap.index(")") + 1 :]  # "the Government of Kenya (GOK) and"
        if gap[0] not in self._w.joins and gap[0] not in ("-", "–", "/"):
            return False
        for word in gap:
            if word in self._w.joins or word in self._w.articles or word in _LINKS:
                continue
            if not word.isalpha() or (word in self._w.small and word not in self._w.adjectives):
                return False
        for hit in self._s.hits(KIND):
            if hit.i >= j and hit.j <= i and not VERBS_OF_MEETING.isdisjoint(hit.roles):
                return False
        return not any(hit.i >= j and hit.j <= i for hit in self._s.of_role("common", "quote_verbs"))

    # --- the trigger itself ---

    def _told_here(self) -> bool:
        """ "will meet for peace talks": the sentence has told the meeting already."""
        return bool(self._memory.last(self._s, 0))

    def _led_by(self) -> list[str]:
        """ "talks led by Turkey, Iran and Russia", where nobody else is named."""
        for hit in self._s.hits(KIND):
            if "mediator_words" in hit.roles and hit.i >= self._hit.j and self._s.words[hit.j - 1] in self._w.by_words:
                group = self._group(hit.j)
                others = [s for s in self._sides if s not in group and not s.place and not s.owner and s.i >= hit.j]
                ands = [w for a, b in pairwise(group) for w in self._s.words[a.j : b.i] if w in self._w.ands]
                return [side.actor for side in group] if len(ands) < 2 and not others else []
        return []

    def _strong(self) -> bool:
        return " ".join(self._s.words[self._hit.i : self._hit.j]) not in self._w.loose

    def _is_theirs(self) -> bool:
        """ "their second meeting"."""
        return not self._w.theirs.isdisjoint(self._s.words[max(0, self._hit.i - 3) : self._hit.i])

    def _is_definite(self) -> bool:
        return not self._w.definite.isdisjoint(self._s.words[max(0, self._hit.i - 4) : self._hit.i])

    def _is_fresh(self) -> bool:
        return self._numbered() or not self._w.fresh.isdisjoint(self._s.words[max(0, self._hit.i - 5) : self._hit.i])

    def _numbered(self) -> bool:
        """ "the third round", "round three", "a first meeting", "the next meeting"."""
        i, words = self._hit.i, self._s.words
        if (
            i > 1
            and words[i - 2] in self._w.articles
            and (words[i - 1] in self._w.ordinals or words[i - 1] in self._w.fresh)
        ):
            return True
        if (
            self._hit.i
            and self._s.words[self._hit.i] in self._w.rounds
            and self._s.words[self._hit.i - 1] in self._w.ordinals
        ):
            return True
        return any(
            (
                q.sort is Sort.ORDINAL
                and abs(q.i - self._hit.i) <= 6
                and not self._w.rounds.isdisjoint(self._s.words[q.i : q.j + 3])
            )
            or (q.i == self._hit.j and self._s.words[self._hit.i] in self._w.rounds)
            for q in self._s.quantities
        )

    def _hosts(self, i: int) -> frozenset[str]:
        """Who hosts or mediates the talks at token i: the subject of a verb of mediating before them."""
        for hit in self._s.hits(KIND):
            if "mediate_verbs" in hit.roles and i - 8 <= hit.i < i and hit.roles["mediate_verbs"].forms != {"ing"}:
                return frozenset(side.actor for side in self._subject(hit.i, set()))
        return frozenset()
