"""A server of made-up feeds, as a program of its own: RSS with strong ETags, 304, one new item in each on demand.

    python tests/bench/_feeds.py N [LATENCY_MS [ITEMS [WORDS]]]

It prints its port; POST /bump adds an item to each feed; it ends with stdin. Feeds have twenty items and some 30 kB;
their news is of many small places, spread as thinly as in the world. With WORDS "dull" they tell of no event.
/heavy/<n> is never the same, and takes some ten seconds to read: broken, and just short enough to be mended.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ITEMS = 20
ONSETS = ["b", "d", "dr", "f", "g", "k", "kr", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "z"]
VOWELS, CODAS = ["a", "e", "i", "o", "u"], ["n", "r", "l", "m", "s"]
TAILS = ["bad", "dar", "gan", "kot", "lin", "mar", "nur", "pol", "rab", "sk", "tal", "van"]
BODIES = [
    "the relief office",
    "the civil protection agency",
    "the health ministry",
    "the foreign ministry",
    "the UN mission",
]
DONORS = ["Norway", "Japan", "Canada", "Qatar", "Germany", "Australia", "Kenya", "Spain"]
GOODS = ["food parcels", "field hospitals", "winter tents", "vaccines", "cash assistance", "fuel"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SENTENCES = (
    "{body} said on {day} that at least {n} people were killed and {m} others injured in {place}.",
    "{donor} pledged ${n} million in humanitarian aid to {place}, including {goods}, officials told reporters.",
    "A new round of talks between the two delegations ended in {place} without a joint statement, a diplomat said.",
    "Aid workers described long queues for {goods}, and warned that stocks would last no more than {k} days.",
    "The agency has asked donors for ${m} million; so far {k} per cent of the appeal has been funded.",
    "Residents in {place} said power had been restored to about {k} per cent of homes by {day} evening.",
    "The figures could not be independently verified; search teams were still working in {place}.",
    "A convoy of {k} trucks carrying {goods} crossed into {place} on {day} after a delay of some days.",
    "“We cannot reach {k} of the villages by road,” a spokesperson said, citing damaged bridges.",
)

#: words that tell of nothing that is looked for
DULL = (
    "The council of {place} met on {day} and spoke of the road to the harbour, which it had done before.",
    "Residents in {place} said power had been restored to most of their homes by {day} evening.",
    "The choir of {place} sang old songs on {day}, and the hall was warm and well lit, as a listener wrote.",
    "Gardeners in {place} wait for rain; the wells are low, and the apples smaller than in other years.",
    "A bridge near {place} will be painted green, for no other colour was to be had on {day}.",
)


def sentence(dice: random.Random, sentences: tuple[str, ...]) -> str:
    place = dice.choice(ONSETS) + dice.choice(VOWELS) + dice.choice(CODAS) + dice.choice(TAILS)
    return dice.choice(sentences).format(
        body=dice.choice(BODIES), day=dice.choice(DAYS), donor=dice.choice(DONORS), goods=dice.choice(GOODS),
        place=place.capitalize(), n=dice.randint(2, 90), m=dice.randint(91, 900), k=dice.randint(2, 39),
    )  # fmt: skip


def item(feed: int, number: int, sentences: tuple[str, ...]) -> str:
    dice = random.Random(f"{feed}/{number}")
    paragraphs = "".join(f"<p>{escape(' '.join(sentence(dice, sentences) for _ in range(3)))}</p>" for _ in range(3))
    when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number, minutes=feed % 60)
    title = sentence(dice, sentences)[:60]
    return (
        f"<item><title>{escape(title)}</title><link>https://news{feed}.example.org/{number}</link>"
        f"<guid isPermaLink='false'>news{feed}-{number}</guid><pubDate>{format_datetime(when)}</pubDate>"
        f"<description>{escape(sentence(dice, sentences))}</description>"
        f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>\n"
    )


def document(feed: int, version: int, count: int = ITEMS, sentences: tuple[str, ...] = SENTENCES) -> bytes:
    items = "".join(item(feed, number, sentences) for number in range(version + count - 1, version - 1, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>World desk {feed}</title><language>en</language>{items}</channel></rss>\n"
    ).encode()


def heavy(number: int) -> bytes:
    """A document that only the tolerant reader understands, at the limits of what it is given."""
    items = "".join(
        f"<item><title>Ledger {number}, page {page}</title><description>{page} <b>lines</description></item>"
        for page in range(28_000)
    )
    return f"<rss version='2.0'><channel><title>Ledger</title>{items}</channel></rss>".encode()


class Server:
    """All documents are made before they are asked for: what is measured is who asks."""

    def __init__(self, count: int, latency: float, items: int, sentences: tuple[str, ...]) -> None:
        self._count, self._latency, self._version = count, latency, 0
        self._items, self._sentences = items, sentences
        self._made: list[tuple[bytes, bytes]] = []
        self._heavy = 0
        self.make()

    def make(self) -> None:
        bodies = (document(feed, self._version, self._items, self._sentences) for feed in range(self._count))
        self._made = [(body, b'"' + hashlib.sha1(body).hexdigest().encode() + b'"') for body in bodies]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(self._latency)
            writer.write(self.answer(head))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, head: bytes) -> bytes:
        if head.startswith(b"POST /bump"):
            self._version += 1
            self.make()
            return b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        if head.startswith(b"GET /heavy/"):
            self._heavy += 1
            body = heavy(self._heavy)
            return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        body, etag = self._made[int(head.split(b" ")[1].rpartition(b"/")[2])]
        tags = b"ETag: " + etag + b"\r\nConnection: close\r\n"
        if etag in head:
            return b"HTTP/1.1 304 Not Modified\r\n" + tags + b"\r\n"
        size = b"Content-Length: %d\r\nContent-Type: application/rss+xml\r\n" % len(body)
        return b"HTTP/1.1 200 OK\r\n" + tags + size + b"\r\n" + body


async def main() -> None:
    given = [*sys.argv[1:], *("0", str(ITEMS), "")[len(sys.argv) - 2 :]]
    site = Server(int(given[0]), float(given[1]) / 1000, int(given[2]), DULL if given[3] == "dull" else SENTENCES)
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
