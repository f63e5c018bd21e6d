"""Which sums and goods are pledges of their own: parts, totals, what is told again and what is no aid are left out."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.aid_pledge.find_context import BACK, NOTE
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_goods import HOPE, SENDS
from monitor.kinds.aid_pledge.find_merge import RIVALS
from monitor.kinds.aid_pledge.find_notes import opens_with_sale
from monitor.kinds.aid_pledge.find_parts import itemised
from monitor.kinds.aid_pledge.find_retold import opens_again
from monitor.kinds.aid_pledge.find_sameness import LOCAL
from monitor.kinds.aid_pledge.find_scene import Scene, states_named
from monitor.kinds.aid_pledge.find_sieve import ENOUGH, WORTH, comes_to, weigh
from monitor.kinds.aid_pledge.find_speakers import of_first_person
from monitor.kinds.aid_pledge.find_status import REQUESTED, WITHHELD
from monitor.kinds.aid_pledge.find_totals import part_of
from monitor.kinds.aid_pledge.find_types import sort_of
from monitor.kinds.aid_pledge.find_words import GIVING

#: evidence at which a definite noun of aid may still make a sum aid
HOPED = ENOUGH - WORTH["told"]


def pledges(candidates: list[Finding]) -> Iterator[Finding]:
    """The findings that are aid; parts and totals are left out, and said so."""
    accepted: list[Finding] = []
    parts: list[Finding] = []
    analyst = any(f.scene.marks("analyst") for f in candidates) or opens_with_sale(candidates[0].scene)
    for number, found in enumerate(candidates):
        if found.quantity is None:
            if accepted or _aid_before(found):
                found.marks.add("aid told")
                found.score += 0.8
            if found.score >= HOPE:
                yield found
            else:
                found.refuse("too little says that the goods are given")
            continue
        sort_of(found)
        _list_types(found, accepted)
        weigh(found, analyst or ("=" in found.scene.words and comes_to(found) and _is_untitled_note(found.scene)))
        index = found.scene.sentence.index
        near = [f for f in accepted[-RIVALS:] if f.quantity is not None and 0 <= index - f.scene.sentence.index <= 2]
        repeated = bool(accepted) and _told(found, accepted)
        if repeated:
            found.score += WORTH["repeat"]
        if near:
            found.score += WORTH["neighbour"]
        elif accepted or _aid_before(found):
            found.score += WORTH["told"]
        if HOPED <= found.score < ENOUGH and (_goes_on(found) or _own_words(found)):
            found.score += WORTH["told"]
        if found.score < ENOUGH:
            found.refuse("too little says that the sum is aid")
            continue
        if found.path.denied and found.status not in ("considered", "requested") and not _held(found):
            found.refuse("denied")
            continue
        if found.status == REQUESTED and found.path.act is not None and found.path.act.sort == "withhold":
            found.refuse("somebody asks that it be held back")
            continue
        larger, given = _told_before(candidates, accepted, number)
        if repeated and _taken_from(found):
            found.refuse("the whole, told again with a part of it")
            continue
        again = bool(parts) and _definite(found) and _told(found, parts)
        found.part = "part" if again else part_of(found, larger, given)
        if found.part == "whole" and itemised(found, accepted):
            found.part = "part"
        if found.part == "part" and analyst:
            found.part = "whole"  # an analyst's note tells of the package to record its part
        if found.part == "part" and _own_giver(found, near):
            found.part = "whole"  # "donors pledged $900m, X $400m of it": each giver's share is its own pledge
        if found.part == "part" and found.typed:
            _lend_types(found, near)
        if found.part != "whole":
            if found.part == "part" and not analyst:
                parts.append(found)
            found.refuse("part of a sum told before" if found.part == "part" else "running total")
            continue
        accepted.append(found)
        yield found


def _own_words(found: Finding) -> bool:
    """As in "We will give [$5m], X's minister told Y": what "we" give in an item that names two states."""
    act = found.path.act
    if act is None or act.passive or act.sort not in GIVING or not of_first_person(found.scene, act):
        return False
    return len(states_named(found.scene.sentence.document)) > 1


def _goes_on(found: Finding) -> bool:
    """As in "X signed an agreement with Y. The grant, of [$5m], will be spent": aid that was told of before."""
    named = not found.marks.isdisjoint(("sure noun", "sure noun in clause", "likely noun", "likely noun in clause"))
    return named and found.scene.sentence.index > 0 and opens_again(found)


def _held(found: Finding) -> bool:
    """As in "X will not send Y the $5m of shells": a denied gift whose both ends are named is held back."""
    act = found.path.act
    ends = found.donors, found.recipient
    return (
        act is not None
        and act.sort in SENDS
        and found.status == WITHHELD
        and all(end is not None and end.rule in LOCAL for end in ends)
        and "coming" in act.modes
    )


def _own_giver(found: Finding, near: list[Finding]) -> bool:
    """Whether a part names a giver that its whole does not."""
    if found.donors is None or found.donors.rule not in LOCAL:
        return False
    if found.donors.rule == "gap":
        return True
    wholes = [f for f in near if f.quantity is not None and found.quantity is not None]
    told = {f.donors.actors for f in wholes if f.donors is not None and f.scene is found.scene}
    if found.donors.actors in told:
        return False
    return bool(wholes) and all(f.donors is None or f.donors.rule not in LOCAL or _others(found, f) for f in wholes)


def _others(part: Finding, whole: Finding) -> bool:
    """Whether a part has givers that its whole has not."""
    if part.donors is None or whole.donors is None:
        return False
    return set(part.donors.actors).isdisjoint(whole.donors.actors)


def _aid_before(found: Finding) -> bool:
    """Whether the sentences right before speak of aid."""
    sentence = found.scene.sentence
    before = sentence.document.sentences[max(0, sentence.index - BACK) : sentence.index]
    return any(s.has(found.scene.lex.aid_talk) for s in before)


def _told(found: Finding, others: list[Finding]) -> bool:
    """Whether one of the last of others is of the same sum."""
    return bool([f for f in others[-RIVALS:] if _repeats(found, f)])


def _repeats(found: Finding, other: Finding) -> bool:
    """Whether the sum was told before."""
    a, b = found.quantity, other.quantity
    return a is not None and b is not None and (a.count, a.low, a.currency) == (b.count, b.low, b.currency)


def _is_untitled_note(scene: Scene) -> bool:
    """Whether one of the few sentences of an item without a headline speaks as an analyst."""
    told = scene.sentence.document.sentences
    if told[0].field == "title" or len(told) > NOTE:
        return False
    return any(Scene(sentence).marks("analyst") for sentence in told)


def _told_before(candidates: list[Finding], accepted: list[Finding], number: int) -> tuple[int, int]:
    """The largest sum of the sentences right before that of a candidate, and the largest pledge there; 0 for none."""
    index = candidates[number].scene.sentence.index
    larger = given = 0
    for one in candidates[max(0, number - RIVALS) : number]:
        if one.quantity is None or not 0 < index - one.scene.sentence.index <= BACK:
            continue
        least = one.quantity.least
        if least > larger and one.part != "total":
            larger = least
        if least > given and one.status != REQUESTED and one in accepted:
            given = least
    return larger, given


def _definite(found: Finding) -> bool:
    """As in "[the additional $5m] in aid for Y": a sum that was told before."""
    return not found.scene.lex.definite.isdisjoint(_led(found))


def _taken_from(found: Finding) -> bool:
    """As in "$4m out of the [$7m]": a definite sum behind words of the whole."""
    scene = found.scene
    return "wholes" in scene.by_role and any(0 <= found.i - m.j <= 1 for m in scene.of("wholes")) and _definite(found)


def _led(found: Finding) -> list[str]:
    """The word before a sum, and the one before a word of novelty there."""
    words, i = found.scene.words, found.i
    return (
        [words[i - 1], *(words[i - 2 : i - 1] if i > 1 and words[i - 1] in found.scene.lex.fresh else [])] if i else []
    )


def _list_types(found: Finding, accepted: list[Finding]) -> None:
    """As in "military aid worth $61bn to X and [$14bn to Y]": the later sums of a list are of the sort of the first."""
    if found.types or not accepted:
        return
    first = accepted[-1]
    if first.scene is found.scene and first.typed:
        found.types, found.typed = first.types, True


def _lend_types(part: Finding, near: list[Finding]) -> None:
    """A part tells of what sort its whole is."""
    whole = next(
        (
            f
            for f in reversed(near)
            if f.quantity is not None and part.quantity is not None and f.quantity.least > part.quantity.least
        ),
        None,
    )
    if whole is not None:
        whole.types |= part.types
        whole.typed = True
