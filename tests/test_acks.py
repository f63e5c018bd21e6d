"""The link in a severe alert: who may acknowledge by it, what it takes, and what it does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from monitor import config, web
from monitor.config.settings import Acknowledge
from monitor.delivery.fitting import fit
from monitor.model import Message
from monitor.pipeline import acks
from monitor.pipeline.acks import Acks
from monitor.store import Store, StoredAlert
from monitor.web.metrics import Metrics
from tests.test_pipeline import SEVERE, Board, Setup, fires

SECRET = "a-secret-of-some-length"
HOME = "https://monitor.example.org/news"


@pytest.fixture
def severe(tmp_path: Path) -> Setup:
    setup = Setup(tmp_path)
    (setup.folder / "monitor.yaml").write_text(f"acknowledge: {{url: {HOME}/, secret: {SECRET}}}\n")
    (setup.folder / "channels.yaml").write_text("desk: console://\nchief: console://\n")
    (setup.folder / "rules" / "tolls.yaml").write_text(SEVERE)
    fires(setup, "Benda")
    return setup


def told(setup: Setup) -> Message:
    board = Board()
    setup.run(board)
    return board.asked[0][1]


def ask(setup: Setup, *requests: tuple[str, str]) -> Sequence[httpx.Response]:
    """What HTTP answers to (method, path) pairs."""
    loaded = config.load(setup.folder, {"MONITOR_DATABASE_URL": setup.database})

    async def answers() -> list[httpx.Response]:
        with Store.open(setup.database) as store:
            app = web.application(
                alive=lambda: None,
                ready=lambda: None,
                measure=lambda: None,
                metrics=Metrics(),
                acks=Acks(lambda: loaded, store, lambda: setup.now),
            )
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as client:
                return [await client.request(*request) for request in requests]

    return asyncio.run(answers())


def path_in(message: Message) -> str:
    line = next(line for line in message.plain.splitlines() if line.startswith("Acknowledge: "))
    return line.removeprefix("Acknowledge: ").removeprefix(HOME)


def test_a_severe_alert_carries_its_link_in_every_notation(severe):
    message = told(severe)
    address = HOME + path_in(message)
    assert f'<a href="{address}"' in message.html
    assert f"[Acknowledge]({address})" in message.markdown


def test_the_link_is_not_what_is_cut_off_for_a_chat_with_little_room(severe):
    message = told(severe)
    assert HOME + path_in(message) in fit(message.plain, 320)
    assert HOME + path_in(message) in fit(message.markdown, 320)


def test_a_link_in_a_message_of_several_alerts_is_that_of_each(severe):
    fires(severe, "Corva", "Delm", "Erst", "Fost")
    message = told(severe)
    assert message.plain.count(f"Acknowledge: {HOME}/ack/") == 5


def test_looking_at_the_link_acknowledges_nothing_and_the_button_does(severe):
    path = path_in(told(severe))
    [page] = ask(severe, ("GET", path))
    assert page.status_code == 200
    assert "Benda" in page.text
    assert '<form method="post">' in page.text
    severe.now += timedelta(minutes=15)
    assert told(severe).subject.startswith("Reminder 1")
    [done] = ask(severe, ("POST", path))
    assert (done.status_code, "Acknowledged" in done.text) == (200, True)
    severe.now += timedelta(hours=2)
    board = Board()
    severe.run(board)
    assert board.asked == []


def test_the_link_of_a_reminder_acknowledges_its_alert_too(severe):
    told(severe)
    severe.now += timedelta(minutes=15)
    ask(severe, ("POST", path_in(told(severe))))
    severe.now += timedelta(hours=2)
    board = Board()
    severe.run(board)
    assert board.asked == []


def test_an_alert_can_be_acknowledged_twice(severe):
    path = path_in(told(severe))
    assert [answer.status_code for answer in ask(severe, ("POST", path), ("POST", path))] == [200, 200]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "change",
    [
        lambda path: path[:-1],
        lambda path: path + "A",
        lambda path: path.replace("/ack/1.", "/ack/2."),
        lambda path: path.partition(".")[0],
        lambda path: path.partition(".")[0] + ".",
        lambda path: "/ack/.",
        lambda path: "/ack/²." + path.partition(".")[2],
        lambda path: "/ack/1" + "0" * 30 + ".x",
        lambda path: "/ack/-1.x",
        lambda path: "/ack/1.%00ü",
    ],
)
def test_a_link_that_is_not_ours_is_not_found_and_does_nothing(severe, change, method):
    path = path_in(told(severe))
    assert ask(severe, (method, change(path)))[0].status_code == 404
    with Store.open(severe.database) as store, store.write() as tx:
        assert tx.reminders(severe.now + timedelta(hours=1))


def test_a_link_is_good_for_one_alert_of_one_database_with_one_secret(severe):
    told(severe)
    [alert] = severe.alerts()
    with Store.open(severe.database) as store:
        ours = Acknowledge(url=HOME, secret=SECRET)
        token = acks.link(ours, alert).rpartition("/")[2]
        assert isinstance(acks.find(ours, token, store), StoredAlert)
        assert acks.find(Acknowledge(url=HOME, secret="another-secret-of-some-length"), token, store) is None
        assert acks.find(Acknowledge(), token, store) is None


def test_the_page_can_neither_be_framed_nor_kept_nor_tell_where_it_came_from(severe):
    headers = ask(severe, ("GET", path_in(told(severe))))[0].headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_an_alert_that_is_told_once_carries_no_link(severe):
    (severe.folder / "rules" / "tolls.yaml").write_text("kind: casualty_update\nchannels: [desk]\n")
    assert "Acknowledge" not in told(severe).plain
