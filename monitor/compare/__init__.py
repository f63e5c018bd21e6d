"""Claim and known events -> change: what is one event, and what a claim says that was not known.

    judge(claim, neighbours, now)              a claim that was not there before
    judge(claim, neighbours, now, replaces=c)  a claim of an edited item, in place of one of its earlier version
    withdraw(claim, neighbours, now)           an edited item no longer says it
    in_telling_order(claims)                   the claims of one item as they are to be judged
    pair(old, new)                             which claims of an edited item take the place of which
    regroup(claims, neighbours, now, bonds)    asks again, after a person joined or parted claims
    forget()                                   gives back the room of what was remembered from one to the next

The store applies a judgement in the transaction in which it was asked for its neighbours; see ``Judgement``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from monitor.compare.bonds import NO_BONDS, Bonds
from monitor.compare.partition import Board, Group, Neighbours, claims_of, keys, seeks
from monitor.compare.roster import Placed, forget, renumbered, summed_up, view_of
from monitor.compare.telling import heard_by, tell, tell_correction
from monitor.kinds import KINDS
from monitor.kinds.likeness import near_copies, signature
from monitor.kinds.linking import differing
from monitor.kinds.voices import independent
from monitor.model import Change, ChangeType, Claim, Event, Item, KnownEvent

__all__ = [
    "NO_BONDS",
    "Bonds",
    "Judgement",
    "Neighbours",
    "Replacement",
    "beside",
    "forget",
    "in_telling_order",
    "independent",
    "judge",
    "keys",
    "near_copies",
    "pair",
    "regroup",
    "renumbered",
    "seeks",
    "signature",
    "withdraw",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What taking a claim in, or out, does to the known events."""

    #: what is told, with the claim's known event after it (its id None: a new one); None when there is nothing to tell
    change: Change | None
    #: further known events that are different now (id None: one that was split off), with all their claims
    others: tuple[KnownEvent, ...] = ()
    #: ids of known events that have no claims any more, because others took them over
    absorbed: tuple[int, ...] = ()
    #: claims that are gone
    dropped: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What becomes of a claim when its item is edited."""

    #: None: the fact was added
    old: Claim | None
    #: None: the fact was withdrawn
    new: Claim | None

    @property
    def is_same(self) -> bool:
        """Whether the edit left the fact as it was."""
        return self.old is not None and self.new is not None and self.old.event.facts == self.new.event.facts


def judge(
    claim: Claim, neighbours: Neighbours, now: datetime, *, replaces: Claim | None = None, bonds: Bonds = NO_BONDS
) -> Judgement:
    """What a claim does to what is known; ``replaces``: the claim of the item's earlier version that it corrects."""
    board = Board(neighbours, bonds.inherited(replaces))
    if replaces is not None:
        board.remove(replaces)
    placed = board.add(claim)
    board.settle()
    home = board.home(placed)
    others = [other for other in home.members if other is not placed]
    heard = heard_by(placed, others) if replaces is None else None  # asked before the account of the event goes on
    events = _events(board, now, heir=None if replaces is None else (replaces, placed))
    after, compared = events.of(home), board.comparisons(placed)
    if replaces is None:
        change = tell(heard, placed, after, compared)
    else:
        change = tell_correction(others, placed, after, compared, replaces)
    return Judgement(
        change=change,
        others=tuple(known for group, known in events.changed if group is not home),
        absorbed=events.absorbed,
        dropped=() if replaces is None else (replaces,),
    )


def withdraw(claim: Claim, neighbours: Neighbours, now: datetime, *, bonds: Bonds = NO_BONDS) -> Judgement:
    """What is left when an edited item no longer says a claim; told only where nobody else says it."""
    board = Board(neighbours, bonds)
    board.load(keys(claim, bonds) | seeks(claim, bonds))
    held = next((g.known for g in board.groups if g.known and claim in g.known.claims), None)
    board.remove(claim)
    board.settle()
    events = _events(board, now)
    others = tuple(known for _, known in events.changed)
    if held is None:
        return Judgement(change=None, others=others, absorbed=events.absorbed, dropped=(claim,))
    if len(held.claims) == 1:
        gone = replace(held, claims=(), changed=now)
        change = Change(type=ChangeType.WITHDRAWN, claim=claim, known=gone, reason="no longer said")
        absorbed = tuple(known_id for known_id in events.absorbed if known_id != held.id)
        return Judgement(change=change, others=others, absorbed=absorbed, dropped=(claim,))
    left = next((known for known in others if known.id == held.id), None)
    if left is not None and left.facts != (was := summed_up(held.claims)):
        fields = differing(was, left.facts, KINDS[claim.event.kind].slots)
        change = Change(type=ChangeType.REVISED, claim=claim, known=left, fields=fields, reason="correction")
        others = tuple(known for known in others if known is not left)
        return Judgement(change=change, others=others, absorbed=events.absorbed, dropped=(claim,))
    return Judgement(change=None, others=others, absorbed=events.absorbed, dropped=(claim,))


