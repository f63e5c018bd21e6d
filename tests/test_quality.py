"""Quality has a floor that only rises: tests/quality_floor.yaml, measured by tests/measure.py."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import measure

FLOORS: dict[str, measure.Figures] = yaml.safe_load(measure.FLOORS.read_text("utf-8")) or {}


@cache
def measured(name: str) -> dict[str, measure.Figures]:
    """The figures of one set, as ``python -m tests.measure`` prints them."""
    return {key: parts["all"] for key, parts in measure.measure([name], links=True).items()}


@pytest.mark.parametrize("row", sorted(FLOORS) or ["none"])
def test_no_figure_is_below_its_floor(row: str) -> None:
    if row == "none":
        pytest.skip("no floors yet")
    name = row.removeprefix("links ")
    if name not in measure.available():
        pytest.skip(f"the gold set {name} is not here: set MONITOR_GOLD to the folder that has it")
    figures = measured(name)[row]
    worse = {f: (figures.get(f), floor) for f, floor in FLOORS[row].items() if _worse(f, figures.get(f), floor)}
    assert not worse, f"{row}: (now, floor) {worse}"


def _worse(figure: str, value: float | None, floor: float) -> bool:
    return value is None or measure.is_worse(figure, value, floor)


def test_a_floor_is_raised_and_never_lowered() -> None:
    merged, lower = measure.raised({"seeds": {"f1": 0.9, "missed": 0.1}}, {"seeds": {"f1": 0.95, "missed": 0.05}})
    assert (merged, lower) == ({"seeds": {"f1": 0.95, "missed": 0.05}}, [])
    _, lower = measure.raised({"seeds": {"f1": 0.9, "missed": 0.1}}, {"seeds": {"f1": 0.85, "missed": 0.2}})
    assert lower == ["seeds f1: 0.850, the floor is 0.900", "seeds missed: 0.200, the floor is 0.100"]


def test_a_refused_rise_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "floors.yaml"
    file.write_text("# why\nseeds:\n  f1: 0.9\n", encoding="utf-8")
    monkeypatch.setattr(measure, "FLOORS", file)
    assert measure.raise_floors({"seeds": {"all": {"f1": 0.8}}})
    assert file.read_text("utf-8") == "# why\nseeds:\n  f1: 0.9\n"
    assert measure.raise_floors({"seeds": {"all": {"f1": 0.97, "items": 5}}}) == []
    assert file.read_text("utf-8") == "# why\nseeds:\n  f1: 0.97\n"


def test_a_gold_item_is_read_as_the_service_reads_it() -> None:
    gold: dict[str, Any] = {"id": 7, "text": "Two were killed.", "published": "2022-03-30", "outlet": ""}
    item = measure.item_of(gold)
    assert (item.id, str(item.published), item.outlet, item.title) == ("7", "2022-03-30", None, "")


def test_floors_are_rounded_to_the_lenient_side() -> None:
    assert [measure.lenient("f1", 0.9699), measure.lenient("missed", 0.1001)] == [0.969, 0.101]
    assert [measure.lenient("f1", 0.97), measure.lenient("missed", 0.1)] == [0.97, 0.1]


def test_every_reference_article_has_its_gold() -> None:
    assert [item["file"] for item in measure.read_set("seeds")] == sorted(p.name for p in measure.SEEDS.glob("*.txt"))


def test_a_written_set_is_scored_on_its_own_kind_only() -> None:
    gold: list[measure.Gold] = [{"id": "a", "events": [{"kind": "talk_round", "parties": ["RUS", "UKR"]}]}]
    events = {"a": [{"kind": kind, "parties": ["RUS", "UKR"], "harm": "killed"} for kind in measure.SLOTS]}
    assert measure._figures("written_talks", gold, events, None)["f1"] == 1.0
    assert measure._figures("snippets", gold, events, None)["f1"] < 1.0


@pytest.mark.parametrize("name", list(measure.WRITTEN_SETS))
def test_a_written_set_has_gold_of_its_kind_and_items_without_any(name: str) -> None:
    gold = measure.read_set(name)
    assert len({item["id"] for item in gold}) == len(gold)
    assert measure.WRITTEN_SETS[name] in {event["kind"] for item in gold for event in item["events"]}
    assert any(not item["events"] for item in gold)
    known = {kind: {"kind", "optional", "cluster", *slots} for kind, slots in measure.SLOTS.items()}
    strange = {
        item["id"]: set(e) - known[e["kind"]] for item in gold for e in item["events"] if set(e) - known[e["kind"]]
    }
    assert not strange, "a comma in a value that stands without quotes splits it"


def test_written_sets_are_found_by_their_names(tmp_path: Path) -> None:
    for name in ("written_talks_10", "written_aid_3", "written_talks_9", "written_aid", "written_news_2", "seeds"):
        (tmp_path / f"{name}.yaml").write_text("[]", encoding="utf-8")
    found = {"written_aid": "aid_pledge", "written_aid_3": "aid_pledge"}
    found |= {"written_talks_9": "talk_round", "written_talks_10": "talk_round"}
    assert list(measure.written_sets(tmp_path).items()) == list(found.items())


@pytest.mark.parametrize(
    ("name", "closed"), [("written_aid", False), ("written_aid_3", False), ("written_aid_4", True)]
)
def test_written_sets_with_an_even_number_are_held_out_whole(name: str, closed: bool) -> None:
    assert measure.is_closed(name) is closed


def test_the_errors_of_what_is_held_out_are_never_shown() -> None:
    assert measure.open_part("written_talks_2") == measure.open_part("written_talks_14") == []
    assert len(measure.open_part("written_talks")) == len(measure.read_set("written_talks"))


def test_a_stream_is_held_out_as_a_whole_or_not_at_all() -> None:
    parts = measure.parts_of(measure.STREAMS, measure.read_set(measure.STREAMS))
    assert {item["stream"] for item in parts["held out"]} == {"written_streams_2"}
    assert not {item["stream"] for item in parts["open"]} & {"written_streams_2"}


def test_each_later_stream_is_a_set_of_its_own(tmp_path: Path) -> None:
    for name in ("written_streams_1", "written_streams_10", "written_streams_3", "written_streams_5", "written_aid_9"):
        (tmp_path / f"{name}.yaml").write_text("[]", encoding="utf-8")
    assert measure.stream_sets(tmp_path) == ["written_streams_5", "written_streams_10"]
    first = {item["stream"] for item in measure.read_set(measure.STREAMS)}
    assert first == {"written_streams_1", "written_streams_2", "written_streams_3"}
    gold = measure.read_set("written_streams_5")
    assert {item["stream"] for item in gold} == {"written_streams_5"}
    assert measure.parts_of("written_streams_5", gold) == {"all": gold}


def test_a_later_stream_with_an_even_number_is_held_out_whole() -> None:
    assert measure.open_part("written_streams_12") == []
    assert measure.open_part("written_streams_5") == measure.read_set("written_streams_5")
    assert measure.is_held_out({"id": "a", "stream": "written_streams_12"})


@pytest.mark.parametrize("name", [measure.STREAMS, *measure.STREAM_SETS])
def test_every_event_that_a_stream_requires_belongs_to_a_real_event(name: str) -> None:
    gold = measure.read_set(name)
    events = [event for item in gold for event in item["events"]]
    assert all(event.get("cluster") or event.get("optional") for event in events)
    assert len({item["id"] for item in gold}) == len(gold)
    known = {kind: {"kind", "optional", "cluster", *slots} for kind, slots in measure.SLOTS.items()}
    assert not [event for event in events if set(event) - known[event["kind"]]], "a comma without quotes splits a value"
