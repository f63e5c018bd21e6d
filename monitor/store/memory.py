"""Claims kept in memory: reading one from its row costs more than finding it.

A row of claims never changes what it says (only where it belongs, and whether it stands, which are asked each time),
and is never deleted; so a claim that was read in a transaction that was committed can be used by every later one.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.model import Claim

#: claims kept at most; about 2 kB each
MOST = 20_000


class ClaimMemory:
    """Claims by their numbers; when it is full, those that were not asked for lately are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._half = most // 2
        self._young: dict[int, Claim] = {}
        self._old: dict[int, Claim] = {}

    def get(self, number: int) -> Claim | None:
        """A claim, if it is kept."""
        claim = self._young.get(number)
        if claim is None and (claim := self._old.get(number)) is not None:
            self.keep({number: claim})
        return claim

    def keep(self, claims: Mapping[int, Claim]) -> None:
        """Keeps claims of a transaction that was committed."""
        if len(self._young) + len(claims) > self._half:
            self._old, self._young = self._young, {}
        self._young.update(claims)
