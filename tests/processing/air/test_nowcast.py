"""The NowCast of particles: published hours, missing ones, weights, and truncation to the last digit."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.nowcast import exact_nowcast, nowcast
from qingchuan.processing.air.us_epa import iaqi
from qingchuan.processing.standards import UsAirQualityIndex

STANDARD = standards.load("epa2024", UsAirQualityIndex)
X = None

# The current hour first, as they are published: NowCast truncated to 0.1, or None.
PUBLISHED: list[tuple[list[float | None], float | None]] = [
    ([35.4] * 12, 35.4),
    ([10, 20, 40, 80], 21.3),
    ([4, X, X, 4], None),
    ([12, X, 12], 12.0),
    ([X, 12, 12], 12.0),
    ([12, 12], 12.0),
    ([12], None),
    ([12, X, X], None),
    ([X, X, 12, 12, 12], None),
    ([50, 80, 75, 90, 82, 53, 64, 74, 21, 10, 16, 13], 64.2),
    ([0.0] * 12, 0.0),
]

TENTHS = st.integers(0, 5000).map(lambda tenths: tenths / 10)
HOURS = st.lists(TENTHS | st.just(np.nan), min_size=1, max_size=20)


def _latest(recent_first: list[float | None], item: str = "pm25") -> tuple[float | None, int]:
    hours = [np.nan if hour is None else hour for hour in reversed(recent_first)]
    found = nowcast(hours, item, STANDARD)
    value = float(found.truncated[-1])
    return (None if np.isnan(value) else value), int(found.aqi[-1])


def _oracle(recent_first: list[float]) -> Fraction | None:
    """NowCast by the steps of the document, one after the other."""
    past = [None if np.isnan(hour) else Fraction(repr(hour)) for hour in recent_first[:12]]
    if len([hour for hour in past[:3] if hour is not None]) < 2:
        return None
    measured = [hour for hour in past if hour is not None]
    if max(measured) == 0:
        return Fraction(0)
    scaled_rate_of_change = (max(measured) - min(measured)) / max(measured)
    factor = max(1 - scaled_rate_of_change, Fraction(1, 2))
    products = sum((hour * factor**ago for ago, hour in enumerate(past) if hour is not None), start=Fraction(0))
    return products / sum(factor**ago for ago, hour in enumerate(past) if hour is not None)


@pytest.mark.parametrize(("recent_first", "expected"), PUBLISHED, ids=range(len(PUBLISHED)))
def test_published_hours_have_their_nowcast(recent_first: list[float | None], expected: float | None) -> None:
    """Check values of other projects and by hand; 12 hours alike come out as they went in."""
    assert _latest(recent_first)[0] == expected


def test_a_constant_of_35_4_has_the_index_100_and_never_99() -> None:
    """Its mean is 35.4, not 35.39999."""
    assert _latest([35.4] * 12) == (35.4, 100)
    assert _latest([154.0] * 12, "pm10") == (154.0, 100)


@pytest.mark.parametrize(("smallest", "weight"), [(0.0, 0.5), (49.9, 0.5), (50.0, 0.5), (50.1, 0.501), (100.0, 1.0)])
def test_the_weight_factor_is_never_below_one_half(smallest: float, weight: float) -> None:
    """Both sides of the smallest hour being half of the largest."""
    assert nowcast([100.0, smallest], "pm25", STANDARD).weight[-1] == pytest.approx(weight, abs=1e-15)


def test_an_hour_weighs_by_how_long_ago_it_was_not_by_its_place_among_the_valid() -> None:
    """With a missing hour between: 1 and 1/4, not 1 and 1/2."""
    assert _latest([10, X, 40])[0] == 16.0
    assert _latest([10, 40])[0] == 20.0


def test_an_hour_counts_for_twelve_hours() -> None:
    """The spike is in the window at eleven hours ago, and is not at twelve."""
    hours = np.full(30, 10.0)
    hours[5] = 1000.0
    found = nowcast(hours, "pm25", STANDARD)
    assert found.weight[16] == 0.5
    assert found.weight[17] == 1.0
    assert found.truncated[17] == 10.0
    assert found.valid[[0, 10, 11, 29]].tolist() == [1, 11, 12, 12]


def test_a_nowcast_on_a_last_decimal_is_truncated_exactly() -> None:
    """Two hours, the later twice the earlier: (2c + c/2) / 1.5 is 5c/3, a whole number of tenths for every third c.

    What was measured before the window has no part in it.
    """
    before = [999.0, *[np.nan] * 10]
    for tenths in range(1, 2000):
        exact = Fraction(5 * tenths, 30)
        found = nowcast([*before, tenths / 10, 2 * tenths / 10], "pm25", STANDARD)
        assert found.truncated[-1] == exact * 10 // 1 / 10


def test_negative_and_infinite_hours() -> None:
    """A negative hour counts as 0, an infinite one is missing."""
    assert _latest([20, -5])[0] == _latest([20, 0])[0] == 13.3
    assert _latest([20, np.inf, 20])[0] == 20.0
    assert _latest([-5, -1])[0] == 0.0
    assert _latest([-np.inf, 20])[0] is None


@pytest.mark.parametrize("shape", [(24,), (3, 24), (2, 3, 24), (0,), (0, 24), (3, 0), (2, 1)])
def test_any_leading_shape_comes_back_as_it_was(shape: tuple[int, ...]) -> None:
    """Every array of the result; each row is what it would be alone."""
    hours = np.random.default_rng(3).integers(0, 900, shape) / 10
    found = nowcast(hours, "pm25", STANDARD)
    assert all(part.shape == shape for part in found)
    for row in np.ndindex(shape[:-1]):
        assert np.array_equal(nowcast(hours[row], "pm25", STANDARD).truncated, found.truncated[row], equal_nan=True)


def test_all_missing_has_no_nowcast() -> None:
    """NaN, and -1 for the index."""
    found = nowcast(np.full((2, 13), np.nan), "pm10", STANDARD)
    assert np.isnan(found.concentration).all()
    assert np.isnan(found.weight).all()
    assert (found.aqi == -1).all()
    assert not found.valid.any()


def test_only_particles_have_a_nowcast_here() -> None:
    """Ozone's is a regression; a single value has no hours before it."""
    with pytest.raises(ValueError, match=r"the NowCast has the item 'o3_8h'; there is one of pm25, pm10 \(EPA-454"):
        nowcast([0.05], "o3_8h", STANDARD)
    with pytest.raises(ValueError, match=r"the hours have the shape \(\); it must be"):
        nowcast(12.0, "pm25", STANDARD)


