"""The whole text of an item from its own page, where a source shows only a summary (``full_text: true``)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor.model import Item, Source
from monitor.sources import Tools, web
from monitor.sources.reading import article

_ACCEPT = {"Accept": "text/html, application/xhtml+xml, */*;q=0.1"}


async def complete(items: Sequence[Item], source: Source, tools: Tools) -> list[Item]:
    """The items with the text of their pages; one whose page brings no more than the summary keeps that."""
    return list(await asyncio.gather(*(_complete(item, source, tools) for item in items)))


async def _complete(item: Item, source: Source, tools: Tools) -> Item:
    if not item.url:
        return item
    # a page of another host must not see who we are to this one
    known = web.credentials(source.options) if _host(item.url) == _host(source.url) else {}
    fetched = await tools.door.get(
        item.url,
        headers=known | _ACCEPT,
        within=source.options.get("timeout"),
        proxy=source.options.get("proxy"),
    )
    if fetched.fault or not fetched.body:
        return item
    try:
        text = await tools.work(article.read, fetched.body, fetched.headers.get("content-type", ""))
    except Exception:  # a page that is too much for the worker; the summary serves
        return item
    # its identity stays that of what the source shows: an edit is seen there, not on the page
    return replace(item, text=text, shown_as=item.fingerprint) if len(text) > len(item.text) else item


def _host(url: str) -> str | None:
    return urlsplit(url).hostname
