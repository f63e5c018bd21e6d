"""An alert in words: subject, plain text, HTML and Markdown from one place. Pure.

``letter.py`` says what is said, ``templates/`` how it is written in each notation, ``text.py`` what is done to other
people's text first. The templates run in Jinja2's sandbox and see a ``Letter`` only. Whatever a template prints is
escaped for its notation, unless it is an address that ``text.link`` has made safe (``|address``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from monitor.kinds.wording import ENGLISH, Speech
from monitor.message import text as prose
from monitor.message.digest import Digest, draft_all
from monitor.message.letter import SUBJECT_LIMIT, Letter, draft
from monitor.message.text import clean, cut, markdown
from monitor.model import Alert, Evidence, Item, Message, News


def compose(alert: Alert, *, time_zone: dt.tzinfo = dt.UTC, speech: Speech = ENGLISH) -> Message:
    """The message that tells a channel of an alert, with instants in the reader's time zone."""
    letter = draft(alert, time_zone=time_zone, speech=speech)
    return Message(
        subject=letter.subject,
        plain=_render("plain.txt", letter),
        html=_render("message.html", letter),
        markdown=_render("message.md", letter),
        key=alert.key,
        thread=thread(alert.news),
    )


def compose_all(
    alerts: Sequence[Alert], why: str, *, key: str, time_zone: dt.tzinfo = dt.UTC, speech: Speech = ENGLISH
) -> Message:
    """The message that tells a channel of several alerts, each in short; of one, as ``compose``.

    ``why`` says why they are told together; ``key`` is the message's own.
    """
    if len(alerts) == 1:
        return compose(alerts[0], time_zone=time_zone, speech=speech)
    letter = draft_all(alerts, why, time_zone=time_zone, speech=speech)
    threads = {thread(alert.news) for alert in alerts}
    return Message(
        subject=letter.subject,
        plain=_render("together.txt", letter),
        html=_render("together.html", letter),
        markdown=_render("together.md", letter),
        brief_plain=_render("brief.txt", letter),
        brief_markdown=_render("brief.md", letter),
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


def _render(template: str, letter: Letter | Digest) -> str:
    text = _notations()[template.partition(".")[2]].get_template(template).render(letter=letter).strip()
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


@cache
def _notations() -> dict[str, ImmutableSandboxedEnvironment]:
    return {
        "txt": _environment(str),
        "md": _environment(_for_markdown),
        "html": _environment(None),
    }


def _environment(finalize: Callable[[object], str] | None) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("monitor.message"),
        undefined=StrictUndefined,
        autoescape=finalize is None,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = Markup
    return environment


def _for_markdown(value: object) -> str:
    return str(value) if isinstance(value, Markup) else markdown(str(value))
