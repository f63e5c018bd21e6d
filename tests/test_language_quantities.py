"""Numbers and money: what is written is what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.language.quantities import Quantities, Quantity, Sort, _Reader
from monitor.model import Item

ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def read(text: str) -> list[Quantity]:
    document = Document(Item(id="q", text=text, language="en"), load("en"))
    return [q for sentence in document.sentences for q in sentence.quantities]


def only(text: str) -> Quantity:
    found = read(text)
    assert len(found) == 1, found
    return found[0]


def in_words(n: int) -> str:
    """A number below a billion in English words, the way newspapers spell it."""
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10 - 2] + (f"-{ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" and {in_words(n % 100)}" if n % 100 else "")
    for size, name in ((1_000_000, "million"), (1000, "thousand")):
        if n >= size:
            rest = n % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{in_words(n // size)} {name}" + (joint + in_words(rest) if rest else "")
    raise AssertionError(n)


@given(st.integers(1, 999_999_999))
def test_figures_with_commas_are_read_back(n: int) -> None:
    assert only(f"They counted {n:,} villagers.").count == n


@given(st.integers(2, 999_999_999))
def test_number_words_are_read_back(n: int) -> None:
    assert only(f"They counted {in_words(n)} villagers.").count == n


MAGNITUDES = {
    "m": 10**6,
    "mn": 10**6,
    " million": 10**6,
    "bn": 10**9,
    " billion": 10**9,
    " mln": 10**6,
    " trillion": 10**12,
}
SYMBOLS = {
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "C$": "CAD",
    "A$": "AUD",
    "NZ$": "NZD",
    "¥": "JPY",
    "₴": "UAH",
}
CODES = ("USD", "EUR", "GBP", "NOK", "SEK", "CHF", "AUD", "PLN")
NAMES = {"dollars": "USD", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "hryvnias": "UAH", "Swedish kronor": "SEK"}


@given(
    st.integers(1, 999),
    st.integers(0, 9),
    st.sampled_from(sorted(MAGNITUDES)),
    st.sampled_from([*(("symbol", s) for s in SYMBOLS), *(("code", c) for c in CODES), *(("name", n) for n in NAMES)]),
    st.sampled_from(["", " "]),
)
def test_money_in_every_notation_is_read_back(
    whole: int, tenth: int, magnitude: str, how: tuple[str, str], gap: str
) -> None:
    figure = f"{whole}.{tenth}{magnitude}" if tenth else f"{whole}{magnitude}"
    kind, name = how
    text = {"symbol": f"{name}{gap}{figure}", "code": f"{name} {figure}", "name": f"{figure} {name}"}[kind]
    money = only(f"Norway will give {text} to the fund.")
    assert money.sort is Sort.MONEY
    assert (
        money.currency == {"symbol": SYMBOLS, "code": dict(zip(CODES, CODES, strict=True)), "name": NAMES}[kind][name]
    )
    assert money.count == round((whole * 10 + tenth) * MAGNITUDES[magnitude] / 10)


HEDGES = {
    "at least": "at_least", "more than": "at_least", "over": "at_least", "no fewer than": "at_least",
    "upwards of": "at_least",
    "about": "about", "some": "about", "an estimated": "about", "approximately": "about", "around": "about",
    "up to": "up_to", "as many as": "up_to", "no more than": "up_to", "at most": "up_to",
    "nearly": "nearly", "almost": "nearly", "close to": "nearly", "just under": "nearly",
}  # fmt: skip


@given(st.sampled_from(sorted(HEDGES)), st.integers(4, 5000))
def test_a_hedge_becomes_the_qualifier(hedge: str, n: int) -> None:
    found = only(f"He said {hedge} {n:,} villagers came.")
    assert (found.count, found.qualifier) == (n, HEDGES[hedge])


@given(
    st.integers(2, 900),
    st.integers(1, 90),
    st.sampled_from(["between {} and {}", "from {} to {}", "{}-{}", "{} to {}"]),
)
def test_a_range_has_both_ends_and_no_count(low: int, more: int, form: str) -> None:
    found = only(f"They saw {form.format(low, low + more)} riders.")
    assert (found.count, found.low, found.high, found.qualifier) == (None, low, low + more, "exact")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a hundred and twelve riders", 112),
        ("three dozen riders", 36),
        ("a dozen riders", 12),
        ("half a dozen riders", 6),
        ("half a million riders", 500_000),
        ("two and a half million riders", 2_500_000),
        ("a couple of hundred riders", 200),
        ("2.7 million riders", 2_700_000),
        ("2.5m riders", 2_500_000),
        ("5 lakh riders", 500_000),
        ("3 crore riders", 30_000_000),
        ("2 187 riders", 2187),
        ("1.500 riders", 1500),
        ("12,5 million riders", 12_500_000),
        ("one hundred thousand riders", 100_000),
        ("1½ million riders", 1_500_000),
        ("2 ¾ million riders", 2_750_000),
        ("½ million riders", 500_000),
        ("3 1/2 million riders", 3_500_000),
        ("a million and a half riders", 1_500_000),
        ("two million and a half riders", 2_500_000),
        ("4 million and a half riders", 4_500_000),
        ("half-a-million riders", 500_000),
        ("a half-million riders", 500_000),
        ("three-quarters of a million riders", 750_000),
        ("a couple of dozen riders", 24),
        ("a couple of riders", 2),
        ("twelve hundred riders", 1200),
    ],
)
def test_numbers_of_every_make_are_read(text: str, count: int) -> None:
    assert only(f"There were {text}.").count == count


@pytest.mark.parametrize(
    ("word", "low"),
    [
        ("several", 3),
        ("numerous", 4),
        ("dozens of", 24),
        ("scores of", 40),
        ("hundreds of", 200),
        ("thousands of", 2000),
        ("tens of thousands of", 20_000),
    ],
)
def test_a_vague_word_gives_the_least_it_can_mean(word: str, low: int) -> None:
    found = only(f"They lost {word} horses.")
    assert (found.count, found.low, found.qualifier) == (None, low, "vague")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("100 or more riders", "at_least"),
        ("200-plus riders", "at_least"),
        ("30-odd riders", "about"),
        ("50 or so riders", "about"),
        ("60ish riders", "about"),
        ("300, give or take, riders", "exact"),
        ("300 give or take", "about"),
        ("40 or higher", "at_least"),
        ("40 and rising", "at_least"),
        ("close on 40 riders", "nearly"),
        ("anything up to 40 riders", "up_to"),
        ("upwards of 40 riders", "at_least"),
    ],
)
def test_a_hedge_may_stand_before_or_behind_its_number(text: str, qualifier: str) -> None:
    assert only(f"They saw {text}.").qualifier == qualifier


def test_a_conversion_in_brackets_is_the_same_sum_again() -> None:
    first, second = read("Britain gave £1 billion ($1.3 billion) in aid.")
    assert (first.count, first.currency, first.conversion) == (10**9, "GBP", False)
    assert (second.count, second.currency, second.conversion) == (1_300_000_000, "USD", True)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("20 million Kuwaiti dinars", 20_000_000, "KWD"),
        ("700 million baht", 700_000_000, "THB"),
        ("3 trillion rupiah", 3_000_000_000_000, "IDR"),
        ("QR 40 million", 40_000_000, "QAR"),
        ("Tk 50 million", 50_000_000, "BDT"),
        ("KSh 9 million", 9_000_000, "KES"),
        ("1.3 billion kroner", 1_300_000_000, "NOK"),
        ("750 million Danish kroner", 750_000_000, "DKK"),
        ("2 billion Sri Lankan rupees", 2_000_000_000, "LKR"),
        ("R50 million", 50_000_000, "ZAR"),
        ("R12,000", 12_000, "ZAR"),
        ("N5bn", 5_000_000_000, "NGN"),
        ("Sh500 million", 500_000_000, "KES"),
        ("Rs. 20 lakh", 2_000_000, "INR"),
        ("Rs.20 crore", 200_000_000, "INR"),
        ("GH¢3 million", 3_000_000, "GHS"),
        ("€1½ million", 1_500_000, "EUR"),
        ("a million and a half dollars", 1_500_000, "USD"),
        ("$2½bn", 2_500_000_000, "USD"),
    ],
)
def test_the_currencies_of_givers_and_receivers_are_known(text: str, amount: int, currency: str) -> None:
    (sum_,) = read(f"They gave {text}.")
    assert (sum_.count, sum_.currency) == (amount, currency)


@pytest.mark.parametrize(
    "text", ["They took the R5 to Wexen.", "A K9 unit and an N95 mask.", "It lies on the R 500 road."]
)
def test_a_letter_is_a_symbol_only_where_it_touches_thousands(text: str) -> None:
    assert all(q.currency is None for q in read(text))


def test_a_half_that_begins_a_number_of_its_own_belongs_to_that() -> None:
    assert [q.count for q in read("They counted a million and a half-dozen more.")] == [1_000_000, 6]


def test_two_sums_in_a_list_are_two_sums() -> None:
    assert [q.conversion for q in read("They gave €1.5bn, NOK 2 billion and C$50 million.")] == [False, False, False]


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("He is a 49-year-old baker", Sort.MEASURE),
        ("It lies 12 km off", Sort.MEASURE),
        ("Some 12 percent agreed", Sort.MEASURE),
        ("It began in 2014", Sort.YEAR),
        ("He came on 24 March", Sort.DAY),
        ("He came on March 24", Sort.DAY),
        ("He carried an AK-47", Sort.LABEL),
        ("Resolution 2231 was passed", Sort.LABEL),
        ("The third round begins", Sort.ORDINAL),
        ("The 3rd round begins", Sort.ORDINAL),
        ("He ran at 2.75 a time", Sort.DECIMAL),
        ("It rose to three figures", Sort.MEASURE),
        ("A six-figure sum", Sort.MEASURE),
    ],
)
def test_what_counts_no_people_and_no_money_says_what_it_is(text: str, sort: Sort) -> None:
    assert read(text)[0].sort is sort


def test_a_magnitude_at_the_end_of_a_range_holds_for_its_start() -> None:
    found = only("They need $2-3 billion.")
    assert (found.low, found.high, found.currency) == (2 * 10**9, 3 * 10**9, "USD")


def test_nobody_is_zero() -> None:
    assert only("No one came.").count == 0


#: what a figure can stand beside: hedges, currencies, magnitudes, labels, ranges, ordinals, months, measures
BESIDE = (
    "12", "7", "1950", "45,000", "000", "people", "about", "a", "$", "US", "million", "m", "-", "to", "and", "or",
    "half", "th", "percent", "May", "euros", "Rs", ".", ",", "by", "between", "km", "(", "s", "No", "more", "than",
    "AK", "/",
)  # fmt: skip
FIGURES = st.lists(st.tuples(st.sampled_from(BESIDE), st.sampled_from(("", " "))), min_size=1, max_size=9)


@given(FIGURES.map(lambda parts: "".join(map("".join, parts))))
def test_a_figure_beside_which_nothing_is_told_is_read_the_short_way_as_the_long(text: str) -> None:
    for sentence in Document(Item(source="s", id="1", url="", title="", text=text), load("en")).sentences:
        grammar: Quantities = sentence.document.reader.quantities
        reader = _Reader(grammar, sentence.words, sentence.raw, sentence.glued, sentence.common)
        for i in sentence.figures:
            plain = reader.plain(i)
            assert plain is None or plain == reader.quantity(i)
