"""An item's way through the store: whole or not at all, told or kept silent, edited, sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor import config
from monitor.delivery.verdict import Heard, Trouble
from monitor.delivery.verdict import outcome as verdict
from monitor.extract import Extraction
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.model import Alert, ChangeType, Channel, Event, Evidence, Item, Message, Outcome, OutcomeType, PollOutcome
from monitor.pipeline import Pipeline, Polled, in_order, take_in
from monitor.rules import Rule
from monitor.store import Store, Transaction
from monitor.workers import Workers

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RULE = Rule(stem="tolls", name="tolls", path="rules/tolls.yaml", kind="casualty_update", channels=("desk",))


def item(id: str, text: str, day: int = 1, outlet: str = "Ridge Post") -> Item:
    return Item(source="ridge", id=id, title="Landslide", text=text, published=date(2026, 3, day), outlet=outlet)


def toll(of: Item, count: int) -> Extraction:
    """What an extractor reads from a text that tells of a landslide at Aru."""
    facts = CasualtyUpdate(
        harm="killed", count=count, qualifier="exact", place="Aru", date=date(2026, 3, 1), scope="incident"
    )
    span = Evidence(field="text", start=0, end=len(of.text), text=of.text)
    return Extraction(events=(Event(facts=facts, evidence=span, confidence=0.9),))


FIRST = item("a", "The landslide at Aru on Sunday killed 12 people.")
LATER = item("b", "The landslide at Aru has now killed 30 people, rescuers said.", day=2, outlet="Valley Radio")


def test_a_first_report_is_new_and_queues_one_alert(store: Store) -> None:
    taken = take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    assert [change.type for change in taken.changes] == [ChangeType.NEW]
    assert [alert.rules for alert in taken.alerts] == [("tolls",)]
    with store.read() as tx:
        assert len(tx.alerts()) == 1


def test_the_same_item_again_changes_nothing(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    again = take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    assert again.state == "unchanged"
    with store.read() as tx:
        assert len(tx.alerts()) == 1


def test_a_rising_toll_updates_the_known_event(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    taken = take_in(store, LATER, toll(LATER, 30), watch=[RULE], now=NOW + timedelta(hours=1))
    assert [(change.type, change.fields["count"]) for change in taken.changes] == [(ChangeType.UPDATED, (12, 30))]
    with store.read() as tx:
        assert [event.known.facts.count for event in tx.events()] == [30]  # type: ignore[attr-defined]  # of a toll


def test_the_alert_tells_what_the_other_outlet_had_said(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    taken = take_in(store, LATER, toll(LATER, 30), watch=[RULE], now=NOW + timedelta(hours=1))
    assert [voice.outlet for voice in taken.alerts[0].news.voices] == ["Ridge Post"]


def test_a_silent_backlog_is_known_but_told_to_nobody(store: Store) -> None:
    taken = take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW, quiet=True)
    assert [change.type for change in taken.changes] == [ChangeType.NEW]
    with store.read() as tx:
        assert (len(tx.events()), len(tx.alerts())) == (1, 0)


def test_an_item_is_taken_in_whole_or_not_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "queue_waiting", full)
        with pytest.raises(OSError, match="disk full"):
            take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    with store.read() as tx:
        counts = tx.counts(NOW)
    assert (counts.items, counts.events, counts.claims) == (0, 0, 0)
    assert take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW).alerts


def test_an_edited_item_that_no_longer_says_it_withdraws_the_event(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    edited = item("a", "The landslide at Aru on Sunday blocked a road.")
    taken = take_in(store, edited, Extraction(), watch=[RULE], now=NOW + timedelta(hours=1))
    assert (taken.state, [change.type for change in taken.changes]) == ("edited", [ChangeType.WITHDRAWN])
    with store.read() as tx:
        assert tx.counts(NOW).claims == 0


def test_an_edited_item_with_a_new_figure_changes_the_event_it_had_made(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    edited = item("a", "The landslide at Aru on Sunday killed 21 people.")
    taken = take_in(store, edited, toll(edited, 21), watch=[RULE], now=NOW + timedelta(hours=1))
    assert [change.fields["count"] for change in taken.changes] == [(12, 21)]
    with store.read() as tx:
        assert [len(event.known.claims) for event in tx.events()] == [1]


def test_an_edit_that_leaves_the_fact_alone_is_told_to_nobody(store: Store) -> None:
    take_in(store, FIRST, toll(FIRST, 12), watch=[RULE], now=NOW)
    edited = item("a", "The landslide at Aru on Sunday killed 12 people, police said.")
    taken = take_in(store, edited, toll(edited, 12), watch=[RULE], now=NOW + timedelta(hours=1))
    assert (taken.state, taken.alerts) == ("edited", ())


def test_an_item_in_a_language_without_a_lexicon_is_stored_with_its_reason(store: Store) -> None:
    taken = take_in(store, FIRST, Extraction(skipped="language: uk"), watch=[RULE], now=NOW)
    assert taken.skipped == "language: uk"
    with store.read() as tx:
        assert tx.counts(NOW).skipped == {"language: uk": 1}


def test_items_are_taken_in_in_order_of_publication_undated_ones_first() -> None:
    early = Item(id="early", text="", published=date(2026, 3, 1), published_at=datetime(2026, 3, 1, 5, tzinfo=UTC))
    late = Item(id="late", text="", published=date(2026, 3, 1), published_at=datetime(2026, 3, 1, 8, tzinfo=UTC))
    undated = Item(id="undated", text="")
    assert [one.id for one in in_order([late, early, undated])] == ["undated", "early", "late"]


# --- the running service ---------------------------------------------------------------------------------------------


class Desk:
    """A sender that keeps what it is given, and does what it is told to."""

    def __init__(self, *answers: OutcomeType) -> None:
        self.answers = list(answers)
        self.messages: list[Message] = []

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 1) -> Outcome:
        answer = self.answers.pop(0) if self.answers else OutcomeType.SENT
        if answer is OutcomeType.SENT:
            self.messages.append(message)
        return Outcome(type=answer, reason="", retry_at=now + timedelta(minutes=5) if answer == "retry" else None)

    def close(self) -> None:
        return


class Setup:
    """A configuration folder, a reference feed beside it, and a clock that is turned by hand."""

    def __init__(self, tmp_path: Path, *, backlog: str = "alert", more: str = "") -> None:
        self.now = NOW
        self.database = f"sqlite:///{tmp_path / 'monitor.db'}"
        self.seeds = tmp_path / "seeds"
        self.folder = tmp_path / "config"
        (self.folder / "rules").mkdir(parents=True)
        self.seeds.mkdir()
        (self.folder / "monitor.yaml").write_text("time_zone: UTC\n")
        (self.folder / "sources.yaml").write_text(
            f"ridge:\n  type: folder\n  path: {self.seeds}\n  interval: 1m\n  backlog: {backlog}\n{more}"
        )
        (self.folder / "channels.yaml").write_text("desk: console://\n")
        (self.folder / "rules" / "tolls.yaml").write_text(
            "name: tolls\nkind: casualty_update\non: [new, updated]\nchannels: [desk]\n"
        )

    def write(self, name: str, text: str) -> None:
        (self.seeds / name).write_text(text)

    def run(self, desk: Desk | Board, *, deliver: bool = True) -> Sequence[Polled]:
        """One pass over every source."""
        loaded = config.load(self.folder, {"MONITOR_DATABASE_URL": self.database})

        async def one_pass() -> Sequence[Polled]:
            pipeline = Pipeline(
                loaded,
                store=Store.open(self.database),
                workers=Workers(),
                sender=desk,  # type: ignore[arg-type]  # it sends as a Sender does
                clock=lambda: self.now,
            )
            try:
                polled = await pipeline.polls.poll_all(loaded.sources, lambda _: None)
                if deliver:
                    await pipeline.deliveries.send_due(lambda _: None)
                return polled
            finally:
                await pipeline.close()

        return asyncio.run(one_pass())

    def alerts(self) -> list[Alert]:
        with Store.open(self.database) as store, store.read() as tx:
            return [stored.alert for stored in tx.alerts()]


LANDSLIDE = "A landslide at Aru killed 12 people on Sunday, police said.\n"


def test_a_file_dropped_into_a_reference_feed_leads_to_one_alert_and_the_same_again_to_none(tmp_path: Path) -> None:
    setup, desk = Setup(tmp_path), Desk()
    setup.write("a.txt", LANDSLIDE)
    setup.run(desk)
    setup.now += timedelta(minutes=2)
    setup.run(desk)
    assert len(desk.messages) == 1
    assert "12" in desk.messages[0].subject


def test_what_a_silent_source_holds_at_its_first_poll_is_not_told_what_comes_later_is(tmp_path: Path) -> None:
    setup, desk = Setup(tmp_path, backlog="silent"), Desk()
    setup.write("a.txt", LANDSLIDE)
    setup.run(desk)
    assert desk.messages == []
    setup.now += timedelta(minutes=2)
    setup.write("b.txt", "A fire in Benda killed seven people on Monday, police said.\n")
    setup.run(desk)
    assert len(desk.messages) == 1


def test_a_failing_source_is_recorded_and_disturbs_no_other(tmp_path: Path) -> None:
    setup, desk = Setup(tmp_path, more="broken:\n  url: http://127.0.0.1:9/feed\n"), Desk()
    setup.write("a.txt", LANDSLIDE)
    polled = {one.source.name: one for one in setup.run(desk)}
    assert polled["broken"].poll.outcome is PollOutcome.FAILED
    assert len(desk.messages) == 1
    with Store.open(setup.database) as store, store.read() as tx:
        state = tx.source("broken")
    assert (state.failures, state.first_polled) == (1, None)
    assert state.next_poll is not None
    assert state.next_poll > setup.now


def test_an_alert_that_could_not_be_sent_is_sent_when_the_channel_is_back(tmp_path: Path) -> None:
    setup, desk = Setup(tmp_path), Desk(OutcomeType.RETRY)
    setup.write("a.txt", LANDSLIDE)
    setup.run(desk)
    assert desk.messages == []
    setup.now += timedelta(minutes=6)
    setup.run(desk)
    assert len(desk.messages) == 1


def test_an_alert_that_was_queued_before_a_crash_is_sent_after_it(tmp_path: Path) -> None:
    setup, desk = Setup(tmp_path), Desk()
    setup.write("a.txt", LANDSLIDE)
    setup.run(desk, deliver=False)
    assert len(setup.alerts()) == 1
    setup.now += timedelta(minutes=2)
    setup.run(desk)
    assert len(desk.messages) == 1


# --- deliveries ------------------------------------------------------------------------------------------------------


class Board:
    """A sender that answers for each channel as it is told, and keeps what it was asked to send."""

    def __init__(self, **answers: list[OutcomeType]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Message]] = []

    def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 1) -> Outcome:
        self.asked.append((channel.name, message))
        waiting = self.answers.get(channel.name, [])
        answer = waiting.pop(0) if waiting else OutcomeType.SENT
        return Outcome(
            type=answer, reason="because", retry_at=now + timedelta(minutes=5) if answer == "retry" else None
        )

    def close(self) -> None:
        return

    def channels(self) -> list[str]:
        return [name for name, _ in self.asked]


def fires(setup: Setup, *places: str) -> None:
    for place in places:
        setup.write(f"{place}.txt", f"A fire in {place} killed seven people on Monday, police said.\n")


TOLLS = "name: tolls\nkind: casualty_update\non: [new, updated]\nchannels: [{}]\n"


def test_a_channel_that_fails_is_not_tried_with_its_other_alerts_and_the_others_are_told(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.RETRY])
    (setup.folder / "channels.yaml").write_text("desk: console://\nroom: console://\n")
    (setup.folder / "rules" / "tolls.yaml").write_text(TOLLS.format("desk, room"))
    fires(setup, "Benda", "Corva", "Delm")
    setup.run(board)
    assert sorted(board.channels()) == ["desk", "room", "room", "room"]


def test_a_channel_that_failed_is_tried_with_one_alert_and_told_the_rest_once_it_is_back(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.RETRY, OutcomeType.RETRY])
    fires(setup, "Benda", "Corva", "Delm")
    setup.run(board)
    setup.now += timedelta(minutes=1)
    setup.run(board)
    assert len(board.asked) == 2
    setup.now += timedelta(minutes=10)
    setup.run(board)
    assert len(board.asked) == 5
    with Store.open(setup.database) as store, store.read() as tx:
        assert [alert.state for alert in tx.alerts()] == ["sent"] * 3
        assert sorted(alert.tries for alert in tx.alerts()) == [1, 2, 2]


def test_the_operators_hear_of_an_alert_that_was_given_up_once_with_its_news(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.DEAD, OutcomeType.DEAD])
    (setup.folder / "channels.yaml").write_text("desk: console://\noperators: console://\n")
    (setup.folder / "monitor.yaml").write_text("operators: operators\n")
    fires(setup, "Benda")
    setup.run(board)
    with Store.open(setup.database) as store:
        assert len(store.retry_dead(setup.now)) == 1
    setup.now += timedelta(minutes=2)
    setup.run(board)
    assert board.channels() == ["desk", "operators", "desk"]
    notice = board.asked[1][1]
    assert notice.subject.startswith("Undelivered: Benda")
    assert "given up on channel desk, because" in notice.plain


def test_a_notice_that_cannot_be_delivered_itself_is_dead_and_leads_to_no_other(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.DEAD], operators=[OutcomeType.DEAD])
    (setup.folder / "channels.yaml").write_text("desk: console://\noperators: console://\n")
    (setup.folder / "monitor.yaml").write_text("operators: operators\n")
    fires(setup, "Benda")
    setup.run(board)
    assert board.channels() == ["desk", "operators"]
    with Store.open(setup.database) as store, store.read() as tx:
        assert [alert.state for alert in tx.alerts()] == ["dead", "dead"]


def test_an_alert_that_was_given_up_and_is_retried_is_delivered(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.DEAD])
    fires(setup, "Benda")
    setup.run(board)
    with Store.open(setup.database) as store:
        store.retry_dead(setup.now)
    setup.run(board)
    with Store.open(setup.database) as store, store.read() as tx:
        assert [alert.state for alert in tx.alerts()] == ["sent"]


def test_an_alert_whose_try_was_cut_off_at_the_end_is_due_at_once_after_the_next_start(tmp_path: Path) -> None:
    setup = Setup(tmp_path)
    fires(setup, "Benda")
    stopped = Heard(trouble=Trouble.STOPPED)

    class Stopped(Board):
        def send(self, channel: Channel, message: Message, now: datetime, *, tries: int = 1) -> Outcome:
            super().send(channel, message, now, tries=tries)
            return verdict(stopped, tries=tries, max_tries=channel.max_tries, now=now, roll=0.5)

    setup.run(Stopped())
    with Store.open(setup.database) as store, store.read() as tx:
        assert tx.waiting(setup.now) == {"desk": 1}


# --- told together ---------------------------------------------------------------------------------------------------

PLACES = ("Benda", "Corva", "Delm", "Eskar", "Fonda", "Garra")


def test_more_alerts_than_a_channel_wants_messages_are_told_in_one_with_every_headline(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board()
    fires(setup, *PLACES)
    setup.run(board)
    ((_, told),) = board.asked
    assert all(f"{place}: 7 killed" in told.plain for place in PLACES)
    assert told.subject.endswith("(and 5 more)")
    with Store.open(setup.database) as store, store.read() as tx:
        assert [alert.state for alert in tx.alerts()] == ["sent"] * 6


def test_what_was_told_in_one_message_is_tried_again_in_the_same_one_with_the_same_key(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board(desk=[OutcomeType.RETRY])
    fires(setup, *PLACES)
    setup.run(board)
    setup.now += timedelta(minutes=10)
    fires(setup, "Hedda")
    setup.run(board)
    keys = [told.key for _, told in board.asked]
    assert keys[0] == keys[1] != keys[2]
    first, second = (told.plain.partition("\n1. ")[2] for _, told in board.asked[:2])
    assert first == second != ""


def test_what_is_held_is_visible_with_its_reason_and_told_when_its_time_has_come(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board()
    (setup.folder / "monitor.yaml").write_text("time_zone: UTC\ncalm:\n  quiet: 08:00-10:00\n")
    fires(setup, "Benda", "Corva")
    setup.run(board)
    with Store.open(setup.database) as store, store.read() as tx:
        assert {(alert.state, alert.reason) for alert in tx.alerts()} == {("held", "quiet hours until 10:00")}
    setup.now += timedelta(hours=1)
    setup.run(board)
    ((_, told),) = board.asked
    assert "(and 1 more)" in told.subject


def test_a_silence_holds_what_it_names_until_it_is_ended(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board()
    with Store.open(setup.database) as store, store.write() as tx:
        number = tx.add_silence({"place": "Benda"}, setup.now + timedelta(hours=4), "known", setup.now)
    fires(setup, "Benda", "Corva")
    setup.run(board)
    assert ["Corva" in told.subject for _, told in board.asked] == [True]
    with Store.open(setup.database) as store, store.write() as tx:
        assert tx.end_silence(number, setup.now)
        assert not tx.end_silence(number, setup.now)
    setup.now += timedelta(minutes=2)
    setup.run(board)
    assert "Benda" in board.asked[1][1].subject


def test_a_group_is_told_again_only_after_its_interval(tmp_path: Path) -> None:
    setup, board = Setup(tmp_path), Board()
    (setup.folder / "monitor.yaml").write_text("calm:\n  group_by: kind\n  interval: 30m\n")
    fires(setup, "Benda", "Corva")
    setup.run(board)
    setup.now += timedelta(minutes=2)
    fires(setup, "Delm")
    setup.run(board)
    assert len(board.asked) == 1
    setup.now += timedelta(minutes=28)
    setup.run(board)
    assert len(board.asked) == 2


# --- told again until acknowledged -----------------------------------------------------------------------------------

SEVERE = """\
kind: casualty_update
channels: [desk]
severity: severe
repeat: 15m
escalate: {after: 30m, channels: [chief]}
"""


@pytest.fixture
def severe(tmp_path: Path) -> Setup:
    setup = Setup(tmp_path)
    (setup.folder / "channels.yaml").write_text("desk: console://\nchief: console://\n")
    (setup.folder / "rules" / "tolls.yaml").write_text(SEVERE)
    fires(setup, "Benda")
    return setup


def test_an_alert_that_nobody_acknowledges_is_told_again_and_then_to_others_too(severe: Setup) -> None:
    board = Board()
    for _ in range(3):
        severe.run(board)
        severe.now += timedelta(minutes=15)
    assert sorted(board.channels()) == ["chief", "desk", "desk", "desk"]
    assert [told.subject.partition(":")[0] for name, told in board.asked if name == "desk"] == [
        "Benda", "Reminder 1", "Reminder 2",
    ]  # fmt: skip
    assert "`monitor ack 1` does" in board.asked[1][1].plain


def test_what_was_acknowledged_is_told_no_more(severe: Setup) -> None:
    board = Board()
    severe.run(board)
    severe.now += timedelta(minutes=15)
    severe.run(board)
    with Store.open(severe.database) as store, store.write() as tx:
        assert tx.acknowledge(2, severe.now) == [1, 2]
        assert tx.acknowledge(99, severe.now) is None
    severe.now += timedelta(hours=1)
    severe.run(board)
    assert len(board.asked) == 2


def test_a_reminder_that_still_waits_is_dropped_when_its_alert_is_acknowledged(severe: Setup) -> None:
    board = Board()
    severe.run(board)
    board.answers["desk"] = [OutcomeType.RETRY]
    severe.now += timedelta(minutes=15)
    severe.run(board)
    with Store.open(severe.database) as store, store.write() as tx:
        assert tx.acknowledge(1, severe.now) == [1]
    severe.now += timedelta(hours=1)
    severe.run(board)
    assert len(board.asked) == 2
