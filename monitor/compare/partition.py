"""Which claims make one event: a function of the set of claims, whatever their order of arrival.

Claims are taken in canonical order (``linking.order``: by publication). Each looks at the earlier claims that share a
blocking key with it, in the events that they make, and joins the event that it fits best or begins a new one. That
defines the partition. Most claims are the latest of their events, and then one step settles them. A claim that comes
late is put in its place, and the later claims that share a key with it are asked again, in order, and so on with each
that chooses otherwise than before: so the result is that of the canonical order, at the cost of what changes.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.compare.bonds import NO_BONDS, Bonds
from monitor.kinds import KINDS
from monitor.kinds.linking import THRESHOLD, Weighed, order
from monitor.model import Claim, Comparison, KnownEvent

#: the stored events, of the kind that is being compared, that hold a claim with one of these keys
Neighbours = Callable[[Collection[str]], Sequence[KnownEvent]]
Rank = tuple[str, ...]

#: claims of one event that another is compared with: a war's total has thousands, and the last ones tell what it is
MOST_IN_VIEW = 24


def keys(claim: Claim, bonds: Bonds = NO_BONDS) -> frozenset[str]:
    """Blocking keys of a claim: two claims of one real event share at least one.

    A claim that says too little to be compared has that of its own item, by which it is found again.
    """
    own = traits_of(claim).keys
    return own | bonds.keys(claim) if bonds.together else own


def seeks(claim: Claim, bonds: Bonds = NO_BONDS) -> frozenset[str]:
    """Keys by which a claim looks for others: each of those that it finds would find it too."""
    sought = traits_of(claim).seeks
    return sought | bonds.keys(claim) if bonds.together else sought


def _worked_out(claim: Claim) -> Traits:
    link = KINDS[claim.event.kind].link
    own_item = frozenset((f"item {claim.source} {claim.item}",))
    return Traits(claim, order(claim), link.keys(claim) or own_item, link.seeks(claim) or own_item)


class Traits(NamedTuple):
    """What is worked out once for a claim: its rank, its own blocking keys, and those of what it may belong to."""

    claim: Claim
    rank: Rank
    keys: frozenset[str]
    seeks: frozenset[str]


#: traits by the identity of the claim, which they hold on to: the store gives back the same records
_traits: dict[int, Traits] = {}
_MOST_TRAITS = 40_000


def traits_of(claim: Claim) -> Traits:
    """The traits of a claim; remembered, because a claim that is stored is compared with many that follow."""
    found = _traits.get(id(claim))
    if found is None or found.claim is not claim:
        found = _worked_out(claim)
        _keep(found)
    return found


def renumbered(claim: Claim, stored: Claim) -> None:
    """Notes that a claim is another only for the number of its row, so that it has the same traits."""
    known = _traits.pop(id(claim), None)
    if known is not None and stored is not claim:
        _keep(known._replace(claim=stored))


def _keep(traits: Traits) -> None:
    if len(_traits) >= _MOST_TRAITS:
        _traits.clear()
    _traits[id(traits.claim)] = traits


@dataclass(slots=True, eq=False)
class Placed:
    """A claim on the board."""

    claim: Claim
    rank: Rank
    keys: frozenset[str]
    seeks: frozenset[str]
    group: Group | None = None
    #: how it stood to the candidates when it was last asked
    compared: tuple[tuple[Group, Weighed], ...] = ()


def in_view(members: Iterable[Placed], of: Placed) -> list[Placed]:
    """Those of an event's members that a claim is compared with: the last earlier ones that share a key with it.

    Members, and the answer, are in canonical order.
    """
    seen = []
    for member in reversed(list(members)):
        if member.rank < of.rank and not member.keys.isdisjoint(of.seeks):
            seen.append(member)
            if len(seen) == MOST_IN_VIEW:
                break
    return seen[::-1]


@dataclass(slots=True, eq=False)
class Group:
    """The claims of one event while it is being settled."""

    members: list[Placed] = field(default_factory=list)
    #: the known event that it came from
    known: KnownEvent | None = None

    def in_view(self, of: Placed) -> list[Placed]:
        """Its members that a claim is compared with, in canonical order."""
        return in_view(self.members, of)

    def is_begun_by(self, placed: Placed) -> bool:
        """Whether a claim is its first."""
        return all(placed.rank <= member.rank for member in self.members)


class Board:
    """Known events in the neighbourhood of a change, loaded as far as the change reaches."""

    def __init__(self, neighbours: Neighbours, bonds: Bonds = NO_BONDS) -> None:
        self._neighbours, self._bonds = neighbours, bonds
        self._asked: set[str] = set()
        self._known: dict[int, Group] = {}
        self.groups: list[Group] = []
        #: groups that a claim came into, or left, by their identity
        self._touched: dict[int, Group] = {}
        self._queue: list[tuple[Rank, int, Placed]] = []
        self._queued: set[int] = set()

    # --- loading ---

    def place(self, claim: Claim) -> Placed:
        """A claim that is new on the board."""
        _, rank, own, sought = traits_of(claim)
        by_hand = self._bonds.keys(claim)
        return Placed(claim, rank, own | by_hand if by_hand else own, sought | by_hand if by_hand else sought)

    def load(self, wanted: Collection[str]) -> None:
        """Brings in the known events that hold any of the keys, once."""
        fresh = frozenset(wanted) - self._asked
        if not fresh:
            return
        self._asked |= fresh
        for known in self._neighbours(fresh):
            assert known.id is not None, "known events in a store have ids"
            if known.id not in self._known:
                group = Group(known=known)
                group.members = sorted((self.place(claim) for claim in known.claims), key=lambda placed: placed.rank)
                for member in group.members:
                    member.group = group
                self._known[known.id] = group
                self.groups.append(group)

    # --- changing ---

    def add(self, claim: Claim) -> Placed:
        """Puts a claim on the board, to be settled."""
        placed = self.place(claim)
        self._push(placed)
        return placed

    def remove(self, claim: Claim) -> None:
        """Takes a claim off the board; those that may have followed it are asked again."""
        wanted = self.place(claim)
        self.load(wanted.keys | wanted.seeks)
        for group in self.groups:
            if any(member.claim == claim for member in group.members):
                group.members = [member for member in group.members if member.claim != claim]
                self._stir(wanted, group, came=False)

    def ask_again(self, claim: Claim) -> None:
        """Queues a stored claim and what follows from it, because a bond of it changed."""
        asked = self.place(claim)
        self.load(asked.keys | asked.seeks)
        for group in self.groups:
            for member in group.members:
                if member.claim == claim:
                    self._push(member)

    def settle(self) -> None:
        """Asks the queued claims, and those that follow from them, in canonical order."""
        while self._queue:
            _, _, placed = heapq.heappop(self._queue)
            self._queued.discard(id(placed))
            self._ask(placed)

    def _push(self, placed: Placed) -> None:
        if id(placed) not in self._queued:
            self._queued.add(id(placed))
            heapq.heappush(self._queue, (placed.rank, id(placed), placed))

    def _ask(self, placed: Placed) -> None:
        self.load(placed.seeks)
        chosen = self._choose(placed)
        current = placed.group
        if chosen is None and current is not None and current.is_begun_by(placed):
            return  # it begins its event, as before
        if chosen is current and current is not None:
            return
        if current is not None:
            current.members.remove(placed)
            self._stir(placed, current, came=False)
        if chosen is None:
            chosen = Group()
            self.groups.append(chosen)
        placed.group = chosen
        chosen.members.append(placed)
        chosen.members.sort(key=lambda member: member.rank)
        self._stir(placed, chosen, came=True)

    def _stir(self, moved: Placed, changed: Group, *, came: bool) -> None:
        """Queues the later claims whose choice is another because a claim came into an event, or left it."""
        self._touched[id(changed)] = changed
        for group in self.groups:
            for member in group.members:
                if (
                    member.rank > moved.rank
                    and id(member) not in self._queued
                    and not member.keys.isdisjoint(moved.seeks)
                    and self._is_shaken(member, group, moved, changed, came=came)
                ):
                    self._push(member)

    def _is_shaken(self, member: Placed, group: Group, moved: Placed, changed: Group, *, came: bool) -> bool:
        """Whether the choice of a claim, the best until now, may be another after one event changed.

        Only that event's verdict is another: where it is the claim's own and did not fall, or another's and does not
        reach that of its own, the choice stands, and no other event needs to be weighed.
        """
        view = changed.in_view(member)
        rest = [other for other in changed.members if other is not moved]
        had_view = in_view(rest if came else sorted([*rest, moved], key=lambda placed: placed.rank), member)
        if moved not in (view if came else had_view):
            return False
        fits = self._fits(member, view)
        if self._bonds.together or self._bonds.apart:
            return group is changed or fits is not None
        if group is not changed:
            own = fits and self._fits(member, group.in_view(member))
            return fits is not None and (own is None or fits.score >= own.score)
        had = self._fits(member, had_view)
        if fits is None or had is None:
            return fits is None or not came
        # Of events that fit equally well the one that was begun first is chosen.
        return fits.score < had.score or (fits.score == had.score and view[0].rank > had_view[0].rank)

    def _fits(self, placed: Placed, earlier: Sequence[Placed]) -> Weighed | None:
        """The verdict on a claim beside earlier ones if they are one event, else None."""
        if not earlier:
            return None
        claims = [member.claim for member in earlier]
        verdict = KINDS[placed.claim.event.kind].link.weigh(placed.claim, claims)
        if self._bonds.joins(placed.claim, claims):
            return verdict
        fits = verdict.score >= THRESHOLD and not self._bonds.parts(placed.claim, claims)
        return verdict if fits else None

    def _choose(self, placed: Placed) -> Group | None:
        """The event of earlier claims that a claim fits best; None where none fits."""
        link = KINDS[placed.claim.event.kind].link
        weighed: list[tuple[Group, Weighed]] = []
        best: tuple[float, Group] | None = None
        for group, earlier in self._candidates(placed):
            claims = [member.claim for member in earlier]
            if self._bonds.joins(placed.claim, claims):
                return group
            verdict = link.weigh(placed.claim, claims)
            weighed.append((group, verdict))
            fits = verdict.score >= THRESHOLD and not self._bonds.parts(placed.claim, claims)
            if fits and (best is None or verdict.score > best[0]):
                best = verdict.score, group
        placed.compared = tuple(sorted(weighed, key=lambda pair: -pair[1].score))
        return best[1] if best else None

    def _candidates(self, placed: Placed) -> list[tuple[Group, list[Placed]]]:
        """Groups with an earlier claim that shares a key, the one begun first in front."""
        found = ((group, group.in_view(placed)) for group in self.groups)
        return sorted(((group, seen) for group, seen in found if seen), key=lambda pair: pair[1][0].rank)

    # --- reading the result ---

    def touched(self) -> list[Group]:
        """The events that claims came into, or left; all others are as they were loaded."""
        return list(self._touched.values())

    def identities(self, heir: tuple[Claim, Placed] | None = None) -> dict[int, Group]:
        """Which group keeps the id of each known event: the one that has most of its claims, then the earliest.

        ``heir``: a claim that was replaced and the one in its place, which inherits the event of which nothing is left.
        """
        homes = {id(c): g.known.id for g in self.touched() if g.known and g.known.id for c in g.known.claims}
        bids: list[tuple[int, Rank, int, Group]] = []
        for group in self.touched():
            kept = Counter(homes[id(m.claim)] for m in group.members if id(m.claim) in homes)
            bids += [(-count, group.members[0].rank, known_id, group) for known_id, count in kept.items()]
        kept_by: dict[int, Group] = {}
        taken: set[int] = set()
        for _, _, known_id, group in sorted(bids, key=lambda bid: bid[:3]):
            if known_id not in kept_by and id(group) not in taken:
                kept_by[known_id] = group
                taken.add(id(group))
        if heir is not None and heir[1].group is not None and id(heir[1].group) not in taken:
            left = [n for n, origin in self._known.items() if origin.known and heir[0] in origin.known.claims]
            kept_by.update({known_id: heir[1].group for known_id in left if known_id not in kept_by})
        return kept_by

    def known(self, known_id: int) -> KnownEvent:
        """A known event as it was loaded."""
        found = self._known[known_id].known
        assert found is not None
        return found


def comparisons(placed: Placed) -> tuple[Comparison, ...]:
    """What a claim was compared with, best first, for ``monitor explain``; events that have no id yet are left out."""
    return tuple(
        Comparison(known_id=group.known.id, score=verdict.score, slots=verdict.slots, reason=verdict.reason)
        for group, verdict in placed.compared
        if group.known is not None and group.known.id is not None
    )


def claims_of(members: Iterable[Placed]) -> tuple[Claim, ...]:
    """Claims in canonical order."""
    return tuple(member.claim for member in members)
