"""Numbers and money in a list of tokens: a small grammar over the roles of the lexicon.

    hedge* [symbol] core [magnitude] [symbol | currency] hedge-after*        "nearly US$1.5bn", "3 dozen or more"
    [between|from] core (and|to|-|or) core                                    "between 10 and 15", "$2-3 billion"

A *core* is a bare number (numerals.py): a figure, number words, a vague word ("dozens") or a zero ("no one"). What is
no number of people, things or money keeps its ``sort``, so that a kind can refuse it at sight: years, days of a month,
ages, distances, shares, labels ("Resolution 2231").
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.language.currencies import Currencies
from monitor.language.lexicon import Hit
from monitor.language.numerals import Core, Numbers

#: digits of a figure that are all told by a float
_FEW_DIGITS = 15
#: figures between these can be years
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class Sort(StrEnum):
    """What a number is a number of."""

    COUNT = "count"  #: people or things, as far as the number itself tells
    MONEY = "money"
    ORDINAL = "ordinal"  #: "third", "3rd": the rank is in count
    YEAR = "year"
    DAY = "day"  #: the day of a month
    MEASURE = "measure"  #: distance, weight, duration, clock, age, share: see ``measure``
    LABEL = "label"  #: part of a name ("AK-47", "Resolution 2231")
    DECIMAL = "decimal"  #: not whole, and no money: a rate or score


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Quantity:
    """A number or sum of money in a sentence."""

    #: tokens of the whole phrase with its hedges and currency: tokens[i:j]
    i: int
    j: int
    #: tokens of the bare number
    core_i: int
    core_j: int
    sort: Sort
    #: the number, in units of the currency for money; None for ranges and vague words
    count: int | None
    #: both ends of a range; low alone for a vague word
    low: int | None = None
    high: int | None = None
    #: one of kinds.kind.QUALIFIERS
    qualifier: str = "exact"
    #: ISO 4217, for money
    currency: str | None = None
    #: for MEASURE: share, age, distance, weight, duration, clock, other
    measure: str | None = None
    #: the word that opens a range: "from", "between", or None ("10-15")
    opener: str | None = None
    #: the same sum again in another currency: "(£32bn)"
    conversion: bool = False
    #: written as "a"/"one" or a zero word ("no one"): needs a noun to be a number of people
    weak: bool = False

    @property
    def vague(self) -> bool:
        return self.qualifier == "vague"

    @property
    def least(self) -> int:
        """The least the phrase can mean."""
        return self.count if self.count is not None else self.low or 0


class Quantities(Numbers):
    """Reads quantities with one lexicon. First ``candidates``, then ``read`` where there are any."""

    def candidates(self, figures: Sequence[int], hits: Sequence[Hit]) -> list[int]:
        """Tokens at which a quantity can begin, in order. ``figures`` are those that begin with a digit, ``hits`` the
        common section's that have any of ``roles``."""
        found = [h.i for h in hits]
        return sorted({*found, *figures}) if figures else found

    def read(
        self,
        words: Sequence[str],
        raw: Sequence[str],
        glued: AbstractSet[int],
        hits: Sequence[Hit],
        candidates: Sequence[int],
    ) -> tuple[Quantity, ...]:
        """All quantities of a sentence in order, of those that can begin at the ``candidates``."""
        return tuple(_Reader(self, words, raw, glued, hits).quantities(candidates))


