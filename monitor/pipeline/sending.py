"""What was queued is worded and sent, and what became of it is noted."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from monitor import message
from monitor.model import Alert, Channel, Outcome

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.delivery import Sender
    from monitor.pipeline.thread import StoreThread
    from monitor.store import QueuedAlert

#: alerts taken from the outbox at once, and how long their sender has them to itself: after a crash they are free again
SEND_BATCH = 50
LEASE = timedelta(minutes=30)
#: channels that can be sent to at once
CHANNELS_AT_ONCE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one try to deliver one alert."""

    alert: Alert
    outcome: Outcome


class Deliveries:
    """Sends with one sender, a task a channel; ``config`` gives the configuration that is at work now."""

    def __init__(
        self, config: Callable[[], Config], thread: StoreThread, sender: Sender, clock: Callable[[], datetime]
    ) -> None:
        self._config, self._thread, self._sender, self._clock = config, thread, sender, clock
        self._sends = ThreadPoolExecutor(CHANNELS_AT_ONCE, thread_name_prefix="send")
        self._sending: dict[str, asyncio.Task[list[Sent]]] = {}

    async def close(self) -> None:
        """Cuts off what is being sent; it is sent again after the next start."""
        for task in self._sending.values():
            task.cancel()
        await asyncio.to_thread(self._sender.close)
        self._sends.shutdown(wait=False, cancel_futures=True)

    async def start(self, done: Callable[[Sent], None]) -> list[asyncio.Task[list[Sent]]]:
        """Begins to send what is due, a task a channel; a channel that is still being sent to is left alone."""
        idle = [name for name in self._config().channels if name not in self._sending]
        queued = await self._thread.run(self._claim_due, idle) if idle else []
        by_channel: dict[str, list[QueuedAlert]] = defaultdict(list)
        for one in queued:
            by_channel[one.alert.channel].append(one)
        started = []
        for name, batch in by_channel.items():
            task = asyncio.create_task(
                self._send_batch(self._config().channels[name], batch, done), name=f"send:{name}"
            )
            self._sending[name] = task
            task.add_done_callback(partial(self._ended, name))
            started.append(task)
        return started

    def _ended(self, channel: str, _task: object) -> None:
        self._sending.pop(channel, None)

    def _claim_due(self, channels: list[str]) -> list[QueuedAlert]:
        return self._thread.store.claim_due(self._clock(), SEND_BATCH, LEASE, channels)

    def _record(self, queued: QueuedAlert, outcome: Outcome) -> None:
        assert queued.alert.id is not None  # it came out of the store
        self._thread.store.record_outcome(queued.alert.id, outcome, self._clock(), tries=queued.tries)

    async def send_due(self, done: Callable[[Sent], None]) -> list[Sent]:
        """Sends all that is due now and waits for the outcomes."""
        sent: list[Sent] = []
        while tasks := await self.start(done):
            for batch in await asyncio.gather(*tasks):
                sent += batch
        return sent

    async def _send_batch(
        self, channel: Channel, batch: Sequence[QueuedAlert], done: Callable[[Sent], None]
    ) -> list[Sent]:
        loop = asyncio.get_running_loop()
        sent = []
        for queued in batch:
            words = message.compose(queued.alert, time_zone=self._config().settings.time_zone)
            call = partial(self._sender.send, channel, words, self._clock(), tries=queued.tries)
            outcome = await loop.run_in_executor(self._sends, call)
            await self._thread.run(self._record, queued, outcome)
            sent.append(Sent(alert=queued.alert, outcome=outcome))
            done(sent[-1])
        return sent

    async def tell_operators(self, subject: str, text: str) -> Outcome | None:
        """A notice to the operators' channel, once and at once; None if the configuration names no such channel."""
        channel = self._config().channels.get(self._config().settings.operators or "")
        if channel is None:
            return None
        call = partial(self._sender.send, channel, message.notice(subject, text), self._clock(), tries=0)
        return await asyncio.get_running_loop().run_in_executor(self._sends, call)
