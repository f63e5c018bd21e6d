"""News prose for the benchmarks, invented: items of five kilobytes of which most sentences are about other things.

Six items in ten tell a story of the three kinds: a headline and a lead, one to three more sentences that say something
of it or of another such event, and some thirty sentences of background, colour and other matters, with the numbers,
names and days that news is full of. Four in ten tell nothing that is looked for. So an item has one or two events and
a half on average.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from monitor.model import Item
from tests.bench._world import TOWNS

DAY = date(2026, 3, 4)
#: characters of an item's text, at least
LENGTH = 4_900
SIDES = (
    "Norway", "Japan", "Canada", "Qatar", "Germany", "Australia", "Kenya", "Spain", "Turkey", "Egypt", "Sudan", "Chad",
    "Ukraine", "Russia", "Ethiopia", "Eritrea", "Armenia", "Azerbaijan", "Pakistan", "Nepal", "Colombia", "Peru",
)  # fmt: skip
BODIES = ("the health ministry", "the civil defence service", "police", "the governor's office", "hospital officials")
GOODS = ("field hospitals", "winter tents", "generators", "vaccines", "fuel", "water pumps", "ambulances")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SURNAMES = ("Almeida", "Okafor", "Lindqvist", "Haddad", "Moreau", "Petrenko", "Tanaka", "Silva", "Novak", "Rahman")
TRADES = ("baker", "teacher", "nurse", "driver", "farmer", "engineer", "shopkeeper", "student", "welder", "librarian")
STORIES = (
    ("Strike on {place} kills {n}",
     "A strike on {place} on {day} killed {n} people and wounded {m} others, {body} said.",
     ("The dead included {k} children, according to {body}.",
      "An earlier count had put the toll at {less}.",
      "{k} people were still missing under the rubble by evening.")),
    ("Floods in {place} leave {n} dead",
     "Floods that swept through {place} on {day} left at least {n} people dead, {body} said.",
     ("Another {m} people were injured, {body} added.",
      "Some {m},000 people have been displaced across the province.",
      "{side} pledged ${k} million in emergency aid for the victims.")),
    ("{side} pledges ${n} million to {other}",
     "{side} will give {other} ${n} million in humanitarian aid, its foreign minister said on {day}.",
     ("The package includes {goods} worth ${k} million.",
      "{third} has promised {other} a further {k} million euros.",
      "Parliament approved the money last week.")),
    ("{side} and {other} hold talks in {place}",
     "Negotiators of {side} and {other} met in {place} on {day} for a {ordinal} round of talks.",
     ("The two sides will meet again next {day2}, a diplomat said.",
      "The meeting ended without a joint statement.",
      "{third} had offered to host a summit of the two presidents.")),
)  # fmt: skip
OTHER = (
    "The road to {place} was reopened before dawn, and lorries queued at the bridge for most of the morning.",
    "Prices of bread and cooking oil have risen by {m} percent in a year, which many households can hardly bear.",
    "“Nobody here expected that it would last so long,” said {name}, a {trade} who has lived there for {k} years.",
    "A court in {place} is to hear the case of the former mayor next month, her lawyer {name} said.",
    "The company's shares fell {k} percent after it told investors that sales in {side} were weaker than a year ago.",
    "He studied at the technical university before the crisis, and hopes to go back when it is over.",
    "The festival opens on {day} with a film about a fisherman and his {k} brothers.",
    "Forecasters expect temperatures to fall below zero in the hills by {day}, with snow above {m}00 metres.",
    "The home side took the lead in the {m}th minute through {name}, who had been doubtful with a knee injury.",
    "The museum holds more than {n},000 objects, many of which have never been shown to the public.",
    "{name}, who was elected in {year}, has said that she will not stand again.",
    "The ministry of transport has promised to mend {n} kilometres of track by the end of the year.",
    "Analysts at the central bank of {side} see inflation at {k} percent next spring, down from {m}.",
    "The square in the middle of {place} was quiet on {day} afternoon; a few cafés had put their chairs outside.",
    "Schools in the district went back to lessons in shifts, with up to {m} pupils in a room.",
    "The bill was sent back to committee, where members of {side}'s ruling party hold {k} of the seats.",
    "Her brother, a {trade}, keeps a notebook in which he writes down when the power comes and when it goes.",
    "The airline said that it would resume flights between {place} and {place2} at the beginning of the summer.",
    "Under the rules, which date from {year}, a permit has to be asked for {k} weeks in advance.",
    "The orchestra played to a half-empty hall, and the conductor, {name}, thanked those who had come.",
    "Fishermen on the coast say that the catch is a third of what it was {k} years ago.",
    "The report, which runs to {n} pages, names no one, and leaves open what is to be done.",
    "Telephone lines to the villages north of {place} were restored late on {day}.",
    "The new bridge, {m} metres long, was designed by an office from {side}.",
    "“We repaired the roof ourselves, with what we found,” {name} said, and pointed at a row of grey sheets.",
    "A spokeswoman for the port of {place} said that {n} ships had called there in the first quarter.",
    "The harvest was poor for the second year running, and seed for the next one is dear.",
    "Local historians date the oldest houses of the quarter to the {k}th century.",
    "The minister did not answer questions about the budget, and left the room by a side door.",
    "Visitors from {side} and {other} made up more than half of the guests last season, the tourist board said.",
    "The library lends tools as well as books, and has a waiting list for its only sewing machine.",
    "Two cabinet members resigned over the affair in {year}; neither has spoken about it in public since.",
    "Engineers measured the dam again on {day} and found that the water had fallen by {m} centimetres.",
    "The club has lost {k} matches in a row and sits at the bottom of the table.",
    "A survey of {n} households found that most heat with wood, and that few have a meter.",
    "The exhibition moves to {place2} in the autumn, where it will be shown in an old tram depot.",
)  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def item(number: int) -> Item:
    """An item; the same for the same number."""
    dice = random.Random(f"news {number}")
    story = dice.choice(STORIES) if dice.random() < 0.6 else None
    told = _words(dice)
    title = (story[0] if story else dice.choice(OTHER)).format(**told)
    sentences = [_other(dice)]
    while sum(map(len, sentences)) < LENGTH:
        sentences.append(_other(dice))
    if story:
        sentences[0] = story[1].format(**told)
        for pattern in dice.sample(story[2], dice.randint(1, 3)):
            sentences.insert(dice.randint(1, 12), pattern.format(**told))
    when = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(seconds=number * 7 % 86_400)
    paragraphs = (" ".join(sentences[k : k + 3]) for k in range(0, len(sentences), 3))
    return Item(
        source=f"feed {number // 20 % 300}",
        id=f"https://news{number // 20 % 300}.example/{number}",
        url=f"https://news{number // 20 % 300}.example/{number}",
        title=title[:90],
        text="\n\n".join(paragraphs),
        outlet=f"Outlet {number % 120}",
        published=DAY,
        published_at=when,
        language="en",
    )


def _other(dice: random.Random) -> str:
    return dice.choice(OTHER).format(**_words(dice))


def _words(dice: random.Random) -> dict[str, object]:
    n, (side, other, third) = dice.randint(5, 900), dice.sample(SIDES, 3)
    return {
        "place": dice.choice(TOWNS)[0], "place2": dice.choice(TOWNS)[0], "side": side, "other": other, "third": third,
        "day": dice.choice(WEEKDAYS), "day2": dice.choice(WEEKDAYS), "body": dice.choice(BODIES), "n": n,
        "m": dice.randint(11, 99), "k": dice.randint(2, 19), "less": max(2, n - dice.randint(1, 40)),
        "year": dice.randint(1980, 2024), "name": f"{dice.choice(SURNAMES)}", "trade": dice.choice(TRADES),
        "goods": dice.choice(GOODS), "ordinal": dice.choice(ORDINALS),
    }  # fmt: skip
