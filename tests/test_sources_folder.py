"""Folders as reference feeds, and files on the command line: the same reading of the same files."""

from __future__ import annotations

import asyncio
import io
import json
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.fetch import Door
from monitor.model import Poll, PollOutcome, Source
from monitor.sources import SOURCES, Tools
from monitor.sources.reading import growing, read_path, read_stream

SEEDS = Path(__file__).parent.parent / "seeds"


async def here(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def poll(folder: Path | str, state: Mapping[str, Any] | None = None, later: float = 60, **more: Any) -> Poll:
    """A poll of a folder, ``later`` seconds from now: long after its files were written, unless a test says else."""

    async def go() -> Poll:
        source = Source(name="reference", type="folder", url=str(folder), **more)
        now = datetime.now(UTC) + timedelta(seconds=later)
        async with Door() as door:
            return await SOURCES["folder"].poll(source, state or {}, Tools(door=door, work=here, now=now))

    polled = asyncio.run(go())
    assert json.loads(json.dumps(dict(polled.state))) == dict(polled.state), "a state must survive the database"
    return polled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.txt").write_text("The second ferry sank.\n", encoding="utf-8")
    (tmp_path / "a.md").write_text("The first ferry sailed.\n", encoding="utf-8")
    (tmp_path / "feed.yaml").write_text(
        "- file: a.md\n  title: First\n  published: 2026-03-03\n  outlet: Gazette\n  url: https://gazette.example/a\n",
        encoding="utf-8",
    )
    return tmp_path


# --- the reference feed ----------------------------------------------------------------------------------------------


def test_a_folder_shows_its_files_by_name(folder: Path) -> None:
    polled = poll(folder)
    assert (polled.outcome, polled.reason) == (PollOutcome.ITEMS, "2 items")
    assert [(item.source, item.id, item.text) for item in polled.items] == [
        ("reference", "a.md", "The first ferry sailed.\n"),
        ("reference", "b.txt", "The second ferry sank.\n"),
    ]


def test_feed_yaml_says_what_files_do_not(folder: Path) -> None:
    first, second = poll(folder).items
    assert (first.title, first.published, first.outlet, first.url) == (
        "First",
        date(2026, 3, 3),
        "Gazette",
        "https://gazette.example/a",
    )
    assert (second.title, second.published, second.outlet, second.url) == ("", None, None, None)


def test_the_source_s_outlet_and_language_stand_in(folder: Path) -> None:
    polled = poll(folder, outlet="Reader", language="en")
    assert [(item.outlet, item.language) for item in polled.items] == [("Gazette", "en"), ("Reader", "en")]


def test_a_folder_that_did_not_change_is_unchanged_without_opening_a_file(folder: Path) -> None:
    state = poll(folder).state
    for path in folder.iterdir():
        before = path.stat()
        path.write_bytes(b"?" * before.st_size)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # nobody can see this edit without opening the file
    polled = poll(folder, state)
    assert (polled.outcome, polled.reason) == (PollOutcome.UNCHANGED, "no file changed")


def test_a_file_that_was_only_touched_is_no_edit(folder: Path) -> None:
    state = poll(folder).state
    os.utime(folder / "b.txt", (1, 1))
    polled = poll(folder, state)
    assert (polled.outcome, polled.reason) == (PollOutcome.UNCHANGED, "no content changed")
    assert poll(folder, polled.state).reason == "no file changed"


def test_an_edited_and_an_added_file_show_at_the_next_poll(folder: Path) -> None:
    state = poll(folder).state
    (folder / "b.txt").write_text("The second ferry was raised.\n", encoding="utf-8")
    (folder / "c.txt").write_text("A third one is planned.\n", encoding="utf-8")
    polled = poll(folder, state)
    assert [item.id for item in polled.items] == ["a.md", "b.txt", "c.txt"]
    assert polled.items[1].text == "The second ferry was raised.\n"
    assert poll(folder, polled.state).outcome is PollOutcome.UNCHANGED


def test_an_edit_within_the_same_tick_of_the_clock_is_not_missed(folder: Path) -> None:
    state = poll(folder, later=0).state
    before = (folder / "b.txt").stat()
    (folder / "b.txt").write_text("The second ferry swam.\n", encoding="utf-8")
    os.utime(folder / "b.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    polled = poll(folder, state, later=0)
    assert polled.items[1].text == "The second ferry swam.\n"


def test_an_edit_of_feed_yaml_shows_too(folder: Path) -> None:
    state = poll(folder).state
    (folder / "feed.yaml").write_text("- {file: b.txt, title: Second}\n", encoding="utf-8")
    assert [item.title for item in poll(folder, state).items] == ["", "Second"]


def test_a_file_that_went_away_is_no_failure(folder: Path) -> None:
    state = poll(folder).state
    (folder / "b.txt").unlink()
    assert [item.id for item in poll(folder, state).items] == ["a.md"]


def test_a_file_that_cannot_be_read_disturbs_no_other(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"caf\xe9")
    (folder / "empty.txt").touch()
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "pipe.txt").mkdir()
    (folder / "\x1b[31m.txt").touch()
    polled = poll(folder)
    assert [item.id for item in polled.items] == ["b.txt"]
    assert polled.reason == (
        "1 item; skipped '\\x1b[31m.txt': empty; skipped a.md: not UTF-8 text (byte 0xe9); skipped empty.txt: empty; "
        "skipped pipe.txt: Is a directory"
    )


def test_a_skipped_file_is_looked_at_again_and_taken_once_it_is_whole(folder: Path) -> None:
    (folder / "c.txt").touch()
    first = poll(folder)
    again = poll(folder, first.state)
    (folder / "c.txt").write_text("Whole.\n", encoding="utf-8")
    assert "c.txt" in again.reason
    assert [item.id for item in poll(folder, again.state).items] == ["a.md", "b.txt", "c.txt"]


def test_hidden_files_and_other_endings_are_no_items(folder: Path) -> None:
    for name in (".b.txt.swp", ".c.txt", "notes.pdf", "README"):
        (folder / name).write_text("x")
    assert len(poll(folder).items) == 2


def test_links_to_files_are_followed_as_kubernetes_needs(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mounted = tmp_path_factory.mktemp("mounted")
    (mounted / "..2026").symlink_to(folder)
    (mounted / "..data").symlink_to("..2026")
    (mounted / "b.txt").symlink_to("..data/b.txt")
    assert [item.id for item in poll(mounted).items] == ["b.txt"]


def test_a_missing_folder_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    polled = poll(tmp_path / "nowhere", {"path": "x"})
    assert polled.outcome is PollOutcome.FAILED
    assert polled.reason == f"{tmp_path / 'nowhere'}: No such file or directory"
    assert polled.state == {"path": "x"}


@pytest.mark.parametrize(
    "text, reason",
    [
        (
            "- file: a.md\n  titel: x\n",
            "feed.yaml:1: titel: unknown key; expected one of file, outlet, published, title, url",
        ),
        ("- file: a.md\n- title: x\n", "feed.yaml:2: expected an entry with the key file"),
        (
            "- {file: a.md, published: soon}\n",
            "feed.yaml:1: published: expected a day such as 2022-03-30, found 'soon'",
        ),
        ("a: b\n", "feed.yaml:1: expected a list of entries with file, title, published, outlet, url"),
        ("- file: [\n", "feed.yaml:2: not YAML: "),
        ("- {file: a.md, file: b.md}\n", "feed.yaml:1: not YAML: found duplicate key"),
    ],
)
def test_a_broken_feed_yaml_fails_the_poll_and_shows_no_item_without_its_day(
    folder: Path, text: str, reason: str
) -> None:
    state = poll(folder).state
    (folder / "feed.yaml").write_text(text)
    polled = poll(folder, state)
    assert (polled.outcome, polled.items, polled.state) == (PollOutcome.FAILED, (), state)
    assert polled.reason.startswith(reason)


def test_a_page_is_read_as_its_article(folder: Path) -> None:
    page = (
        "<html><head><title>Ferry &amp; sea</title></head><body><nav>Home</nav><article><header>By A. Writer</header>"
        "<p>The ferry sailed.</p><p>It came back.</p></article><footer>Imprint</footer></body></html>"
    )
    (folder / "c.html").write_text(page)
    item = poll(folder).items[2]
    assert (item.title, item.text) == ("Ferry & sea", "By A. Writer\n\nThe ferry sailed.\n\nIt came back.")


# --- a growing JSON-lines file ---------------------------------------------------------------------------------------


def line(id: object, text: str, **more: object) -> str:
    return json.dumps({"id": id, "text": text} | more) + "\n"


def test_new_lines_of_a_growing_file_are_new_items_and_a_half_one_waits(tmp_path: Path) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_text(line("a", "One.") + line("b", "Two.")[:10])
    first = poll(tmp_path)
    wire.write_text(line("a", "One.") + line("b", "Two.") + "\n" + line("c", "Three."))
    second = poll(tmp_path, first.state)
    assert [item.id for item in first.items] == ["a"]
    assert first.reason.startswith("1 item; skipped wire.jsonl line 2: not JSON")
    assert [item.id for item in second.items] == ["b", "c"]
    assert second.partial


def test_an_edit_of_an_older_line_shows_the_whole_file_anew(tmp_path: Path) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_text(line("a", "One.") + line("b", "Two."))
    first = poll(tmp_path)
    wire.write_text(line("a", "One, corrected.") + line("b", "Two.") + line("c", "Three."))
    second = poll(tmp_path, first.state)
    assert [item.text for item in second.items] == ["One, corrected.", "Two.", "Three."]
    assert not second.partial


def test_a_file_that_was_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_text(line("a", "One.") + line("b", "Two."))
    first = poll(tmp_path)
    wire.write_text(line("c", "Three."))
    assert [item.id for item in poll(tmp_path, first.state).items] == ["c"]


def test_a_last_line_that_is_not_ended_is_shown_and_shown_again_with_its_end(tmp_path: Path) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_text(line("a", "One.") + line("b", "Two.").rstrip())
    first = poll(tmp_path)
    wire.write_text(line("a", "One.") + line("b", "Two.") + line("c", "Three."))
    assert [item.id for item in first.items] == ["a", "b"]
    assert [item.id for item in poll(tmp_path, first.state).items] == ["b", "c"]


def test_a_file_that_outgrew_what_can_be_read_at_once_is_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "LARGEST", 150)
    monkeypatch.setattr(growing, "_SAMPLE", 40)
    wire = tmp_path / "wire.jsonl"
    wire.write_text("".join(line(f"a{number}", "One.") for number in range(20)))
    polls = [poll(tmp_path)]
    with wire.open("a") as file:
        file.writelines(line(f"b{number}", "Two.") for number in range(6))
    for _ in range(3):
        polls.append(poll(tmp_path, polls[-1].state))
    shown = [[item.id for item in each.items] for each in polls]
    assert shown[0] == ["a16", "a17", "a18", "a19"]
    assert [id for ids in shown[1:] for id in ids] == [f"b{number}" for number in range(6)]
    assert polls[-1].outcome is PollOutcome.UNCHANGED


def test_a_line_that_is_no_text_costs_no_other(tmp_path: Path) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_bytes(line("a", "One.").encode() + b"{\xff}\n" + line("b", "Two.").encode())
    polled = poll(tmp_path)
    assert [item.id for item in polled.items] == ["a", "b"]
    assert "skipped wire.jsonl line 2: not UTF-8" in polled.reason


def test_a_line_without_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "LARGEST", 1000)
    wire = tmp_path / "wire.jsonl"
    wire.write_text(line("a", "One."))
    first = poll(tmp_path)
    wire.write_text(line("a", "One.") + "x" * 2000)
    assert "has a line that is longer than" in poll(tmp_path, first.state).reason


