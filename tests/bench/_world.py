"""What happens in the benchmarks' world, and the items that tell of it: a hundred events a day, all over the world."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import monitor.language.data as gazetteer
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.talk_round.facts import TalkRound
from monitor.model import Event, Evidence, Facts, Item


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


def tell(dice: random.Random, number: int, day: date, facts: Facts, *, length: int = 950) -> Told:
    """An item that tells it; of 950 words, about 5 kB."""
    words = " ".join(dice.choices(WORDS, k=length))
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
