"""Notices that the clock was put back, by hand or by a time server: what was planned by it would wait that much more.

A clock that is put forward needs nothing: what has become due is done. Summer and winter time do not matter here:
plans are in UTC.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

#: how often it is looked at, and how much it may lose between two looks
LOOK = timedelta(seconds=1)
SLACK = timedelta(seconds=5)


async def put_back(
    clock: Callable[[], datetime], *, elapsed: Callable[[], float] = time.monotonic, look: timedelta | None = None
) -> AsyncIterator[timedelta]:
    """By how much, each time; ``elapsed`` counts seconds and is never put back."""
    wall, steady = clock(), elapsed()
    while True:
        await asyncio.sleep((LOOK if look is None else look).total_seconds())
        now, passed = clock(), elapsed()
        back = timedelta(seconds=passed - steady) - (now - wall)
        wall, steady = now, passed
        if back > SLACK:
            yield back
