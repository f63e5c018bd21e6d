"""Addresses as they may be stored and shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote

_PASSWORD = re.compile(r"(://[^/@:]*:)[^/@]*@")


def bare(url: str, secrets: Collection[str]) -> str:
    """An address without its password, and without what was put into it from outside the configuration."""
    for secret in sorted(secrets, key=len, reverse=True):
        for spelling in (secret, quote(secret, safe="")):
            url = url.replace(spelling, "***")
    return _PASSWORD.sub(r"\1***@", url)
