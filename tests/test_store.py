"""The store, on SQLite and on PostgreSQL: what goes in comes out, in whole or not at all."""

from __future__ import annotations

import multiprocessing
import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from monitor.errors import StoreError
from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import (
    Agreement,
    Alert,
    Change,
    ChangeType,
    Claim,
    Comparison,
    Event,
    Evidence,
    Item,
    KnownEvent,
    News,
    Poll,
    PollOutcome,
    Severity,
)
from monitor.store import Store, Transaction
from monitor.store.columns import fit, to_json
from monitor.store.known import MOST_CANDIDATES, PER_KEY
from monitor.store.memory import Recent
from monitor.store.records import EndedPoll, SourceState

NOW = datetime(2022, 3, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


# --- what the tests put in -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What compare.py would have said."""

    change: Change | None
    others: tuple[KnownEvent, ...] = ()
    absorbed: tuple[int, ...] = ()
    dropped: tuple[Claim, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Named:
    stem: str


@dataclass(frozen=True, kw_only=True)
class Decided:
    rule: Named
    fires: bool
    reason: str


def item(id: str = "a", text: str = "Ruritania gives 5 million", **more) -> Item:
    return Item(source="wire", id=id, text=text, **{"title": "Aid", "published": date(2022, 3, 29), **more})


def toll(count: int, **more) -> CasualtyUpdate:
    return CasualtyUpdate(harm="killed", count=count, **more)


def claim(of: Item, item_id: int, facts, seen: datetime = NOW) -> Claim:
    evidence = Evidence(field="text", start=0, end=4, text=of.text[:4])
    return Claim(
        event=Event(facts=facts, evidence=evidence, confidence=0.875),
        item_id=item_id,
        source=of.source,
        item=of.id,
        title=of.title,
        url=of.url,
        outlet=of.outlet,
        published=of.published,
        published_at=of.published_at,
        seen=seen,
        signature="5eed",
    )


def known(*claims: Claim, id: int | None = None, facts=None, changed: datetime = NOW) -> KnownEvent:
    facts = facts or claims[-1].event.facts
    return KnownEvent(id=id, kind=facts.kind, facts=facts, claims=claims, first_seen=NOW, changed=changed)


def tell(tx: Transaction, id: str, facts, keys=("k",), to: KnownEvent | None = None, now: datetime = NOW) -> Change:
    """A new item with one claim: of a new event, or of the one that it is told ``to``."""
    new = item(id)
    stored = tx.put_item(new, now)
    assert stored is not None
    said = claim(new, stored.item_id, facts, now)
    view = known(said) if to is None else replace(to, facts=facts, claims=(*to.claims, said), changed=now)
    type = ChangeType.NEW if to is None else ChangeType.UPDATED
    return apply(tx, Judged(change=Change(type=type, claim=said, known=view, reason="told")), keys, now)


def apply(tx: Transaction, judged: Judged, keys=("k",), now: datetime = NOW) -> Change:
    change = tx.apply(judged, now, keys=keys)
    assert change is not None
    return change


def put_all(store: Store, *found: Item) -> None:
    with store.write() as tx:
        for one in found:
            tx.put_item(one, NOW)


def number(change: Change) -> int:
    assert change.known.id is not None
    return change.known.id


def alert(change: Change, key: str = "key", channel: str = "desk", rules=("tolls",)) -> Alert:
    news = News(
        type=change.type,
        reason=change.reason,
        event_id=number(change),
        claim=change.claim,
        facts=change.known.facts,
        fields=change.fields,
        voices=change.known.claims,
        at=NOW,
    )
    return Alert(key=key, channel=channel, rules=rules, severity=Severity.WARNING, news=news)


# --- items -----------------------------------------------------------------------------------------------------------


def test_an_item_is_new_once_then_unchanged_then_edited(store: Store) -> None:
    with store.write() as tx:
        first = tx.put_item(item(), NOW)
        again = tx.put_item(item(), NOW)
        edited = tx.put_item(item(text="Ruritania gives 6 million"), NOW)
    assert first is not None
    assert first.is_new
    assert not first.is_edit
    assert again is None
    assert edited is not None
    assert (edited.item_id, edited.version, edited.is_edit) == (first.item_id, 2, True)


def test_items_that_are_looked_up_together_are_stored_as_those_looked_up_one_by_one(store: Store) -> None:
    old, edited, new = (Item(source="wire", id=name, text="It rained.") for name in ("old", "edited", "new"))
    with store.write() as tx:
        for item in (old, edited):
            tx.put_item(item, NOW)
    with store.write() as tx:
        told = [old, replace(edited, text="It poured."), new, new, replace(new, text="It poured.")]
        tx.expect_items(told)
        stored = [tx.put_item(item, NOW) for item in told]
    assert [one and one.version for one in stored] == [None, 2, 1, None, 2]


def test_an_item_that_returns_to_an_earlier_wording_is_an_edit(store: Store) -> None:
    with store.write() as tx:
        for words in ("one", "two", "one"):
            stored = tx.put_item(item(text=words), NOW)
    assert stored is not None
    assert stored.version == 3


def test_two_sources_may_use_one_identity(store: Store) -> None:
    with store.write() as tx:
        first = tx.put_item(item(), NOW)
        second = tx.put_item(replace(item(), source="other"), NOW)
    assert first is not None
    assert second is not None
    assert second.is_new
    assert first.item_id != second.item_id


def test_items_come_back_as_they_were_put(store: Store) -> None:
    full = item(
        url="https://news.example/1",
        outlet="Example Wire",
        published_at=datetime(2022, 3, 29, 23, 30, 1, 5, tzinfo=timezone(timedelta(hours=3))),
        language="en",
    )
    with store.write() as tx:
        stored = tx.put_item(full, NOW, skipped="language: uk")
        assert stored is not None
    with store.read() as tx:
        (version,) = tx.versions([stored.item_id])
        assert list(tx.stored_items()) == [full]
    assert version.item == full
    assert (version.skipped, version.seen) == ("language: uk", NOW)


def test_only_what_is_new_or_edited_of_a_poll_is_fresh(store: Store) -> None:
    with store.write() as tx:
        tx.put_item(item("same"), NOW)
        tx.put_item(item("edited"), NOW)
    edited, new = item("edited", text="corrected"), item("new")
    twin = item("new", text="another entry with the same guid")
    with store.read() as tx:
        assert tx.fresh([item("same"), edited, new, twin]) == [edited, new]
        assert tx.fresh([]) == []


def test_a_poll_of_a_thousand_items_is_compared_with_all_of_them(store: Store) -> None:
    many = [item(str(number)) for number in range(1000)]
    with store.write() as tx:
        for one in many[:-1]:
            tx.put_item(one, NOW)
    with store.read() as tx:
        assert tx.fresh(many) == many[-1:]


def test_an_identity_of_any_length_is_kept_and_told_apart(store: Store) -> None:
    long = "https://news.example/" + "ж" * 100_000
    with store.write() as tx:
        first = tx.put_item(item(long + "1"), NOW)
        second = tx.put_item(item(long + "2"), NOW)
        assert tx.put_item(item(long + "1"), NOW) is None
    assert first is not None
    assert second is not None
    assert second.is_new
    with store.read() as tx:
        assert tx.versions([first.item_id])[0].item.id == long + "1"


def test_stored_items_come_in_order_of_publication_undated_first(store: Store) -> None:
    days = {"late": date(2022, 3, 31), "early": date(2022, 3, 1), "undated": None, "also early": date(2022, 3, 1)}
    put_all(store, *(item(id, published=day) for id, day in days.items()))
    put_all(
        store, item("early, at noon", published=date(2022, 3, 1), published_at=datetime(2022, 3, 1, 12, tzinfo=UTC))
    )
    with store.read() as tx:
        order = [found.id for found in tx.stored_items()]
    assert order == ["undated", "early", "also early", "early, at noon", "late"]


# --- what texts may hold ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["NUL \x00 inside", "half a pair \ud83d", "\x00", "plain", "Київ 🕊", "\\u0000"])
def test_a_text_that_a_database_would_refuse_is_mended_and_keeps_its_length(store: Store, words: str) -> None:
    strange = item(id=f"id {words}", text=words, title=words, outlet=words, url=words, language=words)
    with store.write() as tx:
        stored = tx.put_item(strange, NOW, skipped=words)
        assert stored is not None
        assert tx.put_item(strange, NOW) is None
        said = claim(strange, stored.item_id, AidPledge(goods=words))
        judged = Judged(change=Change(type=ChangeType.NEW, claim=said, known=known(said), reason=words))
        change = apply(tx, judged, [words])
        tx.record(change, [Decided(rule=Named(stem=words), fires=True, reason=words)], NOW)
        tx.queue([alert(change, key=words)], NOW)
        tx.save_poll("wire", Poll(outcome=PollOutcome.ITEMS, reason=words, state={words: words}), NOW, NOW)
    with store.read() as tx:
        (found,) = tx.candidates("aid_pledge", [words])
        explained = tx.explain_item(stored.item_id)
        state = tx.source("wire").state
    fitting = words.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert len(fitting) == len(words)
    assert found.facts == AidPledge(goods=fitting)
    assert explained is not None
    assert explained.items[0].item.text == fitting
    assert explained.changes[0].reason == fitting
    assert explained.alerts[0].alert.news.facts == AidPledge(goods=fitting)
    assert state == {fitting: fitting}


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_encoded_once_it_fits(words: str) -> None:
    assert "\x00" not in fit(words)
    assert len(fit(words)) == len(words)
    fit(words).encode()
    to_json({words: [words]}).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(moments=st.lists(st.datetimes(timezones=st.timezones(), allow_imaginary=False), min_size=2, max_size=2))
def test_instants_come_back_the_same_and_in_order(store: Store, moments: list[datetime]) -> None:
    try:
        early, late = sorted(moment.astimezone(UTC) for moment in moments)
    except OverflowError:  # the last hours of the year 9999, or the first of the year 1
        return
    poll = Poll(outcome=PollOutcome.ITEMS, reason="200 OK")
    with store.write() as tx:
        tx.save_poll("one", poll, early, late)
    with store.read() as tx:
        assert (tx.source("one").last_poll, tx.source("one").next_poll) == (early, late)
        assert tx.due(["one"], late) == ["one"]
        assert tx.due(["one"], early) == (["one"] if early == late else [])


def test_a_naive_instant_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="needs a time zone"), store.write() as tx:
        tx.put_item(item(), NOW.replace(tzinfo=None))


# --- transactions ----------------------------------------------------------------------------------------------------


class CutOffError(Exception):
    """The process was to die here."""


def take_in(store: Store, cut_at: str) -> None:
    def done(step: str) -> None:
        if step == cut_at:
            raise CutOffError

    with store.write() as tx:
        change = tell(tx, "a", toll(5))
        done("claim")
        tx.record(change, [], NOW)
        done("record")
        tx.queue([alert(change)], NOW)
        done("alert")
        tx.save_poll("wire", Poll(outcome=PollOutcome.ITEMS, reason="200 OK"), NOW, NOW)
        done("poll")


@pytest.mark.parametrize("step", ["claim", "record", "alert", "poll"])
def test_an_item_is_taken_in_whole_or_not_at_all(store: Store, step: str) -> None:
    with pytest.raises(CutOffError):
        take_in(store, cut_at=step)
    with store.read() as tx:
        counts = tx.counts(NOW)
        assert tx.source("wire").last_poll is None
        assert tx.candidates("casualty_update", ["k"]) == []
    assert (counts.items, counts.versions, counts.claims, counts.events) == (0, 0, 0, 0)
    assert counts.changes == counts.alerts == {}
    take_in(store, cut_at="nowhere")
    assert store.counts(NOW).alerts == {"queued": 1}


def test_rows_cannot_point_to_rows_that_are_not_there(store: Store) -> None:
    with store.write() as tx:
        change = tell(tx, "a", toll(5))
    lost = replace(change, known=replace(change.known, id=4711))
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.record(lost, [], NOW)


def test_a_transaction_inside_another_is_refused_and_not_waited_for(tmp_path) -> None:
    for url in ("sqlite://", f"sqlite:///{tmp_path / 'monitor.db'}"):
        with Store.open(url) as store:
            with pytest.raises(StoreError, match="inside another"), store.write(), store.write():
                pass
            with store.write() as tx:
                assert tx.put_item(item(), NOW) is not None


def test_a_reader_sees_what_is_committed_and_waits_for_nobody(store: Store) -> None:
    with store.write() as tx:
        tx.put_item(item(), NOW)
        with store.read() as other:
            assert other.counts(NOW).items == 0
    assert store.counts(NOW).items == 1


def _tell_once(store: Store, number: int) -> None:
    """Takes in a story that others take in too: joins the known event if there is one, else makes it."""
    with store.write() as tx:
        found = tx.candidates("casualty_update", ["town:2022-03-29"])
        change = tell(tx, str(number), toll(5), ["town:2022-03-29"], to=found[0] if found else None)
        tx.queue([alert(change, key="one for all")], NOW)


def _tell_many(url: str, numbers: range) -> None:
    with Store.open(url) as store:
        for number in numbers:
            _tell_once(store, number)


def test_threads_that_take_in_one_story_make_one_event_and_one_alert(store: Store) -> None:
    threads = [threading.Thread(target=_tell_once, args=(store, number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = store.counts(NOW)
    assert (counts.items, counts.claims, counts.events, counts.alerts) == (8, 8, 1, {"queued": 1})


def test_processes_that_take_in_one_story_make_one_event_and_one_alert(store: Store, database_url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_tell_many, args=(database_url, range(n, n + 20))) for n in (0, 20)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    counts = store.counts(NOW)
    assert (counts.items, counts.claims, counts.events, counts.alerts) == (40, 40, 1, {"queued": 1})


# --- claims and known events -----------------------------------------------------------------------------------------


def test_a_new_claim_and_event_get_numbers_and_come_back_as_they_were(store: Store) -> None:
    with store.write() as tx:
        change = tell(tx, "a", toll(5, place="Strelsau", date=date(2022, 3, 28)), keys=["x", "y"])
        assert change.known.id is not None
        assert change.claim.id is not None
        assert change.known.claims == (change.claim,)
        (other,) = tx.candidates("casualty_update", ["y", "z"])
    assert other == change.known
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["x"]) == [change.known]
        assert tx.known_events([change.known.id]) == [change.known]
        assert tx.claims_of(change.claim.item_id or 0) == [(change.claim, change.known.id)]


def test_candidates_are_of_the_kind_and_share_a_key(store: Store) -> None:
    with store.write() as tx:
        tell(tx, "a", toll(5), keys=["x"])
        pledge = tell(tx, "b", AidPledge(amount=5), keys=["x"])
        tell(tx, "c", AidPledge(amount=6), keys=["y"])
        assert tx.candidates("aid_pledge", ["x", "w"]) == [pledge.known]
        assert tx.candidates("aid_pledge", ["w"]) == []
        assert tx.candidates("aid_pledge", []) == []


def test_candidates_that_share_more_keys_come_first_then_newer_ones(store: Store) -> None:
    with store.write() as tx:
        for id, keys in {"one": "x", "both": "xy", "newer": "y"}.items():
            tell(tx, id, toll(5), keys=list(keys))
        found = tx.candidates("casualty_update", ["x", "y"])
    assert [event.claims[0].item for event in found] == ["both", "newer", "one"]


def test_a_key_that_everything_shares_brings_a_bounded_number_of_candidates(store: Store) -> None:
    with store.write() as tx:
        for number in range(MOST_CANDIDATES + 5):
            tell(tx, str(number), toll(number), keys=["everywhere"])
        found = tx.candidates("casualty_update", ["everywhere"])
    assert len(found) == MOST_CANDIDATES
    assert found[0].claims[0].item == str(MOST_CANDIDATES + 4)
    assert PER_KEY >= MOST_CANDIDATES


def test_an_event_with_many_claims_is_one_candidate_with_all_of_them(store: Store) -> None:
    with store.write() as tx:
        change = tell(tx, "0", toll(5))
        for number in range(1, 30):
            change = tell(tx, str(number), toll(5), to=change.known)
        (found,) = tx.candidates("casualty_update", ["k"])
    assert len(found.claims) == 30
    assert found == change.known


def test_claims_come_in_order_of_publication_whatever_the_order_of_arrival(store: Store) -> None:
    days = [date(2022, 3, 30), date(2022, 3, 28), None, date(2022, 3, 29)]  # None: seen on the 30th
    with store.write() as tx:
        event: KnownEvent | None = None
        for number, day in enumerate(days):
            new = item(str(number), published=day)
            stored = tx.put_item(new, NOW)
            assert stored is not None
            said = claim(new, stored.item_id, toll(5))
            event = known(said) if event is None else replace(event, claims=(*event.claims, said))
            judged = Judged(change=Change(type=ChangeType.REPEATED, claim=said, known=event, reason="told"))
            event = apply(tx, judged).known
        (found,) = tx.candidates("casualty_update", ["k"])
        (stored_event,) = tx.events()
    assert [said.item for said in found.claims] == ["1", "3", "0", "2"]
    assert (stored_event.first_day, stored_event.last_day) == (date(2022, 3, 28), date(2022, 3, 30))


def test_an_update_changes_the_view_and_keeps_every_claim(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        second = tell(tx, "b", toll(9), to=first.known, now=NOW + HOUR)
    with store.read() as tx:
        (found,) = tx.candidates("casualty_update", ["k"])
    assert second.known.id == first.known.id
    assert found == second.known
    assert (found.facts, found.changed, found.first_seen) == (toll(9), NOW + HOUR, NOW)
    assert [said.event.facts for said in found.claims] == [toll(5), toll(9)]


def test_a_claim_that_joins_two_events_makes_them_one(store: Store) -> None:
    with store.write() as tx:
        left, right = tell(tx, "a", toll(5), ["x"]), tell(tx, "b", toll(6), ["y"])
        bridge = item("c")
        stored = tx.put_item(bridge, NOW)
        assert stored is not None
        said = claim(bridge, stored.item_id, toll(7))
        joined = replace(left.known, facts=toll(7), claims=(*left.known.claims, *right.known.claims, said))
        change = Change(type=ChangeType.UPDATED, claim=said, known=joined, reason="one incident")
        change = apply(tx, Judged(change=change, absorbed=(number(right),)), ["x", "y"])
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["y"]) == [change.known]
        assert [event.known for event in tx.events()] == [change.known]
        explained = tx.explain_event(number(right))
        assert explained is not None
        assert explained.events[0].merged_into == left.known.id


def test_regrouping_moves_a_claim_and_its_keys_to_another_event(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5), ["x"])
        second = tell(tx, "b", toll(5), ["y"], to=first.known)
        stray = second.claim
        left = replace(first.known, claims=first.known.claims, facts=toll(5))
        new = known(stray)
        change = Change(type=ChangeType.NEW, claim=stray, known=new, reason="another incident")
        moved = apply(tx, Judged(change=change, others=(left,)))
    with store.read() as tx:
        (found,) = tx.candidates("casualty_update", ["y"])
        (rest,) = tx.candidates("casualty_update", ["x"])
    assert found == moved.known
    assert found.id != first.known.id
    assert [said.item for said in rest.claims] == ["a"]


def test_what_was_withdrawn_is_history_and_no_candidate(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5), ["x"])
        second = tell(tx, "b", toll(6), ["y"], to=first.known)
        assert first.claim.id is not None
        tx.withdraw_claims([first.claim.id], NOW + HOUR)
        tx.withdraw_claims([], NOW)
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["x"]) == []
        (rest,) = tx.candidates("casualty_update", ["y"])
        assert rest.claims == (second.claim,)
        assert tx.claims_of(first.claim.item_id or 0) == []
        explained = tx.explain_event(number(first))
    assert explained is not None
    assert [said.withdrawn for said in explained.claims] == [NOW + HOUR, None]


