"""What is remembered of claims and events from one judgement to the next: each claim is compared with many that follow.

Everything here is a function of the claims alone, kept by the identity of the records: the store gives back the same
ones (store/memory.py). What is forgotten is worked out again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import count
from operator import attrgetter, is_
from sys import intern
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from monitor.kinds import KINDS
from monitor.kinds.linking import Rank, Tally, Weighed
from monitor.kinds.voices import Outlets
from monitor.model import Claim, Facts, KnownEvent

if TYPE_CHECKING:
    from monitor.kinds.said import Said

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
One = TypeVar("One")

_numbers = count()


class Placed:
    """A claim with its place in the order, and its keys. Two are equal only if they are one."""

    __slots__ = ("claim", "keys", "number", "rank", "said", "seeks")

    def __init__(self, claim: Claim, said: Said, keys: frozenset[str], seeks: frozenset[str], number: int) -> None:
        #: once it is stored, with the number of its row
        self.claim = claim
        #: what it says, as its kind asks for it
        self.said = said
        self.rank = said.rank
        #: its own blocking keys, and those of what it may belong to
        self.keys, self.seeks = keys, seeks
        #: stands for the claim
        self.number = number

    def under(self, more: frozenset[str]) -> Placed:
        """The same claim under more keys."""
        return Placed(self.claim, self.said, self.keys | more, self.seeks | more, self.number)


claim_of: Callable[[Placed], Claim] = attrgetter("claim")
said_of: Callable[[Placed], Said] = attrgetter("said")
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
        found = Placed(claim, link.said(claim), keys, keys if seeks == keys else seeks, next(_numbers))
        _placed.keep(id(claim), found)
    return found


def _small(keys: Iterable[str]) -> frozenset[str]:
    """A set that leaves no room for more, as one does that grew key by key."""
    return frozenset(set(keys))


def renumbered(claim: Claim, stored: Claim) -> None:
    """Notes that a claim is another only for the number of its row, so that it has the same place."""
    known = _placed.pop(id(claim))
    if known is not None:
        known.claim = stored
        _placed.keep(id(stored), known)


# --- events ----------------------------------------------------------------------------------------------------------


class Roster(NamedTuple):
    """A known event, its claims in canonical order, and all their keys."""

    known: KnownEvent
    members: tuple[Placed, ...]
    keys: frozenset[str]


#: by the number of the known event: of an event that grows the last version alone
_rosters: Kept[int, Roster] = Kept(4_000)


def roster_of(known: KnownEvent) -> Roster:
    """The claims of a known event in their places."""
    number = known.id or 0
    last = _rosters.get(number)
    if last is not None and last.known is known:
        return last
    added = None if last is None else _added(last.known.claims, known.claims)
    if last is not None and added is not None:
        placed = placed_of(added)
        place = bisect_left(last.members, placed.rank, key=rank_of)
        members = (*last.members[:place], placed, *last.members[place:])
        found = Roster(known, members, last.keys if placed.keys <= last.keys else last.keys | placed.keys)
    else:
        members = tuple(sorted(map(placed_of, known.claims), key=rank_of))
        keys = [member.keys for member in members]
        found = Roster(known, members, keys[0] if len(keys) == 1 else _small(frozenset().union(*keys)))
    _rosters.keep(number, found)
    return found


def _added(before: Sequence[One], after: Sequence[One]) -> One | None:
    """The one by which one row is longer than another; None where that is not all."""
    place = len(before)
    if len(after) != place + 1:
        return None
    while place and after[place] is before[place - 1]:
        place -= 1
    return after[place] if all(map(is_, after[:place], before)) else None


# --- verdicts --------------------------------------------------------------------------------------------------------

#: by the number of the claim, and those of the claims that it was weighed beside
_verdicts: Kept[tuple[int, ...], Weighed] = Kept(16_000)
_number_of: Callable[[Placed], int] = attrgetter("number")


def verdict_of(placed: Placed, earlier: Sequence[Placed]) -> Weighed:
    """How a claim fits to earlier ones."""
    key = placed.number, *map(_number_of, earlier)
    found = _verdicts.get(key)
    if found is None:
        link = KINDS[placed.claim.event.kind].link
        found = link.weigh(placed.said, list(map(said_of, earlier)))
        _verdicts.keep(key, found)
    return found


# --- views -----------------------------------------------------------------------------------------------------------

#: claims from which on the account of an event is kept: of fewer it is soon made anew
_WORTH_KEEPING = 4


class Account:
    """What the claims of an event come to, one claim more at a time."""

    __slots__ = ("_facts", "_outlets", "_uncounted", "members", "tally")

    def __init__(self, members: Sequence[Placed]) -> None:
        #: in canonical order
        self.members = list(members)
        self.tally: Tally = KINDS[members[0].claim.event.kind].link.tally()
        for member in members:
            self.tally.add(member.said)
        self._facts: Facts | None = None
        self._outlets: Outlets | None = None
        #: claims whose outlets are not among these yet
        self._uncounted = list(members)

    def add(self, placed: Placed) -> None:
        """Adds a claim."""
        insort(self.members, placed, key=rank_of)
        self.tally.add(placed.said)
        self._facts = None
        self._uncounted.append(placed)

    def view(self) -> Facts:
        """The present view."""
        if self._facts is None:
            self._facts = self.tally.view()
        return self._facts

    def outlets_beside(self, placed: Placed) -> Outlets:
        """The outlets of the claims but for one, which is the last that came or is none of them."""
        self._outlets = self._outlets or Outlets()
        for member in self._uncounted:
            if member is not placed:
                self._outlets.add(member.rank, member.said.outlet, member.said.signature)
        self._uncounted = [member for member in self._uncounted if member is placed]
        return self._outlets


#: by the number of the claim that begins the event
_accounts: Kept[int, Account] = Kept(1_000)


def account_of(members: Sequence[Placed]) -> Account:
    """The account of an event with these claims, which are in canonical order; the one that it has with one fewer goes
    on to it."""
    begun_by = members[0].number
    found = _accounts.get(begun_by)
    if found is not None:
        if len(members) == len(found.members) and all(map(is_, found.members, members)):
            return found
        if (added := _added(found.members, members)) is not None:
            found.add(added)
            return found
    found = Account(members)
    if len(members) >= _WORTH_KEEPING:
        _accounts.keep(begun_by, found)
    return found


def view_of(members: Sequence[Placed]) -> Facts:
    """The present view of an event with these claims, which are in canonical order."""
    return account_of(members).view()


def summed_up(claims: Iterable[Claim]) -> Facts:
    """The view of an event with these claims, which are in canonical order, made anew."""
    return Account(list(map(placed_of, claims))).view()


def forget() -> None:
    """Gives back the room of all that is remembered."""
    for kept in (_placed, _rosters, _verdicts, _accounts):
        kept.clear()
