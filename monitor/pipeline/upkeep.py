"""Brings what is stored up to what this version makes of it, once, before anything is polled.

A claim is found by blocking keys, and a new version may make others of it. Claims that were stored before would not be
found again, and what they tell would be told anew as if nobody had known it: so they get the keys of this version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from monitor import compare
from monitor.pipeline.hands import bonds_of

if TYPE_CHECKING:
    from monitor.store import Store

log = structlog.get_logger()

KEYS = "keys"
#: claims that get new keys in one transaction
AT_ONCE = 500


def renew_keys(store: Store) -> int:
    """Gives all standing claims the blocking keys of this version where those of another stored them; how many.

    Where it is cut off, it begins anew at the next start; what has been done twice is as if done once.
    """
    from monitor.store.known import KEYS_VERSION  # with the store, which only starting loads

    with store.read() as tx:
        if tx.upkeep(KEYS) == KEYS_VERSION:
            return 0
    done = last = 0
    while True:
        with store.write() as tx:
            claims = tx.standing_after(last, AT_ONCE)
            if not claims:
                tx.note_upkeep(KEYS, KEYS_VERSION)
                break
            bonds = bonds_of(tx)
            for claim in claims:
                tx.set_keys(claim, compare.keys(claim, bonds))
                last = claim.id or last
            done += len(claims)
    if done:
        log.info("keys renewed", claims=done)
    return done
