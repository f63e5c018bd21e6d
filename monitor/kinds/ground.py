"""Where a place lies, whom an attribution speaks for, which actors are one: what linking asks of the language layers.

Slots hold names as the texts have them. They are read with one lexicon, whatever the language of the text: the
gazetteer lists the usual spellings of many languages, and what a name means must not depend on who printed it.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from monitor.kinds.likeness import fold, skeleton, spelt_alike
from monitor.language import lexicon, places
from monitor.language.actors import Actor, Actors, Form
from monitor.language.lexicon import Lexicon
from monitor.language.text import tokens

#: the lexicon that names are read with
_LANGUAGE = "en"
_WORDS = re.compile(r"\w+")
_PARTS = re.compile(r"\s*(?:,|;|/|&|\band\b)\s*")
#: a name of so many capitalised words is also called by their initials ("Inter-American Development Bank", IDB)
_ACRONYM = 3
_LEVELS = {places.COUNTRY: 0, places.REGION: 1, places.CITY: 2, places.UNKNOWN: 2}


class Ground(enum.Enum):
    """How two places stand to each other, the closest first."""

    SAME = "same"  #: one place, or lists of places that share one
    WITHIN = "within"  #: one lies in the other
    UNSURE = "unsure"  #: a name that no gazetteer lists may be a quarter or village of the other
    OTHER = "other"  #: two places


def _lexicon() -> Lexicon:
    return lexicon.load(_LANGUAGE)


@functools.lru_cache(maxsize=8192)
def parts(place: str) -> tuple[str, ...]:
    """The places that a slot names: "Madaya and Zabadani" are two."""
    return tuple(part for part in _PARTS.split(place) if part)


@functools.lru_cache(maxsize=8192)
def level(place: str) -> int:
    """0 for a country, 1 for a region, 2 for a town, village or quarter; of several, the widest."""
    return min((_LEVELS[places.level_of(part, _lexicon())] for part in parts(place)), default=2)


@functools.lru_cache(maxsize=8192)
def is_town(place: str) -> bool:
    """Whether a place can only be a town, village or quarter: "Donetsk" is said of the region as well."""
    readings = [reading for part in parts(place) for reading in places.readings(places.bare(part, _lexicon()))]
    return level(place) == _LEVELS[places.CITY] and all(reading.level == places.CITY for reading in readings)


@functools.lru_cache(maxsize=8192)
def is_listed(part: str) -> bool:
    """Whether the gazetteer or the lexicon knows a place, one of those that a slot names."""
    return bool(places.readings(places.bare(part, _lexicon()))) or level(part) == 0


@functools.lru_cache(maxsize=8192)
def country_of(place: str) -> str | None:
    """The country (alpha-3) that a place is or lies in; None for an unlisted one, and for places in two countries."""
    found = {places.country_of(part, _lexicon()) for part in parts(place)}
    return found.pop() if len(found) == 1 else None


@functools.lru_cache(maxsize=4096)
def ground(a: str, b: str) -> Ground:
    """How two places stand to each other."""
    return stand(spots(a), spots(b))


def stand(here: Sequence[Spot], there: Sequence[Spot]) -> Ground:
    """The same of two places whose spots are known."""
    if len(here) == len(there) == 1:
        return _stand(here[0], there[0])
    found = {_stand(one, other) for one in here for other in there}
    return next((stand for stand in Ground if stand in found), Ground.OTHER)


class Spot(NamedTuple):
    """What is known of one place: it is held beside very many others."""

    name: str
    bare: str
    is_listed: bool
    #: alpha-3 of the country that it is, and of that which it is or lies in
    code: str | None
    country: str | None
    level: int
    #: name, country and level of what it can mean
    names: frozenset[tuple[str, str, str]]
    #: name and country of regions that it can be, or lie in
    regions: frozenset[tuple[str, str]]
    around: frozenset[tuple[str, str]]
    #: countries in which it is a place of no known region
    loose: frozenset[str]


@functools.lru_cache(maxsize=4096)
def spots(place: str) -> tuple[Spot, ...]:
    """What is known of the places that a slot names."""
    return tuple(map(_spot, parts(place)))


@functools.lru_cache(maxsize=4096)
def _spot(part: str) -> Spot:
    country, found = places.country_of(part, _lexicon()), places.readings(places.bare(part, _lexicon()))
    return Spot(
        name=part,
        bare=places.bare(part, _lexicon()),
        is_listed=is_listed(part),
        code=country if level(part) == 0 else None,
        country=country,
        level=level(part),
        names=frozenset((r.name, r.country, r.level) for r in found),
        regions=frozenset((places.key(r.name), r.country) for r in found if r.level == places.REGION),
        around=frozenset((places.key(r.region), r.country) for r in found if r.level == places.CITY),
        loose=frozenset(r.country for r in found if not r.region),
    )


def _stand(x: Spot, y: Spot) -> Ground:
    if x is y or x.bare == y.bare or not x.names.isdisjoint(y.names):
        return Ground.SAME
    if not (x.is_listed and y.is_listed):
        return (
            Ground.SAME
            if spelt_alike(x.name, y.name)
            else Ground.UNSURE
            if x.is_listed or y.is_listed
            else Ground.OTHER
        )
    if _holds(x, y) or _holds(y, x):
        return Ground.WITHIN
    return Ground.UNSURE if _region_unknown(x, y) or _region_unknown(y, x) else Ground.OTHER


def _holds(outer: Spot, inner: Spot) -> bool:
    """Whether a place lies in another that has another name (``places.contains``)."""
    return outer.code == inner.country if outer.code else not outer.regions.isdisjoint(inner.around)


def _region_unknown(town: Spot, region: Spot) -> bool:
    """Whether a town of the region's country has no region in the gazetteer."""
    return town.level == 2 and region.level == 1 and region.country in town.loose


