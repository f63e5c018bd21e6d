"""Who is named in a sentence: states, organisations, armed groups, and the persons and offices that stand for them.

A mention's ``actor`` is an ISO 3166 alpha-3 code or an organisation's usual name, as the guidelines have it. ``learn``
collects, over a whole item, persons whose title says for whom they speak ("the Somali foreign minister, Amal Dirie",
"Ukraine's president, X", "X, the president of Moldova"); their surname then stands for that actor everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import compress

from monitor.language.gate import Gate
from monitor.language.lexicon import Hit, Lexicon
from monitor.language.phrases import Entry


class Form(StrEnum):
    """How an actor is named."""

    COUNTRY = "country"  #: "Ukraine"
    DEMONYM = "demonym"  #: "Ukrainian": an adjective
    PEOPLE = "people"  #: "Ukrainians"
    CAPITAL = "capital"  #: "Kyiv": the government, or just the city
    SEAT = "seat"  #: "the Kremlin"
    ORGANISATION = "organisation"
    GROUP = "group"  #: an armed group or party
    PERSON = "person"
    OFFICE = "office"  #: "the secretary of state"


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Actor:
    """An actor named in a sentence: tokens[i:j]."""

    i: int
    j: int
    #: ISO alpha-3, or the organisation's usual name
    actor: str
    form: Form
    #: as the text has it
    name: str
    #: "Russian-backed", "US-led", "pro-Russian": qualifies somebody else
    compound: bool = False
    #: followed by 's: "Ukraine's ..."
    possessive: bool = False


#: letters of a state's code
_CODE = 3


def _form(roles: Mapping[str, Entry]) -> tuple[Form | None, str, bool]:
    """What a phrase of these roles is named as, for whom, and whether a country's name is its adjective, too."""
    form = next((form for role, form in _FORMS.items() if role in roles), None)
    role = next((role for role in _FORMS if role in roles), "")
    return form, roles[role].value if role else "", form is Form.COUNTRY and "demonyms" in roles


def is_state(actor: str) -> bool:
    """Whether an actor is written as a state's code (ISO alpha-3) is; so are some groups known by three letters."""
    return len(actor) == _CODE and actor.isupper()


_FORMS: Mapping[str, Form] = {
    "groups": Form.GROUP, "organisations": Form.ORGANISATION, "people": Form.PERSON, "seats": Form.SEAT,
    "peoples": Form.PEOPLE,
    "countries": Form.COUNTRY, "demonyms": Form.DEMONYM, "capitals": Form.CAPITAL, "offices": Form.OFFICE,
}  # fmt: skip
#: what makes a hit an actor
ROLES = frozenset(_FORMS)
#: forms that say of which state or body a title is
_POWERS = frozenset((Form.COUNTRY, Form.DEMONYM, Form.CAPITAL, Form.SEAT, Form.ORGANISATION, Form.GROUP))


#: forms of the state that a seat is of
_OWNS = frozenset((Form.COUNTRY, Form.DEMONYM))


