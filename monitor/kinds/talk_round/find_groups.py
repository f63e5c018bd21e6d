"""Armed groups that no list names, known by the letters that an item gives them: "the Bororo National Union (BNU)",
"BNU leaders", "a delegation of the BNU". Only where an item speaks of fighting or peace: elsewhere letters are those of
unions, firms and offices."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Actor, Form
from monitor.language.document import Document, Sentence

#: letters of such a name
_FEWEST, _MOST = 3, 7
#: words of the full name before the letters in brackets
_NAME = 9


def learned(document: Document, words: Words) -> frozenset[str]:
    """The letters, as written, of the groups of an item."""
    section = document.lexicon.section(KIND)
    if not any(sentence.has(words.strife) for sentence in document.sentences):
        return frozenset()
    heads = section.words("band_heads_list")
    found: set[str] = set()
    for sentence in document.sentences:
        for k in _letters(sentence):
            if _is_introduced(sentence, k, words) or _is_led(sentence, k, heads, words):
                found.add(sentence.raw[k])
    return frozenset(found)


def groups(sentence: Sentence, names: frozenset[str]) -> list[Actor]:
    """The groups that a sentence names by these letters, a full name before its letters in brackets included."""
    found: list[Actor] = []
    for k in _letters(sentence):
        if sentence.raw[k] not in names:
            continue
        begin, end = k, k + 1
        if k and sentence.words[k - 1] == "(" and sentence.words[end : end + 1] == [")"]:
            begin, end = _full_name(sentence, k), end + 1
        possessive = sentence.words[end : end + 1] == ["'s"]
        name = sentence.raw[k]
        found.append(Actor(i=begin, j=end, actor=name, form=Form.GROUP, name=name, possessive=possessive))
    return found


def _letters(sentence: Sentence) -> list[int]:
    """Tokens that are only capitals and that nothing else has read, in a sentence that is not all in capitals."""
    raw = sentence.raw
    found = [k for k in sentence.capitals if _FEWEST <= len(raw[k]) <= _MOST and raw[k].isupper() and raw[k].isalpha()]
    if not found or 2 * len(found) > len(raw):
        return []
    taken = {n for actor in sentence.actors for n in range(actor.i, actor.j)}
    return [k for k in found if k not in taken and k not in sentence.common_at]


def _is_introduced(sentence: Sentence, k: int, words: Words) -> bool:
    """ "the Bororo National Union (BNU)": a name that ends, or begins, as those of groups do, before its letters."""
    if not k or sentence.words[k - 1] != "(" or sentence.words[k + 1 : k + 2] != [")"]:
        return False
    begin = _full_name(sentence, k)
    return not words.group_words.isdisjoint(sentence.words[begin : k - 1])


def _full_name(sentence: Sentence, k: int) -> int:
    """Where the name begins that stands before the letters at k, in brackets: at the word of their first letter."""
    first = sentence.raw[k][0]
    for n in range(k - 2, max(-1, k - 2 - _NAME), -1):
        if not sentence.words[n].isalpha() and sentence.words[n] not in ("-", "'s"):
            break
        if sentence.raw[n][0] == first and k - 1 - n >= 2:
            return n
    return k


def _is_led(sentence: Sentence, k: int, heads: frozenset[str], words: Words) -> bool:
    """ "BNU leaders", "the BNU's chairman", "leaders of the BNU"."""
    tokens = sentence.words
    j = k + 1 + (tokens[k + 1 : k + 2] == ["'s"])
    if j < len(tokens) and tokens[j] in heads:
        return True
    n = k - 1
    while n > 0 and tokens[n] in words.articles:
        n -= 1
    return n > 0 and tokens[n] in words.of_words and tokens[n - 1] in heads
