"""What goes wrong around the outbox, one test a fault: services that are away or hang, a database that is locked or
full, two services on one database, clocks that are wrong, a storm. What is promised each time: nothing is lost, nothing
is told twice that need not be, and nobody waits for what concerns another.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from monitor import clock, config
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.delivery import Sender
from monitor.delivery.verdict import Heard, Trouble, outcome
from monitor.errors import StoreError
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Alert, Channel, Message, Outcome, OutcomeType
from monitor.pipeline import Pipeline
from monitor.pipeline import sending as module
from monitor.pipeline.sending import Deliveries
from monitor.pipeline.taking import take_in
from monitor.pipeline.thread import StoreThread
from monitor.store import Store
from monitor.workers import Workers
from tests.soak.kills import halves, item, read
from tests.test_delivery import mail_server, mailto, send

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)


class Room:
    """A sender that keeps what it is given; ``answer`` says what becomes of each."""

    def __init__(self, answer: Callable[[Channel, int, datetime], Outcome] | None = None) -> None:
        self.answer = answer or (lambda _channel, _tries, _now: Outcome(type=OutcomeType.SENT, reason="taken"))
        self.asked: list[tuple[str, Message]] = []

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 1) -> Outcome:
        self.asked.append((channel.name, message))
        return self.answer(channel, tries, now)

    def close(self) -> None:
        return


class World:
    """A configuration, an open store, and a clock that is turned by hand."""

    def __init__(self, tmp_path: Path, store: Store, url: str, *channels: str, calm: str = "{most: none}") -> None:
        self.store, self.url, self.now = store, url, NOW
        folder = tmp_path / "config"
        (folder / "rules").mkdir(parents=True)
        (folder / "monitor.yaml").write_text(f"calm: {calm}\n")
        (folder / "sources.yaml").write_text("{}\n")
        (folder / "channels.yaml").write_text("".join(f"{name}: console://\n" for name in channels))
        (folder / "rules" / "tolls.yaml").write_text(f"kind: casualty_update\nchannels: [{', '.join(channels)}]\n")
        self.config: Config = config.load(folder, {"MONITOR_DATABASE_URL": url})

    def take_in(self, *numbers: int) -> None:
        for number in numbers:
            one = item(number)
            take_in(self.store, one, read(one), watch=self.config.rules, now=self.now)

    def deliveries(self, room: Room, store: Store | None = None) -> Deliveries:
        thread = StoreThread(store or self.store)
        return Deliveries(lambda: self.config, thread, room, lambda: self.now)  # type: ignore[arg-type]  # a sender

    def pipeline(self, time: Callable[[], datetime] | None = None) -> Pipeline:
        sender: Any = Room()
        return Pipeline(
            self.config, store=self.store, workers=Workers(), sender=sender, clock=time or (lambda: self.now)
        )

    def states(self) -> Counter[str]:
        with self.store.read() as tx:
            return Counter(alert.state for alert in tx.alerts(limit=None))


@pytest.fixture
def world(tmp_path: Path, store: Store, database_url: str) -> World:
    return World(tmp_path, store, database_url, "desk")


@pytest.fixture
def sqlite_world(tmp_path: Path, migrated_sqlite: Path) -> Iterator[World]:
    path = tmp_path / "monitor.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with Store.open(f"sqlite:///{path}") as store:
        yield World(tmp_path, store, f"sqlite:///{path}", "desk")


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


# --- services --------------------------------------------------------------------------------------------------------


def test_an_hour_without_a_name_server_gives_nothing_up_and_presses_nobody(world: World) -> None:
    away = Heard(trouble=Trouble.CONNECTION, words="the host's name cannot be resolved")

    def answer(channel: Channel, tries: int, now: datetime) -> Outcome:
        heard = away if now < NOW + timedelta(hours=1) else Heard(accepted=True)
        return outcome(heard, tries=tries, max_tries=channel.max_tries, now=now, roll=0.5)

    room = Room(answer)
    world.take_in(*range(1, 9))

    async def hour() -> None:
        deliveries = world.deliveries(room)
        while world.now < NOW + timedelta(hours=2) and world.states()["sent"] < 8:
            await deliveries.send_due(lambda _: None)
            world.now += timedelta(minutes=1)

    run(hour())
    assert world.states() == {"sent": 8}
    assert len(room.asked) < 30  # eight to be told at the end, and the tries of one channel in an hour


def test_eight_channels_that_hang_do_not_hold_up_the_ninth(tmp_path: Path, store: Store, database_url: str) -> None:
    released = threading.Event()

    def answer(channel: Channel, _tries: int, _now: datetime) -> Outcome:
        if channel.name != "desk":
            released.wait(60)
        return Outcome(type=OutcomeType.SENT, reason="taken")

    world = World(tmp_path, store, database_url, "desk", *(f"hung{n}" for n in range(8)))
    world.take_in(*range(1, 6))

    async def tell() -> None:
        deliveries = world.deliveries(room := Room(answer))
        tasks = await deliveries.start(lambda _: None)
        await next(task for task in tasks if task.get_name() == "send:desk")
        assert [name for name, _ in room.asked].count("desk") == 5
        assert len([task for task in tasks if not task.done()]) == 8
        released.set()
        await asyncio.gather(*tasks)

    run(tell())


def test_a_thousand_events_in_a_minute_are_told_in_five_messages_and_every_one_of_them_in_one(
    tmp_path: Path, store: Store, database_url: str
) -> None:
    world, room = World(tmp_path, store, database_url, "desk", calm="{}"), Room()
    world.take_in(1)
    with store.read() as tx:
        [first] = [stored.alert for stored in tx.alerts()]

    def nth(number: int) -> Alert:
        facts = CasualtyUpdate(harm="killed", count=12, place=f"Storm {number:04}", scope="incident")
        return dataclasses.replace(first, id=None, key=f"k{number}", news=dataclasses.replace(first.news, facts=facts))

    async def minutes() -> None:
        deliveries = world.deliveries(room)
        for second in range(360):
            if second < 60:
                with store.write() as tx:
                    tx.queue([nth(17 * second + n) for n in range(17)], world.now)
            await deliveries.send_due(lambda _: None)
            world.now += timedelta(seconds=1)

    run(minutes())
    assert len(room.asked) <= 5
    told = Counter(found for _, message in room.asked for found in set(re.findall(r"Storm \d{4}", message.plain)))
    assert len(told) == 1020
    assert set(told.values()) == {1}


def test_a_mail_server_that_drips_its_greeting_is_cut_off_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as tarpit, Sender() as sender:
        ended = threading.Event()

        def drip() -> None:
            held, _ = tarpit.accept()
            with held:
                while not ended.wait(0.05):
                    try:
                        held.sendall(b"220-wait a moment\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        told = send(sender, mailto(tarpit.getsockname()[1]), timeout=timedelta(seconds=1))
        ended.set()
        thread.join()
    assert told.type is OutcomeType.RETRY
    assert told.reason.startswith("no complete answer in time")


def test_one_bad_recipient_keeps_no_mail_from_the_others_of_its_server() -> None:
    with mail_server() as (box, port), Sender() as sender:
        box.rcpt_reply = "550 5.1.1 unknown here"
        assert send(sender, mailto(port)).type is OutcomeType.DEAD
        box.rcpt_reply = ""
        assert send(sender, mailto(port)).type is OutcomeType.SENT
    assert len(box.mails) == 1


# --- the database ----------------------------------------------------------------------------------------------------


def impatient(store: Store) -> None:
    """From now on a connection gives up on a lock at once."""

    @event.listens_for(store.engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 20")

    store.engine.dispose()


def test_a_database_that_is_locked_for_longer_than_anybody_waits_delays_alerts_and_no_more(
    sqlite_world: World,
) -> None:
    world, room = sqlite_world, Room()
    world.take_in(1, 2)
    impatient(world.store)
    other = sqlite3.connect(world.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def work() -> None:
        deliveries = world.deliveries(room)
        with pytest.raises(StoreError, match="locked"):
            await deliveries.send_due(lambda _: None)
        other.execute("COMMIT")
        await deliveries.send_due(lambda _: None)

    run(work())
    other.close()
    assert world.states() == {"sent": 2}
    assert len(room.asked) == 2


def test_a_service_begins_although_another_process_has_its_database_locked(sqlite_world: World) -> None:
    world = sqlite_world
    impatient(world.store)
    other = sqlite3.connect(world.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    daemon = Daemon(world.pipeline(), lambda: world.config)
    assert asyncio.run(daemon._wake()) == 0
    other.execute("COMMIT")
    other.close()


def test_an_outcome_that_cannot_be_stored_at_once_is_stored_later_and_nothing_is_sent_twice(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    monkeypatch.setattr(module, "NOTE_AGAIN", timedelta(milliseconds=20))
    world.take_in(1)
    impatient(world.store)
    path = world.url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def answer(*_: object) -> Outcome:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.3, other.execute, ["COMMIT"]).start()
        return Outcome(type=OutcomeType.SENT, reason="taken")

    room = Room(answer)
    run(_send_all(world, room))
    other.close()
    assert world.states() == {"sent": 1}
    assert len(room.asked) == 1


async def _send_all(world: World, room: Room) -> None:
    await world.deliveries(room).send_due(lambda _: None)


def test_a_full_disk_takes_nothing_in_by_half_and_all_of_it_once_there_is_room(sqlite_world: World) -> None:
    world, pages = sqlite_world, [0]

    @event.listens_for(world.store.engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0] or 1 << 30}")

    with world.store.read() as tx:
        used: int = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    pages[0] = used + 12
    world.store.engine.dispose()
    with pytest.raises(StoreError, match="full"):
        world.take_in(*range(1, 200))
    taken = world.store.counts(NOW).items
    assert 0 < taken < 199
    assert halves(world.store, "full", channels=1) == []
    with pytest.raises(StoreError, match="full"):
        world.take_in(taken + 1)
    pages[0] = 0
    world.store.engine.dispose()
    world.take_in(taken + 1)
    assert halves(world.store, "with room", channels=1) == []
    room = Room()
    run(_send_all(world, room))
    assert world.states() == {"sent": taken + 1}


def test_two_services_on_one_database_tell_each_alert_once(world: World) -> None:
    world.take_in(*range(1, 31))
    room = Room()

    async def both() -> None:
        with Store.open(world.url) as second:
            pair = [world.deliveries(room), world.deliveries(room, second)]
            while world.states()["sent"] < 30:
                await asyncio.gather(*(one.send_due(lambda _: None) for one in pair))

    run(both())
    assert sorted(Counter(message.key for _, message in room.asked).values()) == [1] * 30


# --- clocks and restarts ---------------------------------------------------------------------------------------------


def test_what_a_clock_that_was_a_day_ahead_has_put_off_is_told_once_the_clock_is_right(world: World) -> None:
    room = Room()
    world.now = NOW + timedelta(days=1)
    world.take_in(1, 2)
    with world.store.write() as tx:
        tx.hold([2], world.now + timedelta(hours=8), "quiet hours until 07:00")
    world.now = NOW

    async def work() -> None:
        deliveries = world.deliveries(room)
        assert await deliveries.send_due(lambda _: None) == []
        assert await deliveries.wake() == 2
        await deliveries.send_due(lambda _: None)

    run(work())
    assert world.states() == {"sent": 2}


def test_a_lease_and_a_pause_of_the_right_clock_are_kept_to_when_it_wakes(world: World) -> None:
    world.take_in(1, 2)
    later = Outcome(type=OutcomeType.RETRY, reason="later", retry_at=NOW + timedelta(hours=24))
    with world.store.write() as tx:
        claimed = tx.claim([1, 2], "m", NOW, timedelta(minutes=2))
        tx.record_outcome(2, later, NOW, tries=claimed[1].tries)
        assert tx.wake(NOW) == 0
        assert tx.wake(NOW - timedelta(days=1)) == 2


def test_a_clock_that_is_put_back_is_noticed_and_one_that_goes_on_or_forward_is_not() -> None:
    wall = iter([NOW + timedelta(seconds=s) for s in (0, 1, 2, 3600, 3601, 1, 2, 3, 1)])
    steady = iter(float(s) for s in range(9))

    async def watch() -> list[timedelta]:
        noticing = clock.put_back(lambda: next(wall), elapsed=lambda: next(steady), look=timedelta())
        return [await anext(noticing)]

    assert asyncio.run(watch()) == [timedelta(seconds=3601)]
    assert next(wall) == NOW + timedelta(seconds=2)  # it was noticed at once, and nothing before it


def test_a_service_whose_clock_is_put_back_plans_everything_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "LOOK", timedelta(seconds=0.01))

    async def work() -> None:
        ahead = timedelta(days=1)
        daemon = Daemon(world.pipeline(lambda: datetime.now(UTC) + ahead), lambda: world.config)
        daemon._schedule_deliveries()
        daemon._scheduler.start()
        daemon._scheduler.modify_job("deliver", next_run_time=datetime.now(UTC) + ahead)
        watching = asyncio.create_task(daemon._watch_clock())
        await asyncio.sleep(0.05)
        ahead = timedelta()
        job = partial(daemon._scheduler.get_job, "deliver")
        while job().next_run_time > datetime.now(UTC) + timedelta(hours=1):  # noqa: ASYNC110  # there is no event for it
            await asyncio.sleep(0.01)
        watching.cancel()
        daemon._scheduler.shutdown(wait=False)

    run(asyncio.wait_for(work(), 60))


def test_a_service_that_is_restarted_every_five_minutes_keeps_to_the_pauses_of_a_channel_that_is_away(
    world: World,
) -> None:
    def answer(channel: Channel, tries: int, now: datetime) -> Outcome:
        back = now >= NOW + timedelta(hours=3)
        heard = Heard(accepted=True) if back else Heard(trouble=Trouble.CONNECTION, words="connection refused")
        return outcome(heard, tries=tries, max_tries=channel.max_tries, now=now, roll=0.5)

    room = Room(answer)
    world.take_in(1)
    while world.now < NOW + timedelta(hours=4) and world.states()["sent"] == 0:
        run(_send_all(world, room))
        world.now += timedelta(minutes=5)
    assert world.states() == {"sent": 1}
    assert len(room.asked) < 12
