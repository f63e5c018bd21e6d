"""Armed groups that no list names, known by the letters that an item gives them, or by a full name: "the Bororo
National Union (BNU)", "BNU leaders", "a delegation of the BNU", "the rebel Bororo People's Congress". Only where an
item speaks of fighting or peace: elsewhere letters are those of unions, firms and offices."""

from __future__ import annotations

from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Actor, Form
from monitor.language.document import Document, Sentence

#: letters of such a name
_FEWEST, _MOST = 3, 7
#: words of the full name before the letters in brackets
_NAME = 9
#: what can be named inside of such a name
_INSIDE = frozenset((Form.ORGANISATION, Form.SEAT))
#: what described sides are, where they bear arms
_ARMED = frozenset(("rebels", "guerrillas", "separatists", "militia"))


def learned(document: Document, words: Words) -> frozenset[str]:
    """The letters, and the full names, as written, of the groups of an item."""
    section = document.lexicon.section(KIND)
    if not any(sentence.has(words.strife) for sentence in document.sentences):
        return frozenset()
    heads = section.words("band_heads_list")
    found: set[str] = set()
    for sentence in document.sentences:
        for k in _letters(sentence):
            known = _is_introduced(sentence, k, words) or _is_led(sentence, k, k + 1, heads, words)
            if known and _is_free(sentence, k):
                found.add(sentence.raw[k])
        if not (sentence.has(heads) or sentence.has(words.armed)):
            continue
        for begin, end in _names(sentence, words):
            if _is_led(sentence, begin, end, heads, words) or _is_armed(sentence, begin, end, words):
                found.add(_written(sentence, begin, end))
    return frozenset(found)


def groups(sentence: Sentence, names: frozenset[str], words: Words) -> list[Actor]:
    """The groups that a sentence names so, a full name before its letters in brackets included."""
    found: list[Actor] = []
    for begin, end in _names(sentence, words):
        name = _written(sentence, begin, end)
        if name in names and sentence.words[end : end + 1] != ["("]:
            found.append(_group(sentence, begin, end, name))
    for k in _letters(sentence):
        if sentence.raw[k] not in names:
            continue
        begin, end = k, k + 1
        if k and sentence.words[k - 1] == "(" and sentence.words[end : end + 1] == [")"]:
            begin, end = _full_name(sentence, k), end + 1
        found.append(_group(sentence, begin, end, sentence.raw[k]))
    return found


def _group(sentence: Sentence, begin: int, end: int, name: str) -> Actor:
    possessive = sentence.words[end : end + 1] == ["'s"]
    return Actor(i=begin, j=end, actor=name, form=Form.GROUP, name=name, possessive=possessive)


def _letters(sentence: Sentence) -> list[int]:
    """Tokens that are only capitals, in a sentence that is not all in capitals."""
    raw = sentence.raw
    found = [k for k in sentence.capitals if _FEWEST <= len(raw[k]) <= _MOST and raw[k].isupper() and raw[k].isalpha()]
    return found if 2 * len(found) <= len(raw) else []


def _is_free(sentence: Sentence, k: int) -> bool:
    """Whether no list has read token k: asked last, for it takes all that the sentence names."""
    return k not in sentence.common_at and not any(actor.i <= k < actor.j for actor in sentence.actors)


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


def _is_led(sentence: Sentence, begin: int, end: int, heads: frozenset[str], words: Words) -> bool:
    """ "BNU leaders", "the BNU's chairman", "leaders of the BNU"."""
    tokens = sentence.words
    j = end + (tokens[end : end + 1] == ["'s"])
    if j < len(tokens) and tokens[j] in heads:
        return True
    n = begin - 1
    while n > 0 and tokens[n] in words.articles:
        n -= 1
    return n > 0 and tokens[n] in words.of_words and tokens[n - 1] in heads


def _is_armed(sentence: Sentence, begin: int, end: int, words: Words) -> bool:
    """ "the rebel X", "the guerrilla group, the X", "X, a separatist movement"."""
    bands = [h for h in sentence.hits(KIND) if "side_nouns" in h.roles and h.roles["side_nouns"].value in _ARMED]
    if begin and sentence.words[begin - 1] in words.armed:
        return True
    gaps = [sentence.words[h.j : begin] for h in bands if h.j <= begin]
    gaps += [sentence.words[end + 1 : h.i] for h in bands if h.i > end and sentence.words[end] == ","]
    return any(len(gap) <= 2 and words.articles.union((",",)).issuperset(gap) for gap in gaps)


def _names(sentence: Sentence, words: Words) -> list[tuple[int, int]]:
    """Where names of several words with a capital stand that end, or begin, as those of groups do, no state in them."""
    if words.group_words.isdisjoint(sentence.words):
        return []
    raw, tokens, found, k = sentence.raw, sentence.words, [], 1
    while k < len(raw):
        end = k
        while end < len(raw) and _goes_on(sentence, k, end, words):
            end += 1
        if end - k > 1 and (tokens[end - 1] in words.group_words or _has_aim(sentence, k, end, words)):
            inner = [a for a in sentence.actors if k <= a.i < end]
            if all(a.form in _INSIDE or a.j == end > k + 2 for a in inner):
                found.append((k, end))
        k = max(end, k + 1)
    whole = {(a.i, a.j) for a in sentence.actors}
    return [span for span in found if span not in whole and sentence.field == "text"]


def _goes_on(sentence: Sentence, begin: int, k: int, words: Words) -> bool:
    """Whether token k belongs to the name that begins before it."""
    raw, word = sentence.raw, sentence.words[k]
    if raw[k][0].isupper():
        return word.isalpha() and word not in words.articles and word not in words.function
    behind = raw[k + 1 : k + 2]
    if k == begin or not behind:
        return False
    if word == "'s":
        return behind[0][0].isupper()
    before = sentence.words[k - 1]
    if word in words.articles:
        return behind[0][0].isupper() and (before in words.of_words or before in words.for_words)
    joins = word in words.of_words or word in words.for_words
    named = before in words.group_words or (raw[k - 1][0].isupper() and _has_aim(sentence, begin, k, words))
    return joins and named and any(w[0].isupper() for w in raw[k + 1 : k + 3])


def _has_aim(sentence: Sentence, begin: int, end: int, words: Words) -> bool:
    """ "Council for the Salvation of X", "National Union of Y": what a group is for, or of whom, is in its name."""
    return any(
        sentence.words[k] in words.group_words
        and (sentence.words[k + 1] in words.of_words or sentence.words[k + 1] in words.for_words)
        for k in range(begin, end - 1)
    )


def _written(sentence: Sentence, begin: int, end: int) -> str:
    return sentence.text[sentence.starts[begin] - sentence.start : sentence.ends[end - 1] - sentence.start]
