"""Notices that the configuration changed: edited in place, renamed over, or a symbolic link swapped underneath it.

``watchfiles`` is quick but watches the folder that a path led to when it began; a Kubernetes ConfigMap swaps a link
above the files, and an editor may replace the folder itself. So the files' contents are compared every two seconds as
well, through whatever links lead to them now.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import watchfiles

#: seconds between two looks at the files' contents
LOOK = 2.0
#: seconds of quiet after a change before it is told, so that files saved together are read together
QUIET = 0.3


def digest(folder: Path, files: Iterable[Path]) -> str:
    """Of the contents of the files, and of which files there are; unreadable ones count as absent."""
    seen = hashlib.sha256()
    present = sorted({*files, *folder.glob("*.yaml"), *folder.glob("rules/*.yaml"), *folder.glob("templates/*/*.*")})
    for path in present:
        seen.update(str(path).encode())
        with contextlib.suppress(OSError):
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return seen.hexdigest()


async def changes_of(files: Callable[[], Iterable[Path]], folder: Path) -> AsyncIterator[None]:
    """Yields after each change; ends when its task is cancelled."""
    nudge = asyncio.Event()
    watching = asyncio.create_task(_nudge(folder, nudge))
    last = digest(folder, files())
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(nudge.wait(), LOOK)
                await asyncio.sleep(QUIET)
            nudge.clear()
            now = await asyncio.to_thread(digest, folder, list(files()))
            if now != last:
                last = now
                yield
    finally:
        watching.cancel()


async def _nudge(folder: Path, nudge: asyncio.Event) -> None:
    with contextlib.suppress(OSError, RuntimeError):  # no inotify here: the look every two seconds remains
        async for _ in watchfiles.awatch(folder, debounce=200, step=50):
            nudge.set()
