"""Wording of whole messages. The golden files in tests/messages show every change of every kind.

After a change of wording, ``UPDATE_GOLDEN=1 python -m pytest tests/test_message.py`` writes them anew: read the
difference before it is committed.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.kinds.aid_pledge.facts import AidPledge
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.talk_round.facts import TalkRound
from monitor.message import compose, compose_all, notice, sentence, thread
from monitor.message.text import clean, cut, link, markdown
from monitor.model import Alert, ChangeType, Claim, Event, Evidence, Facts, Item, Message, News, Severity
from monitor.pipeline import health as sources
from monitor.pipeline.health import Complaint

GOLDEN = Path(__file__).parent / "messages"
SEEN = dt.datetime(2031, 5, 4, 9, 30, tzinfo=dt.UTC)


def claim(facts: Facts, sentence: str, outlet: str, day: int, **more: object) -> Claim:
    evidence = Evidence(field="text", start=0, end=len(sentence), text=sentence)
    slug = outlet.lower().replace(" ", "-")
    told = {"title": f"{outlet} on the day", "url": f"https://{slug}.example/news/{day}"} | more
    return Claim(
        event=Event(facts=facts, evidence=evidence),
        source=slug,
        outlet=outlet,
        published=dt.date(2031, 5, day),
        seen=SEEN + dt.timedelta(days=day - 4),
        **told,  # type: ignore[arg-type]  # a test's own overrides
    )


def toll(count: int, credit: str, **more: object) -> CasualtyUpdate:
    slots = {"harm": "killed", "count": count, "qualifier": "exact", "place": "Port Elver", "scope": "incident"}
    return CasualtyUpdate(**slots | {"attribution": credit} | more)  # type: ignore[arg-type]  # slots by name


def pledge(status: str, amount: int | None = 340_000_000, **more: object) -> AidPledge:
    slots = {"donors": ("NOR", "SWE"), "recipient": "SDN", "amount": amount, "currency": "EUR", "qualifier": "exact"}
    return AidPledge(**slots | {"aid_types": ("humanitarian",), "status": status} | more)  # type: ignore[arg-type]  # slots by name


def talks(status: str, **more: object) -> TalkRound:
    slots = {"parties": ("ARM", "AZE"), "mediators": ("CHE",), "round": 2, "mode": "in_person", "status": status}
    return TalkRound(**slots | {"place": "Geneva", "date": dt.date(2031, 5, 6)} | more)  # type: ignore[arg-type]  # slots by name


def news(
    type: str, after: Claim, voices: tuple[Claim, ...] = (), *, reason: str, **fields: tuple[object, object]
) -> News:
    return News(
        type=ChangeType(type),
        reason=reason,
        event_id=7,
        claim=after,
        facts=after.event.facts,
        fields=fields,
        voices=voices,
        at=SEEN,
    )


FIRST = claim(
    toll(12, "the port's director"), "The port's director counted 12 dead after the blast.", "Elver Courier", 2
)
SECOND = claim(toll(31, "rescue workers"), "Rescue workers said 31 people were killed.", "Coast Radio", 3)
THIRD = claim(
    toll(57, "the mayor", qualifier="at_least"), "The mayor put the toll at 57 or more on Sunday.", "Elver Courier", 4
)
WEIGHED = claim(pledge("considered", 300_000_000), "Oslo and Stockholm weigh 300 million euros.", "Fjord Post", 2)
GIVEN = claim(pledge("pledged"), "Norway and Sweden promised €340 million for Sudan's hungry.", "Nordic Wire", 4)
PLANNED = claim(talks("planned"), "The two sides will meet in Geneva on Tuesday.", "Lake Gazette", 3)
MET = claim(talks("held", outcome="no agreement on the border"), "The second round ended late.", "Caucasus Daily", 4)

SITUATIONS = {
    "casualty_update.new": news("new", FIRST, reason="first report"),
    "casualty_update.updated": news(
        "updated", THIRD, (FIRST, SECOND), reason="toll rises", count=(31, 57), qualifier=("exact", "at_least")
    ),
    "casualty_update.revised": news("revised", SECOND, (THIRD,), reason="source takes its figure back", count=(57, 31)),
    "casualty_update.confirmed": news("confirmed", SECOND, (FIRST,), reason="another outlet says the same"),
    "casualty_update.disputed": news(
        "disputed",
        claim(
            toll(4, "Ruvania", side="Ruvania", victims="military"),
            "Ruvania admits the loss of 4 men.",
            "State Agency",
            4,
        ),
        (claim(toll(60, "Elverland", side="Ruvania", victims="military"), "Elverland claims 60.", "Elver Courier", 3),),
        reason="opposed source",
    ),
    "casualty_update.repeated": news("repeated", FIRST, (SECOND,), reason="wire copy"),
    "casualty_update.withdrawn": news("withdrawn", FIRST, reason="the item no longer says it"),
    "aid_pledge.new": news("new", WEIGHED, reason="first report"),
    "aid_pledge.updated": news(
        "updated",
        GIVEN,
        (WEIGHED,),
        reason="status moves up",
        status=("considered", "pledged"),
        amount=(300_000_000, 340_000_000),
    ),
    "aid_pledge.revised": news("revised", GIVEN, (WEIGHED,), reason="sum corrected", amount=(430_000_000, 340_000_000)),
    "aid_pledge.confirmed": news("confirmed", GIVEN, (WEIGHED,), reason="another outlet says the same"),
    "aid_pledge.disputed": news(
        "disputed",
        claim(pledge("withheld", attribution="the opposition"), "None of it will come, they say.", "Fjord Post", 4),
        (claim(pledge("pledged", attribution="Oslo"), "Oslo stands by its word.", "Nordic Wire", 3),),
        reason="opposed source",
    ),
    "aid_pledge.repeated": news("repeated", GIVEN, (WEIGHED,), reason="nothing new"),
    "aid_pledge.withdrawn": news("withdrawn", GIVEN, reason="the item no longer says it"),
    "talk_round.new": news("new", PLANNED, reason="first report"),
    "talk_round.updated": news("updated", MET, (PLANNED,), reason="status moves up", status=("planned", "held")),
    "talk_round.revised": news(
        "revised", PLANNED, (MET,), reason="another day", date=(dt.date(2031, 5, 5), dt.date(2031, 5, 6))
    ),
    "talk_round.confirmed": news("confirmed", MET, (PLANNED,), reason="another outlet says the same"),
    "talk_round.disputed": news(
        "disputed",
        claim(talks("cancelled", attribution="Baku"), "Baku says nobody is going.", "Caspian News", 4),
        (claim(talks("planned", attribution="Yerevan"), "Yerevan expects to meet.", "Lake Gazette", 3),),
        reason="opposed source",
    ),
    "talk_round.repeated": news("repeated", MET, (PLANNED,), reason="nothing new"),
    "talk_round.withdrawn": news("withdrawn", PLANNED, reason="the item no longer says it"),
}


def alert(of: News, **more: object) -> Alert:
    said = {"key": "0123abcd", "channel": "desk", "rules": ("large-tolls", "port-elver"), "severity": Severity.WARNING}
    return Alert(**said | more, news=of)  # type: ignore[arg-type]  # a test's own overrides


def shown(message: Message) -> str:
    parts = {"subject": message.subject, "plain": message.plain, "markdown": message.markdown, "html": message.html}
    return "".join(f"=== {name}\n{text.rstrip()}\n" for name, text in parts.items())


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_each_change_of_each_kind_reads_as_its_golden_file(name):
    text = shown(compose(alert(SITUATIONS[name]), time_zone=ZoneInfo("Europe/Oslo")))
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def together(*names: str, why: str = "3 at once", **more: Any) -> Message:
    told = [alert(SITUATIONS[name], key=name) for name in names]
    return compose_all(told, why, key="89abcdef", time_zone=ZoneInfo("Europe/Oslo"), **more)


def acknowledged_at(told: Alert) -> str:
    return f"https://monitor.example.org/ack/12.{told.key}"


SEVERAL = {
    "together.three": lambda: together("casualty_update.updated", "aid_pledge.updated", "talk_round.new"),
    "together.many": lambda: together(*sorted(SITUATIONS) * 2, why="a digest"),
    "preface.undelivered": lambda: compose(
        alert(SITUATIONS["aid_pledge.new"], preface="Undelivered: given up on channel desk, SMTP 550: no such mailbox")
    ),
    "preface.reminder": lambda: compose(
        alert(SITUATIONS["talk_round.new"], preface="Reminder 2: nobody has acknowledged this; `monitor ack 12` does")
    ),
    "link.alone": lambda: compose(alert(SITUATIONS["aid_pledge.new"]), ack=acknowledged_at),
    "link.together": lambda: together("aid_pledge.new", "talk_round.new", why="2 at once", ack=acknowledged_at),
    "notice.test": lambda: notice("test message", "This is a test of the channel desk.\nAlerts *arrive* <here>."),
    "notice.sources": lambda: notice(
        *sources.notice(
            {
                "wire": Complaint(name="broken", text="answers HTTP 500 since 4 May"),
                "gazette": Complaint(name="", text="is read again"),
            }
        )
    ),
}


@pytest.mark.parametrize("name", sorted(SEVERAL))
def test_what_is_told_together_or_again_reads_as_its_golden_file(name):
    message = SEVERAL[name]()
    text = shown(message)
    if message.brief_plain:
        text += f"=== brief plain\n{message.brief_plain}=== brief markdown\n{message.brief_markdown}"
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_alerts_of_one_event_are_told_in_its_thread_and_others_in_none():
    assert together("aid_pledge.new", "aid_pledge.updated").thread == thread(SITUATIONS["aid_pledge.new"])
    assert together("aid_pledge.new", "talk_round.new").thread == ""


def test_every_alert_of_a_thousand_is_in_the_message_that_tells_them():
    said = [claim(toll(n, "police", place=f"Port {n}"), "x", "Wire", 4) for n in range(1, 1001)]
    told = [alert(news("new", one, reason="first report"), key=f"key-{n}") for n, one in enumerate(said)]
    message = compose_all(told, "1000 at once", key="k")
    for body in (message.plain, message.html, message.markdown, message.brief_plain, message.brief_markdown):
        assert [n for n in range(1, 1001) if f"Port {n}: {n:,} killed" not in body] == []


def test_a_hostile_text_told_with_others_makes_no_tag_and_no_link_of_its_own():
    facts = toll(3, HOSTILE, place=HOSTILE)
    said = claim(facts, HOSTILE, HOSTILE, 4, title=HOSTILE, url="https://x.example/a b\"'><script>(c)")
    bad = alert(news("disputed", said, (said, FIRST), reason=HOSTILE), rules=(HOSTILE,), preface=HOSTILE)
    message = compose_all([bad] * 30, HOSTILE, key="k")
    tags = Tags()
    tags.feed(message.html)
    assert "script" not in tags.tags
    assert {link.partition(":")[0] for link in tags.links} == {"https"}
    for text in (message.plain, message.html, message.markdown, message.brief_plain, message.brief_markdown):
        assert not any(ord(c) < 32 and c != "\n" for c in text)
        assert "@everyone" not in text
    rendered = MarkdownIt("commonmark", {"html": True}).render(message.markdown)
    assert "<script" not in rendered
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', rendered))


def test_every_change_of_every_kind_has_a_golden_file():
    kinds = ("aid_pledge", "casualty_update", "talk_round")
    assert set(SITUATIONS) == {f"{kind}.{change.value}" for kind in kinds for change in ChangeType}
    assert {file.stem for file in GOLDEN.glob("*.txt")} == {*SITUATIONS, *SEVERAL}


HOSTILE = (
    "<script>alert(1)</script> **bold** [click](javascript:alert(1)) @everyone <!channel> \u202egnp.exe\u202c "
    "{{ 7*7 }} {% raw %} `code` | cell | _it_ # head\r\nBcc: victim@example.org\x1b[31m red \ud800"
)


def hostile() -> Message:
    facts = toll(3, HOSTILE, place=HOSTILE)
    said = claim(facts, HOSTILE, HOSTILE, 4, title=HOSTILE, url="https://x.example/a b\"'><script>(c)")
    return compose(alert(news("disputed", said, (said, FIRST), reason=HOSTILE), rules=(HOSTILE,), key=HOSTILE))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_a_hostile_text_cannot_break_the_subject_into_lines():
    assert not any(ord(c) < 32 for c in hostile().subject)
    assert "Bcc" in hostile().subject or len(hostile().subject) == 180


def test_a_hostile_text_puts_no_control_or_direction_character_anywhere():
    message = hostile()
    for text in (message.subject, message.plain, message.markdown, message.html):
        assert not set(text) & set("\x1b\r\u202e\u202c\ud800\u200b")


def test_a_hostile_text_adds_no_element_or_address_to_the_html():
    tags = Tags()
    tags.feed(hostile().html)
    assert not tags.tags & {"script", "img", "iframe", "form", "style", "object"}
    assert all(address.startswith("https://") for address in tags.links)


def test_a_hostile_text_adds_no_markup_to_the_markdown():
    tags = Tags()
    tags.feed(MarkdownIt("gfm-like", {"linkify": False}).render(hostile().markdown))
    assert tags.tags <= {"p", "strong", "em", "ul", "li", "blockquote", "a"}
    assert all(address.startswith("https://") for address in tags.links)
    assert "\\*\\*bold\\*\\*" in hostile().markdown


def test_a_text_can_call_nobody_in_a_chat_room():
    message = hostile()
    for text in (message.subject, message.plain, message.markdown, message.html):
        assert "@everyone" not in text
        assert "<!channel" not in text


def test_a_template_in_a_text_is_shown_not_run():
    assert "{{ 7*7 }}" in hostile().plain
    assert "49" not in hostile().plain


def test_instants_are_told_in_the_readers_time_zone():
    message = compose(alert(SITUATIONS["casualty_update.new"]), time_zone=ZoneInfo("Asia/Kolkata"))
    assert "4 May 2031, 15:00 IST" in message.plain


def test_messages_about_one_event_share_a_thread_whatever_the_change():
    first = SITUATIONS["casualty_update.new"]
    later = SITUATIONS["casualty_update.updated"]
    assert thread(first) == thread(later)
    assert thread(first) != thread(SITUATIONS["aid_pledge.new"])


def test_a_message_carries_the_key_of_its_alert():
    assert compose(alert(SITUATIONS["talk_round.new"], key="k-1")).key == "k-1"


def test_many_voices_are_counted_beyond_the_eighth():
    voices = tuple(claim(toll(5, "a witness"), "Five dead.", f"Outlet {n}", 3) for n in range(11))
    message = compose(alert(news("confirmed", THIRD, voices, reason="another outlet")))
    assert message.plain.count("Outlet ") - message.plain.count("Outlet 0 on") == 8
    assert "and 3 more" in message.plain


def test_a_series_is_drawn_from_three_figures_on():
    assert "Over time" in compose(alert(SITUATIONS["casualty_update.updated"])).plain
    assert "Over time" not in compose(alert(SITUATIONS["casualty_update.confirmed"])).plain


def test_a_phones_preview_of_a_mail_tells_what_changed_and_not_the_subject_again():
    text = compose(alert(SITUATIONS["casualty_update.updated"])).html.partition("<body")[2]
    shown = re.sub(r"<[^>]*>", " ", text.partition(">")[2])
    assert shown.split()[:6] == ["31", "killed", "&rarr;", "at", "least", "57"]


def test_text_is_cut_at_the_end_of_a_sentence():
    assert cut("One short sentence here. Then another that is far too long to fit.", 40) == "One short sentence here. …"


def test_text_without_a_sentence_end_is_cut_at_a_word():
    assert cut("alpha beta gamma delta", 14) == "alpha beta…"


def test_an_address_in_the_text_is_not_taken_for_a_mention():
    assert clean("write to press@un.example or @reporter") == "write to press@un.example or ＠reporter"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "https://", "//host/x", "http://[::1", None],
)
def test_an_address_that_no_reader_should_follow_is_no_link(url):
    assert link(url) is None


@given(st.text())
def test_cleaned_text_is_one_visible_line(text):
    assert clean(clean(text)) == clean(text)
    assert clean(text).splitlines() in ([], [clean(text)])


@given(st.text(), st.integers(min_value=2, max_value=80))
def test_cut_text_is_never_longer_than_its_limit(text, limit):
    assert len(cut(text, limit)) <= limit


@given(st.text(alphabet="a*_[]<`|~\\"))
def test_every_mark_of_markdown_is_escaped(text):
    assert re.sub(r"\\(.)", "", markdown(text)).strip("a") == ""


TEXT = (
    'Port Elver counted its dead. Mr. Orlo and U.N. staff came. "At least 57 people died," said the mayor, whose town '
    "of 9,000 lost its harbour. Nobody knew why.\nA second paragraph begins. It ends"
)


@pytest.mark.parametrize(
    "words, whole",
    [
        ("57 people died", '"At least 57 people died," said the mayor, whose town of 9,000 lost its harbour.'),
        ("counted its dead", "Port Elver counted its dead."),
        ("staff came", "Mr. Orlo and U.N. staff came."),
        ("why", "Nobody knew why."),
        ("It ends", "It ends"),
    ],
)
def test_the_sentence_around_some_words_is_found(words, whole):
    item = Item(id="i", text=TEXT)
    start = TEXT.index(words)
    said = Evidence(field="text", start=start, end=start + len(words), text=words)
    assert sentence(item, said) == whole


def test_words_that_the_item_no_longer_says_have_no_sentence():
    assert sentence(Item(id="i", text="Short."), Evidence(field="text", start=3, end=9, text="longer")) == ""


def test_the_words_an_event_was_read_from_are_marked_in_their_sentence():
    said = claim(toll(57, "the mayor"), "57 people died", "Elver Courier", 4)
    told = news("new", said, reason="first report")
    whole = '"At least 57 people died," said the mayor, whose town of 9,000 lost its harbour.'
    message = compose(alert(News(**{n: getattr(told, n) for n in News.__slots__} | {"sentence": whole})))
    assert "At least **57 people died**," in message.markdown
    assert whole in message.plain


def test_a_sentence_too_long_to_quote_gives_way_to_the_words_themselves():
    said = claim(toll(57, "the mayor"), "57 people died", "Elver Courier", 4)
    told = news("new", said, reason="first report")
    whole = "word " * 300 + "57 people died"
    message = compose(alert(News(**{n: getattr(told, n) for n in News.__slots__} | {"sentence": whole})))
    assert '"57 people died"' in message.plain
    assert "word word" not in message.plain
