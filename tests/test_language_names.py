"""Actors, places and credits: who is named, where, and who says so."""

from __future__ import annotations

import pytest

from monitor.language import places
from monitor.language.actors import Form
from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.model import Item

LEXICON = load("en")


def read(text: str, title: str = "") -> Document:
    return Document(Item(id="n", title=title, text=text, language="en"), LEXICON)


def actors(text: str) -> list[str]:
    return [a.actor for s in read(text).sentences for a in s.actors]


def named(text: str) -> list[tuple[str, str]]:
    return [(p.name, p.level) for s in read(text).sentences for p in s.places if not p.attributive]


def credits(text: str) -> list[str]:
    return [c.text for s in read(text).sentences for c in s.credits]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ukraine thanked the United States.", ["UKR", "USA"]),
        ("The US told us no.", ["USA"]),
        ("Norwegian and Danish ships left.", ["NOR", "DNK"]),
        ("Turkiye and the Kremlin agreed.", ["TUR", "RUS"]),
        ("Spaniards met Poles and Swedes.", ["ESP", "POL", "SWE"]),
        ("The World Food Programme warned Hamas.", ["WFP", "Hamas"]),
        ("Zelenskiy, Zelenskyy and Zelensky are one.", ["UKR", "UKR", "UKR"]),
        ("The New York Times asked Washington.", ["USA"]),
        ("Ships crossed the English Channel.", []),
        ("Syrias army moved.", ["SYR"]),
        ("An Arakan Army unit fought M23.", ["Arakan Army", "M23"]),
    ],
)
def test_names_resolve_to_actors(text: str, wanted: list[str]) -> None:
    assert actors(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The Somali foreign minister, Amal Dirie, flew in. Dirie spoke.",
        "Amal Dirie, the foreign minister of Somalia, flew in. Dirie spoke.",
        "Somalia's foreign minister Amal Dirie flew in. Dirie spoke.",
        "Somali Foreign Minister Amal Dirie flew in. Dirie spoke.",
    ],
)
def test_a_title_teaches_for_whom_a_person_speaks(text: str) -> None:
    last = read(text).sentences[-1].actors
    assert [(a.actor, a.form) for a in last] == [("SOM", Form.PERSON)]


def test_a_former_minister_speaks_for_nobody() -> None:
    assert "dirie" not in read("The former Somali foreign minister Amal Dirie flew in.").people


def test_a_compound_qualifies_somebody_else() -> None:
    (actor,) = read("The Saudi-led coalition left.").sentences[0].actors
    assert (actor.actor, actor.compound) == ("SAU", True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A mine was found in Aleppo.", [("Aleppo", "city")]),
        ("A mine was found in the town of Bir Salah.", [("Bir Salah", "city")]),
        ("A mine was found in Kherson region.", [("Kherson region", "region")]),
        (
            "A mine was found in Andar district, Ghazni province.",
            [("Andar district", "district"), ("Ghazni province", "region")],
        ),
        ("A mine was found in eastern Ukraine.", [("eastern Ukraine", "country")]),
        ("A mine was found in al-Ramouseh.", [("al-Ramouseh", "unknown")]),
        ("A mine was found in rebel-held Kafr Nabl.", [("Kafr Nabl", "city")]),
        ("A mine was found near Deir ez-Zor.", [("Deir ez-Zor", "city")]),
        ("A mine was found in West Papua province.", [("West Papua province", "region")]),
        ("A mine was found in the West Bank.", [("West Bank", "region")]),
        ("Darfur had no rain.", [("Darfur", "region")]),
        ("A mine was found in Bandar Abbas.", [("Bandar Abbas", "city")]),
        ("A mine was found in Cox's Bazar.", [("Cox's Bazar", "city")]),
        ("A mine was found in St. Petersburg.", [("St. Petersburg", "city")]),
        ("A mine was found in Benin City.", [("Benin City", "city")]),
        ("A mine was found in the Jordan Valley.", [("Jordan Valley", "region")]),
        ("A mine was found in Benin.", [("Benin", "country")]),
        ("A mine was found in Lake Chad.", [("Lake Chad", "water")]),
        ("A mine was found in the Gulf of Aden.", [("Gulf of Aden", "water")]),
        ("A mine was found in the Strait of Hormuz on Friday.", [("Strait of Hormuz", "water")]),
        ("He said that Jordan Smith of Reading had come.", []),
        ("Of course Police came in May.", []),
    ],
)
def test_places_are_read_with_their_level(text: str, wanted: list[tuple[str, str]]) -> None:
    assert named(text) == wanted


def test_a_place_that_measures_another_says_so() -> None:
    found = read("A boat sank off Serhii, 50 km south of Odesa.").sentences[0].places
    assert [p.name for p in found if p.reference] == ["Odesa"]


