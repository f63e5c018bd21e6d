"""One event a fact an item: mentions that repeat one another become one, with the most specific values of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_tables import KIND
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.lexicon import Lexicon
from monitor.language.places import CITY, COUNTRY, REGION, SPECIFIC, bare, contains, level_of, readings

#: figures this near each other are one, where one of them is hedged ("nearly 2,200" and "2,187")
NEAR = 0.03
#: an exact figure this high, told twice, is one, unless both have a place of their own
TWICE = 10
#: sentences behind a total in which it can be split into its parts
SPLIT = 5
#: counts up to this are often the same by chance
FEW = 12
#: sentences behind a number in which "five of the guards" are some of those it counts, whatever it calls them
NEXT = 3
#: findings of one harm that a new one is compared with: no news item has as many, and endless text stays linear
RIVALS = 60
#: inhabitants from which two places of different countries are surely two
LARGE = 100_000
_HEDGED = ("about", "nearly", "at_least", "up_to")


@dataclass(slots=True)
class Finding:
    """Facts read from a mention."""

    facts: CasualtyUpdate
    mention: Mention
    confidence: float
    #: sentences over which the place was fetched: 0 is the mention's own; 9 where there is none
    fetched: int

    @property
    def placed(self) -> bool:
        """Whether the place is the mention's own."""
        return self.fetched == 0

    @property
    def weak(self) -> bool:
        """A victim or people without a number."""
        return not self.mention.group.numbered

    @property
    def vague(self) -> bool:
        return self.facts.qualifier == "vague"


def merge(findings: Sequence[Finding], lexicon: Lexicon) -> list[Finding]:
    """Findings without repeats: numbers first, then vague words, then people without a number."""
    ordered = sorted(findings, key=lambda f: (f.weak, f.vague, f.facts.qualifier in _HEDGED))
    kept: list[Finding] = []
    by_harm: dict[str | None, list[Finding]] = {}
    for finding in ordered:
        rivals = by_harm.setdefault(finding.facts.harm, [])
        same = next((k for k in rivals[-RIVALS:] if _same(k, finding, lexicon)), None)
        if same is None:
            kept.append(finding)
            rivals.append(finding)
        else:
            trace = finding.mention.sentence.document.trace
            if trace is not None:
                g = finding.mention.group
                trace.merged("casualty_update", "the same fact", finding.mention.sentence, g.i, g.j)
            same.facts = _filled(same, finding)
            same.fetched = min(same.fetched, finding.fetched)
            same.confidence = max(same.confidence, finding.confidence)
    kept = [f for f in kept if not (_dead(f, kept) or _named_part(f, kept))]
    _inherit(kept, lexicon)
    return kept if len(kept) > RIVALS else [f for f in kept if not _part(f, kept, lexicon)]


def _dead(finding: Finding, kept: Sequence[Finding]) -> bool:
    """Whether losses are the dead of the same item: "5,937 dead" over "has lost 5,937 soldiers"."""
    x = finding.facts
    if x.harm != "casualties" or not x.count or finding.mention.rule not in ("army loses people", "tally"):
        return False
    return any(f.facts.harm == "killed" and f.facts.count == x.count and not _opposed(f.facts, x) for f in kept)


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


def _inherit(kept: Sequence[Finding], lexicon: Lexicon) -> None:
    """An item of one incident tells its day and place once: the day or place that all its incidents share is also that
    of those that name none."""
    told = [f for f in kept if f.facts.scope == "incident"]
    days = {f.facts.date for f in told if f.facts.date is not None}
    for f in told if len(days) == 1 else ():
        s = f.mention.sentence
        if f.facts.date is None and not (s.of_role(KIND, "past_times") or s.of_role("common", "months")):
            near = [o.facts.place for o in told if o.facts.date is not None]
            if not any(_named_apart(f.facts.place, place, lexicon) for place in near):
                f.facts = replace(f.facts, date=min(days))
    places = {f.facts.place for f in told if f.facts.place is not None}
    for f in told if len(places) == 1 else ():
        if f.facts.place is None:
            f.facts = replace(f.facts, place=min(places))


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
            and not _opposed(f.facts, total.facts)
            and not (f.placed and total.placed and _named_apart(f.facts.place, total.facts.place, lexicon))
        ]  # fmt: skip
        if finding in parts and len(parts) > 1 and sum(f.facts.count or 0 for f in parts) == count:
            return True
    return False


