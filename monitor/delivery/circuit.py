"""When a channel that failed is tried again: one try at a time, further apart the longer it fails. Pure.

Alerts have waits of their own (``verdict.retry_at``). Without a circuit a hundred of them would each find out for
itself that the service is down, and each would spend a try and a deadline on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Outcome, OutcomeType

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """How a channel fares; a new one is closed."""

    #: tries that failed since the last that did not
    failures: int = 0
    #: nothing is tried before
    until: datetime | None = None

    def lets_through(self, now: datetime) -> bool:
        """Whether the channel may be tried; after a failure this means: with one message."""
        return self.until is None or self.until <= now

    def after(self, outcome: Outcome, now: datetime) -> Circuit:
        """The circuit after a try: a pause of 5 s, doubled each time up to 10 min, or as long as the service asked.

        A message that is refused for good says nothing against its channel, which answered.
        """
        if outcome.type is not OutcomeType.RETRY:
            return Circuit()
        pause = min(FIRST_PAUSE * 2 ** min(self.failures, 20), LONGEST_PAUSE)
        return Circuit(failures=self.failures + 1, until=now + max(pause, outcome.pause or timedelta()))
