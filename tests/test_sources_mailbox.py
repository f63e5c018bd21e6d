"""Letters as items: of a real IMAP server, and of servers that mean harm."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import Door, Limits, imap
from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import SOURCES, Tools
from monitor.sources.reading import letter
from monitor.sources.reading.entries import Reading

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TLS = Path(__file__).parent / "tls"
LIMITS = Limits(allow=("127.0.0.0/8",), ca_file=str(TLS / "ca.pem"), timeout=timedelta(seconds=60))
READING = Reading(source="letters")
_folders = (f"folder{number}" for number in itertools.count(1))


def composed(title: str, text: str, sender: str = "Aid Desk <desk@agency.example>", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = title
    message["Date"] = "Tue, 03 Mar 2026 23:30:00 -0500"
    message["Message-ID"] = f"<{abs(hash((title, text)))}@agency.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


# --- a real server ---------------------------------------------------------------------------------------------------


class Post:
    """The mail server, and what is put into its folders."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.client = imaplib.IMAP4("127.0.0.1", port)
        self.client.login("desk", "paper-knife")

    def folder(self, name: str = "") -> str:
        name = name or next(_folders)
        self.client.create(f'"{name}"')
        return name

    def put(self, folder: str, *messages: EmailMessage) -> None:
        for message in messages:
            answer, told = self.client.append(f'"{folder}"', "", "", message.as_bytes())
            assert answer == "OK", told

    def source(self, folder: str, scheme: str = "imap", senders: tuple[str, ...] = (), **options: Any) -> Source:
        return Source(
            name="letters",
            type="mailbox",
            url=f"{scheme}://127.0.0.1:{self.port}/{folder}",
            options={"user": "desk", "password": "paper-knife", "from": senders, **options},
        )


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = [str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port)]
    secure = ["--cert", str(TLS / "server.pem"), "--key", str(TLS / "server.pem")]
    store = ["dict", "--demo-user", "desk", "--demo-password", "paper-knife"]
    process = subprocess.Popen([*server, *secure, *store], stderr=subprocess.DEVNULL)
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        opened = Post(port)
        yield opened
        opened.client.logout()
    finally:
        process.terminate()
        process.wait()


