"""Links by which an alert is acknowledged: signed, so that nobody can guess one, and good for that alert alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from monitor import message

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.config.settings import Acknowledge
    from monitor.model import Alert
    from monitor.store import Store, StoredAlert

#: bytes of the signature
_SIGNED = 18


def link(settings: Acknowledge, alert: Alert) -> str:
    """The address at which an alert that has its number is acknowledged; "" where none is configured."""
    if settings.url is None or alert.id is None:
        return ""
    return f"{settings.url}/ack/{alert.id}.{_signature(settings.secret, alert)}"


def find(settings: Acknowledge, token: str, store: Store) -> StoredAlert | None:
    """The alert that the end of such an address names; None if it names none, or is not ours."""
    number, _, signature = token.partition(".")
    if settings.url is None or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    with store.read() as tx:
        found = tx.alerts(ids=[int(number)], limit=1)
    if not found or not hmac.compare_digest(signature.encode(), _signature(settings.secret, found[0].alert).encode()):
        return None
    return found[0]


class Acks:
    """What HTTP asks of such an address; both answers are for a thread, they wait for the database."""

    def __init__(self, config: Callable[[], Config], store: Store, clock: Callable[[], datetime]) -> None:
        self._config, self._store, self._clock = config, store, clock

    def subject(self, token: str) -> str | None:
        """What the alert says; None if the address is not ours."""
        stored = find(self._config().settings.acknowledge, token, self._store)
        return message.compose(stored.alert).subject if stored else None

    def acknowledge(self, token: str) -> str | None:
        """Acknowledges the alert, and those about its event, and says what it said; None if the address is not ours.

        A second time changes nothing.
        """
        stored = find(self._config().settings.acknowledge, token, self._store)
        if stored is None or stored.alert.id is None:
            return None
        with self._store.write() as tx:
            tx.acknowledge(stored.alert.id, self._clock())
        return message.compose(stored.alert).subject


def _signature(secret: str, alert: Alert) -> str:
    # The key too: in another database the number is another alert's.
    digest = hmac.digest(secret.encode(), f"acknowledge {alert.id} {alert.key}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_SIGNED]).decode()
