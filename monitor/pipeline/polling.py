"""Sources are polled, and what is new there is taken in."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from monitor import extract
from monitor.fetch import Turns, host_of
from monitor.model import Backlog, Item, Poll, PollOutcome, Source
from monitor.pipeline import pages
from monitor.pipeline.addresses import bare
from monitor.pipeline.backlog import FirstPolls
from monitor.pipeline.book import Book, to_json
from monitor.pipeline.book import from_json as book_of
from monitor.pipeline.debt import Debt
from monitor.pipeline.health import Complaint, complaint
from monitor.pipeline.leisure import Leisure
from monitor.pipeline.network import Network
from monitor.pipeline.recognition import marks_of, recognise, rolled_over
from monitor.pipeline.rests import Rests
from monitor.pipeline.taking import UNREADABLE, Taken, in_order, take_all
from monitor.pipeline.together import Together
from monitor.rhythm import DOWN_PAUSE, FIRST_GONE_PAUSE, GONE_PAUSE, next_poll, own_interval
from monitor.sources import SOURCES, Tools
from monitor.store.records import EndedPoll, SourceState
from monitor.workers import WorkFailed

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.fetch import Door
    from monitor.pipeline.thread import StoreThread
    from monitor.store import Transaction
    from monitor.workers import Workers

#: no poll may take longer than this, whatever its source does: a hung one would never be polled again
LONGEST_POLL = timedelta(minutes=5)
#: nor the reading of one document: its worker is killed then
LONGEST_PARSE = timedelta(seconds=20)
#: nor the reading of a batch of items, or of one of them alone: of a text that makes a rule slow nothing is read
LONGEST_READ, LONGEST_READ_ALONE = timedelta(seconds=60), timedelta(seconds=20)
#: sources of a domain that rested come back within so long of each other
_SPREAD = timedelta(minutes=10)
#: items handed to a worker at once: enough to pay for the way there, few enough to keep a pass moving
BATCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What polling one source did."""

    source: Source
    poll: Poll
    next_poll: datetime
    taken: tuple[Taken, ...] = ()
    #: nothing that it showed was known: items were probably missed between two polls
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What a first poll does on its way, and how much of what it did is wanted."""

    #: it brings no silent backlog, or has brought it
    arrived: Callable[[], None]
    #: gives up its turn at the network
    leave: Callable[[], Awaitable[None]]
    whole: bool


class Polls:
    """Polls with one door and some workers; ``config`` gives the configuration that is at work now."""

    def __init__(
        self,
        config: Callable[[], Config],
        thread: StoreThread,
        workers: Workers,
        clock: Callable[[], datetime],
    ) -> None:
        self._config, self._thread, self._workers, self._clock = config, thread, workers, clock
        self.network = Network()
        self._rests = Rests(clock, lambda: self._config().settings.polling.per_domain)
        #: what is wrong with which source, or no longer, and the operators do not know yet
        self.untold: dict[str, Complaint] = {}
        self._state_of = Together[str, SourceState](lambda names: thread.run(self._states, names))
        self._leisure = Leisure(thread)
        self._first_polls = FirstPolls(partial(self._take, quiet=True))
        #: sources that are known to have been polled before
        self._not_new: set[str] = set()
        self._save = Together[EndedPoll, SourceState](lambda ended: thread.write(_save_polls, ended))
        #: hosts of several sources, in which configuration
        self._shared: tuple[Config | None, frozenset[str]] = None, frozenset()
        self._door: Door
        self.open_door()

    def open_door(self) -> None:
        """Takes the limits of the configuration; polls under way end with those they began with."""
        polling = self._config().settings.polling
        self._door = make_door(self._config(), self._is_shared)
        self._turns = Turns(polling.concurrency, polling.per_host, polling.per_domain)

    def _is_shared(self, host: str) -> bool:
        config = self._config()
        if self._shared[0] is not config:
            self._shared = config, shared_hosts(config.sources)
        return host in self._shared[1]

    async def close(self) -> None:
        """Ends the workers and closes the way to the network."""
        self._leisure.close()
        await self._first_polls.close()
        self._workers.close()
        await self._door.aclose()

    async def poll_source(self, source: Source, *, whole: bool = False) -> Polled:
        """Polls one source and takes in what is new there. Failures of the source are in the result, not raised.

        What the source wants back at its next poll is stored last: after a crash in between it is asked again for what
        was not yet taken in. A silent backlog waits for those of other sources that are polled for the first time now;
        unless ``whole``, its changes are counted in the result and not kept.
        """
        with self._first_polls.coming() as arrived:
            if source.name in self._not_new:
                arrived()
            async with AsyncExitStack() as turn:
                await turn.enter_async_context(self._turns.of(domain := domain_of(source)))
                if until := self._rests.until(domain):
                    return await self._put_off(source, until)
                return await self._poll_source(source, _Way(arrived=arrived, leave=turn.aclose, whole=whole))

    async def _put_off(self, source: Source, until: datetime) -> Polled:
        """Leaves a source alone whose domain rests; those of one domain do not all come when the rest is over."""
        reason = f"not asked: its domain wants to be left alone until {until:%H:%M} UTC"
        again = _after(until, source)
        await self._thread.run(self._save_next, source.name, again)
        return Polled(source=source, poll=Poll(outcome=PollOutcome.UNCHANGED, reason=reason), next_poll=again)

    async def _poll_source(self, source: Source, way: _Way) -> Polled:
        before = await self._state_of(source.name)
        if not (quiet := before.first_polled is None and source.backlog is Backlog.SILENT):
            way.arrived()
        poll = self._judged(source, await self._ask(source, before.state), before)
        before_book = book_of(before.book)
        taken, lost, debt = await self._take_in(source, poll, before, way if quiet else None, before_book.debt)
        now = self._clock()
        book = before_book.after(
            poll,
            now,
            fresh=[one.item for one in taken if one.state == "new"],
            events=sum(len(one.moves) for one in taken),
            lost=lost,
            debt=debt,
        )
        if lost:
            poll = replace(poll, reason=f"{poll.reason}, none of them known: items were probably missed")
        again = self._next(source, poll, before, book, now)
        self._not_new.add(source.name)
        state = await self._save(
            EndedPoll(
                name=source.name,
                poll=poll,
                at=now,
                next_poll=again,
                url=bare(source.url, self._config().secrets),
                book=partial(_with_told, book),
                excused=poll.unreachable,
            )
        )
        self._note_health(source, poll, state, replace(book, told=state.book["told"]), now)
        return Polled(source=source, poll=poll, next_poll=again, taken=tuple(taken), lost=lost)

    async def _take_in(
        self, source: Source, poll: Poll, before: SourceState, silent: _Way | None, debt: Debt
    ) -> tuple[list[Taken], bool, Debt]:
        """Takes in what is new of a poll's items, or its ``silent`` backlog, and pages that are owed.

        With whether other items were probably missed.
        """
        fresh, lost = await self._thread.run(self._fresh, poll, before) if poll.items else ([], False)
        if not source.options.get("full_text"):
            return await self._take_fresh(fresh, silent), lost, Debt()
        if poll.outcome not in (PollOutcome.ITEMS, PollOutcome.UNCHANGED):
            return [], lost, debt
        tools, quiet = self._tools(), silent is not None
        had = await pages.take(fresh, debt, source, tools, self._rests, self._thread, quiet=quiet)
        taken = await self._take_fresh(had.fresh, silent)
        taken += await self._take_all(in_order(had.late), quiet=False, anew=True)
        taken += await self._take_all(in_order(had.late_quiet), quiet=True, anew=True)
        return taken, lost, had.debt

    async def _take_fresh(self, fresh: Sequence[Item], silent: _Way | None) -> list[Taken]:
        fresh = in_order(fresh)
        if silent is None or not fresh:
            return await self._take_all(fresh, quiet=False)
        found = [one for start in range(0, len(fresh), BATCH) for one in await self._read(fresh[start : start + BATCH])]
        await self._first_polls.room()
        await silent.leave()
        read = list(zip(fresh, found, strict=True))
        return await self._first_polls.take(read, arrived=silent.arrived, whole=silent.whole)

    def _judged(self, source: Source, poll: Poll, before: SourceState) -> Poll:
        """The poll; with a word on our own network where that is to blame."""
        if domain := domain_of(source):
            if poll.busy and poll.retry_after:
                self._rests.rest(domain, poll.retry_after)
            reached = not poll.unreachable
            self.network.note(domain, reached=reached, well=not before.failures, now=self._clock())
        if not poll.unreachable:
            return poll
        if not self.network.is_down:
            return replace(poll, unreachable=False)
        return replace(poll, reason=f"{poll.reason}; nobody can be reached: our own network seems to be down")

    def _next(self, source: Source, poll: Poll, before: SourceState, book: Book, now: datetime) -> datetime:
        polling = self._config().settings.polling
        interval, failures = source.interval, 0
        if source.adaptive:
            bounds = (polling.shortest, polling.longest)
            interval = own_interval(book.pulse, now, usual=interval, pace=poll.pace, bounds=bounds)
        if poll.outcome is PollOutcome.GONE:
            interval = GONE_PAUSE if before.outcome is PollOutcome.GONE else max(interval, FIRST_GONE_PAUSE)
        elif poll.unreachable:
            interval = min(interval, DOWN_PAUSE)
        elif poll.outcome is PollOutcome.FAILED:
            failures = before.failures + 1
        roll = random.random()  # noqa: S311  jitter, not a secret
        again = next_poll(
            now, interval=interval, failures=failures, retry_after=poll.retry_after, fresh=poll.fresh, roll=roll
        )
        # kept in the database, so that a restart does not end the rest that a page of its own asked for
        rest = self._rests.until(domain) if (domain := domain_of(source)) else None
        return _after(rest, source) if rest and rest > again else again

    def _tools(self) -> Tools:
        return Tools(door=self._door, work=partial(self._workers.run_within, LONGEST_PARSE), now=self._clock())

    async def _ask(self, source: Source, state: Mapping[str, Any]) -> Poll:
        try:
            async with asyncio.timeout(LONGEST_POLL.total_seconds()):
                return await SOURCES[source.type].poll(source, state, self._tools())
        except TimeoutError:
            return Poll(outcome=PollOutcome.FAILED, reason=f"not done after {LONGEST_POLL}", state=state)

    async def _take_all(self, fresh: Sequence[Item], *, quiet: bool, anew: bool = False) -> list[Taken]:
        taken: list[Taken] = []
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            found = await self._read(batch)
            taken += await self._take(list(zip(batch, found, strict=True)), quiet=quiet, anew=anew)
        return taken

    async def _take(
        self, read: Sequence[tuple[Item, extract.Extraction]], *, quiet: bool, anew: bool = False
    ) -> list[Taken]:
        """Takes items in together; where that fails, one by one, so that one item does not keep out those before it."""
        now, watch = self._clock(), self._config().rules
        self._leisure.put_off()
        try:
            return await self._thread.write(take_all, read, watch=watch, now=now, quiet=quiet, anew=anew)
        except Exception:
            if len(read) == 1:
                raise
        return [taken for one in read for taken in await self._take([one], quiet=quiet, anew=anew)]

    async def _read(self, batch: Sequence[Item]) -> list[extract.Extraction]:
        """What the items tell. One that cannot be read in time is passed over, the others are read all the same."""
        alone = len(batch) == 1
        try:
            return await self._workers.run_within(
                LONGEST_READ_ALONE if alone else LONGEST_READ, extract.extract_all, batch
            )
        except WorkFailed as fault:
            if alone:
                return [extract.Extraction(skipped=f"{UNREADABLE}: {fault}")]
        return [found for item in batch for found in await self._read([item])]

    async def poll_all(self, sources: Sequence[Source], done: Callable[[Polled], None]) -> list[Polled]:
        """Polls sources side by side; ``done`` is told of each as it ends."""

        async def one(source: Source) -> Polled:
            polled = await self.poll_source(source, whole=True)
            done(polled)
            return polled

        return await asyncio.gather(*(one(source) for source in sources))

    def due_sources(self) -> list[Source]:
        """The sources whose next poll is due."""
        with self._thread.store.read() as tx:
            due = set(tx.due([source.name for source in self._config().sources], self._clock()))
        return [source for source in self._config().sources if source.name in due]

    def due_times(self) -> dict[str, datetime]:
        """The stored instant of the next poll of each source that has one."""
        with self._thread.store.read() as tx:
            return {name: when for name, when in tx.next_polls().items() if when is not None}

    def _states(self, names: Sequence[str]) -> list[SourceState]:
        with self._thread.store.read() as tx:
            return tx.sources_named(names)

    def _fresh(self, poll: Poll, before: SourceState) -> tuple[list[Item], bool]:
        """The items that are new or edited, under the names they are stored by; whether others were missed."""
        items = poll.items
        with self._thread.store.read() as tx:
            fresh, named = tx.fresh_and_named(items)
            if not fresh or poll.partial or before.first_polled is None:
                return fresh, False
            unknown = [item for item in fresh if item.id not in named]
            alike = tx.alike(before.name, map(marks_of, unknown)) if unknown else []
            if not alike:
                return fresh, not poll.known and rolled_over(items, unknown)
            shown = {item.id for item in items} | set(poll.known)
            renamed = recognise(unknown, shown, alike)
            still = tx.fresh([item for item in fresh if item.id in named] + list(renamed))
        new = [item for item, old in zip(renamed, unknown, strict=True) if item.id == old.id]
        return still, not poll.known and rolled_over(items, new)

    def _save_next(self, name: str, again: datetime) -> None:
        with self._thread.store.write() as tx:
            tx.put_off(name, again)

    # --- health ------------------------------------------------------------------------------------------------------

    def _note_health(self, source: Source, poll: Poll, state: SourceState, book: Book, now: datetime) -> None:
        """Keeps in mind what the operators are to be told; after a restart the next poll finds it again."""
        found = complaint(source, poll, book, state.failures, now)
        if found.name == book.told:
            self.untold.pop(source.name, None)
        else:
            self.untold[source.name] = found

    async def mark_told(self, told: Mapping[str, Complaint]) -> None:
        """Notes in the sources' books what the operators know now."""
        await self._thread.run(self._mark_told, told)
        for name, each in told.items():
            if self.untold.get(name) == each:
                del self.untold[name]

    def _mark_told(self, told: Mapping[str, Complaint]) -> None:
        with self._thread.store.write() as tx:
            for name, each in told.items():
                book = replace(book_of(tx.source(name).book), told=each.name)
                tx.save_book(name, to_json(book))


