"""The currency of a number: the symbol or code before it, the symbol, code or noun behind it."""

from __future__ import annotations

from monitor.language.numerals import Numerals


class Currencies(Numerals):
    """The tokens of one sentence, and what says that a number in them is money."""

    #: end of the quantity before
    used = 0

    def currency_before(self, i: int) -> tuple[int, str | None]:
        """Where the symbol or code begins that stands before the figure at i, and what it says."""
        hit = self.until.get(i)
        if hit is None and i and self.words[i - 1] == "." and i - 1 in self.glued:
            hit = self.until.get(i - 1)  # "Rs. 500"
            hit = hit if hit is not None and "currency_symbols" in hit.roles else None
        if hit is not None:
            if hit.i < self.used:  # "1.4 billion SEK 2023 package": it belongs to the sum before
                return i, None
            if "currency_symbols" in hit.roles:
                if all(k in self.glued for k in range(hit.i + 1, hit.j)):
                    return hit.i, hit.roles["currency_symbols"].value
                return self._bare_symbol(hit.j - 1)  # "a $200 million package" is no "A$200"
            if "currencies" in hit.roles and self.raw[hit.i].isupper() and len(self.raw[hit.i]) == 3:
                return hit.i, hit.roles["currencies"].value
            if "letter_symbols" in hit.roles and i in self.glued and self._is_large(i):
                return hit.i, hit.roles["letter_symbols"].value
        return i, None

    def _is_large(self, i: int) -> bool:
        """Whether the figure at i is one of thousands: "R50 million", "R12,000", but no "R2"."""
        return "," in self.words[i] or self.magnitude(i + 1, glued_ok=True)[0] != 1

    def _bare_symbol(self, k: int) -> tuple[int, str | None]:
        """The currency of the one token k, where a longer symbol was not written together."""
        for value, symbols in self.g.symbols.items():
            if self.words[k] in symbols:
                return k, value
        return k + 1, None

    def currency_after(self, j: int, known: str | None) -> tuple[int, str | None]:
        """Where the currency ends that stands at j, and what it says together with the one ``known`` from before."""
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
                and self.words[hit.i] in self.g.ambiguous
                and hit.j == hit.i + 1
                and (hit.j >= self.n or self.words[hit.j] != "$")
            ):
                continue
            if (
                role == "currency_symbols"
                and hit.j < self.n
                and self.words[hit.j][0].isdecimal()
                and j not in self.glued
            ):
                continue
            named = known is None or self.raw[j].isupper() or hit.j - hit.i > 1
            return hit.j, (entry.value if known is None or (named and known == "USD") else known)
        return j, known