def test_a_dropped_claim_is_withdrawn_and_its_event_with_the_last_one(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        gone = replace(first.known, claims=(), changed=NOW + HOUR)
        change = Change(type=ChangeType.WITHDRAWN, claim=first.claim, known=gone, reason="no longer said")
        assert apply(tx, Judged(change=change, dropped=(first.claim,)), now=NOW + HOUR) == change
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["k"]) == []
        assert tx.events() == []
        explained = tx.explain_event(number(first))
    assert explained is not None
    assert [said.withdrawn for said in explained.claims] == [NOW + HOUR]
    assert [(event.withdrawn, event.known.facts) for event in explained.events] == [(NOW + HOUR, toll(5))]
    assert store.counts(NOW).events == 0


def test_a_judgement_that_tells_nothing_is_applied_all_the_same(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        second = tell(tx, "b", toll(5), to=first.known)
        other = tell(tx, "c", toll(5), ["other"])
        left = replace(second.known, claims=(second.claim,))
        assert tx.apply(Judged(change=None, others=(left,), dropped=(first.claim,)), NOW) is None
        joined = replace(left, claims=(*left.claims, other.claim))
        assert tx.apply(Judged(change=None, others=(joined,), absorbed=(number(other),)), NOW) is None
    with store.read() as tx:
        assert tx.known_events([number(first)]) == [joined]
        explained = tx.explain_event(number(other))
    assert explained is not None
    assert explained.events[0].merged_into == number(first)


def test_a_claim_can_be_given_other_keys(store: Store) -> None:
    with store.write() as tx:
        change = tell(tx, "a", toll(5), ["x", "y"])
        tx.set_keys(change.claim, ["y", "hand 1"])
        assert tx.candidates("casualty_update", ["x"]) == []
        assert tx.candidates("casualty_update", ["hand 1"]) == tx.candidates("casualty_update", ["y"]) == [change.known]


def test_what_people_decide_is_remembered_until_it_is_undone(store: Store) -> None:
    with store.write() as tx:
        joined = tx.add_bond("together", {3, 1}, (), NOW, why="one strike")
        parted = tx.add_bond("apart", {1}, {2}, NOW)
    with store.write() as tx:
        bond, other = tx.bonds()
        assert (bond.id, bond.type, bond.left, bond.right) == (joined, "together", frozenset({1, 3}), frozenset())
        assert (bond.at, bond.why) == (NOW, "one strike")
        assert (other.id, other.left, other.right) == (parted, frozenset({1}), frozenset({2}))
        assert tx.end_bond(joined, NOW)
        assert not tx.end_bond(joined, NOW)
        assert [left.id for left in tx.bonds()] == [parted]


def test_the_claim_of_an_edited_item_inherits_what_people_decided_of_its_earlier_one(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        assert first.claim.id is not None
        tx.add_bond("apart", {first.claim.id}, {4711}, NOW)
        tx.add_bond("together", {4711}, (), NOW)
        edited = item("a", text="corrected: 6")
        stored = tx.put_item(edited, NOW)
        assert stored is not None
        said = claim(edited, stored.item_id, toll(6))
        change = Change(type=ChangeType.REVISED, claim=said, known=replace(first.known, claims=(said,)), reason="edit")
        heir = apply(tx, Judged(change=change, dropped=(first.claim,))).claim
        apart, together = tx.bonds()
    assert apart.left == {first.claim.id, heir.id}
    assert (apart.right, together.left) == (frozenset({4711}), frozenset({4711}))


def test_a_claim_belongs_to_the_version_that_said_it(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        edited = item("a", text="corrected: 6", title="Aid, corrected")
        stored = tx.put_item(edited, NOW)
        assert stored is not None
        said = claim(edited, stored.item_id, toll(6))
        view = replace(first.known, facts=toll(6), claims=(*first.known.claims, said))
        apply(tx, Judged(change=Change(type=ChangeType.REVISED, claim=said, known=view, reason="edit")))
    with store.read() as tx:
        explained = tx.explain_item(stored.item_id)
    assert explained is not None
    assert [(said.version, said.claim.title) for said in explained.claims] == [(1, "Aid"), (2, "Aid, corrected")]


def test_a_change_is_kept_with_what_led_to_it(store: Store) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5))
        change = tell(tx, "b", toll(9), to=first.known)
        compared = Comparison(known_id=1, score=0.75, slots={"place": Agreement.SILENT}, reason="same incident")
        change = replace(change, fields={"count": (5, 9)}, compared=(compared,))
        tx.record(change, [Decided(rule=Named(stem="tolls"), fires=False, reason="too few")], NOW, quiet=True)
    with store.read() as tx:
        explained = tx.explain_event(number(change))
    assert explained is not None
    (kept,) = explained.changes
    assert (kept.type, kept.reason, kept.at, kept.quiet) == (ChangeType.UPDATED, "told", NOW, True)
    assert (kept.claim_id, kept.known_id, kept.fields) == (change.claim.id, change.known.id, {"count": (5, 9)})
    assert kept.compared == ({"known_id": 1, "score": 0.75, "slots": {"place": "silent"}, "reason": "same incident"},)
    assert kept.decisions == ({"rule": "tolls", "fires": False, "reason": "too few"},)


# --- questions -------------------------------------------------------------------------------------------------------


def test_events_are_found_by_kind_day_actor_and_place(store: Store) -> None:
    with store.write() as tx:
        tell(tx, "a", AidPledge(donors=("RUR",), recipient="STL", currency="ZEN"))
        tell(tx, "b", toll(5, place="Strelsau", side="RUR"))
        tell(tx, "c", toll(6, place="Zenda"))

    def ids(**where) -> list[str]:
        with store.read() as tx:
            return [event.known.claims[0].item for event in tx.events(**where)]

    assert ids() == ["c", "b", "a"]
    assert ids(limit=2) == ["c", "b"]
    assert ids(limit=None) == ["c", "b", "a"]
    assert ids(kind="aid_pledge") == ["a"]
    assert ids(actor="RUR") == ["b", "a"]
    assert ids(actor="ZEN") == []
    assert ids(actor="RUR", limit=1) == ["b"]
    assert ids(place="strelsau") == ["b"]
    assert ids(since=date(2022, 3, 29), until=date(2022, 3, 29)) == ["c", "b", "a"]
    assert ids(since=date(2022, 3, 30)) == []
    assert ids(until=date(2022, 3, 28)) == []
    assert ids(keep=lambda event: event.facts == toll(5, place="Strelsau", side="RUR")) == ["b"]


def test_events_are_searched_page_after_page(store: Store) -> None:
    with store.write() as tx:
        tell(tx, "first", toll(5, side="RUR"))
        for number in range(450):
            tell(tx, str(number), toll(number, attribution='"RUR", it says'))
    with store.read() as tx:
        assert [event.known.claims[0].item for event in tx.events(actor="RUR")] == ["first"]
        assert len(tx.events(limit=None)) == 451


def test_what_is_not_there_is_explained_by_nothing(store: Store) -> None:
    with store.read() as tx:
        assert tx.explain_item(7) is None
        assert tx.explain_event(7) is None
        assert tx.events() == []
        assert tx.alerts() == []


def test_an_item_of_which_nothing_was_read_can_be_explained(store: Store) -> None:
    with store.write() as tx:
        stored = tx.put_item(item(), NOW, skipped="language: uk")
        assert stored is not None
    with store.read() as tx:
        explained = tx.explain_item(stored.item_id)
    assert explained is not None
    assert [version.skipped for version in explained.items] == ["language: uk"]
    assert [*explained.claims, *explained.events, *explained.changes, *explained.alerts] == []


def test_counts_say_how_much_of_everything_there_is(store: Store) -> None:
    with store.write() as tx:
        change = tell(tx, "a", toll(5))
        tx.record(change, [], NOW)
        tx.queue([alert(change)], NOW)
        tx.put_item(item("b", text="Слава"), NOW, skipped="language: uk")
        tx.save_poll("down", Poll(outcome=PollOutcome.FAILED, reason="timed out"), NOW, NOW)
    counts = store.counts(NOW + HOUR)
    assert (counts.items, counts.versions, counts.claims, counts.events) == (2, 2, 1, 1)
    assert (counts.skipped, counts.changes, counts.alerts) == ({"language: uk": 1}, {"new": 1}, {"queued": 1})
    assert (counts.oldest_waiting, counts.oldest_seconds, counts.failing_sources) == (NOW, 3600.0, 1)


# --- sources ---------------------------------------------------------------------------------------------------------


def test_a_source_that_was_never_polled_is_due_and_has_no_past(store: Store) -> None:
    with store.read() as tx:
        assert tx.source("new").first_polled is None
        assert tx.due(["new"], NOW) == ["new"]
        assert tx.sources() == []


def test_a_failed_poll_keeps_the_validators_and_counts(store: Store) -> None:
    good = Poll(outcome=PollOutcome.ITEMS, reason="200 OK", items=(item(),), state={"etag": "1"})
    with store.write() as tx:
        tx.save_poll("wire", good, NOW, NOW + HOUR, url="https://wire.example/feed")
        tx.save_poll("wire", Poll(outcome=PollOutcome.FAILED, reason="timed out"), NOW + HOUR, NOW + 2 * HOUR)
        tx.save_poll("wire", Poll(outcome=PollOutcome.GONE, reason="410 Gone"), NOW + 2 * HOUR, NOW + 3 * HOUR)
    with store.read() as tx:
        state = tx.source("wire")
        assert tx.sources() == [state]
    assert (state.state, state.url, state.items_total) == ({"etag": "1"}, "https://wire.example/feed", 1)
    assert (state.first_polled, state.last_success, state.last_poll) == (NOW, NOW, NOW + 2 * HOUR)
    assert (state.failures, state.outcome, state.reason) == (2, PollOutcome.GONE, "410 Gone")


def test_an_unchanged_poll_is_a_success_and_may_keep_its_validators(store: Store) -> None:
    with store.write() as tx:
        tx.save_poll("wire", Poll(outcome=PollOutcome.ITEMS, reason="200 OK", state={"etag": "1"}), NOW, NOW)
        tx.save_poll("wire", Poll(outcome=PollOutcome.FAILED, reason="timed out"), NOW, NOW)
        after = tx.save_poll("wire", Poll(outcome=PollOutcome.UNCHANGED, reason="304"), NOW + HOUR, NOW)
        assert (after.state, after.failures, after.last_success) == ({"etag": "1"}, 0, NOW + HOUR)
        after = tx.save_poll("wire", Poll(outcome=PollOutcome.UNCHANGED, reason="304", state={"etag": "2"}), NOW, NOW)
    assert after.state == {"etag": "2"}


def test_a_source_has_its_backlog_until_a_poll_succeeds(store: Store) -> None:
    with store.write() as tx:
        tx.save_poll("wire", Poll(outcome=PollOutcome.FAILED, reason="timed out"), NOW, NOW)
        assert tx.source("wire").first_polled is None
        tx.save_poll("wire", Poll(outcome=PollOutcome.ITEMS, reason="200 OK"), NOW + HOUR, NOW)
        tx.save_poll("wire", Poll(outcome=PollOutcome.ITEMS, reason="200 OK"), NOW + 2 * HOUR, NOW)
        assert tx.source("wire").first_polled == NOW + HOUR


def test_polls_that_are_noted_together_come_to_the_same_as_one_by_one(store: Store) -> None:
    def ended(name: str, reason: str, hours: int) -> EndedPoll:
        poll = Poll(outcome=PollOutcome.UNCHANGED, reason=reason)
        note = {"note": reason}
        return EndedPoll(
            name=name, poll=poll, at=NOW + hours * HOUR, next_poll=NOW, book=lambda before: {**before, **note}
        )

    with store.write() as tx:
        tx.save_poll("old", Poll(outcome=PollOutcome.FAILED, reason="timed out"), NOW, NOW, url="https://old.example")
        saved = tx.save_polls([ended("new", "304", 1), ended("old", "first", 2), ended("old", "second", 3)])
    with store.read() as tx:
        new, old = tx.sources_named(["new", "old"])
        assert tx.sources_named(["old", "never", "new"]) == [old, SourceState(name="never"), new]
    assert saved[0] == new
    assert saved[2] == old
    assert (new.failures, new.first_polled, new.book) == (0, NOW + HOUR, {"note": "304"})
    assert (old.url, old.first_polled, old.reason) == ("https://old.example", NOW + 2 * HOUR, "second")


def test_the_longest_overdue_source_comes_first(store: Store) -> None:
    poll = Poll(outcome=PollOutcome.ITEMS, reason="200 OK")
    with store.write() as tx:
        for name, hours in {"soon": 1, "now": 0, "overdue": -5}.items():
            tx.save_poll(name, poll, NOW, NOW + hours * HOUR)
    with store.read() as tx:
        assert tx.due(["now", "soon", "overdue", "new"], NOW) == ["new", "overdue", "now"]


# --- outages ---------------------------------------------------------------------------------------------------------


def test_a_store_that_answers_has_no_complaint(store: Store) -> None:
    assert store.ping() is None


def test_a_full_disk_is_said_and_stores_nothing(tmp_path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'monitor.db'}") as store:
        with store.write() as tx:
            pages = tx.connection.execute(text("PRAGMA page_count")).scalar_one()
            tx.connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
        with pytest.raises(StoreError, match="disk is full; nothing was stored"):
            put_all(store, item("first"), item("second", text="long " * 10_000))
        assert store.counts(NOW).items == 0


def test_a_lost_connection_is_said_and_the_next_one_works(postgres_server, store: Store) -> None:
    if store.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    with pytest.raises(StoreError, match=r"postgresql\+psycopg://"), store.write() as tx:
        tx.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert store.ping() is None


def test_an_unreachable_server_is_said_without_its_password(tmp_path) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://monitor:hunter2@localhost:1/events")
    assert "hunter2" not in str(caught.value)
    assert "localhost:1/events" in str(caught.value)


@pytest.mark.parametrize(
    "url, complaint",
    [
        ("monitor.db", "expected sqlite:///FILE or postgresql://"),
        ("mysql://localhost/events", "mysql is not supported"),
        ("postgresql+pg8000://localhost/events", "write postgresql://"),
        ("sqlite:////dev/null/monitor.db", "cannot make the folder /dev/null"),
    ],
)
def test_a_url_that_cannot_be_used_is_said_with_what_is_expected(url: str, complaint: str) -> None:
    with pytest.raises(StoreError, match=complaint):
        Store.open(url)


def test_a_file_that_is_no_database_is_said(tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("no database " * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        Store.open(f"sqlite:///{tmp_path / 'notes.txt'}")


def test_the_folder_of_a_new_database_is_made(tmp_path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'not' / 'yet' / 'monitor.db'}") as store:
        assert store.ping() is None


def test_sqlite_keeps_what_it_was_told_to(tmp_path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'monitor.db'}") as store, store.read() as tx:
        settings = {name: tx.connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    assert settings == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30_000}


# --- claims kept in memory -------------------------------------------------------------------------------------------


def test_a_claim_of_a_transaction_that_was_taken_back_is_not_remembered(store: Store) -> None:
    def read_and_die() -> None:
        with store.write() as tx:
            tell(tx, "a", toll(5))
            assert tx.candidates("casualty_update", ["k"])
            raise CutOffError

    with pytest.raises(CutOffError):
        read_and_die()
    with store.write() as tx:  # SQLite gives its numbers to the next
        change = tell(tx, "b", toll(6))
        assert tx.candidates("casualty_update", ["k"]) == [change.known]


def test_a_claim_that_was_moved_or_withdrawn_by_another_process_is_not_held_to_be_where_it_was(
    store: Store, database_url: str
) -> None:
    with store.write() as tx:
        first = tell(tx, "a", toll(5), ["x"])
        second = tell(tx, "b", toll(6), ["y"])
    with store.read() as tx:
        assert len(tx.candidates("casualty_update", ["x", "y"])) == 2
    joined = replace(first.known, claims=(first.claim, second.claim))
    with Store.open(database_url) as other, other.write() as tx:
        tx.apply(Judged(change=None, others=(joined,), absorbed=(number(second),)), NOW)
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["y"]) == [joined]
    with Store.open(database_url) as other, other.write() as tx:
        assert first.claim.id is not None
        tx.withdraw_claims([first.claim.id], NOW)
    with store.read() as tx:
        assert [found.claims for found in tx.candidates("casualty_update", ["y"])] == [(second.claim,)]


def test_what_was_not_asked_for_lately_is_forgotten() -> None:
    recent: Recent[str] = Recent(most=4)
    for number in range(4):
        recent.keep({number: "kept"})
        assert recent.get(0) == "kept"
    assert [number for number in range(4) if recent.get(number)] == [0, 2, 3]


def test_a_known_event_whose_view_another_process_changed_is_read_again(store: Store, database_url: str) -> None:
    with store.write() as tx:
        change = tell(tx, "a", toll(5))
    for _ in range(2):  # read, then from memory
        with store.read() as tx:
            assert tx.candidates("casualty_update", ["k"]) == [change.known]
    corrected = replace(change.known, facts=toll(6))
    with Store.open(database_url) as other, other.write() as tx:
        tx.apply(Judged(change=None, others=(corrected,)), NOW)
    with store.read() as tx:
        assert tx.candidates("casualty_update", ["k"]) == [corrected]
