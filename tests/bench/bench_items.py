"""How many items of 5 kB a minute go through extract, compare, rules and store, on two cores.

    python tests/bench/bench_items.py                   # two worker processes, SQLite, 2,000 items
    python tests/bench/bench_items.py --items 10000     # for a quiet machine

The bar of issue 4 is 10,000 a minute, to reach for 30,000. The prose is that of ``_prose.py``, the rules are those that
`monitor init` writes; every item, event, change and alert is stored, in a file, with every commit on the disk.
Extraction runs in worker processes, twenty items a piece of work, as it does in the service; all else in the one
process that owns the store. Wall time counts; CPU, of the workers and of the rest, says where it went, and what to
expect of two cores that nobody else is using: the larger of half of all, and of what one process alone has to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor import config
from monitor.model import Item
from monitor.pipeline import Pipeline, assemble
from monitor.pipeline.polling import BATCH
from tests.bench._prose import item

STARTER = Path(config.__file__).parent / "starter"
#: polls under way at once
AT_ONCE = 8


@dataclass(kw_only=True)
class Done:
    """What was taken in."""

    items: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    alerts: int = 0


def of_workers() -> float:
    """Processor time of this process's children, in seconds."""
    numbers = " ".join(path.read_text() for path in Path("/proc/self/task").glob("*/children")).split()
    fields = [Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split() for number in numbers]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def configuration(folder: Path) -> config.Config:
    """What `monitor init` writes, over a database in the folder."""
    return config.load(STARTER, {"MONITOR_DATABASE_URL": f"sqlite:///{folder / 'monitor.db'}"})


async def take_all(pipeline: Pipeline, items: list[Item]) -> Done:
    """Takes items in as polls do, some batches side by side."""
    done, waiting = Done(), iter([items[start : start + BATCH] for start in range(0, len(items), BATCH)])

    async def polls() -> None:
        for batch in waiting:
            for taken in await pipeline.polls._take_all(batch, quiet=False):
                done.items += 1
                done.changes.update(str(change.type) for change in taken.changes)
                done.alerts += len(taken.alerts)

    await asyncio.gather(*(polls() for _ in range(AT_ONCE)))
    return done


async def measured(folder: Path, items: list[Item], processes: int) -> None:
    pipeline = assemble(configuration(folder), processes=processes)
    try:
        await take_all(pipeline, [item(-1 - number) for number in range(BATCH * AT_ONCE)])  # workers start, caches fill
        began, cpu, theirs = time.perf_counter(), time.process_time(), of_workers()
        done = await take_all(pipeline, items)
        seconds = time.perf_counter() - began
        rest, reading = (time.process_time() - cpu) / done.items, (of_workers() - theirs) / done.items
    finally:
        await pipeline.close()
    print(f"{done.items} items, {sum(done.changes.values())} events ({dict(done.changes)}), {done.alerts} alerts")
    print(f"{done.items / seconds * 60:,.0f} items a minute, as measured")
    print(f"CPU an item: {reading * 1e3:.2f} ms in the workers, {rest * 1e3:.2f} ms in the service")
    print(f"{60 / max(rest, (rest + reading) / 2):,.0f} items a minute on two cores of its own, by that")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    items = [item(number) for number in range(options.items)]
    print(f"{sum(len(one.text) for one in items) / len(items):,.0f} characters an item")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measured(Path(name), items, options.processes))


if __name__ == "__main__":
    main()
