"""What was heard of one try -> sent, retry at, or dead. Pure."""

from __future__ import annotations

import enum
import http
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Outcome, OutcomeType

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
#: a service that asks for a longer pause is asked again after this one
LONGEST_RETRY_AFTER = timedelta(hours=24)
#: part of the wait by which it is spread to either side, so that channels that failed together do not return together
SPREAD = 0.2

# Client errors that a later try may not meet again (RFC 9110, RFC 6585, RFC 8470); any other 4xx stays as it is.
_PASSING_4XX = frozenset({408, 409, 421, 423, 425, 429})
# Moved for good: the channel's URL has to be changed. Other redirects are as likely a login page in an outage.
# No such name, room or server; not let in, not allowed to speak, wrong password (RFC 2812, 5.2).
_IRC_PERMANENT = frozenset({401, 402, 403, 404, 461, 463, 464, 465, 473, 474, 475, 476, 477, 489})
_MOVED = frozenset({301, 308})


class Trouble(enum.StrEnum):
    """Why a service gave no answer that counts."""

    NONE = ""
    NO_SERVICE = "no_service"  #: Apprise cannot make a channel of the URL
    CONNECTION = "connection"  #: no connection, or one that broke off
    TIMED_OUT = "timed_out"  #: no complete answer by the deadline
    DIED = "died"  #: the process of the try ended without a word
    STOPPED = "stopped"  #: this service was stopped meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one try brought to light; texts are free of secrets."""

    #: Apprise's own verdict
    accepted: bool = False
    trouble: Trouble = Trouble.NONE
    #: "HTTP", "SMTP" or "IRC", where a service was heard; "" otherwise
    protocol: str = ""
    #: its last code, 0 for none
    code: int = 0
    #: the service's words, or those of the network's error
    words: str = ""
    #: seconds that the service asks to be left alone
    retry_after: float | None = None


def retry_at(tries: int, now: datetime, *, roll: float = 0.5, asked: timedelta | None = None) -> datetime:
    """When to try again after ``tries`` tries: 30 s, doubled each time up to an hour, spread by a fifth.

    ``roll`` is a random number from 0 to 1, ``asked`` the pause that the service asked for, which is kept to.
    """
    wait: timedelta = min(FIRST_WAIT * 2 ** min(max(tries, 1) - 1, 20), LONGEST_WAIT)
    spread = wait * (1 - SPREAD + 2 * SPREAD * roll)
    return now + max(spread, min(asked or timedelta(), LONGEST_RETRY_AFTER))


def outcome(heard: Heard, *, tries: int, max_tries: int, now: datetime, roll: float) -> Outcome:
    """What becomes of an alert after its ``tries``-th try."""
    reason = _reason(heard)
    if heard.accepted:
        return Outcome(type=OutcomeType.SENT, reason=reason)
    if heard.trouble is Trouble.STOPPED:  # nobody's fault: the next start sends it at once
        return Outcome(type=OutcomeType.RETRY, reason=reason, retry_at=now)
    if is_permanent(heard):
        return Outcome(type=OutcomeType.DEAD, reason=reason)
    if tries >= max_tries:
        return Outcome(type=OutcomeType.DEAD, reason=f"given up after {max_tries} tries: {reason}")
    asked = timedelta(seconds=heard.retry_after) if heard.retry_after is not None else None
    again = retry_at(tries, now, roll=roll, asked=asked)
    return Outcome(type=OutcomeType.RETRY, reason=reason, retry_at=again, pause=asked)


def is_permanent(heard: Heard) -> bool:
    """Whether a later try would be refused in the same way."""
    if heard.trouble is Trouble.NO_SERVICE:
        return True
    if heard.trouble is not Trouble.NONE:
        return False
    if heard.protocol == "SMTP":
        return 500 <= heard.code < 600
    if heard.protocol == "IRC":
        return heard.code in _IRC_PERMANENT
    return heard.code in _MOVED or (400 <= heard.code < 500 and heard.code not in _PASSING_4XX)


def _reason(heard: Heard) -> str:
    # What a service says of a message that it took is its own affair, a mail server's number for it is not.
    words = "" if heard.accepted and heard.protocol == "HTTP" else heard.words
    code = " ".join(part for part in (heard.protocol, _code(heard)) if part)
    said = ": ".join(part for part in (code, words) if part)
    match heard.trouble:
        case Trouble.TIMED_OUT:
            return f"no complete answer in time{f', after {said}' if said else ''}"
        case Trouble.DIED:
            return f"the try ended without a result{f', after {said}' if said else ''}"
        case Trouble.STOPPED:
            return "stopped during the try"
        case _ if not said:
            return "accepted" if heard.accepted else "refused without a word"
        case _ if not heard.accepted and 200 <= heard.code < 300:
            return f"refused: {said}"
        case _:
            return said


def _code(heard: Heard) -> str:
    if not heard.code:
        return ""
    if heard.protocol == "HTTP" and heard.code in http.HTTPStatus.__members__.values():
        return f"{heard.code} {http.HTTPStatus(heard.code).phrase}"
    return str(heard.code)
