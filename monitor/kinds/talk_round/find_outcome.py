"""What came of a meeting: the verbs that tell it, and where their clause ends; what is wanted or planned is none."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, VERBS, Words
from monitor.language.document import Sentence
from monitor.language.lexicon import Hit

#: tokens from "agreed to" to the noun of the meeting that they agreed on
_PLAN = 8
#: tokens from "no" to what was not reached
_NOTHING = 5
#: tokens from "since" to the verb of its clause: "since the last talks stalled"
_CLAUSE = 4
_ENDS = (",", ";", ":", ".", "?", "!", "–", "—")
_QUOTES = ("”", '"', "’")


def results(sentence: Sentence, words: Words) -> list[int]:
    """Tokens at which a verb of outcome or of agreeing begins; "by the end of May" and "agreed to meet" are none."""
    found = []
    for hit in sentence.hits(KIND):
        entry, after = hit.roles.get("outcome_verbs"), sentence.words[hit.j : hit.j + 1]
        if entry is None and sentence.words[hit.i] not in words.agree:
            continue
        nominal = (
            entry is not None
            and "base" in entry.forms
            and after
            and (after[0] in words.of_words or after[0] in words.to_words or after[0] in _QUOTES)
        )
        again = any(hit.j <= h.i <= hit.j + 1 and not VERBS.isdisjoint(h.roles) for h in sentence.hits(KIND))
        agreed = sentence.words[hit.i] in words.agree or (entry is not None and entry.value in words.agreeing)
        plan = agreed and (again or is_plan(sentence, hit.i + 1, words))
        if hit.i and sentence.words[hit.i - 1] == "-":
            continue  # "the long-stalled talks"
        if (entry is None or "participle" in entry.forms) and (
            _tells_which(sentence, hit, words) or _describes(sentence, hit, words)
        ):
            continue  # "the agreements reached in Geneva", "behind closed doors", "to restart stalled talks"
        if not nominal and not plan and not (entry is not None and _is_aim(sentence, hit, words)):
            found.append(_denied(sentence, hit.i, words))
    return sorted({*found, *nothing(sentence, words)}) if sentence.has(words.nothing) else found


def nothing(sentence: Sentence, words: Words) -> list[int]:
    """ "There was no breakthrough", "no progress was made", "without a deal": tokens at which it is told that nothing
    came of a meeting; what is wanted or feared ("if there is no deal", "will mean no deal") is not told."""
    if not sentence.has(words.results):
        return []
    found = []
    for k, word in enumerate(sentence.words):
        noun = next(
            (n for n in range(k + 1, min(k + _NOTHING, len(sentence))) if sentence.words[n] in words.results), 0
        )
        if word not in words.nothing or not noun or not all(w.isalpha() for w in sentence.words[k + 1 : noun]):
            continue
        before, after = sentence.words[k - 1 : k] if k else [], sentence.words[noun + 1 : noun + 2]
        if word in words.prepositions:  # "without"
            told = words.prepositions.isdisjoint(before) and not words.articles.isdisjoint(
                sentence.words[k + 1 : k + 2]
            )
        else:
            told = not words.been.isdisjoint(before) or not words.been.isdisjoint(after) or before == ["with"]
        if told and words.unknowns.isdisjoint(sentence.words[max(0, k - _CLAUSE) : k]):
            found.append(k)
    return found


def _denied(sentence: Sentence, i: int, words: Words) -> int:
    """ "have not produced", "without reaching": where the verb at token i begins with the word that denies it."""
    k = i
    while k and (sentence.words[k - 1] in words.auxiliaries or sentence.words[k - 1] in words.denials):
        k -= 1
    return k if not words.denials.isdisjoint(sentence.words[k:i]) else i


def _tells_which(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether a participle behind "the agreements" tells which are meant: they are known, and come of other talks."""
    i = hit.i
    if i > 1 and (sentence.words[i - 1] in words.personal or sentence.words[i - 1] in words.plural):
        return sentence.words[i - 2] in words.accords  # "a deal they signed"
    return i > 1 and sentence.words[i - 1] in words.accords and sentence.words[i - 2] in words.definite


