"""Apprise's services: made of a channel's URL, checked, and given a message in the notation they show best."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import apprise
from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat
from apprise.manager_plugins import NotificationManager
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML

from monitor.delivery.console import Console
from monitor.delivery.fitting import fit, fit_list
from monitor.delivery.mail import KEY_HEADER, Mail
from monitor.delivery.redaction import redact
from monitor.model import Channel, Message

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")
# services that take our words as they are, to be read by a program
_WEBHOOKS = (NotifyJSON, NotifyForm, NotifyXML)
_MANAGER = NotificationManager()
_BODIES = {NotifyFormat.TEXT: "plain", NotifyFormat.HTML: "html", NotifyFormat.MARKDOWN: "markdown"}

#: of a message that tells of several alerts: its headlines alone
_BRIEF = {NotifyFormat.TEXT: "brief_plain", NotifyFormat.MARKDOWN: "brief_markdown"}

_complaints: ContextVar[list[str] | None] = ContextVar("complaints", default=None)


def _overhear(record: logging.LogRecord) -> bool:
    """Keeps Apprise's words out of every log, for they repeat tokens, and its warnings for whoever waits for them."""
    if record.levelno >= logging.WARNING and (waiting := _complaints.get()) is not None:
        waiting.append(record.getMessage())
    return False


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Apprise's warnings while this lasts; they may hold secrets."""
    waiting: list[str] = []
    before = _complaints.set(waiting)
    try:
        yield waiting
    finally:
        _complaints.reset(before)


logging.getLogger("apprise").addFilter(_overhear)


def load() -> None:
    """Loads Apprise's services (about half a second) and puts ours among them."""
    if _MANAGER["mailto"] is not Mail:
        _MANAGER.add(Console, force=True)
        _MANAGER.add(Mail, force=True)


def scheme(url: str) -> str:
    """The service that a URL names, in lower case; "" where it names none."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def make(url: str) -> NotifyBase:
    """The service of a channel.

    Raises ``ValueError`` with a reason that is free of secrets. Apprise's own ways of trying again, of ignoring
    failures and of following redirects are switched off: they would hide what happened.
    """
    load()
    if not scheme(url):
        raise ValueError('it does not begin with a service: expected a URL such as "mailto://..." or "slack://..."')
    asset = AppriseAsset(
        app_id="event-monitor", app_desc="event-monitor", async_mode=False, http_redirects=False, service_timeout=0
    )
    with _overheard() as complaints:
        try:
            service = Apprise.instantiate(url, asset=asset, suppress_exceptions=False)
        except (apprise.exception.AppriseException, TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValueError(redact(str(error) or type(error).__name__, url)) from None
    if service is None:
        raise ValueError(_why_none(url))
    if complaints:  # "Dropped invalid To email": a channel that is made all the same, and reaches nobody
        raise ValueError(redact(complaints[-1], url))
    service.optional, service.retry, service.redirects = False, 0, False
    if hasattr(service, "_room_create"):  # Matrix: a mistyped room would be made anew, and told with nobody in it
        service._room_create = lambda _room: None
    return service


def check_url(url: str) -> str | None:
    """Why no channel can be made of this URL, without its secrets; None where one can."""
    try:
        service = make(url)
    except ValueError as problem:
        return f"{scheme(url) or 'channel'}: {problem}"
    recipients = len(service) + len(getattr(service, "cc", ())) + len(getattr(service, "bcc", ()))
    if recipients > 1:
        return f"{scheme(url)}: {recipients} recipients in one URL; a channel is one recipient: make a channel of each"
    return None


def check_channel(channel: Channel) -> str | None:
    """Why nothing can be sent to this channel; None where it can."""
    return check_url(channel.url)


def deliver(service: NotifyBase, message: Message) -> tuple[bool, str]:
    """Hands a message to a service: whether Apprise says that all of it was taken, and its last complaint."""
    _mark(service, message)
    title, body, notation = _fitting(service, message)
    room = Apprise(asset=service.asset)
    room.add(service)
    with _overheard() as complaints:
        result = room.notify(body=body, title=title, body_format=notation)
    # None is "nothing was sent"; a result is true for services that were allowed to fail: each one is asked.
    results = list(result) if result is not None else []
    return bool(results) and all(bool(one) for one in results), complaints[-1] if complaints else ""


def _mark(service: NotifyBase, message: Message) -> None:
    """Puts the alert's key where the recipient can find it, so that a doubled send can be recognised."""
    if isinstance(service, Mail):
        service.letter = message
        return
    headers = getattr(service, "headers", None)
    if isinstance(headers, dict) and message.key:
        headers.setdefault(KEY_HEADER, re.sub(r"[^\x21-\x7e]", "_", message.key)[:200])
    extras = getattr(service, "payload_extras", None)
    if isinstance(extras, dict) and isinstance(service, _WEBHOOKS):
        for name in ("key", "thread", "markdown", "html"):
            extras.setdefault(name, getattr(message, name))


def _fitting(service: NotifyBase, message: Message) -> tuple[str, str, NotifyFormat]:
    """Title, body and notation that a service shows best, within its limit.

    Our HTML is a page for a mail client: services that want HTML get the Markdown, which Apprise turns into theirs.
    Apprise's own ways of cutting are not used: "truncate" cuts a message for Matrix that is far below its limit.
    """
    as_is = isinstance(service, (Mail, *_WEBHOOKS))
    wanted = service.resolve_format(NotifyFormat.TEXT if as_is else NotifyFormat.MARKDOWN)
    if wanted is NotifyFormat.HTML and not as_is:
        wanted = NotifyFormat.MARKDOWN
    body: str = getattr(message, _BODIES[wanted])
    titled = service.title_maxlen > 0
    if titled and wanted is not NotifyFormat.HTML:
        # Plain text and Markdown open with the subject, which this service shows by itself.
        body = body.partition("\n\n")[2].lstrip("\n") or body
    # Markdown grows when Apprise turns it into a service's own notation: a quarter of the room is left for that.
    room = service.body_maxlen if wanted is NotifyFormat.TEXT else service.body_maxlen * 3 // 4
    room = max(40, room)
    brief: str = getattr(message, _BRIEF.get(wanted, ""), "")
    if brief and len(body) > room:
        brief = brief.partition("\n\n")[2].lstrip("\n") if titled else brief
        return message.subject if titled else "", fit_list(brief, room), wanted
    return message.subject if titled else "", fit(body, room), wanted


def _why_none(url: str) -> str:
    name = scheme(url)
    known = sorted(_MANAGER.schemas())
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}://?" if near else "`apprise --details` lists those that there are"
        return f"no service is called {name}://; {hint}"
    plugin = _MANAGER[name]
    if not plugin.enabled:
        needed = plugin.requirements.get("packages_required") or ()
        named = ", ".join([needed] if isinstance(needed, str) else needed)
        return f"it needs a Python package that is not installed: {named or 'see the documentation of Apprise'}"
    return f"the URL is not complete: its forms are {' or '.join(_forms(plugin, name))}"


def _forms(plugin: Any, name: str) -> list[str]:
    forms = sorted(plugin.templates, key=len)[:3]
    return [form.replace("{schema}", name) for form in forms]
