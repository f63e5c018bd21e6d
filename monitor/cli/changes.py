"""What a pass changed: progress while it runs, a table of changes, a summary at its end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from monitor.cli.show import clean, err, json_line, out, table
from monitor.codec import event_to_json, fields_to_json
from monitor.kinds import KINDS
from monitor.kinds.wording import ENGLISH
from monitor.model import Change, ChangeType, OutcomeType, PollOutcome

if TYPE_CHECKING:
    from monitor.pipeline import Polled, Sent, Taken


@contextlib.contextmanager
def progress(total: int) -> Iterator[Callable[[Polled], None]]:
    """On a terminal a bar; otherwise a line a source on standard error."""
    console = err()
    if not sys.stderr.isatty():
        yield lambda polled: console.print(f"polled {polled.source.name}: {polled.poll.reason}", markup=False)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("polling", total=total)

        def done(polled: Polled) -> None:
            bar.update(task, advance=1, description=f"polled {clean(polled.source.name)}")

        yield done


def show(polled: Sequence[Polled], *, json: bool) -> None:
    """The changes of a pass, in the order in which they were taken in."""
    everything = [taken for one in polled for taken in one.taken]
    if json:
        for taken in everything:
            lines(taken)
        return
    rows = [row(change) for taken in everything for change in taken.changes if change.type is not ChangeType.REPEATED]
    if rows:
        out().print(table(("when", "change", "what", "who", "how much", "source"), rows))
        out().print()


def lines(taken: Taken) -> None:
    """One JSON line for each change of an item (CONTRACT.md, ``monitor replay --json``)."""
    for change, decisions in zip(taken.changes, taken.decisions, strict=True):
        json_line(
            {
                "item": taken.item.id,
                "event_id": str(change.known.id),
                "change": change.type.value,
                "fields": fields_to_json(change.fields),
                "alerts": [decision.rule.stem for decision in decisions if decision.fires],
                "event": event_to_json(change.event),
            }
        )


def row(change: Change) -> tuple[str, ...]:
    """One change as cells: when, change, what, who, how much, source."""
    words = KINDS[change.event.kind].words
    facts = change.event.facts
    source = change.claim.outlet or change.claim.source or change.claim.item
    published = change.claim.published
    when = words.when(facts) or (ENGLISH.day(published) if published else "")
    return (when, change.type.value, words.what(facts), words.who(facts), words.how_much(facts), source)


def summary(polled: Sequence[Polled], sent: Sequence[Sent], *, json: bool) -> bool:
    """Says what came of the pass, on standard error if standard output holds JSON; whether all of it went well."""
    console = err() if json else out()
    failed = [one for one in polled if one.poll.outcome is PollOutcome.FAILED]
    for one in failed:
        err().print(f"{one.source.name}: {one.poll.reason}", style="red", markup=False)
    bad = [one for one in sent if one.outcome.type is not OutcomeType.SENT]
    for failure in bad:
        err().print(f"{failure.alert.channel}: {failure.outcome.reason}", style="red", markup=False)
    taken = [each for one in polled for each in one.taken]
    for each in taken:
        if each.passed_over:
            name = clean(each.item.title or each.item.id)
            err().print(f"{each.item.source}: {name}: {each.skipped}", style="red", markup=False)
    changes = sum(len(each.changes) for each in taken)
    if not taken:
        console.print(f"Nothing is new: {_number(len(polled), 'source')} polled, no new or edited items.")
    else:
        console.print(
            f"{_number(len(polled), 'source')} polled, {_number(len(taken), 'new or edited item')}, "
            f"{_number(changes, 'change')}, {_number(len(sent) - len(bad), 'alert')} sent."
        )
    return not failed and not bad


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
