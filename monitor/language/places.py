"""Named places: a gazetteer with levels (data/places.tsv, generated), and the places that a sentence names.

The file is held as bytes and searched by bisection, so that 120,000 names cost 5 MB and no time at start.
``readings`` gives what a name can be, likeliest first; ``contains`` tells containment for rules and linking:
``contains("Donetsk", "Mariupol")``, ``contains("UKR", "Donetsk region")`` are true. Places are compared by ``key``, which
forgets case, accents, hyphens and the nouns of place ("region", "the city of") that the lexicons list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from monitor.language.lexicon import Hit, Lexicon

CITY, DISTRICT, REGION, COUNTRY, UNKNOWN = "city", "district", "region", "country", "unknown"
#: how specific a level is; an unlisted name governed by a preposition is mostly a village
SPECIFIC = {CITY: 4, UNKNOWN: 3, DISTRICT: 2, REGION: 1, COUNTRY: 0}
_APOSTROPHES = str.maketrans({c: None for c in "'’‘`ʻʼʿʾ"} | {c: " " for c in "-–/"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place named in a sentence: tokens[i:j]."""

    i: int
    j: int
    #: as the text has it, without articles
    name: str
    level: str
    country: str | None = None
    region: str | None = None
    #: the preposition before it ("in", "near"), its article and directions skipped; None where there is none
    preposition: str | None = None
    #: told to be a place by its words: a preposition of place, "city of", "province", ", Ukraine"
    certain: bool = False
    #: part of another name or phrase of people: "Kyiv officials", "Gaza Health Ministry"
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
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c)).translate(_LETTERS)
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
    drop = lexicon.common.words("directions") | lexicon.common.words("articles")
    drop |= {p for same in lexicon.common.phrases("place_kinds").values() for p in same}
    words = [w for w in key(name).split() if w not in drop and w != "of"]
    return " ".join(words) or key(name)


def country_of(name: str, lexicon: Lexicon) -> str | None:
    """The country (alpha-3) that a place is, or lies in; None where the name is unknown."""
    code = _country_code(name, lexicon)
    if code:
        return code
    found = readings(bare(name, lexicon))
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
    """Whether a place lies in, or is, another. ``outer`` may be an alpha-3 code. Unknown names lie in themselves alone."""
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


# --- places in a sentence ------------------------------------------------------------------------------------------


