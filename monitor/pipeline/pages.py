"""The items' own pages, for sources that show only summaries: a poll takes some, and what it leaves is owed.

The pages of new items come first, the newest in front: what is new is to be told soon. What room they leave is for
pages that earlier polls left, the oldest first, also when a poll finds nothing new. An item is taken in with its
summary at once; its page is another version of it, whose events are compared and told like those of any edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.model import Item, Source
from monitor.pipeline.debt import Debt
from monitor.sources import Tools, full_text

if TYPE_CHECKING:
    from monitor.pipeline.thread import StoreThread


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What the pages of one poll brought."""

    #: the new items, in their order, with the text of their pages where that was had
    fresh: list[Item]
    #: items that are stored with their summaries, whole now: those to be told of, and those of the silent backlog
    late: list[Item]
    late_quiet: list[Item]
    debt: Debt


async def take(
    fresh: list[Item],
    debt: Debt,
    source: Source,
    tools: Tools,
    rests: full_text.Rests,
    thread: StoreThread,
    *,
    quiet: bool,
) -> Pages:
    """Takes the pages that a poll has room for; ``quiet`` if the new items are the source's silent backlog."""
    room = source.options.get("pages", full_text.PAGES)
    wanted = full_text.newest(fresh)
    first = await full_text.read(wanted[:room], source, tools, rests)
    left = [item for item in wanted if item.id not in first.done]
    debt = debt.less(frozenset(item.id for item in wanted))  # owed of an earlier version
    asked = dict(debt.owed[: max(room - len(wanted), 0)])
    then = full_text.Read()
    if asked and not first.refused:
        stored = await thread.run(_stored, thread, source.name, list(asked))
        then = await full_text.read(stored, source, tools, rests)
        debt = debt.less(then.done | (asked.keys() - {item.id for item in stored}))
    whole = {item.id: item for item in first.whole}
    return Pages(
        fresh=[whole.get(item.id, item) for item in fresh],
        late=[item for item in then.whole if not asked[item.id]],
        late_quiet=[item for item in then.whole if asked[item.id]],
        debt=debt.more(left, quiet=quiet),
    )


def _stored(thread: StoreThread, source: str, names: Sequence[str]) -> list[Item]:
    with thread.store.read() as tx:
        return tx.items_named(source, names)
