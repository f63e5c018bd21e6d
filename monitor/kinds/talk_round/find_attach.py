"""What a preposition in a sentence belongs to, where it is no meeting: "a truce between A and B", "ahead of"."""

from __future__ import annotations

from itertools import pairwise

from monitor.kinds.talk_round.find_words import KIND, VERBS, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens from "discussed" to what was discussed, and from "in" to the noun
_TOPIC, _NEAR = 12, 3
#: tokens from "had held" to the noun
_VERB = 8
#: tokens from "the first time" to its verb
_SELDOM = 20


def is_of_relation(sentence: Sentence, j: int, k: int, words: Words) -> bool:
    """ "a call to discuss the truce between A and B", "talks on ties with C": behind a noun of meeting that ends at j,
    the preposition at k belongs to what is talked about."""
    return (
        k - 1 >= j
        and sentence.words[k - 1] in words.relations
        and not words.topic_openers.isdisjoint(sentence.words[j : k - 1])
    )


def comments(sentence: Sentence, j: int, i: int, words: Words) -> bool:
    """ "A and B welcomed the talks", "have sponsored talks": whether the verb between a subject that ends at j and a
    noun at i says what the subject thinks of the talks of others, or does for them."""
    return not words.comments.isdisjoint(sentence.words[j:i])


def has_clause(sentence: Sentence, j: int, i: int, words: Words) -> bool:
    """Whether a clause with a subject of its own begins between tokens j and i: "when the country hosts"."""
    if words.clauses.isdisjoint(sentence.words[j:i]):
        return False
    return any(
        sentence.words[k] in words.clauses and sentence.words[k + 1] not in words.pronouns for k in range(j, i - 1)
    )


def is_apposed_country(sentence: Sentence, i: int, code: str, words: Words) -> bool:
    """ "in Tunis, Tunisia, to ...": a country's name at i only says where the city before its comma lies."""
    if not i or sentence.words[i - 1] != ",":
        return False
    return any(p.j == i - 1 and p.country == code and p.preposition in words.place for p in sentence.places)


def is_compound(sentence: Sentence, k: int, words: Words) -> bool:
    """ "ahead of", "because of": no noun of persons whom "of" tells the home of."""
    return k > 0 and sentence.words[k - 1] in words.compounds


def is_first_time(sentence: Sentence, i: int, words: Words) -> bool:
    """ "the first time that A and B have met since": whether the verb at i only tells how seldom they meet."""
    near = sentence.words[max(0, i - _SELDOM) : i]
    return not (words.having.isdisjoint(near[-2:]) or words.times.isdisjoint(near)) and any(
        a in words.firsts and b in words.times for a, b in pairwise(near)
    )


def is_before_that(sentence: Sentence, i: int, words: Words) -> bool:
    """ "They had held nine rounds of talks": in the pluperfect, and not because somebody says so."""
    start = max(0, i - _VERB)
    k = next((k for k in range(start, i) if sentence.words[k] in words.pluperfect), None)
    if k is None or any("quote_verbs" in h.roles and h.i < k for h in sentence.common):
        return False
    return any(
        k < h.i <= k + 2 and h.i != i and ("before" in h.roles or not VERBS.isdisjoint(h.roles))
        for h in sentence.hits(KIND)
    )


def is_discussed(sentence: Sentence, i: int, words: Words) -> bool:
    """ "The ministers discussed preparations for talks in Astana": whether the noun at i is what they talk about."""
    verb = next((h for h in sentence.hits(KIND) if h.j <= i and _has_topic(h)), None)
    if verb is None or i - verb.j > _TOPIC:
        return False
    between = sentence.words[verb.j : i]
    return words.occasions.isdisjoint(between[-_NEAR:]) and words.with_words.isdisjoint(between)


def _has_topic(hit: Hit) -> bool:
    """ "discussed", whose object is a topic, not "spoke"."""
    entry = hit.roles.get("speak_verbs")
    return entry is not None and entry.value == "any"


def told_in_call(sentence: Sentence, j: int) -> str | None:
    """ "exchanged views on trade in a phone call": how, where a noun of calls behind a verb that ends at j tells it."""
    for hit in sentence.hits(KIND):
        entry = hit.roles.get("talk_nouns") if hit.i > j else None
        if entry is not None and entry.value in ("phone", "video"):
            return entry.value
    return None
