"""Of what sort a sum is: named ("military aid"), told by its channel or by what it is for, or by who gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.kinds.aid_pledge.find_acts import Mark
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_words import CLAUSE, WALL

#: a word of purpose this many tokens away counts half
_HALF = 6


def sort_of(found: Finding) -> None:
    """Fills in the types of a finding and whether they are named."""
    scene, span = found.scene, found.span
    end = next((q.i for q in scene.sums if q.i >= found.j), scene.n)
    if end < scene.n:
        end = next((a.begin for a in scene.acts if found.j <= a.begin < end and not a.attributive and not a.loose), end)
    start = max((q.j for q in scene.sums if q.j <= found.i), default=0)
    named = "types" in scene.by_role and (
        _values(scene.marks("types", span.i, span.j))
        or _values(m for m in scene.marks("types", span.j, end) if scene.walls(span.j, m.i) < CLAUSE)
        or _values(m for m in scene.marks("types", start, span.i) if scene.walls(m.i, span.i) < CLAUSE)
    )
    if named:
        found.types, found.typed = named, True
        return
    found.types = (
        _channel(found, end)
        or likeliest(_purposes(scene, start, end, span.core), span.core)
        or likeliest(_purposes(scene, 0, scene.n, span.core), span.core)
    )


def by_giver(found: Finding) -> frozenset[str]:
    """What the giver usually gives: a bank lends, a relief agency relieves."""
    table = found.scene.lex.default_types
    donors = found.donors.actors if found.donors is not None else ()
    return frozenset(table[d] for d in donors if d in table)


def likeliest(marks: Sequence[Mark], core: int) -> frozenset[str]:
    """The one sort that words of purpose speak for most, near ones more."""
    votes: dict[str, float] = defaultdict(float)
    for mark in marks:
        votes[mark.value] += 1 / (1 + abs(mark.i - core) / _HALF)
    return frozenset((max(sorted(votes), key=lambda sort: votes[sort]),)) if votes else frozenset()


def named_aid(scene: Scene) -> frozenset[str]:
    """The sorts that stand right before a sure word for aid: "military aid", "humanitarian assistance"."""
    nouns = {m.i for m in scene.marks("aid_nouns") if m.value == "sure"}
    return frozenset(m.value for m in scene.marks("types") if m.j in nouns or m.i in nouns)


def _values(marks: Iterable[Mark]) -> frozenset[str]:
    return frozenset([m.value for m in marks])


def _purposes(scene: Scene, start: int, end: int, core: int) -> list[Mark]:
    """Words of purpose around the sum; goods tell one too."""
    if "goods" not in scene.by_role and "purposes" not in scene.by_role:
        return []
    goods = [m for m in scene.marks("goods", start, end) if m.value != "neutral"]
    marks = [*scene.marks("purposes", start, end), *goods]
    return [m for m in marks if scene.walls(min(m.i, core), max(m.i, core)) < (WALL if m.i > core else CLAUSE)]


def _channel(found: Finding, end: int) -> frozenset[str]:
    """As in "through the World Bank", "to NATO's fund": what the body that passes it on usually gives."""
    scene, table = found.scene, found.scene.lex.default_types
    return frozenset(
        table[a.actor]
        for a in scene.actors
        if found.j <= a.i < end and a.actor in table and scene.walls(found.j, a.i) < CLAUSE
    )
