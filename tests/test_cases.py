"""Every case of tests/cases is a sentence and what it tells; the shape is told at the head of each file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import codec
from monitor.extract import extract
from monitor.language.lexicon import Lexicons
from monitor.model import Item

CASES = Path(__file__).parent / "cases"


def _cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.yaml")):
        kind = file.name.split(".")[0]
        for number, case in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), 1):
            yield pytest.param(kind, case, id=f"{kind}-{number}-{case['because'][:40]}")


def _found(kind: str, case: dict[str, Any]) -> list[dict[str, Any]]:
    published = case.get("published")
    item = Item(id="case", title=case.get("title") or "", text=case["text"], language="en", published=published)
    assert published is None or isinstance(published, dt.date)
    events = [codec.event_to_json(event) for event in extract(item, Lexicons.load(["en"])).events]
    return [event for event in events if event["kind"] == kind]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _matches(want: dict[str, Any], have: dict[str, Any]) -> bool:
    return all(_plain(value) == have.get(slot) for slot, value in want.items())


@pytest.mark.parametrize(("kind", "case"), list(_cases()))
def test_a_case_tells_its_events_and_no_others(kind: str, case: dict[str, Any]) -> None:
    left = _found(kind, case)
    for want in case["events"]:
        match = next((event for event in left if _matches(want, event)), None)
        assert match is not None, f"{case['because']}: {case['text']!r}\nwanted {want}\namong {left}"
        left.remove(match)
    assert not left, f"{case['because']}: {case['text']!r}\nunwanted {left}"