def regroup(claims: Iterable[Claim], neighbours: Neighbours, now: datetime, *, bonds: Bonds) -> Judgement:
    """Asks stored claims again, after their bonds changed; nothing is told."""
    board = Board(neighbours, bonds)
    for claim in claims:
        board.ask_again(claim)
    board.settle()
    events = _events(board, now)
    return Judgement(change=None, others=tuple(known for _, known in events.changed), absorbed=events.absorbed)


def pair(old: Sequence[Claim], new: Sequence[Claim]) -> tuple[Replacement, ...]:
    """Which claims of an edited item take the place of which: equal facts first, then what is likest of one kind."""
    left, found = list(old), []
    waiting = []
    for claim in new:
        same = next((o for o in left if o.event.facts == claim.event.facts), None)
        if same is None:
            waiting.append(claim)
        else:
            left.remove(same)
            found.append(Replacement(old=same, new=claim))
    scored = [(_likeness(o, n), i, j) for i, o in enumerate(left) for j, n in enumerate(waiting)]
    gone: set[int] = set()
    for score, i, j in sorted(scored, key=lambda entry: (-entry[0], entry[1:])):
        if score > 0 and i not in gone and all(r.new is not waiting[j] for r in found):
            gone.add(i)
            found.append(Replacement(old=left[i], new=waiting[j]))
    found += [Replacement(old=o, new=None) for i, o in enumerate(left) if i not in gone]
    paired = {id(r.new) for r in found}
    return (*found, *(Replacement(old=None, new=n) for n in waiting if id(n) not in paired))


def beside(event: Event, item: Item, told: Sequence[Event]) -> str:
    """What an item says around an event that helps to know it again (``Link.beside``)."""
    others = [other for other in told if other is not event and other.kind == event.kind]
    return KINDS[event.kind].link.beside(event, item, others)


def in_telling_order(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of one item as they are to be judged: of a kind those first that say most (``Link.prominence``).

    An item that tells of 19 more bodies and of 31 dead moves the toll once, to 31. Kinds keep their places.
    """
    places: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        places.setdefault(claim.event.kind, []).append(number)
    ordered = list(claims)
    for kind, numbers in places.items():
        said = sorted((claims[n] for n in numbers), key=lambda claim: -KINDS[kind].link.prominence(claim))
        for number, claim in zip(numbers, said, strict=True):
            ordered[number] = claim
    return ordered


def _likeness(old: Claim, new: Claim) -> float:
    """Share of slots, of those that either fills, in which two claims of one kind agree; 0 for two kinds."""
    if old.event.kind != new.event.kind:
        return 0.0
    slots = KINDS[old.event.kind].slots
    pairs = [(getattr(old.event.facts, slot), getattr(new.event.facts, slot)) for slot in slots]
    filled = [(a, b) for a, b in pairs if a not in (None, ()) or b not in (None, ())]
    share = sum(a == b for a, b in filled) / max(1, len(filled))
    return share if share >= 0.4 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Events:
    """The known events after a board has settled."""

    #: groups whose claims are not those of a known event any more, or never were
    changed: tuple[tuple[Group, KnownEvent], ...]
    absorbed: tuple[int, ...]

    def of(self, group: Group) -> KnownEvent:
        """The known event that a changed group makes."""
        return next(known for other, known in self.changed if other is group)


def _events(board: Board, now: datetime, heir: tuple[Claim, Placed] | None = None) -> _Events:
    owners = board.identities(heir)
    ids = {id(group): known_id for known_id, group in owners.items()}
    changed = []
    for group in board.touched():
        claims = claims_of(group.members)
        before = board.known(ids[id(group)]) if id(group) in ids else None
        if claims and (before is None or _differ(before.claims, claims)):
            changed.append((group, _known(before, group.members, now)))
    lost = [g.known.id for g in board.touched() if g.known and g.known.id is not None and g.known.id not in owners]
    return _Events(changed=tuple(changed), absorbed=tuple(sorted(lost)))


def _differ(before: Collection[Claim], after: Collection[Claim]) -> bool:
    return len(before) != len(after) or {id(claim) for claim in before} != {id(claim) for claim in after}


_seen: Callable[[Claim], datetime] = attrgetter("seen")


def _known(before: KnownEvent | None, members: Sequence[Placed], now: datetime) -> KnownEvent:
    claims, facts = claims_of(members), view_of(members)
    return KnownEvent(
        id=before.id if before else None,
        kind=facts.kind,
        facts=facts,
        claims=claims,
        first_seen=min(map(_seen, claims)),
        changed=before.changed if before and before.facts == facts else now,
    )
