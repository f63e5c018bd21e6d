"""Which sentences can hold one of many phrases: asked of the words alone, before anything dear is made of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import compress

from monitor.language.lexicon import Section
from monitor.language.text import tokens


class Gate:
    """Phrases, looked for by the rarest word of each."""

    def __init__(self, phrases: Iterable[str], common: Collection[str] = ()) -> None:
        """``common`` words stand in many sentences: a phrase is looked for by one of its others, where it has any."""
        lower = {phrase.lower() for phrase in phrases}
        plain = {phrase for phrase in lower if phrase.isalpha()}  # most of them: a word, whatever the tokeniser
        split = {tuple(tokens(phrase)) for phrase in lower - plain}
        #: the phrases of one word
        self.alone = frozenset(plain.union(phrase[0] for phrase in split if len(phrase) == 1))
        #: rarest word of a longer phrase -> how many words of it stand before, and the phrase
        self._longer: dict[str, list[tuple[int, list[str]]]] = {}
        for phrase in sorted(split):
            if self.alone.isdisjoint(phrase):
                _, _, at = max((word not in common, len(word), k) for k, word in enumerate(phrase))
                self._longer.setdefault(phrase[at], []).append((at, list(phrase)))
        #: words of which every sentence that passes has one
        self.words = self.alone | self._longer.keys()

    @classmethod
    def of(cls, section: Section, *roles: str, common: Collection[str] = ()) -> Gate:
        """The gate of all phrases of some roles of a section."""
        return cls((p for role in roles for same in section.phrases(role).values() for p in same), common)

    def opens(self, words: Sequence[str]) -> bool:
        """Whether one of the phrases stands among these words (a list, in lower case), whatever its case."""
        if self.words.isdisjoint(words):
            return False  # most sentences
        return not self.alone.isdisjoint(words) or self.has_longer(words)

    def has_longer(self, words: Sequence[str]) -> bool:
        """Whether one of the phrases of several words stands among these."""
        longer = self._longer
        for k in compress(range(len(words)), map(longer.__contains__, words)):
            for at, phrase in longer[words[k]]:
                if words[max(k - at, 0) : k - at + len(phrase)] == phrase:
                    return True
        return False
