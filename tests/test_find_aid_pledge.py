"""Aid pledges in texts: what the rules of the kind promise beyond the cases of tests/cases/aid_pledge.en.yaml."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.aid_pledge.find import find
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.language.trace import Trace
from monitor.model import Event, Item

PHRASES = [
    *("Norway", "Ukraine", "the World Bank", "Kyiv", "US's", "he", "it", "the country", "donors"),
    *("to", "for", "by", "from", "and", ",", ".", ";", "—"),
    *(
        "will give",
        "gave",
        "has pledged",
        "approved",
        "asked",
        "suspended",
        "not",
        "may",
        "including",
        "since",
        "worth",
    ),
    *("$5 million", "€3bn", "(£2bn)", "NOK 4 bn", "30 tanks", "aid", "a package", "loan", "of which"),
]


def read(text: str, *, title: str = "", published: dt.date | None = None, trace: Trace | None = None) -> list[Event]:
    return list(find(Document(Item(id="x", title=title, text=text, published=published), load("en"), trace)))


def facts(text: str, *, published: dt.date | None = None) -> list[AidPledge]:
    found = [event.facts for event in read(text, published=published)]
    assert all(isinstance(f, AidPledge) for f in found)
    return [f for f in found if isinstance(f, AidPledge)]


def acts(text: str) -> list[str]:
    return [act.sort for act in Scene(Document(Item(id="x", text=text), load("en")).sentences[0]).acts]


def test_the_evidence_reaches_from_the_giver_to_the_receiver() -> None:
    (event,) = read("On Friday Portugal pledged 8 million euros to Angola, its minister said.")
    assert event.evidence.text == "Portugal pledged 8 million euros to Angola"


def test_the_evidence_is_the_text_at_its_offsets() -> None:
    text = "It rained.\n\nIn Oslo they say Norway has sent Moldova 30 generators."
    (event,) = read(text)
    assert text[event.evidence.start : event.evidence.end] == event.evidence.text


def test_what_only_the_title_says_has_its_evidence_there() -> None:
    (event,) = read("Nothing more is known.", title="Japan gives Laos $3 million in food aid")
    assert event.evidence.field == "title"


def test_a_fact_told_in_title_and_text_is_one_event() -> None:
    text = "Japan will give Laos $3 million in food aid, its foreign ministry said. The 3 million dollars are for rice."
    assert len(read(text, title="Japan gives Laos $3 million")) == 1


def test_a_hedged_figure_gives_way_to_the_exact_one() -> None:
    text = "The EU will lend Jordan nearly $500 million. The loan of $496 million to Jordan was approved by the EU."
    (found,) = facts(text)
    assert (found.amount, found.qualifier, found.status) == (496_000_000, "exact", "approved")


def test_a_vague_sum_gives_way_to_the_figure_in_the_next_sentence() -> None:
    text = (
        "The US Senate approved billions of dollars in military aid for Taiwan. "
        "The $8 billion package for Taiwan was passed by the Senate late at night."
    )
    assert [f.amount for f in facts(text)] == [8_000_000_000]


def test_two_givers_of_the_same_sum_are_two_events() -> None:
    text = "Spain pledged 2 million euros to Chad. Italy also pledged 2 million euros to Chad."
    assert sorted(f.donors for f in facts(text)) == [("ESP",), ("ITA",)]


def test_a_sum_for_several_has_no_receiver() -> None:
    (found,) = facts("The US pledged $40 million in aid to Kenya, Uganda and Rwanda.")
    assert found.recipient is None


def test_a_pronoun_goes_back_to_the_subject_of_the_sentence_before() -> None:
    found = facts("Sweden wants to help Georgia. It will provide 9 million euros in aid to Georgia.")
    assert [f.donors for f in found] == [("SWE",)]


def test_the_country_is_the_state_named_last_that_does_not_give() -> None:
    (found,) = facts("After the quake in Nepal, India pledged $12 million in relief to the country.")
    assert (found.donors, found.recipient) == (("IND",), "NPL")


def test_a_later_sentence_moves_the_status_on_and_gives_the_day() -> None:
    text = "Parliament has debated a Danish package of 40 million euros for Kenya. MPs approved the package on Tuesday."
    (found,) = facts(text, published=dt.date(2024, 5, 16))
    assert (found.status, found.date) == ("approved", dt.date(2024, 5, 14))


def test_noun_and_verb_are_told_apart() -> None:
    assert acts("Its support package and a pledge of aid to Mali were large.") == []
    assert acts("Norway pledges $5m.") == ["promise"]


def test_a_wall_of_marks_keeps_the_neighbouring_clause_out() -> None:
    text = "Norway opened an embassy; Finland will give Ghana 3 million euros in aid; Denmark closed a school."
    (found,) = facts(text)
    assert found.donors == ("FIN",)


def test_what_is_refused_is_told_to_the_trace() -> None:
    trace = Trace()
    assert read("Toyota will invest $3.4 billion in Kenya.", trace=trace) == []
    assert [(s.what, s.text) for s in trace.steps] == [("refused", "$3.4 billion")]


def test_merged_mentions_are_told_to_the_trace() -> None:
    trace = Trace()
    text = "Japan gave Laos $3 million in aid. Japan also said the $3 million in aid to Laos was a gift."
    assert len(read(text, trace=trace)) == 1
    assert "merged" in {s.what for s in trace.steps}


@pytest.mark.parametrize("text", ["", ".", "$", "aid aid aid", "to to to $5m for for", "€" * 500, "and $1bn " * 200])
def test_odd_texts_are_read_without_complaint(text: str) -> None:
    read(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), max_size=40))
def test_any_order_of_its_words_gives_sound_events(words: list[str]) -> None:
    text = " ".join(words)
    for event in read(text):
        assert isinstance(event.facts, AidPledge)
        assert text[event.evidence.start : event.evidence.end] == event.evidence.text
        assert 0 <= event.confidence <= 1
        assert list(event.facts.donors) == sorted(set(event.facts.donors))
        assert event.facts.recipient not in event.facts.donors


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for event in read(text):
        assert text[event.evidence.start : event.evidence.end] == event.evidence.text


def test_the_same_text_gives_the_same_events() -> None:
    text = "Austria gave Mali €4m and Malta €1m in aid. The EU may add €30m for Mali."
    assert read(text) == read(text)
