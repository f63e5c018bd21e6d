"""Whether two findings of one item are the same fact: a figure told again, people told before, one of several."""

from __future__ import annotations

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find_tables import KIND, Tables
from monitor.kinds.casualty_update.find_ties import Mention
from monitor.kinds.casualty_update.findings import (
    HEDGED,
    STEM,
    Finding,
    camps_apart,
    elsewhere,
    head,
    named_apart,
    opposed,
    stem,
)
from monitor.language.lexicon import Lexicon
from monitor.language.places import CITY, COUNTRY, REGION, contains, level_of

#: figures this near each other are one, where one of them is hedged ("nearly 2,200" and "2,187")
NEAR = 0.03
#: an exact figure this high, told twice, is one, unless both have a place of their own
TWICE = 10
#: counts up to this are often the same by chance
FEW = 12
#: sentences behind a number in which "five of the guards" are some of those it counts, whatever it calls them
NEXT = 3
#: tokens from which a sentence that stands twice in an item is one that is told again
RETOLD = 10
#: letters that a noun keeps in the plural: "gunman" and "gunmen"
SHORT = 4
#: tokens behind "was identified as" in which a noun says who it is
WITHIN = 10


def same_fact(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    if a.facts.harm != b.facts.harm or camps_apart(a, b) or _beside(a, b):
        return False
    if _refers_back(a, b) or _one_of_them(a, b, lexicon) or _told_again(a, b) or _named_later(a, b) or _by_name(a, b):
        return True
    if opposed(a.facts, b.facts):
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
        if same and a.placed and b.placed and named_apart(a.facts.place, b.facts.place, lexicon):
            return False  # "22 deaths in X, another 22 in Y"
        return same and b.facts.victims == a.facts.victims and a.facts.side == b.facts.side
    told_twice = a.facts.count == b.facts.count and (a.facts.count or 0) >= TWICE
    if (
        not (told_twice and not (a.placed and b.placed))
        and a.fetched <= 2
        and b.fetched <= 2
        and elsewhere(a.facts.place, b.facts.place, lexicon)
    ):
        return False
    counted = told_twice and "tally" in (a.mention.rule, b.mention.rule)
    if (
        a.facts.date
        and b.facts.date
        and a.facts.date != b.facts.date
        and not (counted or _overnight(a.facts, b.facts, lexicon) or _headlined(a, b))
    ):
        return False
    return _one_figure(a, b, lexicon)


def _beside(a: Finding, b: Finding) -> bool:
    """ "several rebels and several of their porters": who stands beside people under one verb is none of them."""
    m = b.mention
    return any(
        o.mention.i == m.i and o.mention.sentence is m.sentence and o.mention.group.i != m.group.i for o in a.also
    )


def _one_of_them(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    """ "Four insurgents were killed. ... A male insurgent was killed", "several ... It was confirmed that a leader was
    killed": one victim told again behind the number."""
    g, x, y = b.mention.group, a.facts, b.facts
    if not (g.single and b.weak and y.count == 1 and a.mention.group.numbered) or g.further or a.mention.group.further:
        return False
    apart = b.mention.sentence.index - a.mention.sentence.index
    if (
        apart < 1
        or (x.count or x.low or 0) < 2
        or x.scope != y.scope
        or opposed(x, y)
        or (x.victims or None) != (y.victims or None)
    ):
        return False
    if x.count is None and not (x.date and x.date == y.date) and not (x.place and x.place == y.place):
        return False
    if all(_in_another_place(k, b, lexicon) for k in (a, *a.also)) or any(_his_people(k) for k in (a, *a.also)):
        return False
    return not (x.date and y.date and x.date != y.date)


def _his_people(f: Finding) -> bool:
    """ "three of his men": people beside somebody, who is none of them."""
    g, s = f.mention.group, f.mention.sentence
    return not Tables.of(s.document.lexicon).possessives.isdisjoint(s.words[g.i : g.j])


def _in_another_place(a: Finding, b: Finding, lexicon: Lexicon) -> bool:
    """Whether a victim is told of another place than a number, or of a town where that is of a region."""
    x, y = a.facts.place, b.facts.place
    if b.placed and x and y and level_of(y, lexicon) == CITY and level_of(x, lexicon) in (COUNTRY, REGION):
        return True
    return a.placed and b.placed and named_apart(x, y, lexicon)


def _told_again(a: Finding, b: Finding) -> bool:
    """A sentence that an item has twice, as where a later release is joined to an earlier one: the same people,
    whatever day the one or the other is dated."""
    m, s = b.mention, b.mention.sentence
    if len(s) < RETOLD:
        return False
    return any(
        o.i == m.i and o.group.i == m.group.i and o.sentence is not s and o.sentence.words == s.words
        for o in (a.mention, *(f.mention for f in a.also))
    )


def _named_later(a: Finding, b: Finding) -> bool:
    """ "captured a facilitator. ... The two men surrendered. One of them was confirmed to be the facilitator": a victim
    whom a later sentence finds among people with a number."""
    g, s = b.mention.group, b.mention.sentence
    if not (b.weak and g.single and g.head is not None and not g.further) or (a.facts.count or 0) < 2:
        return False
    one_of_them = Tables.of(s.document.lexicon).one_of_them
    last = max(s.index, a.mention.sentence.index)
    for other in s.document.sentences[last : last + NEXT + 1]:
        for hit in other.of_role(KIND, "identified"):
            of_them = any(" ".join(other.words[k : k + 3]) in one_of_them for k in range(hit.i))
            if of_them and any(w[:STEM] == stem(b) for w in other.words[hit.j : hit.j + WITHIN]):
                return True
    return False


def _did_it(a: Finding, b: Finding) -> bool:
    """ "Gunmen killed six people. ... Three of the gunmen were killed": people who stand before a harm as those who do
    it are none of those whom it befell; "a bomb in a tent of farmers" is not the farmers'."""
    m, noun = a.mention, stem(b)[:SHORT]
    if m.group.i < m.j or not noun or stem(a)[:SHORT] == noun or (m.sentence is b.mention.sentence):
        return False
    words, tables = m.sentence.words, Tables.of(m.sentence.document.lexicon)
    beside = tables.prepositions - tables.agents
    return any(words[k][:SHORT] == noun and beside.isdisjoint(words[max(0, k - NEXT) : k]) for k in range(m.i))


def _by_name(a: Finding, b: Finding) -> bool:
    """ "A leader was captured. The suspect was identified as X Y. ... Y was captured at home": one victim, whom a
    sentence between gives the name."""
    g, s = b.mention.group, b.mention.sentence
    first = a.mention.sentence.index
    if not g.named or a.facts.count != 1 or a.mention.group.further or first >= s.index:
        return False
    name = s.words[g.j - 1]
    return any(
        name in other.words[hit.j : hit.j + WITHIN]
        for other in s.document.sentences[first : min(s.index, first + NEXT) + 1]
        for hit in other.of_role(KIND, "identified")
    )


def _refers_back(a: Finding, b: Finding) -> bool:
    """ "the insurgent", "the men", "one of the detained": people of an earlier mention."""
    g, earlier = b.mention.group, a.mention
    if (g.partitive or g.definite) and any(_did_it(k, b) for k in (a, *a.also)):
        return False
    if earlier.sentence is b.mention.sentence and g.partitive and g.numbered:
        return earlier.group.j <= g.i and (a.facts.count or 0) > (b.facts.count or 0) > 0
    if earlier.sentence.index >= b.mention.sentence.index:
        return False
    if g.partitive and b.facts.count is not None:
        return (
            (a.facts.count or a.facts.low or 0) >= b.facts.count
            and not opposed(a.facts, b.facts)
            and not a.mention.group.single
            and (b.facts.victims == a.facts.victims or b.mention.sentence.index - earlier.sentence.index <= NEXT)
        )
    if not (b.weak and g.definite):
        return b.weak and g.bare and not g.further and not opposed(a.facts, b.facts)
    if g.single and stem(a) == stem(b):
        return True
    return (
        a.facts.count == 1 or a.mention.group.single
        if g.single
        else a.facts.count != 1 and not opposed(a.facts, b.facts)
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
        return b.mention.group.definite or head(a) == head(b)
    if x.count is not None and y.count is not None:
        if x.count == y.count:
            alike = a.mention.group.numbered == b.mention.group.numbered or x.victims == y.victims
            return alike or x.count > 3 or first.sentence.field != second.sentence.field
        if _rounds(x, y) or _rounds(y, x):
            return True
        if _headline(a, b) or _headline(b, a):
            return True
        near = abs(x.count - y.count) <= NEAR * max(x.count, y.count)
        return near and (x.qualifier in HEDGED or y.qualifier in HEDGED) and x.count >= 50
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


def _headlined(a: Finding, b: Finding) -> bool:
    """ "Four police shot dead in X" over "four police were shot dead the night before": a headline without a day has
    that of its item, which the text's figure can lie before."""
    title, text = (a, b) if a.mention.sentence.field == "title" else (b, a)
    if title.mention.sentence.field != "title" or text.mention.sentence.field != "text" or title.mention.sentence.days:
        return False
    x, y = title.facts, text.facts
    near = x.date is not None and y.date is not None and (x.date - y.date).days == 1
    return near and x.count == y.count and (x.count or 0) > 1


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
    first, second = head(a), head(b)
    return bool(first and second and first != second and a.facts.victims == "military" and not b.mention.group.definite)
