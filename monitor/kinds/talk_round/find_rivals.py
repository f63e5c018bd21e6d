"""The two that an item sets against each other, where it names many: by how its sentences join them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_words import Words
from monitor.language.actors import is_state
from monitor.language.document import Sentence

#: what a sentence weighs that joins two: behind "between", in a list of two, as the only two that it names
_BETWEEN, _LISTED, _ALONE = 3, 2, 1
#: the item's title says what it is about
_TITLE = 2
#: how much more often than any other two they are set against each other
_MARGIN = 2
_PAIR = 2


def rivals(sentences: Sequence[tuple[Sentence, Sequence[Side]]], words: Words) -> tuple[str, ...]:
    """The two parties that most sentences join, in order of their names; empty where no two stand out.

    ``sentences``: each with its sides. Places, and bodies that bring others together, are none of the two.
    """
    weights: Counter[tuple[str, ...]] = Counter()
    all_named: set[str] = set()
    for sentence, sides in sentences:
        acting = [side for side in sides if not side.place and not side.body]
        weight = _TITLE if sentence.field == "title" else 1
        all_named |= (names := {side.actor for side in acting if not _says(sentence, side)})
        if len(names) == _PAIR and any(map(is_state, names)):
            weights[tuple(sorted(names))] += _ALONE * weight
        for first, second in pairwise(acting):
            state = is_state(first.actor) or is_state(second.actor)  # two groups in a list are friends as often
            if state and first.actor != second.actor and _are_joined(sentence, acting, first, second, words):
                opened = first.i > 0 and _is_between(sentence, first.i, words)
                weights[tuple(sorted((first.actor, second.actor)))] += (_BETWEEN if opened else _LISTED) * weight
    (best, most), (_, next_most) = (*weights.most_common(_PAIR), ((), 0), ((), 0))[:_PAIR]
    enough = most >= _LISTED or (most and len(all_named) == _PAIR)  # nobody else is named
    return best if enough and most >= _MARGIN * next_most else ()


def _says(sentence: Sentence, side: Side) -> bool:
    hit = sentence.common_at.get(side.j)
    return hit is not None and "quote_verbs" in hit.roles


def _are_joined(sentence: Sentence, acting: Sequence[Side], first: Side, second: Side, words: Words) -> bool:
    """Whether two make a list of their own: "A and B", "A's army and B", and no third before or behind."""
    gap = sentence.words[first.j : second.i]
    if not words.ands & set(gap[:2]) or len(gap) > 3:
        return False
    before = next((side for side in reversed(acting) if side.j <= first.i), None)
    return before is None or not words.joins & set(sentence.words[before.j : first.i][:1])


def _is_between(sentence: Sentence, i: int, words: Words) -> bool:
    k = i - 1
    while k > 0 and sentence.words[k] in words.articles:
        k -= 1
    return sentence.words[k] in words.between
