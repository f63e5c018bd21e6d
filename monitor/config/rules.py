"""rules/<name>.yaml: one rule a file, with its own proof."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.config import codes, scalars
from monitor.config.conditions import read_where
from monitor.config.document import Entry, read
from monitor.config.sources import name_of
from monitor.errors import ConfigError
from monitor.kinds import KINDS
from monitor.model import ChangeType, Item, Severity
from monitor.rules import LOUDNESS, Proof, ProofItem, Rule, Story
from monitor.rules.conditions import AllOf

_KEYS = ("name", "kind", "on", "where", "channels", "severity", "template", "repeat", "escalate", "proof")
_ITEM_KEYS = ("text", "title", "published", "outlet", "url", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Names that rules may use."""

    channels: Collection[str]
    sources: Collection[str]
    templates: Collection[str] = ()


def read_rules(paths: Iterable[Path], known: Known) -> tuple[Rule, ...]:
    """The rules of some files, in their order; two of one name are refused."""
    rules: dict[str, Rule] = {}
    for path in paths:
        entry = read(path)
        rule = read_rule(entry, known)
        if twin := rules.get(rule.name):
            place = entry.pairs().get("name", entry)
            raise place.complaint(f'the name "{rule.name}" is taken by {twin.path}; give each rule its own')
        rules[rule.name] = rule
    return tuple(rules.values())


def read_rule(entry: Entry, known: Known) -> Rule:
    """The rule of a document; ``ConfigError`` for whatever in it cannot be meant."""
    stem = name_of(entry, entry.path.stem)
    given = entry.fields(_KEYS, required=("kind", "channels"))
    kind = given["kind"].choice(KINDS, "kind")
    on = _types(given["on"]) if "on" in given else frozenset({ChangeType.NEW, ChangeType.UPDATED})
    return Rule(
        stem=stem,
        name=given["name"].text().strip() if "name" in given else stem,
        path=str(entry.path),
        kind=kind,
        on=on,
        where=read_where(given["where"], kind, known.sources, on) if "where" in given else AllOf(),
        channels=_channels(given["channels"], known),
        severity=Severity(given["severity"].choice(LOUDNESS, "severity")) if "severity" in given else Severity.INFO,
        template=given["template"].choice(known.templates, "template") if "template" in given else None,
        repeat=given["repeat"].read(scalars.duration) if "repeat" in given else None,
        **(_escalation(given["escalate"], given, known) if "escalate" in given else {}),
        proof=_proof(given["proof"], entry.path, stem) if "proof" in given else Proof(),
    )


def _types(entry: Entry) -> frozenset[ChangeType]:
    return frozenset(ChangeType(each.choice(tuple(ChangeType), "type of change")) for each in entry.one_or_more())


def _channels(entry: Entry, known: Known) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.choice(known.channels, "channel") for each in entry.one_or_more()))


def _escalation(entry: Entry, rule: Mapping[str, Entry], known: Known) -> dict[str, Any]:
    given = entry.fields(("after", "channels"), required=("after", "channels"))
    if "repeat" not in rule:
        raise entry.complaint('needs "repeat" beside it: what is not repeated, nobody has to acknowledge')
    return {
        "escalate_after": given["after"].read(scalars.duration),
        "escalate_to": _channels(given["channels"], known),
    }


# --- proof -----------------------------------------------------------------------------------------------------------


def _proof(entry: Entry, file: Path, stem: str) -> Proof:
    given = entry.fields(("fires", "silent"))
    if not given:
        raise entry.complaint('needs "fires" or "silent"')
    fires, silent = (
        tuple(_story(each, file, stem) for each in given[side].items()) if side in given else ()
        for side in ("fires", "silent")
    )
    return Proof(fires=fires, silent=silent)


def _story(entry: Entry, file: Path, stem: str) -> Story:
    if not entry.is_list:
        raise entry.complaint(f'expected items in order, such as "- [first.txt, second.txt]", found {entry.found}')
    items = tuple(_item(each, file, stem) for each in entry.one_or_more())
    return Story(key=entry.key, line=entry.line, items=items)


def _item(entry: Entry, file: Path, stem: str) -> ProofItem:
    if not entry.is_mapping:
        return ProofItem(path=_file(entry, file), line=entry.line)
    given = entry.fields(_ITEM_KEYS, required=("text",))
    text = {key: given[key].text() for key in ("title", "outlet", "url") if key in given}
    item = Item(
        id=f"{stem}:{entry.key}",
        text=given["text"].text(),
        title=text.get("title", ""),
        outlet=text.get("outlet"),
        url=text.get("url"),
        published=given["published"].read(scalars.day) if "published" in given else None,
        language=given["language"].read(codes.language) if "language" in given else None,
    )
    return ProofItem(item=item, line=entry.line)


def _file(entry: Entry, file: Path) -> Path:
    name = entry.text()
    path = Path(os.path.normpath(file.parent / name))
    try:
        if path.is_file():
            return path
    except (OSError, ValueError) as error:
        raise ConfigError(entry.path, entry.line, entry.key, f"is no path: {error}") from None
    raise entry.complaint(f'there is no file {path}; a text in place is written "text: ..."')
