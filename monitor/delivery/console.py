"""``console://``: alerts on standard output, for a first run, a log, or a pipe."""

from __future__ import annotations

import sys
import threading
from typing import Any

from apprise import NotifyBase, NotifyFormat

_RULE = "─" * 72
_printing = threading.Lock()


class Console(NotifyBase):  # type: ignore[misc]  # Apprise's types are left out, see pyproject.toml
    """Prints each message in plain text under a rule."""

    service_name = "Console"
    protocol = "console"
    secure_protocol = ()
    templates = ("{schema}://",)
    notify_format = NotifyFormat.TEXT
    request_rate_per_sec = 0
    title_maxlen = 0
    body_maxlen = 1 << 20

    def send(self, body: str, title: str = "", **options: Any) -> bool:
        """True when standard output took it; a closed pipe is a failure like that of any other service."""
        try:
            with _printing:
                sys.stdout.write(f"{_RULE}\n{body.rstrip()}\n")
                sys.stdout.flush()
        except (OSError, ValueError):
            return False
        return True

    def url(self, privacy: bool = False, *args: Any, **options: Any) -> str:
        """The channel's URL; it has nothing to hide."""
        return "console://"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """``console://`` and nothing more."""
        parsed: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        return parsed
