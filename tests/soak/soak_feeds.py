"""Mutated feeds: whatever is done to the documents of tests/feeds, reading them raises nothing and stays within memory.

    python tests/soak/soak_feeds.py                    # 100,000 documents, a quarter of an hour
    python tests/soak/soak_feeds.py --documents 2000 --seed 7

Each document is one of the corpus with some of its bytes cut, doubled, moved, replaced, or crossed with another's. Of
those that the swift reader still takes on, the tolerant one must find the same items, but for one in fifty: what is
meant by an item within an item, or a type that nobody knows, is anybody's guess.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
from collections import Counter
from collections.abc import Collection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

from monitor.sources.reading import feeds, listing, sitemaps, swift
from monitor.sources.reading.decode import decode, mend_xml
from monitor.sources.reading.document import Document, read
from monitor.sources.reading.entries import Reading, items

FEEDS = Path(__file__).parents[1] / "feeds"
READING = Reading(source="gazette", url="https://gazette.example/feeds/all.xml")
#: what feeds are made of, put where it does not belong
SHARDS = (
    b"<item>",
    b"</item>",
    b"<![CDATA[",
    b"]]>",
    b"&",
    b"&#0;",
    b"\x00",
    b"\xff\xfe",
    b"<!--",
    b"{",
    b'"',
    b"<a><b>",
)
#: documents in which memory may still grow, and by how much after that, in MB
WARM, MOST_GROWTH = 500, 60
#: documents that the two readers may read differently, of those that both read
MOST_DIFFER = 0.02


#: where the two readers of feeds differ, and why the swift one is right
DIFFER = {
    "namespaces-in-the-wild": "feedparser takes the description of a photo for the item's own",
    "guid-permalink-in-capitals": "feedparser takes no other word for true than that in small letters",
    "two-channels": "feedparser names the items after the last channel, which most of them are not of",
}


def corpus(*, without: Collection[str] = ()) -> list[bytes]:
    """The documents of tests/feeds, in the order of their names, but for those of these names."""
    paths = sorted(path for path in FEEDS.iterdir() if not path.name.endswith(".items.json"))
    return [path.read_bytes() for path in paths if path.stem not in without]


def mutated(bodies: list[bytes], dice: random.Random) -> bytes:
    """One of them after one to six accidents."""
    body = dice.choice(bodies)
    for _ in range(dice.randint(1, 6)):
        at, end = sorted((dice.randint(0, len(body)), dice.randint(0, len(body))))
        match dice.randrange(6):
            case 0:
                body = body[:at]
            case 1:
                body = body[:at] + body[end:]
            case 2:
                body = body[:at] + dice.choice(SHARDS) + body[at:]
            case 3:
                body = body[:end] + body[at:end][:2000] + body[end:]
            case 4:
                body = body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
            case _:
                other = dice.choice(bodies)
                body = body[:at] + other[dice.randint(0, len(other)) :]
    return body


def complaint(document: Document) -> str | None:
    """What is half or wrong in what was read; None if nothing is."""
    for item in document.items:
        if not item.id or not (item.title or item.text) or item.source != READING.source:
            return f"half an item: {item!r:.200}"
    if len({item.id for item in document.items}) != len(document.items):
        return "two items with one identity"
    return "items of a document that has a problem" if document.problem and document.items else None


def agreed(body: bytes) -> bool | None:
    """Whether the two readers of feeds find the same in a document; None if the swift one does not take it on."""
    text = mend_xml(decode(body)).text
    quick = swift.parse(text) if text else None
    if quick is None:
        return None
    slow = feeds.parse(text)
    return slow is not None and items(quick, READING).items == items(slow, READING).items


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice, bodies, seen = random.Random(options.seed), corpus(), Counter[str]()
    alike = corpus(without=DIFFER)
    warm = 0.0
    for number in range(options.documents):
        body = mutated(bodies, dice)
        document = read(body, READING)
        listing.read(body, READING, selectors={"items": "item, li"})
        sitemaps.read(body, READING)
        same = agreed(mutated(alike, dice))
        if same is not None:
            seen["agreed" if same else "differ"] += 1
        if found := complaint(document):
            print(f"seed {options.seed}, document {number}: {found}")
            return 1
        seen["read" if document.items else "empty" if document.problem is None else "refused"] += 1
        if number == WARM:
            warm = peak()
    growth = peak() - warm if warm else 0.0
    print(f"{dict(seen)}, memory grew by {growth:.0f} MB after the first {WARM}")
    return int(growth > MOST_GROWTH or seen["differ"] > MOST_DIFFER * seen["agreed"])


def peak() -> float:
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
