"""What was joined or parted by hand: it outranks every score, and is remembered against later comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Protocol, Self

from monitor.model import Claim


class Decision(Protocol):
    """What a person decided about claims, as the store keeps it."""

    @property
    def type(self) -> str: ...
    @property
    def left(self) -> frozenset[int]: ...
    @property
    def right(self) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Decisions of people about stored claims, by their ids."""

    #: claims that belong to one event
    together: tuple[frozenset[int], ...] = ()
    #: pairs of sets: no claim of the one belongs to an event with a claim of the other
    apart: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()
    #: the stored claim whose place a claim without an id takes, and whose bonds it has
    heir_of: int | None = None

    @classmethod
    def of(cls, decisions: Iterable[Decision]) -> Self:
        """Decisions in the order in which they were made; a later one outranks what it contradicts.

        "together": the left claims are one event. "apart": the left claims are one event, and the right ones another.
        """
        together: list[frozenset[int]] = []
        apart: list[tuple[frozenset[int], frozenset[int]]] = []
        for made in decisions:
            left, right = made.left, made.right
            if made.type == "together":
                apart = [pair for a, b in apart for pair in ((a - left, b), (a & left, b - left))]
            else:
                together = [part for group in together for part in (group - right, group - left)]
                together = [group for group in together if not (group & left and group & right)]
                apart.append((left, right))
            together += [left, right]
        return cls(
            together=tuple(dict.fromkeys(group for group in together if len(group) > 1)),
            apart=tuple((a, b) for a, b in apart if a and b),
        )

    def inherited(self, by: Claim | None) -> Bonds:
        """The bonds with which a new claim is judged that takes the place of a stored one."""
        return self if by is None else replace(self, heir_of=by.id)

    def _number(self, claim: Claim) -> int | None:
        return self.heir_of if claim.id is None else claim.id

    def keys(self, claim: Claim) -> frozenset[str]:
        """Blocking keys of a bonded claim, beside those of its kind."""
        number = self._number(claim)
        return frozenset(f"hand {min(group)}" for group in self.together if number in group)

    def joins(self, claim: Claim, members: Iterable[Claim]) -> bool:
        """Whether a person put the claim and one of the members together."""
        number, ids = self._number(claim), {self._number(member) for member in members}
        return any(number in group and ids & group for group in self.together)

    def parts(self, claim: Claim, members: Collection[Claim]) -> bool:
        """Whether a person parted the claim from one of the members."""
        number, ids = self._number(claim), {self._number(member) for member in members}
        return any((number in a and ids & b) or (number in b and ids & a) for a, b in self.apart)


#: nothing was decided by hand
NO_BONDS = Bonds()
