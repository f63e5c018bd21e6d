"""One event a fact an item: mentions that repeat one another become one, with the most specific values of all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_parts import told_as_part, told_by_shots, without_parts
from monitor.kinds.casualty_update.find_same import same_fact
from monitor.kinds.casualty_update.find_shared import share
from monitor.kinds.casualty_update.findings import HEDGED, Finding, opposed, stem
from monitor.language.lexicon import Lexicon
from monitor.language.places import COUNTRY, REGION, SPECIFIC, bare, contains, level_of, readings

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
        same = next((k for k in _likely(finding, rivals[-RIVALS:]) if same_fact(k, finding, lexicon)), None)
        if same is None:
            kept.append(finding)
            rivals.append(finding)
        else:
            trace = finding.mention.sentence.document.trace
            if trace is not None:
                g = finding.mention.group
                trace.merged("casualty_update", "the same fact", finding.mention.sentence, g.i, g.j)
            same.facts = _filled(same, finding)
            same.also.append(finding)
            same.fetched = min(same.fetched, finding.fetched)
            same.confidence = max(same.confidence, finding.confidence)
    kept = [f for f in kept if not (_dead(f, kept) or told_as_part(f, kept) or told_by_shots(f, kept))]
    share(kept, lexicon, days_told)
    return kept if len(kept) > RIVALS else without_parts(kept, lexicon)


def _likely(finding: Finding, rivals: list[Finding]) -> list[Finding]:
    """The findings to compare one with, in order: "the financier" is sooner a financier told alone than one of two."""
    g = finding.mention.group
    if not (g.single and g.definite and g.head is not None):
        return rivals
    return sorted(rivals, key=lambda k: not (k.mention.group.single and stem(k) == stem(finding)))


def _dead(finding: Finding, kept: Sequence[Finding]) -> bool:
    """Whether losses are the dead of the same item: "5,937 dead" over "has lost 5,937 soldiers"."""
    x = finding.facts
    if x.harm != "casualties" or not x.count or finding.mention.rule not in ("army loses people", "tally"):
        return False
    return any(f.facts.harm == "killed" and f.facts.count == x.count and not opposed(f.facts, x) for f in kept)


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
    undated = titled and not a.mention.sentence.days
    dated = y.date if x.scope == y.scope else None
    one = y.count == 1 and (x.count or x.low or 0) > 1 and b.weak  # a leader among others
    return replace(
        x, count=y.count if finer else x.count, qualifier=y.qualifier if hedged or finer else x.qualifier,
        victims=x.victims or (None if _part_of(b, a) else y.victims), side=x.side or (None if one else y.side),
        place=(y.place if _better(b, a) else x.place) or y.place or x.place,
        date=(dated if undated else x.date) or x.date or dated,
        attribution=(y.attribution if titled else x.attribution) or x.attribution or (None if one else y.attribution),
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
