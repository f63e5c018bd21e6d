"""A JSON-lines file that grows: only the lines that were added since it was last read, however long it has become."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from monitor.model import Item
from monitor.sources.reading.files import LARGEST, Faulty, as_text, line_item

#: of what was read before, so much at its beginning and at its end is compared where it is too long for all of it
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a file was read: bytes and lines up to the end of a line, and a hash of them."""

    offset: int = 0
    lines: int = 0
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was added to a file."""

    body: bytes
    #: number of its first line
    first: int
    #: how far the file is read now
    mark: Mark
    #: hash of all that was read, ever
    digest: str
    #: the file was read on from where it was left
    goes_on: bool
    #: there is more: it is read next time
    more: bool

    def items(self, tolerate: Callable[[str], None]) -> Iterator[Item]:
        """The items of its lines; ``tolerate`` is told of those that cannot be read."""
        for number, raw in enumerate(self.body.split(b"\n"), self.first):
            try:
                if raw.strip():
                    yield line_item(as_text(raw), number)
            except Faulty as fault:
                tolerate(f"line {number}: {fault}")


def read_on(path: Path, mark: Mark) -> Part:
    """What stands behind the mark; all of a file that is not the one that was marked, or was changed before the mark.

    A file that is too long to be read at once is begun near its end, and a line that is not ended yet comes again.
    Raises Faulty, or OSError.
    """
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise Faulty("not a regular file")
        if not found.st_size:
            raise Faulty("empty")
        goes_on = 0 < mark.offset <= found.st_size and _hash(file, mark.offset) == mark.hash
        start = mark if goes_on else Mark(offset=_near_the_end(file, found.st_size))
        file.seek(start.offset)
        body = file.read(min(found.st_size - start.offset, LARGEST))
        more = start.offset + len(body) < found.st_size
        ended = body.rfind(b"\n") + 1
        if more and not ended:
            raise Faulty(f"has a line that is longer than {LARGEST // 1_000_000} MB")
        read = start.offset + ended
        after = Mark(offset=read, lines=start.lines + body.count(b"\n"), hash=_hash(file, read))
    return Part(
        body=body[:ended] if more else body,
        first=start.lines + 1,
        mark=after,
        digest=hashlib.sha256(after.hash.encode() + body[ended:]).hexdigest(),
        goes_on=goes_on,
        more=more,
    )


def _near_the_end(file: BinaryIO, size: int) -> int:
    """Where a file is begun: at its beginning, or at the first line of the last part that can be read at once."""
    if size <= LARGEST:
        return 0
    file.seek(size - LARGEST)
    file.readline(LARGEST)
    return file.tell()


def _hash(file: BinaryIO, offset: int) -> str:
    """Of what stands before the offset."""
    made = hashlib.sha256()
    spans = [(0, offset)] if offset <= LARGEST else [(0, _SAMPLE), (offset - _SAMPLE, offset)]
    for begin, end in spans:
        file.seek(begin)
        while begin < end and (piece := file.read(min(1_000_000, end - begin))):
            made.update(piece)
            begin += len(piece)
    return made.hexdigest()
