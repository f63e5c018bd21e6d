"""When a source is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.rhythm import JITTER, LONGEST_FRESH, LONGEST_PAUSE, Pulse, first_poll, next_poll, own_interval

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_healthy_source_is_polled_again_after_its_interval() -> None:
    assert next_poll(NOW, interval=HOUR) == NOW + HOUR


def test_each_failure_in_a_row_doubles_the_pause() -> None:
    pauses = [next_poll(NOW, interval=HOUR, failures=n) - NOW for n in range(4)]
    assert pauses == [HOUR, 2 * HOUR, 4 * HOUR, LONGEST_PAUSE]


def test_back_off_never_gives_up() -> None:
    assert next_poll(NOW, interval=HOUR, failures=10_000) - NOW == LONGEST_PAUSE


def test_a_source_that_was_broken_for_long_is_asked_four_times_a_day() -> None:
    assert next_poll(NOW, interval=timedelta(minutes=15), failures=10) - NOW == timedelta(hours=6)


def test_back_off_never_shortens_a_long_interval() -> None:
    assert next_poll(NOW, interval=timedelta(days=7), failures=3) - NOW == timedelta(days=7)


def test_a_source_that_asks_for_patience_gets_it() -> None:
    assert next_poll(NOW, interval=HOUR, retry_after=timedelta(hours=5)) - NOW == timedelta(hours=5)


@given(roll=st.floats(0, 1, exclude_max=True), minutes=st.integers(1, 10_000))
def test_jitter_stays_within_its_share_of_the_interval(roll: float, minutes: int) -> None:
    interval = timedelta(minutes=minutes)
    off = abs(next_poll(NOW, interval=interval, roll=roll) - NOW - interval)
    assert off <= interval * JITTER + timedelta(microseconds=1)


def test_first_polls_of_many_sources_are_spread_but_within_the_interval() -> None:
    last = first_poll(NOW, interval=HOUR, sources=10_000, roll=0.999) - NOW
    assert timedelta(minutes=5) < last < HOUR


def test_a_handful_of_sources_is_polled_almost_at_once() -> None:
    assert first_poll(NOW, interval=HOUR, sources=5, roll=0.999) - NOW < timedelta(seconds=1)


def test_an_answer_that_stays_fresh_is_not_asked_for_before_that() -> None:
    assert next_poll(NOW, interval=HOUR / 4, fresh=HOUR / 2) - NOW == HOUR / 2


def test_an_answer_that_claims_to_stay_fresh_for_days_is_not_believed() -> None:
    assert next_poll(NOW, interval=HOUR / 4, fresh=24 * HOUR) - NOW == LONGEST_FRESH


# --- how often it publishes ------------------------------------------------------------------------------------------

BOUNDS = (timedelta(minutes=5), timedelta(hours=6))


def steady(gap: timedelta, count: int = 40) -> Pulse:
    """The pulse of a source whose last item came now, each of them this long after the one before."""
    return Pulse().after((NOW - gap * n for n in range(count)), NOW)


def worth(pulse: Pulse, now: datetime = NOW, pace: timedelta | None = None) -> timedelta:
    return own_interval(pulse, now, usual=HOUR / 4, pace=pace, bounds=BOUNDS)


def test_a_source_is_polled_twice_for_each_item_that_it_publishes() -> None:
    assert worth(steady(HOUR)) == HOUR / 2


def test_the_interval_stays_within_its_bounds() -> None:
    assert worth(steady(timedelta(seconds=20))) == BOUNDS[0]
    assert worth(steady(timedelta(days=9))) == BOUNDS[1]


def test_until_enough_is_known_the_usual_interval_or_the_longer_wish_of_the_source_holds() -> None:
    assert worth(Pulse()) == HOUR / 4
    assert worth(steady(HOUR, count=3), pace=2 * HOUR) == 2 * HOUR


def test_a_source_that_has_fallen_silent_is_asked_less_and_less_often() -> None:
    pulse = steady(HOUR)
    assert worth(pulse, NOW + 10 * HOUR) == HOUR
    assert worth(pulse, NOW + 40 * HOUR) == 4 * HOUR


def test_items_that_come_late_or_from_the_future_do_not_bend_the_pulse() -> None:
    pulse = steady(HOUR)
    assert pulse.after([NOW - 30 * HOUR], NOW) == pulse
    assert pulse.after([NOW + 900 * HOUR], NOW).newest == NOW


def test_silence_is_told_when_it_is_out_of_the_ordinary_for_this_source() -> None:
    hourly, weekly = steady(HOUR), steady(timedelta(days=7))
    assert hourly.silent(NOW + 23 * HOUR) is None
    assert hourly.silent(NOW + 25 * HOUR) == 25 * HOUR
    assert weekly.silent(NOW + timedelta(days=14)) is None
    assert weekly.silent(NOW + timedelta(days=22)) is not None


def test_nothing_is_called_silent_before_its_rhythm_is_known() -> None:
    assert steady(HOUR, count=3).silent(NOW + 900 * HOUR) is None


@given(st.lists(st.integers(-(10**8), 10**8), max_size=60))
def test_no_row_of_instants_breaks_the_arithmetic(seconds: list[int]) -> None:
    pulse = Pulse().after((NOW + timedelta(seconds=s) for s in seconds), NOW)
    assert BOUNDS[0] <= worth(pulse) <= BOUNDS[1]
