"""Claims of one kind as linking asks for them, for the tests of what links them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any, Protocol

from monitor.kinds.linking import Weighed
from monitor.model import Claim


class Told(Protocol):
    """What makes a claim of an item, a day and some slots."""

    def __call__(self, item: str, *, day: int, **slots: Any) -> Claim: ...


class Linked:
    """A kind's link, asked with claims."""

    def __init__(self, link: Any) -> None:
        self._link = link

    def tally(self, *claims: Claim) -> Any:
        """What the claims come to."""
        found = self._link.tally()
        for claim in claims:
            found.add(self._link.said(claim))
        return found

    def view(self, *claims: Claim) -> Any:
        """The present view of the claims."""
        return self.tally(*claims).view()

    def move(self, *claims: Claim) -> Any:
        """What the last claim moves."""
        *before, last = claims
        said = self._link.said(last)
        return self._link.moves(self.tally(*before).heard(said), said, self.view(*before), self.view(*claims))

    def weigh(self, claim: Claim, members: Sequence[Claim]) -> Weighed:
        """How a claim fits to others."""
        found: Weighed = self._link.weigh(self._link.said(claim), list(map(self._link.said, members)))
        return found

    def grown(self, claims: Iterable[Claim]) -> Any:
        """The view after each claim was added in this order, and the view asked for in between."""
        tally = self._link.tally()
        for claim in claims:
            tally.add(self._link.said(claim))
            tally.view()
        return tally.view()


def some_claims(told: Told, values: Mapping[str, Sequence[Any]], by: Random) -> list[Claim]:
    """A few claims of several days whose slots have some of these values, in no order."""
    return [
        told(f"item {n}", day=by.randint(1, 20), **{slot: by.choice(of) for slot, of in values.items()})
        for n in range(by.randint(2, 9))
    ]
