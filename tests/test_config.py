"""The configuration: what is read, what is refused, and with which words."""

from __future__ import annotations

import contextlib
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from monitor.config import Config, Delivery, Http, Polling, Settings, codes, load, nodes, scalars
from monitor.config.document import parse
from monitor.config.starter import write_starter
from monitor.delivery import check_channel
from monitor.errors import ConfigError, InputError
from monitor.kinds import KINDS
from monitor.model import Backlog, ChangeType, Item, Severity
from monitor.proof import prove
from monitor.rules import Proof
from monitor.rules.conditions import AllOf, AnyOf, Ask, Money, Not, Percent, subjects_of
from monitor.sources import SOURCES

BAD = Path(__file__).parent / "config_bad"
CASES = sorted(path.name for path in BAD.iterdir() if path.is_dir() and path.name != "sound")


def write_case(name: str, folder: Path) -> Path:
    """The sound configuration with one case's files put over it."""
    shutil.copytree(BAD / "sound", folder / "config")
    absent = BAD / name / "absent.txt"
    for gone in absent.read_text().split() if absent.exists() else ():
        path = folder / "config" / gone
        path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(
        BAD / name, folder / "config", dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt", "absent.txt")
    )
    return Path("config")


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_gives_one_line_with_file_line_key_and_expectation(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(write_case(name, tmp_path), {})
    assert str(caught.value) == (BAD / name / "expected.txt").read_text(encoding="utf-8").rstrip("\n")
    assert "\n" not in str(caught.value)


def test_every_case_differs_from_the_sound_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(BAD / "sound", tmp_path / "config")
    assert load(Path("config"), {}).rules[0].stem == "pledges"
    assert len(CASES) >= 40


# --- the files -------------------------------------------------------------------------------------------------------


def configured(tmp_path: Path, environ=None, **files: str) -> Config:
    """The sound configuration with some files replaced: ``monitor=...``, ``channels=...``, ``rule=...``."""
    folder = tmp_path / "config"
    shutil.copytree(BAD / "sound", folder, dirs_exist_ok=True)
    for name, content in files.items():
        (folder / ("rules/pledges.yaml" if name == "rule" else f"{name}.yaml")).write_text(content, encoding="utf-8")
    return load(folder, environ or {})


def test_a_configuration_of_comments_has_the_defaults_that_the_records_tell(tmp_path):
    config = configured(tmp_path, monitor="# nothing to say\n")
    assert config.settings.http == Http(host="127.0.0.1", port=8080)
    assert (config.settings.polling, config.settings.delivery) == (Polling(), Delivery())
    assert (config.settings.operators, config.settings.time_zone.key) == (None, "UTC")


def test_no_sources_are_a_file_of_comments(tmp_path):
    assert configured(tmp_path, sources="# none yet\n").sources == ()


def test_settings_are_read(tmp_path):
    text = """
        http: {host: 0.0.0.0, port: 0}
        polling:
          concurrency: 100
          per_host: 4
          timeout: 1m 30s
          max_bytes: 2.5 MB
          user_agent: desk/1
          contact: mailto:desk@example.org
          allow: [10.0.0.0/8, "::1"]
          ca_file: ca.pem
        delivery: {interval: 2s, timeout: 5s, max_tries: 3}
        time_zone: Europe/Kyiv
        log_level: debug
    """
    shutil.copytree(BAD / "sound", tmp_path / "config")
    (tmp_path / "config/ca.pem").write_text("")
    settings = configured(tmp_path, monitor=text).settings
    assert settings.http == Http(host="0.0.0.0", port=0)
    assert settings.polling == Polling(
        concurrency=100,
        per_host=4,
        timeout=timedelta(seconds=90),
        max_bytes=2_500_000,
        user_agent="desk/1",
        contact="mailto:desk@example.org",
        allow=("10.0.0.0/8", "::1/128"),
        ca_file=tmp_path / "config/ca.pem",
    )
    assert settings.delivery == Delivery(interval=timedelta(seconds=2), timeout=timedelta(seconds=5), max_tries=3)
    assert (settings.time_zone.key, settings.log_level) == ("Europe/Kyiv", "debug")


def test_the_environment_outranks_the_file(tmp_path):
    environ = {"MONITOR_DATABASE_URL": "sqlite:///there.db", "MONITOR_HTTP_HOST": "::", "MONITOR_HTTP_PORT": "80"}
    text = "database: sqlite:///here.db\nhttp: {host: localhost, port: 8080}\n"
    settings = configured(tmp_path, environ, monitor=text).settings
    assert (settings.database, settings.http) == ("sqlite:///there.db", Http(host="::", port=80))


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8080 ", "٣"])
def test_a_bad_port_in_the_environment_is_complained_of(tmp_path, port):
    with pytest.raises(ConfigError, match=r"^\$MONITOR_HTTP_PORT: expected a port from 0 to 65535, found "):
        configured(tmp_path, {"MONITOR_HTTP_PORT": port})


def test_a_database_in_the_environment_that_is_no_url_is_complained_of(tmp_path):
    with pytest.raises(ConfigError, match=r"^\$MONITOR_DATABASE_URL: expected a database URL"):
        configured(tmp_path, {"MONITOR_DATABASE_URL": "monitor.sqlite"})


@pytest.mark.parametrize(
    "written, meant",
    [
        (None, "sqlite:///{home}/var/monitor.sqlite"),
        ("sqlite:///var/news.db", "sqlite:///{home}/var/news.db"),
        ("sqlite+pysqlite:///news.db", "sqlite+pysqlite:///{home}/news.db"),
        ("sqlite:////data/news.db", "sqlite:////data/news.db"),
        ("sqlite://", "sqlite://"),
        ("'sqlite:///:memory:'", "sqlite:///:memory:"),
        ("postgresql+psycopg://monitor:${PASSWORD}@db/monitor", "postgresql+psycopg://monitor:p%40ss%2F@db/monitor"),
        ("${DATABASE}", "postgresql://whole@db/monitor"),
    ],
)
def test_a_relative_database_lies_beside_the_folder_wherever_the_command_is_typed(
    tmp_path, monkeypatch, written, meant
):
    text = "log_level: info\n" if written is None else f"database: {written}\n"
    environ = {"PASSWORD": "p@ss/", "DATABASE": "postgresql://whole@db/monitor"}
    shutil.copytree(BAD / "sound", tmp_path / "config")
    (tmp_path / "config/monitor.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert load(Path("config"), environ).settings.database == meant.format(home=tmp_path)


def test_a_folder_that_is_not_there_is_named_as_it_was_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"^confg: there is no such folder; "):
        load(Path("confg"), {})


def test_hidden_files_of_editors_are_no_rules(tmp_path):
    (tmp_path / "config/rules").mkdir(parents=True)
    (tmp_path / "config/rules/.#pledges.yaml").write_text("half")
    assert [rule.stem for rule in configured(tmp_path).rules] == ["pledges"]


def test_files_tell_all_that_was_read_secrets_included(tmp_path):
    (tmp_path / "secret").write_text("console://\n")
    config = configured(tmp_path, channels=f"desk: file:{tmp_path}/secret\n")
    names = [str(path.relative_to(tmp_path)) for path in config.files]
    assert names == [
        "config/monitor.yaml",
        "config/sources.yaml",
        "config/channels.yaml",
        "config/rules/pledges.yaml",
        "secret",
    ]


# --- sources and channels --------------------------------------------------------------------------------------------


def test_a_feed_with_nothing_to_add_is_one_line(tmp_path):
    (source,) = configured(tmp_path, sources="agency: https://news.example.org/feed.xml\n").sources
    assert (source.name, source.type, source.url) == ("agency", "feed", "https://news.example.org/feed.xml")
    assert (source.interval, source.backlog, source.options) == (timedelta(minutes=15), Backlog.SILENT, {})


def test_a_source_says_how_it_is_polled(tmp_path):
    text = """
        agency:
          url: https://reader:${PASSWORD}@news.example.org/feed.xml
          interval: 90s
          outlet: Example Agency
          language: en
          backlog: alert
          headers: {Authorization: "Bearer ${TOKEN}"}
    """
    (source,) = configured(tmp_path, {"PASSWORD": "a b", "TOKEN": "t/1"}, sources=text).sources
    assert source.url == "https://reader:a%20b@news.example.org/feed.xml"
    assert (source.interval, source.outlet, source.language) == (timedelta(seconds=90), "Example Agency", "en")
    assert (source.backlog, source.options) == (Backlog.ALERT, {"headers": {"Authorization": "Bearer t/1"}})


def test_every_option_of_every_type_of_source_can_be_read():
    readable = {bool, int, float, timedelta, str, list, tuple, dict}
    for type in SOURCES.values():
        assert set(type.options.values()) <= readable, type.name


def test_a_folder_is_relative_to_the_configuration(tmp_path):
    (tmp_path / "articles").mkdir()
    (source,) = configured(tmp_path, sources="reference: {type: folder, path: ../articles}\n").sources
    assert (source.type, source.url) == ("folder", str(tmp_path / "articles"))


def test_channels_take_the_limits_of_delivery_or_have_their_own(tmp_path):
    monitor = "delivery: {timeout: 7s, max_tries: 5}\n"
    channels = "desk: console://\nslow: {url: 'json://example.org', timeout: 1m, max_tries: 2}\n"
    found = configured(tmp_path, monitor=monitor, channels=channels).channels
    assert [(c.name, c.timeout, c.max_tries) for c in found.values()] == [
        ("desk", timedelta(seconds=7), 5),
        ("slow", timedelta(minutes=1), 2),
    ]


def test_headers_of_a_webhook_travel_in_its_url(tmp_path):
    text = "desk:\n  url: json://example.org/hook?method=post\n  headers: {X-Token: '${TOKEN}', X-Desk: news}\n"
    found = configured(tmp_path, {"TOKEN": "a&b"}, channels=text).channels["desk"]
    assert found.url == "json://example.org/hook?method=post&%2BX-Token=a%26b&%2BX-Desk=news"


def test_whoever_knows_the_services_may_refuse_a_channel(tmp_path):
    shutil.copytree(BAD / "sound", tmp_path / "config")
    with pytest.raises(ConfigError, match=r"channels\.yaml:1: desk: console: no such service$"):
        load(tmp_path / "config", {}, check_channel=lambda channel: "console: no such service")


# --- secrets ---------------------------------------------------------------------------------------------------------


def channel_url(tmp_path: Path, written: str, environ=None) -> str:
    return configured(tmp_path, environ, channels=f"desk: '{written}'\n").channels["desk"].url


@pytest.mark.parametrize(
    "written, meant",
    [
        ("mailto://u:${PW}@host", "mailto://u:p%40s%2Fs%3A%20%25@host"),
        ("mailto://u:${UNSET:-x/y}@host", "mailto://u:x%2Fy@host"),
        ("mailto://u:${EMPTY:-x}@host", "mailto://u:x@host"),
        ("mailto://u${UNSET:-}@host", "mailto://u@host"),
        ("${URL}", "slack://a/b/c"),
        ("json://host/$${PW}", "json://host/${PW}"),
        ("json://host/$PW", "json://host/$PW"),
    ],
)
def test_secrets_are_put_in_whole_or_encoded(tmp_path, written, meant):
    environ = {"PW": "p@s/s: %", "EMPTY": "", "URL": "slack://a/b/c"}
    assert channel_url(tmp_path, written, environ) == meant


def test_secrets_are_read_from_files(tmp_path):
    (tmp_path / "secret").write_text("p@ss\r\n")
    assert channel_url(tmp_path, f"mailto://u:${{file:{tmp_path}/secret}}@host") == "mailto://u:p%40ss@host"
    (tmp_path / "config/url").write_text("slack://a/b/c\n")
    assert channel_url(tmp_path, "file:url") == "slack://a/b/c"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 70_000])
