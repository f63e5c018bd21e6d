"""Items, each whole: stored, compared, told to the rules, their alerts queued; or nothing of them at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from monitor import compare, message, rules
from monitor.garbage import collector_waits
from monitor.model import Alert, Change, ChangeType, Claim, Event, Facts, Item, KnownEvent, News
from monitor.pipeline.hands import bonds_of
from monitor.pipeline.recognition import marks_of

if TYPE_CHECKING:
    from monitor.extract import Extraction
    from monitor.store import Store, Stored, Transaction


#: how the reason begins why nothing was read from an item that is too much for the extractor
UNREADABLE = "cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What taking in one item did."""

    item: Item
    #: "new", "edited" or "unchanged"
    state: str
    #: why nothing was read from it ("language: uk"), else None
    skipped: str | None = None
    changes: tuple[Change, ...] = ()
    #: of each change, in the same order: what each rule said
    decisions: tuple[tuple[rules.Decision, ...], ...] = ()
    alerts: tuple[Alert, ...] = ()
    #: kind and type of changes that are not kept
    let_go: tuple[tuple[str, ChangeType], ...] = ()

    @property
    def moves(self) -> tuple[tuple[str, ChangeType], ...]:
        """Kind and type of each change, kept or not."""
        return self.let_go or tuple((change.event.kind, change.type) for change in self.changes)

    def counted(self) -> Taken:
        """The same without what only somebody who shows the changes needs, the item's text among it."""
        return replace(self, item=replace(self.item, text=""), changes=(), decisions=(), let_go=self.moves)

    @property
    def passed_over(self) -> bool:
        """Whether it was too much for the extractor: its time, or its memory."""
        return (self.skipped or "").startswith(UNREADABLE)


def take_in(
    store: Store,
    item: Item,
    extraction: Extraction,
    *,
    watch: Sequence[rules.Rule],
    now: datetime,
    quiet: bool = False,
) -> Taken:
    """Takes one item in whole, with the alerts it queues, or not at all.

    1. The item is stored, or a version is added; if neither, nothing more is done.
    2. Each event becomes a claim and is compared with the known events that share a blocking key; claims of an
       earlier version of the item are set against those of this one.
    3. Rules say who hears of each change; with ``quiet`` (a source's silent backlog) nobody does.
    """
    with store.write() as tx:
        return take_all(tx, [(item, extraction)], watch=watch, now=now, quiet=quiet)[0]


def take_all(
    tx: Transaction,
    read: Sequence[tuple[Item, Extraction]],
    *,
    watch: Sequence[rules.Rule],
    now: datetime,
    quiet: bool = False,
    anew: bool = False,
) -> list[Taken]:
    """Takes items in, one after the other, in one transaction: all of them, or none.

    ``anew``: they are stored already, and the text of their own pages came late.

    What they are compared with is read at once for all, and what they bring is written at once: the same comes of it
    as of taking in each on its own, for a part of the cost.
    """
    with collector_waits():  # to look through all that is remembered, again and again, took a tenth of all time
        tx.expect_items(item for item, _ in read)
        put = [_put(tx, item, extraction, now, anew=anew) for item, extraction in read]
        claims = [claim for one in put for claim in one.claims]
        tx.expect((claim.event.kind, compare.seeks(claim)) for claim in claims)
        return [_take(tx, one, watch, now, quiet=quiet) for one in put]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    """An item that is stored, and what it says is not yet."""

    item: Item
    extraction: Extraction
    #: None: it was there as it is
    stored: Stored | None
    claims: tuple[Claim, ...] = ()


def _put(tx: Transaction, item: Item, extraction: Extraction, now: datetime, *, anew: bool) -> _Put:
    stored = tx.put_item(item, now, marks_of(item), skipped=extraction.skipped, anew=anew)
    if stored is None:
        return _Put(item=item, extraction=extraction, stored=None)
    if not extraction.events:  # what copies are known by is needed only where something was found
        return _Put(item=item, extraction=extraction, stored=stored)
    signature = compare.signature(item.title, item.text) if extraction.signature is None else extraction.signature
    claims = [
        as_claim(event, item, stored.item_id, signature, now, compare.beside(event, item, extraction.events))
        for event in extraction.events
    ]
    return _Put(item=item, extraction=extraction, stored=stored, claims=tuple(compare.in_telling_order(claims)))


