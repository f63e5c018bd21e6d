"""What several tasks ask for at about the same time is asked for at once.

A way to the store's thread and back, a statement and a commit cost the same for one source as for thirty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

#: asked for at once at most, so that nobody waits for long, and whoever waits for the store's lock neither
MOST = 100
#: seconds in which others may join those that have waited already: a moment, for who polls, and time for ten to come
GATHERING = 0.005


class Together(Generic[Ask, Answer]):
    """The first ask goes at once, alone; those that come while one is under way go together, when it is answered.

    ``answer`` gives one answer for each ask, in their order. When it raises for several, each is asked for alone, so
    that what one did wrong is raised there alone.
    """

    def __init__(self, answer: Callable[[Sequence[Ask]], Awaitable[Sequence[Answer]]]) -> None:
        self._answer = answer
        self._waiting: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def __call__(self, ask: Ask) -> Answer:
        """The answer to this one."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((ask, future))
        if self._at_work is None or self._at_work.done():
            self._at_work = loop.create_task(self._work())
        return await future

    async def _work(self) -> None:
        asked: list[tuple[Ask, asyncio.Future[Answer]]] = []
        try:
            while self._waiting:
                asked = [each for each in self._waiting[:MOST] if not each[1].done()]  # done: nobody waits any more
                del self._waiting[:MOST]
                await self._settle(asked)
                if self._waiting:
                    await asyncio.sleep(GATHERING)
        except asyncio.CancelledError:
            for _, future in asked + self._waiting:
                future.cancel()
            self._waiting.clear()
            raise

    async def _settle(self, asked: Sequence[tuple[Ask, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._answer([ask for ask, _ in asked]) if asked else []
        except Exception as fault:
            if len(asked) == 1:
                _, future = asked[0]
                if not future.done():
                    future.set_exception(fault)
                return
            for each in asked:
                await self._settle([each])
            return
        for (_, future), answer in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answer)