class Places:
    """Reads places with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._prepositions = {p: v for v, same in common.phrases("place_prepositions").items() for p in same}
        self._kinds = {p: v for v, same in common.phrases("place_kinds").items() for p in same}
        self._directions = common.words("directions")
        self._articles = common.words("articles")
        self._refused = frozenset(p for same in common.phrases("place_refused").values() for p in same)
        self._function = lexicon.function_words
        self._linkers = common.words("name_linkers")
        self._measures = frozenset(p for p in common.phrases("measures").get("distance", ())) | common.words("distances")
        self._nouns_of = common.words("reference_nouns")
        self._starts: Sequence[int] = ()
        self._ends: Sequence[int] = ()
        self._never = frozenset(
            "weekdays months titles peoples people organisations groups seats not_names demonyms currencies outlets offices".split()
        )

    def read(
        self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit], starts: Sequence[int] = (), ends: Sequence[int] = ()
    ) -> tuple[Place, ...]:
        """All places of a sentence in order. ``hits`` are the common section's, ``starts`` and ``ends`` the tokens' offsets."""
        self._starts, self._ends = starts, ends
        taken = {k: h for h in hits for k in range(h.i, h.j)}
        long = [w for w in raw if len(w) > 3 and w[0].isalpha()]
        #: a headline with every word capitalised: capitals tell nothing there
        self._title_case = len(long) > 3 and sum(w[0].isupper() for w in long) > 0.7 * len(long)
        found: list[Place] = []
        i, n = 0, len(words)
        while i < n:
            hit = taken.get(i)
            if hit is not None and hit.i == i and "countries" in hit.roles:
                found.append(self._country(words, raw, hit))
                i = hit.j
                continue
            if not self._may_begin(words, raw, i, hit):
                i += 1
                continue
            end = self._run(words, raw, i, taken)
            place = self._longest(words, raw, i, end, taken)
            if place is None:
                i = max(end, i + 1)
            else:
                found.append(place)
                i = max(place.j, i + 1)
        return tuple(found)

    def _may_begin(self, words: Sequence[str], raw: Sequence[str], i: int, hit: Hit | None) -> bool:
        first = raw[i][0]
        if not first.isupper():
            return words[i] in self._linkers and i + 2 < len(words) and words[i + 1] == "-" and raw[i + 2][0].isupper()
        if len(raw[i]) < 2 or words[i] in self._directions:
            return False
        if hit is not None and not self._never.isdisjoint(hit.roles):
            return False
        return words[i] not in self._function and words[i] not in self._prepositions

    def _run(self, words: Sequence[str], raw: Sequence[str], i: int, taken: dict[int, Hit]) -> int:
        """End of the capitalised run at i, its inner hyphens and linkers ("ez", "de") included."""
        j = i + 1
        if words[i] in self._linkers:
            j = i + 3
        while j < len(words):
            inner = j + 1 < len(words) and raw[j + 1][0].isupper()
            if raw[j][0].isupper() and not self._stops(j, taken):
                j += 1
            elif words[j] == "-" and j + 1 < len(words) and raw[j + 1][0].isalpha() and (inner or words[j + 1] in self._linkers):
                j += 2
            elif words[j] in self._linkers and (inner or (j + 2 < len(words) and words[j + 1] == "-" and raw[j + 2][0].isupper())):
                j += 1
            else:
                break
        return j

    def _stops(self, j: int, taken: dict[int, Hit]) -> bool:
        hit = taken.get(j)
        return hit is not None and not self._never.isdisjoint(hit.roles)

    def _longest(self, words: Sequence[str], raw: Sequence[str], i: int, end: int, taken: dict[int, Hit]) -> Place | None:
        """The longest listed name at i, or the whole run where its surroundings say that it is a place."""
        for j in range(min(end, i + 7), i, -1):
            if words[j - 1] in ("-", "'s"):
                continue
            name = " ".join(raw[i:j]).replace(" - ", "-")
            found = readings(name)
            if not found and words[j - 1].endswith("s") and len(words[j - 1]) > 5:
                found = tuple(r for r in readings(name[:-1]) if r.weight >= 100_000)
                name = name[:-1] if found else name
            if found and (j > i + 1 or (name not in self._refused and len(name) > 2)):
                return self._listed(words, raw, i, j, end, found, taken)
        return self._unlisted(words, raw, i, end, taken)

    def _listed(
        self, words: Sequence[str], raw: Sequence[str], i: int, j: int, end: int, found: Sequence[Reading], taken: dict[int, Hit]
    ) -> Place | None:
        begin, preposition, kind = self._before(words, i)
        kind_after, after = self._after(words, raw, j)
        level_word = kind_after or kind
        reading = self._choose(found, level_word, words, j, taken)
        rest = end > j and not kind_after
        country_next = self._country_next(words, j, taken)
        certain = bool(level_word or country_next or self._prepositions.get(preposition or "") in ("inside", "upon"))
        person = not self._title_case and self._in_person_name(words, raw, i, j, end, taken)
        if self._title_case and j - i == 1 and not preposition and reading.weight < 300_000:
            return None
        if person and not (kind or kind_after or country_next):
            return None
        if not certain and reading.weight < (60_000 if i else 150_000):
            return None
        if reading.weight < 100_000 and i == 0 and not (level_word or country_next):
            return None
        stop = after if kind_after and level_word in (REGION, DISTRICT) else j
        return Place(
            i=i, j=stop, name=self._name(raw, words, i, stop), level=level_word if level_word in (REGION, DISTRICT) else reading.level,
            country=country_next or reading.country, region=reading.region or None, preposition=preposition,
            certain=certain or self._explained(words, stop), attributive=rest or self._attributive(words, raw, stop), begin=begin,
            reference=self._reference(words, i, preposition),
        )

    def _unlisted(self, words: Sequence[str], raw: Sequence[str], i: int, end: int, taken: dict[int, Hit]) -> Place | None:
        if self._title_case:
            return None
        begin, preposition, kind = self._before(words, i)
        kind_after, after = self._after(words, raw, end)
        inside = self._prepositions.get(preposition or "") == "inside"
        country_next = self._country_next(words, end, taken)
        if end - i > 4 or any(raw[k].isupper() and len(raw[k]) > 1 for k in range(i, end)):
            return None
        if not (kind or kind_after or (inside and (not self._attributive(words, raw, end))) or (country_next and inside)):
            return None
        if any(raw[k] in self._refused for k in range(i, end)) and not kind:
            return None
        stop = after if kind_after in (REGION, DISTRICT) else end
        return Place(
            i=i, j=stop, name=self._name(raw, words, i, stop), level=kind_after or kind or UNKNOWN, country=country_next,
            preposition=preposition, certain=bool(kind or kind_after or country_next or inside), begin=begin, reference=self._reference(words, i, preposition),
        )

    def _explained(self, words: Sequence[str], j: int) -> bool:
        """"X, a gas-rich province ..."."""
        return j + 2 < len(words) and words[j] == "," and words[j + 1] in self._articles and any(w in self._kinds for w in words[j + 2 : j + 6])

    def _reference(self, words: Sequence[str], i: int, preposition: str | None) -> bool:
        """"50km south of X", "125 miles from X": only where another place lies."""
        k = i - 1
        while k >= 0 and words[k] in self._articles:
            k -= 1
        if k >= 1 and words[k] == "of" and (words[k - 1] in self._directions or words[k - 1] in self._nouns_of):
            return True
        if k >= 3 and words[k - 1] == "-" and words[k - 3] == "of" and words[k - 4] in self._nouns_of:
            return True  # "the capital of Russian-held X"
        return k >= 1 and words[k] == "from" and (words[k - 1] in self._measures or words[k - 1] in ("drive", "away", "far"))

    def _spaced(self, j: int) -> bool:
        """Whether the hyphen at j is a dash between spaces."""
        return self._starts[j] > self._ends[j - 1] if j and self._starts else False

    def _country(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> Place:
        begin, preposition, _ = self._before(words, hit.i)
        i = hit.i
        while i and words[i - 1] in self._directions:
            i -= 1
        attributive = self._attributive(words, raw, hit.j) or "demonyms" in hit.roles and preposition is None
        return Place(
            i=i, j=hit.j, name=self._name(raw, words, i, hit.j), level=COUNTRY, country=hit.roles["countries"].value, preposition=preposition,
            certain=self._prepositions.get(preposition or "") in ("inside", "upon"), attributive=attributive, begin=begin,
        )

    def _before(self, words: Sequence[str], i: int) -> tuple[int, str | None, str | None]:
        """(where the phrase begins, its preposition, the level its nouns tell) looking left from i."""
        kind: str | None = None
        k = i - 1
        while k >= 0 and (words[k] in self._directions or words[k] in self._articles or words[k] == "-"):
            k -= 1
        if k >= 2 and words[k - 1] == "-" and words[k][0].isalpha() and words[k - 2][0].isalpha():
            k -= 3  # "in rebel-held X"
            while k >= 0 and (words[k] in self._directions or words[k] in self._articles):
                k -= 1
        if k >= 1 and words[k] not in self._prepositions and words[k].islower() and words[k] not in self._kinds and self._prepositions.get(words[k - 1]) == "inside" and words[k][0].isalpha() and words[k] not in self._function:
            k -= 1  # "in nearby X"
        if k >= 1 and words[k] == "of" and words[k - 1] in self._kinds and words[k - 1] not in self._nouns_of:
            kind = self._kinds[words[k - 1]]
            k -= 2
        elif k >= 1 and words[k] == "," and words[k - 1] in self._kinds and i - k <= 1:
            kind = self._kinds[words[k - 1]]  # "the second city, Kharkiv, ..."
            k -= 2
        elif k >= 0 and words[k] in self._kinds and words[k] not in self._prepositions:
            kind = self._kinds[words[k]]
            k -= 1
        steps = 0
        while k >= 0 and words[k] not in self._prepositions and steps < 5 and kind and words[k][0].isalpha() and words[k] not in self._function - self._articles:
            k -= 1
            steps += 1
        if k >= 0 and words[k] in self._prepositions and not (kind is None and words[k] == "of"):
            return k, words[k], kind
        return i, None, kind

    def _after(self, words: Sequence[str], raw: Sequence[str], j: int) -> tuple[str | None, int]:
        """A noun of place behind the name: "X province", "X's Y district" is left to the next name."""
        if j < len(words) and words[j] in self._kinds and words[j] not in ("front", "state", "base", "market", "street", "square", "hospital", "coast", "border", "area"):
            return self._kinds[words[j]], j + 1
        if j + 1 < len(words) and f"{words[j]} {words[j + 1]}" in self._kinds:
            return self._kinds[f"{words[j]} {words[j + 1]}"], j + 2
        return None, j

    def _country_next(self, words: Sequence[str], j: int, taken: dict[int, Hit]) -> str | None:
        """"X, Ukraine"."""
        if j + 1 < len(words) and words[j] == ",":
            hit = taken.get(j + 1)
            if hit is not None and hit.i == j + 1 and "countries" in hit.roles:
                return hit.roles["countries"].value
        return None

    def _choose(self, found: Sequence[Reading], kind: str | None, words: Sequence[str], j: int, taken: dict[int, Hit]) -> Reading:
        country = self._country_next(words, j, taken)
        ranked = sorted(found, key=lambda r: (bool(country) and r.country != country, bool(kind) and r.level != kind, r.level == REGION and kind is None))
        return ranked[0]

    def _in_person_name(self, words: Sequence[str], raw: Sequence[str], i: int, j: int, end: int, taken: dict[int, Hit]) -> bool:
        """Whether capitalised words of unknown meaning stand right beside: "Jordan Smith", "Staff Sergeant Salem"."""
        if end > j and raw[j][0].isupper() and words[j] not in self._kinds and j not in taken:
            return True
        before = taken.get(i - 1)
        if before is not None and "titles" in before.roles:
            return True
        return bool(i and i - 1 not in taken and raw[i - 1][0].isupper() and i > 1 and raw[i - 1] not in self._refused and words[i - 1] not in self._directions and words[i - 1] not in self._prepositions)

    def _attributive(self, words: Sequence[str], raw: Sequence[str], j: int) -> bool:
        """Whether the name only describes what follows: "Kyiv 's mayor", "Gaza officials"."""
        if j >= len(words):
            return False
        if words[j] == "'s":
            return True
        return words[j] == "-" and j + 1 < len(words) and words[j + 1][0].isalpha() and not self._spaced(j)

    def _directed(self, words: Sequence[str], raw: Sequence[str], i: int) -> int:
        """"West Papua": a capitalised direction belongs to the name."""
        return i - 1 if i and words[i - 1] in self._directions and raw[i - 1][0].isupper() else i

    def _name(self, raw: Sequence[str], words: Sequence[str], i: int, j: int) -> str:
        text = " ".join(raw[self._directed(words, raw, i) : j])
        for tight in (" - ", " – "):
            text = text.replace(tight, tight.strip())
        return text.replace(" 's", "'s").replace(" ’s", "’s")
