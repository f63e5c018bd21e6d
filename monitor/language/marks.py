"""What a sentence can have, told by its words alone while it is split into tokens: one number, a bit a question.

A bit says that one of the words is in a set that was made known (a gate's), or that it opens a phrase of a role of a
section. Words are looked up once, and remembered with the chunk of text that they stand in; of most sentences a rule
then asks a single ``&``, and no phrases are looked for that cannot be there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.language.phrases import Entry, First, is_cased
from monitor.language.text import Chunks

if TYPE_CHECKING:
    from monitor.language.lexicon import Section


class Marks:
    """The bits of one lexicon."""

    def __init__(self, sections: Mapping[str, Section]) -> None:
        self._sections = sections
        #: (section, role) -> its bit; of a role that no text had a word of yet there is none
        self.roles: dict[tuple[str, str], int] = {}
        #: section -> the bits of all its roles
        self.sections: dict[str, int] = {}
        #: id of a set -> its bit. Replaced when a set is made known: sentences made before know nothing of it
        self.sets: dict[int, int] = {}
        #: these sets, kept so that no other has their ids
        self._known: list[Collection[str]] = []
        #: word -> bits of the sets that have it
        self._of_word: dict[str, int] = {}
        self._some: dict[tuple[str, frozenset[str]], int] = {}
        self._bits = 0
        #: chunks of text, with their tokens and bits
        self.chunks = Chunks(self.of)

    def know(self, *sets: frozenset[str]) -> None:
        """Give each of these sets a bit; worth it for those that every sentence is asked for."""
        for words in sets:
            if id(words) not in self.sets:
                bit = self._next()
                self.sets = {**self.sets, id(words): bit}
                self._known.append(words)
                for word in words:
                    self._of_word[word] = self._of_word.get(word, 0) | bit
        self.chunks = Chunks(self.of)

    def some(self, section: str, roles: frozenset[str]) -> int:
        """The bits of some roles of a section."""
        found = self._some.get((section, roles))
        if found is None:
            found = self._some[section, roles] = _all(self.roles.get((section, role), 0) for role in roles)
        return found

    def of(self, raw: Sequence[str], words: Sequence[str]) -> int:
        """The bits of tokens, as written and in lower case."""
        return _all(map(self._word, raw, words))

    def _word(self, raw: str, word: str) -> int:
        bits = self._of_word.get(word, 0)
        for name, section in self._sections.items():
            first = section.opening(word)
            if first is not None:
                for roles in _opened(first, raw):
                    bits |= _all([self.roles.get((name, role)) or self._role(name, role) for role in roles])
        return bits

    def _role(self, section: str, role: str) -> int:
        """A bit for a role that is met for the first time."""
        bit = self.roles[section, role] = self._next()
        self.sections[section] = self.sections.get(section, 0) | bit
        self._some.clear()
        return bit

    def _next(self) -> int:
        self._bits += 1
        return 1 << self._bits - 1


def _opened(first: First, raw: str) -> Iterator[Mapping[str, Entry]]:
    """The roles of each phrase that a word opens, as it is written."""
    if isinstance(first, dict):
        yield first
        return
    longer, plain, single = first
    for phrases in longer.values() if longer is not None else ():
        yield from (phrase.roles for phrase in phrases)
    if plain is not None:
        yield plain
    yield from (p.roles for p in single if p.cased is None or is_cased(p.cased, [raw]))


def _all(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found
