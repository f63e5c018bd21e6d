"""``monitor run``: APScheduler wiring, signals, re-reading of the configuration; nothing else.

    scheduler ──► poll(source)  one job for all, at the instant that the next of them is due (agenda.py); the store
                                has each one's, and each poll sets the next
              ──► deliver()     every second, and when a poll has led to an alert; a channel that is still being sent
                                to is left alone
    watcher   ──► reload()      SIGHUP, or a file of the configuration changed
    HTTP      ──► /healthz /readyz /metrics /ack

Polls run on the event loop, CPU-bound work in worker processes, the store in one thread, deliveries in children of
their own: none waits for another. SIGTERM ends all within ten seconds; what was being sent is sent again after the
next start, what was being taken in is whole or not there.
"""

from __future__ import annotations

import asyncio
import random
import signal
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor import clock, health, web
from monitor.agenda import Agenda
from monitor.config import Config
from monitor.errors import ConfigError, MonitorError
from monitor.model import Source
from monitor.pipeline import Pipeline, Polled, Sent
from monitor.reload import changes_of
from monitor.rhythm import first_poll
from monitor.web.metrics import Metrics

log = structlog.get_logger()

#: what is under way when the process is told to end may take this long, in seconds, before it is cut off
GRACE = 6.0
#: the agenda is left alone for so long after a look: turns that are less apart are taken together
REST = timedelta(milliseconds=100)
#: polls that are started without a pause: thousands may be due after the service was down
AT_ONCE = 50
#: how often what is older than the retention is taken away
PRUNE_EVERY = timedelta(hours=1)


