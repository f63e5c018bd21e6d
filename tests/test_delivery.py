"""Delivery to real servers on loopback: mail, webhooks and chats that answer, refuse, lie, hang and drip."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import datetime as dt
import email
import email.policy
import gzip
import http.server
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery import Circuit, Sender, check_channel, check_url, courier, retry_at
from monitor.delivery.fitting import fit, fit_list
from monitor.delivery.redaction import redact, secrets_of
from monitor.delivery.verdict import FIRST_WAIT, LONGEST_RETRY_AFTER, LONGEST_WAIT, Heard, Trouble, outcome
from monitor.model import Channel, Message, Outcome, OutcomeType

NOW = dt.datetime(2031, 5, 4, 12, tzinfo=dt.UTC)
#: long enough for a loaded machine, never waited out but by what hangs on purpose
PATIENCE = dt.timedelta(seconds=60)
#: for what hangs on purpose
SHORT = dt.timedelta(seconds=1)
MESSAGE = Message(
    subject="Port Elver: at least 57 killed — “was 31”",
    plain="Port Elver: at least 57 killed — “was 31”\n\nfigure: 31 -> 57\n",
    html="<p>figure: <b>57</b></p>",
    markdown="**Port Elver: at least 57 killed — “was 31”**\n\nfigure: **57**\n",
    key="alert-0123abcd",
    thread="event-77",
)


@pytest.fixture(scope="module")
def sender() -> Iterator[Sender]:
    with Sender() as one:
        yield one


def send(
    sender: Sender, url: str, message: Message = MESSAGE, *, timeout: dt.timedelta = PATIENCE, tries: int = 1
) -> Outcome:
    return sender.send(Channel(name="c", url=url, timeout=timeout), message, NOW, tries=tries)


# --- webhooks --------------------------------------------------------------------------------------------------------


class Hook:
    """A web server: it keeps what it gets and answers by the path of the request."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.arrived = threading.Semaphore(0)
        self.released = threading.Event()
        self.answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = {}

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.got.append((handler.path, dict(handler.headers), body))
        self.arrived.release()
        path = handler.path.partition("?")[0]
        (self.answers.get(path) or status(int(path.strip("/"))))(handler)


def status(code: int, body: bytes = b"", **headers: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def hook() -> Iterator[Hook]:
    with web_server() as (one, _):
        yield one


@contextmanager
def web_server() -> Iterator[tuple[Hook, int]]:
    hook = Hook()

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:
                self.close_connection = True  # the other end was killed, as it should be

        def do_POST(self) -> None:
            hook.answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hook.url = f"json://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]  # known only now
    try:
        yield hook, server.server_port
    finally:
        hook.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def at(hook: Hook, path: str) -> str:
    return f"{hook.url}{path}"  # type: ignore[attr-defined]  # see web_server


def test_a_webhook_gets_the_message_as_json_with_its_key(sender, hook):
    told = send(sender, at(hook, "/200"))
    assert told == Outcome(type=OutcomeType.SENT, reason="HTTP 200 OK")
    [(_, headers, body)] = hook.got
    said = json.loads(body)
    assert headers["X-Event-Monitor-Key"] == "alert-0123abcd"
    assert said["title"] == MESSAGE.subject
    assert said["message"] == "figure: 31 -> 57"
    assert (said["key"], said["thread"], said["markdown"]) == ("alert-0123abcd", "event-77", MESSAGE.markdown)


def test_a_doubled_send_carries_the_same_key(sender, hook):
    for _ in range(2):
        send(sender, at(hook, "/200"))
    first, second = hook.got
    assert first[1]["X-Event-Monitor-Key"] == second[1]["X-Event-Monitor-Key"]


@pytest.mark.parametrize("code", [500, 502, 503, 504, 408, 429, 302, 307])
def test_a_passing_failure_is_tried_again(sender, hook, code):
    told = send(sender, at(hook, f"/{code}"))
    assert told.type is OutcomeType.RETRY
    assert str(code) in told.reason
    assert told.retry_at is not None
    assert told.retry_at > NOW


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 410, 413, 422, 301, 308])
def test_a_refusal_that_stays_is_not_tried_again(sender, hook, code):
    told = send(sender, at(hook, f"/{code}"))
    assert told.type is OutcomeType.DEAD
    assert str(code) in told.reason


