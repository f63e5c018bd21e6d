"""A gazetteer of places with levels (data/places.tsv, generated); place_names.py reads what a sentence names.

The file is held as bytes and searched by bisection, so that 120,000 names cost 5 MB and no time at start.
``readings`` gives what a name can be, likeliest first; ``contains`` tells containment for rules and linking:
``contains("Donetsk", "Mariupol")``, ``contains("UKR", "Donetsk region")`` are true. Places are compared by ``key``,
which forgets case, accents, hyphens and the nouns of place ("region", "the city of") that the lexicons list.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from monitor.language.lexicon import Lexicon

CITY, DISTRICT, REGION, COUNTRY, WATER, UNKNOWN = "city", "district", "region", "country", "water", "unknown"
#: how specific a level is; an unlisted name governed by a preposition is mostly a village
SPECIFIC = {CITY: 4, UNKNOWN: 3, DISTRICT: 2, WATER: 2, REGION: 1, COUNTRY: 0}
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘`ʻʼʿʾ") | dict.fromkeys("-–/", " "))
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ø": "o"})


class Reading(NamedTuple):
    """One place that a name can mean."""

    name: str
    level: str
    #: ISO alpha-3
    country: str
    #: name of the region it lies in, "" where unknown
    region: str
    #: inhabitants, 0 where unknown
    weight: int


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Place:
    """A place named in a sentence: tokens[i:j]."""

    i: int
    j: int
    #: as the text has it, without articles
    name: str
    level: str
    #: ISO alpha-3
    country: str | None = None
    region: str | None = None
    #: the preposition before it ("in", "near"), its article and directions skipped; None where there is none
    preposition: str | None = None
    #: told to be a place by its words: a preposition of place, "city of", "province", ", Ukraine"
    certain: bool = False
    #: part of another name or phrase of people: "Kyiv's mayor", "Gaza Health Ministry"
    attributive: bool = False
    #: only measures where something else lies: "50km south of Odesa"
    reference: bool = False
    #: where the phrase with its preposition begins
    begin: int = 0


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """A name as the gazetteer has it: lower case, without accents and apostrophes, hyphens as spaces."""
    plain = name.translate(_APOSTROPHES)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).translate(
            _LETTERS
        )
    return " ".join(plain.lower().split())


@cache
def _table() -> bytes:
    data = (resources.files("monitor.language") / "data" / "places.tsv").read_bytes()
    return b"\n" + data


@lru_cache(maxsize=50_000)
def readings(name: str) -> tuple[Reading, ...]:
    """What a name can mean in the gazetteer, likeliest first; empty where it is not listed."""
    wanted = key(name).encode("utf-8", "replace")
    if not wanted or b"\t" in wanted or len(wanted) > 60:
        return ()
    table = _table()
    at = _bisect(table, wanted)
    found = []
    while table.startswith(b"\n" + wanted + b"\t", at):
        end = table.find(b"\n", at + 1)
        row = table[at + 1 : end].decode("utf-8").split("\t")
        found.append(Reading(row[1], row[2], row[3], row[4], int(row[5])))
        at = end
    return tuple(found)


def _bisect(table: bytes, wanted: bytes) -> int:
    """Offset of the newline before the first row whose key is not below ``wanted``."""
    low, high = 0, len(table) - 1
    while low < high:
        middle = table.rfind(b"\n", 0, (low + high) // 2 + 1)
        if middle < low:
            middle = low
        following = table.find(b"\n", middle + 1)
        name = table[middle + 1 : table.find(b"\t", middle)]
        if name < wanted:
            low = following if following >= 0 else high
        else:
            if high == middle:
                break
            high = middle
    return low


# --- containment ---------------------------------------------------------------------------------------------------


def bare(name: str, lexicon: Lexicon) -> str:
    """The key of a name without articles, directions and nouns of place: "the Donetsk region" -> "donetsk"."""
    drop = lexicon.derived.get("words around places")
    if drop is None:
        common = lexicon.common
        kinds = {p for same in common.phrases("place_kinds").values() for p in same}
        drop = common.words("directions") | common.words("articles") | kinds | common.words("genitive")
        lexicon.derived["words around places"] = drop
    words = [w for w in key(name).split() if w not in drop]
    return " ".join(words) or key(name)


def country_of(name: str, lexicon: Lexicon) -> str | None:
    """The country (alpha-3) that a place is, or lies in; None where the name is unknown."""
    code = _country_code(name, lexicon)
    if code:
        return code
    words, articles = name.split(), lexicon.common.words("articles")
    named = " ".join(words[1:] if words and words[0].lower() in articles else words)
    found = readings(named) or readings(bare(name, lexicon))  # "the West Bank" is no bank
    return found[0].country if found else None


def level_of(name: str, lexicon: Lexicon) -> str:
    """CITY, REGION, COUNTRY or UNKNOWN; "X region" is a region even where a city X is listed first."""
    if _country_code(name, lexicon):
        return COUNTRY
    kinds = lexicon.common.phrases("place_kinds")
    last = key(name).split()[-1:] or [""]
    if last[0] in kinds.get(REGION, ()):
        return REGION
    found = readings(bare(name, lexicon))
    cities = [r for r in found if r.level == CITY]
    return (cities or found)[0].level if found else UNKNOWN


def contains(outer: str, inner: str, lexicon: Lexicon) -> bool:
    """Whether a place lies in, or is, another; ``outer`` may be an alpha-3 code. Unknown names hold themselves."""
    a, b = bare(outer, lexicon), bare(inner, lexicon)
    if a == b:
        return True
    code = _country_code(outer, lexicon)
    if code:
        return country_of(inner, lexicon) == code
    regions = {(key(r.name), r.country) for r in readings(a) if r.level == REGION}
    return any((key(r.region), r.country) in regions for r in readings(b) if r.level == CITY)


def same_place(a: str, b: str, lexicon: Lexicon) -> bool:
    """Whether two names mean one place by spelling: "Kiev" and "Kyiv", "Hasakeh" and "al-Hasakah"."""
    x, y = bare(a, lexicon), bare(b, lexicon)
    if x == y:
        return True
    names = {(r.name, r.country, r.level) for r in readings(x)}
    return any((r.name, r.country, r.level) in names for r in readings(y))


def _country_code(name: str, lexicon: Lexicon) -> str | None:
    codes = lexicon.derived.get("country codes")
    if codes is None:
        codes = {key(p): code for code, same in lexicon.common.phrases("countries").items() for p in same}
        lexicon.derived["country codes"] = codes
    if len(name) == 3 and name.isupper() and name in lexicon.common.phrases("countries"):
        return name
    found: str | None = codes.get(key(name)) or codes.get(bare(name, lexicon))
    return found
