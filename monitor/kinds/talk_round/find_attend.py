"""What the sentences behind a meeting add to it: who stands by ("Norway and Cuba are guarantors"), when it is to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_gate import SEVERAL
from monitor.kinds.talk_round.find_memory import Memory
from monitor.kinds.talk_round.find_merge import Mention
from monitor.kinds.talk_round.find_outcome import clause, results
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.document import Document, Sentence

#: sentences behind a meeting that can speak of it
_BACK = 2
#: tokens of a subject that was told of before: "the two leaders also"
_SUBJECT = 5
#: tokens from "guarantors" to "along with"
_ALONG = 8
_BEEN = ("held", "ongoing", None)


def attended(document: Document, mentions: Sequence[Mention], words: Words, memory: Memory) -> list[Mention]:
    """The mentions, with what sentences right behind them say, which tell no meeting themselves."""
    found = list(mentions)
    telling = {m.index for m in mentions}
    if not found:
        return found
    for number, mention in enumerate(found):
        for index in range(mention.index + 1, mention.index + 1 + _BACK):
            if index in telling or index >= len(document.sentences):
                break
            sentence = document.sentences[index]
            if sentence.has(words.guarantors):
                names = set(_standing_by(sentence, words, memory)) - set(mention.facts.parties)
                mediators = tuple(sorted({*found[number].facts.mediators, *names}))
                found[number] = replace(found[number], facts=replace(found[number].facts, mediators=mediators))
            if index == mention.index + 1 and mention.facts.status == "planned" and mention.facts.date is None:
                found[number] = _dated(found[number], sentence, words)
            if index == mention.index + 1 and mention.facts.status in _BEEN and mention.facts.outcome is None:
                found[number] = _resulting(found[number], sentence, words)
    return found


def _along(sentence: Sentence, j: int, words: Words, memory: Memory) -> list[str]:
    """Sides of the list behind "along with", which the word that says that they stand by is followed by."""
    start = next((k for k in range(j, min(j + _ALONG, len(sentence))) if sentence.words[k] in words.with_words), None)
    names: list[str] = []
    edge = len(sentence) if start is None else start + 1
    for side in memory.sides(sentence):
        if side.i < edge:
            continue
        if side.i - edge > 2 or (names and not words.joins.issuperset(sentence.words[edge : side.i])):
            break
        names.append(side.actor)
        edge = side.j
    return names


def _standing_by(sentence: Sentence, words: Words, memory: Memory) -> list[str]:
    """Sides of the list before the word that says that they stand by."""
    hit = next((h for h in sentence.hits(KIND) if "guarantors" in h.roles), None)
    if hit is None or sentence.has(sentence.document.lexicon.common.words("former")):
        return []
    names: list[str] = _along(sentence, hit.j, words, memory)
    edge = hit.i
    for side in reversed([x for x in memory.sides(sentence) if x.j <= hit.i]):
        if edge - side.j > 4 or side.place:
            break
        names.append(side.actor)
        edge = side.i
    return names


def _resulting(mention: Mention, sentence: Sentence, words: Words) -> Mention:
    """ "They agreed to ...", "Both sides signed ...": what those of the sentence before did there."""
    results_ = results(sentence, words)
    if not results_ or results_[0] > _SUBJECT or sentence.field != mention.evidence.field:
        return mention
    if sentence.words[results_[0]] in words.nothing:
        return replace(mention, facts=replace(mention.facts, outcome=clause(sentence, results_[0], words)))
    several = any(not SEVERAL.isdisjoint(h.roles) and h.i < results_[0] for h in sentence.hits(KIND))
    if not several and words.plural.isdisjoint(sentence.words[: results_[0]]):
        return mention
    return replace(mention, facts=replace(mention.facts, outcome=clause(sentence, results_[0], words)))


def _dated(mention: Mention, sentence: Sentence, words: Words) -> Mention:
    """ "It is expected on 23 January": a sentence that begins with a pronoun and says when."""
    cue = any("after" in h.roles and h.roles["after"].value == "planned" and h.i <= 4 for h in sentence.hits(KIND))
    if sentence.words[0] not in words.pronouns or not cue or not sentence.days:
        return mention
    day = sentence.days[0].on(sentence.document.published, future=True)
    return replace(mention, facts=replace(mention.facts, date=day))
