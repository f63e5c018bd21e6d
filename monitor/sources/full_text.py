"""The whole text of an item from its own page, where a source shows only a summary (``full_text: true``).

Pages cost a host more than its feed does. A poll asks for the newest items' pages and for no more than ``pages`` of
them, for those of a domain one after the other, and for none of a domain that rests. Once a domain says that it is
asked too often, or for too much, it is asked for no other page, and rests for as long as it wants.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from monitor.fetch import Fetched, host_of, registered_domain
from monitor.model import Item, Source
from monitor.sources import Tools, web
from monitor.sources.reading import article

#: a poll takes no more pages than this, unless its source's ``pages`` says so
PAGES = 20
#: after so long no other page is begun: a slow host must not hold up what is new
LONGEST = timedelta(minutes=2)
_ACCEPT = {"Accept": "text/html, application/xhtml+xml, */*;q=0.1"}
_TOO_MUCH = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class Rests(Protocol):
    """Which domains want to be left alone, whoever was told so."""

    def until(self, host: str) -> datetime | None:
        """When the rest of this host's domain ends; None if it does not rest."""

    def rest(self, host: str, wait: timedelta) -> None:
        """An answer of this host asked for so long a rest."""


async def complete(items: Sequence[Item], source: Source, tools: Tools, rests: Rests) -> list[Item]:
    """The items with the text of their pages; one whose page is not asked for, or brings no more, keeps its summary."""
    most = source.options.get("pages", PAGES)
    # those without a day stay in the source's order, in which the newest usually come first
    newest = sorted((item for item in items if _host(item)), key=_when, reverse=True)[:most]
    by_domain: dict[str, list[Item]] = defaultdict(list)
    for item in newest:
        by_domain[registered_domain(_host(item))].append(item)
    until = asyncio.get_running_loop().time() + LONGEST.total_seconds()
    found = await asyncio.gather(*(_of_domain(each, source, tools, rests, until) for each in by_domain.values()))
    whole = {id(item): text for each in found for item, text in each}
    # its identity stays that of what the source shows: an edit is seen there, not on the page
    return [
        replace(item, text=whole[id(item)], shown_as=item.fingerprint) if id(item) in whole else item for item in items
    ]


async def _of_domain(
    items: Sequence[Item], source: Source, tools: Tools, rests: Rests, until: float
) -> list[tuple[Item, str]]:
    """The longer texts that the pages of one domain bring, one page after the other."""
    found = []
    for item in items:
        if rests.until(_host(item)) or asyncio.get_running_loop().time() > until:
            break
        fetched = await _fetch(item, source, tools)
        if not fetched.fault and fetched.body:
            text = await _text(fetched, tools)
            if len(text) > len(item.text):
                found.append((item, text))
        if fetched.retry_after:  # who says so may be another host, which the item's own leads to
            rests.rest(host_of(fetched.url) or _host(item), fetched.retry_after)
        if fetched.retry_after or fetched.status in _TOO_MUCH:
            break
    return found


async def _fetch(item: Item, source: Source, tools: Tools) -> Fetched:
    # a page of another host must not see who we are to this one
    known = web.credentials(source.options) if _host(item) == host_of(source.url) else {}
    return await tools.door.get(
        item.url or "",
        headers=known | _ACCEPT,
        within=source.options.get("timeout"),
        proxy=source.options.get("proxy"),
    )


async def _text(fetched: Fetched, tools: Tools) -> str:
    try:
        return await tools.work(article.read, fetched.body, fetched.headers.get("content-type", ""))
    except Exception:  # a page that is too much for the worker; the summary serves
        return ""


def _host(item: Item) -> str:
    return host_of(item.url or "")


def _when(item: Item) -> tuple[str, float]:
    return str(item.published or ""), item.published_at.timestamp() if item.published_at else 0.0
