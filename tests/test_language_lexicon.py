"""Lexicons: how they are written, and that each is complete."""

from __future__ import annotations

import marshal
import tracemalloc
from pathlib import Path

import pytest
import yaml

from monitor import language
from monitor.language.lexicon import COMMON, COMMON_ROLES, Lexicon, Section, available, load
from monitor.language.lexicon_files import Store
from monitor.language.phrases import Entry
from monitor.language.text import tokens


def find(section: Section, text: str) -> list[tuple[str, dict[str, str]]]:
    raw = tokens(text)
    hits = section.find([w.lower() for w in raw], raw)
    return [(" ".join(raw[h.i : h.j]), {role: e.value for role, e in h.roles.items()}) for h in hits]


@pytest.mark.parametrize("language", list(available()))
def test_a_language_fills_every_role(language: str) -> None:
    missing = COMMON_ROLES - load(language).sections[COMMON].roles()
    assert not missing, f"lexicons/{language}/common.yaml lacks {sorted(missing)}"


@pytest.mark.parametrize("language", list(available()))
def test_a_language_has_the_sections_and_roles_of_the_others(language: str) -> None:
    wanted, have = load("en").sections, load(language).sections
    assert set(have) >= set(wanted)
    for name, section in wanted.items():
        assert have[name].roles() >= section.roles(), name


def test_the_longest_phrase_wins() -> None:
    section = Section({"a": ["peace talks"], "b": ["talks", "peace"]})
    assert find(section, "peace talks, talks") == [("peace talks", {"a": "peace talks"}), ("talks", {"b": "talks"})]


def test_a_phrase_may_have_several_roles() -> None:
    assert find(Section({"a": ["hit"], "b": {"x": ["hit"]}}), "hit") == [("hit", {"a": "hit", "b": "x"})]


def test_a_paradigm_tells_its_forms() -> None:
    section = Section({"verbs": {"kill": [["kill", "kills", "killed", "killed", "killing"]]}})
    (hit,) = section.find(["killed"], ["killed"])
    assert hit.roles["verbs"].forms == {"past", "participle"}
    assert hit.roles["verbs"].value == "kill"


@pytest.mark.parametrize(("text", "found"), [("US", True), ("us", False), ("Us", False)])
def test_a_phrase_in_capitals_matches_capitals_alone(text: str, found: bool) -> None:
    assert bool(find(Section({"a": ["US"]}), text)) is found


@pytest.mark.parametrize(("text", "found"), [("March", True), ("march", False), ("MARCH", True)])
def test_a_capital_matches_capitals(text: str, found: bool) -> None:
    assert bool(find(Section({"a": ["March"]}), text)) is found


def test_capitals_take_the_roles_of_the_plain_word_with_them() -> None:
    section = Section({"number": {"2": ["two"]}, "name": ["Two"]})
    assert find(section, "Two") == [("Two", {"number": "2", "name": "Two"})]


def test_hyphens_and_apostrophes_match_as_tokens() -> None:
    assert find(Section({"a": ["al-Qaida"]}), "an al-Qaida cell") == [("al - Qaida", {"a": "al-Qaida"})]


def test_a_gate_holds_one_rare_word_of_each_phrase() -> None:
    section = Section({"a": ["the dead", "number of people killed"]})
    assert section.gate("a", common=frozenset({"people"})) == {"dead", "number"} or section.gate("a") >= {"dead"}


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="empty phrase under a"):
        Section({"a": [""]})


def test_yaml_keeps_norway_a_word() -> None:
    assert "no" in load("en").common.words("zero")
    assert load("en").common.phrases("countries").get("NOR") is not None


def test_a_language_without_words_for_a_kind_has_an_empty_section() -> None:
    assert Lexicon("xx", {COMMON: Section()}).section("aid_pledge").roles() == frozenset()


def test_phrases_that_no_text_has_asked_for_take_little_room() -> None:
    load.__wrapped__("en")  # what was made of its files is kept
    tracemalloc.start()
    try:
        words = load.__wrapped__("en")
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert words.common.phrases("countries")
    assert taken < 5_000_000


def test_what_phrases_share_is_kept_once() -> None:
    section = Section({"verbs": {"say": [["say", "says", "said"], ["tell", "tells", "told"]]}})
    hits = [section.find([word], [word])[0].roles for word in ("said", "told")]
    said, told = (entry for roles in hits for entry in roles.values())
    assert said == Entry("verbs", "say", frozenset({"past"}))
    assert said.role is told.role
    assert said.forms is told.forms


def test_a_section_that_was_kept_finds_and_knows_what_it_did() -> None:
    data = {
        "verbs": {"kill": [["kill", "kills", "killed", "killed", "killing"]]},
        "a": ["US", "us forces", "peace talks"],
    }
    made = Section(data)
    kept = Section.restore(*marshal.loads(marshal.dumps(made.kept())))
    for text in ("US forces killed", "peace talks with us", "they kill"):
        raw = tokens(text)
        words = [w.lower() for w in raw]
        assert kept.find(words, raw) == made.find(words, raw) != []
    assert (kept.knows("killed"), kept.knows("us"), kept.knows("peace")) == (True, False, False)
    assert kept.phrases("a") == made.phrases("a")
    assert kept.roles() == made.roles()


def test_what_is_kept_is_read_only_for_the_same_files_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    store = Store(folder, [b"a: [b]"])
    assert store.read() is None
    store.write({"a": ["b"]})
    assert store.read() == {"a": ["b"]}
    assert Store(folder, [b"a: [c]"]).read() is None
    assert Store(folder, [b"a: ", b"[b]"]).read() is None
    (file,) = (tmp_path / "__pycache__").iterdir()
    whole = file.read_bytes()
    for broken in (whole[:-1], whole[:10], b"", whole[:-1] + b"x"):
        file.write_bytes(broken)
        assert store.read() is None
    store.write({"a": ["b"]})
    assert store.read() == {"a": ["b"]}


def test_where_nothing_can_be_kept_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    store = Store(tmp_path / "xx", [b"a: [b]"])
    store.write({"a": ["b"]})
    assert store.read() is None
    assert Store(None, []).read() is None


def test_no_role_of_a_lexicon_is_written_twice() -> None:
    """YAML keeps the last of two and is silent about it: the words of the first would be lost."""

    def twice(node: yaml.Node | None, path: str) -> list[str]:
        if not isinstance(node, yaml.MappingNode):
            return []
        names = [str(key.value) for key, _ in node.value]
        found = [f"{path}/{name}" for name in set(names) if names.count(name) > 1]
        return found + [more for key, value in node.value for more in twice(value, f"{path}/{key.value}")]

    files = sorted((Path(language.__file__).parent / "lexicons").rglob("*.yaml"))
    assert files
    assert not [name for file in files for name in twice(yaml.compose(file.read_text("utf-8")), file.name)]
