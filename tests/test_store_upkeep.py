"""Backup, restore and retention."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import StoreError
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
from monitor.store import Store
from monitor.store.backup import backup, restore
from monitor.store.retention import BATCH

NOW = datetime(2022, 3, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Judged:
    others, absorbed, dropped = (), (), ()

    def __init__(self, change: Change) -> None:
        self.change = change


def tell(store: Store, id: str, now: datetime) -> Change:
    """An item with a toll, and its alert, which was sent."""
    item = Item(source="wire", id=id, title=f"Toll of {id}", text="5 dead")
    facts = CasualtyUpdate(harm="killed", count=5)
    event = Event(facts=facts, evidence=Evidence(field="text", start=0, end=1, text="5"))
    with store.write() as tx:
        stored = tx.put_item(item, now)
        assert stored is not None
        claim = Claim(event=event, item_id=stored.item_id, source="wire", item=id, title=item.title, seen=now)
        known = KnownEvent(kind=facts.kind, facts=facts, claims=(claim,), first_seen=now, changed=now)
        told = Change(type=ChangeType.NEW, claim=claim, known=known, reason="first report")
        change = tx.apply(Judged(told), now, keys=["k"])
        assert change is not None
        assert change.known.id is not None
        tx.record(change, [], now)
        news = News(
            type=change.type,
            reason=change.reason,
            event_id=change.known.id,
            claim=change.claim,
            facts=facts,
            fields={},
            at=now,
        )
        (alert,) = tx.queue([Alert(key=id, channel="desk", rules=("tolls",), news=news)], now)
        assert alert.id is not None
        tx.record_outcome(alert.id, Outcome(type=OutcomeType.SENT, reason="250 OK"), now)
    return change


# --- retention -------------------------------------------------------------------------------------------------------


def test_what_is_old_and_grows_is_taken_away_and_facts_stay(store: Store) -> None:
    old, new = tell(store, "old", NOW - 100 * DAY), tell(store, "new", NOW)
    taken = store.prune(NOW - 30 * DAY)
    assert taken == {"texts": 1, "reasons": 1, "alerts": 1, "keys": 1}
    assert store.prune(NOW - 30 * DAY) == dict.fromkeys(taken, 0)
    with store.read() as tx:
        assert [item.text for item in tx.stored_items()] == ["", "5 dead"]
        assert [found.alert.key for found in tx.alerts()] == ["new"]
        assert tx.candidates("casualty_update", ["k"]) == [new.known]
        assert tx.known_events([old.known.id or 0]) == [old.known]
        explained = tx.explain_event(old.known.id or 0)
    assert explained is not None
    assert explained.items[0].item.title == "Toll of old"
    assert [(change.type, change.reason, change.compared) for change in explained.changes] == [
        (ChangeType.NEW, "first report", ())
    ]


def test_an_item_whose_text_was_taken_away_is_not_new_again(store: Store) -> None:
    tell(store, "old", NOW - 100 * DAY)
    store.prune(NOW - 30 * DAY)
    with store.read() as tx:
        assert tx.fresh([Item(source="wire", id="old", title="Toll of old", text="5 dead")]) == []


def test_dead_and_waiting_alerts_are_kept_however_old_they_are(store: Store) -> None:
    change = tell(store, "old", NOW - 100 * DAY)
    with store.write() as tx:
        (sent,) = tx.alerts()
        waiting = [Alert(key=key, channel="desk", rules=("tolls",), news=sent.alert.news) for key in ("dead", "queued")]
        dead, _ = tx.queue(waiting, NOW - 100 * DAY)
        tx.record_outcome(dead.id or 0, Outcome(type=OutcomeType.DEAD, reason="550"), NOW - 100 * DAY)
    store.prune(NOW)
    with store.read() as tx:
        assert [found.alert.key for found in tx.alerts()] == ["queued", "dead"]
        assert tx.told(change.known.id or 0, {"tolls"}) == {"tolls": change.known.facts}


def test_more_than_one_batch_is_taken_away(store: Store) -> None:
    with store.write() as tx:
        for number in range(BATCH + 1):
            tx.put_item(Item(source="wire", id=str(number), text="long"), NOW)
    assert store.prune(NOW + DAY)["texts"] == BATCH + 1


# --- backup and restore ----------------------------------------------------------------------------------------------


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'monitor.db'}"


def items_of(path: Path) -> int:
    with Store.open(f"sqlite:///{path}", migrate=False) as store:
        return store.counts(NOW).items


def test_a_backup_of_a_live_database_holds_what_was_committed_and_nothing_else(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(url) as store:
        tell(store, "committed", NOW)
        with store.write() as tx:
            tx.put_item(Item(source="wire", id="half done", text="..."), NOW)
            backup(url, copy)
    assert items_of(copy) == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert list(tmp_path.glob("copy.db.part")) == []


def test_a_backup_while_others_write_is_sound(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(url) as store:
        tell(store, "first", NOW)
        done = threading.Event()

        def write() -> None:
            for number in range(1_000):
                if done.is_set():
                    break
                tell(store, str(number), NOW)

        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(3):
            backup(url, copy)
        done.set()
        writer.join()
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("items", "claims", "alerts")
        ]
    connection.close()
    assert len(set(counts)) == 1


def test_a_backup_replaces_the_one_before(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(url) as store:
        backup(url, copy)
        tell(store, "later", NOW)
        backup(url, copy)
    assert items_of(copy) == 1


def test_what_is_restored_is_what_was_saved_and_what_was_there_is_kept(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(url) as store:
        tell(store, "saved", NOW)
        backup(url, copy)
        tell(store, "later", NOW)
    before = restore(url, copy)
    assert before is not None
    assert (items_of(tmp_path / "monitor.db"), items_of(before)) == (1, 2)


def test_a_backup_can_be_restored_where_there_is_no_database(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store:
        tell(store, "saved", NOW)
        backup(url, tmp_path / "copy.db")
    assert restore(f"sqlite:///{tmp_path / 'new' / 'monitor.db'}", tmp_path / "copy.db") is None
    assert items_of(tmp_path / "new" / "monitor.db") == 1


def test_nothing_is_restored_under_a_running_service(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store:
        tell(store, "saved", NOW)
        backup(url, tmp_path / "copy.db")
        tell(store, "later", NOW)
        with pytest.raises(StoreError, match="is in use: stop the service first"):
            restore(url, tmp_path / "copy.db")
        assert store.counts(NOW).items == 2


@pytest.mark.parametrize(
    "content, complaint",
    [
        (b"no database " * 100, "file is not a database"),
        (b"", "it is not a database of this service"),
        (None, "there is no such file"),
    ],
)
def test_a_bad_backup_is_refused_and_changes_nothing(
    url: str, tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    with Store.open(url) as store:
        tell(store, "kept", NOW)
    bad = tmp_path / "bad.db"
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(StoreError, match=complaint):
        restore(url, bad)
    assert items_of(tmp_path / "monitor.db") == 1


def test_a_damaged_backup_is_refused(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with Store.open(url) as store:
        for number in range(50):
            tell(store, str(number), NOW)
        backup(url, copy)
    content = bytearray(copy.read_bytes())
    content[8192:40960] = bytes(32768)
    copy.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        restore(url, copy)
    assert items_of(tmp_path / "monitor.db") == 50


def test_a_backup_that_cannot_be_written_is_said(url: str, tmp_path: Path) -> None:
    Store.open(url).close()
    with pytest.raises(StoreError, match="No such file or directory; nothing was changed"):
        backup(url, tmp_path / "not there" / "copy.db")
    with pytest.raises(StoreError, match="there is no such file"):
        backup(f"sqlite:///{tmp_path / 'not there.db'}", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="a database in memory"):
        backup("sqlite://", tmp_path / "copy.db")


def test_for_postgresql_its_own_tools_are_named_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://monitor:hunter2@db.example/events"
    with pytest.raises(StoreError, match=r"pg_dump --format=custom --file=\S+ postgresql://monitor:") as caught:
        backup(url, tmp_path / "copy.dump")
    assert "hunter2" not in str(caught.value)
    with pytest.raises(StoreError, match="pg_restore --clean"):
        restore(url, tmp_path / "copy.dump")
