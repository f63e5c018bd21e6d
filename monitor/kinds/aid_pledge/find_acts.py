"""What the rules of aid pledges find in a sentence: phrases of a role, and verbs with what their group says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Mark(NamedTuple):
    """A phrase of one role: tokens[i:j]."""

    i: int
    j: int
    value: str


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Act:
    """A verb of the section: tokens[i:j]."""

    i: int
    j: int
    #: what it makes of a pledge: "promise", "enact", "give", ... (the lexicon's ``acts``)
    sort: str
    #: the first token of its verb group ("has been" sent)
    begin: int
    passive: bool
    #: finite past or perfect: what it says has happened
    past: bool
    #: "has sent"
    perfect: bool
    #: behind "to"
    infinitive: bool
    #: ends in -ing, with no form of "be" before it
    loose: bool
    #: what stands before it: "coming", "possible", "asked", "denied"
    modes: frozenset[str]
    #: a participle before its noun: "the promised $3bn"
    attributive: bool
    #: a verb of wishing, which asks where another is to do it ("wants X to send")
    wish: bool
    #: a verb of spending: what was spent has been handed over
    spends: bool
