"""What it costs to take in an item when a thousand events are known, and when a million are.

    python tests/bench/bench_take_in.py                              # SQLite, 1,000 and 20,000 known events
    python tests/bench/bench_take_in.py --events 1000 1000000        # the bar of issue 4; takes minutes to fill
    python tests/bench/bench_take_in.py --postgresql --events 1000 1000000

A hundred events become known every simulated day, of the three kinds, all over the world, so that an item has the same
neighbourhood in a small store as in a large one: what differs is the size of the indexes. The items that are measured
are of the newest days; four in ten tell of an event that is known. Times are of ``pipeline.take_in`` without rules:
the item, its claims, comparison, change, commit. The stores take turns, so that whatever else the machine does falls
on all of them. CPU is this process's and, for PostgreSQL, that of the server's process for it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor.extract import Extraction
from monitor.pipeline.taking import take_in
from monitor.store import Store
from tests import postgres
from tests.bench._fill import fill
from tests.bench._world import A_DAY, LAST, Told, facts_of, tell

#: items that a store takes in before it is the next one's turn
TURN = 20
NOW = datetime(LAST.year, LAST.month, LAST.day, 18, tzinfo=UTC)


def measured(store: Store, total: int, count: int) -> Iterator[Told]:
    """New items of the newest days; four in ten of an event that is known."""
    with store.read() as tx:
        newest = [known.facts for known in tx.known_events(range(total - 2 * A_DAY + 1, total + 1))]
    dice = random.Random(4711)
    for number in range(count):
        facts = dice.choice(newest) if dice.random() < 0.4 else facts_of(dice, LAST)
        yield tell(dice, 10_000_000 + number, LAST, facts)


@dataclass(kw_only=True)
class Course:
    """A store of one size, and how long its items took."""

    total: int
    store: Store
    items: Iterator[Told]
    #: seconds of each item, and of the processors for all
    spent: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def take(self, count: int) -> int:
        """Takes in some items; how many there were."""
        told = list(islice(self.items, count))
        before = time.process_time() + self._of_server()
        for one in told:
            start = time.perf_counter()
            take_in(self.store, one.item, Extraction(events=(one.event,)), watch=(), now=NOW)
            self.spent.append(time.perf_counter() - start)
        self.cpu += time.process_time() + self._of_server() - before
        return len(told)

    def forget(self) -> None:
        """Begins anew: what was taken until now filled the caches."""
        self.spent, self.cpu = [], 0.0

    def _of_server(self) -> float:
        """Processor time of the server's processes for this store, in seconds, where they are on this machine."""
        if self.store.engine.dialect.name == "sqlite":
            return 0.0
        with self.store.read() as tx:
            found = tx.connection.execute(
                text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid IS NOT NULL")
            )
            numbers = list(found.scalars())
        ticks = 0
        for number in numbers:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def report(self) -> str:
        median, late = statistics.median(self.spent), statistics.quantiles(self.spent, n=20)[-1]
        return (
            f"{self.total:>9,} known events: median {median * 1e3:6.2f} ms, 95 % {late * 1e3:6.2f} ms, "
            f"CPU {self.cpu / len(self.spent) * 1e3:6.2f} ms an item"
        )


def opened(url: str, total: int, count: int) -> Course:
    store = Store.open(url)
    with store.read() as tx:
        known = tx.connection.execute(text("SELECT max(id) FROM known_events")).scalar()
    if not known:
        start = time.perf_counter()
        fill(store, total)
        print(f"{total:>9,} known events written in {time.perf_counter() - start:.0f} s", flush=True)
    return Course(total=total, store=store, items=measured(store, total, count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", type=Path, help="where SQLite's files are kept, and found by the next run")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server()) if wanted.postgresql else None
        folder = wanted.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        courses = []
        for total in wanted.events:
            url = f"sqlite:///{folder / f'{total}.db'}"
            if server is not None:
                database = stack.enter_context(postgres.database(server, f"known_{total}"))
                url = database.render_as_string(hide_password=False)
            courses.append(opened(url, total, wanted.items))
            stack.callback(courses[-1].store.close)
        for course in courses:
            course.take(wanted.items // 5)
            course.forget()
        while sum(course.take(TURN) for course in courses):
            pass
        for course in courses:
            print(course.report())
        small, large = courses[0], courses[-1]
        medians = statistics.median(large.spent) / statistics.median(small.spent)
        print(f"ratio: {medians:.2f} of the medians, {large.cpu / small.cpu:.2f} of the CPU")


if __name__ == "__main__":
    main()
