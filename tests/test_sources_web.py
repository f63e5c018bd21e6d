"""Pages and sitemaps as sources, and the whole text of an item from its own page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch import Door, Limits
from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import SOURCES, Tools, full_text
from monitor.sources.reading import article, listing, sitemaps
from monitor.sources.reading.days import when
from monitor.sources.reading.entries import Reading

READING = Reading(source="harbour", url="https://harbour.example/news/")
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

LISTING = b"""<html lang="en"><head><title>Harbour Office</title></head><body><nav><a href="/">Home</a></nav>
<ul><li class="news"><h3><a href="/news/1">Ferry runs aground</a></h3><time datetime="2026-03-02">2 March</time>
<p>Nobody was hurt.</p></li>
<li class="news"><h3><a href="https://other.example/2">Pier closed</a></h3><time>3 March 2026</time>
<p>Until May.</p></li>
<li class="advert"><a href="/buy">Buy</a></li></ul></body></html>"""

SELECTORS = {"items": "li.news", "title": "h3", "text": "p", "date": "time"}

SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://harbour.example/a/old-crane-sold</loc><lastmod>2026-03-01</lastmod></url>
<url><loc>https://harbour.example/a/2</loc><news:news><news:publication><news:name>Harbour Post</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-03-03T08:00:00+01:00</news:publication_date>
<news:title>Strike ends</news:title></news:news></url></urlset>"""

ARTICLE = b"""<html><body><nav><a href='/'>Home</a><a href='/x'>World</a></nav><div class="cookie-banner">We use cookies
to improve your visit. Accept all cookies</div><article><h1>Ferry runs aground</h1><p>A ferry with 120 people on board
ran aground off Harbour Point on Monday, the coast guard said, and all of them were brought ashore by nightfall.</p>
<p>The captain told investigators that the rudder had failed in a heavy sea; divers will look at it in the
morning.</p></article>
<div id="comments"><p>First! What a shame about the ferry, I was on it last year.</p></div></body></html>"""


def test_a_listing_page_is_read_by_its_selectors() -> None:
    found = listing.read(LISTING, READING, selectors=SELECTORS).items
    assert [(i.title, i.url, i.text, i.published, i.outlet) for i in found] == [
        (
            "Ferry runs aground",
            "https://harbour.example/news/1",
            "Nobody was hurt.",
            date(2026, 3, 2),
            "Harbour Office",
        ),
        ("Pier closed", "https://other.example/2", "Until May.", date(2026, 3, 3), "Harbour Office"),
    ]


@pytest.mark.parametrize("words", ["3 March 2026", "March 3, 2026", "Tue, 3 Mar 2026", "3.3.2026"])
def test_days_in_words_need_no_hour(words: str) -> None:
    assert when(words) == (date(2026, 3, 3), None)


def test_a_listing_page_of_bare_links_needs_one_selector() -> None:
    found = listing.read(LISTING, READING, selectors={"items": "li.news a"}).items
    assert [(i.title, i.id) for i in found] == [
        ("Ferry runs aground", "https://harbour.example/news/1"),
        ("Pier closed", "https://other.example/2"),
    ]


def test_a_page_that_was_built_anew_is_a_fault_not_an_empty_list() -> None:
    assert listing.read(b"<p>New!</p>", READING, selectors=SELECTORS).problem == (
        'a page on which "li.news" selects nothing'
    )


def test_a_news_sitemap_is_read_newest_first() -> None:
    found = sitemaps.read(SITEMAP, READING).items
    assert [(i.title, i.url, i.published, i.outlet, i.language) for i in found] == [
        ("Strike ends", "https://harbour.example/a/2", date(2026, 3, 3), "Harbour Post", "en"),
        ("old crane sold", "https://harbour.example/a/old-crane-sold", date(2026, 3, 1), None, None),
    ]


def test_a_list_of_sitemaps_names_them() -> None:
    body = b"<sitemapindex><sitemap><loc>https://harbour.example/news.xml</loc></sitemap></sitemapindex>"
    assert "https://harbour.example/news.xml" in (sitemaps.read(body, READING).problem or "")


@given(
    st.binary(max_size=300)
    | st.sampled_from([LISTING, SITEMAP]).flatmap(lambda b: st.integers(0, len(b)).map(lambda n: b[:n]))
)
def test_no_bytes_make_the_readers_fail(body: bytes) -> None:
    listing.read(body, READING, selectors=SELECTORS)
    sitemaps.read(body, READING)