def test_a_file_without_a_secret_is_complained_of(tmp_path, content):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(ConfigError, match="which holds no secret"):
        channel_url(tmp_path, f"file:{tmp_path}/secret")


def test_an_empty_variable_is_a_missing_one(tmp_path):
    with pytest.raises(ConfigError, match="needs the environment variable PW, which is not set"):
        channel_url(tmp_path, "mailto://u:${PW}@host", {"PW": ""})


def test_no_secret_stands_in_the_configuration_as_it_is_printed(tmp_path):
    text = "desk: {url: 'json://u:${PW}@example.org', headers: {X-Token: '${TOKEN}'}}\n"
    environ = {"PW": "canary-one", "TOKEN": "canary-two", "DB": "canary-three"}
    config = configured(tmp_path, environ, channels=text, monitor="database: postgresql://u:${DB}@db/monitor\n")
    assert "canary" not in repr(config)
    assert config.secrets == {"canary-one", "canary-two", "canary-three"}


@pytest.mark.parametrize(
    "channels",
    [
        "desk: ${PW}\n",
        "desk: 'json://${PW}@host'\nother: ${PW}\n",
        "desk: {url: 'mailto://${PW}@host', headers: {X: '${PW}'}}\n",
        "desk: {url: 'json://host', headers: {X: '${PW}'}}\n",
        "desk: {url: 'json://host', timeout: '${PW}'}\n",
    ],
)
def test_no_complaint_repeats_a_secret(tmp_path, channels):
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, {"PW": "canary with\nlines"}, channels=channels)
    assert "canary" not in str(caught.value)


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_has_defaults(tmp_path):
    (rule,) = configured(tmp_path, rule="kind: talk_round\nchannels: desk\n").rules
    assert (rule.stem, rule.name, rule.channels, rule.severity) == ("pledges", "pledges", ("desk",), Severity.INFO)
    assert rule.on == {ChangeType.NEW, ChangeType.UPDATED}
    assert (rule.where, rule.proof) == (AllOf(), Proof())


