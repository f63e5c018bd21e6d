"""Days as texts name them, against a day of publication (Wednesday, 30 March 2022)."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.model import Item

WEDNESDAY = dt.date(2022, 3, 30)


def day(text: str, published: dt.date | None = WEDNESDAY, *, future: bool = False) -> dt.date | None:
    (sentence,) = Document(Item(id="d", text=text, published=published, language="en"), load("en")).sentences
    return sentence.days[0].on(published, future=future) if sentence.days else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("They met on Tuesday.", "2022-03-29"),
        ("They met on Wednesday.", "2022-03-30"),
        ("They met last Wednesday.", "2022-03-23"),
        ("They met late on Sunday night.", "2022-03-27"),
        ("They met today.", "2022-03-30"),
        ("They met yesterday.", "2022-03-29"),
        ("They met the day before yesterday.", "2022-03-28"),
        ("They met on 8 March.", "2022-03-08"),
        ("They met on March 13.", "2022-03-13"),
        ("They met on Feb. 24.", "2022-02-24"),
        ("They met on the 7th.", "2022-03-07"),
        ("They met on December 5.", "2021-12-05"),
        ("They met on 14-15 March.", "2022-03-14"),
        ("They met on 3 May 2014.", "2014-05-03"),
        ("They met on May 3, 2014.", "2014-05-03"),
        ("They met on 2014-05-03.", "2014-05-03"),
        ("They met on 03.05.2014.", "2014-05-03"),
        ("They met on the 21st of March.", "2022-03-21"),
        ("They met two days ago.", "2022-03-28"),
        ("They met on Friday last week.", "2022-03-25"),
        ("They met on Monday of last week.", "2022-03-21"),
        ("they met on tuesday", "2022-03-29"),
        ("they met on 8 february", "2022-02-08"),
        ("They met on the third of March.", "2022-03-03"),
        ("They met on March the 3rd.", "2022-03-03"),
        ("They met on Christmas Day.", "2021-12-25"),
        ("They met on New Year's Eve 2019.", "2019-12-31"),
    ],
)
def test_a_past_day_is_the_last_such_day(text: str, wanted: str) -> None:
    assert day(text) == dt.date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("They will meet on Friday.", "2022-04-01"),
        ("They will meet on Wednesday.", "2022-03-30"),
        ("They will meet next Wednesday.", "2022-04-06"),
        ("They will meet tomorrow.", "2022-03-31"),
        ("They will meet on Monday next week.", "2022-04-04"),
        ("They will meet in three days' time.", "2022-04-02"),
        ("They will meet on 8 April.", "2022-04-08"),
        ("They will meet on January 12.", "2023-01-12"),
    ],
)
def test_a_day_to_come_is_the_next_such_day(text: str, wanted: str) -> None:
    assert day(text, future=True) == dt.date.fromisoformat(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "They met last week.",
        "They met this month.",
        "They met some days ago.",
        "They met in March.",
        "They may meet.",
        "They met daily.",
        "They march on.",
        "They met over the weekend.",
        "They meet every Monday.",
        "They mourned Bloody Sunday.",
        "They met the following day.",
        "They will meet in the next day or two.",
        "The second of them met in March.",
        "In March the 3 leaders met.",
    ],
)
def test_what_gives_no_day_gives_none(text: str) -> None:
    assert day(text) is None


def told(text: str, published: dt.date | None = WEDNESDAY) -> list[str | None]:
    """The last day of each sentence, as an ISO day."""
    document = Document(Item(id="d", text=text, published=published, language="en"), load("en"))
    days = [sentence.days[-1].on(published) if sentence.days else None for sentence in document.sentences]
    return [None if day is None else day.isoformat() for day in days]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rain fell on Monday. The following day it snowed.", ["2022-03-28", "2022-03-29"]),
        ("Rain fell on Monday, and a day earlier it had snowed.", ["2022-03-27"]),
        ("Rain fell on 8 March. Nobody minded. Two days later it snowed.", ["2022-03-08", None, "2022-03-10"]),
        ("Rain fell on 8 March. The next day it snowed. A day later came hail.",
         ["2022-03-08", "2022-03-09", "2022-03-10"]),
        ("On Sunday it rained. Three days earlier it had snowed.", ["2022-03-27", "2022-03-24"]),
        ("It rained. The next day it snowed.", [None, None]),
        ("Rain fell on Monday. It passed. Nobody saw. It dried. All slept. The next day it snowed.",
         ["2022-03-28", None, None, None, None, None]),
    ],
)  # fmt: skip
def test_a_day_may_be_counted_from_the_one_told_before(text: str, wanted: list[str | None]) -> None:
    assert told(text) == wanted


def test_a_title_tells_no_day_that_a_text_counts_from() -> None:
    item = Item(id="d", title="Rain on Monday", text="It snowed two days later.", published=WEDNESDAY, language="en")
    assert Document(item, load("en")).sentences[-1].days == ()


def test_a_thousand_days_in_a_row_are_counted_without_end_or_overflow() -> None:
    assert told("Rain fell on Monday. " + "The next day it rained. " * 2000)[-1] is not None
    assert told("Rain fell today. The next day it rained.", dt.date.max)[-1] is None


def test_without_a_day_of_publication_only_full_dates_are_days() -> None:
    assert day("They met on Tuesday.", None) is None
    assert day("They met on 8 March.", None) is None
    assert day("They met on 8 March 2015.", None) == dt.date(2015, 3, 8)


def test_the_dateline_stands_in_for_a_missing_day() -> None:
    document = Document(Item(id="d", text="HERAT (Jan. 25, 2013) — Rain fell yesterday.", language="en"), load("en"))
    assert document.published == dt.date(2013, 1, 25)


def test_the_last_day_of_time_overflows_nothing() -> None:
    assert day("They met tomorrow.", dt.date.max) is None
    assert day("They met yesterday.", dt.date.min) is None
