"""What people decide about events: two are one, or one is two; remembered, and undone again.

A decision is kept as a bond between claims, not between events, and outranks every later comparison. Nobody is alerted:
who decides knows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from monitor import compare
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.model import Claim, KnownEvent
    from monitor.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a decision, or its undoing, came to."""

    #: number of the bond
    bond: int
    #: numbers of the events that the claims belong to now, in ascending order
    events: tuple[int, ...]


def bonds_of(tx: Transaction) -> compare.Bonds:
    """What people decided and did not undo."""
    decided = tx.bonds()
    return compare.Bonds.of(decided) if decided else compare.NO_BONDS


def merge(store: Store, one: int, other: int, now: datetime, *, why: str = "") -> Decided:
    """Two known events are one from now on. InputError where they are not there, or of two kinds."""
    if one == other:
        raise InputError(f"event {one}: named twice; expected two events")
    with store.write() as tx:
        a, b = _event(tx, one), _event(tx, other)
        if a.kind != b.kind:
            raise InputError(f"event {one} is of kind {a.kind}, event {other} of kind {b.kind}: they cannot be one")
        ids = _numbers((*a.claims, *b.claims))
        bond = tx.add_bond("together", ids, (), now, why=why)
        return Decided(bond=bond, events=_regroup(tx, ids, now))


def split(store: Store, known_id: int, claims: Collection[int], now: datetime, *, why: str = "") -> Decided:
    """Some claims of a known event are another one from now on. InputError where they are not its, or all of them."""
    with store.write() as tx:
        own = _numbers(_event(tx, known_id).claims)
        left, shown = frozenset(claims), ", ".join(map(str, sorted(own)))
        if not left or not left < own:
            raise InputError(f"event {known_id} has the claims {shown}; expected some of them, and not all")
        bond = tx.add_bond("apart", left, own - left, now, why=why)
        return Decided(bond=bond, events=_regroup(tx, own, now))


def undo(store: Store, number: int, now: datetime) -> Decided:
    """A decision is in force no more, and its claims are compared again. InputError where it is not in force."""
    with store.write() as tx:
        bond = next((bond for bond in tx.bonds() if bond.id == number), None)
        if bond is None or not tx.end_bond(number, now):
            raise InputError(f"{number}: no decision of that number is in force; see `monitor events bonds`")
        return Decided(bond=number, events=_regroup(tx, bond.left | bond.right, now))


def _event(tx: Transaction, known_id: int) -> KnownEvent:
    found = tx.known_events([known_id])
    if not found:
        raise InputError(f"event {known_id}: no such event, or it was merged into another; see `monitor events`")
    return found[0]


def _numbers(claims: Collection[Claim]) -> frozenset[int]:
    return frozenset(claim.id for claim in claims if claim.id is not None)


def _regroup(tx: Transaction, numbers: Collection[int], now: datetime) -> tuple[int, ...]:
    """Compares claims again whose bonds have changed; the numbers of the events that they are in then."""
    bonds = bonds_of(tx)
    claims = tx.standing(numbers)
    for claim in claims:
        tx.set_keys(claim, compare.keys(claim, bonds))
    if claims:
        near = partial(tx.candidates, claims[0].event.kind)
        tx.apply(compare.regroup(claims, near, now, bonds=bonds), now)
    return tx.homes(numbers)
