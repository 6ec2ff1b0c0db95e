"""Hours judged anew: as when they came in, and never better than they are stored."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from qingchuan.processing.flags import BAD, GOOD, MISSING, NOT_EVALUATED, SUSPECT, valid
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.thresholds import Thresholds, read, shipped
from qingchuan.service.recomputing.inputs import reach
from qingchuan.service.recomputing.judging import counts, judged_hours
from qingchuan.service.recomputing.plan import thresholds_text
from qingchuan.service.recomputing.tables import HOUR_ITEMS

HOURS = 100
NO2 = HOUR_ITEMS.index("no2")
ON_ENTRY: Thresholds = shipped().on_entry()


def hours(no2: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Hours of a station in which nothing is wrong, but for those that are given of NO2."""
    told = 40 + 5 * np.sin(np.arange(HOURS)) + np.zeros((len(HOUR_ITEMS), 1))
    told[HOUR_ITEMS.index("co")] /= 50
    if no2 is not None:
        told[NO2] = no2
    return told[..., np.newaxis]


def judged(
    values: NDArray[np.float64], stored: NDArray[np.uint8] | None = None, kept: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Flags and tests of NO2."""
    flags = np.full(values.shape, NOT_EVALUATED, np.uint8) if stored is None else stored
    found = judged_hours(values, flags, kept, ON_ENTRY)
    return found.flag[NO2, :, 0], found.test[NO2, :, 0]


def stored_as(*flags: tuple[int, int]) -> NDArray[np.uint8]:
    """Flags of NO2 that are stored, by hour; all else is good."""
    told = np.full((len(HOUR_ITEMS), HOURS, 1), GOOD, np.uint8)
    for hour, flag in flags:
        told[NO2, hour] = flag
    return told


def test_hours_without_a_fault_are_good_and_missing_ones_are_missing() -> None:
    """Whatever is stored of them is no worse."""
    values = hours()
    values[NO2, 7] = np.nan
    flag, test = judged(values)
    assert flag.tolist() == [GOOD] * 7 + [MISSING] + [GOOD] * 92
    assert test.tolist() == [0] * 7 + [QualityTest.GAP] + [0] * 92


@pytest.mark.parametrize("flag", [SUSPECT, BAD])
def test_what_is_stored_as_suspect_or_bad_stays_so(flag: int) -> None:
    """It came in: no test finds anything."""
    flags, tests = judged(hours(), stored_as((20, flag)))
    assert (flags[20], tests[20]) == (flag, QualityTest.INCOMING)
    assert valid(np.delete(flags, 20)).all()


def test_what_a_test_finds_again_has_its_name() -> None:
    """Though it is stored: of a line that stands still from its 13th hour on, and is bad from its 25th."""
    still = hours()[NO2, :, 0].copy()
    still[10:50] = 40
    stored = stored_as(*((hour, SUSPECT) for hour in range(22, 34)), *((hour, BAD) for hour in range(34, 50)))
    for flags, tests in (judged(hours(still)), judged(hours(still), stored)):
        assert flags[9:51].tolist() == [GOOD] * 13 + [SUSPECT] * 12 + [BAD] * 16 + [GOOD]
        assert set(tests[22:50]) == {QualityTest.FLAT_LINE}


def test_a_value_that_a_test_called_bad_is_seen_by_those_behind_it() -> None:
    """Were it not, the second line, of ten hours, would look as long as twelve."""
    still = hours()[NO2, :, 0].copy()
    still[10:38], still[38:48] = 40, 44
    stored = stored_as(*((hour, BAD) for hour in range(34, 38)))
    flags, _ = judged(hours(still), stored)
    assert flags[38:48].tolist() == [GOOD] * 10


def test_a_value_that_came_in_as_bad_is_hidden_from_those_behind_it() -> None:
    """A line of ten hours with three in it that the instrument took back."""
    still = hours()[NO2, :, 0].copy()
    still[10:23] = 40
    still[13:16] = 90
    assert valid(judged(hours(still))[0]).all()
    flags, _ = judged(hours(still), stored_as((13, BAD), (14, BAD), (15, BAD)))
    assert flags[22] == SUSPECT
    assert flags[13:16].tolist() == [BAD] * 3


def test_what_an_auditor_told_keeps_its_flag() -> None:
    """Judged by a person: good in the middle of a line that stands still, or bad without any reason of ours."""
    still = hours()[NO2, :, 0].copy()
    still[10:50] = 40
    kept = np.zeros((len(HOUR_ITEMS), HOURS, 1), np.bool_)
    kept[NO2, 40], kept[NO2, 60] = True, True
    flags, tests = judged(hours(still), stored_as((60, BAD)), kept)
    assert (flags[40], flags[41], flags[60]) == (GOOD, BAD, BAD)
    assert (tests[40], tests[60]) == (QualityTest.NONE, QualityTest.INCOMING)


def test_a_line_begins_with_a_value_and_not_with_a_gap() -> None:
    """An analyser that begins, and stands still from its first hour on, is not flat at once."""
    still = np.full(HOURS, np.nan)
    still[30:] = 40
    flags, _ = judged(hours(still))
    assert flags[30:].tolist() == [GOOD] * 12 + [SUSPECT] * 12 + [BAD] * 46


def test_what_only_stands_out_counts_and_what_stands_still_does_not() -> None:
    """As it does everywhere."""
    values = hours()
    values[NO2, 30] = 300
    values[NO2, 60] = 0
    flags, tests = judged(values)
    assert (flags[30], tests[30]) == (SUSPECT, QualityTest.SPIKE)
    assert counts(flags, tests)[[30, 60]].tolist() == [True, False]


def test_the_tests_are_given_as_much_before_and_after_as_they_look_at() -> None:
    """More for a test that is compared with what others let through."""
    assert reach(read(thresholds_text(""), "thresholds")) == (336, 2)
    large = 'key = "so2"\noutlier_large = { days = 10, factor = 2, at_least = 3, evidence = "beijing" }'
    assert reach(read(thresholds_text("").replace('key = "so2"', large), "own")) == (4 * 240, 4)


def test_no_stations_are_no_error() -> None:
    """A city may only have days that it told itself."""
    none = np.empty((len(HOUR_ITEMS), HOURS, 0))
    assert judged_hours(none, none.astype(np.uint8), None, ON_ENTRY).flag.shape == none.shape
