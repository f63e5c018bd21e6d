"""Where items come from: a module a source type, and the registry of them.

A module of a source type has::

    OPTIONS: Mapping[str, type]                                       # the keys it understands in sources.yaml
    async def poll(source: Source, state: Mapping[str, Any], tools: Tools) -> Poll

and may have REQUIRED, the keys that cannot be left out, SCHEMES, how its address begins if not with https:// or
http://, and ``complaint(options)``, what is wrong with the values of its keys.
``state`` is what the last poll returned (JSON values), empty at first. A poll never raises: a source that fails is a
``Poll`` with a reason. To add a type: its module here, its line in SOURCES, its part in tests/test_sources_<type>.py.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast

from monitor.model import Poll, Source

if TYPE_CHECKING:
    from monitor.fetch import Door

P = ParamSpec("P")
T = TypeVar("T")


class Work(Protocol):
    """Runs a CPU-bound pure function, which can be pickled, outside the event loop."""

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a poll is given to work with."""

    #: the way to the network
    door: Door
    #: the way out of the event loop for parsing
    work: Work
    #: the instant of this poll
    now: datetime


PollFunction = Callable[[Source, Mapping[str, Any], Tools], Awaitable[Poll]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceType:
    """A kind of place that can be polled; its module is imported when it is first needed."""

    #: key of the registry, and ``type`` in sources.yaml
    name: str
    #: what it reads, for ``monitor check`` and complaints
    about: str

    @property
    def options(self) -> Mapping[str, type]:
        """The keys that only this type understands, with the type of each value."""
        return cast(Mapping[str, type], self._module.OPTIONS)

    @property
    def required(self) -> tuple[str, ...]:
        """Those of them that cannot be left out."""
        return cast(tuple[str, ...], getattr(self._module, "REQUIRED", ()))

    @property
    def schemes(self) -> tuple[str, ...]:
        """How its address may begin."""
        return cast(tuple[str, ...], getattr(self._module, "SCHEMES", ("https", "http")))

    def complaint(self, options: Mapping[str, Any]) -> tuple[str, str] | None:
        """The first option whose value cannot be used, and why; None if all can."""
        check = getattr(self._module, "complaint", None)
        return cast(tuple[str, str] | None, check(options)) if check else None

    @property
    def poll(self) -> PollFunction:
        """One look at the source; never raises."""
        return cast(PollFunction, self._module.poll)

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"{__name__}.{self.name}")


#: every source type by name
SOURCES: Mapping[str, SourceType] = {
    each.name: each
    for each in (
        SourceType(name="feed", about="RSS, RDF, Atom or JSON Feed at an address"),
        SourceType(name="page", about="a listing page without a feed, read by CSS selectors"),
        SourceType(name="sitemap", about="a news sitemap"),
        SourceType(name="mailbox", about="letters of a mailbox, over IMAP"),
        SourceType(name="folder", about="a folder of text, Markdown, HTML or JSON-lines files"),
    )
}
