"""Whom an item is about: how often it names states and groups, and whose "the government", "the rebels" and a surname
are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from monitor.kinds.talk_round.find_described import described, full_name, is_side, unowned, untold
from monitor.kinds.talk_round.find_groups import groups, learned
from monitor.kinds.talk_round.find_words import KIND, Words
from monitor.language.actors import Actor, Form, is_state
from monitor.language.document import Document, Sentence, lazy

_STATE_FORMS = (Form.COUNTRY, Form.DEMONYM, Form.PEOPLE, Form.CAPITAL, Form.SEAT, Form.PERSON, Form.OFFICE)

_FIRST = attrgetter("i")
#: tokens from "Pakistani" to the first name behind "counterpart"
_TITLE = 4
#: tokens from an office to what an apposition behind its name says
_APPOSED = 10


class Salience:
    """What is counted over the whole item; each when it is first asked for."""

    def __init__(self, document: Document, words: Words) -> None:
        self._document, self._words = document, words

    @lazy
    def unlisted(self) -> frozenset[str]:
        """The letters of groups that no list names."""
        return learned(self._document, self._words)

    def actors(self, sentence: Sentence) -> Sequence[Actor]:
        """The actors of a sentence, groups that no list names among them, in order."""
        more = groups(sentence, self.unlisted, self._words) if self.unlisted else []
        if not more:
            return sentence.actors
        covered = {k for actor in more for k in range(actor.i, actor.j)}  # "Congress", behind "the rebel X People's"
        return sorted([*(a for a in sentence.actors if a.i not in covered), *more], key=_FIRST)

    @lazy
    def _counts(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """How often states, named groups and described groups are named."""
        states: Counter[str] = Counter()
        groups: Counter[str] = Counter()
        nouns: Counter[str] = Counter()
        for sentence in self._document.sentences:
            weight = 3 if sentence.field == "title" else 1
            for actor in self.actors(sentence):
                if actor.actor in self._words.armies:
                    states[self._words.armies[actor.actor]] += 3 * weight
                elif actor.form is Form.GROUP:
                    groups[actor.actor] += weight
                elif actor.form in _STATE_FORMS and is_state(actor.actor):
                    located = sentence.words[actor.i - 1] in self._words.place if actor.i else False
                    states[actor.actor] += 1 if located or actor.form is Form.CAPITAL else 3 * weight
            for hit in sentence.of_role(KIND, "side_nouns"):
                noun = hit.roles["side_nouns"].value
                if noun != "state" and is_side(sentence, hit, self._words):
                    name = described(sentence, hit, self._words)
                    nouns[name or noun] += weight + 2 * (name is not None)
        return states, groups, nouns

    @lazy
    def ranked(self) -> list[str]:
        """States, the one named most first."""
        states, groups, _ = self._counts
        for group, count in groups.items():
            home = self._words.homes.get(group)
            if home is not None:
                states[home] += 6 * count
        return sorted(states, key=lambda code: (-states[code], code))

    def office(self, actor: Actor) -> str:
        """Whose office it is: "the foreign secretary" is of the first state that has one and that the item names."""
        if actor.actor not in self._words.offices:
            return actor.actor
        named = {a.actor for s in self._document.sentences for a in s.actors if a.form is not Form.OFFICE}
        if actor.actor in named:
            return actor.actor
        return next((state for state in self.ranked if state in self._words.offices[actor.actor]), actor.actor)

    def home(self, sentence: Sentence, i: int) -> str | None:
        """Whose minister it is whom a sentence names at token i without a country: of the state that it named before,
        else of the one that the item is about, but for those that the sentence names behind."""
        named = [a.actor for a in sentence.actors if a.j <= i and a.form is Form.DEMONYM and is_state(a.actor)]
        if named:
            return named[0]
        here = self._states_in(sentence)
        return next((state for state in self.ranked if state not in here), self.state)

    @property
    def state(self) -> str | None:
        """The state that the item is about."""
        return self.ranked[0] if self.ranked else None

    def state_of(self, sentence: Sentence) -> str | None:
        """Whose "the government" of a sentence is: the home of a group beside it, a state that it names, the item's."""
        homes = [self._words.homes[a.actor] for a in sentence.actors if a.actor in self._words.homes]
        if homes:
            return homes[0]
        known = [self._words.homes[g] for g, _ in self._counts[1].most_common() if g in self._words.homes]
        if known and known[0] in self.ranked[:2]:
            return known[0]
        here = self._states_in(sentence)
        if len(here) == 1:
            return here[0]
        nearby = [self._document.sentences[sentence.index - back] for back in range(1, min(2, sentence.index) + 1)]
        if self.state in here or not here or any(self.state in self._states_in(near) for near in nearby):
            return self.state
        return here[0]

    def _states_in(self, sentence: Sentence) -> list[str]:
        """States that a sentence names, not as a place."""
        found = [
            a.actor
            for a in sentence.actors
            if a.form in (Form.COUNTRY, Form.DEMONYM)
            and is_state(a.actor)
            and a.actor.isupper()
            and not a.compound
            and not (a.i and sentence.words[a.i - 1] in self._words.place)
        ]
        return list(dict.fromkeys(found))

    def group(self, noun: str, sentence: Sentence) -> str | None:
        """Whom "the rebels" are: the group the item names, else a described one, else the noun itself."""
        _, groups, nouns = self._counts
        fuller = [name for name in nouns if name != noun and name.endswith(" " + noun)]
        if noun != "opposition" and groups and not fuller:
            name, count = groups.most_common(1)[0]
            if name not in self.unlisted or (count > 1 and len(groups) == 1):
                return name
        if fuller:
            return max(fuller, key=lambda name: (nouns[name], name))
        if noun == "opposition":
            near = self.state_of(sentence)
            adjective = self._adjective(near if near in self.ranked[:2] else self.state)
            return f"{adjective} {noun}" if adjective else noun
        return noun

    def _adjective(self, state: str | None) -> str | None:
        """ "Syrian" for SYR."""
        names = self._document.lexicon.common.phrases("demonyms").get(state or "")
        return names[0] if names else None

    @lazy
    def pair(self) -> tuple[str, ...]:
        """The state and the one group that the item sets against each other; empty where there are not just two."""
        _, groups, nouns = self._counts
        nouns = Counter({noun: count for noun, count in nouns.items() if count >= 2})
        names = list(groups) or list({noun.split()[-1] for noun in nouns})
        if self.state is None or len(names) != 1:
            top = groups.most_common(2)
            if self.state is None or not top or (len(top) > 1 and top[0][1] < 2 * top[1][1]):
                return ()
            return tuple(sorted((self.state, top[0][0])))
        group = names[0] if groups else self.group(names[0], self._document.sentences[0])
        return tuple(sorted((self.state, group))) if group and group != self.state else ()

    # --- persons ---

    @lazy
    def namesakes(self) -> dict[str, str]:
        """Surnames, in lower case, of persons named in full, and of those whose title says nothing of a country ("the
        deputy prime minister, X") -> the state that the sentence, else the item, is about."""
        learned: dict[str, str] = {}
        for sentence in self._document.passing(self._words.named):
            for actor in sentence.named:
                if actor.form is Form.PERSON and actor.j - actor.i > 1:
                    learned.setdefault(sentence.words[actor.j - 1], actor.actor)
                elif actor.form is Form.OFFICE and (name := full_name(sentence, actor.j, self._words)) is not None:
                    learned.setdefault(name, self._told_by(sentence, actor) or self.office(actor))
            for hit in sentence.of_role("common", "titles"):
                name = untold(sentence, hit, self._words)
                if name is not None and name not in learned and name not in self._document.people:
                    here = self._states_in(sentence) or ([self.state] if self.state else [])
                    if here:
                        learned[name] = here[0]
                elif unowned(sentence, hit, self._words):
                    name, home = full_name(sentence, hit.j, self._words), self.home(sentence, hit.i)
                    if name is not None and home is not None and name not in self._document.people:
                        learned.setdefault(name, home)
        return learned

    @lazy
    def others(self) -> dict[str, str]:
        """Surnames, in lower case, of persons of the lexicon that are those of others here -> their state."""
        found: dict[str, str] = {}
        for sentence in self._document.sentences:
            for actor in sentence.named if sentence.may_have("common", "people") else ():
                if actor.form is Form.PERSON and (other := self._other(sentence, actor)) is not None:
                    found.setdefault(sentence.words[actor.i], other)
        return found

    def _other(self, sentence: Sentence, actor: Actor) -> str | None:
        """ "her Pakistani counterpart, Salman X": whose that person is, where X alone would be somebody of a state that
        the item names nowhere else."""
        words, k = sentence.words, actor.i - 1
        if actor.j - actor.i > 1 or k < 1 or not sentence.raw[k].istitle():
            return None
        if k in sentence.common_at or words[k] in self._words.function:
            return None
        near = [a for a in sentence.actors if a.form is Form.DEMONYM and 0 < k - a.j <= _TITLE and is_state(a.actor)]
        if not near or near[-1].actor == actor.actor or actor.actor in self._states:
            return None
        return near[-1].actor

    @lazy
    def _states(self) -> frozenset[str]:
        """States that the item names other than by a person."""
        return frozenset(a.actor for s in self._document.sentences for a in s.named if a.form is not Form.PERSON)

    def _told_by(self, sentence: Sentence, actor: Actor) -> str | None:
        """ "Foreign Secretary Nirupama X, the first Indian official to ...": the state that an apposition tells."""
        others = self._words.offices.get(actor.actor, frozenset())
        near = (a.actor for a in sentence.actors if a.form is Form.DEMONYM and 0 < a.i - actor.j <= _APPOSED)
        return next((state for state in near if state in others), None)
