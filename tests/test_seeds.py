"""The reference feed, end to end: what a reader of the five articles would be told, in order of publication."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from monitor import codec, config
from monitor.extract import Extraction
from monitor.model import Change, ChangeType, Item
from monitor.pipeline import take_in
from monitor.proof import replay
from monitor.rules import Rule
from monitor.sources.reading.files import read_path
from monitor.store import Store
from tests import measure
from tests.test_stories import NOW, claims_in, stream

from score import align  # isort: skip  # beside the gold; found by tests.measure

SEEDS = Path(__file__).parent.parent / "seeds"


@cache
def changes() -> tuple[tuple[str, Change], ...]:
    """(first three characters of the item's name, change), in order."""
    return tuple((taken.item.id[:3], change) for taken in replay(read_path(SEEDS), ()) for change in taken.changes)


def told(kind: str, **slots: Any) -> list[tuple[str, Change]]:
    """The changes whose claim has these values."""
    return [
        (item, change)
        for item, change in changes()
        if change.event.kind == kind and all(getattr(change.event.facts, s) == v for s, v in slots.items())
    ]


def types(found: list[tuple[str, Change]]) -> list[tuple[str, ChangeType]]:
    return [(item, change.type) for item, change in found]


def events(found: list[tuple[str, Change]]) -> set[int | None]:
    return {change.known.id for _, change in found}


def test_the_200_million_of_january_are_one_event_from_two_outlets() -> None:
    found = told("aid_pledge", amount=200_000_000)
    assert types(found) == [("001", ChangeType.NEW), ("003", ChangeType.CONFIRMED)]
    assert len(events(found)) == 1


def test_the_500_million_are_new_as_considered_and_updated_to_pledged() -> None:
    found = told("aid_pledge", amount=500_000_000, donors=("USA",))
    assert types(found) == [("000", ChangeType.NEW), ("002", ChangeType.UPDATED)]
    assert found[0][1].event.facts.status == "considered"  # type: ignore[attr-defined]  # of an aid pledge
    assert found[1][1].fields["status"] == ("considered", "pledged")


def test_mariupol_goes_from_2187_to_5000_as_an_update() -> None:
    found = told("casualty_update", harm="killed", place="Mariupol")
    assert types(found) == [("004", ChangeType.NEW), ("002", ChangeType.UPDATED)]
    assert found[1][1].fields["count"] == (2187, 5000)


def test_moscows_498_and_kyivs_12000_are_one_event_side_by_side_told_as_disputed() -> None:
    kyiv, moscow = told("casualty_update", count=12_000), told("casualty_update", count=498)
    assert len(events(kyiv + moscow)) == 1
    assert moscow[0][1].type is ChangeType.DISPUTED
    counts = {claim.event.facts.count for claim in moscow[0][1].known.claims}  # type: ignore[attr-defined]  # of a toll
    assert {498, 12_000} <= counts


def test_the_talks_in_istanbul_are_one_event_from_two_outlets() -> None:
    found = [
        (item, change)
        for item, change in told("talk_round", parties=("RUS", "UKR"), mode="in_person", status="held")
        if item in ("000", "002")
    ]
    assert {item for item, _ in found} == {"000", "002"}
    assert len(events(found)) == 1


# --- the alerts of the shipped rules ---------------------------------------------------------------------------------

ALERTS = Path(__file__).parent / "stories" / "seeds.yaml"


def shipped_rules() -> tuple[Rule, ...]:
    return config.load(Path(__file__).parent.parent / "config", {}).rules


def written_alerts() -> list[tuple[str, str, str]]:
    """(item, rule, "change name of the event") for each alert that the story lists."""
    items = yaml.safe_load(ALERTS.read_text("utf-8"))["items"]
    return sorted(
        (i["id"], rule, says["tells"]) for i in items for says in i["says"] for rule in says.get("alerts", ())
    )


def test_read_perfectly_the_articles_make_the_alerts_that_are_written_down() -> None:
    found = []
    names: dict[int | None, str] = {}
    with Store.open("sqlite://") as store:
        for number, story in enumerate(stream(ALERTS)):
            item = Item(
                source="reference",
                id=story["id"],
                text=str(number),
                outlet=story["outlet"],
                published=story["published"],
            )
            events = tuple(claim.event for claim in claims_in(story))
            names_here = {id(event.facts): says["tells"] for event, says in zip(events, story["says"], strict=True)}
            taken = take_in(store, item, Extraction(events=events, skipped=None), watch=shipped_rules(), now=NOW)
            for change in taken.changes:
                name = names_here[id(change.event.facts)].partition(" ")[2]
                assert names.setdefault(change.known.id, name) == name
            found += [
                (item.id, rule, f"{alert.news.type} {names[alert.news.event_id]}")
                for alert in taken.alerts
                for rule in alert.rules
            ]
    assert sorted(found) == written_alerts()


def test_read_by_the_service_the_articles_make_these_alerts_and_only_optional_ones_beside() -> None:
    gold = {item["file"][:3]: item["events"] for item in measure.read_set("seeds")}
    required: list[tuple[str, str, str]] = []
    for taken in replay(read_path(SEEDS), shipped_rules()):
        item = taken.item.id[:3]
        pairs, _, _, _ = align(gold[item], [codec.event_to_json(change.event) for change in taken.changes])
        sure = {found for _, found in pairs}
        required += [
            (item, decision.rule.stem, str(change.type))
            for number, (change, decisions) in enumerate(zip(taken.changes, taken.decisions, strict=True))
            for decision in decisions
            if decision.fires and number in sure
        ]
    assert sorted(required) == sorted((item, rule, told.partition(" ")[0]) for item, rule, told in written_alerts())
