"""Reference rates: sums of different currencies can be compared, and the table can be refreshed."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.kinds import rates

MONEY = st.sampled_from(sorted(rates.currencies()))


def test_a_sum_is_converted_at_the_average_of_its_year():
    assert rates.convert(300_000_000, "EUR", "USD", date(2022, 5, 1)) == 315_900_000
    assert rates.convert(300_000_000, "EUR", "USD", date(2014, 5, 1)) == 398_550_000
    assert rates.convert(300_000_000, "EUR", "USD", date(2001, 5, 1)) == 268_689_000


@pytest.mark.parametrize(
    "sum_, currency, dollars, day",
    [
        (11_000_000_000, "PKR", 50_000_000, date(2022, 8, 30)),
        (2_080_000_000, "INR", 25_000_000, date(2024, 6, 6)),
        (30_000_000_000, "JPY", 205_000_000, date(2023, 9, 7)),
        (1_000_000_000, "NGN", 2_400_000, date(2022, 6, 1)),
        (20_000_000_000, "XOF", 32_500_000, date(2017, 1, 12)),
        (26_000_000, "EUR", 28_000_000, date(2023, 2, 8)),
    ],
)
def test_sums_that_papers_print_in_two_currencies_are_near_each_other(sum_, currency, dollars, day):
    assert convert(sum_, currency, "USD", day) == pytest.approx(dollars, rel=0.08)


def test_a_year_without_a_rate_takes_the_nearest():
    assert rates.convert(100, "EUR", "USD", date(1998, 1, 1)) == rates.convert(100, "EUR", "USD", date(1999, 1, 1))
    assert rates.convert(100, "RUB", "RUB", date(2026, 1, 1)) == 100
    assert rates.convert(10**6, "EUR", "RUB", date(2030, 1, 1)) == rates.convert(10**6, "EUR", "RUB", date(2025, 1, 1))


def test_without_a_day_the_newest_year_serves():
    newest = max(int(year) for year in rows()[0] if year.isdigit())
    assert rates.convert(10**9, "USD", "EUR") == rates.convert(10**9, "USD", "EUR", date(newest, 1, 1))


@pytest.mark.parametrize("source, target", [("KPW", "USD"), ("USD", "KPW"), ("", "USD")])
def test_a_currency_without_a_rate_is_told(source, target):
    assert rates.convert(100, source, target) is None


def test_a_sum_in_its_own_currency_needs_no_rate():
    assert rates.convert(100, "KPW", "KPW") == 100


def convert(amount: int, source: str, target: str, day: date) -> int:
    result = rates.convert(amount, source, target, day)
    assert result is not None
    return result


@given(st.integers(0, 10**13), MONEY, MONEY, st.dates())
def test_there_and_back_is_nearly_the_same(amount, source, target, day):
    back = convert(convert(amount, source, target, day), target, source, day)
    one_unit = convert(1000, target, source, day) // 1000 + 1
    assert abs(back - amount) <= max(one_unit, amount * 1e-9)


# --- the table and its refresh ---------------------------------------------------------------------------------------


def rows() -> list[dict[str, str]]:
    with Path(rates.__file__).with_name(rates.FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_names_its_source_and_has_rates():
    for row in rows():
        assert row["source"], row["currency"]
        assert sum(bool(rate) for year, rate in row.items() if year.isdigit()) >= 4, row["currency"]


def test_currencies_stand_in_order_and_once():
    codes = [row["currency"] for row in rows()]
    assert codes == sorted(set(codes))


HISTORY = [
    {"Date": "2027-01-04", "USD": "1.2", "GBP": "0.8", "RUB": "N/A", "": ""},
    {"Date": "2027-01-03", "USD": "1.0", "GBP": "0.9", "RUB": "N/A", "": ""},
]


def test_a_refresh_adds_a_year_and_keeps_what_the_bank_does_not_quote():
    held = [
        {"currency": "GBP", "source": "ECB", "2026": "0.86"},
        {"currency": "RUB", "source": "Bank of Russia", "2026": "90"},
        {"currency": "SAR", "source": "3.75 to the USD", "2026": "4.3"},
    ]
    assert rates.refreshed(held, rates.averages(HISTORY)) == [
        {"currency": "GBP", "source": "ECB", "2026": "0.86", "2027": "0.85"},
        {"currency": "RUB", "source": "Bank of Russia", "2026": "90", "2027": ""},
        {"currency": "SAR", "source": "3.75 to the USD", "2026": "4.3", "2027": "4.125"},
    ]


def test_a_refresh_without_a_file_says_how_it_is_called(capsys):
    assert rates.main([]) == 2
    assert capsys.readouterr().err == "usage: python -m monitor.kinds.rates eurofxref-hist.csv\n"
