"""The noun phrase around a sum or goods: how far the words reach that say what it is."""

from __future__ import annotations

from typing import NamedTuple

from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_verbs import DASHES
from monitor.language.lexicon import Hit


class Phrase(NamedTuple):
    """The noun phrase of a sum or of goods: tokens[i:j], its core at ``core``."""

    i: int
    j: int
    core: int


def phrase(scene: Scene, i: int, j: int) -> Phrase:
    """The noun phrase around tokens[i:j]: "a new US military aid package for X worth [$5m]"."""
    return Phrase(_left(scene, i), _right(scene, behind_conversion(scene, j)), i)


def behind_conversion(scene: Scene, j: int) -> int:
    """The end of a sum with its conversion: "€5m [($5.4m)]"."""
    for q in scene.sentence.quantities:
        if q.conversion and 0 <= q.i - j <= 2:
            return q.j + 1 if q.j < scene.n and not scene.words[q.j].isalnum() else q.j
    return j


def _left(scene: Scene, i: int) -> int:
    k, acts = i, scene.verb_ends
    while k > 0 and i - k < 9:
        word = scene.words[k - 1]
        if k in acts or not (word[0].isalnum() or word in scene.lex.genitives or word in "-–$€£"):
            break
        if word in DASHES and scene.spaced(k - 1):
            break
        hit, own = scene.sentence.common_at.get(k - 1), scene.at.get(k - 1)
        if (
            word not in scene.lex.articles
            and not _joins(scene, k - 1)
            and ((word in scene.lex.closed and scene.covered(k - 1) is None) or _says(hit))
        ):
            break
        if word in scene.lex.scene and not (own is not None and "wholes" in own.roles) and not _inner(scene, k - 1):
            break
        if own is not None and not {"modes", "verb_group", "parts"}.isdisjoint(own.roles):
            break
        k -= 1
    return k


def _says(hit: Hit | None) -> bool:
    return hit is not None and "quote_verbs" in hit.roles


def _joins(scene: Scene, k: int) -> bool:
    """As in "military [and] economic aid", "15th [and] biggest": what stands between two qualities of one noun."""
    if k < 1 or k + 1 >= scene.n or scene.words[k] not in scene.lex.both:
        return False
    for at in (k - 1, k + 1):
        own, common = scene.at.get(at), scene.sentence.common_at.get(at)
        if scene.words[at] in scene.lex.qualities or (own is not None and "types" in own.roles):
            continue
        if common is None or "ordinals" not in common.roles:
            return False
    return True


def _inner(scene: Scene, k: int) -> bool:
    """Whether the preposition at k joins two nouns of one sum ("a package of $5m", "aid of")."""
    before = scene.at.get(k - 1)
    return before is not None and "aid_nouns" in before.roles


def _opens_clause(scene: Scene, k: int) -> bool:
    """As in "the $5m [X] had earmarked": an actor with its verb right behind."""
    actor = scene.starts.get(k)
    return actor is not None and actor.j in scene.verb_begins


def _right(scene: Scene, j: int) -> int:
    """The end of "[$5m] in new military and economic aid"."""
    k, end = j, j
    acts, sums = scene.act_at, scene.sum_starts
    while k < scene.n and k - j < 9:
        hit = scene.at.get(k)
        word = scene.words[k]
        if (
            k in acts
            or k in sums
            or (not word[0].isalnum() and word not in "-–")
            or word in scene.lex.to
            or word in scene.lex.by
            or _opens_clause(scene, k)
        ):
            break
        if hit is not None and not {"aid_nouns", "types", "asking_nouns"}.isdisjoint(hit.roles):
            end = hit.j
            k = hit.j
            continue
        k += 1
    return end
