"""An analyst's note, which tells of a package to record one sum of it: what it records, and what only leads there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_parts import adds_up
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_sieve import comes_to
from monitor.kinds.aid_pledge.find_words import CLAUSE
from monitor.language.quantities import Quantity

#: tokens before a sum that say what it is told for
_REACH = 12
_DOLLAR = "$"


def is_note(findings: Iterable[Finding]) -> bool:
    """Whether the words around the sums are those of a note that records aid."""
    return any(noted(f.scene) for f in findings)


def noted(scene: Scene) -> bool:
    """Whether a sentence speaks of a note's sources, its data or what it records: "the remaining" alone does not."""
    roles = scene.by_role
    if "analyst" in roles or ("pointed" in roles and any(m.value != "rest" for m in scene.of("pointed"))):
        return True
    return scene.sentence.index == 0 and opens_with_sale(scene)


def opens_with_sale(scene: Scene) -> bool:
    """As in "Foreign military sale to X of spares for $5m": a sale opens an item that has no headline.

    So an analyst names what another grant of the seller's pays for; in the news a sale is none.
    """
    first = scene.sentence.index == 0 and scene.sentence.field != "title"
    return first and any(m.i == 0 for m in scene.of("paid_sales"))


def as_converted(found: list[Finding]) -> None:
    """As in "€5m ([DKK 37m])": a note that converts a sum in brackets records what it converts it into."""
    for one in found:
        words = one.scene.words
        for q in one.scene.sentence.quantities:
            if one.quantity is not None and q.conversion and q.i == one.j + 1 and words[one.j] == "(":
                one.quantity = q


def recorded(found: list[Finding], told: Sequence[Finding]) -> list[Finding]:
    """The findings that a note records: those it points at, else those that no later sum is taken from.

    ``told`` are all sums and goods of the note, refused ones included.
    """
    sums = [f for f in found if f.quantity is not None]
    pointed = [f for f in found if "pointed" in f.marks and not (sums[0] is not f and _remarked(f, told))]
    last = [f for f in pointed if _reckoned(f)]
    if last:
        return _without(found, [f for f in found if f in last or f.quantity is None], "the note reckons another sum")
    if pointed:
        kept = [f for f in found if f in pointed or f.quantity is None or (f is sums[0] and _opens(f, pointed))]
        return _without(found, kept, "the note points at another sum")
    first = min((f.scene.sentence.index for f in told if f.scene.marks("remarks")), default=0)
    if any(f.scene.sentence.index < first for f in sums):
        return _without(found, [f for f in found if f.scene.sentence.index < first], "told in a remark")
    wholes = [f for f in sums if adds_up([q.least for q in _smaller(f, told)], _least(f))]
    dropped = [f for f in sums if any(q is f.quantity for whole in wholes for q in _smaller(whole, told))]
    rest = [f for f in sums if f not in wholes and f not in dropped]
    dropped += [f for f in rest if _beside(f) or any(_taken_from(f, g) for g in rest)]
    if len(dropped) == len(sums):
        return found
    return _without(found, [f for f in found if f not in dropped], "the note leads from it to another sum")


def _reckoned(found: Finding) -> bool:
    """As in "on an equal basis, with [$5m] a year", "$3m + $2m = [$5m]": a sum that the note comes to at last."""
    shares = [m for m in found.scene.marks("pointed", 0, found.i) if m.value == "shares"]
    return bool(shares) or comes_to(found)


def _remarked(found: Finding, told: Sequence[Finding]) -> bool:
    """As in "Note that the total is $9m. The remaining $2m is ...": what is left over in a remark is not recorded."""
    here = found.scene
    if any(m.value != "rest" for m in here.marks("pointed")):
        return False
    return any(f.scene.marks("remarks") and f.scene.sentence.index <= here.sentence.index for f in told)


def lend_sorts(kept: list[Finding], told: Sequence[Finding]) -> None:
    """Sums of a note that name no sort are of the sort of the sum they are taken from, or of the one sort named."""
    named = [f for f in told if f.typed and f.types and f.quantity is not None]
    for one in kept:
        wholes = [f for f in named if _taken_from(f, one)] if not one.typed else []
        if wholes:
            one.types, one.typed = wholes[0].types, True
        elif not one.types and len({f.types for f in named}) == 1:
            one.types = named[0].types


def _without(found: list[Finding], kept: list[Finding], rule: str) -> list[Finding]:
    for one in found:
        if one not in kept:
            one.refuse(rule)
    return kept


def _least(found: Finding) -> int:
    return found.quantity.least if found.quantity is not None else 0


def _opens(first: Finding, pointed: list[Finding]) -> bool:
    """Whether a note opens with a sum that cannot be the whole of the one it points at."""
    a = first.quantity
    if a is None or "elsewhere" in first.marks:
        return False
    bare = _DOLLAR in first.scene.words[first.i : first.j]  # any state's dollars, where the note names them later
    return all(
        p.quantity is not None and ((p.quantity.currency != a.currency and not bare) or p.quantity.least > a.least)
        for p in pointed
    )


def _smaller(whole: Finding, told: Sequence[Finding]) -> list[Quantity]:
    """The smaller sums in its currency that are told behind a sum."""
    a = whole.quantity
    return [
        f.quantity
        for f in told
        if a is not None
        and f.quantity is not None
        and (f.quantity.currency, f.quantity.least < a.least) == (a.currency, True)
        and (f.scene.sentence.index, f.i) > (whole.scene.sentence.index, whole.i)
    ]


def _beside(found: Finding) -> bool:
    """As in "in addition to [$4m]", "funded by the [$5m]", "exceeded [$6m]": a sum told before or beside."""
    scene = found.scene
    return any(scene.walls(m.j, found.i) < CLAUSE for m in scene.marks("beside", max(0, found.i - _REACH), found.i + 1))


def _taken_from(whole: Finding, part: Finding) -> bool:
    """Whether a smaller sum that is told later narrows a larger one down; a list joined by "and" does not."""
    a, b = whole.quantity, part.quantity
    if a is None or b is None or _beside(part) or a.currency != b.currency or a.least <= b.least:
        return False
    if part.scene is not whole.scene:
        behind = part.scene.sentence.index > whole.scene.sentence.index
        return behind and not part.scene.marks("besides")
    return part.i > whole.i and not _listed(whole.scene, whole.j, part.i)


def _listed(scene: Scene, i: int, j: int) -> bool:
    """Whether only "and" and what a sum goes to stand between two sums: "$5m for X and $3m for Y"."""
    return any(w in scene.lex.both and w.isalpha() for w in scene.words[i:j]) and not (
        scene.marks("parts", i, j) or scene.marks("narrowing", i, j)
    )
