"""Kills the service again and again while it takes items in and delivers, and counts what arrived.

    python -m tests.soak.kills [--items 12000] [--kills 300] [--database URL | --postgres] [--steps]

A worker takes items in and sends their alerts to a webhook and by mail, to real servers in this process. It is killed
with SIGKILL, and started again with its clock put forward, so that the leases of the dead have ended: at random moments
spread over all the items, and (``--steps``) once right after each step of taking in and of delivering. After every kill
no item is half stored; at the end no alert is lost, and whatever arrived twice was being sent when its worker was
killed, and did so in a message with the same key.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import http.server
import json
import multiprocessing
import os
import random
import re
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import text

from monitor import config
from monitor.delivery import Sender
from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Event, Evidence, Item
from monitor.pipeline.sending import Deliveries
from monitor.pipeline.taking import take_in
from monitor.pipeline.thread import StoreThread
from monitor.store import Store, Transaction
from tests import postgres

#: how far the clock is put forward after each kill: further than any lease
FORWARD = timedelta(minutes=10)
#: items that a worker takes in between two looks at the outbox
STEP = 5
#: items that a worker takes in again, for it cannot know which was under way when the one before it was killed
AGAIN = 10
#: alerts that wait while it goes on taking in
AHEAD = 200
#: the steps of taking in and of delivering: a worker can be killed right after each
STEPS: dict[str, tuple[Any, str]] = {
    "item stored": (Transaction, "put_item"),
    "claim stored": (Transaction, "apply"),
    "reasons stored": (Transaction, "record"),
    "alerts queued": (Transaction, "queue_waiting"),
    "item taken in": (sys.modules[__name__], "take_in"),
    "plan made": (Deliveries, "_plan"),
    "alerts marked as being sent": (Transaction, "claim"),
    "alerts claimed": (Deliveries, "_claim"),
    "message sent": (Sender, "send"),
    "outcome written": (Transaction, "record_outcome"),
    "outcome stored": (Deliveries, "_record"),
}
_TOLD = re.compile(r"^\W*(?:\d+\. )?([A-Z][a-z]{13}): ", re.MULTILINE)
# Forked from a server that has all of ours loaded: a worker is soon at work.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "monitor.pipeline.sending",
        "monitor.config",
        "monitor.extract",
        "monitor.store",
        "monitor.delivery",
        "aiosmtpd.smtp",
    ]
)


@dataclass(slots=True)
class Arrived:
    """What the servers were given: number of the item -> keys of the messages that told of it, one each time."""

    hook: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    mail: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True, kw_only=True)
class Result:
    """What came of a run; a number is that of an item."""

    kills: int = 0
    #: kills after which a message was under way
    in_flight: int = 0
    #: after a kill, how many of these were not as many as the items: events, reasons, or half the alerts
    halves: list[str] = field(default_factory=list)
    #: at the end, not stored whole, with its event, or its alerts not marked as sent
    unfinished: list[int] = field(default_factory=list)
    #: "hook" and "mail": nobody was told of it
    lost: dict[str, list[int]] = field(default_factory=dict)
    #: told more than once, in messages of one key, and under way at a kill
    doubled: int = 0
    #: told in messages of different keys
    told_anew: list[int] = field(default_factory=list)
    #: told more than once although it was not under way at any kill
    unexplained: list[int] = field(default_factory=list)

    def summary(self) -> str:
        """What came of it, in lines; of each list its length and how it begins."""
        found = {name: getattr(self, name) for name in ("halves", "unfinished", "told_anew", "unexplained")}
        found |= {f"lost, {channel}": numbers for channel, numbers in self.lost.items()}
        lists = [f"{name}: {len(those)} {those[:10] if those else ''}" for name, those in found.items()]
        return "\n".join([f"{self.kills} kills, {self.in_flight} in flight, {self.doubled} doubled", *lists])

    @property
    def bad(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.halves or self.unfinished or self.told_anew or self.unexplained or any(self.lost.values()))


# --- the worker ------------------------------------------------------------------------------------------------------


def item(number: int) -> Item:
    """An item that tells of a place and a day of its own, so that it is an event of its own."""
    day = date(1900, 1, 1) + timedelta(days=3 * number)
    return Item(source="wire", id=str(number), text=f"{number} dead at {place(number)}", published=day)


@functools.cache
def place(number: int) -> str:
    """The name of an item's place. Its letters are drawn by lot, so that no name is like another."""
    dice = random.Random(number)
    return "".join(dice.choice("bcdfghjklmnpqrstvwxz") + dice.choice("aeiou") for _ in range(7)).capitalize()


@functools.cache
def numbers(items: int) -> dict[str, int]:
    """The other way round."""
    return {place(number): number for number in range(1, items + 1)}


