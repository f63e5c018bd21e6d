"""The house rules that a machine can hold: ARCHITECTURE.md, "Which way the arrows point", and the size of things."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "monitor"

#: what each part may import of ours, besides itself, ``model`` and ``errors``
ARROWS: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "garbage": set(),
    "codec": {"kinds"},
    "language": set(),
    "kinds": {"language"},
    "extract": {"garbage", "kinds", "language"},
    "compare": {"kinds"},
    "message": {"kinds"},
    "rules": {"kinds", "language", "message"},
    "fetch": set(),
    "sources": {"fetch"},
    "store": {"codec"},
    "delivery": set(),
    "config": {"calm", "kinds", "message", "rules", "sources"},
    "agenda": set(),
    "calm": set(),
    "clock": set(),
    "health": set(),
    "logs": set(),
    "rhythm": set(),
    "reload": set(),
    "workers": {"extract", "language"},
}
#: these stand above all of ARROWS and may import any of it
ABOVE: dict[str, set[str]] = {
    "pipeline": set(),
    "proof": {"pipeline"},
    "web": {"pipeline"},
    "daemon": {"pipeline", "proof", "web"},
    "cli": {"pipeline", "proof", "web", "daemon"},
    "__main__": {"cli"},
}
PURE = ("model", "errors", "garbage", "codec", "kinds", "language", "extract", "compare", "rules", "message")
TALKERS = ("httpx", "feedparser", "sqlalchemy", "apprise", "apscheduler")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
VAGUE = {"utils", "util", "base", "helpers", "helper", "manager", "managers", "service", "services", "common", "misc"}

MAX_FUNCTION = 60
MAX_MODULE = 400
#: longer than the house allows, each with its reason: "path" for a module, "path:function" for a function
LONG: dict[str, str] = {}


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the package by its path, parsed."""
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def part_of(path: Path) -> str:
    """The first name below the package: ``monitor/store/rows.py`` -> ``store``."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The modules that a module imports, wherever in it, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions and methods with their length in lines, docstring included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_part_of_the_package_has_its_arrows() -> None:
    assert {part_of(path) for path in modules()} <= {"__init__", *ARROWS, *ABOVE}


def test_no_import_goes_against_the_arrows() -> None:
    wrong = []
    for path, tree in modules().items():
        part = part_of(path)
        allowed = ARROWS.get(part, set(ARROWS) | ABOVE.get(part, set())) | {part, "model", "errors", "__init__"}
        if part in ("model", "errors"):
            allowed = {part}
        for name, line in imports(tree):
            if name.startswith("monitor.") and name.split(".")[1] not in allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_pure_parts_load_nothing_that_talks_to_the_world() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in modules()
        if part_of(path) in PURE
    ]
    code = f"import sys; [__import__(n) for n in {names}]; print(*[t for t in {TALKERS} if t in sys.modules])"
    assert run(code).strip() == ""


def test_extracting_one_text_loads_neither_database_nor_network_nor_services(tmp_path: Path) -> None:
    text = tmp_path / "item.txt"
    text.write_text("The governor spoke on Tuesday.", encoding="utf-8")
    code = f"""
import atexit, sys
others = {(*TALKERS, "uvicorn", "numpy", "rapidfuzz")}
atexit.register(lambda: print("loaded", *[t for t in others if t in sys.modules]))
from monitor.cli import main
sys.argv = ["monitor", "extract", "--json", {str(text)!r}]
main()
"""
    assert run(code).splitlines()[-1].strip() == "loaded"


def test_pure_parts_never_read_the_clock() -> None:
    reads = [
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"
        for path, tree in modules().items()
        if part_of(path) in PURE
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name | ast.Attribute)
        and ast.unparse(node.value).split(".")[-1] in {"datetime", "date", "time", "dt"}
        and ast.unparse(node) not in {"dt.time", "datetime.time"}  # the type of a time of day, which reads nothing
    ]
    assert not reads, "\n".join(reads)


def test_pure_parts_never_import_a_clock_by_name() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path, tree in modules().items()
        if part_of(path) in PURE
        for name, line in imports(tree)
        if name.startswith("time.")
    ]
    assert not named, "\n".join(named)


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [str(path.relative_to(ROOT)) for path in modules() if VAGUE & {path.stem, path.parent.name}]
    assert not vague


def test_functions_are_short_or_say_why_not() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{name}": lines
        for path, tree in modules().items()
        for name, lines in functions(tree)
        if lines > MAX_FUNCTION
    }
    assert {k: v for k, v in long.items() if k not in LONG} == {}


def test_modules_are_short_or_say_why_not() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > MAX_MODULE
    }
    assert {k: v for k, v in long.items() if k not in LONG} == {}


def test_most_functions_are_read_at_a_glance() -> None:
    lengths = sorted(lines for tree in modules().values() for _, lines in functions(tree))
    assert statistics.median(lengths) <= 10
    assert statistics.quantiles(lengths, n=10)[-1] <= 30


@pytest.mark.parametrize("allowed", sorted(LONG) or ["nothing"])
def test_every_long_thing_that_is_allowed_is_still_long(allowed: str) -> None:
    if allowed == "nothing":
        return
    path, _, function = allowed.partition(":")
    text = (ROOT / path).read_text("utf-8")
    if function:
        assert dict(functions(ast.parse(text)))[function] > MAX_FUNCTION
    else:
        assert len(text.splitlines()) > MAX_MODULE
