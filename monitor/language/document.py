"""An item as the kinds read it: sentences with their tokens, and layers over them that are made when asked for.

Layers are cheap to ask twice and cost nothing where nobody asks; a kind first gates a sentence by ``has``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import add
from typing import Any, Generic, TypeVar

from monitor.language import actors, attribution, dates
from monitor.language.actors import Actor, Actors, Form
from monitor.language.attribution import Credits
from monitor.language.attribution_phrases import Credit
from monitor.language.dates import Day, DayKind, Days
from monitor.language.gate import Gate
from monitor.language.lexicon import COMMON, Hit, Lexicon
from monitor.language.place_names import Places
from monitor.language.places import Place
from monitor.language.quantities import Quantities, Quantity
from monitor.language.text import Span, lines, sentences, tokenise
from monitor.language.trace import Trace
from monitor.model import Evidence, Item

T = TypeVar("T")


class lazy(Generic[T]):  # noqa: N801  reads as a decorator
    """A property made once: functools.cached_property without its lock, which costs more than most layers."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make, self.__doc__, self.name = make, make.__doc__, make.__name__

    def __get__(self, instance: Any, owner: type | None = None) -> T:
        value = instance.__dict__[self.name] = self.make(instance)
        return value


#: sentences back at most, in which the day stands that "two days later" is counted from
TOLD_BACK = 3


def _shifted(day: dt.date | None, days: int) -> dt.date | None:
    try:
        return None if day is None else day + dt.timedelta(days=days)
    except OverflowError:
        return None


