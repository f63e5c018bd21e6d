"""One event a meeting an item: mentions that can be of one meeting are put together, the most specific values first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.kinds.talk_round.facts import LADDER, TalkRound
from monitor.language.document import Document
from monitor.language.places import CITY, UNKNOWN, contains, country_of, level_of
from monitor.model import Event, Evidence

#: meetings that a new one is compared with: no news item has as many, and endless text stays linear
RIVALS = 60
#: confidence of those whose parties the sentence itself names
_NAMED = 0.7
#: days after an arrival on which a visitor is received
VISIT = 3
#: days that talks can last
_MONTH = 31
_FUTURE = ("proposed", "planned")
_FILLED = ("round", "date", "mode", "outcome", "attribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A meeting as one sentence tells it."""

    facts: TalkRound
    evidence: Evidence
    confidence: float
    #: "the talks": one told of before is meant
    refers: bool = False
    #: the text says when, without a day
    vague: bool = False
    #: called off, and the sentence says that it was to be: "were due on Friday, but were put off"
    due: bool = False
    #: the day is that of the end: another may be told on which it began
    last: bool = False
    #: who visits, where it is a visit, which frames meetings of the same parties
    visitor: str | None = None
    #: the status, where nothing said of this meeting tells it
    default: str | None = None
    #: one before those that the item is about: "the initial talks"
    earlier: bool = False
    #: the sentence says that it came to an end, or what came of it
    over: bool = False
    #: "a separate meeting": none of those told of before
    apart: bool = False
    #: number of its sentence
    index: int = 0


def merged(document: Document, mentions: Iterable[Mention], scene: str | None = None) -> list[Event]:
    """Events of an item, one a meeting, in the order of their first mention; a title sums up what the text tells.

    ``scene`` is where the title puts the item's meeting, where it does not say whose it is.
    """
    kept: list[Mention] = []
    titles: list[Mention] = []
    mentions = _without_journeys(document, _each_alone(list(mentions)))
    for mention in mentions:
        if mention.evidence.field == "title":
            titles.append(mention)
            continue
        number = _like(document, kept, mention)
        if number is None:
            kept.append(mention)
        else:
            kept[number] = _together(document, kept[number], mention)
    for mention in titles:
        number = _summed_up(document, kept, mention)
        if number is None:
            kept.insert(0, mention)
        else:
            kept[number] = _filled(document, kept[number], mention)
    if scene is not None and kept:
        kept[0] = _put(kept[0], scene)
    kept = [_ended(m, kept) for m in kept]
    return [Event(facts=_settled(m), evidence=m.evidence, confidence=m.confidence) for m in kept]


def _each_alone(mentions: Sequence[Mention]) -> list[Mention]:
    """ "He spoke with the leaders of A and B", each call told of behind: no call of three, but its day is theirs."""
    kept: list[Mention] = []
    days: dict[tuple[str, ...], dt.date] = {}
    for number, mention in enumerate(mentions):
        facts = mention.facts
        own, phone = set(facts.parties), facts.mode == "phone"
        later = [m.facts for m in mentions[number + 1 :]] if phone and len(own) > 2 else []
        alone = [f.parties for f in later if f.mode == "phone" and own > {*f.parties}]
        if alone and own == {name for parties in alone for name in parties}:
            days.update({parties: facts.date for parties in alone if facts.date is not None})
        elif phone and facts.parties in days and facts.date is None:
            kept.append(replace(mention, facts=replace(facts, date=days[facts.parties])))
        else:
            kept.append(mention)
    return kept