def test_norway_is_a_word(tmp_path):
    (rule,) = configured(tmp_path, rule="kind: aid_pledge\nchannels: [desk]\nname: NO\non: [new]\n").rules
    assert rule.name == "NO"
    assert rule.on == {ChangeType.NEW}


def test_conditions_become_records(tmp_path):
    text = """
        kind: aid_pledge
        channels: [desk]
        where:
          recipient: [UKR, Hamas]
          amount|at_least: 1.5bn EUR
          not:
            amount|rises_by: 12.5 %
          any:
            - date|since: 2022-03-01
            - confidence|above: 80 %
    """
    (rule,) = configured(tmp_path, rule=text).rules
    subjects = subjects_of("aid_pledge")

    def ask(name, operator, *operands):
        return Ask(subject=subjects[name], operator=operator, operands=operands)

    assert rule.where == AllOf(
        parts=(
            ask("recipient", "", "UKR", "Hamas"),
            ask("amount", "at_least", Money(amount=1_500_000_000, currency="EUR")),
            Not(part=AllOf(parts=(ask("amount", "rises_by", Percent(value=12.5)),))),
            AnyOf(
                parts=(
                    AllOf(parts=(ask("date", "since", date(2022, 3, 1)),)),
                    AllOf(parts=(ask("confidence", "above", 0.8),)),
                )
            ),
        )
    )


