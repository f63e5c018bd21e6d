"""The whole text of an item from its own page, where a source shows only a summary (``full_text: true``).

Pages cost a host more than its feed does. A poll asks for no more than ``pages`` of them, for those of a domain one
after the other, and for none of a domain that rests. Once a domain says that it is asked too often, or for too much, it
is asked for no other page, and rests for as long as it wants. What a poll leaves is owed (pipeline/pages.py).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What became of the pages that were asked for."""

    #: items with the text of their pages, where that is longer
    whole: tuple[Item, ...] = ()
    #: identities of those whose page was had, whatever it brought, or cannot be had; the others are to be asked later
    done: frozenset[str] = frozenset()
    #: whether somebody said that he is asked too often, or for too much
    refused: bool = False


def newest(items: Iterable[Item]) -> list[Item]:
    """Those of the items that have a page, the newest first; without a day they stay in the source's order."""
    return sorted((item for item in items if _host(item)), key=_when, reverse=True)


async def read(wanted: Sequence[Item], source: Source, tools: Tools, rests: Rests) -> Read:
    """Asks for the pages of items in this order, side by side at several domains."""
    by_domain: dict[str, list[Item]] = defaultdict(list)
    for item in wanted:
        by_domain[registered_domain(_host(item))].append(item)
    until = asyncio.get_running_loop().time() + LONGEST.total_seconds()
    found = await asyncio.gather(*(_of_domain(each, source, tools, rests, until) for each in by_domain.values()))
    return Read(
        whole=tuple(item for each in found for item in each.whole),
        done=frozenset().union(*(each.done for each in found)),
        refused=any(each.refused for each in found),
    )


async def _of_domain(items: Sequence[Item], source: Source, tools: Tools, rests: Rests, until: float) -> Read:
    """The pages of one domain, one after the other."""
    whole: list[Item] = []
    done: set[str] = set()
    for item in items:
        if rests.until(_host(item)) or asyncio.get_running_loop().time() > until:
            break
        fetched = await _fetch(item, source, tools)
        if fetched.retry_after:  # who says so may be another host, which the item's own leads to
            rests.rest(host_of(fetched.url) or _host(item), fetched.retry_after)
        if fetched.status in _TOO_MUCH:
            return Read(whole=tuple(whole), done=frozenset(done), refused=True)
        done.add(item.id)
        if not fetched.fault and fetched.body:
            text = await _text(fetched, tools)
            if len(text) > len(item.text):  # its identity stays that of what the source shows: an edit is seen there
                whole.append(replace(item, text=text, shown_as=item.fingerprint))
        if fetched.retry_after:
            return Read(whole=tuple(whole), done=frozenset(done), refused=True)
    return Read(whole=tuple(whole), done=frozenset(done))


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