def _take(tx: Transaction, put: _Put, watch: Sequence[rules.Rule], now: datetime, *, quiet: bool) -> Taken:
    item, stored = put.item, put.stored
    if stored is None:
        return Taken(item=item, state="unchanged")
    changes = tuple(compare_all(tx, stored, put.claims, now))
    decided = tuple(rules.decide(watch, change, item=item, told=_told(tx, change, watch)) for change in changes)
    alerts: list[Alert] = []
    for change, decisions in zip(changes, decided, strict=True):
        tx.record(change, decisions, now, quiet=quiet)
        if not quiet and any(decision.fires for decision in decisions):
            alerts += rules.alerts(decisions, as_news(change, item, now))
    tx.queue_waiting(alerts, now)
    return Taken(
        item=item,
        state="edited" if stored.is_edit else "new",
        skipped=put.extraction.skipped,
        changes=changes,
        decisions=decided,
        alerts=tuple(alerts),
    )


def _told(tx: Transaction, change: Change, watch: Sequence[rules.Rule]) -> Mapping[str, Facts]:
    """What was held of the change's known event when each rule that asks for it last told of it.

    Of a new one nobody was told.
    """
    if change.type is ChangeType.NEW:
        return {}
    asking = {rule.stem for rule in watch if rules.hears(rule, change) and rules.looks_back(rule)}
    return tx.told(known_id(change), asking) if asking else {}


def compare_all(tx: Transaction, stored: Stored, claims: Sequence[Claim], now: datetime) -> Iterator[Change]:
    """What each claim of an item changes, in their order; then what an earlier version said and this one does not.

    Each is stored before the next is asked, so that two events of one item can be of one known event.
    """
    before = [claim for claim, _ in tx.claims_of(stored.item_id)] if stored.is_edit else []
    bonds = bonds_of(tx)
    place = {id(claim): number for number, claim in enumerate(claims)}
    for edit in sorted(compare.pair(before, claims), key=lambda edit: place.get(id(edit.new), len(claims))):
        claim = edit.new or edit.old
        assert claim is not None  # a replacement has one or both
        near: Callable[[Collection[str]], Sequence[KnownEvent]] = partial(tx.candidates, claim.event.kind)
        if edit.new is None:
            judgement = compare.withdraw(claim, near, now, bonds=bonds)
        else:
            judgement = compare.judge(claim, near, now, replaces=edit.old, bonds=bonds)
        change = tx.apply(judgement, now, keys=compare.keys(claim, bonds.inherited(edit.old)))
        if change is not None:
            compare.renumbered(claim, change.claim)
            yield change


def as_claim(event: Event, item: Item, item_id: int, signature: str, now: datetime, beside: str = "") -> Claim:
    """An event with who said it and when."""
    return Claim(
        event=event,
        item_id=item_id,
        source=item.source,
        item=item.id,
        title=item.title,
        url=item.url,
        outlet=item.outlet,
        published=item.published,
        published_at=item.published_at,
        seen=now,
        signature=signature,
        beside=beside,
    )


def as_news(change: Change, item: Item, now: datetime) -> News:
    """What wording needs of a change that has been stored."""
    return News(
        type=change.type,
        reason=change.reason,
        event_id=known_id(change),
        claim=change.claim,
        facts=change.known.facts,
        fields=change.fields,
        voices=tuple(claim for claim in change.known.claims if claim.id != change.claim.id),
        sentence=message.sentence(item, change.claim.event.evidence),
        at=now,
    )


def known_id(change: Change) -> int:
    """The number of a change's known event, which it has once the change is stored."""
    if change.known.id is None:
        raise ValueError("only a change that was stored can be told")
    return change.known.id


def in_order(items: Iterable[Item]) -> list[Item]:
    """Items in order of publication, undated ones first, otherwise as they came (CONTRACT.md, replay)."""

    def when(item: Item) -> tuple[str, str]:
        return (str(item.published or ""), item.published_at.astimezone(UTC).isoformat() if item.published_at else "")

    return sorted(items, key=when)
