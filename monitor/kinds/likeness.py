"""How alike two texts, two names, two figures are: what linking measures, whatever the kind.

A *signature* stands for an item's text in a few hundred characters: two bottom-k sketches (Broder 1997, "On the
resemblance and containment of documents"), one of its runs of four words, by which wire copies are recognised, one of
the proper names in it, by which it is seen whether two items speak of the same part of the world at all.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

#: words in a shingle; four survive the changes of an editor, and are rarely shared by chance
_RUN = 4
#: letters of the words that begin a shingle: a third of all words, the same ones in a copy, at a third of the cost
_ANCHOR = 6
#: smallest hashes kept of the shingles, and of the names
_KEEP_RUNS, _KEEP_NAMES = 24, 48
#: share of the sketch that near-duplicates have in common: an agency's text cut, or with a paragraph added
ALIKE = 0.4
#: names are spelt alike from here on (ratio of rapidfuzz, 0 to 100), or from less where their consonants are the same:
#: Sloviansk and Slovyansk, Rashidin and Rashideen, not Kharkiv and Kherson
_SPELT, _SOUNDS = 88, 70

#: texts from which on they are looked up by their runs
_FEW = 12

_WORD = re.compile(r"\w+")
#: a capital within a sentence, in Latin, Cyrillic or Greek letters
_CAPITAL = re.compile(
    r"(?<=[\w,;)'\u2019] )[A-Z\u00c0-\u00de\u0106\u010c\u0110\u0141\u015a\u0160\u017d\u0391-\u042f]\w{2,}"
)
#: a text that has fewer shingles than this is only a copy of one with the same words, of fewer words of none
_SHORTEST = 6


def signature(title: str, text: str) -> str:
    """The signature of an item: ``runs.names``, each a row of hexadecimal hashes; "" for an empty text."""
    words = _WORD.findall(text.casefold())
    starts = (i for i, word in enumerate(words) if len(word) >= _ANCHOR and i + _RUN <= len(words))
    runs = {zlib.crc32(" ".join(words[i : i + _RUN]).encode()) for i in starts}
    found = {name.casefold() for name in _CAPITAL.findall(f"{title}\n{text}" if _is_sentence(title) else text)}
    names = {zlib.crc32(name.encode()) >> 8 for name in found}
    if len(runs) < _SHORTEST:  # too short to be near another, but not to be the very same
        runs = {zlib.crc32(" ".join(words).encode())} if len(words) >= _SHORTEST else set()
    kept = "".join(f"{run:08x}" for run in sorted(runs)[:_KEEP_RUNS])
    return f"{kept}.{''.join(f'{name:06x}' for name in sorted(names)[:_KEEP_NAMES])}" if runs or names else ""


def _is_sentence(title: str) -> bool:
    """Whether capitals mean something in a title: not when it is set in capitals or in Title Case."""
    return any(word.islower() and len(word) > 4 for word in title.split())


@functools.lru_cache(maxsize=4096)  # about 3 kB each
def _sketches(sign: str) -> tuple[frozenset[int], frozenset[int]]:
    runs, _, names = sign.partition(".")
    return _hashes(runs, 8), _hashes(names, 6)


def _hashes(row: str, width: int) -> frozenset[int]:
    # made of a set, and not one by one, it leaves no room for more: half as large
    return frozenset({int(row[i : i + width], 16) for i in range(0, len(row), width)})


def resemblance(a: str, b: str) -> float:
    """Estimated share of runs of words that two signed texts have in common, 0 to 1; 0 where one is too short."""
    mine, theirs = _sketches(a)[0], _sketches(b)[0]
    return 0.0 if mine.isdisjoint(theirs) else _resemblance(mine, theirs)


def _resemblance(mine: frozenset[int], theirs: frozenset[int]) -> float:
    shared = mine & theirs
    smallest = sorted(mine | theirs)[: _compared(mine, theirs)]
    return len(shared.intersection(smallest)) / len(smallest)


def _compared(mine: frozenset[int], theirs: frozenset[int]) -> int:
    """How many of the smallest hashes of both are looked at."""
    return min(_KEEP_RUNS, max(len(mine), len(theirs)))


def near_copies(a: str, b: str) -> bool:
    """Whether two signed texts are one text: a wire copy, or an edition of the other."""
    return near_any(a, (b,))


def near_any(signed: str, others: Iterable[str]) -> bool:
    """Whether a signed text is one text with any of the others."""
    mine = _sketches(signed)[0]
    for other in others:
        theirs = _sketches(other)[0]
        if not mine.isdisjoint(theirs) and _are_near(mine, theirs):  # most share nothing
            return True
    return False


class Texts:
    """Signed texts, one more at a time; of many, only those are looked at that share enough with one that is asked."""

    __slots__ = ("_by_run", "_signs")

    def __init__(self) -> None:
        self._signs: set[str] = set()
        #: run -> the texts that have it: of most runs one; empty as long as the texts are few
        self._by_run: dict[int, str | list[str]] = {}

    def add(self, signed: str) -> None:
        """Adds a text."""
        if signed in self._signs:
            return
        self._signs.add(signed)
        if len(self._signs) >= _FEW:
            for sign in (signed,) if self._by_run else self._signs:
                self._index(sign)

    def _index(self, signed: str) -> None:
        for run in _sketches(signed)[0]:
            others = self._by_run.get(run)
            if others is None:
                self._by_run[run] = signed
            elif isinstance(others, str):
                self._by_run[run] = [others, signed]
            else:
                others.append(signed)

    def near(self, signed: str) -> Iterator[str]:
        """Those that are one text with a text (``near_any``)."""
        mine = _sketches(signed)[0]
        for text in self._signs if len(self._signs) < _FEW else self._sharing(mine):
            theirs = _sketches(text)[0]
            if not mine.isdisjoint(theirs) and _are_near(mine, theirs):
                yield text

    def has_near(self, signed: str) -> bool:
        """Whether there is one."""
        if signed in self._signs:
            return not signed.startswith(".") and signed != ""
        return next(self.near(signed), None) is not None

    def _sharing(self, mine: frozenset[int]) -> set[str]:
        """Texts that share enough runs, and some that do not."""
        found = [self._by_run[run] for run in mine if run in self._by_run]
        # A copy has at least so many runs in common, and one of them is among all of these but so many: the rarest.
        least = math.ceil(ALIKE * len(mine) - 1e-9)
        found.sort(key=lambda texts: 1 if isinstance(texts, str) else len(texts))
        rare = found[: max(0, len(found) - least + 1)]
        return {text for texts in rare for text in ((texts,) if isinstance(texts, str) else texts)}


def _are_near(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    shared = len(mine & theirs)  # mostly too few, whichever they are: then nothing needs to be sorted
    return shared >= ALIKE * _compared(mine, theirs) and _resemblance(mine, theirs) >= ALIKE


def shared_names(a: str, b: str) -> float | None:
    """Share of the shorter text's proper names that the other has too, 0 to 1; None where one names hardly anything."""
    mine, theirs = _sketches(a)[1], _sketches(b)[1]
    fewer = min(len(mine), len(theirs))
    return len(mine & theirs) / fewer if fewer >= 3 else None


@functools.lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name as it is compared: lower case, no accents, apostrophes or articles, hyphens as spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = re.sub(r"['\u2019\u2018`\u02bb\u02bc]", "", plain).replace("-", " ").casefold()
    return " ".join(word for word in plain.split() if word not in ("the", "al", "el"))


@functools.lru_cache(maxsize=8192)
def skeleton(name: str) -> str:
    """The consonants of a name, doubled ones once: what its transliterations share (Rashidin, Rashideen)."""
    kept = re.sub(r"[aeiouy\W_]", "", fold(name).replace("y", "i"))
    return re.sub(r"(.)\1+", r"\1", kept) or fold(name)


def spelt_alike(a: str, b: str) -> bool:
    """Whether two names are one name in two spellings."""
    a, b = fold(a), fold(b)
    if a == b:
        return True
    if min(len(a), len(b)) < 5:
        return False
    least = _SOUNDS if skeleton(a) == skeleton(b) else _SPELT
    return fuzz.ratio(a, b, score_cutoff=least) >= least


@functools.lru_cache(maxsize=8192)
def words_of(name: str) -> frozenset[str]:
    """The words of a name or attribution that tell it from others."""
    return frozenset(word for word in _WORD.findall(fold(name)) if len(word) > 2)
