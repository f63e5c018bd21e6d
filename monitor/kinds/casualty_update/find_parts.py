"""Figures that are parts of another of the same item: a sum and what it is made of are one event."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.kinds.casualty_update.find_tables import KIND
from monitor.kinds.casualty_update.findings import Finding, named_apart, opposed
from monitor.language.lexicon import Lexicon
from monitor.language.places import COUNTRY, level_of

#: sentences behind a total in which it can be split into its parts, wherever it stands
SPLIT = 5
#: the role of verbs such as "shot", which tell not what became of people, and the harms that it is
SHOTS, OUTCOMES = "harm_people_only", ("killed", "wounded")


def told_by_shots(finding: Finding, kept: Sequence[Finding]) -> bool:
    """ "He shot one victim in a car", where the item tells how many were killed or hurt: what came of the shots is told
    with them."""
    m, x = finding.mention, finding.facts
    if x.harm != "casualties" or x.count != 1 or not any(h.i == m.i for h in m.sentence.of_role(KIND, SHOTS)):
        return False
    return any(
        f.facts.harm in OUTCOMES and f.facts.scope == x.scope
        and not opposed(f.facts, x) and not (f.facts.date and x.date and f.facts.date != x.date)
        for f in kept
    )  # fmt: skip


def told_as_part(finding: Finding, kept: Sequence[Finding]) -> bool:
    """Whether a headline's number is one that the text tells as a part: "Strike kills 13 children" over "has killed 38
    people, including 13 children"."""
    m, count = finding.mention, finding.facts.count
    if m.sentence.field != "title" or not count:
        return False
    for f in kept:
        s = f.mention.sentence
        if f.facts.harm == finding.facts.harm and s.field == "text" and (f.facts.count or 0) > count:
            subs = [h.j for h in s.of_role(KIND, "sub_cues")]
            if any(q.count == count and any(0 <= q.i - j <= 2 for j in subs) for q in s.quantities):
                return True
    return False


def without_parts(kept: Sequence[Finding], lexicon: Lexicon) -> list[Finding]:
    """The findings without those that are parts of others."""
    parts = {id(f) for total in kept for f in (*_split(total, kept, lexicon), *_of_both(total, kept, lexicon))}
    return [f for f in kept if id(f) not in parts]


def _split(total: Finding, kept: Sequence[Finding], lexicon: Lexicon) -> list[Finding]:
    """The figures that later sentences split an earlier total into: "four detained ... three here ... one there"; over
    all of an item those that its first figure sums up, if one of them is told as one more."""
    count = total.facts.count
    if count is None or count < 2:
        return []
    parts = [f for f in kept if f.facts.count and f.facts.count < count and _within(f, total, lexicon)]
    if total.facts.place and level_of(total.facts.place, lexicon) == COUNTRY and not _at_once(parts):
        return []  # a country's toll, of which the item tells town by town
    near = [f for f in parts if f.mention.sentence.index - total.mention.sentence.index <= SPLIT]
    if count > 2 and _sums_up(near, count):
        return near
    first = total.mention.sentence.index
    opens = all(f.mention.sentence.index >= first for f in kept if f.facts.harm == total.facts.harm)
    more = opens and any(f.mention.group.further for f in parts[1:])
    return parts if more and _sums_up(parts, count) else []


def _sums_up(parts: Sequence[Finding], count: int) -> bool:
    return len(parts) > 1 and sum(f.facts.count or 0 for f in parts) == count


def _at_once(parts: Sequence[Finding]) -> bool:
    """ "Four were killed instantly, while two others died later": one sentence tells all, of one place."""
    return len({f.mention.sentence.index for f in parts}) == 1 and len({f.facts.place for f in parts}) == 1


def _within(f: Finding, total: Finding, lexicon: Lexicon) -> bool:
    """Whether a later figure can be of a total's people."""
    x, y = total.facts, f.facts
    if f is total or x.harm != y.harm or opposed(x, y) or f.mention.sentence.index <= total.mention.sentence.index:
        return False
    if x.date and y.date and x.date != y.date:
        return False
    return not (f.placed and total.placed and named_apart(y.place, x.place, lexicon))


def _of_both(total: Finding, kept: Sequence[Finding], lexicon: Lexicon) -> list[Finding]:
    """ "captured a financier ... detained two men ... took the financier and one more away": who was told before
    and so many more that they are a total's number are its people."""
    count = total.facts.count
    if count is None or count < 2:
        return []
    for more in kept:
        m = more.mention
        if not (m.group.further and m.group.numbered and more.facts.count and _within(more, total, lexicon)):
            continue
        told = [f for f in kept if f.facts.harm == more.facts.harm and f is not more and _told_with(f, more)]
        if told and len(told) + more.facts.count == count:
            return [*told, more]
    return []


def _told_with(f: Finding, more: Finding) -> bool:
    """Whether a victim is told again, by "the", under the same verb as those who are more."""
    m = more.mention
    return f.facts.count == 1 and any(
        o.sentence is m.sentence and o.i == m.i and o.group.single and o.group.definite
        for o in (f.mention, *(k.mention for k in f.also))
    )
