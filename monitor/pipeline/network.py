"""Whether our own network is down: then no source is to blame that it could not be reached."""

from __future__ import annotations

#: so many domains that were well before must be out of reach, and none be reached in between
ENOUGH = 3


class Network:
    """What polls have shown of it. It is down from the third well domain that cannot be reached, until one can."""

    def __init__(self) -> None:
        self._out_of_reach: set[str] = set()

    def note(self, domain: str, *, reached: bool, well: bool) -> None:
        """A poll of a domain ended; ``well``: the poll before had not failed (a dead source is no evidence)."""
        if reached:
            self._out_of_reach.clear()
        elif well:
            self._out_of_reach.add(domain)

    @property
    def is_down(self) -> bool:
        return len(self._out_of_reach) >= ENOUGH
