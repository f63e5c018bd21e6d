"""Addresses of items: which are the web's, and which are the same."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

#: parameters that say where a reader came from, never what is read
_TRACKING = re.compile(
    r"^(utm_.*|at_(medium|campaign|link.*|format|ptr.*|bbc.*)|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|cmpid|"
    r"ns_(campaign|mchannel|source|linkname|fee)|ref_?src|ftag|rss|source=rss|traffic_source|ocid|smid|smtyp|"
    r"partner|emc|feed(type|name)|__twitter_impression|amp)$",
    re.IGNORECASE,
)


def is_web(url: str) -> bool:
    """An absolute http(s) address, with a host and without blanks or control characters."""
    return url.isprintable() and re.fullmatch(r"https?://[^\s\x00-\x1f/]+\S*", url, re.IGNORECASE) is not None


def canonical(url: str | None) -> str:
    """The address without what does not change the page: two links to one article give the same value.

    Scheme, ``www.``, ``m.`` and ``amp.`` hosts, default ports, fragments, tracking parameters and a closing slash go;
    what is left is for comparing, not for following.
    """
    try:
        parts = urlsplit((url or "").strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url or ""
    if not host:
        return url or ""
    host = re.sub(r"^(www\d?|m|amp|mobile)\.(?=[^.]+\.)", "", host)
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)]
    path = re.sub(r"/(amp|index\.html?)?$", "", parts.path)
    return urlunsplit(("https", place, path, urlencode(sorted(pairs)), ""))
