"""Choices by weights: what is asked of them, what was learned, and how."""

from __future__ import annotations

import datetime as dt
import json
import math
from importlib import resources

import pytest

from monitor.kinds.casualty_update import choose_place
from monitor.kinds.casualty_update.choose_place import NAMES, Choice
from monitor.kinds.casualty_update.facts import CasualtyUpdate
from monitor.kinds.casualty_update.find import find, told
from monitor.kinds.weights import chosen, total, weights
from monitor.language.document import Document
from monitor.language.lexicon import Lexicons
from monitor.language.trace import Trace
from monitor.model import Item
from tests import train

PACKAGE = "monitor.kinds.casualty_update"


def _document(title: str, text: str, trace: Trace | None = None) -> Document:
    item = Item(id="one", title=title, text=text, published=dt.date(2024, 5, 15))
    return Document(item, Lexicons.load(["en"])["en"], trace)


def _choices(title: str, text: str) -> dict[str | None, dict[str, float]]:
    """Place -> its features that are not 0, for the first toll of an item."""
    read = told(_document(title, text))
    assert read is not None
    findings, slots = read
    found: list[Choice] = choose_place.choices(findings[0], slots.where)
    return {c.name: {n: v for n, v in c.features.items() if v} for c in found}


def test_the_best_choice_is_the_one_with_the_highest_sum() -> None:
    assert total({"near": 2.0, "in a name": -1.5}, {"near": 0.5, "in a name": 1.0}) == -0.5


def test_the_rules_choice_stands_unless_another_leads_it_clearly() -> None:
    learned = {"near": 1.0, "title": 1.2, "certain": 2.0}
    near, title, certain = {"near": 1.0}, {"title": 1.0}, {"certain": 1.0}
    assert chosen(learned, [title, near], 1) == 1
    assert chosen(learned, [title, near, certain], 1) == 2


def test_a_feature_that_was_never_learned_is_an_error() -> None:
    with pytest.raises(KeyError):
        total({"near": 2.0}, {"far": 1.0})


def test_the_model_of_places_has_the_features_that_the_code_can_give_and_no_others() -> None:
    assert set(weights(PACKAGE, "place")) == NAMES


def test_the_model_says_how_it_was_learned_and_that_it_beats_the_rules() -> None:
    about = json.loads((resources.files(PACKAGE) / "place.json").read_text("utf-8"))["about"]
    judged = about[f"cross-validated in {train.PARTS} parts"]
    assert about["written by"] == "python -m tests.train casualty_update"
    assert judged["right by the rules"] < judged["right by the model"] <= judged["asked"] <= judged["examples"]


def test_the_features_of_a_place_are_what_the_sentences_tell_of_it() -> None:
    found = _choices(
        "Peru mourns", "Peru was struck by a quake. Climbers were flown to Huaraz by helicopter. 1,000 people died."
    )
    assert list(found) == ["Peru", "Huaraz", None]
    assert found["Peru"]["times"] == pytest.approx(math.log(3))  # twice
    assert found["Peru"]["size, country"] == pytest.approx(1.0)  # 1,000 is 3 zeros, a third each
    assert {"a country", "only country", "with an incident", "disaster, elsewhere"} <= set(found["Peru"])
    assert {"only town", "size, town"} <= set(found["Huaraz"])
    assert "with an incident" not in found["Huaraz"]
    assert found[None] == {"none": 1.0, "size, none": pytest.approx(1.0), "disaster, none": 1.0}


def test_places_that_the_words_around_them_refuse_are_no_choice() -> None:
    assert list(_choices("", "Nine peacekeepers are confirmed dead, the world body said in New York.")) == [None]


def test_what_comes_next_is_no_choice_of_a_total() -> None:
    text = "The unrest has killed over 700 people since March. A convoy was hit in Samarra."
    assert list(_choices("", text)) == [None]


def test_where_a_report_was_filed_is_no_choice_if_the_item_names_another_country() -> None:
    found = _choices("Zambia buries its miners", "LONDON - Nine miners are dead, the company said.")
    assert list(found) == ["Zambia", None]


def test_names_that_only_capitals_write_are_written_as_in_a_sentence() -> None:
    found = _choices("", "TUNIS, Tunisia - The siege of the museum is over, police said. Sixty-one civilians died.")
    assert list(found) == ["Tunis", "Tunisia", None]


def test_the_trace_tells_that_a_place_was_chosen_by_weights() -> None:
    trace = Trace()
    document = _document(
        "", "TUNIS, Tunisia - The siege of the museum is over, police said. Sixty civilians died.", trace
    )
    (event,) = find(document)
    (step,) = [s for s in trace.steps if "weights" in str(s)]
    assert isinstance(event.facts, CasualtyUpdate)
    assert event.facts.place == "Tunis"
    assert "Tunis" in str(step)


def _examples() -> list[train.Example]:
    """Choices between a near and a far place, of which the near one is right, and a few where it is not."""
    return [
        train.Example(
            str(k), [{"near": 1.0}, {"far": 1.0, "titled": float(k % 7 == 0)}], [k % 7 > 0, k % 7 == 0], 0, True
        )
        for k in range(70)
    ]


def test_learning_finds_what_tells_the_right_choice_and_gives_the_same_each_time() -> None:
    names = ["far", "near", "titled"]
    first, second = (train.Fit(_examples(), names).weights() for _ in range(2))
    far, near, titled = first
    assert list(first) == list(second)
    assert far < near < far + titled
    assert train.judged(_examples(), names) == {
        "examples": 70, "asked": 70, "right by the rules": 60, "right by the model": 70
    }  # fmt: skip


def test_a_choice_without_a_right_or_wrong_candidate_teaches_nothing() -> None:
    more = [*_examples(), train.Example("none", [{"near": 1.0}, {"far": 1.0}], [False, False], 0, True)]
    assert list(train.Fit(more, ["far", "near"]).weights()) == list(train.Fit(_examples(), ["far", "near"]).weights())


def test_an_items_choices_are_in_one_part_of_the_cross_validation() -> None:
    assert {train.part(str(k)) for k in range(200)} == set(range(train.PARTS))
    assert train.part("st1-01") == train.part("st1-01")
