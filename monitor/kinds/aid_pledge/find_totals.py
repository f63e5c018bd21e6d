"""Which sums are no pledge of their own: running totals, and (find_parts.py) parts of a sum told before."""

from __future__ import annotations

from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_parts import is_part
from monitor.kinds.aid_pledge.find_scene import Scene
from monitor.kinds.aid_pledge.find_status import APPROVED, DELIVERED, PLEDGED, REQUESTED
from monitor.kinds.aid_pledge.find_words import CLAUSE, WALL
from monitor.language.quantities import Sort

#: tokens from "brings" to the total that it is brought to
_BROUGHT = 20
#: tokens from "to" to a sum in the brackets behind another
_BRACKET = 8
#: tokens from "part of" to the whole, and from a tranche to "of its"
_HELD_BY, _LENT_TO, _LENT_BY = 5, 3, 5
#: tokens between a verb of raising, the sum that it raises and what it is raised to
_RAISED = 8
#: tokens from "by" to the number of what a sum grows by: "a further US$"
_BY = 4
#: tokens from "the first" to "since"
_RECORD = 10
#: tokens from "With" to the noun of a sum told before
_OPENING = 5
#: tokens from "total" to the noun of aid, and from that to its verb
_SUMMED, _SUBJECT = 4, 10


def part_of(found: Finding, larger: int, given: int) -> str:
    """As in "total" for a sum that runs on since a day, "part" for one of the parts of a sum told before, else "whole".

    ``larger`` is the largest sum told in the three sentences before this one, ``given`` the largest pledged there, 0
    where there is none.
    """
    if "pointed" in found.marks:
        return "whole"
    if _total(found):
        return "total"
    return "part" if found.quantity is not None and is_part(found, larger, given) else "whole"


def _total(found: Finding) -> bool:
    scene, span = found.scene, found.span
    said = found.path.act is not None and found.path.act.sort in ("promise", "enact", "allot")
    for mark in scene.marks("totals"):
        if mark.value == "before" and said and not scene.marks("since"):
            continue  # "had already promised $5m"
        if mark.value == "before" and any(
            scene.words[m.i - 1] in scene.lex.articles or scene.words[m.i - 2] in scene.lex.articles
            for m in scene.marks("instalments", mark.j)
        ):
            continue  # "has already disbursed a first tranche of $5m"
        if (
            mark.j <= span.core
            and scene.walls(mark.i, span.core) < WALL
            and not any(mark.j <= q.i < span.core for q in scene.sums if q.i != found.i)
        ):
            return True
        if mark.value != "before" and mark.i >= span.j and scene.walls(span.j, mark.i) < 3.0:
            return True
    if _the_whole(found) or _of_before(found):
        return True
    if len(scene.sums) > 1 and (_sum_of_sum(found) or _raised(found) or _grown_to(found)):
        return True
    if _brought(found) or ("tally" in scene.by_role and _tallied(found)) or _will_have(found):
        return True
    if not scene.lex.company.isdisjoint(scene.words[:2]) and _with_this(found):
        return True
    changed = not scene.lex.infinitive.isdisjoint(scene.words[found.i : found.j])  # "from the current $5m to $7m"
    if (
        not changed
        and "told_before" in scene.by_role
        and any(
            0 <= span.core - m.j <= 1 and not scene.walls(m.j, span.core)
            for m in scene.marks("told_before", 0, span.core)
        )
    ):
        return True  # "on top of the $5m given in May"
    since = [
        m.i
        for m in scene.marks("since")
        if scene.walls(min(m.i, span.core), max(m.i, span.core)) < CLAUSE + 4 and not _record(scene, span.core, m.i)
    ] + _from_years(found)
    acts = [a for a in (found.path.act, *found.path.outer) if a is not None]
    acts += [a for a in scene.acts if span.core < a.i < max(since, default=0)]
    if acts and not any(a.perfect or (a.passive and a.past) for a in acts):
        return False
    return bool(since) and found.status in (DELIVERED, PLEDGED, APPROVED)


def _record(scene: Scene, i: int, j: int) -> bool:
    """As in "approved $5m, the [first] aid since the coup": behind the sum at token i, what "since" at j measures."""
    return not scene.lex.records.isdisjoint(scene.words[max(i, j - _RECORD) : j])


