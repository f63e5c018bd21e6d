"""One name for one group: "Aceh rebels" in the title are the "Free Aceh Movement" of the text, "the opposition" its one
coalition. A described name gives way to a listed one where the item tells of the same meetings with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_merge import Mention
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import is_state
from monitor.language.document import Document

#: letters of a word that two names of one group can share
_LONG = 4


def unified(document: Document, mentions: Sequence[Mention], words: Words) -> list[Mention]:
    """The mentions, with the listed name of each group that is also described."""
    nouns = frozenset(document.lexicon.section(KIND).phrases("side_nouns"))
    parties = {party for m in mentions for party in m.facts.parties}
    told = {party for party in parties if party in words.homes or not is_state(party)}
    described = {party for party in told if party.rsplit(" ", 1)[-1] in nouns}
    listed = told - described
    if not described or not listed:
        return list(mentions)
    same: dict[str, str] = {}
    for name in described:
        groups = [group for group in listed if _is_same(document, name, group, mentions, words)]
        if len(groups) == 1:
            same[name] = groups[0]
    return [m if same.keys().isdisjoint(m.facts.parties) else _renamed(m, same) for m in mentions]


def _is_same(document: Document, name: str, group: str, mentions: Sequence[Mention], words: Words) -> bool:
    """Whether the described and the listed one talk with the same others, never with each other, and are of one state
    or have a word of their names in common."""
    if any({name, group} <= {*m.facts.parties} for m in mentions):
        return False
    with_name = {tuple(p for p in m.facts.parties if p != name) for m in mentions if name in m.facts.parties}
    with_group = {tuple(p for p in m.facts.parties if p != group) for m in mentions if group in m.facts.parties}
    others = with_name & with_group
    if not others:
        return False
    proper = {word for word in name.split() if len(word) >= _LONG and word[0].isupper()}
    if proper & (_surface(document, group) | {*group.split()}):
        return True
    home = words.homes.get(group)
    civil = name.rsplit(" ", 1)[-1] in words.civil and words.homes.get(name) != home
    return home is not None and not civil and any(home in parties for parties in others)


def _surface(document: Document, group: str) -> set[str]:
    """The words by which the item names a listed group."""
    return {
        word
        for sentence in document.sentences
        for actor in sentence.actors
        if actor.actor == group
        for word in sentence.raw[actor.i : actor.j]
    }


def _renamed(mention: Mention, same: dict[str, str]) -> Mention:
    parties = tuple(sorted({same.get(party, party) for party in mention.facts.parties}))
    return replace(mention, facts=replace(mention.facts, parties=parties))
