"""How many megabytes of text the extractor reads a second on one core, and what ``monitor extract`` costs to start.

    python tests/bench/bench_extract.py                  # articles made up here, and the sets of $MONITOR_GOLD if any
    python tests/bench/bench_extract.py --rounds 7       # the best of seven rounds; for a busy machine

Start is of the whole command on one short text, from nothing: CPU and wall time, the best of the rounds, and its peak
memory. Speed is of this process's own CPU time after a first, uncounted round, the best of the rounds: what the service
sees once it runs. Half of the sentences made up tell something of the three kinds, half are other news.
The bars (issue 3): 1 MB/s, to reach for 3; 0.5 s and 120 MB, to reach for 0.25 s.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor.extract import every_lexicon, extract
from monitor.model import Item
from tests import measure

ARTICLES = 400
SENTENCES = 14
PLACES = ("Kharkiv", "Mariupol", "Gaza City", "Aleppo", "Khartoum", "Goma", "Port Sudan", "Odesa", "Sanaa", "Mogadishu")
SIDES = ("Ukraine", "Russia", "the United States", "Germany", "Turkey", "Qatar", "Sudan", "Ethiopia", "Egypt", "Norway")
SOURCES = ("officials said", "the health ministry said", "according to police", "a spokesman told reporters")
NEWS = (
    "At least {n} people were killed and {m} wounded in shelling of {place} on {day}, {source}.",
    "The death toll in {place} rose to {n}, including {m} children, {source}.",
    "{side} will give {other} a further ${n} million in military aid, {source} on {day}.",
    "The parliament of {side} approved {n}.5 billion euros of loans and grants for {other}.",
    "The foreign ministers of {side} and {other} met in {place} on {day} for a {m}th round of talks.",
    "Talks between {side} and {other}, planned for {day}, were called off, {source}.",
    "{side} sent {n} armoured vehicles and {m} tonnes of medical supplies to {other}.",
)
OTHER = (
    "The road to {place} has been open since {day}, and lorries queue at the bridge for most of the morning.",
    "Prices of bread and fuel went up by {m} percent this year, which many families can hardly bear.",
    "A court in {place} will hear the case of the former mayor next month, her lawyer said.",
    "He studied engineering before the war and hopes to go back to university when it is over.",
    "The festival opens on {day} with a film about a fisherman and his {m} brothers.",
    "“Nobody expected that it would last so long,” she said, as the wind moved the curtains of the empty school.",
    "Shares of the company fell {m} percent after it told investors that sales in {side} were weaker than a year ago.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "12 March", "March 3")


def article(number: int, chance: random.Random) -> Item:
    """An item of about two thousand characters; the same for the same chance."""

    def sentence() -> str:
        side, other = chance.sample(SIDES, 2)
        pattern = chance.choice(NEWS if chance.random() < 0.5 else OTHER)
        values = {"n": chance.randint(5, 900), "m": chance.randint(4, 40), "day": chance.choice(DAYS)}
        return pattern.format(
            side=side, other=other, place=chance.choice(PLACES), source=chance.choice(SOURCES), **values
        )

    text = [sentence() for _ in range(SENTENCES)]
    paragraphs = (" ".join(text[k : k + 2]) for k in range(0, len(text), 2))
    return Item(id=str(number), title=text[0], text="\n\n".join(paragraphs), published=date(2022, 3, 30))


def texts() -> Iterator[tuple[str, list[Item]]]:
    """(name, items) of what there is to read."""
    chance = random.Random(3)
    yield "made up", [article(number, chance) for number in range(ARTICLES)]
    gold = [item for name in measure.available() for item in measure.read_set(name)]
    yield "gold sets", [measure.item_of(item) for item in gold]


def megabytes_a_second(items: Sequence[Item], rounds: int) -> tuple[float, float, int]:
    """(MB of UTF-8, MB a second of CPU time in the best round, events found)"""
    lexicons = every_lexicon()
    size = sum(len(item.title.encode()) + len(item.text.encode()) for item in items) / 1e6
    events = sum(len(extract(item, lexicons).events) for item in items)
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for item in items:
            extract(item, lexicons)
        best = min(best, time.process_time() - began)
    return size, size / best, events


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one run of the command cost."""

    #: seconds of CPU, and by the clock on the wall
    cpu: float
    wall: float
    #: peak of its memory, in MB
    memory: float


def start(path: Path) -> Start:
    """``monitor extract --json`` on one file, in a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "monitor", "extract", "--json", str(path)]
    # An installed package has its bytecode, which this variable would keep from being written here.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench_extract: {' '.join(command)} ended with {process.returncode}")
    unit = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    cpu = usage.ru_utime + usage.ru_stime
    return Start(cpu=cpu, wall=time.perf_counter() - began, memory=usage.ru_maxrss / unit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=4, help="take the best of this many rounds (default 4)")
    rounds = max(1, parser.parse_args().rounds)
    # First, while this process is small: Linux counts a parent's memory at the fork as its child's peak.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "short.txt"
        path.write_text("Ten people were killed in shelling of Kharkiv on Monday.\n", encoding="utf-8")
        runs = [start(path) for _ in range(rounds + 1)][1:]  # the first may write bytecode
    cpu, wall, memory = min(r.cpu for r in runs), min(r.wall for r in runs), max(r.memory for r in runs)
    print(f"{'start':<10}{cpu:.2f} s of CPU, {wall:.2f} s in all, {memory:.0f} MB")
    for name, items in texts():
        size, speed, events = megabytes_a_second(items, rounds)
        print(f"{name:<10}{len(items):>6} items {size:>7.2f} MB {events:>6} events {speed:>7.2f} MB/s", flush=True)


if __name__ == "__main__":
    main()
