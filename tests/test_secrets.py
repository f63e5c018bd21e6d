"""Canaries: secrets that are put into the configuration, and looked for in all that the service says and stores."""

from __future__ import annotations

import base64
import contextlib
import http.server
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.pipeline.addresses import bare
from tests.test_daemon import Service, eventually, free_port, landslide, pytestmark  # noqa: F401  # POSIX alone

#: characters that have to be encoded in a URL are part of each
CANARIES = {
    "MAIL_PASSWORD": "cana/ry-mail@1",
    "HOOK_TOKEN": "canary-hook/2",
    "HOOK_HEADER": "canary header:3",
    "FEED_PASSWORD": "canary-feed@4",
    "FEED_TOKEN": "canary-feed-token-5",
    "PING_KEY": "canary-ping-6",
    "ACK_SECRET": "canary-acknowledge-secret-7",
}


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as it stands, as a URL has it, and as a header of HTTP or SMTP has it."""
    yield secret.encode()
    yield quote(secret, safe="").encode()
    for before in (b"", b"robot:", b"\0robot\0"):
        yield base64.b64encode(before + secret.encode()).rstrip(b"=")


@contextlib.contextmanager
def echo() -> Iterator[int]:
    """A web server that refuses everything and repeats all that it was told; its port."""

    class Echo(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = f"no: {self.path} {self.headers} ".encode()
            body += self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(500, "refused")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def configure(service: Service, port: int) -> None:
    service.write_config(
        "monitor.yaml",
        f"http:\n  port: {service.port}\noperators: operators\nlog_level: debug\n"
        "polling:\n  allow: [127.0.0.0/8]\n"
        f"ping:\n  url: http://127.0.0.1:{port}/${{PING_KEY}}\n  interval: 1s\n"
        "acknowledge:\n  url: https://monitor.example.org\n  secret: ${ACK_SECRET}\n",
    )
    service.write_config(
        "sources.yaml",
        f"ridge:\n  type: folder\n  path: {service.seeds}\n  interval: 1s\n"
        f"far:\n  url: http://robot:${{FEED_PASSWORD}}@127.0.0.1:{port}/feed?token=${{FEED_TOKEN}}\n  interval: 1s\n",
    )
    service.write_config(
        "channels.yaml",
        "operators: console://\n"
        f'desk: "mailto://robot:${{MAIL_PASSWORD}}@127.0.0.1:{free_port()}/?from=m@example.org&to=d@example.org"\n'
        f"hook:\n  url: json://127.0.0.1:{port}/${{HOOK_TOKEN}}\n  headers: {{X-Token: '${{HOOK_HEADER}}'}}\n",
    )
    service.write_config(
        "rules/tolls.yaml", "kind: casualty_update\nchannels: [desk, hook]\nseverity: severe\nrepeat: 15m\n"
    )


def test_secrets_are_in_no_log_answer_page_metric_database_or_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in CANARIES.items():
        monkeypatch.setenv(name, secret)
    service, said = Service(tmp_path), list[str]()
    with echo() as port:
        configure(service, port)
        with service.running():
            service.drop("a.txt", landslide(12))
            eventually(
                lambda: len({one["channel"] for one in service.logged("delivery")}) == 2, "a try of each channel"
            )
            eventually(lambda: [one for one in service.logged("polled") if one["source"] == "far"], "the other source")
            eventually(lambda: service.logged("the address under ping.url did not answer"), "the ping")
            for path in ("/healthz", "/readyz", "/metrics", "/ack/1.x"):
                try:
                    said.append(service.get(path)[1])
                except urllib.error.HTTPError as error:
                    with error:
                        said.append(error.read().decode())
            for command in (
                ("status",), ("sources", "--json"), ("alerts", "--json"), ("events", "--format", "csv"),
                ("explain", "event:1"), ("backup", str(tmp_path / "backup.db")),
            ):  # fmt: skip
                done = service.monitor(*command)
                said += [done.stdout, done.stderr]
    check = [sys.executable, "-m", "monitor", "check", "--send", "--config", str(service.config)]
    done = subprocess.run(check, capture_output=True, text=True, check=False, timeout=60)
    said += [done.stdout, done.stderr]
    texts = {"said": "\n".join(said).encode(), "standard output": service.out.read_bytes()}
    texts |= {"log": service.err.read_bytes()}
    texts |= {path.name: path.read_bytes() for path in tmp_path.glob("*.db*")}
    assert {"monitor.db", "backup.db"} <= set(texts)
    found = [
        (name, where)
        for name, secret in CANARIES.items()
        for where, text in texts.items()
        if any(one in text for one in spellings(secret))
    ]
    assert found == []


@pytest.mark.parametrize(
    "url, stored",
    [
        ("https://wire.example/feed?page=1", "https://wire.example/feed?page=1"),
        ("https://robot:hush@wire.example/feed", "https://robot:***@wire.example/feed"),
        ("https://wire.example/s3cr%2Ft/feed?key=s3cr/t", "https://wire.example/***/feed?key=***"),
        ("../notes", "../notes"),
    ],
)
def test_an_address_is_stored_without_its_secrets(url, stored):
    assert bare(url, ["s3cr/t"]) == stored
