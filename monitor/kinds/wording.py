"""What the words of every kind are made of: numbers, money, days and names as a reader writes them.

Names of countries, currencies and months, separators and decimal marks come from CLDR (through Babel) in the reader's
locale. The phrases around them are English; they stand together here and in ``kinds/*/words.py``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from babel import Locale
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, get_currency_name, get_currency_symbol

from monitor.kinds.ground import party_of
from monitor.kinds.kind import Slot, SlotType
from monitor.model import ChangeType, Claim, News

# The names that newspapers print where CLDR's are longer or newer than a headline bears.
_SHORT_NAMES = {
    "ARE": "UAE",
    "BIH": "Bosnia",
    "CAF": "CAR",
    "COD": "DR Congo",
    "COG": "Congo",
    "CZE": "Czech Republic",
    "GBR": "UK",
    "HKG": "Hong Kong",
    "MMR": "Myanmar",
    "TUR": "Turkey",
    "USA": "US",
    "WB": "World Bank",
}
# Words that open an attribution in capitals only because they open its sentence.
_COMMON = re.compile(
    "a|army|authorities|city|doctors|emergency|government|health|hospital|investigators|local|medics|military|officials"
    "|police|prosecutors|regional|reports|rescue|rescuers|residents|security|several|some|state|the|unnamed|witnesses",
    re.IGNORECASE,
)
_PLAIN_SYMBOLS = {"AUD": "A$", "CAD": "C$"}
_HEDGES = {"about": "about {}", "at_least": "at least {}", "up_to": "up to {}", "nearly": "nearly {}"}
# The least that a vague word can mean (GUIDELINES.md, qualifier) -> the word.
_VAGUE = {2: "some", 3: "several", 4: "numerous", 24: "dozens", 40: "scores", 200: "hundreds"}
_SCALES = ((9, "billions"), (6, "millions"), (3, "thousands"))
_MANY = {0: "", 1: "tens of "}
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
#: most actors that are named one by one
_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How numbers, days and names are written for one reader."""

    #: CLDR locale of the reader: "en", "en_GB", "de", ...
    locale: str = "en"

    def number(self, value: int) -> str:
        """``5000`` -> ``5,000``; round millions and more in words (``2.7 million``)."""
        if abs(value) >= 1_000_000 and value % 10_000 == 0:
            return _tidy(format_compact_decimal(value, format_type="long", locale=self.locale, fraction_digits=2))
        return format_decimal(value, locale=self.locale)

    def money(self, amount: int, currency: str | None) -> str:
        """``500000000, "USD"`` -> ``$500 million``; an amount without a currency is a number."""
        if currency is None:
            return self.number(amount)
        symbol = _PLAIN_SYMBOLS.get(currency) or get_currency_symbol(currency, locale=self.locale)
        gap = " " if symbol[-1].isalpha() else ""
        leads = Locale.parse(self.locale).currency_formats["standard"].pattern.startswith("¤")
        return f"{symbol}{gap}{self.number(amount)}" if leads else f"{self.number(amount)} {symbol}"

    def day(self, day: dt.date, near: dt.date | None = None) -> str:
        """``29 March 2022``; without its year when ``near`` is in the same one."""
        year = "" if near is not None and near.year == day.year else " y"
        return format_date(day, f"d MMMM{year}", locale=self.locale)

    def actor(self, code: str) -> str:
        """``RUS`` -> ``Russia``; an organisation's name is its own."""
        if self.locale.startswith("en") and code in _SHORT_NAMES:
            return _SHORT_NAMES[code]
        return _territory(code, self.locale) or code

    def actors(self, codes: Sequence[str]) -> str:
        """``("GBR", "USA")`` -> ``UK and US``; beyond four, the rest are counted."""
        names = [self.actor(code) for code in codes]
        if len(names) > _NAMED:
            names = [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1} others"]
        return listed(names)

    def quantity(self, low: int | None, high: int | None, exact: int | None, qualifier: str | None) -> str:
        """A count with its hedge: ``at least 5,000``, ``10 to 15``, ``hundreds``; "" where there is none."""
        return _hedged(self.number, low, high, exact, qualifier, vague=_vague)

    def sum(self, low: int | None, high: int | None, exact: int | None, qualifier: str | None, unit: str | None) -> str:
        """A sum of money with its hedge: ``nearly $500 million``, ``billions of US dollars``; "" if there is none."""

        def vague(least: int) -> str:
            return (
                f"{_vague(least)} of {get_currency_name(unit, count=2, locale=self.locale)}" if unit else _vague(least)
            )

        return _hedged(lambda amount: self.money(amount, unit), low, high, exact, qualifier, vague=vague)

    def value(self, slot: Slot, value: Any) -> str:
        """One slot's value for a table: names, separators, days; an empty one is a dash."""
        if value is None or value == ():
            return "–"
        match slot.type:
            case SlotType.ACTOR:
                return self.actor(value)
            case SlotType.ACTORS:
                return listed([self.actor(code) for code in value])
            case SlotType.NUMBER | SlotType.MONEY:
                return self.number(value)
            case SlotType.DAY:
                return self.day(value)
            case SlotType.CHOICES:
                return listed(value)
            case SlotType.CHOICE:
                return str(value).replace("_", " ")
            case _:
                return str(value)


