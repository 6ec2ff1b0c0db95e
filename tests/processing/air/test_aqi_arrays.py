"""Arrays of the air quality index: what one value comes to, all come to, in any shape and across blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import AirQuality, aqi_and_primary, evaluate, exceedance_pollutants
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.blocks import BLOCK
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex
from qingchuan.processing.standards.air_index import Report

if TYPE_CHECKING:
    from qingchuan.processing.scaled import Scaled
    from qingchuan.processing.standards.air_index import Averaging

EDITIONS = {name: standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026")}
BOTH = tuple(EDITIONS)
FIELDS = ("aqi", "primary", "level", "complete", "published")
VALUES = st.one_of(st.integers(0, 200), st.integers(700, 900), st.integers(0, MISSING), st.just(MISSING))
AVERAGING = st.sampled_from(["hour", "day"])


def _cube(size: int, averaging: Averaging) -> dict[str, Scaled]:
    """Values about every limit, with gaps, of all items of a report."""
    chance = np.random.default_rng(size)
    cube = {}
    for item in EDITIONS["hj633_2012"].report(averaging):
        values = chance.integers(0, 900, size, dtype=np.uint16)
        values[chance.random(size) < 0.05] = MISSING
        cube[item] = values
    return cube


def _same(some: AirQuality, other: AirQuality) -> bool:
    pairs = [(getattr(some, field), getattr(other, field)) for field in ("iaqi", *FIELDS)]
    return all(np.array_equal(one, two) and one.dtype == two.dtype for one, two in pairs)


def _at(air: AirQuality, place: tuple[int, ...]) -> list[object]:
    """Everything it says of one place."""
    return [np.moveaxis(air.iaqi, 0, -1)[place].tolist(), *(getattr(air, field)[place].item() for field in FIELDS)]


@given(stn.arrays(np.uint16, (6, 3, 2), elements=VALUES), AVERAGING, st.sampled_from(BOTH))
def test_arrays_come_to_what_their_values_come_to(values: Scaled, averaging: Averaging, edition: str) -> None:
    """One by one as scalars, all at once, and the lean function the same."""
    standard, before = EDITIONS[edition], values.copy()
    concentrations = dict(zip(standard.report(averaging), values, strict=True))
    air, lean = evaluate(concentrations, averaging, standard), aqi_and_primary(concentrations, averaging, standard)
    for place in np.ndindex(3, 2):
        scalars = {item: np.array(value[place]) for item, value in concentrations.items()}
        assert _at(evaluate(scalars, averaging, standard), ()) == _at(air, place)
    assert lean.items == air.items
    assert np.array_equal(lean.aqi, air.aqi)
    assert np.array_equal(lean.primary, air.primary)
    assert np.array_equal(values, before)


@given(stn.arrays(np.uint16, (6, 4), elements=VALUES), AVERAGING, st.sampled_from(BOTH))
def test_masks_and_indices_say_the_same(values: Scaled, averaging: Averaging, edition: str) -> None:
    """Primary are those whose index is the AQI above 50; all is told again in plain Python."""
    standard = EDITIONS[edition]
    air = evaluate(dict(zip(standard.report(averaging), values, strict=True)), averaging, standard)
    for place, aqi in enumerate(air.aqi.tolist()):
        iaqi = dict(zip(air.items, air.iaqi[:, place].tolist(), strict=True))
        gone = {item for item, value in zip(air.items, values[:, place].tolist(), strict=True) if value == MISSING}
        withheld = any(index < 0 for item, index in iaqi.items() if item not in gone)
        assert aqi == (-1 if withheld or len(gone) == 6 else max(*iaqi.values(), standard.range.least))
        first = {item for item, index in iaqi.items() if index == aqi and aqi > 50}
        assert set(items_of_mask(int(air.primary[place]), air.items)) == first
        assert bool(air.complete[place]) is not bool(gone)


@pytest.mark.parametrize("size", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])
@pytest.mark.parametrize("edition", BOTH)
def test_blocks_do_not_matter(size: int, edition: str) -> None:
    """A length about that of a block comes to what its pieces come to."""
    standard, cube = EDITIONS[edition], _cube(size, "hour")
    whole, lean = evaluate(cube, "hour", standard), aqi_and_primary(cube, "hour", standard)
    for part in (slice(0, 1000), slice(BLOCK - 500, BLOCK + 500), slice(size - 1000, size)):
        piece = evaluate({item: values[part] for item, values in cube.items()}, "hour", standard)
        assert np.array_equal(piece.iaqi, whole.iaqi[:, part])
        assert all(np.array_equal(getattr(piece, field), getattr(whole, field)[part]) for field in FIELDS)
        assert np.array_equal(piece.aqi, lean.aqi[part])
        assert np.array_equal(piece.primary, lean.primary[part])


def test_arrays_that_are_not_contiguous_come_to_the_same() -> None:
    """Stations chosen from a cube, time in the last axis, backwards."""
    standard = EDITIONS["hj633_2026"]
    cube = {item: values.reshape(200, 30) for item, values in _cube(6000, "day").items()}
    for choose in ((slice(None), slice(3, 20, 4)), (slice(None, None, -1), slice(None))):
        view = {item: values[choose] for item, values in cube.items()}
        copy = {item: np.ascontiguousarray(values) for item, values in view.items()}
        assert _same(evaluate(view, "day", standard), evaluate(copy, "day", standard))
    turned = evaluate({item: values.T for item, values in cube.items()}, "day", standard)
    assert np.array_equal(turned.aqi.T, evaluate(cube, "day", standard).aqi)


def test_an_item_that_is_left_out_is_one_that_is_missing() -> None:
    """In every part of the result."""
    cube = _cube(500, "hour")
    for standard in EDITIONS.values():
        missing = evaluate({**cube, "co": np.full(500, MISSING, np.uint16)}, "hour", standard)
        left_out = {item: values for item, values in cube.items() if item != "co"}
        assert _same(evaluate(left_out, "hour", standard), missing)


@pytest.mark.parametrize("value", [np.int64(35), np.float64(35.0), 35, [35, 36]])
def test_what_is_not_scaled_is_refused(value: object) -> None:
    """A negative or infinite number is no uint16; the message says what gives one."""
    wrong: Any = {"pm25": value}
    for judge in (evaluate, aqi_and_primary):
        with pytest.raises(TypeError, match=r"the item 'pm25' has the type \w+; it must be uint16, as to_scaled"):
            judge(wrong, "day", EDITIONS["hj633_2026"])


@pytest.mark.parametrize(
    ("pm25", "pm10", "names"), [(75, 150, ()), (76, 150, ("pm25",)), (75, 151, ("pm10",)), (76, 151, ("pm10", "pm25"))]
)
def test_above_an_index_of_100_a_pollutant_exceeds_its_limit(pm25: int, pm10: int, names: tuple[str, ...]) -> None:
    """2012, 4.4.2: both sides of the limits 75 and 150; what is missing does not exceed."""
    standard = EDITIONS["hj633_2012"]
    air = evaluate({"pm25": np.array(pm25, np.uint16), "pm10": np.array(pm10, np.uint16)}, "day", standard)
    mask = exceedance_pollutants(air, standard)
    assert mask is not None
    assert items_of_mask(int(mask), air.items) == names


def test_the_edition_of_2026_does_not_have_the_term() -> None:
    """Its foreword drops it; none is not the same as no pollutant."""
    standard = EDITIONS["hj633_2026"]
    assert exceedance_pollutants(evaluate({"pm25": np.array(300, np.uint16)}, "day", standard), standard) is None


def test_pollutants_that_exceed_have_the_shape_of_the_aqi() -> None:
    """And an item that a note gives no index is not among them."""
    standard = EDITIONS["hj633_2012"]
    so2 = np.array([[500, 501], [800, 801]], np.uint16)
    mask = exceedance_pollutants(evaluate({"so2": so2}, "hour", standard), standard)
    assert mask is not None
    assert mask.tolist() == [[0, 1], [1, 0]]


def test_a_report_of_more_than_eight_items_is_refused() -> None:
    """A mask is a byte."""
    columns = {f"item{number}": "SO2 1h" for number in range(9)}
    with pytest.raises(msgspec.ValidationError, match=r"the report of 5\.1 has 9 items; 8 fit a mask"):
        msgspec.convert({"clause": "5.1", "columns": columns}, Report)
