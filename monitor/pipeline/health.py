"""What is wrong with a source, and what the operators are told of it: once when it lasts, once when it is over. Pure.

broken   it cannot be reached or read, and that is no passing fault
gone     it says that it will not come back (HTTP 410)
silent   it answers, but nothing new came for longer than is usual for it
losing   its window moves faster than it is polled: items were probably missed, more than once
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Poll, PollOutcome, Source
from monitor.pipeline.book import LOSS_COUNTS, Book

#: a fault lasts from so many failed polls in a row and so long a time on
_FAILURES, _LASTING = 3, timedelta(hours=1)
#: sources that one notice names; of more it gives the number
_NAMED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong with a source; a name of "" says that it is well again."""

    name: str
    #: for the operator, one line
    text: str


WELL = Complaint(name="", text="is well again")


def complaint(source: Source, poll: Poll, book: Book, failures: int, now: datetime) -> Complaint:
    """What is wrong with a source after this poll, which is already in its book; ``WELL`` if nothing is."""
    if poll.outcome is PollOutcome.GONE and failures > 1:
        return Complaint(name="gone", text=f"says that it is gone for good ({poll.reason}); it is polled once a week")
    if _is_broken(source, poll, book, failures, now):
        return Complaint(
            name="broken", text=f"cannot be read since {_words(now - (book.failing_since or now))}: {poll.reason}"
        )
    if poll.outcome in (PollOutcome.FAILED, PollOutcome.GONE):  # nothing new is known of it: as it was
        return Complaint(name=book.told, text="")
    if still := book.pulse.silent(now):
        usual = _words(timedelta(seconds=book.pulse.mean))
        return Complaint(name="silent", text=f"shows nothing new for {_words(still)}; usual is an item in {usual}")
    if len(book.missed_at) > 1 and now - book.missed_at[0] < LOSS_COUNTS:
        text = f"shows more than is polled: items were probably missed {book.missed} times; give it a shorter interval"
        return Complaint(name="losing", text=text)
    return WELL


def _is_broken(source: Source, poll: Poll, book: Book, failures: int, now: datetime) -> bool:
    if poll.outcome is not PollOutcome.FAILED or poll.unreachable or book.failing_since is None:
        return False  # nobody can be reached: that is told of once (network.py), not of each source
    return failures >= _FAILURES and now - book.failing_since >= max(_LASTING, source.interval)


def notice(found: Mapping[str, Complaint]) -> tuple[str, str]:
    """Subject and text of one notice about these sources."""
    ill = sorted(name for name, each in found.items() if each.name)
    well = sorted(name for name, each in found.items() if not each.name)
    parts = []
    if ill:
        parts.append(
            f"source {ill[0]} is {found[ill[0]].name}" if len(ill) == 1 else f"{len(ill)} sources need attention"
        )
    if well:
        parts.append(f"source {well[0]} is well again" if len(well) == 1 else f"{len(well)} sources are well again")
    lines = [f"{name} {found[name].text}" for name in [*ill, *well][:_NAMED]]
    more = [f"... and {len(found) - _NAMED} more: see `monitor sources`"] if len(found) > _NAMED else []
    return "; ".join(parts), "\n".join(lines + more)


def _words(span: timedelta) -> str:
    minutes = span.total_seconds() / 60
    for unit, length in (("days", 1440), ("hours", 60)):
        if minutes >= 2 * length:
            return f"{minutes / length:.0f} {unit}"
    return f"{minutes:.0f} minutes"
