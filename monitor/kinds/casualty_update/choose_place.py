"""Where a toll is of when its own sentence names no place: chosen by weights among all places around it, and none.

find_where's rules stand where the toll's own sentence names its place. Where they find nothing, or take a place from
another sentence, they compete with every other place that the sentences around the toll, the title and the opening
name, and with there being no place: what they chose is a feature among others. The weights are in place.json
(kinds/weights.py), learned by ``python -m tests.train casualty_update``.

A feature is 0 or 1 unless ``NAMES`` tells otherwise. What a toll is like counts for places by their level, for those
that its own sentences do not name ("elsewhere") and for none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor.kinds.casualty_update.find_spots import Candidate
from monitor.kinds.casualty_update.find_tables import KIND
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.find_when import names_month
from monitor.kinds.casualty_update.find_where import BACK, Where
from monitor.kinds.casualty_update.findings import Finding
from monitor.kinds.weights import chosen, weights
from monitor.language.document import Sentence
from monitor.language.lexicon import Lexicon
from monitor.language.places import CITY, COUNTRY, DISTRICT, UNKNOWN, bare, contains, level_of
from monitor.language.quantities import Sort

#: sentences before and behind a toll whose places are choices, and those with which an item opens
BEFORE, BEHIND, OPENING = 6, 5, 3
#: mentions of one toll that are looked at
MENTIONS = 4
#: between which the score of find_where's rules counts
LOWEST, HIGHEST = -3.0, 6.0
#: the least that find_spots's bonus counts
UNSURE = -5.0
#: the bonus up to which the words around a place refuse it
REFUSED = -3.0
#: letters from which a name in capitals is none that is always written so
SHOUTED = 5
_TOWNS = (CITY, DISTRICT, UNKNOWN)
#: what a toll is like; ``size`` is a third of the logarithm, to the base of 10, of its number
_TOLL = ("another time", "apart", "disaster", "own day", "side", "size", "titled")
_FOR = ("town", "region", "country", "elsewhere", "none")
#: all features; ``score`` is find_where's (LOWEST to HIGHEST), ``bonus`` find_spots's best (from UNSURE on), ``times``
#: the natural logarithm of 1 and the times that the place is named
NAMES = frozenset(
    (
        "a country", "a region", "around the rules'", "behind the toll", "beside other tolls", "bonus",
        "level unknown", "none", "only behind", "only country", "only town", "opening", "rules", "rules, before",
        "rules, own sentence", "score", "times", "with an incident", *(f"{a}, {b}" for a in _TOLL for b in _FOR),
    )
)  # fmt: skip


@dataclass(slots=True)
class Choice:
    """A place, or none, with all that names it and its features."""

    name: str | None
    level: str = UNKNOWN
    #: as the sentences name it, datelines among them
    named: list[tuple[Sentence, Candidate]] = field(default_factory=list)
    #: the sentences in which a dateline names it
    filed: set[int] = field(default_factory=set)
    features: dict[str, float] = field(default_factory=dict)


def place(findings: Sequence[Finding], where: Where) -> None:
    """Give the tolls whose place the rules are not sure of the one that the weights choose."""
    for f in findings:
        if asked(f):
            found = choices(f, where)
            ruled = of_rules(found)
            best = chosen(weights(__package__ or "", "place"), [c.features for c in found], ruled)
            if best != ruled:
                f.facts = replace(f.facts, place=found[best].name)
                _tell(f, found[best])


def asked(f: Finding) -> bool:
    """Whether the rules are not sure: they found no place, or took one from another sentence or the item's tolls."""
    return f.facts.place is None or f.fetched > 0


def of_rules(found: Sequence[Choice]) -> int:
    """Which of the choices the rules made: the last where they found no place."""
    return next((k for k, c in enumerate(found) if c.features.get("rules")), len(found) - 1)


