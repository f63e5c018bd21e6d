"""Which claims make one event: a function of the set of claims, whatever their order of arrival.

Claims are taken in canonical order (``linking.order``: by publication). Each looks at the earlier claims that share a
blocking key with it, in the events that they make, and joins the event that it fits best or begins a new one. That
defines the partition. Most claims are the latest of their events, and then one step settles them. A claim that comes
late is put in its place, and the later claims that share a key with it are asked again, in order, and so on with each
that chooses otherwise than before: so the result is that of the canonical order, at the cost of what changes.

What that costs is kept down by what is remembered from one judgement to the next (roster.py): where a claim stands, how
the members of an event are ordered, how a claim was weighed beside a row of others. None of it decides anything.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from monitor.compare.bonds import NO_BONDS, Bonds
from monitor.compare.roster import Placed, claim_of, placed_of, rank_of, roster_of, verdict_of
from monitor.kinds.linking import THRESHOLD, Rank, Weighed
from monitor.model import Claim, Comparison, KnownEvent

#: the stored events, of the kind that is being compared, that hold a claim with one of these keys
Neighbours = Callable[[Collection[str]], Sequence[KnownEvent]]

#: claims of one event that another is compared with: a war's total has thousands, and the last ones tell what it is
MOST_IN_VIEW = 12


def keys(claim: Claim, bonds: Bonds = NO_BONDS) -> frozenset[str]:
    """Blocking keys of a claim: two claims of one real event share at least one.

    A claim that says too little to be compared has that of its own item, by which it is found again.
    """
    own = placed_of(claim).keys
    return own | bonds.keys(claim) if bonds.together else own


def seeks(claim: Claim, bonds: Bonds = NO_BONDS) -> frozenset[str]:
    """Keys by which a claim looks for others: each of those that it finds would find it too."""
    sought = placed_of(claim).seeks
    return sought | bonds.keys(claim) if bonds.together else sought


def in_view(members: Sequence[Placed], of: Placed, shared: Collection[str], most: int) -> list[Placed]:
    """Those of an event's members that a claim is compared with: the last earlier ones that share a key with it.

    ``shared`` are the keys that it shares with any of the event. Members, and the answer, are in canonical order.
    """
    seen: list[Placed] = []
    if not shared:
        return seen
    for place in range(bisect_left(members, of.rank, key=rank_of) - 1, -1, -1):
        member = members[place]
        if not member.keys.isdisjoint(shared):
            seen.append(member)
            if len(seen) == most:
                break
    seen.reverse()
    return seen


@dataclass(slots=True, eq=False)
class Group:
    """The claims of one event while it is being settled."""

    #: in canonical order
    members: Sequence[Placed] = ()
    #: the known event that it came from
    known: KnownEvent | None = None
    #: keys of its members, and of those that left it
    keys: set[str] | frozenset[str] = frozenset()

    def put(self, placed: Placed) -> None:
        """Takes a claim in at its place."""
        members = list(self.members)
        insort(members, placed, key=rank_of)
        self.members = members
        self.keys = self.keys | placed.keys

    def is_begun_by(self, placed: Placed) -> bool:
        """Whether a claim is its first."""
        return placed.rank <= self.members[0].rank


class Board:
    """Known events in the neighbourhood of a change, loaded as far as the change reaches."""

    def __init__(self, neighbours: Neighbours, bonds: Bonds = NO_BONDS) -> None:
        self._neighbours, self._bonds = neighbours, bonds
        self._asked: set[str] = set()
        self._known: dict[int, Group] = {}
        self.groups: list[Group] = []
        #: claims that were asked or came -> the group they are in, and how they stood to the candidates
        self._homes: dict[Placed, Group | None] = {}
        self._compared: dict[Placed, tuple[tuple[Group, Weighed], ...]] = {}
        #: groups that a claim came into, or left, by their identity
        self._touched: dict[int, Group] = {}
        self._queue: list[tuple[Rank, int, Placed]] = []
        self._queued: set[Placed] = set()

    # --- loading ---

    def place(self, claim: Claim) -> Placed:
        """A claim with the keys that it has by hand."""
        placed, by_hand = placed_of(claim), self._bonds.keys(claim)
        return placed.under(by_hand) if by_hand else placed

    def load(self, wanted: Collection[str]) -> None:
        """Brings in the known events that hold any of the keys, once."""
        fresh = frozenset(wanted) - self._asked
        if not fresh:
            return
        self._asked |= fresh
        for known in self._neighbours(fresh):
            assert known.id is not None, "known events in a store have ids"
            if known.id not in self._known:
                self._known[known.id] = group = self._group(known)
                self.groups.append(group)

    def _group(self, known: KnownEvent) -> Group:
        if not self._bonds.together:
            roster = roster_of(known)
            return Group(members=roster.members, known=known, keys=roster.keys)
        members = sorted(map(self.place, known.claims), key=rank_of)
        return Group(members=members, known=known, keys=frozenset(key for member in members for key in member.keys))

    # --- changing ---

    def add(self, claim: Claim) -> Placed:
        """Puts a claim on the board, to be settled."""
        placed = self.place(claim)
        self._push(placed, None)
        return placed

    def remove(self, claim: Claim) -> None:
        """Takes a claim off the board; those that may have followed it are asked again."""
        wanted = self.place(claim)
        self.load(wanted.keys | wanted.seeks)
        for group in self.groups:
            if any(member.claim == claim for member in group.members):
                self._take_out([member for member in group.members if member.claim == claim], group)

    def ask_again(self, claim: Claim) -> None:
        """Queues a stored claim and what follows from it, because a bond of it changed."""
        asked = self.place(claim)
        self.load(asked.keys | asked.seeks)
        for group in self.groups:
            for member in group.members:
                if member.claim == claim:
                    self._push(member, group)

    def settle(self) -> None:
        """Asks the queued claims, and those that follow from them, in canonical order."""
        while self._queue:
            _, _, placed = heapq.heappop(self._queue)
            self._queued.discard(placed)
            self._ask(placed)

    def _push(self, placed: Placed, group: Group | None) -> None:
        if placed not in self._queued:
            self._queued.add(placed)
            self._homes[placed] = group
            heapq.heappush(self._queue, (placed.rank, placed.number, placed))

    def _ask(self, placed: Placed) -> None:
        self.load(placed.seeks)
        chosen = self._choose(placed)
        current = self._homes[placed]
        if chosen is None and current is not None and current.is_begun_by(placed):
            return  # it begins its event, as before
        if chosen is current and current is not None:
            return
        if current is not None:
            self._take_out([placed], current)
        if chosen is None:
            chosen = Group()
            self.groups.append(chosen)
        self._homes[placed] = chosen
        chosen.put(placed)
        self._stir(placed, chosen, chosen.members, came=True)

    def _take_out(self, gone: Sequence[Placed], group: Group) -> None:
        before = group.members
        group.members = [member for member in before if member not in gone]
        for placed in gone:
            self._stir(placed, group, before, came=False)

    def _stir(self, moved: Placed, changed: Group, members: Sequence[Placed], *, came: bool) -> None:
        """Queues the later claims whose choice is another because a claim came into an event, or left it.

        ``members``: those of the event with the claim among them.
        """
        self._touched[id(changed)] = changed
        rank = moved.rank
        for group in self.groups:
            shared = group.keys & moved.seeks
            if not shared:
                continue
            for member in reversed(group.members):  # few claims are late, and what is later than they are stands last
                if member.rank <= rank:
                    break
                if (
                    not member.keys.isdisjoint(shared)
                    and member not in self._queued
                    and self._is_shaken(member, group, moved, changed, members, came=came)
                ):
                    self._push(member, group)

    def _is_shaken(
        self, member: Placed, group: Group, moved: Placed, changed: Group, members: Sequence[Placed], *, came: bool
    ) -> bool:
        """Whether the choice of a claim, the best until now, may be another after one event changed.

        Only that event's verdict is another: where it is the claim's own and did not fall, or another's and does not
        reach that of its own, the choice stands, and no other event needs to be weighed.
        """
        seen = in_view(members, member, changed.keys & member.seeks, MOST_IN_VIEW + 1)
        if moved not in seen[-MOST_IN_VIEW:]:
            return False
        without = [other for other in seen if other is not moved][-MOST_IN_VIEW:]
        view, had_view = (seen[-MOST_IN_VIEW:], without) if came else (without, seen[-MOST_IN_VIEW:])
        fits = self._fits(member, view)
        if self._bonds.together or self._bonds.apart:
            return group is changed or fits is not None
        if group is not changed:
            if fits is None:
                return False
            own = self._fits(member, self._view(group, member))
            return own is None or fits.score >= own.score
        had = self._fits(member, had_view)
        if fits is None or had is None:
            return fits is None or not came
        # Of events that fit equally well the one that was begun first is chosen.
        return fits.score < had.score or (fits.score == had.score and view[0].rank > had_view[0].rank)

    def _fits(self, placed: Placed, earlier: Sequence[Placed]) -> Weighed | None:
        """The verdict on a claim beside earlier ones if they are one event, else None."""
        if not earlier:
            return None
        verdict = verdict_of(placed, earlier)
        if not (self._bonds.together or self._bonds.apart):
            return verdict if verdict.score >= THRESHOLD else None
        claims = [member.claim for member in earlier]
        if self._bonds.joins(placed.claim, claims):
            return verdict
        fits = verdict.score >= THRESHOLD and not self._bonds.parts(placed.claim, claims)
        return verdict if fits else None

    def _choose(self, placed: Placed) -> Group | None:
        """The event of earlier claims that a claim fits best; None where none fits."""
        weighed: list[tuple[Group, Weighed]] = []
        best: tuple[float, Group] | None = None
        bound = bool(self._bonds.together or self._bonds.apart)
        for group, earlier in self._candidates(placed):
            if bound and self._bonds.joins(placed.claim, [member.claim for member in earlier]):
                return group
            verdict = verdict_of(placed, earlier)
            weighed.append((group, verdict))
            fits = verdict.score >= THRESHOLD and not (
                bound and self._bonds.parts(placed.claim, [member.claim for member in earlier])
            )
            if fits and (best is None or verdict.score > best[0]):
                best = verdict.score, group
        self._compared[placed] = tuple(sorted(weighed, key=lambda pair: -pair[1].score))
        return best[1] if best else None

    def _candidates(self, placed: Placed) -> list[tuple[Group, list[Placed]]]:
        """Groups with an earlier claim that shares a key, the one begun first in front."""
        found = ((group, self._view(group, placed)) for group in self.groups)
        return sorted(((group, seen) for group, seen in found if seen), key=lambda pair: pair[1][0].rank)

    @staticmethod
    def _view(group: Group, placed: Placed) -> list[Placed]:
        return in_view(group.members, placed, group.keys & placed.seeks, MOST_IN_VIEW)

    # --- reading the result ---

    def home(self, placed: Placed) -> Group:
        """The event that a claim which was asked is in."""
        group = self._homes[placed]
        assert group is not None
        return group

    def comparisons(self, placed: Placed) -> tuple[Comparison, ...]:
        """What a claim was compared with when it was last asked, best first, for ``monitor explain``.

        Events that have no id yet are left out.
        """
        return tuple(
            Comparison(known_id=group.known.id, score=verdict.score, slots=verdict.slots, reason=verdict.reason)
            for group, verdict in self._compared.get(placed, ())
            if group.known is not None and group.known.id is not None
        )

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
        if heir is not None and id(home := self.home(heir[1])) not in taken:
            left = [n for n, origin in self._known.items() if origin.known and heir[0] in origin.known.claims]
            kept_by.update({known_id: home for known_id in left if known_id not in kept_by})
        return kept_by

    def known(self, known_id: int) -> KnownEvent:
        """A known event as it was loaded."""
        found = self._known[known_id].known
        assert found is not None
        return found


def claims_of(members: Iterable[Placed]) -> tuple[Claim, ...]:
    """Claims in canonical order."""
    return tuple(map(claim_of, members))
