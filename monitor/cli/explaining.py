"""The way of an item or an event, told from what was stored about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from monitor.cli.show import clean, minute, out
from monitor.codec import event_to_json, facts_to_json, fields_to_json
from monitor.kinds import KINDS

if TYPE_CHECKING:
    from monitor.store import Explanation, StoredAlert, StoredBond, StoredChange, StoredClaim, StoredEvent, StoredItem


def record(found: Explanation) -> dict[str, Any]:
    """All of it as one JSON record."""
    return {
        "items": [_item(item) for item in found.items],
        "events": [{"event_id": str(e.known.id), **facts_to_json(e.known.facts)} for e in found.events],
        "claims": [_claim(claim) for claim in found.claims],
        "changes": [_change(change) for change in found.changes],
        "alerts": [_alert(alert) for alert in found.alerts],
        "bonds": [bond_record(bond) for bond in found.bonds],
    }


def bond_record(bond: StoredBond) -> dict[str, Any]:
    """A decision of a person as one JSON record."""
    sides = {"claims": sorted(bond.left), "others": sorted(bond.right)}
    return {"bond": bond.id, "type": bond.type, **sides, "at": bond.at.isoformat(), "why": bond.why}


def bond_line(bond: StoredBond) -> str:
    """A decision of a person in words."""
    left, right = (", ".join(map(str, sorted(side))) for side in (bond.left, bond.right))
    what = f"claims {left} are one event" if bond.type == "together" else f"claims {left} are apart from {right}"
    return f"bond {bond.id}, by hand, {minute(bond.at)} UTC: {what}" + (f": {clean(bond.why)}" if bond.why else "")


def _item(stored: StoredItem) -> dict[str, Any]:
    item = stored.item
    told = {"id": item.id, "source": item.source, "title": item.title, "outlet": item.outlet, "url": item.url}
    own = {
        "item": stored.item_id,
        "version": stored.version,
        "skipped": stored.skipped,
        "seen": stored.seen.isoformat(),
    }
    return own | told | {"published": str(item.published) if item.published else None}


def _claim(stored: StoredClaim) -> dict[str, Any]:
    return {
        "claim": stored.claim.id, "item": stored.claim.item_id, "version": stored.version,
        "event_id": str(stored.known_id), "event": event_to_json(stored.claim.event),
        "withdrawn": stored.withdrawn.isoformat() if stored.withdrawn else None,
    }  # fmt: skip


def _change(change: StoredChange) -> dict[str, Any]:
    return {
        "claim": change.claim_id, "event_id": str(change.known_id), "at": change.at.isoformat(),
        "change": change.type.value,
        "reason": change.reason, "fields": fields_to_json(change.fields),
        "compared": [dict(c) for c in change.compared],
        "rules": [dict(d) for d in change.decisions], "quiet": change.quiet,
    }  # fmt: skip


def _alert(stored: StoredAlert) -> dict[str, Any]:
    return {"alert": stored.alert.id, "channel": stored.alert.channel, "state": stored.state, "reason": stored.reason}


def show(found: Explanation) -> None:
    """The same for people, item by item: what was read, compared, changed, and said by each rule."""
    console = out()
    for item in found.items:
        console.print(_heading(item))
    for event in found.events:
        console.print(_event(event))
    for claim in found.claims:
        console.print(_said(claim))
        for change in (c for c in found.changes if c.claim_id == claim.claim.id):
            console.print(_told(change))
    for bond in found.bonds:
        console.print(bond_line(bond), markup=False)
    for alert in found.alerts:
        tries = "".join(f"\n    {minute(t.at)} {t.outcome}: {clean(t.reason)}" for t in alert.deliveries)
        console.print(
            Text(f"alert {alert.alert.id} to {alert.alert.channel}: {alert.state} {clean(alert.reason)}{tries}")
        )


def _heading(stored: StoredItem) -> Text:
    item = stored.item
    said = f"item:{stored.item_id}" + (f" version {stored.version}" if stored.version > 1 else "")
    text = Text(said, style="bold") + Text(f" {clean(item.title or item.id)}")
    text.append(f"\n  {item.outlet or item.source}, {item.published or 'undated'}, taken in {minute(stored.seen)} UTC")
    return text.append(f"\n  nothing was read from it: {stored.skipped}") if stored.skipped else text


def _event(event: StoredEvent) -> Text:
    words, facts = KINDS[event.known.kind].words, event.known.facts
    cells = ", ".join(cell for cell in (words.who(facts), words.how_much(facts), words.when(facts)) if cell)
    merged = f" (merged into event:{event.merged_into})" if event.merged_into else ""
    claims = len(event.known.claims)
    return Text(f"event:{event.known.id}", style="bold cyan") + Text(
        f" {words.what(facts)}: {cells}{merged}; {claims} claims"
    )


def _said(stored: StoredClaim) -> Text:
    claim = stored.claim
    text = Text(f"claim {claim.id}", style="bold") + Text(
        f" of item:{claim.item_id}, confidence {claim.event.confidence:.2f}"
    )
    text.append(f"\n  “{clean(claim.event.evidence.text)}”", style="italic")
    return text.append(f"\n  withdrawn {minute(stored.withdrawn)} UTC") if stored.withdrawn else text


def _told(change: StoredChange) -> Text:
    text = Text(f"  {change.type.value}", style="bold green") + Text(
        f" event:{change.known_id}: {clean(change.reason)}"
    )
    for slot, (before, after) in fields_to_json(change.fields).items():
        text.append(f"\n    {slot}: {before} -> {after}")
    for candidate in change.compared:
        slots = ", ".join(f"{slot} {how}" for slot, how in candidate["slots"].items() if how != "silent")
        score = f"{candidate['score']:.2f}, {candidate['reason']}"
        text.append(f"\n    compared with event:{candidate['known_id']}: {score} ({slots})")
    if change.quiet:
        text.append("\n    nobody was told: it was in the source's backlog")
    for decision in change.decisions:
        verdict = "fires" if decision["fires"] else "is silent"
        text.append(f"\n    rule {decision['rule']} {verdict}: {clean(decision['reason'])}")
    return text
