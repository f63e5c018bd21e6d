"""Which items of a poll are ones that the source has shown before under another name. Pure.

Feeds give their items new identities: overnight all guids change, or the whole feed is published again under another
host name. What is recognised keeps the name under which it is stored, so that it is the same item, or an edit of it.
An item whose old name is shown too is another one: entries of a live blog have one address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from monitor import compare
from monitor.model import Item
from monitor.sources.reading.links import canonical
from monitor.store.records import Marks, StoredItem
from monitor.store.rows import key_number

#: a poll with so many items that all are unknown has lost some before them; with fewer it may be how the source is
FEWEST = 3

_Known = tuple[Marks, StoredItem]


def marks_of(item: Item) -> Marks:
    """By what an item is found again: its words, whatever their case and blanks, and the page it is on."""
    words = " ".join(f"{item.title}\n{item.text}".casefold().split())
    page = canonical(item.url) if item.url else ""
    return Marks(text=key_number(f"text:{words}"), link=key_number(f"link:{page}") if page else None)


def recognise(items: Sequence[Item], shown: Collection[str], known: Sequence[_Known]) -> tuple[Item, ...]:
    """The items, under their old names where they have one; each old name is given once.

    ``items`` are those whose identity is unknown, ``shown`` the identities of the whole poll, ``known`` the source's
    stored items that share a mark with one of them, the newest first.
    """
    by_mark: dict[tuple[str, int], list[_Known]] = defaultdict(list)
    for each in known:
        if each[1].item.id not in shown:
            for mark in _keys(each[0]):
                by_mark[mark].append(each)
    taken: set[str] = set()
    return tuple(_under_old_name(item, by_mark, taken) for item in items)


def _under_old_name(item: Item, by_mark: Mapping[tuple[str, int], Sequence[_Known]], taken: set[str]) -> Item:
    marks = marks_of(item)
    for mark in _keys(marks):
        for theirs, stored in by_mark.get(mark, ()):
            if stored.item.id not in taken and _is_same(item, marks, stored.item, theirs):
                taken.add(stored.item.id)
                return replace(item, id=stored.item.id)
    return item


def _keys(marks: Marks) -> tuple[tuple[str, int], ...]:
    link = () if marks.link is None else (("link", marks.link),)
    return ("text", marks.text), *link


def _is_same(item: Item, marks: Marks, old: Item, theirs: Marks) -> bool:
    """The same words on the same day, page or path; or the same page under the same title, or with most of its words.

    A daily report may have the same words each day: on another day, at another place, it is another item.
    """
    same_page = marks.link is not None and marks.link == theirs.link
    if marks.text == theirs.text:
        same_day = None in (item.published, old.published) or item.published == old.published
        return same_page or same_day or _same_path(item.url, old.url)
    return same_page and (_fold(item.title) == _fold(old.title) != "" or _near(item, old))


def _near(item: Item, old: Item) -> bool:
    return compare.near_copies(compare.signature(item.title, item.text), compare.signature(old.title, old.text))


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _same_path(url: str | None, old: str | None) -> bool:
    """Two hosts, one path that is more than a front page's."""
    one, other = urlsplit(canonical(url)), urlsplit(canonical(old))
    return (one.path, one.query) == (other.path, other.query) and len(one.path) > 1


def rolled_over(items: Sequence[Item], unknown: Sequence[Item]) -> bool:
    """Whether a poll of a source that was polled before shows nothing that is known: its window has moved past."""
    return len(items) >= FEWEST and len(unknown) == len(items)
