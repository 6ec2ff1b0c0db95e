"""Numbers in files: what comes out is what went in, to the bit, or it does not fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue
from qingchuan.store.cube.encoding import UnfitError, first_width, items, narrowed, numbers_of, scale_of, widened

SCALED = [item for item in items() if scale_of(item)]


@given(st.sampled_from(SCALED), st.lists(st.floats(-100, 30000) | st.just(float("nan")) | st.just(-0.0)))
def test_any_number_comes_back_or_does_not_fit(item: str, numbers: list[float]) -> None:
    """Negative zero is a number of its own."""
    values = np.array(numbers)
    try:
        codes = narrowed(values, item)
    except UnfitError:
        return
    assert widened(codes, item).tobytes() == np.where(np.isnan(values), np.nan, values).tobytes()


@given(st.sampled_from(SCALED), st.data())
def test_every_plausible_number_of_official_decimals_fits(item: str, data: st.DataObject) -> None:
    """It is the one that its decimal text is parsed to."""
    entry = catalogue.item(item)
    times = 10**entry.decimals
    least, largest = (round(bound * times) for bound in entry.plausible)
    whole = data.draw(st.integers(least, largest))
    sign, digits = "-" if whole < 0 else "", f"{abs(whole):0{entry.decimals + 1}}"
    text = f"{sign}{digits[: len(digits) - entry.decimals]}.{digits[len(digits) - entry.decimals :]}0"
    values = np.array([float(text)])
    assert widened(narrowed(values, item), item).tobytes() == values.tobytes()


def test_the_six_of_the_air_are_integers_and_the_water_is_exact() -> None:
    """By the catalogue; what has more plausible numbers than 16 bits is a float, too."""
    assert {first_width(item) for item in ("so2", "no2", "pm10", "pm25", "co", "o3", "o3_8h")} == {"narrow"}
    assert {first_width(item) for item in ("codmn", "nh3n", "tp", "do", "ph", "tsp", "flow")} == {"wide"}
    with pytest.raises(UnfitError):
        narrowed(np.array([1.0]), "tp")
    with pytest.raises(UnfitError):
        numbers_of("tp")


@pytest.mark.parametrize("number", [35.55, -0.0, -21.0, 70000.0, np.inf])
def test_what_is_no_integer_of_the_item_does_not_fit(number: float) -> None:
    """More decimals, beyond the range, infinite."""
    with np.errstate(all="raise"), pytest.raises(UnfitError):
        narrowed(np.array([[1.0, number]]), "pm25")
