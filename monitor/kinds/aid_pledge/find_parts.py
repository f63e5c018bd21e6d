"""Parts of packages: "of the total, $5m is for shells", "the remaining $5m", sums that add up to one told before."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_merge import RIVALS
from monitor.kinds.aid_pledge.find_phrases import behind_conversion
from monitor.kinds.aid_pledge.find_sameness import LOCAL
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import WITHHELD
from monitor.kinds.aid_pledge.find_words import MARK, WALL
from monitor.language.actors import is_state

#: sentences behind a whole, and before it, in which its parts are told
_AFTER, _BEFORE = 4, 2
#: what opens an item of a list, and how many items one may have
_BULLETS = frozenset("-–•*·")
_ITEMS = 20
#: how far a headline's figure may be from the text's
_HEADLINE = 0.1


def is_part(found: Finding, larger: int, given: int) -> bool:
    """Whether a word of parts stands between a larger sum, here or in the sentences before, and this one.

    ``larger`` is the largest sum of the sentences before, ``given`` the largest pledge there, 0 where there is none:
    what is given of a sum that was only asked for is a pledge.
    """
    scene, span, least = found.scene, found.span, found.quantity.least if found.quantity is not None else 0
    if scene.words[0] in scene.lex.of_donor and scene.sums[0].i < 3 and scene.sums[0].least > least:
        return True  # "Of the $33bn ..., $20bn is for arms"
    if given > least and _left_over(scene, span.core):
        return True
    if len(scene.sums) > 1 and _with_it(found):
        return True
    end = behind_conversion(scene, found.j)
    for mark in scene.marks("parts"):
        lists = scene.words[mark.j : span.core].count(";") * WALL  # "includes $5m for X; $3m for Y"
        if mark.j <= span.core and scene.walls(mark.j, span.core) - lists < WALL:
            before = [q for q in scene.sums if q.j <= mark.i]
            if any(w in scene.lex.fresh for w in scene.words[span.i : span.core + 1]) and scene.marks("since"):
                continue  # "has given $8bn since March, including a new tranche of $5m"
            if any(q.least > least for q in before) or (not before and larger > least):
                return True
        if (
            mark.i >= end
            and mark.i - end < (3 if mark.value == "of" else 1)  # "a [$6m] package including" is a whole
            and not scene.walls(end, mark.i)
            and (larger > least or any(q.j <= found.i and q.least > least for q in scene.sums))
        ):
            return True
    return False


def _with_it(found: Finding) -> bool:
    """As in "X's aid is worth $11m, with [$1m] sent through Y": behind a larger sum, "with" and nobody's name."""
    scene, i, least = found.scene, found.i, found.quantity.least if found.quantity is not None else 0
    if i < 2 or scene.words[i - 1] not in scene.lex.company or scene.words[i - 2] != ",":
        return False
    before = next((q for q in reversed(scene.sums) if q.j <= i - 2), None)
    if before is None or before.least <= least or before.currency != (found.quantity and found.quantity.currency):
        return False
    return scene.walls(before.j, i) <= MARK and not any(before.j <= a.i < i for a in scene.actors)


def _left_over(scene: Scene, core: int) -> bool:
    """As in "The rest, [$5m], is for ...", "For example, [$5m] will ...": what opens the clause tells of a part."""
    return any(not m.i and scene.walls(m.j, core) < WALL for m in scene.marks("rests", 0, core))


def add_up(kept: Sequence[Finding], told: Sequence[Finding]) -> list[Finding]:
    """The findings that, told one after the other beside a larger sum, add up to it; givers of their own aside.

    ``told`` are all sums of the item in their order, refused ones included.
    """
    sums = [f for f in told if f.quantity is not None and f.quantity.count is not None]
    parts: list[Finding] = []
    for at, whole in enumerate(sums):
        if whole not in kept or whole in parts:
            continue
        parts += _run(whole, sums[at + 1 :], _AFTER) or _run(whole, sums[:at][::-1], _BEFORE)
    return parts


def _run(whole: Finding, near: Sequence[Finding], reach: int) -> list[Finding]:
    """Of the sums that follow one another from a whole on, those that make it up together; none where they do not."""
    total, here = _count(whole), whole.scene.sentence.index
    found: list[Finding] = []
    for one in near:
        if abs(one.scene.sentence.index - here) > reach:
            break
        if _currency(one) != _currency(whole) or _count(one) >= total:
            continue
        if any(_count(one) == _count(f) and _ends(one) == _ends(f) and one.scene is not f.scene for f in found):
            continue  # told again
        if any(_rounds(one, f) for f in found):
            continue  # "$1.1bn", and "more than $1bn" in the headline
        if one.scene is whole.scene and one.j <= whole.i and ";" in whole.scene.words[one.j : whole.i]:
            return []  # "$5m for X; $5m for Y; $10m for Z": items of one list
        found.append(one)
        if adds_up([_count(f) for f in found], total):
            if _own_receivers(found):
                whole.several, whole.recipient = True, None
                return []
            return [] if _own_givers(found) or _split(found) else found
        if sum(_count(f) for f in found) > total:
            return []
    return []


