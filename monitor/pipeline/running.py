"""The running service: sources are polled, what is new is taken in, what was queued is sent."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from monitor import extract, message
from monitor.model import (
    Alert,
    Backlog,
    Channel,
    Item,
    Outcome,
    Poll,
    PollOutcome,
    Source,
)
from monitor.pipeline.taking import Taken, in_order, take_in
from monitor.rhythm import next_poll
from monitor.sources import SOURCES, Tools

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.delivery import Sender
    from monitor.fetch import Door
    from monitor.store import QueuedAlert, SourceState, Store
    from monitor.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

#: no poll may take longer than this, whatever its source does: a hung one would never be polled again
LONGEST_POLL = timedelta(minutes=5)
#: items handed to a worker at once: enough to pay for the way there, few enough to keep a pass moving
BATCH = 20
#: alerts taken from the outbox at once, and how long their sender has them to itself: after a crash they are free again
SEND_BATCH = 50
LEASE = timedelta(minutes=10)


def utc_now() -> datetime:
    """The clock of the running service; everything that decides takes ``now`` as a value."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What polling one source did."""

    source: Source
    poll: Poll
    next_poll: datetime
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one try to deliver one alert."""

    alert: Alert
    outcome: Outcome


# --- the running service ---------------------------------------------------------------------------------------------


class Pipeline:
    """The stages with what they work on: one configuration, one store, one door, one sender.

    The store is used from one thread, so that SQLite has one writer; CPU-bound work goes to ``workers``.
    """

    def __init__(
        self,
        config: Config,
        *,
        store: Store,
        door: Door,
        workers: Workers,
        sender: Sender,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.config = config
        self.store = store
        self.clock = clock
        self._door = door
        self._workers = workers
        self._sender = sender
        self._stored = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._sends = ThreadPoolExecutor(64, thread_name_prefix="send")
        self._sending: dict[str, asyncio.Task[list[Sent]]] = {}
        self._room = asyncio.Semaphore(config.settings.polling.concurrency)

    def take_config(self, config: Config) -> None:
        """Goes on with another configuration; what is under way ends with the one it began with."""
        if config.settings.polling != self.config.settings.polling:
            self._room = asyncio.Semaphore(config.settings.polling.concurrency)
            self._door = make_door(config)
        self.config = config

    async def close(self) -> None:
        """Ends children and threads and closes the store; transactions under way are finished first."""
        for task in self._sending.values():
            task.cancel()
        await asyncio.to_thread(self._sender.close)
        self._sends.shutdown(wait=False, cancel_futures=True)
        self._workers.close()
        await self._door.aclose()
        await asyncio.to_thread(self._stored.shutdown)
        self.store.close()

    async def _in_store(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        call = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._stored, call)

    # --- polls ---

    async def poll_source(self, source: Source) -> Polled:
        """Polls one source and takes in what is new there. Failures of the source are in the result, not raised.

        What the source wants back at its next poll is stored last: after a crash in between it is asked again for what
        was not yet taken in.
        """
        before = await self._in_store(self._source, source.name)
        async with self._room:
            poll = await self._ask(source, before.state)
        quiet = before.first_polled is None and source.backlog is Backlog.SILENT
        taken = await self._take_all(source, poll.items, quiet=quiet)
        now = self.clock()
        failures = before.failures + 1 if poll.outcome in (PollOutcome.FAILED, PollOutcome.GONE) else 0
        again = next_poll(
            now,
            interval=source.interval,
            failures=failures,
            retry_after=poll.retry_after,
            roll=random.random(),  # noqa: S311  jitter, not a secret
        )
        await self._in_store(self._save_poll, source, poll, now, again)
        return Polled(source=source, poll=poll, next_poll=again, taken=tuple(taken))

    async def _ask(self, source: Source, state: Mapping[str, Any]) -> Poll:
        tools = Tools(door=self._door, work=self._workers.run, now=self.clock())
        try:
            async with asyncio.timeout(LONGEST_POLL.total_seconds()):
                return await SOURCES[source.type].poll(source, state, tools)
        except TimeoutError:
            return Poll(outcome=PollOutcome.FAILED, reason=f"not done after {LONGEST_POLL}", state=state)

    async def _take_all(self, source: Source, items: Iterable[Item], *, quiet: bool) -> list[Taken]:
        fresh = in_order(await self._in_store(self._fresh, list(items)))
        taken: list[Taken] = []
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            found = await self._workers.run(extract.extract_all, batch)
            for item, extraction in zip(batch, found, strict=True):
                taken.append(
                    await self._in_store(
                        take_in, self.store, item, extraction, watch=self.config.rules, now=self.clock(), quiet=quiet
                    )
                )
        return taken

    async def poll_all(self, sources: Sequence[Source], done: Callable[[Polled], None]) -> list[Polled]:
        """Polls sources side by side; ``done`` is told of each as it ends."""

        async def one(source: Source) -> Polled:
            polled = await self.poll_source(source)
            done(polled)
            return polled

        return await asyncio.gather(*(one(source) for source in sources))

    def due_sources(self) -> list[Source]:
        """The sources whose next poll is due."""
        with self.store.read() as tx:
            due = set(tx.due([source.name for source in self.config.sources], self.clock()))
        return [source for source in self.config.sources if source.name in due]

    def due_times(self) -> dict[str, datetime]:
        """The stored instant of the next poll of each source that has one."""
        with self.store.read() as tx:
            return {state.name: state.next_poll for state in tx.sources() if state.next_poll is not None}

    def _source(self, name: str) -> SourceState:
        with self.store.read() as tx:
            return tx.source(name)

    def _fresh(self, items: list[Item]) -> list[Item]:
        if not items:
            return []
        with self.store.read() as tx:
            return tx.fresh(items)

    def _save_poll(self, source: Source, poll: Poll, now: datetime, again: datetime) -> None:
        with self.store.write() as tx:
            tx.save_poll(source.name, poll, now, again, url=source.url)

    # --- deliveries ---

    async def start_deliveries(self, done: Callable[[Sent], None]) -> list[asyncio.Task[list[Sent]]]:
        """Begins to send what is due, a task a channel; a channel that is still being sent to is left alone."""
        idle = [name for name in self.config.channels if name not in self._sending]
        queued = await self._in_store(self._claim_due, idle) if idle else []
        by_channel: dict[str, list[QueuedAlert]] = defaultdict(list)
        for one in queued:
            by_channel[one.alert.channel].append(one)
        started = []
        for name, batch in by_channel.items():
            task = asyncio.create_task(self._send_batch(self.config.channels[name], batch, done), name=f"send:{name}")
            self._sending[name] = task
            task.add_done_callback(partial(self._sent, name))
            started.append(task)
        return started

    def _sent(self, channel: str, _task: object) -> None:
        self._sending.pop(channel, None)

    def _claim_due(self, channels: list[str]) -> list[QueuedAlert]:
        return self.store.claim_due(self.clock(), SEND_BATCH, LEASE, channels)

    def _record(self, queued: QueuedAlert, outcome: Outcome) -> None:
        assert queued.alert.id is not None  # it came out of the store
        self.store.record_outcome(queued.alert.id, outcome, self.clock(), tries=queued.tries)

    async def send_due(self, done: Callable[[Sent], None]) -> list[Sent]:
        """Sends all that is due now and waits for the outcomes."""
        sent: list[Sent] = []
        while tasks := await self.start_deliveries(done):
            for batch in await asyncio.gather(*tasks):
                sent += batch
        return sent

    async def _send_batch(
        self, channel: Channel, batch: Sequence[QueuedAlert], done: Callable[[Sent], None]
    ) -> list[Sent]:
        loop = asyncio.get_running_loop()
        sent = []
        for queued in batch:
            words = message.compose(queued.alert, time_zone=self.config.settings.time_zone)
            call = partial(self._sender.send, channel, words, self.clock(), tries=queued.tries)
            outcome = await loop.run_in_executor(self._sends, call)
            await self._in_store(self._record, queued, outcome)
            sent.append(Sent(alert=queued.alert, outcome=outcome))
            done(sent[-1])
        return sent

    async def tell_operators(self, subject: str, text: str) -> Outcome | None:
        """A notice to the operators' channel, once and at once; None if the configuration names no such channel."""
        channel = self.config.channels.get(self.config.settings.operators or "")
        if channel is None:
            return None
        call = partial(self._sender.send, channel, message.notice(subject, text), self.clock(), tries=0)
        return await asyncio.get_running_loop().run_in_executor(self._sends, call)


def assemble(config: Config, *, processes: int) -> Pipeline:
    """A pipeline with real I/O at both ends, as the configuration describes it.

    ``processes`` is the number of worker processes; 0 does CPU-bound work in a thread.
    """
    from monitor.delivery import Sender
    from monitor.store import Store
    from monitor.workers import Workers

    return Pipeline(
        config,
        store=Store.open(config.settings.database),
        door=make_door(config),
        workers=Workers(processes),
        sender=Sender(),
    )


def make_door(config: Config) -> Door:
    """The way to the network, with the limits of the configuration."""
    from monitor.fetch import Door, Limits

    polling = config.settings.polling
    limits = Limits(
        timeout=polling.timeout,
        max_bytes=polling.max_bytes,
        allow=polling.allow,
        at_once=polling.concurrency,
        per_host=polling.per_host,
        user_agent=polling.user_agent,
        contact=polling.contact,
        ca_file=str(polling.ca_file) if polling.ca_file else None,
    )
    return Door(limits)
