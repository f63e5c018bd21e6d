"""What the pipeline keeps about a source between polls: how often it publishes, what it lost, how it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from monitor.model import NOTHING, Item, Poll, PollOutcome
from monitor.pipeline.debt import Debt
from monitor.rhythm import Pulse

#: days of which items and events are counted
_DAYS = 7
#: a lost window counts against a source for so long
LOSS_COUNTS = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One source's book; JSON in the store."""

    pulse: Pulse = field(default_factory=Pulse)
    #: polls that showed nothing known, where items were probably missed; when the last two of them were
    missed: int = 0
    missed_at: tuple[datetime, ...] = ()
    #: since when polls fail, or say that the source is gone; None: the last one did not
    failing_since: datetime | None = None
    #: ISO day -> (items, events), the last days only
    days: Mapping[str, tuple[int, int]] = field(default_factory=lambda: NOTHING)
    #: the pages that its items are owed (pages.py)
    debt: Debt = field(default_factory=Debt)
    #: what the operators were last told is wrong with it: name of a complaint (health.py); "" for nothing
    told: str = ""

    def after(
        self,
        poll: Poll,
        now: datetime,
        *,
        fresh: Sequence[Item] = (),
        events: int = 0,
        lost: bool = False,
        debt: Debt | None = None,
    ) -> Book:
        """The book after one more poll; ``fresh`` are its items that were new, ``lost`` that some were missed."""
        failed = poll.outcome in (PollOutcome.FAILED, PollOutcome.GONE)
        return replace(
            self,
            pulse=self.pulse.after((_instant(item, now) for item in fresh), now),
            missed=self.missed + lost,
            missed_at=(*self.missed_at, now)[-2:] if lost else self.missed_at,
            failing_since=(self.failing_since or now) if failed else None,
            debt=self.debt if debt is None else debt,
            days=_counted(self.days, now.date(), len(fresh), events) if fresh or events else self.days,
        )

    def a_day(self, now: datetime) -> tuple[float, float]:
        """Items and events a day, over the last days."""
        days = {day: counts for day, counts in self.days.items() if day > str(now.date() - timedelta(days=_DAYS))}
        if not days:
            return 0.0, 0.0
        span = (now.date() - date.fromisoformat(min(days))).days + 1
        return sum(items for items, _ in days.values()) / span, sum(events for _, events in days.values()) / span


def _instant(item: Item, now: datetime) -> datetime:
    return item.published_at or now


def _counted(days: Mapping[str, tuple[int, int]], day: date, items: int, events: int) -> dict[str, tuple[int, int]]:
    before = days.get(str(day), (0, 0))
    counted = {**days, str(day): (before[0] + items, before[1] + events)}
    return {each: counted[each] for each in sorted(counted)[-_DAYS:]}


# --- JSON ------------------------------------------------------------------------------------------------------------


def from_json(value: Mapping[str, Any]) -> Book:
    """The book of ``to_json``; an empty mapping is that of a source that was never polled."""
    pulse = value.get("pulse") or {}
    return Book(
        pulse=Pulse(**{**pulse, "newest": _moment(pulse.get("newest"))}),
        missed=value.get("missed", 0),
        missed_at=tuple(datetime.fromisoformat(each) for each in value.get("missed_at", ())),
        failing_since=_moment(value.get("failing_since")),
        days={day: (items, events) for day, (items, events) in (value.get("days") or {}).items()},
        debt=Debt(
            owed=tuple((name, quiet) for name, quiet in value.get("owed", ())), given_up=value.get("given_up", 0)
        ),
        told=value.get("told", ""),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def to_json(book: Book) -> dict[str, Any]:
    """The book as JSON values."""
    pulse = book.pulse
    return {
        "pulse": {
            "count": pulse.count,
            "mean": round(pulse.mean, 1),
            "longest": round(pulse.longest, 1),
            "newest": pulse.newest.isoformat() if pulse.newest else None,
        },
        "missed": book.missed,
        "missed_at": [each.isoformat() for each in book.missed_at],
        "failing_since": book.failing_since.isoformat() if book.failing_since else None,
        "days": {day: list(counts) for day, counts in book.days.items()},
        "owed": [list(each) for each in book.debt.owed],
        "given_up": book.debt.given_up,
        "told": book.told,
    }