def test_the_words_of_the_service_are_in_the_reason(sender, hook):
    hook.answers["/x"] = status(422, b'{"error": "no such room"}', Content_Type="application/json")
    assert send(sender, at(hook, "/x")).reason == 'HTTP 422 Unprocessable Entity: {"error": "no such room"}'


def test_a_page_of_html_is_not_quoted(sender, hook):
    hook.answers["/x"] = status(502, b"<html><h1>Bad Gateway</h1></html>", Content_Type="text/html")
    assert send(sender, at(hook, "/x")).reason == "HTTP 502 Bad Gateway"


def test_retry_after_in_seconds_is_kept_to(sender, hook):
    hook.answers["/x"] = status(429, Retry_After="5400")
    assert send(sender, at(hook, "/x")).retry_at == NOW + dt.timedelta(seconds=5400)


def test_retry_after_as_a_date_is_kept_to(sender, hook):
    hook.answers["/x"] = status(503, Retry_After="Fri, 31 Dec 9999 23:59:59 GMT")
    assert send(sender, at(hook, "/x")).retry_at == NOW + LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    "body",
    [b'{"retry_after": 5400.0}', b'{"ok": false, "parameters": {"retry_after": 5400}}', b'{"retry_after_ms": 5400000}'],
)
def test_the_pause_that_a_chat_asks_for_in_its_answer_is_kept_to(sender, hook, body):
    hook.answers["/x"] = status(429, body, Content_Type="application/json")
    assert send(sender, at(hook, "/x")).retry_at == NOW + dt.timedelta(seconds=5400)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"retry_after": "a while"}', b'{"parameters": null}', b"{"])
def test_a_pause_that_cannot_be_read_is_passed_over(sender, hook, body):
    hook.answers["/x"] = status(429, body, Content_Type="application/json")
    told = send(sender, at(hook, "/x"))
    assert told.type is OutcomeType.RETRY
    assert told.retry_at is not None
    assert told.retry_at < NOW + dt.timedelta(minutes=1)


def test_a_retry_after_that_means_nothing_is_passed_over(sender, hook):
    hook.answers["/x"] = status(503, Retry_After="soon")
    told = send(sender, at(hook, "/x")).retry_at
    assert told is not None
    assert told < NOW + dt.timedelta(minutes=1)


def test_a_redirect_is_not_followed(sender, hook):
    hook.answers["/from"] = status(302, Location="/200")
    assert send(sender, at(hook, "/from?redirect=yes")).type is OutcomeType.RETRY
    assert [path for path, _, _ in hook.got] == ["/from"]


@pytest.mark.parametrize("option", ["retry=3", "optional=yes", "retry=2&wait=0.1&optional=yes"])
def test_apprises_own_retries_and_blind_eye_are_off(sender, hook, option):
    assert send(sender, at(hook, f"/500?{option}")).type is OutcomeType.RETRY
    assert len(hook.got) == 1


def test_a_service_that_hangs_is_cut_off_at_its_deadline(sender, hook):
    hook.answers["/x"] = lambda handler: hook.released.wait(30) and None
    told = send(sender, at(hook, "/x"), timeout=SHORT)
    assert told.type is OutcomeType.RETRY
    assert told.reason == "no complete answer in time"


def drip(hook: Hook) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        while not hook.released.wait(0.1):
            handler.wfile.write(b".")

    return answer


def test_a_service_that_drips_is_cut_off_at_its_deadline(sender, hook):
    hook.answers["/x"] = drip(hook)
    told = send(sender, at(hook, "/x"), timeout=SHORT)
    assert told.type is OutcomeType.RETRY
    assert told.reason == "no complete answer in time, after HTTP 200 OK"


