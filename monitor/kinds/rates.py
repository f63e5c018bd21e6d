"""Reference rates between currencies: good enough to compare sums in the news, not to book them.

``rates.csv`` holds for each currency and year since 1999 the average number of units to one euro. Most rows are the
yearly averages of the European Central Bank's reference rates; a row's ``source`` says whose they are otherwise: the
World Bank's indicator of official exchange rates (2017 to 2023), say, at the bank's rate of the dollar. The newest
year is an average to the day of the last refresh:

    python -m monitor.kinds.rates eurofxref-hist.csv

reads the bank's history (its page "Euro foreign exchange reference rates" offers the file) and writes what changed.
Rows and years that the bank does not quote stay as they are; they were entered by hand, rounded.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from statistics import fmean

FILE = "rates.csv"
#: what a fixed rate's source reads like: "3.75 to the USD"
PEGGED = " to the USD"


@functools.cache
def _table() -> Mapping[str, Mapping[int, float]]:
    """currency -> year -> units to one euro."""
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    table = {
        row["currency"]: {int(year): float(rate) for year, rate in row.items() if year.isdigit() and rate}
        for row in csv.DictReader(io.StringIO(text))
    }
    newest = max(year for rates in table.values() for year in rates)
    return table | {"EUR": {newest: 1.0}}


def currencies() -> frozenset[str]:
    """Codes (ISO 4217) of the currencies that have a rate."""
    return frozenset(_table())


@functools.cache
def _to_euro(currency: str, year: int | None) -> float | None:
    rates = _table().get(currency)
    if not rates:
        return None
    return rates[max(rates) if year is None else min(rates, key=lambda known: (abs(known - year), known))]


def convert(amount: int, source: str, target: str, day: dt.date | None = None) -> int | None:
    """A sum in another currency at the average rate of the day's year, or of the nearest year that has one.

    Without a day the newest year serves. ``None`` where a currency has no rate; the sum itself where both are one.
    """
    if source == target:
        return amount
    year = None if day is None else day.year
    held, wanted = _to_euro(source, year), _to_euro(target, year)
    return None if held is None or wanted is None else round(amount / held * wanted)


# --- refresh ---------------------------------------------------------------------------------------------------------


def averages(history: Iterable[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """currency -> year -> average, of rows as the bank's history has them (``Date``, then a column a currency)."""
    quotes: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in history:
        for currency, rate in row.items():
            if currency and currency != "Date" and rate not in ("", "N/A"):
                quotes[currency][row["Date"][:4]].append(float(rate))
    return {currency: {year: fmean(rates) for year, rates in years.items()} for currency, years in quotes.items()}


def refreshed(rows: Iterable[Mapping[str, str]], known: Mapping[str, Mapping[str, float]]) -> list[dict[str, str]]:
    """The rows of ``rates.csv`` with the bank's averages put in; a new year gets a column."""
    held = [dict(row) for row in rows]
    years = sorted({year for row in held for year in row if year.isdigit()} | {max(known["USD"])})
    for row in held:
        source, fixed = row["source"], row["source"].endswith(PEGGED)
        factor = float(source.removesuffix(PEGGED)) if fixed else 1.0
        quoted = known.get("USD" if fixed else row["currency"], {})
        row.update({year: f"{quoted[year] * factor:.5g}" if year in quoted else row.get(year, "") for year in years})
    return held


def main(arguments: list[str]) -> int:
    """Refreshes ``rates.csv`` in this checkout from a file of the bank."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m monitor.kinds.rates eurofxref-hist.csv\n")
        return 2
    target = Path(__file__).with_name(FILE)
    with Path(arguments[0]).open(encoding="utf-8", newline="") as history:
        known = averages(csv.DictReader(history))
    with target.open(encoding="utf-8", newline="") as held:
        rows = refreshed(csv.DictReader(held), known)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
