"""Items taken in by two processes at once: one event, one alert (issue of two daemons over one database)."""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
from collections import Counter
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import event as listening

from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.kind import SlotType
from monitor.model import ChangeType, Event, Evidence, Item
from monitor.pipeline import take_in
from monitor.pipeline.taking import take_all
from monitor.rules import Rule
from monitor.rules.conditions import AllOf, AnyOf, Ask, Not, Subject
from monitor.store import Store
from monitor.store.known import stored_keys

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 3)
RULE = Rule(stem="tolls", name="tolls", path="rules/tolls.yaml", kind="casualty_update", channels=("desk",))
COUNT = Subject(name="count", type=SlotType.NUMBER)
RISES = replace(
    RULE, where=AllOf(parts=(AnyOf(parts=(Not(part=Ask(subject=COUNT, operator="rises_by", operands=(1,))),)),))
)
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


def reports(count: int) -> list[tuple[Item, Extraction]]:
    """Reports of a few strikes by several outlets, the late ones too, some with a figure that rose."""
    made = []
    for number in range(count):
        place = ("Derna", "Lima", "Aleppo", "Goma")[number % 4]
        text = f"Outlet {number} on {place}."
        toll = CasualtyUpdate(
            harm="killed", count=12 + number // 3, qualifier="exact", place=place, date=DAY, scope="incident"
        )
        event = Event(facts=toll, evidence=Evidence(field="text", start=0, end=len(text), text=text))
        item = Item(source=f"s{number}", id="1", outlet=f"Outlet {number}", text=text,
                    published=DAY + dt.timedelta(days=number * 7 % 5))  # fmt: skip
        made.append((item, Extraction(events=(event,))))
    return made


def test_items_taken_in_together_come_to_what_they_come_to_one_by_one(store: Store) -> None:
    read = reports(24)
    with Store.open("sqlite://") as other, store.write() as tx, other.write() as beside:
        together = take_all(tx, read, watch=(RULE,), now=NOW)
        alone = [take_all(beside, [one], watch=(RULE,), now=NOW)[0] for one in read]
        assert [taken.changes for taken in together] == [taken.changes for taken in alone]
        assert [alert.key for taken in together for alert in taken.alerts] == [a.key for t in alone for a in t.alerts]
        assert [event.known for event in tx.events()] == [event.known for event in beside.events()]


def test_what_a_transaction_wrote_is_what_the_next_one_reads(store: Store, database_url: str) -> None:
    for part in (reports(24)[:9], reports(24)[9:]):
        with store.write() as tx:
            take_all(tx, part, watch=(RULE,), now=NOW)
    with store.read() as mine, Store.open(database_url) as fresh, fresh.read() as theirs:  # which remembers nothing
        assert [event.known for event in mine.events()] == [event.known for event in theirs.events()]


def test_items_taken_in_together_are_written_by_few_statements_though_claims_change_their_events(store: Store) -> None:
    said: Counter[str] = Counter()
    listening.listen(store.engine, "before_cursor_execute", lambda _c, _r, text, *_: said.update([text[:20]]))
    with store.write() as tx:
        take_all(tx, reports(24), watch=(RULE,), now=NOW)
    assert said["UPDATE claims SET kn"] <= 1
    assert said["INSERT INTO claim_ke"] == said["INSERT INTO claims ("] == 1
    assert said["SELECT bonds.id, bon"] == 1


def test_what_was_told_is_asked_for_only_where_a_rule_that_looks_back_may_hear_of_the_change(store: Store) -> None:
    said: Counter[str] = Counter()
    listening.listen(store.engine, "before_cursor_execute", lambda _c, _r, text, *_: said.update([text[:19]]))
    first = replace(RISES, on=frozenset({ChangeType.NEW, ChangeType.DISPUTED}))
    with store.write() as tx:
        take_all(tx, reports(12), watch=(first, RULE), now=NOW)
    assert said["SELECT alerts.rules"] == 0
    with store.write() as tx:
        taken = take_all(tx, reports(24)[12:], watch=(first, RISES), now=NOW)
    assert said["SELECT alerts.rules"] == sum(change.type in RISES.on for one in taken for change in one.changes) > 0


def test_an_alert_tells_each_voice_as_it_is_stored_whenever_it_was_taken_in(store: Store) -> None:
    read = reports(24)
    odd = replace(read[9][0], outlet="Out\x00let \ud800", title="Odd \ufffd")
    read[9] = (odd, read[9][1])
    for part in (read[:8], read[8:16], read[16:]):
        with store.write() as tx:
            take_all(tx, part, watch=(RULE,), now=NOW)
    with store.read() as tx:
        claims = {claim.id: claim for event in tx.events() for claim in event.known.claims}
        alerts = [stored.alert for stored in tx.alerts(limit=None)]
    assert max(len(alert.news.voices) for alert in alerts) >= 4
    for alert in alerts:
        assert all(claims[claim.id] == claim for claim in (alert.news.claim, *alert.news.voices))


def test_the_collector_of_garbage_waits_while_items_are_taken_in(store: Store) -> None:
    collecting: list[bool] = []
    listening.listen(store.engine, "before_cursor_execute", lambda *_: collecting.append(gc.isenabled()))
    with store.write() as tx:
        collecting.clear()
        take_all(tx, reports(4), watch=(RULE,), now=NOW)
        assert collecting
        assert not any(collecting)
        assert gc.isenabled()
        with suppress(AttributeError):
            take_all(tx, [(reports(5)[4][0], None)], watch=(RULE,), now=NOW)  # type: ignore[list-item]  # fails there
        assert gc.isenabled()


def test_items_taken_in_together_are_taken_back_together(store: Store) -> None:
    with suppress(KeyboardInterrupt), store.write() as tx:
        take_all(tx, reports(4), watch=(RULE,), now=NOW)
        raise KeyboardInterrupt
    assert store.counts(NOW).items == store.counts(NOW).events == 0
    with store.write() as tx:
        assert [taken.state for taken in take_all(tx, reports(4), watch=(RULE,), now=NOW)] == ["new"] * 4


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


def test_blocking_keys_that_are_looked_up_together_stand_beside_each_other() -> None:
    def span(*keys: str) -> int:
        numbers = stored_keys("casualty_update", keys)
        assert len(numbers) == len(keys)
        assert all(-(2**63) <= number < 2**63 for number in numbers)
        return numbers[-1] - numbers[0]

    week, size = 105_677, 12
    assert span(*(f"killed in Derna {w} {s}" for w in (week, week + 1) for s in (size, size + 1))) < 2**12
    assert span(*(f"killed in Derna {s} {w}" for w in (week, week + 1) for s in (size, size + 1))) < 2**12
    assert (
        span(f"killed in Derna {week} {size}", f"killed in Derna {week + 20} {size}") < 2**15
    )  # the newest grow together
    assert span(f"killed in Derna {week} {size}", f"killed in Lima {week} {size}") > 2**24
    assert span("pair 1 2 3", "pair 1 2 4", "pair 3 2 4", "item wire 4711", "item wire 4712", "item wire")
    assert stored_keys("talk_round", ["a b 9"]) != stored_keys("aid_pledge", ["a b 9"])
