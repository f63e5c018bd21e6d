"""Raw text -> tokens, paragraphs, sentences, with exact offsets; linear in the length of the text, whatever it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

#: a letter; fractions of one sign ("2½bn") are letters to the library, and none to us
_L = r"[^\W\d_¼½¾⅓⅔⅛⅜⅝⅞]"
#: words with inner apostrophes, figures with separators, possessive endings, initialisms ("U.S."), single marks
TOKEN = re.compile(
    r"[A-Za-z]{2,}(?![\w’'])"  # says nothing that the next line does not, but is most tokens, at half the time
    rf"|{_L}{{2,}}(?:[’'](?![sS](?!\w)){_L}+)*"
    r"|\d{1,3}(?:[,\u00a0\u2009\u202f’']\d{3})+(?:\.\d+)?(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?![\d,.])"
    r"|\d+(?:[.,:]\d+)*"
    r"|[’'][sS](?!\w)"
    rf"|(?:{_L}\.){{2,}}"
    rf"|{_L}(?:[’'](?![sS](?!\w)){_L}+)*"
    r"|\S"
)
#: what stands between spaces is remembered with its tokens: how many characters of it, and how many such
_SHORT, _MOST = 24, 32_768
#: a sentence is never longer than this many characters; unpunctuated text is cut at a space
LONGEST = 1500
#: lines of a text that can be broken at a width; the widest line of such a text, at least and at most; the share of its
#: lines that leave no room; and the share of the widest line that is still full
WRAPPED, NARROW, WIDE, FULL, RAGGED = 4, 45, 110, 0.6, 0.88
_LINE = re.compile(r"[^\n\r\u2028\u2029\v\f]+")
_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029\v\f]")
_END = re.compile(
    r"[.!?…]{1,8}[\"'”’»)\]]{0,3}(?:\s+(?=\W{0,3}\w)|(?<=[a-z]{2}\.)(?=[A-Z][a-z ])|(?<=[.!?][”\"])(?=[A-Z][a-z ]))"
)
_FOLLOWING = re.compile(r"[\w’']+")
#: a word backwards, so that its end need not be looked for
_DROW = re.compile(r"(?:[\w’'-]|(?<=\w)\.(?=\w))+")


class Span(NamedTuple):
    """text[start:end]"""

    start: int
    end: int


def tokens(text: str) -> list[str]:
    """The tokens of a text, as written."""
    return TOKEN.findall(text)


class Tokens(NamedTuple):
    """The tokens of a text: lists in parallel, the indexes of some, and what they are marked with."""

    #: as written
    raw: list[str]
    #: in lower case, with straight apostrophes
    words: list[str]
    #: those that touch the token before
    glued: set[int]
    #: those that begin with a digit, and with a capital, in order
    figures: list[int]
    capitals: list[int]
    #: bits of all tokens, see marks.py
    marks: int


#: tokens as written, and in lower case -> their bits
Mark = Callable[[Sequence[str], Sequence[str]], int]
#: what a chunk is most of all: a word in lower case, one with a capital, one in lower case and a mark behind it
_WORD, _NAME, _MARKED = 0, 1, 2
#: what stands between two spaces, as tokens: these; the same in lower case, with straight apostrophes; one of those,
#: else how many they are, and which of them begin with a digit and with a capital; their bits
_Chunk = tuple[tuple[str, ...], tuple[str, ...], int | tuple[int, tuple[int, ...], tuple[int, ...]], int]


_PLAIN: dict[tuple[int, tuple[int, ...], tuple[int, ...]], int] = {
    (1, (), ()): _WORD,
    (1, (), (0,)): _NAME,
    (2, (), ()): _MARKED,
}


class Chunks(dict[str, _Chunk]):
    """Chunk -> its tokens and their bits, remembered: most of a text is chunks that were seen before, and no token but
    a figure goes on over a space."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark

    def __missing__(self, text: str) -> _Chunk:
        raw = tuple(TOKEN.findall(text))
        low = tuple(map(_low, raw))
        if low == raw:
            low = raw  # half as much to keep, and to go to
        figures = tuple(k for k, word in enumerate(raw) if word[0].isdecimal())
        capitals = tuple(k for k, word in enumerate(raw) if word[0].isupper())
        plain = _PLAIN.get((len(raw), figures, capitals))
        chunk = raw, low, (len(raw), figures, capitals) if plain is None else plain, self.mark(raw, low)
        if len(text) <= _SHORT:
            if len(self) >= _MOST:
                self.clear()
            self[text] = chunk
        return chunk


def tokenise(text: str, chunks: Chunks) -> Tokens:
    """A text as ``tokens`` has it, and what can be told of them on the way."""
    raw: list[str] = []
    words: list[str] = []
    glued: set[int] = set()
    figures: list[int] = []
    capitals: list[int] = []
    marks = 0
    for pieces, low, more, bits in map(chunks.__getitem__, text.split()):
        marks |= bits
        if more:
            at = len(raw)
            if isinstance(more, tuple):
                count, digits, uppers = more
                if count > 1:
                    glued.update(range(at + 1, at + count))
                if digits:
                    if at and digits[0] == 0 and raw[-1][-1].isdecimal():
                        return _with_figures(text, chunks.mark)  # "12 000"
                    figures += map(at.__add__, digits)
                if uppers:
                    capitals += map(at.__add__, uppers)
            elif more == _NAME:
                capitals.append(at)
            else:
                glued.add(at + 1)
        raw += pieces
        words += low
    return _made(Tokens, (raw, words, glued, figures, capitals, marks))


