"""The outbox: no alert is lost, none is sent by two workers, and what became of each try is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import (
    Alert,
    Change,
    ChangeType,
    Claim,
    Event,
    Evidence,
    Item,
    KnownEvent,
    News,
    Outcome,
    OutcomeType,
)
from monitor.store import QueuedAlert, Store
from monitor.store.outbox import RETRY_AFTER

NOW = datetime(2022, 3, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)

SENT = Outcome(type=OutcomeType.SENT, reason="250 OK")
DEAD = Outcome(type=OutcomeType.DEAD, reason="550 no such mailbox")
RETRY = Outcome(type=OutcomeType.RETRY, reason="451 try later", retry_at=NOW + 10 * MINUTE)


class Judged:
    others, absorbed, dropped = (), (), ()

    def __init__(self, change: Change) -> None:
        self.change = change


def news(store: Store, count: int = 5) -> News:
    """News of a toll that is stored."""
    item = Item(source="wire", id=str(count), text=f"{count} dead", published=date(2022, 3, 29))
    facts = CasualtyUpdate(harm="killed", count=count)
    event = Event(facts=facts, evidence=Evidence(field="text", start=0, end=1, text=item.text[0]))
    with store.write() as tx:
        stored = tx.put_item(item, NOW)
        assert stored is not None
        claim = Claim(event=event, item_id=stored.item_id, source="wire", item=item.id, seen=NOW)
        known = KnownEvent(kind=facts.kind, facts=facts, claims=(claim,), first_seen=NOW, changed=NOW)
        change = tx.apply(Judged(Change(type=ChangeType.NEW, claim=claim, known=known, reason="told")), NOW)
    assert change is not None
    assert change.known.id is not None
    return News(
        type=change.type,
        reason="first report",
        event_id=change.known.id,
        claim=change.claim,
        facts=facts,
        fields={"count": (None, count)},
        at=NOW,
    )


@pytest.fixture
def told(store: Store) -> News:
    return news(store)


def queue(store: Store, told: News, *keys: str, channel: str = "desk", now: datetime = NOW, **more) -> list[Alert]:
    with store.write() as tx:
        alerts = [Alert(key=key, channel=channel, rules=("tolls",), news=told) for key in keys]
        return tx.queue(alerts, now, **more)


def keys(claimed: list[QueuedAlert]) -> list[str]:
    return [queued.alert.key for queued in claimed]


def state(store: Store, key: str = "a") -> tuple[str, int, datetime | None, str]:
    with store.read() as tx:
        (found,) = (stored for stored in tx.alerts(limit=None) if stored.alert.key == key)
    return found.state, found.tries, found.due, found.reason


def test_an_alert_is_queued_once_however_often_it_is_decided(store: Store, told: News) -> None:
    (first,) = queue(store, told, "a", "a")
    assert queue(store, told, "a") == []
    (other,) = queue(store, told, "a", "b")
    assert first.id is not None
    assert other.key == "b"
    with store.read() as tx:
        assert [stored.alert for stored in tx.alerts()] == [other, first]


def test_what_waits_to_be_queued_is_told_at_once_and_queued_once(store: Store, told: News) -> None:
    queue(store, told, "a")
    risen = replace(told, facts=CasualtyUpdate(harm="killed", count=9))
    with store.write() as tx:
        for key in ("a", "b", "b"):
            tx.queue_waiting([Alert(key=key, channel="desk", rules=("more", "tolls"), news=risen)], NOW)
        assert tx.told(told.event_id, {"more", "tolls"}) == {"more": risen.facts, "tolls": risen.facts}
    with store.read() as tx:
        assert sorted(one.alert.key for one in tx.alerts()) == ["a", "b"]
        assert tx.told(told.event_id, {"more", "tolls"}) == {"more": risen.facts, "tolls": risen.facts}


def test_an_alert_comes_out_as_it_was_decided(store: Store, told: News) -> None:
    (alert,) = queue(store, told, "a")
    (queued,) = store.claim_due(NOW, 10, LEASE)
    assert queued == QueuedAlert(alert=alert, tries=1)
    assert queued.alert.news == told


def test_a_claimed_alert_is_nobody_elses_until_its_lease_ends(store: Store, told: News) -> None:
    queue(store, told, "a")
    assert keys(store.claim_due(NOW, 10, LEASE)) == ["a"]
    assert store.claim_due(NOW + LEASE - MINUTE, 10, LEASE) == []
    (again,) = store.claim_due(NOW + LEASE, 10, LEASE)
    assert again.tries == 2


def test_the_longest_due_is_claimed_first_and_no_more_than_asked_for(store: Store, told: News) -> None:
    queue(store, told, "late", now=NOW + MINUTE)
    queue(store, told, "a", "b", now=NOW)
    queue(store, told, "future", now=NOW + 2 * MINUTE)
    assert keys(store.claim_due(NOW + MINUTE, 2, LEASE)) == ["a", "b"]
    assert keys(store.claim_due(NOW + MINUTE, 2, LEASE)) == ["late"]
    assert store.claim_due(NOW + MINUTE, 2, LEASE) == []


def test_only_the_channels_asked_for_are_claimed(store: Store, told: News) -> None:
    queue(store, told, "a", channel="desk")
    queue(store, told, "b", channel="night")
    with store.read() as tx:
        assert tx.waiting(NOW) == {"desk": 1, "night": 1}
    assert store.claim_due(NOW, 10, LEASE, []) == []
    assert keys(store.claim_due(NOW, 10, LEASE, ["night", "other"])) == ["b"]


def test_a_held_alert_waits_for_its_instant_with_its_reason(store: Store, told: News) -> None:
    queue(store, told, "a", hold_until=NOW + MINUTE, reason="quiet hours until 07:00")
    assert state(store) == ("held", 0, NOW + MINUTE, "quiet hours until 07:00")
    assert store.claim_due(NOW, 10, LEASE) == []
    assert keys(store.claim_due(NOW + MINUTE, 10, LEASE)) == ["a"]


def test_a_sent_alert_is_done_with(store: Store, told: News) -> None:
    (alert,) = queue(store, told, "a")
    store.claim_due(NOW, 10, LEASE)
    assert store.record_outcome(alert.id or 0, SENT, NOW + MINUTE, tries=1, seconds=0.25)
    assert store.claim_due(NOW + 100 * LEASE, 10, LEASE) == []
    with store.read() as tx:
        (stored,) = tx.alerts(["sent"])
    assert (stored.state, stored.sent, stored.due, stored.reason) == ("sent", NOW + MINUTE, None, "250 OK")
    (tried,) = stored.deliveries
    assert (tried.at, tried.outcome, tried.reason, tried.seconds) == (NOW + MINUTE, "sent", "250 OK", 0.25)


def test_a_failed_try_is_repeated_when_the_channel_says(store: Store, told: News) -> None:
    (alert,) = queue(store, told, "a")
    store.claim_due(NOW, 10, LEASE)
    assert store.record_outcome(alert.id or 0, RETRY, NOW, tries=1)
    assert state(store) == ("retry", 1, NOW + 10 * MINUTE, "451 try later")
    assert store.claim_due(NOW + 9 * MINUTE, 10, LEASE) == []
    assert [queued.tries for queued in store.claim_due(NOW + 10 * MINUTE, 10, LEASE)] == [2]


def test_a_failed_try_whose_channel_says_nothing_is_repeated_soon(store: Store, told: News) -> None:
    (alert,) = queue(store, told, "a")
    store.claim_due(NOW, 10, LEASE)
    store.record_outcome(alert.id or 0, Outcome(type=OutcomeType.RETRY, reason="timed out"), NOW, tries=1)
    assert state(store) == ("retry", 1, NOW + RETRY_AFTER, "timed out")


def test_a_dead_alert_rests_until_somebody_wants_it_again(store: Store, told: News) -> None:
    alerts = queue(store, told, "a", "b", "c")
    store.claim_due(NOW, 10, LEASE)
    for alert in alerts[:2]:
        assert store.record_outcome(alert.id or 0, DEAD, NOW, tries=1)
    assert store.claim_due(NOW + MINUTE, 10, LEASE) == []
    assert store.retry_dead(NOW + MINUTE, [alerts[0].id or 0, alerts[2].id or 0, 4711]) == [alerts[0].id]
    assert state(store) == ("queued", 0, NOW + MINUTE, "550 no such mailbox")
    assert [queued.tries for queued in store.claim_due(NOW + MINUTE, 10, LEASE)] == [1]
    assert store.retry_dead(NOW + MINUTE) == [alerts[1].id]
    assert store.retry_dead(NOW + MINUTE) == []


def test_a_worker_that_comes_back_too_late_does_not_decide_for_the_one_that_took_over(store: Store, told: News) -> None:
    (alert,) = queue(store, told, "a")
    store.claim_due(NOW, 10, LEASE)
    store.claim_due(NOW + LEASE, 10, LEASE)
    assert not store.record_outcome(alert.id or 0, DEAD, NOW + LEASE, tries=1)
    assert not store.record_outcome(alert.id or 0, RETRY, NOW + LEASE, tries=1)
    assert state(store)[:2] == ("sending", 2)
    assert store.record_outcome(alert.id or 0, SENT, NOW + LEASE, tries=1)
    assert not store.record_outcome(alert.id or 0, RETRY, NOW + LEASE, tries=2)
    assert not store.record_outcome(alert.id or 0, SENT, NOW + 2 * LEASE, tries=2)
    with store.read() as tx:
        (stored,) = tx.alerts()
    assert (stored.state, stored.sent) == ("sent", NOW + LEASE)
    assert [tried.outcome for tried in stored.deliveries] == ["dead", "retry", "sent", "retry", "sent"]


def test_an_alert_that_was_claimed_and_not_tried_can_be_given_back(store: Store, told: News) -> None:
    queue(store, told, "a", "b")
    claimed = store.claim_due(NOW, 10, LEASE)
    store.record_outcome(claimed[1].alert.id or 0, SENT, NOW, tries=1)
    with store.write() as tx:
        tx.release(claimed, NOW)
    assert state(store, "a")[:3] == ("queued", 0, NOW)
    assert state(store, "b")[0] == "sent"


def test_alerts_are_listed_newest_first_by_state_and_number(store: Store, told: News) -> None:
    alerts = queue(store, told, "a", "b", "c")
    store.record_outcome(alerts[1].id or 0, DEAD, NOW)

    def listed(**which) -> list[str]:
        with store.read() as tx:
            return [stored.alert.key for stored in tx.alerts(**which)]

    assert listed() == ["c", "b", "a"]
    assert listed(limit=1) == ["c"]
    assert listed(states=["dead"]) == ["b"]
    assert listed(states=["queued", "held"]) == ["c", "a"]
    assert listed(ids=[alerts[0].id]) == ["a"]
    assert listed(states=[]) == []


def test_what_each_rule_last_told_of_an_event_is_known(store: Store, told: News) -> None:
    later = News(**{name: getattr(told, name) for name in News.__slots__} | {"facts": CasualtyUpdate(count=9)})
    with store.write() as tx:
        tx.queue([Alert(key="1", channel="desk", rules=("deaths", "tolls"), news=told)], NOW)
        tx.queue([Alert(key="2", channel="desk", rules=("tolls",), news=later)], NOW)
    with store.read() as tx:
        assert tx.told(told.event_id, {"deaths", "tolls", "other"}) == {"deaths": told.facts, "tolls": later.facts}
        assert tx.told(told.event_id, {"deaths"}) == {"deaths": told.facts}
        assert tx.told(4711, {"tolls"}) == {}


def test_workers_side_by_side_never_claim_one_alert_twice(store: Store, told: News) -> None:
    wanted = {str(number) for number in range(60)}
    queue(store, told, *wanted)
    claimed: list[str] = []

    def work() -> None:
        while batch := store.claim_due(NOW, 3, LEASE):
            claimed.extend(keys(batch))
            for queued in batch:
                store.record_outcome(queued.alert.id or 0, SENT, NOW, tries=queued.tries)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(claimed) == len(set(claimed))
    while batch := store.claim_due(NOW, 10, LEASE):  # a worker ends when all that is left is locked by others
        claimed += keys(batch)
    assert set(claimed) == wanted


# --- a process that is killed ----------------------------------------------------------------------------------------

_DIE = """
import os, signal, sys
from datetime import datetime, timedelta
from monitor.store import Store
now = datetime.fromisoformat(sys.argv[2])
store = Store.open(sys.argv[1])
if sys.argv[3] == "claimed":
    assert store.claim_due(now, 10, timedelta(minutes=5))
    os.kill(os.getpid(), signal.SIGKILL)
with store.write() as tx:
    assert tx.claim_due(now, 10, timedelta(minutes=5))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("moment, lost_until", [("claimed", NOW + LEASE), ("claiming", NOW)])
def test_an_alert_outlives_the_process_that_had_it(
    store: Store, database_url: str, told: News, moment: str, lost_until: datetime
) -> None:
    queue(store, told, "a")
    died = subprocess.run([sys.executable, "-c", _DIE, database_url, NOW.isoformat(), moment], check=False)
    assert died.returncode == -signal.SIGKILL
    assert keys(store.claim_due(lost_until, 10, LEASE)) == ["a"]


_LOCK = """
import sys
from monitor.store import Store
with Store.open(sys.argv[1]).write() as tx:
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def stuck_writer(store: Store, database_url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of taking something in."""
    command = [sys.executable, "-c", _LOCK, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process
        process.kill()


def test_a_writer_waits_for_another_process_and_goes_on_when_that_one_dies(
    store: Store, stuck_writer: subprocess.Popen[str]
) -> None:
    waiting = threading.Thread(target=news, args=(store,))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    os.kill(stuck_writer.pid, signal.SIGKILL)
    waiting.join(20)
    assert not waiting.is_alive()
    assert store.counts(NOW).items == 1
