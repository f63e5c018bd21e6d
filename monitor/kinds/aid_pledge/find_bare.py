"""Aid that is asked for or held back without a figure or goods: "X asked Y for military aid"."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods import ENOUGH_GOODS, traded
from monitor.kinds.aid_pledge.find_phrases import Phrase, phrase
from monitor.kinds.aid_pledge.find_receivers import dative
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import (
    CONSIDERED,
    REQUESTED,
    WITHHELD,
    Course,
    chain,
    course,
    day,
    status,
)
from monitor.kinds.aid_pledge.find_subjects import subject
from monitor.kinds.aid_pledge.find_sums import give_and_take
from monitor.kinds.aid_pledge.find_words import MARK

_BARE = frozenset(("ask", "withhold"))


#: tokens between aid without a figure and a sum that is its figure
_NEAR = 8


def _armed(scene: Scene) -> Iterator[Finding]:
    """As in "X is no longer arming Y", "urged X to arm Y": a verb of arming asked for, or denied."""
    for act in scene.acts if scene.of("arming") else ():
        if "arming" not in scene.at[act.i].roles or act.passive or act.attributive:
            continue
        outer = chain(scene, act)
        value = WITHHELD if "denied" in act.modes else status(act, outer)
        receiver, giver = dative(scene, act, Phrase(act.j, scene.n, scene.n)), subject(scene, act)
        if value not in (WITHHELD, REQUESTED) or receiver is None or giver is None or receiver.actors == giver.actors:
            continue
        span = Phrase(act.i, act.j, act.i)
        path = Course(act, outer, value, False, "verb")
        yield Finding(
            scene=scene, i=act.i, j=act.j, span=span, path=path, status=value, bare=True, typed=True, donors=giver,
            recipient=receiver, types=frozenset(("military",)), date=day(scene, span, path), score=ENOUGH_GOODS,
        )  # fmt: skip


def read_bare(scene: Scene) -> Iterator[Finding]:
    """As in "X asked Y for military aid", "Z suspended its aid to W": both ends have to be named."""
    nouns = scene.of("bare_aid")
    yield from _armed(scene)
    if not nouns or not scene.may_act(_BARE):
        return
    for mark in nouns:
        span = phrase(scene, mark.i, mark.j)
        if any(
            abs(q.i - mark.i) <= _NEAR and scene.walls(min(mark.i, q.i), max(mark.i, q.i)) < MARK for q in scene.sums
        ):
            continue
        path = course(scene, span)
        if path.act is None or path.act.sort not in _BARE or path.denied or traded(scene, path, span):
            continue
        planned = path.status == CONSIDERED and path.act.sort == "withhold" and path.rule == "verb"
        if path.status not in (REQUESTED, WITHHELD) and not planned:
            continue
        if path.status == REQUESTED and path.act.sort == "withhold":
            continue  # "asked X to suspend its aid to Y": somebody asks that it be held back
        if mark.i in scene.act_at or not (
            mark.value in scene.lex.sure or path.act.sort == "withhold" or scene.marks("types", span.i, mark.i)
        ):
            continue
        found = Finding(scene=scene, i=mark.i, j=mark.j, span=span, path=path, status=path.status, bare=True)
        give_and_take(found)
        if found.donors is None or found.recipient is None or found.several:
            continue
        if path.act.sort == "ask" and found.donors.rule not in ("who is asked", "agent"):
            continue
        found.types = frozenset(m.value for m in scene.marks("types", max(0, span.i - 3), span.j))
        found.typed = True
        found.date = day(scene, span, path)
        found.score = ENOUGH_GOODS
        yield found