def _same(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    if a.facts.harm != b.facts.harm:
        return False
    if _refers_back(a, b) or _one_of_them(a, b, lexicon):
        return True
    if _opposed(a.facts, b.facts):
        return False
    if a.mention.sentence is b.mention.sentence and a.mention.group.i != b.mention.group.i:
        g, other = a.mention.group, b.mention.group
        same = (
            a.facts.count is not None
            and a.facts.count == b.facts.count
            and g.numbered
            and (other.numbered or other.definite)
            and not (g.further or other.further)
        )
        if same and a.placed and b.placed and _named_apart(a.facts.place, b.facts.place, lexicon):
            return False  # "22 deaths in X, another 22 in Y"
        return same and b.facts.victims == a.facts.victims and a.facts.side == b.facts.side
    told_twice = a.facts.count == b.facts.count and (a.facts.count or 0) >= TWICE
    if (
        not (told_twice and not (a.placed and b.placed))
        and a.fetched <= 2
        and b.fetched <= 2
        and _elsewhere(a.facts.place, b.facts.place, lexicon)
    ):
        return False
    counted = told_twice and "tally" in (a.mention.rule, b.mention.rule)
    if (
        a.facts.date
        and b.facts.date
        and a.facts.date != b.facts.date
        and not (counted or _overnight(a.facts, b.facts, lexicon))
    ):
        return False
    return _one_figure(a, b, lexicon)


def _one_of_them(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    """ "Four insurgents were killed. ... A male insurgent was killed", "several ... It was confirmed that a leader was
    killed": one victim told again behind the number."""
    g, x, y = b.mention.group, a.facts, b.facts
    if not (g.single and b.weak and y.count == 1 and a.mention.group.numbered) or g.further or a.mention.group.further:
        return False
    apart = b.mention.sentence.index - a.mention.sentence.index
    if apart < 1 or (x.count or x.low or 0) < 2 or _opposed(x, y) or (x.victims or None) != (y.victims or None):
        return False
    if x.count is None and not (x.date and x.date == y.date) and not (x.place and x.place == y.place):
        return False
    elsewhere = a.placed and b.placed and _named_apart(x.place, y.place, lexicon)
    if b.placed and x.place and y.place and level_of(y.place, lexicon) == CITY:
        elsewhere = elsewhere or level_of(x.place, lexicon) in (COUNTRY, REGION)
    return not elsewhere and not (x.date and y.date and x.date != y.date)


def _refers_back(a: Finding, b: Finding) -> bool:
    """ "the insurgent", "the men", "one of the detained": people of an earlier mention."""
    g, earlier = b.mention.group, a.mention
    if earlier.sentence is b.mention.sentence and g.partitive and g.numbered:
        return earlier.group.j <= g.i and (a.facts.count or 0) > (b.facts.count or 0) > 0
    if earlier.sentence.index >= b.mention.sentence.index:
        return False
    if g.partitive and b.facts.count is not None:
        return (
            (a.facts.count or a.facts.low or 0) >= b.facts.count
            and not _opposed(a.facts, b.facts)
            and not a.mention.group.single
            and (b.facts.victims == a.facts.victims or b.mention.sentence.index - earlier.sentence.index <= NEXT)
        )
    if not (b.weak and g.definite):
        return b.weak and g.bare and not g.further and not _opposed(a.facts, b.facts)
    if g.single and _stem(a) == _stem(b):
        return True
    return (
        a.facts.count == 1 or a.mention.group.single
        if g.single
        else a.facts.count != 1 and not _opposed(a.facts, b.facts)
    )


def _one_figure(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    x, y = a.facts, b.facts
    first, second = sorted((a.mention, b.mention), key=lambda m: m.sentence.index)
    if (
        second.group.further
        and not first.group.further
        and (y.count or 0) <= 3
        and first.sentence is not second.sentence
    ):
        return False
    later = first.sentence.index < second.sentence.index and first.sentence.field == second.sentence.field
    if later and second.group.numbered and max(x.count or 0, y.count or 0) <= FEW and _another(second, lexicon):
        return False
    if x.count == y.count == 1 and a.weak and b.weak:
        return b.mention.group.definite or _head(a) == _head(b)
    if x.count is not None and y.count is not None:
        if x.count == y.count:
            alike = a.mention.group.numbered == b.mention.group.numbered or x.victims == y.victims
            return alike or x.count > 3 or first.sentence.field != second.sentence.field
        if _rounds(x, y) or _rounds(y, x):
            return True
        if _headline(a, b) or _headline(b, a):
            return True
        near = abs(x.count - y.count) <= NEAR * max(x.count, y.count)
        return near and (x.qualifier in _HEDGED or y.qualifier in _HEDGED) and x.count >= 50
    if b.weak:
        return b.facts.count is None or (x.count == 1 and x.victims == y.victims and not _told_apart(a, b))
    if y.count is None and y.high is None and y.low is not None:
        if y.victims == "military" and not x.victims and x.attribution and y.attribution not in (None, x.attribution):
            return False  # "38 people were killed, medics said. The army said it had killed numerous fighters"
        far = abs(b.mention.sentence.index - a.mention.sentence.index) > NEXT
        if y.victims == "military" and not x.victims and far and not b.mention.group.definite:
            return False  # "dozens of soldiers have been killed in the province", at the end of a report
        apart = b.mention.sentence.paragraph - a.mention.sentence.paragraph
        if b.placed and not a.placed and apart > 1:
            return False
        return (x.count or x.high or x.low or 0) >= y.low * 0.4 and x.scope == y.scope
    return (x.low, x.high) == (y.low, y.high)


def _overnight(x: CasualtyUpdate, y: CasualtyUpdate, lexicon: Lexicon) -> bool:
    """ "on Tuesday" in one sentence, "last night" in the next: a figure told twice of one place, a day apart."""
    near = x.date is not None and y.date is not None and abs((x.date - y.date).days) == 1
    same = near and x.place is not None and y.place is not None and x.count == y.count and (x.count or 0) > 1
    return same and (x.place == y.place or contains(x.place or "", y.place or "", lexicon))


def _another(m: Mention, lexicon: Lexicon) -> bool:
    """ "two were hurt in another attack": the sentence says that its incident is not the one before."""
    apart = lexicon.section(KIND).words("another_incident_list")
    s = m.sentence
    if s.field == "title" or apart.isdisjoint(s.words):
        return False
    return any(not apart.isdisjoint(s.words[max(0, h.i - 2) : h.i]) for h in s.of_role(KIND, "incidents"))


def _rounds(x: CasualtyUpdate, y: CasualtyUpdate) -> bool:
    """ "more than 10" and "11"."""
    if x.count is None or y.count is None or x.qualifier != "at_least" or y.qualifier != "exact":
        return False
    return 10 <= x.count < y.count <= 1.15 * x.count


def _headline(a: Finding, b: Finding) -> bool:
    """ "11,000 hurt" over a text that says 11,418: a title keeps two digits of a number."""
    if a.mention.sentence.field != "title" or b.mention.sentence.field != "text" or not a.facts.count:
        return False
    digits = str(a.facts.count)
    zeros = len(digits) - len(digits.rstrip("0"))
    finer = b.facts.count or 0
    return (
        zeros >= 2 and len(digits) - zeros <= 2 and finer % 10**zeros > 0 and finer // 10**zeros == int(digits[:-zeros])
    )


def _told_apart(a: Finding, b: Finding) -> bool:
    """Whether one fighter is called otherwise than another: "a Taliban leader" and "one suspected insurgent"."""
    first, second = _head(a), _head(b)
    return bool(first and second and first != second and a.facts.victims == "military" and not b.mention.group.definite)


def _stem(f: Finding) -> str:
    """The noun of a group without its ending, so that "insurgent" and "insurgents" meet."""
    return _head(f)[:6]


def _head(f: Finding) -> str:
    """The noun of a single victim."""
    g = f.mention.group
    return f.mention.sentence.words[g.head.j - 1] if g.head is not None else ""


def _opposed(x: CasualtyUpdate, y: CasualtyUpdate) -> bool:
    """Whether victims or side tell two groups apart."""
    return bool((x.victims and y.victims and x.victims != y.victims) or (x.side and y.side and x.side != y.side))


def _named_apart(a: str | None, b: str | None, lexicon: Lexicon) -> bool:
    """Whether two places have other names, and neither is known to hold the other."""
    if not a or not b:
        return False
    x, y = set(bare(a, lexicon).split()), set(bare(b, lexicon).split())
    return not (x <= y or y <= x or contains(a, b, lexicon) or contains(b, a, lexicon))


def _elsewhere(a: str | None, b: str | None, lexicon: Lexicon) -> bool:
    if not a or not b:
        return False
    x, y = set(bare(a, lexicon).split()), set(bare(b, lexicon).split())
    if x <= y or y <= x or not readings(bare(a, lexicon)) or not readings(bare(b, lexicon)):
        return False
    if contains(a, b, lexicon) or contains(b, a, lexicon):
        return False
    here, there = readings(bare(a, lexicon)), readings(bare(b, lexicon))
    levels = {level_of(a, lexicon), level_of(b, lexicon)}
    if len(levels) > 1 and not all(r[0].region or r[0].level != "city" for r in (here, there)):
        return False  # nothing is known of where the town lies
    return bool({r.country for r in here} & {r.country for r in there}) or min(here[0].weight, there[0].weight) >= LARGE


def _filled(a: Finding, b: Finding) -> CasualtyUpdate:
    """The first's facts, with the second's where it is silent or further off; headlines drop hedges."""
    x, y = a.facts, b.facts
    hedged = x.count is not None and x.count == y.count and x.qualifier == "exact" and y.qualifier in _HEDGED
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
        place=(y.place if _better(b, a) else x.place) or y.place or x.place, date=x.date or y.date,
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
