"""Whole domains that asked to be left alone (HTTP 429): what one of their feeds is told holds for the others, too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from monitor.fetch import registered_domain
from monitor.model import Poll

#: no domain rests for longer because of one feed; that feed itself rests for as long as it was told
LONGEST = timedelta(hours=1)


class Rests:
    """Which domains rest, and until when."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def note(self, host: str, poll: Poll, now: datetime, apart: Collection[str]) -> None:
        """A poll of this host ended. Hosts and domains that are ``apart`` bear more, and speak for one feed each."""
        domain = registered_domain(host)
        if poll.busy and poll.retry_after and host not in apart and domain not in apart:
            self._until[domain] = max(now + min(poll.retry_after, LONGEST), self._until.get(domain, now))

    def until(self, host: str, now: datetime) -> datetime | None:
        """When the rest of this host's domain ends; None if it does not rest."""
        domain = registered_domain(host)
        if self._until.get(domain, now) <= now:
            self._until.pop(domain, None)
        return self._until.get(domain)
