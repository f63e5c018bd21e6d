"""How a person is told of an aid pledge."""

from __future__ import annotations

from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.kind import slots_of
from monitor.kinds.wording import ENGLISH, Part, Row, Speech, after, before, credited, framed, listed, opposed
from monitor.kinds.wording import moved as moved_parts
from monitor.model import ChangeType, News

_SLOTS = slots_of(AidPledge)

# status -> what one donor does, what several do, what is done (with its preposition)
_VERBS = {
    "considered": ("considers", "consider", "considered for"),
    "requested": ("is asked for", "are asked for", "requested for"),
    "pledged": ("pledges", "pledge", "pledged to"),
    "approved": ("approves", "approve", "approved for"),
    "delivered": ("delivers", "deliver", "delivered to"),
    "withheld": ("withholds", "withhold", "withheld from"),
}
# status -> what the donors did before
_EARLIER = {
    "considered": "was considering",
    "requested": "was asked for",
    "pledged": "had pledged",
    "approved": "had approved",
    "delivered": "had delivered",
    "withheld": "had withheld",
}


def headline(news: News, speech: Speech = ENGLISH) -> str:
    """The subject that says the news: ``US pledges $500 million in financial aid to Ukraine, was considering it``."""
    if news.type is ChangeType.DISPUTED:
        said_here = said(_claimed(news), speech)
        return framed(news, opposed(news, said_here, lambda other: _rival(other, _claimed(news), speech)))
    return framed(news, said(after(news), speech) + _was(news, speech))


def when(facts: AidPledge, speech: Speech = ENGLISH) -> str:
    """The day it was announced, approved or delivered; "" when not said."""
    return speech.day(facts.date) if facts.date else ""


def what(facts: AidPledge, speech: Speech = ENGLISH) -> str:
    """``financial aid pledged``."""
    return f"{_aid(facts)} {facts.status}" if facts.status else _aid(facts)


def who(facts: AidPledge, speech: Speech = ENGLISH) -> str:
    """``US to Ukraine``."""
    donors = speech.actors(facts.donors)
    recipient = f"to {speech.actor(facts.recipient)}" if facts.recipient else ""
    return " ".join(part for part in (donors, recipient) if part)


def how_much(facts: AidPledge, speech: Speech = ENGLISH) -> str:
    """``$500 million``, else the goods; "" where there is neither."""
    return _sum(facts, speech) or facts.goods or ""


def size(facts: AidPledge) -> int | None:
    """A pledge is one sum, not a series over time."""
    return None


def said(facts: AidPledge, speech: Speech = ENGLISH) -> str:
    """What one voice says, in short: ``US pledges $500 million in financial aid to Ukraine``."""
    donors, recipient = speech.actors(facts.donors), facts.recipient and speech.actor(facts.recipient)
    gift = _gift(facts, speech)
    if facts.status == "requested" and recipient:
        return f"{recipient} asks {donors} for {gift}" if donors else f"{recipient} asks for {gift}"
    one, several, done = _VERBS.get(facts.status or "", ("gives", "give", "for"))
    if donors:
        to = "from" if facts.status == "withheld" else "to"
        ending = f" {to} {recipient}" if recipient else ""
        return f"{donors} {several if len(facts.donors) > 1 else one} {gift}{ending}"
    return f"{gift} {done} {recipient}" if recipient else f"{gift} {done.rpartition(' ')[0]}".rstrip()


def value(slot: str, value: object, speech: Speech = ENGLISH) -> str:
    """One slot's value for a reader."""
    return speech.value(_SLOTS[slot], value)


def moved(news: News, speech: Speech = ENGLISH) -> tuple[Row, ...]:
    """What changed, before and after."""
    return moved_parts(news, PARTS, speech)


def _claimed(news: News) -> AidPledge:
    facts = news.claim.event.facts
    assert isinstance(facts, AidPledge)
    return facts


def _sum(facts: AidPledge, speech: Speech) -> str:
    return speech.sum(facts.low, facts.high, facts.amount, facts.qualifier, facts.currency)


def _aid(facts: AidPledge) -> str:
    return f"{listed(facts.aid_types)} aid" if facts.aid_types else "aid"


def _gift(facts: AidPledge, speech: Speech) -> str:
    """``$500 million in financial aid``, ``31 Abrams tanks``, ``military aid``."""
    amount = _sum(facts, speech)
    return f"{amount} in {_aid(facts)}" if amount else facts.goods or _aid(facts)


def _was(news: News, speech: Speech) -> str:
    """What was known before, when the status or the sum moved: ``, was considering $350 million``."""
    old, new = before(news), after(news)
    amount = _sum(old, speech)
    other_amount = amount if amount != _sum(new, speech) else ""
    if old.status == new.status or old.status is None:
        return f", was {other_amount}" if other_amount else ""
    if not new.donors:
        return f", was {old.status} {other_amount}".rstrip()
    earlier = _EARLIER[old.status]
    if len(new.donors) > 1:
        earlier = earlier.replace("was ", "were ")
    return f", {earlier} {other_amount or 'it'}"


def _rival(facts: AidPledge, claimed: AidPledge, speech: Speech) -> str:
    """What another voice says instead, no longer than the difference needs."""
    amount = _sum(facts, speech)
    if amount and amount != _sum(claimed, speech):
        return amount if facts.status in (claimed.status, None) else f"{facts.status} {amount}"
    return facts.status if facts.status and facts.status != claimed.status else said(facts, speech)


def _donors(facts: AidPledge, speech: Speech) -> str:
    return listed([speech.actor(code) for code in facts.donors])


def _recipient(facts: AidPledge, speech: Speech) -> str:
    return speech.actor(facts.recipient) if facts.recipient else ""


#: rows of a message, in the order in which a reader asks
PARTS: tuple[Part, ...] = (
    Part(label="status", slots=("status",), phrase=lambda facts, speech: facts.status or ""),
    Part(label="sum", slots=("amount", "low", "high", "currency", "qualifier"), phrase=_sum),
    Part(label="goods", slots=("goods",), phrase=lambda facts, speech: facts.goods or ""),
    Part(label="kind of aid", slots=("aid_types",), phrase=lambda facts, speech: listed(facts.aid_types)),
    Part(label="from", slots=("donors",), phrase=_donors),
    Part(label="to", slots=("recipient",), phrase=_recipient),
    Part(label="when", slots=("date",), phrase=when),
    Part(label="according to", slots=("attribution",), phrase=lambda facts, speech: credited(facts.attribution or "")),
)
