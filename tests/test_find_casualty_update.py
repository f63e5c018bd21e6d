"""What cases cannot show of casualty_update's extraction: what is refused before people are read is no mention."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.kinds.casualty_update.find import find
from monitor.kinds.casualty_update.find_chance import Chance
from monitor.kinds.casualty_update.find_tables import HARMS, KIND, Tables
from monitor.language.document import Document
from monitor.language.lexicon import load
from monitor.model import Event, Item

ENGLISH = load("en")
#: words that the rules look at, in any order, beside the phrases of harm and of people
SALAD = """
the a was were in of and , : - 12 three many by with from to that who had has left both another them about over their
Russian Taliban Kyiv Petrov tanks hospital injuries home dead captive
"""


def _phrases(roles: list[str]) -> list[str]:
    section = ENGLISH.section(KIND)
    return sorted({p for role in roles for same in section.phrases(role).values() for p in same if p})


SENTENCES = st.lists(
    st.one_of(
        st.sampled_from(SALAD.split()),
        st.sampled_from(_phrases(sorted(HARMS))),
        st.sampled_from(_phrases(["people_one", "people_many", "told_before"])),
    ),
    min_size=2,
    max_size=12,
).map(lambda words: " ".join(words).capitalize() + ".")


def found(text: str) -> list[Event]:
    return list(find(Document(Item(id="x", title="", text=text, published=dt.date(2024, 5, 14)), ENGLISH)))


@settings(deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join))
def test_nothing_is_refused_before_people_are_read_that_would_be_a_casualty(text: str) -> None:
    told = found(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(Tables.of(ENGLISH).gate), "opens", lambda self, sentence: True)
        patch.setattr(Chance, "of_any", lambda self, cues: True)
        assert found(text) == told


def test_people_are_not_looked_for_where_a_word_of_harm_can_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.kinds.casualty_update.find_harms.Groups", None)  # so that to make them would raise
    assert found("The club has lost 13 matches in a row. Shares fell 10 percent. The water had fallen.") == []
    assert found("The home side took the lead in the 54th minute, without Haddad and her bad knee injury.") == []
    with pytest.raises(TypeError):
        found("The army lost 13 soldiers.")
