"""The figures of a series as a picture, for mail. It needs matplotlib, which is an extra (``charts``): without it a
mail shows bars. It is loaded in the child that draws, for half a second: few mails have a series, and every start of
the service would pay for it.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
from collections.abc import Sequence
from typing import Any

from monitor.model import Mark

#: width as shown, in pixels; drawn twice as large, for screens that show it sharp
WIDTH = 560
_INCHES, _DOTS = (5.6, 2.6), 200
#: characters of a label
_LABEL = 24
_RED, _GREY = "#b3261e", "#5f6368"


def available() -> bool:
    """Whether pictures can be drawn here."""
    return importlib.util.find_spec("matplotlib") is not None


def draw(marks: Sequence[Mark]) -> bytes | None:
    """A PNG of the figures over time, first, last and largest in words; None where none can be drawn."""
    if not available():
        return None
    figure, axes = _drawing_board()
    days = [dt.date.fromisoformat(day) for day, _, _ in marks]
    sizes = [size for _, _, size in marks]
    axes.plot(days, sizes, color=_RED, linewidth=2, marker="o", markersize=5)
    axes.fill_between(days, sizes, color=_RED, alpha=0.08, linewidth=0)
    largest = sizes.index(max(sizes))
    for at in sorted({0, largest, len(marks) - 1}):
        _label(axes, days[at], sizes[at], marks[at][1], last=at == len(marks) - 1)
    axes.set_xticks(sorted({days[0], days[-1]}), [f"{day.day} {day:%b %Y}" for day in sorted({days[0], days[-1]})])
    axes.set_ylim(0, max(sizes) * 1.3)
    axes.margins(x=0.1)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=_DOTS, facecolor="white")
    return picture.getvalue()


def _label(axes: Any, day: dt.date, size: float, words: str, *, last: bool) -> None:
    from matplotlib.patheffects import withStroke

    text = words if len(words) <= _LABEL else f"{words[: _LABEL - 1]}…"
    # A dollar sign would begin a formula.
    axes.annotate(
        text.replace("$", r"\$"), (day, size), xytext=(0, 8), textcoords="offset points", fontsize=12, color="black",
        ha="right" if last else "left", path_effects=[withStroke(linewidth=4, foreground="white")],
    )  # fmt: skip


def _drawing_board() -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, layout="constrained")
    axes = figure.add_subplot()
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=11, colors=_GREY, length=3)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GREY)
    return figure, axes
