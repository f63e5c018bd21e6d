"""Source type ``folder``: the reference feed, a folder of files that is polled and compared like any other feed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import Tools
from monitor.sources.reading import files
from monitor.sources.reading.files import SIDECAR, Faulty, Meta

OPTIONS: Mapping[str, type] = {}

#: a file changed so shortly before it was read may change again without its time changing: file systems count in ticks
_TICK_NS = 2_000_000_000

#: name -> [mtime in ns, size in bytes, SHA-256 of the content]
Seen = dict[str, list[Any]]


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a folder, whose path is ``source.url``. Never raises.

    State: ``path``, and ``files``, by name the time, size and hash that each file had. While times and sizes stay, no
    file is opened. Of a file that is edited, its items are shown anew; of two items with one id the last counts.
    """
    known = dict(state.get("files") or {}) if state.get("path") == source.url else {}
    try:
        return await asyncio.to_thread(_look, source, known, tools.now)
    except Faulty as fault:
        where = f"{SIDECAR}:{fault.line}" if fault.line else SIDECAR
        reason = f"{where}: {fault}"
    except OSError as fault:
        reason = f"{fault.filename or source.url}: {fault.strerror or fault}"
    except Exception as fault:  # a parser let out what it never did before
        reason = f"cannot be read: {type(fault).__name__}: {str(fault)[:120]}"
    return Poll(outcome=PollOutcome.FAILED, reason=reason, state=state)


def _look(source: Source, known: Seen, now: datetime) -> Poll:
    folder = Path(source.url)
    names = [*files.names(folder), *([SIDECAR] if (folder / SIDECAR).is_file() else [])]
    stamps = {name: stamp for name in names if (stamp := _stamp(folder / name))}
    if known and {name: entry[:2] for name, entry in known.items()} == stamps:
        return Poll(outcome=PollOutcome.UNCHANGED, reason="no file changed", state=_state(source, known))
    seen, skipped, items = _read_all(folder, stamps, now)
    if known and not skipped and {n: e[2] for n, e in known.items()} == {n: e[2] for n, e in seen.items()}:
        return Poll(outcome=PollOutcome.UNCHANGED, reason="no content changed", state=_state(source, seen))
    return Poll(
        outcome=PollOutcome.ITEMS,
        reason="; ".join((f"{len(items)} item{'' if len(items) == 1 else 's'}", *skipped)),
        items=tuple(_for_source(item, source) for item in items),
        state=_state(source, seen),
    )


def _state(source: Source, seen: Seen) -> dict[str, Any]:
    return {"path": source.url, "files": seen}


def _stamp(path: Path) -> list[int] | None:
    """When the file was changed and how long it is; None for one that went away meanwhile."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notes:
    """Reasons why files or lines were skipped, as they turn up."""

    reasons: list[str]

    def of(self, name: str) -> Any:
        return lambda reason: self.reasons.append(f"skipped {_shown(name)} {reason}")


def _shown(name: str) -> str:
    return name if name.isprintable() else repr(name)


def _read_all(folder: Path, stamps: Mapping[str, list[int]], now: datetime) -> tuple[Seen, list[str], list[Item]]:
    """Every file's stamp and hash, why some were skipped, and the items; Faulty is only raised for ``feed.yaml``.

    A folder whose ``feed.yaml`` is broken would show all its items without their days, as if each were edited.
    """
    described = files.sidecar(folder)
    seen: Seen = {}
    notes = _Notes(reasons=[])
    items: dict[str, Item] = {}
    for name, stamp in stamps.items():
        try:
            body = files.content(folder / name)
            found = [] if name == SIDECAR else _items(folder / name, body, described, notes)
        except (Faulty, OSError) as fault:
            notes.reasons.append(f"skipped {_shown(name)}: {getattr(fault, 'strerror', None) or fault}")
            continue
        items |= {item.id: item for item in found}
        seen[name] = [*_settled(stamp, now), hashlib.sha256(body).hexdigest()]
    return seen, notes.reasons, list(items.values())


def _items(path: Path, body: bytes, described: Mapping[str, Meta], notes: _Notes) -> list[Item]:
    if not body.strip():
        raise Faulty("empty")
    meta = described.get(path.name, Meta())
    return list(files.body_items(path, body, path.name, meta, tolerate=notes.of(path.name)))


def _settled(stamp: list[int], now: datetime) -> list[int]:
    """The stamp, or one that no file has where the file is so fresh that its stamp proves nothing yet."""
    return stamp if now.timestamp() * 1e9 - stamp[0] > _TICK_NS else [0, stamp[1]]


def _for_source(item: Item, source: Source) -> Item:
    return replace(
        item, source=source.name, outlet=item.outlet or source.outlet, language=item.language or source.language
    )
