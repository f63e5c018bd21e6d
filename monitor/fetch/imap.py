"""New letters of a mailbox, over IMAP (RFC 3501), within bounds; nothing in it is changed, nor marked as read.

The part of the protocol that is needed is small, and the bounds are not to be had otherwise: a server may announce a
letter of any size, or send for ever. Passwords never go over a line that is not encrypted, except to this machine.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import re
import ssl
from dataclasses import dataclass
from datetime import timedelta

import httpcore

from monitor.fetch.faults import Failure, Fault
from monitor.fetch.inflate import in_words

#: letters that one look brings at most; the others are brought by the next
MOST_LETTERS = 50
#: of a longer letter only the beginning is read: its texts stand before what is attached
LONGEST_LETTER = 1_000_000
_LONGEST_LINE = 64_000
#: answers to one command, and numbers of letters that are asked for at once
_MOST_ANSWERS, _STEP = 20_000, 5_000
#: seconds that one read or write may take; the deadline of the whole comes first
_TIMEOUT = 60.0

_LITERAL = re.compile(rb"\{(\d{1,12})\+?\}\r?\n$")
_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d{1,10})\]", re.IGNORECASE)
_FOLLOWING = re.compile(rb"\[UIDNEXT (\d{1,10})\]", re.IGNORECASE)
_EXISTS = re.compile(rb"\* (\d{1,10}) EXISTS", re.IGNORECASE)
_UID = re.compile(rb"\bUID (\d{1,10})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A folder of letters on a server, and how to get in."""

    host: str
    port: int
    #: encrypted from the start; else by STARTTLS
    tls: bool
    folder: str
    user: str
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter, as it was received; of a long one the beginning."""

    uid: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What one look at a mailbox brought; never an exception."""

    fault: Fault | None = None
    #: for the operator, without secrets
    reason: str
    #: validity (while it stays the same, a number means the same letter) and number of the last letter looked at
    seen: tuple[int, int] = (0, 0)
    letters: tuple[Letter, ...] = ()
    #: further ones are waiting
    more: bool = False

    @property
    def unreachable(self) -> bool:
        """No server answered at all."""
        return self.fault in (Fault.NAME, Fault.CONNECT)