class Actors:
    """Reads actors with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        common = lexicon.common
        self._possessive = common.words("possessive")
        self._plural = tuple(common.phrases("endings").get("plural", ()))
        self._articles = common.words("articles")
        self._former = common.words("former")
        self._linkers = common.words("name_linkers")
        self._function = lexicon.function_words
        self._given = common.words("given_names")
        self._genitive = common.words("genitives")
        self._weekdays = common.words("weekdays")
        self._places = common.words("place_prepositions")
        self._societies = frozenset(tuple(p.split()) for p in common.words("national_societies_list"))
        self._shared_seats = common.words("shared_seats_list")
        self._society_words = frozenset(words[-1] for words in self._societies)
        #: id of a phrase's roles -> these, kept so that the id stays theirs, and what ``_form`` says of them
        self._formed: dict[int, tuple[Mapping[str, Entry], Form | None, str, bool]] = {}
        #: the gate of ``learn``
        self.titled = Gate.of(common, "titles", common=self._function)
        lexicon.marks.know(self.titled.words, self.titled.alone)

    def read(
        self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit], people: Mapping[str, str] | None = None
    ) -> tuple[Actor, ...]:
        """All actors of a sentence in order; ``people`` are the surnames and names learned, in lower case."""
        return self.with_learned(self.named(words, raw, hits), words, raw, people or {})

    def named(self, words: Sequence[str], raw: Sequence[str], hits: Sequence[Hit]) -> tuple[Actor, ...]:
        """The actors of a sentence that the lexicon names, in order; hits of other roles name none."""
        found = tuple([a for h in hits if (a := self._actor(words, raw, h)) is not None])
        if any(a.form is Form.SEAT for a in found):
            found = self._seated(found)
        return found if self._society_words.isdisjoint(words) else self._of_states(found, words, raw)

    def _seated(self, named: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """As in "the Lithuanian Ministry of Defence": a seat that several states have is of the one named before it."""
        ends = {a.j + a.possessive: a for a in named if a.form in _OWNS and not a.compound}
        owners = [ends.get(a.i) if a.name.lower() in self._shared_seats else None for a in named]
        return tuple([a if o is None else replace(a, actor=o.actor) for a, o in zip(named, owners, strict=True)])

    def _of_states(self, named: tuple[Actor, ...], words: Sequence[str], raw: Sequence[str]) -> tuple[Actor, ...]:
        """As in "the Kenyan Red Cross", "the Red Cross Society of China": a state's own society is the state's, not the
        international body that shares its name."""
        found: list[Actor] = []
        for actor in named:
            own = self._society(actor, words, raw) if actor.form in (Form.COUNTRY, Form.DEMONYM) else None
            if own is None:
                found.append(actor)
                continue
            i, j = own
            found = [a for a in found if a.j <= i]
            name = " ".join(raw[i:j])
            possessive = j < len(words) and words[j] in self._possessive
            found.append(Actor(i=i, j=j, actor=actor.actor, form=Form.ORGANISATION, name=name, possessive=possessive))
        ends = {k for a in found if a.form is Form.ORGANISATION for k in range(a.i + 1, a.j)}
        return tuple([a for a in found if a.i not in ends])

    def _society(self, actor: Actor, words: Sequence[str], raw: Sequence[str]) -> tuple[int, int] | None:
        """The tokens of the national society that a state's name is part of, None where it is of none."""
        k = actor.j + actor.possessive
        for at in (k, k + 1):  # "Syrian [Arab] Red Crescent"
            if tuple(words[at : at + 2]) in self._societies and all(raw[x][0].isupper() for x in range(k, at + 2)):
                return actor.i, at + 2
        k = actor.i - (actor.i > 0 and words[actor.i - 1] in self._articles)
        if k < 3 or words[k - 1] not in self._genitive or actor.form is Form.DEMONYM:
            return None
        for at in (k - 3, k - 4):  # "Red Cross [Society] of Kenya"
            if at >= 0 and tuple(words[at : at + 2]) in self._societies:
                named = all(raw[x][0].isupper() for x in range(at, k - 1))
                return (at, actor.j) if named else None
        return None

    def with_learned(
        self, named: tuple[Actor, ...], words: Sequence[str], raw: Sequence[str], people: Mapping[str, str]
    ) -> tuple[Actor, ...]:
        """The actors ``named`` and the persons learned, in order."""
        if not people or people.keys().isdisjoint(words):
            return named
        taken = {k for a in named for k in range(a.i, a.j)}
        found = [a for a in self._learned(words, raw, people) if not taken.intersection(range(a.i, a.j))]
        return tuple(sorted([*named, *found], key=lambda a: a.i)) if found else named

    def _actor(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> Actor | None:
        i, j, n, roles = hit.i, hit.j, len(words), hit.roles
        known = self._formed.get(id(roles))
        if known is None:
            known = self._formed[id(roles)] = roles, *_form(roles)
        _, form, value, either = known
        if form is None or (form is Form.COUNTRY and self._is_person(words, raw, hit)):
            return None
        if either and j < n and raw[j][0].islower() and words[j].isalpha() and words[j] not in self._function:
            form = Form.DEMONYM
        behind = words[j] if j < n else ""
        compound = (j < n - 1 and behind in "-–" and words[j + 1].isalpha()) or (
            i > 1 and words[i - 1] == "-" and raw[i - 2][0].islower()
        )
        possessive = j < n and (behind in self._possessive or (behind == "'" and words[j - 1].endswith(self._plural)))
        name = raw[i] if j == i + 1 else " ".join(raw[i:j])
        return Actor(i=i, j=j, actor=value, form=form, name=name, compound=compound, possessive=possessive)

    def _is_person(self, words: Sequence[str], raw: Sequence[str], hit: Hit) -> bool:
        """ "Jordan Smith": a country's name that is a given name, before a capitalised word."""
        j = hit.j
        return (
            words[hit.i] in self._given
            and j < len(words)
            and raw[j][0].isupper()
            and raw[j].istitle()
            and words[j] not in self._function
        )

    def _learned(self, words: Sequence[str], raw: Sequence[str], people: Mapping[str, str]) -> Iterator[Actor]:
        for i in compress(range(len(words)), map(people.__contains__, words)):
            if raw[i][0].isupper():
                word, j = words[i], i + 1
                while i and raw[i - 1][0].isupper() and people.get(" ".join(words[i - 1 : j])):
                    i -= 1
                yield Actor(
                    i=i,
                    j=j,
                    actor=people[word],
                    form=Form.PERSON,
                    name=" ".join(raw[i:j]),
                    possessive=j < len(words) and words[j] in self._possessive,
                )

    # --- persons by their titles ---

    def learn(
        self, sentences: Iterable[tuple[Sequence[str], Sequence[str], Sequence[Hit], Sequence[Actor]]]
    ) -> dict[str, str]:
        """Surname or full name, in lower case -> actor, from titles in sentences given as (words, raw, titles, actors
        named)."""
        learned: dict[str, str] = {}
        for words, raw, titles, named in sentences:
            ends, begins = {a.j: a for a in named}, {a.i: a for a in named}
            for hit in titles:
                self._from_title(words, raw, hit, ends, begins, learned)
        return learned

    def _from_title(
        self,
        words: Sequence[str],
        raw: Sequence[str],
        hit: Hit,
        ends: Mapping[int, Actor],
        begins: Mapping[int, Actor],
        learned: dict[str, str],
    ) -> None:
        power, begin, end = self._power(words, raw, hit, ends, begins)
        if power is None:
            return
        for name in (self._name_after(words, raw, end), self._name_before(words, raw, begin)):
            if name and name[-1].lower() not in self._function:
                learned.setdefault(name[-1].lower(), power)
                learned.setdefault(" ".join(name).lower(), power)

    def _power(
        self, words: Sequence[str], raw: Sequence[str], hit: Hit, ends: Mapping[int, Actor], begins: Mapping[int, Actor]
    ) -> tuple[str | None, int, int]:
        """(whose title it is, where the phrase begins, where it ends)"""
        k = hit.i
        for _ in range(4):
            actor = ends.get(k)
            if actor is not None and actor.i and words[actor.i - 1] in self._former:
                return None, hit.i, hit.j
            if actor is not None:
                return (actor.actor if actor.form in _POWERS and not actor.compound else None), actor.i, hit.j
            if (
                k
                and (
                    words[k - 1] in self._possessive
                    or ((words[k - 1].isalpha() and raw[k - 1][0].islower()) or words[k - 1] == "-")
                )
                and words[k - 1] not in self._former
            ):
                if words[k - 1] in self._function and words[k - 1] not in self._possessive:
                    break
                k -= 1
            else:
                break
        if hit.j + 1 < len(words) and words[hit.j] in self._genitive:
            k = hit.j + 1
            k += k < len(words) and words[k] in self._articles
            actor = begins.get(k)
            if actor is not None and actor.form in _POWERS:
                begin = hit.i
                while begin and (
                    raw[begin - 1][0].islower()
                    and words[begin - 1].isalpha()
                    and (words[begin - 1] not in self._function or words[begin - 1] in self._articles)
                ):
                    begin -= 1
                return actor.actor, begin, actor.j
        return None, hit.i, hit.j

    def _name_after(self, words: Sequence[str], raw: Sequence[str], j: int) -> list[str]:
        if j < len(words) and words[j] == ",":
            j += 1
        name: list[str] = []
        while (
            j < len(words)
            and len(name) < 5
            and (raw[j][0].isupper() or words[j] in "-." or (name and words[j] in self._linkers))
        ):
            if raw[j][0].isupper() and (words[j] in self._function or words[j] in self._weekdays):
                break
            name.append(raw[j])
            j += 1
        return _clean(name)

    def _name_before(self, words: Sequence[str], raw: Sequence[str], i: int) -> list[str]:
        """ "Sergei Lavrov, the Russian foreign minister": a name, a comma, then the title's phrase at i."""
        k = i - 1
        while k >= 0 and words[k] in self._articles:
            k -= 1
        if k < 1 or words[k] != ",":
            return []
        k -= 1
        name: list[str] = []
        while k >= 0 and len(name) < 4 and (raw[k][0].isupper() or words[k] == "-"):
            if words[k] in self._function or words[k] in self._articles or words[k] in self._weekdays:
                break
            name.insert(0, raw[k])
            k -= 1
        if k >= 0 and (words[k] in self._places or (k and raw[k][0].isupper() and words[k] in self._function)):
            return []  # "in Rome, the Kenyan president", "in New York, ..."
        return _clean(name)


def _clean(name: list[str]) -> list[str]:
    """A run of capitalised tokens as a name: hyphens joined, initials kept, nothing where it is no name."""
    text = " ".join(name).replace(" - ", "-").strip(" -.")
    parts = [p for p in text.split() if p not in ("-", ".")]
    return parts if parts and len(parts[-1]) > 2 and not parts[-1].isupper() else []
