"""How well, and how fast, the extractor reads: ``python -m tests.measure``.

Runs ``monitor.extract`` in this process over the gold sets and prints one table. The sets are the reference articles
(``tests/gold/seeds.yaml``), the items written for this project (``tests/gold/written_*.yaml``, each scored on its own
kind only) and, where they are, the JSON lines of the folder in ``$MONITOR_GOLD`` (its ``dev/`` or itself; default
``../shared/gold``). A fifth of each of these last, chosen by a hash of the item's id, is *held out*: it is scored in a
row of its own and its errors are never shown, so that a gap between the two rows tells learning the sample from
learning the language. Of the written sets those with an even number (``written_talks_4``) are held out whole. The first
three streams of stories are one set (``written_streams``), each later one (``written_streams_5``) is a set of its own.

    --sets snippets,articles   only these sets            --kind casualty_update   only events of one kind
    --errors snippets          what was missed, spurious or wrong there, in the part that may be read
    --slots                    how often each slot is right
    --calibration              how many of the events given 0.9 are right, in what may be read and in what is held out
    --links                    replay seeds, streams and stories and score what was linked and told
    --json                     the figures as one JSON object
    --raise-floors             write what was measured into tests/quality_floor.yaml; refuses to lower anything
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import math
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from monitor import codec
from monitor.extract import extract
from monitor.language.lexicon import Lexicons
from monitor.model import Item

HERE = Path(__file__).parent
#: the scorers import one another by bare name, as they do beside the gold sets
sys.path.insert(0, str(HERE / "gold"))

import score  # noqa: E402  found by the line above
import score_figures  # noqa: E402  likewise
import score_links  # noqa: E402  likewise

SEEDS = HERE.parent / "seeds"
FLOORS = HERE / "quality_floor.yaml"
#: sets whose gold is events, and sets whose gold is figures
EVENT_SETS = ("seeds", "snippets", "articles", "stories")
#: by a word in the name of its file, the one kind that a written set is annotated for
WRITTEN_KINDS = {"aid": "aid_pledge", "casualties": "casualty_update", "talks": "talk_round"}
#: the names of written sets: the first of a kind has no number
WRITTEN = re.compile(rf"written_(?P<kind>{'|'.join(WRITTEN_KINDS)})(?:_(?P<number>\d+))?")
FIGURE_SETS = ("isaf", "aid_notes")
#: streams of items with several stories told side by side, written here: one set, whose second stream is held out
STREAMS = "written_streams"
#: how many of them are that set. Its floors were measured on these: a later stream, easier or harder, would move them
FIRST_STREAMS = 3
STREAM = re.compile(rf"{STREAMS}_(?P<number>\d+)")
#: figures that are better the lower they are
CEILINGS = frozenset({"pledges_per_note", "news_per_event", "missed", "chatter"})
#: the slots of each kind, as the scorer names them
SLOTS: dict[str, tuple[str, ...]] = score.SLOTS
SHORT = {"aid_pledge": "aid", "talk_round": "talks", "casualty_update": "tolls"}


def written_sets(folder: Path) -> dict[str, str]:
    """The sets of items written here, before any output was seen, and the kind of each; by kind, then by number."""
    found = [m for m in (WRITTEN.fullmatch(path.stem) for path in folder.glob("written_*.yaml")) if m]
    found.sort(key=lambda m: (m["kind"], int(m["number"] or 1)))
    return {m.group(): WRITTEN_KINDS[m["kind"]] for m in found}


def stream_sets(folder: Path) -> list[str]:
    """The streams that are sets of their own, by number: all that came after the first set of them."""
    numbers = [int(m["number"]) for m in (STREAM.fullmatch(path.stem) for path in folder.glob("*.yaml")) if m]
    return [f"{STREAMS}_{number}" for number in sorted(numbers) if number > FIRST_STREAMS]


WRITTEN_SETS = written_sets(HERE / "gold")
STREAM_SETS = stream_sets(HERE / "gold")
LINK_SETS = ("seeds", STREAMS, *STREAM_SETS, "stories")

Gold = dict[str, Any]
Found = dict[str, list[dict[str, Any]]]
Figures = dict[str, float]


# --- the gold sets ---------------------------------------------------------------------------------------------------


def gold_folder() -> Path:
    """Where the sets of JSON lines are; the folder need not exist."""
    root = Path(os.environ.get("MONITOR_GOLD") or HERE.parent.parent / "shared" / "gold")
    return root / "dev" if (root / "dev").is_dir() else root


def available() -> list[str]:
    """The sets that are here, in the order of the table."""
    return [
        "seeds",
        *WRITTEN_SETS,
        STREAMS,
        *STREAM_SETS,
        *(s for s in (*EVENT_SETS, *FIGURE_SETS) if (gold_folder() / f"{s}.jsonl").is_file()),
    ]


def written_file(name: str) -> Path:
    """Where a set is that is kept here, with the tests."""
    return HERE / "gold" / f"{name}.yaml"


def read_set(name: str) -> list[Gold]:
    """The items of a set, with their text."""
    if name in WRITTEN_SETS:
        return list(yaml.safe_load(written_file(name).read_text("utf-8")))
    if name == STREAMS or name in STREAM_SETS:
        streams = [name] if name in STREAM_SETS else [f"{STREAMS}_{n + 1}" for n in range(FIRST_STREAMS)]
        return [i | {"stream": s} for s in streams for i in yaml.safe_load(written_file(s).read_text("utf-8"))]
    if name != "seeds":
        lines = (gold_folder() / f"{name}.jsonl").read_text("utf-8").split("\n")
        return [json.loads(line) for line in lines if line.strip()]
    items = yaml.safe_load(written_file(name).read_text("utf-8"))
    return [{**item, "text": (SEEDS / item["file"]).read_text(encoding="utf-8")} for item in items]


def is_held_out(item: Gold) -> bool:
    """Whether nobody may read this item's errors: chosen by its id; of a stream all items or none."""
    if stream := item.get("stream"):
        return int(stream.rpartition("_")[2]) % 2 == 0
    return int(hashlib.sha1(str(item["id"]).encode(), usedforsecurity=False).hexdigest(), 16) % 5 == 0


