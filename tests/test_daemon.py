"""The running service, as its operator meets it: a process, its files, its HTTP, its signals."""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="the daemon runs on POSIX systems")

#: longest wait for anything, in seconds: a bound for broken runs, not a measure
PATIENCE = 40.0

RULE = """\
name: tolls
kind: casualty_update
on: [new, updated]
where:
  count|at_least: {least}
channels: [desk]
"""


class Service:
    """A configuration folder, a reference feed, and the daemon on them."""

    def __init__(self, tmp_path: Path, *, desk: str = "console://") -> None:
        self.seeds = tmp_path / "seeds"
        self.config = tmp_path / "config"
        self.database = f"sqlite:///{tmp_path / 'monitor.db'}"
        self.out = tmp_path / "out.txt"
        self.err = tmp_path / "err.txt"
        self.port = free_port()
        (self.config / "rules").mkdir(parents=True)
        self.seeds.mkdir()
        self.write_config("monitor.yaml", f"http:\n  port: {self.port}\noperators: operators\n")
        self.write_config("sources.yaml", f"ridge:\n  type: folder\n  path: {self.seeds}\n  interval: 1s\n")
        self.write_config("channels.yaml", f"desk: {desk}\noperators: console://\n")
        self.write_config("rules/tolls.yaml", RULE.format(least=10))

    def write_config(self, name: str, text: str) -> None:
        (self.config / name).write_text(text)

    def drop(self, name: str, text: str) -> None:
        """A file as a careful writer leaves it: whole at once."""
        fresh = self.seeds / f".{name}"
        fresh.write_text(text)
        fresh.replace(self.seeds / name)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The daemon, polled once and healthy; ended with SIGTERM if the test did not."""
        command = [sys.executable, "-m", "monitor", "run", "--config", str(self.config), "--database", self.database]
        with self.out.open("ab") as out, self.err.open("ab") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, "NO_COLOR": "1"})
        try:
            eventually(lambda: self.logged("polled") or process.poll() is not None, "the first poll")
            assert process.poll() is None, self.err.read_text()
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in self.err.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def polls(self) -> int:
        return len(self.logged("polled"))

    def wait_for_polls(self, more: int) -> None:
        """Until so many more polls have ended."""
        goal = self.polls() + more
        eventually(lambda: self.polls() >= goal, f"{more} polls")

    def subjects(self) -> list[str]:
        """What the console channel printed of the landslide."""
        return [line for line in self.out.read_text().splitlines() if line.startswith("Aru")]

    def get(self, path: str) -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def monitor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same configuration and database."""
        where = ["--config", str(self.config), "--database", self.database]
        command = [sys.executable, "-m", "monitor", *arguments, *where]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(holds: Callable[[], object], what: str) -> None:
    """Waits until something holds; a run in which it never does fails with its name."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


def landslide(count: int, more: str = "") -> str:
    return f"A landslide in Aru killed {count} people on Sunday, police said. {more}\n"


def test_a_file_dropped_into_the_folder_leads_to_one_alert_without_a_restart(service: Service) -> None:
    with service.running():
        service.drop("a.txt", landslide(12))
        eventually(service.subjects, "the alert")
        service.drop("a.txt", landslide(12))
        service.wait_for_polls(3)
    assert len(service.subjects()) == 1


def test_an_alert_is_sent_when_its_item_was_taken_in_and_not_only_when_the_outbox_is_looked_at(
    service: Service,
) -> None:
    service.write_config("monitor.yaml", f"http:\n  port: {service.port}\ndelivery:\n  interval: 24h\n")
    with service.running():
        service.drop("a.txt", landslide(12))
        eventually(service.subjects, "the alert")


def test_sigterm_ends_the_service_cleanly(service: Service) -> None:
    with service.running() as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert service.logged("stopped")


def test_a_rule_edited_under_the_running_service_is_the_one_at_work(service: Service) -> None:
    with service.running():
        service.write_config("rules/tolls.yaml", RULE.format(least=100))
        eventually(lambda: service.logged("configuration taken"), "the new rule")
        service.drop("a.txt", landslide(12))
        service.wait_for_polls(3)
        assert service.subjects() == []
        service.write_config("rules/tolls.yaml", RULE.format(least=2))
        eventually(lambda: len(service.logged("configuration taken")) == 2, "the newer rule")
        service.drop("b.txt", landslide(15, "Rescuers dig on."))
        eventually(service.subjects, "the alert")


def test_a_bad_edit_is_refused_the_old_rule_stays_and_the_operators_are_told(service: Service) -> None:
    with service.running():
        service.write_config("rules/tolls.yaml", RULE.format(least=10).replace("count|", "cuont|"))
        eventually(lambda: "cuont" in service.out.read_text(), "the notice to the operators")
        refused = service.logged("configuration refused; the one before stays at work")
        assert "tolls.yaml:5" in refused[0]["complaint"]
        service.drop("a.txt", landslide(12))
        eventually(service.subjects, "the alert of the old rule")


def test_sighup_reads_the_configuration_again(service: Service) -> None:
    with service.running() as process:
        process.send_signal(signal.SIGHUP)
        eventually(lambda: service.logged("configuration taken"), "the configuration")


def test_a_source_added_under_the_running_service_is_polled(service: Service, tmp_path: Path) -> None:
    other = tmp_path / "valley"
    other.mkdir()
    with service.running():
        text = (service.config / "sources.yaml").read_text()
        service.write_config("sources.yaml", f"{text}valley:\n  type: folder\n  path: {other}\n  interval: 1s\n")
        eventually(lambda: any(line["source"] == "valley" for line in service.logged("polled")), "the new source")


def test_health_readiness_and_metrics_are_served(service: Service) -> None:
    with service.running():
        assert service.get("/healthz") == (200, '{"status":"ok"}')
        assert service.get("/readyz")[0] == 200
        assert re.search(r'monitor_polls_total\{outcome="\w+",source="ridge"\} [1-9]', service.get("/metrics")[1])


def test_a_port_that_is_taken_is_one_line_and_exit_2(service: Service) -> None:
    with socket.create_server(("127.0.0.1", service.port)):
        failed = service.monitor("run")
    assert failed.returncode == 2
    assert failed.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{service.port}" in failed.stderr


def test_after_a_kill_nothing_is_lost_and_nothing_told_twice(service: Service) -> None:
    with service.running() as process:
        service.drop("a.txt", landslide(12))
        eventually(service.subjects, "the alert")
        process.kill()
        process.wait(PATIENCE)
    service.err.unlink()
    with service.running():
        service.drop("b.txt", "The death toll from the landslide in Aru has risen to 40, police said on Monday.\n")
        eventually(lambda: len(service.subjects()) > 1, "the second alert")
    assert ["12" in subject for subject in service.subjects()] == [True, True]
    assert ["40" in subject for subject in service.subjects()] == [False, True]


def test_an_address_is_called_while_all_is_well_and_no_longer_when_an_alert_is_stuck(tmp_path: Path) -> None:
    service = Service(tmp_path)
    calls: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    ping = f"ping:\n  url: http://127.0.0.1:{listener.server_port}/alive\n  interval: 1s\n"
    service.write_config("monitor.yaml", f"http:\n  port: {service.port}\n{ping}")
    service.write_config("channels.yaml", "desk: json://127.0.0.1:9/\n")
    try:
        with service.running():
            eventually(lambda: calls, "the ping")
            assert service.get("/readyz")[0] == 200
            service.drop("a.txt", landslide(12))
            eventually(lambda: service.logged("delivery"), "the first try")
            make_due(service)
            eventually(lambda: service.logged("not pinged: all is not well"), "the missing ping")
            with pytest.raises(urllib.error.HTTPError, match="503"):
                service.get("/readyz")
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
    assert set(calls) == {"/alive"}


def test_a_restart_keeps_to_the_pause_that_a_source_was_given(service: Service) -> None:
    with service.running():
        pass
    with sqlite3.connect(service.database.removeprefix("sqlite:///"), timeout=30) as database:
        database.execute("UPDATE sources SET next_poll = '2999-01-01 00:00:00.000000'")
    service.err.unlink()
    other = service.config.parent / "valley"
    other.mkdir()
    text = (service.config / "sources.yaml").read_text()
    service.write_config("sources.yaml", f"{text}valley:\n  type: folder\n  path: {other}\n  interval: 1s\n")
    with service.running():
        service.wait_for_polls(2)
    assert {line["source"] for line in service.logged("polled")} == {"valley"}


# --- mail ------------------------------------------------------------------------------------------------------------


class Mailbox:
    """What an SMTP server was given."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.letters.append(envelope.content.decode("utf-8", "replace"))
        return "250 taken"


