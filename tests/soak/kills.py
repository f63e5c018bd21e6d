"""Kills the service again and again while it takes items in and delivers, and counts what arrived.

    python -m tests.soak.kills [--items 12000] [--kills 300] [--database URL]

A worker takes items in and sends their alerts to a webhook and by mail, to real servers in this process. It is killed
with SIGKILL at random moments, and started again with its clock put forward, so that the leases of the dead have ended.
At the end: no item half stored, no alert lost, and whatever arrived twice did so in a message with the same key.
"""

from __future__ import annotations

import argparse
import asyncio
import http.server
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from monitor import config
from monitor.delivery import Sender
from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Event, Evidence, Item
from monitor.pipeline.sending import Deliveries
from monitor.pipeline.taking import take_in
from monitor.pipeline.thread import StoreThread
from monitor.store import Store

#: how far the clock is put forward after each kill: further than any lease
FORWARD = timedelta(minutes=10)
#: items that a worker takes in between two looks at the outbox
STEP = 5
ROOT = Path(__file__).resolve().parents[2]
#: digits as letters, so that no two places have names alike
_SPELLED = ("an", "bor", "cet", "dul", "fim", "gash", "hob", "jup", "ked", "lor")
_TOLD = re.compile(r"^\W*(?:\d+\. )?Q((?:an|bor|cet|dul|fim|gash|hob|jup|ked|lor)+): ", re.MULTILINE)


@dataclass(slots=True)
class Arrived:
    """What the servers were given: number of the item -> keys of the messages that told of it, one each time."""

    hook: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    mail: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a run."""

    kills: int
    #: numbers of items that are not stored whole, with their event, or whose alert is not marked as sent
    unfinished: list[int]
    #: "hook" and "mail": numbers of items that nobody was told of
    lost: dict[str, list[int]]
    #: told more than once, in messages of one key
    doubled: int
    #: told in messages of different keys
    told_anew: list[int]


# --- the worker ------------------------------------------------------------------------------------------------------


def item(number: int) -> Item:
    """An item that tells of a place and a day of its own, so that it is an event of its own."""
    day = date(1900, 1, 1) + timedelta(days=3 * number)
    return Item(source="wire", id=str(number), text=f"{number} dead at {place(number)}", published=day)


def place(number: int) -> str:
    """The name of an item's place."""
    return "Q" + "".join(_SPELLED[int(digit)] for digit in str(number))


def number_of(name: str) -> int:
    """The number of the item whose place it is, without its Q."""
    return int("".join(str(_SPELLED.index(part)) for part in re.findall("|".join(_SPELLED), name)))


def read(of: Item) -> Extraction:
    """What an extractor would find in it."""
    number = int(of.id)
    facts = CasualtyUpdate(harm="killed", count=number + 10, place=place(number), date=of.published, scope="incident")
    span = Evidence(field="text", start=0, end=len(of.text), text=of.text)
    return Extraction(events=(Event(facts=facts, evidence=span),))


async def work(folder: Path, database: str, items: int, forward: timedelta) -> None:
    """Takes in what is not yet taken in, and delivers, until all is done."""
    loaded = config.load(folder, {"MONITOR_DATABASE_URL": database})
    sender = Sender()
    sender.warm_up()
    thread = StoreThread(Store.open(database))

    def clock() -> datetime:
        return datetime.now(UTC) + forward

    deliveries = Deliveries(lambda: loaded, thread, sender, clock)
    print("ready", flush=True)
    for number in range(1, items + 1):
        one = item(number)
        await thread.run(take_in, thread.store, one, read(one), watch=loaded.rules, now=clock())
        if number % STEP == 0:
            await deliveries.start(lambda _: None)
    while await thread.run(_waits, thread.store):
        await deliveries.send_due(lambda _: None)
        await asyncio.sleep(0.05)
    await deliveries.close()
    await thread.close()


def _waits(store: Store) -> bool:
    with store.read() as tx:
        return bool(tx.alerts(("queued", "held", "retry", "sending"), limit=1))


# --- the servers, and the hand with the axe --------------------------------------------------------------------------


@contextmanager
def servers(arrived: Arrived) -> Iterator[tuple[int, int]]:
    """A webhook and a mail server that keep the keys of what they get; their ports."""
    lock = threading.Lock()

    def keep(where: defaultdict[int, list[str]], text: str, key: str) -> None:
        with lock:
            for number in {number_of(name) for name in _TOLD.findall(text)}:
                where[number].append(key)

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
    """A webhook that is told each alert alone, and a mailbox that is told as shipped, but sooner."""
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text("calm:\n  most: 4 in 2s\n")
    (folder / "sources.yaml").write_text("{}\n")
    (folder / "channels.yaml").write_text(
        f"hook:\n  url: json://127.0.0.1:{hook}/\n  calm:\n    most: none\n"
        f'mail: "mailto://127.0.0.1:{mail}/?from=monitor@example.org&to=desk@example.org"\n'
    )
    (folder / "rules" / "tolls.yaml").write_text("kind: casualty_update\nchannels: [hook, mail]\n")


def soak(database: str, *, items: int, kills: int, seed: int = 0, longest: float = 2.0) -> Result:
    """Runs and kills the worker ``kills`` times, at most ``longest`` seconds after its start, then lets it finish."""
    roll, arrived = random.Random(seed), Arrived()
    with tempfile.TemporaryDirectory() as home, servers(arrived) as ports:
        write_config(Path(home, "config"), *ports)
        for kill in range(kills + 1):
            forward = str((kill * FORWARD).total_seconds())
            command = [sys.executable, "-m", "tests.soak.kills", "--worker", home, forward, "--items", str(items)]
            process = subprocess.Popen([*command, "--database", database], stdout=subprocess.PIPE, cwd=ROOT)
            assert process.stdout is not None
            process.stdout.readline()
            try:
                status = process.wait(roll.uniform(0, longest) if kill < kills else None)
                assert status == 0, f"the worker ended with {status}"
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            process.stdout.close()
    return _counted(database, arrived, items, kills)


def _counted(database: str, arrived: Arrived, items: int, kills: int) -> Result:
    with Store.open(database) as store, store.read() as tx:
        sent = [alert.alert.news.claim.item for alert in tx.alerts(("sent",), limit=None)]
        whole = {event.known.claims[0].item for event in tx.events(limit=None)}
    unfinished = [n for n in range(1, items + 1) if str(n) not in whole or sent.count(str(n)) != 2]
    both = {"hook": arrived.hook, "mail": arrived.mail}
    keys = [(number, told) for where in both.values() for number, told in where.items()]
    return Result(
        kills=kills,
        unfinished=unfinished,
        lost={name: [n for n in range(1, items + 1) if n not in where] for name, where in both.items()},
        doubled=sum(len(told) > 1 for _, told in keys),
        told_anew=[number for number, told in keys if len(set(told)) > 1],
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=12_000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--database", default=None, help="an SQLAlchemy URL; by default a new SQLite file")
    parser.add_argument("--worker", nargs=2, metavar=("HOME", "SECONDS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        forward = timedelta(seconds=float(asked.worker[1]))
        asyncio.run(work(Path(asked.worker[0], "config"), asked.database, asked.items, forward))
        return
    with tempfile.TemporaryDirectory() as home:
        database = asked.database or f"sqlite:///{home}/monitor.db"
        result = soak(database, items=asked.items, kills=asked.kills)
    print(result)
    sys.exit(bool(result.unfinished or result.told_anew or any(result.lost.values())))


if __name__ == "__main__":
    main()