def _the_whole(found: Finding) -> bool:
    """As in "$2m, part of a broader [$9m] package", "the tranche of its [$9m] loan": what holds a sum or tranche."""
    scene = found.scene
    if "instalments" in scene.by_role and _lent_in_parts(found):
        return True
    if "holders" not in scene.by_role:
        return False
    i = _figure(found)
    mark = next((m for m in scene.marks("holders", max(0, i - _HELD_BY), i) if not scene.walls(m.j, i)), None)
    if mark is None or any(mark.j <= q.i < i for q in scene.sums):
        return False
    least = found.quantity.least if found.quantity is not None else 0
    smaller = any(q.j <= mark.i and 0 < q.least < least and scene.walls(q.j, mark.i) < WALL for q in scene.sums)
    return smaller or any(0 <= mark.i - m.j <= _LENT_TO for m in scene.marks("instalments", 0, mark.i))


def _figure(found: Finding) -> int:
    """Where a sum begins, its article left out."""
    return found.i + (found.scene.words[found.i] in found.scene.lex.articles)


def _lent_in_parts(found: Finding) -> bool:
    """As in "the third tranche of X's [$9m] loan": the noun of a loan behind the sum, somebody's or a loan's before it.

    "A tranche of $9m" is paid itself, and so is "the disbursement of the $9m loan".
    """
    scene, i = found.scene, _figure(found)
    if found.span.j <= found.j or not scene.marks("aid_nouns", found.j, found.span.j):
        return False
    mark = next((m for m in reversed(scene.marks("instalments", 0, i)) if i - m.j <= _LENT_BY), None)
    if mark is None or mark.j >= i - 1 or scene.words[mark.j] not in scene.lex.of_donor or scene.walls(mark.j, i):
        return False
    led = scene.words[i - 1]
    if led in scene.lex.definite:
        return mark.value == "part"
    return led in scene.lex.articles or led in scene.lex.genitives or bool(scene.marks("stand_ins", i - 1, i))


def _sum_of_sum(found: Finding) -> bool:
    """As in "approves $1bn of [$4bn] loan": the whole right behind a smaller sum and "of"."""
    scene, least = found.scene, found.quantity.least if found.quantity is not None else 0
    if found.status == REQUESTED:
        return False  # "$4m of the $7m that X appealed for"
    k = found.i - 1
    while k > 0 and scene.words[k] in scene.lex.articles:
        k -= 1
    return k > 0 and scene.words[k] in scene.lex.of_donor and any(q.j == k and 0 < q.least < least for q in scene.sums)


def _of_before(found: Finding) -> bool:
    """As in "Ukraine's previous [$5bn] programme": a sum that an adjective puts into the past."""
    scene, i = found.scene, found.i
    return i > 0 and scene.words[i - 1] in scene.lex.former


def _will_have(found: Finding) -> bool:
    """As in "with this, X will have given $5m": what will have come together by then."""
    act = found.path.act
    return act is not None and act.perfect and "coming" in act.modes


def _grown_to(found: Finding) -> bool:
    """As in "raise its aid by $20m to [$55m]": what a sum grows to."""
    scene = found.scene
    by = next((q for q in scene.sums if q.j == found.i - 1), None)
    if by is None or scene.words[found.i - 1] not in scene.lex.to:
        return False
    return _by_how_much(scene, by.core_i)


def _by_how_much(scene: Scene, core: int) -> bool:
    """As in "by a further [$20m]": whether a sum, given by the token of its number, is what another grows by."""
    return not scene.lex.by.isdisjoint(scene.words[max(core - _BY, 0) : core])


def _with_this(found: Finding) -> bool:
    """As in "[With this grant], X has given $5m to Y", "[Together with the new package], the aid came to $5m": what has
    come together with the sum told before."""
    scene, act, core = found.scene, found.path.act, found.span.core
    told = next((m for m in scene.of("again") if m.i <= _OPENING), None)
    if told is None or "," not in scene.words[told.j : core]:
        return False
    led = scene.words[told.i - 1], scene.words[told.i - 2]
    if scene.lex.definite.isdisjoint(led):
        return False
    if any(0 <= core - m.j <= 3 for m in scene.marks("tally", told.j, core)):
        return True
    return act is not None and act.perfect and not act.passive and scene.words[told.j] == "," and told.j <= act.begin