def test_the_article_of_a_page_comes_without_what_is_around_it() -> None:
    text = article.read(ARTICLE)
    assert "rudder had failed" in text
    assert "cookies" not in text
    assert "First!" not in text
    assert "World" not in text


# --- of a real server ------------------------------------------------------------------------------------------------


def served(pages: Mapping[str, bytes], asked: list[tuple[str, str | None]], use: Any) -> Any:
    """What ``use(port)`` gives back while a server has these pages."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Authorization")))
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        return asyncio.run(use(server.server_address[1]))
    finally:
        server.shutdown()
        server.server_close()


async def here(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """``Tools.work`` without a worker."""
    return function(*args, **kwargs)


def tools(door: Door) -> Tools:
    return Tools(door=door, work=here, now=NOW)


class Quiet:
    """Domains that all rest until then, or none; ``told`` is what was asked for."""

    def __init__(self, rests: datetime | None = None) -> None:
        self.rests = rests
        self.told: list[tuple[str, timedelta]] = []

    def until(self, host: str) -> datetime | None:
        return self.rests

    def rest(self, host: str, wait: timedelta) -> None:
        self.told.append((host, wait))


LIMITS = Limits(allow=("127.0.0.0/8",))


@pytest.mark.parametrize(
    "type, body, options, count", [("page", LISTING, {"items": "li.news"}, 2), ("sitemap", SITEMAP, {}, 2)]
)
def test_a_poll_brings_items_and_then_says_that_nothing_changed(
    type: str, body: bytes, options: Any, count: int
) -> None:
    async def use(port: int) -> list[Poll]:
        source = Source(name="harbour", type=type, url=f"http://127.0.0.1:{port}/news", options=options)
        async with Door(LIMITS) as door:
            first = await SOURCES[type].poll(source, {}, tools(door))
            return [first, await SOURCES[type].poll(source, first.state, tools(door))]

    first, second = served({"/news": body}, [], use)
    assert (first.outcome, len(first.items)) == (PollOutcome.ITEMS, count)
    assert second.outcome is PollOutcome.UNCHANGED


def completed(
    item_host: str, pages: Mapping[str, bytes], rests: datetime | None = None
) -> tuple[Item, list[tuple[str, str | None]]]:
    asked: list[tuple[str, str | None]] = []

    async def use(port: int) -> Item:
        item = Item(source="harbour", id="1", text="A ferry ran aground.", url=f"http://{item_host}:{port}/news/1")
        options = {"bearer": "s3cret", "full_text": True}
        source = Source(name="harbour", type="feed", url=f"http://127.0.0.1:{port}/feed", options=options)
        async with Door(LIMITS) as door:
            found = await full_text.read([item], source, tools(door), Quiet(rests))
            return next(iter(found.whole), item)

    return served(pages, asked, use), asked


def test_the_text_of_an_item_s_page_takes_the_place_of_its_summary() -> None:
    item, asked = completed("127.0.0.1", {"/news/1": ARTICLE})
    assert "rudder had failed" in item.text
    assert asked == [("/news/1", "Bearer s3cret")]


def test_an_item_with_its_whole_text_is_the_one_that_the_source_shows() -> None:
    item, _ = completed("127.0.0.1", {"/news/1": ARTICLE})
    assert item.fingerprint == Item(source="harbour", id="1", text="A ferry ran aground.").fingerprint


def test_the_summary_serves_where_the_page_cannot_be_had() -> None:
    assert completed("127.0.0.1", {})[0].text == "A ferry ran aground."


def test_a_page_of_another_host_does_not_see_who_we_are() -> None:
    assert completed("127.0.0.2", {"/news/1": ARTICLE})[1] in ([], [("/news/1", None)])


def test_a_domain_that_rests_is_asked_for_no_page() -> None:
    item, asked = completed("127.0.0.1", {"/news/1": ARTICLE}, NOW + timedelta(hours=1))
    assert (item.text, asked) == ("A ferry ran aground.", [])


def test_an_item_whose_address_is_none_keeps_its_summary() -> None:
    item = Item(source="harbour", id="1", text="A ferry ran aground.", url="http://[harbour/1")
    assert full_text.newest([item]) == []


def test_a_number_of_pages_needs_full_text() -> None:
    assert SOURCES["feed"].complaint({"pages": 5}) == ("pages", "does nothing without full_text: true")
    assert SOURCES["feed"].complaint({"pages": 5, "full_text": True}) is None
