"""What is remembered of claims and events from one judgement to the next: each claim is compared with many that follow.

Everything here is a function of the claims alone, kept by the identity of the records: the store gives back the same
ones (store/memory.py). What is forgotten is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import count
from operator import attrgetter
from sys import intern
from typing import Generic, NamedTuple, TypeVar

from monitor.kinds import KINDS
from monitor.kinds.linking import Rank, Weighed, order
from monitor.model import Claim, Facts, KnownEvent

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_numbers = count()


class Placed:
    """A claim with its place in the order, and its keys. Two are equal only if they are one."""

    __slots__ = ("claim", "keys", "number", "rank", "seeks")

    def __init__(self, claim: Claim, rank: Rank, keys: frozenset[str], seeks: frozenset[str], number: int) -> None:
        self.claim = claim
        self.rank = rank
        #: its own blocking keys, and those of what it may belong to
        self.keys, self.seeks = keys, seeks
        #: stands for the claim and what it says; it keeps it when it is stored
        self.number = number

    def under(self, more: frozenset[str]) -> Placed:
        """The same claim under more keys."""
        return Placed(self.claim, self.rank, self.keys | more, self.seeks | more, self.number)


rank_of: Callable[[Placed], Rank] = attrgetter("rank")


class Kept(Generic[Key, Value]):
    """Values by their keys; when it is full, those that were not asked for lately are forgotten."""

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """A value, if it is kept."""
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self.keep(key, value)
        return value

    def keep(self, key: Key, value: Value) -> None:
        """Keeps a value for later."""
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def pop(self, key: Key) -> Value | None:
        """Takes a value out, if it is kept."""
        old = self._old.pop(key, None)
        return self._young.pop(key, old)

    def clear(self) -> None:
        """Forgets all."""
        self._old, self._young = {}, {}


# --- claims ----------------------------------------------------------------------------------------------------------

#: by the identity of the claim, which the value holds on to; the store keeps as many claims, and makes others anew
_placed: Kept[int, Placed] = Kept(10_000)


def placed_of(claim: Claim) -> Placed:
    """A claim in its place."""
    found = _placed.get(id(claim))
    if found is None or found.claim is not claim:
        link = KINDS[claim.event.kind].link
        own_item = frozenset((f"item {claim.source} {claim.item}",))
        # many claims share a key: it is kept once
        keys = _small(map(intern, link.keys(claim) or own_item))
        seeks = _small(map(intern, link.seeks(claim) or own_item))
        found = Placed(claim, order(claim), keys, keys if seeks == keys else seeks, next(_numbers))
        _placed.keep(id(claim), found)
    return found


def _small(keys: Iterable[str]) -> frozenset[str]:
    """A set that leaves no room for more, as one does that grew key by key."""
    return frozenset(set(keys))


def renumbered(claim: Claim, stored: Claim) -> None:
    """Notes that a claim is another only for the number of its row, so that it has the same place."""
    known = _placed.pop(id(claim))
    if known is not None and stored is not claim:
        _placed.keep(id(stored), Placed(stored, known.rank, known.keys, known.seeks, known.number))


# --- events ----------------------------------------------------------------------------------------------------------


class Roster(NamedTuple):
    """A known event, its claims in canonical order, and all their keys."""

    known: KnownEvent
    members: tuple[Placed, ...]
    keys: frozenset[str]


#: by the identity of the known event
_rosters: Kept[int, Roster] = Kept(4_000)


def roster_of(known: KnownEvent) -> Roster:
    """The claims of a known event in their places."""
    found = _rosters.get(id(known))
    if found is None or found.known is not known:
        members = sorted(map(placed_of, known.claims), key=rank_of)
        keys = [member.keys for member in members]
        found = Roster(known, tuple(members), keys[0] if len(keys) == 1 else _small(frozenset().union(*keys)))
        _rosters.keep(id(known), found)
    return found


# --- verdicts --------------------------------------------------------------------------------------------------------

#: by the number of the claim, and those of the claims that it was weighed beside
_verdicts: Kept[tuple[int, ...], Weighed] = Kept(16_000)
#: present views by the numbers of all claims of an event
_views: Kept[tuple[int, ...], Facts] = Kept(2_000)

_number_of: Callable[[Placed], int] = attrgetter("number")


def verdict_of(placed: Placed, earlier: Sequence[Placed]) -> Weighed:
    """How a claim fits to earlier ones."""
    key = placed.number, *map(_number_of, earlier)
    found = _verdicts.get(key)
    if found is None:
        link = KINDS[placed.claim.event.kind].link
        found = link.weigh(placed.claim, [member.claim for member in earlier])
        _verdicts.keep(key, found)
    return found


def view_of(members: Sequence[Placed]) -> Facts:
    """The present view of an event with these claims, which are in canonical order."""
    key = tuple(map(_number_of, members))
    found = _views.get(key)
    if found is None:
        claims = [member.claim for member in members]
        found = KINDS[claims[0].event.kind].link.summary(claims)
        _views.keep(key, found)
    return found


def forget() -> None:
    """Gives back the room of all that is remembered."""
    for kept in (_placed, _rosters, _verdicts, _views):
        kept.clear()