async def here(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """``Tools.work`` without a worker."""
    return function(*args, **kwargs)


def looked(source: Source, *between: Callable[[], object], limits: Limits = LIMITS) -> list[Poll]:
    """One look, and a further one after each of the steps."""

    async def looks() -> list[Poll]:
        async with Door(limits) as door:
            polls = [await SOURCES["mailbox"].poll(source, {}, Tools(door=door, work=here, now=NOW))]
            for step in between:
                step()
                polls.append(
                    await SOURCES["mailbox"].poll(source, polls[-1].state, Tools(door=door, work=here, now=NOW))
                )
            return polls

    return asyncio.run(looks())


def titles(polls: list[Poll]) -> list[list[str]]:
    return [[item.title for item in poll.items] for poll in polls]


def test_letters_are_brought_once_and_new_ones_when_they_come(post: Post) -> None:
    folder = post.folder()
    post.put(folder, composed("Grain", "Grain for the south."), composed("Fuel", "Fuel for the north."))
    polls = looked(
        post.source(folder), lambda: None, lambda: post.put(folder, composed("Tents", "Tents for the coast."))
    )
    assert titles(polls) == [["Grain", "Fuel"], [], ["Tents"]]
    assert [poll.outcome for poll in polls] == [PollOutcome.ITEMS, PollOutcome.UNCHANGED, PollOutcome.ITEMS]
    assert all(poll.partial for poll in polls)


def test_no_letter_is_marked_as_read(post: Post) -> None:
    folder = post.folder()
    post.put(folder, composed("Grain", "Grain for the south."))
    looked(post.source(folder))
    post.client.select(folder, readonly=True)
    assert b"Seen" not in b"".join(post.client.fetch("1", "(FLAGS)")[1])  # type: ignore[arg-type]  # no literals in flags
    post.client.close()


def test_a_letter_says_who_sent_it_when_and_under_which_name(post: Post) -> None:
    folder = post.folder()
    post.put(folder, composed("Grain", "Grain for the south.", Archived_At="<https://agency.example/l/7>"))
    (item,) = looked(post.source(folder))[0].items
    assert (item.outlet, item.published, item.url) == ("Aid Desk", date(2026, 3, 3), "https://agency.example/l/7")
    assert item.published_at == datetime(2026, 3, 4, 4, 30, tzinfo=UTC)
    assert item.id.endswith("@agency.example")


def test_only_letters_of_the_named_senders_are_items(post: Post) -> None:
    folder = post.folder()
    post.put(
        folder,
        composed("One", "From the desk.", sender="desk@agency.example"),
        composed("Two", "From a neighbour.", sender="Desk@Paper.Example"),
        composed("Three", "From nobody we know.", sender='"desk@agency.example" <who@elsewhere.example>'),
    )
    (poll,) = looked(post.source(folder, senders=("desk@agency.example", "@paper.example")))
    assert titles([poll]) == [["One", "Two"]]
    assert "1 of other senders" in poll.reason


def test_a_full_folder_is_read_bit_by_bit_and_nothing_is_left_out(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = post.folder()
    post.put(folder, composed("0", "The first of all."))
    monkeypatch.setattr(imap, "MOST_LETTERS", 2)

    def five() -> None:
        post.put(folder, *(composed(str(number), f"This is letter {number}.") for number in range(1, 6)))

    polls = looked(post.source(folder), five, lambda: None, lambda: None, lambda: None)
    assert titles(polls) == [["0"], ["1", "2"], ["3", "4"], ["5"], []]
    assert "further ones at the next poll" in polls[1].reason


def test_a_folder_that_was_made_anew_is_read_anew_under_the_same_names(post: Post) -> None:
    folder = post.folder()
    post.put(folder, composed("Grain", "Grain for the south."))

    def anew() -> None:
        post.client.delete(folder)
        post.folder(folder)
        post.put(folder, composed("Grain", "Grain for the south."))

    first, second = looked(post.source(folder), anew)
    assert [item.id for item in first.items] == [item.id for item in second.items]


def test_a_folder_may_have_any_name(post: Post) -> None:
    post.client.create('"B&AOU-t &- hav"')
    post.put("B&AOU-t &- hav", composed("Grain", "Grain for the south."))
    assert titles(looked(post.source("B%C3%A5t%20%26%20hav"))) == [["Grain"]]


@pytest.mark.parametrize(
    "source, words",
    [
        ({"password": "wrong-one"}, "refuses the user or the password"),
        ({"folder": "nowhere"}, "has no folder nowhere"),
        ({"scheme": "imaps"}, "TLS"),
    ],
)
def test_what_is_wrong_with_a_mailbox_is_named_without_its_password(
    post: Post, source: Mapping[str, Any], words: str
) -> None:
    given = dict(source)
    (poll,) = looked(post.source(given.pop("folder", "INBOX"), **given))
    assert poll.outcome is PollOutcome.FAILED
    assert words in poll.reason
    assert "wrong-one" not in poll.reason


def test_a_certificate_that_nobody_vouches_for_ends_the_conversation(post: Post) -> None:
    (poll,) = looked(post.source("INBOX"), limits=Limits(allow=LIMITS.allow))
    assert poll.outcome is PollOutcome.FAILED
    assert poll.reason.startswith("TLS: ")


def test_a_mailbox_at_an_address_that_nobody_may_dial_is_refused(post: Post) -> None:
    (poll,) = looked(post.source("INBOX"), limits=Limits())
    assert "address not allowed: 127.0.0.1 is loopback" in poll.reason


def test_a_long_letter_is_read_from_its_beginning(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "LONGEST_LETTER", 2000)
    folder = post.folder()
    message = composed("Grain", "Grain for the south.")
    message.add_attachment(b"\0" * 50_000, maintype="application", subtype="octet-stream", filename="chart")
    post.put(folder, message)
    (item,) = looked(post.source(folder))[0].items
    assert item.text == "Grain for the south."


def test_a_letter_that_no_worker_survives_costs_no_other(post: Post) -> None:
    folder = post.folder()
    post.put(folder, composed("Poison", "Drink."), composed("Grain", "Grain for the south."))

    async def work(function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if b"Poison" in args[0]:
            raise RuntimeError("not done after 20 s")
        return function(*args, **kwargs)

    async def look() -> Poll:
        async with Door(LIMITS) as door:
            return await SOURCES["mailbox"].poll(post.source(folder), {}, Tools(door=door, work=work, now=NOW))

    poll = asyncio.run(look())
    assert titles([poll]) == [["Grain"]]
    assert "skipped letter" in poll.reason
    assert "not done after 20 s" in poll.reason


# --- servers that mean harm ------------------------------------------------------------------------------------------

GREETING = b"* OK hello\r\n"
ABLE = b"* CAPABILITY IMAP4rev1\r\na1 OK\r\n"


def hostile(
    script: list[bytes], *, endless: bytes = b"", pause: float = 0.0, patience: float = 60.0
) -> tuple[Poll, bytes]:
    """What comes of a server that says this line by line, one after each line of ours; and what it heard.

    Patience (seconds) is long but where it is what is tested: a slow machine must not decide which limit ends a poll.
    """
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for said in script:
                writer.write(said)
                await writer.drain()
                heard.extend(await reader.readline())
            while endless:
                writer.write(endless)
                await writer.drain()
                await asyncio.sleep(pause)
        except OSError:
            return
        finally:
            writer.transport.abort()

    async def look() -> Poll:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        limits = Limits(allow=("127.0.0.0/8",), timeout=timedelta(seconds=patience), max_bytes=1_000_000)
        async with server, Door(limits) as door:
            tools = Tools(door=door, work=here, now=NOW)
            return await SOURCES["mailbox"].poll(Post.source(_at(port), "INBOX"), {}, tools)

    return asyncio.run(look()), bytes(heard)


def _at(port: int) -> Post:
    post = Post.__new__(Post)
    post.port = port
    return post


OPENED = [GREETING, ABLE, b"a2 OK\r\n", b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 9]\r\na3 OK\r\n"]


@pytest.mark.parametrize(
    "script, more, words",
    [
        ([b"SSH-2.0-OpenSSH\r\n"], {}, "no IMAP server greets there"),
        ([], {}, "closes the connection"),
        ([GREETING], {"endless": b"x" * 10_000}, "a line without end"),
        ([GREETING], {"endless": b"* OK\r\n" * 2000}, "does not stop to answer"),
        ([GREETING], {"endless": b"* {90000}\r\n" + b"x" * 90_000}, "more than 1 MB"),
        ([GREETING], {"endless": b"*", "pause": 0.05, "patience": 0.5}, "timed out after 0.5 s"),
        ([GREETING, b"* CAPABILITY {10000000000}\r\n"], {}, "more than 1 MB"),
        ([GREETING, ABLE, b"a2 NO no\r\n"], {}, "refuses the user or the password"),
        ([GREETING, ABLE, b"* BYE\r\n"], {}, "closes the connection"),
        ([*OPENED, b"* 1 FETCH (UID 5)\r\na4 OK\r\n", b"* 1 FETCH (UID 5 BODY[] {9999999}\r\n"], {}, "more than 1 MB"),
    ],
)
def test_a_server_that_means_harm_fails_one_poll_with_its_reason(
    script: list[bytes], more: Mapping[str, Any], words: str
) -> None:
    poll, _ = hostile(script, **more)
    assert poll.outcome is PollOutcome.FAILED
    assert words in poll.reason


def test_a_password_is_not_sent_to_another_machine_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap._Line, "is_local", False)
    poll, heard = hostile([GREETING, ABLE])
    assert "offers no encryption" in poll.reason
    assert b"LOGIN" not in heard


def test_words_before_the_encryption_are_not_taken_for_words_after_it() -> None:
    poll, _ = hostile([GREETING, b"* CAPABILITY STARTTLS\r\na1 OK\r\n", b"a2 OK\r\n* CAPABILITY IMAP4rev1\r\n"])
    assert poll.reason == "speaks before TLS is begun"


def test_a_letter_that_was_taken_away_meanwhile_is_passed_over() -> None:
    listed = b"* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 6)\r\na4 OK\r\n"
    body = b"Subject: Grain\r\n\r\nGrain for the south.\r\n"
    six = b"* 2 FETCH (BODY[]<0> {%d}\r\n%b UID 6)\r\na6 OK\r\n" % (len(body), body)
    poll, heard = hostile([*OPENED, listed, b"a5 OK\r\n", six, b""])
    assert titles([poll]) == [["Grain"]]
    assert poll.state["seen"] == [7, 6]
    assert b'LOGIN "desk" "paper-knife"' in heard


# --- letters ---------------------------------------------------------------------------------------------------------


def read(message: EmailMessage | bytes) -> Item:
    item = letter.read(message if isinstance(message, bytes) else message.as_bytes(), READING)
    assert item is not None
    return item


def test_of_two_texts_the_plain_one_serves_if_it_says_as_much() -> None:
    message = composed("Grain", "Grain for the south.\n\nAnd for the north.")
    message.add_alternative("<p>Grain for the south.</p><p>And for the north.</p>", subtype="html")
    assert read(message).text == "Grain for the south.\n\nAnd for the north."


def test_a_plain_text_that_only_points_to_the_other_one_is_left_out() -> None:
    message = composed("Grain", "Your reader shows no HTML.")
    message.add_alternative(f"<p>{'Grain for the south. ' * 9}</p>", subtype="html")
    assert read(message).text.startswith("Grain for the south.")


def test_words_that_no_reader_sees_are_left_out() -> None:
    message = EmailMessage()
    message["Subject"] = "Grain"
    hidden = "<div style='DISPLAY : none'>Open me!</div><p hidden>Me too!</p><span style='mso-hide:all'>And me!</span>"
    message.set_content(f"<html><body>{hidden}<p>Grain for the south.</p></body></html>", subtype="html")
    assert read(message).text == "Grain for the south."


def test_what_is_attached_is_no_part_of_the_text() -> None:
    message = composed("Grain", "Grain for the south.")
    message.add_attachment("A list of all who wrote.", filename="list.txt")
    assert read(message).text == "Grain for the south."


def test_headers_and_texts_come_in_any_encoding() -> None:
    body = (
        b"From: =?koi8-r?B?5MHU1Q==?= <a@b.example>\r\nSubject: =?utf-8?q?Bl=C3=A5?= =?iso-8859-1?Q?_hav?=\r\n"
        b"Content-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ) + "Вода поднялась.".encode("cp1251")
    item = read(body)
    assert (item.title, item.text, item.outlet) == ("Blå hav", "Вода поднялась.", "Дату")


def test_letters_without_a_name_of_their_own_are_told_apart_by_their_words() -> None:
    one, other = (read(f"Subject: Daily\r\n\r\nReport {number}.".encode()) for number in (1, 2))
    assert one.id != other.id


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reading_of_letters_fail(noise: bytes) -> None:
    letter.read(noise, READING)
    letter.read(b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + noise, READING)
    letter.read(
        b"Subject: =?" + noise.replace(b"\n", b"") + b"?=\r\nContent-Type: text/html; charset=" + noise, READING
    )
