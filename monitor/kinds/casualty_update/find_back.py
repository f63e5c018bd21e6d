"""People told before: "the gunmen" are the four who stormed in, "them" the three men who ran, "both" two of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.kinds.casualty_update.find_people import Groups
from monitor.kinds.casualty_update.find_phrases import Group
from monitor.kinds.casualty_update.find_tables import MOVED, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: sentences looked back at
BACK = 3
#: letters by which a noun is known again: "gunman" and "gunmen" part at the fifth
STEM = 4
#: tokens between people and what they did
DID = 5


def resolved(found: Sequence[Mention], tables: Tables) -> list[Mention]:
    """The mentions, those of people told before with the number that they were told with; "them" of nobody is none.
    Whole crowds are evacuated, of whom a number told before may be anybody."""
    out = []
    for m in found:
        g = m.group
        if (g.pronoun or (g.count is None and g.definite and not g.numbered)) and m.harm not in MOVED:
            before = _antecedent(m.sentence, g, tables)
            if before is not None:
                _take(g, before)
            elif g.pronoun and g.count is None:
                continue
        out.append(m)
    return out


def _take(group: Group, before: Group) -> None:
    """Give a group the number, and where it has no noun the sort, of the people it stands for."""
    if not group.part and group.count is None:
        group.count, group.low, group.high = before.count, before.low, before.high
        group.qualifier = before.qualifier
    if group.head is None and before.head is not None:
        group.head = Hit(group.i, group.j, before.head.roles)


def _antecedent(sentence: Sentence, group: Group, tables: Tables) -> Group | None:
    """The last people with a number before the group; for a noun, those that it names."""
    noun = _noun(sentence, group)
    stem = "" if noun in tables.irregulars else noun[:STEM]
    for s, groups in _told(sentence, group, tables, stem):
        for before in reversed(groups):
            if before.head is None or before.sub or before.thing or before.rate or before.none:
                continue
            if noun in tables.irregulars and _assaults(s, before, tables):
                return before
            if before.partitive or (noun and _noun(s, before)[:STEM] != noun[:STEM]):
                continue
            return before
    return None


def _assaults(s: Sentence, group: Group, tables: Tables) -> bool:
    """ "two men opened fire", "were fired on by two of the men": people of any sort who attack."""
    if group.head is None or group.victims is not None:
        return False
    by = group.i > 0 and s.words[group.i - 1] in tables.agents
    around = s.words[max(0, group.i - DID) : group.i] if by else s.words[group.j : group.j + DID]
    return not tables.assaulting.isdisjoint(around)


def _told(sentence: Sentence, group: Group, tables: Tables, stem: str) -> Iterator[tuple[Sentence, list[Group]]]:
    """The groups that one can stand for: its own sentence's before it, then those of the sentences before; those with
    a number, and for a part of them ("many of them") those without, too. A sentence is not read that has no word with
    the ``stem`` of theirs."""
    for s in reversed(sentence.document.sentences[max(0, sentence.index - BACK) : sentence.index + 1]):
        told = (group.part or s.quantities) and (not stem or any(word.startswith(stem) for word in s.words))
        if told and s.field == sentence.field:
            groups = [g for g in Groups(s, tables).read() if g.numbered or (group.part and g.bare)]
            yield s, groups if s is not sentence else [g for g in groups if g.j <= group.i]


def _noun(sentence: Sentence, group: Group) -> str:
    return sentence.words[group.head.j - 1] if group.head is not None else ""
