"""When a source is polled next: pure arithmetic over its interval, its failures and what it asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

#: a poll is moved by up to this share of the interval, so that sources of one interval do not all fall due together
JITTER = 0.1
#: back-off doubles with each failure in a row up to this many doublings; it never gives up
DOUBLINGS = 6
#: longest pause that back-off alone leads to
LONGEST_PAUSE = timedelta(hours=24)


def next_poll(
    now: datetime,
    *,
    interval: timedelta,
    failures: int = 0,
    retry_after: timedelta | None = None,
    roll: float = 0.5,
) -> datetime:
    """The instant of the next poll after one that ended at ``now``.

    ``failures`` counts failed polls in a row, the last one included; each doubles the pause. ``retry_after`` is the
    least pause the source asked for. ``roll`` is a random number in [0, 1) that places the poll within the jitter.
    """
    pause = interval
    if failures:
        pause = max(interval, min(LONGEST_PAUSE, interval * 2.0 ** min(failures, DOUBLINGS)))
    pause *= 1 + JITTER * (2 * roll - 1)
    return now + max(pause, retry_after or timedelta())


def first_poll(now: datetime, *, interval: timedelta, sources: int, roll: float) -> datetime:
    """The instant of a source's first poll: at once for a handful, spread over a part of the interval for many."""
    spread = min(interval, timedelta(seconds=0.05 * sources))
    return now + spread * roll
