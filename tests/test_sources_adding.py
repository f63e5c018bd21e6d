"""Further sources: found behind an address, taken over from a list, written to one."""

from __future__ import annotations

import contextlib
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import cli, config
from monitor.config.adding import name_for
from monitor.errors import InputError
from monitor.model import PollOutcome, Source
from monitor.pipeline import polling
from monitor.sources import discovery, feed, opml
from monitor.store import Store

FEED = b"""<rss version="2.0"><channel><title>Harbour Post</title><item><title>Ferry runs aground</title>
<link>https://harbour.example/1</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>"""
PAGE = b"""<html><head><title>Harbour</title><link rel="alternate" type="application/rss+xml" href="news/all.xml">
<link rel="alternate" type="application/atom+xml" href="/gone.xml"></head><body>Hello</body></html>"""
OPML = b"""<opml version="2.0"><body><outline text="News"><outline type="rss" text="Harbour Post"
 xmlUrl="https://harbour.example/feed?a=1&amp;b=${x}"/>
<outline xmlUrl="https://valley.example/rss" title="Valley: Caf\xc3\xa9"/>
<outline xmlUrl="https://valley.example/rss"/><outline xmlUrl="file:///etc/passwd"/></outline></body></opml>"""


@pytest.fixture
def site() -> Iterator[Callable[[Mapping[str, bytes]], str]]:
    """A server for some pages; gives back its address."""
    pages: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def serve(wanted: Mapping[str, bytes]) -> str:
        pages.update(wanted)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration that may poll this machine."""
    folder = tmp_path / "config"
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text("polling:\n  allow: [127.0.0.0/8]\n")
    (folder / "sources.yaml").write_text("# mine\nown: https://own.example/feed  # the first\n")
    (folder / "channels.yaml").write_text("desk: console://\n")
    return folder


def monitor(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["monitor", "--config", str(folder), "sources", *arguments])
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def written(folder: Path) -> dict[str, str]:
    return {source.name: source.url for source in config.load(folder, {}).sources}


def test_the_feed_that_a_page_names_is_added_with_a_sample(site, folder, monkeypatch, capsys) -> None:
    address = site({"/": PAGE, "/news/all.xml": FEED})
    assert monitor(monkeypatch, folder, "add", f"{address}/") == 0
    assert written(folder) == {"own": "https://own.example/feed", "harbour-post": f"{address}/news/all.xml"}
    assert "Ferry runs aground" in capsys.readouterr().out
    assert (folder / "sources.yaml").read_text().startswith("# mine\nown: https://own.example/feed  # the first\n")


def test_a_feed_where_feeds_usually_are_is_found(site, folder, monkeypatch) -> None:
    address = site({"/": b"<html><body>Hello</body></html>", "/rss.xml": FEED})
    assert monitor(monkeypatch, folder, "add", address, "--name", "harbour") == 0
    assert written(folder)["harbour"] == f"{address}/rss.xml"


def test_an_address_without_a_feed_is_one_line_and_nothing_is_written(site, folder, monkeypatch, capsys) -> None:
    before = (folder / "sources.yaml").read_text()
    assert monitor(monkeypatch, folder, "add", site({"/": b"<html></html>"})) == 1
    assert "no feed was found there" in capsys.readouterr().err
    assert (folder / "sources.yaml").read_text() == before


def hang(*_: object) -> None:
    """A parser that comes to no end."""
    time.sleep(600)


def eat(*_: object) -> None:
    """A parser that takes all memory that there is."""
    bytearray(4 << 30)


@pytest.mark.parametrize("parser, fault", [(hang, "not done after 1 s"), (eat, "needs more than 768 MB")])
def test_a_document_that_is_too_much_to_parse_is_refused_by_name_and_nothing_is_written(
    site, folder, monkeypatch, capsys, parser, fault
) -> None:
    before = (folder / "sources.yaml").read_text()
    monkeypatch.setattr(discovery, "read", parser)
    if parser is hang:
        monkeypatch.setattr(polling, "LONGEST_PARSE", timedelta(seconds=1))
    assert monitor(monkeypatch, folder, "add", site({"/feed": FEED}) + "/feed") == 1
    assert f"cannot be read: {fault}" in " ".join(capsys.readouterr().err.split())
    assert (folder / "sources.yaml").read_text() == before


@pytest.mark.parametrize("parser, fault", [(hang, "not done after 1 s"), (eat, "needs more than 768 MB")])
def test_one_pass_names_a_feed_that_is_too_much_to_parse_and_goes_on_with_the_others(
    site, folder, tmp_path, monkeypatch, capsys, parser, fault
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("Nothing happened in the harbour.")
    (folder / "sources.yaml").write_text(
        f"post: {site({'/feed': FEED})}/feed\nnotes:\n  type: folder\n  path: ../notes\n"
    )
    monkeypatch.setattr(feed, "read", parser)
    if parser is hang:
        monkeypatch.setattr(polling, "LONGEST_PARSE", timedelta(seconds=1))
    database = f"sqlite:///{tmp_path / 'monitor.db'}"
    monkeypatch.setattr(sys, "argv", ["monitor", "--config", str(folder), "--database", database, "once"])
    with contextlib.suppress(SystemExit):
        cli.main()
    with Store.open(database) as store, store.read() as tx:
        assert tx.source("post").reason == f"200 OK, but cannot be read: {fault}"
        assert tx.source("notes").outcome is PollOutcome.ITEMS


def test_an_item_that_is_too_much_for_the_extractor_ends_no_pass_and_is_named(
    site, folder, tmp_path, monkeypatch, capsys
) -> None:
    (folder / "sources.yaml").write_text(f"post: {site({'/feed': FEED})}/feed\n")
    for name in ("LONGEST_READ", "LONGEST_READ_ALONE"):
        monkeypatch.setattr(polling, name, timedelta(milliseconds=1))  # no process has started by then
    database = f"sqlite:///{tmp_path / 'monitor.db'}"
    monkeypatch.setattr(sys, "argv", ["monitor", "--config", str(folder), "--database", database, "once", "--all"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    assert re.search(r"harbour\.example/1|Ferry", err)
    assert "cannot be read: not done after 0.001 s" in err
    assert "0 changes" in out


def test_a_pass_over_folders_alone_starts_no_process(folder, tmp_path, monkeypatch) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("Nothing happened in the harbour.")
    (folder / "sources.yaml").write_text("notes:\n  type: folder\n  path: ../notes\n")
    started: list[object] = []
    monkeypatch.setattr("subprocess.Popen", lambda *given, **_: started.append(given))
    database = f"sqlite:///{tmp_path / 'monitor.db'}"
    monkeypatch.setattr(sys, "argv", ["monitor", "--config", str(folder), "--database", database, "once"])
    with contextlib.suppress(SystemExit):
        cli.main()
    assert not started
    with Store.open(database) as store, store.read() as tx:
        assert tx.source("notes").outcome is PollOutcome.ITEMS


def test_a_feed_that_is_there_already_is_not_added_again(site, folder, monkeypatch) -> None:
    address = site({"/feed": FEED})
    for _ in range(2):
        assert monitor(monkeypatch, folder, "add", f"{address}/feed") == 0
    assert len(written(folder)) == 2


def test_a_name_that_cannot_be_one_leaves_the_file_as_it_was(site, folder, monkeypatch) -> None:
    before = (folder / "sources.yaml").read_text()
    assert monitor(monkeypatch, folder, "add", site({"/feed": FEED}) + "/feed", "--name", "a b") == 2
    assert (folder / "sources.yaml").read_text() == before


def test_a_list_is_taken_over_and_written_again(folder, tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "list.opml").write_bytes(OPML)
    assert monitor(monkeypatch, folder, "import", str(tmp_path / "list.opml")) == 0
    assert written(folder) == {
        "own": "https://own.example/feed",
        "harbour-post": "https://harbour.example/feed?a=1&b=${x}",
        "valley-cafe": "https://valley.example/rss",
    }
    capsys.readouterr()
    assert monitor(monkeypatch, folder, "export") == 0
    exported = opml.read(capsys.readouterr().out.encode(), "export")
    assert {each.url for each in exported} == set(written(folder).values())


def test_an_export_has_no_passwords() -> None:
    assert "s3cret" not in opml.write([Source(name="a", type="feed", url="https://me:s3cret@a.example/feed")])


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(InputError, match=r"list\.txt: expected an OPML document"):
        opml.read(b"hello", "list.txt")


@given(st.binary(max_size=200) | st.integers(0, len(OPML)).map(lambda n: OPML[:n]))
def test_no_bytes_make_the_reading_of_lists_fail(body: bytes) -> None:
    with contextlib.suppress(InputError):
        assert all(each.url.startswith("http") for each in opml.read(body, "x"))


@given(st.lists(st.text(max_size=30), max_size=12))
def test_names_are_names_and_nobody_s_else(titles: list[str]) -> None:
    taken: list[str] = []
    for title in titles:
        taken.append(name_for(title, "https://www.a.example/x", taken))
    assert len(set(taken)) == len(titles)
    assert all(name.isascii() and " " not in name for name in taken)
