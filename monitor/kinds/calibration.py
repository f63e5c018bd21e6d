"""A confidence that means something: of the events given 0.9, about nine in ten are right.

The rules of a kind say which of their findings are surer than others; how often each is right is measured. The measured
shares stand in calibration.json, a curve a kind, written by ``python -m tests.calibrate``: pairs of what the rules say
and what it came to, rising, straight between two points and level beyond the last.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache
from importlib import resources

#: (what the rules say, share that was right), rising in both
Curve = tuple[tuple[float, float], ...]


def calibrated(kind: str, said: float) -> float:
    """The share of events of a kind that are right where its rules say so; what they say where nothing was measured."""
    curve = curves().get(kind)
    return share(curve, said) if curve else said


def share(curve: Curve, said: float) -> float:
    """A curve's value, 0 to 1."""
    i = bisect_right(curve, said, key=lambda point: point[0])
    if i in (0, len(curve)):
        return curve[min(i, len(curve) - 1)][1]
    (x, low), (right, high) = curve[i - 1], curve[i]
    return low + (high - low) * (said - x) / (right - x)


@cache
def curves() -> dict[str, Curve]:
    """Kind -> its curve."""
    text = (resources.files("monitor.kinds") / "calibration.json").read_text("utf-8")
    return {kind: tuple((x, y) for x, y in points) for kind, points in json.loads(text).items()}
