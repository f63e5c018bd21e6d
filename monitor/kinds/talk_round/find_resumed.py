"""What a sentence that tells of talks says of the next ones: "and will resume in Rome on Wednesday", "adjourned until
Friday". The noun is not said again; the day, or the place, is the next meeting's own."""

from __future__ import annotations

from dataclasses import replace

from monitor.kinds.talk_round.find_merge import Mention
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.dates import Day
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import Place

#: tokens behind the verb in which the day and place of the next meeting stand
_REACH = 10
_BEEN = ("held", "ongoing")


def resumed(sentence: Sentence, hit: Hit, mention: Mention, words: Words) -> Mention | None:
    """The next meeting, where the sentence tells behind the trigger when or where it is to be, else None."""
    facts = mention.facts
    if facts.status not in _BEEN or words.again.isdisjoint(sentence.words):
        return None
    start = _again(sentence, hit, words)
    if start is None:
        return None
    day, place = _day(sentence, start), _place(sentence, start, words)
    date = day.on(sentence.document.published, future=True) if day is not None else None
    published = sentence.document.published
    if (date is None and place is None) or (
        date is not None and (date == facts.date or published is None or date < published)
    ):
        return None
    name = place.name if place is not None else None
    mode = "in_person" if place is not None else facts.mode if facts.mode in ("phone", "video") else None
    later = replace(facts, round=None, date=date, place=name, mode=mode, status="planned", outcome=None)
    return replace(mention, facts=later, refers=False, vague=False, default=None, earlier=False, over=False)


def _again(sentence: Sentence, hit: Hit, words: Words) -> int | None:
    """Where the words end that say that talks go on: "and will resume", "adjourned until"."""
    for k in range(hit.j, len(sentence)):
        if sentence.words[k] not in words.again:
            continue
        if sentence.words[k] in words.until:
            return k + 1
        modal = next(
            (h for h in sentence.hits(KIND) if h.j in (k, k - 1) and h.i > hit.j and "modals" in h.roles), None
        )
        if modal is not None and modal.roles["modals"].value == "planned" and _is_joined(sentence, modal.i, words):
            return k + 1
    return None


def _is_joined(sentence: Sentence, i: int, words: Words) -> bool:
    """Whether a verb at token i has the subject of the one before it: "and will", "and they will"."""
    k = i - 1
    while k > 0 and (sentence.words[k] in words.adverbs or sentence.words[k] in words.pronouns):
        k -= 1
    return sentence.words[k] in words.ands or sentence.words[k] == ","


def _day(sentence: Sentence, start: int) -> Day | None:
    return next((day for day in sentence.days if start <= day.i <= start + _REACH), None)


def _place(sentence: Sentence, start: int, words: Words) -> Place | None:
    near = (p for p in sentence.places if start <= p.begin <= start + _REACH and p.preposition in words.place)
    return next((place for place in near if place.preposition not in words.to_words), None)
