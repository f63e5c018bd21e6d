"""What ``monitor extract --trace`` shows: which rule gave which slot, and what was refused and why.

A ``Trace`` rides on the document. It is None in a normal run, and every use is guarded by that: it costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.model import Event

if TYPE_CHECKING:
    from monitor.language.document import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a rule did."""

    #: name of the event kind
    kind: str
    #: "gave" (a value to a slot), "found" (an event), "merged" (two mentions of one fact) or "refused"
    what: str
    #: name of the rule, in words
    rule: str
    #: the words it looked at, and where: field, offsets
    text: str
    field: str = ""
    start: int = 0
    end: int = 0
    #: for "gave"
    slot: str | None = None
    value: Any = None


@dataclass(slots=True)
class Trace:
    """Collects steps in the order in which they happen."""

    steps: list[Step] = field(default_factory=list)
    #: the events found, with the steps that made each where a kind tells them
    events: list[Event] = field(default_factory=list)

    def gave(self, kind: str, slot: str, value: Any, rule: str, sentence: Sentence, i: int, j: int) -> None:
        """A rule read a slot's value from tokens[i:j]."""
        self._add("gave", kind, rule, sentence, i, j, slot, value)

    def refused(self, kind: str, rule: str, sentence: Sentence, i: int, j: int) -> None:
        """A rule turned tokens[i:j] down; its name says why."""
        self._add("refused", kind, rule, sentence, i, j)

    def found(self, kind: str, rule: str, sentence: Sentence, i: int, j: int) -> None:
        """A rule made an event of tokens[i:j]."""
        self._add("found", kind, rule, sentence, i, j)

    def merged(self, kind: str, rule: str, sentence: Sentence, i: int, j: int) -> None:
        """Tokens[i:j] repeat a fact that is already held."""
        self._add("merged", kind, rule, sentence, i, j)

    def _add(
        self,
        what: str,
        kind: str,
        rule: str,
        sentence: Sentence,
        i: int,
        j: int,
        slot: str | None = None,
        value: Any = None,
    ) -> None:
        start, end = sentence.span(max(i, 0), max(min(j, len(sentence)), i + 1))
        text = sentence.text[start - sentence.start : end - sentence.start]
        self.steps.append(
            Step(
                kind=kind,
                what=what,
                rule=rule,
                text=text,
                field=sentence.field,
                start=start,
                end=end,
                slot=slot,
                value=value,
            )
        )
