"""Work outside the event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from monitor.workers import Workers, WorkersClosed, WorkFailed

PARENT = """
import asyncio, os
from monitor.workers import Workers

async def main():
    workers = Workers(1)
    print(await workers.run(os.getpid), flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


def die_once(mark: str) -> str:
    """Kills its own process the first time."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os._exit(9)
    return "done"


def complain() -> None:
    raise ValueError("no such day")


def eat(megabytes: int) -> int:
    """Takes so much memory, and writes to it."""
    return len(bytearray(megabytes << 20))


class Unsendable(Exception):
    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one}, {other}")


def complain_oddly() -> None:
    raise Unsendable("odd", "fault")


T = TypeVar("T")


def with_one_process(ask: Callable[[Workers], Awaitable[T]]) -> T:
    async def go() -> T:
        workers = Workers(1, most_memory=200 << 20)
        try:
            return await ask(workers)
        finally:
            workers.close()

    return asyncio.run(go())


def test_work_that_takes_too_long_is_killed_and_what_follows_is_done() -> None:
    async def ask(workers: Workers) -> tuple[str, int, int]:
        before = await workers.run(os.getpid)
        with pytest.raises(WorkFailed) as caught:
            await workers.run_within(timedelta(seconds=0.2), time.sleep, 600)
        return str(caught.value), before, await workers.run(os.getpid)

    words, before, after = with_one_process(ask)
    assert words == "not done after 0.2 s"
    assert before != after
    assert not _is_running(before)


def test_work_that_takes_too_much_memory_fails_alone() -> None:
    async def ask(workers: Workers) -> int:
        with pytest.raises(WorkFailed, match="needs more than 200 MB"):
            await workers.run(eat, 600)
        return await workers.run(eat, 50)

    assert with_one_process(ask) == 50 << 20


def test_work_that_kills_its_process_each_time_is_given_up() -> None:
    async def ask(workers: Workers) -> int:
        with pytest.raises(WorkFailed, match="its process died, twice"):
            await workers.run(os._exit, 9)
        return await workers.run(len, "abc")

    assert with_one_process(ask) == 3


def test_a_fault_that_cannot_be_sent_is_told_in_words() -> None:
    async def ask(workers: Workers) -> None:
        with pytest.raises(WorkFailed, match="Unsendable: odd, fault"):
            await workers.run(complain_oddly)

    with_one_process(ask)


def test_workers_end_at_once_whatever_they_are_at() -> None:
    async def go() -> None:
        workers = Workers(1)
        await workers.run(os.getpid)
        task = asyncio.create_task(workers.run(time.sleep, 600))
        await asyncio.sleep(0.05)
        await asyncio.to_thread(workers.close)
        with pytest.raises(WorkersClosed):
            await task

    asyncio.run(go())


def test_the_event_loop_stays_free_while_work_is_done() -> None:
    async def ask(workers: Workers) -> int:
        task = asyncio.create_task(workers.run(sum, range(20_000_000)))
        turns = 0
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
        return turns

    turns = with_one_process(ask)
    assert turns > 1000


def test_a_process_without_work_ends_and_the_next_work_finds_another() -> None:
    async def go() -> tuple[int, int]:
        workers = Workers(1, idle=timedelta(seconds=0.05))
        try:
            before = await workers.run(os.getpid)
            while _is_running(before):  # noqa: ASYNC110  # there is no event for it
                await asyncio.sleep(0.01)
            return before, await workers.run(os.getpid)
        finally:
            workers.close()

    before, after = asyncio.run(asyncio.wait_for(go(), 60))
    assert before != after
    assert not _is_running(after)


def test_a_worker_loads_nothing_of_its_parent_s_program() -> None:
    loaded = with_one_process(lambda workers: workers.run(eval, "[*__import__('sys').modules]"))
    assert "pytest" not in loaded
    assert not [name for name in loaded if name.startswith(("monitor.cli", "monitor.store", "sqlalchemy", "httpx"))]


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


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    for _ in range(600):
        if not _is_running(worker):
            return
        time.sleep(0.05)
    os.kill(worker, signal.SIGKILL)
    pytest.fail("the worker outlived its parent")


def _is_running(pid: int) -> bool:
    """Whether a process is there and not only waiting to be collected by whoever adopted it."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
