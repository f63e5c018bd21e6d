"""Polls, end to end: a feed that a real server serves, real extraction, a database, and a clock turned by hand."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor import config
from monitor.cli import sources
from monitor.extract import extract_all
from monitor.model import Channel, Item, Message, Outcome, OutcomeType, PollOutcome
from monitor.pipeline import Pipeline, Polled
from monitor.pipeline.book import Book, from_json, to_json
from monitor.pipeline.debt import MOST_OWED, Debt
from monitor.store import SourceState, Store
from monitor.workers import Workers, WorkFailed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the served feed."""

    guid: str
    title: str
    text: str
    link: str
    day: int = 1


STORIES = (
    Entry(
        guid="a",
        title="Landslide at Aru",
        text="A landslide at Aru killed 12 people on Sunday, police said. Rescuers were still digging at nightfall.",
        link="https://ridge.example/world/landslide-at-aru",
    ),
    Entry(
        guid="b",
        title="Fire in Benda",
        text="A fire in a market in Benda killed seven people on Saturday, the mayor said. Its cause is not known.",
        link="https://ridge.example/world/fire-in-benda",
    ),
    Entry(
        guid="c",
        title="Bus falls into river near Corra",
        text="A bus fell into a river near Corra on Sunday, killing 23 people, the state broadcaster reported.",
        link="https://ridge.example/world/bus-corra",
    ),
)
LATER = tuple(
    Entry(
        guid=f"later-{place}",
        title=f"Storm hits {place}",
        text=f"A storm in {place} killed {count} people on Monday, officials said. Power was out in half the town.",
        link=f"https://ridge.example/world/storm-{place.lower()}",
        day=2,
    )
    for place, count in (("Dalen", 4), ("Estra", 9), ("Forn", 31))
)


def feed(entries: Sequence[Entry], *, title: str = "Ridge Post", host: str = "ridge.example") -> bytes:
    """An RSS document of these entries, every address of it at this host."""
    items = "".join(
        f"<item><title>{escape(e.title)}</title><guid isPermaLink='false'>{e.guid}</guid>"
        f"<link>{e.link.replace('ridge.example', host)}</link><description>{escape(e.text)}</description>"
        f"<pubDate>{format_datetime(datetime(2026, 3, e.day, 8, tzinfo=UTC))}</pubDate></item>"
        for e in entries
    )
    return f"<rss version='2.0'><channel><title>{title}</title><language>en</language>{items}</channel></rss>".encode()


@dataclass
class Served:
    """What the server answers with at each path; one without an answer is a 404."""

    answers: dict[str, tuple[int, bytes, Mapping[str, str]]] = field(default_factory=dict)
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def put(self, body: bytes, path: str = "/feed", status: int = 200, **headers: str) -> None:
        self.answers[path] = (status, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def served() -> Iterator[Served]:
    """A server on loopback."""
    answers = Served()
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(answers))
    answers.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    yield answers
    server.shutdown()
    server.server_close()


def answering(answers: Served) -> type[BaseHTTPRequestHandler]:
    """What a server does with a request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append(self.path)
            status, body, headers = answers.answers.get(self.path, (404, b"", {}))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler


class Desk:
    """A sender that keeps what it is given; ``works`` says whether its channels take it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.notices: list[Message] = []
        self.works = True

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 0) -> Outcome:
        if not self.works:
            return Outcome(type=OutcomeType.RETRY, reason="down", retry_at=now + timedelta(minutes=1))
        (self.notices if channel.name == "operators" else self.messages).append(message)
        return Outcome(type=OutcomeType.SENT, reason="")

    def close(self) -> None:
        return