async def look(
    mailbox: Mailbox,
    seen: tuple[int, int],
    network: httpcore.AsyncNetworkBackend,
    trust: ssl.SSLContext,
    most_bytes: int,
    within: timedelta,
) -> Letters:
    """The letters after those that were ``seen`` (validity, number of the last); at first, or anew, the latest few.

    Raises Failure, and what the network raises; the deadline is the caller's. Half of ``within`` is for letters: those
    that have come by then are brought, so that a slow server is read bit by bit, and not over and over.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + within.total_seconds() / 2
    stream = await network.connect_tcp(mailbox.host, mailbox.port, timeout=within.total_seconds() / 4)
    line = _Line(stream, most_bytes)
    try:
        if mailbox.tls:
            await line.encrypt(trust, mailbox.host)
        await _enter(line, mailbox, trust)
        folder = await _open(line, mailbox.folder)
        uids = await _listed(line, folder, seen[1] if seen[0] == folder.validity else None)
        letters: list[Letter] = []
        for uid in uids[:MOST_LETTERS]:
            if letters and (loop.time() > until or line.left < 2 * line.longest_letter):
                break
            letters.append(await _letter(line, uid))
        await line.write(b"z LOGOUT\r\n")
    finally:
        await line.aclose()
    reason = f"{folder.count} letter{'' if folder.count == 1 else 's'} in {mailbox.folder}"
    found = tuple(letter for letter in letters if letter.body)
    last = max((letter.uid for letter in letters), default=seen[1] if seen[0] == folder.validity else 0)
    return Letters(reason=reason, seen=(folder.validity, last), letters=found, more=len(uids) > len(letters))


# --- one conversation ------------------------------------------------------------------------------------------------


async def _enter(line: _Line, mailbox: Mailbox, trust: ssl.SSLContext) -> None:
    greeting = await line.read()
    if not greeting.text.upper().startswith((b"* OK", b"* PREAUTH")):
        raise Failure(Fault.PROTOCOL, "no IMAP server greets there")
    able = await _abilities(line)
    if not line.is_encrypted and b"STARTTLS" in able:
        await line.ask(b"STARTTLS", "does not begin TLS")
        await line.encrypt(trust, mailbox.host)
        able = await _abilities(line)
    if not line.is_encrypted and not line.is_local:
        raise Failure(Fault.TLS, "offers no encryption, and a password is not sent without; use imaps://")
    if greeting.text.upper().startswith(b"* OK"):
        await _log_in(line, mailbox, able)


async def _abilities(line: _Line) -> frozenset[bytes]:
    answers = await line.ask(b"CAPABILITY", "does not say what it can")
    told = b" ".join(each.text for each in answers if each.text.upper().startswith(b"* CAPABILITY"))
    return frozenset(told.upper().split())


async def _log_in(line: _Line, mailbox: Mailbox, able: frozenset[bytes]) -> None:
    refused = "refuses the user or the password"
    if b"AUTH=PLAIN" in able:
        secret = base64.b64encode(f"\0{mailbox.user}\0{mailbox.password}".encode())
        await line.ask(b"AUTHENTICATE PLAIN", refused, after_plus=secret)
    else:
        await line.ask(b"LOGIN " + _quoted(mailbox.user) + b" " + _quoted(mailbox.password), refused)


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a server says of a folder that it opens."""

    validity: int
    count: int
    #: number that the next letter will have; None if it does not say
    following: int | None


async def _open(line: _Line, folder: str) -> _Folder:
    """Opens a folder, for reading only."""
    answers = await line.ask(b"EXAMINE " + _quoted(_folder_name(folder)), f"has no folder {folder}")
    told = b"\n".join(each.text for each in answers)
    validity, exists, following = (pattern.search(told) for pattern in (_VALIDITY, _EXISTS, _FOLLOWING))
    return _Folder(
        int(validity[1]) if validity else 0, int(exists[1]) if exists else 0, int(following[1]) if following else None
    )


async def _listed(line: _Line, folder: _Folder, after: int | None) -> list[int]:
    """Numbers of the letters to bring, the oldest first: those after ``after``, or the latest few of all."""
    if not folder.count:
        return []
    if after is None:
        return await _numbers(line, b"FETCH %d:* (UID)" % max(1, folder.count - MOST_LETTERS + 1))
    if folder.following is None:
        return [uid for uid in await _numbers(line, b"UID FETCH %d:* (UID)" % (after + 1)) if uid > after]
    found: list[int] = []
    for start in range(after + 1, folder.following, _STEP):  # a step is bounded, however many have come
        found += await _numbers(line, b"UID FETCH %d:%d (UID)" % (start, start + _STEP - 1))
        if len(found) > MOST_LETTERS:
            break
    return [uid for uid in found if uid > after]


async def _numbers(line: _Line, command: bytes) -> list[int]:
    answers = await line.ask(command, "does not list its letters")
    return sorted({int(uid[1]) for each in answers if (uid := _UID.search(each.text))})


async def _letter(line: _Line, uid: int) -> Letter:
    """One letter; without a body if it was taken away meanwhile."""
    most = line.longest_letter
    answers = await line.ask(b"UID FETCH %d (UID BODY.PEEK[]<0.%d>)" % (uid, most), "does not give a letter")
    for answer in answers:
        number = _UID.search(answer.text)
        if answer.literals and number and int(number[1]) == uid:
            return Letter(uid=uid, body=answer.literals[-1][:most])
    return Letter(uid=uid, body=b"")


