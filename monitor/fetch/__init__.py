"""The one door to the network: politeness, limits, an address guard, and failures that are values.

door.py      Door, Fetched, Fault: one request with its redirects, under one deadline
guard.py     which addresses may be dialled, checked when they are dialled
dial.py      connections on asyncio's own sockets, plain and encrypted
transport.py httpx over connections that the guard dials, HTTP/1.1 spoken by h11
sharing.py   which requests share a connection            http2.py     that connection, HTTP/2 spoken by h2
imap.py      new letters of a mailbox, within bounds
inflate.py   compressed bodies, inflated within bounds
turns.py     how many at once in all, and of one registered domain
answers.py   what a server's headers mean: Retry-After, Cache-Control, Expires
faults.py    what can go wrong, and the words for it
"""

from monitor.fetch.door import DIRECT, Door, Fetched, Limits, safe_url, with_user_of, without_user
from monitor.fetch.faults import Fault
from monitor.fetch.imap import Letters, Mailbox
from monitor.fetch.turns import Turns, host_of, registered_domain

__all__ = [
    "DIRECT",
    "Door",
    "Fault",
    "Fetched",
    "Letters",
    "Limits",
    "Mailbox",
    "Turns",
    "host_of",
    "registered_domain",
    "safe_url",
    "with_user_of",
    "without_user",
]
