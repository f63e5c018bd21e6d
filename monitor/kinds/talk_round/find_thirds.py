"""Thirds beside a meeting: who mediates it, stands by it, calls others to it, offers it, or sets it going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_verbs import Verbs
from monitor.kinds.talk_round.find_words import KIND

#: tokens from "guarantors" to the noun of what they stand by
_STOOD_BY = 4
_CALLING = frozenset(("bring_verbs", "modals"))
#: tokens between those who act in a sentence and a noun of talks
_REACH = 25
#: words of a noun's own phrase before it
_FEW = 3


class Thirds(Verbs):
    """Reads who is beside the parties of a noun of meeting."""

    def _attended_by(self, j: int, brought: frozenset[str]) -> Found | None:
        """ "talks in Vienna attended by A, B and C"."""
        k = self._after(j, self._w.attended, _REACH)
        if k is None or self._s.words[k + 1 : k + 2] == [] or self._s.words[k + 1] not in self._w.by_words:
            return None
        group = self._group(k + 2)
        return self._two(group, "talks attended by", 0.8, brought, group)

    def _served(self, brought: frozenset[str]) -> Found | None:
        """ "A and B will join the talks as mediators", "the discussions, sponsored by A": of those told of before."""
        words, j = self._s.words, self._hit.j
        last = self._memory.last(self._s, 2)
        if not last or not self._is_definite():
            return None
        if j + 1 < len(words) and words[j] in self._w.roles and not self._w.mediator.isdisjoint(words[j + 1 : j + 3]):
            thirds = {side.actor for side in self._subject(self._hit.i, set())}
            if not thirds or thirds & set(last):
                return None
            return self._names(last, "talks joined by mediators", 0.66, brought | thirds, refers=True)
        if words[j : j + 1] == [","] and any(h.i == j + 1 and "mediator_words" in h.roles for h in self._s.hits(KIND)):
            return self._names(last, "the talks that a third sponsors", 0.66, brought, refers=True)
        return None

    def _is_of_guarantors(self) -> bool:
        """ "is one of the guarantor nations for the talks": who stands by them is no party."""
        i = self._hit.i
        return self._s.has(self._w.guarantors) and any(
            "guarantors" in h.roles and 0 < i - h.j <= _STOOD_BY and self._w.to_words.isdisjoint(self._s.words[h.j : i])
            for h in self._s.hits(KIND)
        )

    def _before_mediators(self, found: Found, partner: int | None) -> Found:
        """ "A and B held talks with mediators from C"."""
        objects = self._group(partner + 1) if partner is not None and partner < self._next else []
        if not objects or self._w.mediator.isdisjoint(self._s.words[(partner or 0) + 1 : objects[0].j]):
            return found
        return replace(found, mediators=found.mediators | ({side.actor for side in objects} - {*found.parties}))

    def _are_mediators(self, k: int, objects: Sequence[Side]) -> bool:
        """ "A and B held talks with mediators from C": one alone who talks with mediators has nobody else."""
        if self._w.mediator.isdisjoint(self._s.words[k : objects[0].j]):
            return False
        met = {side.actor for side in objects}
        return len({side.actor for side in self._subject(self._hit.i, met)} - met) > 1

    def _is_joint(self, partner: int) -> bool:
        """ "the mediation, coordinated with A": behind the participle of a verb of mediating are more mediators."""
        return any(h.j == partner and "mediate_verbs" in h.roles for h in self._s.hits(KIND))

    def _urged(self, i: int) -> Found | None:
        """ "A urged both sides to resume talks": those told of before, and none where that is who urges them."""
        hit = self._collectives(max(0, i - _REACH), i)
        if hit is None or self._w.tell.isdisjoint(self._s.words[max(0, hit.i - 2) : hit.i]):
            return None
        both = self._told_of(hit.i, i)
        third = {side.actor for side in self._subject(hit.i, set())}
        plain = tuple(sorted(both)) if len(both) > 1 and not third & set(both) else ()
        return Found(plain, "those told of before are urged to talk", 0.66)

    def _called(self, brought: frozenset[str]) -> Found | None:
        """ "C invited A and B to talks", "C urged A and B to resume talks": who is told is a party."""
        ends = [h.j for h in self._s.hits(KIND) if not _CALLING.isdisjoint(h.roles)]
        ends += [k + 1 for k, word in enumerate(self._s.words) if word in self._w.tell]
        for end in sorted((e for e in ends if 0 < self._hit.i - e <= _REACH), reverse=True):
            objects = [side for side in self._group(end) if side.j <= self._hit.i]
            if objects and not self._w.admitting.isdisjoint(self._s.words[end : objects[0].i]):
                continue  # "plans to include A and B in the talks"
            names = {side.actor for side in objects}
            callers = self._subject(end - 1, names)
            if len(names) > 1:
                host = frozenset(side.actor for side in callers) - names
                return self._two(objects, "called to talks", 0.75, brought | host)
            if names and self._is_table():
                return self._two([*callers, *objects], "called to the table", 0.7, brought)
        return None

    def _set_going(self, subject: Sequence[Side], owners: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """ "the AU's chairman opened the talks", "opened the Yemen talks": those told of before, brought together."""
        last, who = self._memory.last(self._s, 2), frozenset(side.actor for side in subject)
        between = self._s.words[subject[-1].j : self._hit.i] if subject else []
        if not last or not who or who & set(last) or not self._w.opening & set(between):
            return None
        if not self._is_definite() and {side.actor for side in owners}.isdisjoint(last):
            return None
        return self._names(last, "set going by a third", 0.66, brought | who, refers=True)

    def _is_table(self) -> bool:
        """ "to come to the negotiating table": with whoever says so."""
        return self._s.words[self._hit.j - 1] in self._w.tables

    def _offered(self, brought: frozenset[str]) -> Found | None:
        """ "A rejected an offer by B to hold talks", "A rejected B's offer of talks"."""
        words, i = self._s.words, self._hit.i
        if self._is_adverbial() and not self._w.occasions.isdisjoint(words[max(0, i - _FEW) : i]):
            return None  # "an overture in peace talks"
        for k in range(i - 1, max(0, i - _REACH), -1):
            if words[k] not in self._w.offers or any(
                "mediator_words" in h.roles and h.i <= k < h.j for h in self._s.hits(KIND)
            ):
                continue
            end = next(
                (side for side in self._sides if side.j < k and words[side.j : k] in (["'s"], ["'s", "latest"])), None
            )
            by = k + 1 < i and (words[k + 1] in self._w.by_words or words[k + 1] in self._w.of_words)
            givers = [s for s in self._group(k + 2) if s.j <= i] if by else [end] if end is not None else []
            if givers:
                names = {side.actor for side in givers}
                takers = self._subject(k, names)
                if len({side.actor for side in takers}) > 1 and givers[0].body:
                    return self._two(takers, "an offer to both", 0.72, brought | names)
                return self._two([*givers, *takers], "an offer by one to the other", 0.72, brought)
        return None
