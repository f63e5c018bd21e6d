"""What a message says, before it is written in any notation: one structure, rendered three ways. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from monitor.kinds import KINDS
from monitor.kinds.wording import Row, Speech, Words, credited, outlet
from monitor.message.text import clean, cut, link
from monitor.model import Alert, ChangeType, Claim, Mark, News

#: characters of a subject: what a phone's list of mails and a chat's title still show
SUBJECT_LIMIT = 180
#: characters of a quoted sentence, a title, another voice
QUOTE_LIMIT, TITLE_LIMIT, CELL_LIMIT = 600, 160, 120
#: other voices that are listed; the rest are counted
VOICES_LISTED = 8
#: figures from which a series is drawn
SERIES_FROM = 3
_SERIES_ROWS, _BAR, _BAR_PIXELS = 12, 24, 6

_FIGURE = re.compile(r"((?:[$€£¥]\s?)?\d[\d.,]*(?<=\d)(?:\s(?:thousand|million|billion|trillion)\b)?)")

_CHANGES = {
    ChangeType.NEW: "First report",
    ChangeType.UPDATED: "Update",
    ChangeType.REVISED: "Figure taken back",
    ChangeType.CONFIRMED: "Confirmed by another outlet",
    ChangeType.DISPUTED: "Disputed",
    ChangeType.REPEATED: "Reported again",
    ChangeType.WITHDRAWN: "Withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One voice: who says what, where a reader finds it."""

    #: what it says, in short
    says: str
    #: whom the text credits; "" when the outlet speaks for itself
    credit: str
    outlet: str
    day: str
    title: str
    #: address that is safe to print in any notation
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure of a series."""

    day: str
    figure: str
    #: length of its bar: drawn in characters, 1 to 24, and in pixels
    bar: str
    pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message's parts, clean and cut to size, in the order in which a reader asks."""

    subject: str
    #: said before the news; "" for nothing
    preface: str
    #: "Update", "Disputed", ...
    change: str
    #: the named reason of the change; "" where it only says the same again
    reason: str
    #: what changed; empty for a first report
    moved: tuple[Row, ...]
    #: the facts as they are now: label -> words
    facts: tuple[tuple[str, str], ...]
    #: the sentence, as (words, marked) pairs: the figures in it are marked
    quote: tuple[tuple[str, bool], ...]
    report: Report
    voices: tuple[Report, ...]
    #: voices that are not listed
    more_voices: int
    series: tuple[Point, ...]
    #: the same in plain text, a line a figure
    chart: tuple[str, ...]
    #: the same as numbers, for who draws it
    marks: tuple[Mark, ...]
    rules: tuple[str, ...]
    severity: str
    #: when the change was decided, in the reader's time zone
    at: str
    event: str
    key: str
    #: address at which a reader says that somebody has seen to it; None where nobody has to
    ack: str | None


def draft(alert: Alert, *, time_zone: dt.tzinfo, speech: Speech, ack: str = "") -> Letter:
    """All that is said of an alert."""
    news = alert.news
    words = KINDS[news.facts.kind].words
    others = _others(news, words, speech)
    marks = _series(news, words, speech)
    series = _points(marks, speech)
    return Letter(
        subject=_subject(alert, words, speech),
        preface=cut(clean(alert.preface), TITLE_LIMIT),
        change=_CHANGES[news.type],
        reason=_reason(news),
        moved=tuple(_row(row) for row in words.moved(news, speech)),
        facts=_facts(news.facts, words, speech),
        quote=_quote(news.sentence, clean(news.claim.event.evidence.text)),
        report=_report(news.claim, words, speech),
        voices=others[:VOICES_LISTED],
        more_voices=max(0, len(others) - VOICES_LISTED),
        series=series,
        chart=_chart(series),
        marks=marks,
        rules=tuple(clean(rule) for rule in alert.rules),
        severity=alert.severity.value,
        at=_instant(news.at, time_zone, speech),
        event=f"event:{news.event_id}",
        key=clean(alert.key),
        ack=link(ack),
    )


def _subject(alert: Alert, words: Words, speech: Speech) -> str:
    headline = clean(words.headline(alert.news, speech))
    label = clean(alert.preface).partition(": ")[0]
    return cut(f"{label}: {headline}" if label else headline, SUBJECT_LIMIT)


