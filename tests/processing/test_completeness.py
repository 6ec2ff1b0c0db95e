"""Which cause a missing value has, from masks of evidence; and what a clock's offset says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.clocks import judge_clock
from qingchuan.processing.completeness import (
    CAUSES,
    NONE,
    Cause,
    first_cause,
    first_ones,
    in_slots,
    overlapped,
    silences,
)

_flags = st.lists(st.booleans(), max_size=20)


@given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(CAUSES[:-1]))), max_size=12))
def test_of_several_causes_the_first_in_the_list_holds(told: list[tuple[bool, set[Cause]]]) -> None:
    """What is missing has exactly one; what is there has none."""
    masks = {cause: [cause in holds for _, holds in told] for cause in CAUSES[:-1]}
    found = first_cause([missing for missing, _ in told], masks).tolist()
    expected = [
        min((CAUSES.index(cause) for cause in holds), default=len(CAUSES) - 1) if missing else NONE
        for missing, holds in told
    ]
    assert found == expected


def test_evidence_is_spread_over_items() -> None:
    """A window is one of all items; without evidence nothing was sent."""
    missing = np.ones((2, 3, 1), np.bool_)
    found = first_cause(missing, {"lost": np.array([[True], [False], [False]])})
    assert [[CAUSES[code] for code in item] for item in found[:, :, 0].tolist()] == [
        ["lost", "not-sent", "not-sent"]
    ] * 2
    assert first_cause(missing, {}).tolist() == [[[7]] * 3] * 2
    assert first_cause(np.zeros((0, 2), np.bool_), {}).shape == (0, 2)


_times = st.integers(0, 30)
_spans = st.lists(st.tuples(_times, _times).map(sorted), max_size=6)


@given(_spans, _spans)
def test_periods_and_windows_that_have_any_time_in_common_overlap(
    periods: list[list[int]], windows: list[list[int]]
) -> None:
    """Those that only touch do not; compared with the seconds of each, one by one."""
    periods = [span for span in periods if span[0] < span[1]]
    windows = [span for span in windows if span[0] < span[1]]
    begins, ends = (np.array([span[place] for span in periods], np.int64) for place in (0, 1))
    found = overlapped(begins, ends, np.array(windows, np.int64).reshape(-1, 2)).tolist()
    expected = [any(set(range(*span)) & set(range(*window)) for window in windows) for span in periods]
    assert found == expected


@given(_flags, st.integers(1, 5))
def test_a_silence_is_a_run_of_so_many_periods(told: list[bool], least: int) -> None:
    """Compared with the runs in the text of it."""
    text = "".join("x" if each else "." for each in told)
    runs = [run for run in text.split("x") if run]
    expected = [silent for run in runs for silent in [len(run) >= least] * len(run)]
    found = silences(np.array(told, np.bool_).reshape(-1, 1), least)[:, 0]
    assert found[~np.array(told, np.bool_)].tolist() == expected
    assert not found[np.array(told, np.bool_)].any()


def test_only_so_many_of_the_chosen_are_taken() -> None:
    """The earliest; more than there are takes all, none takes none."""
    chosen = np.array([True, False, True, True])
    assert [first_ones(chosen, most).sum() for most in (0, 1, 2, 9)] == [0, 1, 2, 3]
    assert first_ones(chosen, 2).tolist() == [True, False, True, False]


def test_a_slot_has_what_any_of_its_hours_has() -> None:
    """Of every item and station for itself."""
    hours = np.zeros((2, 8, 2), np.bool_)
    hours[1, 5, 0] = True
    assert in_slots(hours, 4)[1, :, 0].tolist() == [False, True]
    assert in_slots(hours, 4).sum() == 1
    assert in_slots(hours, 1).tolist() == hours.tolist()


@pytest.mark.parametrize(
    ("offset", "verdict", "hours"),
    [
        (-61, "wrong", None),
        (-60, "right", None),
        (1800, "right", None),
        (1801, "wrong", None),
        (2999, "wrong", None),
        (3000, "time-zone", 1),
        (4200, "time-zone", 1),
        (4201, "wrong", None),
        (8 * 3600 - 601, "wrong", None),
        (8 * 3600 - 600, "time-zone", 8),
        (8 * 3600 + 600, "time-zone", 8),
        (8 * 3600 + 601, "wrong", None),
        (-8 * 3600 + 300, "time-zone", -8),
    ],
)
def test_an_offset_of_about_whole_hours_is_a_time_zone(offset: int, verdict: str, hours: int | None) -> None:
    """Ten minutes to either side, and not zero hours; else a message may be late, and never early."""
    assert judge_clock(offset) == (verdict, hours)
