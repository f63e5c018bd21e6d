"""Whose embassy tells of a gift, and where: "the Embassy of X in Y handed over", "X's ambassador to Y said".

An embassy gives in the name of the state that sends it to the state that hosts it. Where neither the sentence nor the
sums around it name them, an item that speaks of one embassy only has said who gives and who receives.
"""

from __future__ import annotations

from typing import NamedTuple

from monitor.kinds.aid_pledge.find_words import KIND, Words
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Document, Sentence

#: tokens from an embassy to the state that sends it, and from that to the one that hosts it
_OF, _IN = 3, 3
_HOSTS = frozenset((Form.COUNTRY, Form.CAPITAL))


class Embassy(NamedTuple):
    """Who sends it, and to whom: codes of states."""

    home: str
    host: str


def embassy(document: Document, words: Words) -> Embassy | None:
    """The one embassy that an item tells of with both its states; None where there is none, or more; made once."""
    known: Embassy | str | None = document.notes.get("embassy")
    if known is None:
        told = {e for s in document.passing(words.envoy_gate) for e in _embassies(s, words)}
        known = document.notes["embassy"] = next(iter(told)) if len(told) == 1 else "none, or several"
    return known if isinstance(known, Embassy) else None


def _embassies(sentence: Sentence, words: Words) -> list[Embassy]:
    found: list[Embassy] = []
    named = [a for a in sentence.actors if is_state(a.actor)]
    for hit in sentence.of_role(KIND, "envoys"):
        home = next((a for a in named if a.j + a.possessive == hit.i), None)
        end = hit.j
        if home is None:
            home = _behind(sentence, named, end, words.of_donor, _OF, words)
            end = home.j if home is not None else end
        host = _behind(sentence, named, end, words.inner - words.of_donor, _IN, words) if home is not None else None
        if home is not None and host is not None and host.form in _HOSTS and host.actor != home.actor:
            found.append(Embassy(home.actor, host.actor))
    return found


def _behind(
    sentence: Sentence, named: list[Actor], k: int, prepositions: frozenset[str], reach: int, words: Words
) -> Actor | None:
    """The state that one of some prepositions leads to behind token k: "[of] the Republic of X", "[to] Y"."""
    if k >= len(sentence.words) or sentence.words[k] not in prepositions:
        return None
    actor = next((a for a in named if k < a.i <= k + reach), None)
    if actor is None:
        return None
    between = sentence.words[k + 1 : actor.i]
    return actor if all(w in words.articles or w in words.bodies or w in words.of_donor for w in between) else None


__all__ = ["Embassy", "embassy"]