def test_a_proof_holds_files_relative_to_the_rule_and_texts_in_place(tmp_path):
    (tmp_path / "one.txt").write_text("")
    text = """\
kind: aid_pledge
channels: [desk]
proof:
  fires:
    - [../../one.txt, {text: Norway gave., title: Aid, published: 2022-03-01, outlet: AFP, language: en}]
  silent:
    - - text: Nothing.
"""
    (rule,) = configured(tmp_path, rule=text).rules
    ((first, second),) = [story.items for story in rule.proof.fires]
    assert (first.path, first.item) == (tmp_path / "one.txt", None)
    assert second.item == Item(
        id="pledges:proof.fires[0][1]",
        title="Aid",
        text="Norway gave.",
        published=date(2022, 3, 1),
        outlet="AFP",
        language="en",
    )
    assert [(story.key, story.line) for story in rule.proof.silent] == [("proof.silent[0]", 7)]


# --- the shipped configuration and the start -------------------------------------------------------------------------

ROOT = Path(__file__).parent.parent


def test_the_shipped_configuration_is_sound(monkeypatch):
    monkeypatch.chdir(ROOT)
    config = load(Path("config"), {})
    assert {rule.kind for rule in config.rules} == set(KINDS)
    assert all(rule.proof.fires and rule.proof.silent for rule in config.rules)
    assert [(s.name, s.type, s.url, s.backlog) for s in config.sources] == [
        ("reference", "folder", str(ROOT / "seeds"), Backlog.ALERT)
    ]
    assert {channel.url for channel in config.channels.values()} == {"console://"}


def test_the_shipped_settings_are_the_defaults(monkeypatch):
    monkeypatch.chdir(ROOT)
    settings = load(Path("config"), {}).settings
    assert settings == Settings(database=f"sqlite:///{ROOT}/var/monitor.sqlite", operators="operators")


