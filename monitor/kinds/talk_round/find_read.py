"""One mention of a meeting: all slots around a trigger whose parties and status are known."""

from __future__ import annotations

from itertools import pairwise

from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.talk_round.find_attach import is_before_that
from monitor.kinds.talk_round.find_course import Course
from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_memory import Memory
from monitor.kinds.talk_round.find_merge import Mention
from monitor.kinds.talk_round.find_reference import GUESSED
from monitor.kinds.talk_round.find_refused import is_general, is_habit
from monitor.kinds.talk_round.find_status import is_noun
from monitor.kinds.talk_round.find_when import When
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit
from monitor.language.places import COUNTRY, Place, contains

#: tokens from "the initial" to its noun
EARLIER = 4
#: tokens from "are holding" to the noun
_NOW = 4
#: paragraphs of an item that tell what happened where it was written
OPENING = 3
FUTURE = ("planned", "proposed")


def read(sentence: Sentence, hit: Hit, parties: Found, how: str | None, words: Words, memory: Memory) -> Mention | None:
    """The mention; None where it is no meeting after all."""
    course = Course(sentence, hit, parties, words, memory.sides(sentence))
    if parties.echo:
        return _echo(course, parties, sentence, memory)
    when = _when(sentence, hit, parties, how, words, memory, course)
    place = course.place(future=how in FUTURE)
    mode = course.mode(place)
    if (
        mode == "phone"
        and "speak_verbs" in hit.roles
        and not sentence.has(words.modes)
        and memory.has_met(parties.parties)
    ):
        mode = None  # where they have met, to speak is no call
    number = course.round(been=how == "held")
    default = None
    outcome = course.outcome()
    if how is None and not parties.refers and outcome is not None:
        how = "held"
    if how is None and not parties.refers:
        if parties.confidence < 0.7 and when.date is None and place is None and number is None:
            return None
        default = _default(sentence, hit, words, when.date)
        how = default if when.date is not None else None
    published = sentence.document.published
    if when.date is not None and published is not None and when.date > published and how in ("ongoing", "held"):
        how = "planned"
    if when.date is None and place is None and _is_nothing_told(sentence, hit, parties, how, number, words):
        return None
    if parties.scene and (place is None or place.level == COUNTRY):
        return None
    name, mode = _scene(sentence, hit, parties, memory, place, mode, how)
    facts = TalkRound(
        parties=parties.parties,
        mediators=tuple(sorted(course.mediators() - set(parties.parties))),
        round=number,
        date=when.date,
        place=name if mode not in ("phone", "video") else None,
        mode=mode,
        status=how,
        outcome=outcome if how not in ("planned", "proposed") else None,
        attribution=sentence.credit(hit.i),
    )
    return Mention(
        facts=facts,
        evidence=sentence.evidence(),
        confidence=parties.confidence,
        refers=parties.refers,
        vague=when.vague,
        last=when.last,
        due=how == "cancelled" and _was_due(sentence, hit),
        visitor=parties.visitor,
        default=default,
        earlier=_is_earlier(sentence, hit, parties, how, words, memory),
        apart=_is_separate(sentence, hit, words),
        over=how == "held" and (outcome is not None or _has_ended(sentence, hit)),
        index=sentence.index,
    )


def _is_nothing_told(
    sentence: Sentence, hit: Hit, parties: Found, how: str | None, number: int | None, words: Words
) -> bool:
    """Whether a trigger without day and place is a topic: what is always so, or of those whom only the item tells."""
    if parties.confidence <= GUESSED and number is None:
        return True
    return is_general(sentence, hit, words) or (how not in FUTURE and is_habit(sentence, hit, words))


def _when(
    sentence: Sentence, hit: Hit, parties: Found, how: str | None, words: Words, memory: Memory, course: Course
) -> When:
    """The day that the sentence says, else that on which somebody came, or says that they are meeting."""
    over = _is_over(sentence, how)
    when = course.day(future=how in ("planned", "proposed", "cancelled") and not over)
    if how == "cancelled" and when.date is not None and not over:
        when = course.nearest(when)
    if how == "ongoing" and when.date is None and not parties.refers and _is_now(sentence, hit, words):
        when = course.said(sentence.document.published)
    if when.date is None and not when.vague and not parties.refers and how in ("held", "ongoing", None):
        when = course.arrival(memory.arrival(sentence, parties.parties)) or when
    return when


