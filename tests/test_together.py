"""What several tasks ask for at about the same time is asked for at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from monitor.pipeline.together import MOST, Together


class Clerk:
    """Answers with twice the number; of those asked for, 13 cannot be answered. Notes what was asked for at once."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    async def answer(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append(list(numbers))
        await asyncio.sleep(0)
        if 13 in numbers:
            raise ValueError("13")
        return [2 * number for number in numbers]


def ask(clerk: Clerk, *numbers: int) -> list[int | BaseException]:
    async def all_at_once() -> list[int | BaseException]:
        together = Together[int, int](clerk.answer)
        return await asyncio.gather(*(together(number) for number in numbers), return_exceptions=True)

    return asyncio.run(all_at_once())


def test_what_is_asked_for_together_is_answered_together_each_with_its_own() -> None:
    clerk = Clerk()
    assert ask(clerk, *range(5)) == [0, 2, 4, 6, 8]
    assert clerk.asked == [[0, 1, 2, 3, 4]]


def test_what_comes_while_others_are_answered_goes_together_after_them() -> None:
    clerk = Clerk()

    async def later(together: Together[int, int], number: int) -> int:
        await asyncio.sleep(0)
        return await together(number)

    async def go() -> list[int]:
        together = Together[int, int](clerk.answer)
        return await asyncio.gather(together(1), *(later(together, number) for number in (2, 3, 4)))

    assert asyncio.run(go()) == [2, 4, 6, 8]
    assert clerk.asked == [[1], [2, 3, 4]]


def test_one_that_cannot_be_answered_fails_alone() -> None:
    one, bad, other = ask(clerk := Clerk(), 1, 13, 2)
    assert (one, other) == (2, 4)
    assert isinstance(bad, ValueError)
    assert clerk.asked == [[1, 13, 2], [1], [13], [2]]


def test_no_more_than_a_bearable_number_goes_at_once() -> None:
    ask(clerk := Clerk(), *range(100, 100 + MOST + 5))
    assert [len(each) for each in clerk.asked] == [MOST, 5]


def test_who_no_longer_waits_keeps_nobody_from_an_answer() -> None:
    clerk = Clerk()

    async def go() -> list[int | BaseException]:
        together = Together[int, int](clerk.answer)
        asking = [asyncio.create_task(together(number)) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        asking[1].cancel()
        found = await asyncio.gather(*asking, return_exceptions=True)
        return [*found, await together(4)]

    one, cancelled, three, four = asyncio.run(go())
    assert (one, three, four) == (2, 6, 8)
    assert isinstance(cancelled, asyncio.CancelledError)
