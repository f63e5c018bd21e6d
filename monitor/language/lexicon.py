"""A language's words as data, compiled: ``Lexicon.load("en")`` reads the folder ``lexicons/en/``.

A file of the folder is a *section*: ``common.yaml`` (what the language layer itself needs) and one for each event
kind, so that the words of one kind never shadow those of another. ``names.tsv`` (generated, data/generate.py) adds the
names of countries to ``common``. In a section, each top-level key is a *role*; under it stand

- a list of phrases: ``titles: [president, foreign minister]``; the value of a hit is the phrase itself;
- a mapping of values to phrases: ``hedges: {at_least: [at least, more than]}``; the value of a hit is the key;
- roles of ``LISTS``, and those whose name ends in ``_list``, are asked for as lists of words and make no hits;
- a phrase may be a list, a *paradigm*: ``[kill, kills, killed, killed, killing]`` stands for the forms base, s, past,
  participle, ing in this order ("" or ~ where there is none); a hit tells the forms its words can be.

A phrase written with a capital letter matches only text that is capitalised there too, one in capitals throughout
("US") only capitals. Anything else matches whatever the case. Hyphens and apostrophes match as tokens do (text.py).
Values are strings; YAML's own booleans, numbers and nulls are not applied, so ``NO`` and ``1e3`` stay as written.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import compress
from typing import Any

from monitor.language.lexicon_files import names, opened, read_yaml
from monitor.language.marks import Marks
from monitor.language.phrases import Entry, First, Kept, is_cased, pack, unpacked
from monitor.language.text import tokens

#: order of the forms in a paradigm
FORMS = ("base", "s", "past", "participle", "ing")
COMMON = "common"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: every role the engine asks of ``common``; each language must fill it, if only with an empty list
COMMON_ROLES = _words(
    "credit_words endings having function_words abbreviations abbreviated_titles open_sentences boilerplate_lines "
    "boilerplate_ends number_words magnitudes pair_words vague zero hedges hedges_after approximators range_words "
    "ordinals measures labels year_cues conversions currencies currency_symbols letter_symbols weekdays months "
    "relative_days narrated_days feast_days weekday_cues future_cues parts_of_day day_cues "
    "place_prepositions vague_place_kinds away possessive reference_nouns distances idioms place_kinds directions "
    "place_refused name_linkers not_names outlets names_refused adjective_suffixes given_names countries demonyms "
    "peoples capitals seats organisations groups people titles offices personal former genitives genitive "
    "auxiliaries officials pronouns quote_verbs according source_nouns negations clauses articles "
    "indefinite number_joints alternative ambiguous_currencies name_openers"
)


#: roles that are asked for as word lists only: they make no hits, which would cost time at every "the"
LISTS = _words(
    "credit_words endings having function_words abbreviations abbreviated_titles open_sentences boilerplate_lines "
    "boilerplate_ends place_refused names_refused adjective_suffixes approximators articles auxiliaries "
    "place_prepositions directions name_linkers pronouns personal clauses genitives genitive former parts_of_day "
    "day_cues year_cues conversions range_words weekday_cues source_nouns distances vague_place_kinds away "
    "possessive reference_nouns given_names indefinite number_joints alternative ambiguous_currencies "
    "name_openers negations"
)


_NO_FORMS: frozenset[str] = frozenset()
_ONE_FORM = {form: frozenset((form,)) for form in FORMS}
#: ending of a role that is asked for as a word list only, in any section
LIST = "_list"


@dataclass(slots=True)  # read in half the time that the fields of a named tuple are
class Hit:
    """A phrase found in a list of tokens: tokens[i:j]."""

    i: int
    j: int
    #: role -> entry
    roles: Mapping[str, Entry]


class Section:
    """The phrases of one file, found in token lists leftmost-longest."""

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self._table: dict[str, list[Kept]] = {}
        self._known: dict[tuple[str, ...], Kept] = {}
        #: role -> value -> phrases; packed until the role is asked for
        self._roles: dict[str, dict[str, list[str]] | bytes] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._firsts: dict[tuple[str, ...], frozenset[str]] = {}
        #: first word -> its phrases; packed until a text has that word, and most of them no text ever has
        self._index: dict[str, First | bytes] = {}
        self.fill(data or {})
        self.compile()

    def fill(self, data: Mapping[str, Any]) -> None:
        """Add the roles of a file; ``compile`` makes them found."""
        for role, content in data.items():
            self._add_role(role, content)

    def _add_role(self, role: str, content: Any) -> None:
        known = self._values(role)
        silent = role in LISTS or role.endswith(LIST)
        groups = content.items() if isinstance(content, dict) else [(None, content or ())]
        for value, phrases in groups:
            for phrase in [phrases] if isinstance(phrases, str) else phrases or ():
                if isinstance(phrase, str):
                    key = phrase if value is None else value
                    known.setdefault(key, []).append(phrase)
                    if not silent:
                        self._enter(role, key, phrase, None)
                    continue
                for form, words in zip(FORMS, phrase, strict=False):
                    if words and words != "~":
                        self.add(role, value or phrase[0], words, form)

    def add(self, role: str, value: str | None, phrase: str, form: str | None = None) -> None:
        value = phrase if value is None else value
        self._values(role).setdefault(value, []).append(phrase)
        if not (role in LISTS or role.endswith(LIST)):
            self._enter(role, value, phrase, form)

    def _enter(self, role: str, value: str, phrase: str, form: str | None) -> None:
        """A phrase that makes hits."""
        raw = [phrase] if phrase.isalpha() else tokens(phrase)
        if not raw:
            raise ValueError(f"empty phrase under {role}")
        low = phrase.lower()
        found = self._find_phrase([w.lower() for w in raw], None if phrase == low else raw)
        known = found.get(role)
        if known is None:
            found[role] = value, _NO_FORMS if form is None else _ONE_FORM[form]
        elif form and known[0] == value:
            found[role] = value, known[1] | {form}

    def _find_phrase(self, words: list[str], cased: list[str] | None) -> dict[str, tuple[str, frozenset[str]]]:
        """The roles of a phrase."""
        key = (*words, "", *cased) if cased else tuple(words)
        phrase = self._known.get(key)
        if phrase is None:
            phrase = self._known[key] = words[1:], len(words), cased, {}
            self._table.setdefault(words[0], []).append(phrase)
        return phrase[-1]

    def compile(self) -> None:
        """Longest phrases first, those that want capitals before their like, which they take the roles of."""
        for first, phrases in self._table.items():
            for rest, _, cased, roles in phrases:
                plain = self._known.get((first, *rest)) if cased is not None else None
                if plain is not None:
                    for role, entry in plain[-1].items():
                        roles.setdefault(role, entry)
            if len(phrases) > 1:
                phrases.sort(key=lambda p: (-p[1], p[2] is None))
        self._index = {first: pack(phrases) for first, phrases in self._table.items()}

    def kept(self) -> tuple[Any, Any]:
        """All that ``restore`` needs, of plain values alone; to be asked before a text is read."""
        roles = {role: marshal.dumps(dict(self.phrases(role))) for role in self._roles}
        return roles, self._index

    @classmethod
    def restore(cls, roles: Mapping[str, bytes], index: Mapping[str, bytes]) -> Section:
        """The section that ``kept`` was asked of; it takes no more phrases."""
        section = cls()
        section._roles, section._index = dict(roles), dict(index)
        return section

    def _first(self, word: str) -> First:
        """The phrases of a first word, made when they are first asked for."""
        first = self._index[word]
        if isinstance(first, bytes):
            first = self._index[word] = unpacked(first)
        return first

    def opening(self, word: str) -> First | None:
        """The phrases that a word (lower case) opens, None where it opens none."""
        return self._first(word) if word in self._index else None

    def _values(self, role: str) -> dict[str, list[str]]:
        """value -> phrases of a role, which is made if it is not there."""
        values = self._roles.setdefault(role, {})
        if isinstance(values, bytes):
            values = self._roles[role] = marshal.loads(values)  # noqa: S302  of our own making
        return values

    def roles(self) -> frozenset[str]:
        """The roles of this section."""
        return frozenset(self._roles)

    def phrases(self, role: str) -> Mapping[str, Sequence[str]]:
        """value -> phrases of a role."""
        return self._values(role) if role in self._roles else {}

    def words(self, role: str) -> frozenset[str]:
        """Every phrase of a role, in lower case."""
        found = self._words.get(role)
        if found is None:
            found = self._words[role] = frozenset(p.lower() for same in self.phrases(role).values() for p in same)
        return found

    def firsts(self, *roles: str) -> frozenset[str]:
        """First tokens, in lower case, of all phrases of these roles: a gate, `sentence.has(firsts)`."""
        found = self._firsts.get(roles)
        if found is None:
            phrases = (p for role in roles for same in self.phrases(role).values() for p in same)
            found = self._firsts[roles] = frozenset(tokens(p)[0].lower() for p in phrases)
        return found

    def gate(self, *roles: str, common: frozenset[str] = frozenset()) -> frozenset[str]:
        """One token, in lower case, of each phrase of these roles: what it needs to be there. It is the longest
        that is not ``common``, so that this is a narrower gate than ``firsts``: "the dead" asks for "dead"."""
        phrases = (tokens(p.lower()) for role in roles for same in self.phrases(role).values() for p in same)
        return frozenset(max(words, key=lambda w: (w not in common, len(w), w)) for words in phrases)

    def knows(self, word: str) -> bool:
        """Whether a word (lower case) is a phrase of its own here, whatever its case in a text: no name is."""
        if word not in self._index:
            return False
        first = self._first(word)
        return isinstance(first, dict) or first[1] is not None

    def find(self, words: Sequence[str], raw: Sequence[str]) -> list[Hit]:
        """Every phrase in a list of tokens, leftmost-longest, without overlap. ``words`` is ``raw`` in lower case."""
        hits: list[Hit] = []
        add = hits.append
        free = 0
        last = len(words) - 1
        firsts: list[Any] = list(map(self._index.get, words))
        for i in compress(range(last + 1), firsts):
            if i < free:
                continue
            first = firsts[i]
            if isinstance(first, bytes):
                first = self._first(words[i])
            if isinstance(first, dict):  # most of all: one word, whatever its case
                free = i + 1
                add(Hit(i, free, first))
                continue
            longer, plain, phrases = first
            more = longer.get(words[i + 1]) if longer is not None and i < last else None
            if more is not None:
                phrases = more + phrases if phrases else more
            elif plain is not None:
                free = i + 1
                add(Hit(i, free, plain))
                continue
            for rest, length, cased, roles in phrases:
                if length > 2 and words[i + 1 : i + length] != rest:
                    continue
                if cased is not None and cased != (have := raw[i : i + length]) and not is_cased(cased, have):
                    continue
                free = i + length
                add(Hit(i, free, roles))
                break
        return hits


class Lexicon:
    """One language: its sections."""

    def __init__(self, language: str, sections: Mapping[str, Section]) -> None:
        self.language = language
        self.sections = sections
        self.common = sections[COMMON]
        #: words that tell a text of this language from others
        self.function_words = self.common.words("function_words")
        #: what tells by its words alone what a sentence can have
        self.marks = Marks(sections)
        #: what the layers derive from the lexicon once: layer's name -> tables
        self.derived: dict[str, Any] = {}

    def section(self, name: str) -> Section:
        """The section of an event kind; empty where the language has no words for it."""
        return self.sections.get(name) or _EMPTY

    def knows(self, word: str) -> bool:
        """Whether a word (lower case), no name, is one of this language that we have a use for."""
        return word in self.function_words or any(section.knows(word) for section in self.sections.values())

    @classmethod
    def load(cls, language: str) -> Lexicon:
        """Read and compile ``lexicons/<language>/``, or what was kept of it when it was last read, while its files and
        this module are the same. Cached by ``load``; a copy is cheap to keep, not to make."""
        files, store = opened(language, __file__)
        kept = store.read()
        if kept is None:
            kept = {name: section.kept() for name, section in cls._read(files).items()}
            store.write(kept)
        return cls(language, {name: Section.restore(*parts) for name, parts in kept.items()})

    @staticmethod
    def _read(files: Mapping[str, bytes]) -> dict[str, Section]:
        """The sections that the files of a language are, in order of their names."""
        sections: dict[str, Section] = {}
        for file in sorted(files):
            if file.endswith(".yaml"):
                section = sections[file.removesuffix(".yaml")] = Section()
                section.fill(read_yaml(files[file].decode("utf-8")))
        common = sections[COMMON]  # what common.yaml says of a name of names.tsv stands
        refused, endings = common.words("names_refused"), common.phrases("endings").get("possessive", ())
        text = files.get("names.tsv", b"").decode("utf-8")
        for name in names(text, refused, endings, common.phrases("adjective_suffixes")):
            common.add(*name)
        for section in sections.values():
            section.compile()
        return sections


class Lexicons(dict[str, Lexicon]):
    """Language -> lexicon, for the languages that have one."""

    @classmethod
    def load(cls, languages: Iterable[str] | None = None) -> Lexicons:
        return cls({name: load(name) for name in (languages if languages is not None else available())})


def available() -> Iterator[str]:
    """The languages that have a folder in lexicons/, in alphabetical order."""
    folder = resources.files("monitor.language") / "lexicons"
    yield from sorted(f.name for f in folder.iterdir() if (f / f"{COMMON}.yaml").is_file())


@cache
def every() -> tuple[Lexicon, ...]:
    """The lexicons of all languages, for what does not tell in which one it was read."""
    return tuple(map(load, available()))


@cache
def load(language: str) -> Lexicon:
    """The lexicon of a language, compiled once a process. Raises FileNotFoundError where there is none."""
    return Lexicon.load(language)


_EMPTY = Section()
