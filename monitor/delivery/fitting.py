"""A body within a service's limit: what does not fit is cut where it hurts least, and the cut is shown. Pure."""

from __future__ import annotations

import re

CUT = "…"
# Where a body may end, the best first: after a paragraph, a line, a sentence, a word; and how the cut is set off.
_ENDS = (
    (re.compile(r"\n\n"), "\n\n"),
    (re.compile(r"\n"), "\n"),
    (re.compile(r"(?<=[.!?…])[\"'”’)]*\s"), " "),
    (re.compile(r"\s"), " "),
)


def fit_list(body: str, limit: int) -> str:
    """A body of lines that begin with "- " in at most ``limit`` characters: the last ones give way to their number."""
    lines = body.rstrip().split("\n")
    if len(body) <= limit or not any(line.startswith("- ") for line in lines):
        return fit(body, limit)
    left_out = 0
    while len(lines) > 1 and lines[-1].startswith("- "):
        lines.pop()
        left_out += 1
        told = "\n".join([*lines, f"{CUT} and {left_out} more: `monitor alerts --sent` lists them"])
        if len(told) <= limit:
            return told
    return fit(body, limit)


def fit(body: str, limit: int) -> str:
    """The body in at most ``limit`` characters: cut after a paragraph, else a line, a sentence, a word.

    A better end may leave a third of the room empty.
    """
    if len(body) <= limit:
        return body
    room = body[: max(0, limit - len(CUT) - 2)]
    for end, gap in _ENDS:
        last = max((match.end() for match in end.finditer(room)), default=0)
        if last * 3 > len(room) * 2:
            return f"{room[:last].rstrip()}{gap}{CUT}"
    return f"{room.rstrip()}{CUT}"[:limit]
