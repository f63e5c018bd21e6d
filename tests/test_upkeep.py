"""What a new version does once to what an older one stored."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from sqlalchemy import text

from monitor import compare
from monitor.extract import Extraction
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.talk_round.facts import TalkRound
from monitor.model import ChangeType, Event, Evidence, Facts, Item
from monitor.pipeline import upkeep
from monitor.pipeline.taking import as_claim, take_all
from monitor.store import Store
from monitor.store.known import KEYS_VERSION, stored_keys

NOW = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 3)
TOLL = CasualtyUpdate(harm="killed", count=12, qualifier="exact", place="Derna", date=DAY, scope="incident")
PLEDGE = AidPledge(
    donors=("NOR",), recipient="UKR", amount=300_000_000, currency="EUR", qualifier="exact", status="pledged", date=DAY
)
ROUND = TalkRound(parties=("CHL", "PER"), round=2, date=DAY, place="Lima", status="held")


def report(outlet: str, facts: Facts = TOLL) -> tuple[Item, Extraction]:
    said = f"{outlet} tells of it."
    event = Event(facts=facts, evidence=Evidence(field="text", start=0, end=len(said), text=said))
    return Item(source=outlet, id="1", outlet=outlet, text=said, published=DAY), Extraction(events=(event,))


def tell(store: Store, outlet: str) -> list[ChangeType]:
    with store.write() as tx:
        taken = take_all(tx, [report(outlet)], watch=(), now=NOW)
    return [change.type for one in taken for change in one.changes]


def age(store: Store) -> None:
    """Leaves the database as an older version would, whose keys were others."""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE claim_keys SET key = key - 5"))
        connection.execute(text("DELETE FROM upkeep"))


def test_claims_that_an_older_version_stored_are_found_after_an_upgrade(store: Store) -> None:
    assert tell(store, "Courier") == [ChangeType.NEW]
    age(store)
    assert upkeep.renew_keys(store) == 1
    assert tell(store, "Herald") == [ChangeType.CONFIRMED]


def test_keys_are_made_anew_once(store: Store) -> None:
    tell(store, "Courier")
    age(store)
    assert [upkeep.renew_keys(store), upkeep.renew_keys(store)] == [1, 0]


def test_an_upgrade_that_was_cut_off_is_made_whole_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for outlet in ("Courier", "Herald", "Post"):
        tell(store, outlet)
    age(store)
    monkeypatch.setattr(upkeep, "AT_ONCE", 2)
    keys, calls = compare.keys, 0

    def fails_at_the_third(*args: object) -> frozenset[str]:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return keys(*args)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(compare, "keys", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        upkeep.renew_keys(store)
    assert upkeep.renew_keys(store) == 3
    assert tell(store, "Times") == [ChangeType.CONFIRMED]


def test_keys_that_change_have_another_version() -> None:
    """Whoever changes a kind's keys, or their numbers, raises KEYS_VERSION, and then the digest here."""
    digest = hashlib.sha256()
    for facts in (TOLL, PLEDGE, ROUND):
        item, extraction = report("Courier", facts)
        claim = as_claim(extraction.events[0], item, 1, "", NOW)
        digest.update(repr(stored_keys(facts.kind, compare.keys(claim))).encode())
        digest.update(repr(stored_keys(facts.kind, compare.seeks(claim))).encode())
    assert (KEYS_VERSION, digest.hexdigest()[:16]) == (2, "af2d559a7b1d9a8d")