def _reason(news: News) -> str:
    reason = clean(news.reason)
    return "" if reason.casefold() == _CHANGES[news.type].casefold() else reason


def _row(row: Row) -> Row:
    return Row(label=row.label, before=_cell(row.before), after=_cell(row.after))


def _cell(text: str) -> str:
    return cut(clean(text), CELL_LIMIT)


def _facts(facts: Any, words: Words, speech: Speech) -> tuple[tuple[str, str], ...]:
    rows = ((part.label, _cell(part.phrase(facts, speech))) for part in words.PARTS)
    return tuple((label, text) for label, text in rows if text)


def _quote(sentence: str, evidence: str) -> tuple[tuple[str, bool], ...]:
    """The sentence in pieces, with the words marked that it was read from: what the eye looks for first.

    Where those words are most of the sentence, its figures are marked instead; where the sentence is too long to be
    quoted, they stand alone.
    """
    before, found, after = sentence.partition(evidence)
    if found and len(sentence) <= QUOTE_LIMIT and 2 * len(evidence) <= len(sentence):
        pieces = [before, found, after]
    else:
        pieces = _FIGURE.split(cut(sentence if found and len(sentence) <= QUOTE_LIMIT else evidence, QUOTE_LIMIT))
    return tuple((piece, at % 2 == 1) for at, piece in enumerate(pieces) if piece)


def _report(claim: Claim, words: Words, speech: Speech) -> Report:
    attribution = getattr(claim.event.facts, "attribution", None) or ""
    return Report(
        says=_cell(words.said(claim.event.facts, speech)),
        credit=_cell(credited(attribution)),
        outlet=_cell(outlet(claim)),
        day=speech.day(claim.published) if claim.published else "",
        title=cut(clean(claim.title), TITLE_LIMIT),
        link=link(claim.url),
    )


def _others(news: News, words: Words, speech: Speech) -> tuple[Report, ...]:
    """What the others say, newest first, each outlet's latest word for each attribution once."""
    reports: dict[tuple[str, str], Report] = {}
    for voice in reversed(news.voices):
        report = _report(voice, words, speech)
        reports.setdefault((report.outlet, report.credit), report)
    return tuple(reports.values())


def _series(news: News, words: Words, speech: Speech) -> tuple[Mark, ...]:
    """The figures over time, without those that only say the one before them again; () below three figures."""
    claims = sorted((*news.voices, news.claim), key=lambda claim: (claim.published or dt.date.min, claim.seen))
    sized = [(claim, size) for claim in claims if claim.published and (size := words.size(claim.event.facts))]
    steps = [pair for at, pair in enumerate(sized) if at == 0 or pair[1] != sized[at - 1][1]][-_SERIES_ROWS:]
    if len(steps) < SERIES_FROM:
        return ()
    return tuple(
        (claim.published.isoformat(), _cell(words.how_much(claim.event.facts, speech)), float(size))
        for claim, size in steps
        if claim.published
    )


def _points(marks: tuple[Mark, ...], speech: Speech) -> tuple[Point, ...]:
    largest = max((size for _, _, size in marks), default=1.0)
    lengths = [int(max(1, size * _BAR // largest)) for _, _, size in marks]
    return tuple(
        Point(day=speech.day(dt.date.fromisoformat(day)), figure=figure, bar="#" * n, pixels=n * _BAR_PIXELS)
        for (day, figure, _), n in zip(marks, lengths, strict=True)
    )


def _chart(series: tuple[Point, ...]) -> tuple[str, ...]:
    """The figures in columns, each with its bar."""
    days = max((len(point.day) for point in series), default=0)
    figures = max((len(point.figure) for point in series), default=0)
    return tuple(f"{point.day:>{days}}  {point.figure:>{figures}}  {point.bar}" for point in series)


def _instant(at: dt.datetime, time_zone: dt.tzinfo, speech: Speech) -> str:
    local = at.astimezone(time_zone)
    return f"{speech.day(local.date())}, {local:%H:%M} {clean(local.tzname() or '')}".rstrip()