def test_an_answer_without_end_is_read_up_to_a_limit(sender, hook):
    def endless(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not hook.released.is_set():
            handler.wfile.write(b"x" * (1 << 16))

    hook.answers["/x"] = endless
    assert send(sender, at(hook, "/x")).type is OutcomeType.SENT


def test_an_answer_that_inflates_without_end_is_read_up_to_a_limit(sender, hook):
    bomb = gzip.compress(b"\0" * (200 << 20), 1)
    hook.answers["/x"] = status(500, bomb, Content_Encoding="gzip")
    assert send(sender, at(hook, "/x")).type is OutcomeType.RETRY


def test_a_refused_connection_is_tried_again(sender):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        told = send(sender, f"json://127.0.0.1:{nobody.getsockname()[1]}/x")
    assert told.type is OutcomeType.RETRY
    assert told.reason == "connection refused"


def test_a_connection_that_breaks_off_is_tried_again(sender, hook):
    hook.answers["/x"] = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert send(sender, at(hook, "/x")).type is OutcomeType.RETRY


def test_eight_hung_services_do_not_hold_up_a_healthy_one(sender, hook):
    hook.answers["/hang"] = lambda handler: hook.released.wait(30) and None
    with ThreadPoolExecutor(8) as threads:
        hung = [threads.submit(send, sender, at(hook, "/hang"), timeout=PATIENCE) for _ in range(8)]
        for _ in hung:
            assert hook.arrived.acquire(timeout=30)
        assert send(sender, at(hook, "/200")).type is OutcomeType.SENT
        assert not any(one.done() for one in hung)
        hook.released.set()


def test_tries_under_way_end_at_once_when_the_sender_is_closed(hook):
    hook.answers["/hang"] = lambda handler: hook.released.wait(30) and None
    sender = Sender()
    with ThreadPoolExecutor(1) as threads:
        hung = threads.submit(send, sender, at(hook, "/hang"), timeout=dt.timedelta(minutes=10), tries=12)
        assert hook.arrived.acquire(timeout=30)
        sender.close()
        assert hung.result(timeout=30).type is OutcomeType.RETRY
        assert hung.result().reason == "stopped during the try"
    assert send(sender, at(hook, "/200")).type is OutcomeType.RETRY


def test_a_nursery_that_was_killed_is_started_anew(hook):
    with Sender() as sender:
        assert send(sender, at(hook, "/200")).type is OutcomeType.SENT
        assert sender._nursery is not None
        os.killpg(sender._nursery.pid, signal.SIGKILL)
        sender._nursery.wait()
        assert send(sender, at(hook, "/200")).type is OutcomeType.SENT


def test_a_killed_service_leaves_no_process_behind(tmp_path):
    program = """
import sys, datetime as dt
from monitor.delivery import Sender
sender = Sender()
sender.warm_up()
print(sender._nursery.pid, flush=True)
sys.stdin.read()
"""
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as service:
        assert service.stdout is not None
        nursery = int(service.stdout.readline())
        service.kill()
    waiting = threading.Event()
    while not gone(nursery):
        waiting.wait(0.02)  # ends, or the test run's own limit says that it does not


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


# --- mail ------------------------------------------------------------------------------------------------------------


class Mailbox:
    """What an SMTP server keeps, and how it misbehaves."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.rcpt_reply = ""
        self.data_reply = ""
        self.hangs_after_data = False
        self.released = asyncio.Event()

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_reply:
            return self.rcpt_reply.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.to.append(envelope.rcpt_tos)
        if self.hangs_after_data:
            await self.released.wait()
        return self.data_reply or "250 queued as 4711"


def nobody_may(server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=False, handled=False)


@contextmanager
def mail_server(port: int = 0, **options: Any) -> Iterator[tuple[Mailbox, int]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> tuple[Mailbox, asyncio.Server]:
        box = Mailbox()
        return box, await loop.create_server(lambda: SMTP(box, loop=loop, **options), "127.0.0.1", port)

    async def stop() -> None:
        box.released.set()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    box, server = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    try:
        yield box, server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def mailto(port: int, *, user: str = "", more: str = "") -> str:
    return f"mailto://{user}127.0.0.1:{port}/?from=monitor@desk.example&to=editor@paper.example{more}"


def test_a_mail_arrives_with_plain_text_and_html_as_alternatives(sender):
    with mail_server() as (box, port):
        told = send(sender, mailto(port))
    assert told == Outcome(type=OutcomeType.SENT, reason="SMTP 250: queued as 4711")
    [mail] = box.mails
    assert box.to == [["editor@paper.example"]]
    assert mail["Subject"] == MESSAGE.subject
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == MESSAGE.plain
    assert "<b>57</b>" in html.get_content()


def test_a_mail_names_its_alert_and_its_thread(sender):
    with mail_server() as (box, port):
        send(sender, mailto(port))
        send(sender, mailto(port))
        send(
            sender,
            mailto(port),
            Message(subject="later", plain="p", html="h", markdown="m", key="k2", thread="event-77"),
        )
    first, again, later = box.mails
    assert first["Message-ID"] == again["Message-ID"] == "<alert-0123abcd@desk.example>"
    assert first["X-Event-Monitor-Key"] == "alert-0123abcd"
    assert first["References"] == later["References"] == "<event-77.event-monitor@desk.example>"
    assert later["Message-ID"] == "<k2@desk.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"].datetime.tzinfo is not None


def test_a_subject_cannot_add_a_header(sender):
    message = Message(subject="a\r\nBcc: x@y.example", plain="p", html="h", markdown="m", key="a b\r\nX-Evil: 1")
    with mail_server() as (box, port):
        told = send(sender, mailto(port), message)
    assert all(mail["Bcc"] is None and mail["X-Evil"] is None for mail in box.mails)
    assert told.type in (OutcomeType.SENT, OutcomeType.RETRY)


def test_a_mail_server_that_says_later_is_tried_again(sender):
    with mail_server() as (box, port):
        box.rcpt_reply = "451 4.7.1 greylisted, come back"
        told = send(sender, mailto(port))
    assert told.type is OutcomeType.RETRY
    assert told.reason == "SMTP 451: 4.7.1 greylisted, come back"


def test_a_mail_server_that_refuses_the_recipient_is_not_tried_again(sender):
    with mail_server() as (box, port):
        box.rcpt_reply = "550 5.1.1 <{address}> unknown here"
        told = send(sender, mailto(port))
    assert told.type is OutcomeType.DEAD
    assert told.reason == "SMTP 550: 5.1.1 <***> unknown here"


@pytest.mark.parametrize("reply, type", [("452 full", OutcomeType.RETRY), ("554 spam", OutcomeType.DEAD)])
def test_what_a_mail_server_says_after_the_data_counts(sender, reply, type):
    with mail_server() as (box, port):
        box.data_reply = reply
        assert send(sender, mailto(port)).type is type


def test_a_mail_server_that_hangs_after_the_data_is_told_of_as_such(sender):
    with mail_server() as (box, port):
        box.hangs_after_data = True
        told = send(sender, mailto(port), timeout=dt.timedelta(seconds=3))
    assert told.type is OutcomeType.RETRY
    assert told.reason == "no complete answer in time, after the message was handed over"
    assert len(box.mails) == 1


def test_a_mail_is_delivered_once_the_server_is_back(sender):
    with mail_server() as (_, port):
        pass
    assert send(sender, mailto(port)).reason == "connection refused"
    with mail_server(port) as (box, _):
        assert send(sender, mailto(port)).type is OutcomeType.SENT
    assert len(box.mails) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_told_without_the_password(sender):
    with mail_server(authenticator=nobody_may, auth_require_tls=False, auth_required=True) as (_, port):
        told = send(sender, mailto(port, user="robot:hunter2000@"))
    assert told.type is OutcomeType.DEAD
    assert told.reason.startswith("SMTP 535")
    assert "hunter2000" not in told.reason


def test_a_mail_server_that_speaks_no_smtp_is_tried_again(sender, hook):
    port = re.findall(r":(\d+)", at(hook, ""))[0]
    assert send(sender, mailto(int(port)), timeout=SHORT).type is OutcomeType.RETRY


# --- chats -----------------------------------------------------------------------------------------------------------


ROCKET = "/hooks/3ccdd113474722377935511fc85d3dd4/5aa1b2c3"


def chat(hook: Hook) -> str:
    hook.answers[ROCKET] = status(200)
    return at(hook, "/%23desk?avatar=no").replace("json://", f"rocket://{ROCKET.removeprefix('/hooks/')}@")


def test_a_chat_that_knows_markdown_gets_markdown(sender, hook):
    assert send(sender, chat(hook)).type is OutcomeType.SENT
    assert "figure: **57**" in json.loads(hook.got[0][2])["text"]


def test_a_chat_without_titles_gets_the_subject_once_in_the_body(sender, hook):
    assert send(sender, chat(hook)).type is OutcomeType.SENT
    assert json.loads(hook.got[0][2])["text"].count("Port Elver") == 1


def test_a_long_message_is_cut_to_the_chats_limit_at_the_end_of_a_sentence(sender, hook):
    long = Message(subject="s", plain="p", html="h", markdown="A sentence of some length. " * 1000)
    assert send(sender, chat(hook), long).type is OutcomeType.SENT
    [(_, _, body)] = hook.got
    text = json.loads(body)["text"]
    assert 500 < len(text) <= 1000
    assert text.endswith("length. …")


# --- the console -----------------------------------------------------------------------------------------------------


def test_the_console_prints_the_message_once(capsys):
    with Sender() as sender:
        told = send(sender, "console://")
    assert told == Outcome(type=OutcomeType.SENT, reason="printed")
    printed = capsys.readouterr().out
    assert printed.count("Port Elver") == 1
    assert "figure: 31 -> 57" in printed


def test_a_closed_console_is_a_failure(monkeypatch):
    class Closed:
        def write(self, text: str) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    with Sender() as sender:
        assert send(sender, "console://").type is OutcomeType.RETRY


# --- what is wrong with a URL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "console://",
        "mailto://127.0.0.1/?from=a@desk.example&to=b@paper.example",
        "json://localhost/hook",
        "tgram://123456789:abcdefg_hijklmnop/12315544/",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "matrix://user:pass@host.example/#room",
    ],
)
def test_a_url_that_apprise_knows_has_nothing_wrong(url):
    assert check_url(url) is None
    assert check_channel(Channel(name="c", url=url)) is None


@pytest.mark.parametrize(
    "url, complaint",
    [
        ("jsno://host/canary", "no service is called jsno://; did you mean json://?"),
        ("desk", 'it does not begin with a service: expected a URL such as "mailto://..." or "slack://..."'),
        ("slack://canary", "slack: An invalid Slack (second) Token (None) was specified."),
        ("mqtt://canary/topic", "mqtt: it needs a Python package that is not installed: paho-mqtt"),
        ("tgram://123456789:canary_hijklmnop/1/2", "tgram: 2 recipients in one URL; a channel is one recipient"),
        ("mailto://h.example?from=a@h.example&to=canary", "mailto: Dropped invalid To email (***) specified."),
        ("mailto://u:canary@h.example?to=a@b.example&cc=c@d.example", "2 recipients"),
    ],
)
def test_a_url_that_makes_no_channel_is_complained_of_without_its_secrets(url, complaint, caplog):
    with caplog.at_level(logging.DEBUG):
        told = check_url(url)
    assert told is not None
    assert complaint in told
    assert "canary" not in told
    assert "canary" not in caplog.text


def test_a_channel_that_cannot_be_made_is_dead_at_once(sender):
    told = send(sender, "jsno://host/canary")
    assert told.type is OutcomeType.DEAD
    assert "jsno://" in told.reason


# --- secrets ---------------------------------------------------------------------------------------------------------

CANARY = "canary%2Dbird"
SPELLINGS = ("canary%2Dbird", "canary-bird", "canary%252Dbird", base64.b64encode(b"robot:canary-bird").decode())


@pytest.mark.parametrize(
    "shape",
    [
        "robot:{c}@{host}/x",
        "{c}@{host}/x",
        "{host}/{c}",
        "{host}/x?+X-Auth={c}",
        "{host}/x?-token={c}",
        "{host}/x?:pass={c}",
    ],
)
def test_a_service_that_repeats_all_it_was_told_gives_no_secret_away(sender, shape, caplog):
    def echo(handler: http.server.BaseHTTPRequestHandler) -> None:
        path, headers, body = web.got[-1]
        status(500, f"you said {path} {headers} {body!r}".encode())(handler)

    with web_server() as (web, port), caplog.at_level(logging.DEBUG):
        for path in ("/x", "/canary-bird", "/canary%2Dbird"):
            web.answers[path] = echo
        told = send(sender, "json://" + shape.format(c=CANARY, host=f"127.0.0.1:{port}"))
    assert told.reason.startswith("HTTP 500 Internal Server Error: you said")
    for spelling in SPELLINGS:
        assert spelling not in told.reason
        assert spelling not in caplog.text


def test_a_channel_does_not_show_its_url():
    assert "canary" not in repr(Channel(name="desk", url="json://canary@host"))


WORD = st.text(alphabet=st.characters(codec="ascii", categories=("L", "N"), include_characters="-_. ~!*'"), min_size=4)


@given(WORD, WORD, WORD)
def test_no_part_of_a_url_survives_in_a_text(user, password, token):
    who, word, key = (quote(part, safe="") for part in (user, password, token))
    url = f"json://{who}:{word}@host.example/{key}?k={key}"
    text = f"« {user} « {password} « {key} «"
    kept = redact(text, url).replace("***", "")
    for secret in (user, password, token):
        if secret.strip():
            assert secret not in kept


def test_the_host_of_a_server_is_told_and_a_token_in_its_place_is_not():
    assert "mail.example" not in secrets_of("mailto://u:p@mail.example/x")
    assert "4174216298" in secrets_of("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js")
    assert {"123456789", "abcdefg_hijklmnop"} <= secrets_of("tgram://123456789:abcdefg_hijklmnop/1")


def test_a_reason_is_one_short_line():
    assert redact("a\r\nb\x1b[31m\0" + "x" * 999, "json://h.example") == f"a b [31m {'x' * 290}…"


# --- when to try again -----------------------------------------------------------------------------------------------


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_up_to_an_hour_and_are_spread_by_a_fifth(tries, roll):
    wait = retry_at(tries, NOW, roll=roll) - NOW
    assert FIRST_WAIT * 0.8 <= wait <= LONGEST_WAIT * 1.2
    assert retry_at(tries, NOW) <= retry_at(tries + 1, NOW)


def test_the_first_waits_double():
    assert [(retry_at(n, NOW) - NOW).total_seconds() for n in (1, 2, 3, 4, 9)] == [30, 60, 120, 240, 3600]


@given(st.floats(0, 10**9))
def test_a_pause_that_was_asked_for_is_kept_to_but_not_for_ever(asked):
    wait = retry_at(1, NOW, asked=dt.timedelta(seconds=asked)) - NOW
    assert wait >= min(dt.timedelta(seconds=asked), LONGEST_RETRY_AFTER)
    assert wait <= LONGEST_RETRY_AFTER


def decided(heard: Heard, tries: int = 1) -> Outcome:
    return outcome(heard, tries=tries, max_tries=3, now=NOW, roll=0.5)


def test_the_last_try_that_fails_is_dead_and_says_so():
    heard = Heard(protocol="HTTP", code=500)
    assert decided(heard, 2).type is OutcomeType.RETRY
    assert decided(heard, 3) == Outcome(
        type=OutcomeType.DEAD, reason="given up after 3 tries: HTTP 500 Internal Server Error"
    )


def test_a_try_that_we_stopped_ourselves_never_counts_as_the_last():
    assert decided(Heard(trouble=Trouble.STOPPED), 3).type is OutcomeType.RETRY


def test_a_refusal_behind_a_good_code_is_tried_again():
    told = decided(Heard(protocol="HTTP", code=200, words='{"ok":false}'))
    assert told.type is OutcomeType.RETRY
    assert told.reason == 'refused: HTTP 200 OK: {"ok":false}'


def test_silence_is_told_as_silence():
    assert decided(Heard()).reason == "refused without a word"
    assert decided(Heard(accepted=True)).reason == "accepted"
    assert decided(Heard(trouble=Trouble.DIED)).reason == "the try ended without a result"


# --- what does not fit -----------------------------------------------------------------------------------------------


@given(st.text(), st.integers(0, 60))
def test_a_fitted_body_is_never_longer_than_its_limit(body, limit):
    assert len(fit(body, limit)) <= max(limit, 0)


def test_a_body_is_cut_after_a_paragraph_where_one_ends_late_enough():
    assert fit("one one one\n\ntwo two\n\n" + "x" * 40, 30) == "one one one\n\ntwo two\n\n…"


def test_a_body_of_one_sentence_is_cut_after_a_word():
    assert fit("alpha beta gamma delta epsilon", 20) == "alpha beta gamma …"


# --- the circuit of a channel ----------------------------------------------------------------------------------------

AGAIN = Outcome(type=OutcomeType.RETRY, reason="503 Service Unavailable", retry_at=NOW)


def test_a_channel_that_fails_is_left_alone_longer_each_time_up_to_ten_minutes():
    circuit, pauses = Circuit(), []
    for _ in range(10):
        circuit = circuit.after(AGAIN, NOW)
        assert circuit.until is not None
        pauses.append((circuit.until - NOW).total_seconds())
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]


def test_a_channel_is_left_alone_for_as_long_as_its_service_asks():
    asked = Outcome(type=OutcomeType.RETRY, reason="429", retry_at=NOW, pause=dt.timedelta(hours=2))
    circuit = Circuit().after(asked, NOW)
    assert not circuit.lets_through(NOW + dt.timedelta(minutes=119))
    assert circuit.lets_through(NOW + dt.timedelta(minutes=120))


@pytest.mark.parametrize("answer", [OutcomeType.SENT, OutcomeType.DEAD])
def test_an_answer_that_is_no_failure_of_the_channel_closes_its_circuit(answer):
    circuit = Circuit().after(AGAIN, NOW).after(Outcome(type=answer, reason=""), NOW)
    assert circuit.lets_through(NOW)


def test_the_pause_that_a_service_asks_for_reaches_the_circuit():
    heard = Heard(protocol="HTTP", code=429, retry_after=7200)
    told = outcome(heard, tries=1, max_tries=12, now=NOW, roll=0.5)
    assert told.pause == dt.timedelta(hours=2)


# --- a list in a service's room --------------------------------------------------------------------------------------

LISTED = "**News**\n\n12 alerts told together\n\n" + "".join(f"- headline {number}\n" for number in range(12))


def test_headlines_that_do_not_fit_give_way_to_their_number():
    told = fit_list(LISTED, 150)
    assert len(told) <= 150
    assert told.count("- headline") + int(re.search(r"and (\d+) more", told)[1]) == 12  # type: ignore[index]  # it is there
    assert fit_list(LISTED, len(LISTED)) == LISTED


@given(st.integers(0, 60), st.integers(40, 3000))
def test_a_list_never_outgrows_its_room(count, room):
    body = "Head\n\n" + "".join(f"- number {number}\n" for number in range(count))
    assert len(fit_list(body, room)) <= max(room, 40)


def test_a_chat_with_little_room_gets_the_headlines_of_many_alerts_and_the_number_of_the_rest():
    many = dataclasses.replace(
        MESSAGE, markdown=f"{MESSAGE.markdown}\n{'x' * 9000}", brief_markdown=LISTED + "- another headline\n" * 500
    )
    service = courier.make("discord://12345678/abcdefghij")
    _, body, _ = courier._fitting(service, many)
    assert len(body) <= service.body_maxlen
    assert "headline 11" in body
    assert "more: `monitor alerts --sent` lists them" in body
