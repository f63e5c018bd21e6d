"""Whether our own network is down: then no source is to blame that it could not be reached."""

from __future__ import annotations

from datetime import datetime, timedelta

#: so many domains that were well before must be out of reach, and none be reached in between
ENOUGH = 3
#: it is worth a word to the operators when it has lasted for so long
LONG = timedelta(minutes=30)


class Network:
    """What polls have shown of it. It is down from the third well domain that cannot be reached, until one can."""

    def __init__(self) -> None:
        self._out_of_reach: set[str] = set()
        self._since: datetime | None = None
        self._told = False

    def note(self, domain: str, *, reached: bool, well: bool, now: datetime) -> None:
        """A poll of a domain ended; ``well``: the poll before had not failed (a dead source is no evidence)."""
        if reached:
            self._out_of_reach.clear()
        elif well:
            self._out_of_reach.add(domain)
        self._since = (self._since or now) if self.is_down else None

    @property
    def is_down(self) -> bool:
        return len(self._out_of_reach) >= ENOUGH

    def news(self, now: datetime) -> tuple[str, str] | None:
        """Subject and text of what the operators do not know yet: that it is down for long, or is back."""
        if self._since is None and self._told:
            return "our own network is back", "Sources can be reached again."
        if self._since is not None and not self._told and now - self._since >= LONG:
            minutes = (now - self._since) // timedelta(minutes=1)
            text = f"No source can be reached for {minutes} minutes, and no source is to blame: all are tried again."
            return "our own network seems to be down", text
        return None

    def mark_told(self) -> None:
        """The operators know what ``news`` said last."""
        self._told = not self._told
