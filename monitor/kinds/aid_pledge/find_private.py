"""Money between firms, of a home budget, of a benefactor: no state, organisation or people gives or gets it.

The guidelines want aid "at state, organisation or population level (not a company's investment, a loan between
firms)". Who is private is seldom in a list of names; the words of the trade are: a *term loan*, a *school district*, an
*alumna*. They count where no state is read as the giver: "Japan gives Kabul University $2m" is aid.
"""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_words import KIND
from monitor.language.document import Document, Sentence

#: sentences of an item, its title among them, that tell what it is about
_OPENING = 2


def private(found: Finding) -> bool:
    """Whether the sum goes between private hands, or from a state's budget to its own schools and roads."""
    scene = found.scene
    sentence = scene.sentence
    if found.donors is not None:
        return found.recipient is None and _of(sentence, "lent")
    if sentence.of_role(KIND, "private"):
        return True
    return _about(sentence.document) and not sentence.actors


def _of(sentence: Sentence, value: str) -> bool:
    return any(h.roles["private"].value == value for h in sentence.of_role(KIND, "private"))


def _about(document: Document) -> bool:
    """Whether the item opens with such money."""
    known: bool | None = document.notes.get("private money")
    if known is None:
        known = any(s.of_role(KIND, "private") for s in document.sentences[:_OPENING])
        document.notes["private money"] = known
    return known
