"""Templates of a reader's own: what they may say, where they are at work, and that none of them holds an alert up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from monitor import config
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.message import UnspeakableError, Wording, compose, compose_all, writing
from monitor.message.checking import TEMPLATES, TemplateProblem, check
from monitor.model import Alert, ChangeType, Claim, Event, Evidence, News
from monitor.pipeline.wording import worded

SEEN = dt.datetime(2031, 5, 4, 9, 30, tzinfo=dt.UTC)


def alert(*, rules: tuple[str, ...] = ("tolls",), number: int = 7, count: int = 12_345) -> Alert:
    facts = CasualtyUpdate(harm="killed", count=count, place=f"Port {number}", scope="incident")
    words = "The director counted 12,345 dead."
    event = Event(facts=facts, evidence=Evidence(field="text", start=0, end=len(words), text=words))
    claim = Claim(event=event, source="s", outlet="Courier", published=SEEN.date(), seen=SEEN)
    news = News(type=ChangeType.NEW, reason="", event_id=number, claim=claim, facts=facts, fields={}, at=SEEN)
    return Alert(id=number, key=f"key-{number}", channel="desk", rules=rules, news=news)


def own(**files: str) -> Wording:
    return Wording(name="short", files=tuple((name.replace("_", "."), text) for name, text in files.items()))


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_our_own_templates_keep_to_what_those_of_readers_may_do(template):
    check(template, writing.source(template))


def test_every_template_that_we_ship_may_be_replaced_or_is_part_of_one_that_may():
    shipped = {path.name for path in (Path(writing.__file__).parent / "templates").iterdir()}
    assert shipped == {*TEMPLATES, "head.html"}


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'ha' * 1000000000 }}",
        "{% for a in range(1000000000) %}{% endfor %}",
        "{% for a in letter.series %}{% for b in letter.series %}{% endfor %}{% endfor %}",
        "{% for a in letter.voices %}{% for b in letter.facts %}{% endfor %}{% endfor %}",
        "{% set x = letter.subject ~ letter.subject %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% for a in letter.voices recursive %}{{ loop(letter.voices) }}{% endfor %}",
        "{% include 'plain.txt' %}",
        "{% extends 'plain.txt' %}",
        "{% import 'plain.txt' as p %}",
        "{{ letter.subject | center(1000000000) }}",
        "{{ letter.rules | join('x') | join('xxxxxxxxxx') }}",
        "{{ (letter.rules | join('x') if letter.key else '') | join('xxxxxxxxxx') }}",
        "{{ (letter.key ~ letter.key) | join('xxxxxxxxxx') }}",
        "{{ letter.subject.join(letter.rules) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ letter.__class__.__mro__ }}",
        "{{ letter['key'] }}",
        "{{ letter.quote | address }}",
        "{{ letter.subject | safe }}",
        "{{ self }}",
        "x" * 20_001,
        "{{ 'y' ~ '" + "y" * 201 + "' }}",
        "{{ letter.subject",
    ],
)
def test_a_template_that_could_grow_without_bound_or_reach_beyond_the_letter_is_refused(text):
    with pytest.raises(TemplateProblem):
        check("plain.txt", text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ letter.subject | upper }}: {{ letter.rules | join(', ') }}",
        "{% for label, words in letter.facts %}{{ loop.index }}. {{ label }}: {{ words }}\n{% endfor %}",
        "{% for voice in letter.voices if voice.link %}{{ voice.link }} {% else %}nobody{% endfor %}",
        "{% if letter.severity == 'severe' and not letter.ack %}!{% elif letter.moved %}~{% endif %}",
        "{{ letter.report.title | default('no title') | truncate(20) }} {{ letter.voices[0].says if letter.voices }}",
        "{# a comment #}{{ letter.report.link or 'no link' }}",
    ],
)
def test_a_template_that_walks_the_letter_is_taken_and_writes(text):
    check("plain.txt", text)
    assert compose(alert(), wording=own(plain_txt=text)).html == compose(alert()).html


def test_a_template_stands_in_for_ours_of_its_name_and_the_rest_is_as_shipped():
    message = compose(alert(), wording=own(plain_txt="{{ letter.subject }} ({{ letter.report.outlet }})"))
    assert message.plain == "Port 7: 12,345 killed (Courier)\n"
    assert message.markdown == compose(alert()).markdown


def test_a_subject_of_a_readers_own_heads_every_notation_and_stays_one_line():
    message = compose(alert(), wording=own(subject_txt="[{{ letter.severity }}]\n{{ letter.subject }}"))
    assert message.subject == "[info] Port 7: 12,345 killed"
    assert message.plain.startswith(message.subject)
    assert message.subject in message.html


def test_what_a_template_prints_is_escaped_for_its_notation():
    hostile = alert()
    message = compose(hostile, wording=own(message_html="<b>{{ letter.preface }}</b>{{ '<i>' }}"))
    assert message.html == "<b></b>&lt;i&gt;\n"


def test_several_alerts_are_written_with_the_templates_for_several():
    wording = own(together_txt="{{ letter.count }}:{% for one in letter.letters %} {{ one.subject }};{% endfor %}")
    message = compose_all([alert(number=1), alert(number=2)], "why", key="k", wording=wording)
    assert message.plain == "2: Port 1: 12,345 killed; Port 2: 12,345 killed;\n"


def test_a_template_that_cannot_write_a_message_says_so():
    with pytest.raises(UnspeakableError, match=r"templates/short/plain\.txt: "):
        compose(alert(), wording=own(plain_txt="{{ letter.voices[0].says }}"))


def test_the_most_that_a_template_may_do_to_a_thousand_alerts_comes_to_an_end():
    inner = "{% for a, b in one.facts %}{{ a }}{{ b }}{% endfor %}"
    text = f"{{% for one in letter.letters + letter.lines %}}{inner}{{% endfor %}}"
    check("together.txt", text)
    many = [alert(number=number) for number in range(1000)]
    assert compose_all(many, "", key="k", wording=own(together_txt=text)).plain.count("12,345 killed") == 1000


# --- at work ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "monitor.yaml").write_text("locale: de\ntime_zone: Europe/Oslo\n")
    (tmp_path / "sources.yaml").write_text("{}\n")
    (tmp_path / "channels.yaml").write_text(
        "desk: {url: 'console://', template: short}\nroom: {url: 'console://', locale: en-GB, time_zone: Asia/Tokyo}\n"
    )
    (tmp_path / "rules" / "tolls.yaml").write_text("kind: casualty_update\nchannels: [desk]\n")
    (tmp_path / "rules" / "grave.yaml").write_text("kind: casualty_update\nchannels: [desk]\ntemplate: grave\n")
    for name, text in (("short", "short {{ letter.subject }}"), ("grave", "grave {{ letter.voices[0].says }}")):
        (tmp_path / "templates" / name).mkdir(parents=True)
        (tmp_path / "templates" / name / "plain.txt").write_text(text)
    return tmp_path


def plain(folder: Path, channel: str, *alerts: Alert) -> tuple[str, str]:
    loaded = config.load(folder, {})
    said = worded(alerts, "", "k", loaded.channels[channel], loaded)
    return said.message.plain, said.complaint


def test_a_channel_is_told_in_its_own_words_locale_and_time_zone(folder):
    assert plain(folder, "desk", alert()) == ("short Port 7: 12.345 killed\n", "")
    text, _ = plain(folder, "room", alert())
    assert "12,345 killed" in text
    assert "18:30 JST" in text


def test_a_rules_words_outrank_the_channels_where_all_rules_agree(folder):
    files = folder / "templates" / "grave" / "plain.txt"
    files.write_text("grave {{ letter.subject }}")
    assert plain(folder, "desk", alert(rules=("grave",)))[0].startswith("grave ")
    assert plain(folder, "desk", alert(rules=("grave", "tolls")))[0].startswith("short ")


def test_a_template_that_fails_on_the_night_gives_way_to_ours_and_says_why(folder):
    text, complaint = plain(folder, "desk", alert(rules=("grave",)))
    assert text.startswith("Port 7: 12.345 killed\n")
    assert complaint.startswith("in our own words, because of templates/grave/plain.txt: ")


def test_files_of_templates_are_watched_like_the_rest_of_the_configuration(folder):
    assert folder / "templates" / "short" / "plain.txt" in config.load(folder, {}).files
