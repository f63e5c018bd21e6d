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
