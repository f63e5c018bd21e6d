"""Events on the screen: the contract's JSON, or each event with its sentence, the words that fired marked."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from monitor.cli.show import clean, json_line, out
from monitor.codec import event_to_json, value_to_json
from monitor.kinds import KINDS

if TYPE_CHECKING:
    from rich.text import Text

    from monitor.extract import Extraction
    from monitor.language.trace import Step, Trace
    from monitor.model import Event, Item

#: characters of the item shown on each side of the evidence
AROUND = 80


def extraction_json(item: Item, extraction: Extraction, trace: Trace | None) -> None:
    """One line: ``{"id": ..., "events": [...]}``, with ``skipped`` and ``trace`` where there are such."""
    line: dict[str, Any] = {"id": item.id, "events": [event_to_json(event) for event in extraction.events]}
    if extraction.skipped:
        line["skipped"] = extraction.skipped
    if trace is not None:
        line["trace"] = [_step_record(step) for step in trace.steps]
    json_line(line)


def extraction_for_people(item: Item, extraction: Extraction, trace: Trace | None) -> None:
    """The item's events, slot by slot, each below its sentence."""
    from rich.text import Text

    console = out()
    day = f" ({item.published})" if item.published else ""
    console.print(Text(clean(item.id), style="bold") + Text(f" {clean(item.title)}{day}"))
    if extraction.skipped:
        console.print(Text(f"  skipped: {extraction.skipped}", style="yellow"))
    elif not extraction.events:
        console.print(Text("  no events", style="dim"))
    for event in extraction.events:
        console.print(_event(event, item))
    if trace is not None:
        for step in trace.steps:
            console.print(Text(f"  {_step_line(step)}", style="dim"))
    console.print()


def _event(event: Event, item: Item) -> Text:
    from rich.text import Text

    text = Text(f"  {KINDS[event.kind].title}", style="bold cyan") + Text(f"  {event.confidence:.2f}\n", style="dim")
    text.append_text(Text("    ") + _sentence(event, item) + Text("\n"))
    for slot in KINDS[event.kind].slots:
        value = getattr(event.facts, slot)
        if value not in (None, ()):
            text.append(f"    {slot:12}", style="dim").append(_value(value) + "\n")
    return text


def _step_record(step: Step) -> dict[str, Any]:
    return {field.name: value_to_json(getattr(step, field.name)) for field in dataclasses.fields(step)}


def _step_line(step: Step) -> str:
    """One step of a trace: what was done, by which rule, to which words."""

    given = f" {step.slot} = {_value(step.value)}" if step.slot else ""
    return f"{step.kind} {step.what}{given} by “{step.rule}” from “{clean(step.text)}” ({step.field} {step.start})"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:,}" if isinstance(value, int) else clean(str(value))


def _sentence(event: Event, item: Item) -> Text:
    from rich.text import Text

    whole = item.title if event.evidence.field == "title" else item.text
    start, end = event.evidence.start, event.evidence.end
    before, after = whole[max(0, start - AROUND) : start], whole[end : end + AROUND]
    return (
        Text(_cut(before, left=True, more=start > AROUND), style="dim")
        + Text(clean(event.evidence.text), style="bold")
        + Text(_cut(after, left=False, more=end + AROUND < len(whole)), style="dim")
    )


def _cut(text: str, *, left: bool, more: bool) -> str:
    """A piece of context that ends at a word, and at a paragraph if there is one."""

    if left:
        text = text.rsplit("\n", 1)[-1] if "\n" in text else ("…" + text.split(" ", 1)[-1] if more else text)
    else:
        text = text.split("\n", 1)[0] if "\n" in text else (text.rsplit(" ", 1)[0] + "…" if more else text)
    return clean(text)
