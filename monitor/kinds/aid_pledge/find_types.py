"""Of what sort a sum or goods are: named ("military aid"), told by what it is for, or by who gives."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_scene import CLAUSE, WALL, Mark, Scene
from monitor.kinds.aid_pledge.find_sums import Finding


def sort_of(found: Finding) -> None:
    """Fills in the types of a finding and whether they are named."""
    scene, span = found.scene, found.span
    end = next((q.i for q in scene.sums if q.i >= found.j), scene.n)
    start = max((q.j for q in scene.sums if q.j <= found.i), default=0)
    named = _values(scene, "types", span.i, span.j) or _tail(scene, "types", span.j, end) or _near(scene, "types", start, span)
    if named:
        found.types, found.typed = named, True
        return
    found.types = _tail(scene, "purposes", span.i, end) or _near(scene, "purposes", start, span)


def by_giver(found: Finding) -> frozenset[str]:
    """What the giver usually gives: a bank lends, a relief agency relieves."""
    table = found.scene.lex.default_types
    donors = found.donors.actors if found.donors is not None else ()
    return frozenset(table[d] for d in donors if d in table)


def _marks(scene: Scene, role: str, i: int, j: int) -> list[Mark]:
    """Marks of the role; goods tell a purpose too."""
    return scene.marks(role, i, j) + (scene.marks("goods", i, j) if role == "purposes" else [])


def _values(scene: Scene, role: str, i: int, j: int) -> frozenset[str]:
    return frozenset(m.value for m in _marks(scene, role, i, j))


def _tail(scene: Scene, role: str, i: int, j: int) -> frozenset[str]:
    """Words of the role behind the phrase, in its clause."""
    return frozenset(m.value for m in _marks(scene, role, i, j) if scene.walls(i, m.i) < (CLAUSE if role == "types" else WALL))


def _near(scene: Scene, role: str, start: int, span: tuple[int, int, int]) -> frozenset[str]:
    """Words of the role before the phrase, in its clause."""
    return frozenset(m.value for m in _marks(scene, role, start, span[0]) if scene.walls(m.i, span[0]) < CLAUSE)
