"""Alerts out: one try to deliver a message to one channel, and what became of it.

    Sender.send() ──► nursery ──fork──► attempt: Apprise, wire, mail        one process a try, killed at its deadline
         │                                 │
         ◄────────────── Heard ────────────┘
         └── verdict: sent, retry at, dead; circuit: when the channel is tried again         pure

Apprise cannot be interrupted and shares its threads between all channels: eight hung services stop every later send
and keep the process from ending. So a try runs in a child process of its own. The children are forked from a nursery
that has Apprise loaded, which takes milliseconds, and the kernel ends each at its deadline, whatever it hangs in.

What a service answers is heard on the wire (``wire.py``), because Apprise tells success or failure only; it is said
in the outcome's reason without the channel's secrets (``redaction.py``).
"""

from __future__ import annotations

from monitor.delivery.circuit import Circuit
from monitor.delivery.courier import check_channel, check_url
from monitor.delivery.sender import Sender
from monitor.delivery.verdict import retry_at

__all__ = ["Circuit", "Sender", "check_channel", "check_url", "retry_at"]