class Reader:
    """The layers' grammars for one lexicon; one a lexicon, see ``Reader.of``."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.quantities = Quantities(lexicon)
        self.days = Days(lexicon)
        self.places = Places(lexicon)
        self.actors = Actors(lexicon)
        self.credits = Credits(lexicon)
        common = lexicon.common
        self.abbreviations = frozenset(a.rstrip(".") for a in common.words("abbreviations"))
        self.titles = common.words("abbreviated_titles")
        self.openers = common.words("open_sentences")
        self.personal = common.words("personal")
        self.drop_lines = _starting_with(common.words("boilerplate_lines"))
        self.end_lines = common.words("boilerplate_ends")

    @classmethod
    def of(cls, lexicon: Lexicon) -> Reader:
        reader: Reader | None = lexicon.derived.get("reader")
        if reader is None:
            reader = lexicon.derived["reader"] = cls(lexicon)
        return reader


def _starting_with(phrases: frozenset[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\W{{0,3}}(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)


class Sentence:
    """One sentence. Offsets are into the item's ``field``; tokens are parallel lists, a token is named by its index."""

    def __init__(self, document: Document, field: str, span: Span, index: int, paragraph: int) -> None:
        self.document = document
        #: "title" or "text"
        self.field = field
        self.start, self.end = span
        #: its number among the item's sentences, the title's first, and of its paragraph
        self.index, self.paragraph = index, paragraph
        self.text = document.source(field)[span.start : span.end]
        #: tokens as written, and in lower case with straight apostrophes; the indexes of those that touch the token
        #: before, that begin with a digit, and with a capital; their bits, see marks.py
        self.raw, self.words, self.glued, self.figures, self.capitals, self.marks = tokenise(self.text, document.chunks)
        self._sections: dict[str, list[Hit]] = {}

    @lazy
    def starts(self) -> list[int]:
        """Offset of each token into the field."""
        starts: list[int] = []
        append, find, shift, at = starts.append, self.text.find, self.start, 0
        for word in self.raw:  # quicker than asking the pattern for its spans
            at = find(word, at)
            append(at + shift)
            at += len(word)
        return starts

    @lazy
    def ends(self) -> list[int]:
        """Offset behind each token."""
        return list(map(add, self.starts, map(len, self.raw)))

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return f"Sentence({self.text!r})"

    def has(self, words: frozenset[str]) -> bool:
        """Whether any token is among these words (lower case): the gate before any layer is made."""
        bit = self.document.sets.get(id(words))
        return self.marks & bit != 0 if bit is not None else not words.isdisjoint(self.words)

    def passes(self, gate: Gate) -> bool:
        """Whether the sentence has one of the phrases of a gate."""
        return self.has(gate.words) and (self.has(gate.alone) or gate.has_longer(self.words))

    def hits(self, section: str) -> Sequence[Hit]:
        """Phrases of a section of the lexicon ("common", "aid_pledge", ...), leftmost-longest, in order."""
        found = self._sections.get(section)
        if found is None:
            lexicon = self.document.lexicon
            there = self.marks & lexicon.marks.sections.get(section, 0)
            found = lexicon.sections[section].find(self.words, self.raw) if there else []
            self._sections[section] = found
        return found

    def by_role(self, section: str) -> Mapping[str, Sequence[Hit]]:
        """Role -> its hits in order, for the roles of a section that the sentence has; for rules that ask for many."""
        index: dict[str, list[Hit]] = {}
        for hit in self.hits(section):
            for name in hit.roles:
                if name in index:
                    index[name].append(hit)
                else:
                    index[name] = [hit]
        return index

    def may_have(self, section: str, role: str) -> bool:
        """Whether any word opens a phrase of a role of a section: False where ``of_role`` has nothing."""
        return self.marks & self.document.roles.get((section, role), 0) != 0

    def of_role(self, section: str, role: str) -> Sequence[Hit]:
        """The hits of one role of a section, in order."""
        if not self.marks & self.document.roles.get((section, role), 0):
            return ()  # most of all: no word of it stands here
        return [hit for hit in self._sections.get(section) or self.hits(section) if role in hit.roles]

    def of_roles(self, section: str, roles: frozenset[str]) -> Sequence[Hit]:
        """The hits of a section that have any of these roles, in order, each once."""
        if not self.marks & self.document.lexicon.marks.some(section, roles):
            return ()
        none = roles.isdisjoint
        return [hit for hit in self._sections.get(section) or self.hits(section) if not none(hit.roles)]

    @lazy
    def common(self) -> Sequence[Hit]:
        return self.hits(COMMON)

    @lazy
    def common_at(self) -> dict[int, Hit]:
        """Token -> the hit of the common section that covers it."""
        at = {h.i: h for h in self.common}
        for hit in self.common:
            for k in range(hit.i + 1, hit.j):
                at[k] = hit
        return at

    @lazy
    def quantities(self) -> tuple[Quantity, ...]:
        """All numbers and sums, in order; look at ``sort``."""
        grammar = self.document.reader.quantities
        candidates = grammar.candidates(self.figures, self.of_roles(COMMON, grammar.roles))
        if not candidates:
            return ()
        return grammar.read(self.words, self.raw, self.glued, self.common, candidates)

    @lazy
    def days(self) -> tuple[Day, ...]:
        """Days named; ``day.on(document.published, future=...)`` resolves one. What is counted from the day told before
        ("two days later") has become a date, or is left out where no day was told."""
        named = self.named_days
        if not any(day.kind is DayKind.NARRATED for day in named):
            return named
        found: list[Day] = []
        for number, day in enumerate(named):
            if day.kind is not DayKind.NARRATED:
                found.append(day)
            elif (on := self.document.narrated(self, number)) is not None:
                found.append(Day(i=day.i, j=day.j, kind=DayKind.DATE, month=on.month, day=on.day, year=on.year))
        return tuple(found)

    @lazy
    def named_days(self) -> tuple[Day, ...]:
        """Days as they are named."""
        hits = self.of_roles(COMMON, dates.ROLES)
        if not hits and not self.figures:
            return ()
        days = self.document.reader.days.read(self.words, self.raw, hits, self.figures)
        return tuple(d for d in days if d.kind is not DayKind.NONE)

    @lazy
    def actors(self) -> tuple[Actor, ...]:
        """Actors named, persons learned from titles anywhere in the item included."""
        reader, people = self.document.reader.actors, self.document.people
        return reader.with_learned(self.named, self.words, self.raw, people)

    @lazy
    def named(self) -> tuple[Actor, ...]:
        """The actors that the lexicon names."""
        hits = self.of_roles(COMMON, actors.ROLES)
        return self.document.reader.actors.named(self.words, self.raw, hits) if hits else ()

    @lazy
    def places(self) -> tuple[Place, ...]:
        """Places named, countries included; look at ``certain``, ``attributive`` and ``preposition``."""
        if not self.capitals:
            return ()
        return self.document.reader.places.read(self.words, self.raw, self.common_at, self.glued, self.capitals)

    @lazy
    def credits(self) -> tuple[Credit, ...]:
        """Sources that the sentence names."""
        hits = self.of_roles(COMMON, attribution.ROLES)
        if not hits and attribution.MARKS.isdisjoint(self.words):
            return ()
        return self.document.reader.credits.read(self.words, self.raw, hits, self.common_at)

    def credit(self, i: int) -> str | None:
        """Whom the sentence credits for what stands at token i, pronouns resolved; None where nobody."""
        best = attribution.vouching(self.credits, self.words, self.common_at, i)
        if best is None:
            return None
        if not best.pronoun:
            return best.text
        personal = self.words[best.i] in self.document.reader.personal
        return self._person_before(best) or self._source_before(best) or self.document.speaker_before(self, personal)

    def _person_before(self, credit: Credit) -> str | None:
        """ "Zelensky accused Moscow, although he said ...": the person named in the sentence before "he"."""
        if self.words[credit.i] not in self.document.reader.personal:
            return None
        named = [a for a in self.actors if a.form is Form.PERSON and a.j <= credit.i]
        return named[-1].name if named else None

    def _source_before(self, credit: Credit) -> str | None:
        """ "The Red Cross said that it believed ...": the source that the sentence named before the pronoun."""
        named = [c for c in self.credits if not c.pronoun and c.j <= credit.i]
        return named[-1].text if named else None

    @property
    def whole(self) -> Span:
        """Offsets of all tokens, without those of each."""
        first, last = self.raw[0], self.raw[-1]
        return Span(self.start + self.text.index(first), self.start + self.text.rindex(last) + len(last))

    def span(self, i: int, j: int) -> Span:
        """Offsets of tokens[i:j]."""
        return Span(self.starts[i], self.ends[j - 1])

    def evidence(self, i: int = 0, j: int | None = None) -> Evidence:
        """The evidence record of tokens[i:j], the whole sentence by default."""
        start, end = self.whole if not i and j is None else self.span(i, len(self.words) if j is None else j)
        return Evidence(field=self.field, start=start, end=end, text=self.document.source(self.field)[start:end])


