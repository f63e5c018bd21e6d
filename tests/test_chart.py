"""The picture of a series in mail: there when it can be drawn, and no mail waits for it."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest
from PIL import Image

from monitor.delivery import Sender, chart, mail
from monitor.message import compose
from monitor.model import Mark, Message, OutcomeType
from tests.test_delivery import mail_server, mailto, send
from tests.test_message import SITUATIONS, alert

MARKS: tuple[Mark, ...] = (
    ("2031-05-02", "12", 12.0),
    ("2031-05-03", "$31 million_{x}^2 $", 31.0),
    ("2031-05-03", 'at least <57> & "more", a label that goes on and on', 57.0),
)
MESSAGE = Message(
    subject="s", plain="p", html=f"<p>before</p>{mail.PLACE}<p>after</p>", markdown="m", key="k-1", marks=MARKS
)


def written(message: Message) -> EmailMessage:
    return mail.written(message, ("", "monitor@desk.example"), ("", "editor@paper.example"), {})


def page(mime: EmailMessage) -> EmailMessage:
    *_, last = mime.iter_parts()
    assert isinstance(last, EmailMessage)
    return last


def test_a_series_is_drawn_as_large_as_it_is_shown_twice_over():
    picture = chart.draw(MARKS)
    assert picture is not None
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.width) == ("PNG", 2 * chart.WIDTH)


def test_figures_of_one_day_and_of_one_size_can_be_drawn():
    assert chart.draw([("2031-05-02", "1", 1.0)] * 3)


def test_the_picture_travels_with_the_page_that_shows_it():
    html, image = page(written(MESSAGE)).iter_parts()
    assert image.get_content_type() == "image/png"
    assert image.get_content_disposition() == "inline"
    name = image["Content-ID"].strip("<>")
    assert f'src="cid:{name}"' in html.get_content()
    assert 'alt="12, $31 million_{x}^2 $, at least &lt;57&gt; &amp; &quot;more&quot;' in html.get_content()


def test_a_mail_with_a_series_arrives_with_its_picture():
    with Sender() as sender, mail_server() as (box, port):
        assert send(sender, mailto(port), MESSAGE).type is OutcomeType.SENT
    kinds = [part.get_content_type() for part in box.mails[0].walk()]
    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]


def test_a_mail_without_a_series_is_two_parts():
    mime = written(Message(subject="s", plain="p", html="<p>h</p>", markdown="m", key="k"))
    assert [part.get_content_type() for part in mime.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_without_the_package_that_draws_a_mail_shows_bars_alone(monkeypatch):
    monkeypatch.setattr(chart, "available", lambda: False)
    html = page(written(MESSAGE))
    assert html.get_content_type() == "text/html"
    assert html.get_content().strip() == "<p>before</p><p>after</p>"


def test_a_picture_that_cannot_be_drawn_holds_no_mail_up(monkeypatch):
    def fails(_marks: object) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(chart, "draw", fails)
    assert page(written(MESSAGE)).get_content_type() == "text/html"


@pytest.mark.parametrize("name", ["casualty_update.updated", "casualty_update.new"])
def test_the_page_has_a_place_for_the_picture_where_there_is_a_series_and_only_there(name):
    message = compose(alert(SITUATIONS[name]))
    assert (mail.PLACE in message.html) == bool(message.marks) == (name == "casualty_update.updated")
