"""Codes and names that rules and sources may use: countries, organisations, currencies, languages, places."""

from __future__ import annotations

import functools

import pycountry

from monitor.config.document import did_you_mean
from monitor.kinds import rates
from monitor.rules import world


@functools.cache
def countries() -> frozenset[str]:
    """ISO 3166 alpha-3, with XKX, which everyone uses for Kosovo."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | {"XKX"}


@functools.cache
def _actors_by_name() -> dict[str, str]:
    """Names of countries, organisations and groups, and codes of countries, in lower case -> what rules call them."""
    names = {}
    for country in pycountry.countries:
        for attribute in ("name", "common_name", "official_name", "alpha_2", "alpha_3"):
            if name := getattr(country, attribute, None):
                names[name.casefold()] = country.alpha_3
    return names | world.actor_names()


def actor(text: str) -> str:
    """A country's code, or the usual name of an organisation or armed group; ``ValueError`` otherwise.

    Nobody knows the names of all groups: what no list has is taken as it is, if it could be a name.
    """
    name = text.strip()
    if name in countries():
        return name
    usual = _actors_by_name().get(name.casefold())
    if usual == name:
        return name
    if usual:
        raise ValueError(f'expected "{usual}", found "{name}"')
    if len(name) == 3 and name.isalpha() and name.isupper():
        known = {known for known in _actors_by_name().values() if known.isupper()}
        raise ValueError(f'"{name}" is not found in ISO 3166 or among known organisations{did_you_mean(name, known)}')
    if not any(letter.isupper() for letter in name):
        raise ValueError(f'expected a country ("UKR") or an organisation\'s usual name ("Hamas"), found "{name}"')
    return name


def place(text: str) -> str:
    """A place's name, or a country's code; ``ValueError`` for a code that is none."""
    name = text.strip()
    if len(name) == 3 and name.isalpha() and name.isupper() and name not in countries():
        raise ValueError(f'"{name}" is not found in ISO 3166{did_you_mean(name, countries())}')
    if not any(letter.isupper() for letter in name) and any(letter.isalpha() for letter in name):
        raise ValueError(f'expected a place\'s name ("Mariupol") or a country\'s code ("UKR"), found "{name}"')
    return name


def currency(text: str) -> str:
    """An ISO 4217 code; ``ValueError`` otherwise."""
    code = text.strip()
    if pycountry.currencies.get(alpha_3=code) is None or code != code.upper():
        known = [currency.alpha_3 for currency in pycountry.currencies]
        raise ValueError(f'"{code}" is not found in ISO 4217{did_you_mean(code, known)}')
    return code


def comparable_currency(text: str) -> str:
    """The same for a currency that sums in other currencies can be compared with."""
    code = currency(text)
    if code not in rates.currencies():
        known = ", ".join(sorted(rates.currencies()))
        raise ValueError(f'"{code}" has no reference rate to compare sums by; found are {known}')
    return code


def language(text: str) -> str:
    """An ISO 639-1 code; ``ValueError`` otherwise."""
    code = text.strip()
    if len(code) != 2 or pycountry.languages.get(alpha_2=code) is None:
        raise ValueError(f'expected an ISO 639-1 language such as "en", found "{code}"')
    return code
