"""One mention of one pledge, before the mentions of an item are put together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from monitor.kinds.aid_pledge.find_phrases import Phrase
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import Course
from monitor.kinds.aid_pledge.find_words import KIND
from monitor.language.quantities import Quantity


@dataclass(slots=True, kw_only=True)
class Finding:
    """One mention of one pledge, before the mentions of an item are put together."""

    scene: Scene
    #: tokens of the sum or the goods
    i: int
    j: int
    span: Phrase
    path: Course
    status: str
    quantity: Quantity | None = None
    donors: Answer | None = None
    recipient: Answer | None = None
    #: goes to more than one
    several: bool = False
    types: frozenset[str] = frozenset()
    #: the types are named, not guessed from what it is for
    typed: bool = False
    goods: str | None = None
    #: aid without figure or goods
    bare: bool = False
    #: a state spends on itself
    at_home: bool = False
    date: dt.date | None = None
    #: how sure the words are that it is aid
    score: float = 0.0
    #: "whole", "part" (of a sum told before) or "total" (running)
    part: str = "whole"
    #: which of the evidences of aid there are: the features of its confidence
    marks: set[str] = field(default_factory=set)

    def refuse(self, rule: str) -> None:
        """Tell the trace why it is none."""
        trace = self.scene.sentence.document.trace
        if trace is not None:
            trace.refused(KIND, rule, self.scene.sentence, self.i, self.j)
