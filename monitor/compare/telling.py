"""What is told of a claim: how the view of its known event differs with it and without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from monitor.compare.roster import Account, Placed, account_of, placed_of, rank_of
from monitor.kinds import KINDS
from monitor.kinds.linking import Move, differing
from monitor.model import Change, ChangeType, Claim, Comparison, Facts, KnownEvent


class Heard(NamedTuple):
    """What was known of an event without a claim."""

    view: Facts
    #: what the kind asks about the other claims (``Tally.heard``)
    heard: Any
    #: that of the other claims, which may have gone on to the claim since
    account: Account


def heard_by(placed: Placed, others: Sequence[Placed]) -> Heard | None:
    """What is known of a claim's event without it, from the other claims in canonical order; None where it is alone.

    To be asked before the account of the event goes on to the claim.
    """
    if not others:
        return None
    account = account_of(others)
    return Heard(account.view(), account.tally.heard(placed.said), account)


def tell(heard: Heard | None, placed: Placed, after: KnownEvent, compared: tuple[Comparison, ...]) -> Change:
    """The change that a claim makes beside the other claims of its known event."""
    if heard is None:
        move = Move(type=ChangeType.NEW, reason="first report")
    else:
        moved = KINDS[after.kind].link.moves(heard.heard, placed.said, heard.view, after.facts)
        move = moved or _echo(heard.account, placed)
    return _change(move, placed, after, compared)


def tell_correction(
    others: Sequence[Placed], placed: Placed, after: KnownEvent, compared: tuple[Comparison, ...], instead_of: Claim
) -> Change:
    """The change that an edited item's claim makes in place of its earlier one: what that said had been told."""
    kind = KINDS[after.kind]
    before = sorted([*others, placed_of(instead_of)], key=rank_of)
    was = Account(before)
    fields = differing(was.view(), after.facts, kind.slots)
    if not fields:
        return _change(Move(type=ChangeType.REPEATED, reason="edited, nothing new"), placed, after, compared)
    move = kind.link.moves(was.tally.heard(placed.said), placed.said, was.view(), after.facts)
    if move is not None and move.type is not ChangeType.REVISED:
        move = Move(type=move.type, reason=f"correction: {move.reason}", fields=move.fields)
    else:
        move = Move(type=ChangeType.REVISED, reason="correction", fields=fields)
    return _change(move, placed, after, compared)


def _change(move: Move, placed: Placed, after: KnownEvent, compared: tuple[Comparison, ...]) -> Change:
    return Change(
        type=move.type, claim=placed.claim, known=after, fields=move.fields, reason=move.reason, compared=compared
    )


def _echo(account: Account, placed: Placed) -> Move:
    """A claim that says nothing new: another outlet that says the same, or the same voice again."""
    outlets = account.outlets_beside(placed)
    if outlets.print_one_like(placed.said.signature):
        return Move(type=ChangeType.REPEATED, reason="copy of a text that is known")
    if outlets.have(placed.said.outlet):
        return Move(type=ChangeType.REPEATED, reason="same outlet")
    # Another outlet, whose text is a copy of none, nor one of it: it counts beside all that counted before.
    return Move(type=ChangeType.CONFIRMED, reason=f"{outlets.independent + 1} independent outlets")
