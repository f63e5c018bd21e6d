"""What a day is of a meeting: of its end (news tells of talks when they are over, and the day asked for is their
first), or a new one for what was to be on another."""

from __future__ import annotations

import datetime as dt

from monitor.kinds.talk_round.find_words import KIND, NOUNS, Words
from monitor.language.dates import Day
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens from a stretch of days to its noun, or from the verb of an end to its stretch
_NEAR = 6
#: tokens from the verb of an end to its object
_VERB = 9
#: tokens from the verb of an end to its day
_REACH = 14
#: days that talks which end on a day can have lasted, so that the first can be told
_MOST = 31
#: tokens from "now" to the new day: "will now take place in Rome on Friday"
_NOW = 7
_ROLES = frozenset(("before", "after", "outcome_verbs"))


def first_day(sentence: Sentence, hit: Hit, end: int, day: Day, known: dt.date, words: Words) -> dt.date | None:
    """The first day of talks that ended on ``day`` (resolved: ``known``), for a meeting whose arguments end at token
    ``end``: days before it where a stretch is told ("wrapped up two days of talks"), None where
    they ended then after some weeks. Where nothing tells how long they were, the day of their end stands for it."""
    lasted = _lasted(sentence, hit, end, words)
    if lasted is not None:
        return known - dt.timedelta(days=lasted - 1) if lasted <= _MOST else None
    low, high = max(0, min(hit.i, day.i) - _NEAR), min(len(sentence), max(hit.j, end, day.j) + _NEAR)
    return None if any(_is_long(sentence, hit, k, words) for k in range(low, high)) else known


def moved_day(sentence: Sentence, j: int, words: Words) -> Day | None:
    """The new day of a meeting whose noun ends at token j: "moved to 27 May", "will now begin on Saturday"."""
    if sentence.words[j:] == [] or not (sentence.has(words.moved) or sentence.has(words.now)):
        return None
    for day in sentence.days:
        k = day.i - 1
        while k > j and (sentence.words[k] in words.occasions or sentence.words[k] in words.articles):
            k -= 1
        if k < j or any("talk_nouns" in h.roles and j <= h.i < k for h in sentence.hits(KIND)):
            continue
        if sentence.words[k - 1] in words.moved and sentence.words[k] in words.until | words.to_words | words.for_words:
            return day
        near = sentence.words[max(j, day.i - _NOW) : day.i]
        if not (words.now.isdisjoint(near) or words.auxiliaries.isdisjoint(near)):
            return day
    return None


def _is_long(sentence: Sentence, hit: Hit, k: int, words: Words) -> bool:
    """ "weeks of talks", "marathon talks", "after three weeks", not "a week after the raid"."""
    if sentence.words[k] not in words.long:
        return False
    before = sentence.words[max(0, k - 3) : k]
    return (
        0 < hit.i - k <= 2
        or not words.of_words.isdisjoint(sentence.words[k + 1 : k + 2])
        or not words.following.isdisjoint(before)
    )


def is_end(sentence: Sentence, hit: Hit, day: Day, words: Words) -> bool:
    """Whether the verb that a day stands by tells of an end: the last before it, or the one beside the meeting."""
    if not sentence.has(words.ending) or hit.roles.keys().isdisjoint(NOUNS):
        return False
    leading = words.prepositions | words.to_words
    told = [
        h
        for h in sentence.hits(KIND)
        if not _ROLES.isdisjoint(h.roles)
        and h.i != hit.i
        and sentence.words[h.j - 1] not in words.of_words  # "two days of"
        and sentence.words[h.i] not in words.conjunctions
        and not (h.i and sentence.words[h.i - 1] in leading)  # "to end the war"
    ]
    near = [h for h in told if day.i - _REACH <= h.i < day.i]
    if near and near[-1].j > hit.i - _VERB:
        return _ends(sentence, near[-1], words)
    beside = [h for h in told if h.i >= day.j and abs(h.i - hit.i) <= _REACH]
    return bool(beside) and _ends(sentence, beside[0], words)


def _ends(sentence: Sentence, hit: Hit, words: Words) -> bool:
    return not words.ending.isdisjoint(sentence.words[hit.i : hit.j])


def _lasted(sentence: Sentence, hit: Hit, end: int, words: Words) -> int | None:
    """How many days, of a stretch that is told beside the meeting or behind its end; longer than any for weeks."""
    for quantity in sentence.quantities:
        if quantity.count is None:
            continue
        behind = [w for w in sentence.words[quantity.j : quantity.j + 2] if w != "-"][:1]
        beside = hit.i - _NEAR <= quantity.j <= hit.i
        after = quantity.i and sentence.words[quantity.i - 1] in words.following and quantity.i > end - _NEAR
        if behind and behind[0] in words.day_nouns and (beside or after):
            return max(1, quantity.count)
    return None
