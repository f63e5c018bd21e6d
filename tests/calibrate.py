"""Measures how often events of a given confidence are right: ``python -m tests.calibrate`` writes calibration.json.

What is measured: all events that the extractor finds in the open part of the sets of events (tests/measure.py). An
event is right when the scorer pairs it with one of the gold. Where the rules' own confidences lie close together their
events are put into one bin of at least ``FEWEST``, and bins that fall are joined until the shares only rise. The rules
were written with these items in sight, so that they do better there than elsewhere: a bin is taken to be as good as the
lower end of its interval (Wilson, one side, 90 %), which lies the lower the fewer events it has. The items held out
have no part in it; ``python -m tests.measure --calibration`` shows what the confidences are worth there.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from unittest import mock

from monitor.kinds import KINDS
from tests import measure
from tests.measure import score  # type: ignore[attr-defined]  # the scorer is found by the path that measure sets

FILE = Path(__file__).parents[1] / "monitor" / "kinds" / "calibration.json"
#: events of a bin, at least
FEWEST = 30
#: of the normal distribution, one side, 90 %
Z = 1.2816
#: the bins of the table that --calibration shows
EDGES = (0.0, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)

#: kind, confidence, whether it is right
Judged = tuple[str, float, bool]


def judged(sets: Iterable[str], *, held_out: bool = False) -> Iterator[Judged]:
    """Every event found in the open part of the sets, or in what is held out, that the gold decides on."""
    read = measure.extractor()
    for name in sets:
        opened = {str(item["id"]) for item in measure.open_part(name)}
        for item in measure.read_set(name):
            if (str(item["id"]) in opened) is not held_out:
                yield from _judge(item, measure.only(measure.kind_of(name, None), read(measure.item_of(item))), name)


def _judge(item: measure.Gold, found: Sequence[measure.Gold], name: str) -> Iterator[Judged]:
    pairs, _, _, spurious = score.align(measure.only(measure.kind_of(name, None), item["events"]), found)
    for j in [j for _, j in pairs]:
        yield found[j]["kind"], found[j]["confidence"], True
    for j in spurious:
        yield found[j]["kind"], found[j]["confidence"], False


def lowest(right: int, of: int) -> float:
    """The lower end of the interval in which the true share lies (Wilson)."""
    p, n = right / of, of
    middle = p + Z * Z / (2 * n)
    return (middle - Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))) / (1 + Z * Z / n)


def curve(events: Iterable[tuple[float, bool]]) -> list[tuple[float, float]]:
    """The points of a kind's curve: the mean of what the rules said in a bin, and the share right."""
    bins: list[list[tuple[float, bool]]] = []
    for event in sorted(events):
        if bins and (len(bins[-1]) < FEWEST or event[0] == bins[-1][-1][0]):
            bins[-1].append(event)
        else:
            bins.append([event])
    if len(bins) > 1 and len(bins[-1]) < FEWEST:
        last = bins.pop()
        bins[-1] += last
    joined: list[list[tuple[float, bool]]] = []
    for one in bins:
        joined.append(one)
        while len(joined) > 1 and _share(joined[-1]) <= _share(joined[-2]):
            last = joined.pop()
            joined[-1] = [*joined[-1], *last]
    return [(round(sum(c for c, _ in b) / len(b), 3), round(_share(b), 3)) for b in joined]


def _share(events: Sequence[tuple[float, bool]]) -> float:
    return lowest(sum(right for _, right in events), len(events))


def table(events: Sequence[Judged]) -> str:
    """How many of the events of each bin of confidence are right, and what they were given on average."""
    lines = [f"{'confidence':<14}{'events':>8}{'given':>8}{'right':>8}"]
    for low, high in pairwise(EDGES):
        inside = [(c, right) for _, c, right in events if low <= c < high]
        if inside:
            given, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            lines.append(f"{low:.2f} to {min(high, 1):.2f}  {len(inside):>6}{given:>8.2f}{right:>8.2f}")
    return "\n".join(lines)


def show(sets: Iterable[str]) -> None:
    """Both tables: the open part, and what is held out."""
    names = [s for s in sets if s not in measure.FIGURE_SETS]
    for title, held_out in (("open", False), ("held out", True)):
        print(f"\n{title}\n{table(list(judged(names, held_out=held_out)))}")


def main() -> int:
    names = [s for s in measure.available() if s not in (*measure.FIGURE_SETS, "seeds")]
    with mock.patch("monitor.extract.calibrated", lambda kind, said: said):
        events = list(judged(names))
    curves = {kind: curve((c, right) for k, c, right in events if k == kind) for kind in sorted(KINDS)}
    rows = ",\n".join(f'  "{kind}": {json.dumps(points)}' for kind, points in curves.items())
    FILE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")
    print(FILE.read_text("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
