"""``mailto://`` and ``mailtos://``: Apprise's mail with our own message in it.

URL, server, encryption and login stay Apprise's. The message is ours, because Apprise makes the plain part from the
HTML, and a Message-ID of its own for each try: here a doubled try carries the same Message-ID, and all messages about
one event refer to the same root, so that a mail client shows them as one conversation.
"""

from __future__ import annotations

import contextlib
import html
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from apprise.plugins.email.base import NotifyEmail, PGPMode
from apprise.plugins.email.smtp import AppriseSMTPController

from monitor.delivery import chart
from monitor.model import Message

#: where the HTML of a message wants the picture of its figures (message/templates/message.html)
PLACE = "<!--chart-->"
_STYLE = "display:block;width:100%;max-width:560px;height:auto;margin:0 0 8px"
KEY_HEADER = "X-Event-Monitor-Key"


class Mail(NotifyEmail):  # type: ignore[misc]  # Apprise's types are left out, see pyproject.toml
    """Apprise's mail, which sends ``letter`` where it is set (and PGP is not asked for)."""

    #: the message to send; None lets Apprise make one of title and body
    letter: Message | None = None

    def send(self, body: str, title: str = "", **options: Any) -> bool:
        """True when the server has taken the message for every recipient."""
        if self.letter is None or self.pgp_mode != PGPMode.NONE:
            return bool(super().send(body=body, title=title, **options))
        with AppriseSMTPController(
            host=self.smtp_host,
            port=self.port,
            secure_mode=self.secure_mode,
            user=self.user,
            password=self.password,
            verify_certificate=self.verify_certificate,
            socket_connect_timeout=self.socket_connect_timeout,
        ) as server:
            mime = written(self.letter, self.from_addr, self.targets[0], self.headers)
            everyone = [address for _, address in self.targets] + [*self.cc, *self.bcc]
            return bool(server.sendmail(self.from_addr[1], everyone, mime.as_string()))


def written(
    letter: Message, sender: tuple[str | bool, str], to: tuple[str | bool, str], headers: dict[str, str]
) -> EmailMessage:
    """The message as MIME: plain text and HTML as alternatives, with the headers that thread it and name its alert."""
    mime = EmailMessage(policy=SMTP)
    domain = sender[1].rpartition("@")[2]
    mime["Subject"] = letter.subject
    mime["From"] = _address(*sender)
    mime["To"] = _address(*to)
    mime["Date"] = format_datetime(datetime.now().astimezone())
    if letter.key:
        mime["Message-ID"] = f"<{_token(letter.key)}@{domain}>"
        mime[KEY_HEADER] = _token(letter.key)
    if letter.thread:
        # The root is a message that was never sent: whichever alert comes first, all the others stand beside it.
        mime["In-Reply-To"] = mime["References"] = f"<{_token(letter.thread)}.event-monitor@{domain}>"
    mime["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    for name, value in headers.items():
        if name not in mime:
            mime[name] = value
    mime.set_content(letter.plain, cte="quoted-printable")
    _add_page(mime, letter, domain)
    return mime


def _add_page(mime: EmailMessage, letter: Message, domain: str) -> None:
    """The HTML, with the figures over time as a picture beside it where one can be drawn."""
    picture = None
    if letter.marks and PLACE in letter.html:
        with contextlib.suppress(Exception):  # whatever a drawing library meets with, the mail goes without it
            picture = chart.draw(letter.marks)
    name = f"chart.{_token(letter.key)}@{domain}"
    said = html.escape(", ".join(figure for _, figure, _ in letter.marks))
    shown = f'<img src="cid:{name}" width="{chart.WIDTH}" alt="{said}" style="{_STYLE}">'
    page = letter.html.replace(PLACE, shown if picture else "", 1)
    mime.add_alternative(page, subtype="html", cte="quoted-printable")
    if picture:
        *_, beside = mime.iter_parts()
        beside.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline", filename="chart.png")


def _address(name: str | bool, address: str) -> Address:
    return Address(display_name=name if isinstance(name, str) else "", addr_spec=address)


def _token(text: str) -> str:
    """What a Message-ID may hold of a key (RFC 5322, atext and dots), cut to a line."""
    return re.sub(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]", "_", text)[:200]
