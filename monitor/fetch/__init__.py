"""The one door to the network: politeness, limits, an address guard, and failures that are values.

door.py      Door, Fetched, Fault: one request with its redirects, under one deadline
guard.py     which addresses may be dialled, checked when they are dialled
transport.py httpx over connections that the guard dials
inflate.py   compressed bodies, inflated within bounds
answers.py   what a server's headers mean: Retry-After, Cache-Control, Expires
"""

from monitor.fetch.door import Door, Fault, Fetched, Limits, safe_url, with_user_of, without_user

__all__ = ["Door", "Fault", "Fetched", "Limits", "safe_url", "with_user_of", "without_user"]
