"""What a channel is told now, what waits and what is told together: no alert is ever forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.calm import LOUDNESS, TRAITS, Plan, Silence, Told, Waiting, group, plan
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Alert, Calm, ChangeType, Claim, Event, Evidence, News, Severity

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FREE = Calm(most=0)


def alert(number: int, *, place: str = "Aru", severity: Severity = Severity.INFO, harm: str = "killed") -> Alert:
    facts = CasualtyUpdate(harm=harm, count=number, place=place, date=NOW.date(), scope="incident")
    span = Evidence(field="text", start=0, end=1, text="x")
    claim = Claim(event=Event(facts=facts, evidence=span), source="wire", item=str(number), seen=NOW)
    news = News(
        type=ChangeType.NEW,
        reason="first report",
        event_id=number,
        claim=claim,
        facts=facts,
        fields={},
        at=NOW,
    )
    return Alert(id=number, key=f"key-{number}", channel="desk", rules=("tolls",), severity=severity, news=news)


def due(*alerts: Alert, created: datetime = NOW, held: bool = False) -> list[Waiting]:
    return [Waiting(alert=one, created=created, held=held) for one in alerts]


def told(result: Plan) -> list[list[int]]:
    return [sorted((one.id or 0) for one in bundle.alerts) for bundle in result.bundles]


def waits(result: Plan) -> dict[str, list[int | None]]:
    return {f"{hold.until:%d %H:%M} {hold.reason}": [one.id for one in hold.alerts] for hold in result.holds}


# --- nothing is forgotten --------------------------------------------------------------------------------------------

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
calms = st.builds(
    Calm,
    group_by=st.lists(st.sampled_from(TRAITS), unique=True).map(tuple),
    wait=st.sampled_from([timedelta(), MINUTE]),
    interval=st.sampled_from([timedelta(), HOUR]),
    digest=st.lists(clocks, max_size=3, unique=True).map(tuple),
    quiet=st.none() | st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]),
    urgent=st.sampled_from(LOUDNESS),
    most=st.integers(0, 5),
    within=st.sampled_from([MINUTE, HOUR]),
    time_zone=st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Europe/Kyiv"), ZoneInfo("Asia/Kathmandu")]),
)
instants = st.integers(0, 100_000).map(lambda seconds: NOW - timedelta(seconds=seconds))
places = st.sampled_from(["Aru", "Benda", "Corva"])
silenced = st.builds(
    Silence, id=st.integers(1, 9), until=instants.map(lambda at: at + 12 * HOUR), why=st.just("known"),
    place=st.none() | places, rule=st.none() | st.just("tolls"),
)  # fmt: skip


@st.composite
def waiting_lists(draw: st.DrawFn) -> list[Waiting]:
    numbers = draw(st.lists(st.integers(1, 99), unique=True, max_size=12))
    return [
        Waiting(
            alert=alert(number, place=draw(places), severity=draw(st.sampled_from(LOUDNESS))),
            created=draw(instants),
            held=draw(st.booleans()),
            message=draw(st.none() | st.sampled_from(["a", "b"])),
        )
        for number in numbers
    ]


@given(waiting_lists(), calms, st.lists(instants, max_size=6), st.lists(silenced, max_size=2))
def test_every_alert_is_in_exactly_one_message_or_visibly_waiting(
    waiting: list[Waiting], calm: Calm, messages: list[datetime], silences: list[Silence]
) -> None:
    result = plan(waiting, calm, told=Told(messages=messages), silences=silences, now=NOW)
    parts = [part.alerts for part in result.bundles] + [part.alerts for part in result.holds]
    told_or_held = [one.key for alerts in parts for one in alerts]
    assert Counter(told_or_held) == Counter(one.alert.key for one in waiting)
    assert all(hold.until > NOW and hold.reason for hold in result.holds)
    assert len({bundle.key for bundle in result.bundles}) == len(result.bundles)


@given(waiting_lists(), calms.filter(lambda calm: calm.most > 0), st.lists(instants, max_size=6))
def test_no_more_messages_are_begun_than_the_channel_wants(
    waiting: list[Waiting], calm: Calm, messages: list[datetime]
) -> None:
    result = plan(waiting, calm, told=Told(messages=messages), now=NOW)
    lately = [instant for instant in messages if instant > NOW - calm.within]
    begun = [bundle for bundle in result.bundles if bundle.key not in ("a", "b")]
    assert len(begun) <= max(0, calm.most - len(lately))


@given(waiting_lists(), calms)
def test_what_is_told_does_not_depend_on_the_order_of_the_outbox(waiting: list[Waiting], calm: Calm) -> None:
    there, back = plan(waiting, calm, now=NOW), plan(waiting[::-1], calm, now=NOW)
    assert {b.key: b.alerts for b in there.bundles} == {b.key: b.alerts for b in back.bundles}


# --- a storm ---------------------------------------------------------------------------------------------------------


def test_below_the_limit_each_alert_is_told_alone_and_at_once() -> None:
    result = plan(due(alert(1), alert(2), alert(3), alert(4)), Calm(), now=NOW)
    assert told(result) == [[1], [2], [3], [4]]
    assert [bundle.key for bundle in result.bundles] == ["key-1", "key-2", "key-3", "key-4"]


def test_a_thousand_events_in_a_minute_are_told_in_at_most_five_messages_as_shipped() -> None:
    outbox: list[Waiting] = []
    pending = {number: NOW + timedelta(seconds=number * 0.06) for number in range(1, 1001)}
    sent: list[datetime] = []
    heard: list[int | None] = []
    asleep: dict[str, datetime] = {}
    for second in range(300):
        now = NOW + timedelta(seconds=second)
        outbox += [Waiting(alert=alert(number), created=at) for number, at in list(pending.items()) if at <= now]
        pending = {number: at for number, at in pending.items() if at > now}
        awake = [one for one in outbox if asleep.get(one.alert.key, now) <= now]
        result = plan(awake, Calm(), told=Told(messages=sent), now=now)
        asleep |= {one.key: hold.until for hold in result.holds for one in hold.alerts}
        for bundle in result.bundles:
            sent.append(now)
            heard += [one.id for one in bundle.alerts]
        gone = {one.key for bundle in result.bundles for one in bundle.alerts}
        outbox = [one for one in outbox if one.alert.key not in gone]
    assert len(sent) <= 5
    assert sorted(number or 0 for number in heard) == list(range(1, 1001))


def test_after_too_many_messages_the_rest_waits_from_the_last_one_on_and_says_so() -> None:
    lately = [NOW - 110 * timedelta(seconds=1), NOW - MINUTE, NOW - MINUTE, NOW - 30 * timedelta(seconds=1)]
    result = plan(due(alert(1), alert(2)), Calm(), told=Told(messages=lately), now=NOW)
    assert waits(result) == {"04 12:01 4 messages in 2 min: the rest is told in one": [1, 2]}


def test_the_loudest_comes_first_in_a_message() -> None:
    loud = alert(9, severity=Severity.SEVERE)
    result = plan(due(alert(1), alert(2), loud), Calm(most=2), now=NOW)
    assert result.bundles[0].alerts[0] is loud
    assert result.bundles[0].reason == "3 at once"


# --- quiet hours, digests --------------------------------------------------------------------------------------------

KYIV = Calm(most=0, quiet=(time(22), time(7)), time_zone=ZoneInfo("Europe/Kyiv"))


@pytest.mark.parametrize(
    ("now", "held"),
    [
        (datetime(2031, 5, 4, 18, 59, tzinfo=UTC), False),  # 21:59 in Kyiv
        (datetime(2031, 5, 4, 19, 0, tzinfo=UTC), True),
        (datetime(2031, 5, 5, 3, 59, tzinfo=UTC), True),
        (datetime(2031, 5, 5, 4, 0, tzinfo=UTC), False),
    ],
)
def test_quiet_hours_are_those_of_the_reader_and_go_past_midnight(now: datetime, held: bool) -> None:
    assert bool(plan(due(alert(1), created=now), KYIV, now=now).holds) is held


def test_quiet_hours_hold_until_they_end_and_then_all_is_told_in_one_message() -> None:
    night = datetime(2031, 5, 4, 20, tzinfo=UTC)
    result = plan(due(alert(1), alert(2), created=night), KYIV, now=night)
    assert waits(result) == {"05 04:00 quiet hours until 07:00": [1, 2]}
    morning = datetime(2031, 5, 5, 4, tzinfo=UTC)
    assert told(plan(due(alert(1), alert(2), created=night, held=True), KYIV, now=morning)) == [[1, 2]]


def test_what_is_urgent_waits_for_no_morning() -> None:
    night = datetime(2031, 5, 4, 20, tzinfo=UTC)
    assert told(plan(due(alert(1, severity=Severity.SEVERE), created=night), KYIV, now=night)) == [[1]]


def test_quiet_hours_end_once_on_the_night_on_which_clocks_go_back() -> None:
    new_york = Calm(most=0, quiet=(time(22), time(1, 30)), time_zone=ZoneInfo("America/New_York"))
    night = datetime(2031, 11, 2, 4, tzinfo=UTC)  # 00:00; 01:30 comes twice, at 05:30 and 06:30 UTC
    assert [hold.until for hold in plan(due(alert(1), created=night), new_york, now=night).holds] == [
        datetime(2031, 11, 2, 5, 30, tzinfo=UTC)
    ]


def test_a_digest_is_told_at_its_time_in_one_message() -> None:
    daily = Calm(most=0, digest=(time(7),), time_zone=ZoneInfo("Europe/Kyiv"))
    result = plan(due(alert(1), alert(2)), daily, now=NOW)
    assert waits(result) == {"05 04:00 digest at 07:00": [1, 2]}
    late = due(alert(1), alert(2), held=True) + due(alert(3), created=NOW + 15 * HOUR)
    result = plan(late, daily, now=NOW + 16 * HOUR)
    assert told(result) == [[1, 2, 3]]
    assert result.bundles[0].reason == "a digest"


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_waits_for_company_and_is_told_in_one_message() -> None:
    by_place = Calm(most=0, group_by=("place",), wait=MINUTE)
    waiting = due(alert(1), alert(2, place="Benda"), created=NOW - MINUTE) + due(alert(3))
    result = plan(waiting, by_place, now=NOW)
    assert told(result) == [[1, 3], [2]]
    assert waits(plan(due(alert(4)), by_place, now=NOW)) == {"04 12:01 waits for others of its group": [4]}


def test_between_two_messages_of_a_group_there_is_an_interval() -> None:
    by_place = Calm(most=0, group_by=("place",), interval=HOUR)
    before = Told(groups={group(alert(1), by_place): NOW - 10 * MINUTE})
    result = plan(due(alert(2), alert(3, place="Benda")), by_place, told=before, now=NOW)
    assert told(result) == [[3]]
    assert waits(result) == {"04 12:50 waits for others of its group": [2]}


def test_killed_and_wounded_of_one_place_and_day_are_one_story() -> None:
    story = Calm(most=0, group_by=("story",))
    assert told(plan(due(alert(1), alert(2, harm="wounded"), alert(3, place="Benda")), story, now=NOW)) == [[1, 2], [3]]


# --- silences --------------------------------------------------------------------------------------------------------


def silence(**names: object) -> Silence:
    return Silence(id=3, until=NOW + HOUR, why="we know", **names)  # type: ignore[arg-type]  # names of a test


@pytest.mark.parametrize(
    ("names", "held"),
    [
        ({"place": "aru"}, True),
        ({"place": "Benda"}, False),
        ({"rule": "tolls"}, True),
        ({"kind": "talk_round"}, False),
        ({"event": 1, "place": "Aru"}, True),
        ({"event": 2, "place": "Aru"}, False),
        ({"channel": "room"}, False),
        ({"actor": "UKR"}, False),
    ],
)
def test_a_silence_holds_what_has_all_that_it_names(names: dict[str, object], held: bool) -> None:
    result = plan(due(alert(1, severity=Severity.SEVERE)), FREE, silences=[silence(**names)], now=NOW)
    assert waits(result) == ({"04 13:00 silence 3: we know": [1]} if held else {})


def test_a_silence_that_is_over_holds_nothing() -> None:
    assert told(plan(due(alert(1)), FREE, silences=[silence()], now=NOW + HOUR)) == [[1]]


# --- tried again -----------------------------------------------------------------------------------------------------


def test_alerts_that_were_tried_in_one_message_are_tried_in_the_same_one_again() -> None:
    waiting = [Waiting(alert=alert(number), created=NOW, message="m") for number in (1, 2)]
    result = plan([*waiting, *due(alert(3))], Calm(), told=Told(messages=[NOW] * 4), now=NOW)
    assert [(bundle.key, len(bundle.alerts)) for bundle in result.bundles] == [("m", 2)]
