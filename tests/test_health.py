"""Whether polls and deliveries go on, and the ping that is missed when they do not."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor import health
from monitor.store import SourceState

NOW = datetime(2031, 5, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def source(name: str, minutes_late: float, *, failures: int = 0) -> SourceState:
    return SourceState(name=name, next_poll=NOW - minutes_late * MINUTE, failures=failures, reason="timed out")


def test_all_is_well_while_everything_goes_on() -> None:
    assert health.deliveries(NOW, overdue=NOW - 14 * MINUTE, looked=NOW - MINUTE) == []
    assert health.polls([source("wire", 14)], {"wire": MINUTE}, NOW) == []


def test_an_alert_that_is_due_for_long_is_named() -> None:
    assert health.deliveries(NOW, overdue=NOW - 16 * MINUTE) == [
        "an alert is due for 16 min and not sent: see `monitor alerts --pending`"
    ]


def test_an_outbox_that_nobody_looks_at_is_named() -> None:
    (complaint,) = health.deliveries(NOW, overdue=None, looked=NOW - 2 * MINUTE)
    assert complaint == "deliveries stand still: the outbox was last looked at 2 min ago"


def test_a_source_is_late_after_an_interval_of_grace() -> None:
    states = [source("slow", 100), source("wire", 100)]
    assert health.late(states, {"slow": timedelta(hours=2), "wire": MINUTE}, NOW) == ["wire"]


def test_a_source_that_left_the_configuration_is_not_missed() -> None:
    assert health.late([source("gone", 10_000)], {}, NOW) == []


def test_a_source_that_fails_again_and_again_is_named_with_its_reason() -> None:
    states = [source("wire", 0, failures=5), source("courier", 0, failures=4)]
    assert health.failing(states) == ["source wire fails: timed out"]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/alive" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_ping_that_is_answered_is_well_and_any_other_says_why_without_its_address(address: str) -> None:
    assert asyncio.run(health.ping(f"{address}/alive")) is None
    assert asyncio.run(health.ping(f"{address}/secret")) == "HTTP 404"
    assert asyncio.run(health.ping("http://127.0.0.1:9/secret")) == "ConnectError"
