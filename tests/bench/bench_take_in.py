"""What it costs to take in an item when a thousand events are known, and when a million are.

    python tests/bench/bench_take_in.py                              # SQLite, 1,000 and 20,000 known events
    python tests/bench/bench_take_in.py --events 1000 1000000        # the bar of issue 4; takes minutes to fill
    python tests/bench/bench_take_in.py --postgresql --events 1000 1000000

A hundred events become known every simulated day, of the three kinds, all over the world, so that an item has the same
neighbourhood in a small store as in a large one: what differs is the size of the indexes. The items that are measured
are of the newest days; four in ten tell of an event that is known. Times are of ``pipeline.take_in`` without rules:
the item, its claims, comparison, change, commit.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program: tests/ is not installed

import monitor.language.data as gazetteer
from monitor import compare
from monitor.codec import event_to_json, facts_to_json
from monitor.extract import Extraction
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.talk_round.facts import TalkRound
from monitor.model import Change, ChangeType, Claim, Event, Evidence, Facts, Item, KnownEvent
from monitor.pipeline.taking import as_claim, take_in
from monitor.store import Store
from monitor.store.rows import key_number
from monitor.store.tables import claims, item_versions, items, known_events
from tests import postgres


def largest(count: int) -> list[tuple[str, str]]:
    """Names and countries of the largest towns of the gazetteer."""
    with (Path(gazetteer.__file__).parent / "places.tsv").open(encoding="utf-8") as file:
        towns = [line.rstrip("\n").split("\t") for line in file if "\tcity\t" in line]
    towns.sort(key=lambda fields: -int(fields[5]))
    return [(fields[1], fields[3]) for fields in towns[:count]]


A_DAY = 100
LAST = date(2022, 3, 30)
WORDS = ("officials", "said", "on", "that", "the", "shelling", "of", "city", "region", "army", "minister", "after")
#: the two thousand largest towns and the fifty countries that have most of them
TOWNS = largest(2_000)
STATES = [country for country, _ in Counter(country for _, country in TOWNS).most_common(50)]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an item tells, before it is stored."""

    item: Item
    event: Event


def facts_of(dice: random.Random, day: date) -> Facts:
    """Something that happened on a day."""
    kind = dice.random()
    if kind < 0.5:
        return CasualtyUpdate(
            harm=dice.choice(("killed", "wounded", "captured")),
            count=dice.randint(1, 400),
            qualifier="exact",
            place=dice.choice(TOWNS)[0],
            date=day,
            scope="incident",
        )
    one, other, *_ = dice.sample(STATES, 2)
    if kind < 0.8:
        amount = dice.randint(1, 999) * 10 ** dice.randint(5, 7)
        return AidPledge(donors=(one,), recipient=other, amount=amount, currency="USD", status="pledged")
    return TalkRound(parties=tuple(sorted((one, other))), date=day, place=dice.choice(TOWNS)[0], status="held")


def tell(dice: random.Random, number: int, day: date, facts: Facts) -> Told:
    """An item of about 5 kB that tells it."""
    words = " ".join(dice.choices(WORDS, k=950))
    item = Item(
        source=f"feed {number % 200}",
        id=f"https://news.example/{number}",
        title=f"Report {number}",
        text=words,
        outlet=f"Outlet {number % 60}",
        published=day,
    )
    return Told(item=item, event=Event(facts=facts, evidence=Evidence(field="text", start=0, end=40, text=words[:40])))


