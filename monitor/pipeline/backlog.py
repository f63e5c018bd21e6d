"""What sources show at their first poll, taken in in order of publication, however many of them come at once.

What is taken in after later news makes that later news be compared again. A hundred feeds tell of the same weeks: taken
in one after the other, each goes over all that those before it brought, and the hundredth costs a hundred times what
the first did. So silent backlogs wait for each other, and the oldest item of all goes first. While they wait they are
packed, for there may be very many; and nothing is lost where the service ends: a source's first poll has ended only
when all that it showed is taken in, and is made anew until then.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import heapq
import pickle
import zlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from monitor.extract import Extraction
from monitor.model import Item
from monitor.pipeline.taking import Taken

#: bytes of packed items that wait at most; from then on the oldest are taken in though older ones may come
MOST = 24 * 2**20
#: seconds for which nobody has come until those that wait go on without the polls that are still under way
PATIENCE = 10.0
#: items taken in together
AT_ONCE = 20

#: an item and what was read from it
Read = tuple[Item, Extraction]


@dataclass(slots=True, eq=False)
class _Shown:
    """What one source showed: what came of each item, and who waits for it."""

    future: asyncio.Future[list[Taken]]
    taken: list[Taken | None]
    whole: bool
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = len(self.taken)

    def note(self, place: int, taken: Taken) -> None:
        """Keeps what came of an item; of a large backlog no more than has to be counted."""
        self.taken[place] = taken if self.whole else taken.counted()
        self.left -= 1
        if not self.left and not self.future.done():
            self.future.set_result([one for one in self.taken if one is not None])

    def fail(self, fault: Exception) -> None:
        """Lets the poll fail of which an item cannot be taken in."""
        if not self.future.done():
            self.future.set_exception(fault)


class _Waiting(NamedTuple):
    """An item that waits, in the order in which it will be taken in."""

    when: tuple[dt.date, str]
    number: int
    packed: bytes
    shown: _Shown
    place: int


class FirstPolls:
    """Items of first polls; ``take`` takes some of them in, in their order."""

    def __init__(self, take: Callable[[Sequence[Read]], Awaitable[list[Taken]]]) -> None:
        self._take = take
        self._numbers = count()
        self._heap: list[_Waiting] = []
        self._bytes = 0
        #: polls under way that may bring something
        self._coming = 0
        #: whether nobody who is still coming is waited for
        self._impatient = False
        self._timer: asyncio.TimerHandle | None = None
        self._work: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._room.set()

    @contextmanager
    def coming(self) -> Iterator[Callable[[], None]]:
        """Others wait while this lasts, or until what it gives is called: it brings nothing, or has come."""
        self._coming += 1
        is_coming = True

        def arrived() -> None:
            nonlocal is_coming
            if is_coming:
                is_coming = False
                self._coming -= 1
                self._look()

        try:
            yield arrived
        finally:
            arrived()

    async def room(self) -> None:
        """Waits until more can be held; until then a poll has to keep its place, so that no more begin."""
        await self._room.wait()

    async def take(self, read: Sequence[Read], *, arrived: Callable[[], None], whole: bool) -> list[Taken]:
        """What taking in each item did, once all of them are; unless ``whole``, only what is counted of it.

        ``arrived`` is what ``coming`` gave.
        """
        loop = asyncio.get_running_loop()
        shown = _Shown(loop.create_future(), [None] * len(read), whole)
        for place, one in enumerate(read):
            packed = zlib.compress(pickle.dumps(one), 1)
            heapq.heappush(self._heap, _Waiting(_when(one[0]), next(self._numbers), packed, shown, place))
            self._count(len(packed))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_later(PATIENCE, self._go)
        arrived()
        self._look()
        return await shown.future

    async def close(self) -> None:
        """Ends; whoever waits is cancelled."""
        if self._timer is not None:
            self._timer.cancel()
        if self._work is not None:
            self._work.cancel()
            with suppress(asyncio.CancelledError):
                await self._work
        for waiting in self._heap:
            waiting.shown.future.cancel()
        self._heap.clear()

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes < MOST:
            self._room.set()
        else:
            self._room.clear()

    def _go(self) -> None:
        """Goes on without those that are still coming."""
        self._impatient = True
        self._look()

    def _look(self) -> None:
        """Begins to take in if it is time."""
        if self._is_time() and (self._work is None or self._work.done()):
            self._work = asyncio.get_running_loop().create_task(self._take_all(), name="backlog")

    def _is_time(self) -> bool:
        return bool(self._heap) and (self._impatient or not self._coming or self._bytes >= MOST)

    async def _take_all(self) -> None:
        while self._is_time():
            batch = [heapq.heappop(self._heap) for _ in range(min(AT_ONCE, len(self._heap)))]
            self._count(-sum(len(each.packed) for each in batch))
            await self._take_in([each for each in batch if not each.shown.future.done()])  # done: nobody waits any more
        self._impatient = self._impatient and bool(self._heap)

    async def _take_in(self, batch: Sequence[_Waiting]) -> None:
        try:
            taken = await self._take([pickle.loads(zlib.decompress(each.packed)) for each in batch])  # noqa: S301  our own
        except Exception as fault:
            if len(batch) == 1:
                batch[0].shown.fail(fault)
                return
            for each in batch:
                await self._take_in([each])
            return
        for each, one in zip(batch, taken, strict=True):
            each.shown.note(each.place, one)


def _when(item: Item) -> tuple[dt.date, str]:
    """The canonical order of claims (kinds/linking.py) as far as it is known before they are made; the undated last."""
    if item.published_at is None:
        return item.published or dt.date.max, ""
    return item.published or item.published_at.date(), item.published_at.astimezone(dt.UTC).isoformat()