def _after(until: datetime, source: Source) -> datetime:
    """Soon after a domain's rest, not together with all others of it."""
    return until + min(source.interval, _SPREAD) * random.random()  # noqa: S311  jitter, not a secret


def _save_polls(tx: Transaction, ended: Sequence[EndedPoll]) -> list[SourceState]:
    return tx.save_polls(ended)


def _with_told(book: Book, stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """The book; what the operators were told may have been noted while the poll was under way."""
    return to_json(replace(book, told=stored.get("told", "")))


def domain_of(source: Source) -> str:
    """The host that a source's polls go to; "" for one that is on this machine."""
    return host_of(source.url)


def shared_hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts that are asked for several addresses: feeds, or a feed and the pages of its items."""
    hosts = Counter(domain_of(source) for source in sources for _ in range(2 if source.options.get("full_text") else 1))
    return frozenset(host for host, count in hosts.items() if count > 1)


def make_door(config: Config, shared: Callable[[str], bool] = lambda _: False) -> Door:
    """The way to the network, with the limits of the configuration; ``shared`` as in ``Door``."""
    from monitor.fetch import Door, Limits

    polling = config.settings.polling
    limits = Limits(
        timeout=polling.timeout,
        max_bytes=polling.max_bytes,
        allow=polling.allow,
        at_once=polling.concurrency,
        per_host=polling.per_host,
        per_domain=polling.per_domain,
        user_agent=polling.user_agent,
        contact=polling.contact,
        ca_file=str(polling.ca_file) if polling.ca_file else None,
        proxy=polling.proxy,
    )
    return Door(limits, shared=shared)
