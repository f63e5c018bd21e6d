"""Compressed bodies, inflated within bounds.

1,714 bytes of nested gzip became one chunk of 1 GB in a client that inflates by itself; so bodies are read as they
come over the wire and inflated here, a bounded piece at a time, through one encoding at most.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

#: what the door asks servers for
ACCEPTED = "gzip, deflate, br, zstd"
_GZIP_MAGIC = b"\x1f\x8b"


class BodyRefused(Exception):
    """The body may not or cannot be inflated; ``str()`` says why."""


class Inflater(Protocol):
    """Turns what came over the wire into the body, a chunk at a time."""

    def feed(self, chunk: bytes) -> bytes:
        """The bytes this chunk stands for; raises BodyRefused."""

    def end(self) -> bytes:
        """The rest; raises BodyRefused when the stream stopped half-way."""


class Plain:
    """No encoding."""

    def feed(self, chunk: bytes) -> bytes:
        return chunk

    def end(self) -> bytes:
        return b""


class _Budget:
    """How many bytes may still come out."""

    def __init__(self, limit: int) -> None:
        self._limit = self.left = limit

    def spend(self, piece: bytes) -> bytes:
        self.left -= len(piece)
        if self.left < 0:
            raise BodyRefused(f"inflates to more than {in_words(self._limit)}")
        return piece


class Zlib:
    """gzip (also of several members) or deflate (with its header, or raw as some servers send it)."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._encoding, self._budget = encoding, _Budget(limit)
        self._started = False
        self._stream = zlib.decompressobj(_wbits(encoding))

    def feed(self, chunk: bytes) -> bytes:
        out = bytearray()
        while chunk:
            if self._stream.eof and not self._next_member(chunk):
                break
            out += self._piece(chunk)
            chunk = self._stream.unconsumed_tail or self._stream.unused_data
            self._started = True
        return bytes(out)

    def end(self) -> bytes:
        if self._started and not self._stream.eof:
            raise BodyRefused(f"the {self._encoding} body ends half-way")
        return b""

    def _next_member(self, chunk: bytes) -> bool:
        """Start over for a further gzip member; anything else after the end is padding, which is ignored."""
        if self._encoding != "gzip" or not chunk.startswith(_GZIP_MAGIC):
            return False
        self._stream = zlib.decompressobj(_wbits("gzip"))
        return True

    def _piece(self, chunk: bytes) -> bytes:
        try:
            return self._budget.spend(self._stream.decompress(chunk, self._budget.left + 1))
        except zlib.error as fault:
            if self._started or self._encoding != "deflate":
                raise BodyRefused(f"the {self._encoding} body is damaged") from fault
            self._started, self._stream = True, zlib.decompressobj(-zlib.MAX_WBITS)
            return self._piece(chunk)


class Brotli:
    """br (RFC 7932); its pieces may be some 64 kB over the budget before that is noticed."""

    def __init__(self, limit: int) -> None:
        self._budget, self._started, self._stream = _Budget(limit), False, brotli.Decompressor()

    def feed(self, chunk: bytes) -> bytes:
        self._started = True
        out = bytearray()
        try:
            while chunk or not self._stream.can_accept_more_data():
                out += self._budget.spend(self._stream.process(chunk, output_buffer_limit=self._budget.left + 1))
                chunk = b""
        except brotli.error as fault:
            raise BodyRefused("the br body is damaged") from fault
        return bytes(out)

    def end(self) -> bytes:
        if self._started and not self._stream.is_finished():
            raise BodyRefused("the br body ends half-way")
        return b""


class Zstandard:
    """zstd (RFC 8878), also of several frames, with the window that RFC 9659 allows on the web: 8 MB."""

    def __init__(self, limit: int) -> None:
        self._budget, self._started, self._stream = _Budget(limit), False, _zstd_stream()

    def feed(self, chunk: bytes) -> bytes:
        self._started = True
        out = bytearray()
        try:
            while chunk or not (self._stream.needs_input or self._stream.eof):
                if self._stream.eof:
                    self._stream = _zstd_stream()
                out += self._budget.spend(self._stream.decompress(chunk, self._budget.left + 1))
                chunk = self._stream.unused_data if self._stream.eof else b""
        except zstd.ZstdError as fault:
            raise BodyRefused("the zstd body is damaged") from fault
        return bytes(out)

    def end(self) -> bytes:
        if self._started and not self._stream.eof:
            raise BodyRefused("the zstd body ends half-way")
        return b""


def _zstd_stream() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})


def _wbits(encoding: str) -> int:
    return zlib.MAX_WBITS + 16 if encoding == "gzip" else zlib.MAX_WBITS


_OTHERS: Mapping[str, Callable[[int], Inflater]] = {"br": Brotli, "zstd": Zstandard}


def inflater(encodings: Sequence[str], limit: int) -> Inflater:
    """For the values of a Content-Encoding header; ``limit`` in bytes. Raises BodyRefused for what we never take."""
    names = [each.strip().lower().removeprefix("x-") for value in encodings for each in value.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > 1:
        raise BodyRefused(f"stacked encodings ({', '.join(names)[:60]})")
    if not names:
        return Plain()
    if names[0] in ("gzip", "deflate"):
        return Zlib(names[0], limit)
    if names[0] in _OTHERS:
        return _OTHERS[names[0]](limit)
    raise BodyRefused(f"unknown encoding {names[0][:40]!r}")


def inflate_archive(body: bytes, limit: int) -> bytes:
    """The feed inside a ``.xml.gz`` that is served as a plain file; any other body as it is. Raises BodyRefused."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    stream = Zlib("gzip", limit)
    return stream.feed(body) + stream.end()


def in_words(size: int) -> str:
    """``10 MB``, ``512 kB``, ``300 bytes``."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
