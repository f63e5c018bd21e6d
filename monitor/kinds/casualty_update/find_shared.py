"""What the incidents of an item share: a day or place told once is also that of those that name none.

One incident's day carries to its later counts, and back to a headline. Where an item tells of several, a count takes
the day of the one that happened where it did; a second incident's day does not carry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.kinds.casualty_update.find_tables import KIND
from monitor.kinds.casualty_update.find_when import names_month
from monitor.kinds.casualty_update.findings import Finding, named_apart
from monitor.language.lexicon import Lexicon
from monitor.language.places import bare, readings

#: sentences over which a place was fetched that is still a mention's own, and not what the item is about
NEAR = 3


def share(kept: Sequence[Finding], lexicon: Lexicon, days_told: Callable[[], set[dt.date]]) -> None:
    """Give the incidents among the findings the day and place that all of them share. ``days_told`` gives the days on
    which the item says that an incident happened, those that no finding has among them."""
    told = [f for f in kept if f.facts.scope == "incident"]
    undated = [f for f in told if f.facts.date is None and f.facts.harm != "displaced" and not _of_another_time(f)]
    if undated:
        _share_days(undated, [f for f in told if f.facts.date is not None], lexicon, days_told)
    places = {f.facts.place for f in told if f.facts.place is not None}
    for f in told if len(places) == 1 else ():
        if f.facts.place is None:
            f.facts = replace(f.facts, place=min(places))


def _share_days(
    undated: Sequence[Finding], dated: Sequence[Finding], lexicon: Lexicon, days_told: Callable[[], set[dt.date]]
) -> None:
    days = {day for f in dated if (day := f.facts.date) is not None}
    if len(days) > 1:
        for f in undated:
            there = {o.facts.date for o in dated if o.facts.place is not None and o.facts.place == f.facts.place}
            if len(there) == 1:
                f.facts = replace(f.facts, date=there.pop())
        return
    days = days or days_told()
    for f in undated if len(days) == 1 else ():
        if not any(_apart(f, o, lexicon) for o in dated):
            f.facts = replace(f.facts, date=min(days))


def _of_another_time(f: Finding) -> bool:
    """Whether the sentence speaks of a time of its own that is no day: "last month", "in April", "in the past week"."""
    s = f.mention.sentence
    span = any(h.roles["periods"].value == "span" for h in s.of_role(KIND, "periods"))
    return span or bool(s.of_role(KIND, "past_times")) or names_month(s)


def _apart(f: Finding, o: Finding, lexicon: Lexicon) -> bool:
    """Whether a finding has a place of its own, and another, told with its day or somewhere that is known, has another
    place."""
    here, there = f.facts.place, o.facts.place
    if max(f.fetched, o.fetched) > NEAR or not named_apart(here, there, lexicon):
        return False
    return o.dated or all(place and readings(bare(place, lexicon)) for place in (here, there))