class Setup:
    """A configuration, a database, a desk and a clock."""

    def __init__(self, tmp_path: Path, sources: str, *, polling: str = "") -> None:
        self.now = NOW
        self.workers: type[Workers] = Workers
        self.desk = Desk()
        self.database = f"sqlite:///{tmp_path / 'monitor.db'}"
        self.folder = tmp_path / "config"
        (self.folder / "rules").mkdir(parents=True)
        (self.folder / "monitor.yaml").write_text(
            f"operators: operators\npolling:\n  allow: [127.0.0.0/8]\n  timeout: 3s\n{polling}"
        )
        self.sources(sources)
        (self.folder / "channels.yaml").write_text("desk: console://\noperators: console://\n")
        (self.folder / "rules" / "tolls.yaml").write_text(
            "name: tolls\nkind: casualty_update\non: [new, updated, confirmed]\nchannels: [desk]\n"
        )

    def sources(self, text: str) -> None:
        (self.folder / "sources.yaml").write_text(text)

    def run(self, *steps: Callable[[], object]) -> list[Polled]:
        """A pass over every source, then after each step, half an hour later, another one; in one process."""
        return asyncio.run(self._run(steps))

    async def _run(self, steps: Sequence[Callable[[], object]]) -> list[Polled]:
        loaded = config.load(self.folder, {"MONITOR_DATABASE_URL": self.database})
        pipeline = Pipeline(
            loaded,
            store=Store.open(self.database),
            workers=self.workers(),
            sender=self.desk,  # type: ignore[arg-type]  # it sends as a Sender does
            clock=lambda: self.now,
        )
        try:
            polled: list[Polled] = []
            for step in (lambda: None, *steps):
                step()
                polled += await pipeline.polls.poll_all(loaded.sources, lambda _: None)
                await pipeline.deliveries.send_due(lambda _: None)
                await pipeline.tell_health()
                self.now += timedelta(minutes=30)
            return polled
        finally:
            await pipeline.close()

    def state(self, name: str = "ridge") -> SourceState:
        with Store.open(self.database) as store, store.read() as tx:
            return tx.source(name)

    def items(self) -> int:
        with Store.open(self.database) as store:
            return store.counts(self.now).items

    def subjects(self) -> list[str]:
        return [message.subject for message in self.desk.messages]


def one_source(served: Served, more: str = "") -> str:
    return f"ridge:\n  url: {served.url()}\n  backlog: alert\n{more}"


def nothing() -> None:
    """A pass with nothing changed before it."""


# --- backlogs ---


def test_what_feeds_show_at_their_first_poll_is_taken_in_by_day_and_told_to_nobody(
    tmp_path: Path, served: Served
) -> None:
    names = ("old", "mixed", "new")
    setup = Setup(tmp_path, "".join(f"{name}: {served.url('/' + name)}\n" for name in names))
    for name, shown in zip(names, ((*STORIES,), (STORIES[0], *LATER), (*LATER,)), strict=True):
        served.put(feed(shown, title=name), f"/{name}")
    polled = setup.run()
    with Store.open(setup.database) as store, store.read() as tx:
        said = [claim for number in range(1, 11) for claim, _ in tx.claims_of(number)]
    assert len(said) == sum(len(one.taken) for one in polled) == 10
    assert (days := [claim.published for claim in said if claim.published]) == sorted(days)
    assert not setup.subjects()
    assert [setup.state(name).items_total for name in names] == [3, 4, 3]


# --- items under other names -----------------------------------------------------------------------------------------


