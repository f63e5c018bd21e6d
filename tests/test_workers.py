"""Work outside the event loop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.workers import Workers

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
