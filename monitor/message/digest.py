"""What a message says that tells of several alerts: each in short, the loudest first. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.kinds.wording import Speech
from monitor.message.letter import SUBJECT_LIMIT, Letter, draft
from monitor.message.text import clean, cut
from monitor.model import Alert

#: alerts that are told with what moved and the sentence; the others by their headline and link
IN_FULL = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A message's parts."""

    subject: str
    #: "Told together: 12 at once"
    why: str
    #: how many alerts it tells of
    count: int
    #: told in full, and by their headline
    letters: tuple[Letter, ...]
    lines: tuple[Letter, ...]


def draft_all(
    alerts: Sequence[Alert], why: str, *, time_zone: dt.tzinfo, speech: Speech, ack: Callable[[Alert], str]
) -> Digest:
    """All that is said of several alerts, in their order."""
    letters = [draft(alert, time_zone=time_zone, speech=speech, ack=ack(alert)) for alert in alerts]
    more = f" (and {len(letters) - 1} more)"
    return Digest(
        subject=cut(letters[0].subject, SUBJECT_LIMIT - len(more)) + more,
        why=clean(why),
        count=len(letters),
        letters=tuple(letters[:IN_FULL]),
        lines=tuple(letters[IN_FULL:]),
    )
