"""One look at an address, whatever its document is: validators, redirects, a name and password, failures as values.

What the types of sources on the web (feed.py, page.py, sitemap.py) have in common. Each brings its own reader, a pure
function from the document's bytes to its items, which runs in a worker.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from monitor.fetch import DIRECT, Fetched, with_user_of, without_user
from monitor.model import Poll, PollOutcome, Source
from monitor.sources import Tools
from monitor.sources.reading import article
from monitor.sources.reading.document import Document
from monitor.sources.reading.entries import Reading
from monitor.sources.reading.links import is_web

#: ``headers`` go with each request; ``user`` and ``password``, or ``bearer``, prove who we are; ``timeout`` is for a
#: source slower than the others; ``proxy`` takes the place of the common one, ``none`` for none; ``full_text`` takes
#: each new item's text from its own page, ``pages`` is how many of these a poll takes at most
OPTIONS: Mapping[str, type] = {
    "headers": dict,
    "user": str,
    "password": str,
    "bearer": str,
    "timeout": timedelta,
    "proxy": str,
    "full_text": bool,
    "pages": int,
}

#: bytes of a document and what it is read for -> its items
Read = Callable[[bytes, Reading], Document]

#: a permanent redirect is believed once it has been seen for so long: some are mistakes, or a captive portal's
_BELIEVED_AFTER = timedelta(days=2)


def complaint(options: Mapping[str, Any]) -> tuple[str, str] | None:
    """``full_text`` needs an extra package, and a proxy an address."""
    if options.get("proxy", DIRECT) != DIRECT and not is_web(options["proxy"]):
        return "proxy", 'expected an address such as "http://proxy.example.org:3128", or "none"'
    if options.get("full_text") and not article.is_there():
        return "full_text", 'needs a package that is not there; install it with: pip install "event-monitor[fulltext]"'
    if "pages" in options and not options.get("full_text"):
        return "pages", "does nothing without full_text: true"
    return None


async def look(source: Source, state: Mapping[str, Any], tools: Tools, read: Read) -> Poll:
    """One look at an address. Never raises; on failure the state stays as it was, so that nothing is missed later.

    State, without any secret: ``of`` (a hash of the address that the rest belongs to), ``etag``, ``last_modified``,
    ``body`` (SHA-256 of the last document), ``entries`` (marks of what that showed), ``moved`` (``{"to": url, "since":
    instant}``), ``pace`` (seconds that the feed asks to be left alone between two polls).
    """
    address = hashlib.sha256(source.url.encode()).hexdigest()[:16]
    known = dict(state) if state.get("of") == address else {"of": address}
    fetched = await _fetch(source, known, tools)
    if fetched.gone:
        return Poll(outcome=PollOutcome.GONE, reason=fetched.reason, state=known)
    if fetched.fault:
        return Poll(
            outcome=PollOutcome.FAILED,
            reason=fetched.reason,
            state=_forget_move(known, fetched),
            retry_after=fetched.retry_after,
            busy=fetched.status == HTTPStatus.TOO_MANY_REQUESTS,
            unreachable=fetched.unreachable,
        )
    seen = known | _validators(fetched) | _moved(known, fetched, source, tools.now)
    digest = hashlib.sha256(fetched.body).hexdigest()
    if fetched.unchanged or digest == known.get("body"):
        reason = fetched.reason if fetched.unchanged else f"{fetched.reason}, the same document"
        return Poll(
            outcome=PollOutcome.UNCHANGED,
            reason=reason,
            state=seen,
            retry_after=fetched.retry_after,
            pace=timedelta(seconds=seen["pace"]) if seen.get("pace") else None,
            fresh=fetched.fresh_for,
        )
    return await _taken(source, known, seen | {"body": digest}, fetched, tools, read)


async def _fetch(source: Source, known: Mapping[str, Any], tools: Tools) -> Fetched:
    moved = known.get("moved") or {}
    believed = moved and tools.now - datetime.fromisoformat(moved["since"]) >= _BELIEVED_AFTER
    return await tools.door.get(
        with_user_of(moved["to"], source.url) if believed else source.url,
        etag=known.get("etag"),
        last_modified=known.get("last_modified"),
        headers=credentials(source.options),
        within=source.options.get("timeout"),
        proxy=source.options.get("proxy"),
    )


def credentials(options: Mapping[str, Any]) -> dict[str, str]:
    """The headers that a source's requests bear."""
    headers = {str(name): str(value) for name, value in (options.get("headers") or {}).items()}
    if options.get("bearer"):
        headers["Authorization"] = f"Bearer {options['bearer']}"
    elif options.get("user"):
        pair = f"{options['user']}:{options.get('password', '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    return headers


def _validators(fetched: Fetched) -> dict[str, Any]:
    """What the next request is conditional on; a 304 need not repeat them, a 200 without them takes them back."""
    found = {"etag": fetched.headers.get("etag"), "last_modified": fetched.headers.get("last-modified")}
    return {name: value for name, value in found.items() if value} if fetched.unchanged else found


def _moved(known: Mapping[str, Any], fetched: Fetched, source: Source, now: datetime) -> dict[str, Any]:
    """Since when the feed says that it has moved, and where to; None once it no longer says so."""
    before = known.get("moved") or {}
    if fetched.moved and fetched.moved == before.get("to"):
        return {}
    if before and fetched.url == before["to"] != without_user(source.url):
        return {}  # polled at its new address, which needs no redirect
    return {"moved": {"to": fetched.moved, "since": now.isoformat()} if fetched.moved else None}


def _forget_move(known: dict[str, Any], fetched: Fetched) -> dict[str, Any]:
    """A new address that fails is not trusted again before it has held anew: the old one may still answer."""
    before = known.get("moved") or {}
    return known | {"moved": None} if before and fetched.url == before.get("to") else known


async def _taken(
    source: Source, known: Mapping[str, Any], seen: Mapping[str, Any], fetched: Fetched, tools: Tools, read: Read
) -> Poll:
    """The document's items; ``known`` is kept as the state where it cannot be read, so that it is read again."""
    reading = Reading(
        source=source.name,
        url=fetched.url,
        content_type=fetched.headers.get("content-type", ""),
        outlet=source.outlet,
        language=source.language,
        marks=known.get("entries") or "",
    )
    try:
        document = await tools.work(read, fetched.body, reading)
    except Exception as fault:  # the worker died, or a parser let out what it never did before
        words = " ".join(str(fault).split())[:120]
        document = Document(problem=f"cannot be read: {words or type(fault).__name__}")
    if document.problem:
        reason = f"{fetched.reason}, but {document.problem}"
        return Poll(outcome=PollOutcome.FAILED, reason=reason, state=known, retry_after=fetched.retry_after)
    count = len(document.items) + len(document.known)
    reason = ", ".join((fetched.reason, f"{count} item{'' if count == 1 else 's'}", *document.notes))
    seen = {**seen, "pace": document.pace.total_seconds() if document.pace else None, "entries": document.marks}
    return Poll(
        outcome=PollOutcome.ITEMS,
        reason=reason,
        items=document.items,
        known=document.known,
        state={name: value for name, value in seen.items() if value},
        retry_after=fetched.retry_after,
        pace=document.pace,
        fresh=fetched.fresh_for,
    )
