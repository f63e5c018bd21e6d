"""Several who are told of together: "the two sides", "both", "the three powers", "the two corps commanders"."""

from __future__ import annotations

from monitor.kinds.talk_round.find_clause import VERBS_OF_MEETING, Clause
from monitor.kinds.talk_round.find_words import KIND
from monitor.language.lexicon import Hit

#: words of "the two army corps commanders" behind its number
_TITLE = 4
#: how many "both" are
_PAIR = 2
_TOLD_OF = frozenset(("collective", "bare_collective"))
_TWO = _TOLD_OF | {"both_named"}


class Several(Clause):
    """Reads who is meant where nobody is named."""

    def _collective(self, i: int, j: int) -> bool:
        return self._collectives(i, j) is not None

    def _collectives(self, i: int, j: int) -> Hit | None:
        """ "the two leaders", "the three" between tokens i and j."""
        for hit in self._s.hits(KIND):
            if i <= hit.i < j and not _TWO.isdisjoint(hit.roles) and self._is_alone(hit):
                return hit
        return None

    def _is_alone(self, hit: Hit) -> bool:
        """ "The two met", not "the two rounds": behind a bare number there is no noun."""
        if "bare_collective" not in hit.roles:
            return not self._is_of_others(hit.j)
        if hit.j >= len(self._s) or (
            hit.i and self._s.words[hit.i - 1] not in self._w.articles and self._s.words[hit.i] not in self._w.joint
        ):
            return False
        if self._is_person_noun(self._noun_end(hit.j)):
            return True  # "the two corps commanders"
        word = self._s.words[hit.j]
        if any(h.i == hit.j and "bring_ends" in h.roles for h in self._s.hits(KIND)):
            return True  # "brought the two together"
        if word in self._w.adverbs and hit.j + 1 < len(self._s):
            return any(h.i == hit.j + 1 and not VERBS_OF_MEETING.isdisjoint(h.roles) for h in self._s.hits(KIND))
        verb = next((h for h in self._s.hits(KIND) if h.i == hit.j and not VERBS_OF_MEETING.isdisjoint(h.roles)), None)
        return word in self._w.auxiliaries or word in self._w.function or verb is not None or word in (".", ",", ";")

    def _is_of_others(self, j: int) -> bool:
        """ "the leaders of the Quad": who they are is said behind; "the leaders of the two countries" are told of."""
        return (
            self._s.words[j : j + 1] != []
            and self._s.words[j] in self._w.of_words
            and not any(j < h.i <= j + 2 and not _TOLD_OF.isdisjoint(h.roles) for h in self._s.hits(KIND))
        )

    def _noun_end(self, k: int) -> int:
        """The last of the plain words that begin at k, none of them a verb of meeting: -1 where there are none."""
        end = k
        while (
            end < min(k + _TITLE, len(self._s))
            and self._s.words[end].isalpha()
            and self._s.words[end] not in self._w.small
        ):
            if self._is_person_noun(end) and self._s.words[end].endswith("s"):
                return end
            end += 1
        return -1

    def _told_of(self, i: int, j: int) -> tuple[str, ...]:
        """Whom "the two leaders" or "the three powers" between tokens i and j are."""
        hit = self._collectives(i, j)
        if hit is None:
            return ()
        if "both_named" in hit.roles:
            return tuple(hit.roles["both_named"].value.split())
        if (rest := self._without_subject()) and len(rest) == _PAIR:
            return rest
        many = int((hit.roles.get("collective") or hit.roles["bare_collective"]).value)
        return (
            self._memory.both(self._s, self._hit.i) if many == 2 else self._memory.several(self._s, many, self._hit.i)
        )

    def _without_subject(self) -> tuple[str, ...]:
        """Those of the meeting last told of who do not act here: "She spoke with the two ministers separately"."""
        last = self._memory.last(self._s, _PAIR)
        if len(last) != _PAIR + 1:
            return ()
        acting = {side.actor for side in self._subject(self._hit.i, set())}
        return tuple(name for name in last if name not in acting)
