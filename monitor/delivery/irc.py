"""What an IRC server answers. For the child of one try.

Apprise takes a message for delivered once it is written to the socket: that the room is not there, is locked by a key
or lets nobody speak, it never hears. So after the message the server is asked for a sign of life, and each of its
refusals until then counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from apprise.plugins.irc.client import IRCClient
from apprise.plugins.irc.protocol import normalise_channel, parse_irc_line
from apprise.plugins.irc.state import IRCStateMachine
from apprise.utils.socket import AppriseSocketError

from monitor.delivery.verdict import Heard

#: seconds between two looks at what the server says; Apprise's own are so far apart that a message takes three
_LOOK = 0.1
#: refusals that say nothing against the try: no message of the day, a nickname that is taken (another one is chosen)
_HARMLESS = frozenset({422, 432, 433})


def listen(tell: Callable[[Heard], None]) -> None:
    """From now on every refusal by an IRC server in this process is told, and fails the try."""
    IRCClient.pump_interval = _LOOK
    hear, join, write = IRCStateMachine.on_message, IRCClient.join, IRCClient.privmsg

    def on_message(self: IRCStateMachine, message: Any) -> Any:
        number = message.numeric
        if number is not None and 400 <= number < 600 and number not in _HARMLESS:
            words = message.trailing or " ".join(message.params)
            tell(Heard(protocol="IRC", code=number, words=words))
            raise AppriseSocketError(words)
        if message.command.upper() == "ERROR":
            tell(Heard(protocol="IRC", words=message.trailing or "the server closed the connection"))
        return hear(self, message)

    def joined(self: IRCClient, channel: str, timeout: float, prefix: str, key: str | None = None) -> None:
        join(self, channel, timeout, prefix, key)
        if normalise_channel(channel) not in self.sm.ctx.joined:
            tell(Heard(protocol="IRC", words="the server did not let us into the room in time"))
            raise AppriseSocketError("not joined")

    def privmsg(self: IRCClient, target: str, message: str, timeout: float) -> None:
        write(self, target, message, timeout)
        _confirm(self, timeout)
        tell(Heard(protocol="IRC", words="taken by the server"))

    IRCStateMachine.on_message, IRCClient.join, IRCClient.privmsg = on_message, joined, privmsg


def _confirm(client: IRCClient, timeout: float) -> None:
    """Waits until the server has read all that was written to it: it answers in order."""
    deadline = time.monotonic() + timeout
    client._write("PING :taken", deadline=deadline)
    while line := client._read(deadline=deadline):
        message = parse_irc_line(line)
        if message.command.upper() == "PONG":
            return
        client.sm.on_message(message)
    raise AppriseSocketError("the server does not answer")
