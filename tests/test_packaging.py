"""What is installed is all that is needed: the wheel works outside the checkout."""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = "The United States will give Ukraine $500 million in military aid, the Pentagon said on Tuesday."


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
#: what is imported as something other than its distribution's name
IMPORTED_AS = {
    "prometheus-client": "prometheus_client",
    "pyyaml": "yaml",
    "ruamel.yaml": "ruamel",
    "backports.zstd": "backports",
}
#: needed at run time without an import of ours, with the reason
UNSEEN = {
    "psycopg": "the driver that SQLAlchemy loads for a postgresql:// URL",
    "sniffio": "httpcore looks for it at each request; to look in vain takes a quarter of the time of one",
}


def name_of(requirement: str) -> str:
    """``psycopg[binary]>=3.2`` -> ``psycopg``."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()


def imported(file: Path) -> set[str]:
    """Top-level names that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_what_the_package_imports_is_what_it_declares() -> None:
    files = (file for file in (ROOT / "monitor").rglob("*.py") if file.name != "generate.py")  # that has an extra
    used = set().union(*map(imported, files))
    for extra in ("fulltext", "charts"):
        used -= {IMPORTED_AS.get(name_of(r), name_of(r)) for r in PROJECT["optional-dependencies"][extra]}
    used -= sys.stdlib_module_names | {"monitor", "compression"}  # the latter from Python 3.14 on
    declared = {IMPORTED_AS.get(name_of(r), name_of(r)) for r in PROJECT["dependencies"] if name_of(r) not in UNSEEN}
    assert used == declared


def test_the_task_runner_needs_only_the_standard_library() -> None:
    assert imported(ROOT / "dev.py") <= sys.stdlib_module_names


def test_every_requirement_is_pinned_without_an_address() -> None:
    pins = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.!+-]+", pin)] == []
    pinned = {pin.split("==")[0].lower().replace("_", "-") for pin in pins}
    extras = [r for extra in PROJECT["optional-dependencies"].values() for r in extra]
    assert {name_of(r) for r in (*PROJECT["dependencies"], *extras)} <= pinned


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("event_monitor-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's files and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def monitor(installed: Path, here: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command from the installed files, in another folder, with an environment that knows nothing of ours."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MONITOR_")} | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, cwd=here, env=environment, check=False)


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    ours = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "monitor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_data_that_the_code_reads(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(n.startswith("monitor/language/lexicons/en/") and n.endswith(".yaml") for n in names)
    assert any(n.startswith("monitor/store/migrations/versions/") and n.endswith(".py") for n in names)
    assert not [n for n in names if n.startswith(("tests/", "config/", "seeds/"))]


def test_the_wheel_names_the_command_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [n for n in archive.namelist() if n.endswith(".dist-info/entry_points.txt")]
        scripts = configparser.ConfigParser()
        scripts.read_string(archive.read(entry).decode())
        assert any(n.endswith("licenses/LICENSE") for n in archive.namelist())
    assert scripts["console_scripts"]["monitor"] == "monitor.cli:main"


def test_the_installed_command_reads_a_text_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = monitor(installed, tmp_path, "extract", "--json", "-", text=TEXT)
    assert done.returncode == 0, done.stderr
    (event,) = json.loads(done.stdout)["events"]
    assert (event["kind"], event["donors"], event["recipient"], event["amount"]) == ("aid_pledge", ["USA"], "UKR", 5e8)


def test_the_installed_command_writes_a_configuration_that_it_accepts(installed: Path, tmp_path: Path) -> None:
    written = monitor(installed, tmp_path, "init", "here")
    assert written.returncode == 0, written.stderr
    checked = monitor(installed, tmp_path, "check", "--config", "here")
    assert checked.returncode == 0, checked.stderr


def test_the_installed_command_makes_its_own_database(installed: Path, tmp_path: Path) -> None:
    assert monitor(installed, tmp_path, "init", "here").returncode == 0
    place = ("--config", "here", "--database", f"sqlite:///{tmp_path / 'monitor.sqlite'}")
    done = monitor(installed, tmp_path, "events", *place)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "monitor.sqlite").stat().st_size > 0
