"""Who talks where the noun of talks names nobody: those told of before, or the two that the item is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.kinds.talk_round.find_attach import comments, is_discussed
from monitor.kinds.talk_round.find_each import Found
from monitor.kinds.talk_round.find_thirds import Thirds
from monitor.kinds.talk_round.find_titles import Side
from monitor.kinds.talk_round.find_words import KIND

#: confidence in parties that only the item as a whole tells
GUESSED = 0.58
#: tokens behind a noun in which it is said to be to come
_REACH = 10
#: sentences back to those who are to hold another round
_JUST = 1
#: sentences back to where others meet
_SCENE = 4
_HOSTING = frozenset(("host_verbs", "mediate_verbs"))
#: tokens from a verb of hosting to the noun: "host the next"
_ARTICLE = 3
#: tokens from who says something to the verb
_SAYS = 4


class References(Thirds):
    """Reads whom "the talks", "their meeting", "talks between the two sides" mean."""

    def _is_scene(self, state: str) -> bool:
        """ "They are to meet in Geneva. The Swiss talks ...": whether it only tells where others meet."""
        last = self._memory.last(self._s, _SCENE)
        near = self._s.document.sentences[max(0, self._s.index - _SCENE) : self._s.index]
        return (
            bool(last)
            and state not in last
            and any(p.country == state and p.preposition in self._w.place for s in near for p in s.places)
        )

    def _between_those(self, both: tuple[str, ...], brought: frozenset[str]) -> Found | None:
        """ "A and B welcomed, or sponsor, the talks between the two sides": who does so is none of them."""
        subject = self._subject(self._hit.i, set())
        if subject and comments(self._s, subject[-1].j, self._hit.i, self._w):
            thirds = frozenset(side.actor for side in subject)
            both = next((told for told in (both, self._memory.pair) if told and not thirds & set(told)), ())
            brought |= thirds
        return self._names(both, "talks between those told of before", 0.7, brought)

    def _by_reference(self, owners: Sequence[Side], subject: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """A bare "talks", "the third round": the meeting last told of, or the two that the item is about."""
        another = self._is_another()
        if not (another or self._strong() or self._numbered() or self._is_definite()):
            return None
        if not self._w.elsewhere.isdisjoint(self._s.words) or self._s.words[self._hit.j - 1] in self._w.fights:
            return None
        if not self._strong() and self._s.words[self._hit.j - 1].endswith("s") and not self._is_theirs():
            return None  # "the meetings": several, which nobody can tell apart
        named = {side.actor for side in (*owners, *subject) if not side.body}
        leaders = self._led_by()
        if len(leaders) > 1 and not (self._memory.meetings and self._is_definite()):
            return self._names(leaders, "talks led by", 0.6, brought)
        how = self._hit.roles["talk_nouns"].value
        talked_about = is_discussed(self._s, self._hit.i, self._w)  # which may be those of others
        last = () if talked_about else self._last_of(how)
        definite = self._is_definite() or self._numbered() or another
        definite = definite or (self._strong() and bool(self._memory.last(self._s, 2)) and bool(self._s.days))
        if last and definite and (not named or named & set(last) or self._numbered()):
            return self._names(last, "the talks told of before", 0.66, brought, refers=not self._is_fresh())
        if self._is_theirs() and (both := self._memory.both(self._s, self._hit.i)) and named <= set(both):
            return self._names(both, "their meeting", 0.66, brought, refers=not self._is_fresh())
        if self._told_here():
            last = self._memory.last(self._s, 0)
            found = self._names(last, "the talks of this sentence", 0.66, brought, refers=not brought)
            return replace(found, echo=True) if found is not None else None
        if not self._strong() and not self._numbered():
            return None
        pair = self._memory.pair
        two = list(
            dict.fromkeys(s.actor for s in self._sides if not s.place and s.j <= self._hit.i and not self._says(s))
        )
        if len(two) == 2 and self._numbered() and not self._memory.meetings:
            return self._names(two, "the two that the sentence names", 0.62, brought)
        here = {side.actor for side in self._sides}
        if pair and (not named or named & set(pair)) and (here & set(pair) or self._s.index <= 1 or definite):
            return self._names(pair, "the item's state and group", 0.6, brought)
        return self._of_rivals([*owners, *subject], brought)

    def _of_rivals(self, named: Sequence[Side], brought: frozenset[str]) -> Found | None:
        """ "A and B are at odds. Talks are to resume": without a meeting told, those whom a sentence before names."""
        if self._memory.meetings or not self._s.index:
            return None
        if self._is_hosted():
            brought |= {side.actor for side in named}
        elif any(not side.body and not self._says(side) for side in named):
            return None
        if self._s.words[0] in self._w.pointing:
            return None  # "It would be their first meeting": of an occasion that was told without a word of meeting
        pair = self._memory.rivals
        here = {side.actor for side in self._sides if not side.place}
        if not pair or here & set(pair) or not self._memory.has_named(pair, self._s):
            return None
        return self._names(pair, "the two that the item sets against each other", GUESSED, brought)

    def _is_hosted(self) -> bool:
        """ "will host talks", "mediators convened talks": whoever does so is none of the parties."""
        return any(not _HOSTING.isdisjoint(h.roles) and 0 <= self._hit.i - h.j <= _ARTICLE for h in self._s.hits(KIND))

    def _last_of(self, how: str) -> tuple[str, ...]:
        """Whom "the talks", "the meeting", "the call" are between: by the noun, those who met in that way."""
        if how != "any":
            return self._memory.last(self._s, mode=how)
        coming = self._memory.coming() if self._is_coming() else ()
        return coming or self._memory.talks(self._s)

    def _is_another(self) -> bool:
        """ "agreed to hold another round": of those who have met just before."""
        words, i = self._s.words, self._hit.i
        if words[i] not in self._w.rounds or not i or words[i - 1] not in self._w.fresh:
            return False
        return bool(self._memory.last(self._s, _JUST))

    def _is_coming(self) -> bool:
        """ "the talks due on Tuesday will begin ...": what is still to come is no meeting that has been."""
        end = self._hit.j + _REACH
        return any(
            self._hit.j <= h.i < end and "modals" in h.roles and h.roles["modals"].value == "planned"
            for h in self._s.hits(KIND)
        )

    def _says(self, side: Side) -> bool:
        """Whether a verb of saying stands behind a side: who tells of talks is none of their parties."""
        return any(0 <= h.i - side.j <= _SAYS and "quote_verbs" in h.roles for h in self._s.common)