@given(HOURS, st.sampled_from(["pm25", "pm10"]))
def test_every_hour_is_that_of_the_document_in_fractions(hours: list[float], item: str) -> None:
    """Value to 1e-12, truncation and index exactly, and the hours stay as they were."""
    given_hours = np.array(hours)
    found = nowcast(given_hours, item, STANDARD)
    assert np.array_equal(given_hours, np.array(hours), equal_nan=True)
    power = 10 ** STANDARD.truncation.items[item]
    for hour in range(len(hours)):
        exact = _oracle(hours[hour::-1])
        if exact is None:
            assert np.isnan(found.concentration[hour])
            assert found.aqi[hour] == -1
        else:
            assert found.concentration[hour] == pytest.approx(float(exact), rel=1e-12, abs=1e-12)
            assert found.truncated[hour] == exact * power // 1 / power
            assert found.aqi[hour] == iaqi(float(exact * power // 1 / power), item, STANDARD)


@given(st.lists(TENTHS, min_size=2, max_size=12).filter(any))
def test_the_exact_nowcast_is_that_of_the_document(recent_first: list[float]) -> None:
    """The fractions that decide a last decimal, against the steps one by one."""
    assert exact_nowcast(recent_first, STANDARD.nowcast) == _oracle(recent_first)


def test_every_pair_of_hours_is_truncated_as_the_document_has_it() -> None:
    """Of 0.1 and 1.0 the NowCast is 0.4 and no float less: floats alone would miss a tenth of many such pairs."""
    tenths = range(1, 81)
    pairs = np.array([[before / 10, now / 10] for before in tenths for now in tenths])
    exact = [_oracle([now, before]) for before, now in pairs.tolist()]
    found = nowcast(pairs, "pm25", STANDARD).truncated[:, -1]
    assert found.tolist() == [float(mean * 10 // 1) / 10 for mean in exact if mean is not None]
    assert _latest([0.1, 1.0])[0] == 0.4
    assert _latest([0.1, 241.2, 181.1, 16.2])[0] == 89.6
