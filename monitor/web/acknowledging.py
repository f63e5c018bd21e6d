"""The page behind the link in an alert that is repeated until somebody acknowledges it.

GET only asks: mail servers and chat rooms follow every link to look for danger. The button below the question, a POST
to the same address, acknowledges.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="margin:0 auto;padding:24px 16px;max-width:600px;font-family:system-ui,sans-serif;line-height:1.5">
<h1 style="font-size:20px">{title}</h1>
{body}
</body>
</html>
"""
_BUTTON = """<form method="post">
<button style="font:inherit;font-weight:bold;padding:12px 20px">Acknowledge</button>
</form>
<p>It, and others about the same event, are then told no more until something changes.</p>"""


class Acknowledgements(Protocol):
    """What is asked of an address, by its last part; both wait for the database, so they are called in a thread."""

    def subject(self, token: str) -> str | None:
        """What the alert says; None if the address is not ours."""

    def acknowledge(self, token: str) -> str | None:
        """Acknowledges the alert; likewise."""


def acknowledging(acks: Acknowledgements) -> Route:
    """``/ack/<number>.<signature>``"""

    async def answer(request: Request) -> Response:
        token = request.path_params["token"]
        posted = request.method == "POST"
        subject = await asyncio.to_thread(acks.acknowledge if posted else acks.subject, token)
        if subject is None:
            return _page(404, "This link is not valid", "<p>It may have been cut off, or the alert is gone.</p>")
        said = f"<p>{escape(subject)}</p>"
        return _page(200, "Acknowledged", said) if posted else _page(200, "Acknowledge this alert?", said + _BUTTON)

    return Route("/ack/{token}", answer, methods=["GET", "POST"])


def _page(status: int, title: str, body: str) -> Response:
    return HTMLResponse(_PAGE.format(title=title, body=body), status_code=status, headers=_HEADERS)