def _without_journeys(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Without visits to where the item's meeting of others is: "X will go to Vienna", for talks with Y, not Austria."""
    met = [(m.facts.place, {*m.facts.parties}) for m in mentions if m.visitor is None and m.facts.place is not None]
    if not met:
        return list(mentions)
    kept = []
    for mention in mentions:
        place = mention.facts.place
        home = country_of(place, document.lexicon) if mention.visitor is not None and place is not None else None
        guests = {*mention.facts.parties} - {home or ""}
        if home is None or not any(there == place and home not in who and guests <= who for there, who in met):
            kept.append(mention)
    return kept


def _summed_up(document: Document, kept: Sequence[Mention], title: Mention) -> int | None:
    """Which of the meetings that the text tells a title means: the one that fits, else the one with its status."""
    same = [n for n, other in enumerate(kept) if _same_parties(other.facts.parties, title.facts.parties)]
    hosted = [n for n, other in enumerate(kept) if {*other.facts.mediators} & {*title.facts.parties}]
    if not same and hosted and kept[hosted[0]].facts.status == title.facts.status:
        return hosted[0]  # a title may name the host for those whom he has brought together
    if not same and title.confidence < _NAMED:  # whom the title means was guessed: the text tells it
        return next((n for n, other in enumerate(kept) if {*other.facts.parties} & {*title.facts.parties}), None)
    fits = [n for n in same if _one(document, kept[n], title)]
    alike = [n for n in same if kept[n].facts.status == title.facts.status]
    ahead = title.facts.status in _FUTURE
    both = [n for n in fits if n in alike] or [n for n in fits if (kept[n].facts.status in _FUTURE) == ahead]
    return next(iter(both or fits or alike or same), None)


def _filled(document: Document, told: Mention, title: Mention) -> Mention:
    """What the text tells, with what only its title says."""
    facts = told.facts
    values = {
        slot: getattr(facts, slot) if getattr(facts, slot) is not None else getattr(title.facts, slot)
        for slot in ("round", "date", "mode", "outcome")
    }
    place = facts.place or (title.facts.place if values["mode"] not in ("phone", "video") else None)
    if place and title.facts.place and contains(place, title.facts.place, document.lexicon):
        place = title.facts.place  # a city before its country
    mediators = facts.mediators or tuple(sorted({*title.facts.mediators} - {*facts.parties}))
    status = facts.status if facts.status is not None else title.facts.status
    facts = replace(facts, **values, place=place, mediators=mediators, status=status)
    return replace(told, facts=facts, confidence=max(told.confidence, title.confidence))


def _put(mention: Mention, scene: str) -> Mention:
    """The item's first meeting, in the place that its title names, where the text names none."""
    facts = mention.facts
    if facts.place is not None or facts.mode not in ("in_person", None) or mention.evidence.field == "title":
        return mention
    return replace(mention, facts=replace(facts, place=scene, mode="in_person"))


def _ended(mention: Mention, kept: Sequence[Mention]) -> Mention:
    """The first round that began, where the second is told of: it is over."""
    facts = mention.facts
    if facts.status != "ongoing" or facts.round is None:
        return mention
    later = any(m.facts.parties == facts.parties and (m.facts.round or 0) > facts.round for m in kept)
    return replace(mention, facts=replace(facts, status="held")) if later else mention


def _settled(mention: Mention) -> TalkRound:
    facts = mention.facts
    if facts.status is None:
        return replace(facts, status=mention.default or "ongoing")
    return replace(facts, outcome=None) if facts.status in _FUTURE and facts.outcome is not None else facts


def _like(document: Document, kept: Sequence[Mention], mention: Mention) -> int | None:
    """Which of the meetings told of this is: the newest that fits."""
    since = max(0, len(kept) - RIVALS)
    fits = [n for n, other in enumerate(kept[since:], since) if _one(document, other, mention)]
    if fits:
        same = [n for n in fits if kept[n].facts.date == mention.facts.date and mention.facts.date is not None]
        ahead = mention.facts.status in _FUTURE
        alike = [n for n in fits if (kept[n].facts.status in _FUTURE) == ahead]
        return (same or alike or fits)[-1]
    if mention.refers:
        same = [
            n
            for n, other in enumerate(kept[since:], since)
            if other.facts.parties == mention.facts.parties and other.earlier == mention.earlier
        ]
        same = [
            n
            for n in same
            if not _is_over_before(document, kept[n].facts, mention.facts) and not _is_off_alone(kept[n], mention)
        ]
        if same and _is_next(document, kept[same[-1]].facts, mention.facts):
            return None
        return same[-1] if same and _agree(document, kept[same[-1]].facts, mention.facts, strict=False) else None
    return None


def _one(document: Document, a: Mention, b: Mention) -> bool:
    mine, yours = a.facts, b.facts
    if b.apart or not _same_parties(mine.parties, yours.parties):
        return False
    if not _agree(document, mine, yours, strict=not (_frames(a, b) or _spans(a, b))):
        return False
    if a.earlier != b.earlier and not _is_past(yours if a.earlier else mine):
        return False
    if _is_next(document, mine, yours) or _is_over_before(document, mine, yours):
        return False
    if mine.parties != yours.parties and min(a.confidence, b.confidence) < _NAMED and _is_guess(a, b):
        return True
    if _host(document, mine, yours) is not None:
        return True
    if mine.parties != yours.parties:
        both = mine.status in _FUTURE and yours.status in _FUTURE
        return _shares(mine, yours) and (mine.date == yours.date if mine.date and yours.date else both)
    if a.visitor and b.visitor and a.visitor != b.visitor:
        return False
    if a.visitor or b.visitor:
        return mine.status != "cancelled" and yours.status != "cancelled"
    if a.vague != b.vague and (mine.date or yours.date):
        return False
    if "cancelled" in (mine.status, yours.status) and mine.status != yours.status:
        return b.refers or (not {mine.status, yours.status} & {"held", "ongoing", "proposed"}) or _shares(mine, yours)
    if a.facts.status == "ongoing" and _goes_on(a, b):
        return True
    if mine.status in ("ongoing", "planned") and _is_mere_call(yours):
        return True
    ahead = (mine.status in _FUTURE, yours.status in _FUTURE)
    if mine.status is None or yours.status is None:
        return True
    if ahead[0] != ahead[1] and not b.refers:
        return _shares(mine, yours) and (mine.place is None or not _only_place(mine, yours))
    return True


def _host(document: Document, few: TalkRound, many: TalkRound) -> str | None:
    """ "A and B met in Doha. The talks were between A, B and Qatar's emir": the state that the place of two lies in."""
    third = {*many.parties} - {*few.parties}
    if len(third) != 1 or len(few.parties) != len(many.parties) - 1 or few.place is None or few.status != many.status:
        return None
    return next(iter(third)) if country_of(few.place, document.lexicon) in third else None


def _is_next(document: Document, told: TalkRound, facts: TalkRound) -> bool:
    """ "They held talks on Friday, which were to resume on Sunday": a day to come, behind a meeting that has been."""
    published = document.published
    ahead = facts.status in _FUTURE and published is not None and facts.date is not None and facts.date > published
    return told.status == "held" and ahead and told.date != facts.date


def _is_over_before(document: Document, told: TalkRound, facts: TalkRound) -> bool:
    """ "The sixth round begins on Monday. The talks ended ...": one that is over, and a day behind the item's own, or
    behind the day of the other."""
    published = document.published
    if published is None or {told.status, facts.status} & {"held"} == set():
        return False
    coming, over = (told, facts) if facts.status == "held" else (facts, told)
    if coming.status not in _FUTURE or coming.date is None:
        return False
    return coming.date > published or (over.date is not None and over.date < coming.date)


def _is_past(facts: TalkRound) -> bool:
    """Whether "the previous talks" can mean a meeting: one that is over, told with its round or its day."""
    return facts.status == "held" and (facts.round is not None or facts.date is not None)


def _is_guess(a: Mention, b: Mention) -> bool:
    """Whether the smaller of two sets of parties was guessed from the item, and the other told of the same state."""
    fewer = min(a, b, key=lambda m: len(m.facts.parties))
    return fewer.confidence < _NAMED and a.facts.status == b.facts.status and not a.visitor and not b.visitor


def _frames(visit: Mention, meeting: Mention) -> bool:
    """ "arrived on Monday", "received him on Tuesday": a visit goes on for some days."""
    if not visit.visitor or meeting.visitor or visit.facts.date is None or meeting.facts.date is None:
        return False
    return 0 <= (meeting.facts.date - visit.facts.date).days <= VISIT


def _is_mere_call(facts: TalkRound) -> bool:
    """ "urged them to go on with talks", while they talk: a call with nothing of its own."""
    return facts.status == "proposed" and facts.date is None and facts.place is None and facts.round is None


def _spans(a: Mention, b: Mention) -> bool:
    """ "The talks ended on Friday. They had opened on Monday": the day of an end, and one before it."""
    first, last = (b, a) if a.last else (a, b)
    if a.last == b.last or first.facts.date is None or last.facts.date is None:
        return False
    been = first.facts.status in ("ongoing", "held") and last.facts.status == "held"
    return been and 0 <= (last.facts.date - first.facts.date).days <= _MONTH


def _is_off_alone(told: Mention, off: Mention) -> bool:
    """ "They will meet on Friday. The talks were due last year, but put off": another meeting than that with a day."""
    off_then = off.facts.status == "cancelled" and off.due and off.vague
    return off_then and told.facts.status != "cancelled" and told.facts.date is not None


def _is_end_of(a: Mention, b: Mention) -> bool:
    """ "They met on Tuesday. The talks were to go on on Friday, but ...": called off is only that they go on."""
    off = a.facts.status == "held" and b.facts.status == "cancelled" and b.due
    return off and a.facts.date is not None and b.facts.date is not None and a.facts.date < b.facts.date


def _goes_on(a: Mention, b: Mention) -> bool:
    """ "They opened talks. The first round will last three weeks": what the next sentence tells of the same."""
    facts = b.facts
    return (
        b.index - a.index <= 1 and facts.round is not None and a.facts.round is None and not (facts.date or facts.place)
    )


def _shares(a: TalkRound, b: TalkRound) -> bool:
    """Whether what is planned and what is told as past have a day, round or place in common."""
    return any(
        getattr(a, slot) is not None and getattr(a, slot) == getattr(b, slot) for slot in ("date", "round", "place")
    )


def _only_place(a: TalkRound, b: TalkRound) -> bool:
    """Whether a day or a round, told of one of two, leaves nothing but the place in common."""
    told = any(getattr(f, slot) is not None for f in (a, b) for slot in ("date", "round"))
    return told and not any(
        getattr(a, slot) is not None and getattr(a, slot) == getattr(b, slot) for slot in ("date", "round")
    )


def _same_parties(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """The same, or some of the same: who is named for a meeting in one sentence may be one of many in the next."""
    few, many = sorted((set(a), set(b)), key=len)
    return a == b or (len(few) >= 2 and few < many)


def _agree(document: Document, a: TalkRound, b: TalkRound, *, strict: bool = True) -> bool:
    """Whether no slot of the two speaks against their being one."""
    if a.round is not None and b.round is not None and a.round != b.round:
        return False
    if strict and a.date is not None and b.date is not None and a.date != b.date:
        return False
    if a.mode is not None and b.mode is not None and a.mode != b.mode:
        return False
    if a.place is None or b.place is None or _one_place(document, a.place, b.place):
        return True
    # a house or village of a name that no list knows can stand in any town or country
    levels = {level_of(a.place, document.lexicon), level_of(b.place, document.lexicon)}
    return UNKNOWN in levels and len(levels) > 1 and (a.status in _FUTURE) == (b.status in _FUTURE)


def _one_place(document: Document, a: str, b: str) -> bool:
    return a == b or contains(a, b, document.lexicon) or contains(b, a, document.lexicon)


def _together(document: Document, a: Mention, b: Mention) -> Mention:
    mine, yours = a.facts, b.facts
    values = {
        slot: getattr(mine, slot) if getattr(mine, slot) is not None else getattr(yours, slot) for slot in _FILLED
    }
    if _frames(a, b):
        values["date"] = yours.date  # the day of the meeting, not that of the arrival
    if _spans(a, b):
        values["date"] = (yours if a.last else mine).date  # the day on which it began
    place = mine.place or yours.place
    if mine.place and yours.place and mine.place != yours.place:
        known = level_of(mine.place, document.lexicon) != UNKNOWN and (
            level_of(mine.place, document.lexicon) == CITY or level_of(yours.place, document.lexicon) != UNKNOWN
        )
        inner = contains(mine.place, yours.place, document.lexicon)
        place = mine.place if known and not inner else yours.place  # a town before its country, and before a house
    host = _host(document, mine, yours)
    facts = replace(
        mine,
        **values,
        parties=(max if host is None else min)(mine.parties, yours.parties, key=len),
        place=place,
        mediators=tuple(sorted({*mine.mediators, *yours.mediators} | ({host} if host is not None else set()))),
        status=mine.status
        if _is_part(a, b) or _is_end_of(a, b) or (mine.status in ("ongoing", "planned") and _is_mere_call(yours))
        else max(mine.status, yours.status, key=_rung),
    )
    return replace(
        a,
        facts=facts,
        confidence=max(a.confidence, b.confidence),
        vague=a.vague or b.vague,
        last=a.last and b.last,
        default=a.default or b.default,
        earlier=a.earlier and b.earlier,
    )


def _is_part(a: Mention, b: Mention) -> bool:
    """ "They opened talks. At the talks A demanded ...": what has been said there, while they go on."""
    return a.facts.status == "ongoing" and b.facts.status == "held" and b.refers and not b.over and not b.facts.date


def _rung(status: str | None) -> int:
    if status is None:
        return -1
    return LADDER.index(status) if status in LADDER else len(LADDER)
