"""What is told of a claim: how the view of its known event differs with it and without it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.compare.roster import Placed, view_of
from monitor.kinds import KINDS
from monitor.kinds.linking import Move, differing, order
from monitor.kinds.voices import independent, is_copy, outlet_of
from monitor.model import Change, ChangeType, Claim, Comparison, KnownEvent


def tell(
    others: Sequence[Placed],
    claim: Claim,
    after: KnownEvent,
    compared: tuple[Comparison, ...],
    *,
    instead_of: Sequence[Claim] = (),
) -> Change:
    """The change that a claim makes beside the other claims of its known event, which are in canonical order.

    ``instead_of`` are claims of the same item's earlier version: what they said had been told.
    """
    before = [other.claim for other in others]
    if not before and not instead_of:
        move = Move(type=ChangeType.NEW, reason="first report")
    elif instead_of:
        move = _correction(before, claim, after, instead_of)
    else:
        moved = KINDS[after.kind].link.moves(before, claim, view_of(others), after.facts)
        move = moved or _echo(before, claim)
    return Change(type=move.type, claim=claim, known=after, fields=move.fields, reason=move.reason, compared=compared)


def _echo(before: Sequence[Claim], claim: Claim) -> Move:
    """A claim that says nothing new: another outlet that says the same, or the same voice again."""
    if is_copy(claim, before):
        return Move(type=ChangeType.REPEATED, reason="copy of a text that is known")
    if any(outlet_of(claim) == outlet_of(other) for other in before):
        return Move(type=ChangeType.REPEATED, reason="same outlet")
    # Another outlet, whose text is a copy of none, nor one of it: it counts beside all that counted before.
    return Move(type=ChangeType.CONFIRMED, reason=f"{independent(before) + 1} independent outlets")


def _correction(before: Sequence[Claim], claim: Claim, after: KnownEvent, instead_of: Sequence[Claim]) -> Move:
    """An edited item's claim in place of its earlier one."""
    kind = KINDS[after.kind]
    was = kind.link.summary(sorted([*before, *instead_of], key=order))
    fields = differing(was, after.facts, kind.slots)
    if not fields:
        return Move(type=ChangeType.REPEATED, reason="edited, nothing new")
    moved = kind.link.moves(sorted([*before, *instead_of], key=order), claim, was, after.facts)
    if moved is not None and moved.type is not ChangeType.REVISED:
        return Move(type=moved.type, reason=f"correction: {moved.reason}", fields=moved.fields)
    return Move(type=ChangeType.REVISED, reason="correction", fields=fields)
