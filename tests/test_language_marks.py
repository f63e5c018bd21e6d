"""The bits of a sentence never hide what its words have: asked by them or without, it answers the same."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.language.document import Document
from monitor.language.gate import Gate
from monitor.language.lexicon import Lexicon, load
from monitor.language.text import tokens
from monitor.model import Item

ENGLISH: Lexicon = load("en")
#: words of phrases of every kind: of one word and of several, of any case and in capitals
WORDS = sorted({
    word
    for section, role in (
        ("common", "titles"), ("common", "hedges"), ("common", "seats"), ("talk_round", "after"),
        ("casualty_update", "harm_verbs"), ("aid_pledge", "goods"),
    )
    for same in ENGLISH.section(section).phrases(role).values()
    for phrase in same
    for word in tokens(phrase)
} | {"US", "us", "May", "may", "of", "the", "to", "12 000", "3", "x"})  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)


def _document(text: str, lexicon: Lexicon = ENGLISH) -> Document:
    return Document(Item(source="s", id="1", url="", title="", text=text), lexicon)


@given(TEXTS)
def test_a_role_is_found_whether_its_bit_or_its_phrases_are_asked(text: str) -> None:
    for name, section in ENGLISH.sections.items():
        for asked, sentence in zip(_document(text).sentences, _document(text).sentences, strict=True):
            found = section.find(sentence.words, sentence.raw)
            several = frozenset(sorted({role for hit in found for role in hit.roles})[:3]) | {"titles"}
            assert list(asked.of_roles(name, several)) == [h for h in found if not several.isdisjoint(h.roles)]
            for role in section.roles():
                assert list(asked.of_role(name, role)) == [h for h in found if role in h.roles]
            assert list(sentence.hits(name)) == found


@given(TEXTS, st.frozensets(st.sampled_from(WORDS).map(str.lower), min_size=1), st.booleans())
def test_a_set_of_words_is_found_whether_it_has_a_bit_or_not(text: str, words: frozenset[str], known: bool) -> None:
    lexicon = Lexicon("en", ENGLISH.sections)
    lexicon.derived.update(ENGLISH.derived)
    if known:
        lexicon.marks.know(words)
    document = _document(text, lexicon)
    there = [not words.isdisjoint(sentence.words) for sentence in document.sentences]
    assert [sentence.has(words) for sentence in document.sentences] == there
    assert [sentence in document.having(words) for sentence in document.sentences] == there


def test_a_set_made_known_while_a_document_is_read_is_found_in_it_and_in_the_next() -> None:
    lexicon, words = Lexicon("en", ENGLISH.sections), frozenset(("board",))
    document = _document("The board met.", lexicon)
    assert len(document.sentences) == 1
    lexicon.marks.know(words)
    assert document.having(words) == [document.sentences[0]]
    assert len(_document("The board met.", lexicon).having(words)) == 1


def test_sentences_pass_a_gate_that_has_bits_as_they_do_without() -> None:
    lexicon, gate = Lexicon("en", ENGLISH.sections), Gate(["chair of the board", "give"], {"of", "the"})
    for _ in range(2):
        document = _document("They give.\nThe chair of the board.\nThe board of chairs met.", lexicon)
        assert [s.text for s in document.passing(gate)] == ["They give.", "The chair of the board."]
        lexicon.marks.know(gate.words, gate.alone)
