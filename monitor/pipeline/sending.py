"""What was queued is worded and sent, and what became of it is noted."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from monitor import calm, message
from monitor.errors import StoreError
from monitor.model import Alert, Channel, Outcome, OutcomeType
from monitor.pipeline.wording import worded

if TYPE_CHECKING:
    from monitor.calm import Bundle
    from monitor.config import Config
    from monitor.delivery import Circuit, Sender
    from monitor.pipeline.thread import StoreThread
    from monitor.rules import Rule
    from monitor.store import DueAlert, QueuedAlert, Reminder, StoredSilence, Transaction

log = structlog.get_logger()

#: beyond the time that a try may take, how long its sender has the alert to itself: after a crash it is free again
LEASE = timedelta(minutes=1)
#: alerts of one channel that are looked at together: so many can be told in one message
MOST_AT_ONCE = 5000
#: how often an alert is told again before it is taken that nobody reads the channel
MOST_REMINDERS = 50
#: how the preface of a reminder begins (store.reminders knows waiting ones by it)
LABEL = "Reminder"
#: channels that can be sent to at once
CHANNELS_AT_ONCE = 64
#: how soon an outcome that could not be stored is stored again
NOTE_AGAIN = timedelta(seconds=2)
#: at the end, how long tries under way may go on, and then how long it may take to note that they were cut off
LAST_TRIES, LAST_WORDS = timedelta(seconds=2), timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of one try to deliver one alert."""

    alert: Alert
    outcome: Outcome


Done = Callable[[Sent], None]