def test_sigterm_while_a_service_hangs_ends_within_ten_seconds_and_the_alert_is_sent_after_the_next_start(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:  # takes the connection and never answers
        port = hanging.getsockname()[1]
        desk = f'"mailto://127.0.0.1:{port}/?from=monitor@example.org&to=desk@example.org"'
        service = Service(tmp_path, desk=desk)
        with service.running() as process:
            service.drop("a.txt", landslide(12))
            hanging.settimeout(PATIENCE)
            held, _ = hanging.accept()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            held.close()
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        service.err.unlink()
        with service.running():
            eventually(lambda: mailbox.letters, "the letter")
    finally:
        server.stop()
    assert len(mailbox.letters) == 1


def test_an_alert_waits_while_the_mail_server_is_down_and_arrives_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    service = Service(tmp_path, desk=f'"mailto://127.0.0.1:{port}/?from=monitor@example.org&to=desk@example.org"')
    mailbox = Mailbox()
    with service.running():
        service.drop("a.txt", landslide(12))
        eventually(lambda: service.logged("delivery"), "the first try")
        assert service.logged("delivery")[0]["outcome"] == "retry"
        pending = service.monitor("alerts", "--pending", "--json").stdout.splitlines()
        assert [json.loads(line)["state"] for line in pending] == ["retry"]
        server = Controller(mailbox, hostname="127.0.0.1", port=port)
        server.start()
        try:
            make_due(service)
            eventually(lambda: mailbox.letters, "the letter")
        finally:
            server.stop()
    assert len(mailbox.letters) == 1
    assert "Aru" in mailbox.letters[0]


def make_due(service: Service) -> None:
    """Turns the outbox's clock forward, so that the test does not wait for the back-off."""
    with sqlite3.connect(service.database.removeprefix("sqlite:///"), timeout=30) as database:
        database.execute("UPDATE alerts SET due = '2000-01-01 00:00:00.000000' WHERE state = 'retry'")
