"""A document's sentences -> rounds of talks; roles of the lexicon's section, no words.

trigger     a noun of talks, or a verb of meeting or speaking                      this module
parties     who talks: "between A and B", "A's talks with B", "A met B", ...       find_parties.py
course      status, day, place, mode, round, mediators around the trigger          find_course.py
merge       one event a meeting an item                                            find_merge.py
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.talk_round.find_course import Course
from monitor.kinds.talk_round.find_merge import merged
from monitor.kinds.talk_round.find_parties import Found, Memory, Parties
from monitor.kinds.talk_round.find_sides import Cast
from monitor.language.document import Document, Sentence
from monitor.language.lexicon import Hit, Lexicon
from monitor.model import Event

KIND = "talk_round"
_TRIGGERS = ("talk_nouns", "meet_verbs", "speak_verbs")


@dataclass(frozen=True, slots=True)
class _Tables:
    gate: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, lexicon: Lexicon) -> _Tables:
        tables: _Tables | None = lexicon.derived.get(KIND)
        if tables is None:
            section = lexicon.section(KIND)
            tables = lexicon.derived[KIND] = cls(section.firsts(*_TRIGGERS), section.words("other_talks"))
        return tables


def find(document: Document) -> Iterable[Event]:
    """The rounds of talks that the document tells of, one a meeting."""
    tables = _Tables.of(document.lexicon)
    if not any(sentence.has(tables.gate) for sentence in document.sentences):
        return []
    memory = Memory(Cast.of(document))
    found: list[Event] = []
    for sentence in document.sentences:
        if sentence.has(tables.gate):
            found += _in_sentence(sentence, tables, memory)
        memory.note(sentence)
    return merged(found)


def _in_sentence(sentence: Sentence, tables: _Tables, memory: Memory) -> Iterator[Event]:
    for hit in sentence.hits(KIND):
        if not any(role in hit.roles for role in _TRIGGERS) or _is_other(sentence, hit, tables):
            continue
        parties = Parties(sentence, hit, memory).find()
        if parties is None:
            _refuse(sentence, hit, "nobody to talk with is named")
            continue
        event = _event(sentence, hit, parties)
        if event is not None:
            memory.talked(parties.parties)
            yield event


def _is_other(sentence: Sentence, hit: Hit, tables: _Tables) -> bool:
    """Wage talks, a press meeting: the word before says that it is something else."""
    other = hit.i > 0 and sentence.words[hit.i - 1] in tables.others and "talk_nouns" in hit.roles
    if other:
        _refuse(sentence, hit, "talks of another kind")
    return other


def _event(sentence: Sentence, hit: Hit, parties: Found) -> Event | None:
    course = Course(sentence, hit, parties)
    status = course.status()
    if status is None:
        _refuse(sentence, hit, "a topic, not a meeting")
        return None
    facts = TalkRound(
        parties=parties.parties,
        mediators=tuple(sorted(course.mediators() - set(parties.parties))),
        round=course.round(),
        date=course.day(status),
        place=course.place(),
        mode=course.mode(),
        status=status,
        outcome=course.outcome(),
        attribution=sentence.credit(hit.i),
    )
    if sentence.document.trace is not None:
        sentence.document.trace.found(KIND, parties.rule, sentence, hit.i, hit.j)
        sentence.document.trace.gave(KIND, "parties", facts.parties, parties.rule, sentence, hit.i, hit.j)
    return Event(facts=facts, evidence=sentence.evidence(), confidence=parties.confidence)


def _refuse(sentence: Sentence, hit: Hit, reason: str) -> None:
    if sentence.document.trace is not None:
        sentence.document.trace.refused(KIND, reason, sentence, hit.i, hit.j)
