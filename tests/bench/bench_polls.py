"""How long polls take: first poll, all answer 304, one new item in each; beside lemon24/reader on the same feeds.

    python tests/bench/bench_polls.py                                  # ours, 100 feeds of 20 items
    python tests/bench/bench_polls.py --feeds 1000 --peer-python PATH  # the bar of issue 5: PATH has `reader` installed

Ours extracts events, stores and compares; the peer stores items only. Memory is the proportional set size of all our
processes together, sampled ten times a second. ``lag`` is the longest time that the event loop did not turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor import config
from monitor.model import PollOutcome
from monitor.pipeline import Pipeline, assemble

HERE = Path(__file__).parent
PHASES = ("first", "304", "new")

PEER = """
import sys, time
from reader import make_reader
db, port, n, phase = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
reader = make_reader(db)
if phase == "first":
    for i in range(n):
        reader.add_feed(f"http://127.0.0.1:{port}/f/{i}")
began = time.perf_counter()
faults = sum(isinstance(r.value, Exception) for r in reader.update_feeds_iter(scheduled=False, workers=32))
print(time.perf_counter() - began, faults)
"""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One phase of ours."""

    seconds: float
    #: sources that answered as they should in this phase
    well: int
    events: int
    #: highest proportional set size, in MB, and longest standstill of the event loop, in seconds
    peak: float
    lag: float


@contextmanager
def served(feeds: int, latency: float) -> Iterator[int]:
    """The port of a server for so many feeds."""
    command = [sys.executable, str(HERE / "_feeds.py"), str(feeds), str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        assert server.stdin is not None
        server.stdin.close()


def bump(port: int) -> None:
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/bump", method="POST"), timeout=300).close()


def memory() -> float:
    """Proportional set size of this process and its descendants, in MB."""
    total, waiting = 0, ["self"]
    while waiting:
        process = Path("/proc", waiting.pop())
        with suppress(OSError):
            lines = (process / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            for task in (process / "task").iterdir():
                waiting += (task / "children").read_text().split()
    return total / 1024


class Watch:
    """Looks at memory and at the event loop while something goes on."""

    def __init__(self) -> None:
        self.peak = self.lag = 0.0

    async def look(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            self.lag = max(self.lag, time.perf_counter() - began - 0.01)

    async def weigh(self) -> None:
        while True:
            self.peak = max(self.peak, await asyncio.to_thread(memory))
            await asyncio.sleep(0.1)


async def measured(pipeline: Pipeline, phase: str) -> Measured:
    watch = Watch()
    watching = [asyncio.create_task(watch.look()), asyncio.create_task(watch.weigh())]
    began = time.perf_counter()
    polled = await pipeline.polls.poll_all(pipeline.config.sources, lambda _: None)
    seconds = time.perf_counter() - began
    for task in watching:
        task.cancel()
    wanted = PollOutcome.UNCHANGED if phase == "304" else PollOutcome.ITEMS
    return Measured(
        seconds=seconds,
        well=sum(one.poll.outcome is wanted for one in polled),
        events=sum(len(taken.changes) for one in polled for taken in one.taken),
        peak=watch.peak,
        lag=watch.lag,
    )


def configuration(folder: Path, feeds: int, port: int) -> config.Config:
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(
        "polling:\n  allow: [127.0.0.0/8]\n  per_domain: {127.0.0.1: 32}\n", encoding="utf-8"
    )
    urls = "".join(f"s{n}: http://127.0.0.1:{port}/f/{n}\n" for n in range(feeds))
    (folder / "sources.yaml").write_text(urls, encoding="utf-8")
    (folder / "channels.yaml").write_text("desk: console://\n", encoding="utf-8")
    return config.load(folder, {"MONITOR_DATABASE_URL": f"sqlite:///{folder.parent / 'monitor.db'}"})


async def ours(folder: Path, feeds: int, port: int, processes: int) -> dict[str, Measured]:
    pipeline = assemble(configuration(folder / "config", feeds, port), processes=processes)
    found = {}
    try:
        for phase in PHASES:
            if phase == "new":
                await asyncio.to_thread(bump, port)
            found[phase] = await measured(pipeline, phase)
            assert found[phase].well == feeds, f"{phase}: {found[phase].well} of {feeds} answered as they should"
    finally:
        await pipeline.close()
    return found


def peer(python: str, folder: Path, feeds: int, port: int) -> dict[str, float]:
    found = {}
    for phase in PHASES:
        if phase == "new":
            bump(port)
        command = [python, "-c", PEER, str(folder / "reader.sqlite"), str(port), str(feeds), phase]
        seconds, faults = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        assert faults == "0", f"the peer had {faults} faults"
        found[phase] = float(seconds)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--processes", type=int, default=1, help="our worker processes")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--peer-python", help="a Python that has lemon24/reader")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(options.feeds, options.latency_ms) as port:
            mine = asyncio.run(ours(folder, options.feeds, port, options.processes))
        theirs = {}
        if options.peer_python:
            with served(options.feeds, options.latency_ms) as port:
                theirs = peer(options.peer_python, folder, options.feeds, port)
    for phase, one in mine.items():
        their = theirs.get(phase)
        record = {
            "phase": phase, "feeds": options.feeds, "seconds": round(one.seconds, 2), "events": one.events,
            "peak_mb": round(one.peak), "lag_ms": round(one.lag * 1000),
            "peer_seconds": their and round(their, 2), "times_faster": their and round(their / one.seconds, 2),
        }  # fmt: skip
        print(json.dumps(record) if options.json else "  ".join(f"{key} {value}" for key, value in record.items()))


if __name__ == "__main__":
    main()
