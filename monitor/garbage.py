"""The collector of cyclic garbage, which looks through all that lives again and again while very much is being made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_waits() -> Iterator[None]:
    """Lets the collector wait, and work again afterwards if it did before; for work that makes thousands of objects
    which are kept, or go by themselves."""
    waits = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if waits:
            gc.enable()
