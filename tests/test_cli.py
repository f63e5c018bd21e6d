"""The command line, held to CONTRACT.md: exit status, standard output, standard error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor import cli

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
TEXT = "OSLO, 3 March - Norway will give Kenya $200 million in humanitarian aid, its premier said on Tuesday.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Done]


@pytest.fixture
def monitor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs ``monitor ARGUMENTS`` in this process, in a folder of its own; ``stdin`` is what is piped to it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)

    def run(*arguments: object, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["monitor", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        else:
            status = 0
        printed = capsys.readouterr()
        return Done(status=status, out=printed.out, err=printed.err)

    return run


@pytest.fixture
def started(monitor: Command, tmp_path: Path) -> Path:
    """A starting configuration whose one source is a folder with one text."""
    assert monitor("init", "config").status == 0
    feed = tmp_path / "feed"
    feed.mkdir()
    (feed / "a.txt").write_text(TEXT)
    (tmp_path / "config" / "sources.yaml").write_text("own:\n  type: folder\n  path: ../feed\n  backlog: alert\n")
    return tmp_path / "config"


# --- extract ---------------------------------------------------------------------------------------------------------


def test_extract_prints_one_line_an_item_in_input_order(monitor: Command) -> None:
    done = monitor("extract", "--json", SEEDS)
    assert done.status == 0
    assert [record["id"] for record in done.records] == sorted(path.name for path in SEEDS.glob("*.txt"))


def test_evidence_is_the_words_at_its_offsets(monitor: Command) -> None:
    for record in monitor("extract", "--json", SEEDS).records:
        text = (SEEDS / record["id"]).read_text(encoding="utf-8", newline="") if sys.version_info >= (3, 13) else None
        text = text or (SEEDS / record["id"]).read_bytes().decode()
        for event in record["events"]:
            span = event["evidence"]
            if span["field"] == "text":
                assert text[span["start"] : span["end"]] == span["text"]


def test_every_slot_of_the_kind_is_there_and_confidence_has_two_decimals(monitor: Command) -> None:
    from monitor.kinds import KINDS

    events = [event for record in monitor("extract", "--json", SEEDS).records for event in record["events"]]
    assert events
    for event in events:
        assert set(event) == {"kind", "confidence", "evidence", *KINDS[event["kind"]].slots}
        assert round(event["confidence"], 2) == event["confidence"]


def test_the_same_input_gives_the_same_bytes_in_any_order(monitor: Command) -> None:
    paths = sorted(SEEDS.glob("*.txt"))
    forth = monitor("extract", "--json", *paths).out.splitlines()
    back = monitor("extract", "--json", *reversed(paths)).out.splitlines()
    assert forth == back[::-1]


def test_standard_input_may_be_one_text_or_json_lines(monitor: Command) -> None:
    one = monitor("extract", "--json", stdin=TEXT)
    lines = json.dumps({"id": 7, "text": TEXT, "title": None, "extra": 1}) + "\n"
    many = monitor("extract", "--json", "-", stdin=lines)
    assert [record["id"] for record in many.records] == ["7"]
    assert one.records[0]["events"] == many.records[0]["events"]


def test_published_dates_items_that_have_no_day_of_their_own(monitor: Command) -> None:
    text = "Five people were killed in Aru on Tuesday.\n"
    dated = monitor("extract", "--json", "--published", "2026-03-04", stdin=text).records[0]
    assert [event["date"] for event in dated["events"]] == ["2026-03-03"]


def test_an_item_in_a_language_without_a_lexicon_is_skipped_with_that_reason(monitor: Command) -> None:
    text = "Пʼятеро людей загинули під час обстрілу міста у вівторок, повідомила влада. Ще двоє поранені.\n"
    assert monitor("extract", "--json", stdin=text).records == [{"id": "-", "events": [], "skipped": "language: uk"}]


def test_extract_for_people_shows_the_sentence_and_the_slots(monitor: Command) -> None:
    done = monitor("extract", stdin=TEXT)
    assert "$200 million" in done.out
    assert "200,000,000" in done.out


def test_trace_says_which_rule_gave_which_slot(monitor: Command) -> None:
    assert "gave" in monitor("extract", "--trace", stdin=TEXT).out
    assert monitor("extract", "--trace", "--json", stdin=TEXT).records[0]["trace"]


def test_a_path_that_is_not_there_is_one_line_on_standard_error(monitor: Command) -> None:
    done = monitor("extract", "--json", "nowhere.txt")
    assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
    assert "nowhere.txt" in done.err


def test_a_wrong_option_is_exit_2(monitor: Command) -> None:
    assert monitor("extract", "--jsno").status == 2


# --- replay ----------------------------------------------------------------------------------------------------------


def test_replay_prints_one_line_an_event_in_order_of_publication(monitor: Command) -> None:
    done = monitor("replay", "--json", SEEDS)
    assert done.status == 0
    assert {*done.records[0]} == {"item", "event_id", "change", "fields", "alerts", "event"}
    published = {"000": "03-29", "001": "01-19", "002": "03-30", "003": "01-19", "004": "03-14"}
    days = [published[record["item"][:3]] for record in done.records]
    assert days == sorted(days)


def test_replay_of_an_archive_shows_no_difference_from_what_was_stored(monitor: Command, started: Path) -> None:
    assert monitor("once", "--all").status == 0
    assert monitor("replay", "--stored", "--diff").out == "No difference from the stored alerts.\n"


def test_replay_with_another_rule_shows_the_alerts_it_would_add(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    (started / "rules" / "more.yaml").write_text("name: all\nkind: aid_pledge\non: [new]\nchannels: [desk]\n")
    record = {"diff": "+", "item": "a.txt", "change": "new aid_pledge", "rule": "more"}
    assert record in monitor("replay", "--stored", "--diff", "--json").records


# --- once, and what can be asked afterwards ---------------------------------------------------------------------------


def test_a_first_pass_shows_what_changed_and_sends_alerts_a_second_says_that_nothing_is_new(
    monitor: Command, started: Path
) -> None:
    first = monitor("once", "--all")
    assert first.status == 0
    assert "$200 million" in first.out
    second = monitor("once", "--all")
    assert (second.status, second.out) == (0, "Nothing is new: 1 source polled, no new or edited items.\n")


def test_once_as_json_prints_changes_alone(monitor: Command, started: Path) -> None:
    assert [record["change"] for record in monitor("once", "--all", "--json").records] == ["new"]


def test_a_pass_with_a_failing_source_is_exit_1(monitor: Command, started: Path) -> None:
    with (started / "sources.yaml").open("a") as file:
        file.write("broken:\n  url: http://127.0.0.1:9/feed\n")
    done = monitor("once", "--all")
    assert done.status == 1
    assert "broken" in done.err


def test_events_are_printed_as_text_json_and_csv(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    assert "$200 million" in monitor("events").out
    record = monitor("events", "--json").records[0]
    assert (record["kind"], record["amount"], record["recipient"]) == ("aid_pledge", 200_000_000, "KEN")
    header, row = monitor("events", "--format", "csv").out.splitlines()
    assert header.startswith("event_id,kind,donors")
    assert row.startswith("1,aid_pledge,NOR")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--kind", "aid_pledge"], 1),
        (["--kind", "talk_round"], 0),
        (["--actor", "NOR"], 1),
        (["--actor", "FRA"], 0),
        (["--since", "2100-01-01"], 0),
        (["--until", "2000-01-01"], 0),
    ],
)
def test_events_can_be_filtered(monitor: Command, started: Path, filters: list[str], found: int) -> None:
    monitor("once", "--all")
    assert len(monitor("events", "--json", *filters).records) == found


def test_alerts_show_the_outbox_and_sources_their_state(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    assert [record["state"] for record in monitor("alerts", "--sent", "--json").records] == ["sent"]
    assert monitor("alerts", "--dead", "--json").records == []
    assert [record["state"] for record in monitor("sources", "--json").records] == ["items"]


def test_explain_tells_the_way_of_an_item_and_of_an_event(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    for what in ("item:1", "event:1"):
        told = monitor("explain", what).out
        assert "rule aid-pledges" in told
    assert monitor("explain", "item:1", "--json").records[0]["changes"][0]["change"] == "new"


@pytest.mark.parametrize("what", ["item:99", "event:99", "rule:1", "7"])
def test_explaining_what_is_not_there_is_one_line(monitor: Command, started: Path, what: str) -> None:
    done = monitor("explain", what)
    assert (done.status, done.err.count("\n")) == (1, 1)


def test_status_is_healthy_after_a_pass(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    assert monitor("status", "--json").records[0]["healthy"] is True


# --- check, init, test-channel ---------------------------------------------------------------------------------------


def test_the_starting_configuration_is_good_and_leaves_the_seeds_out(monitor: Command) -> None:
    assert monitor("init", "fresh").status == 0
    done = monitor("check", "--config", "fresh")
    assert (done.status, done.err) == (0, "")
    assert "seeds" not in (Path("fresh") / "sources.yaml").read_text()


def test_init_overwrites_nothing(monitor: Command, started: Path) -> None:
    before = (started / "sources.yaml").read_text()
    assert monitor("init", "config").status == 1
    assert (started / "sources.yaml").read_text() == before


def test_the_shipped_configuration_is_good_and_its_proofs_hold(monitor: Command) -> None:
    done = monitor("check", "--config", ROOT / "config", "--json")
    assert (done.status, done.err) == (0, "")
    assert {record["rule"] for record in done.records} == {"aid-pledges", "talks", "casualties"}
    assert all(record["ok"] for record in done.records)


def test_a_failed_proof_is_exit_2_and_names_file_line_and_key(monitor: Command, started: Path) -> None:
    (started / "rules" / "wrong.yaml").write_text(
        "name: wrong\nkind: aid_pledge\non: [new]\nchannels: [desk]\n"
        "proof:\n  silent:\n    - - text: Norway will give Kenya $200 million in humanitarian aid.\n"
    )
    done = monitor("check")
    assert done.status == 2
    assert "wrong.yaml:7: proof.silent[0]: expected the rule to stay silent" in done.err


def test_a_bad_configuration_is_exit_2_and_one_line(monitor: Command, started: Path) -> None:
    (started / "sources.yaml").write_text("own:\n  typ: folder\n  path: ../feed\n")
    for command in (["check"], ["once"], ["run"], ["sources"]):
        done = monitor(*command)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert "sources.yaml:2" in done.err


def test_a_channel_is_tried_by_name(monitor: Command, started: Path) -> None:
    assert monitor("test-channel", "desk").status == 0
    done = monitor("test-channel", "nobody")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "nobody" in done.err


def test_a_channel_that_refuses_is_exit_1_with_its_reason(monitor: Command, started: Path) -> None:
    (started / "channels.yaml").write_text("desk: json://127.0.0.1:9/hook\noperators: console://\n")
    done = monitor("test-channel", "desk")
    assert done.status == 1
    assert "NOT sent" in done.out


def test_options_before_the_command_are_its_defaults(monitor: Command, started: Path) -> None:
    started.rename(started.parent / "elsewhere")
    assert monitor("--config", "elsewhere", "check").status == 0


# --- silences, backup ------------------------------------------------------------------------------------------------


def test_a_silence_is_added_listed_and_ended(monitor: Command, started: Path) -> None:
    added = monitor("silence", "add", "--place", "Aru", "--for", "4h", "--why", "known")
    assert (added.status, "silence 1 until" in added.out) == (0, True)
    (record,) = monitor("silence", "list", "--json").records
    assert (record["names"], record["why"]) == ({"place": "Aru"}, "known")
    assert monitor("silence", "end", "1").status == 0
    assert monitor("silence", "list").out == "No silences.\n"
    assert len(monitor("silence", "list", "--all", "--json").records) == 1
    assert monitor("silence", "end", "1").status == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--for", "4h", "--why", "known"], "say what to silence"),
        (["--place", "Aru", "--for", "4x", "--why", "known"], "expected a duration"),
        (["--kind", "wedding", "--for", "4h", "--why", "known"], "no such kind"),
        (["--place", "Aru", "--for", "4h", "--why", " "], "say why"),
    ],
)
def test_a_silence_that_cannot_be_meant_is_refused(
    monitor: Command, started: Path, arguments: list[str], complaint: str
) -> None:
    done = monitor("silence", "add", *arguments)
    assert (done.status != 0, done.out) == (True, "")
    assert complaint in done.err


def test_options_before_a_command_of_two_words_are_its_defaults_too(monitor: Command, started: Path) -> None:
    started.rename(started.parent / "elsewhere")
    assert monitor("--config", "elsewhere", "silence", "list").status == 0


def test_a_backup_of_the_database_can_be_restored(monitor: Command, started: Path) -> None:
    monitor("once", "--all")
    before = monitor("events", "--json").out
    assert monitor("backup", "copy.db").status == 0
    monitor("silence", "add", "--place", "Aru", "--for", "4h", "--why", "known")
    done = monitor("restore", "copy.db")
    assert (done.status, "before-restore" in done.out) == (0, True)
    assert monitor("events", "--json").out == before
    assert monitor("silence", "list").out == "No silences.\n"


def test_postgresql_is_backed_up_with_its_own_tool_which_is_named(monitor: Command, started: Path) -> None:
    done = monitor("--database", "postgresql://monitor:hunter2@localhost/news", "backup", "copy.dump")
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert "pg_dump --format=custom" in done.err
    assert "hunter2" not in done.err


def test_an_alert_is_acknowledged_by_its_number(monitor: Command, started: Path) -> None:
    for rule in (started / "rules").glob("*.yaml"):
        rule.write_text(rule.read_text() + "\nrepeat: 15m\n")
    monitor("once", "--all")
    first = monitor("alerts", "--json").records[0]
    done = monitor("ack", first["id"])
    assert (done.status, done.err) == (0, "")
    assert str(first["id"]) in done.out.removeprefix("acknowledged: ").strip().split(", ")
    assert monitor("ack", "4711").status == 1
