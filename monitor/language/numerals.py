"""The bare numbers that quantities.py builds on: figures, number words, magnitudes, vague words.

"1,500", "2.7 million", "5 lakh", "a hundred and twelve", "half a million", "three dozen", "scores", "no one".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.language.lexicon import Hit, Lexicon

_GROUPED = re.compile(r"\d{1,3}(?:[,.   ’'\u202f]\d{2,3})*[,.   ’'\u202f]\d{3}$")
_SPACES = str.maketrans("", "", ",   ’'\u202f")


@dataclass(slots=True)
class Core:
    j: int
    value: float | None
    low: int | None = None
    #: factor that a magnitude gave: shared with the start of a range
    factor: float = 1
    digits: bool = False
    weak: bool = False


class Numbers:
    """The words of one lexicon that numbers are made of."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self.articles = common.words("articles")
        self.approximators = common.words("approximators")
        self.particle_verbs = common.phrases("particle_verbs_list")
        self.conversions = common.words("conversions")
        self.ordinal_endings = frozenset(common.phrases("ordinals").get("ending", ()))
        self.between = frozenset(common.phrases("range_words").get("between", ()))
        self.to = frozenset(common.phrases("range_words").get("to", ()))
        #: opens what something grows by, so that "to" behind it opens what it grows to
        self.by = frozenset(common.phrases("range_words").get("by", ()))
        self.coordination = frozenset(common.phrases("clauses").get("coordination", ()))
        #: what can go on with a figure that it stands behind
        self.joining = self.to | self.coordination | {"-", "–"}
        self.year_cues = common.words("year_cues")
        #: currency -> its symbols
        self.symbols = common.phrases("currency_symbols")
        self.roles = frozenset(("number_words", "magnitudes", "pair_words", "vague", "zero", "ordinals"))
        self.one = frozenset(common.phrases("number_words").get("1", ()))
        self.indefinite = common.words("indefinite")
        self.number_joints = common.words("number_joints")
        self.alternative = common.words("alternative")
        self.ambiguous = common.words("ambiguous_currencies")


