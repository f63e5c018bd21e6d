"""What was read from one mention, and whether two of them tell of people or places apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_tables import Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.language.lexicon import Lexicon
from monitor.language.places import bare, contains, level_of, readings

#: letters by which a noun of fighters is known again
STEM = 6
#: inhabitants from which two places of different countries are surely two
LARGE = 100_000
#: qualifiers of a number that is not told exactly
HEDGED = ("about", "nearly", "at_least", "up_to")


@dataclass(slots=True)
class Finding:
    """Facts read from a mention."""

    facts: CasualtyUpdate
    mention: Mention
    confidence: float
    #: sentences over which the place was fetched: 0 is the mention's own; 9 where there is none
    fetched: int
    #: what was read from other mentions that were found to tell the same
    also: list[Finding] = field(default_factory=list)
    #: whether the day is one that the mention's own sentence names
    dated: bool = False

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


def head(f: Finding) -> str:
    """The noun of a single victim."""
    g = f.mention.group
    return f.mention.sentence.words[g.head.j - 1] if g.head is not None else ""


def stem(f: Finding) -> str:
    """The noun of a group without its ending, so that "insurgent" and "insurgents" meet."""
    return head(f)[:STEM]


def opposed(x: CasualtyUpdate, y: CasualtyUpdate) -> bool:
    """Whether victims or side tell two groups apart."""
    return bool((x.victims and y.victims and x.victims != y.victims) or (x.side and y.side and x.side != y.side))


def camps_apart(a: Finding, b: Finding) -> bool:
    """Whether one tells of those who fight for a state and the other of those who fight against one: "a policeman was
    killed ... the gunman was shot dead"."""
    first, second = _camp(a), _camp(b)
    return first is not None and second is not None and first is not second


def _camp(f: Finding) -> frozenset[str] | None:
    """The list of fighters, a state's or others, that the noun of a finding's people is in; "rebel soldiers" are no
    state's."""
    g, s = f.mention.group, f.mention.sentence
    if g.head is None or f.facts.victims != "military":
        return None
    tables = Tables.of(s.document.lexicon)
    words = s.words[min(g.i, g.head.i) : g.head.j]
    if not tables.irregulars.isdisjoint(words):
        return tables.irregulars
    regular = words[-1] in tables.regulars or " ".join(words[-2:]) in tables.regulars
    return tables.regulars if regular else None


def named_apart(a: str | None, b: str | None, lexicon: Lexicon) -> bool:
    """Whether two places have other names, and neither is known to hold the other."""
    if not a or not b:
        return False
    x, y = set(bare(a, lexicon).split()), set(bare(b, lexicon).split())
    return not (x <= y or y <= x or contains(a, b, lexicon) or contains(b, a, lexicon))


def elsewhere(a: str | None, b: str | None, lexicon: Lexicon) -> bool:
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