def test_every_level_of_a_place_says_how_specific_it_is() -> None:
    kinds = LEXICON.common.phrases("place_kinds")
    assert {*kinds, places.UNKNOWN} <= places.SPECIFIC.keys()


@pytest.mark.parametrize(
    ("outer", "inner", "wanted"),
    [
        ("Donetsk region", "Mariupol", True),
        ("UKR", "Mariupol", True),
        ("Ukraine", "Donetsk region", True),
        ("Lviv", "Mariupol", False),
        ("Syria", "al-Hasakah", True),
        ("UKR", "Donbas", True),
        ("UKR", "Crimea", True),
        ("SDN", "Darfur", True),
        ("PSE", "the West Bank", True),
        ("IND", "the West Bank", False),
        ("COD", "North Kivu", True),
        ("Nowhere", "Nowhere", True),
        ("Nowhere", "Elsewhere", False),
    ],
)
def test_containment_is_known(outer: str, inner: str, wanted: bool) -> None:
    assert places.contains(outer, inner, LEXICON) is wanted


def test_spellings_of_one_place_meet() -> None:
    assert places.same_place("Kiev", "Kyiv", LEXICON)
    assert places.same_place("Hasakeh", "al-Hasakah", LEXICON)
    assert not places.same_place("Homs", "Hama", LEXICON)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Local officials said the bridge was closed.", ["Local officials"]),
        ("The bridge was closed, the governor said on Monday.", ["governor"]),
        ("The bridge was closed, said Olena Koval, a spokeswoman.", ["Olena Koval"]),
        ("The bridge was closed, according to the city council.", ["city council"]),
        ("The mayor, Ivan Petrenko, told reporters it was closed.", ["mayor, Ivan Petrenko"]),
        ("The bridge was closed.", []),
    ],
)
def test_the_source_of_a_sentence_is_credited(text: str, wanted: list[str]) -> None:
    assert credits(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("According to his ministry no fewer than 40 bridges were washed away.", ["ministry"]),
        ("According to police 12 cars were burnt.", ["police"]),
        ("According to UNICEF 300 tents were set up.", ["UNICEF"]),
        ("According to Channel 12 three bridges were closed.", ["Channel 12"]),
        ("A figure reported by The New York Times in mid-August said 900 homes were gone.", ["New York Times"]),
        ("It was closed, said the ministry, adding that the other was open.", ["ministry"]),
    ],
)
def test_a_source_ends_where_a_number_or_a_time_begins(text: str, wanted: list[str]) -> None:
    assert credits(text)[:1] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It was closed, said the provincial police chief, General Amir Nuri Kazan.", ["General Amir Nuri Kazan"]),
        ("It was closed, according to the head of the district, Ivan Melnyk.", ["Ivan Melnyk"]),
        ("It was closed, said the mayor of Izyum, Kharkiv Oblast.", ["mayor of Izyum"]),
        ("It was closed, said the governor, Hamas and the army.", ["governor"]),
        ("It was closed, said party spokesman Karim Bello.", ["party spokesman Karim Bello"]),
    ],
)
def test_a_person_is_credited_by_the_name_behind_what_describes_them(text: str, wanted: list[str]) -> None:
    assert credits(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Both are closed, officials and the watchdog KLMN say.",
            ["officials and the watchdog KLMN"],
        ),
        ("Both are closed, say police and the army.", ["police and the army"]),
        ("Both are closed, officials of that country said.", ["officials of that country"]),
        ("Unofficial US estimates put it at nine.", ["Unofficial US estimates"]),
        ("The aid group Save the Children said both were closed.", ["aid group Save the Children"]),
    ],
)
def test_a_source_is_read_whole_before_or_behind_a_present(text: str, wanted: list[str]) -> None:
    assert credits(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "To put it in numbers, nine of ten are closed.",
        "The town's state-run clinic took in nine of them.",
        "Those we met after they came ashore at Pozzallo told of nine days at sea.",
        "Aleppo province: A shell broke the bridge.",
    ],
)
def test_what_says_nothing_is_no_source(text: str) -> None:
    assert credits(text) == []


def test_an_outlet_that_passes_on_what_a_source_says_is_not_credited_for_it() -> None:
    document = read("Nine bridges are closed, the ministry said on Tuesday, Reuters reports.")
    assert document.sentences[0].credit(1) == "ministry"
    document = read("Reuters said that nine bridges were closed, on top of the six that had been, according to the UN.")
    assert document.sentences[0].credit(4) == "Reuters"


def test_he_is_the_person_named_behind_a_calling_that_opens_the_sentence_before() -> None:
    document = read("A doctor in charge of the ward, Nurul Amin, gave a list. Nine beds were free, he said.")
    assert document.sentences[1].credit(1) == "Nurul Amin"


def test_a_pronoun_is_credited_to_the_source_before() -> None:
    document = read("The governor said it was cold. He said two bridges were closed.")
    assert document.sentences[1].credit(4) == "governor"
