"""One event a fact an item: mentions that repeat one another become one, with the most specific values of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_same import same_fact
from monitor.kinds.casualty_update.find_shared import share
from monitor.kinds.casualty_update.find_tables import KIND
from monitor.kinds.casualty_update.findings import HEDGED, Finding, named_apart, opposed
from monitor.language.lexicon import Lexicon
from monitor.language.places import COUNTRY, REGION, SPECIFIC, bare, contains, level_of, readings

#: sentences behind a total in which it can be split into its parts
SPLIT = 5
#: findings of one harm that a new one is compared with: no news item has as many, and endless text stays linear
RIVALS = 60


def merge(findings: Sequence[Finding], lexicon: Lexicon, days_told: Callable[[], set[dt.date]]) -> list[Finding]:
    """Findings without repeats: numbers first, then vague words, then people without a number. ``days_told`` gives the
    days on which the item says that an incident happened."""
    ordered = sorted(findings, key=lambda f: (f.weak, f.vague, f.facts.qualifier in HEDGED))
    kept: list[Finding] = []
    by_harm: dict[str | None, list[Finding]] = {}
    for finding in ordered:
        rivals = by_harm.setdefault(finding.facts.harm, [])
        same = next((k for k in rivals[-RIVALS:] if same_fact(k, finding, lexicon)), None)
        if same is None:
            kept.append(finding)
            rivals.append(finding)
        else:
            trace = finding.mention.sentence.document.trace
            if trace is not None:
                g = finding.mention.group
                trace.merged("casualty_update", "the same fact", finding.mention.sentence, g.i, g.j)
            same.facts = _filled(same, finding)
            same.also.append(finding.mention)
            same.fetched = min(same.fetched, finding.fetched)
            same.confidence = max(same.confidence, finding.confidence)
    kept = [f for f in kept if not (_dead(f, kept) or _named_part(f, kept))]
    share(kept, lexicon, days_told)
    return kept if len(kept) > RIVALS else [f for f in kept if not _part(f, kept, lexicon)]


def _dead(finding: Finding, kept: Sequence[Finding]) -> bool:
    """Whether losses are the dead of the same item: "5,937 dead" over "has lost 5,937 soldiers"."""
    x = finding.facts
    if x.harm != "casualties" or not x.count or finding.mention.rule not in ("army loses people", "tally"):
        return False
    return any(f.facts.harm == "killed" and f.facts.count == x.count and not opposed(f.facts, x) for f in kept)


def _named_part(finding: Finding, kept: Sequence[Finding]) -> bool:
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


def _part(finding: Finding, kept: Sequence[Finding], lexicon: Lexicon) -> bool:
    """Whether a figure is one of those that later sentences split an earlier total into: "four detained ... three here
    ... one there"."""
    for total in kept:
        count = total.facts.count
        if count is None or count < 3 or total is finding:
            continue
        if total.facts.place and level_of(total.facts.place, lexicon) == COUNTRY:
            continue  # a country's toll, of which the item tells town by town
        parts = [
            f for f in kept
            if f is not total and f.facts.harm == total.facts.harm and f.facts.count and f.facts.count < count
            and 0 < f.mention.sentence.index - total.mention.sentence.index <= SPLIT
            and not opposed(f.facts, total.facts)
            and not (f.placed and total.placed and named_apart(f.facts.place, total.facts.place, lexicon))
        ]  # fmt: skip
        if finding in parts and len(parts) > 1 and sum(f.facts.count or 0 for f in parts) == count:
            return True
    return False


def _filled(a: Finding, b: Finding) -> CasualtyUpdate:
    """The first's facts, with the second's where it is silent or further off; headlines drop hedges."""
    x, y = a.facts, b.facts
    hedged = x.count is not None and x.count == y.count and x.qualifier == "exact" and y.qualifier in HEDGED
    told = b.mention.sentence.field == "text"
    finer = (
        told
        and x.count
        and y.count
        and 0 < abs(x.count - y.count) <= 0.15 * x.count
        and _zeros(y.count) < _zeros(x.count)
    )
    titled = a.mention.sentence.field == "title" and b.mention.sentence.field == "text"
    return replace(
        x, count=y.count if finer else x.count, qualifier=y.qualifier if hedged or finer else x.qualifier,
        victims=x.victims or (None if _part_of(b, a) else y.victims), side=x.side or y.side,
        place=(y.place if _better(b, a) else x.place) or y.place or x.place,
        date=x.date or (y.date if x.scope == y.scope else None),
        attribution=(y.attribution if titled else x.attribution) or x.attribution or y.attribution,
    )  # fmt: skip


def _part_of(b: Finding, a: Finding) -> bool:
    """Whether b tells of some of a's people, or of people of any sort: "two of the attackers" do not make all victims
    attackers, nor does a headline's "kills policemen" make them police."""
    part = b.mention.group.partitive and (b.facts.count or 0) < (a.facts.count or 0)
    return part or (b.mention.group.bare and _people(a))


def _people(f: Finding) -> bool:
    """Whether a number is told of people of any sort: a headline's "kills policemen" does not make them all police."""
    return f.mention.group.head is not None and f.facts.victims is None


def _zeros(count: int) -> int:
    """The zeros that a number ends in: how coarsely it was told."""
    digits = str(count)
    return len(digits) - len(digits.rstrip("0"))


def _better(b: Finding, a: Finding) -> bool:
    """Whether b's place is the nearer, or as near and more specific."""
    lexicon = a.mention.sentence.document.lexicon
    if b.weak or not a.facts.place or not b.facts.place or b.fetched < a.fetched:
        return b.fetched < a.fetched and not b.weak
    if b.fetched > a.fetched:
        return _narrows(b.facts.place, a.facts.place, lexicon)
    if a.mention.sentence.field == "title" and b.mention.sentence.field == "text":
        return level_of(b.facts.place, lexicon) != "country"
    return SPECIFIC[level_of(b.facts.place, lexicon)] > SPECIFIC[level_of(a.facts.place, lexicon)]


def _narrows(inner: str, outer: str, lexicon: Lexicon) -> bool:
    """Whether a place that was told further off lies within the country or region that a nearer sentence names."""
    if level_of(outer, lexicon) not in (COUNTRY, REGION) or level_of(inner, lexicon) in (COUNTRY, REGION):
        return False
    return not readings(bare(inner, lexicon)) or contains(outer, inner, lexicon)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (f.mention.sentence.index, f.mention.group.i, f.mention.i))
