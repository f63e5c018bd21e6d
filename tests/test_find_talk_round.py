"""What the cases cannot show of talk_round's extraction: reference across a text, evidence, trace, any text at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.talk_round.find import find
from monitor.kinds.talk_round.find_memory import Memory
from monitor.kinds.talk_round.find_titles import Side
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import load
from monitor.language.trace import Trace
from monitor.model import Event, Item

TUESDAY = dt.date(2024, 5, 14)
#: words that the rules look at, in any order
SALAD = """
Talks between with and the Kyiv Moscow Egypt Sudan met meeting call visit , . ; “ ” - ’s of in Cairo on Friday will not
round second first rebels government UN-brokered hosted by told during his they both sides opposition
"""
WORDS = st.sampled_from(SALAD.split())


def found(text: str, title: str = "", published: dt.date | None = TUESDAY) -> list[Event]:
    return list(find(Document(Item(id="x", title=title, text=text, published=published), load("en"))))


def facts(text: str, title: str = "") -> list[TalkRound]:
    talks = []
    for event in found(text, title):
        assert isinstance(event.facts, TalkRound)
        talks.append(event.facts)
    return talks


def test_a_meeting_told_in_title_and_text_is_one_event_with_the_values_of_both() -> None:
    (talks,) = facts("The second round ended on Monday in Muscat without a deal.", "Oman hosts Iran-Iraq talks")
    assert (talks.parties, talks.round, talks.place, talks.date) == (
        ("IRN", "IRQ"),
        2,
        "Muscat",
        dt.date(2024, 5, 13),
    )


def test_an_ordinal_alone_is_another_round_of_the_same_talks() -> None:
    first, second = facts(
        "Chad and Libya ended the third round of talks in Tunis on Monday. The fourth will be held in Rabat in June."
    )
    assert (first.round, first.place, first.status) == (3, "Tunis", "held")
    assert (second.parties, second.round, second.place, second.status) == (first.parties, 4, "Rabat", "planned")


def test_two_visitors_to_one_capital_are_two_visits() -> None:
    texts = "French President Emmanuel Macron visited Yerevan on 2 May. "
    texts += "French Foreign Minister Stephane Sejourne visited Yerevan on 9 May."
    assert [talks.date for talks in facts(texts)] == [dt.date(2024, 5, 2), dt.date(2024, 5, 9)]


def test_the_mode_of_a_reference_keeps_a_call_and_a_summit_apart() -> None:
    call, summit = facts(
        "Kenya's president spoke by phone with his Ethiopian counterpart on Monday. "
        "The leaders of Uganda and Rwanda met in Kigali. The summit lasted two hours."
    )
    assert (call.mode, call.parties) == ("phone", ("ETH", "KEN"))
    assert (summit.mode, summit.parties, summit.place) == ("in_person", ("RWA", "UGA"), "Kigali")


def test_a_dateline_says_where_a_meeting_was_that_its_sentence_does_not_place() -> None:
    (talks,) = facts("LIMA - Peruvian officials met a delegation of the World Bank on Monday.")
    assert (talks.parties, talks.place) == (("PER", "WB"), "Lima")


def test_the_dateline_is_no_place_of_a_call() -> None:
    (talks,) = facts("LIMA - Peru's president spoke by phone with his Chilean counterpart on Monday.")
    assert (talks.mode, talks.place) == ("phone", None)


def test_a_trace_names_the_rule_of_each_event_and_why_a_meeting_was_refused() -> None:
    trace = Trace()
    item = Item(
        id="x", text="Ghana met Togo in Lomé. Coalition talks in Ghana failed. There was a meeting.", published=TUESDAY
    )
    list(find(Document(item, load("en"), trace)))
    assert [step.rule for step in trace.steps if step.what == "found"] == ["subject meets object"]
    refused = {step.text: step.rule for step in trace.steps if step.what == "refused"}
    assert refused["talks"] == "talks of another kind"
    assert refused["meeting"] == "nobody to talk with is named"


def test_a_future_day_makes_a_plan_of_what_no_verb_places_in_time() -> None:
    (talks,) = facts("Thai-Cambodian border talks on 20 May")
    assert (talks.status, talks.date) == ("planned", dt.date(2024, 5, 20))


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_any_string_of_the_kinds_own_words_is_read_and_its_evidence_lies_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for event in found(text):
        assert text[event.evidence.start : event.evidence.end] == event.evidence.text
        assert isinstance(event.facts, TalkRound)
        assert len(event.facts.parties) >= 2
        assert not set(event.facts.parties) & set(event.facts.mediators)
        assert 0 < event.confidence <= 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_at_all_is_read(text: str, title: str) -> None:
    for event in found(text, title):
        source = title if event.evidence.field == "title" else text
        assert source[event.evidence.start : event.evidence.end] == event.evidence.text


@pytest.mark.parametrize(
    "text",
    [
        "Farmers in Kenya see prices rise.",
        "Ghana's navy received boats of a new type.",
        "The Peruvian minister signed a bill on Monday.",
        "Chile's parliament launched an inquiry.",
        "Cuban doctors go to war zones.",
        "A Maltese court will bring cases forward.",
        "Every Danish party discussed taxes.",
    ],
)
def test_where_no_two_can_stand_around_a_verb_no_side_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Sentence] = []

    def sides(_: Memory, sentence: Sentence) -> list[Side]:
        read.append(sentence)
        return []

    monkeypatch.setattr(Memory, "sides", sides)
    assert (found(text), read) == ([], [])


def test_a_verb_that_may_have_two_parties_is_refused_aloud() -> None:
    trace = Trace()
    list(find(Document(Item(id="x", title="", text="Farmers in Kenya see prices rise."), load("en"), trace)))
    assert [(step.text, step.rule) for step in trace.steps] == [("see", "nobody to talk with is named")]
