"""Sides that no list names: "the prime minister", "Foreign Minister X", "the North", "Tigrayan leaders", a group's name
that only its last word tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.kinds.talk_round.find_described import unowned
from monitor.kinds.talk_round.find_titles import Side, Titles
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import COMMON, Hit

if TYPE_CHECKING:
    from monitor.kinds.talk_round.find_memory import Memory

#: marks that end a dateline
_OPENERS = frozenset((":", "-", "–", "—", "/", "."))


class Unnamed(Titles):
    """Reads them from one sentence and from what the item told so far."""

    def __init__(self, sentence: Sentence, words: Words, memory: Memory) -> None:
        super().__init__(sentence, words)
        self._memory = memory
        self._at = {actor.i: actor for actor in memory.actors(sentence)}

    def unnamed(self) -> Iterator[Side]:
        """In the order of the rules, not of the sentence."""
        s, w = self._s, self._w
        if s.has(w.heads):
            yield from self._peoples()
        if titles := s.of_role(COMMON, "titles"):
            yield from self._titled(titles)
            yield from self._ministers(titles)
        if not w.halves.keys().isdisjoint(s.words):
            yield from self._halves()
        if s.has(w.group_nouns):
            yield from self._unlisted_groups()
        yield from self._namesakes()

    def _ministers(self, titles: Sequence[Hit]) -> Iterator[Side]:
        """ "Foreign Minister X", whose country the item names elsewhere: at home nobody needs to be told it."""
        for hit in titles:
            if unowned(self._s, hit, self._w):
                owner = self._memory.home(self._s, hit.i)
                if owner is not None:
                    yield Side(i=hit.i, j=self._titles(hit.j), actor=owner, person=True)

    def _halves(self) -> Iterator[Side]:
        """ "the North", where the item speaks of one of the two."""
        for k, word in enumerate(self._s.words):
            if word not in self._w.halves or not self._s.raw[k][0].isupper() or k in self._s.common_at:
                continue
            follows = self._s.raw[k + 1] if k + 1 < len(self._s) else ""
            if (
                (follows.lower() in self._w.ands or (follows == "," and self._s.field == "title"))
                and k + 2 in self._at
                and self._at[k + 2].actor in self._w.halves.values()
            ):
                yield Side(i=k, j=k + 1, actor=self._w.halves[word])  # "North and South Korea"
                continue
            near = set(self._memory.ranked[:3]) & set(self._w.halves.values())
            if near and k and self._opens_half(k) and not follows[:1].isupper():
                yield Side(i=k, j=k + 1, actor=self._w.halves[word])

    def _opens_half(self, k: int) -> bool:
        """ "the North", "the South and North"."""
        words = self._s.words
        if words[k - 1] in self._w.articles:
            return True
        return (
            k > 2
            and words[k - 1] in self._w.ands
            and words[k - 2] in self._w.halves
            and words[k - 3] in self._w.articles
        )

    def _unlisted_groups(self) -> Iterator[Side]:
        """ "the Three Brotherhood Alliance": a capitalised name that ends as those of armed groups do."""
        s = self._s
        for k in range(2, len(s)):
            if s.words[k] not in self._w.group_nouns or not s.raw[k][0].isupper() or k in s.common_at:
                continue
            begin = k
            while (
                begin
                and s.raw[begin - 1][0].isupper()
                and s.words[begin - 1] not in self._w.function
                and begin - 1 not in s.common_at
            ):
                begin -= 1
            if begin < k and begin and s.field == "text":
                yield Side(i=begin, j=k + 1, actor=" ".join(s.raw[begin : k + 1]))

    def _titled(self, titles: Sequence[Hit]) -> Iterator[Side]:
        """ "the prime minister", "its managing director": of the item's state, or of whom the sentence before named."""
        s = self._s
        for hit in titles:
            if not hit.i or s.words[hit.j - 1].endswith("s") or s.raw[hit.i][0].isupper():
                continue
            k = hit.i - 1
            if s.words[k].isalpha() and s.words[k] not in self._w.articles and s.words[k] not in self._w.function:
                k -= 1
            if (
                k < 0
                or s.words[k] not in self._w.articles
                or (hit.j < len(s) and (s.words[hit.j] in self._w.of_words or s.raw[hit.j][0].isupper()))
            ):
                continue
            if s.words[k] in self._w.indefinite and s.words[hit.j - 1] not in self._w.missions:
                continue
            if s.words[k] in self._w.pronouns or s.words[k] in self._w.indefinite:
                owner = self._memory.before(s)
            else:
                owner = self._visited(hit.i) or self._memory.state_of(s)
            if owner is not None:
                yield Side(i=k + 1, j=hit.j, actor=owner, person=True, described=True)

    def _visited(self, i: int) -> str | None:
        """ "visited Rome and met the prime minister": the country that a visit told of before token i goes to."""
        ends = [h.j for h in self._s.of_role(KIND, "visit_verbs")]
        goals = (p for p in self._s.places if p.i < i and any(j <= p.i <= j + 2 for j in ends)) if ends else ()
        return next((p.country for p in goals), None)

    def _namesakes(self) -> Iterator[Side]:
        """Surnames of persons whose title told of no country."""
        learned = self._memory.namesakes
        if not learned or learned.keys().isdisjoint(self._s.words):
            return
        for k, word in enumerate(self._s.words):
            if word in learned and k not in self._at and self._is_name(k):
                begin = k
                while begin and self._is_name(begin - 1):
                    begin -= 1
                owner = self._s.words[k + 1 : k + 2] == ["'s"]
                if not owner or self._owns(k + 2):
                    yield Side(i=begin, j=k + 1, actor=learned[word], person=True, owner=owner)

    def _peoples(self) -> Iterator[Side]:
        """ "Tigrayan leaders": a capitalised adjective that no list knows, before a noun of persons."""
        s = self._s
        for k in range(1, len(s)):
            if (
                s.words[k] not in self._w.heads
                or not s.words[k].endswith("s")
                or not s.raw[k - 1][0].isupper()
                or len(s.raw[k - 1]) < 4
            ):
                continue
            free = (
                k - 1 not in s.common_at
                and not (k > 2 and s.words[k - 2] == "-" and s.raw[k - 3].islower())  # "non-Moro leaders"
                and s.words[k - 1] not in self._w.function
                and (k > 1 or s.field == "title")
                and not self._opens_news(k - 1)
            )
            if free and not s.raw[k - 1].isupper():
                yield Side(i=k - 1, j=k + 1, actor=f"{s.raw[k - 1]} {s.words[k]}", person=True, described=True)

    def _opens_news(self, k: int) -> bool:
        """ "LIMA: Senior officials", "Lima, 3 May—Peace negotiators": what a dateline stands before has its capital
        because it is the first word of the news."""
        before = self._s.raw[k - 1] if k else ""
        return before in _OPENERS and not (before == "-" and k in self._s.glued)
