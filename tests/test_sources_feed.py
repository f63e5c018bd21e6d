"""Feeds: every oddity has a document in tests/feeds with what is read from it beside it; and polls of a real server."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch import Door, Limits
from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import SOURCES, Tools
from monitor.sources.reading import feeds, prose, swift
from monitor.sources.reading.days import when
from monitor.sources.reading.decode import decode, mend_xml
from monitor.sources.reading.document import Document, read
from monitor.sources.reading.entries import MOST_ITEMS, WHOLE, Body, Entry, RawFeed, Reading, items
from monitor.sources.reading.links import canonical
from tests.soak.soak_feeds import DIFFER, MOST_DIFFER, agreed, complaint, corpus, mutated

CORPUS = sorted(path for path in (Path(__file__).parent / "feeds").iterdir() if not path.name.endswith(".items.json"))
READING = Reading(source="gazette", url="https://gazette.example/feeds/all.xml")
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def shown(document: Document) -> dict[str, Any]:
    """A document as its ``.items.json`` has it."""
    return {
        "problem": document.problem,
        "notes": list(document.notes),
        "pace": document.pace.total_seconds() if document.pace else None,
        "items": [item_shown(item) for item in document.items],
    }


def item_shown(item: Item) -> dict[str, Any]:
    plain = {name: getattr(item, name) for name in ("id", "title", "text", "url", "outlet")}
    days = {
        name: value and value.isoformat()
        for name, value in (("published", item.published), ("published_at", item.published_at))
    }
    return plain | days | {"language": item.language}


def golden(path: Path) -> Path:
    return path.with_name(f"{path.stem}.items.json")


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_document_is_read_as_its_golden_file_says(path: Path) -> None:
    assert shown(read(path.read_bytes(), READING)) == json.loads(golden(path).read_text(encoding="utf-8"))


def test_the_corpus_has_at_least_sixty_documents_and_no_orphans() -> None:
    assert len(CORPUS) >= 60
    assert {golden(path).name for path in CORPUS} == {path.name for path in CORPUS[0].parent.glob("*.items.json")}


@pytest.mark.parametrize(
    "path", [p for p in CORPUS if p.suffix == ".xml" and p.stem not in DIFFER], ids=lambda p: p.stem
)
def test_the_swift_reader_and_the_tolerant_one_find_the_same(path: Path) -> None:
    mended = mend_xml(decode(path.read_bytes()))
    quick = swift.parse(mended.text) if mended.text else None
    if quick is not None:
        assert _found(quick) == _found(feeds.parse(mended.text))


def _found(feed: RawFeed | None) -> tuple[object, ...]:
    assert feed is not None
    return items(feed, READING).items, feed.pace


def test_the_swift_reader_takes_on_most_of_the_corpus() -> None:
    mended = [mend_xml(decode(path.read_bytes())).text for path in CORPUS]
    feeds_only = [text for text in mended if text]
    assert sum(swift.parse(text) is not None for text in feeds_only) > 0.9 * len(feeds_only)


def test_no_file_is_opened_and_no_address_fetched_because_a_document_says_so(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<rss><channel><item><title>Secret</title></item></channel></rss>")
    for body in (str(secret).encode(), f"file://{secret}".encode(), b"http://127.0.0.1:9/feed"):
        assert read(body, READING).items == ()


def test_items_of_one_document_are_bounded() -> None:
    body = "<rss><channel>" + "<item><title>x</title></item>" * (MOST_ITEMS + 5) + "</channel></rss>"
    assert read(body.encode(), READING).notes == (f"only the first {MOST_ITEMS} of {MOST_ITEMS + 5} items",)


SOME_ENTRIES = st.lists(
    st.builds(
        Entry,
        guid=st.sampled_from(["", "0", "https://gazette.example/1"]),
        permalink=st.booleans(),
        link=st.sampled_from(["", "/1", "/2", "/1?utm_source=feed"]),
        title=st.sampled_from([Body(value=""), Body(value="Harbour"), Body(value="Mill")]),
        bodies=st.sampled_from([(), (Body(value="Open."),), (Body(value="<p>Shut.</p>"),)]),
    ),
    max_size=5,
)


@given(SOME_ENTRIES, SOME_ENTRIES)
def test_what_a_document_shows_again_word_for_word_is_left_out_and_nothing_else(
    then: list[Entry], now: list[Entry]
) -> None:
    before = items(RawFeed(entries=tuple(then)), READING)
    again, whole = (
        items(RawFeed(entries=tuple(now)), reading) for reading in (replace(READING, marks=before.marks), READING)
    )
    assert again.items == tuple(item for item in whole.items if item.id not in again.known)
    assert {*again.known, *(item.id for item in again.items)} == {item.id for item in whole.items}
    left_out = [item for item in whole.items if item.id in again.known]
    assert all(any(replace(old, id=item.id) == item for old in before.items) for item in left_out)
    assert again.marks == whole.marks


def test_a_document_with_one_new_item_among_others_brings_that_alone() -> None:
    def of(*names: str, outlet: str = "Gazette") -> bytes:
        entries = "".join(f"<item><title>{n}</title><link>https://gazette.example/{n}</link></item>" for n in names)
        return f"<rss version='2.0'><channel><title>{outlet}</title>{entries}</channel></rss>".encode()

    first = read(of("mill", "quay"), READING)
    again = replace(READING, marks=first.marks)
    second = read(of("ferry", "mill", "quay"), again)
    assert [item.title for item in second.items] == ["ferry"]
    assert second.known == ("https://gazette.example/mill", "https://gazette.example/quay")
    assert len(read(of("mill", "quay", outlet="The Gazette"), again).items) == 2  # who publishes is part of an item


@pytest.mark.parametrize("seed", range(5))
def test_documents_that_were_damaged_are_read_in_whole_items_or_not_at_all(seed: int) -> None:
    dice, bodies = random.Random(seed), corpus()
    documents = [read(mutated(bodies, dice), READING) for _ in range(40)]
    assert [told for document in documents if (told := complaint(document))] == []


def test_the_two_readers_find_the_same_in_damaged_documents_that_both_take_on() -> None:
    dice, bodies = random.Random(1), corpus(without=DIFFER)
    found = [same for _ in range(1500) if (same := agreed(mutated(bodies, dice))) is not None]
    assert len(found) > 30
    assert found.count(False) <= MOST_DIFFER * len(found)


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "deep nesting": lambda: b"<rss><channel><item>" + b"<a>" * 300_000 + b"</item></channel></rss>",
    "an author of 400 kB": lambda: (
        b"<rss><channel><item><author>" + b"a@b (" * 80_000 + b"</author><title>x</title><br></item></channel></rss>"
    ),
    "sections never closed": lambda: b"<rss>" + b"<![CDATA[" * 200_000,
    "comments never closed": lambda: b"<rss>" + b"<!--" * 300_000,
    "comments before a page": lambda: b"<!-- a -->\n" * 50_000 + b"<p>",
    "tags never closed": lambda: b"<rss><channel>" + b"<item><title>x" * 30_000,
    "ampersands": lambda: b"<rss><channel><item><title>" + b"&" * 1_000_000 + b"</title></item></channel></rss>",
    "markup never closed": lambda: (
        b"<rss><channel><item><description><![CDATA[" + b"<p " * 300_000 + b"]]></description></item></channel></rss>"
    ),
    "blank lines": lambda: (
        b"<rss><channel><item><description>" + b" \n" * 500_000 + b"x</description></item></channel></rss>"
    ),
    "a million digits": lambda: (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 1_000_000 + b"}]}"
    ),
    "brackets": lambda: b'{"items":' + b"[" * 500_000,
    "nothing but attributes": lambda: b"<rss " + b"a='b' " * 200_000 + b">",
    "one long name": lambda: b"<" + b"x" * 2_000_000 + b":rss>",
}


@pytest.mark.parametrize("attack", HOSTILE, ids=lambda name: name.replace(" ", "-"))
def test_a_document_made_to_hurt_is_read_or_refused(attack: str) -> None:
    document = read(HOSTILE[attack](), READING)
    assert len(document.items) <= MOST_ITEMS


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_bytes_make_a_reading_fail(body: bytes, content_type: str) -> None:
    read(body, replace(READING, content_type=content_type))
    read(b"<rss><channel><item><title>" + body + b"</title></item></channel></rss>", READING)
    read(b'{"version":"https://jsonfeed.org/version/1","items":[' + body + b"]}", READING)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
def test_a_damaged_document_never_raises_nor_invents_items(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    body = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 12)):
        spot = chance.randrange(len(body))
        match chance.randrange(4):
            case 0:
                body[spot] = chance.randrange(256)
            case 1:
                del body[spot : spot + chance.randint(1, 40)]
            case 2:
                body[spot:spot] = body[chance.randrange(len(body)) :][: chance.randint(1, 60)]
            case _:
                body = body[: spot + 1]
        if not body:
            return
    document = read(bytes(body), READING)
    assert all(item.id for item in document.items)
    assert len({item.id for item in document.items}) == len(document.items)


@pytest.mark.parametrize(
    "path", [p for p in CORPUS if p.stem in ("rss-2.0-plain", "atom-1.0", "dates-in-many-forms")], ids=lambda p: p.stem
)
def test_wherever_a_document_is_cut_no_half_item_is_left(path: Path) -> None:
    body = path.read_bytes()
    whole = set(read(body, READING).items)
    for end in range(len(body) - 1, 0, -97):
        assert set(read(body[:end], READING).items) <= whole


# --- parts -----------------------------------------------------------------------------------------------------------


def test_the_day_is_the_outlet_s_own_and_the_instant_everybody_s() -> None:
    day, instant = when("Tue, 03 Mar 2026 23:30:00 -0800")
    assert day == date(2026, 3, 3)
    assert instant is not None
    assert instant.astimezone(UTC) == datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


@given(
    st.text(max_size=40)
    | st.from_regex(r"\w{3}, \d{1,4}[ .-]\w{1,4}[ .-]\d{1,5} \d\d?:\d\d(:\d\d)? ?[+-]?\w{0,5}", fullmatch=True)
)
def test_no_words_make_the_reading_of_dates_fail(words: str) -> None:
    day, instant = when(words)
    assert instant is None or (day is not None and instant.tzinfo is not None)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_every_iso_instant_is_read_back(moment: datetime) -> None:
    written = moment.replace(microsecond=0).isoformat()
    exact = datetime.fromisoformat(written)
    assert when(written) == (exact.date(), exact)


@given(st.text(max_size=200))
def test_clean_text_is_clean_already(words: str) -> None:
    text = prose.tidy(words)
    assert prose.tidy(text) == text
    assert prose.html_to_text(words) is not None


@pytest.mark.parametrize(
    "one, other",
    [
        ("https://www.gazette.example/a/", "http://gazette.example/a"),
        ("https://gazette.example/a?utm_source=x&utm_medium=y", "https://gazette.example/a#comments"),
        ("https://gazette.example/a?b=2&a=1", "https://gazette.example/a?a=1&b=2"),
        ("https://m.gazette.example/a", "https://gazette.example/a/index.html"),
        ("https://gazette.example/a/amp", "https://GAZETTE.example:443/a"),
    ],
)
def test_two_links_to_one_article_are_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    "other", ["https://gazette.example/a?id=2", "https://gazette.example/b", "https://other.example/a?id=1"]
)
def test_links_to_two_articles_are_not_the_same(other: str) -> None:
    assert canonical("https://gazette.example/a?id=1") != canonical(other)


@given(st.from_regex(WHOLE, fullmatch=True), st.sampled_from(["", READING.url, "https://gazette.example/a/../b?c#d"]))
def test_an_address_that_is_whole_stays_as_it_is_whatever_it_is_joined_with(link: str, base: str) -> None:
    assert urljoin(base, link) == link


def test_one_guid_with_one_page_under_two_links_is_one_item() -> None:
    body = "".join(
        f"<item><guid>g</guid><link>https://gazette.example/a?utm_source={n}</link><title>{n}</title></item>"
        for n in ("now", "before")
    )
    found = read(f"<rss><channel>{body}</channel></rss>".encode(), READING).items
    assert [(item.id, item.title) for item in found] == [("g", "now")]


# --- polls of a real server ------------------------------------------------------------------------------------------

Answer = tuple[int, dict[str, str], bytes]
FEED = (Path(__file__).parent / "feeds" / "rss-2.0-plain.xml").read_bytes()


class Site:
    """A web server whose pages are functions of the request's headers; it remembers what was asked."""

    def __init__(self, pages: Mapping[str, Callable[[Mapping[str, str]], Answer]]) -> None:
        site, self.asked = self, list[tuple[str, dict[str, str]]]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.asked.append((self.path, headers))
                status, answer, body = pages.get(self.path, lambda _: (404, {}, b""))(headers)
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | answer).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


