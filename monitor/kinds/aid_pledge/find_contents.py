"""What a sum buys and what goods are made of: "tanks worth $5m", "These include two boats and tents"."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods_lists import all_goods, goods_marks, text_of
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import HOLDS


def itemised_goods(scene: Scene) -> str | None:
    """As in "These include [two boats, pumps and tents]": what a sentence lists of the goods told right before."""
    held = next((m for m in scene.marks("parts", 0, 3) if m.value in HOLDS), None)
    if held is None or scene.sums or all_goods(scene, held.j) is None:
        return None
    end = next((k for k in range(held.j, scene.n) if scene.words[k] in scene.lex.relative), scene.n)
    while end > held.j and not scene.words[end - 1][0].isalnum():
        end -= 1
    return text_of(scene, held.j, end)


def unnamed_goods(found: Finding) -> bool:
    """Whether a finding names its goods by a common noun only ("equipment"), or not at all."""
    if found.goods is None:
        return not found.bare
    return "counted" not in found.marks and found.goods.split()[-1].lower() in found.scene.lex.goods_again


def _is_to(scene: Scene, i: int, j: int) -> bool:
    """Whether a sum is to do something with goods other than buy them: an infinitive stands before them."""
    return any(
        scene.words[k] in scene.lex.infinitive and scene.words[k + 1] not in scene.lex.buying for k in range(i, j - 1)
    )


def contents(found: Finding) -> str | None:
    """The goods that a sum buys, as its sentence names them: "tanks worth [$5m]", "[$5m] in shells"."""
    scene, act = found.scene, found.path.act
    if "worth" in found.marks and act is not None and act.i < found.span.core:
        named = all_goods(scene, act.j, found.i)
        if named is not None:
            return named
    if any(q.i >= found.j for q in scene.sums):
        return None
    first = next((m for m in goods_marks(scene) if m.i >= found.span.j), None)
    spent = first is not None and any(
        found.span.j <= a.i < first.i and a.infinitive and a.sort == "convey" for a in scene.acts
    )
    if spent or (first is not None and _is_to(scene, found.span.j, first.i)):
        return None  # "$5m that will be used to deliver ammunition", "$5m to restock its shells"
    return all_goods(scene, found.span.j) or (all_goods(scene, 0) if scene.marks("handing") else None)