def _raised(found: Finding) -> bool:
    """As in "raise its earlier pledge of [$2m] to $5m", "asks for its [$2m] loan to be increased to $5m": the sum that
    another takes the place of."""
    scene, least = found.scene, found.quantity.least if found.quantity is not None else 0
    later = next((q for q in scene.sums if q.i >= found.j), None)
    if later is None or later.least <= least or not scene.lex.raising.intersection(scene.words[: later.i]):
        return False
    k = next((k for k in (later.i - 1, later.i) if scene.words[k] in scene.lex.infinitive), None)
    if k is None or _by_how_much(scene, found.span.core) or later.i - found.j > _RAISED:
        return False
    near = range(max(0, found.i - _RAISED), k)
    return scene.walls(found.j, k) < CLAUSE and any(scene.words[at] in scene.lex.raising for at in near)


def _tallied(found: Finding) -> bool:
    """As in "pledges have topped $3bn": what has come together goes past a sum."""
    scene, core = found.scene, found.quantity.core_i if found.quantity is not None else found.i
    return any(
        mark.j <= core <= mark.j + 3
        and any(
            ((0 <= mark.i - m.j <= 3 or _summed(scene, m.i, m.j, mark.i)) and not _owned(scene, m.i))
            or _grown(scene, m.j, mark.i)
            for role in ("aid_nouns", "worth_nouns")
            for m in scene.marks(role, 0, mark.i)
        )
        for mark in scene.marks("tally")
    )


def _grown(scene: Scene, j: int, k: int) -> bool:
    """As in "X's [contributions] to Y's work have reached $5m": the perfect of a verb of reaching, at token k."""
    perfect = scene.words[k - 1] in scene.lex.have
    return (
        perfect
        and 0 <= k - 1 - j <= _SUBJECT
        and scene.walls(j, k) < WALL
        and not any(j <= q.i < k for q in scene.sums)
    )


def _summed(scene: Scene, i: int, j: int, k: int) -> bool:
    """As in "total X [support] to Y's recovery reaches $5m": a sum of sums, up to the verb at token k."""
    summing = not scene.lex.summing.isdisjoint(scene.words[max(0, i - _SUMMED) : i])
    return summing and k - j <= _SUBJECT and scene.walls(j, k) < WALL and not any(j <= a.i < k for a in scene.verbs)


def _owned(scene: Scene, k: int) -> bool:
    """Whether somebody's name possesses the noun at token k ("X's pledge")."""
    return any(a.possessive and 0 < k - a.j <= 3 for a in scene.actors)


def _from_years(found: Finding) -> list[int]:
    """As in "the value of assistance from 2014": where a year opens a span of time that goes on."""
    scene = found.scene
    years = [q.i for q in scene.sentence.quantities if q.sort is Sort.YEAR]
    return [
        k - 1
        for k in years
        if k and scene.words[k - 1] in scene.lex.origin and (scene.marks("worth_nouns") or scene.marks("worth"))
    ]


def _brought(found: Finding) -> bool:
    """As in "would bring the American share [to] $54 billion"."""
    scene, span = found.scene, found.span
    if found.quantity is not None and found.quantity.opener in scene.lex.origin:
        return False  # "raised its offer from $5m to $7m"
    for k in range(max(0, span.core - _BROUGHT), span.core):
        if scene.words[k] in scene.lex.bring and scene.walls(k, span.core) < WALL:
            if scene.words[k] in scene.lex.raising and _own_gift(scene, k, span.core):
                return False  # "raised its gift to $5m"
            bracket = (
                _BRACKET if "(" in scene.words[max(k, span.core - _BRACKET) : span.core] else 2
            )  # "to SDR 3m ($4m)"
            return not scene.lex.infinitive.isdisjoint(scene.words[max(k, span.core - bracket) : span.core + 1])
    return False


def _own_gift(scene: Scene, i: int, j: int) -> bool:
    """Whether "its" and a noun of promising stand between."""
    again = [m for m in scene.marks("again", i, j) if not scene.marks("totals", i, m.i)]
    gift = next(iter([*scene.marks("promise_nouns", i, j), *again]), None)
    return gift is not None and any(own.j <= gift.i <= own.j + 2 for own in scene.marks("stand_ins", i, j))
