"""The places that a sentence names, and how surely its words say that they are places.

A capitalised name is a place when the gazetteer lists it and nothing speaks against it, or when its surroundings say
so: a preposition of place, a noun of place before ("the town of X") or behind ("X province"), a country (", Ukraine").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from monitor.language.lexicon import Hit, Lexicon
from monitor.language.places import COUNTRY, DISTRICT, REGION, UNKNOWN, Place, Reading, readings

#: inhabitants from which a listed name needs no other sign: inside a sentence, at its start, in a headline
KNOWN, KNOWN_FIRST, KNOWN_IN_HEADLINE = 60_000, 150_000, 300_000
#: share of capitalised long words that makes a headline, where capitals tell nothing
HEADLINE = 0.7
#: tokens that a name may have
LONGEST = 7
_NOT_PLACES = frozenset((
    "weekdays", "months", "titles", "peoples", "people", "organisations", "groups", "seats", "not_names", "demonyms",
    "currencies", "outlets", "offices",
))  # fmt: skip


class Places:
    """Reads places with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self.prepositions = {p: v for v, same in common.phrases("place_prepositions").items() for p in same}
        self.kinds = {p: v for v, same in common.phrases("place_kinds").items() for p in same}
        self.vague_kinds = common.words("vague_place_kinds")
        self.directions = common.words("directions")
        self.articles = common.words("articles")
        self.skipped = self.directions | self.articles
        self.refused = frozenset(p for same in common.phrases("place_refused").values() for p in same)
        self.function = lexicon.function_words
        self.linkers = common.words("name_linkers")
        self.genitive = common.words("genitive")
        self.possessive = common.words("possessive")
        self.distances = frozenset(common.phrases("measures").get("distance", ())) | common.words("distances")
        self.away = common.words("away")
        self.reference_nouns = common.words("reference_nouns")
        self.lost = tuple(common.phrases("endings").get("possessive", ()))
        self.given = common.words("given_names")
        self.never_begin = self.function | self.directions | frozenset(self.prepositions)
        self.small = frozenset(w for w in self.never_begin - self.directions if len(w) > 1)

    def read(
        self,
        words: Sequence[str],
        raw: Sequence[str],
        at: Mapping[int, Hit],
        glued: AbstractSet[int],
        capitals: Sequence[int],
    ) -> tuple[Place, ...]:
        """All places of a sentence in order. ``at`` tells the common section's hit that covers a token, ``glued`` are
        the tokens that touch the one before, ``capitals`` those that begin with a capital."""
        return tuple(_Reader(self, words, raw, at, glued, capitals).read())


