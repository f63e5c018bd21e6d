"""What stands around a name and says that it is a place: prepositions, nouns of place, countries, distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from monitor.language.lexicon import Hit, Lexicon

#: share of capitalised long words that makes a headline, where capitals tell nothing
HEADLINE = 0.7


class PlaceWords:
    """The words of one lexicon that tell places."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self.prepositions = {p: v for v, same in common.phrases("place_prepositions").items() for p in same}
        self.kinds = {p: v for v, same in common.phrases("place_kinds").items() for p in same}
        self.vague_kinds = common.words("vague_place_kinds")
        self.directions = common.words("directions")
        self.articles = common.words("articles")
        self.joint = frozenset(common.phrases("credit_words")["joint"])
        self.indefinite = common.words("indefinite")
        #: what stands before a name where something is told of its kind
        self.telling = frozenset(self.kinds) | common.words("genitive") | {","}
        self.skipped = self.directions | self.articles
        self.refused = frozenset(p for same in common.phrases("place_refused").values() for p in same)
        self.function = lexicon.function_words
        self.linkers = common.words("name_linkers")
        self.shortened = common.words("name_openers")
        self.genitive = common.words("genitive")
        self.possessive = common.words("possessive")
        self.distances = frozenset(common.phrases("measures").get("distance", ())) | common.words("distances")
        self.away = common.words("away")
        self.reference_nouns = common.words("reference_nouns")
        self.lost = tuple(common.phrases("endings").get("possessive", ()))
        self.given = common.words("given_names")
        self.never_begin = self.function | self.directions | frozenset(self.prepositions)
        self.small = frozenset(w for w in self.never_begin - self.directions if len(w) > 1)


