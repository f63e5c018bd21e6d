"""Choices that are learned: a weight for each feature of a choice, and the sum that tells the best.

A model is a JSON file beside the code that works out its features, written by ``python -m tests.train``: ``about`` says
what it was trained on, how and with what outcome, ``weights`` gives each feature's name its weight. The choice with the
highest sum of weight times value is taken, unless the rules' own comes near it; features that a choice does not have
are 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

#: by how much a choice must lead that of the rules
LEAD = 0.3
#: name -> value, those that are 0 left out
Features = Mapping[str, float]


@cache
def weights(package: str, name: str) -> dict[str, float]:
    """The weights of the model ``name`` (a file without its ending) of a package."""
    model = json.loads((resources.files(package) / f"{name}.json").read_text("utf-8"))
    return {feature: float(weight) for feature, weight in model["weights"].items()}


def total(weights: Mapping[str, float], features: Features) -> float:
    """The sum by which a choice competes."""
    return sum(weights[name] * value for name, value in features.items())


def chosen(weights: Mapping[str, float], candidates: Sequence[Features], ruled: int) -> int:
    """The best of some candidates: the one that the rules chose, unless another leads it clearly."""
    sums = [total(weights, c) for c in candidates]
    return sums.index(max(sums)) if max(sums) > sums[ruled] + LEAD else ruled