class _Reader(Currencies):
    """One sentence being read."""

    def quantities(self, candidates: Sequence[int]) -> list[Quantity]:
        found: list[Quantity] = []
        free = 0
        for i in candidates:
            if i < free:
                continue
            quantity = self.plain(i) or self.quantity(i)
            if quantity is not None:
                found.append(quantity)
                free = quantity.core_j
                self.used = quantity.j
        return self._mark_conversions(found)

    def plain(self, i: int) -> Quantity | None:
        """A figure beside which nothing stands that a rule of ``quantity`` looks for: most of all."""
        words, at, j = self.words, self.at, i + 1
        text = words[i]
        if i in at or j in at or i in self.until or i in self.glued or not text.isdecimal() or len(text) > _FEW_DIGITS:
            return None
        count = int(text)
        if _FIRST_YEAR <= count <= _LAST_YEAR or (i and (words[i - 1] == "." or words[i - 1] in self.g.approximators)):
            return None
        if j < self.n and (words[j] in self.g.joining or (j in self.glued and words[j] in self.g.ordinal_endings)):
            return None
        return Quantity(i=i, j=j, core_i=i, core_j=j, sort=Sort.COUNT, count=count)

    def quantity(self, i: int) -> Quantity | None:
        ordinal = self._ordinal(i)
        if ordinal is not None:
            return ordinal
        core = self.core(i)
        if core is None:
            return None
        i = self._back_article(i)
        symbol_i, currency = self.currency_before(i)
        j, currency = self.currency_after(core.j, currency)
        if currency is not None and core.factor == 1 and core.value is not None and j > core.j:  # "24 EUR million"
            core.factor, j = self.magnitude(j, glued_ok=False)
            core.value *= core.factor
        low = high = None
        opener = None
        value = core.value
        end = self._range(core, j, currency)
        if end is not None and value is not None and not self._rises(symbol_i, core, end[0]):
            second, j, currency = end
            low, high = self._span(core, second)
            value, core.j = None, second.j
        begin, qualifier = self._hedges_before(symbol_i)
        if low is not None:
            opener = self._opener(begin, symbol_i)
            begin -= opener is not None
        j, after = self._hedges_after(j)
        sort, measure = self._sort(i, j, core, value, currency, high is not None)
        if core.low is not None:
            qualifier, low = "vague", core.low
        elif after and qualifier == "exact":
            qualifier = after
        return Quantity(
            i=begin,
            j=j,
            core_i=i,
            core_j=max(core.j, i + 1),
            sort=sort,
            count=_whole(value),
            low=low,
            high=high,
            qualifier=qualifier,
            currency=currency,
            measure=measure,
            opener=opener,
            weak=core.weak,
        )

    def _ordinal(self, i: int) -> Quantity | None:
        hit = self.at.get(i)
        rank: int | None = None
        j = i + 1
        if hit is not None and "ordinals" in hit.roles and hit.roles["ordinals"].value.isdecimal():
            rank, j = int(hit.roles["ordinals"].value), hit.j
        elif (
            self.words[i].isdecimal()
            and i + 1 < self.n
            and i + 1 in self.glued
            and self.words[i + 1] in self.g.ordinal_endings
        ):
            rank, j = int(self.words[i][:9]), i + 2
        if rank is None:
            return None
        return Quantity(i=i, j=j, core_i=i, core_j=j, sort=Sort.ORDINAL, count=rank)

    def _back_article(self, i: int) -> int:
        """ "a dozen", "a hundred": the article belongs to the number."""
        hit = self.at.get(i)
        if (
            i
            and hit is not None
            and self.words[i - 1] in self.g.indefinite
            and not {"magnitudes", "pair_words"}.isdisjoint(hit.roles)
        ):
            return i - 1
        return i

    def _rises(self, i: int, first: Core, second: Core) -> bool:
        """As in "rose by [12] to 45": by how much and to what, no range. "By 10 to 15 percent" and "by $2 to $3
        billion", whose ends share what is named once, are ranges."""
        while i and self.words[i - 1] in self.g.approximators:
            i -= 1
        if not i or self.words[i - 1] not in self.g.by:
            return False
        return self._measure(second.j) is None and (first.factor != 1 or second.factor == 1)

    def _range(self, core: Core, j: int, currency: str | None) -> tuple[Core, int, str | None] | None:
        """The second end of a range that starts with this core: (end, after, currency)."""
        if j + 1 >= self.n or self.words[j] not in self.g.to or core.value is None or core.low is not None:
            return None
        joint, k = self.words[j], j + 1
        if joint in self.g.coordination and joint not in self.g.alternative and not self._opened(core, j):
            return None
        hit = self.at.get(k)
        if hit is not None and "currency_symbols" in hit.roles:
            currency = currency or hit.roles["currency_symbols"].value
            k = hit.j
        if k >= self.n:
            return None
        second = self.core(k) if "zero" not in (hit.roles if hit is not None else ()) else None
        if second is None or second.value is None or second.value == 0:
            return None
        if joint in ("-", "–") and core.digits != second.digits:  # "LIMA, June 2 - Six people"
            return None
        low = core.value * (
            second.factor if core.factor == 1 and core.value < 1000 and second.factor > core.value else 1
        )
        if low >= second.value and core.value >= second.value:
            return None
        if joint in self.g.alternative and second.value > 2 * low:
            return None
        after, currency = self.currency_after(second.j, currency)
        return second, after, currency

    def _opened(self, core: Core, j: int) -> bool:
        """Whether "between" stands within four tokens before the core that ends at j."""
        return any(w in self.g.between for w in self.words[max(0, j - 7) : j - 1])

    def _span(self, first: Core, second: Core) -> tuple[int, int]:
        low = first.value or 0
        high = second.value or 0
        if first.factor == 1 and second.factor != 1 and low < 1000 and low * second.factor < high:
            low *= second.factor
        elif low < 1000 <= high and high % 1000 == 0 and 1000 * low < high and low * 20 > high / 1000 and first.digits:
            low *= 1000  # "70 to 80,000"
        return round(low), round(high)

    def _opener(self, begin: int, symbol_i: int) -> str | None:
        for k in (begin - 1, symbol_i - 1):
            if k >= 0 and self.words[k] in self.g.between:
                return self.words[k]
        return None

    def _hedges_before(self, i: int) -> tuple[int, str]:
        """The hedges right before token i: where they begin, and what the outermost says."""
        qualifier, begin, k = "exact", i, i
        while k > 0:
            hit = self.until.get(k)
            if hit is not None and "hedges" in hit.roles:
                if hit.i and self.words[hit.i - 1] in self.g.particle_verbs.get(self.words[hit.i], ()):
                    break  # "handed over $5m"
                value = hit.roles["hedges"].value
                if value != "exact":
                    qualifier = value
                elif self.words[hit.i] in self.g.articles and hit.j - hit.i < 3:
                    k = hit.i  # "a further 12"; but "a total of 12" is one phrase
                    continue
                begin = k = hit.i
            elif self.words[k - 1] in self.g.approximators:
                k -= 1
            else:
                break
        return begin, qualifier

    def _hedges_after(self, j: int) -> tuple[int, str | None]:
        k = j + 1 if j < self.n and self.words[j] == "-" else j
        hit = self.at.get(k) or self.at.get(j)
        if (
            hit is not None
            and "hedges_after" in hit.roles
            and not (hit.i < self.n - 1 and hit.j < self.n and self.words[hit.j][0].isdecimal())
        ):
            return hit.j, hit.roles["hedges_after"].value
        return j, None

    def _sort(
        self, i: int, j: int, core: Core, value: float | None, currency: str | None, ranged: bool
    ) -> tuple[Sort, str | None]:
        if currency is not None:
            return Sort.MONEY, None
        before = self.words[i - 1] if i else ""
        if core.digits and self._is_label(i, before):
            return Sort.LABEL, None
        if self._is_day(i, core.j):
            return Sort.DAY, None
        measure = self._measure(core.j)
        if measure is not None:
            return Sort.MEASURE, measure
        if core.digits and value is not None and self._is_year(i, core, value):
            return Sort.YEAR, None
        if value is not None and value != int(value):
            return Sort.DECIMAL, None
        return Sort.COUNT, None

    def _is_label(self, i: int, before: str) -> bool:
        hit = self.until.get(i)
        if hit is not None and "labels" in hit.roles:
            return True
        if not i or i not in self.glued:
            return False
        if before.isalpha():
            return hit is None or "currencies" not in hit.roles
        return (
            before in "-–/_"
            and i > 1
            and i - 1 in self.glued
            and self.words[i - 2][-1].isalpha()
            and len(self.words[i - 2]) <= 8
        )

    def _is_day(self, i: int, j: int) -> bool:
        """ "24 March", "March 24", "14-15 September"."""
        before, after = self.until.get(i), self.at.get(j)
        if after is not None and "months" in after.roles:
            return True
        return before is not None and "months" in before.roles

    def _measure(self, j: int) -> str | None:
        if j >= self.n:
            return None
        hit = self.at.get(j)
        if hit is None and self.words[j] in ("-", "–"):
            hit = self.at.get(j + 1)
        return hit.roles["measures"].value if hit is not None and "measures" in hit.roles else None

    def _is_year(self, i: int, core: Core, value: float) -> bool:
        if not (_FIRST_YEAR <= value <= _LAST_YEAR and core.factor == 1 and self.words[i].isdecimal()):
            return False
        before = self.words[i - 1] if i else ""
        after = self.words[core.j] if core.j < self.n else ""
        return before in self.g.year_cues or not after[:1].isalpha() or before == "-" or after == "s"

    def _mark_conversions(self, found: list[Quantity]) -> list[Quantity]:
        for k in range(1, len(found)):
            first, second = found[k - 1], found[k]
            if (
                first.sort is Sort.MONEY
                and second.sort is Sort.MONEY
                and first.currency != second.currency
                and self._ties(first, second)
            ):
                found[k] = replace(second, conversion=True)
        return found

    def _ties(self, first: Quantity, second: Quantity) -> bool:
        """Whether only brackets, commas and words of conversion stand between two sums, and at least one of these."""
        between = self.words[first.j : second.core_i]
        marks = [w for w in between if w in "(),/=[" or w in self.g.conversions or w in self.g.ambiguous or w == "$"]
        opened = any(w in ("(", "[", "/", "=") or w in self.g.conversions for w in between)
        rest = [w for w in between if w not in marks and w.isalpha() and len(w) > 3]
        return opened and len(between) <= 6 and not rest


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
