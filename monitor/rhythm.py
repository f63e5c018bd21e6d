"""When a source is polled next: pure arithmetic over how often it publishes, its failures and what it asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: a poll is moved by up to this share of the interval, so that sources of one interval do not all fall due together
JITTER = 0.1
#: back-off doubles with each failure in a row up to this many doublings; it never gives up
DOUBLINGS = 6
#: longest pause that back-off alone leads to: four requests a day are no burden to anybody, and a source that was
#: broken for a day is not missed for a second one
LONGEST_PAUSE = timedelta(hours=6)
#: an answer's freshness is waited for so long at most: caches in front of a feed are set too long more often than right
LONGEST_FRESH = timedelta(hours=1)
#: a source that said it is gone for good (410) is looked at after a day, and from then on this seldom: some come back
FIRST_GONE_PAUSE, GONE_PAUSE = timedelta(days=1), timedelta(days=7)
#: while our own network is down every source is tried again after this
DOWN_PAUSE = timedelta(minutes=2)

#: share that one more gap has in the mean
_WEIGHT = 0.1
#: the longest gap is forgotten at this rate a gap
_FADING = 0.98
#: gaps that must be known before they say anything about the next
ENOUGH = 8
#: silence is out of the ordinary from so many times the longest usual gap on, and never within a day
_UNUSUAL = 3
_A_DAY = timedelta(days=1)


# --- how often it publishes ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How often a source publishes, as far as its items have shown."""

    #: gaps between items that were seen, at most a few hundred are counted
    count: int = 0
    #: mean and longest of them, in seconds; the newer weigh more
    mean: float = 0.0
    longest: float = 0.0
    #: when the newest item was published, or first seen where it has no hour
    newest: datetime | None = None

    def after(self, instants: Iterable[datetime], now: datetime) -> Pulse:
        """The pulse after items of these instants came; those before the newest, or in the future, tell nothing."""
        pulse = self
        for instant in sorted(min(each, now) for each in instants):
            pulse = pulse._after_one(instant)
        return pulse

    def _after_one(self, instant: datetime) -> Pulse:
        if self.newest is None:
            return Pulse(newest=instant)
        gap = (instant - self.newest).total_seconds()
        if gap <= 0:
            return self
        share = max(_WEIGHT, 1 / (self.count + 1))
        return Pulse(
            count=min(self.count + 1, 1000),
            mean=self.mean + share * (gap - self.mean),
            longest=max(gap, self.longest * _FADING),
            newest=instant,
        )

    def silent(self, now: datetime) -> timedelta | None:
        """How long nothing came, where that is out of the ordinary; None where it is not, or too little is known."""
        if self.newest is None or self.count < ENOUGH:
            return None
        still = now - self.newest
        return still if still > max(_A_DAY, timedelta(seconds=_UNUSUAL * self.longest)) else None


def own_interval(
    pulse: Pulse, now: datetime, *, usual: timedelta, pace: timedelta | None, bounds: tuple[timedelta, timedelta]
) -> timedelta:
    """How often a source is worth a poll: twice for each item that it publishes, within the bounds.

    ``usual`` stands in until enough is known; ``pace`` is what the source asks for itself (ttl, sy:updatePeriod), which
    is heard unless it publishes more often than it says. A source that has fallen silent is asked ever less often.
    """
    low, high = bounds
    interval = usual if pace is None else max(usual, pace)
    if pulse.count >= ENOUGH and pulse.newest is not None:
        interval = max(timedelta(seconds=pulse.mean / 2), (now - pulse.newest) / 10)
    return min(max(interval, low), high)


# --- when to ask next ------------------------------------------------------------------------------------------------


def next_poll(
    now: datetime,
    *,
    interval: timedelta,
    failures: int = 0,
    retry_after: timedelta | None = None,
    fresh: timedelta | None = None,
    roll: float = 0.5,
) -> datetime:
    """The instant of the next poll after one that ended at ``now``.

    ``failures`` counts failed polls in a row, the last one included; each doubles the pause. ``retry_after`` is the
    least pause the source asked for, ``fresh`` how long its answer stays the same by its own word. ``roll`` is a random
    number in [0, 1) that places the poll within the jitter.
    """
    pause = interval
    if failures:
        pause = max(interval, min(LONGEST_PAUSE, interval * 2.0 ** min(failures, DOUBLINGS)))
    pause *= 1 + JITTER * (2 * roll - 1)
    return now + max(pause, retry_after or timedelta(), min(fresh or timedelta(), LONGEST_FRESH))


def first_poll(now: datetime, *, interval: timedelta, sources: int, roll: float) -> datetime:
    """The instant of a source's first poll: at once for a handful, spread over a part of the interval for many."""
    spread = min(interval, timedelta(seconds=0.05 * sources))
    return now + spread * roll
