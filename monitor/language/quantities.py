"""Numbers and money in a list of tokens: a small grammar over the roles of the lexicon.

    hedge* [symbol] core [magnitude] [symbol | currency] hedge-after*        "nearly US$1.5bn", "3 dozen or more"
    [between|from] core (and|to|-|or) core                                    "between 10 and 15", "$2-3 billion"

A *core* is a figure ("1,500", "2.7 million", "5 lakh"), number words ("a hundred and twelve", "half a million"), a vague
word ("dozens", "tens of thousands") or a zero ("no one"). What is no number of people, things or money keeps its
``sort`` so that a kind can refuse it at sight: years, days of a month, ages, distances, shares, labels ("Resolution 2231").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.language.lexicon import Hit, Lexicon


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


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(slots=True)
class _Core:
    j: int
    value: float | None
    low: int | None = None
    #: factor that a magnitude gave: shared with the start of a range
    factor: float = 1
    digits: bool = False
    weak: bool = False


_DIGIT = re.compile(r"\d")
_GROUPED = re.compile(r"\d{1,3}(?:[,.   ’'\u202f]\d{2,3})*[,.   ’'\u202f]\d{3}$")
_SPACES = str.maketrans("", "", ",   ’'\u202f")


class Quantities:
    """Reads quantities with one lexicon. ``read(words, raw, starts, ends, hits)`` is the whole of it."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._articles = common.words("articles")
        self._approximators = common.words("approximators")
        self._conversions = common.words("conversions")
        self._ordinal_endings = frozenset(common.phrases("ordinals").get("ending", ()))
        self._between = frozenset(common.phrases("range_words").get("between", ()))
        self._to = frozenset(common.phrases("range_words").get("to", ()))
        self._and = frozenset(common.phrases("clauses").get("coordination", ()))
        self._year_cues = common.words("year_cues")
        #: currency -> its symbols
        self.symbols = common.phrases("currency_symbols")
        self._starts = frozenset(("number_words", "magnitudes", "pair_words", "vague", "zero", "ordinals"))

    def any(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether a sentence can hold a quantity at all."""
        return _DIGIT.search(text) is not None or any(not self._starts.isdisjoint(h.roles) for h in hits)

    def read(
        self, words: Sequence[str], raw: Sequence[str], starts: Sequence[int], ends: Sequence[int], hits: Sequence[Hit]
    ) -> tuple[Quantity, ...]:
        """All quantities of a sentence in order. ``hits`` are the common section's."""
        reader = _Reader(self, words, raw, starts, ends, hits)
        return tuple(reader.quantities())


class _Reader:
    """One sentence being read."""

    def __init__(
        self,
        grammar: Quantities,
        words: Sequence[str],
        raw: Sequence[str],
        starts: Sequence[int],
        ends: Sequence[int],
        hits: Sequence[Hit],
    ) -> None:
        self.g, self.words, self.raw, self.starts, self.ends, self.hits = grammar, words, raw, starts, ends, hits
        self.at = {h.i: h for h in hits}
        self.until = {h.j: h for h in hits}
        self.n = len(words)
        #: end of the quantity before
        self.used = 0

    def quantities(self) -> list[Quantity]:
        found: list[Quantity] = []
        candidates = [i for i, w in enumerate(self.words) if w[0].isdecimal()]
        wanted = self.g._starts
        candidates += [h.i for h in self.hits if not wanted.isdisjoint(h.roles)]
        free = 0
        for i in sorted(set(candidates)):
            if i < free:
                continue
            quantity = self._quantity(i)
            if quantity is not None:
                found.append(quantity)
                free = quantity.core_j
                self.used = quantity.j
        return self._mark_conversions(found)

    # --- one quantity ---

    def _quantity(self, i: int) -> Quantity | None:
        ordinal = self._ordinal(i)
        if ordinal is not None:
            return ordinal
        core = self._core(i)
        if core is None:
            return None
        i = self._back_article(i)
        symbol_i, currency = self._currency_before(i)
        j, currency = self._currency_after(core.j, currency)
        if currency is not None and core.factor == 1 and core.value is not None and j > core.j:  # "24 EUR million"
            core.factor, j = self._magnitude(j, glued_ok=False)
            core.value *= core.factor
        low = high = None
        opener = None
        value = core.value
        end = self._range(core, j, currency)
        if end is not None and value is not None:
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
            and self._glued(i + 1)
            and self.words[i + 1] in self.g._ordinal_endings
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
            and self.words[i - 1] in ("a", "an")
            and not {"magnitudes", "pair_words"}.isdisjoint(hit.roles)
        ):
            return i - 1
        return i

    # --- core ---

    def _core(self, i: int) -> _Core | None:
        word = self.words[i]
        if word[0].isdecimal():
            return self._figure(i)
        hit = self.at.get(i)
        if hit is None:
            return None
        roles = hit.roles
        if "vague" in roles:
            return _Core(hit.j, None, low=int(roles["vague"].value))
        if "zero" in roles:
            return self._zero(hit)
        if "pair_words" in roles:
            return self._pair(hit, 1.0)
        if "number_words" in roles:
            return self._in_words(i)
        if "magnitudes" in roles and len(word) > 3 and i and self.words[i - 1] in self.g._articles:
            return self._in_words(i, started=1.0)
        return None

    def _zero(self, hit: Hit) -> _Core | None:
        following = self.words[hit.j] if hit.j < self.n else ""
        if not following and hit.j == self.n:
            return _Core(hit.j, 0.0, weak=True)
        return _Core(hit.j, 0.0, weak=True)

    def _pair(self, hit: Hit, times: float) -> _Core | None:
        """ "a dozen", "half a million", "a couple of hundred"."""
        value = float(hit.roles["pair_words"].value) * times
        following = self.at.get(hit.j)
        if following is None and hit.j < self.n and self.words[hit.j] in self.g._articles:
            following = self.at.get(hit.j + 1)
        if following is not None and "magnitudes" in following.roles and len(self.words[following.i]) > 1:
            return _Core(following.j, value * float(following.roles["magnitudes"].value))
        if following is not None and "pair_words" in following.roles and value < 1:
            return _Core(following.j, value * float(following.roles["pair_words"].value))
        return _Core(hit.j, value) if value >= 1 else None

    def _figure(self, i: int) -> _Core | None:
        text = self.words[i]
        if len(text) > 24 or ":" in text:
            return None
        factor, j = self._magnitude(i + 1, glued_ok=True)
        value = _figure_value(text, magnified=factor != 1)
        if value is None:
            return None
        if factor == 1 and j < self.n:
            half = self._and_a_half(j)
            if half is not None:
                factor, j = half
                return _Core(j, (value + 0.5) * factor, factor=factor, digits=True)
            pair = self.at.get(j)
            if (
                pair is not None
                and pair.roles.get("pair_words", None) is not None
                and pair.roles["pair_words"].value == "12"
            ):
                return _Core(pair.j, value * 12, digits=True)
        return _Core(j, value * factor, factor=factor, digits=True)

    def _and_a_half(self, j: int) -> tuple[float, int] | None:
        """ "[two] and a half million" -> (1000000, after)"""
        half = self.at.get(j + 2)
        if (
            self.words[j] in self.g._and
            and half is not None
            and "pair_words" in half.roles
            and half.roles["pair_words"].value == "0.5"
        ):
            factor, end = self._magnitude(half.j, glued_ok=False)
            if factor != 1:
                return factor, end
        return None

    def _magnitude(self, j: int, glued_ok: bool) -> tuple[float, int]:
        """The product of the magnitudes at j ("hundred thousand"), and where they end. "m" counts right behind a figure."""
        factor = 1.0
        while True:
            if j + 1 < self.n and self.words[j] == "-" and len(self.words[j + 1]) > 2 and self._is_magnitude(j + 1):
                j += 1
            hit = self.at.get(j) if j < self.n else None
            if hit is None or "magnitudes" not in hit.roles:
                return factor, j
            word = self.words[j]
            if len(word) == 1 and not (glued_ok and (self._glued(j) or self._money_before(j))):
                return factor, j
            factor *= float(hit.roles["magnitudes"].value)
            j = hit.j
            glued_ok = False

    def _is_magnitude(self, j: int) -> bool:
        hit = self.at.get(j)
        return hit is not None and "magnitudes" in hit.roles

    def _money_before(self, j: int) -> bool:
        before = self.until.get(j - 1)
        return before is not None and "currency_symbols" in before.roles

    def _in_words(self, i: int, started: float | None = None) -> _Core | None:
        """Number words from i: units, tens and hundreds add up, a larger magnitude multiplies what stands before it."""
        total, current, j = 0.0, started, i
        weak = self.words[i] == "one" and started is None
        factor = 1.0
        while j < self.n:
            hit = self.at.get(j)
            if hit is None or not ("number_words" in hit.roles or "magnitudes" in hit.roles):
                joined = self._joint(j, current, total)
                if joined is None:
                    break
                j = joined
                continue
            if "number_words" in hit.roles:
                value = float(hit.roles["number_words"].value)
                if current is not None and not _follows(current, value):
                    break
                current = (current or 0) + value
            elif len(self.words[j]) == 1 or current is None:
                break
            else:
                step = float(hit.roles["magnitudes"].value)
                if step == 100:
                    current *= step
                else:
                    total, current = total + current * step, None
                    factor = step
            weak = weak and j == i
            j = hit.j
        if current is None and total == 0:
            return None
        value = total + (current or 0)
        half = self._and_a_half(j) if j < self.n and total == 0 else None
        if half is not None:
            return _Core(half[1], (value + 0.5) * half[0], factor=half[0])
        if value < 100:
            pair = self.at.get(j)
            if pair is not None and "pair_words" in pair.roles and pair.roles["pair_words"].value == "12":
                return _Core(pair.j, value * 12)
        return _Core(j, value, factor=factor, weak=weak)

    def _joint(self, j: int, current: float | None, total: float) -> int | None:
        """Where the number goes on behind "and" or "-": "two hundred and six", "forty-one"."""
        following = self.at.get(j + 1)
        if following is None:
            return None
        nums = "number_words" in following.roles
        if self.words[j] == "-" and current is not None and (nums or "magnitudes" in following.roles):
            value = float(following.roles["number_words"].value) if nums else 100
            return j + 1 if not nums or _follows(current, value) else None
        if (
            self.words[j] == "and"
            and nums
            and ((current is not None and current >= 100 and current % 100 == 0) or (current is None and total))
        ):
            return j + 1
        return None

    # --- around the core ---

    def _glued(self, j: int) -> bool:
        """No space between token j and the one before."""
        return j > 0 and self.starts[j] == self.ends[j - 1]

    def _currency_before(self, i: int) -> tuple[int, str | None]:
        hit = self.until.get(i)
        if hit is not None:
            if hit.i < self.used:  # "1.4 billion SEK 2023 package": it belongs to the sum before
                return i, None
            if "currency_symbols" in hit.roles:
                if all(self._glued(k) for k in range(hit.i + 1, hit.j)):
                    return hit.i, hit.roles["currency_symbols"].value
                return self._bare_symbol(hit.j - 1)  # "a $200 million package" is no "A$200"
            if "currencies" in hit.roles and self.raw[hit.i].isupper() and len(self.raw[hit.i]) == 3:
                return hit.i, hit.roles["currencies"].value
        return i, None

    def _bare_symbol(self, k: int) -> tuple[int, str | None]:
        """The currency of the one token k, where a longer symbol was not written together."""
        for value, symbols in self.g.symbols.items():
            if self.words[k] in symbols:
                return k, value
        return k + 1, None

    def _currency_after(self, j: int, known: str | None) -> tuple[int, str | None]:
        if (
            j < self.n
            and self.words[j] == "-"
            and self.at.get(j + 1) is not None
            and "currencies" in self.at[j + 1].roles
        ):
            return self.at[j + 1].j, known or self.at[j + 1].roles["currencies"].value
        hit = self.at.get(j)
        if hit is None:
            return j, known
        for role in ("currencies", "currency_symbols"):
            entry = hit.roles.get(role)
            if entry is None:
                continue
            if (
                role == "currencies"
                and self.words[hit.i] == "us"
                and hit.j == hit.i + 1
                and (hit.j >= self.n or self.words[hit.j] != "$")
            ):
                continue
            if (
                role == "currency_symbols"
                and hit.j < self.n
                and self.words[hit.j][0].isdecimal()
                and not self._glued(j)
            ):
                continue
            named = known is None or self.raw[j].isupper() or "dollar" in self.words[hit.j - 1]
            return hit.j, (entry.value if known is None or (named and known == "USD") else known)
        return j, known

    def _range(self, core: _Core, j: int, currency: str | None) -> tuple[_Core, int, str | None] | None:
        """The second end of a range that starts with this core: (end, after, currency)."""
        if j + 1 >= self.n or self.words[j] not in self.g._to or core.value is None or core.low is not None:
            return None
        joint, k = self.words[j], j + 1
        if joint in self.g._and and joint != "or" and not self._opened(core, j):
            return None
        hit = self.at.get(k)
        if hit is not None and "currency_symbols" in hit.roles:
            currency = currency or hit.roles["currency_symbols"].value
            k = hit.j
        if k >= self.n:
            return None
        second = self._core(k) if self.words[k] not in ("no", "none") else None
        if second is None or second.value is None or second.value == 0:
            return None
        low = core.value * (
            second.factor if core.factor == 1 and core.value < 1000 and second.factor > core.value else 1
        )
        if low >= second.value and core.value >= second.value:
            return None
        if joint == "or" and second.value > 2 * low:
            return None
        after, currency = self._currency_after(second.j, currency)
        return second, after, currency

    def _opened(self, core: _Core, j: int) -> bool:
        """Whether "between" stands within four tokens before the core that ends at j."""
        return any(w in self.g._between for w in self.words[max(0, j - 7) : j - 1])

    def _span(self, first: _Core, second: _Core) -> tuple[int, int]:
        low = first.value or 0
        high = second.value or 0
        if first.factor == 1 and second.factor != 1 and low < 1000 and low * second.factor < high:
            low *= second.factor
        elif low < 1000 <= high and high % 1000 == 0 and 1000 * low < high and low * 20 > high / 1000 and first.digits:
            low *= 1000  # "70 to 80,000"
        return round(low), round(high)

    def _opener(self, begin: int, symbol_i: int) -> str | None:
        for k in (begin - 1, symbol_i - 1):
            if k >= 0 and self.words[k] in self.g._between:
                return self.words[k]
        return None

    def _hedges_before(self, i: int) -> tuple[int, str]:
        """The hedges right before token i: where they begin, and what the outermost says."""
        qualifier, begin, k = "exact", i, i
        while k > 0:
            hit = self.until.get(k)
            if hit is not None and "hedges" in hit.roles:
                value = hit.roles["hedges"].value
                if value != "exact":
                    qualifier = value
                elif self.words[hit.i] in self.g._articles:
                    k = hit.i
                    continue
                begin = k = hit.i
            elif self.words[k - 1] in self.g._approximators:
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
        self, i: int, j: int, core: _Core, value: float | None, currency: str | None, ranged: bool
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
        if not i or not self._glued(i):
            return False
        if before.isalpha():
            return hit is None or "currencies" not in hit.roles
        return (
            before in "-–/_"
            and i > 1
            and self._glued(i - 1)
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
        if hit is None or "measures" not in hit.roles:
            return None
        return hit.roles["measures"].value

    def _is_year(self, i: int, core: _Core, value: float) -> bool:
        if not (1900 <= value <= 2100 and core.factor == 1 and self.words[i].isdecimal()):
            return False
        before = self.words[i - 1] if i else ""
        after = self.words[core.j] if core.j < self.n else ""
        return before in self.g._year_cues or not after[:1].isalpha() or before == "-" or after == "s"

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
        marks = [
            w for w in between if w in "(),/=[" or w in self.g._conversions or w in ("us", "$", "equivalent", "to")
        ]
        opened = any(w in ("(", "[", "/", "=") or (w in self.g._conversions and w != "of") for w in between)
        rest = [w for w in between if w not in marks and w.isalpha() and len(w) > 3]
        return opened and len(between) <= 6 and not rest


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _follows(current: float, value: float) -> bool:
    """Whether a number word may follow: units after tens, tens or units after hundreds."""
    if value < 10:
        return current % 10 == 0 and current % 100 != 10 and current > 0
    return value < 100 and current >= 100 and current % 100 == 0


def _figure_value(text: str, magnified: bool) -> float | None:
    """A figure with its separators; None where they make no number ("1.2.3")."""
    if text.isdecimal():  # "①" and "²" are digits, but no figures
        return float(text)
    if _GROUPED.match(text) and not (magnified and text.count(".") == 1 and "," not in text):
        bare = text.translate(_SPACES)
        if "." in bare and "," in text:
            return _decimal(bare)
        return _decimal(bare.replace(".", "") if bare.count(".") else bare)
    if magnified and re.fullmatch(r"\d+,\d{1,2}", text):
        return _decimal(text.replace(",", "."))
    return _decimal(text.translate(_SPACES)) if not re.search(r",\d{1,2}(?!\d)", text) else None


def _decimal(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