def _describes(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """Whether a participle only describes the noun behind it, or tells in a clause of time what was before."""
    before = sentence.words[hit.i - 1] if hit.i else ""
    if before.endswith(words.adverbial) and hit.i > 1:
        before = sentence.words[hit.i - 2]  # "a previously agreed roadmap"
    if before in words.articles or (before in words.prepositions and before not in words.conjunctions):
        return True
    if any(hit.j <= h.i <= hit.j + 1 and "talk_nouns" in h.roles for h in sentence.hits(KIND)):
        return before not in words.auxiliaries
    return not words.conjunctions.isdisjoint(sentence.words[max(0, hit.i - _CLAUSE) : hit.i])


def is_plan(sentence: Sentence, k: int, words: Words) -> bool:
    """Whether what stands behind "agreed" at token k is only to meet: "to resume talks", "to come to a meeting"."""
    k = next((day.j for day in sentence.days if k <= day.i <= k + 1), k)  # "agreed on Friday to meet"
    if sentence.words[k : k + 1] == [] or sentence.words[k] not in words.to_words:
        return False
    return any(
        k < h.i <= k + _PLAN
        and (("talk_nouns" in h.roles and not _is_there(sentence, h, words)) or not VERBS.isdisjoint(h.roles))
        for h in sentence.hits(KIND)
    )


def _is_there(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "agreed to free prisoners at talks": where they agreed, not "agreed to take part in talks"."""
    if sentence.words[hit.i - 1] not in words.occasions:
        return False
    return not any("before" in h.roles and h.j == hit.i for h in sentence.hits(KIND))


def _is_aim(sentence: Sentence, hit: Hit, words: Words) -> bool:
    """ "to end the war", "could lead to a deal", "hopes of reaching one": what is wanted has not come of talks."""
    before = sentence.words[hit.i - 1] if hit.i else ""
    forms = hit.roles["outcome_verbs"].forms
    if forms == {"base"}:
        tried = before in words.ands and not words.to_words.isdisjoint(sentence.words[max(0, hit.i - 3) : hit.i])
        return (
            tried
            or before in words.to_words
            or any("modals" in h.roles and 0 <= hit.i - h.j <= 1 for h in sentence.hits(KIND))
        )
    if sentence.words[hit.j : hit.j + 1] != [] and sentence.words[hit.j] in words.of_words:
        return words.prepositions.isdisjoint(sentence.words[max(0, hit.i - 2) : hit.i])  # "with the signing of a truce"
    if forms != {"ing"} or before in words.ands or before in words.auxiliaries or before in ("", ","):
        return False
    return (
        not any(h.j == hit.i and "talk_nouns" in h.roles for h in sentence.hits(KIND)) and before not in words.denials
    )


def _is_end(sentence: Sentence, k: int, words: Words) -> bool:
    """Whether a clause ends at token k: a mark, or "and" with a subject of its own behind it."""
    if sentence.words[k] in _ENDS:
        return True
    return sentence.words[k] in words.ands and not words.resuming.isdisjoint(sentence.words[k + 1 : k + 2])


def clause(sentence: Sentence, i: int, words: Words) -> str | None:
    """The words of a sentence from token i to the end of the clause; None where they only tell a day or a place. What
    goes on elsewhere while talks end ("as X prepares to vote") is another clause."""
    ended = not words.ending.isdisjoint(sentence.words[i : i + 2])
    end = next(
        (
            k
            for k in range(i + 1, len(sentence))
            if _is_end(sentence, k, words)
            or (ended and (sentence.words[k] in words.asides or sentence.words[k] in words.until))
        ),
        len(sentence),
    )
    spans = [*((day.i - 1, day.j) for day in sentence.days), *((p.begin - 1, p.j) for p in sentence.places)]
    if end - i < 2 or all(any(start <= k < stop for start, stop in spans) for k in range(i + 1, end)):
        return None
    start, stop = sentence.span(i, end)
    return sentence.document.source(sentence.field)[start:stop]
