"""What a noun or verb of meeting is, where it is no meeting of states: wage talks, a score, part of a name, a matter of
which somebody will be told. Each refusal has its reason in the trace."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens from "when" to the noun, and from "not" to "when"
_UNKNOWN, _DENIED = 8, 4
#: tokens from "several" to its noun, and from "often" to the trigger
_MANY, _BESIDE = 5, 2
#: tokens from "a round of" to the noun that it is of
_OF = 8


def is_other(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Wage talks, a "round of" talks that is told by its noun: the words beside say that it is something else."""
    if not words.elsewhere.isdisjoint(sentence.words) or _is_score(sentence):
        refuse(sentence, hit, "talks of firms, or sport")
        return True
    if _is_attribute(sentence, hit, words):
        refuse(sentence, hit, "only describes a noun")
        return True
    if "talk_nouns" not in hit.roles:
        return False
    if sentence.words[hit.j - 1] in words.rounds and not words.ballots.isdisjoint(sentence.words):
        refuse(sentence, hit, "a round of elections")
        return True
    if sentence.words[hit.j : hit.j + 1] == ["-"] and hit.j + 1 < len(sentence) and sentence.raw[hit.j + 1].islower():
        refuse(sentence, hit, "part of another word")
        return True  # "a call-out"
    if sentence.words[hit.j - 1] in words.mediation and _is_by_somebody(sentence, hit, words):
        refuse(sentence, hit, "what a third does for talks")
        return True
    if _is_of_parties(sentence, hit, words):
        refuse(sentence, hit, "talks inside of one state")
        return True
    before = sentence.words[max(0, hit.i - 2) : hit.i]
    if _is_in_name(sentence, hit):
        refuse(sentence, hit, "part of a name")
        return True  # "the National Dialogue Congress"
    if any(actor.j == hit.i for actor in sentence.actors):
        return False  # "African Union talks"
    if before and (before[-1] in words.others or " ".join(before) in words.others):
        refuse(sentence, hit, "talks of another kind")
        return True
    after = sentence.words[hit.j : hit.j + 1]
    if after and after[0] in words.efforts:
        refuse(sentence, hit, "efforts, not a meeting")
        return True
    if sentence.words[hit.i] not in words.rounds or not after or after[0] not in words.of_words:
        return False
    return words.processes.isdisjoint(sentence.words[hit.j : hit.j + _OF])


def _is_attribute(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "the peace negotiating process", "bilateral talks": the word describes the noun that follows it."""
    if hit.j >= len(sentence):
        return False
    if "talk_nouns" in hit.roles:
        for behind in sentence.of_role(KIND, "talk_nouns"):
            if behind.i == hit.j:
                return sentence.words[hit.j] not in words.rounds
            if behind.i > hit.j:
                break
        if sentence.words[hit.j - 1] not in words.describing:
            return False
        after = sentence.words[hit.j]  # "bilateral relations"
        return after.isalpha() and after not in words.small and sentence.raw[hit.j].islower()
    entry = hit.roles.get("speak_verbs")
    if entry is None or "ing" not in entry.forms:
        return False
    ahead, after = sentence.words[max(0, hit.i - 2) : hit.i], sentence.words[hit.j]
    return not words.articles.isdisjoint(ahead) and after.isalpha() and after not in words.small


def _is_by_somebody(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "the mediation of Norway", "mediation by Qatar"."""
    behind = sentence.words[hit.j] if hit.j < len(sentence.words) else ""
    return behind in words.of_words or behind in words.by_words


def _is_of_parties(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "talks on forming a new coalition government": what parties of one state do, said here or in the title."""
    if not words.coalitions.isdisjoint(sentence.words) and not words.forming.isdisjoint(sentence.words):
        return True
    title = next((s for s in sentence.document.sentences[:1] if s.field == "title"), None)
    if title is None or words.coalitions.isdisjoint(title.words):
        return False
    return any(words.coalitions & {title.words[h.i - 1]} and "talk_nouns" in h.roles for h in title.hits(KIND) if h.i)


def _is_in_name(sentence: Sentence, hit: Hit) -> bool:
    """Whether words with a capital stand right before and behind a noun that has one, in a text."""
    raw, i, j = sentence.raw, hit.i, hit.j
    if sentence.field != "text" or i == 0 or j >= len(raw) or not raw[i][0].isupper():
        return False
    return raw[i - 1].istitle() and raw[j].istitle() and raw[j].isalpha() and i - 1 not in sentence.common_at


def _is_score(sentence: Sentence) -> bool:
    """ "drew 1-1", "won 2–0": figures of one digit on both sides of a dash."""
    words = sentence.words
    if not sentence.figures or ("-" not in words and "–" not in words):
        return False
    for k in range(1, len(words) - 1):
        if words[k] not in ("-", "–") or any(day.i < k <= day.j for day in sentence.days):
            continue  # "on June 7-8"
        figures = words[k - 1], words[k + 1]
        if all(map(str.isdigit, figures)) and len(figures[0]) == 1 == len(figures[1]):
            return True
    return False


def is_habit(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "have held several rounds of talks": so many that none is told of; "talks have failed before": one of many."""
    ahead = sentence.words[max(0, hit.i - _MANY) : hit.i]
    if not sentence.words[hit.j - 1].endswith("s"):
        return False
    if not words.numerous.isdisjoint(ahead):
        return True
    behind = sentence.words[hit.j : hit.j + _MANY]
    bare = words.articles.isdisjoint(ahead) and words.definite.isdisjoint(ahead)
    return bare and not words.having.isdisjoint(behind[:1]) and not words.again_and_again.isdisjoint(behind[1:])


def is_general(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "they often meet", "only talks can help": what is always so."""
    return not words.habits.isdisjoint(sentence.words[max(0, hit.i - _BESIDE) : hit.i])


def is_unknown(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "could not say when the next meeting would be held": a clause of "when" behind a denied verb."""
    ahead = sentence.words[: hit.i]
    k = next((k for k in range(hit.i - 1, max(0, hit.i - _UNKNOWN), -1) if ahead[k] in words.unknowns), 0)
    said = any(k - 2 <= h.i < k and "quote_verbs" in h.roles for h in sentence.common)
    return k > 0 and said and not words.denials.isdisjoint(ahead[max(0, k - _DENIED) : k])


def is_matter(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "will brief the premier on the outcome of the talks": what is to come is the telling."""
    k = hit.i - 1
    while k > 0 and sentence.words[k] in words.articles:
        k -= 1
    return k > 0 and sentence.words[k] in words.of_words and sentence.words[k - 1] in words.matters


def refuse(sentence: Sentence, hit: Hit, reason: str) -> None:
    if sentence.document.trace is not None:
        sentence.document.trace.refused(KIND, reason, sentence, hit.i, hit.j)