def _tell(f: Finding, best: Choice) -> None:
    m = f.mention
    trace = m.sentence.document.trace
    if trace is not None:
        i, j = min(m.i, m.group.i), max(m.j, m.group.j)
        trace.gave(KIND, "place", best.name, "chosen by weights", m.sentence, i, j)


# --- the choices -----------------------------------------------------------------------------------------------------


def choices(f: Finding, where: Where) -> list[Choice]:
    """The places that a toll can have, in the order of the text, and none at all, last; each with its features."""
    mentions = [f.mention, *(o.mention for o in f.also[: MENTIONS - 1])]
    lexicon = where.d.lexicon
    found = _named(mentions, where)
    rule = f.facts.place
    ruled = bare(rule, lexicon) if rule else ""
    if rule and ruled not in found:
        found[ruled] = Choice(rule, level_of(rule, lexicon))
    toll = _toll(f, where)
    own = _own(f, mentions, where)
    countries = sum(c.level == COUNTRY for c in found.values())
    towns = sum(c.level in _TOWNS for c in found.values())
    for key, c in found.items():
        x = c.features
        if c.level == COUNTRY:
            kind = "country"
            x["a country"] = 1.0
            x["only country"] = float(countries == 1)
        elif c.level in _TOWNS:
            kind = "town"
            x["only town"] = float(towns == 1)
            x["level unknown"] = float(c.level == UNKNOWN)
        else:
            kind = "region"
            x["a region"] = 1.0
        if key == ruled:
            x["rules"] = 1.0
            x["rules, own sentence"] = float(f.fetched == 0)
            x["rules, before"] = float(0 < f.fetched <= BACK)
        elif rule and contains(c.name or "", rule, lexicon) and not contains(rule, c.name or "", lexicon):
            x["around the rules'"] = 1.0
        if key in own:
            x["score"] = max(LOWEST, min(own[key], HIGHEST))
        _seen(c, f, mentions, where)
        here = any(s is m.sentence for s, _ in c.named for m in mentions)
        for name, value in toll.items():
            x[f"{name}, {kind}"] = value
            if not here:
                x[f"{name}, elsewhere"] = value
    told = [c.name or "" for c in found.values() if c.level == COUNTRY and not _only_filed(c)]
    open_to = [
        c
        for k, c in found.items()
        if k == ruled or not (_refused(c, f) or (_only_filed(c) and _abroad(c.name or "", told, lexicon)))
    ]
    none = Choice(None, features={"none": 1.0} | {f"{name}, none": value for name, value in toll.items()})
    return [*open_to, none]


def _only_filed(c: Choice) -> bool:
    return bool(c.filed) and all(s.index in c.filed for s, _ in c.named)


def _abroad(name: str, countries: Sequence[str], lexicon: Lexicon) -> bool:
    """ "LONDON - Nine miners are dead. The pit is in Zambia": whether a report was filed in another country than those
    that the item names."""
    return bool(countries) and not any(contains(country, name, lexicon) for country in countries)


def _refused(c: Choice, f: Finding) -> bool:
    """What the rules are sure of: no place is where somebody only spoke, or where a road only leads, nor the country
    that had the loss, which its sentence only names as whose it is; what comes next is none of a total; and what its
    own sentence names holds the town that the rules found behind it, and is no finer."""
    if c.named and all(k.place.preposition is not None and k.bonus <= REFUSED for _, k in c.named):
        return True
    bears = c.named and c.level == COUNTRY and f.facts.side is not None
    if bears and all(s is f.mention.sentence and _bare(k, f.facts.side) for s, k in c.named):
        return True
    if c.features.get("only behind") and f.facts.scope == "cumulative":
        return True
    return bool(c.features.get("around the rules'")) and any(s is f.mention.sentence for s, _ in c.named)


def _bare(c: Candidate, side: str | None) -> bool:
    return c.place.preposition is None and c.place.country == side


