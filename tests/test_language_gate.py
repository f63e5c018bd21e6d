"""A gate lets every sentence pass that has one of its phrases, and none that only has words of them."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.kinds.aid_pledge.find_words import Words as AidWords
from monitor.kinds.casualty_update.find_tables import HARMS, OF_PEOPLE, Tables
from monitor.kinds.talk_round.find_words import TRIGGERS
from monitor.kinds.talk_round.find_words import Words as TalkWords
from monitor.language.gate import Gate
from monitor.language.lexicon import Lexicon, load
from monitor.language.text import tokens

ENGLISH: Lexicon = load("en")


def _sentence(words: Sequence[str]) -> Any:
    """What a gate asks of a sentence."""
    return SimpleNamespace(
        words=words, has=lambda some: not some.isdisjoint(words), passes=lambda gate: gate.opens(list(words))
    )


def _opens(gate: Gate, text: str) -> bool:
    return gate.opens(tokens(text.lower()))


def test_a_phrase_opens_wherever_it_stands_and_its_words_apart_do_not() -> None:
    gate = Gate(["face to face", "Talks"], {"to"})
    assert _opens(gate, "face to face in Rome")
    assert _opens(gate, "They sat face to face")
    assert _opens(gate, "The talks went on")
    assert not _opens(gate, "to face the music, face it")
    assert not _opens(gate, "face to")
    assert not _opens(gate, "")


@given(
    st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3), max_size=5), st.lists(st.sampled_from("abcde"))
)
def test_a_gate_opens_exactly_for_lists_that_hold_a_phrase(phrases: list[list[str]], words: list[str]) -> None:
    there = any(words[k : k + len(p)] == p for p in phrases for k in range(len(words)))
    assert Gate([" ".join(p) for p in phrases], {"a"}).opens(words) == there


def test_every_trigger_of_a_kind_passes_the_kinds_own_gate() -> None:
    talks, tolls, aid = TalkWords.of(ENGLISH), Tables.of(ENGLISH), AidWords.of(ENGLISH)
    wanted = [("talk_round", TRIGGERS, talks.gate.opens)]
    alone = HARMS - {"harm_with_tail", "harm_tails", *OF_PEOPLE}
    wanted += [("casualty_update", tuple(alone), lambda words: tolls.gate.opens(_sentence(words)))]
    wanted += [("casualty_update", tuple(OF_PEOPLE), lambda words: tolls.gate.opens(_sentence([*words, "soldiers"])))]
    wanted += [("aid_pledge", ("goods",), aid.goods_gate.opens), ("aid_pledge", ("bare_aid",), aid.bare_nouns.opens)]
    for kind, roles, opens in wanted:
        section = ENGLISH.section(kind)
        phrases = [p for role in roles for same in section.phrases(role).values() for p in same]
        assert phrases
        assert [p for p in phrases if not opens(["so", *tokens(p.lower()), "now"])] == []


@given(st.text(st.characters(categories=["L"]), min_size=1))
def test_letters_alone_are_one_token_so_that_a_gate_need_not_split_them(word: str) -> None:
    assert list(tokens(word.lower())) == [word.lower()] or not word.lower().isalpha()
