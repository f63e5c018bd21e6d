"""When a source is polled next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.rhythm import JITTER, LONGEST_PAUSE, first_poll, next_poll

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_healthy_source_is_polled_again_after_its_interval() -> None:
    assert next_poll(NOW, interval=HOUR) == NOW + HOUR


def test_each_failure_in_a_row_doubles_the_pause() -> None:
    pauses = [next_poll(NOW, interval=HOUR, failures=n) - NOW for n in range(4)]
    assert pauses == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]


def test_back_off_never_gives_up() -> None:
    assert next_poll(NOW, interval=HOUR, failures=10_000) - NOW == LONGEST_PAUSE


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
