"""A small sample of the long runs in tests/soak."""

from __future__ import annotations

from tests.soak import kills


def test_a_service_that_is_killed_again_and_again_loses_no_alert_and_tells_none_in_two_messages(
    database_url: str,
) -> None:
    result = kills.soak(database_url, items=20, kills=2, longest=0.5)
    assert (result.unfinished, result.lost, result.told_anew) == ([], {"hook": [], "mail": []}, [])
