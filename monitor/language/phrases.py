"""Phrases of a lexicon as they are kept, and as they are found: packed by their first words until a text has that word.

A language has some ten thousand first words, and the texts of a month have a tenth of them: what is packed is one
object for each instead of dozens.
"""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple


@dataclass(slots=True, unsafe_hash=True)
class Entry:
    """What a phrase does in one role."""

    role: str
    #: the key it stands under, or the phrase itself
    value: str
    #: of FORMS, which ones these words can be; empty when the phrase is no paradigm
    forms: frozenset[str] = frozenset()


#: a phrase as it is kept: the tokens behind its first, how many in all, its own tokens where case matters, else None,
#: role -> (value, forms)
Kept = tuple[list[str], int, list[str] | None, dict[str, tuple[str, frozenset[str]]]]


class _Phrase(NamedTuple):
    """A phrase under its first word, as ``find`` asks for it."""

    rest: list[str]
    #: tokens in all
    length: int
    #: the phrase's own tokens where case matters, else None
    cased: list[str] | None
    roles: dict[str, Entry]


#: of one first word: the longer phrases by their second word, the roles of the word alone where its case does not
#: matter, and all phrases of the word alone; only those roles of a word that stands alone in any case
First = tuple[dict[str, list[_Phrase]] | None, dict[str, Entry] | None, list[_Phrase]] | dict[str, Entry]

#: sets of forms, each kept once for all phrases that have it
_forms: dict[frozenset[str], frozenset[str]] = {}


def pack(phrases: Sequence[Kept]) -> bytes:
    """The phrases of one first word, for ``unpacked``."""
    return marshal.dumps(list(phrases))


def unpacked(packed: bytes) -> First:
    """The phrases of one first word, as they are found."""
    kept: list[Kept] = marshal.loads(packed)  # noqa: S302  of our own making
    return _by_second(
        [
            _Phrase(rest, length, cased, {intern(role): _entry(role, *entry) for role, entry in roles.items()})
            for rest, length, cased, roles in kept
        ]
    )


def _entry(role: str, value: str, forms: frozenset[str]) -> Entry:
    """An entry; what it shares with others is kept once."""
    return Entry(intern(role), intern(value), _forms.setdefault(forms, forms))


def _by_second(phrases: Sequence[_Phrase]) -> First:
    """The phrases of one first word as ``find`` asks for them."""
    longer: dict[str, list[_Phrase]] = {}
    for phrase in phrases:
        if phrase.rest:
            longer.setdefault(phrase.rest[0], []).append(phrase)
    single = [p for p in phrases if not p.rest]
    plain = single[0].roles if single and single[0].cased is None else None
    return plain if plain is not None and not longer else (longer or None, plain, single)


def is_cased(want: Sequence[str], have: Sequence[str]) -> bool:
    """Whether the text is capitalised wherever the phrase is; acronyms must be in capitals throughout."""
    if want == have:
        return True
    for a, b in zip(want, have, strict=True):
        if a != b and (not a[0].islower() or a[0] == a[0].upper()):
            if a.isupper() and len(a) > 1 and a.isalpha():
                return False
            if a[0].isupper() and not b[0].isupper():
                return False
    return True
