"""What was joined or parted by hand: it outranks every score, and is remembered against later comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monitor.model import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """Decisions of people about stored claims, by their ids."""

    #: claims that belong to one event
    together: tuple[frozenset[int], ...] = ()
    #: pairs of sets: no claim of the one belongs to an event with a claim of the other
    apart: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()

    def keys(self, claim: Claim) -> frozenset[str]:
        """Blocking keys of a bonded claim, beside those of its kind."""
        return frozenset(f"hand {min(group)}" for group in self.together if claim.id in group)

    def joins(self, claim: Claim, members: Iterable[Claim]) -> bool:
        """Whether a person put the claim and one of the members together."""
        ids = {member.id for member in members}
        return any(claim.id in group and ids & group for group in self.together)

    def parts(self, claim: Claim, members: Collection[Claim]) -> bool:
        """Whether a person parted the claim from one of the members."""
        ids = {member.id for member in members}
        return any((claim.id in a and ids & b) or (claim.id in b and ids & a) for a, b in self.apart)


#: nothing was decided by hand
NO_BONDS = Bonds()
