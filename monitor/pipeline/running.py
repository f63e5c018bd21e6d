"""The running service: its stages, and what they work on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.model import Outcome, OutcomeType
from monitor.pipeline.acks import Acks
from monitor.pipeline.health import notice
from monitor.pipeline.polling import Polls
from monitor.pipeline.sending import Deliveries
from monitor.pipeline.thread import StoreThread
from monitor.pipeline.upkeep import renew_keys

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.delivery import Sender
    from monitor.store import Store
    from monitor.workers import Workers

#: the operators' channel, when it fails, is tried again after twice as long each time, but never later than this
LONGEST_WAIT = timedelta(minutes=30)


def utc_now() -> datetime:
    """The clock of the running service; everything that decides takes ``now`` as a value."""
    return datetime.now(UTC)


class Pipeline:
    """One configuration, one store, polls on one side and deliveries on the other."""

    def __init__(
        self,
        config: Config,
        *,
        store: Store,
        workers: Workers,
        sender: Sender,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.config = config
        self.clock = clock
        self._thread = StoreThread(store)
        self.polls = Polls(lambda: self.config, self._thread, workers, clock)
        self.deliveries = Deliveries(lambda: self.config, self._thread, sender, clock)
        self.acks = Acks(lambda: self.config, store, clock)
        self._tell_after, self._refused = datetime.min.replace(tzinfo=UTC), 0

    @property
    def store(self) -> Store:
        return self._thread.store

    def take_config(self, config: Config) -> None:
        """Goes on with another configuration; what is under way ends with the one it began with."""
        changed = config.settings.polling != self.config.settings.polling
        self.config = config
        if changed:
            self.polls.open_door()

    async def tell_health(self) -> Outcome | None:
        """Tells the operators which sources have fallen ill, or are well again; None if there is nothing to tell.

        Where our own network is to blame they are told that, once. What could not be told is told later, by polls that
        find it again if need be.
        """
        now, network = self.clock(), self.polls.network
        if now < self._tell_after:
            return None
        if news := network.news(now):
            outcome = await self.deliveries.tell_operators(*news)
            if self._is_told(outcome, now):
                network.mark_told()
            return outcome
        if not self.polls.untold:
            return None
        known = {source.name for source in self.config.sources}
        told = {name: each for name, each in self.polls.untold.items() if name in known}
        outcome = await self.deliveries.tell_operators(*notice(told)) if told else None
        if self._is_told(outcome, now):
            await self.polls.mark_told(told)
        return outcome

    def _is_told(self, outcome: Outcome | None, now: datetime) -> bool:
        """Whether nothing is left to tell; after a failure they are left alone for longer each time."""
        if outcome is None or outcome.type is OutcomeType.SENT:
            self._refused = 0
            return True
        self._refused += 1
        self._tell_after = now + min(timedelta(minutes=2**self._refused), LONGEST_WAIT)
        return False

    async def close(self) -> None:
        """Ends children and threads and closes the store; transactions under way are finished first."""
        await self.deliveries.close()
        await self.polls.close()
        await self._thread.close()


def assemble(config: Config, *, processes: int) -> Pipeline:
    """A pipeline with real I/O at both ends, as the configuration describes it.

    ``processes`` is the number of worker processes, at least one where anything comes from the network: nobody knows
    how long the reading of what others write takes, or how much memory. With 0 a thread does the work.
    """
    from monitor.delivery import Sender
    from monitor.store import Store
    from monitor.workers import Workers

    store = Store.open(config.settings.database)
    renew_keys(store)
    return Pipeline(
        config,
        store=store,
        workers=Workers(processes),
        sender=Sender(),
    )
