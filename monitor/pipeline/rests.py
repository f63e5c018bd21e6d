"""Whole domains that asked to be left alone: what one of their feeds, or a page of an item, is told holds for all."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from monitor.fetch import registered_domain

#: no domain rests for longer because of one answer; the feed that was told itself rests for as long as it was told
LONGEST = timedelta(hours=1)


class Rests:
    """Which domains rest, and until when. Those ``apart`` (hosts too) bear more, and speak for one address each."""

    def __init__(self, clock: Callable[[], datetime], apart: Callable[[], Collection[str]]) -> None:
        self._clock, self._apart = clock, apart
        self._until: dict[str, datetime] = {}

    def rest(self, host: str, wait: timedelta) -> None:
        """An answer of this host asked for so long a rest."""
        now, domain, apart = self._clock(), registered_domain(host), self._apart()
        if host not in apart and domain not in apart:
            self._until[domain] = max(now + min(wait, LONGEST), self._until.get(domain, now))

    def until(self, host: str) -> datetime | None:
        """When the rest of this host's domain ends; None if it does not rest."""
        now, domain = self._clock(), registered_domain(host)
        if self._until.get(domain, now) <= now:
            self._until.pop(domain, None)
        return self._until.get(domain)