class Surroundings:
    """The tokens of one sentence, and what they say of a name among them."""

    def __init__(
        self,
        grammar: PlaceWords,
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
            raw = self.raw
            upper = sum([len(raw[k]) > 3 for k in self.capitals])
            long = sum([len(w) > 3 and w[0].isalpha() for w in raw]) if upper > 3 * HEADLINE else 0
            self._headline = long > 3 and upper > HEADLINE * long
        return self._headline

    def before(self, i: int) -> tuple[int, str | None, str | None]:
        """(where the phrase begins, its preposition, the level its nouns tell) looking left from i."""
        g, words = self.g, self.words
        k = self._skip(i - 1)
        if k >= 1 and words[k] in g.possessive and self.raw[k - 1][0].isupper():
            k = self._owner(k)
        if k >= 2 and words[k - 1] == "-" and words[k][0].isalpha() and words[k - 2][0].isalpha():
            k = self._skip(k - 3)  # "in rebel-held X"
        inside = k >= 1 and words[k] not in g.kinds and g.prepositions.get(words[k - 1]) == "inside"
        if inside and self.is_plain(k) and not self._is_idiom(k):
            k -= 1  # "in nearby X"
        if k >= 3 and words[k] in g.genitive and words[k - 1] in g.directions:
            k = self._side(k)
        told = self._kind_before(i, k) if k >= 0 and words[k] in g.telling else (k, None)
        if told is None:
            return i, None, None
        k, kind = told
        owned = kind and k >= 1 and words[k] in g.possessive
        if owned and (held := self.taken.get(k - 1)) and "countries" in held.roles:
            k = self._skip(held.i - 1)  # "in Kenya's capital Nairobi"
        steps = 0
        while (
            kind
            and k >= 0
            and steps < 5
            and words[k] not in g.prepositions
            and (self.is_plain(k) or words[k] in g.articles)
        ):
            k, steps = k - 1, steps + 1
        if k >= 0 and words[k] in g.prepositions and not (kind is None and words[k] in g.genitive):
            return k, words[k], kind
        return i, None, kind

    def _owner(self, k: int) -> int:
        """ "in northern Ethiopia's Tigray", "in Jammu and Kashmir's X": the token before the place that the "'s" at k
        belongs to; k where a preposition of place stands before none."""
        held = self.taken.get(k - 1)
        if held is not None:
            return self._skip(held.i - 1) if "countries" in held.roles else k
        start = k - 1
        while start and (self.raw[start - 1][0].isupper() or self.words[start - 1] in self.g.joint):
            start -= 1
        before = self._skip(start - 1)
        return before if before >= 0 and self.g.prepositions.get(self.words[before]) == "inside" else k

    def _kind_before(self, i: int, k: int) -> tuple[int, str | None] | None:
        """(the token before the noun of place that ends at k, the level it tells of the name at i); None where the name
        only holds the place that the noun is of."""
        g, words = self.g, self.words
        owned = k >= 1 and words[k] in g.genitive and words[k - 1] in g.kinds
        if owned and (words[k - 1] not in g.reference_nouns or self._is_owned(k - 1)):
            return None if self._holds(k) else (k - 2, g.kinds[words[k - 1]])
        if k >= 1 and words[k] == "," and i - k <= 1:
            last = not (i + 1 < self.n and self.raw[i + 1][0].isupper())
            named = words[k - 1] not in g.vague_kinds or self._is_owned(k - 1)  # "in the Zambian capital, Lusaka"
            if words[k - 1] in g.kinds and named and last:
                return k - 2, g.kinds[words[k - 1]]  # "the second city, Kharkiv, ..."
            if k >= 2 and words[k - 1] in g.reference_nouns and words[k - 2] in g.articles:
                return k - 3, None  # "in the capital, X"
        if k >= 0 and words[k] in g.kinds and words[k] not in g.prepositions:
            return k - 1, g.kinds[words[k]]
        return k, None

    def _holds(self, k: int) -> bool:
        """ "the X district of Y": whether the noun before the "of" at k has its own name, so that Y only holds it."""
        kind = self.g.kinds[self.words[k - 1]]
        return k >= 2 and kind in ("district", "region") and self.raw[k - 2][0].isupper() and k - 2 not in self.taken

    def _side(self, k: int) -> int:
        """ "in the west of X", "in the restive south and east of X": the token before the article; "of" stands at k."""
        first = self._first_side(k)
        opens = first - 1 if self.words[first - 1] in self.g.articles else first - 2 if self.is_plain(first - 1) else 0
        return opens - 1 if opens > 0 and self.words[opens] in self.g.articles else k

    def _first_side(self, k: int) -> int:
        """Where "south and east of" begins, seen from the "of" at k."""
        first = k - 1
        while first > 2 and self.words[first - 1] in self.g.joint and self.words[first - 2] in self.g.directions:
            first -= 2
        return first

    def _skip(self, k: int) -> int:
        while k >= 0 and (self.words[k] in self.g.skipped or self.words[k] == "-"):
            k -= 1
        return k

    def _is_idiom(self, k: int) -> bool:
        """ "in particular": no preposition of what follows."""
        held = self.taken.get(k)
        return held is not None and "idioms" in held.roles

    def is_plain(self, k: int) -> bool:
        """An ordinary word, no preposition or other small word."""
        word = self.words[k]
        return word[0].isalpha() and word not in self.g.prepositions and word not in self.g.function

    def after(self, j: int) -> tuple[str | None, int]:
        """A noun of place behind the name: "X province", "X refugee camp"."""
        g, words = self.g, self.words
        if j + 1 < self.n and f"{words[j]} {words[j + 1]}" in g.kinds:
            return g.kinds[f"{words[j]} {words[j + 1]}"], j + 2
        if j < self.n and words[j] in g.kinds and words[j] not in g.vague_kinds:
            return g.kinds[words[j]], j + 1
        return None, j

    def country_next(self, j: int) -> str | None:
        """ "X, Ukraine"."""
        if j + 1 < self.n and self.words[j] == ",":
            hit = self.taken.get(j + 1)
            if hit is not None and hit.i == j + 1 and "countries" in hit.roles:
                return hit.roles["countries"].value
        return None

    def in_person_name(self, i: int, j: int, end: int) -> bool:
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

    def describes(self, j: int) -> bool:
        """Whether the name only describes what follows at j: "Kyiv's mayor", "Gaza-based"."""
        if j >= self.n:
            return False
        if self.words[j] in self.g.possessive:
            return True
        spaced = j not in self.glued
        return self.words[j] == "-" and j + 1 < self.n and self.words[j + 1][0].isalpha() and not spaced

    def explained(self, j: int) -> bool:
        """ "X, a gas-rich province ..."."""
        g, words = self.g, self.words
        if j + 2 >= self.n or words[j] != "," or words[j + 1] not in g.articles:
            return False
        for word in words[j + 2 : j + 6]:
            if word in g.kinds:
                return True
            if word in g.small:
                return False  # "X, a spokesman for the country"
        return False

    def _is_owned(self, k: int) -> bool:
        """ "the Gambian capital of Banjul": behind a noun that a country stands before, the name is that place."""
        held = self.taken.get(k - 1)
        return held is not None and "demonyms" in held.roles

    def reference(self, i: int) -> bool:
        """ "50km south of X", "125 miles from X", "the capital of X": only tells where another place lies."""
        g, words = self.g, self.words
        k = i - 1
        while k >= 0 and words[k] in g.articles:
            k -= 1
        if k >= 3 and words[k - 1] == "-" and words[k - 3] in g.genitive:
            k -= 3  # "the capital of Russian-held X"
        if k >= 3 and words[k] in g.genitive and words[k - 1] in g.kinds and words[k - 1] not in g.reference_nouns:
            k = k - 3 if words[k - 2] in g.articles else k - 2  # "west of the city of X"
        if k >= 1 and words[k] in g.genitive:
            first = self._first_side(k)
            sides = words[k - 1] in g.directions and first > 0 and words[first - 1] not in g.articles
            return sides or (words[k - 1] in g.reference_nouns and not self._is_owned(k - 1))
        if k < 1 or words[k] not in g.away:
            return False
        if words[k - 1] == ")" and k > 2:
            k -= 1  # "30 km (19 miles) from X"
        return words[k - 1] in g.distances