class _Reader:
    """One sentence being read."""

    def __init__(
        self,
        grammar: Places,
        words: Sequence[str],
        raw: Sequence[str],
        taken: Mapping[int, Hit],
        glued: AbstractSet[int],
        capitals: Sequence[int],
    ) -> None:
        self.g, self.words, self.raw, self.glued = grammar, words, raw, glued
        self.taken, self.capitals = taken, capitals
        self.n = len(words)
        self._headline: bool | None = None

    @property
    def headline(self) -> bool:
        """Whether most long words have capitals, so that these tell nothing."""
        if self._headline is None:
            upper = sum(len(self.raw[k]) > 3 for k in self.capitals)
            long = sum(len(w) > 3 and w[0].isalpha() for w in self.raw) if upper > 3 * HEADLINE else 0
            self._headline = long > 3 and upper > HEADLINE * long
        return self._headline

    def read(self) -> list[Place]:
        found: list[Place] = []
        free = 0
        for k in self.capitals:
            if k < free:
                continue
            hit = self.taken.get(k)
            if hit is None:
                if self.words[k] in self.g.small:
                    continue
            elif hit.i == k and "countries" in hit.roles:
                person = self._is_person(hit)
                found += [] if person else [self._country(hit)]
                free = hit.j + person
                continue
            if not self._may_begin(k, hit):
                continue
            i = self._begin(k, free)
            end = self._run(i)
            place = self._longest(i, end)
            free = max(end, i + 1) if place is None else max(place.j, i + 1)
            if place is not None:
                found.append(place)
        return found

    def _begin(self, k: int, free: int) -> int:
        """ "al-Ramouseh", "el Geneina": a small word before the capital opens the name."""
        if k >= 2 and self.words[k - 1] == "-" and self.words[k - 2] in self.g.linkers and k - 2 >= free:
            return k - 2
        return k

    def _is_person(self, hit: Hit) -> bool:
        """ "Jordan Smith"."""
        j = hit.j
        return (
            self.words[hit.i] in self.g.given
            and j < self.n
            and self.raw[j].istitle()
            and j not in self.taken
            and not self.headline
        )

    def _may_begin(self, k: int, hit: Hit | None) -> bool:
        if len(self.raw[k]) < 2 and k + 1 < self.n and not self.raw[k + 1][0].isupper():
            return False
        if hit is not None and not _NOT_PLACES.isdisjoint(hit.roles):
            return False
        if self.words[k] in self.g.directions and self._listed_pair(k):
            return True
        return self.words[k] not in self.g.never_begin or (len(self.words[k]) == 1 and k > 0)

    def _listed_pair(self, k: int) -> bool:
        """ "West Bank": a direction that is part of a listed name, better known than what follows by itself."""
        if k + 1 >= self.n or not self.raw[k + 1][0].isupper():
            return False
        pair, alone = readings(f"{self.raw[k]} {self.raw[k + 1]}"), readings(self.raw[k + 1])
        return bool(pair) and (not alone or pair[0].weight > alone[0].weight)

    def _run(self, i: int) -> int:
        """End of the capitalised run at i, its inner hyphens and small words ("ez", "de") included."""
        words, raw = self.words, self.raw
        j = i + 3 if words[i] in self.g.linkers and i + 1 < self.n and words[i + 1] == "-" else i + 1
        while j < self.n:
            inner = j + 1 < self.n and raw[j + 1][0].isupper()
            if raw[j][0].isupper() and not self._stops(j):
                j += 1
            elif (
                words[j] == "-"
                and j + 1 < self.n
                and raw[j + 1][0].isalpha()
                and (inner or words[j + 1] in self.g.linkers)
            ):
                j += 2
            elif words[j] in self.g.linkers and (
                inner or (j + 2 < self.n and words[j + 1] == "-" and raw[j + 2][0].isupper())
            ):
                j += 1
            elif j > i and self._continues(i, j):
                j += 1 + (words[j] in self.g.possessive)
            else:
                break
        return min(j, self.n)

    def _continues(self, i: int, j: int) -> bool:
        """ "Bandar Abbas", "Cox's Bazar": a listed name goes on over a word that would end it."""
        last = j + 1 if self.words[j] in self.g.possessive else j
        return last < self.n and self.raw[last][0].isupper() and bool(readings(_joined(self.raw[i : last + 1])))

    def _stops(self, j: int) -> bool:
        return (hit := self.taken.get(j)) is not None and not _NOT_PLACES.isdisjoint(hit.roles)

    # --- listed and unlisted names ---

    def _longest(self, i: int, end: int) -> Place | None:
        """The longest listed name at i, or the whole run where its surroundings say that it is a place."""
        for j in range(min(end, i + LONGEST), i, -1):
            if not self.words[j - 1][0].isalpha():
                continue
            name = self.raw[i] if j == i + 1 else _joined(self.raw[i:j])
            found = readings(name)
            if not found and len(name) > 5 and name.endswith(self.g.lost):
                found = tuple(
                    r for r in readings(name[:-1]) if r.weight >= KNOWN_FIRST
                )  # "Aleppos": the apostrophe is lost
            if found and (
                j > i + 1 or (len(name) > 2 and (name not in self.g.refused or self._stands_in(i, j, found)))
            ):
                return self._listed(i, j, end, found)
        return self._unlisted(i, end)

    def _stands_in(self, i: int, j: int, found: Sequence[Reading]) -> bool:
        """ "in Nice on Sunday", "in Bath.": a city whose name is another word, where no noun follows it."""
        if not i or not found or found[0].weight < KNOWN or self.g.prepositions.get(self.words[i - 1]) != "inside":
            return False
        return j >= self.n or not self.words[j][0].isalpha() or self.words[j] in self.g.function

    def _listed(self, i: int, j: int, end: int, found: Sequence[Reading]) -> Place | None:
        begin, preposition, kind = self._before(i)
        kind_after, after = self._after(j)
        level = kind_after or kind
        country = self._country_next(j)
        reading = min(
            found,
            key=lambda r: (
                bool(country) and r.country != country,
                bool(level) and r.level != level,
                r.level == REGION and level is None,
            ),
        )
        certain = bool(level or country or self.g.prepositions.get(preposition or "") in ("inside", "upon"))
        told = bool(kind or kind_after or country)
        if not told and (self._in_person_name(i, j, end) or reading.weight < self._enough(i, j, preposition, certain)):
            return None
        called = kind_after is not None and self.raw[j][0].isupper() and after <= end  # "Gaza City"
        stop = after if called or (kind_after and level in (REGION, DISTRICT)) else j
        return Place(
            i=i, j=stop, name=self._name(i, stop), level=level if level in (REGION, DISTRICT) else reading.level,
            country=country or reading.country, region=reading.region or None, preposition=preposition,
            certain=certain or self._explained(stop), begin=begin,
            attributive=(end > j and not kind_after) or self._describes(stop),
            reference=self._reference(i),
        )  # fmt: skip

    def _enough(self, i: int, j: int, preposition: str | None, certain: bool) -> int:
        """Inhabitants that a listed name needs to be taken for a place here."""
        if self.headline and j - i == 1 and not preposition:
            return KNOWN_IN_HEADLINE
        if i == 0:
            return KNOWN_FIRST
        return 0 if certain else KNOWN

    def _unlisted(self, i: int, end: int) -> Place | None:
        if self.headline or end - i > 4 or any(w.isupper() and len(w) > 1 for w in self.raw[i:end]):
            return None
        begin, preposition, kind = self._before(i)
        kind_after, after = self._after(end)
        inside = self.g.prepositions.get(preposition or "") == "inside"
        country = self._country_next(end)
        told = kind or kind_after or (inside and (country or not self._describes(end)))
        if not told and not self._explained(end):
            return None
        if (not kind or end - i == 1) and not self.g.refused.isdisjoint(self.raw[i:end]):
            return None
        stop = after if kind_after in (REGION, DISTRICT) else end
        return Place(
            i=i, j=stop, name=self._name(i, stop), level=kind_after or kind or UNKNOWN, country=country,
            preposition=preposition,
            certain=True, begin=begin, reference=self._reference(i),
        )  # fmt: skip

    def _country(self, hit: Hit) -> Place:
        begin, preposition, _ = self._before(hit.i)
        i = hit.i
        while i and self.words[i - 1] in self.g.directions:
            i -= 1
        attributive = self._describes(hit.j) or ("demonyms" in hit.roles and preposition is None)
        return Place(
            i=i, j=hit.j, name=self._name(i, hit.j), level=COUNTRY,
            country=hit.roles["countries"].value, preposition=preposition,
            certain=self.g.prepositions.get(preposition or "") in ("inside", "upon"),
            attributive=attributive, begin=begin,
        )  # fmt: skip

    # --- what stands around ---

    def _before(self, i: int) -> tuple[int, str | None, str | None]:
        """(where the phrase begins, its preposition, the level its nouns tell) looking left from i."""
        g, words = self.g, self.words
        k = self._skip(i - 1)
        if k >= 1 and words[k] in g.possessive and (held := self.taken.get(k - 1)) and "countries" in held.roles:
            k = self._skip(held.i - 1)  # "in northern Ethiopia's Tigray"
        if k >= 2 and words[k - 1] == "-" and words[k][0].isalpha() and words[k - 2][0].isalpha():
            k = self._skip(k - 3)  # "in rebel-held X"
        if k >= 1 and g.prepositions.get(words[k - 1]) == "inside" and self._plain(k) and words[k] not in g.kinds:
            k -= 1  # "in nearby X"
        kind: str | None = None
        if k >= 1 and words[k] in g.genitive and words[k - 1] in g.kinds and words[k - 1] not in g.reference_nouns:
            kind, k = g.kinds[words[k - 1]], k - 2
        elif (
            k >= 1
            and words[k] == ","
            and words[k - 1] in g.kinds
            and words[k - 1] not in g.vague_kinds
            and i - k <= 1
            and not (i + 1 < self.n and self.raw[i + 1][0].isupper())
        ):
            kind, k = g.kinds[words[k - 1]], k - 2  # "the second city, Kharkiv, ..."
        elif k >= 0 and words[k] in g.kinds and words[k] not in g.prepositions:
            kind, k = g.kinds[words[k]], k - 1
        steps = 0
        while (
            kind
            and k >= 0
            and steps < 5
            and words[k] not in g.prepositions
            and (self._plain(k) or words[k] in g.articles)
        ):
            k, steps = k - 1, steps + 1
        if k >= 0 and words[k] in g.prepositions and not (kind is None and words[k] in g.genitive):
            return k, words[k], kind
        return i, None, kind

    def _skip(self, k: int) -> int:
        while k >= 0 and (self.words[k] in self.g.skipped or self.words[k] == "-"):
            k -= 1
        return k

    def _plain(self, k: int) -> bool:
        """An ordinary word, no preposition or other small word."""
        word = self.words[k]
        return word[0].isalpha() and word not in self.g.prepositions and word not in self.g.function

    def _after(self, j: int) -> tuple[str | None, int]:
        """A noun of place behind the name: "X province", "X refugee camp"."""
        g, words = self.g, self.words
        if j + 1 < self.n and f"{words[j]} {words[j + 1]}" in g.kinds:
            return g.kinds[f"{words[j]} {words[j + 1]}"], j + 2
        if j < self.n and words[j] in g.kinds and words[j] not in g.vague_kinds:
            return g.kinds[words[j]], j + 1
        return None, j

    def _country_next(self, j: int) -> str | None:
        """ "X, Ukraine"."""
        if j + 1 < self.n and self.words[j] == ",":
            hit = self.taken.get(j + 1)
            if hit is not None and hit.i == j + 1 and "countries" in hit.roles:
                return hit.roles["countries"].value
        return None

    def _in_person_name(self, i: int, j: int, end: int) -> bool:
        """Whether capitalised words of unknown meaning stand right beside: "Jordan Smith", "Staff Sergeant Salem"."""
        if self.headline:
            return False
        g, raw, words = self.g, self.raw, self.words
        if end > j and raw[j][0].isupper() and words[j] not in g.kinds and j not in self.taken:
            return True
        before = self.taken.get(i - 1)
        if before is not None:
            return "titles" in before.roles
        return (
            i > 1
            and raw[i - 1][0].isupper()
            and raw[i - 1] not in g.refused
            and words[i - 1] not in g.directions
            and words[i - 1] not in g.prepositions
        )

    def _describes(self, j: int) -> bool:
        """Whether the name only describes what follows at j: "Kyiv's mayor", "Gaza-based"."""
        if j >= self.n:
            return False
        if self.words[j] in self.g.possessive:
            return True
        spaced = j not in self.glued
        return self.words[j] == "-" and j + 1 < self.n and self.words[j + 1][0].isalpha() and not spaced

    def _explained(self, j: int) -> bool:
        """ "X, a gas-rich province ..."."""
        g, words = self.g, self.words
        return (
            j + 2 < self.n
            and words[j] == ","
            and words[j + 1] in g.articles
            and any(w in g.kinds for w in words[j + 2 : j + 6])
        )

    def _reference(self, i: int) -> bool:
        """ "50km south of X", "125 miles from X", "the capital of X": only tells where another place lies."""
        g, words = self.g, self.words
        k = i - 1
        while k >= 0 and words[k] in g.articles:
            k -= 1
        if k >= 3 and words[k - 1] == "-" and words[k - 3] in g.genitive:
            k -= 3  # "the capital of Russian-held X"
        if k >= 1 and words[k] in g.genitive:
            return words[k - 1] in g.directions or words[k - 1] in g.reference_nouns
        return k >= 1 and words[k] in g.away and words[k - 1] in g.distances

    def _name(self, i: int, j: int) -> str:
        """The name as the text has it; a capitalised direction belongs to it ("West Papua")."""
        if i and self.words[i - 1] in self.g.directions and self.raw[i - 1][0].isupper():
            i -= 1
        text = self.raw[i]
        for k in range(i + 1, j):
            text += (" " if k not in self.glued else "") + self.raw[k]
        return text


def _joined(raw: Sequence[str]) -> str:
    """Tokens as the gazetteer has their name."""
    return " ".join(raw).replace(" - ", "-").replace(" '", "'").replace(" ’", "’")
