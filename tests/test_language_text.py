"""Tokens, paragraphs and sentences: where they begin and end, whatever the text holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.language.text import LONGEST, TOKEN, Chunks, tokenise, tokens
from monitor.model import Item

#: letters, marks, controls, directions, joiners, line ends of every kind
ANY = st.text(
    alphabet=st.characters(codec="utf-8")
    | st.sampled_from("\u202e\u2066\u200d\u00ad\x00\x0b\x0c\x85\u2028\r\n\t ’“.,;-'0aA"),
    max_size=400,
)


def sentences(text: str, title: str = "") -> list[str]:
    return [s.text for s in Document(Item(id="t", title=title, text=text, language="en"), load("en")).sentences]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ukraine's army", ["Ukraine", "'s", "army"]),
        ("the U.S. sent 1,500.5", ["the", "U.S.", "sent", "1,500.5"]),
        ("Russian-backed", ["Russian", "-", "backed"]),
        ("didn't", ["didn't"]),
        ("$200m (£160m)", ["$", "200", "m", "(", "£", "160", "m", ")"]),
        ("Sana'a at 10:30", ["Sana'a", "at", "10:30"]),
        ("the 24th", ["the", "24", "th"]),
        ("$2½bn", ["$", "2", "½", "bn"]),
    ],
)
def test_tokens_are_words_figures_and_marks(text: str, wanted: list[str]) -> None:
    assert tokens(text) == wanted


#: figures with every separator, possessives, initials, hyphens, spaces of every kind
FIGURES = st.text(st.sampled_from("0123456789 \u00a0\u2009\u202f,.:'’-ab²½٣SsU"), max_size=40)


@given(FIGURES | ANY)
def test_text_taken_in_at_its_spaces_has_the_tokens_of_the_whole(text: str) -> None:
    matches = list(TOKEN.finditer(text))
    raw, words, glued, figures, capitals, marks = tokenise(text, Chunks(lambda raw, words: len(raw) > 0))
    assert raw == [m[0] for m in matches]
    assert words == [w.lower().replace("’", "'") for w in raw]
    assert figures == [k for k, word in enumerate(raw) if word[0].isdecimal()]
    assert capitals == [k for k, word in enumerate(raw) if word[0].isupper()]
    assert glued == {k for k in range(1, len(raw)) if matches[k].start() == matches[k - 1].end()}
    assert marks == (len(raw) > 0)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It ended. A new one began.", 2),
        ("Mr. Holm met Gen. Ortiz on Feb. 24 in the U.S. capital.", 1),
        ("They met in the U.S. The talks failed.", 2),
        ("He asked why? Nobody knew! They left…  Then it rained.", 4),
        ("“We will come.” She said no more.", 2),
        ("It closed in May.The next one opened in June.", 2),
        ("A first line without an end\nA second line", 2),
        ("A line that goes on\nin lower case", 1),
        ("A line that is wrapped\u2028by a line separator", 1),
        ("A line that is wrapped\r\nby a return and a feed", 1),
        (
            "Soldiers of the northern command stopped the push on Torvik, and killed\nForty men of the third brigade, "
            "whose lorries had come down the road from\nKelso before dawn. The general, who had been told of it in the "
            "night by\nHolm, a scout, waited at the bridge. Nobody else was hurt, an officer of\nTorvik said.",
            3,
        ),
        (
            "NORLAND: Three planes with tents and blankets have landed in Kelso today.\n"
            "SUDLAND: It will send two field hospitals and a team of forty surgeons.\n"
            "OSTLAND: Sixty rescuers with dogs have been on their way since Monday.\n"
            "WESTLAND: The cabinet has promised a first sum, and doctors, on Tuesday.\n"
            "Nobody else has said what is to come, or when it can be expected there.",
            5,
        ),
        ("Killed: 12\nWounded: 30\nMissing: 4\nHouses burned: 61\nVillages hit: 9\nRoads cut: 2", 6),
        ("A heading\n\u2028and what follows an empty line", 2),
        ("J. K. Petersen spoke at 5 p.m. on Monday.", 1),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, number: int) -> None:
    assert len(sentences(text)) == number


def test_what_the_site_says_is_left_out() -> None:
    text = (
        "Three boats sank.\nRead more: Storm warning\nSign up to our newsletter\nNobody drowned.\n"
        "Comments\nI saw it. 12 drowned!"
    )
    assert sentences(text) == ["Three boats sank.", "Nobody drowned."]


def test_unpunctuated_text_is_cut() -> None:
    found = sentences("word " * 5000)
    assert len(found) > 10
    assert max(map(len, found)) <= LONGEST


@given(ANY, ANY)
def test_every_token_stands_where_its_offsets_say(title: str, text: str) -> None:
    document = Document(Item(id="t", title=title, text=text, language="en"), load("en"))
    for sentence in document.sentences:
        source = document.source(sentence.field)
        assert source[sentence.start : sentence.end] == sentence.text
        for word, start, end in zip(sentence.raw, sentence.starts, sentence.ends, strict=True):
            assert source[start:end] == word
        assert len(sentence.words) == len(sentence.raw)


@given(ANY)
def test_every_layer_can_be_made_of_any_text(text: str) -> None:
    for sentence in Document(Item(id="t", text=text), load("en")).sentences:
        n = len(sentence)
        layers: tuple[Any, ...] = (
            *sentence.quantities,
            *sentence.days,
            *sentence.actors,
            *sentence.places,
            *sentence.credits,
        )
        for mention in layers:
            assert 0 <= mention.i < mention.j <= n, mention
        assert sentence.credit(0) is None or isinstance(sentence.credit(0), str)
