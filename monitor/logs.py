"""Structured logs on standard error: for people on a terminal, JSON lines otherwise."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str = "info") -> None:
    """Sets up structlog for the process; ``level`` is a name of the standard library's logging."""
    on_terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _one_line,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # httpx and Apprise print addresses, and with them passwords, at INFO and DEBUG
    for name in ("httpx", "httpcore", "apprise", "apscheduler", "urllib3"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _one_line(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Takes control characters out of every value: a title from a feed must not move the terminal's cursor."""
    return {
        key: _clean(value) if isinstance(value, str) and key != "exception" else value for key, value in event.items()
    }


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)