def _own_givers(parts: Sequence[Finding]) -> bool:
    """As in "pledged $9m: X $5m and Y $4m": whether the shares of several givers are told."""
    return len({f.donors.actors for f in parts if f.donors is not None and f.donors.rule in LOCAL}) > 1


def _own_receivers(parts: Sequence[Finding]) -> bool:
    """As in "pledged $9m: $5m for X and $4m for Y": whether the shares of several states are told."""
    named = [f.recipient.actors for f in parts if f.recipient is not None and f.recipient.rule in LOCAL]
    states = {actors[0] for actors in named if len(actors) == 1 and is_state(actors[0])}
    return len(states) == len(named) > 1


def _split(parts: Sequence[Finding]) -> bool:
    """As in "of $9m, X sent $4m and withholds $5m": whether some of a sum is given and some held back."""
    return len({f.status == WITHHELD for f in parts if f.path.act is not None}) > 1


def _rounds(one: Finding, other: Finding) -> bool:
    """Whether a headline gives another sum in fewer figures."""
    if (one.scene.sentence.field == "title") == (other.scene.sentence.field == "title"):
        return False
    return abs(_count(one) - _count(other)) <= _HEADLINE * max(_count(one), _count(other))


def itemised(found: Finding, accepted: Sequence[Finding]) -> bool:
    """As in "a $9m package, which includes:" and below it "- $5m for X": an item of the list that a whole opens."""
    scene = found.scene
    sentence = scene.sentence
    if sentence.words[0] not in _BULLETS or not accepted:
        return False
    told = sentence.document.sentences
    at = sentence.index - 1
    while at > 0 and sentence.index - at < _ITEMS and told[at].words[0] in _BULLETS:
        at -= 1
    head = Scene(told[at])
    if head.words[-1] != ":" or not (head.of("parts") or head.of("again")):
        return False
    wholes = [f for f in accepted if 0 <= at - f.scene.sentence.index <= _BEFORE and _currency(f) == _currency(found)]
    return any(_count(f) > _count(found) and _may_hold(f, found) for f in wholes)


def _may_hold(whole: Finding, part: Finding) -> bool:
    """Whether a part names no giver of its own."""
    own = part.donors is not None and part.donors.rule in LOCAL
    return not own or (whole.donors is not None and _ends(whole)[0] == _ends(part)[0])


def _ends(found: Finding) -> tuple[object, object]:
    return found.donors and found.donors.actors, found.recipient and found.recipient.actors


def _count(found: Finding) -> int:
    return found.quantity.count or 0 if found.quantity is not None else 0


def _currency(found: Finding) -> str | None:
    return found.quantity.currency if found.quantity is not None else None


def adds_up(sums: list[int], whole: int) -> bool:
    """Whether at least two smaller sums make up a larger one, to two in a hundred."""
    return len(sums) > 1 and abs(sum(sums) - whole) <= 0.02 * whole


def opened(found: list[Finding]) -> list[Finding]:
    """As in "As part of its package of [$9m], X gives $2m": leaves out the whole that opens a sentence.

    Where a comma closes the opening, and a smaller sum of the same currency is found behind it.
    """
    kept: list[Finding] = []
    for at, whole in enumerate(found):
        kept.append(whole)
        scene, a = whole.scene, whole.quantity
        if (
            a is None
            or len(found) == 1
            or not _opens(scene)
            or (whole.donors is not None and whole.donors.rule == "agent")
        ):
            continue
        comma = next((k for k in range(whole.j, scene.n) if scene.words[k] == ","), scene.n)
        acted = any(not act.attributive and not act.passive and act.past and act.j <= whole.i for act in scene.acts)
        if not acted and any(_told_behind(f, whole, comma) for f in found[at + 1 : at + RIVALS]):
            kept.pop()
            whole.refuse("the whole that opens the sentence of its part")
    return kept


def _opens(scene: Scene) -> bool:
    """Whether a sentence opens with words that lead to a whole: "As part of", "From the"."""
    return scene.words[0] in scene.lex.origin or any(m.i == 0 for m in scene.of("wholes"))


def _told_behind(part: Finding, whole: Finding, k: int) -> bool:
    """Whether a smaller sum of one currency stands behind token k of a sum's sentence."""
    a, b = part.quantity, whole.quantity
    if part.scene is not whole.scene or part.i < k:
        return False
    return a is not None and b is not None and a.currency == b.currency and a.least < b.least
