"""templates/<name>/: words of a reader's own. Each file stands in for the template of ours that has its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from monitor.config.document import did_you_mean
from monitor.errors import ConfigError
from monitor.message import Wording
from monitor.message.checking import LONGEST, TEMPLATES, TemplateProblem, check

FOLDER = "templates"


def read_templates(folder: Path) -> tuple[Mapping[str, Wording], tuple[Path, ...]]:
    """The templates in a configuration's folder, each checked, by the name of their folder; and the files read."""
    home, read, paths = folder / FOLDER, {}, []
    for one in _inside(home) if home.is_dir() else ():
        if not one.is_dir():
            raise ConfigError(one, None, "", f"is not read; templates stand in a folder, such as {FOLDER}/short/")
        files = _inside(one)
        read[one.name] = Wording(name=one.name, files=tuple((path.name, _checked(path)) for path in files))
        paths += files
    return MappingProxyType(read), tuple(paths)


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _checked(path: Path) -> str:
    if path.name not in TEMPLATES:
        hint = did_you_mean(path.name, TEMPLATES) or f"; expected one of {', '.join(TEMPLATES)}"
        raise ConfigError(path, None, "", f"is not read{hint}")
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(LONGEST + 1)
        check(path.name, text)
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(path, None, "", "is not UTF-8; expected UTF-8 text") from None
    except TemplateProblem as problem:
        raise ConfigError(path, problem.line, "", str(problem)) from None
    return text
