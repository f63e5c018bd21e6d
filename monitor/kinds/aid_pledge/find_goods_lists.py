"""Goods named in a sentence: lists of them, where each begins, and the item's own words for them."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_acts import Mark
from monitor.kinds.aid_pledge.find_carriers import LONGEST_ITEM, only_carries
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.kinds.aid_pledge.find_words import CLAUSE, MARK
from monitor.language.quantities import Sort

#: tokens from a weight and "of" to the noun of aid that it weighs
_ITS_NOUN = 4


def all_goods(scene: Scene, i: int, j: int | None = None) -> str | None:
    """The goods named behind token i (and before j), from the first to the last of their list, in the item's words."""
    end = scene.n if j is None else j
    lists = [(first, last) for first, last, _ in lists_of(scene) if first.i >= i and last.j <= end]
    if not lists:
        return None
    start = start_of(scene, lists[0][0].i)
    return text_of(scene, max(start, i), lists[-1][1].j)


def text_of(scene: Scene, i: int, j: int) -> str:
    """The item's own words for tokens[i:j]."""
    sentence = scene.sentence
    return sentence.text[sentence.starts[i] - sentence.start : sentence.ends[j - 1] - sentence.start]


def lists_of(scene: Scene) -> Iterator[tuple[Mark, Mark, set[str]]]:
    """Runs of goods that "and" and commas join: first and last noun, and their sorts."""
    marks = goods_marks(scene)
    k = 0
    while k < len(marks):
        first = last = marks[k]
        sorts = {first.value, *_weak(scene, first)}
        k += 1
        while k < len(marks) and _goes_on(scene, last, marks[k]):
            last = marks[k]
            sorts.add(last.value)
            sorts.discard("weak")
            k += 1
        yield first, last, sorts


def goods_marks(scene: Scene) -> list[Mark]:
    """The words of goods of a sentence that name something handed over."""
    hostile = "hostile" in scene.by_role
    named = [
        m
        for m in scene.of("goods")
        if not (_only_kind_of_aid(scene, m) or only_carries(scene, m) or (hostile and _strikes(scene, m)))
    ]
    if not scene.weighs or "aid_nouns" not in scene.by_role:
        return named
    weighed = _weighed(scene, named)
    return sorted((*named, *weighed)) if weighed else named


def _weighed(scene: Scene, named: list[Mark]) -> list[Mark]:
    """As in "30 tonnes of emergency health [aid]": aid that a weight makes goods."""
    found: list[Mark] = []
    for q in scene.sentence.quantities:
        k = q.j + 1  # behind its unit
        if q.measure != "weight" or k >= scene.n or scene.words[k] not in scene.lex.of_donor:
            continue
        noun = next((m for m in scene.marks("aid_nouns", k + 1, k + 1 + _ITS_NOUN) if m.value == "sure"), None)
        if noun is None or scene.walls(k, noun.i) or any(q.i <= m.i <= noun.i for m in named):
            continue
        found.append(Mark(noun.i, noun.j, "humanitarian"))
    return found


def _strikes(scene: Scene, mark: Mark) -> bool:
    """As in "Russian [missile] strikes": what is fired is nobody's gift."""
    hit = scene.at.get(mark.j)
    return hit is not None and "hostile" in hit.roles


def _only_kind_of_aid(scene: Scene, mark: Mark) -> bool:
    """As in "weapons package", "food aid": goods that only say what the aid is."""
    hit = scene.at.get(mark.j)
    return hit is not None and "aid_nouns" in hit.roles and "goods" not in hit.roles


def _weak(scene: Scene, mark: Mark) -> set[str]:
    hit = scene.at[mark.i]
    return {"weak"} if "weak_goods" in hit.roles else set()


def _goes_on(scene: Scene, last: Mark, following: Mark) -> bool:
    """Whether the next noun of goods belongs to the same list or compound."""
    between = scene.words[last.j : following.i]
    if len(between) > LONGEST_ITEM or any(
        a.i >= last.j and a.j <= following.i and not a.attributive for a in scene.acts
    ):
        return False
    if all(w == "-" or len(w) == 1 or w.isdigit() for w in between) and not scene.walls(last.j, following.i):
        return True  # "Leopard [2A4] tanks"
    if scene.walls(last.j, following.i) >= CLAUSE:
        return False
    return any(w in scene.lex.both or w in scene.lex.laden or w == "-" for w in between[:2])


def _of_model(scene: Scene, k: int) -> bool:
    """As in "twelve PzH [2000] howitzers": a number behind a name in capitals is a model's."""
    raw = scene.sentence.raw
    if k < 2 or not raw[k][0].isdecimal() or not raw[k - 1][0].isupper() or scene.covered(k - 1) is not None:
        return False
    return scene.words[k - 1].isalpha() and k - 1 not in scene.sentence.common_at and k - 1 not in scene.at


def start_of(scene: Scene, i: int) -> int:
    """Where the phrase begins: its number, hedge and adjectives, no article."""
    k = i
    counts = [
        q
        for q in scene.sentence.quantities
        if q.sort in (Sort.COUNT, Sort.MEASURE)
        and q.j <= i
        and i - q.j <= 5
        and scene.walls(q.j, i) < MARK
        and not _of_model(scene, q.i)
    ]
    acts = scene.verb_ends
    while k > 0 and i - k < 6:
        word, hit = scene.words[k - 1], scene.at.get(k - 1)
        common = scene.sentence.common_at.get(k - 1)
        if k in acts or not (word[0].isalnum() or word in "-–"):
            break
        if (
            word in scene.lex.articles
            or word in scene.lex.scene
            or word in scene.lex.both
            or (hit is not None and not {"modes", "verb_group", "stand_ins", "acts", "parts"}.isdisjoint(hit.roles))
        ):
            break
        if word in scene.lex.closed or (common is not None and "quote_verbs" in common.roles):
            break
        if scene.covered(k - 1) is not None or word in scene.lex.laden or word in scene.lex.particles:
            break
        if k > 1 and scene.words[k - 2] in scene.lex.infinitive and not (hit is not None and "goods" in hit.roles):
            break  # "to [install] equipment"
        k -= 1
    k += k < i and scene.words[k] in DASHES  # "counter-[drone kits]"
    behind = max((j for j in acts if j <= i), default=0)  # "hand over [two boats]" hedges nothing
    if not counts:
        return k
    first = counts[-1].i
    plain = k < first and not all(scene.words[at] in scene.lex.fresh for at in range(k, first))
    return max(first if plain else min(k, first), behind)  # "by airfreight 3 tons"