def test_what_is_commented_out_in_the_shipped_files_is_sound_too(tmp_path):
    environ = {
        "DATABASE_PASSWORD": "p@ss/word",
        "AGENCY_PASSWORD": "p@ss/word",
        "ARCHIVE_TOKEN": "p@ss/word",
        "SMTP_PASSWORD": "p@ss/word:",
        "MATRIX_TOKEN": "syt_abcdefghij_klmnop",
        "SLACK_WEBHOOK": "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx",
        "TELEGRAM_TOKEN": "123456789:abcdefg_hijklmnopqrstuv",
        "TELEGRAM_CHAT": "-12315544",
        "PING_KEY": "0f1e2d3c",
        "ACKNOWLEDGE_SECRET": "0f1e2d3c4b5a6978",
    }
    (tmp_path / "articles").mkdir()
    (tmp_path / "config" / "templates" / "short").mkdir(parents=True)
    (tmp_path / "config/own-ca.pem").write_text("")
    texts = {}
    for name in ("monitor", "sources", "channels"):
        lines = (STARTER / f"{name}.yaml").read_text("utf-8").splitlines()
        lines = [line for line in lines if not line.startswith("#database: sqlite")]
        texts[name] = "\n".join(re.sub(r"^#(?=[ a-z])(?! [A-Z(])", "", line) for line in lines)
        texts[name] = "\n".join(line for line in texts[name].split("\n") if re.match(r"#|\s*[\w-]+:( |$)|$", line))
    config = configured(tmp_path, environ, **texts)
    assert [check_channel(channel) for channel in config.channels.values()] == [None] * 7
    assert len(config.sources) == 3
    assert config.settings.database.startswith("postgresql+psycopg://monitor:p%40ss%2Fword@")
    assert config.settings.polling.allow == ("10.0.0.0/8",)


STARTER = ROOT / "monitor/config/starter"


@pytest.mark.parametrize("name", ["monitor.yaml", "channels.yaml"])
def test_the_start_and_the_shipped_configuration_are_one(name):
    assert (STARTER / name).read_bytes() == (ROOT / "config" / name).read_bytes()


@pytest.mark.parametrize("path", sorted((ROOT / "config/rules").iterdir()), ids=lambda path: path.name)
def test_rules_of_the_start_are_the_shipped_ones_without_the_reference_articles(path):
    lines = path.read_text("utf-8").splitlines(keepends=True)
    own = "".join(line for line in lines if "../../seeds/" not in line)
    assert (STARTER / "rules" / path.name).read_text("utf-8") == own


def test_the_start_is_written_and_sound(tmp_path):
    written = write_starter(tmp_path / "new/config")
    config = load(tmp_path / "new/config", {})
    assert sorted(written) == sorted(config.files)
    assert len(config.rules) == 3
    assert config.sources == ()


def test_every_rule_that_is_shipped_keeps_its_proof(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert [str(proved.complaint()) for proved in prove(load(Path("config"), {})) if not proved.holds] == []


def test_the_start_overwrites_nothing(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/talks.yaml").write_text("mine")
    with pytest.raises(InputError, match=r"rules/talks\.yaml: is there already; nothing was written$"):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["talks.yaml"]


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, seconds",
    [("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h 30m", 5400), ("5 minutes", 300), ("1w", 604800)],
)
def test_durations_are_read(text, seconds):
    assert scalars.duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "15", "m", "1.5h", "0s", "-5m", "2y", "367d", "15 m x", "٣m", "1h30"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="expected a duration"):
        scalars.duration(text)


@given(st.integers(1, 10**7), st.sampled_from(["s", " seconds", "sec"]))
def test_any_number_of_seconds_up_to_a_year_is_read(seconds, unit):
    assert scalars.duration(f"{seconds}{unit}") == timedelta(seconds=seconds)


MAGNITUDES = {"": 1, " thousand": 10**3, "k": 10**3, " million": 10**6, "m": 10**6, "bn": 10**9, " trillion": 10**12}


@given(
    st.integers(0, 10**15),
    st.sampled_from(list(MAGNITUDES)),
    st.sampled_from(["{:d}", "{:,}", "{:_}"]),
    st.sampled_from(["{} USD", "USD {}", "{}USD", "${}", "US${}", "{} $"]),
)
def test_sums_are_read_however_they_are_written(number, magnitude, digits, notation):
    written = notation.format(digits.format(number) + magnitude)
    assert scalars.money(written) == Money(amount=number * MAGNITUDES[magnitude], currency="USD")


@given(st.integers(0, 10**9), st.integers(0, 999_999))
def test_fractions_of_a_million_are_exact(whole, fraction):
    assert scalars.quantity(f"{whole}.{fraction:06} million") == whole * 10**6 + fraction


@pytest.mark.parametrize(
    "text",
    [
        "",
        "100",
        "100 million",
        "million USD",
        "USD",
        "1.5 USD",
        "1,00 USD",
        "-5 USD",
        "EUR 5 USD",
        "5 big USD",
        "9" * 90,
    ],
)
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(ValueError, match=r"expected|too many"):
        codes.comparable_currency(scalars.money(text).currency)