def read(of: Item) -> Extraction:
    """What an extractor would find in it."""
    number = int(of.id)
    facts = CasualtyUpdate(harm="killed", count=number + 10, place=place(number), date=of.published, scope="incident")
    span = Evidence(field="text", start=0, end=len(of.text), text=of.text)
    return Extraction(events=(Event(facts=facts, evidence=span),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a worker is to do."""

    folder: Path
    database: str
    items: int
    #: how far its clock is ahead
    forward: timedelta
    #: the step after which it kills itself, when it has come to it so many times; None: it does not
    dies_after: str | None = None
    times: int = 1


def run(task: Task, ready: Connection) -> None:
    """The worker: takes in what is not yet taken in, and delivers, until all is done."""
    if task.dies_after is not None:
        kill_after(*STEPS[task.dies_after], task.times)
    asyncio.run(work(task, ready))


def kill_after(owner: Any, method: str, times: int) -> None:
    """From now on the process ends in the middle of its work, once a method has been called so often."""
    real: Callable[..., Any] = getattr(owner, method)
    left = iter(range(times - 1, -1, -1))

    @functools.wraps(real)
    def wrapped(*args: Any, **named: Any) -> Any:
        given = real(*args, **named)
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return given

    setattr(owner, method, wrapped)


async def work(task: Task, ready: Connection) -> None:
    loaded = config.load(task.folder, {"MONITOR_DATABASE_URL": task.database})
    sender = Sender()
    sender.warm_up()
    thread = StoreThread(Store.open(task.database))

    def clock() -> datetime:
        return datetime.now(UTC) + task.forward

    deliveries = Deliveries(lambda: loaded, thread, sender, clock)
    begin = max(1, count(thread.store, "items") - AGAIN)
    ready.send_bytes(b"ready")
    for number in range(begin, task.items + 1):
        one = item(number)
        await thread.run(take_in, thread.store, one, read(one), watch=loaded.rules, now=clock())
        while number % STEP == 0:
            await deliveries.start(lambda _: None)
            if await thread.run(count, thread.store, "alerts", "due IS NOT NULL") < AHEAD:
                break
            await asyncio.sleep(0.05)
    while await thread.run(count, thread.store, "alerts", "due IS NOT NULL"):
        await deliveries.send_due(lambda _: None)
        await asyncio.sleep(0.05)
    await deliveries.close()
    await thread.close()


def count(store: Store, table: str, where: str = "true") -> int:
    """How many rows a table has."""
    with store.read() as tx:
        rows: int = tx.connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()
        return rows


# --- the servers, and the hand with the axe --------------------------------------------------------------------------


@contextmanager
def servers(arrived: Arrived, items: int) -> Iterator[tuple[int, int]]:
    """A webhook and a mail server that keep the keys of what they get; their ports."""
    lock = threading.Lock()

    def keep(where: defaultdict[int, list[str]], text: str, key: str) -> None:
        with lock:
            for name in set(_TOLD.findall(text)):
                where[numbers(items)[name]].append(key)

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            keep(arrived.hook, f"{told['title']}\n{told['message']}", told["key"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Mailbox:
        async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
            letter = message_from_bytes(envelope.content, policy=policy.default)
            plain = letter.get_body(("plain",))
            assert plain is not None
            keep(arrived.mail, plain.get_content(), str(letter["X-Event-Monitor-Key"]))
            return "250 taken"

    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=hook.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    mail = Controller(Mailbox(), hostname="127.0.0.1", port=_free_port())
    mail.start()
    try:
        yield hook.server_port, mail.port
    finally:
        mail.stop()
        hook.shutdown()
        hook.server_close()
        thread.join()


def _free_port() -> int:
    with socket.socket() as probe:  # aiosmtpd cannot be asked which port it was given
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def write_config(folder: Path, hook: int, mail: int) -> None:
    """A webhook and a mailbox that are told as shipped, but sooner: alone, and many at once where there are many."""
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text("calm:\n  most: 4 in 2s\n")
    (folder / "sources.yaml").write_text("{}\n")
    (folder / "channels.yaml").write_text(
        f"hook:\n  url: json://127.0.0.1:{hook}/\n  calm:\n    most: 5 in 1s\n"
        f'mail: "mailto://127.0.0.1:{mail}/?from=monitor@example.org&to=desk@example.org"\n'
    )
    (folder / "rules" / "tolls.yaml").write_text("kind: casualty_update\nchannels: [hook, mail]\n")


def soak(
    database: str, *, items: int, kills: int = 0, steps: Sequence[str] = (), seed: int = 0, patience: float = 600.0
) -> Result:
    """Kills workers right after ``steps``, one each, then ``kills`` of them at random moments, then lets one finish.

    The random moments are spread over the items: each worker may live for as long as the ones before it needed for
    twice its share of them. ``patience``: how long a worker that is not killed may take, in seconds.
    """
    roll, arrived, result = random.Random(seed), Arrived(), Result()
    flying: set[tuple[str, int]] = set()
    with ExitStack() as held:
        home = held.enter_context(tempfile.TemporaryDirectory())
        write_config(Path(home, "config"), *held.enter_context(servers(arrived, items)))
        store = held.enter_context(Store.open(database))

        def task(number: int) -> Task:
            step = steps[number] if number < len(steps) else None
            forward, times = number * FORWARD, roll.randint(1, 3)
            return Task(
                folder=Path(home, "config"),
                database=database,
                items=items,
                forward=forward,
                dies_after=step,
                times=times,
            )

        lived = 0.0
        for number in range(len(steps) + kills + 1):
            left, last = len(steps) + kills - number, number == len(steps) + kills
            share = (items - count(store, "items")) / (left or 1)
            pace = max(count(store, "items"), 1) / lived if lived else 20.0
            longest = patience if last or number < len(steps) else min(2 * share / pace, 20.0)
            lived += life(task(number), patience if longest == patience else roll.uniform(0, longest), last=last)
            if not last:
                result.kills += 1
                flying |= (now := under_way(store))
                result.in_flight += bool(now)
                result.halves += halves(store, f"kill {number + 1}")
        counted(store, result, arrived, flying, items)
    return result


def life(task: Task, seconds: float, *, last: bool) -> float:
    """Runs a worker until it is done or, after so many seconds, killed; how long it was at work."""
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(target=run, args=(task, theirs))
    process.start()
    theirs.close()
    with ours:
        ours.recv_bytes()
    began = time.monotonic()
    process.join(seconds)
    if last or task.dies_after is not None:
        wanted = 0 if last else -signal.SIGKILL
        assert process.exitcode == wanted, f"{task.dies_after or 'the last worker'}: exit status {process.exitcode}"
    process.kill()
    process.join()
    return time.monotonic() - began


def under_way(store: Store) -> set[tuple[str, int]]:
    """Channel and number of the item of each alert that was being sent."""
    with store.read() as tx:
        return {(one.alert.channel, int(one.alert.news.claim.item)) for one in tx.alerts(("sending",), limit=None)}


def halves(store: Store, when: str, channels: int = 2) -> list[str]:
    """What there is not as many of as there are items: each has an event, a claim, a change, an alert a channel."""
    with store.read() as tx:
        each = {"item_versions": 1, "known_events": 1, "claims": 1, "changes": 1, "alerts": channels}
        query = ", ".join(f"(SELECT count(*) FROM {table})" for table in ("items", *each))
        items, *others = tx.connection.execute(text(f"SELECT {query}")).one()
    return [
        f"{when}: {found} rows of {table}, {items} items"
        for (table, times), found in zip(each.items(), others, strict=True)
        if found != items * times
    ]


def counted(store: Store, result: Result, arrived: Arrived, flying: set[tuple[str, int]], items: int) -> None:
    """Fills in what came of it."""
    with store.read() as tx:
        sent = Counter(int(one.alert.news.claim.item) for one in tx.alerts(("sent",), limit=None))
        whole = {int(event.known.claims[0].item) for event in tx.events(limit=None)}
    both, every = {"hook": arrived.hook, "mail": arrived.mail}, range(1, items + 1)
    keys = [(name, number, told) for name, where in both.items() for number, told in where.items()]
    result.halves += halves(store, "at the end")
    result.unfinished = [n for n in every if n not in whole or sent[n] != len(both)]
    result.lost = {name: [n for n in every if n not in where] for name, where in both.items()}
    result.doubled = sum(len(told) > 1 for _, _, told in keys)
    result.told_anew = [number for _, number, told in keys if len(set(told)) > 1]
    result.unexplained = [number for name, number, told in keys if len(told) > 1 and (name, number) not in flying]


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=12_000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", action="store_true", help="kill once after each step first")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--database", help="an SQLAlchemy URL; by default a new SQLite file")
    where.add_argument("--postgres", action="store_true", help="a PostgreSQL server of our own")
    asked = parser.parse_args()
    began = time.monotonic()
    with ExitStack() as held:
        home = held.enter_context(tempfile.TemporaryDirectory())
        database = asked.database or f"sqlite:///{home}/monitor.db"
        if asked.postgres:
            server = held.enter_context(postgres.server())
            url = held.enter_context(postgres.database(server, "soak"))
            database = url.render_as_string(hide_password=False)
        steps = tuple(STEPS) if asked.steps else ()
        result = soak(database, items=asked.items, kills=asked.kills, steps=steps, seed=asked.seed, patience=3600.0)
    print(result.summary(), f"{time.monotonic() - began:.0f} s", sep="\n")
    sys.exit(result.bad)


if __name__ == "__main__":
    from tests.soak.kills import main as started  # under its own name, which the workers know it by

    started()
