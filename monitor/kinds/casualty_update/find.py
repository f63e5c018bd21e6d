"""A document's sentences -> casualty updates. Modules beside this one take the steps:

find_people   groups of people, with their numbers          find_slots   who says so, and the slots' answers together
find_harms    what happened to which group                  find_when    the day, find_scope one incident or a total
find_back     who "the gunmen" and "them" are               find_whose   whose people, and civilians or soldiers
find_merge    one event a fact: find_same which mentions    find_where   the place: find_spots what a sentence names,
              are one, find_parts which are parts,                       find_aside where to look when nothing competes,
              find_shared what all share, findings what is asked of each find_scene the sentences behind,
                                                                       choose_place by weights, where rules are unsure
find_matter   items whose numbers are no casualties

Below them: find_chance whether a sentence can have people at all; find_phrases what a noun phrase of people is,
find_victims people without a number, find_subgroups parts of a number; find_cues and find_nouns the words that tell a
harm, find_near the people around them; find_listed lists whose numbers have a place each; find_camps whose the army and
the rebels of an item are.
"""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.casualty_update.choose_place import place
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_harms import Harms
from monitor.kinds.casualty_update.find_matter import Matter
from monitor.kinds.casualty_update.find_merge import in_order, merge
from monitor.kinds.casualty_update.find_slots import Slots
from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.find_where import NEAR
from monitor.kinds.casualty_update.findings import Finding
from monitor.language.document import Document
from monitor.language.trace import Trace
from monitor.model import Event


def find(document: Document) -> Iterator[Event]:
    """The casualty updates that the document tells, one a fact, in the order of the text."""
    read = told(document)
    if read is None:
        return
    findings, slots = read
    place(findings, slots.where)
    for finding in findings:
        m = finding.mention
        yield Event(
            facts=finding.facts,
            evidence=m.sentence.evidence(min(m.i, m.group.i), max(m.j, m.group.j)),
            confidence=finding.confidence,
        )


def told(document: Document) -> tuple[list[Finding], Slots] | None:
    """What the rules read, one finding a fact, in the order of the text, and what answered for their slots; None where
    nothing is told."""
    tables = Tables.of(document.lexicon)
    mentions: list[Mention] = []
    for sentence in document.having(tables.gate.some):
        if tables.gate.opens(sentence):
            last = mentions[-1] if mentions and mentions[-1].sentence.index == sentence.index - 1 else None
            mentions += Harms(sentence, tables).read(last)
    if any(m.rule == "tally" for m in mentions):
        mentions = [m for m in mentions if not _taken_in(m, mentions, tables)]
    if mentions:
        matter = Matter(document, tables)
        mentions = [m for m in mentions if matter.admits(m)]
    if not mentions:
        return None
    slots = Slots(document, tables)
    for m in mentions:
        slots.where.told.setdefault(m.sentence.index, []).append(m)
    findings = [_read(m, mentions[max(0, number - NEAR) : number], slots) for number, m in enumerate(mentions)]
    return in_order(merge(findings, document.lexicon, slots.when.days_told)), slots


def _taken_in(m: Mention, mentions: list[Mention], tables: Tables) -> bool:
    """ "six more bodies, taking the toll to 46": people whom a toll of their own sentence has taken in."""
    words = m.sentence.words
    if m.group.count is None or tables.increments.isdisjoint(words[m.group.i : m.group.j + 1]):
        return False
    return any(
        o.sentence is m.sentence and o.rule == "tally" and o.harm == m.harm and (o.group.count or 0) > m.group.count
        for o in mentions
    )


def _confidence(m: Mention) -> float:
    """How often such a mention is a casualty of that number, measured on texts that the rules were not written for."""
    g = m.group
    if m.rule == "army loses people" or g.single:
        return 0.7
    if g.unknown:
        return 0.8
    if m.rule == "number of a harm" or not g.numbered:
        return 0.9
    if m.rule in ("tally", "people, then what befell them") and g.head is None:
        return 0.93
    return 0.97 if g.head is not None else 0.95


def _tell(trace: Trace, m: Mention, facts: CasualtyUpdate, fetched: int) -> None:
    """What gave each slot, for ``--trace``."""
    s, g = m.sentence, m.group
    i, j = min(m.i, g.i), max(m.j, g.j)
    trace.found(KIND, m.rule, s, i, j)
    trace.gave(KIND, "harm", facts.harm, m.rule, s, m.i, m.j)
    number = "number" if g.numbered else "one by article or name" if g.single else "plural without a number"
    for slot in ("count", "low", "high", "qualifier"):
        if getattr(facts, slot) is not None:
            trace.gave(KIND, slot, getattr(facts, slot), number, s, g.i, g.j)
    where = "named in the sentence" if fetched == 0 else f"fetched over {fetched} sentences"
    rules = {
        "place": where,
        "victims": "their noun",
        "side": "an actor with them",
        "date": "the nearest day",
        "scope": "periods and incidents",
        "attribution": "who says so",
    }
    for slot, rule in rules.items():
        if getattr(facts, slot) is not None:
            trace.gave(KIND, slot, getattr(facts, slot), rule, s, i, j)


def _carried(m: Mention, before: list[Mention], slots: Slots) -> str | None:
    """Who said so of the people that "seventy more were hurt" goes on from, in the sentence before."""
    other = slots.whose.elided(m, before)
    return slots.attribution(other) if other is not None and other.sentence is not m.sentence else None


def _read(m: Mention, before: list[Mention], slots: Slots) -> Finding:
    """All slots of a mention."""
    g = m.group
    cumulative = slots.scope.cumulative(m) or slots.scope.rivals_total(m, before)
    place, fetched = slots.where.place(m, before, slots.whose.elided(m, before), cumulative)
    facts = CasualtyUpdate(
        harm=m.harm,
        count=g.count,
        low=g.low,
        high=g.high,
        qualifier=g.qualifier,
        victims=slots.whose.victims(m, before),
        side=slots.whose.side(m, before, place),
        place=place,
        date=slots.when.day(m, cumulative, place if fetched == 0 else None),
        scope="cumulative" if cumulative else "incident",
        attribution=slots.attribution(m) or _carried(m, before, slots),
    )
    if slots.d.trace is not None:
        _tell(slots.d.trace, m, facts, fetched)
    return Finding(
        facts=facts, mention=m, confidence=_confidence(m), fetched=9 if place is None else fetched,
        dated=facts.date is not None and bool(m.sentence.days),
    )  # fmt: skip
