"""Source type ``mailbox``: letters that a newsletter, a press office or an agency sends, read over IMAP.

``imaps://mail.example.org/Newsletters``: the path is the folder, INBOX if there is none. Nothing is changed there: no
letter is marked as read, moved or taken away. Anybody may write to an address that is known: ``from`` names those whose
letters are read (``desk@agency.example``, or ``@agency.example`` for all of a domain), as the letter itself says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.fetch import Letters, Mailbox
from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import Tools
from monitor.sources.reading import letter
from monitor.sources.reading.entries import Reading

OPTIONS: Mapping[str, type] = {"user": str, "password": str, "from": list, "timeout": timedelta}

REQUIRED = ("user", "password")

#: how an address of this type may begin
SCHEMES = ("imaps", "imap")

_PORTS = {"imaps": 993, "imap": 143}


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a mailbox. Never raises.

    State: ``of`` (a hash of the address and user that the rest belongs to), ``seen`` (validity, number of the last
    letter). A letter that cannot be read is named and passed over: it would hold up all that come after it.
    """
    mailbox = _mailbox(source)
    of = hashlib.sha256(f"{source.url}\n{mailbox.user}".encode()).hexdigest()[:16]
    validity, last = state.get("seen", (0, 0)) if state.get("of") == of else (0, 0)
    found = await tools.door.letters(mailbox, (validity, last), within=source.options.get("timeout"))
    if found.fault:
        return Poll(
            outcome=PollOutcome.FAILED, reason=found.reason, state=state, unreachable=found.unreachable, partial=True
        )
    items, notes = await _read(found, source, tools)
    known = {"of": of, "seen": list(found.seen)}
    if not found.letters:
        return Poll(outcome=PollOutcome.UNCHANGED, reason=f"{found.reason}, none new", state=known, partial=True)
    count = len(found.letters)
    more = ["further ones at the next poll"] if found.more else []
    reason = ", ".join((found.reason, f"{count} new", *more, *notes))
    return Poll(outcome=PollOutcome.ITEMS, reason=reason, items=tuple(items), state=known, partial=True)


def _mailbox(source: Source) -> Mailbox:
    parts = urlsplit(source.url)
    return Mailbox(
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "imaps",
        folder=unquote(parts.path.strip("/")) or "INBOX",
        user=source.options["user"],
        password=source.options["password"],
    )


async def _read(found: Letters, source: Source, tools: Tools) -> tuple[list[Item], list[str]]:
    """The letters as items, each read by itself: one that is too much for a worker costs no other."""
    reading = Reading(source=source.name, outlet=source.outlet, language=source.language)
    senders: Sequence[str] = tuple(source.options.get("from") or ())
    items, notes = list[Item](), list[str]()
    others = 0
    for each in found.letters:
        try:
            item = await tools.work(letter.read, each.body, reading, senders)
        except Exception as fault:  # the worker died, or the parser of mail let out what it never did before
            notes.append(f"skipped letter {each.uid}: {' '.join(str(fault).split())[:80] or type(fault).__name__}")
            continue
        items += [item] if item else []
        others += item is None
    return items, [*notes, *([f"{others} of other senders or without text"] if others else [])]