def _quoted(text: str) -> bytes:
    if not text.isascii() or not text.isprintable():
        raise Failure(Fault.STATUS, "this server takes only plain ASCII as user, password and folder")
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def _folder_name(name: str) -> str:
    """A folder's name as IMAP wants it: other letters than ASCII in a base64 of its own (RFC 3501, 5.1.3)."""

    def shifted(run: re.Match[str]) -> str:
        packed = base64.b64encode(run[0].encode("utf-16-be")).decode("ascii")
        return f"&{packed.rstrip('=').replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", shifted, name.replace("&", "&-"))


# --- the line --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: its text, and the literals that stood in it."""

    text: bytes
    literals: tuple[bytes, ...] = ()


class _Line:
    """A connection that answers are read from, ``most`` bytes at most."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, most: int) -> None:
        self._stream, self._most, self.left = stream, most, most
        self._buffer = bytearray()
        self._tags = itertools.count(1)
        self.is_encrypted = False

    @property
    def longest_letter(self) -> int:
        """In bytes."""
        return min(LONGEST_LETTER, self._most // 4)

    @property
    def is_local(self) -> bool:
        """At the other end is this machine."""
        address = (self._stream.get_extra_info("server_addr") or ("",))[0]
        return address == "::1" or address.startswith("127.")

    async def encrypt(self, trust: ssl.SSLContext, host: str) -> None:
        if self._buffer:  # said before the encryption, and meant to be heard after it
            raise Failure(Fault.PROTOCOL, "speaks before TLS is begun")
        self._stream = await self._stream.start_tls(trust, server_hostname=host, timeout=_TIMEOUT)
        self.is_encrypted = True

    async def write(self, data: bytes) -> None:
        await self._stream.write(data, timeout=_TIMEOUT)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def ask(self, command: bytes, otherwise: str, *, after_plus: bytes | None = None) -> list[_Answer]:
        """The answers to a command, all but its OK; Failure, in the words of ``otherwise``, if it is refused."""
        tag = b"a%d" % next(self._tags)
        await self.write(tag + b" " + command + b"\r\n")
        answers: list[_Answer] = []
        while not (answer := await self.read()).text.startswith(tag + b" "):
            if answer.text.startswith(b"+") and after_plus is not None:
                await self.write(after_plus + b"\r\n")
                after_plus = None
            elif answer.text.upper().startswith(b"* BYE"):
                raise Failure(Fault.STATUS, "the mail server closes the connection")
            answers.append(answer)
            if len(answers) > _MOST_ANSWERS:
                raise Failure(Fault.PROTOCOL, "the mail server does not stop to answer")
        if answer.text[len(tag) + 1 :][:2].upper() != b"OK":
            raise Failure(Fault.STATUS, f"the mail server {otherwise}")
        return answers

    async def read(self) -> _Answer:
        """One answer, with its literals."""
        parts, literals = bytearray(), list[bytes]()
        while True:
            part = await self._until_line_end()
            announced = _LITERAL.search(part)
            parts += part[: announced.start()] + b" " if announced else part
            if not announced:
                return _Answer(bytes(parts), tuple(literals))
            literals.append(await self._exactly(int(announced[1])))

    async def _until_line_end(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _LONGEST_LINE:
                raise Failure(Fault.PROTOCOL, "sends a line without end")
            await self._more()
        return self._taken(end + 1)

    async def _exactly(self, size: int) -> bytes:
        if size > self.left + len(self._buffer):
            raise Failure(Fault.BODY, f"more than {in_words(self._most)}")
        while len(self._buffer) < size:
            await self._more()
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    async def _more(self) -> None:
        got = await self._stream.read(min(65_536, self.left + 1), timeout=_TIMEOUT)
        if not got:
            raise Failure(Fault.PROTOCOL, "the mail server closes the connection")
        self.left -= len(got)
        if self.left < 0:
            raise Failure(Fault.BODY, f"more than {in_words(self._most)}")
        self._buffer += got