class Document:
    """An item with its lexicon. Pure; everything in it can be made again from these two."""

    def __init__(self, item: Item, lexicon: Lexicon, trace: Trace | None = None) -> None:
        self.item = item
        self.lexicon = lexicon
        #: where rules tell what they did; None in a normal run
        self.trace = trace
        self.reader = Reader.of(lexicon)
        #: chunks of text with their bits, and the sets that have a bit, as they are known when the item is first read
        self.chunks, self.sets = lexicon.marks.chunks, lexicon.marks.sets
        #: (section, role) -> its bit
        self.roles = lexicon.marks.roles
        #: what a kind found out about the whole item, by a name of its own
        self.notes: dict[str, Any] = {}

    def release(self) -> None:
        """Let go of the sentences, which point back here: their memory is free at once, without a search for cycles."""
        self.__dict__.pop("sentences", None)

    def source(self, field: str) -> str:
        return self.item.title if field == "title" else self.item.text

    @lazy
    def sentences(self) -> tuple[Sentence, ...]:
        """The title's sentences, then the text's, the site's own lines left out."""
        found: list[Sentence] = []
        paragraph = 0
        for field in ("title", "text"):
            text = self.source(field)
            for line in self._lines(text):
                paragraph += 1
                for span in sentences(text, line, self.reader.abbreviations, self.reader.titles, self.reader.openers):
                    sentence = Sentence(self, field, span, len(found), paragraph)
                    if sentence.words:
                        found.append(sentence)
        return tuple(found)

    def _lines(self, text: str) -> Iterator[Span]:
        """Paragraphs that are news: no "read more", nothing behind "Comments"."""
        first = True
        for span in lines(text):
            short = text[span.start : span.start + 160] if span.end - span.start <= 160 else ""
            if short and not first:
                bare = short[: span.end - span.start].strip(" \t:.-–|#*").lower()
                if bare in self.reader.end_lines and span.start > len(text) // 4:
                    return
                if len(bare) < 120 and self.reader.drop_lines.match(short):
                    continue
            first = False
            yield span

    @lazy
    def published(self) -> dt.date | None:
        """The item's day of publication, or the full date of its own dateline where it has none."""
        return self.item.published or self.dateline

    @lazy
    def dateline(self) -> dt.date | None:
        """A full date in the first 300 characters, standing before any other day ("KABUL (Jan. 25, 2013)")."""
        for sentence in self.sentences[:6]:
            if sentence.field == "text" and sentence.start < 300 and sentence.figures:
                for day in sentence.named_days:
                    if day.kind is DayKind.DATE and day.year is not None:
                        return day.on(None)
        return None

    def narrated(self, sentence: Sentence, number: int) -> dt.date | None:
        """The day meant by ``sentence.named_days[number]``, counted from the days told before it; None where none was
        told in the same field, a few sentences back at most."""
        shift, index, back = 0, sentence.index, 0
        while back <= TOLD_BACK:
            while number >= 0:
                day = self.sentences[index].named_days[number]
                if day.kind is not DayKind.NARRATED:
                    future = shift >= 0 and bool(self.sentences[index].of_role(COMMON, "future_cues"))
                    return _shifted(day.on(self.published, future=future), shift)
                shift, number, back = shift + day.number, number - 1, 0
            index, back = index - 1, back + 1
            if index < 0 or self.sentences[index].field != sentence.field:
                return None
            number = len(self.sentences[index].named_days) - 1
        return None

    def having(self, words: frozenset[str]) -> list[Sentence]:
        """The sentences that have any of these words (lower case)."""
        bit = self.sets.get(id(words))
        if bit is None:
            return [s for s in self.sentences if not words.isdisjoint(s.words)]
        return [s for s in self.sentences if s.marks & bit]

    def passing(self, gate: Gate) -> list[Sentence]:
        """The sentences that have one of the phrases of a gate."""
        return [s for s in self.sentences if s.passes(gate)]

    @lazy
    def people(self) -> dict[str, str]:
        """Surnames and names of persons, in lower case -> the actor they speak for, learned from titles in the item."""
        gated = self.passing(self.reader.actors.titled)
        titled = ((s, titles) for s in gated if (titles := s.of_role(COMMON, "titles")))
        return self.reader.actors.learn((s.words, s.raw, titles, s.named) for s, titles in titled)

    def title_has(self, words: frozenset[str]) -> bool:
        """Whether the title has any of these words (lower case)."""
        return any(s.has(words) for s in self.sentences[:3] if s.field == "title")

    def speaker_before(self, sentence: Sentence, personal: bool) -> str | None:
        """The source last named before a sentence, at most four sentences back: what "he said" refers to."""
        for previous in reversed(self.sentences[max(0, sentence.index - 4) : sentence.index]):
            named = [c.text for c in previous.credits if not c.pronoun]
            if named:
                return named[-1]
        opened = self.sentences[max(0, sentence.index - 1) : sentence.index]
        return next((self.reader.credits.opening(s.words, s.raw, s.common_at, personal) for s in opened), None)
