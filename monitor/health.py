"""Whether the service does what it is there for: polls and deliveries go on. Pure, but for ``ping``.

A monitor that has died raises no alarm, so somebody else has to miss it: ``ping`` calls an address (Healthchecks,
Uptime Kuma, Dead Man's Snitch) for as long as all is well, and whoever is behind it raises the alarm when calls stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

#: an alert that is due for longer, or a source that is due for longer, is a reason to say that all is not well
PATIENCE = timedelta(minutes=15)
#: and the outbox not looked at for so long
UNWATCHED = timedelta(seconds=60)
#: a source that failed so often in a row
MANY_FAILURES = 5


class SourceLike(Protocol):
    """What is asked of a source's state (store.SourceState)."""

    @property
    def name(self) -> str: ...
    @property
    def next_poll(self) -> datetime | None: ...
    @property
    def failures(self) -> int: ...
    @property
    def reason(self) -> str: ...


def deliveries(now: datetime, *, overdue: datetime | None, looked: datetime | None = None) -> list[str]:
    """What is wrong with deliveries.

    ``overdue``: since when the alert that waits the longest is due; ``looked``: when the outbox was last looked at,
    where that is known.
    """
    found = []
    if looked is not None and now - looked > UNWATCHED:
        found.append(f"deliveries stand still: the outbox was last looked at {_ago(now - looked)} ago")
    if overdue is not None and now - overdue > PATIENCE:
        found.append(f"an alert is due for {_ago(now - overdue)} and not sent: see `monitor alerts --pending`")
    return found


def late(sources: Iterable[SourceLike], intervals: Mapping[str, timedelta], now: datetime) -> list[str]:
    """Names of sources that were not polled when they were due; an interval of grace, or 15 minutes."""
    return [
        source.name
        for source in sources
        if source.name in intervals
        and source.next_poll is not None
        and now - source.next_poll > max(intervals[source.name], PATIENCE)
    ]


def polls(sources: Iterable[SourceLike], intervals: Mapping[str, timedelta], now: datetime) -> list[str]:
    """What is wrong with polls as a whole: sources that were not polled when due. One that fails is polled."""
    names = late(sources, intervals, now)
    if not names:
        return []
    some = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    return [f"{len(names)} sources were not polled when due ({some}): is `monitor run` running?"]


def failing(sources: Iterable[SourceLike]) -> list[str]:
    """Sources that have failed many times in a row, each with why."""
    return [f"source {s.name} fails: {s.reason}" for s in sources if s.failures >= MANY_FAILURES]


def _ago(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds >= 5400:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


async def ping(url: str, *, patience: timedelta = timedelta(seconds=10)) -> str | None:
    """Calls the address; None if it answered with success, else why not, without the address, which may be a secret."""
    import httpx

    try:
        async with httpx.AsyncClient(timeout=patience.total_seconds(), follow_redirects=False) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, OSError) as error:
        return type(error).__name__
    return None if answer.is_success else f"HTTP {answer.status_code}"
