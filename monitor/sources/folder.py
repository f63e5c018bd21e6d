"""Source type ``folder``: the reference feed, a folder of files that is polled and compared like any other feed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.model import Item, Poll, PollOutcome, Source
from monitor.sources import Tools
from monitor.sources.reading import files, growing
from monitor.sources.reading.files import SIDECAR, Faulty, Meta
from monitor.sources.reading.growing import Mark

OPTIONS: Mapping[str, type] = {}

#: a file changed so shortly before it was read may change again without its time changing: file systems count in ticks
_TICK_NS = 2_000_000_000

#: name -> [mtime in ns, size in bytes, SHA-256 of the content]; for JSON lines also how far they were read (Mark)
Seen = dict[str, list[Any]]


async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll:
    """One look at a folder, whose path is ``source.url``. Never raises.

    State: ``path``, and ``files``, by name the time, size and hash that each file had. While times and sizes stay, no
    file is opened. Of a file that is edited, its items are shown anew, of a JSON-lines file that has only grown those
    that were added; of two items with one id the last counts.
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
    found = _read_all(folder, known, stamps, now)
    if known and not found.skipped and {n: e[2] for n, e in known.items()} == {n: e[2] for n, e in found.seen.items()}:
        return Poll(outcome=PollOutcome.UNCHANGED, reason="no content changed", state=_state(source, found.seen))
    count = len(found.items)
    return Poll(
        outcome=PollOutcome.ITEMS,
        reason="; ".join((f"{count} item{'' if count == 1 else 's'}", *found.skipped)),
        items=tuple(_for_source(item, source) for item in found.items.values()),
        state=_state(source, found.seen),
        partial=found.partial,
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


@dataclass(slots=True, kw_only=True)
class _Found:
    """What the files of a folder hold, as they are read one after the other."""

    seen: Seen = field(default_factory=dict)
    #: why files or lines were passed over
    skipped: list[str] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    #: a file was read on from where it was left
    partial: bool = False

    def skip(self, name: str) -> Callable[[str], None]:
        """Notes why something of this file was passed over."""
        return lambda reason: self.skipped.append(f"skipped {name if name.isprintable() else repr(name)}{reason}")


def _read_all(folder: Path, known: Seen, stamps: Mapping[str, list[int]], now: datetime) -> _Found:
    """Every file's stamp, hash and items, and why some were passed over; Faulty is only raised for ``feed.yaml``.

    A folder whose ``feed.yaml`` is broken would show all its items without their days, as if each were edited.
    """
    described = files.sidecar(folder)
    found = _Found()
    for name, stamp in stamps.items():
        try:
            if Path(name).suffix.lower() in files.LINES:
                _read_lines(folder, name, known.get(name, []), _settled(stamp, now), found)
            else:
                _read_file(folder, name, described.get(name, Meta()), _settled(stamp, now), found)
        except (Faulty, OSError) as fault:
            found.skip(name)(f": {getattr(fault, 'strerror', None) or fault}")
    return found


def _read_file(folder: Path, name: str, meta: Meta, stamp: list[int], found: _Found) -> None:
    body = files.content(folder / name)
    if name != SIDECAR:
        if not body.strip():
            raise Faulty("empty")
        found.items |= {item.id: item for item in files.body_items(Path(name), body, name, meta)}
    found.seen[name] = [*stamp, hashlib.sha256(body).hexdigest()]


def _read_lines(folder: Path, name: str, known: list[Any], stamp: list[int], found: _Found) -> None:
    offset, lines, before = known[3:] or (0, 0, "")
    part = growing.read_on(folder / name, Mark(offset=offset, lines=lines, hash=before))
    tell = found.skip(name)
    found.items |= {item.id: item for item in part.items(lambda reason: tell(f" {reason}"))}
    found.partial = found.partial or part.goes_on
    mark = part.mark
    if part.more:
        stamp = [0, stamp[1]]  # the rest is read next time, though nothing has changed by then
    found.seen[name] = [*stamp, part.digest, mark.offset, mark.lines, mark.hash]


def _settled(stamp: list[int], now: datetime) -> list[int]:
    """The stamp, or one that no file has where the file is so fresh that its stamp proves nothing yet."""
    return stamp if now.timestamp() * 1e9 - stamp[0] > _TICK_NS else [0, stamp[1]]


def _for_source(item: Item, source: Source) -> Item:
    return replace(
        item, source=source.name, outlet=item.outlet or source.outlet, language=item.language or source.language
    )
