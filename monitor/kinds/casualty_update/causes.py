"""What killed or hurt people, as far as the words of a report tell: a quake, a ferry, an air strike.

It is no slot of the facts, but a reader knows a happening by it: the toll of an earthquake is told for days under the
names of its country, its province and its towns, and two earthquakes that kill in one country in one week are rare; a
war has its strikes every day.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping

from monitor.language import lexicon
from monitor.model import Evidence, Item

#: codes of what a country seldom suffers twice within weeks
RARE = frozenset(
    ("quake", "flood", "landslide", "storm", "eruption", "ship", "plane", "train", "crush", "pit", "disease")
)
#: ... of what may be told of, as "attack" or "accident", by another of its like, or be a consequence of it
_LIKE = (
    frozenset(("bomb", "strike", "guns", "battle", "building", "fire", "road")),
    frozenset(("quake", "flood", "landslide", "storm", "eruption", "building", "fire", "disease")),
    frozenset(("ship", "storm", "fire")),
    frozenset(("plane", "fire", "building", "strike")),
    frozenset(("train", "road", "fire", "bomb", "building")),
    frozenset(("pit", "fire", "bomb", "landslide", "building")),
    frozenset(("crush", "fire", "building")),
)
#: characters of a text in which it says what it is about
_LEAD = 1000
_ENDS = (". ", "\n", "! ", "? ")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@functools.cache
def _codes() -> Mapping[str, str]:
    """word -> code, of all languages."""
    found: dict[str, str] = {}
    for language in lexicon.every():
        for code, words in language.section("linking").phrases("causes_list").items():
            found.update(dict.fromkeys(words, code))
    return found


@functools.lru_cache(maxsize=256)  # the events of one item ask one after the other
def named_in(text: str) -> frozenset[str]:
    """The codes of the causes that a text names."""
    codes = _codes()
    return frozenset(codes[word] for word in _WORD.findall(text.lower()) if word in codes)


def of_item(item: Item) -> frozenset[str]:
    """What an item is about: the causes of its title, else the one rare cause that its text begins with."""
    if titled := named_in(item.title):
        return titled
    rare = named_in(item.text[:_LEAD]) & RARE
    return rare if len(rare) == 1 else frozenset()


def sentence(item: Item, evidence: Evidence) -> str:
    """The sentence around the words of an event, roughly: from one full stop or line to the next."""
    text = item.title if evidence.field == "title" else item.text
    start = max(text.rfind(mark, 0, evidence.start) for mark in _ENDS) + 1
    ends = [end for mark in _ENDS if (end := text.find(mark, evidence.end)) >= 0]
    return text[start : min(ends, default=len(text))]


def are_apart(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether what is named on both sides cannot be one happening: an earthquake and a ferry."""
    if not mine or not theirs:
        return False
    return not any(a == b or any(a in like and b in like for like in _LIKE) for a in mine for b in theirs)
