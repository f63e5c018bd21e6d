"""Work outside the event loop."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from monitor.workers import Workers


def die_once(mark: str) -> str:
    """Kills its own process the first time."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os._exit(9)
    return "done"


def complain() -> None:
    raise ValueError("no such day")


def test_work_runs_in_another_process() -> None:
    async def ask() -> int:
        workers = Workers(1)
        try:
            return await workers.run(os.getpid)
        finally:
            workers.close()

    assert asyncio.run(ask()) != os.getpid()


def test_without_processes_work_runs_in_a_thread_of_this_one() -> None:
    async def ask() -> int:
        workers = Workers()
        try:
            return await workers.run(os.getpid)
        finally:
            workers.close()

    assert asyncio.run(ask()) == os.getpid()


def test_a_worker_that_is_killed_is_replaced_and_its_work_done_again(tmp_path: Path) -> None:
    async def ask() -> str:
        workers = Workers(1)
        try:
            return await workers.run(die_once, str(tmp_path / "mark"))
        finally:
            workers.close()

    assert asyncio.run(ask()) == "done"


def test_what_the_work_raises_is_raised_to_the_asker() -> None:
    async def ask() -> None:
        workers = Workers()
        try:
            await workers.run(complain)
        finally:
            workers.close()

    with pytest.raises(ValueError, match="no such day"):
        asyncio.run(ask())
