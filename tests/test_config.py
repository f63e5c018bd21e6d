"""The configuration: what is read, what is refused, and with which words."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.config import load
from monitor.errors import ConfigError

BAD = Path(__file__).parent / "config_bad"
CASES = sorted(path.name for path in BAD.iterdir() if path.is_dir() and path.name != "sound")


def write_case(name: str, folder: Path) -> Path:
    """The sound configuration with one case's files put over it."""
    shutil.copytree(BAD / "sound", folder / "config")
    absent = BAD / name / "absent.txt"
    for gone in absent.read_text().split() if absent.exists() else ():
        path = folder / "config" / gone
        path.rmdir() if path.is_dir() else path.unlink()
    shutil.copytree(BAD / name, folder / "config", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.txt"))
    return Path("config")


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_gives_one_line_with_file_line_key_and_expectation(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(write_case(name, tmp_path), {})
    assert str(caught.value) == (BAD / name / "expected.txt").read_text(encoding="utf-8").rstrip("\n")
    assert "\n" not in str(caught.value)
