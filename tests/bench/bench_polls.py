"""How long polls take: first poll, all answer 304, one new item in each; beside lemon24/reader on the same feeds.

    python tests/bench/bench_polls.py                                  # ours, 100 feeds of 20 items
    python tests/bench/bench_polls.py --feeds 1000 --peer-python PATH  # the bar of issue 5: PATH has `reader` installed

    python tests/bench/bench_polls.py --feeds 10000 --items 2 --dull --latency-ms 150 --phases first,304
                                                                       # a whole pass over 10,000 sources
    python tests/bench/bench_polls.py --heavy 4 --processes 2          # the event loop while 4 feeds take 10 s each

Ours extracts events, stores and compares; the peer stores items only. ``cpu`` is the processor time of all processes
of each: other than seconds, it says something on a busy machine too. Memory is the proportional set size of all our
processes together, sampled twice a second. ``lag`` is the longest time that the event loop did not turn,
``busy`` the longest that its own thread worked in between: what is more in lag is others' (threads, or a busy machine).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
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
from monitor.model import PollOutcome, Source
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
began, cpu = time.perf_counter(), time.process_time()
faults = sum(isinstance(r.value, Exception) for r in reader.update_feeds_iter(scheduled=False, workers=32))
print(time.perf_counter() - began, time.process_time() - cpu, faults)
"""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One phase of ours."""

    seconds: float
    #: sources that answered as they should in this phase
    well: int
    events: int
    cpu: float
    #: highest proportional set size, in MB; longest standstill of the event loop, and longest work of its thread, in
    #: seconds
    peak: float
    lag: float
    busy: float


@contextmanager
def served(options: argparse.Namespace) -> Iterator[int]:
    """The port of a server of feeds."""
    given = (options.feeds, options.latency_ms, options.items, "dull" if options.dull else "")
    command = [sys.executable, str(HERE / "_feeds.py"), *map(str, given)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        assert server.stdin is not None
        server.stdin.close()


def bump(port: int) -> None:
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/bump", method="POST"), timeout=300).close()


def processes() -> Iterator[Path]:
    """This process and its descendants, under /proc; not the server of the feeds."""
    waiting = ["self"]
    while waiting:
        process = Path("/proc", waiting.pop())
        with suppress(OSError):
            if "_feeds.py" in (process / "cmdline").read_text():
                continue
        yield process
        with suppress(OSError):
            for task in (process / "task").iterdir():
                waiting += (task / "children").read_text().split()


def memory() -> float:
    """Proportional set size of all of them, in MB."""
    total = 0
    for process in processes():
        with suppress(OSError):
            lines = (process / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def each_memory() -> str:
    """The same one by one, each with what it is."""
    found = []
    for process in processes():
        with suppress(OSError):
            lines = (process / "smaps_rollup").read_text().splitlines()
            size = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            command = (process / "cmdline").read_text().replace("\0", " ")
            found.append(f"{size / 1024:.0f} MB {command[-60:].strip()}")
    return "; ".join(found)


def worked() -> float:
    """Processor time of all of them, in seconds; also of those that have ended and were waited for."""
    ticks = 0
    for process in processes():
        with suppress(OSError):
            ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at memory and at the event loop while something goes on."""

    def __init__(self) -> None:
        self.peak = self.lag = self.busy = 0.0

    async def look(self) -> None:
        while True:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.01)
            self.lag = max(self.lag, time.perf_counter() - began - 0.01)
            self.busy = max(self.busy, time.thread_time() - worked)

    async def weigh(self) -> None:
        while True:
            self.peak = max(self.peak, await asyncio.to_thread(memory))
            await asyncio.sleep(0.5)


async def measured(pipeline: Pipeline, phase: str) -> Measured:
    sources = [each for each in pipeline.config.sources if phase == "heavy" or not each.name.startswith("heavy")]
    watch = Watch()
    watching = [asyncio.create_task(watch.look()), asyncio.create_task(watch.weigh())]
    began, cpu = time.perf_counter(), worked()
    wanted = PollOutcome.UNCHANGED if phase == "304" else PollOutcome.ITEMS

    async def one(source: Source) -> tuple[bool, int]:
        """Whether it answered as it should, and events; what it brought is forgotten, as by the daemon."""
        polled = await pipeline.polls.poll_source(source)
        if phase == "heavy":  # a heavy one may be given up, on a busy machine
            return source.name[0] == "h" or polled.poll.outcome is PollOutcome.UNCHANGED, 0
        well = polled.poll.outcome is wanted
        return well, sum(len(taken.moves) for taken in polled.taken)

    polled = await asyncio.gather(*map(one, sources))
    seconds, cpu = time.perf_counter() - began, worked() - cpu
    for task in watching:
        task.cancel()
    return Measured(
        seconds=seconds,
        cpu=cpu,
        well=sum(well for well, _ in polled),
        events=sum(events for _, events in polled),
        peak=watch.peak,
        lag=watch.lag,
        busy=watch.busy,
    )