def day_of(number: int, total: int) -> date:
    return LAST - timedelta(days=(total - number) // A_DAY)


# --- what is known already -------------------------------------------------------------------------------------------


def fill(store: Store, total: int) -> None:
    """Known events with one claim each, as taking in would have left them; written in bulk."""
    dice = random.Random(total)
    with store.write() as tx:
        tx.connection.execute(text("CREATE TEMPORARY TABLE new_keys (key BIGINT, number BIGINT)"))
        for batch in batched(range(1, total + 1), 5_000):
            insert_batch(tx.connection, [row(dice, number, total) for number in batch])
        tx.connection.execute(  # in order of the key: a tree that is filled at random is slow to build, and large
            text("INSERT INTO claim_keys SELECT key, number, number FROM new_keys ORDER BY 1, 2")
        )
        tx.connection.execute(text("DROP TABLE new_keys"))
        if store.engine.dialect.name == "postgresql":
            for table in ("items", "known_events", "claims"):
                tx.connection.execute(text(f"SELECT setval('{table}_id_seq', {total})"))
            tx.connection.execute(text("ANALYZE"))
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def row(dice: random.Random, number: int, total: int) -> dict[str, Any]:
    day = day_of(number, total)
    facts = facts_of(dice, day)
    seen = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    evidence = Evidence(field="text", start=0, end=40, text="forty characters of what the article says")
    claim = Claim(
        event=Event(facts=facts, evidence=evidence),
        outlet=f"Outlet {number % 60}",
        published=day,
        seen=seen,
        signature=f"{number:064x}",
    )
    return {"number": number, "claim": claim, "keys": compare.keys(claim)}


def insert_batch(connection: Connection, rows: list[dict[str, Any]]) -> None:
    told = [(entry["number"], entry["claim"]) for entry in rows]
    connection.execute(items.insert(), [item_values(number, claim) for number, claim in told])
    connection.execute(item_versions.insert(), [version_values(number, claim) for number, claim in told])
    connection.execute(known_events.insert(), [event_values(number, claim) for number, claim in told])
    connection.execute(claims.insert(), [claim_values(number, claim) for number, claim in told])
    keys = [
        {"key": key_number(f"{entry['claim'].event.kind}:{key}"), "number": entry["number"]}
        for entry in rows
        for key in entry["keys"]
    ]
    connection.execute(text("INSERT INTO new_keys (key, number) VALUES (:key, :number)"), keys)


def item_values(number: int, claim: Claim) -> dict[str, Any]:
    return {
        "id": number,
        "source": f"old feed {number % 200}",
        "identity": f"https://old.example/{number}",
        "identity_key": f"https://old.example/{number}",
        "version": 1,
        "fingerprint": f"{number:064x}",
        "first_seen": claim.seen,
    }


def version_values(number: int, claim: Claim) -> dict[str, Any]:
    return {
        "item_id": number,
        "version": 1,
        "fingerprint": f"{number:064x}",
        "title": f"Report {number}",
        "url": f"https://old.example/{number}",
        "outlet": claim.outlet,
        "published": claim.published,
        "seen": claim.seen,
        "text": "x" * 200,  # short: retention takes old texts away, and a table of texts is in nobody's way
    }


def event_values(number: int, claim: Claim) -> dict[str, Any]:
    return {
        "id": number,
        "kind": claim.event.kind,
        "first_day": claim.published,
        "last_day": claim.published,
        "first_seen": claim.seen,
        "changed": claim.seen,
        "revision": 1,
        "facts": facts_to_json(claim.event.facts),
    }


def claim_values(number: int, claim: Claim) -> dict[str, Any]:
    return {
        "id": number,
        "item_id": number,
        "version": 1,
        "known_id": number,
        "kind": claim.event.kind,
        "outlet": claim.outlet,
        "published": claim.published,
        "seen": claim.seen,
        "signature": claim.signature,
        "confidence": 0.9,
        "event": event_to_json(claim.event),
    }


def batched(numbers: range, size: int) -> Iterator[range]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


# --- what is measured ------------------------------------------------------------------------------------------------


def measured(total: int, count: int) -> Iterator[Told]:
    """New items of the newest days; four in ten of an event that is known."""
    known = random.Random(total)
    newest = [facts_of(known, day_of(number, total)) for number in range(1, total + 1)][-2 * A_DAY :]
    dice = random.Random(4711)
    for number in range(count):
        facts = dice.choice(newest) if dice.random() < 0.4 else facts_of(dice, LAST)
        yield tell(dice, 10_000_000 + number, LAST, facts)


def take(store: Store, told: Iterable[Told], *, alone: bool) -> list[float]:
    """Seconds that each item took."""
    now = datetime(LAST.year, LAST.month, LAST.day, 18, tzinfo=UTC)
    spent = []
    for one in told:
        start = time.perf_counter()
        if alone:
            store_alone(store, one, now)
        else:
            take_in(store, one.item, Extraction(events=(one.event,), skipped=None), watch=(), now=now)
        spent.append(time.perf_counter() - start)
    return spent


def store_alone(store: Store, one: Told, now: datetime) -> None:
    """What taking in does with the store, with a comparison that joins the first candidate that says the same."""
    with store.write() as tx:
        stored = tx.put_item(one.item, now)
        assert stored is not None
        claim = as_claim(one.event, one.item, stored.item_id, "5eed", now)
        keys = compare.keys(claim)
        candidates = tx.candidates(one.event.kind, keys)
        same = next((known for known in candidates if known.facts == one.event.facts), None)
        known = KnownEvent(
            id=same.id if same else None,
            kind=one.event.kind,
            facts=one.event.facts,
            claims=(*same.claims, claim) if same else (claim,),
            first_seen=same.first_seen if same else now,
            changed=now,
        )
        type = ChangeType.CONFIRMED if same else ChangeType.NEW
        change = tx.apply(
            compare.Judgement(change=Change(type=type, claim=claim, known=known, reason="benchmark")), now, keys=keys
        )
        assert change is not None
        tx.record(change, (), now)


def run(url: str, total: int, count: int, *, alone: bool) -> float:
    with Store.open(url) as store:
        start = time.perf_counter()
        fill(store, total)
        filled = time.perf_counter() - start
        spent = take(store, measured(total, count), alone=alone)[count // 5 :]  # the first ones fill caches
        median, late = statistics.median(spent), statistics.quantiles(spent, n=20)[-1]
        print(
            f"{total:>9,} known events: median {median * 1e3:6.2f} ms, 95 % {late * 1e3:6.2f} ms, "
            f"{60 / statistics.fmean(spent):>7,.0f} items a minute   (filled in {filled:.0f} s)",
            flush=True,
        )
    return median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000, 20_000])
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--alone", action="store_true", help="the store without the comparison")
    wanted = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(postgres.server()) if wanted.postgresql else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        medians = []
        for total in wanted.events:
            url = f"sqlite:///{folder / f'{total}.db'}"
            if server is not None:
                database = stack.enter_context(postgres.database(server, f"known_{total}"))
                url = database.render_as_string(hide_password=False)
            medians.append(run(url, total, wanted.items, alone=wanted.alone))
        print(f"ratio of the medians: {medians[-1] / medians[0]:.2f}")


if __name__ == "__main__":
    main()
