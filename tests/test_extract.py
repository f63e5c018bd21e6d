"""The extractor as a whole: order, languages, determinism, and that nothing breaks it."""

from __future__ import annotations

import datetime as dt
import gc
import importlib
import weakref
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract import extract
from monitor.kinds import KINDS
from monitor.language.document import Document
from monitor.language.lexicon import Lexicons
from monitor.language.recognise import recognise
from monitor.language.trace import Trace
from monitor.model import Item

LEXICONS = Lexicons.load()
PIECES = (
    "Five soldiers were killed in Sumy on Monday, officials said. ",
    "At least 12 people died and 30 were injured in the blast. ",
    "Norway will give Ukraine $200 million in military aid. ",
    "The foreign ministers of Russia and Turkey met in Ankara. ",
    "killed ", "dozens of ", "between ", "and ", "$", "1,2,3.4.5 ", "“", "’s ", "— ", "\n", "\u202e", "\u2067",
    "\x00", "\x1b[2J",
    "of ",    "the the the ", "including ", "İstanbul ", "ﬁve ", "𝟓 ", "٣ killed ", "a hundred and and ", ", ", "; ",
    "(", ")", "U.S. ", "'s 's ",
)  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)


def item(text: str, title: str = "", **more: object) -> Item:
    return Item(id="e", title=title, text=text, **{"published": dt.date(2022, 3, 30), **more})  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(SOUP, SOUP, st.none() | st.dates())
def test_nothing_breaks_it_and_the_evidence_is_always_there(title: str, text: str, published: dt.date | None) -> None:
    one = Item(id="e", title=title, text=text, published=published, language="en")
    for event in extract(one, LEXICONS).events:
        e = event.evidence
        assert (one.title if e.field == "title" else one.text)[e.start : e.end] == e.text
        assert e.text
        assert 0 <= event.confidence <= 1
        assert event.kind in KINDS


@pytest.mark.parametrize(
    "character",
    [
        chr(c)
        for c in (
            *range(0x20),
            0x7F,
            0x85,
            0xAD,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
            0xFEFF,
        )
    ],
)
def test_no_control_or_direction_mark_breaks_it(character: str) -> None:
    text = character.join(["Five", "soldiers", "were", "killed", "in", "Sumy,", "officials", "said."])
    assert extract(item(text, language="en"), LEXICONS) == extract(item(text, language="en"), LEXICONS)


