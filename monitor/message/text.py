"""What is done to other people's text before it is shown: cleaned, cut, escaped. Pure.

A feed's words reach a terminal, a mail client and chat rooms. None of them may be steered by it: no control or
direction characters, no line breaks where one line is meant, no markup, no mention of a whole room.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

_SPACE = re.compile(r"\s+")
# Joiners shape Persian and Hindi words and join emoji; every other format character hides or turns text.
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")
# "@everyone", "@here", "@name", and Slack's and Discord's "<!channel>", "<@U1>", "<#C1>"; an address in the text stays.
_MENTION = re.compile(r"(?<![\w.+-])@(?=\w)|@(?=(?:everyone|here|room|channel|all)\b)", re.IGNORECASE)
_TAG = re.compile(r"<(?=[!@#&])")
_MARKDOWN = re.compile(r"([\\`*_\[\]<|~])")
_LINE_START = re.compile(r"^(\s*)([-+=:>#]|\d+(?=[.)]))")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)")
# Where one sentence ends and another begins: a mark, then a capital; not after an initial or a title.
_BREAK = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\W\d_a-zß-ÿ]|[\"“‘]|\d)")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Gen|Lt|Col|Maj|Sgt|Sen|Rep|Gov|Prof|No|vs))\.$")
_URL_SAFE = "/:?#@!$&*+,;=%-._~"


def clean(text: str) -> str:
    """One line of visible text: no control, direction or private characters, white space single, mentions disarmed."""
    if not text.isprintable():  # most texts are, and then no character is hidden
        text = "".join(c for c in text if c.isspace() or c in _JOINERS or unicodedata.category(c) not in _HIDDEN)
    flat = _SPACE.sub(" ", unicodedata.normalize("NFC", text))
    return _TAG.sub("‹", _MENTION.sub("＠", flat)).strip()


def sentence(text: str, start: int, end: int) -> str:
    """The sentence or sentences of a text that hold ``text[start:end]``, cleaned."""
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    breaks = [match.end() for match in _BREAK.finditer(text, line, stop) if not _is_abbreviated(text, match.start())]
    begin = max((at for at in breaks if at <= start), default=line)
    finish = min((at for at in breaks if at >= end), default=stop)
    return clean(text[begin:finish])


def _is_abbreviated(text: str, mark: int) -> bool:
    return _ABBREVIATION.search(text[max(0, mark - 8) : mark + 1]) is not None


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` characters: cut at the end of a sentence, else of a word, and marked with ``…``."""
    if len(text) <= limit:
        return text
    room = text[: limit - 1]
    ends = [match.end() for match in _SENTENCE_END.finditer(text[:limit])]
    if ends and ends[-1] > limit // 2:
        return f"{room[: ends[-1]]} …" if ends[-1] + 2 <= limit else f"{room[: ends[-1]]}…"
    word, _, _ = room.rpartition(" ")
    return f"{(word or room).rstrip(' ,;:–-')}…"


def link(url: str | None) -> str | None:
    """The address as plain ASCII that no markup can break, or None when it is none that a reader may follow."""
    if url is None or len(url) > 2000:
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return quote(url.strip(), safe=_URL_SAFE)


def markdown(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    escaped = _MARKDOWN.sub(r"\\\1", text)
    return _LINE_START.sub(lambda match: f"{match[1]}{_escaped_start(match[2])}", escaped)


def _escaped_start(mark: str) -> str:
    # "1." would begin a numbered list: the point is what has to be escaped, and it follows the digits.
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"
