"""All tests on all items, and the flag that comes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import catalogue
from qingchuan.processing.quality import thresholds
from qingchuan.processing.quality.aggregate import QualityResult, aggregate
from qingchuan.processing.quality.assess import assess, outcomes
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.network import all_others
from tests.support.quality import HOUR, Values, series

SHIPPED = thresholds.shipped()
PM25 = SHIPPED.of("pm25")


def _assess(values: ArrayLike, items: tuple[str, ...], incoming: ArrayLike | None = None) -> QualityResult:
    told = np.asarray(values, dtype=np.float64)
    flags = np.full(told.shape, 2) if incoming is None else incoming
    return assess(told, items, HOUR * np.arange(told.shape[-1]), flags, SHIPPED, None)


@pytest.mark.parametrize(
    ("item", "series_of_it", "place", "flag", "test"),
    [
        ("pm25", [30, np.nan, 31], 1, 9, QualityTest.GAP),
        ("pm25", [30, 1100, 31], 1, 3, QualityTest.GROSS_RANGE),
        ("pm25", [30, 10001, 31], 1, 4, QualityTest.GROSS_RANGE),
        ("pm25", [30, 250, 31], 1, 3, QualityTest.SPIKE),
        ("pm25", [30, 460, 470], 1, 3, QualityTest.RATE_OF_CHANGE),
        ("pm25", [30] * 13, 12, 3, QualityTest.FLAT_LINE),
        ("pm25", [30] * 25, 24, 4, QualityTest.FLAT_LINE),
        ("pm25", [1, -1, 2], 1, 3, QualityTest.NEGATIVE),
        ("pm25", [1, -3, 2], 1, 4, QualityTest.NEGATIVE),
        ("so2", [1, 0, 2], 1, 3, QualityTest.ZERO),
        ("ph", [7, 0, 7.1], 1, 4, QualityTest.ZERO),
        ("do", [8.1, 8.1, 8.1, 8.1], 0, 3, QualityTest.CONSTANT),
        ("pm25", [30, 31, 32], 1, 1, QualityTest.NONE),
    ],
)
def test_each_test_is_named_by_the_flag_it_sets(
    item: str, series_of_it: list[float], place: int, flag: int, test: QualityTest
) -> None:
    """One series a test, under the thresholds that ship."""
    result = _assess([series_of_it], (item,))
    assert (result.flag[0, place], QualityTest(result.test[0, place])) == (flag, test)


def test_an_outlier_is_named() -> None:
    """Four days of hours around 0.3 NTU, and then 0.9."""
    hours = [0.3 + 0.01 * (hour % 7) for hour in range(96)]
    result = _assess([[*hours, 0.9]], ("turbidity",))
    assert QualityTest(result.test[0, -1]) is QualityTest.OUTLIER_LARGE
    assert (result.flag[0, :-1] == 1).all()


def test_items_that_contradict_each_other_are_both_named() -> None:
    """Whatever the order of the items; a pair of which one is not given is not tested."""
    values = {"pm10": [50.0, 50.0, 50.5], "pm25": [60.0, 60.1, 20.0]}
    for items in (("pm10", "pm25"), ("pm25", "pm10")):
        result = _assess([values[item] for item in items], items)
        assert result.flag.tolist() == [[1, 3, 1]] * 2
        assert result.test[:, 1].tolist() == [QualityTest.LOGIC] * 2
    assert _assess([values["pm25"]], ("pm25",)).flag.tolist() == [[1, 1, 1]]


def test_a_station_unlike_its_neighbours_is_named() -> None:
    """And is not compared where no neighbours are told."""
    values = np.array([[[30.0, 31, 30], [34, 35, 33], [38, 37, 36], [400, 391, 402]]])
    times, incoming = HOUR * np.arange(3), np.full((1, 4, 3), 2)
    result = assess(values, ("pm25",), times, incoming, SHIPPED, all_others(4))
    assert result.flag[0].tolist() == [[1, 1, 1]] * 3 + [[3, 3, 3]]
    assert (result.test[0, 3] == QualityTest.NETWORK).all()
    assert (assess(values, ("pm25",), times, incoming, SHIPPED, None).flag == 1).all()


def test_what_is_bad_by_itself_does_not_drag_down_what_is_beside_it() -> None:
    """Neither a sentinel nor a value that came in bad makes spikes or rates of its neighbours."""
    result = _assess([[30, 31, -9999, 32, 33]], ("pm25",))
    assert result.flag.tolist() == [[1, 1, 4, 1, 1]]
    result = _assess([[30, 31, 900, 32, 33]], ("pm25",), [[2, 2, 4, 2, 2]])
    assert result.flag.tolist() == [[1, 1, 4, 1, 1]]
    assert QualityTest(result.test[0, 2]) is QualityTest.INCOMING


def test_a_station_that_came_in_suspect_is_no_neighbour() -> None:
    """Its neighbours have two valid ones left, which is too few; it is compared itself."""
    values = np.array([[[30.0], [34.0], [38.0], [190.0]]])
    incoming = np.array([[[2], [2], [3], [2]]])
    found = outcomes(values, ("pm25",), [0], incoming, SHIPPED, all_others(4)).by_test[QualityTest.NETWORK]
    assert found.ravel().tolist() == [2, 2, 1, 2]


def test_an_item_without_thresholds_is_tested_for_its_plausible_range_alone() -> None:
    """The catalogue knows it; another one it refuses."""
    least, most = catalogue.item("o3_8h").plausible
    assert _assess([[least, most, most + 1]], ("o3_8h",)).flag.tolist() == [[1, 1, 4]]
    with pytest.raises(catalogue.UnknownItem):
        _assess([[1.0]], ("unobtainium",))


STACK = st.lists(st.tuples(series(6, 6), series(6, 6)), min_size=1, max_size=3)


def _padded(row: Values) -> Values:
    return np.concatenate([row, np.full(6, np.nan)])[:6]


@given(rows=STACK, flags=st.lists(st.sampled_from([1, 2, 3, 4, 9]), min_size=36, max_size=36))
def test_stations_are_assessed_one_by_one_and_nothing_is_changed(
    rows: list[tuple[Values, Values]], flags: list[int]
) -> None:
    """A stack, not contiguous, gives what each station gives alone; flags never get better than they came."""
    values = np.asfortranarray(np.array([[_padded(row) for row in item] for item in zip(*rows, strict=True)]))
    incoming = np.reshape(flags[: values.size], values.shape)
    before = values.copy()
    times = HOUR * np.arange(6)
    result = assess(values, ("nh3n", "tn"), times, incoming, SHIPPED, None)
    for station in range(values.shape[1]):
        alone = assess(values[:, station], ("nh3n", "tn"), times, incoming[:, station], SHIPPED, None)
        assert alone.flag.tolist() == result.flag[:, station].tolist()
        assert alone.test.tolist() == result.test[:, station].tolist()
    np.testing.assert_array_equal(values, before)
    assert (result.flag >= np.where(incoming == 2, 1, incoming)).all()
    assert (result.flag[np.isnan(values)] == 9).all()
    assert ((result.test == 0) == (result.flag <= 2)).all()


@given(rows=STACK)
def test_the_flag_is_the_worst_of_what_the_tests_say(rows: list[tuple[Values, Values]]) -> None:
    """And a value that is there is missing to none of them."""
    values = np.array([[_padded(row) for row in item] for item in zip(*rows, strict=True)])
    incoming = np.full(values.shape, 2)
    told = outcomes(values, ("codmn", "tp"), HOUR * np.arange(6), incoming, SHIPPED, None).by_test
    result = assess(values, ("codmn", "tp"), HOUR * np.arange(6), incoming, SHIPPED, None)
    expected = aggregate(incoming, told)
    assert result.flag.tolist() == expected.flag.tolist()
    for flags in told.values():
        assert (flags[~np.isnan(values)] != 9).all()


@pytest.mark.parametrize("shape", [(1, 0), (1, 2, 0), (1, 0, 3), (1, 1), (1, 2, 2, 3)])
def test_empty_and_stacked_values_keep_their_shape(shape: tuple[int, ...]) -> None:
    """No value at all is no error."""
    result = _assess(np.full(shape, 30.0), ("pm25",))
    assert result.flag.shape == result.test.shape == shape
    assert (result.flag == 1).all()


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_where_all_is_missing_all_flags_say_so(nothing: float) -> None:
    """Infinite values too."""
    result = _assess(np.full((2, 4), nothing), ("pm25", "pm10"))
    assert (result.flag == 9).all()
    assert (result.test == QualityTest.GAP).all()


@pytest.mark.parametrize(
    ("values", "items", "message"),
    [
        ([1.0, 2.0], ("pm25", "pm10"), r"the values have the shape \(2,\); it must be \(items, …, time\)"),
        ([[1.0, 2.0]], ("pm25", "pm10"), r"the values have the shape \(1, 2\); .* for pm25, pm10"),
    ],
)
def test_values_without_a_row_an_item_are_refused(values: list[float], items: tuple[str, ...], message: str) -> None:
    """Which row is which could not be told."""
    with pytest.raises(ValueError, match=message):
        _assess(values, items)


def test_incoming_flags_of_another_shape_are_refused() -> None:
    """They would be flags of other values."""
    with pytest.raises(ValueError, match="have the shape"):
        _assess([[1.0, 2.0]], ("pm25",), [[2, 2, 2]])
