"""What the documents name is there, and what is there is in the documents."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from itertools import takewhile
from pathlib import Path

import pytest
import typer.main

from monitor import config, proof
from monitor.cli import app
from monitor.config.settings import Settings
from monitor.kinds import KINDS
from monitor.kinds.kind import QUALIFIERS
from monitor.model import ChangeType, Severity
from monitor.rules.conditions import SUBJECTS
from monitor.rules.operators import OPERATORS
from monitor.sources import SOURCES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
#: made by running the service, or by a person
MADE = {".venv", "var", "my-monitor", "deploy/config", "deploy/secrets.env", "deploy/.env"}


def commands() -> set[str]:
    """Every command a person can type, without those that only group others."""
    group = typer.main.get_command(app)
    return set(getattr(group, "commands", {}))


def settings_keys(record: type, before: str = "") -> set[str]:
    """``http.port`` and the like, for every key of monitor.yaml."""
    keys = set()
    for field in dataclasses.fields(record):
        inner = getattr(field.default, "__dataclass_fields__", None)
        keys |= settings_keys(type(field.default), f"{field.name}.") if inner else {before + field.name}
    return keys


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_readme_tells_of_every_command(command: str) -> None:
    assert re.search(rf"\| `monitor {command}\b", README)


def test_the_readme_tells_of_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"\bmonitor ([a-z][a-z-]+)(?= |`|$)", code_of(README), re.MULTILINE)) <= commands()


def code_of(text: str) -> str:
    """What a document sets as code: indented blocks and words in backticks."""
    return "\n".join([*re.findall(r"^ {4}.*$", text, re.MULTILINE), *re.findall(r"`[^`\n]+`", text)])


@pytest.mark.parametrize("key", sorted(settings_keys(Settings)))
def test_the_readme_tells_of_every_key_of_the_settings(key: str) -> None:
    assert f"`{key}`" in README


@pytest.mark.parametrize(
    "word", sorted({*(filter(None, OPERATORS)), *SUBJECTS, *ChangeType, *Severity, *(SOURCES.keys() - {"feed"})})
)
def test_the_readme_tells_of_every_word_that_rules_and_sources_know(word: str) -> None:
    assert re.search(rf"\b{word}\b", code_of(README))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_readme_tells_of_every_slot_and_what_it_may_hold(kind: str) -> None:
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `{kind}` |")]
    words = {slot.name for slot in KINDS[kind].slots.values()}
    words |= {choice for slot in KINDS[kind].slots.values() for choice in slot.choices}
    assert {word for word in words if f"`{word}`" not in row} <= set(QUALIFIERS)


def example(first_line: str) -> str:
    """The indented block of the README that begins with this line, without its indentation."""
    lines = README[README.index(f"    {first_line}") :].splitlines()
    block = list(takewhile(lambda line: not line or line.startswith("    "), lines))
    return textwrap.dedent("\n".join(block))


def test_the_examples_of_the_readme_are_a_configuration_that_keeps_its_promises(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    (folder / "rules").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    for name, first_line in (
        ("monitor.yaml", ""),
        ("sources.yaml", "kyiv-courier:"),
        ("channels.yaml", "desk:"),
        ("rules/large.yaml", "name: large pledges to Ukraine"),
    ):
        text = example(first_line) if first_line else "operators: desk\n"
        (folder / name).write_text(text, encoding="utf-8")
    secrets = dict.fromkeys(("DESK_MAIL_PASSWORD", "SLACK_TOKEN_A", "SLACK_TOKEN_B", "SLACK_TOKEN_C"), "word")
    read = config.load(folder, secrets)
    assert [source.type for source in read.sources] == ["feed", "feed", "folder"]
    assert [str(p.complaint()) for p in proof.prove(read) if not p.holds] == []


def test_the_alert_in_the_readme_is_one_as_it_is_sent() -> None:
    sent = (ROOT / "tests" / "messages" / "casualty_update.updated.txt").read_text("utf-8").splitlines()
    shown = [line.removeprefix(">").strip(" *") for line in README.splitlines() if line.startswith(">")]
    assert len(shown) > 8
    assert {line for line in shown if line} <= {line.strip() for line in sent}


def named_paths(text: str) -> set[str]:
    """Paths below the repository that a document names."""
    tops = "monitor|tests|config|deploy|seeds|var"
    found = re.findall(rf"(?<![\w./-])((?:{tops})/[\w./-]*|[A-Z][A-Z]+\.md|[a-z]+\.(?:toml|txt)|dev\.py)", text)
    return {path.rstrip("/.") for path in found}


@pytest.mark.parametrize(
    ("document", "path"),
    sorted(
        (name, path)
        for name, text in (("README", README), ("ARCHITECTURE", ARCHITECTURE))
        for path in named_paths(text)
    ),
)
def test_every_path_that_a_document_names_is_there(document: str, path: str) -> None:
    if any(path == made or path.startswith(f"{made}/") for made in MADE):
        return
    inside = (
        document == "ARCHITECTURE" and (ROOT / "monitor" / path).exists()
    )  # its seams are named from the package on
    assert inside or (ROOT / path).exists(), f"{document}.md names {path}"


def test_the_architecture_names_every_part_of_the_package() -> None:
    parts = {p.stem for p in (ROOT / "monitor").iterdir() if not p.name.startswith("_")}
    assert [part for part in sorted(parts) if not re.search(rf"\b{part}\b", ARCHITECTURE)] == []


def test_the_changelog_tells_of_this_version_or_of_what_is_to_come() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog


@pytest.mark.parametrize("document", sorted(p.name for p in ROOT.glob("*.md")))
def test_links_between_documents_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []
