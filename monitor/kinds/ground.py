"""Where a place lies and whom an attribution speaks for: what linking asks of language.places and language.actors."""

from __future__ import annotations

import enum
import functools
import re
from dataclasses import dataclass

from monitor.kinds.likeness import fold, skeleton, spelt_alike

_PARTS = re.compile(r"\s*(?:,|;|/|\band\b|&)\s*")


class Ground(enum.Enum):
    """How two places stand to each other."""

    SAME = "same"  #: one place, or lists of places that share one
    WITHIN = "within"  #: one lies in the other
    OTHER = "other"  #: two places
    UNKNOWN = "unknown"  #: one is not said


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """What is known of one named place."""

    #: as it is compared
    name: str
    #: "city", "region", "country"; None for a place that the gazetteer does not list
    level: str | None = None
    #: folded name of the region it lies in
    region: str | None = None
    #: ISO 3166 alpha-3 code of the country
    country: str | None = None


@functools.lru_cache(maxsize=8192)
def spots(place: str) -> tuple[Spot, ...]:
    """The places that a slot names: "Madaya and Zabadani" are two."""
    return tuple(_spot(part) for part in _PARTS.split(place) if part)


def _spot(name: str) -> Spot:
    return Spot(name=fold(name))


@functools.lru_cache(maxsize=8192)
def country_of(place: str) -> str | None:
    """The country of a place, where all its parts lie in one."""
    countries = {spot.country for spot in spots(place)}
    return countries.pop() if len(countries) == 1 else None


@functools.lru_cache(maxsize=16384)
def ground(a: str | None, b: str | None) -> Ground:
    """How two places stand to each other."""
    if not a or not b:
        return Ground.UNKNOWN
    found = {_stand(one, other) for one in spots(a) for other in spots(b)}
    for best in (Ground.SAME, Ground.WITHIN):
        if best in found:
            return best
    return Ground.OTHER


def _stand(a: Spot, b: Spot) -> Ground:
    if a.name == b.name or (a.level == b.level and spelt_alike(a.name, b.name)):
        return Ground.SAME
    if _lies_in(a, b) or _lies_in(b, a):
        return Ground.WITHIN
    return Ground.OTHER


def _lies_in(a: Spot, b: Spot) -> bool:
    if b.level == "country":
        return a.level != "country" and a.country is not None and a.country == b.country
    return a.region is not None and b.level != "city" and a.region == b.name


def place_keys(place: str) -> frozenset[str]:
    """What two spellings of a place share, for blocking."""
    return frozenset(skeleton(spot.name) for spot in spots(place))


def party_of(attribution: str | None) -> str | None:
    """The actor that an attribution speaks for: "Moscow" -> RUS; None where it speaks for nobody in particular."""
    return None