class Deliveries:
    """Sends with one sender, a task a channel; ``config`` gives the configuration that is at work now."""

    def __init__(
        self, config: Callable[[], Config], thread: StoreThread, sender: Sender, clock: Callable[[], datetime]
    ) -> None:
        self._config, self._thread, self._sender, self._clock = config, thread, sender, clock
        self._sends = ThreadPoolExecutor(CHANNELS_AT_ONCE, thread_name_prefix="send")
        self._sending: dict[str, asyncio.Task[list[Sent]]] = {}
        self._circuits: dict[str, Circuit] = {}
        self._ending = False

    def warm_up(self) -> None:
        """Loads what sends, so that the first alert does not wait for it."""
        self._sender.warm_up()

    async def close(self) -> None:
        """Lets tries under way end for a moment, cuts the others off, and gives back what was not sent."""
        self._ending = True
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=LAST_TRIES.total_seconds())
        await asyncio.to_thread(self._sender.close)
        if self._sending:
            _, late = await asyncio.wait(self._sending.values(), timeout=LAST_WORDS.total_seconds())
            for task in late:
                task.cancel()
        self._sends.shutdown(wait=False, cancel_futures=True)

    async def start(self, done: Done) -> list[asyncio.Task[list[Sent]]]:
        """Begins to send what is due, a task a channel; a channel that is still being sent to is left alone.

        So is one that failed, until its pause is over.
        """
        due = await self._thread.run(self._look)
        for name, channel in self._config().channels.items():
            if name in due and name not in self._sending and self._lets_through(name) and not self._ending:
                task = asyncio.create_task(self._serve(channel, done), name=f"send:{name}")
                self._sending[name] = task
                task.add_done_callback(partial(self._ended, name))
        return list(self._sending.values())

    def _lets_through(self, name: str) -> bool:
        circuit = self._circuits.get(name)
        return circuit is None or circuit.lets_through(self._clock())

    def _ended(self, channel: str, task: asyncio.Task[list[Sent]]) -> None:
        self._sending.pop(channel, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("sending was broken off; it goes on with what is due", channel=channel, reason=str(error))

    async def wake(self) -> int:
        """Makes due what a clock that was ahead has put off, and gives back how many alerts that were.

        To be called at the start, and when the clock was put back.
        """
        return await self._thread.run(self._wake)

    def _wake(self) -> int:
        with self._thread.store.write() as tx:
            return tx.wake(self._clock())

    async def send_due(self, done: Done) -> list[Sent]:
        """Sends all that is due now and waits for the outcomes."""
        sent: list[Sent] = []
        while tasks := await self.start(done):
            for batch in await asyncio.gather(*tasks):
                sent += batch
        return sent

    async def tell_operators(self, subject: str, text: str) -> Outcome | None:
        """A notice to the operators' channel, once and at once; None if the configuration names no such channel."""
        channel = self._config().channels.get(self._config().settings.operators or "")
        if channel is None:
            return None
        call = partial(self._sender.send, channel, message.notice(subject, text), self._clock(), tries=0)
        return await asyncio.get_running_loop().run_in_executor(self._sends, call)

    # --- one channel -------------------------------------------------------------------------------------------------

    async def _serve(self, channel: Channel, done: Done) -> list[Sent]:
        """Sends what is due to one channel, message by message, until nothing is left or a try fails for now."""
        sent: list[Sent] = []
        while bundles := await self._thread.run(self._plan, channel):
            before = len(sent)
            for bundle in bundles:
                queued = await self._thread.run(self._claim, channel, bundle)
                if self._ending and queued:
                    await self._thread.run(self._give_back, queued)
                if self._ending:
                    return sent
                if queued:
                    outcome = await self._try(channel, bundle, queued)
                    sent += (Sent(alert=one.alert, outcome=outcome) for one in queued)
                    for one in sent[-len(queued) :]:
                        done(one)
                if not self._lets_through(channel.name):
                    return sent
            if len(sent) == before:  # others are at work on them
                return sent
        return sent

    async def _try(self, channel: Channel, bundle: Bundle, queued: Sequence[QueuedAlert]) -> Outcome:
        from monitor.delivery import Circuit

        outcome = await asyncio.get_running_loop().run_in_executor(self._sends, self._send, channel, bundle, queued)
        await self._note(channel, queued, outcome)
        self._circuits[channel.name] = self._circuits.get(channel.name, Circuit()).after(outcome, self._clock())
        return outcome

    async def _note(self, channel: Channel, queued: Sequence[QueuedAlert], outcome: Outcome) -> None:
        """Stores the outcome; while the database is locked or the disk full, again and again until the lease ends.

        What was sent and could not be noted would be sent a second time.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + LEASE.total_seconds()
        while True:
            try:
                await self._thread.run(self._record, queued, outcome)
                return
            except StoreError as error:
                if self._ending or loop.time() > deadline:
                    raise
                log.warning(
                    "an outcome could not be stored; it is tried again", channel=channel.name, reason=str(error)
                )
                await asyncio.sleep(NOTE_AGAIN.total_seconds())

    def _send(self, channel: Channel, bundle: Bundle, queued: Sequence[QueuedAlert]) -> Outcome:
        """Words and sends, in a thread of its own: thousands of alerts in one message take their time."""
        said = worded([one.alert for one in queued], bundle.reason, bundle.key, channel, self._config())
        tries = max(one.tries for one in queued)
        outcome = self._sender.send(channel, said.message, self._clock(), tries=tries)
        if not said.complaint:
            return outcome
        return dataclasses.replace(outcome, reason=f"{outcome.reason}; {said.complaint}")

    # --- in the store's thread ---------------------------------------------------------------------------------------

    def _look(self) -> Mapping[str, int]:
        """How many alerts each channel has due, after what nobody has acknowledged is queued again."""
        now = self._clock()
        with self._thread.store.read() as tx:
            waiting, reminders = tx.waiting(now), tx.reminders(now)
        if not reminders:
            return waiting
        with self._thread.store.write() as tx:
            for one in tx.reminders(now):  # as they are now: another service may have been at work
                self._remind(tx, one, now)
            return tx.waiting(now)

    def _remind(self, tx: Transaction, reminder: Reminder, now: datetime) -> None:
        """Queues an alert again, for more channels if nobody has acknowledged it for long; plans the next time."""
        rules = [rule for rule in self._config().rules if rule.stem in reminder.alert.rules]
        again, told = reminded(reminder, rules, now)
        tx.queue(told, now)
        tx.remind(number_of(reminder.alert), again, count=reminder.count + 1)

    def _plan(self, channel: Channel) -> Sequence[Bundle]:
        """What to send to a channel now, nothing while its circuit is open; notes what waits, until when and why."""
        if not self._lets_through(channel.name):
            return ()
        now, settings = self._clock(), channel.calm
        with self._thread.store.read() as tx:
            due = tx.due_alerts(channel.name, now, MOST_AT_ONCE)
            groups = tx.sent_since(channel.name, now - settings.interval) if settings.interval and due else []
            told = calm.Told(
                messages=tx.messages_since(channel.name, now - settings.within) if settings.most and due else (),
                groups={calm.group(alert, settings): at for alert, at in groups},
            )
            silences = [silence_of(stored) for stored in tx.silences(now)]
        plan = calm.plan(map(waiting_of, due), settings, now=now, told=told, silences=silences)
        if plan.holds:
            with self._thread.store.write() as tx:
                for hold in plan.holds:
                    tx.hold([number_of(alert) for alert in hold.alerts], hold.until, hold.reason)
        return plan.bundles

    def _claim(self, channel: Channel, bundle: Bundle) -> list[QueuedAlert]:
        lease = channel.timeout + LEASE
        with self._thread.store.write() as tx:
            return tx.claim([number_of(alert) for alert in bundle.alerts], bundle.key, self._clock(), lease)

    def _give_back(self, queued: Sequence[QueuedAlert]) -> None:
        with self._thread.store.write() as tx:
            tx.release(queued, self._clock())

    def _record(self, queued: Sequence[QueuedAlert], outcome: Outcome) -> None:
        """Notes the outcome; the operators hear, by the outbox, of alerts that were given up."""
        now = self._clock()
        with self._thread.store.write() as tx:
            for one in queued:
                decided = tx.record_outcome(number_of(one.alert), outcome, now, tries=one.tries)
                if decided and outcome.type is OutcomeType.DEAD:
                    tx.queue(self._undelivered(one.alert, outcome), now)
                if decided and outcome.type is OutcomeType.SENT and not one.alert.preface:
                    rules = [rule for rule in self._config().rules if rule.stem in one.alert.rules]
                    if again := next_reminder(rules, now):
                        tx.remind(number_of(one.alert), again)

    def _undelivered(self, alert: Alert, outcome: Outcome) -> list[Alert]:
        operators = self._config().settings.operators
        if operators is None or operators == alert.channel:
            return []
        return [undelivered(alert, operators, outcome)]


def number_of(alert: Alert) -> int:
    """The number of an alert that came out of the store."""
    assert alert.id is not None
    return alert.id


def waiting_of(due: DueAlert) -> calm.Waiting:
    """What a plan asks of a stored alert."""
    return calm.Waiting(alert=due.alert, created=due.created, held=due.state == "held", message=due.message)


def silence_of(stored: StoredSilence) -> calm.Silence:
    """The same of a silence."""
    return calm.Silence(id=stored.id, until=stored.until, why=stored.why, **stored.names)


def undelivered(alert: Alert, operators: str, outcome: Outcome) -> Alert:
    """The alert that tells the operators' channel of one that was given up; one for each, whatever is tried again."""
    return Alert(
        key=f"{alert.key}.undelivered",
        channel=operators,
        rules=alert.rules,
        severity=alert.severity,
        news=alert.news,
        preface=f"Undelivered: given up on channel {alert.channel}, {outcome.reason}",
    )


# --- told again ------------------------------------------------------------------------------------------------------


def next_reminder(rules: Sequence[Rule], now: datetime) -> datetime | None:
    """When an alert of these rules is told again if nobody acknowledges it; None: never."""
    pauses = [rule.repeat for rule in rules if rule.repeat is not None]
    return now + min(pauses) if pauses else None


def reminded(reminder: Reminder, rules: Sequence[Rule], now: datetime) -> tuple[datetime | None, list[Alert]]:
    """When an alert is told again after this time; and what is told now, to its channel and those it escalates to."""
    alert, count = reminder.alert, reminder.count + 1
    late = [rule for rule in rules if rule.escalate_after and now - reminder.sent >= rule.escalate_after]
    channels = dict.fromkeys([alert.channel, *(name for rule in late for name in rule.escalate_to)])
    preface = f"{LABEL} {count}: nobody has acknowledged this; `monitor ack {alert.id}` does"
    told = [
        dataclasses.replace(
            alert, id=None, key=f"{alert.key}.reminder-{count}.{channel}", channel=channel, preface=preface
        )
        for channel in channels
    ]
    return next_reminder(rules, now) if count < MOST_REMINDERS else None, told
