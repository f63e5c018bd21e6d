"""``monitor replay``: what would have been found, linked and alerted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress

from monitor.cli import changes
from monitor.cli.options import DEFAULT_CONFIG, load, open_store
from monitor.cli.show import err, json_line, out, table

if TYPE_CHECKING:
    from monitor.model import Item
    from monitor.pipeline import Taken


def stored_items(config: Path, database: str | None) -> list[Item]:
    """The present version of every stored item."""
    with open_store(config, database) as store, store.read() as tx:
        return list(tx.stored_items())


def replay(items: list[Item], *, json: bool, diff: bool, config: Path, database: str | None) -> None:
    """Prints one line a change; with ``diff`` the alerts that are more or fewer than the stored ones."""
    from monitor.proof import replay as run

    # the rules of the configuration, if there is one here: without, what would be linked is still told
    rules = load(config, database).rules if config.is_dir() or config != DEFAULT_CONFIG else ()
    told = list(_with_progress(run(items, rules), len(items)))
    if diff:
        _diff(told, config, database, json=json)
    elif json:
        for taken in told:
            changes.lines(taken)
    else:
        rows = [changes.row(change) for taken in told for change in taken.changes]
        columns = ("when", "change", "what", "who", "how much", "source")
        out().print(table(columns, rows) if rows else "No events.")


def _with_progress(results: Iterable[Taken], total: int) -> Iterable[Taken]:
    if not sys.stderr.isatty():
        yield from results
        return
    with Progress(console=err(), transient=True) as bar:
        task = bar.add_task("replaying", total=total)
        for taken in results:
            bar.advance(task)
            yield taken


Told = tuple[str, str, str]  # item, kind of event with type of change, rule


def _diff(told: list[Taken], config: Path, database: str | None, *, json: bool) -> None:
    would = Counter(
        (taken.item.id, f"{change.type.value} {change.event.kind}", decision.rule.stem)
        for taken in told
        for change, decisions in zip(taken.changes, taken.decisions, strict=True)
        for decision in decisions
        if decision.fires
    )
    with open_store(config, database) as store, store.read() as tx:
        did = Counter(
            (alert.alert.news.claim.item, f"{alert.alert.news.type.value} {alert.alert.news.facts.kind}", rule)
            for alert in tx.alerts(limit=None)
            for rule in alert.alert.rules
        )
    rows = [("+", *key) for key in sorted((would - did).elements())] + [
        ("-", *key) for key in sorted((did - would).elements())
    ]
    for sign, item, change, rule in rows if json else ():
        json_line({"diff": sign, "item": item, "change": change, "rule": rule})
    if not json:
        out().print(table(("", "item", "change", "rule"), rows) if rows else "No difference from the stored alerts.")