ENGLISH = Speech()

#: words for facts: what a cell, a clause or a row of a table says
Phrase = Callable[[Any, Speech], str]


class Words(Protocol):
    """What ``kinds/<kind>/words.py`` offers; ``facts`` are those of the kind."""

    #: rows of a message, in the order in which a reader asks
    PARTS: tuple[Part, ...]

    def headline(self, news: News, speech: Speech = ENGLISH) -> str:
        """The subject that says the news."""

    def when(self, facts: Any, speech: Speech = ENGLISH) -> str:
        """The day, for a table; "" when not known."""

    def what(self, facts: Any, speech: Speech = ENGLISH) -> str:
        """What happened, for a table."""

    def who(self, facts: Any, speech: Speech = ENGLISH) -> str:
        """Whom it concerns, for a table; "" when not said."""

    def how_much(self, facts: Any, speech: Speech = ENGLISH) -> str:
        """The figure or sum, for a table; "" where there is none."""

    def said(self, facts: Any, speech: Speech = ENGLISH) -> str:
        """What one voice says, in short."""

    def size(self, facts: Any) -> int | None:
        """The figure as one number, where the kind has a series over time."""

    def value(self, slot: str, value: object, speech: Speech = ENGLISH) -> str:
        """One slot's value for a reader."""

    def moved(self, news: News, speech: Speech = ENGLISH) -> tuple[Row, ...]:
        """What changed, before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Slots that are read together, and how: a row of "what changed" and of the facts."""

    label: str
    slots: tuple[str, ...]
    phrase: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of "what changed"."""

    label: str
    #: as it was; "" where nothing was known
    before: str
    after: str


def listed(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def ordinal(number: int) -> str:
    """``3`` -> ``third``; beyond ten, ``12th``."""
    if 0 < number < len(_ORDINALS):
        return _ORDINALS[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def before(news: News) -> Any:
    """The facts as they were: the present view with what moved put back."""
    return replace(news.facts, **{slot: old for slot, (old, _) in news.fields.items()})


def after(news: News) -> Any:
    """The facts as they are: the present view, with what this change moved."""
    return replace(news.facts, **{slot: new for slot, (_, new) in news.fields.items()})


def moved(news: News, parts: Sequence[Part], speech: Speech) -> tuple[Row, ...]:
    """What changed, a row a part; a part whose words are the same before and after is left out."""
    old, new = before(news), after(news)
    rows = (
        Row(label=part.label, before=part.phrase(old, speech), after=part.phrase(new, speech))
        for part in parts
        if any(slot in news.fields for slot in part.slots)
    )
    return tuple(row for row in rows if row.before != row.after)


def sayer(claim: Claim) -> str:
    """Who stands behind a claim: whom the text credits, else who published it."""
    attribution: str | None = getattr(claim.event.facts, "attribution", None)
    return credited(attribution) if attribution else outlet(claim)


def credited(attribution: str) -> str:
    """An attribution as it stands in the middle of a sentence: ``Local officials`` -> ``local officials``."""
    first, _, rest = attribution.partition(" ")
    if (
        _COMMON.fullmatch(first)
        and first[1:] == first[1:].lower()
        and (rest[:1].islower() or (not rest and len(first) > 1))
    ):
        return f"{first.lower()} {rest}".rstrip()
    return attribution


def outlet(claim: Claim) -> str:
    """Who published a claim."""
    return claim.outlet or claim.source or "another report"


def framed(news: News, clause: str) -> str:
    """The clause under the word that says what kind of change it is; a new or updated one stands for itself."""
    match news.type:
        case ChangeType.CONFIRMED:
            return f"confirmed by {outlet(news.claim)}: {clause}"
        case ChangeType.REVISED:
            return f"revised: {clause}"
        case ChangeType.REPEATED:
            return f"again: {clause}"
        case ChangeType.WITHDRAWN:
            return f"withdrawn: {clause} ({outlet(news.claim)} no longer says so)"
        case ChangeType.DISPUTED:
            return f"disputed: {clause}"
        case _:
            return capital(clause)


def rivals(news: News, phrase: Callable[[Any], str]) -> list[tuple[str, str]]:
    """Who says otherwise, and what: the latest word of each other voice that differs from this claim's.

    Those who speak for one state or organisation are one voice: Kyiv, and Ukraine's president.
    """
    said = phrase(news.claim.event.facts)
    latest: dict[str, Claim] = {}
    for voice in news.voices:
        latest.pop(_party(voice), None)
        latest[_party(voice)] = voice
    latest.pop(_party(news.claim), None)
    told = ((sayer(voice), phrase(voice.event.facts)) for voice in reversed(latest.values()))
    return [(who, what) for who, what in told if what and what != said]


def _party(claim: Claim) -> str:
    return party_of(getattr(claim.event.facts, "attribution", None)) or sayer(claim)


def opposed(news: News, clause: str, phrase: Callable[[Any], str]) -> str:
    """``Moscow says 498 killed, Kyiv says 12,000``: the claim's clause, and what the others say instead."""
    others = rivals(news, phrase)
    told = [f"{who} says {what}" for who, what in others[:2]]
    if len(others) > 2:
        told.append(f"{len(others) - 2} more say otherwise")
    return ", ".join([f"{sayer(news.claim)} says {clause}", *told])


@cache
def _territory(code: str, locale: str) -> str | None:
    # CLDR lists the alpha-3 codes as aliases of its own alpha-2 ones.
    alpha2: Sequence[str] = get_global("territory_aliases").get(code, ()) if re.fullmatch("[A-Z]{3}", code) else ()
    return Locale.parse(locale).territories.get(alpha2[0]) if len(alpha2) == 1 else None


def _tidy(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _vague(least: int) -> str:
    if least in _VAGUE:
        return _VAGUE[least]
    power = len(str(least)) - 1
    for scale, word in _SCALES:
        if power >= scale:
            return f"{_MANY.get(power - scale, 'hundreds of ')}{word}"
    return f"more than {least}"


def _hedged(
    write: Callable[[int], str],
    low: int | None,
    high: int | None,
    exact: int | None,
    qualifier: str | None,
    *,
    vague: Callable[[int], str],
) -> str:
    hedge = _HEDGES.get(qualifier or "", "{}")
    if exact is not None:
        return hedge.format(write(exact))
    if low is not None and high is not None:
        return hedge.format(f"{write(low)} to {write(high)}")
    if low is not None:
        return vague(low) if qualifier == "vague" else f"at least {write(low)}"
    return f"up to {write(high)}" if high is not None else ""