class Daemon:
    """One process of the service. ``load`` reads the configuration anew and raises ConfigError when it is bad."""

    def __init__(self, pipeline: Pipeline, load: Callable[[], Config]) -> None:
        self._pipeline = pipeline
        self._load = load
        self._metrics = Metrics()
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        #: the sources that are at work, by name, and the polls that are under way
        self._sources: dict[str, Source] = {}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._agenda = Agenda()
        #: when the agenda is looked at next
        self._look: datetime | None = None
        self._last_tick = pipeline.clock()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    @property
    def _config(self) -> Config:
        return self._pipeline.config

    async def run(self) -> None:
        """Runs until SIGTERM or SIGINT.

        1. Bind the HTTP port, so that a taken one is said before anything is polled.
        2. Schedule a poll for each source, and deliveries; start watching the configuration.
        3. Wait for a signal. Then: no new polls, what is under way ends or is cut off, children are ended.
        """
        http = self._config.settings.http
        listener = _listen(http.host, http.port)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        await asyncio.to_thread(self._pipeline.deliveries.warm_up)
        await self._wake()
        self._schedule_sources()
        self._schedule_deliveries()
        self._schedule_ping()
        self._schedule_upkeep()
        self._scheduler.start()
        app = web.application(
            alive=self._alive, ready=self._ready, measure=self._measure, metrics=self._metrics, acks=self._pipeline.acks
        )
        server = web.server(app, host=http.host, port=http.port)
        background = [
            asyncio.create_task(server.serve(sockets=[listener]), name="http"),
            asyncio.create_task(self._keep_config(), name="config"),
            asyncio.create_task(self._watch_config(), name="watch"),
            asyncio.create_task(self._watch_clock(), name="clock"),
        ]
        log.info(
            "started", sources=len(self._config.sources), rules=len(self._config.rules), http=f"{http.host}:{http.port}"
        )
        try:
            await self._stop.wait()
        finally:
            log.info("stopping")
            server.should_exit = True
            await self._end(background)
            log.info("stopped")

    async def _end(self, background: list[asyncio.Task[None]]) -> None:
        self._scheduler.shutdown(wait=False)
        for task in background[1:]:
            task.cancel()
        for poll in self._polls.values():
            poll.cancel()
        under_way = [*self._polls.values(), background[0]]
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=GRACE)
            for task in late:
                task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        await self._pipeline.close()

    # --- polls -------------------------------------------------------------------------------------------------------

    def _schedule_sources(self, before: Config | None = None, *, within: bool = False) -> None:
        """One job for each source of the configuration; jobs of sources that left it are removed.

        A stored pause is kept to over restarts and reloads: it may be a back-off, or what the source asked for. Only a
        source whose interval is not what it was ``before`` counts from now on; with ``within`` all are polled within
        their intervals.
        """
        now = self._pipeline.clock()
        self._sources = {source.name: source for source in self._config.sources}
        self._agenda.keep_only(self._sources)
        due = self._pipeline.polls.due_times()
        intervals = {source.name: source.interval for source in before.sources} if before else {}
        for source in self._sources.values():
            start = first_poll(now, interval=source.interval, sources=len(self._sources), roll=random.random())  # noqa: S311  jitter, not a secret
            known = due.get(source.name, start)
            soon = within or intervals.get(source.name, source.interval) != source.interval
            self._agenda.plan(source.name, min(known, now + source.interval) if soon else known)
        self._look = None
        self._look_when_due()

    def _look_when_due(self) -> None:
        """Has the agenda looked at when its first turn comes; not all the time, and not sooner than it is."""
        if (first := self._agenda.first) is None:
            return
        look = max(first, self._pipeline.clock() + REST)
        if self._look is not None and self._look <= look:
            return
        self._look = look
        self._scheduler.add_job(self._start_due, DateTrigger(self._look), id="polls", replace_existing=True)

    async def _start_due(self) -> None:
        """Starts the polls that are due; one that is under way plans the next itself."""
        for number, name in enumerate(self._agenda.take_due(self._pipeline.clock())):
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
            if name in self._sources and name not in self._polls and not self._stop.is_set():
                self._polls[name] = asyncio.create_task(self._poll(self._sources[name]), name=f"poll {name}")
        self._look = None  # only now: the scheduler does not come in between
        self._look_when_due()

    async def _poll(self, source: Source) -> None:
        """Polls one source and plans its next poll, whatever happens."""
        again = self._pipeline.clock() + source.interval
        try:
            polled = await self._pipeline.polls.poll_source(source)
            again = polled.next_poll
            self._observe(polled)
        except Exception:
            log.exception("poll failed unexpectedly; it is tried again", source=source.name)
        finally:
            del self._polls[source.name]
            if not self._stop.is_set() and source.name in self._sources:
                self._agenda.plan(source.name, again)
                self._look_when_due()

    def _observe(self, polled: Polled) -> None:
        name = polled.source.name
        self._metrics.polls.labels(name, polled.poll.outcome).inc()
        for taken in polled.taken:
            self._metrics.items.labels(name, "skipped" if taken.skipped else taken.state).inc()
            if taken.passed_over:
                log.warning("item passed over", source=name, item=taken.item.id, reason=taken.skipped)
            for kind, type in taken.moves:
                self._metrics.events.labels(kind).inc()
                self._metrics.changes.labels(kind, type).inc()
            for alert in taken.alerts:
                self._metrics.alerts.labels(alert.channel).inc()
        if any(taken.alerts for taken in polled.taken) and not self._stop.is_set():
            self._scheduler.modify_job("deliver", next_run_time=self._pipeline.clock())
        changes = sum(len(taken.moves) for taken in polled.taken)
        log.info(
            "polled", source=name, outcome=polled.poll.outcome.value, reason=polled.poll.reason,
            items=len(polled.taken), changes=changes, next=polled.next_poll.isoformat(timespec="seconds"),
        )  # fmt: skip

    # --- deliveries --------------------------------------------------------------------------------------------------

    def _schedule_deliveries(self) -> None:
        seconds = self._config.settings.delivery.interval.total_seconds()
        self._scheduler.add_job(self._deliver, IntervalTrigger(seconds=seconds), id="deliver", replace_existing=True)
        self._scheduler.add_job(self._tell_health, IntervalTrigger(minutes=1), id="health", replace_existing=True)

    async def _tell_health(self) -> None:
        """Tells the operators which sources have fallen ill, or are well again."""
        outcome = await self._pipeline.tell_health()
        if outcome is not None:
            log.info("told of sources", outcome=outcome.type.value, reason=outcome.reason)

    async def _deliver(self) -> None:
        """Starts sending what is due; does not wait for it, so that a slow channel delays no other."""
        self._last_tick = self._pipeline.clock()
        try:
            await self._pipeline.deliveries.start(self._delivered)
        except MonitorError as error:
            log.error("the outbox cannot be read; it is tried again", reason=str(error))

    def _delivered(self, sent: Sent) -> None:
        self._metrics.deliveries.labels(sent.alert.channel, sent.outcome.type).inc()
        log.info("delivery", channel=sent.alert.channel, outcome=sent.outcome.type.value, reason=sent.outcome.reason,
                 alert=sent.alert.id, rules=list(sent.alert.rules))  # fmt: skip

    def _schedule_upkeep(self) -> None:
        trigger = IntervalTrigger(seconds=PRUNE_EVERY.total_seconds())
        self._scheduler.add_job(self._prune, trigger, id="prune", replace_existing=True)

    async def _prune(self) -> None:
        """Takes away what is old and grows, in short transactions between which others write."""
        retention = self._config.settings.retention
        if retention is None:
            return
        try:
            taken = await asyncio.to_thread(self._pipeline.store.prune, self._pipeline.clock() - retention)
        except MonitorError as error:
            log.error("what is old could not be taken away; it is tried again", reason=str(error))
        else:
            log.info("pruned", **taken)

    # --- configuration -----------------------------------------------------------------------------------------------

    async def _watch_config(self) -> None:
        async for _ in changes_of(lambda: self._config.files, self._config.folder):
            self._reload.set()

    async def _keep_config(self) -> None:
        while True:
            await self._reload.wait()
            self._reload.clear()
            await self._take_config()

    async def _take_config(self) -> None:
        """Reads the configuration again; a bad one is refused with its complaint, and the old one stays at work."""
        try:
            new = await asyncio.to_thread(self._load)
        except ConfigError as error:
            self._metrics.reloads.labels("refused").inc()
            log.error("configuration refused; the one before stays at work", complaint=str(error))
            await self._pipeline.deliveries.tell_operators(
                "configuration refused; the one before stays at work", str(error)
            )
            return
        before = self._config
        self._pipeline.take_config(new)
        self._schedule_sources(before)
        self._schedule_deliveries()
        self._schedule_ping()
        if (new.settings.database, new.settings.http) != (before.settings.database, before.settings.http):
            log.warning("a changed database or http address is taken at the next start")
        self._metrics.reloads.labels("taken").inc()
        log.info("configuration taken", sources=len(new.sources), rules=len(new.rules))

    # --- clock -------------------------------------------------------------------------------------------------------

    async def _watch_clock(self) -> None:
        """When the clock was put back, everything is planned anew: it would wait until the clock is there again."""
        async for back in clock.put_back(self._pipeline.clock):
            woken = await self._wake()
            log.warning("the clock was put back; all is planned anew", by=str(back), alerts=woken)
            self._schedule_sources(within=True)
            self._schedule_deliveries()
            self._schedule_ping()
            self._schedule_upkeep()

    async def _wake(self) -> int:
        """Makes due what a clock that was ahead has put off; how many alerts that were."""
        try:
            return await self._pipeline.deliveries.wake()
        except MonitorError as error:  # the service is not to end, or never to begin, because a database is locked
            log.error("what waits could not be looked at", reason=str(error))
            return 0

    # --- health ------------------------------------------------------------------------------------------------------

    def _alive(self) -> str | None:
        """The database can be read; that the process answers at all is shown by its answering."""
        return self._pipeline.store.ping()

    def _ready(self) -> str | None:
        """Polls and deliveries go on."""
        now = self._pipeline.clock()
        if complaint := self._alive():
            return complaint
        with self._pipeline.store.read() as tx:
            states, overdue = tx.sources(), tx.counts(now).overdue
        intervals = {source.name: source.interval for source in self._config.sources}
        found = health.deliveries(now, overdue=overdue, looked=self._last_tick) + health.polls(states, intervals, now)
        return "; ".join(found) or None

    def _schedule_ping(self) -> None:
        """Calls an address for as long as all is well; whoever is behind it notices when the calls stop."""
        ping = self._config.settings.ping
        if ping.url is None:
            if self._scheduler.get_job("ping"):
                self._scheduler.remove_job("ping")
            return
        trigger = IntervalTrigger(seconds=ping.interval.total_seconds())
        self._scheduler.add_job(self._ping, trigger, id="ping", replace_existing=True)

    async def _ping(self) -> None:
        url = self._config.settings.ping.url
        if url is None:
            return
        complaint = await asyncio.to_thread(self._ready)
        if complaint is not None:
            log.warning("not pinged: all is not well", reason=complaint)
        elif failure := await health.ping(url):
            log.warning("the address under ping.url did not answer", reason=failure)

    def _measure(self) -> None:
        with self._pipeline.store.read() as tx:
            counts = tx.counts(self._pipeline.clock())
        self._metrics.set_queue(counts.alerts, counts.oldest_seconds, counts.failing_sources)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; a port that is taken is a complaint, not a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            "monitor.yaml", None, "http.port", f"cannot listen on {host}:{port}: {error.strerror}"
        ) from error
