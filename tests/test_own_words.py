"""What we write is ours: no run of words of the gold sets, which are third parties' text, stands in the project.

The reference articles (seeds/) are handed out with it, and their gold (tests/gold/seeds.yaml) quotes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import measure

ROOT = Path(__file__).parent.parent
#: as many words in a row are no coincidence; shorter runs are how news is written
RUN = 8
WORD = re.compile(r"\w+")
SUFFIXES = {".py", ".yaml", ".yml", ".md", ".txt", ".tsv", ".csv", ".json", ".jsonl", ".xml", ".html", ".toml"}
NOT_OURS = ("seeds/", "tests/gold/seeds.yaml", "LICENSE")
SKIPPED = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "var", "build", "dist"}


def runs_of(text: str) -> Iterator[str]:
    """Every run of words, in lower case; figures in a row (tables) are nobody's."""
    words = WORD.findall(text.casefold())
    for k in range(len(words) - RUN + 1):
        run = words[k : k + RUN]
        if sum(word.isalpha() for word in run) >= RUN - 2:
            yield " ".join(run)


def our_files() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT)
        ours = not SKIPPED & set(name.parts) and not str(name).startswith(NOT_OURS)
        if ours and path.suffix in SUFFIXES and path.is_file():
            yield path


def test_a_run_of_words_is_found_across_case_and_punctuation() -> None:
    assert list(runs_of("One, two THREE four; five six seven eight")) == ["one two three four five six seven eight"]
    assert not list(runs_of("1 2 3 4 5 6 7 8 9"))


def test_no_eight_words_in_a_row_are_from_the_gold_sets() -> None:
    sets = sorted(measure.gold_folder().glob("*.jsonl"))
    if not sets:
        pytest.skip("the gold sets are not here: set MONITOR_GOLD to the folder that has them")
    theirs: set[str] = set()
    for path in sets:
        for line in filter(str.strip, path.read_text("utf-8").split("\n")):
            item = json.loads(line)
            theirs.update(runs_of(f"{item.get('title') or ''}\n{item['text']}"))
    seeds = {run for path in (ROOT / "seeds").glob("*.txt") for run in runs_of(path.read_text("utf-8"))}
    theirs -= seeds
    copied = {
        str(path.relative_to(ROOT)): found
        for path in our_files()
        if (found := sorted(theirs.intersection(runs_of(path.read_text("utf-8", errors="replace")))))
    }
    assert not copied