@pytest.mark.parametrize(
    "read", [scalars.duration, scalars.size, scalars.quantity, scalars.money, scalars.rise, scalars.share, scalars.day]
)
@given(text=st.text(max_size=100))
def test_values_are_read_or_refused_and_nothing_else(read, text):
    with contextlib.suppress(ValueError):
        read(text)


@given(text=st.text(max_size=300))
def test_any_text_is_a_document_or_a_complaint_of_one_line(text):
    complaints = []
    try:
        parse(text, Path("config/monitor.yaml"))
    except ConfigError as complaint:
        complaints.append(str(complaint))
    assert not [complaint for complaint in complaints if "\n" in complaint]


@pytest.mark.parametrize("text", ["[" * 2000, "a: &a [*a, *a]", "{" * 500, "- " * 500 + "x", "? " * 500])
def test_a_document_that_means_harm_is_refused(text):
    with pytest.raises(ConfigError):
        parse(text, Path("config/monitor.yaml"))


def test_a_directive_is_refused_below_comments_too():
    with pytest.raises(ConfigError, match=r"^rule\.yaml:3: starts with a % directive"):
        parse("# talks\n\n%YAML 1.1\n---\nname: NO\n", Path("rule.yaml"))
    document = parse("name: |\n %done\n", Path("rule.yaml"))
    assert document is not None
    assert document.pairs()["name"].text() == "%done\n"


@pytest.mark.parametrize(
    "text",
    [
        "polling: {concurrency: 1, per_host: 1}",
        "polling: {concurrency: 1000, per_host: 100}",
        "delivery: {max_tries: 1}",
        "delivery: {max_tries: 1000}",
        "http: {port: 65535}",
    ],
)
def test_bounds_of_settings_belong_to_them(tmp_path, text):
    assert configured(tmp_path, monitor=f"{text}\n").settings is not None


@pytest.mark.parametrize(
    "text",
    [
        "polling: {concurrency: 0}",
        "polling: {concurrency: 1001}",
        "polling: {per_host: 0}",
        "polling: {per_host: 101}",
        "delivery: {max_tries: 0}",
        "delivery: {max_tries: 1001}",
    ],
)
def test_beyond_the_bounds_of_settings_is_refused(tmp_path, text):
    with pytest.raises(ConfigError, match="expected a whole number from 1 to 100"):
        configured(tmp_path, monitor=f"{text}\n")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    with pytest.raises(ConfigError, match="is larger than 8 MiB"):
        configured(tmp_path, sources="#" * (8 * 2**20 + 1))


WORDS = st.text('abNOé☃ :#-"', max_size=8)
SCALARS = WORDS | st.sampled_from(["NO", "on", "true", "False", "~", "null", "", "1e3", "0o7", "2022-03-30", "a: b"])
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4))


def tree(node: Any) -> Any:
    """What a document tells its readers: words, which of them are null or boolean, and lines."""
    if node is None:
        return None
    line = node.start_mark.line
    if node.id == "mapping":
        return line, [(tree(key), tree(value)) for key, value in node.value]
    if node.id == "sequence":
        return line, [tree(member) for member in node.value]
    if not node.value:
        line = None  # where nothing begins, each library has its own view
    return line, node.value, str(node.tag) if str(node.tag) in (nodes.NULL, nodes.BOOL) else None


@given(TREES, st.booleans())
def test_what_both_libraries_take_for_yaml_they_read_alike(value, flow):
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow).replace("'", "")
    with contextlib.suppress(yaml.YAMLError, YAMLError):
        assert tree(nodes.compose_quickly(text)) == tree(nodes.compose(text))


def test_a_mistake_in_a_long_document_is_told_as_in_a_short_one(tmp_path):
    long = "".join(f"source-{number}: https://news.example.org/{number}.xml\n" for number in range(500))
    with pytest.raises(ConfigError, match=r"sources\.yaml:501: is not YAML: mapping values are not allowed here$"):
        configured(tmp_path, sources=f"{long}agency: url: https://news.example.org\n")
    with pytest.raises(ConfigError, match=r"sources\.yaml:501: source-7: is given twice, first on line 8$"):
        configured(tmp_path, sources=f"{long}source-7: https://news.example.org\n")
    assert len(configured(tmp_path, sources=long).sources) == 500