def configuration(folder: Path, options: argparse.Namespace, port: int) -> config.Config:
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(
        f"polling:\n  allow: [127.0.0.0/8]\n  concurrency: {options.at_once}\n"
        f"  per_domain: {{127.0.0.1: {options.at_once}}}\n",
        encoding="utf-8",
    )
    urls = [f"s{n}: http://127.0.0.1:{port}/f/{n}\n" for n in range(options.feeds)]
    urls += [f"heavy{n}: http://127.0.0.1:{port}/heavy/{n}\n" for n in range(options.heavy)]
    (folder / "sources.yaml").write_text("".join(urls), encoding="utf-8")
    (folder / "channels.yaml").write_text("desk: console://\n", encoding="utf-8")
    return config.load(folder, {"MONITOR_DATABASE_URL": f"sqlite:///{folder.parent / 'monitor.db'}"})


async def ours(folder: Path, options: argparse.Namespace, port: int) -> dict[str, Measured]:
    pipeline = assemble(configuration(folder / "config", options, port), processes=options.processes)
    found = {}
    try:
        for phase in (*options.phases.split(","), *(["heavy"] if options.heavy else [])):
            if phase == "new":
                await asyncio.to_thread(bump, port)
            found[phase] = await measured(pipeline, phase.removesuffix(" again"))
            well, all_of_them = found[phase].well, options.feeds + (options.heavy if phase == "heavy" else 0)
            assert well == all_of_them, f"{phase}: {well} of {all_of_them} answered as they should"
            if options.verbose:
                print(f"after {phase}: {each_memory()}", flush=True)
        if options.idle:
            await asyncio.sleep(options.idle)
            print(f"idle for {options.idle} s: {memory():.0f} MB: {each_memory()}", flush=True)
    finally:
        await pipeline.close()
    return found


def peer(python: str, folder: Path, feeds: int, port: int) -> dict[str, tuple[float, float]]:
    """Seconds and processor time of each phase."""
    found = {}
    for phase in PHASES:
        if phase == "new":
            bump(port)
        command = [python, "-c", PEER, str(folder / "reader.sqlite"), str(port), str(feeds), phase]
        seconds, cpu, faults = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        assert faults == "0", f"the peer had {faults} faults"
        found[phase] = float(seconds), float(cpu)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--items", type=int, default=20, help="in each feed")
    parser.add_argument("--dull", action="store_true", help="feeds that tell of no event: what polling alone takes")
    parser.add_argument("--heavy", type=int, default=0, help="feeds that take ten seconds to read, polled at last")
    parser.add_argument("--processes", type=int, default=1, help="our worker processes")
    parser.add_argument("--at-once", type=int, default=64, help="our polls at once")
    parser.add_argument("--phases", default="first,304,new,304 again", help="ours; the peer has the first three")
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--peer-python", help="a Python that has lemon24/reader")
    parser.add_argument("--idle", type=int, default=0, help="seconds to wait at last, and to see what memory is held")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="what each of our processes takes of the memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(options) as port:
            mine = asyncio.run(ours(folder, options, port))
        theirs = {}
        if options.peer_python:
            with served(options) as port:
                theirs = peer(options.peer_python, folder, options.feeds, port)
    for phase, one in mine.items():
        seconds, cpu = theirs.get(phase.removesuffix(" again"), (None, None))
        record = {
            "phase": phase, "feeds": options.feeds, "seconds": round(one.seconds, 2), "cpu": round(one.cpu, 2),
            "events": one.events, "peak_mb": round(one.peak), "lag_ms": round(one.lag * 1000),
            "busy_ms": round(one.busy * 1000), "peer_seconds": seconds and round(seconds, 2),
            "peer_cpu": cpu and round(cpu, 2), "times_faster": seconds and round(seconds / one.seconds, 2),
        }  # fmt: skip
        print(json.dumps(record) if options.json else "  ".join(f"{key} {value}" for key, value in record.items()))


if __name__ == "__main__":
    main()
