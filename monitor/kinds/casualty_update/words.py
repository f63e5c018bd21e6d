"""How a person is told of a casualty update."""

from __future__ import annotations

from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.ground import party_of
from monitor.kinds.kind import slots_of
from monitor.kinds.wording import ENGLISH, Part, Row, Speech, after, before, credited, framed, opposed
from monitor.kinds.wording import moved as moved_parts
from monitor.model import ChangeType, News

_SLOTS = slots_of(CasualtyUpdate)


def headline(news: News, speech: Speech = ENGLISH) -> str:
    """The subject that says the news: ``Mariupol: at least 5,000 killed, was 2,187 (local officials)``."""
    if news.type is ChangeType.DISPUTED:
        return _disputed(news, speech)
    facts = after(news)
    credit = getattr(news.claim.event.facts, "attribution", None)
    told = f" ({credited(credit)})" if credit and news.type is not ChangeType.WITHDRAWN else ""
    return framed(news, _where(facts, speech) + _clause(facts, speech) + _was(news, speech) + told)


def when(facts: CasualtyUpdate, speech: Speech = ENGLISH) -> str:
    """The day of the incident, or that the figure is a running total; "" when neither is known."""
    if facts.date is not None:
        return speech.day(facts.date)
    return "in total" if facts.scope == "cumulative" else ""


def what(facts: CasualtyUpdate, speech: Speech = ENGLISH) -> str:
    """``killed in Mariupol``."""
    harm = facts.harm or "casualties"
    return f"{harm} in {facts.place}" if facts.place else harm


def who(facts: CasualtyUpdate, speech: Speech = ENGLISH) -> str:
    """Whose people: ``soldiers of Russia``, ``civilians``; "" when not said."""
    people = _people(facts)
    if facts.side is None:
        return people
    return f"{people or 'people'} of {speech.actor(facts.side)}"


def how_much(facts: CasualtyUpdate, speech: Speech = ENGLISH) -> str:
    """``at least 5,000``; "" where there is no figure."""
    return speech.quantity(facts.low, facts.high, facts.count, facts.qualifier)


def size(facts: CasualtyUpdate) -> int | None:
    """The figure as one number, for a series over time."""
    return facts.count if facts.count is not None else facts.low or facts.high


def said(facts: CasualtyUpdate, speech: Speech = ENGLISH) -> str:
    """What one voice says, in short: ``at least 5,000 killed``."""
    return _clause(facts, speech)


def value(slot: str, value: object, speech: Speech = ENGLISH) -> str:
    """One slot's value for a reader."""
    return speech.value(_SLOTS[slot], value)


def moved(news: News, speech: Speech = ENGLISH) -> tuple[Row, ...]:
    """What changed, before and after."""
    return moved_parts(news, PARTS, speech)


def _place(facts: CasualtyUpdate, speech: Speech) -> str:
    return facts.place or ""


def _attribution(facts: CasualtyUpdate, speech: Speech) -> str:
    return credited(facts.attribution or "")


#: rows of a message, in the order in which a reader asks
PARTS: tuple[Part, ...] = (
    Part(label="figure", slots=("count", "low", "high", "qualifier", "harm"), phrase=said),
    Part(label="whose", slots=("victims", "side"), phrase=who),
    Part(label="where", slots=("place",), phrase=_place),
    Part(label="when", slots=("date", "scope"), phrase=when),
    Part(label="according to", slots=("attribution",), phrase=_attribution),
)


def _where(facts: CasualtyUpdate, speech: Speech) -> str:
    if facts.place:
        return f"{facts.place}: "
    return f"{speech.actor(facts.side)}: " if facts.side else ""


def _people(facts: CasualtyUpdate) -> str:
    if facts.victims == "military":
        # Armed groups have fighters, states have soldiers: a state's code is three capitals (ISO 3166).
        is_state = facts.side is None or (len(facts.side) == 3 and facts.side.isupper())
        return "soldiers" if is_state else "fighters"
    return "civilians" if facts.victims == "civilian" else ""


def _clause(facts: CasualtyUpdate, speech: Speech) -> str:
    """``at least 5,000 killed``, ``30 of Ukraine's soldiers captured``, ``498 military casualties``."""
    figure = how_much(facts, speech)
    if facts.harm in (None, "casualties"):
        return " ".join(word for word in (_counted(figure, facts), facts.victims or "", "casualties") if word)
    # Civilians go without saying in a headline; soldiers do not.
    people = _people(facts) if facts.victims == "military" else ""
    if facts.side and facts.place:
        people = f"of {speech.actor(facts.side)}'s {people or 'people'}"
    elif people:
        figure = _counted(figure, facts)
    return " ".join(word for word in (figure or ("" if people else "people"), people, facts.harm) if word)


def _counted(figure: str, facts: CasualtyUpdate) -> str:
    """The figure as it stands before a noun: ``hundreds of``, ``several``, ``30``."""
    is_measure = facts.qualifier == "vague" and facts.count is None and figure.endswith("s")
    return f"{figure} of" if is_measure and figure not in ("numerous", "several") else figure


def _was(news: News, speech: Speech) -> str:
    old, new = before(news), after(news)
    earlier = how_much(old, speech)
    return f", was {earlier}" if earlier and earlier != how_much(new, speech) else ""


def _disputed(news: News, speech: Speech) -> str:
    facts = news.claim.event.facts
    assert isinstance(facts, CasualtyUpdate)
    figure = how_much(facts, speech)
    people = _people(facts) if facts.victims == "military" or facts.side else ""
    if facts.side:
        speaks_for = party_of(facts.attribution) or facts.attribution
        whose = "its" if speaks_for == facts.side else f"{speech.actor(facts.side)}'s"
        people = f"{whose} {people or 'people'}"
    if facts.harm in (None, "casualties"):  # a noun where the other harms are participles
        told = (_counted(figure, facts), "casualties", f"among {people}" if people else "")
    else:
        told = (figure or "people", f"of {people}" if facts.side else people, facts.harm)
    clause = " ".join(word for word in told if word)
    place = f"{facts.place}: " if facts.place else ""
    return framed(news, place + opposed(news, clause, lambda other: how_much(other, speech)))