def _echo(course: Course, parties: Found, sentence: Sentence, memory: Memory) -> Mention:
    """What a noun adds to a meeting that its sentence has told: which round it is, who mediates, its outcome."""
    facts = TalkRound(
        parties=parties.parties,
        mediators=tuple(sorted(course.mediators() - set(parties.parties))),
        round=course.round(),
        outcome=course.outcome(),
    )
    here = memory.here(sentence)
    return Mention(
        facts=facts,
        evidence=sentence.evidence(),
        confidence=parties.confidence,
        refers=True,
        earlier=here is not None and here.parties == parties.parties and here.earlier,
        index=sentence.index,
    )


def _scene(
    sentence: Sentence,
    hit: Hit,
    parties: Found,
    memory: Memory,
    place: Place | None,
    mode: str | None,
    how: str | None,
) -> tuple[str | None, str | None]:
    """Place and mode; where the sentence names no place, that of a visit, or of the dateline."""
    if place is not None:
        memory.placed.add(parties.parties)
    if place is not None and place.level == COUNTRY and memory.dateline and sentence.paragraph <= OPENING:
        inside = contains(place.name, memory.dateline, sentence.document.lexicon)
        return (memory.dateline if inside else place.name), mode
    if place is not None:
        return place.name, mode
    if mode not in ("in_person", None) or parties.refers or how not in ("held", "ongoing", None):
        return None, mode
    goal = memory.goal(sentence, parties.parties)
    if goal is not None:
        return goal.name, "in_person"
    # the item was written where the meeting was: a verb of meeting tells it, or the item's beginning
    if (
        how is not None
        and memory.dateline
        and not parties.told
        and parties.parties not in memory.placed
        and ("meet_verbs" in hit.roles or sentence.paragraph <= OPENING)
    ):
        return memory.dateline, "in_person"
    return None, mode


def _default(sentence: Sentence, hit: Hit, words: Words, day: object) -> str:
    """Where no cue tells: a meeting with a day has been, talks without one go on."""
    published = sentence.document.published
    if day is not None and published is not None:
        return "held" if str(day) <= published.isoformat() else "planned"
    entry = hit.roles.get("talk_nouns")
    return "ongoing" if entry is not None and entry.value == "any" and is_noun(sentence, hit, words) else "held"


def _is_earlier(sentence: Sentence, hit: Hit, parties: Found, how: str | None, words: Words, memory: Memory) -> bool:
    """ "the initial talks", "had met before"; "the last round", where another is to come: one of before."""
    near = before(sentence, hit)
    if not words.earlier.isdisjoint(near):
        return True
    if how in FUTURE:
        return False
    if not words.latest.isdisjoint(near) and memory.awaits(parties.parties):
        return True
    return how == "held" and is_before_that(sentence, hit.i, words) and memory.knows(sentence, parties.parties)


def before(sentence: Sentence, hit: Hit) -> list[str]:
    """The words right before a noun, where what tells which meeting is meant stands."""
    return sentence.words[max(0, hit.i - EARLIER) : hit.i]


def _is_now(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "are holding talks", "is meeting X": what goes on when it is told."""
    i = hit.i
    near = range(max(1, i - _NOW), i + 1)
    return any(sentence.words[k - 1] in words.being and sentence.words[k].endswith(words.ing) for k in near)


def _is_separate(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "a separate meeting": one by itself, where "separate talks" are those of the same."""
    near = before(sentence, hit)
    return any(a in words.indefinite and b in words.separate for a, b in pairwise(near))


def _was_due(sentence: Sentence, hit: Hit) -> bool:
    """ "The talks were to resume on Friday, but", "were due in May but put off": a word behind the noun says when."""
    return any(
        h.i >= hit.j and ("modals" in h.roles or ("after" in h.roles and h.roles["after"].value == "planned"))
        for h in sentence.hits(KIND)
    )


def _has_ended(sentence: Sentence, hit: Hit) -> bool:
    """ "The talks ended", "the talks lasted": a verb behind the noun tells that it is over."""
    return any(h.i >= hit.j and "after" in h.roles and h.roles["after"].value == "held" for h in sentence.hits(KIND))


def _is_over(sentence: Sentence, how: str | None) -> bool:
    """Whether what was called off was to be before: "were to have met on Tuesday"."""
    return how == "cancelled" and any(
        "modals" in h.roles and h.roles["modals"].value == "cancelled" for h in sentence.hits(KIND)
    )
