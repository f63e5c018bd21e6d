"""Items run through extract, compare and rules in memory: ``monitor replay``, and the proofs that rules name.

Nothing is stored and nothing is sent. The clock of a replay is the items' own: each is taken in at the end of its day
of publication, so that the same items give the same changes whenever they are replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from monitor import extract
from monitor.errors import ConfigError, InputError
from monitor.pipeline import Taken, in_order, take_in
from monitor.sources.reading.files import read_path
from monitor.store import Store

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Item
    from monitor.rules import Rule, Story

#: when undated items are taken in, which come before all dated ones
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class Replay:
    """A fresh store in memory, and the rules to try on it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._store = Store.open("sqlite://")
        self._lexicons = extract.every_lexicon()

    def take(self, item: Item) -> Taken:
        """What taking in one item would do."""
        extraction = extract.extract(item, self._lexicons)
        return take_in(self._store, item, extraction, watch=self._rules, now=clock_of(item))

    def close(self) -> None:
        """Forgets everything."""
        self._store.close()


def clock_of(item: Item) -> datetime:
    """The instant at which a replay takes an item in: that of its publication, or the end of its day."""
    if item.published_at is not None:
        return item.published_at.astimezone(UTC)
    return BEFORE_ALL if item.published is None else datetime.combine(item.published, time(23, 59), UTC)


def replay(items: Iterable[Item], rules: Sequence[Rule]) -> Iterator[Taken]:
    """Items in order of publication through a fresh memory, one result an item."""
    memory = Replay(rules)
    try:
        for item in in_order(items):
            yield memory.take(item)
    finally:
        memory.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What came of one story of a rule's proof."""

    rule: Rule
    story: Story
    #: whether the rule was to fire
    wanted: bool
    #: whether it fired
    fired: bool
    #: for each change, what it was and what the rule said to it
    reasons: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.wanted == self.fired

    def complaint(self) -> ConfigError:
        """The failed proof as one line that names the rule's file and line."""
        said = "; ".join(self.reasons) or "no event was found in it"
        expected = "expected the rule to fire" if self.wanted else "expected the rule to stay silent"
        return ConfigError(self.rule.path, self.story.line, self.story.key, f"{expected}, but it did not hold: {said}")


def prove(config: Config) -> Iterator[Proved]:
    """Runs the proof of each rule, each of its stories in a memory of its own."""
    for rule in config.rules:
        for wanted, stories in ((True, rule.proof.fires), (False, rule.proof.silent)):
            for story in stories:
                yield prove_story(rule, story, wanted=wanted)


def prove_story(rule: Rule, story: Story, *, wanted: bool) -> Proved:
    """Takes the story's items in, in their order, and looks whether the rule fires anywhere in it."""
    memory = Replay([rule])
    try:
        fired, reasons = False, []
        for taken in [memory.take(item) for item in items_of(rule, story)]:
            for change, decisions in zip(taken.changes, taken.decisions, strict=True):
                for decision in decisions:
                    fired = fired or decision.fires
                    reasons.append(f"{change.type.value} {change.event.kind}: {decision.reason}")
        return Proved(rule=rule, story=story, wanted=wanted, fired=fired, reasons=tuple(reasons))
    finally:
        memory.close()


def items_of(rule: Rule, story: Story) -> Iterator[Item]:
    """The items of a story: texts in place, and files as the reference feed would show them."""
    for given in story.items:
        if given.item is not None:
            yield given.item
            continue
        assert given.path is not None  # a proof's item is one or the other (config/rules.py)
        try:
            yield from read_path(given.path)
        except InputError as error:
            raise ConfigError(rule.path, given.line, story.key, str(error)) from error
