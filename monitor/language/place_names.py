"""The places that a sentence names, and how surely its words say that they are places.

A capitalised name is a place when the gazetteer lists it and nothing speaks against it, or when its surroundings say
so: a preposition of place, a noun of place before ("the town of X") or behind ("X province"), a country (", Ukraine").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from monitor.language.lexicon import Hit
from monitor.language.place_context import PlaceWords, Surroundings
from monitor.language.places import COUNTRY, DISTRICT, REGION, UNKNOWN, WATER, Place, Reading, readings

#: inhabitants from which a listed name needs no other sign: inside a sentence, at its start, in a headline
KNOWN, KNOWN_FIRST, KNOWN_IN_HEADLINE = 60_000, 150_000, 300_000
#: tokens that a name may have
LONGEST = 7
_NOT_PLACES = frozenset((
    "weekdays", "months", "titles", "peoples", "people", "organisations", "groups", "seats", "not_names", "demonyms",
    "currencies", "outlets", "offices",
))  # fmt: skip


class Places(PlaceWords):
    """Reads places with one lexicon."""

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


class _Reader(Surroundings):
    """One sentence being read."""

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
            elif hit.i == k and "countries" in hit.roles and not self._goes_further(hit):
                person = self._is_person(hit)
                found += [] if person else [self._country(hit)]
                free = hit.j + person
                continue
            if not self._may_begin(k, hit):
                continue
            i = self._begin(k, free)
            end = self._run(i)
            place = self._water(i) or self._longest(i, end)
            if place is not None and place.j == i + 1 and self.words[i] in self.g.kinds:
                place = None  # "in Region 2"
            free = max(end, i + 1) if place is None else max(place.j, i + 1)
            if place is not None:
                found.append(place)
        return found

    def _begin(self, k: int, free: int) -> int:
        """ "al-Ramouseh", "el Geneina": a small word before the capital opens the name."""
        if k >= 2 and self.words[k - 1] == "-" and self.words[k - 2] in self.g.linkers and k - 2 >= free:
            return k - 2
        return k

    def _goes_further(self, hit: Hit) -> bool:
        """ "Benin City", "the Niger Delta": a country's name opens a longer one."""
        j = hit.j
        return j < self.n and self.raw[j][0].isupper() and bool(readings(_joined(self.raw[hit.i : j + 1])))

    def _water(self, i: int) -> Place | None:
        """ "Lake Chad", "the Gulf of Aden": a noun of water, with a capital, opens the name."""
        j = i + 1
        if self.g.kinds.get(self.words[i]) != WATER or self.headline:
            return None
        j += j < self.n and self.words[j] in self.g.genitive
        if j >= self.n or not self.raw[j][0].isupper() or not self.raw[j].isalpha() or self._stops(j):
            return None
        begin, preposition, _ = self.before(i)
        stop = self._run(j)
        return Place(
            i=i, j=stop, name=self._name(i, stop), level=WATER, preposition=preposition, begin=begin,
            certain=preposition is not None, attributive=self.describes(stop), reference=self.reference(i),
        )  # fmt: skip

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
            elif words[j] == "." and words[j - 1] in self.g.shortened and inner:
                j += 1  # "St. Petersburg"
            elif words[j] in self.g.linkers and (
                inner or (j + 2 < self.n and words[j + 1] == "-" and raw[j + 2][0].isupper())
            ):
                j += 1
            elif j > i and self._continues(i, j):
                j += 1 + (words[j] in self.g.possessive or words[j] in self.g.joint)
            else:
                break
        return min(j, self.n)

    def _continues(self, i: int, j: int) -> bool:
        """ "Bandar Abbas", "Cox's Bazar": a listed name goes on over a word that would end it."""
        last = j + 1 if self.words[j] in self.g.possessive or self.words[j] in self.g.joint else j
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
        begin, preposition, kind = self.before(i)
        kind_after, after = self.after(j)
        level = kind_after or kind
        country = self.country_next(j)
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
        if not told and (self.in_person_name(i, j, end) or reading.weight < self._enough(i, j, preposition, certain)):
            return None
        called = kind_after is not None and self.raw[j][0].isupper() and after <= end  # "Gaza City"
        stop = after if called or (kind_after and level in (REGION, DISTRICT)) else j
        return Place(
            i=i, j=stop, name=self._name(i, stop), level=level if level in (REGION, DISTRICT) else reading.level,
            country=country or reading.country, region=reading.region or None, preposition=preposition,
            certain=certain or self.explained(stop), begin=begin,
            attributive=(end > j and not kind_after) or self.describes(stop),
            reference=self.reference(i),
        )  # fmt: skip

    def _enough(self, i: int, j: int, preposition: str | None, certain: bool) -> int:
        """Inhabitants that a listed name needs to be taken for a place here."""
        if self.headline and j - i == 1 and not preposition:
            return KNOWN_IN_HEADLINE
        if i == 0:
            return KNOWN_FIRST
        return 0 if certain else KNOWN

    def _unlisted(self, i: int, end: int) -> Place | None:
        if i and self.words[i - 1] in self.g.indefinite:
            return None  # "near an African plantation"
        if self.headline or end - i > 4 or any(w.isupper() and len(w) > 1 for w in self.raw[i:end]):
            return None
        begin, preposition, kind = self.before(i)
        kind_after, after = self.after(end)
        inside = self.g.prepositions.get(preposition or "") == "inside"
        country = self.country_next(end)
        told = kind or kind_after or (inside and (country or not self.describes(end)))
        if not told and not self.explained(end):
            return None
        first = i + 1 if end - i > 1 and self.words[i] in self.g.linkers else i  # "in La Majayura"
        if (not kind or end - first == 1) and not self.g.refused.isdisjoint(self.raw[first:end]):
            return None
        stop = after if kind_after in (REGION, DISTRICT) else end
        return Place(
            i=i, j=stop, name=self._name(i, stop), level=kind_after or kind or UNKNOWN, country=country,
            preposition=preposition,
            certain=True, begin=begin, reference=self.reference(i),
        )  # fmt: skip

    def _country(self, hit: Hit) -> Place:
        begin, preposition, _ = self.before(hit.i)
        i = hit.i
        while i and self.words[i - 1] in self.g.directions:
            i -= 1
        attributive = self.describes(hit.j) or ("demonyms" in hit.roles and preposition is None)
        return Place(
            i=i, j=hit.j, name=self._name(i, hit.j), level=COUNTRY,
            country=hit.roles["countries"].value, preposition=preposition,
            certain=self.g.prepositions.get(preposition or "") in ("inside", "upon"),
            attributive=attributive, begin=begin,
        )  # fmt: skip

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
    return " ".join(raw).replace(" . ", " ").replace(" - ", "-").replace(" '", "'").replace(" ’", "’")
