"""Further sources: found behind an address, taken over from a list, written to one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import cli, config
from monitor.config.adding import name_for
from monitor.errors import InputError
from monitor.model import Source
from monitor.sources import opml

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
