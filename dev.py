#!/usr/bin/env python3
"""Everything a developer does, one word each; needs nothing but Python 3.11 or newer.

    python3 dev.py run      install, then one pass over the shipped configuration: what it finds, and the alerts
    python3 dev.py test     ruff, mypy --strict and every test with the quality floors; what follows goes to pytest
    python3 dev.py lint     ruff and mypy alone
    python3 dev.py bench    the benchmarks in tests/bench, and how well and how fast the extractor reads
    python3 dev.py soak     kill, fault and mutation runs in tests/soak, too long for every test run

The virtual environment is made in .venv, with $MONITOR_PYTHON if that is set and else with the Python that runs this
file. It is brought up to date when pyproject.toml, constraints.txt or the Python changes; otherwise a second call
starts at once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
#: what was installed into .venv, a line an extra
STAMP = VENV / "installed"
NEEDS = (3, 11)

AFTER_RUN = """
To keep watching, and to be told as it happens:  .venv/bin/monitor run
What to be told of:  config/rules/   what to read:  config/sources.yaml   whom to tell:  config/channels.yaml"""


# --- the virtual environment -----------------------------------------------------------------------------------------


def python() -> str:
    """The interpreter to make .venv with."""
    chosen = os.environ.get("MONITOR_PYTHON") or sys.executable
    if shutil.which(chosen) is None:
        sys.exit(f"dev.py: no interpreter {chosen!r} (from $MONITOR_PYTHON)")
    return chosen


def fingerprint(interpreter: str) -> tuple[str, str]:
    """The interpreter's version, and a hash of it and of the files that say what is to be installed."""
    code = "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.base_prefix)"
    version, _, prefix = subprocess.check_output([interpreter, "-c", code], text=True).strip().partition(" ")
    if tuple(map(int, version.split(".")[:2])) < NEEDS:
        sys.exit(
            f"dev.py: Python {NEEDS[0]}.{NEEDS[1]} or newer is needed, {interpreter} is {version}: set MONITOR_PYTHON"
        )
    digest = hashlib.sha256(f"{version} {prefix} {ROOT}".encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return version, digest.hexdigest()


def install(extra: str) -> None:
    """Make .venv hold the project and an extra of it (none if ""), unless it does already, and compile the project."""
    bring_up_to_date(extra)
    # pip compiles what it copies, not what it links to: without this, and under PYTHONDONTWRITEBYTECODE for ever, each
    # start of `monitor` would compile its modules anew, longer than all that it does besides
    call([str(BIN / "python"), "-m", "compileall", "-q", "monitor"])


def bring_up_to_date(extra: str) -> None:
    """Make or mend .venv, unless what it holds is what pyproject.toml and constraints.txt ask for."""
    interpreter = python()
    version, digest = fingerprint(interpreter)
    done = STAMP.read_text("utf-8").split("\n") if STAMP.is_file() else []
    if digest in done[:1] and (extra in done[1:] or not extra):
        return
    began = time.monotonic()
    if digest not in done[:1] and VENV.exists() and not made_with(version):
        shutil.rmtree(VENV)
    print(f"dev.py: installing into .venv (Python {version}), once; about a minute ...", flush=True)
    if not (BIN / "python").exists():
        call([interpreter, "-m", "venv", str(VENV)])
    pip = [str(BIN / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    call([*pip, "-c", "constraints.txt", "-e", f".[{extra}]" if extra else "."])
    STAMP.write_text("\n".join([digest, *sorted({extra} - {""})]), encoding="utf-8")
    print(f"dev.py: installed in {time.monotonic() - began:.0f} s", flush=True)


def made_with(version: str) -> bool:
    """Whether .venv was made with this version of Python and still runs."""
    try:
        told = subprocess.run([BIN / "python", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return told.stdout.split()[-1:] == [version]


def call(command: list[str]) -> None:
    """Run a step that the rest needs; end with its exit status where it fails."""
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        sys.exit(status)


# --- the words -------------------------------------------------------------------------------------------------------


def steps(named: dict[str, list[str]]) -> int:
    """Run every step whatever became of the others, then say how each went; 1 if any failed."""
    told, failed = [], False
    for name, command in named.items():
        print(f"\n-- {name}: {' '.join(command)}", flush=True)
        began = time.monotonic()
        status = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False).returncode
        failed = failed or status != 0
        told.append(f"  {name:<12}{'ok' if status == 0 else f'FAILED ({status})':<14}{time.monotonic() - began:6.1f} s")
    print("\n" + "\n".join(told), flush=True)
    return int(failed)


LINT = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
}


def run(rest: list[str]) -> int:
    """One pass over every source of the shipped configuration."""
    install("")
    status = subprocess.run([BIN / "monitor", "once", "--all", *rest], cwd=ROOT, check=False).returncode
    print(AFTER_RUN, flush=True)
    return status


def lint(rest: list[str]) -> int:
    """Style and types."""
    install("dev")
    return steps(LINT)


def test(rest: list[str]) -> int:
    """Style, types, and every test, on two cores."""
    install("dev")
    return steps({**LINT, "tests": ["python", "-m", "pytest", "-n", "2", *rest]})


def bench(rest: list[str]) -> int:
    """The benchmarks, each a program of its own, then the figures of the extractor."""
    install("dev")
    programs = {p.stem: ["python", str(p.relative_to(ROOT)), *rest] for p in programs_in("bench")}
    return steps({**programs, "measure": ["python", "-m", "tests.measure", "--links"]})


def soak(rest: list[str]) -> int:
    """The long runs, each a program of its own."""
    install("dev")
    programs = {p.stem: ["python", str(p.relative_to(ROOT)), *rest] for p in programs_in("soak")}
    if not programs:
        print("dev.py: there is nothing in tests/soak")
    return steps(programs)


def programs_in(folder: str) -> list[Path]:
    """The programs of tests/bench or tests/soak, by name; one that starts with _ is a part of others."""
    return sorted(p for p in (ROOT / "tests" / folder).glob("*.py") if not p.name.startswith("_"))


WORDS = {"run": run, "test": test, "lint": lint, "bench": bench, "soak": soak}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", choices=WORDS, metavar="|".join(WORDS))
    options, rest = parser.parse_known_args()
    return WORDS[options.word](rest)


if __name__ == "__main__":
    sys.exit(main())
