"""Delivery to real chat servers on loopback: what arrives, and that what does not arrive is told as a failure.

IRC: Debian's ``ngircd``, from the system. Matrix: ``matrix-synapse``, a whole server with some fifty packages of its
own, so it is not among the packages of the tests: ``MONITOR_TEST_SYNAPSE`` is the Python of an environment that has it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from monitor.delivery import Sender
from monitor.model import Channel, Message, Outcome, OutcomeType

NOW = dt.datetime(2031, 5, 4, 12, tzinfo=dt.UTC)
PATIENCE = 60.0
MESSAGE = Message(
    subject="Port Elver: at least 57 killed",
    plain="Port Elver: at least 57 killed\n\nfigure: 31 -> 57\n",
    html="<p>figure: <b>57</b></p>",
    markdown="**Port Elver: at least 57 killed**\n\nfigure: **57**\n",
    key="alert-0123abcd",
)


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    with Sender() as one:
        yield one


def send(sender: Sender, url: str) -> Outcome:
    channel = Channel(name="c", url=url, timeout=dt.timedelta(seconds=PATIENCE))
    return sender.send(channel, MESSAGE, NOW, tries=1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- IRC -------------------------------------------------------------------------------------------------------------

NGIRCD = shutil.which("ngircd") or shutil.which("ngircd", path="/usr/sbin")
irc = pytest.mark.skipif(NGIRCD is None, reason="no ngircd; apt-get install ngircd")


class Reader:
    """Somebody who sits in a room and reads."""

    def __init__(self, port: int, password: str, nick: str = "reader") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\r\n")
        self.say(f"PASS {password}", f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.until(" 001 ")

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def until(self, words: str) -> str:
        for line in self.lines:
            if line.startswith("PING"):
                self.say(line.replace("PING", "PONG", 1).strip())
            if words in line:
                return line
        raise AssertionError(f"the server went away before it said {words}")

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


@pytest.fixture(scope="module")
def irc_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    assert NGIRCD is not None
    port, home = free_port(), tmp_path_factory.mktemp("irc")
    config = home / "ngircd.conf"
    config.write_text(
        f"[Global]\nName = irc.test.example\nInfo = test\nListen = 127.0.0.1\nPorts = {port}\nPassword = open-sesame\n"
        f"{_as_nobody()}"
        "[Limits]\nMaxConnectionsIP = 0\nMaxNickLength = 30\n"
        "[Options]\nDNS = no\nIdent = no\nPAM = no\nSyslogFacility = daemon\n"
        "[Channel]\nName = #locked\nModes = k\nKey = let-me-in\n"
        "[Channel]\nName = #moderated\nModes = m\n"
        "[Channel]\nName = #invited\nModes = i\n"
    )
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([NGIRCD, "-n", "-f", str(config)], stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _as_nobody() -> str:
    """ngircd gives root up; as anybody else it stays who it is."""
    if os.geteuid() != 0:
        return ""
    return f"ServerUID = {pwd.getpwnam('nobody').pw_uid}\nServerGID = {pwd.getpwnam('nobody').pw_gid}\n"


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, f"the server ended with {process.returncode}"
        assert time.monotonic() < deadline, "the server does not listen"
        time.sleep(0.05)


def irc_url(port: int, target: str, password: str = "open-sesame") -> str:
    return f"irc://robot:{password}@127.0.0.1:{port}/{target}"


@irc
def test_an_irc_room_reads_the_message(sender, irc_server):
    reader = Reader(irc_server, "open-sesame")
    try:
        reader.say("JOIN #desk")
        reader.until(" 366 ")
        told = send(sender, irc_url(irc_server, "%23desk"))
        assert told == Outcome(type=OutcomeType.SENT, reason="IRC: taken by the server")
        assert MESSAGE.subject in reader.until("PRIVMSG #desk")
        assert "31 -> 57" in reader.until("PRIVMSG #desk :figure")
    finally:
        reader.close()


@irc
def test_an_irc_room_with_a_key_is_written_to_with_it(sender, irc_server):
    reader = Reader(irc_server, "open-sesame")
    try:
        reader.say("JOIN #locked let-me-in")
        reader.until(" 366 ")
        assert send(sender, irc_url(irc_server, "%23locked%3Alet-me-in")).type is OutcomeType.SENT
        reader.until("PRIVMSG #locked")
    finally:
        reader.close()


@irc
@pytest.mark.parametrize(
    "target, password, reason",
    [
        ("%23desk", "open-barley", "IRC"),
        ("%23locked", "open-sesame", "IRC 475"),
        ("%23locked%3Awrong", "open-sesame", "IRC 475"),
        ("%23moderated", "open-sesame", "IRC 404"),
        ("%23invited", "open-sesame", "IRC 473"),
        ("%40nobody-there", "open-sesame", "IRC 401"),
    ],
)
def test_what_an_irc_server_refuses_is_a_failure_with_its_words(sender, irc_server, target, password, reason):
    told = send(sender, irc_url(irc_server, target, password))
    assert told.type is (OutcomeType.DEAD if " " in reason else told.type)
    assert told.type is not OutcomeType.SENT
    assert told.reason.startswith(reason)
    assert "open-" not in told.reason


@irc
def test_an_irc_server_that_is_away_is_tried_again(sender):
    assert send(sender, irc_url(free_port(), "%23desk")).type is OutcomeType.RETRY


# --- Matrix ----------------------------------------------------------------------------------------------------------

SYNAPSE = os.environ.get("MONITOR_TEST_SYNAPSE")
matrix = pytest.mark.skipif(
    not SYNAPSE, reason="no Matrix server; pip install matrix-synapse, MONITOR_TEST_SYNAPSE=that Python"
)


class Homeserver:
    """A Matrix server with two accounts and two rooms, of which the robot may write in one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader = self.call("login", type="m.login.password", user="reader", password="reader-pass")["access_token"]
        self.room = self.call("createRoom", self.reader, room_alias_name="desk", preset="public_chat")["room_id"]
        self.call("createRoom", self.reader, room_alias_name="hushed", preset="public_chat",
                  power_level_content_override={"events_default": 50})  # fmt: skip
        self.call("createRoom", self.reader, room_alias_name="invited", preset="private_chat")

    def call(self, path: str, token: str = "", **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"http://127.0.0.1:{self.port}/_matrix/client/v3/{path}"
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as answer:
            return json.load(answer)

    def messages(self) -> list[Any]:
        room = quote(self.room)
        found = self.call(f"rooms/{room}/messages?dir=b&limit=50", self.reader)["chunk"]
        return [one["content"] for one in found if one["type"] == "m.room.message"]


@pytest.fixture(scope="module")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    home, port = tmp_path_factory.mktemp("matrix"), free_port()
    make = [SYNAPSE, "-m", "synapse.app.homeserver", "--server-name", "test.example", "--config-path", "hs.yaml"]
    subprocess.run([*make, "--generate-config", "--report-stats=no"], cwd=home, check=True, capture_output=True)  # type: ignore[list-item]  # set, or skipped
    (home / "more.yaml").write_text(
        f"listeners: [{{port: {port}, type: http, bind_addresses: ['127.0.0.1'], resources: [{{names: [client]}}]}}]\n"
        "registration_shared_secret: made-up\ndatabase: {name: sqlite3, args: {database: ':memory:'}}\n"
        "trusted_key_servers: []\nrc_login: {address: {per_second: 100, burst_count: 100}, account: {per_second: 100, "
        "burst_count: 100}, failed_attempts: {per_second: 100, burst_count: 100}}\n"
    )
    run = [SYNAPSE, "-m", "synapse.app.homeserver", "--config-path", "hs.yaml", "--config-path", "more.yaml"]
    with (home / "out").open("wb") as out:
        process = subprocess.Popen(run, cwd=home, stdout=out, stderr=out)  # type: ignore[arg-type]  # as above
    try:
        wait_for(port, process)
        register = [SYNAPSE, "-m", "synapse._scripts.register_new_matrix_user", "-k", "made-up", "--no-admin"]
        for name in ("robot", "reader"):
            who = ["-u", name, "-p", f"{name}-pass", f"http://127.0.0.1:{port}"]
            subprocess.run([*register, *who], cwd=home, check=True, capture_output=True)  # type: ignore[list-item]  # as above
        yield Homeserver(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def matrix_url(homeserver: Homeserver, room: str, password: str = "robot-pass") -> str:
    return f"matrix://robot:{password}@127.0.0.1:{homeserver.port}/{quote(f'#{room}:test.example')}?version=3"


@matrix
def test_a_matrix_room_reads_the_message_as_it_is_formatted(sender, homeserver):
    told = send(sender, matrix_url(homeserver, "desk"))
    assert told.type is OutcomeType.SENT, told
    [message] = homeserver.messages()
    assert MESSAGE.subject in message["body"]
    assert "<strong>57</strong>" in message["formatted_body"]


@matrix
@pytest.mark.parametrize(
    "room, password, code",
    [
        ("desk", "wrong-pass", "403"),
        ("nowhere", "robot-pass", "404"),
        ("hushed", "robot-pass", "403"),
        ("invited", "robot-pass", "403"),
    ],
)
def test_what_a_matrix_server_refuses_is_a_failure_with_its_words(sender, homeserver, room, password, code):
    told = send(sender, matrix_url(homeserver, room, password))
    assert told.type is not OutcomeType.SENT
    assert told.reason.startswith("HTTP")
    assert code in told.reason
    assert "-pass" not in told.reason
