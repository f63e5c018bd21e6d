"""Whether two parties can stand around a trigger at all: cheap signs, looked for before any side is read.

Most verbs of meeting mean something else in most sentences ("see", "sign", "go to"). Each needs an object or a subject
of its own form: a name or a noun of persons close behind it, a place to go to, several who act before it.
"""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: words of its own phrase before the first name of an object: "senior members of the"
FIRST = 4
#: tokens behind a verb or noun of visiting in which its goal begins
_GOAL = 12
#: tokens from a verb to its "with"
_WITH = 12
#: tokens from a passive to its "by"
BY = 7
#: tokens behind a joint act in which a noun of talks tells the meeting better
_JOINT = 25
_MET = frozenset(("person_verbs", "call_verbs", "bring_verbs", "time_nouns"))
SEVERAL = frozenset(("collective", "bare_collective", "both_named"))


def may_meet(sentence: Sentence, hit: Hit, words: Words, *, told: bool) -> bool:
    """Whether the trigger can have parties; ``told`` says that a meeting was told of before, which it can mean."""
    roles = hit.roles
    if "visit_verbs" in roles or "visit_nouns" in roles:
        return _has_name(sentence, hit.j, _GOAL) or "talk_nouns" in roles
    if "talk_nouns" in roles or "meet_verbs" in roles or "modes" in roles:
        return True
    if not _MET.isdisjoint(roles):
        return _has_object(sentence, hit, words)
    if "speak_verbs" in roles:
        near = sentence.words[hit.j : hit.j + _WITH]
        if not words.with_words.isdisjoint(near) or not words.to_words.isdisjoint(near[:3]):
            return True
    elif "joint_verbs" in roles:
        if sentence.words[hit.i] in words.treaty and not words.with_words.isdisjoint(
            sentence.words[hit.j : hit.j + _WITH]
        ):
            return True  # "signed a treaty with"
        return not words.joins.isdisjoint(sentence.words[: hit.i]) and not _is_told_by_noun(sentence, hit)
    return told or _are_several(sentence, hit, words)


def _has_name(sentence: Sentence, k: int, reach: int) -> bool:
    """Whether a capitalised word stands within reach of token k."""
    return any(word[0].isupper() for word in sentence.raw[k : k + reach])


def _has_object(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether a name, a noun of persons or a pronoun stands behind a verb, only words of its phrase between."""
    s, plain = sentence, 0
    if not words.by_words.isdisjoint(s.words[hit.j : hit.j + BY]):
        return True  # a passive: "was received with honours by"
    for k in range(hit.j, len(s)):
        word = s.words[k]
        if s.raw[k][0].isupper() or word in words.persons:
            return True
        if word in words.leading or word == ".":
            continue
        if not word.isalpha() or word in words.small:
            return False
        plain += 1
        if plain > FIRST:
            return False
    return False


def _are_several(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether several can act before a verb: names joined, "the two sides", "they"."""
    before = sentence.words[: hit.i]
    if not words.joins.isdisjoint(before) or not words.pronouns.isdisjoint(before):
        return True
    return any(not SEVERAL.isdisjoint(h.roles) for h in sentence.hits(KIND))


def _is_told_by_noun(sentence: Sentence, hit: Hit) -> bool:
    """Whether a noun of talks behind a joint act tells the meeting better."""
    return any("talk_nouns" in h.roles and hit.j <= h.i < hit.i + _JOINT for h in sentence.hits(KIND))
