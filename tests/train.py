"""Learns the choices that are made by weights: ``python -m tests.train KIND`` writes the models of a kind.

A model chooses among candidates (monitor/kinds/weights.py). Each gold event that the rules found is an example, with
its candidates' features and which of them the gold has. The weights maximise the probability of a right one (a softmax
over the candidates), held small by a square penalty. They are judged by cross-validation in ten parts, an item's events
in one part, against the rules alone. What is learned from is open: the sets of $MONITOR_GOLD without the items held
out, the seeds, the written items and streams of an odd number. The same input gives the same file but for its day.

    --dry    judge only, write nothing
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from monitor.kinds.casualty_update import choose_place
from monitor.kinds.casualty_update.find import told
from monitor.kinds.casualty_update.find_slots import Slots
from monitor.kinds.casualty_update.findings import Finding
from monitor.kinds.weights import chosen
from monitor.language.document import Document
from monitor.language.lexicon import Lexicons
from monitor.language.recognise import recognise
from tests import measure
from tests.measure import score  # type: ignore[attr-defined]  # the scorer is found by the path that measure sets

KINDS = Path(__file__).parents[1] / "monitor" / "kinds"
#: parts of the cross-validation
PARTS = 10
#: of the square penalty: the higher, the nearer to 0 the weights stay
PENALTY = 2.0
#: how much more an example counts that the model will be asked, than one from which it only learns
ASKED = 3.0


class Example(NamedTuple):
    """A choice with its answer."""

    item: str
    #: feature -> value, of each candidate
    candidates: list[dict[str, float]]
    #: whether the gold has it, of each candidate
    right: list[bool]
    #: the candidate that the rules chose
    ruled: int
    #: whether the model decides it
    asked: bool


# --- examples --------------------------------------------------------------------------------------------------------


def open_items(kind: str) -> Iterator[measure.Gold]:
    """The items that may be learned from, and that have an event of the kind."""
    for name in measure.available():
        if name not in measure.FIGURE_SETS and measure.kind_of(name, kind) == kind:
            yield from (i for i in measure.open_part(name) if measure.only(kind, i["events"]))


def tolls() -> Iterator[tuple[str, measure.Gold, Finding, Slots]]:
    """Every gold toll that the rules found: its item, itself, what was read, and what answered for its slots."""
    lexicons = Lexicons.load()
    for item in open_items("casualty_update"):
        lexicon = recognise(measure.item_of(item), lexicons)
        read = None if isinstance(lexicon, str) else told(Document(measure.item_of(item), lexicon))
        if read is None:
            continue
        findings, slots = read
        golds = measure.only("casualty_update", item["events"])
        found = [{"kind": "casualty_update"} | _plain(f) for f in findings]
        for i, j in score.align(golds, found)[0]:
            yield str(item["id"]), golds[i], findings[j], slots


def _plain(f: Finding) -> dict[str, Any]:
    return {slot: getattr(f.facts, slot) for slot in measure.SLOTS["casualty_update"]}


def places() -> Iterator[Example]:
    """Where tolls are of."""
    for item, gold, f, slots in tolls():
        if "place" in gold:
            choices = choose_place.choices(f, slots.where)
            right = [score.same("place", gold["place"], c.name) for c in choices]
            ruled = choose_place.of_rules(choices)
            yield Example(item, [c.features for c in choices], right, ruled, choose_place.asked(f))


#: kind -> model -> its examples
MODELS: dict[str, dict[str, Callable[[], Iterator[Example]]]] = {"casualty_update": {"place": places}}


# --- fitting ---------------------------------------------------------------------------------------------------------


class Fit:
    """Weights for some examples."""

    def __init__(self, examples: Sequence[Example], names: Sequence[str]) -> None:
        usable = [e for e in examples if any(e.right) and not all(e.right)]
        self.x = np.array([[c.get(n, 0.0) for n in names] for e in usable for c in e.candidates])
        self.right = np.array([r for e in usable for r in e.right], dtype=float)
        lengths = [len(e.right) for e in usable]
        self.begins = np.cumsum([0, *lengths[:-1]])
        self.of = np.repeat(np.arange(len(usable)), lengths)
        self.counts = np.array([ASKED if e.asked else 1.0 for e in usable])

    def loss(self, w: Any) -> tuple[float, Any, Any]:
        """(minus the logarithm of the probability, penalised; the chances of all candidates; those among the right)"""
        sums = self.x @ w
        powers = np.exp(sums - np.maximum.reduceat(sums, self.begins)[self.of])
        rights = powers * self.right
        whole, right = np.add.reduceat(powers, self.begins), np.add.reduceat(rights, self.begins)
        lost = float(-(self.counts * np.log(right / whole)).sum() + PENALTY * (w @ w) / 2)
        return lost, powers / whole[self.of], rights / right[self.of]

    def weights(self) -> Any:
        """By Newton's method, the curvature of the right ones' sum left out, so that every step goes down."""
        w = np.zeros(self.x.shape[1])
        lost, chances, among = self.loss(w)
        for _ in range(200):
            each = self.counts[self.of]
            slope = self.x.T @ ((chances - among) * each) + PENALTY * w
            means = np.add.reduceat(self.x * chances[:, None], self.begins)
            bent = (self.x * (chances * each)[:, None]).T @ self.x - (means * self.counts[:, None]).T @ means
            step = np.linalg.solve(bent + PENALTY * np.eye(len(w)), slope)
            size = 1.0
            while self.loss(w - size * step)[0] > lost and size > 1e-6:
                size /= 2
            w = w - size * step
            before, (lost, chances, among) = lost, self.loss(w)
            if before - lost < 1e-7:
                break
        return w


def best(example: Example, names: Sequence[str], w: Any) -> bool:
    """Whether the weights choose rightly."""
    weights = dict(zip(names, w, strict=True))
    known = [{n: v for n, v in c.items() if n in weights} for c in example.candidates]
    return example.right[chosen(weights, known, example.ruled)]


def part(item: str) -> int:
    """The part of the cross-validation that an item is in."""
    return int(hashlib.sha1(item.encode(), usedforsecurity=False).hexdigest(), 16) // 5 % PARTS


def judged(examples: Sequence[Example], names: Sequence[str]) -> dict[str, int]:
    """How many of the choices that the model is asked are right, by the rules and, cross-validated, by the model."""
    figures = {"examples": len(examples), "asked": 0, "right by the rules": 0, "right by the model": 0}
    for k in range(PARTS):
        asked = [e for e in examples if part(e.item) == k and e.asked]
        w = Fit([e for e in examples if part(e.item) != k], names).weights()
        figures["asked"] += len(asked)
        figures["right by the rules"] += sum(e.right[e.ruled] for e in asked)
        figures["right by the model"] += sum(best(e, names, w) for e in asked)
    return figures


def train(kind: str, model: str, *, dry: bool) -> None:
    """Learn one model, print how good it is, and write it."""
    examples = list(MODELS[kind][model]())
    names = sorted({name for e in examples for c in e.candidates for name in c})
    figures = judged(examples, names)
    print(f"{kind} {model}: {len(names)} features, {figures}")
    if dry:
        return
    w = Fit(examples, names).weights()
    about = {
        "what": "weights of a learned choice, see monitor/kinds/weights.py",
        "written by": f"python -m tests.train {kind}",
        "on": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "learned from": "the open items of the gold sets, the seeds, the written items and streams of odd number",
        "penalty": PENALTY,
        f"cross-validated in {PARTS} parts": figures,
    }
    weights = {name: round(float(v), 4) for name, v in zip(names, w, strict=True)}
    text = json.dumps({"about": about, "weights": weights}, indent=1, ensure_ascii=False)
    (KINDS / kind / f"{model}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=MODELS)
    parser.add_argument("--dry", action="store_true")
    options = parser.parse_args()
    for model in MODELS[options.kind]:
        train(options.kind, model, dry=options.dry)


if __name__ == "__main__":
    main()