def test_of_two_lines_with_one_id_a_poll_shows_the_last(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_text(line("a", "One.") + line("b", "Two.") + line("a", "One, corrected."))
    assert [item.text for item in poll(tmp_path).items] == ["One, corrected.", "Two."]


# --- the command line ------------------------------------------------------------------------------------------------


def test_a_text_file_is_one_item_whose_id_is_its_path_as_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (item,) = read_path(f"{folder.name}/a.md")
    assert (item.id, item.title, item.published) == (f"{folder.name}/a.md", "First", date(2026, 3, 3))


def test_a_folder_s_items_have_the_names_of_their_files_as_ids() -> None:
    found = read_path(SEEDS)
    assert [item.id for item in found] == sorted(path.name for path in SEEDS.glob("*.txt"))
    assert [item.outlet for item in found] == [None, None, None, "Al Jazeera", "Japan Today"]
    assert all(item.title and item.published for item in found)


def test_text_is_kept_to_the_character(tmp_path: Path) -> None:
    text = "One\r\nTwo\rThree\u2028Four \u00a0 e\u0301 \U0001f30d\n\n"
    (tmp_path / "x.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [item.text for item in read_path(tmp_path / "x.txt")] == [text]


@given(st.text())
def test_any_text_is_read_back_from_standard_input(text: str) -> None:
    written = text.encode("utf-8", "surrogatepass")
    if text.lstrip().startswith("{") or text.startswith("\ufeff") or "\ud800" <= max(text, default="") <= "\udfff":
        return
    assert [item.text for item in read_stream(io.BytesIO(written))] == [text]


def test_the_day_given_is_for_items_that_have_none(folder: Path) -> None:
    assert [item.published for item in read_path(folder, date(2026, 1, 1))] == [date(2026, 3, 3), date(2026, 1, 1)]


def test_json_lines_have_what_the_contract_says(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(
        line(7, "One.", title=None, published="", outlet="", url=None, other={"ignored": 1})
        + line(
            "b",
            "Two\u2028still two.",
            published="2026-03-03T23:59:00-08:00",
            outlet="Gazette",
            title="T",
            url="https://g.example/",
        ),
        encoding="utf-8",
    )
    first, second = read_path(tmp_path / "x.jsonl")
    assert (first.id, first.title, first.published, first.outlet, first.url) == ("7", "", None, None, None)
    assert (second.text, second.published, second.outlet) == ("Two\u2028still two.", date(2026, 3, 3), "Gazette")


def test_standard_input_is_a_text_or_json_lines() -> None:
    assert [(item.id, item.text) for item in read_stream(io.BytesIO(b"Words {.\n"))] == [("-", "Words {.\n")]
    assert [item.id for item in read_stream(io.BytesIO(b"\xef\xbb\xbf" + line("a", "x").encode()))] == ["a"]


def test_half_a_surrogate_pair_is_one_replacement_character() -> None:
    (item,) = read_stream(io.BytesIO(b'{"id": "a", "text": "x \\ud83d y"}'))
    assert item.text == "x \ufffd y"


@pytest.mark.parametrize(
    "text, complaint",
    [
        ('{"id": "a", "text": "x"}\nnonsense\n', "x.jsonl:2: not JSON at column 1; expected one item a line"),
        ("[1]\n", "x.jsonl:1: expected an object with id and text"),
        ('{"text": "x"}\n', "x.jsonl:1: id: expected a text or a number, found nothing"),
        ('{"id": true, "text": "x"}\n', "x.jsonl:1: id: expected a text or a number, found true"),
        ('{"id": "a"}\n', "x.jsonl:1: text: expected a text, found nothing"),
        ('{"id": "a", "text": null}\n', "x.jsonl:1: text: expected a text, found null"),
        ('{"id": "a", "text": "x", "title": 5}\n', "x.jsonl:1: title: expected a text, found 5"),
        (
            '{"id": "a", "text": "x", "published": "soon"}',
            "x.jsonl:1: published: expected a day such as 2022-03-30, found 'soon'",
        ),
        ("{" * 100_000, "x.jsonl:1: not JSON"),
    ],
)
def test_a_bad_line_is_named_with_file_line_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    with pytest.raises(InputError) as caught:
        read_path(tmp_path / "x.jsonl")
    assert str(caught.value).startswith(f"{tmp_path}/{complaint}")
    assert "\n" not in str(caught.value)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"one\ntwo \xff")
    for path, complaint in (
        (tmp_path / "missing.txt", "no such file or folder"),
        (tmp_path / "x.txt", "not UTF-8 text (byte 0xff)"),
        (Path("/dev/null"), "not a regular file"),
    ):
        with pytest.raises(InputError, match=rf"{path.name}.*") as caught:
            read_path(path)
        assert complaint in str(caught.value)
    with pytest.raises(InputError, match="standard input:1: not UTF-8"):
        list(read_stream(io.BytesIO(b"\xff")))
