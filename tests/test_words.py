"""Headlines and table cells of the three kinds, and the numbers, sums, days and names in them."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.kinds import KINDS
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.wording import ENGLISH, Speech, listed, ordinal
from monitor.model import ChangeType, Claim, Event, Evidence, Facts, News

SEEN = dt.datetime(2022, 3, 30, tzinfo=dt.UTC)


def claim(facts: Facts, outlet: str | None = "AFP") -> Claim:
    evidence = Evidence(field="text", start=0, end=2, text="..")
    return Claim(event=Event(facts=facts, evidence=evidence), outlet=outlet, published=SEEN.date(), seen=SEEN)


def headline(
    facts: Facts, type: str = "new", *, claimed: Facts | None = None, voices: tuple[Facts, ...] = (), **fields: object
) -> str:
    news = News(
        type=ChangeType(type),
        reason="a reason",
        event_id=1,
        claim=claim(claimed or facts),
        facts=facts,
        fields=fields,  # type: ignore[arg-type]  # slot=(before, after)
        voices=tuple(claim(voice) for voice in voices),
        at=SEEN,
    )
    return KINDS[facts.kind].words.headline(news)


AID = AidPledge(
    donors=("USA",),
    recipient="UKR",
    amount=500_000_000,
    currency="USD",
    qualifier="exact",
    aid_types=("financial",),
    status="pledged",
)
TALKS = TalkRound(parties=("RUS", "UKR"), place="Istanbul", date=dt.date(2022, 3, 29), status="held", mode="in_person")


def test_a_rising_toll_tells_the_new_figure_the_old_one_and_who_says_so():
    facts = CasualtyUpdate(
        harm="killed", count=5000, qualifier="at_least", place="Mariupol", attribution="local officials"
    )
    told = headline(facts, "updated", count=(2187, 5000), qualifier=("exact", "at_least"))
    assert told == "Mariupol: at least 5,000 killed, was 2,187 (local officials)"


@pytest.mark.parametrize(
    "attribution, told",
    [
        ("Local officials", "local officials"),
        ("Mariupol city council", "Mariupol city council"),
        ("NATO", "NATO"),
        ("Police", "police"),
        ("The New Post", "The New Post"),
        ("US officials", "US officials"),
    ],
)
def test_who_says_so_is_written_as_in_the_middle_of_a_sentence(attribution, told):
    assert headline(CasualtyUpdate(harm="killed", count=3, attribution=attribution)) == f"3 killed ({told})"


def test_a_pledge_that_moves_up_tells_what_it_was_before():
    told = headline(AID, "updated", status=("considered", "pledged"))
    assert told == "US pledges $500 million in financial aid to Ukraine, was considering it"


def test_talks_tell_who_where_and_when():
    assert headline(TALKS) == "Russia and Ukraine hold talks in Istanbul (29 March)"


def test_a_disputed_toll_sets_the_two_figures_side_by_side():
    ours = CasualtyUpdate(harm="killed", count=498, side="RUS", victims="military", attribution="Moscow")
    theirs = CasualtyUpdate(harm="killed", count=12_000, side="RUS", victims="military", attribution="Kyiv")
    told = headline(ours, "disputed", voices=(theirs,))
    assert told == "disputed: Moscow says 498 of its soldiers killed, Kyiv says 12,000"


def test_disputed_casualties_are_counted_among_people():
    ours = CasualtyUpdate(harm="casualties", count=498, side="RUS", victims="military", attribution="Moscow")
    theirs = CasualtyUpdate(harm="casualties", count=12_000, side="RUS", victims="military", attribution="Kyiv")
    told = headline(ours, "disputed", voices=(theirs,))
    assert told == "disputed: Moscow says 498 casualties among its soldiers, Kyiv says 12,000"


def test_those_who_speak_for_one_state_are_one_voice_in_a_dispute():
    def says(count: int, who: str) -> CasualtyUpdate:
        return CasualtyUpdate(harm="killed", count=count, attribution=who)

    told = headline(says(4, "Moscow"), "disputed", voices=(says(9, "Ukraine"), says(3, "Russia"), says(8, "Kyiv")))
    assert told == "disputed: Moscow says 4 killed, Kyiv says 8"


def test_a_dispute_tells_the_latest_word_of_each_other_voice():
    def says(count: int, who: str) -> CasualtyUpdate:
        return CasualtyUpdate(harm="killed", count=count, attribution=who)

    told = headline(says(4, "A"), "disputed", voices=(says(9, "B"), says(8, "C"), says(11, "B"), says(3, "A")))
    assert told == "disputed: A says 4 killed, B says 11, C says 8"


@pytest.mark.parametrize(
    "facts, told",
    [
        (CasualtyUpdate(harm="killed", low=200, qualifier="vague"), "Hundreds killed"),
        (CasualtyUpdate(harm="killed", low=20_000, qualifier="vague"), "Tens of thousands killed"),
        (CasualtyUpdate(harm="casualties", low=200, qualifier="vague"), "Hundreds of casualties"),
        (CasualtyUpdate(harm="killed", low=24, qualifier="vague", victims="military"), "Dozens of soldiers killed"),
        (CasualtyUpdate(harm="killed", low=3, qualifier="vague", victims="military"), "Several soldiers killed"),
        (CasualtyUpdate(harm="displaced", count=2_700_000, qualifier="nearly"), "Nearly 2.7 million displaced"),
        (CasualtyUpdate(harm="wounded", low=10, high=15, place="Lviv"), "Lviv: 10 to 15 wounded"),
        (CasualtyUpdate(harm="casualties", count=9, side="RUS", victims="military"), "Russia: 9 military casualties"),
        (
            CasualtyUpdate(harm="captured", count=30, side="UKR", victims="military", place="Izium"),
            "Izium: 30 of Ukraine's soldiers captured",
        ),
        (CasualtyUpdate(harm="killed", count=6, side="Hamas", victims="military"), "Hamas: 6 fighters killed"),
        (CasualtyUpdate(harm="missing"), "People missing"),
    ],
)
def test_a_toll_reads_as_a_newspaper_would_print_it(facts, told):
    assert headline(facts) == told


@pytest.mark.parametrize(
    "slots, told",
    [
        ({"donors": ("CHN",), "recipient": "RUS", "status": "requested"}, "Russia asks China for aid"),
        ({"recipient": "RUS", "status": "requested"}, "Russia asks for aid"),
        ({"donors": ("USA",), "status": "requested", "goods": "jets"}, "US is asked for jets"),
        ({"donors": ("DEU", "USA"), "recipient": "UKR", "status": "approved"}, "Germany and US approve aid to Ukraine"),
        ({"donors": ("USA",), "recipient": "UKR", "status": "withheld"}, "US withholds aid from Ukraine"),
        ({"recipient": "UKR", "goods": "31 tanks", "status": "delivered"}, "31 tanks delivered to Ukraine"),
        ({"status": "considered", "amount": 5, "currency": "GBP"}, "£5 in aid considered"),
        (
            {"donors": ("EU",), "low": 2 * 10**9, "qualifier": "vague", "currency": "EUR"},
            "EU gives billions of euros in aid",
        ),
    ],
)
def test_a_pledge_reads_as_a_newspaper_would_print_it(slots, told):
    assert headline(AidPledge(**slots)) == told


@pytest.mark.parametrize(
    "fields, told",
    [
        ({"amount": (350_000_000, 500_000_000)}, "was $350 million"),
        ({"amount": (1, 500_000_000), "status": ("considered", "pledged")}, "was considering $1"),
        ({"status": ("requested", "pledged")}, "was asked for it"),
        ({"status": ("approved", "pledged")}, "had approved it"),
    ],
)
def test_a_pledge_tells_what_moved(fields, told):
    assert headline(AID, "updated", **fields).endswith(f", {told}")


@pytest.mark.parametrize(
    "slots, told",
    [
        (
            {"status": "planned", "round": 3, "mode": "video"},
            "Russia and Ukraine to hold third round of talks by video",
        ),
        ({"status": "held", "mode": "phone"}, "Russia and Ukraine speak by phone"),
        ({"status": "planned", "mode": "phone"}, "Russia and Ukraine to speak by phone"),
        ({"status": "ongoing", "place": "Minsk"}, "Russia and Ukraine are holding talks in Minsk"),
        ({"status": "cancelled", "place": "Minsk"}, "Talks between Russia and Ukraine in Minsk called off"),
        ({"status": "proposed", "mode": "phone"}, "Phone call between Russia and Ukraine proposed"),
        ({"status": "held", "parties": ("UN",)}, "UN holds talks"),
        ({"status": "held", "date": dt.date(2021, 12, 1)}, "Russia and Ukraine hold talks (1 December 2021)"),
    ],
)
def test_talks_read_as_a_newspaper_would_print_them(slots, told):
    assert headline(TalkRound(**{"parties": ("RUS", "UKR")} | slots)) == told


@pytest.mark.parametrize(
    "fields, told",
    [
        ({"status": ("planned", "held")}, "previously planned"),
        ({"place": ("Minsk", "Istanbul")}, "moved from Minsk"),
        ({"date": (dt.date(2022, 3, 28), dt.date(2022, 3, 29))}, "moved from 28 March"),
    ],
)
def test_talks_tell_what_moved(fields, told):
    assert headline(TALKS, "updated", **fields).endswith(f", {told}")


@pytest.mark.parametrize(
    "type, opening",
    [
        ("confirmed", "confirmed by AFP: US"),
        ("revised", "revised: US"),
        ("repeated", "again: US"),
        ("withdrawn", "withdrawn: US"),
    ],
)
def test_the_kind_of_change_opens_the_headline(type, opening):
    assert headline(AID, type).startswith(opening)


def test_a_withdrawal_names_the_outlet_that_no_longer_says_so():
    assert headline(TALKS, "withdrawn").endswith("(AFP no longer says so)")


def test_every_kind_fills_the_cells_of_the_table():
    toll = CasualtyUpdate(harm="killed", count=3, side="RUS", victims="military", place="Kherson", scope="cumulative")
    words = KINDS["casualty_update"].words
    assert words.when(toll) == "in total"
    assert words.what(toll) == "killed in Kherson"
    assert words.who(toll) == "soldiers of Russia"
    assert words.how_much(toll) == "3"
    words = KINDS["aid_pledge"].words
    assert [cell(AID) for cell in (words.when, words.what, words.who, words.how_much)] == [
        "", "financial aid pledged", "US to Ukraine", "$500 million",
    ]  # fmt: skip
    words = KINDS["talk_round"].words
    assert [cell(TALKS) for cell in (words.when, words.what, words.who, words.how_much)] == [
        "29 March 2022", "talks held in Istanbul", "Russia and Ukraine", "",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_empty_facts_can_be_told_of(kind):
    facts = KINDS[kind].facts()
    words = KINDS[kind].words
    for type in ChangeType:
        assert headline(facts, type)
    assert words.said(facts)
    assert words.who(facts) == words.how_much(facts) == words.when(facts) == ""


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_slot_but_the_currency_has_its_row(kind):
    rows = {slot for part in KINDS[kind].words.PARTS for slot in part.slots}
    assert rows == set(KINDS[kind].slots)


def test_values_of_slots_are_readable():
    assert KINDS["aid_pledge"].words.value("donors", ("GBR", "UKR")) == "UK and Ukraine"
    assert KINDS["aid_pledge"].words.value("amount", 1234567) == "1,234,567"
    assert KINDS["talk_round"].words.value("mode", "in_person") == "in person"
    assert KINDS["talk_round"].words.value("date", dt.date(2022, 3, 9)) == "9 March 2022"
    assert KINDS["talk_round"].words.value("place", None) == "–"
    assert KINDS["talk_round"].words.value("parties", ()) == "–"


@pytest.mark.parametrize(
    "code, name",
    [
        ("USA", "US"),
        ("RUS", "Russia"),
        ("TUR", "Turkey"),
        ("NATO", "NATO"),
        ("Hamas", "Hamas"),
        ("WFP", "WFP"),
        ("KOR", "South Korea"),
    ],
)
def test_actors_go_by_their_usual_names(code, name):
    assert ENGLISH.actor(code) == name


def test_more_than_four_actors_are_counted():
    assert ENGLISH.actors(("DEU", "FRA", "GBR", "ITA", "POL")) == "Germany, France, UK and 2 others"


@pytest.mark.parametrize(
    "amount, currency, told",
    [
        (500_000_000, "USD", "$500 million"),
        (2_750_000_000, "EUR", "€2.75 billion"),
        (1_234_567, "USD", "$1,234,567"),
        (40_000_000, "CHF", "CHF 40 million"),
        (7_000_000, None, "7 million"),
        (600_000, "CAD", "C$600,000"),
    ],
)
def test_sums_are_written_with_their_currency(amount, currency, told):
    assert ENGLISH.money(amount, currency) == told


def test_numbers_days_and_names_follow_the_readers_locale():
    german = Speech(locale="de")
    assert german.number(12_345) == "12.345"
    assert german.money(2_500_000, "EUR") == "2,5 Millionen €"
    assert german.day(dt.date(2022, 3, 29)) == "29 März 2022"
    assert german.actor("DEU") == "Deutschland"
    assert Speech(locale="en_IN").number(123_456) == "1,23,456"


def test_hedges_go_before_the_figure():
    assert ENGLISH.quantity(None, None, 30, "up_to") == "up to 30"
    assert ENGLISH.quantity(10, 15, None, "about") == "about 10 to 15"
    assert ENGLISH.quantity(7, None, None, None) == "at least 7"
    assert ENGLISH.quantity(None, None, None, None) == ""


def test_lists_and_ordinals_read_as_speech():
    assert [listed(()), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [ordinal(n) for n in (1, 3, 11, 12, 22, 101)] == ["first", "third", "11th", "12th", "22nd", "101st"]