class Numerals:
    """The tokens of one sentence, and the bare numbers in them."""

    def __init__(
        self,
        grammar: Numbers,
        words: Sequence[str],
        raw: Sequence[str],
        glued: AbstractSet[int],
        hits: Sequence[Hit],
    ) -> None:
        self.g, self.words, self.raw, self.glued = grammar, words, raw, glued
        self.at = {h.i: h for h in hits}
        self.until = {h.j: h for h in hits}
        self.n = len(words)

    def core(self, i: int) -> Core | None:
        word = self.words[i]
        hit = self.at.get(i)
        if word[0].isdecimal():
            part = self._pair(hit, 1.0) if hit is not None and "pair_words" in hit.roles else None  # "1/2 million"
            return part or self._figure(i)
        if hit is None:
            return None
        roles = hit.roles
        if "vague" in roles:
            return Core(hit.j, None, low=int(roles["vague"].value))
        if "zero" in roles:
            return self._zero(hit)
        if "pair_words" in roles:
            return self._pair(hit, 1.0)
        if "number_words" in roles:
            return self._in_words(i)
        if "magnitudes" in roles and len(word) > 3 and i and self.words[i - 1] in self.g.articles:
            return self._in_words(i, started=1.0)
        return None

    def _zero(self, hit: Hit) -> Core:
        return Core(hit.j, 0.0, weak=True)

    def _pair(self, hit: Hit, times: float) -> Core | None:
        """ "a dozen", "half a million", "half-a-million", "a couple of hundred", "a couple of dozen"."""
        value = float(hit.roles["pair_words"].value) * times
        k = hit.j
        k += k < self.n and self.words[k] == "-"
        k += k < self.n and self.words[k] in self.g.articles
        k += k < self.n and self.words[k] == "-"
        following = self.at.get(k)
        if following is not None and "magnitudes" in following.roles and len(self.words[following.i]) > 1:
            return Core(following.j, value * float(following.roles["magnitudes"].value))
        if (
            following is not None
            and "pair_words" in following.roles
            and value <= 2 < float(following.roles["pair_words"].value)
        ):
            return Core(following.j, value * float(following.roles["pair_words"].value))
        return Core(hit.j, value) if value >= 1 else None

    def _figure(self, i: int) -> Core | None:
        text = self.words[i]
        if len(text) > 24 or ":" in text:
            return None
        part, j = self._fraction(i + 1)
        factor, j = self.magnitude(j, glued_ok=True)
        value = figure_value(text, magnified=factor != 1)
        if value is None:
            return None
        value += part
        if factor != 1 and (end := self._half_behind(j)) is not None:
            return Core(end, (value + 0.5) * factor, factor=factor, digits=True)
        if factor == 1 and j < self.n:
            half = self._and_a_half(j)
            if half is not None:
                factor, j = half
                return Core(j, (value + 0.5) * factor, factor=factor, digits=True)
            pair = self.at.get(j)
            if (
                pair is not None
                and pair.roles.get("pair_words", None) is not None
                and pair.roles["pair_words"].value == "12"
            ):
                return Core(pair.j, value * 12, digits=True)
        return Core(j, value * factor, factor=factor, digits=True)

    def _fraction(self, j: int) -> tuple[float, int]:
        """ "1[½] million", "2 [1/2] million": what it adds to the figure before, and where it ends."""
        hit = self.at.get(j)
        if hit is None or "pair_words" not in hit.roles or self.words[j].isalpha():
            return 0.0, j
        value = float(hit.roles["pair_words"].value)
        return (value, hit.j) if value < 1 else (0.0, j)

    def _half_behind(self, j: int) -> int | None:
        """ "a million [and a half]": where it ends; None where it goes on as a number of its own."""
        half = self.at.get(j + 2)
        if (
            half is None
            or self.words[j] not in self.g.coordination
            or self.words[j + 1] not in self.g.indefinite
            or "pair_words" not in half.roles
            or half.roles["pair_words"].value != "0.5"
            or half.j > j + 3
        ):
            return None
        goes_on = half.j < self.n and (self.words[half.j] == "-" or self._is_magnitude(half.j))
        return None if goes_on else half.j

    def _and_a_half(self, j: int) -> tuple[float, int] | None:
        """ "[two] and a half million" -> (1000000, after)"""
        half = self.at.get(j + 2)
        if (
            self.words[j] in self.g.coordination
            and half is not None
            and "pair_words" in half.roles
            and half.roles["pair_words"].value == "0.5"
        ):
            factor, end = self.magnitude(half.j, glued_ok=False)
            if factor != 1:
                return factor, end
        return None

    def magnitude(self, j: int, glued_ok: bool) -> tuple[float, int]:
        """The product of the magnitudes at j ("hundred thousand"), and where they end; "m" must touch its figure."""
        factor = 1.0
        while True:
            if j + 1 < self.n and self.words[j] == "-" and len(self.words[j + 1]) > 2 and self._is_magnitude(j + 1):
                j += 1
            hit = self.at.get(j) if j < self.n else None
            if hit is None or "magnitudes" not in hit.roles:
                return factor, j
            word = self.words[j]
            if len(word) == 1 and not (
                glued_ok and (j in self.glued or self._money_before(j) or self._money_behind(j))
            ):
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

    def _money_behind(self, j: int) -> bool:
        """As in "735 m ISK": whether a currency stands right behind a magnitude's letter."""
        behind = self.at.get(j + 1)
        return behind is not None and "currencies" in behind.roles

    def _in_words(self, i: int, started: float | None = None) -> Core | None:
        """Number words from i: units, tens and hundreds add up, a larger magnitude multiplies what stands before it."""
        total, current, j = 0.0, started, i
        weak = self.words[i] in self.g.one and started is None
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
        if current is None and j < self.n and (end := self._half_behind(j)) is not None:
            return Core(end, value + factor / 2, factor=factor)
        half = self._and_a_half(j) if j < self.n and total == 0 else None
        if half is not None:
            return Core(half[1], (value + 0.5) * half[0], factor=half[0])
        if value < 100:
            pair = self.at.get(j)
            if pair is not None and "pair_words" in pair.roles and pair.roles["pair_words"].value == "12":
                return Core(pair.j, value * 12)
        return Core(j, value, factor=factor, weak=weak)

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
            self.words[j] in self.g.number_joints
            and nums
            and ((current is not None and current >= 100 and current % 100 == 0) or (current is None and total))
        ):
            return j + 1
        return None


def _follows(current: float, value: float) -> bool:
    """Whether a number word may follow: units after tens, tens or units after hundreds."""
    if value < 10:
        return current % 10 == 0 and current % 100 != 10 and current > 0
    return value < 100 and current >= 100 and current % 100 == 0


def figure_value(text: str, magnified: bool) -> float | None:
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
