"""A confidence is the share of such events that are right."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.kinds import KINDS
from monitor.kinds.calibration import calibrated, curves, share
from tests import calibrate, measure

CURVE = ((0.6, 0.5), (0.8, 0.9), (0.9, 0.94))


@pytest.mark.parametrize(
    ("said", "right"),
    [(0.0, 0.5), (0.6, 0.5), (0.7, 0.7), (0.8, 0.9), (0.85, 0.92), (0.9, 0.94), (1.0, 0.94)],
)
def test_a_curve_is_straight_between_its_points_and_level_beyond_them(said: float, right: float) -> None:
    assert share(CURVE, said) == pytest.approx(right)


def test_what_the_rules_of_an_unmeasured_kind_say_stands() -> None:
    assert calibrated("weather_report", 0.42) == 0.42


def test_every_kind_has_a_curve_that_rises_and_leaves_room_for_doubt() -> None:
    assert set(curves()) == set(KINDS)
    for curve in curves().values():
        assert all(a < b and low < high for (a, low), (b, high) in pairwise(curve))
        assert all(0 < y < 1 for _, y in curve)


def test_bins_that_fall_are_joined_and_few_events_count_for_less() -> None:
    good, poor = [(0.7, True)] * 60, [(0.9, True), (0.9, False)] * 30
    assert calibrate.curve([*good, *poor]) == [(0.8, 0.696)]
    assert calibrate.lowest(9, 10) < calibrate.lowest(90, 100) < 0.9


def test_of_the_events_of_the_written_sets_that_are_given_nine_tenths_about_so_many_are_right() -> None:
    events = list(calibrate.judged(measure.WRITTEN_SETS))
    sure = [right for _, confidence, right in events if confidence >= 0.9]
    unsure = [right for _, confidence, right in events if confidence < 0.85]
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= 0.9
    assert sum(unsure) / max(1, len(unsure)) < sum(sure) / len(sure)