def test_a_feed_whose_every_guid_changes_overnight_raises_no_second_alert(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    setup.run(lambda: served.put(feed([renamed(e) for e in STORIES])))
    assert len(setup.subjects()) == 3
    assert setup.items() == 3
    assert setup.state().book["missed"] == 0


def renamed(entry: Entry, **more: Any) -> Entry:
    return replace(entry, guid=f"tag:new,{entry.guid}", **more)


def test_a_feed_published_again_under_another_host_raises_no_second_alert(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    again = feed([renamed(e) for e in STORIES], title="Ridge Post Online", host="www.ridge-post.example")
    setup.run(lambda: served.put(again))
    assert len(setup.subjects()) == 3
    assert setup.items() == 3


def test_a_feed_published_again_with_other_days_raises_no_second_alert(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    setup.run(lambda: served.put(feed([renamed(e, day=2) for e in STORIES], host="ridge-post.example")))
    assert len(setup.subjects()) == 3
    assert setup.items() == 3


def test_a_feed_that_moved_to_another_source_of_ours_raises_no_second_alert(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    setup.run()
    served.put(feed([renamed(e) for e in STORIES], title="The Ridge", host="the-ridge.example"), "/new")
    setup.sources(f"the-ridge:\n  url: {served.url('/new')}\n  backlog: alert\n")
    setup.run()
    assert len(setup.subjects()) == 3


def test_the_same_stories_in_two_feeds_of_one_publisher_raise_one_alert_each(tmp_path: Path, served: Served) -> None:
    served.put(feed(STORIES, title="Ridge Post: World"))
    served.put(feed([renamed(e) for e in STORIES], title="Ridge Post: Latest"), "/latest")
    setup = Setup(tmp_path, one_source(served, f"latest:\n  url: {served.url('/latest')}\n  backlog: alert\n"))
    setup.run()
    assert len(setup.subjects()) == 3


def test_an_edit_that_comes_under_a_new_guid_is_an_edit(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    edited = renamed(STORIES[0], text=STORIES[0].text.replace("12 people", "19 people"))
    polled = setup.run(lambda: served.put(feed([edited, *STORIES[1:]])))
    assert [taken.state for taken in polled[-1].taken] == ["edited"]
    assert setup.items() == 3
    assert len(setup.subjects()) == 4


def test_entries_of_a_live_blog_with_one_address_are_several_items(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    blog = "https://ridge.example/live"
    entries = [Entry(guid=e.guid, title="Live: storms", text=e.text, link=f"{blog}#{e.guid}", day=2) for e in LATER]
    served.put(feed(entries[:1]))
    setup.run(lambda: served.put(feed(entries)))
    assert setup.items() == 3


def test_a_report_with_the_same_words_on_another_day_is_another_item(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    daily = Entry(
        guid="1", title="Daily report", text="Two people were killed on the road.", link="https://r.example/1"
    )
    served.put(feed([daily]))
    tomorrow = Entry(guid="2", title=daily.title, text=daily.text, link="https://r.example/2", day=2)
    setup.run(lambda: served.put(feed([tomorrow])))
    assert setup.items() == 2


# --- windows that rolled over ----------------------------------------------------------------------------------------


def test_a_window_that_rolled_over_between_two_polls_is_counted_and_named(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    polled = setup.run(lambda: served.put(feed(LATER)))
    assert [one.lost for one in polled] == [False, True]
    assert setup.state().book["missed"] == 1
    assert setup.state().reason.endswith("none of them known: items were probably missed")


def test_new_lines_of_a_growing_file_are_items_of_their_own_and_nothing_is_missed(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    setup = Setup(tmp_path, f"wire:\n  type: folder\n  path: {tmp_path / 'wire'}\n")

    def add(*ids: str) -> None:
        with (tmp_path / "wire" / "wire.jsonl").open("a") as file:
            file.writelines(
                f'{{"id": "{id}", "text": "The road is closed.", "published": "2026-03-02"}}\n' for id in ids
            )

    add("a")
    polled = setup.run(lambda: add("b", "c", "d"))
    assert [len(each.taken) for each in polled] == [1, 3]
    assert setup.items() == 4
    assert not polled[-1].lost


def test_a_window_that_overlaps_the_last_one_lost_nothing(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(feed(STORIES))
    polled = setup.run(lambda: served.put(feed([*LATER, STORIES[0]])))
    assert [one.lost for one in polled] == [False, False]
    assert polled[-1].poll.outcome is PollOutcome.ITEMS


# --- when to ask again -----------------------------------------------------------------------------------------------


def wait(setup: Setup, name: str = "ridge") -> timedelta:
    state = setup.state(name)
    assert state.next_poll is not None
    assert state.last_poll is not None
    return state.next_poll - state.last_poll


def test_a_source_that_asks_to_be_left_alone_is_left_alone(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(b"", status=503, Retry_After="7200")
    setup.run()
    assert wait(setup) >= timedelta(hours=2)


def two_feeds_of_one_host(served: Served) -> str:
    served.put(feed(STORIES), "/other")
    served.put(b"", status=429, Retry_After="1200")
    return one_source(served, f"other:\n  url: {served.url('/other')}\n")


def test_a_domain_that_asks_to_be_left_alone_is_left_alone_with_all_its_feeds(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, two_feeds_of_one_host(served), polling="  per_host: 1\n")
    second = setup.run()[1]
    assert served.asked == ["/feed"]
    assert second.poll.reason == "not asked: its domain wants to be left alone until 09:20 UTC"
    assert timedelta(minutes=20) <= second.next_poll - NOW <= timedelta(minutes=30)
    assert not second.taken
    served.put(feed(STORIES))
    assert setup.run()[1].taken, "an hour later the rest is over"


def test_a_rest_of_one_feed_lasts_an_hour_at_most_for_the_others(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, two_feeds_of_one_host(served), polling="  per_host: 1\n")
    served.put(b"", status=429, Retry_After="80000")
    first, second = setup.run()
    assert first.next_poll - NOW > timedelta(hours=22)
    assert second.next_poll - NOW <= timedelta(hours=1, minutes=10)


def test_feeds_of_an_aggregator_of_our_own_do_not_rest_for_each_other(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, two_feeds_of_one_host(served), polling="  per_domain: {127.0.0.1: 1}\n")
    setup.run()
    assert sorted(served.asked) == ["/feed", "/other"]


def test_what_was_put_off_stays_put_off_over_a_restart(tmp_path: Path, served: Served) -> None:
    served.put(feed(STORIES), "/other")
    served.put(feed(STORIES))
    setup = Setup(tmp_path, one_source(served, f"other:\n  url: {served.url('/other')}\n"), polling="  per_host: 1\n")
    setup.run(lambda: served.put(b"", status=429, Retry_After="3000"))
    assert wait(setup, "other") >= timedelta(minutes=50)


def test_an_answer_that_its_server_calls_fresh_is_not_asked_for_again(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served, "  interval: 1m\n"))
    served.put(feed(STORIES), Cache_Control="max-age=1200")
    setup.run()
    assert wait(setup) == timedelta(minutes=20)


def test_an_adaptive_source_is_asked_as_often_as_it_publishes(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served, "  interval: adaptive\n"), polling="  shortest: 1h\n  longest: 1d\n")
    entries = [Entry(guid=str(day), title=f"Report {day}", text="Nothing.", link="", day=day) for day in range(1, 21)]
    setup.now = datetime(2026, 3, 20, 8, tzinfo=UTC)
    served.put(feed(entries))
    setup.run()
    assert timedelta(hours=10) < wait(setup) < timedelta(hours=14)


def test_a_source_that_is_gone_is_retired_to_a_look_a_week(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(b"", status=410)
    setup.run()
    assert timedelta(hours=20) < wait(setup) < timedelta(hours=28)
    setup.run()
    assert timedelta(days=6) < wait(setup) < timedelta(days=8)


def test_when_nobody_can_be_reached_no_source_is_to_blame(tmp_path: Path, served: Served) -> None:
    hosts = [f"127.0.0.{n}" for n in range(2, 8)]
    sources = "".join(f"s{n}:\n  url: http://{host}:9/feed\n" for n, host in enumerate(hosts))
    setup = Setup(tmp_path, sources)
    setup.run(lambda: None)
    states = [setup.state(f"s{n}") for n in range(6)]
    assert all(state.failures <= 1 for state in states)
    assert sum(not state.failures for state in states) >= 4
    blameless = [state for state in states if not state.failures]
    assert all("our own network seems to be down" in state.reason for state in blameless)
    assert all(wait(setup, state.name) < timedelta(minutes=3) for state in blameless)


def test_dead_sources_beside_living_ones_are_to_blame(tmp_path: Path, served: Served) -> None:
    sources = "".join(f"s{n}:\n  url: http://127.0.0.{n}:9/feed\n" for n in (2, 3))
    setup = Setup(tmp_path, one_source(served, sources))
    served.put(feed(STORIES))
    setup.run(lambda: None)
    assert [setup.state(name).failures for name in ("s2", "s3", "ridge")] == [2, 2, 0]


def test_a_new_address_that_held_for_two_days_is_the_one_that_is_asked(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(b"", status=301, Location="/new")
    served.put(feed(STORIES), "/new")
    setup.run()
    setup.now += timedelta(days=3)
    setup.run()
    assert served.asked == ["/feed", "/new", "/new"]


def test_a_new_address_that_fails_is_forgotten_for_the_old_one(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(b"", status=301, Location="/new")
    served.put(feed(STORIES), "/new")
    setup.run()
    setup.now += timedelta(days=3)
    served.put(b"", "/new", status=500)
    setup.run()
    served.put(feed(STORIES))
    polled = setup.run()
    assert served.asked == ["/feed", "/new", "/new", "/feed"]
    assert polled[-1].poll.outcome is not PollOutcome.FAILED


def test_polls_of_one_domain_do_not_hold_up_those_of_others() -> None:
    from monitor.fetch import Turns

    async def go() -> list[str]:
        turns, ended, gate = Turns(2, 1), list[str](), asyncio.Event()

        async def one(host: str) -> None:
            async with turns.of(host):
                if host.startswith("slow"):
                    await gate.wait()
                ended.append(host)

        slow = [asyncio.create_task(one(f"slow{n}.example.org")) for n in range(5)]
        await asyncio.gather(*(one(f"quick{n}.test") for n in range(5)))
        gate.set()
        await asyncio.gather(*slow)
        return ended

    assert all(host.startswith("quick") for host in asyncio.run(go())[:5])


# --- work that comes to no end ---------------------------------------------------------------------------------------


class Stuck(Workers):
    """Workers on which one item never comes to an end: what they say of it is what a killed process leads to."""

    async def run_within(self, deadline: timedelta, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if function is extract_all and any(item.title == "Fire in Benda" for item in args[0]):
            raise WorkFailed(f"not done after {deadline.total_seconds():g} s")
        return await super().run_within(deadline, function, *args, **kwargs)


def test_an_item_that_cannot_be_read_in_time_holds_up_no_other(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    setup.workers = Stuck
    served.put(feed(STORIES))
    polled = setup.run(nothing)
    assert sorted(filter(None, (taken.skipped for taken in polled[0].taken))) == ["cannot be read: not done after 20 s"]
    assert polled[1].taken == ()
    assert len(setup.subjects()) == 2


# --- what the operators are told -------------------------------------------------------------------------------------


def told(setup: Setup) -> list[str]:
    return [notice.subject for notice in setup.desk.notices]


def test_a_source_that_stays_broken_is_told_of_once_and_once_when_it_is_well(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    setup.run(*[nothing] * 6)
    assert told(setup) == ["source ridge is broken"]
    assert "404 Not Found" in setup.desk.notices[0].plain
    setup.run(lambda: served.put(feed(STORIES)), nothing)
    assert told(setup) == ["source ridge is broken", "source ridge is well again"]


def test_a_passing_fault_is_not_told(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    setup.run(nothing, lambda: served.put(feed(STORIES)), lambda: served.put(b"", status=500))
    assert told(setup) == []


def test_what_the_operators_could_not_be_told_they_are_told_after_a_restart(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    setup.desk.works = False
    setup.run(*[nothing] * 4)
    assert told(setup) == []
    setup.desk.works = True
    setup.run()
    setup.run()
    assert told(setup) == ["source ridge is broken"]


def test_many_sources_that_fall_ill_together_make_one_notice(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, "".join(f"s{n}:\n  url: {served.url(f'/{n}')}\n" for n in range(5)))
    setup.run(*[nothing] * 4)
    assert told(setup) == ["5 sources need attention"]
    assert setup.desk.notices[0].plain.count("404 Not Found") == 5


def test_a_source_that_is_gone_is_told_of_when_it_says_so_twice(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    served.put(b"", status=410)
    setup.run()
    assert told(setup) == []
    setup.run(nothing)
    assert told(setup) == ["source ridge is gone"]


def test_a_source_that_falls_silent_is_told_of_and_again_when_it_speaks(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    entries = [Entry(guid=str(day), title=f"Report {day}", text="Nothing.", link="", day=day) for day in range(1, 16)]
    setup.now = datetime(2026, 3, 15, 9, tzinfo=UTC)
    served.put(feed(entries))
    setup.run()
    setup.now += timedelta(days=2)
    setup.run()
    assert told(setup) == []
    setup.now += timedelta(days=2)
    setup.run(nothing)
    assert told(setup) == ["source ridge is silent"]
    setup.run(lambda: served.put(feed([Entry(guid="new", title="Report", text="New.", link="", day=19), *entries])))
    assert told(setup) == ["source ridge is silent", "source ridge is well again"]


def test_what_a_source_brings_and_how_long_it_is_silent_is_shown_against_its_rhythm(
    tmp_path: Path, served: Served
) -> None:
    setup = Setup(tmp_path, one_source(served))
    daily = [renamed(STORIES[0], title=f"Report {n}", text=f"It rained {n} times.", day=n) for n in range(1, 15)]
    setup.now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    served.put(feed([replace(entry, guid=f"daily-{n}", link=f"{entry.link}/{n}") for n, entry in enumerate(daily)]))
    setup.run()
    with Store.open(setup.database) as store, store.read() as tx:
        state = tx.source("ridge")
    record = sources._record(state, datetime(2026, 3, 20, 12, tzinfo=UTC))
    row = dict(zip(sources._COLUMNS, sources._row(state, datetime(2026, 3, 20, 12, tzinfo=UTC)), strict=True))
    assert (record["state"], record["usual_gap"], record["silent_for"]) == ("silent", 86400, 6 * 86400 + 4 * 3600)
    assert (row["newest item"], row["usual is one in"]) == ("6 d ago", "24 h")
    assert float(row["items a day"]) > 0


def test_a_source_that_loses_items_again_and_again_is_told_of(tmp_path: Path, served: Served) -> None:
    setup = Setup(tmp_path, one_source(served))
    batches = [[Entry(guid=f"{n}-{i}", title=f"{n} {i}", text="x", link="") for i in range(4)] for n in range(4)]
    served.put(feed(batches[0]))
    setup.run(*[lambda batch=batch: served.put(feed(batch)) for batch in batches[1:]])
    assert told(setup) == ["source ridge is losing"]


def test_an_own_network_that_stays_down_is_one_notice_and_one_when_it_is_back(tmp_path: Path, served: Served) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.2", 0))
        port = one.getsockname()[1]
    setup = Setup(tmp_path, "".join(f"s{n}:\n  url: http://127.0.0.{n}:{port}/feed\n" for n in range(2, 8)))
    with ExitStack() as late:
        served.put(feed(STORIES))
        back = ThreadingHTTPServer(("127.0.0.2", port), answering(served), bind_and_activate=False)
        late.callback(back.server_close)

        def network_is_back() -> None:
            back.server_bind()
            back.server_activate()
            Thread(target=back.serve_forever, daemon=True).start()
            late.callback(back.shutdown)

        setup.run(nothing, nothing, network_is_back)
    assert told(setup) == ["our own network seems to be down", "our own network is back"]


# --- pages of items --------------------------------------------------------------------------------------------------


def pages_of(served: Served, count: int, *, status: int = 200, **headers: str) -> list[Entry]:
    """Entries of a feed, a day older each, with a page each; of the newest the page has this status."""
    entries = [
        Entry(guid=str(n), title=f"Notice {n}", text="Short.", link=served.url(f"/page/{n}"), day=20 - n)
        for n in range(count)
    ]
    words = "The harbour office said on Monday that the northern pier would stay closed for repairs until the summer. "
    for n, entry in enumerate(entries):
        body = f"<html><body><article><h1>{entry.title}</h1><p>{words * 3}</p></article></body></html>".encode()
        served.put(body, f"/page/{n}", **({"status": status, **headers} if n == 0 else {}))  # type: ignore[arg-type]
    served.put(feed(entries[::-1]))
    return entries


def pages(served: Served) -> list[str]:
    return [path for path in served.asked if path.startswith("/page/")]


def test_a_poll_takes_the_pages_of_the_newest_items_only(tmp_path: Path, served: Served) -> None:
    pages_of(served, 6)
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n  pages: 2\n"))
    polled = setup.run()[0]
    assert pages(served) == ["/page/0", "/page/1"]
    assert [one.item.id for one in polled.taken if "northern pier" in one.item.text] == ["1", "0"]
    assert setup.items() == 6


def test_pages_that_a_poll_left_are_taken_by_later_ones_the_oldest_first_and_counted(
    tmp_path: Path, served: Served
) -> None:
    pages_of(served, 6)
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n  pages: 2\n"))
    setup.run()
    owed = [sources._record(setup.state(), setup.now)["pages_owed"]]
    assert "4 pages of items still to be taken" in sources._row(setup.state(), setup.now)[-1]
    for _ in range(3):
        setup.run()
        owed.append(sources._record(setup.state(), setup.now)["pages_owed"])
    assert [pages(served)[n : n + 2] for n in (0, 2, 4, 6)] == [
        ["/page/0", "/page/1"], ["/page/5", "/page/4"], ["/page/3", "/page/2"], []
    ]  # fmt: skip
    assert owed == [4, 2, 0, 0]
    with Store.open(setup.database) as store, store.read() as tx:
        assert all("northern pier" in item.text for item in tx.items_named("ridge", map(str, range(6))))
    assert setup.items() == 6


def test_new_items_come_before_those_whose_pages_are_owed(tmp_path: Path, served: Served) -> None:
    entries = pages_of(served, 4)
    served.put(feed(entries[1:]))
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n  pages: 2\n"))
    setup.run(lambda: served.put(feed(entries)))
    assert pages(served) == ["/page/1", "/page/2", "/page/0", "/page/3"]


@pytest.mark.parametrize("backlog, told", [("alert", 1), ("silent", 0)])
def test_what_a_late_page_tells_is_told_but_of_the_silent_backlog(
    tmp_path: Path, served: Served, backlog: str, told: int
) -> None:
    pages_of(served, 2)
    words = "A fire in a market in Benda killed seven people on Saturday, the mayor said. Its cause is not known. "
    served.put(f"<html><body><article><h1>Notice 1</h1><p>{words * 2}</p></article></body></html>".encode(), "/page/1")
    setup = Setup(tmp_path, f"ridge:\n  url: {served.url()}\n  backlog: {backlog}\n  full_text: true\n  pages: 1\n")
    polled = setup.run(nothing, nothing)
    assert [len(one.taken) for one in polled] == [2, 1, 0]
    assert [str(change.type) for change in polled[1].taken[0].changes] == ["new"]
    assert len(setup.subjects()) == told


def test_pages_of_a_domain_that_refused_are_taken_later(tmp_path: Path, served: Served) -> None:
    pages_of(served, 2, status=503)
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n"))
    setup.run(nothing, nothing)
    assert pages(served) == ["/page/0", "/page/1", "/page/0", "/page/0"]
    assert sources._record(setup.state(), setup.now)["pages_owed"] == 1


def test_no_page_is_taken_while_the_feed_itself_fails(tmp_path: Path, served: Served) -> None:
    pages_of(served, 4)
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n  pages: 2\n"))
    setup.run(lambda: served.put(b"", status=500))
    assert pages(served) == ["/page/0", "/page/1"]
    assert sources._record(setup.state(), setup.now)["pages_owed"] == 2


def test_more_pages_than_a_source_can_be_owed_are_given_up_the_oldest_first_and_counted() -> None:
    newest_first = [Item(id=str(n), text="") for n in range(MOST_OWED + 3)]
    debt = Debt().more(newest_first[3:], quiet=True).more(newest_first[:3], quiet=False)
    assert (len(debt.owed), debt.given_up) == (MOST_OWED, 3)
    assert (debt.owed[0], debt.owed[-1]) == ((str(MOST_OWED - 1), True), ("0", False))
    book = Book(debt=debt)
    assert from_json(json.loads(json.dumps(to_json(book)))) == book


def test_a_source_that_no_longer_takes_pages_owes_none(tmp_path: Path, served: Served) -> None:
    pages_of(served, 4)
    setup = Setup(tmp_path, one_source(served, "  full_text: true\n  pages: 2\n"))
    setup.run()
    setup.sources(one_source(served))
    setup.run()
    assert sources._record(setup.state(), setup.now)["pages_owed"] == 0


def test_without_a_word_of_how_many_a_poll_takes_twenty_pages(tmp_path: Path, served: Served) -> None:
    entries = pages_of(served, 19)
    served.put(feed([*entries, *(replace(entries[0], guid=f"x{n}", day=1) for n in range(9))]))
    Setup(tmp_path, one_source(served, "  full_text: true\n")).run()
    assert len(pages(served)) == 20


@pytest.mark.parametrize("status", [429, 503])
def test_a_page_that_is_asked_too_often_is_heard_for_its_whole_domain(
    tmp_path: Path, served: Served, status: int
) -> None:
    pages_of(served, 4, status=status, Retry_After="2400")
    served.put(feed(STORIES), "/other")
    sources = one_source(served, f"  interval: 1m\n  full_text: true\nother:\n  url: {served.url('/other')}\n")
    setup = Setup(tmp_path, sources, polling="  per_host: 1\n")
    polled, other = setup.run()
    assert pages(served) == ["/page/0"], "the other pages are left alone"
    assert len(polled.taken) == 4, "their summaries serve"
    assert other.poll.reason == "not asked: its domain wants to be left alone until 09:40 UTC"
    assert all(timedelta(minutes=40) <= each.next_poll - NOW <= timedelta(minutes=50) for each in (polled, other))


@pytest.mark.parametrize("status", [429, 503])
def test_a_page_that_does_not_say_for_how_long_ends_the_pages_of_this_poll(
    tmp_path: Path, served: Served, status: int
) -> None:
    pages_of(served, 4, status=status)
    Setup(tmp_path, one_source(served, "  full_text: true\n")).run()
    assert pages(served) == ["/page/0"]
