"""Which language a text is in: the item's own declaration, else the share of function words, else a library's guess.

A headline has few function words, and its names say nothing of its language; libraries guess wildly there. So of a
short text all words that are no names are looked up in the lexicons.
"""

from __future__ import annotations

import re

from monitor.language.lexicon import Lexicon, Lexicons
from monitor.model import Item

#: share of a text's words that are function words, from which it is taken to be in that language
ENOUGH = 0.16
#: characters looked at
SAMPLE = 4000
#: share of function words, among as many words of the first characters, that leaves no doubt
PLAIN, FEWEST, START = 0.2, 20, 600
#: share of a short text's words, names apart, that a lexicon knows, from which it is taken to be in that language
FAMILIAR = 0.4
_WORD = re.compile(r"[a-z]+(?![^\W\d_])|[^\W\d_]+")  # the first is most words, at half the time

_LETTERS = re.compile(r"[^\W\d_]+")


def recognise(item: Item, lexicons: Lexicons) -> Lexicon | str:
    """The lexicon for an item, or the ISO 639-1 code of its language where there is none ("und" where unknown).

    A declared language decides, unless the text plainly contradicts it: feeds declare "en" for all they carry.
    """
    plain = _plainly(item, lexicons)
    if plain is not None:
        return plain
    words = _WORD.findall((item.title + " " + item.text[:SAMPLE]).lower())
    declared = (item.language or "").lower()[:2]
    is_short = len(words) < FEWEST and not declared
    shares = {
        name: _familiar(item, lexicon) if is_short else _share(words, lexicon) for name, lexicon in lexicons.items()
    }
    best = max(shares, key=lambda name: (shares[name], name), default=None)
    if declared and declared not in lexicons and not (best and shares[best] >= 2 * ENOUGH):
        return declared
    enough = FAMILIAR if is_short else ENOUGH
    if best is not None and (shares[best] >= enough or (declared == best and (len(words) < 12 or shares[best] > 0))):
        return lexicons[best]
    if len(words) < 4:
        return lexicons[best] if best is not None and item.text.isascii() else "und"
    guess = _guess(" ".join(words))
    return lexicons.get(guess) or guess


def _plainly(item: Item, lexicons: Lexicons) -> Lexicon | None:
    """The lexicon of an item whose first words leave no doubt: most items, for a tenth of the work."""
    words = (item.title + " " + item.text[:START]).lower().split()
    if len(words) < FEWEST:
        return None
    declared = (item.language or "").lower()[:2]
    likeliest = [lexicon for name, lexicon in lexicons.items() if not declared or name == declared]
    if len(likeliest) != 1 or (not declared and len(lexicons) > 1):
        return None
    return likeliest[0] if _share(words, likeliest[0]) >= PLAIN else None


def _share(words: list[str], lexicon: Lexicon) -> float:
    return sum(map(lexicon.function_words.__contains__, words)) / len(words) if words else 0.0


def _familiar(item: Item, lexicon: Lexicon) -> float:
    """Share of known words among those that are no names; of a text in capitals, among all."""
    words = [word for word in _LETTERS.findall(f"{item.title} {item.text}") if len(word) > 1]
    plain = [word for word in words if word.islower()] or words
    return sum(lexicon.knows(word.lower()) for word in plain) / len(plain) if plain else 0.0


def _guess(text: str) -> str:
    # Imported late: the library reads its model on import, and almost no text comes this far.
    import py3langid

    language: str = py3langid.classify(text)[0]
    return language
