"""A day of polling 2,000 feeds, in simulated time: who was asked how often, who was forgotten, what was missed.

    python tests/soak/day.py                      # 24 hours, 2,000 feeds; some twenty minutes
    python tests/soak/day.py --hours 6 --sources 200 --seed 7

The daemon is the real one, with its scheduler, door, readers, extraction and database; only the clock and the network
are simulated (_clock.py, _world.py). Hosts hang, refuse, redirect, answer with nonsense, ask for rest, go for good; our
own network is down for a while; the service is ended, killed every five minutes for an hour, and down for half an hour.
Then it is judged (_judge.py): no host was asked more often than it allows, none was forgotten, no item is missing or
stored twice, and no passing fault was told to anybody.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor import clock, config, daemon, web
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.fetch import Door, Limits, registered_domain
from monitor.model import Channel, Message, Outcome, OutcomeType, PollOutcome
from monitor.pipeline import Pipeline, polling
from monitor.store import Store
from monitor.workers import Workers
from tests.soak import _judge
from tests.soak._clock import SimulatedLoop, simulated
from tests.soak._world import Dialler, Place, World, places

BEGIN = datetime(2026, 3, 2, 0, tzinfo=UTC)
#: registered domains that bear more at once than two
PER_DOMAIN = {"hub.example": 6}
#: faults that last less than this must not be told to anybody, in seconds
PASSING = 3000.0
#: fine weather between two faults that back-off may miss, in seconds
UNSEEN = 7200.0


class Desk:
    """A sender that counts alerts and keeps notices."""

    def __init__(self) -> None:
        self.alerts, self.notices = 0, list[str]()

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 0) -> Outcome:
        if channel.name == "operators":
            self.notices.append(message.plain)
        else:
            self.alerts += 1
        return Outcome(type=OutcomeType.SENT, reason="")

    def warm_up(self) -> None:
        return

    def close(self) -> None:
        return


@dataclass(slots=True)
class Run:
    """What a simulated day showed."""

    complaints: list[str] = field(default_factory=list)
    requests: int = 0
    polls: Counter[str] = field(default_factory=Counter)
    items: int = 0
    notices: int = 0
    alerts: int = 0
    #: most memory of this process, in MB, after a quarter of the time and at its end
    memory: list[float] = field(default_factory=list)


def soak(folder: Path, *, sources: int, hours: float, seed: int) -> Run:
    """Simulates it in this process, and judges."""
    dice = random.Random(seed)
    random.seed(seed)
    run, desk = Run(), Desk()
    with simulated(BEGIN) as loop, _logged() as faults:
        world = World(places(sources, hours, dice), BEGIN, loop.time)
        day = _planned(world, hours)
        _write(folder, world)
        with _in_the_world(world):
            loop.run_until_complete(_live(folder, loop, desk, world, day, run))
        _judged(folder, world, day, desk, run)
    run.complaints += faults
    return run


def _planned(world: World, hours: float) -> _judge.Day:
    """Outage of our own network, and when the service does not run: shares of the day, so that a short one has all."""
    end = hours * 3600
    world.outages = [(end * 0.29, end * 0.29 + min(2400.0, end * 0.2))]
    apart = min(300.0, end * 0.02)
    kills = [(end * 0.5 + apart * n, end * 0.5 + apart * n + 5) for n in range(12)]
    pauses = [(end * 0.15, end * 0.15 + 10), *kills, (end * 0.75, end * 0.75 + min(1800.0, end * 0.1))]
    return _judge.Day(end=end, outages=world.outages, pauses=pauses)


@contextmanager
def _logged() -> Iterator[list[str]]:
    """What the daemon logs as an error; everything else is dropped."""
    faults: list[str] = []

    def keep(_logger: Any, method: str, event: Any) -> Any:
        if method in ("error", "exception", "critical"):
            faults.append(f"logged: {event}")
        raise structlog.DropEvent

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it calls a poll that was cut off a failure
    before = structlog.get_config()
    structlog.configure(processors=[keep], cache_logger_on_first_use=False)
    try:
        yield faults
    finally:
        structlog.configure(**before)


@contextmanager
def _in_the_world(world: World) -> Iterator[None]:
    """Doors lead into the world, and nothing else of the daemon reaches out of this process."""

    def make_door(loaded: Config, _shared: object = None) -> Door:
        given = loaded.settings.polling
        limits = Limits(at_once=given.concurrency, per_host=given.per_host, per_domain=given.per_domain)
        return Door(limits, resolve=world.resolve, dialler=Dialler(world))

    class Silent:
        """Serves nobody."""

        should_exit = False

        async def serve(self, sockets: Sequence[Any]) -> None:
            for each in sockets:
                each.close()

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()
        yield

    with (
        patch.object(polling, "make_door", make_door),
        patch.object(web, "server", lambda *_, **__: Silent()),
        patch.object(daemon, "changes_of", never),
        patch.object(clock, "put_back", partial(clock.put_back, elapsed=world.clock, look=timedelta(minutes=1))),
    ):
        yield


def _write(folder: Path, world: World) -> None:
    (folder / "rules").mkdir(parents=True)
    domains = "".join(f"    {domain}: {most}\n" for domain, most in PER_DOMAIN.items())
    (folder / "monitor.yaml").write_text(
        f"operators: operators\nhttp: {{port: 0}}\ndelivery: {{interval: 60s}}\npolling:\n  per_domain:\n{domains}"
        f"  shortest: {_judge.SHORTEST:.0f}s\n  longest: {_judge.LONGEST:.0f}s\n"
    )
    (folder / "channels.yaml").write_text("desk: console://\noperators: console://\n")
    (folder / "rules" / "tolls.yaml").write_text("name: tolls\nkind: casualty_update\non: [new]\nchannels: [desk]\n")
    entries = (
        f"{place.name}: {{url: {place.url!r}, interval: {_interval(place)}}}\n" for place in world.places.values()
    )
    (folder / "sources.yaml").write_text("".join(entries))


def _interval(place: Place) -> str:
    return f"{place.interval.total_seconds():.0f}s" if place.interval else "adaptive"


# --- the day ---------------------------------------------------------------------------------------------------------


async def _live(folder: Path, loop: SimulatedLoop, desk: Desk, world: World, day: _judge.Day, run: Run) -> None:
    """The service, started again after each pause; every second pause is a kill, the others ends as on SIGTERM."""
    database = f"sqlite:///{folder / 'monitor.db'}"
    loaded = config.load(folder, {"MONITOR_DATABASE_URL": database})
    for number, (until, again) in enumerate([*day.pauses, (day.end, day.end)]):
        pipeline = Pipeline(loaded, store=Store.open(database), workers=Workers(), sender=desk, clock=loop.now)  # type: ignore[arg-type]  # it sends as a Sender does
        service = Daemon(pipeline, lambda: loaded)
        running = asyncio.create_task(service.run())
        while loop.time() < until and not running.done():
            await asyncio.sleep(max(0.0, min(until - loop.time(), day.end / 4)))
            run.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        await _killed(running, world) if number % 2 else await _ended(running, service, world)
        await asyncio.sleep(again - loop.time())


async def _ended(running: asyncio.Task[None], service: Daemon, world: World) -> None:
    """As on SIGTERM: what is under way has some seconds to end."""
    service._stop.set()
    await running
    _note_aborted(world)


async def _killed(running: asyncio.Task[None], world: World) -> None:
    """As abrupt as it can be within one process: all that is under way is cut off where it stands."""
    _note_aborted(world)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _note_aborted(world: World) -> None:
    """Of requests that were under way a moment ago nobody may have noted that they were made."""
    for place in world.places.values():
        for request in place.requests[-2:]:
            request.aborted = request.aborted or request.end is None or request.end > world.clock() - 1


# --- what is said of it ----------------------------------------------------------------------------------------------


def _judged(folder: Path, world: World, day: _judge.Day, desk: Desk, run: Run) -> None:
    run.requests = sum(len(place.requests) for place in world.places.values())
    run.notices, run.alerts = len(desk.notices), desk.alerts
    rests = _judge.rests(world.places.values(), PER_DOMAIN)
    for place in world.places.values():
        rested = rests.get(registered_domain(place.host), [])
        run.complaints += [*_judge.complaints(place, day, rested), *_judge.intrusions(place, rested, day)]
    for domain, most in world.most.items():
        if most > PER_DOMAIN.get(domain, 2):
            run.complaints.append(f"{domain}: {most} requests at once")
    run.complaints += _items(folder, world, run)
    run.complaints += _notices(world, desk, day)


def _items(folder: Path, world: World, run: Run) -> Iterator[str]:
    """Every item that was ever shown is stored, once, and nothing else is."""
    from sqlalchemy import create_engine, text

    stored: dict[str, list[int]] = {name: [] for name in world.places}
    engine = create_engine(f"sqlite:///{folder / 'monitor.db'}")
    with engine.connect() as connection:
        for source, key in connection.execute(text("select source, identity from items")):
            stored[source].append(int(key.rpartition("/")[2]))
        for name, outcome in connection.execute(text("select name, outcome from sources")):
            run.polls[outcome] += 1
            if outcome == PollOutcome.FAILED and not world.places[name].spells and not world.places[name].moved_to:
                yield f"{name}: failed at last, and was never ill"
    engine.dispose()
    for name, place in world.places.items():
        run.items += len(stored[name])
        if sorted(stored[name]) != sorted(place.shown):
            yield f"{name}: stored {len(stored[name])} items, {len(place.shown)} were shown"


def _notices(world: World, desk: Desk, day: _judge.Day) -> Iterator[str]:
    """Nobody was told of a passing fault, nor twice in a row of the same."""
    last: dict[str, str] = {}
    for line in (line for notice in desk.notices for line in notice.splitlines()):
        found = re.match(r"(p\d{4}) (.*)", line)
        if not found:
            continue
        name, words = found.groups()
        kind = "well" if "well again" in words else words[:12]
        if last.get(name) == kind:
            yield f"{name}: told twice: {words}"
        last[name] = kind
        longest = _longest_fault(world.places[name])
        if kind != "well" and "nothing new" not in words and longest < PASSING:
            yield f"{name}: told though it was passing: {words}"


def _longest_fault(place: Place) -> float:
    """In seconds; two spells are one where back-off may have left nobody looking at the fine weather in between."""
    longest = begun = last = 0.0
    for begin, end, _ in place.spells:
        begun = begun if last and begin - last < UNSEEN else begin
        last = max(last, end)
        longest = max(longest, last - begun)
    return longest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=2000)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = soak(Path(folder) / "config", sources=options.sources, hours=options.hours, seed=options.seed)
    print(*run.complaints[:50], sep="\n")
    print(
        f"{run.requests} requests, {run.items} items, {run.alerts} alerts, {run.notices} notices; "
        f"last outcomes {dict(run.polls)}; memory {run.memory[0]:.0f} MB, at the end {run.memory[-1]:.0f} MB; "
        f"{len(run.complaints)} complaints"
    )
    return int(bool(run.complaints))


if __name__ == "__main__":
    sys.exit(main())