def parts_of(name: str, gold: list[Gold]) -> dict[str, list[Gold]]:
    """The rows of the table for a set: one for those that are open, or held out, as a whole."""
    if name == "seeds" or name in WRITTEN_SETS or name in STREAM_SETS:
        return {"all": gold}
    return {
        "open": [g for g in gold if not is_held_out(g)],
        "held out": [g for g in gold if is_held_out(g)],
        "all": gold,
    }


def is_closed(name: str) -> bool:
    """Whether a set is held out whole: a written one, or a stream that is a set, with an even number."""
    written = WRITTEN.fullmatch(name) or STREAM.fullmatch(name)
    return written is not None and int(written["number"] or 1) % 2 == 0


def open_part(name: str) -> list[Gold]:
    """The items of a set whose errors may be read."""
    if is_closed(name):
        return []
    parts = parts_of(name, read_set(name))
    return parts.get("open", parts["all"])


def kind_of(name: str, asked: str | None) -> str | None:
    """The kind that a set is scored on: its own where it is annotated for one only, else the one asked for."""
    return WRITTEN_SETS.get(name, asked)


def item_of(gold: Gold) -> Item:
    """A gold item as the service would read it (CONTRACT.md, "Items as files")."""
    day = gold.get("published") or None
    return Item(
        id=str(gold["id"]),
        title=gold.get("title") or "",
        text=gold["text"],
        outlet=gold.get("outlet") or None,
        published=dt.date.fromisoformat(day) if isinstance(day, str) else day,
    )


# --- running the extractor -------------------------------------------------------------------------------------------


def extractor() -> Callable[[Item], list[dict[str, Any]]]:
    """The extractor as ``monitor extract --json`` runs it: an item to the events it prints."""
    lexicons = Lexicons.load()
    return lambda item: [codec.event_to_json(event) for event in extract(item, lexicons).events]


def run(gold: Iterable[Gold], read: Callable[[Item], list[dict[str, Any]]]) -> Found:
    """What the extractor finds in each item."""
    return {item.id: read(item) for item in map(item_of, gold)}


def speed(gold: list[Gold], read: Callable[[Item], list[dict[str, Any]]]) -> float:
    """Megabytes of text a second of one core, after the first twenty items have warmed it."""
    items = [item_of(g) for g in gold]
    for item in items[:20]:
        read(item)
    began = time.process_time()
    for item in items:
        read(item)
    return sum(len(item.text.encode()) for item in items) / 1e6 / max(1e-9, time.process_time() - began)


# --- scoring ---------------------------------------------------------------------------------------------------------


