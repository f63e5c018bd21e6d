"""Figures with their hedges as ranges: whether two can be one figure, whether one is higher than another."""

from __future__ import annotations

from typing import Protocol

#: figures this close are one figure that was rounded (GUIDELINES.md: "nearly 2,200" and "2,187")
ROUNDING = 0.02


class Hedged(Protocol):
    """What a figure needs: the slots that kinds with a count have."""

    @property
    def count(self) -> int | None: ...
    @property
    def low(self) -> int | None: ...
    @property
    def high(self) -> int | None: ...
    @property
    def qualifier(self) -> str | None: ...


def span(figure: Hedged) -> tuple[float, float] | None:
    """The least and the most that a figure may mean; None without a figure.

    An open end ("at least 50", "dozens") is taken to be three times off at most: who says "at least 50" of 500 is
    wrong, or speaks of something else.
    """
    if figure.count is None:
        if figure.low is None and figure.high is None:
            return None
        low = figure.low if figure.low is not None else figure.high or 0
        return low, figure.high if figure.high is not None else low * 10
    n = figure.count
    match figure.qualifier:
        case "about":
            return n * 0.85, n * 1.15
        case "nearly":
            return n * 0.88, n
        case "at_least":
            return n, n * 3
        case "up_to":
            return n / 3, n
    return n, n


def same_figure(a: int, b: int) -> bool:
    """Whether two figures are one, but for rounding."""
    return abs(a - b) <= ROUNDING * max(a, b)


def agreeing(a: Hedged, b: Hedged) -> bool:
    """Whether both can be true."""
    mine, theirs = span(a), span(b)
    if mine is None or theirs is None:
        return True
    slack = 1 + ROUNDING
    return mine[0] <= theirs[1] * slack and theirs[0] <= mine[1] * slack


def apart(a: Hedged, b: Hedged) -> float | None:
    """The factor between two figures as they are stated; None where one is missing.

    A vague one ("dozens") is met by anything from what the word means at least to ten times that.
    """
    mine, theirs = stated(a), stated(b)
    if mine is None or theirs is None:
        return None
    if (a.count is None) != (b.count is None) and agreeing(a, b):
        return 1.0
    low, high = sorted((mine, theirs))
    return high / max(low, 1)


def stated(figure: Hedged) -> int | None:
    """The figure as one number: the count, else the least it can be."""
    return figure.count if figure.count is not None else figure.low if figure.low is not None else figure.high


def rises(before: Hedged, after: Hedged) -> bool:
    """Whether a figure is higher than the one before, not merely written otherwise."""
    if before.count is None or after.count is None or after.count <= before.count:
        return False
    exact = before.qualifier in (None, "exact") and after.qualifier in (None, "exact")
    return exact or not same_figure(before.count, after.count)