def _named(mentions: Sequence[Mention], where: Where) -> dict[str, Choice]:
    """Key -> place, of those that the sentences around a toll, the title and the opening name, in order."""
    sentences, lexicon = where.d.sentences, where.d.lexicon
    around = set(range(min(OPENING, len(sentences))))
    for m in mentions:
        i = m.sentence.index
        around.update(range(max(0, i - BEFORE), min(len(sentences), i + BEHIND + 1)))
    found: dict[str, Choice] = {}
    for k in sorted(around):
        s = sentences[k]
        filed = [p for p in s.places if where.dateline(s, p)] if k <= OPENING else []
        ends = {p.j + 1 for p in filed if s.words[p.j : p.j + 1] == [","]}  # "TUNIS, Tunisia -"
        here = [(Candidate(p, 0.0, False), True) for p in filed]
        here += [(c, c.place.i in ends) for c in where.candidates(s)]
        for candidate, is_filed in here:
            name = candidate.place.name
            c = found.setdefault(bare(name, lexicon), Choice(_written(name), candidate.place.level))
            c.named.append((s, candidate))
            if is_filed:
                c.filed.add(k)
    return found


def _written(name: str) -> str:
    """A name as it is written in a sentence: datelines and headlines shout."""
    return name.title() if name.isupper() and len(name) >= SHOUTED else name


# --- their features --------------------------------------------------------------------------------------------------


def _toll(f: Finding, where: Where) -> dict[str, float]:
    """What a toll is like, whatever its place."""
    m, t = f.mention, where.t
    s = m.sentence
    number = f.facts.count or f.facts.high or f.facts.low or 1
    times = bool(s.of_role(KIND, "past_times") or s.of_role(KIND, "periods")) or names_month(s)
    opening = where.d.sentences[:OPENING]
    told = {
        "another time": times or any(q.sort is Sort.YEAR for q in s.quantities),
        "apart": not t.apart.isdisjoint(s.words),
        "disaster": any(o.has(t.disaster_gate) and o.of_role(KIND, "disasters") for o in opening),
        "own day": f.dated,
        "side": f.facts.side is not None,
        "titled": s.field == "title",
    }
    return {"size": math.log10(max(1, number)) / 3} | {name: 1.0 for name, is_so in told.items() if is_so}


def _own(f: Finding, mentions: Sequence[Mention], where: Where) -> dict[str, float]:
    """Key -> the best score of the places that the toll's own sentences name."""
    own: dict[str, float] = {}
    for m in mentions:
        for c in where.candidates(m.sentence):
            key = bare(c.place.name, where.d.lexicon)
            own[key] = max(own.get(key, LOWEST), where.score(m, c, f.facts.scope == "cumulative"))
    return own


def _seen(c: Choice, f: Finding, mentions: Sequence[Mention], where: Where) -> None:
    """What the sentences tell that name a place."""
    x, m = c.features, f.mention
    x["times"] = math.log1p(len(c.named))
    sure = [(s, candidate) for s, candidate in c.named if s.index not in c.filed]
    bonus = max((candidate.bonus for _, candidate in sure), default=UNSURE)
    if bonus > UNSURE:
        x["bonus"] = bonus
    x["opening"] = float(any(s.field == "text" and s.index <= 1 for s, _ in sure))
    end = max(m.j, m.group.j)
    x["behind the toll"] = float(any(s is m.sentence and k.place.i >= end for s, k in sure))
    x["with an incident"] = float(any(where.incidents(s) for s, _ in c.named))
    if c.named and not any(s is o.sentence for s, _ in c.named for o in mentions):
        x["only behind"] = float(all(s.index > o.sentence.index for s, _ in c.named for o in mentions))
        x["beside other tolls"] = float(all(_tells_another(s, f, mentions, where) for s, _ in c.named))


def _tells_another(s: Sentence, f: Finding, mentions: Sequence[Mention], where: Where) -> bool:
    """Whether a sentence tells another number of the same harm."""
    return any(
        o.harm == f.facts.harm and o.group.count != f.facts.count and all(o is not m for m in mentions)
        for o in where.told.get(s.index, ())
    )