def _with_figures(text: str, mark: Mark) -> Tokens:
    """``tokenise`` for a text in which a figure may have spaces."""
    matches = list(TOKEN.finditer(text))
    raw = [match[0] for match in matches]
    words = list(map(_low, raw))
    return Tokens(
        raw,
        words,
        {k for k in range(1, len(raw)) if matches[k].start() == matches[k - 1].end()},
        [k for k, word in enumerate(raw) if word[0].isdecimal()],
        [k for k, word in enumerate(raw) if word[0].isupper()],
        mark(raw, words),
    )


def _low(word: str) -> str:
    return word.lower().replace("’", "'")


#: makes a named tuple without its own constructor in Python
_made = tuple.__new__


def lines(text: str) -> Iterator[Span]:
    """Paragraphs: the text's lines, a line that goes on in lower case joined to the one before. Of a text broken at a
    width a line is also joined where its first word had no room in the one before."""
    start = end = begin = -1
    width = _width(text)
    for match in _LINE.finditer(text):
        line = match[0]
        if not line.strip():
            continue
        first = match.start() + len(line) - len(line.lstrip())
        last = match.start() + len(line.rstrip())
        if (
            end >= 0
            and (
                (text[first].islower() and text[end - 1] not in ".!?:;")
                or (width and end - begin + 1 + len(line.split(None, 1)[0]) > width)
            )
            and len(_BREAK.findall(text, end, first)) == 1
        ):
            begin, end = first, last
            continue
        if end >= 0:
            yield _made(Span, (start, end))
        start, begin, end = first, first, last
    if end >= 0:
        yield _made(Span, (start, end))


def _width(text: str) -> int:
    """The least width at which a text can be broken into lines, 0 where its lines are paragraphs: most lines of such a
    text end where the next one's first word had no room."""
    if text.count("\n") < WRAPPED:
        return 0
    found = [line.strip() for line in text.split("\n")]
    width = max(map(len, found))
    pairs = [(a, b) for a, b in itertools.pairwise(found) if a and b]
    if not NARROW <= width <= WIDE or len(pairs) < WRAPPED:
        return 0
    width = int(RAGGED * width)
    full = sum(len(a) + 1 + len(b.split(None, 1)[0]) > width and a[-1] not in ".!?:;" for a, b in pairs)
    return width if full >= FULL * len(pairs) else 0


def sentences(
    text: str, line: Span, abbreviations: Collection[str], titles: Collection[str], openers: Collection[str]
) -> Iterator[Span]:
    """Sentences of one paragraph. ``abbreviations`` are lower case without their last dot, and ``titles`` those of them
    that end none; ``openers`` are words that begin a sentence even after an initialism ("the U.S. The ...")."""
    start, last = line
    for match in _END.finditer(text, start, last):
        at, behind = match.span()
        if behind >= last:
            continue
        if text[at] == "." and behind == at + 2 and text[at + 1] == " " and text[behind].isupper():
            word = text[max(text.rfind(" ", start, at) + 1, start) : at]  # most of all: "... in the town. Police ..."
            plain = len(word) > 1 and word.isalpha() and word.lower() not in abbreviations
        else:
            plain = False
        if plain or _ends(text, start, match, abbreviations, titles, openers):
            end = at + 1 if plain else at + len(match[0].rstrip())
            if end - start <= LONGEST:
                yield _made(Span, (start, end))
            else:
                yield from _cut(text, start, end)
            start = behind
    if last - start > LONGEST:
        yield from _cut(text, start, last)
    elif start < last:
        yield _made(Span, (start, last))


def _ends(
    text: str,
    start: int,
    match: re.Match[str],
    abbreviations: Collection[str],
    titles: Collection[str],
    openers: Collection[str],
) -> bool:
    """Whether the mark found ends a sentence: not after "Mr." or an initial, not before lower case."""
    mark, behind = match[0], match.end()
    following = _FOLLOWING.search(text, behind)
    word = following[0] if following else ""
    if word and word[0].islower() and not mark.startswith(("!", "?", "…")):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = _DROW.match(text[max(start, match.start() - 24) : match.start()][::-1])
    if before is None:
        return True
    last = before[0][::-1].lower()
    if last.rsplit("-", 1)[-1] in abbreviations:  # "Maj.-Gen."
        return word.lower() in openers and last not in titles
    if (len(last) == 1 and last.isalpha()) or (len(last) <= 5 and re.fullmatch(r"(?:\w\.)+\w", last)):
        return word.lower() in openers
    return True


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A span in pieces of at most LONGEST characters, cut at a space where there is one."""
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        at = space if space > 0 else start + LONGEST
        yield Span(start, at)
        start = at + 1 if space > 0 else at
    if start < end:
        yield Span(start, end)
