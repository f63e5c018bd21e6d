"""What an item has told so far: whom "he", "the two sides" and a bare "talks" can mean."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from monitor.kinds.talk_round.find_rivals import rivals
from monitor.kinds.talk_round.find_salience import Salience
from monitor.kinds.talk_round.find_sides import sides
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.dates import Day
from monitor.language.document import Document, Sentence, lazy
from monitor.language.places import SPECIFIC, Place, readings

#: sentences back in which a pronoun finds its person
_BACK = 3
#: sentences back in which "the two sides" find theirs
_NEAR = 6
#: parties of whom two cannot be told
_THREE = 3
_DISTANT = ("phone", "video")
_TO_COME = ("planned", "proposed", "ongoing")
#: tokens from "will" to a verb of visiting
_MODAL = 4


class Told(NamedTuple):
    """A meeting told of."""

    #: number of its sentence
    at: int
    parties: tuple[str, ...]
    mode: str | None
    status: str | None
    #: one before those that the item is about
    earlier: bool
    #: told by a noun of talks: "the talks" mean it rather than a call or a visit
    noun: bool


class Memory(Salience):
    """What was told before the sentence that is being read, and whom the item is about."""

    def __init__(self, document: Document, words: Words) -> None:
        super().__init__(document, words)
        self._sides: dict[int, list[Side]] = {}
        #: the place of the meeting that the title tells without its parties: "Rivals resume talks in Geneva"
        self.scene: str | None = None
        #: the meetings told of so far, the newest last
        self.meetings: list[Told] = []
        #: parties of whom a meeting was put in a place
        self.placed: set[tuple[str, ...]] = set()
        #: of these, visits: "the talks" mean them only where nothing else was told
        self._visits: set[int] = set()

    def sides(self, sentence: Sentence) -> list[Side]:
        """The sides of a sentence, made once."""
        found = self._sides.get(sentence.index)
        if found is None:
            self._sides[sentence.index] = []  # a described side may ask while its sentence is being read
            found = self._sides[sentence.index] = sides(sentence, self._words, self)
        return found

    @lazy
    def rivals(self) -> tuple[str, ...]:
        """The two that the item sets against each other: a state and its one group, else those whom sentences join."""
        if self.pair:
            return self.pair
        return rivals([(sentence, self.sides(sentence)) for sentence in self._document.sentences], self._words)

    def has_named(self, pair: tuple[str, ...], sentence: Sentence) -> bool:
        """Whether one sentence before this one has named both."""
        before = self._document.sentences[: sentence.index]
        return any(set(pair) <= {side.actor for side in self.sides(earlier)} for earlier in before)

    # --- what was said before ---

    def told(self, meeting: Told, *, visit: bool = False) -> None:
        """A meeting was told of."""
        if visit:
            self._visits.add(len(self.meetings))
        self.meetings.append(meeting)

    def here(self, sentence: Sentence) -> Told | None:
        """The meeting that the sentence has told last."""
        last = self.meetings[-1] if self.meetings else None
        return last if last is not None and last.at == sentence.index else None

    def awaits(self, parties: tuple[str, ...]) -> bool:
        """Whether a meeting of these that is still to come, or goes on, was told of."""
        return any(told.parties == parties and told.status in _TO_COME and not told.earlier for told in self.meetings)

    def knows(self, sentence: Sentence, parties: tuple[str, ...]) -> bool:
        """Whether a sentence before has told of a meeting of these."""
        return any(told.parties == parties and told.at < sentence.index for told in self.meetings)

    def has_met(self, parties: tuple[str, ...]) -> bool:
        """Whether a meeting in person of these was told of."""
        return any(told.parties == parties and told.mode == "in_person" for told in self.meetings)

    def coming(self) -> tuple[str, ...]:
        """Whose talks are to come, where those last told of have been, and not by a noun of talks; else of nobody."""
        if not self.meetings or self.meetings[-1].noun or self.meetings[-1].status != "held":
            return ()
        return next((told.parties for told in reversed(self.meetings) if told.noun and told.status != "held"), ())

    def talks(self, sentence: Sentence) -> tuple[str, ...]:
        """Whom "the talks" are between: those of the talks last told of, else of any meeting."""
        last = self.last(sentence)
        if not last or self.meetings[-1].noun or self.meetings[-1].mode not in _DISTANT:
            return last
        return next((told.parties for told in reversed(self.meetings) if told.noun), last)

    def last(self, sentence: Sentence, reach: int = 1000, mode: str | None = None) -> tuple[str, ...]:
        """Parties of the meeting last told of, at most so many sentences back, and not held in another mode."""
        only = len(self._visits) == len(self.meetings)
        for number in range(len(self.meetings) - 1, -1, -1):
            index, parties, how = self.meetings[number][:3]
            if sentence.index - index > reach:
                break
            if number in self._visits and not only and index != sentence.index:
                continue
            if mode is None or how is None or how == mode:
                return parties
        return ()

    def speaker(self, sentence: Sentence) -> str | None:
        """Whom a pronoun means: a person who acts shortly before, else the one who acts most, else a side."""
        for back in range(1, min(_BACK, sentence.index) + 1):
            acting = self._acting(self._document.sentences[sentence.index - back])
            if acting:
                return acting[0].actor
        so_far = Counter(
            side.actor for earlier in self._document.sentences[: sentence.index] for side in self._acting(earlier)
        )
        if so_far:
            return so_far.most_common(1)[0][0]
        for back in range(1, min(_BACK, sentence.index) + 1):
            previous = self._document.sentences[sentence.index - back]
            found = [s for s in self._free(previous) if not s.place]
            if found:
                return found[0].actor
        return None

    def whom(self, sentence: Sentence, i: int, acting: set[str]) -> tuple[str, ...]:
        """Whom "him" or "them" behind token i mean: persons named before in the sentence, else shortly before."""
        for back in range(min(_BACK, sentence.index) + 1):
            earlier = self._document.sentences[sentence.index - back]
            found = [
                side.actor
                for side in self.sides(earlier)
                if side.person and not side.place and side.actor not in acting and (back or side.j <= i)
            ]
            if found:
                several = sentence.words[i + 1 : i + 2] != [] and sentence.words[i + 1] in self._words.them
                return tuple(sorted(set(found))) if several else (found[0],)
        return ()

    def _free(self, sentence: Sentence) -> list[Side]:
        """Sides that stand behind no preposition and no verb of telling."""
        return [s for s in self.sides(sentence) if not s.owner and not self._is_governed(sentence, s)]

    def _acting(self, sentence: Sentence) -> list[Side]:
        """Persons who can be the subject of a sentence, those first who speak."""
        found = [s for s in self._free(sentence) if s.person and not s.place]
        return [s for s in found if self._speaks(sentence, s)] or found

    def _is_governed(self, sentence: Sentence, side: Side) -> bool:
        k = side.i - 1
        while k >= 0 and sentence.words[k] in self._words.articles:
            k -= 1
        return k >= 0 and (sentence.words[k] in self._words.prepositions or sentence.words[k] in self._words.tell)

    def _speaks(self, sentence: Sentence, side: Side) -> bool:
        """Whether a verb of saying stands beside the side."""
        return any(
            "quote_verbs" in hit.roles
            for k in (side.i - 1, side.j, side.j + 1)
            if (hit := sentence.common_at.get(k)) is not None
        )

    def before(self, sentence: Sentence) -> str | None:
        """Whom "its" at the head of a sentence means: the side that the sentence before named first."""
        found = self.sides(self._document.sentences[sentence.index - 1]) if sentence.index else []
        return found[0].actor if found else None

    @lazy
    def dateline(self) -> str | None:
        """The place in front of the news: "GENEVA -", "CARACAS."; None where there is none."""
        first = next((s for s in self._document.sentences if s.field == "text"), None)
        if first is None:
            return None
        raw = first.raw
        if len(raw[0]) < 2 or not raw[0].isupper():
            return None
        end = next((k for k in range(1, min(9, len(raw))) if raw[k] in "-–—:(,/."), None)
        name = " ".join(raw[:end]).title() if end is not None else ""
        return name if len(name) > 3 and readings(name) else None

    def goal(self, sentence: Sentence, parties: tuple[str, ...]) -> Place | None:
        """Where one of these had gone to meet the others: the goal of a visit told of here or shortly before, or, where
        the sentence only says "during his visit", anywhere before."""
        far = sentence.index if sentence.of_role(KIND, "visit_nouns") else _BACK - 1
        for back in range(min(far, sentence.index) + 1):
            earlier = self._document.sentences[sentence.index - back]
            found = [p for p in self._goals(earlier) if p.country in parties]
            if found:
                return max(found, key=lambda p: SPECIFIC[p.level])
        return None

    def arrival(self, sentence: Sentence, parties: tuple[str, ...]) -> Day | None:
        """The one day that the sentence before names, if it tells that one of these came somewhere, and no meeting."""
        if not sentence.index or any(told.at == sentence.index - 1 for told in self.meetings):
            return None
        earlier = self._document.sentences[sentence.index - 1]
        came = bool(self._goals(earlier)) or bool(earlier.of_role(KIND, "visit_nouns"))
        if not came or earlier.field != sentence.field or len(earlier.days) != 1:
            return None
        acting = any(side.person and not side.place and side.actor in parties for side in self.sides(earlier))
        return earlier.days[0] if acting else None

    def _goals(self, sentence: Sentence) -> list[Place]:
        """Places that a verb or noun of visiting leads to."""
        ends = [
            hit.j
            + (
                sentence.words[hit.j : hit.j + 1] != []
                and (sentence.words[hit.j] in self._words.to_words or sentence.words[hit.j] in self._words.place)
            )
            for role in ("visit_verbs", "visit_nouns", "move_verbs")
            for hit in sentence.of_role(KIND, role)
            if not self._is_to_come(sentence, hit.i)
        ]
        if not self._words.stays.isdisjoint(sentence.words):
            ends += [k + 2 for k in range(len(sentence) - 2) if self._is_stay(sentence, k)]
        if not ends:
            return []
        goals = [p for p in sentence.places if p.country and any(0 <= p.i - end <= 2 for end in ends)]
        persons = [side for side in self.sides(sentence) if side.person] if goals else []
        return [p for p in goals if not any(side.i <= p.i < side.j for side in persons)]  # "visiting US envoy X"

    def _is_to_come(self, sentence: Sentence, i: int) -> bool:
        """ "looks forward to visiting X": nobody has been there."""
        return any(
            i - _MODAL <= h.i < i
            and ("modals" in h.roles or (h.roles["before"].value if "before" in h.roles else "") == "planned")
            for h in sentence.hits(KIND)
        )

    def _is_stay(self, sentence: Sentence, k: int) -> bool:
        """ "was in Tirana": a capitalised name behind a form of "be" and a preposition of place."""
        words = sentence.words
        return words[k] in self._words.stays and words[k + 1] in self._words.place and sentence.raw[k + 2][0].isupper()

    def several(self, sentence: Sentence, many: int, i: int) -> tuple[str, ...]:
        """Whom "the three powers" mean: as many sides as were named last."""
        named: list[str] = []
        for back in range(min(_BACK, sentence.index) + 1):
            for side in self.sides(self._document.sentences[sentence.index - back]):
                if side.actor not in named and not side.place and (back or side.j <= i):
                    named.append(side.actor)
            if len(named) >= many:
                break
        return tuple(sorted(named)) if len(named) == many else ()

    def they(self, sentence: Sentence, i: int) -> tuple[str, ...]:
        """Whom "they" mean: who met last, else the several who act in this sentence or the one before, else the two
        that the item sets against each other and the sentence before names."""
        last = self.last(sentence, _BACK)
        if last:
            return last
        for back in range(min(1, sentence.index) + 1):
            earlier = self._document.sentences[sentence.index - back]
            acting = {s.actor for s in self._free(earlier) if not s.place and (back or s.j <= i)}
            if len(acting) > 1:
                return tuple(sorted(acting))
        named = {s.actor for s in self.sides(self._document.sentences[max(0, sentence.index - 1)]) if not s.place}
        return self.rivals if named and named == set(self.rivals) else ()

    def both(self, sentence: Sentence, i: int) -> tuple[str, ...]:
        """Whom "the two sides" mean: the last meeting's parties, else the two sides named last, else the item's two."""
        last = self.last(sentence, _NEAR)
        if len(last) == 2:
            return last
        if len(last) == _THREE:
            return ()  # which two of them?
        named, told = self._named(sentence, i)
        if len(named) == 2:
            return tuple(sorted(named))
        if len(named) == _THREE and len(told) == 2:
            return tuple(sorted(told))  # "X said that the two sides ...": those of whom X says it
        if self.pair:
            return self.pair
        return tuple(sorted(self.ranked[:2])) if len(self.ranked) >= 2 else ()

    def _named(self, sentence: Sentence, i: int) -> tuple[list[str], list[str]]:
        """The sides named last before token i, in the nearest sentences that name two; and those of them who do not
        only say something."""
        named: list[str] = []
        silent: list[str] = []
        for back in range(min(_BACK, sentence.index) + 1):
            earlier = self._document.sentences[sentence.index - back]
            for side in reversed(self.sides(earlier)):
                if side.place or not (back or side.j <= i):
                    continue
                if side.actor not in named:
                    named.append(side.actor)
                verb = earlier.common_at.get(side.j)
                if side.actor not in silent and (verb is None or "quote_verbs" not in verb.roles):
                    silent.append(side.actor)
            if len(named) >= 2:
                break
        return named, silent
