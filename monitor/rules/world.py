"""What rules know of the world, from the lexicons: where places lie, whom actors count as, which names there are."""

from __future__ import annotations

from functools import cache, lru_cache

from monitor.language import lexicon, places
from monitor.rules.conditions import Geography, same

#: agencies that count as the United Nations as well (gold/GUIDELINES.md, "Values shared by all kinds")
UN_AGENCIES = frozenset(
    ("FAO", "IAEA", "IOM", "OCHA", "OHCHR", "UNDP", "UNESCO", "UNFPA", "UNHCR", "UNICEF", "UNRWA", "WFP", "WHO")
)


@lru_cache(maxsize=10_000)
def place_in(inner: str, outer: str) -> bool:
    """Whether a place lies in, or is, another: Mariupol in "UKR", in "Donetsk region", Kiev in "Kyiv"."""
    return same(inner, outer) or any(
        places.contains(outer, inner, words) or places.same_place(outer, inner, words) for words in lexicon.every()
    )


def actor_in(inner: str, outer: str) -> bool:
    """Whether an actor is, or counts as, another: WFP as UN. A member state does not count as its union."""
    return same(inner, outer) or (outer == "UN" and inner in UN_AGENCIES)


#: for the running service
WORLD = Geography(place_in=place_in, actor_in=actor_in)


@cache
def actor_names() -> dict[str, str]:
    """Names of countries, organisations and armed groups in the lexicons, in lower case -> code or usual name."""
    names: dict[str, str] = {}
    for words in lexicon.every():
        for role in ("countries", "organisations", "groups"):
            for actor, phrases in words.common.phrases(role).items():
                for name in (actor, *phrases):
                    names.setdefault(name.casefold(), actor)
    return names
