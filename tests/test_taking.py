"""Items taken in by two processes at once: one event, one alert (issue of two daemons over one database)."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections import Counter

from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Event, Evidence, Item
from monitor.pipeline import take_in
from monitor.rules import Rule
from monitor.store import Store

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 3)
RULE = Rule(stem="tolls", name="tolls", path="rules/tolls.yaml", kind="casualty_update", channels=("desk",))
STORIES = {"Derna": 12, "Lima": 7, "Aleppo": 40, "Goma": 3}


def tell_all(url: str, outlet: str) -> None:
    """Takes in what one outlet tells of every story."""
    with Store.open(url) as store:
        for place, count in STORIES.items():
            text = f"{outlet} on {place}."
            item = Item(source=outlet, id=place, outlet=outlet, text=text, published=DAY)
            toll = CasualtyUpdate(
                harm="killed", count=count, qualifier="exact", place=place, date=DAY, scope="incident"
            )
            event = Event(facts=toll, evidence=Evidence(field="text", start=0, end=len(text), text=text))
            take_in(store, item, Extraction(events=(event,), skipped=None), watch=(RULE,), now=NOW)


def test_two_processes_that_take_in_the_same_stories_at_once_tell_each_once(store: Store, database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=tell_all, args=(database_url, outlet)) for outlet in ("One", "Two")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with store.read() as tx:
        events = list(tx.events())
        told = Counter((stored.alert.news.event_id, stored.alert.news.type.value) for stored in tx.alerts(limit=100))
    assert sorted(len(event.known.claims) for event in events) == [2] * len(STORIES)
    assert set(told) == {(event.known.id, "new") for event in events}
    assert set(told.values()) == {1}