@functools.lru_cache(maxsize=4096)
def names_place(text: str, place: str) -> bool:
    """Whether a text names a place, in the spelling given: a claim is held beside many others, of few places."""
    words = _bare_words(text)
    return any(_bare_words(part) in words for part in parts(place))


@functools.lru_cache(maxsize=8192)
def _bare_words(text: str) -> str:
    """The words of a text as they are compared, with a blank around each."""
    return f" {' '.join(_WORDS.findall(fold(text)))} "


def is_finer(a: str, b: str) -> bool:
    """Whether a place lies in another and says more."""
    return level(a) > level(b) and ground(a, b) is Ground.WITHIN


@functools.lru_cache(maxsize=8192)
def place_keys(place: str) -> frozenset[str]:
    """What the spellings of a place share, for blocking: the gazetteer's name, else the consonants."""
    return frozenset(key for part in parts(place) for key in _names(part))


def _names(part: str) -> frozenset[str]:
    bare = places.bare(part, _lexicon())
    if level(part) == 0:
        return frozenset((country_of(part) or bare,))
    return frozenset(skeleton(found.name) for found in places.readings(bare)[:2]) or frozenset((skeleton(bare),))


@functools.lru_cache(maxsize=8192)
def areas(place: str) -> tuple[frozenset[str], frozenset[str]]:
    """The regions and countries that a place lies in, and those that it is, for blocking.

    A town of which no gazetteer says the region may lie in each of its country.
    """
    around: set[str] = set()
    own: set[str] = set()
    for part in parts(place):
        country = places.country_of(part, _lexicon())
        if country:
            (own if level(part) == 0 else around).add(country)
        for reading in places.readings(places.bare(part, _lexicon()))[:2]:
            if reading.level == places.REGION:
                own |= {skeleton(reading.name), f"{reading.country} ?"}
            elif level(part) > 0:
                around.add(skeleton(reading.region) if reading.region else f"{reading.country} ?")
    return frozenset(around), frozenset(own)


class Sort(enum.Enum):
    """What an actor is."""

    STATE = "state"
    BODY = "body"  #: an organisation of states or of the world: it has one name, or an acronym for it
    GROUP = "group"  #: an armed group or party that the lexicon knows
    UNLISTED = "unlisted"  #: named by the text's own words: "rebels", "Kachin forces"


@functools.cache
def _listed_actors() -> dict[str, tuple[str, Sort]]:
    common = _lexicon().common
    found = {code: (code, Sort.STATE) for code in common.phrases("countries")}
    for role, sort in (("organisations", Sort.BODY), ("groups", Sort.GROUP)):
        for name, spellings in common.phrases(role).items():
            found |= dict.fromkeys(map(fold, (name, *spellings)), (name, sort)) | {name: (name, sort)}
    return found


@functools.lru_cache(maxsize=8192)
def actor(name: str) -> tuple[str, Sort]:
    """An actor of a slot under its usual name, and what it is."""
    listed = _listed_actors()
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    short = initials if len(initials) >= _ACRONYM and len(initials) == len(name.split()) else name
    return listed.get(name) or listed.get(fold(name)) or (fold(short), Sort.UNLISTED)


@functools.lru_cache(maxsize=8192)
def party_of(attribution: str | None) -> str | None:
    """The actor that an attribution speaks for: "Moscow" and "Russian officials" -> RUS; None for nobody, or several.

    "Syrian Observatory" is named for a country and does not speak for it.
    """
    if not attribution:
        return None
    raw = tokens(attribution)
    words = [word.lower() for word in raw]
    read = Actors(_lexicon()).read(words, raw, _lexicon().common.find(words, raw))
    found = {actor.actor for actor in read if not actor.compound and not _names_a_body(actor, raw)}
    return found.pop() if len(found) == 1 else None


@functools.lru_cache(maxsize=2048)
def says_one_more(text: str) -> bool:
    """Whether words of any language mark what a text tells of as one more of its kind ("another $20 million")."""
    raw = tokens(text)
    words = [word.lower() for word in raw]
    sections = (known.section("linking") for known in lexicon.every())
    return any("one_more" in hit.roles for section in sections for hit in section.find(words, raw))


def _names_a_body(actor: Actor, raw: list[str]) -> bool:
    follows = raw[actor.j] if actor.j < len(raw) else ""
    return actor.form in (Form.DEMONYM, Form.COUNTRY, Form.CAPITAL) and follows[:1].isupper() and not actor.possessive
