"""An alert in words: subject, plain text, HTML and Markdown from one place. Pure.

``letter.py`` says what is said of one alert, ``digest.py`` of several, ``templates/`` how it is written in each
notation, ``writing.py`` runs them, ``checking.py`` says whether a template of a reader's own may stand in for one of
ours, ``text.py`` is what is done to other people's text first.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence

from markupsafe import escape

from monitor.kinds.wording import ENGLISH, Speech
from monitor.message import text as prose
from monitor.message.digest import draft_all
from monitor.message.letter import SUBJECT_LIMIT, draft
from monitor.message.text import clean, cut, markdown
from monitor.message.writing import UnspeakableError, Wording, headed, write
from monitor.model import Alert, Evidence, Item, Message, News

__all__ = ["Speech", "UnspeakableError", "Wording", "compose", "compose_all", "notice", "sentence", "thread"]

#: address at which an alert is acknowledged; "" for none
Acknowledge = Callable[[Alert], str]


def _nowhere(_alert: Alert) -> str:
    return ""


def compose(
    alert: Alert,
    *,
    time_zone: dt.tzinfo = dt.UTC,
    speech: Speech = ENGLISH,
    ack: Acknowledge = _nowhere,
    wording: Wording | None = None,
) -> Message:
    """The message that tells a channel of an alert, with instants in the reader's time zone.

    Raises ``UnspeakableError`` when ``wording``, templates of the reader's own, cannot write it; ours always can.
    """
    drafted = draft(alert, time_zone=time_zone, speech=speech, ack=ack(alert))
    letter = headed("subject.txt", drafted, wording)
    return Message(
        subject=letter.subject,
        plain=write("plain.txt", letter, wording),
        html=write("message.html", letter, wording),
        markdown=write("message.md", letter, wording),
        key=alert.key,
        thread=thread(alert.news),
        marks=drafted.marks,
    )


def compose_all(
    alerts: Sequence[Alert],
    why: str,
    *,
    key: str,
    time_zone: dt.tzinfo = dt.UTC,
    speech: Speech = ENGLISH,
    ack: Acknowledge = _nowhere,
    wording: Wording | None = None,
) -> Message:
    """The message that tells a channel of several alerts, each in short; of one, as ``compose``.

    ``why`` says why they are told together; ``key`` is the message's own.
    """
    if len(alerts) == 1:
        return compose(alerts[0], time_zone=time_zone, speech=speech, ack=ack, wording=wording)
    drafted = draft_all(alerts, why, time_zone=time_zone, speech=speech, ack=ack)
    letter = headed("together-subject.txt", drafted, wording)
    threads = {thread(alert.news) for alert in alerts}
    return Message(
        subject=letter.subject,
        plain=write("together.txt", letter, wording),
        html=write("together.html", letter, wording),
        markdown=write("together.md", letter, wording),
        brief_plain=write("brief.txt", letter, wording),
        brief_markdown=write("brief.md", letter, wording),
        key=key,
        thread=threads.pop() if len(threads) == 1 else "",
    )


def notice(subject: str, text: str) -> Message:
    """A message of our own: a test of a channel, a word to the operators. Line breaks of the text are kept."""
    title = cut(clean(subject), SUBJECT_LIMIT)
    lines = [clean(line) for line in text.splitlines()]
    return Message(
        subject=title,
        plain="\n".join([title, "", *lines]) + "\n",
        html="<br>\n".join(str(escape(line)) for line in lines) + "\n",
        markdown="\n".join([f"**{markdown(title)}**", "", *(markdown(line) for line in lines)]) + "\n",
    )


def sentence(item: Item, evidence: Evidence) -> str:
    """The sentence of an item that holds the words an event was read from; "" where the item does not say them."""
    text: str = getattr(item, evidence.field)
    if text[evidence.start : evidence.end] != evidence.text:
        return ""
    return prose.sentence(text, evidence.start, evidence.end)


def thread(news: News) -> str:
    """What all messages about one known event share, on every channel and after every restart.

    The number of an event begins anew with a new database, so that the instant at which its first claim was taken in
    is part of it.
    """
    first = min(claim.seen for claim in (news.claim, *news.voices))
    return hashlib.sha256(f"{news.facts.kind} {news.event_id} {first.isoformat()}".encode()).hexdigest()[:20]
