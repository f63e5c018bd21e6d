"""What `monitor init DIR` writes: a commented configuration that works as it is, and polls nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from monitor.errors import InputError


def starter_files() -> dict[PurePosixPath, bytes]:
    """The files of the starting configuration by their path in its folder."""
    return dict(_files(resources.files("monitor.config").joinpath("starter"), PurePosixPath()))


def _files(folder: Traversable, path: PurePosixPath) -> Iterator[tuple[PurePosixPath, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _files(entry, path / entry.name)
        elif entry.name.endswith(".yaml"):
            yield path / entry.name, entry.read_bytes()


def write_starter(folder: Path) -> list[Path]:
    """Writes the starting configuration and returns its files.

    ``InputError`` if one of them is there already (then nothing is written), or cannot be written.
    """
    wanted = {folder / path: content for path, content in starter_files().items()}
    for path in wanted:
        if path.exists() or path.is_symlink():
            raise InputError(f"{path}: is there already; nothing was written")
    try:
        for path, content in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise InputError(f"{error.filename or folder}: cannot be written: {error.strerror or error}") from None
    return list(wanted)
