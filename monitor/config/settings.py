"""monitor.yaml: how the service itself runs. Every key may be left out."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from monitor.config.calm import read_calm, time_zone
from monitor.config.document import Entry
from monitor.config.scalars import duration, size
from monitor.config.secrets import Secrets
from monitor.errors import ConfigError
from monitor.model import NOTHING, Calm
from monitor.sources.reading.links import is_web

#: characters of a secret that links are signed with
SHORTEST_SECRET = 16
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/-]*)?")
LEVELS = ("debug", "info", "warning", "error")
#: where what the service knows is kept, if nobody says otherwise: beside the configuration's folder
DATABASE = "var/monitor.sqlite"
#: what waits, if nobody says otherwise
USUAL = Calm(time_zone=ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Where health and metrics are served."""

    host: str = "127.0.0.1"
    #: 0 lets the system choose
    port: int = 8080


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """What polls may cost, and who we say we are."""

    #: polls at once in all, and of one registered domain
    concurrency: int = 64
    per_host: int = 2
    #: the same for domains or hosts that bear more, or less
    per_domain: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    #: bounds of the intervals of adaptive sources
    shortest: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=6)
    #: longest time one transfer may take
    timeout: timedelta = timedelta(seconds=20)
    #: largest answer, in bytes as transferred
    max_bytes: int = 10_000_000
    user_agent: str = "event-monitor/0.1"
    #: address or URL where the operator of a polled site reaches ours
    contact: str | None = None
    #: networks that may be polled although they are not public, as ipaddress writes them
    allow: tuple[str, ...] = ()
    #: certificates to trust beside the usual ones
    ca_file: Path | None = None
    #: HTTP proxy that polls go through, its secrets put in
    proxy: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How alerts leave; a channel may have its own timeout and number of tries."""

    #: how often the outbox is looked at
    interval: timedelta = timedelta(seconds=1)
    #: longest time one try may take
    timeout: timedelta = timedelta(seconds=20)
    #: tries before an alert is dead
    max_tries: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """Who is called for as long as all is well, and so notices when it no longer is."""

    #: address, its secrets put in; None: nobody
    url: str | None = field(default=None, repr=False)
    interval: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Links by which readers acknowledge alerts that are repeated until somebody does."""

    #: address under which they reach what http: serves, without a slash at its end; None: there are no links
    url: str | None = None
    #: signs them
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of monitor.yaml."""

    #: SQLAlchemy URL, its secrets put in
    database: str = field(repr=False)
    http: Http = Http()
    polling: Polling = Polling()
    delivery: Delivery = Delivery()
    #: what waits, and what is told together, where a channel does not say otherwise
    calm: Calm = USUAL
    ping: Ping = Ping()
    acknowledge: Acknowledge = Acknowledge()
    #: texts, reasons and sent alerts that are older are taken away, facts stay; None: nothing is
    retention: timedelta | None = timedelta(days=365)
    #: channel that is told of refused configurations and dead alerts
    operators: str | None = None
    #: in which readers of alerts live
    time_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    #: CLDR locale in which numbers, days and names are written for them
    locale: str = "en"
    #: name of the quietest level that is logged
    log_level: str = "info"


_SECTIONS = ("http", "polling", "delivery", "calm", "ping", "acknowledge")
_KEYS = ("database", *_SECTIONS, "retention", "operators", "time_zone", "locale", "log_level")


def read_settings(entry: Entry | None, folder: Path, secrets: Secrets, environ: Mapping[str, str]) -> Settings:
    """The settings of a document (None: one that says nothing), outranked by the environment."""
    given = entry.fields(_KEYS, sections=_SECTIONS) if entry else {}
    zone = time_zone(given["time_zone"]) if "time_zone" in given else ZoneInfo("UTC")
    usual = Calm(time_zone=zone)
    return Settings(
        database=_database(given.get("database"), folder, secrets, environ),
        http=_http(given.get("http"), environ),
        polling=_polling(given["polling"], folder, secrets) if "polling" in given else Polling(),
        delivery=_delivery(given["delivery"]) if "delivery" in given else Delivery(),
        calm=read_calm(given["calm"], usual) if "calm" in given else usual,
        ping=_ping(given["ping"], secrets) if "ping" in given else Ping(),
        acknowledge=_acknowledge(given["acknowledge"], secrets) if "acknowledge" in given else Acknowledge(),
        retention=_retention(given["retention"]) if "retention" in given else timedelta(days=365),
        operators=given["operators"].text() if "operators" in given else None,
        time_zone=zone,
        locale=locale(given["locale"]) if "locale" in given else "en",
        log_level=given["log_level"].choice(LEVELS, "level") if "log_level" in given else "info",
    )


# --- database --------------------------------------------------------------------------------------------------------


def _database(entry: Entry | None, folder: Path, secrets: Secrets, environ: Mapping[str, str]) -> str:
    """``$MONITOR_DATABASE_URL``, else the file's, else ``DATABASE``.

    A relative SQLite path in the file is relative to the parent of the configuration's folder, wherever the command is
    typed; one in the environment is relative to where it is typed.
    """
    home = folder.absolute().parent
    if url := environ.get("MONITOR_DATABASE_URL"):
        if "://" not in url:
            raise ConfigError("$MONITOR_DATABASE_URL", None, "", _NO_DATABASE)
        return url
    if entry is None:
        return f"sqlite:///{home / DATABASE}"
    url = secrets.url(entry)
    scheme, separator, path = url.partition(":///")
    if scheme.partition("+")[0] == "sqlite" and separator and path and not path.startswith((":memory:", "file:")):
        return f"{scheme}:///{home / path}"
    if scheme.partition("+")[0].partition(":")[0] not in ("sqlite", "postgresql"):
        raise entry.complaint(_NO_DATABASE)
    return url


_NO_DATABASE = (
    'expected a database URL such as "sqlite:///var/monitor.sqlite" or "postgresql://user:password@host/name"'
)


# --- the others ------------------------------------------------------------------------------------------------------


def _http(entry: Entry | None, environ: Mapping[str, str]) -> Http:
    given = entry.fields(("host", "port")) if entry else {}
    host = environ.get("MONITOR_HTTP_HOST") or (given["host"].text() if "host" in given else Http().host)
    if port := environ.get("MONITOR_HTTP_PORT"):
        if not port.isascii() or not port.isdigit() or int(port[:9]) > 65535:
            raise ConfigError("$MONITOR_HTTP_PORT", None, "", f'expected a port from 0 to 65535, found "{port[:20]}"')
        return Http(host=host, port=int(port))
    return Http(host=host, port=given["port"].whole(0, 65535) if "port" in given else Http().port)


def _polling(entry: Entry, folder: Path, secrets: Secrets) -> Polling:
    keys = tuple(Polling.__slots__)
    given, usual = entry.fields(keys), Polling()
    shortest = given["shortest"].read(duration) if "shortest" in given else usual.shortest
    longest = given["longest"].read(duration) if "longest" in given else max(usual.longest, shortest)
    if shortest > longest:
        raise given["shortest"].complaint(f"expected no more than polling.longest, which is {longest}")
    return Polling(
        concurrency=given["concurrency"].whole(1, 1000) if "concurrency" in given else usual.concurrency,
        per_host=given["per_host"].whole(1, 100) if "per_host" in given else usual.per_host,
        per_domain=_numbers(given["per_domain"]) if "per_domain" in given else NOTHING,
        shortest=shortest,
        longest=longest,
        timeout=given["timeout"].read(duration) if "timeout" in given else usual.timeout,
        max_bytes=given["max_bytes"].read(size) if "max_bytes" in given else usual.max_bytes,
        user_agent=_header(given["user_agent"]) if "user_agent" in given else usual.user_agent,
        contact=_header(given["contact"]) if "contact" in given else None,
        allow=tuple(_network(member) for member in given["allow"].one_or_more()) if "allow" in given else (),
        ca_file=_existing(given["ca_file"], folder) if "ca_file" in given else None,
        proxy=_proxy(given["proxy"], secrets) if "proxy" in given else None,
    )


def _proxy(entry: Entry, secrets: Secrets) -> str | None:
    """An address; nothing where it refers to a variable that is empty."""
    url = secrets.url(entry)
    if url and not is_web(url):
        raise entry.complaint('expected an address such as "http://proxy.example.org:3128"')
    return url or None


def _numbers(entry: Entry) -> Mapping[str, int]:
    return MappingProxyType({domain.lower(): number.whole(1, 1000) for domain, number in entry.pairs().items()})


def _header(entry: Entry) -> str:
    text = entry.text().strip()
    if not text.isascii() or not text.isprintable():
        raise entry.complaint("expected plain ASCII text on one line, it travels in a header")
    return text


def _network(entry: Entry) -> str:
    text = entry.text()
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        raise entry.complaint(f'expected a network such as "10.0.0.0/8" or an address, found "{text}"') from None


def _existing(entry: Entry, folder: Path) -> Path:
    path = folder / entry.text()
    if not path.is_file():
        raise entry.complaint(f"there is no file {path}")
    return path


def _delivery(entry: Entry) -> Delivery:
    given, usual = entry.fields(("interval", "timeout", "max_tries")), Delivery()
    return Delivery(
        interval=given["interval"].read(duration) if "interval" in given else usual.interval,
        timeout=given["timeout"].read(duration) if "timeout" in given else usual.timeout,
        max_tries=given["max_tries"].whole(1, 1000) if "max_tries" in given else usual.max_tries,
    )


def _retention(entry: Entry) -> timedelta | None:
    return None if entry.text().strip() == "none" else entry.read(duration)


def _ping(entry: Entry, secrets: Secrets) -> Ping:
    given = entry.fields(("url", "interval"), required=("url",))
    url = secrets.url(given["url"])
    if not url.startswith(("http://", "https://")) or not url.isascii() or not url.isprintable() or " " in url:
        raise given["url"].complaint('expected an address such as "https://hc-ping.com/${PING_KEY}"')
    return Ping(url=url, interval=given["interval"].read(duration) if "interval" in given else Ping().interval)


def _acknowledge(entry: Entry, secrets: Secrets) -> Acknowledge:
    given = entry.fields(("url", "secret"), required=("url", "secret"))
    url = given["url"].text().strip().rstrip("/")
    if not _ADDRESS.fullmatch(url):
        raise given["url"].complaint(f'expected an address such as "https://monitor.example.org", found "{url[:60]}"')
    secret = secrets.text(given["secret"])
    if len(secret) < SHORTEST_SECRET:
        raise given["secret"].complaint(f"is too short to sign with; expected {SHORTEST_SECRET} characters or more")
    return Acknowledge(url=url, secret=secret)


def locale(entry: Entry) -> str:
    """A locale by its name in CLDR."""
    name = entry.text().strip().replace("-", "_")
    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        raise entry.complaint(f'unknown locale "{name[:40]}"; expected a name such as "en_GB" or "de"') from None
