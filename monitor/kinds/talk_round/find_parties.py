"""Who talks with whom: the arguments of a noun or verb of meeting, each rule named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.kinds.talk_round.find_attach import comments, has_clause
from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_reference import References
from monitor.kinds.talk_round.find_status import is_noun
from monitor.kinds.talk_round.find_titles import Side, is_adjective
from monitor.kinds.talk_round.find_where import SETTING
from monitor.kinds.talk_round.find_words import VERBS
from monitor.language.actors import Actor, Form, is_state

#: tokens from a noun to its "with"
_NOUN_REACH = 11
#: the same in a clause of its own: "a summit which A was to hold in B on Monday with"
_RELATIVE = 18
#: a meeting of more parties than these is one of a body's own members
_MANY = 5
#: words of a noun's own phrase before it
_FEW = 3
#: tokens between those who act in a sentence and a noun of talks
_REACH = 25
#: tokens from "the three leaders" to the noun of what they do
_NEAR = 8
#: tokens from "between" to "the two sides"
_BETWEEN = 5
#: tokens of "the foreign ministers of the two countries"
_PHRASE = 7
_ONLY_HOW = frozenset(("modes",))


def _is_of_state(actor: Actor) -> bool:
    return is_adjective(actor) or actor.form is Form.COUNTRY


class Parties(References):
    """Reads the parties around one trigger of a sentence."""

    def find(self) -> Found | None:
        """The parties, by the first rule that names two of them; none where all are groups, and one of them no list
        names: two of one side."""
        found = self._find()
        unlisted = self._memory.unlisted
        if found is None or unlisted.isdisjoint(found.parties):
            return found
        listed = [party for party in found.parties if party not in unlisted]
        return found if any(is_state(party) and party not in self._w.homes for party in listed) else None

    def _find(self) -> Found | None:
        roles = self._hit.roles
        if is_noun(self._s, self._hit, self._w):
            return self._of_noun() if "talk_nouns" in roles else self._of_visit_noun()
        if _ONLY_HOW.issuperset(roles):
            return self._told_how()
        if "bring_verbs" in roles and VERBS.isdisjoint(roles):
            return self._brought()
        if "visit_verbs" in roles:
            return self._of_visit()
        return self._of_verb()

    # --- nouns ---

    def _of_noun(self) -> Found | None:
        i, j = self._hit.i, self._hit.j
        if not self._w.settings.isdisjoint(self._s.words[max(0, i - SETTING) : i]):
            return None  # "on the sidelines of a summit": where others meet
        owners, brought = self._before(i)
        inner = len(owners) == 1 and self._is_inner(owners[0])
        if inner:
            owners = []
        between, partner = self._between(j), self._after(j, self._w.with_words, _NOUN_REACH)
        if between is not None and not (partner is not None and partner < between and self._group(partner + 1)):
            group = self._group(between + 1)
            if (found := self._two(group, "talks between", 0.92, brought | self._hosts(i), group)) is not None:
                return found
            reach = between + (_PHRASE + 1 if group else _BETWEEN)  # "between the delegates from the two sides"
            if self._collective(between, reach):
                return self._between_those(self._told_of(between, reach), brought)
            if group:
                return None  # "between Moscow and the West": one of them is not named
        if (found := self._two(owners, "named before the noun", 0.88, brought)) is not None:
            return self._before_mediators(found, partner)
        if self._is_of_guarantors():
            return self._of_rivals((), brought) if self._is_hosted() else None
        if partner is None and self._s.words[j : j + 1] and self._s.words[j] in self._w.relatives:
            partner = self._after(j + 1, self._w.with_words, _RELATIVE)
            if partner is not None and (
                within := [s for s in self._sides if j < s.i and s.j <= partner and not s.place]
            ):
                owners = within
        if partner is not None and partner < self._next:
            objects = self._group(partner + 1)
            if not objects and (again := self._after(partner + 1, self._w.with_words, _NOUN_REACH)) is not None:
                objects = self._group(again + 1)  # "with ministers of five states and with"
            if objects and (
                self._is_mediator(objects[-1].j) or self._are_mediators(partner + 1, objects) or self._is_joint(partner)
            ):
                brought |= {side.actor for side in objects}
            elif objects:
                return self._with(objects, owners, brought)
        if partner is not None and (found := self._with_both(partner + 1, owners, brought)) is not None:
            return found
        if (
            partner is None
            and self._s.words[0] in self._w.with_words
            and (objects := self._group(1))
            and (self._w.aids.isdisjoint(self._s.words[objects[-1].j : objects[-1].j + 2]))
        ):  # not "With China's mediation"
            return self._with(objects, owners, brought)
        if (found := self._served(brought)) is not None:
            return found
        if (found := self._of(j, brought)) is not None:
            return found
        if (found := self._attended_by(j, brought)) is not None:
            return found
        if inner and (found := self._by_reference([], [], brought)) is not None:
            return found
        return self._by_clause(i, owners, brought)

    def _is_inner(self, owner: Side) -> bool:
        """ "the Sudanese peace talks", with nobody told with whom: talks inside of that state."""
        j = owner.j
        named = any(a.i == owner.i and not a.possessive and _is_of_state(a) for a in self._s.actors)
        inner = not self._w.inner.isdisjoint(self._s.words[j : self._hit.j]) or self._is_scene(owner.actor)
        return named and inner and not self._follows_with()

    def _with_both(self, k: int, owners: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """ "after talks with the two counterparts": those told of before, whom a third brings together."""
        ends = (*(side.i for side in self._sides if side.i >= k), k + _PHRASE)
        if not self._collective(k, min(ends)):
            return None
        third = {side.actor for side in owners or self._subject(self._hit.i, set())}
        named = tuple(dict.fromkeys(s.actor for s in self._sides if s.j <= self._hit.i and not s.place))
        others = tuple(name for name in named if name not in third)
        both = others if len(others) == 2 else self._told_of(k, k + 3)
        third -= set(both)
        return self._names(both, "talks with the two told of before", 0.66, brought | third) if both else None

    def _apart(self, found: Found, first: Sequence[Side], objects: Sequence[Side]) -> Found:
        """ "phone calls with X and Y" are two calls."""
        entry, word = self._hit.roles["talk_nouns"], self._s.words[self._hit.j - 1]
        names = list(dict.fromkeys(side.actor for side in objects))
        separate = not self._w.apart.isdisjoint(self._s.words[max(0, self._hit.i - 2) : self._hit.i])
        if len(names) < 2 or not (separate or (entry.value == "phone" and word in self._w.several)):
            return found
        own = {side.actor for side in first}
        return replace(found, each=tuple(self._alone(found, own, name) for name in names if name not in own))

    def _told_how(self) -> Found | None:
        """ "assured X of support by telephone": who told whom, where only the words of how say that they spoke."""
        if self._hit.roles["modes"].value == "in_person":
            return None
        subject = self._subject(self._hit.i, set())
        for k, word in enumerate(self._s.words[: self._hit.i]):
            if word in self._w.tell and (objects := self._group(k + 1)) and objects[0].person:
                met = {side.actor for side in objects}
                who = [side for side in self._subject(k, met) or subject if side.person]
                return self._two([*who, *objects], "told by telephone", 0.75, frozenset(), objects)
        return None

    def _with(self, objects: Sequence[Side], owners: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """ "Kyiv's talks with", "X held talks with", "he said after talks with"."""
        met = {side.actor for side in objects}
        by = self._after(self._hit.j, self._w.by_words, 3)
        if len(owners) == 1 and owners[0].body and self._s.words[owners[0].i - 1] in self._w.pronouns:
            owners = []  # "his G20 meeting with"
        if len(owners) == 1 and any(
            a.i == owners[0].i and a.form is Form.CAPITAL and not a.possessive for a in self._s.actors
        ):
            subject = [side for side in self._subject(owners[0].i, met) if side.person]
            owners = subject or owners  # "the envoy is to rejoin the Rome talks with"
        first = list(owners) or (self._group(by + 1) if by is not None else [])
        if not first and self._s.words[self._hit.j] in self._w.of_words:
            first = [side for side in self._group(self._hit.j + 1) if side.actor not in met]
        if not first and not self._is_subject():
            first = self._subject(self._hit.i, met)
        if not first and (told := self._told_of(max(0, self._hit.i - _NEAR), self._hit.i)):
            return self._names([*told, *met], "those told of before, with others", 0.68, brought, end=objects[-1].j)
        if (found := self._two([*first, *objects], "talks with", 0.88, brought, objects)) is not None:
            return self._with_each(found, first, objects) or self._apart(found, first, objects)
        behind = self._behind(objects[-1].j, met)
        if behind is not None:
            return self._two([behind, *objects], "after talks with, subject behind", 0.8, brought, objects)
        pair = self._memory.last(self._s) or self._memory.pair if self._is_subject() else ()
        if met < set(pair) and (len(pair) == 2 or not self._has_pronoun()):  # "his call with one of them"
            return self._names(pair, "talks with one of those told of before", 0.66, brought)
        speaker = self._possessor(met) or self._memory.speaker(self._s)
        if speaker is not None and speaker not in met and self._has_pronoun():
            return self._names([speaker, *met], "talks with, by the one named before", 0.7, brought)
        if len(met) == 1:
            pair = self._memory.last(self._s, 4) or self._memory.pair
            if met < set(pair) and (self._hit.i == 0 or self._strong()):
                return self._names(pair, "talks with one of the item's two", 0.6, brought)
        if len(met) > 1:
            return self._two(objects, "talks with several", 0.5, brought)
        state = self._memory.state_of(self._s) if objects[0].described else None
        return self._names([state, *met], "talks of the state with a group", 0.6, brought) if state else None

    def _of(self, j: int, brought: frozenset[str]) -> Found | None:
        """ "a meeting of the Turkish and Greek leaders", "a meeting of the two countries' officials"."""
        if j >= len(self._s) or self._s.words[j] not in self._w.of_words:
            return None
        group = self._group(j + 1)
        if (found := self._two(group, "meeting of", 0.85, brought)) is not None:
            return found if len(found.parties) <= _MANY else None
        if self._collective(j, j + 8):
            return self._names(self._told_of(j, j + 8), "meeting of the two told of before", 0.7, brought)
        return None

    def _by_clause(self, i: int, owners: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """The subject and object of the clause: "X and Y held talks", "X told Y in a call"."""
        if not owners and (found := self._called(brought) or self._offered(brought)) is not None:
            return found
        if (urged := self._urged(i)) is not None:
            return urged if urged.parties else None
        subject = self._subject(i, set())
        if subject and not self._w.concessions.isdisjoint(self._s.words[subject[-1].j : i]):
            subject = []  # "officials urged a truce, though talks brought little"
        if subject and has_clause(self._s, subject[-1].j, i, self._w):
            subject = []  # "A and B will come when the country hosts talks"
        if subject and comments(self._s, subject[-1].j, i, self._w):
            subject = [] if self._is_definite() or self._between(self._hit.j) is not None else subject
        if (found := self._set_going(subject, owners, brought)) is not None:
            return found
        aside = bool(owners) and (owners[0].body or self._is_subject())  # "an official said that the Swiss talks"
        if (found := self._two([*owners, *subject], "they hold talks", 0.8, brought)) is not None and not aside:
            return found
        told = self._told(subject, i)
        others = self._group(told.i) if told is not None else []
        if (
            told is not None
            and (found := self._two([*subject, told, *others], "told in talks", 0.78, brought)) is not None
        ):
            return found
        if told is None and (found := self._main_clause(brought)) is not None:
            return found
        if (found := self._behind_opening(brought)) is not None:
            return found
        if (found := self._list_before(brought)) is not None:
            return found
        if self._collective(max(0, i - 12), i + 10) and not self._is_told(max(0, i - 12), i):
            both = self._told_of(max(0, i - 12), i + 10)
            refers = self._is_definite() and not self._is_fresh() and self._memory.last(self._s) == both
            return self._names(both, "the two told of before", 0.68, brought, refers=refers)
        return self._by_reference(owners, subject, brought)

    def _behind_opening(self, brought: frozenset[str]) -> Found | None:
        """ "In the first round of talks, A and B agreed": several who act behind the comma."""
        j, words = self._hit.j, self._s.words
        comma = next((k for k in range(j, min(j + _NEAR, len(words))) if words[k] == ","), None)
        if comma is None or words[0] not in self._w.occasions or any(s.j <= j and not s.place for s in self._sides):
            return None
        group = self._group(comma + 1)
        return self._two(group, "they act in talks", 0.7, brought) if group and not group[-1].owner else None

    def _list_before(self, brought: frozenset[str]) -> Found | None:
        """ "A and B went home after the talks": the nearest list of several that acts in the sentence."""
        if not self._strong() and not self._is_definite() and not self._is_adverbial():
            return None
        i, before = self._hit.i, [side for side in self._sides if side.j <= self._hit.i and not side.place]
        for first, second in zip(reversed(before[:-1]), reversed(before[1:]), strict=True):
            if not self._w.concessions.isdisjoint(self._s.words[second.j : i]):
                return None
            if i - second.j > _REACH or first.actor == second.actor:
                continue
            acts = first.person or second.person
            if acts and self._is_joined(first.j, second.i) and not self._is_governed(first.i) and not second.owner:
                return self._two(self._group(first.i), "those who act in the sentence", 0.6, brought)
        return None

    def _main_clause(self, brought: frozenset[str]) -> Found | None:
        """ "In a call on Friday, the premier told the Omani foreign minister": subject and object stand behind."""
        i, s = self._hit.i, self._s
        if i > 6 or any(side.j <= i and not side.place for side in self._sides):
            return None
        behind = [side for side in self._sides if side.i >= self._hit.j and not side.place and not side.owner]
        for a, b in pairwise(behind):
            if a.actor != b.actor and not self._w.tell.isdisjoint(s.words[a.j : b.i]) and b.i - a.j <= 3:
                return self._two([a, b, *self._group(b.i)], "told in talks", 0.78, brought)
        return None

    def _before(self, i: int) -> tuple[list[Side], frozenset[str]]:
        """Sides right before the noun that own it, and bodies that bring the talks about ("UN-brokered talks")."""
        owners: list[Side] = []
        brought: set[str] = set()
        edge = i
        for actor in reversed([a for a in self._memory.actors(self._s) if a.j <= i]):
            gap = self._s.words[actor.j : edge]
            if len(gap) >= 2 and gap[0] in "-–" and gap[1] in self._w.participles:
                brought.add(actor.actor)
                edge = actor.i
                continue
            if len(gap) > 5 or not all(self._may_stand(w, bool(owners)) for w in gap):
                break
            if gap and gap[0] in ("-", "–") and len(gap) > 1 and not owners:
                break  # "US-made", "Russian-held"
            side = next((x for x in self._sides if x.i <= actor.i < x.j), None)
            if (side is not None and side.place) or (side is None and not owners and "," in gap):
                break  # "in A", "serving as the A mediator, held"
            if (
                side is not None
                and side.person
                and not side.owner
                and not owners
                and not actor.possessive
                and "and" not in gap
            ):
                break
            name = self._w.armies.get(actor.actor, actor.actor)
            owners.insert(0, Side(i=actor.i, j=actor.j, actor=name, owner=True, body=bool(side and side.body)))
            edge = actor.i
        if owners and (half := self._other_half(owners[0])) is not None:
            owners.insert(0, half)
        entry = self._hit.roles["talk_nouns"]
        if len(owners) == 1 and owners[0].body and entry.value == "any" and self._strong() and not self._follows_with():
            return [], frozenset({*brought, owners[0].actor})
        return owners, frozenset(brought)

    def _other_half(self, owner: Side) -> Side | None:
        """ "North and South Korea held talks"."""
        before = next((side for side in self._sides if side.j + 1 == owner.i), None)
        joined = before is not None and self._s.words[before.j] in self._w.ands
        return before if joined and before and before.actor in self._w.halves.values() else None

    def _follows_with(self) -> bool:
        return self._after(self._hit.j, self._w.with_words, 3) is not None

    def _may_stand(self, word: str, joined: bool) -> bool:
        if word in self._w.joins or word in ("-", "–", "/", "'s", "—"):
            return True
        if joined:
            return word in self._w.articles
        return (
            word.isalpha()
            and word not in self._w.function
            and word not in self._w.auxiliaries
            and word not in self._w.prepositions
        )