def only(kind: str | None, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [e for e in events if kind in (None, e["kind"])]


def score_events(gold: list[Gold], found: Found, kind: str | None = None) -> tuple[dict[str, Any], list[Any]]:
    """The scorer's report and its rows of errors, for one kind or all."""
    wanted = [{**g, "events": only(kind, g["events"])} for g in gold]
    had = [{"id": str(g["id"]), "events": only(kind, found[str(g["id"])])} for g in gold]
    report, errors = score.report(wanted, had)
    return dict(report), list(errors)


def event_figures(report: Mapping[str, Any]) -> Figures:
    """The figures of one row of the table."""
    whole = report["all"]
    kinds = {SHORT[k]: report[k]["f1"] for k in score.KINDS if report[k]["gold"]}
    return {"f1": whole["f1"], **kinds, "slots": whole["slots"], "all_slots": whole["all_slots"]}


def figure_figures(name: str, gold: list[Gold], found: Found) -> Figures:
    """What the scorer of figures says, under short names."""
    rows = (score_figures.isaf if name == "isaf" else score_figures.aid)(gold, found)
    if name == "isaf":
        short = [(row["field"].removeprefix("min_"), row) for row in rows]
        return {f"{k}{tail}": row[f"exact{tail}"] for k, row in short for tail in ("", "_not_zero")}
    amount, type_ = rows
    return {"amount": amount["exact"], "type": type_["exact"], "pledges_per_note": amount["pledges_per_note"]}


def is_right(name: str, item: Gold, found: Found) -> bool:
    """Whether the figures of one item are what its source publishes."""
    if name == "aid_notes":
        return bool(score_figures.aid([item], found)[0]["exact"])
    fields = (("min_killed", "killed"), ("min_captured", "captured"))
    return all(score_figures.least(found[str(item["id"])], harm) == item[field] for field, harm in fields)


def replayed(gold: Iterable[Gold]) -> Iterator[dict[str, Any]]:
    """What ``monitor replay --json`` prints of the items, as far as the scorer of links reads it."""
    from monitor import proof  # here, so that reading can be measured while linking is being rebuilt

    for taken in proof.replay(map(item_of, gold), rules=()):
        for change in taken.changes:
            event = codec.event_to_json(change.event)
            yield {"item": change.claim.item, "event_id": change.known.id, "change": change.type.value, "event": event}


def link_figures(gold: list[Gold]) -> tuple[Figures, list[str]]:
    """How a replay of the items links and tells their events."""
    order = sorted(gold, key=lambda g: str(g.get("published") or ""))
    report, errors = score_links.report(order, list(replayed(order)))
    names = ("b3_f1", "b3_precision", "b3_recall", "news_per_event", "missed", "moves_found", "chatter")
    return {name: report[name] for name in names}, list(errors)


def measure(sets: Iterable[str], kind: str | None = None, links: bool = False) -> dict[str, dict[str, Figures]]:
    """``{set: {part: {figure: value}}}``; ``"links <set>"`` for what a replay tells."""
    read, out = extractor(), {}
    for name in sets:
        gold = read_set(name)
        found = run(gold, read)
        out[name] = {part: _figures(name, items, found, kind) for part, items in parts_of(name, gold).items() if items}
        if links and name in LINK_SETS:
            parts = parts_of(name, gold) if name == STREAMS else {"all": gold}
            out[f"links {name}"] = {part: link_figures(items)[0] for part, items in parts.items()}
    return out


def _figures(name: str, gold: list[Gold], found: Found, kind: str | None) -> Figures:
    if name in FIGURE_SETS:
        return {"items": len(gold), **figure_figures(name, gold, found)}
    return {"items": len(gold), **event_figures(score_events(gold, found, kind_of(name, kind))[0])}


# --- floors ----------------------------------------------------------------------------------------------------------


def is_worse(figure: str, value: float, floor: float) -> bool:
    """Whether a figure is on the wrong side of its floor (of its ceiling, for the few where less is better)."""
    return value > floor + 1e-9 if figure in CEILINGS else value < floor - 1e-9


def floors_from(measured: Mapping[str, Mapping[str, Figures]]) -> dict[str, Figures]:
    """What the measured figures come to as floors: three decimals, rounded to the lenient side."""
    return {
        name: {figure: lenient(figure, value) for figure, value in parts["all"].items() if figure != "items"}
        for name, parts in measured.items()
    }


def lenient(figure: str, value: float) -> float:
    """Three decimals, rounded up for a ceiling and down for a floor."""
    return (math.ceil(value * 1000 - 1e-6) if figure in CEILINGS else math.floor(value * 1000 + 1e-6)) / 1000


def raised(old: Mapping[str, Figures], new: Mapping[str, Figures]) -> tuple[dict[str, Figures], list[str]]:
    """The floors after a rise, and what stands in its way: figures that are worse than they were."""
    merged = {name: dict(figures) for name, figures in old.items()}
    lower = []
    for name, figures in new.items():
        for figure, value in figures.items():
            before = merged.setdefault(name, {}).get(figure)
            if before is not None and is_worse(figure, value, before):
                lower.append(f"{name} {figure}: {value:.3f}, the floor is {before:.3f}")
            merged[name][figure] = value
    return merged, lower


def raise_floors(measured: Mapping[str, Mapping[str, Figures]]) -> list[str]:
    """Write the measured figures as floors, or, if any would be lower, write nothing and say which."""
    head = "".join(line for line in FLOORS.read_text("utf-8").splitlines(keepends=True) if line.startswith("#"))
    merged, lower = raised(yaml.safe_load(FLOORS.read_text("utf-8")) or {}, floors_from(measured))
    if not lower:
        FLOORS.write_text(head + yaml.safe_dump(merged, sort_keys=False), encoding="utf-8")
    return lower


# --- telling it ------------------------------------------------------------------------------------------------------


def table(measured: Mapping[str, Mapping[str, Figures]]) -> str:
    """A row a part of a set; a new head wherever the figures are others."""
    lines: list[str] = []
    head: tuple[str, ...] = ()
    for name, parts in measured.items():
        for part, figures in parts.items():
            names = tuple(figures)
            if names != head:
                head = names
                lines += ["", f"{'set':<24}{'part':<10}" + "".join(f"{n:>{max(8, len(n) + 2)}}" for n in names)]
            cells = (f"{v:>{max(8, len(n) + 2)}.{0 if n == 'items' else 3}f}" for n, v in figures.items())
            lines.append(f"{name:<24}{part:<10}" + "".join(cells))
    return "\n".join(lines[1:])


def show_errors(name: str, kind: str | None) -> None:
    """The scorer's rows for the part of a set that may be read; of a set of figures, the items that are wrong."""
    gold = open_part(name)
    found = run(gold, extractor())
    if name in FIGURE_SETS:
        for item in gold:
            if not is_right(name, item, found):
                want = {k: v for k, v in item.items() if k not in ("text", "title")}
                had = "; ".join(score.brief(e) for e in found[str(item["id"])]) or "nothing"
                print(json.dumps(want, ensure_ascii=False), "| found", had)
        return
    for row in score_events(gold, found, kind_of(name, kind))[1]:
        print(*row, sep=" | ")


def show_slots(sets: Iterable[str], kind: str | None) -> None:
    """How often each slot of the matched events is right, over all items of the sets."""
    read = extractor()
    for name in (s for s in sets if s not in FIGURE_SETS):
        gold = read_set(name)
        print(f"\n{name}")
        by_slot = score_events(gold, run(gold, read), kind_of(name, kind))[0]["all"]["by_slot"]
        for slot, (right, of) in sorted(by_slot.items(), key=lambda row: row[1][0] / row[1][1]):
            print(f"  {slot:<32}{right:>5} of {of:<5}{right / of:8.3f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join(available()))
    parser.add_argument("--kind", choices=score.KINDS)
    parser.add_argument("--errors", metavar="SET")
    for flag in ("--slots", "--calibration", "--links", "--json", "--raise-floors"):
        parser.add_argument(flag, action="store_true")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    sets = [s for s in options.sets.split(",") if options.kind in (None, kind_of(s, options.kind))]
    if options.errors and options.links:
        print(*link_figures(open_part(options.errors))[1], sep="\n")
        return 0
    if options.calibration:
        from tests import calibrate  # here, because it is written with this module

        calibrate.show(sets)
        return 0
    if options.errors:
        show_errors(options.errors, options.kind)
        return 0
    measured = measure(sets, options.kind, options.links)
    print(json.dumps(measured, indent=1) if options.json else table(measured))
    if options.slots:
        show_slots(sets, options.kind)
    if not options.json:
        texts = [item for name in sets for item in read_set(name)]
        print(f"\n{speed(texts, extractor()):.2f} MB of text a second on one core, warm")
    if options.raise_floors and (lower := raise_floors(measured)):
        print("not written, a floor only rises:", *lower, sep="\n  ", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