async def here(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """``Tools.work`` without a worker."""
    return function(*args, **kwargs)


def poll(source: Source, state: Mapping[str, Any] | None = None, *, now: datetime = NOW, work: Any = here) -> Poll:
    async def go() -> Poll:
        async with Door(Limits(allow=("127.0.0.1",), timeout=timedelta(seconds=60))) as door:
            return await SOURCES["feed"].poll(source, state or {}, Tools(door=door, work=work, now=now))

    polled = asyncio.run(go())
    assert json.loads(json.dumps(dict(polled.state))) == dict(polled.state), "a state must survive the database"
    return polled


def feed(url: str, **more: Any) -> Source:
    return Source(name="gazette", type="feed", url=url, **more)


def fixed(status: int = 200, body: bytes = FEED, **headers: str) -> Callable[[Mapping[str, str]], Answer]:
    return lambda _: (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def conditional(request: Mapping[str, str]) -> Answer:
    if request.get("if-none-match") == '"v1"':
        return 304, {"Retry-After": "300"}, b""
    return 200, {"ETag": '"v1"', "Last-Modified": "Tue, 03 Mar 2026 10:00:00 GMT", "Content-Type": "text/xml"}, FEED


def test_a_poll_brings_the_feed_s_items() -> None:
    with Site({"/feed": fixed()}) as site:
        polled = poll(feed(site.url()))
    assert (polled.outcome, polled.reason) == (PollOutcome.ITEMS, "200 OK, 2 items")
    assert [item.id for item in polled.items] == ["gazette-1", "gazette-2"]
    assert {item.source for item in polled.items} == {"gazette"}


def test_the_configuration_names_outlet_and_language_where_items_do_not() -> None:
    with Site({"/feed": fixed(body=b"<rss><channel><item><title>x</title></item></channel></rss>")}) as site:
        polled = poll(feed(site.url(), outlet="The Gazette", language="fr"))
    assert [(item.outlet, item.language) for item in polled.items] == [("The Gazette", "fr")]


def test_a_feed_that_says_304_is_unchanged_and_may_ask_for_rest() -> None:
    with Site({"/feed": conditional}) as site:
        first = poll(feed(site.url()))
        second = poll(feed(site.url()), first.state)
    assert (second.outcome, second.reason) == (PollOutcome.UNCHANGED, "304 Not Modified")
    assert second.retry_after == timedelta(minutes=5)
    assert site.asked[1][1]["if-modified-since"] == "Tue, 03 Mar 2026 10:00:00 GMT"
    assert second.state["etag"] == '"v1"'


def test_the_same_bytes_are_unchanged_though_the_server_knows_no_validators() -> None:
    with Site({"/feed": fixed()}) as site:
        second = poll(feed(site.url()), poll(feed(site.url())).state)
    assert (second.outcome, second.reason) == (PollOutcome.UNCHANGED, "200 OK, the same document")


def test_a_source_with_a_new_address_is_read_anew() -> None:
    with Site({"/feed": conditional, "/other": conditional}) as site:
        state = poll(feed(site.url())).state
        assert poll(feed(site.url("/other")), state).outcome is PollOutcome.ITEMS


def test_a_document_that_cannot_be_read_is_asked_for_again() -> None:
    answers = [b"<html><title>Back soon</title></html>", FEED]
    with Site({"/feed": lambda headers: (200, {"ETag": '"v1"'}, answers[0])}) as site:
        broken = poll(feed(site.url()))
        answers.pop(0)
        mended = poll(feed(site.url()), broken.state)
    assert (broken.outcome, broken.reason) == (PollOutcome.FAILED, "200 OK, but an HTML page (Back soon), not a feed")
    assert "if-none-match" not in site.asked[1][1]
    assert mended.outcome is PollOutcome.ITEMS


@pytest.mark.parametrize(
    "status, outcome", [(410, PollOutcome.GONE), (404, PollOutcome.FAILED), (500, PollOutcome.FAILED)]
)
def test_only_410_means_gone(status: int, outcome: PollOutcome) -> None:
    with Site({"/feed": fixed(status, b"")}) as site:
        assert poll(feed(site.url())).outcome is outcome


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(status: int) -> None:
    with Site({"/feed": fixed(status, b"", Retry_After="600")}) as site:
        polled = poll(feed(site.url()), {"of": hashlib.sha256(site.url().encode()).hexdigest()[:16], "etag": '"v0"'})
    assert (polled.outcome, polled.retry_after) == (PollOutcome.FAILED, timedelta(minutes=10))
    assert polled.state["etag"] == '"v0"'


def test_an_empty_answer_is_a_failure() -> None:
    with Site({"/feed": fixed(body=b"")}) as site:
        assert poll(feed(site.url())).reason == "200 OK, but an empty answer"


@pytest.mark.parametrize(
    "type", ["text/html", "application/octet-stream", "image/png", "text/plain; charset=koi8-r", ""]
)
def test_a_wrong_content_type_does_no_harm(type: str) -> None:
    with Site({"/feed": fixed(Content_Type=type)}) as site:
        assert len(poll(feed(site.url())).items) == 2


def test_a_compressed_feed_is_read() -> None:
    with Site({"/feed": fixed(body=gzip.compress(FEED), Content_Encoding="gzip")}) as site:
        assert len(poll(feed(site.url())).items) == 2


def test_a_host_that_nobody_may_dial_fails_with_its_reason() -> None:
    polled = poll(feed("http://169.254.169.254/latest"))
    assert (polled.outcome, polled.reason) == (PollOutcome.FAILED, "address not allowed: 169.254.169.254 is link-local")


def test_a_move_is_followed_at_once_and_believed_after_two_days() -> None:
    with Site({"/feed": fixed(301, b"", Location="/new"), "/new": fixed()}) as site:
        first = poll(feed(site.url()))
        early = poll(feed(site.url()), first.state, now=NOW + timedelta(hours=30))
        late = poll(feed(site.url()), early.state, now=NOW + timedelta(hours=50))
        poll(feed(site.url()), late.state, now=NOW + timedelta(hours=52))
    assert len(first.items) == 2
    assert [path for path, _ in site.asked] == ["/feed", "/new", "/feed", "/new", "/new", "/new"]


def test_a_new_address_that_fails_sends_us_back_to_the_old_one() -> None:
    pages = {"/feed": fixed(301, b"", Location="/new"), "/new": fixed()}
    with Site(pages) as site:
        state = poll(feed(site.url())).state
        pages["/new"], pages["/feed"] = fixed(404, b""), fixed()
        failed = poll(feed(site.url()), state, now=NOW + timedelta(days=3))
        again = poll(feed(site.url()), failed.state, now=NOW + timedelta(days=3, minutes=15))
    assert failed.outcome is PollOutcome.FAILED
    assert again.outcome is PollOutcome.UNCHANGED
    assert again.state.get("moved") is None


def test_a_feed_and_its_server_say_how_often_to_come() -> None:
    body = (Path(__file__).parent / "feeds" / "ttl-and-update-period.xml").read_bytes()
    with Site({"/feed": fixed(body=body, Cache_Control="max-age=900")}) as site:
        polled = poll(feed(site.url()))
        again = poll(feed(site.url()), polled.state)
    assert (polled.pace, polled.fresh) == (timedelta(hours=6), timedelta(minutes=15))
    assert (again.outcome, again.pace, again.fresh) == (PollOutcome.UNCHANGED, polled.pace, polled.fresh)


@pytest.mark.parametrize(
    "options, sent",
    [
        ({"bearer": "s3cret"}, "Bearer s3cret"),
        ({"user": "reader", "password": "pass"}, "Basic cmVhZGVyOnBhc3M="),
        ({"headers": {"Authorization": "Token x"}}, "Token x"),
    ],
)
def test_a_source_can_prove_who_we_are(options: dict[str, Any], sent: str) -> None:
    with Site({"/feed": fixed()}) as site:
        poll(feed(site.url(), options=options))
    assert site.asked[0][1]["authorization"] == sent


def test_a_password_in_an_address_gets_no_further_than_the_server() -> None:
    body = b"<rss><channel><item><title>x</title><link>/page</link></item></channel></rss>"
    with Site({"/feed": fixed(301, b"", Location="/new"), "/new": fixed(body=body)}) as site:
        source = feed(site.url().replace("127.0.0.1", "reader:s3cret@127.0.0.1"))
        first = poll(source)
        second = poll(source, first.state, now=NOW + timedelta(days=3))
    assert "s3cret" not in repr(first) + repr(second)
    assert first.items[0].url == site.url("/page")
    assert [path for path, _ in site.asked] == ["/feed", "/new", "/new"]
    assert all(headers["authorization"] == "Basic cmVhZGVyOnMzY3JldA==" for _, headers in site.asked)


def test_a_parser_that_dies_fails_one_poll() -> None:
    async def dying(*_: object) -> None:
        raise MemoryError

    with Site({"/feed": fixed()}) as site:
        polled = poll(feed(site.url()), work=dying)
    assert (polled.outcome, polled.reason) == (PollOutcome.FAILED, "200 OK, but cannot be read: MemoryError")


def test_a_failure_s_reason_is_one_printable_line() -> None:
    page = b"<html><title>\x1b[31mRed\nalert \xe2\x80\xaekcab</title></html>"
    with Site({"/feed": fixed(body=page)}) as site:
        reason = poll(feed(site.url())).reason
    assert reason.isprintable()
