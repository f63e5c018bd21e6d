"""How a person is told of a round of talks."""

from __future__ import annotations

from monitor.kinds.kind import slots_of
from monitor.kinds.talk_round.facts import TalkRound
from monitor.kinds.wording import ENGLISH, Part, Row, Speech, after, before, credited, framed, listed, opposed, ordinal
from monitor.kinds.wording import moved as moved_parts
from monitor.model import ChangeType, News

_SLOTS = slots_of(TalkRound)

_STATUS = {
    "proposed": "proposed",
    "planned": "planned",
    "ongoing": "under way",
    "held": "held",
    "cancelled": "called off",
}
_MODES = {"video": "by video", "phone": "by phone", "in_person": "in person"}


def headline(news: News, speech: Speech = ENGLISH) -> str:
    """The subject that says the news: ``Russia and Ukraine hold talks in Istanbul (29 March)``."""
    if news.type is ChangeType.DISPUTED:
        claimed = news.claim.event.facts
        assert isinstance(claimed, TalkRound)
        return framed(news, opposed(news, _clause(claimed, speech), lambda other: _rival(other, claimed, speech)))
    facts = after(news)
    day = f" ({speech.day(facts.date, near=news.claim.published)})" if facts.date else ""
    return framed(news, _clause(facts, speech) + day + _was(news, speech))


def when(facts: TalkRound, speech: Speech = ENGLISH) -> str:
    """The first day of the talks; "" when not said."""
    return speech.day(facts.date) if facts.date else ""


def what(facts: TalkRound, speech: Speech = ENGLISH) -> str:
    """``third round of talks held in Istanbul``."""
    status = _STATUS.get(facts.status or "", "")
    return " ".join(word for word in (_talks(facts), status, _where(facts)) if word)


def who(facts: TalkRound, speech: Speech = ENGLISH) -> str:
    """``Russia and Ukraine``."""
    return speech.actors(facts.parties)


def how_much(facts: TalkRound, speech: Speech = ENGLISH) -> str:
    """Talks have no amount."""
    return ""


def size(facts: TalkRound) -> int | None:
    """Talks have no series."""
    return None


def said(facts: TalkRound, speech: Speech = ENGLISH) -> str:
    """What one voice says, in short: ``Russia and Ukraine hold talks in Istanbul, 29 March 2022``."""
    return ", ".join(part for part in (_clause(facts, speech), when(facts, speech)) if part)


def value(slot: str, value: object, speech: Speech = ENGLISH) -> str:
    """One slot's value for a reader."""
    return speech.value(_SLOTS[slot], value)


def moved(news: News, speech: Speech = ENGLISH) -> tuple[Row, ...]:
    """What changed, before and after."""
    return moved_parts(news, PARTS, speech)


def _talks(facts: TalkRound) -> str:
    if facts.round is not None:
        return f"{ordinal(facts.round)} round of talks"
    return "phone call" if facts.mode == "phone" else "talks"


def _where(facts: TalkRound) -> str:
    if facts.place:
        return f"in {facts.place}"
    return "by video" if facts.mode == "video" else ""


def _clause(facts: TalkRound, speech: Speech) -> str:
    """``Russia and Ukraine to hold talks by video``, ``talks between US and China in Rome called off``."""
    parties, talks = speech.actors(facts.parties), f"{_talks(facts)} {_where(facts)}".rstrip()
    if facts.status in ("proposed", "cancelled") or not facts.parties:
        between = f"between {parties}" if len(facts.parties) > 1 else f"with {parties}" if parties else ""
        words = (_talks(facts), between, _where(facts), _STATUS.get(facts.status or "", ""))
        return " ".join(word for word in words if word)
    one = len(facts.parties) == 1
    speak, hold = ("speaks", "holds") if one else ("speak", "hold")
    if facts.mode == "phone" and facts.round is None:
        return f"{parties} {'to speak' if facts.status == 'planned' else speak} by phone"
    if facts.status == "ongoing":
        return f"{parties} {'is' if one else 'are'} holding {talks}"
    return f"{parties} {'to hold' if facts.status == 'planned' else hold} {talks}"


def _was(news: News, speech: Speech) -> str:
    """What was known before: ``, previously planned``, ``, moved from Minsk``, ``, moved from 28 March``."""
    old, new = before(news), after(news)
    if old.status != new.status and old.status:
        return f", previously {_STATUS[old.status]}"
    if old.place != new.place and old.place and new.place:
        return f", moved from {old.place}"
    if old.date != new.date and old.date and new.date:
        return f", moved from {speech.day(old.date, near=new.date)}"
    return ""


def _rival(facts: TalkRound, claimed: TalkRound, speech: Speech) -> str:
    """What another voice says instead, no longer than the difference needs."""
    if facts.status != claimed.status and facts.status:
        return _STATUS[facts.status]
    if facts.place != claimed.place and facts.place:
        return f"in {facts.place}"
    if facts.date != claimed.date and facts.date:
        return f"on {speech.day(facts.date, near=claimed.date)}"
    return said(facts, speech)


def _names(codes: tuple[str, ...], speech: Speech) -> str:
    return listed([speech.actor(code) for code in codes])


#: rows of a message, in the order in which a reader asks
PARTS: tuple[Part, ...] = (
    Part(label="status", slots=("status",), phrase=lambda facts, speech: _STATUS.get(facts.status or "", "")),
    Part(label="parties", slots=("parties",), phrase=lambda facts, speech: _names(facts.parties, speech)),
    Part(label="mediated by", slots=("mediators",), phrase=lambda facts, speech: _names(facts.mediators, speech)),
    Part(label="round", slots=("round",), phrase=lambda facts, speech: ordinal(facts.round) if facts.round else ""),
    Part(label="when", slots=("date",), phrase=when),
    Part(label="where", slots=("place",), phrase=lambda facts, speech: facts.place or ""),
    Part(label="how", slots=("mode",), phrase=lambda facts, speech: _MODES.get(facts.mode or "", "")),
    Part(label="outcome", slots=("outcome",), phrase=lambda facts, speech: facts.outcome or ""),
    Part(label="according to", slots=("attribution",), phrase=lambda facts, speech: credited(facts.attribution or "")),
)
