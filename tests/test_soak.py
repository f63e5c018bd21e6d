"""A small sample of the long runs in tests/soak."""

from __future__ import annotations

from pathlib import Path

from tests.soak import day, kills

#: on PostgreSQL, to save time: the steps whose transactions are not alike
DIFFERENT = ("alerts queued", "alerts marked as being sent", "message sent", "outcome written")


def test_a_service_that_is_killed_after_each_step_and_at_random_loses_no_alert_and_tells_none_in_two_messages(
    database_url: str,
) -> None:
    steps = tuple(kills.STEPS) if database_url.startswith("sqlite") else DIFFERENT
    result = kills.soak(database_url, items=45, kills=1, steps=steps)
    assert not result.bad, result
    assert result.kills == len(steps) + 1


def test_in_a_day_of_faults_no_host_is_pressed_no_source_forgotten_and_no_item_missed(tmp_path: Path) -> None:
    run = day.soak(tmp_path / "config", sources=24, hours=3, seed=1)
    assert run.complaints == []
    assert run.requests > 100
