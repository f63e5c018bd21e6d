"""HTTP/2, spoken by h2: one connection to a host, for all requests to it that are under way at the same time.

What a server may do to us is bounded here as it is for HTTP/1.1: its headers and what waits to be read by h2's limits
and by windows that open only as bodies are read, its frames by what they bring (``_MOST_IDLE``), and all of it by the
deadlines of the requests. A connection that a request was given up on takes no new ones, and none is kept for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import httpcore
import httpx
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import ProtocolError
from h2.settings import SettingCodes, Settings

#: seconds that a connection waits for the next request: those of sources that are polled together follow each other
LINGER = 2.0
#: bytes that are read at once: what they hold is worked through before anybody else has a turn
_PIECE = 16_384
#: bytes that a server may send ahead of what was read, for one request and for all
_WINDOW, _WINDOWS = 262_144, 1_048_576
#: frames that bring nothing (pings, settings, empty ones), and bytes of a body that make up for one
_MOST_IDLE, _WORTH = 1_000, 64
#: the longest frame that we have allowed, the bytes before each, and which frame says that the server is going
_LONGEST, _HEAD, _GOAWAY = 16_384, 9, 0x7
#: what is between two neighbours only in HTTP/1.1, and has no place here
_OF_THE_CONNECTION = (b"connection", b"host", b"keep-alive", b"proxy-connection", b"transfer-encoding", b"upgrade")
#: a request was refused, not answered: it may be asked again in another way
_REFUSALS = (ErrorCodes.REFUSED_STREAM, ErrorCodes.HTTP_1_1_REQUIRED)


class Unanswered(Exception):
    """Nothing came for a request on this connection, and it can be asked anew on another."""


class Line:
    """A connection to one host, shared by requests; to be used in one event loop."""

    def __init__(self, wire: httpcore.AsyncNetworkStream, ended: Callable[[Line], None]) -> None:
        """``ended`` is told when it takes no more requests and none is under way."""
        self._wire, self._ended = wire, ended
        self._state = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self._frames = Frames()
        self._streams: dict[int, _Stream] = {}
        self._writing = asyncio.Lock()
        self._idle = 0
        #: it takes no more requests
        self.is_leaving = False
        #: it broke the rules: HTTP/1.1 may serve us better
        self.is_broken = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._closing: asyncio.TimerHandle | None = None
        settings = {
            SettingCodes.ENABLE_PUSH: 0,
            SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
            SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,
        }
        self._state.local_settings = Settings(client=True, initial_values=settings)
        self._state.initiate_connection()
        self._state.increment_flow_control_window(_WINDOWS - 65_535)

    @property
    def has_room(self) -> bool:
        """Whether one more request can be asked here."""
        most = self._state.remote_settings.max_concurrent_streams
        return not self.is_leaving and self._state.open_outbound_streams < most

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """The answer, as far as its headers; raises Unanswered, or what httpcore raises."""
        if self._closing is not None:
            self._closing.cancel()
        number = self._state.get_next_available_stream_id()
        try:
            self._state.send_headers(number, _headers(request), end_stream=True)
        except ProtocolError as fault:
            raise httpcore.LocalProtocolError(str(fault)) from fault
        stream = self._streams[number] = _Stream(self, number)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        try:
            await self.flush()
            return await stream.head()
        except BaseException:
            self.leave(stream)
            raise

    def leave(self, stream: _Stream) -> None:
        """A request is over; with the last one the connection ends, soon or at once."""
        if self._streams.pop(stream.number, None) is None:
            return
        with suppress(ProtocolError):  # that is at its end, too
            for size in stream.unread():
                self._state.acknowledge_received_data(size, stream.number)
            if not stream.is_over:
                self._state.reset_stream(stream.number, ErrorCodes.CANCEL)
        self._start(self.flush())
        if self._streams:
            return
        if self.is_leaving:
            self._hang_up()
        else:
            self._closing = asyncio.get_running_loop().call_later(LINGER, self._hang_up)

    def retire(self) -> None:
        """Takes no more requests: one was given up, and who does not answer one may not answer the next."""
        self.is_leaving = True

    async def read_on(self, number: int, size: int) -> None:
        """So many bytes were read, and may be followed by as many."""
        with suppress(ProtocolError):  # the stream has ended
            self._state.acknowledge_received_data(size, number)
        await self.flush()

    async def flush(self) -> None:
        """Sends what is to be sent."""
        async with self._writing:
            if not (data := self._state.data_to_send()):
                return
            try:
                await self._wire.write(data)
            except httpcore.WriteError:
                self.is_leaving = True  # what came before the end is still to be read
            except BaseException:
                self._end(httpcore.WriteError("cut off within a frame"))
                raise

    async def aclose(self) -> None:
        """Ends the connection at once."""
        self._hang_up()
        if self._reading is not None:
            await asyncio.gather(self._reading, *self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hang_up(self) -> None:
        self.is_leaving = True
        if self._closing is not None:
            self._closing.cancel()
        for task in (*self._tasks, self._reading):
            if task is not None:
                task.cancel()
        self._start(self._wire.aclose())
        self._ended(self)

    # --- what comes --------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        fault: Exception = httpcore.RemoteProtocolError("Server disconnected without sending a response.")
        try:
            while piece := await self._wire.read(_PIECE):
                for kind, frame in self._frames.of(piece):
                    self._take(kind, frame)
                await self.flush()
        except httpcore.NetworkError as broken:
            fault = broken
        except Exception as broken:  # h2 raises more than it documents
            self.is_broken = True
            fault = httpcore.RemoteProtocolError(str(broken)[:200] or type(broken).__name__)
            fault.__cause__ = broken
        finally:
            self._end(fault)
            self._ended(self)
            await self._wire.aclose()

    def _take(self, kind: int, frame: bytes) -> None:
        self._idle += 1
        if kind == _GOAWAY:  # h2 would take nothing more, though the server sends to an end what it has begun
            self._go(int.from_bytes(frame[_HEAD : _HEAD + 4], "big") & 0x7FFFFFFF)
            return
        for event in self._state.receive_data(frame):
            self._tell(event)
        if self._idle > _MOST_IDLE:
            raise httpcore.RemoteProtocolError("frames without end that bring nothing")

    def _tell(self, event: Event) -> None:
        stream = self._streams.get(getattr(event, "stream_id", None) or 0)
        if stream is None:
            return
        match event:
            case ResponseReceived():
                stream.is_answered = True
                self._idle = max(0, self._idle - _MOST_IDLE // 100)
                stream.tell(event)
            case DataReceived():
                self._idle = max(0, self._idle - len(event.data or b"") // _WORTH)
                stream.tell(event)
            case StreamEnded():
                stream.is_over = True
                stream.tell(event)
            case StreamReset():
                stream.is_over = True
                self.is_broken = self.is_broken or event.error_code == ErrorCodes.HTTP_1_1_REQUIRED
                stream.tell(_reset(event, answered=stream.is_answered))

    def _go(self, last: int) -> None:
        """The server is going, and answers requests up to a number."""
        self.is_leaving = True
        for number, stream in self._streams.items():
            if number > last:
                stream.is_over = True
                stream.tell(Unanswered("the server is going"))

    def _end(self, fault: Exception) -> None:
        """Nothing more comes."""
        self.is_leaving = True
        for stream in self._streams.values():
            if not stream.is_over:
                stream.is_over = True
                stream.tell(fault if stream.is_answered else Unanswered(str(fault)))


class _Stream(httpx.AsyncByteStream):
    """One request on a line, and its answer, of which this is the body."""

    def __init__(self, line: Line, number: int) -> None:
        self._line, self.number = line, number
        self._came: asyncio.Queue[Event | Exception] = asyncio.Queue()  # bounded by the windows
        #: its headers came; nothing more comes
        self.is_answered = self.is_over = False

    def tell(self, what: Event | Exception) -> None:
        self._came.put_nowait(what)

    async def head(self) -> httpx.Response:
        """The answer as far as its headers."""
        event = await self._next()
        assert isinstance(event, ResponseReceived)
        assert event.headers is not None
        status = next((value for name, value in event.headers if name == b":status"), b"")
        if not status.isdigit() or len(status) != 3:
            raise httpcore.RemoteProtocolError("a status that is no number")
        fields = [(bytes(name), bytes(value)) for name, value in event.headers if not name.startswith(b":")]
        return httpx.Response(int(status), headers=fields, stream=self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not isinstance(event := await self._next(), StreamEnded):
            if isinstance(event, DataReceived):
                yield event.data or b""
                await self._line.read_on(self.number, event.flow_controlled_length or 0)

    async def aclose(self) -> None:
        self._line.leave(self)

    def unread(self) -> Iterator[int]:
        """Sizes of what came and was not read."""
        while not self._came.empty():
            event = self._came.get_nowait()
            if isinstance(event, DataReceived):
                yield event.flow_controlled_length or 0

    async def _next(self) -> Event:
        try:
            event = await self._came.get()
        except asyncio.CancelledError:
            self._line.retire()
            raise
        if isinstance(event, Exception):
            raise event
        return event


def _reset(event: StreamReset, *, answered: bool) -> Exception:
    """What a request is told that the server has broken off."""
    code = event.error_code
    if code in _REFUSALS and not answered:
        return Unanswered("the server refused the request")
    name = code.name.lower().replace("_", " ") if isinstance(code, ErrorCodes) else "for no known reason"
    return httpcore.RemoteProtocolError(f"the server broke it off ({name})")


def _headers(request: httpx.Request) -> list[tuple[bytes, bytes]]:
    url = request.url
    return [
        (b":method", request.method.encode("ascii")),
        (b":authority", request.headers["Host"].encode("ascii")),
        (b":scheme", url.raw_scheme),
        (b":path", url.raw_path),
        *((name.lower(), value) for name, value in request.headers.raw if name.lower() not in _OF_THE_CONNECTION),
    ]


class Frames:
    """Whole frames out of what comes in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def of(self, piece: bytes) -> list[tuple[int, bytes]]:
        """The frames that are whole now, each with what it is."""
        data, start, found = self._rest + piece, 0, []
        while len(data) - start >= _HEAD:
            size = int.from_bytes(data[start : start + 3], "big")
            if size > _LONGEST:
                raise httpcore.RemoteProtocolError("a frame that is too long, or no HTTP/2")
            end = start + _HEAD + size
            if end > len(data):
                break
            found.append((data[start + 3], data[start:end]))
            start = end
        self._rest = data[start:]
        return found
