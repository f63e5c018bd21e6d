"""Every attack and fault that feeds are known for, at once, against the running service: it stays up and within bounds,
other sources are served as if nothing were, and `monitor sources` names what is wrong with each."""

from __future__ import annotations

import gzip
import json
import socket
import socketserver
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from monitor.fetch.inflate import zstd
from tests.test_daemon import Service, eventually

#: most memory that any process of the service may have had, in kB
MOST_MEMORY = 400_000

Answer = bytes | Callable[[socket.socket], None]


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    count = len(body) if length is None else length
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {count}", *headers, "", ""))
    return head.encode() + body


def rss(*items: str, doctype: str = "") -> bytes:
    return f"{doctype}<rss version='2.0'><channel><title>Ridge</title>{''.join(items)}</channel></rss>".encode()


def item(number: int, text: str, link: str = "") -> str:
    address = link or f"https://ridge.example/{number}"
    return f"<item><title>Report {number}</title><link>{address}</link><description>{text}</description></item>"


def moved(to: str) -> bytes:
    return http(b"", f"Location: {to}", status="301 Moved Permanently")


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    while True:
        connection.sendall(b" " * 65_536)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    while True:
        connection.sendall(b" ")
        time.sleep(0.1)


def silence(connection: socket.socket) -> None:
    connection.recv(1)


LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
PASSWD = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
PLAIN = rss(item(1, "The road is closed."))

#: path -> what is answered there, and what `monitor sources` then says of it
ATTACKS: Mapping[str, tuple[Answer, str]] = {
    "xml-bomb": (http(rss(item(1, "&a11;"), doctype=LAUGHS)), "1 item"),
    "gzip-bomb": (http(gzip.compress(bytes(30_000_000)), "Content-Encoding: gzip"), "inflates to more than 20 MB"),
    "zstd-bomb": (http(zstd.compress(bytes(30_000_000)), "Content-Encoding: zstd"), "inflates to more than 20 MB"),
    "gzip-bomb-as-a-file": (http(gzip.compress(bytes(30_000_000))), "inflates to more than 20 MB"),
    "stacked-encodings": (
        http(gzip.compress(gzip.compress(PLAIN)), "Content-Encoding: gzip, gzip"),
        "stacked encodings (gzip, gzip)",
    ),
    "damaged-gzip": (http(gzip.compress(PLAIN)[:-12], "Content-Encoding: gzip"), "the gzip body ends half-way"),
    "endless-body": (endless, "more than 1 MB"),
    "slow-drip": (drip, "timed out after 1 s"),
    "no-answer": (silence, "timed out after 1 s"),
    "says-it-is-huge": (http(b"", length=10**15), "more than 1 MB"),
    "ends-half-way": (http(PLAIN, length=len(PLAIN) + 100), "broken answer"),
    "to-a-file": (moved("file:///etc/passwd"), "301 Moved Permanently to file:, which is not http(s)"),
    "to-a-neighbour": (moved("http://127.0.0.2:{port}/secret"), "address not allowed: 127.0.0.2 is loopback"),
    "to-metadata": (moved("http://169.254.169.254/latest/meta-data/"), "169.254.169.254 is link-local"),
    "to-a-number": (moved("http://2852039166/latest/meta-data/"), "is link-local"),
    "to-a-mapped-address": (moved("http://[::ffff:a9fe:a9fe]/"), "is link-local"),
    "in-circles": (moved("http://127.0.0.1:{port}/in-circles"), "redirects more than 5 times"),
    "deep-nesting": (http(b"<rss><channel><item>" + b"<a>" * 250_000 + b"</item>"), "too long to be mended"),
    "never-closed": (http(b"<rss><channel>" + b"<item><title>x" * 30_000), "it ends before its first item"),
    "a-long-author": (http(rss(f"<item><author>{'a@b (' * 80_000}</author><title>x</title></item>")), "1 item"),
    "one-bad-byte": (http(rss(item(1, "Caf\xe9 closed.")).replace("é".encode(), b"\xe9")), "1 item"),
    "cut-off": (http(rss(item(1, "The road is closed."), item(2, "Nothing")).partition(b"Nothing")[0]), "truncated"),
    "empty": (http(b""), "an empty answer"),
    "a-page": (http(b"<!doctype html><html><title>Sign in</title></html>"), "an HTML page (Sign in), not a feed"),
    "passwd": (http(rss(item(1, "&x;"), item(2, "/etc/passwd", "file:///etc/passwd"), doctype=PASSWD)), "2 items"),
    "no-http": (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "broken answer"),
    "escape-codes": (http(b"", status="500 \x1b[31mred"), "500 Internal Server Error"),
    "gone": (http(b"", status="410 Gone"), "410 Gone"),
}


@pytest.fixture
def hosts() -> Iterator[int]:
    """A server on 127.0.0.1 that attacks; its port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                asked = self.request.recv(65_536).decode().partition(" HTTP")[0].rpartition("/")[2]
                answer = ATTACKS.get(asked, (http(PLAIN), ""))[0]
                if callable(answer):
                    answer(self.request)
                else:
                    self.request.sendall(answer.replace(b"{port}", str(port).encode()))
            except OSError:
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield port
        server.shutdown()


def test_no_feed_stops_or_starves_the_service_and_each_fault_is_named(tmp_path: Path, hosts: int) -> None:
    service = Service(tmp_path)
    polling = "polling: {max_bytes: 1 MB, allow: [127.0.0.1], per_host: 8}"
    service.write_config("monitor.yaml", f"http: {{port: {service.port}}}\n{polling}\n")
    folder = f"ridge: {{type: folder, path: {service.seeds}, interval: 1s}}\n"
    well = f"well: {{url: 'http://127.0.0.1:{hosts}/well', interval: 1s}}\n"
    attacks = (f"{name}: {{url: 'http://127.0.0.1:{hosts}/{name}', {_options(name)}}}\n" for name in ATTACKS)
    service.write_config("sources.yaml", f"{folder}{well}{''.join(attacks)}")
    with socket.create_server(("127.0.0.2", hosts)) as neighbour, service.running() as process:
        eventually(lambda: {line["source"] for line in service.logged("polled")} >= set(ATTACKS), "every source")
        service.wait_for_polls(4)
        assert service.get("/healthz")[0] == 200
        memory = _memory(process.pid)
        told = {
            line["source"]: line for line in map(json.loads, service.monitor("sources", "--json").stdout.splitlines())
        }
        neighbour.settimeout(0)
        with pytest.raises(BlockingIOError):
            neighbour.accept()
    wrong = {name: told[name]["reason"] for name, (_, words) in ATTACKS.items() if words not in told[name]["reason"]}
    assert wrong == {}
    assert all(line["reason"].isprintable() for line in told.values())
    assert told["well"]["state"] == told["ridge"]["state"].replace("items", "unchanged") == "unchanged"
    assert max(memory) < MOST_MEMORY
    assert not [text for text in _texts(tmp_path) if "root:" in text or len(text) > 100_000]


def _options(name: str) -> str:
    return "interval: 1h, timeout: 1s" if "timed out" in ATTACKS[name][1] else "interval: 1h"


def _memory(pid: int) -> list[int]:
    """Most memory that the process and its children ever had, in kB each."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = []
    for each in (str(pid), *children):
        lines = Path(f"/proc/{each}/status").read_text().splitlines()
        found += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return found


def _texts(tmp_path: Path) -> list[Any]:
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        return [row[0] for row in connection.execute("select text from item_versions")]