@pytest.mark.parametrize(
    "unit", ["killed ", "5 ", "a", ".", " ", "(", "“", "and ", "\n", "A ", "-", "of the ", "said, ", "1,", "five "]
)
def test_monotonous_text_of_some_length_is_read_to_its_end(unit: str) -> None:
    extract(item(unit * (60_000 // len(unit)), language="en"), LEXICONS)


def test_ten_megabytes_are_read_to_their_end() -> None:
    text = "the lorries that " * 600_000 + "\n" * 100_000 + "Five soldiers were killed in Sumy."
    (event,) = extract(item(text, language="en"), LEXICONS).events
    assert (event.evidence.end, len(text) > 10_000_000) == (len(text) - len(" in Sumy."), True)


@pytest.mark.parametrize(
    ("kind", "compares", "sentence", "numbers"),
    [
        # sums that are nearer to each other than these would be one pledge
        (
            "aid_pledge",
            "same",
            "France will give Ukraine ${} in military aid. ",
            [round(1e6 * 1.04**n) for n in range(300)],
        ),
        ("talk_round", "_one", "Russia and Turkey will meet in Ankara for a {}th round of talks. ", range(4, 304)),
        ("casualty_update", "same_fact", "{} people were killed in Sumy on Monday. ", range(4, 304)),
    ],
)
def test_each_of_endless_events_is_compared_with_few_others(
    kind: str, compares: str, sentence: str, numbers: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module(f"monitor.kinds.{kind}.find_merge")
    compare, asked = getattr(module, compares), []

    def counted(*arguments: object) -> bool:
        asked.append(1)
        return bool(compare(*arguments))

    monkeypatch.setattr(module, compares, counted)
    found = extract(item("".join(sentence.format(n) for n in numbers), language="en"), LEXICONS).events
    assert len(found) >= 300
    assert len(asked) < 300 * 120  # all pairs are 300 * 150


def test_events_stand_in_the_order_of_their_evidence_the_title_first() -> None:
    found = extract(
        item("Six people died in Hama. Nine were wounded in Homs.", title="Flood kills 30 in Basra"), LEXICONS
    ).events
    assert [(e.evidence.field, e.evidence.start) for e in found] == sorted(
        [(e.evidence.field, e.evidence.start) for e in found], key=lambda p: (p[0] != "title", p[1])
    )
    assert found[0].evidence.field == "title"


def test_the_same_item_gives_the_same_events() -> None:
    one = item("".join(PIECES[:4]))
    assert extract(one, LEXICONS) == extract(one, LEXICONS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cinq soldats ont été tués lundi dans une attaque, ont annoncé les autorités locales de la région.", "fr"),
        ("Fünf Soldaten wurden am Montag bei einem Angriff getötet, wie die Behörden der Region mitteilten.", "de"),
        ("Пятеро военных погибли в понедельник в результате удара, сообщили местные власти.", "ru"),
    ],
)
def test_an_item_in_a_language_without_a_lexicon_is_skipped_and_says_why(text: str, language: str) -> None:
    found = extract(item(text), LEXICONS)
    assert (found.events, found.skipped) == ((), f"language: {language}")


def test_the_declared_language_is_believed() -> None:
    assert extract(item("Storm: 5 dead", language="nl"), LEXICONS).skipped == "language: nl"
    assert extract(item("Storm: 5 dead", language="en"), LEXICONS).skipped is None


def test_a_trace_tells_rules_and_refusals_and_changes_nothing() -> None:
    text = "Five soldiers were killed in Sumy on Monday. No civilians were wounded, the army said."
    trace = Trace()
    traced = extract(item(text, language="en"), LEXICONS, trace=trace)
    assert traced == extract(item(text, language="en"), LEXICONS)
    assert {s.what for s in trace.steps} >= {"found", "gave", "refused"}
    assert tuple(trace.events) == traced.events


def test_the_collector_of_garbage_is_left_as_it_was_found() -> None:
    text = "".join(PIECES[:4])
    assert gc.isenabled()
    extract(item(text), LEXICONS)
    assert gc.isenabled()
    gc.disable()
    try:
        extract(item(text), LEXICONS)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_document_that_is_let_go_of_leaves_nothing_to_the_collector() -> None:
    document = Document(item("".join(PIECES[:4])), LEXICONS["en"])
    sentence = weakref.ref(document.sentences[0])
    assert all(list(kind.find(document)) for kind in KINDS.values())
    gc.disable()
    try:
        document.release()
        assert sentence() is None
    finally:
        gc.enable()


def test_a_text_that_is_plainly_english_is_taken_for_it_unless_it_declares_another_language() -> None:
    text = "The army said that the road to the north of the city was open, and that it had not been shelled for a week."
    assert recognise(item(text), LEXICONS) is LEXICONS["en"]
    assert recognise(item(text, language="en-GB"), LEXICONS) is LEXICONS["en"]
    assert recognise(item("De weg naar het noorden is weer open.", language="nl"), LEXICONS) == "nl"


@pytest.mark.parametrize(
    "text",
    [
        "Brazil's Lula met Argentina's Milei in Brasilia.",
        "*OSLO SENDS CHISINAU 30 GENERATORS: MINISTRY",
        "Norway gives Moldova NOK 1.2 billion.",
        "Kenya-Somalia talks collapse",
        "Macron Phones Putin",
        "Qatar pledges $50m",
    ],
)
def test_a_headline_of_names_is_taken_for_the_language_of_its_other_words(text: str) -> None:
    assert recognise(item(text), LEXICONS) is LEXICONS["en"]


@pytest.mark.parametrize(
    "text",
    [
        "Brasil: Lula se reunió con Milei en Brasilia",
        "Norwegen gibt Moldau 1,2 Milliarden Kronen",
        "Macron appelle Poutine au téléphone",
        "Drei Tote bei Angriff auf Charkiw",
        "Ucraina, Draghi chiama Putin",
        "Ryssland: 498 soldater dödade",
        "Zeven doden bij aanslag in Quetta",
        "Presiden Jokowi bertemu Zelensky di Kyiv",
        "Wojna w Ukrainie: 12 zabitych w Charkowie",
        "Ataque mata 12 em Kharkiv, diz Kiev",
        "Türkiye, Ukrayna'ya 30 jeneratör gönderdi",
        "Siete muertos y 31 heridos en Quetta",
    ],
)
def test_a_headline_in_another_language_is_not_taken_for_one_of_ours(text: str) -> None:
    assert isinstance(recognise(item(text), LEXICONS), str)


def test_an_empty_item_tells_nothing() -> None:
    assert extract(item(""), LEXICONS).events == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Zwölf Menschen sind bei dem Brand ums Leben gekommen, teilte die Feuerwehr mit.", "de"),
        ("Les négociations reprennent jeudi à Genève entre les deux délégations.", "fr"),
        ("Al menos doce personas murieron tras el terremoto, según las autoridades.", "es"),
        ("Сорок человек погибли при обстреле города, сообщили власти.", "ru"),
        ("地震已造成十二人死亡 当局说 救援人员 仍在 搜寻 失踪者", "zh"),
    ],
)
def test_a_text_in_another_language_is_told_by_its_letters_and_words(text: str, language: str) -> None:
    assert recognise(item(f"{text} {text}"), LEXICONS) == language
