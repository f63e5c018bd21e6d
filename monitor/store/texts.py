"""Claims as JSON, each written once: it stands in its own row, and in every alert about its event, as one voice more.

A row of claims never changes what it says, so its text is kept for later transactions, like the claim itself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from monitor.codec import event_to_json, plain_claim_to_json, plain_news_to_json
from monitor.model import Agreement, Claim, Comparison, News
from monitor.store.columns import WrittenJson, to_json
from monitor.store.memory import Recent


class Texts:
    """The texts of one transaction, and those that are kept of others."""

    def __init__(self, kept: Recent[str]) -> None:
        self._kept = kept
        #: of claims, by their numbers: written in this transaction
        self._written: dict[int, str] = {}
        #: of events, by the numbers of their claims: of claims that are new
        self._events: dict[int, str] = {}

    def of_event(self, claim: Claim) -> WrittenJson:
        """What a row of claims holds: the event, and what its item says beside it."""
        assert claim.id is not None
        text = self._events[claim.id] = to_json(event_to_json(claim.event))
        return WrittenJson(f'{text[:-1]},"beside":{to_json(claim.beside)}}}' if claim.beside else text)

    def of_news(self, news: News) -> WrittenJson:
        """All that wording needs of a change (``codec.news_from_json``)."""
        plain, voices = to_json(plain_news_to_json(news)), ",".join(map(self._of_claim, news.voices))
        return WrittenJson(f'{plain[:-1]},"claim":{self._of_claim(news.claim)},"voices":[{voices}]}}')

    def _of_claim(self, claim: Claim) -> str:
        number = claim.id
        found = None if number is None else self._written.get(number) or self._kept.get(number)
        if found is None:
            plain, event = to_json(plain_claim_to_json(claim)), self._events.get(number or 0)
            found = f'{plain[:-1]},"event":{event or to_json(event_to_json(claim.event))}}}'
            if number is not None:
                self._written[number] = found
        return found

    def remember(self) -> None:
        """Keeps what was written for later transactions; to be called when this one is committed."""
        self._kept.keep(self._written)


def compared_text(compared: Iterable[Comparison]) -> WrittenJson:
    """The candidates that a claim was compared with, as JSON; there are several to a claim, with few verdicts."""
    return WrittenJson(f"[{','.join(map(_comparison_text, compared))}]")


def _comparison_text(comparison: Comparison) -> str:
    slots, reason = _slots_text(tuple(comparison.slots.items())), _reason_text(comparison.reason)
    score = round(comparison.score, 4)
    return f'{{"known_id":{comparison.known_id},"score":{score},"slots":{slots},"reason":{reason}}}'


@functools.lru_cache(maxsize=1024)
def _slots_text(slots: tuple[tuple[str, Agreement], ...]) -> str:
    return to_json(dict(slots))  # an agreement is text as it is


@functools.lru_cache(maxsize=1024)
def _reason_text(reason: str) -> str:
    return to_json(reason)
