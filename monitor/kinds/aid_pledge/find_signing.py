"""Agreements that a bank and a state sign: which of the two gives."""

from __future__ import annotations

from monitor.kinds.aid_pledge import find_roles as roles
from monitor.kinds.aid_pledge.find_finding import Finding
from monitor.kinds.aid_pledge.find_roles import Answer
from monitor.language.actors import is_state

#: rules that read who opens a clause
_SUBJECTS = frozenset(("subject of the verb", "opens the clause"))


def agreed(found: Finding) -> None:
    """As in "the ADB and Dhaka signed a $4m loan": of a bank and a state that agree on a sum the state receives."""
    if found.donors is None or found.donors.rule not in _SUBJECTS:
        return
    bank = _signed_with(found)
    if bank is not None:
        found.donors, found.recipient = bank, found.donors._replace(rule="who signs with the bank")
        return
    if len(found.donors.actors) != 2:
        return
    table, names = found.scene.lex.default_types, found.donors.actors
    banks = tuple(a for a in names if table.get(a) == "financial")
    act = found.path.act
    if not banks and act is not None and act.sort == "enact":  # "Japan and Laos signed a $5m grant"
        banks = tuple(a for a in names if a in found.scene.lex.never_asks)
    states = tuple(a for a in names if is_state(a) and a not in banks)
    if len(banks) == len(states) == 1:
        found.donors = found.donors._replace(actors=banks)
        signer = found.donors._replace(actors=states, rule="who signs with the bank")
        found.recipient = signer if banks[0] not in table else found.recipient or signer


def _signed_with(found: Finding) -> Answer | None:
    """As in "X signed two agreements with the [World Bank] for $5m": a bank that stands between verb and sum."""
    scene, act, table = found.scene, found.path.act, found.scene.lex.default_types
    if act is None or act.passive or act.sort not in ("enact", "promise") or found.donors is None:
        return None
    if len(found.donors.actors) != 1 or not is_state(found.donors.actors[0]):
        return None
    banks = [a for a in scene.actors if act.j <= a.i < found.span.core and table.get(a.actor) == "financial"]
    led = bool(banks) and scene.words[max(0, roles.led_by(scene, banks[0]))] in scene.lex.company
    return roles.answer(banks[:1], "agent") if led else None
