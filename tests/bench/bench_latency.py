"""How long an alert takes: from the end of a feed's answer to the alert in a mailbox, while 1,000 sources are polled.

    python tests/bench/bench_latency.py [--sources 1000] [--interval 60] [--alerts 200] [--pause 0.5] [--hung 8]

The real service (``monitor run``) polls feeds of this process and mails to an SMTP server of this process. Every
``pause`` seconds the feed that is asked next shows an item that none had before, each of another place, so that each
is an alert of its own; all other answers are 304. The channel is told each alert at once (``calm.most: none``). With
``--hung`` so many more channels are told, whose server takes every connection and never answers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

ROOT = Path(__file__).resolve().parents[2]
#: seconds until a source was polled the first time, at most, and until the last mail has come
_WARM, _LAST = 600.0, 60.0


class Desk:
    """A server of feeds, and a mailbox."""

    def __init__(self, sources: int) -> None:
        self.items: list[list[str]] = [[] for _ in range(sources)]
        self.wanted = 0  #: items that are to be shown next
        self.number = 0
        self.polls = 0
        self.seen: set[int] = set()
        self.served: dict[str, float] = {}
        self.mailed: dict[str, float] = {}
        self.came = asyncio.Event()

    async def all_mailed(self) -> None:
        while set(self.served) - set(self.mailed):
            self.came.clear()
            await self.came.wait()

    async def feed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while request := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                await self._answer(request, writer)
        writer.close()

    async def _answer(self, request: str, writer: asyncio.StreamWriter) -> None:
        feed = int(re.match(r"GET /f/(\d+)", request)[1])  # type: ignore[index]  # nothing else is asked for
        self.polls += 1
        self.seen.add(feed)
        place = ""
        if self.wanted and self.items[feed]:
            self.wanted -= 1
            place = name_of(self.number)
            self.number += 1
            self.items[feed].insert(0, item(place, self.number))
        elif not self.items[feed]:
            self.items[feed].append(item("", feed))
        tag = f'"{len(self.items[feed])}"'
        if tag in request:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
        else:
            body = document(self.items[feed][:20])
            head = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}"
            writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()
        if place:
            self.served[place] = time.monotonic()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        subject = str(message_from_bytes(envelope.content, policy=policy.default)["Subject"])
        self.mailed.setdefault(subject.partition(":")[0], time.monotonic())
        self.came.set()
        return "250 taken"


def name_of(number: int) -> str:
    """A place that no other is like: its letters follow from a random number of its own."""
    dice = random.Random(number)
    return "".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(5)).capitalize()


def item(place: str, number: int) -> str:
    text = f"A fire in {place} killed {number % 80 + 12} people, police said." if place else "Nothing of note happened."
    return (
        f"<item><title>{text}</title><guid isPermaLink='false'>{number}-{place}</guid>"
        f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate><description>{text}</description></item>"
    )


def document(items: list[str]) -> bytes:
    return (
        f'<rss version="2.0"><channel><title>d</title><language>en</language>{"".join(items)}</channel></rss>'.encode()
    )


@contextlib.contextmanager
def service(
    home: Path, asked: argparse.Namespace, feeds: int, mail: int, hung: int
) -> Iterator[subprocess.Popen[bytes]]:
    folder = home / "config"
    (folder / "rules").mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "monitor.yaml").write_text(
        f"http:\n  port: {port}\ncalm:\n  most: none\n"
        "polling:\n  allow: [127.0.0.0/8]\n  per_domain: {127.0.0.1: 32}\n  shortest: 1s\n"
    )
    urls = "".join(
        f"s{n}: {{url: 'http://127.0.0.1:{feeds}/f/{n}', interval: {asked.interval}s}}\n" for n in range(asked.sources)
    )
    (folder / "sources.yaml").write_text(urls)
    (folder / "channels.yaml").write_text(
        f'desk: "mailto://127.0.0.1:{mail}/?from=monitor@example.org&to=desk@example.org"\n'
        + "".join(f"hung{n}: json://127.0.0.1:{hung}/{n}\n" for n in range(asked.hung))
    )
    names = ["desk", *(f"hung{n}" for n in range(asked.hung))]
    (folder / "rules" / "tolls.yaml").write_text(f"kind: casualty_update\nchannels: [{', '.join(names)}]\n")
    command = [sys.executable, "-m", "monitor", "run", "--config", str(folder)]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "NO_COLOR": "1"})
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.wait(30)
            print(f"ended {time.monotonic() - began:.1f} s after SIGTERM")


async def measured(asked: argparse.Namespace) -> Desk:
    desk, loop = Desk(asked.sources), asyncio.get_running_loop()
    feeds = await asyncio.start_server(desk.feed, "127.0.0.1", 0)
    mail = await loop.create_server(lambda: SMTP(desk, loop=loop), "127.0.0.1", 0)
    silent = await asyncio.start_server(lambda _reader, _writer: asyncio.sleep(3600), "127.0.0.1", 0)
    ports = (feeds.sockets[0].getsockname()[1], mail.sockets[0].getsockname()[1],
             silent.sockets[0].getsockname()[1])  # fmt: skip
    with tempfile.TemporaryDirectory() as home, service(Path(home), asked, *ports) as process:
        deadline = time.monotonic() + _WARM
        while len(desk.seen) < asked.sources:
            assert time.monotonic() < deadline, f"only {len(desk.seen)} sources were polled"
            assert process.poll() is None, f"the service ended with {process.returncode}"
            await asyncio.sleep(0.2)
        print(f"all {asked.sources} sources were polled once", flush=True)
        await asyncio.sleep(5)
        polls, began = desk.polls, time.monotonic()
        for _ in range(asked.alerts):
            desk.wanted += 1
            await asyncio.sleep(asked.pause)
        print(f"{(desk.polls - polls) / (time.monotonic() - began):.1f} polls a second")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(desk.all_mailed(), _LAST)
    return desk


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--interval", type=int, default=60, help="seconds between two polls of a source")
    parser.add_argument("--alerts", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two new items")
    parser.add_argument("--hung", type=int, default=0, help="channels whose server never answers")
    desk = asyncio.run(measured(parser.parse_args()))
    took = sorted(desk.mailed[place] - at for place, at in desk.served.items() if place in desk.mailed)
    missing = len(desk.served) - len(took)
    cuts = statistics.quantiles(took, n=100)
    print(f"{len(took)} alerts: p50 {cuts[49]:.2f} s, p90 {cuts[89]:.2f} s, p99 {cuts[98]:.2f} s, "
          f"longest {took[-1]:.2f} s, missing {missing}")  # fmt: skip
    return int(missing > 0 or cuts[49] >= 1 or cuts[98] >= 3)


if __name__ == "__main__":
    sys.exit(main())
