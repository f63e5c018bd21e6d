"""Changes of the configuration are noticed however they are made."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.reload import changes_of, digest


def folder_of(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / text
    (folder / "rules").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(text)
    return folder


def edited_in_place(folder: Path) -> None:
    (folder / "monitor.yaml").write_text("new")


def renamed_over(folder: Path) -> None:
    other = folder.parent / "other.yaml"
    other.write_text("new")
    other.replace(folder / "monitor.yaml")


def a_rule_added(folder: Path) -> None:
    (folder / "rules" / "fresh.yaml").write_text("name: fresh")


def a_template_added(folder: Path) -> None:
    (folder / "templates" / "short").mkdir(parents=True)
    (folder / "templates" / "short" / "plain.txt").write_text("{{ letter.subject }}")


def a_file_removed(folder: Path) -> None:
    (folder / "monitor.yaml").unlink()


@pytest.mark.parametrize("change", [edited_in_place, renamed_over, a_rule_added, a_template_added, a_file_removed])
def test_a_change_is_told_once(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folder = folder_of(tmp_path, "old")
    assert told(folder, lambda: change(folder)) == 1


def test_a_link_swapped_above_the_folder_is_a_change(tmp_path: Path) -> None:
    first, second = folder_of(tmp_path, "first"), folder_of(tmp_path, "second")
    link = tmp_path / "config"
    link.symlink_to(first)

    def swap() -> None:
        fresh = tmp_path / "fresh"
        fresh.symlink_to(second)
        fresh.replace(link)

    assert told(link, swap) == 1


def test_a_link_swapped_inside_the_folder_as_kubernetes_does_it_is_a_change(tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    for name in ("v1", "v2"):
        (mount / name).mkdir(parents=True)
        (mount / name / "monitor.yaml").write_text(name)
    (mount / "..data").symlink_to("v1")
    (mount / "monitor.yaml").symlink_to("..data/monitor.yaml")

    def swap() -> None:
        (mount / "..data_tmp").symlink_to("v2")
        (mount / "..data_tmp").replace(mount / "..data")

    assert told(mount, swap) == 1


def test_touching_a_file_without_changing_it_is_no_change(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "old")
    before = digest(folder, [])
    (folder / "monitor.yaml").write_text("old")
    assert digest(folder, []) == before


def told(folder: Path, change: Callable[[], None]) -> int:
    """How many changes are told within a few looks after one was made."""

    async def watch() -> int:
        seen = 0
        ready = asyncio.Event()

        async def listen() -> None:
            nonlocal seen
            ready.set()
            async for _ in changes_of(lambda: [folder / "monitor.yaml"], folder):
                seen += 1

        task = asyncio.create_task(listen())
        await ready.wait()
        await asyncio.sleep(0.3)
        change()
        await asyncio.sleep(3.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return seen

    return asyncio.run(watch())
