"""What the kinds' linking is written with: places, parties, figures, voices, time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.figures import agreeing, apart, rises
from monitor.kinds.ground import Ground, Sort, actor, ground, party_of, place_keys, says_one_more
from monitor.kinds.likeness import Texts, near_any, near_copies, resemblance, signature, spelt_alike
from monitor.kinds.linking import AsWritten, most_said, order, size_keys, time_keys, told_on
from monitor.kinds.said import Said
from monitor.kinds.voices import Outlets, opposed, same_voice
from monitor.model import Claim, Event, Evidence


def figure(
    count: int | None = None, qualifier: str = "exact", *, low: int | None = None, high: int | None = None
) -> CasualtyUpdate:
    return CasualtyUpdate(count=count, qualifier=qualifier, low=low, high=high)


def said(attribution: str | None, outlet: str = "Outlet") -> Claim:
    facts = CasualtyUpdate(attribution=attribution)
    evidence = Evidence(field="text", start=0, end=1, text="-")
    seen = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Claim(event=Event(facts=facts, evidence=evidence), outlet=outlet, item=outlet, seen=seen)


# --- places ---


@pytest.mark.parametrize(
    "a, b, stand",
    [
        ("Mariupol", "Donetsk region", Ground.WITHIN),
        ("Mariupol", "Ukraine", Ground.WITHIN),
        ("Kyiv", "Kiev", Ground.SAME),
        ("Rashidin", "Rashideen", Ground.SAME),
        ("Homs and Hama", "Hama", Ground.SAME),
        ("Kharkiv", "Kherson", Ground.OTHER),
        ("Lviv", "Donetsk region", Ground.OTHER),
        ("Nowhere-on-Sea", "Kherson", Ground.UNSURE),
        ("Nowhere-on-Sea", "Elsewhere Mill", Ground.OTHER),
        ("San Pedro Carchá", "Alta Verapaz", Ground.UNSURE),
        ("San Pedro Carchá", "Donetsk region", Ground.OTHER),
    ],
)
def test_places_stand_to_each_other_as_the_gazetteer_says(a: str, b: str, stand: Ground) -> None:
    assert ground(a, b) is stand
    assert ground(b, a) is stand


@pytest.mark.parametrize("a, b", [("Kyiv", "Kiev"), ("Slovyansk", "Sloviansk"), ("Rashidin", "Rashideen")])
def test_spellings_of_a_place_share_a_key(a: str, b: str) -> None:
    assert place_keys(a) & place_keys(b)


def test_short_names_are_not_taken_for_spellings_of_each_other() -> None:
    assert not spelt_alike("Homs", "Hama")


# --- actors ---


@pytest.mark.parametrize(
    "attribution, party",
    [
        ("Moscow", "RUS"),
        ("Russian officials", "RUS"),
        ("the Pakistani military's press office", "PAK"),
        ("the United Nations", "UN"),
        ("Syrian Observatory for Human Rights", None),
        ("both Ukrainian and Russian officials", None),
        ("local officials", None),
        (None, None),
    ],
)
def test_an_attribution_speaks_for_a_party_or_for_nobody(attribution: str | None, party: str | None) -> None:
    assert party_of(attribution) == party


def test_actors_are_known_by_any_of_their_names() -> None:
    assert actor("Asian Development Bank") == actor("ADB")
    assert actor("Inter-American Development Bank") == actor("IDB")
    assert actor("UKR")[1] is Sort.STATE
    assert actor("hill rebels")[1] is Sort.UNLISTED


def test_one_more_is_said_by_words_not_by_every_first_announcement() -> None:
    assert says_one_more("pledged another 20 million euros")
    assert not says_one_more("pledged an additional 20 million euros")


# --- voices ---


def test_sides_are_opposed_and_neutrals_are_not() -> None:
    assert opposed(party_of("Moscow"), party_of("Kyiv"))
    assert not opposed(party_of("Moscow"), party_of("the Kremlin"))
    assert not opposed(party_of("Moscow"), party_of("the United Nations"))
    assert not opposed(party_of("Moscow"), party_of("local officials"))


def test_a_voice_is_known_by_whom_it_credits_else_by_its_outlet() -> None:
    assert same_voice(Said(said("the city council", "A")), Said(said("Mariupol city council", "B")))
    assert same_voice(Said(said(None, "A")), Said(said(None, "A")))
    assert not same_voice(Said(said(None, "A")), Said(said(None, "B")))
    assert not same_voice(Said(said("Moscow", "A")), Said(said("Kyiv", "A")))


# --- figures ---


@pytest.mark.parametrize(
    "a, b",
    [
        (figure(2187), figure(2200, "nearly")),
        (figure(50, "at_least"), figure(59)),
        (figure(None, "vague", low=24), figure(73)),
        (figure(None, low=10, high=15), figure(12)),
        (figure(15000, "up_to"), figure(12000, "about")),
    ],
)
def test_figures_that_can_both_be_true_agree(a: CasualtyUpdate, b: CasualtyUpdate) -> None:
    assert agreeing(a, b)
    assert agreeing(b, a)


@pytest.mark.parametrize("a, b", [(figure(498), figure(12000, "about")), (figure(50, "at_least"), figure(12))])
def test_figures_that_cannot_both_be_true_do_not(a: CasualtyUpdate, b: CasualtyUpdate) -> None:
    assert not agreeing(a, b)


def test_the_factor_between_figures_is_that_of_what_is_stated() -> None:
    assert apart(figure(3), figure(34)) == pytest.approx(34 / 3)
    assert apart(figure(None, "vague", low=24), figure(73)) == 1.0
    assert apart(figure(None, "vague"), figure(73)) is None


def test_a_figure_rises_by_one_where_both_are_exact_and_by_more_than_rounding_elsewhere() -> None:
    assert rises(figure(59), figure(60))
    assert not rises(figure(2187), figure(2200, "nearly"))
    assert rises(figure(2187), figure(2300, "about"))
    assert not rises(figure(60), figure(59))


# --- time, size, order ---


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 30), st.integers(30, 120))
def test_days_within_a_window_share_a_bucket(day: dt.date, apart_by: int, width: int) -> None:
    assert time_keys([day], width) & time_keys([day + dt.timedelta(days=apart_by)], width)


@given(st.integers(1, 10**12), st.floats(1.0, 1.99))
def test_amounts_within_a_factor_share_a_bucket(amount: int, factor: float) -> None:
    assert size_keys(amount, 2) & size_keys(amount * factor, 2)


def test_an_undated_claim_stands_at_the_day_it_tells_of_else_at_the_day_it_was_seen() -> None:
    assert told_on(said(None)) == dt.date(2026, 1, 1)


def test_the_value_that_most_say_wins_and_the_first_of_equals() -> None:
    assert most_said(["a", None, "b", "b", ()]) == "b"
    assert most_said(["a", "b"]) == "a"
    assert most_said([None]) is None


def test_the_order_of_claims_does_not_depend_on_their_numbers() -> None:
    one, other = said("Moscow"), said("Kyiv")
    assert (order(one) < order(other)) is not (order(other) < order(one))


def test_claims_that_differ_in_nothing_but_their_facts_stand_as_these_are_written() -> None:
    one, other = said("Moscow"), said("Kyiv")
    assert order(one) == order(replace(one, id=7))
    assert (order(one) < order(other)) is (repr(one.event.facts) < repr(other.event.facts))
    assert (order(one) <= order(other)) is (order(one) < order(other))
    assert order(one) <= order(replace(one, id=7))


def test_of_a_day_what_has_no_instant_comes_before_what_has_one() -> None:
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    abroad = noon.astimezone(dt.timezone(dt.timedelta(hours=5)))
    undated = replace(said(None), published=noon.date())
    dated, later = replace(undated, published_at=noon), replace(undated, published_at=noon + dt.timedelta(seconds=1))
    assert order(undated) < order(dated) < order(later)
    assert order(dated) == order(replace(dated, published_at=abroad))


# --- texts ---


@given(st.text(alphabet="abcdefgh ", min_size=200, max_size=400))
def test_a_text_resembles_itself(text: str) -> None:
    sign = signature("", text)
    assert resemblance(sign, sign) in (0.0, 1.0)


def test_facts_of_one_span_are_in_one_order_whichever_way_they_are_asked() -> None:
    seven, nine = (AsWritten(CasualtyUpdate(harm="killed", count=count)) for count in (7, 9))
    assert seven < nine
    assert seven <= nine
    assert nine > seven
    assert nine >= seven


# --- many texts ---


def some_texts(by: Random, count: int) -> list[str]:
    """Signatures of texts of which some are cut, or have a paragraph of another."""
    words = [f"w{by.randint(0, 400):04d}xyz" for _ in range(60)]
    found = []
    for _ in range(count):
        begin = by.randint(0, 30)
        more = [f"v{by.randint(0, 9999):04d}xyz" for _ in range(by.randint(0, 30))]
        found.append(signature("", " ".join([*words[begin : begin + by.randint(3, 30)], *more])))
    return found


def test_a_text_is_found_among_many_as_it_is_pair_by_pair() -> None:
    by = Random(3)
    for count in (3, 11, 12, 40):
        texts, signs = Texts(), some_texts(by, count)
        for sign in signs:
            texts.add(sign)
        for asked in some_texts(by, 30):
            assert set(texts.near(asked)) == {sign for sign in signs if near_copies(asked, sign)}
            assert texts.has_near(asked) == near_any(asked, signs)


def test_outlets_count_the_same_in_whatever_order_their_claims_come() -> None:
    by = Random(5)
    for _ in range(30):
        claims = [(n, by.choice("ABCDEF"), sign) for n, sign in enumerate(some_texts(by, 16))]
        counted: dict[str, str] = {}
        for _rank, outlet, sign in claims:
            if outlet not in counted and not near_any(sign, counted.values()):
                counted[outlet] = sign
        grown = Outlets()
        for claim in by.sample(claims, len(claims)):
            grown.add(*claim)
            assert grown.independent >= 1
        assert grown.independent == len(counted)
