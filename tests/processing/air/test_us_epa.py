"""The AQI of the US EPA: its own examples, every representable concentration, and the edges of the rule."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.us_epa import category_of, evaluate, iaqi
from qingchuan.processing.standards import UsAirQualityIndex

EDITIONS = {name: standards.load(name, UsAirQualityIndex) for name in ("epa2012", "epa2012_ozone2008", "epa2024")}
NEW, OLD = EDITIONS["epa2024"], EDITIONS["epa2012"]

# Upper ends of the ranges alone, with the indices that they end at. A range begins one last decimal after the end of
# the one before; where 1-hour ozone and 24-hour SO2 begin is given.
INDEX_2024, INDEX_2012 = "50 100 150 200 300 500", "50 100 150 200 300 400 500"
ENDS: dict[str, dict[str, str]] = {
    "epa2024": {
        "o3_8h": "0.054 0.070 0.085 0.105 0.200",
        "pm25": "9.0 35.4 55.4 125.4 225.4 325.4",
        "pm10": "54 154 254 354 424 604",
        "co": "4.4 9.4 12.4 15.4 30.4 50.4",
        "so2_1h": "35 75 185 304",
        "no2": "53 100 360 649 1249 2049",
    },
    "epa2012": {
        "o3_8h": "0.054 0.070 0.085 0.105 0.200",
        "pm25": "12.0 35.4 55.4 150.4 250.4 350.4 500.4",
        "pm10": "54 154 254 354 424 504 604",
        "co": "4.4 9.4 12.4 15.4 30.4 40.4 50.4",
        "so2_1h": "35 75 185 304",
        "no2": "53 100 360 649 1249 1649 2049",
    },
    "epa2012_ozone2008": {"o3_8h": "0.059 0.075 0.095 0.115 0.374"},
}
LATE = {
    "epa2024": {"o3_1h": ("0.125", "0.164 0.204 0.404 0.604", 101), "so2_24h": ("305", "604 1004", 201)},
    "epa2012": {"o3_1h": ("0.125", "0.164 0.204 0.404 0.504 0.604", 101), "so2_24h": ("305", "604 804 1004", 201)},
}
COLUMNS = [
    *((name, item, "0", ends, 0) for name, items in ENDS.items() for item, ends in items.items()),
    *((name, item, *late) for name, items in LATE.items() for item, late in items.items()),
]

# EPA-454/B-24-002, pp. 15–16, and the ends of its ranges.
EPA_EXAMPLES = [
    ("o3_8h", 0.07853333, 126),
    ("pm25", 35.9, 102),
    ("co", 8.4, 90),
    ("o3_1h", 0.104, -1),
]

# Boundaries in tests of other projects (aqi-hub), those that agree with the printed table.
BOUNDARIES = [
    ("pm25", "0→0 9.0→50 9.099→50 9.1→51 35.4→100 35.5→101 55.4→150 55.5→151 125.4→200 125.5→201 225.4→300 225.5→301"),
    ("pm25", "325.4→500"),
    ("o3_8h", "0.070999→100"),
    ("co", "4.4→50 4.5→51"),
    ("no2", "53→50 360→150 649→200"),
    ("so2_1h", "35→50 185→150 304→200"),
]

# Concentrations whose index ends in exactly ½, worked out by hand: all go up.
TIES = [
    ("o3_8h", "0.072→105 0.074→112 0.076→119 0.078→126 0.080→133 0.082→140 0.084→147 0.153→251"),
    ("co", "1.1→13 3.3→38"),
    ("so2_1h", "245→176"),
    ("no2", "77→76 505→176"),
]

# Printed elsewhere and not used, with what the rule gives and why the other number is wrong.
NOT_USED = [
    (
        "o3_1h",
        0.162,
        148,
        147,
        "EPA-454/B-24-002, p. 15: its equation comes to 147.49, and its step 4 rounds to the nearest",
    ),
    ("pm10", 504.0, 388, 389, "aqi-hub: comes to 388.83"),
    ("no2", 1249.0, 500, 300, "aqi-hub: the end of the range 201–300"),
    ("so2_24h", 805.0, 400, 401, "aqi-hub: the step at 400 is gone since 2024"),
    ("pm25", 12.0, 50, 56, "python-aqi and others: the table before 2024"),
]


def _pairs(rows: list[tuple[str, str]]) -> list[tuple[str, float, int]]:
    pairs = [(item, *pair.split("→")) for item, text in rows for pair in text.split()]
    return [(item, float(concentration), int(index)) for item, concentration, index in pairs]


def _oracle(scaled: int, first: int, ends: list[int], indices: list[int], index_first: int) -> int:
    """Index of a concentration by fractions; the last range goes on."""
    low, index_low = first, index_first
    for end, index_end in zip(ends, indices, strict=True):
        if scaled <= end or end == ends[-1]:
            exact = Fraction(index_end - index_low, end - low) * (scaled - low) + index_low
            return (exact + Fraction(1, 2)).__floor__()
        low, index_low = end + 1, index_end + 1
    raise AssertionError


@pytest.mark.parametrize(("name", "item", "first", "ends", "index_first"), COLUMNS)
def test_every_representable_concentration_has_the_index_of_the_equation(
    name: str, item: str, first: str, ends: str, index_first: int
) -> None:
    """Of every column of every edition, from zero to a fifth beyond its end, by fractions; a float for each decimal."""
    standard, decimals = EDITIONS[name], EDITIONS[name].truncation.items[item]
    scaled_ends = [int(Fraction(end) * 10**decimals) for end in ends.split()]
    begin = int(Fraction(first) * 10**decimals)
    grid = [int(index) for index in (INDEX_2024 if name == "epa2024" else INDEX_2012).split()]
    indices = [index for index in grid if index > index_first][: len(scaled_ends)]
    everything = range(scaled_ends[-1] * 6 // 5)
    beyond = {"o3_8h": -1, "so2_1h": 200}
    expected = [
        -1
        if scaled < begin
        else beyond[item]
        if item in beyond and scaled > scaled_ends[-1]
        else _oracle(scaled, begin, scaled_ends, indices, index_first)
        for scaled in everything
    ]
    concentrations = [float(f"{scaled}e-{decimals}") for scaled in everything]
    assert iaqi(concentrations, item, standard).tolist() == expected
    # And anywhere below the next decimal: truncated, never rounded.
    almost = [float(f"{scaled}999e-{decimals + 3}") for scaled in everything]
    assert iaqi(almost, item, standard).tolist() == expected


@pytest.mark.parametrize(("item", "concentration", "index"), [*EPA_EXAMPLES, *_pairs(BOUNDARIES), *_pairs(TIES)])
def test_published_examples_boundaries_and_exact_ties(item: str, concentration: float, index: int) -> None:
    """EPA's own guide, other projects' boundaries, and ties that go up."""
    assert iaqi(concentration, item, NEW) == index


@pytest.mark.parametrize(("item", "concentration", "printed", "index", "why"), NOT_USED)
def test_numbers_that_are_printed_elsewhere_and_not_used(
    item: str, concentration: float, printed: int, index: int, why: str
) -> None:
    """Each with the reason; the rule gives another number."""
    assert why
    assert iaqi(concentration, item, NEW) == index != printed


def test_the_edition_decides() -> None:
    """The same air before and since 2024, and ozone before the end of 2015."""
    assert [int(iaqi(12.0, "pm25", edition)) for edition in EDITIONS.values()] == [50, 50, 56]
    assert [int(iaqi(0.060, "o3_8h", edition)) for edition in EDITIONS.values()] == [67, 51, 67]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_above_500_the_last_segment_goes_on(edition: UsAirQualityIndex) -> None:
    """As far beyond the end as the segment is long, the index rises by as much again."""
    for item in ("o3_1h", "pm25", "pm10", "co", "so2_24h", "no2"):
        segments, scale = edition.segments[item], 10 ** edition.truncation.items[item]
        twice = (2 * segments.high[-1] - segments.low[-1]) / scale
        assert iaqi(twice, item, edition) == 1000 - segments.index_low[-1]


def test_an_index_beyond_int16_is_held_at_its_largest() -> None:
    """There is no upper end; the largest number stands for it."""
    assert iaqi([16_000.0, 1e9, 1e300], "pm25", NEW).tolist() == [31724, 32767, 32767]


def test_negative_and_infinite_concentrations() -> None:
    """A negative one counts as 0, as in EPA's files; an infinite one is none, nor what a column begins above."""
    values = [-0.4, -0.0, -1e9, -np.inf, np.inf, np.nan]
    assert iaqi(values, "so2_1h", NEW).tolist() == [0, 0, 0, -1, -1, -1]
    assert iaqi([-0.1, 0.1249, 0.125], "o3_1h", NEW).tolist() == [-1, -1, 101]


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 4), (0,), (0, 5)])
def test_any_shape_comes_back_as_it_was(shape: tuple[int, ...]) -> None:
    """Scalars, none, and up to three axes, also as a whole day."""
    values = np.full(shape, 35.9)
    assert iaqi(values, "pm25", NEW).shape == shape
    air = evaluate({"pm25": values, "co": 8.4}, NEW)
    assert air.aqi.shape == air.category.shape == shape
    assert air.iaqi.shape == (len(air.items), *shape)
    assert (air.aqi == 102).all()


def test_no_item_and_all_missing_have_no_aqi() -> None:
    """-1 and category 0, and no primary pollutant."""
    for air in (evaluate({}, NEW), evaluate({"pm25": np.nan, "o3_8h": np.nan}, NEW)):
        assert (int(air.aqi), int(air.category)) == (-1, 0)
        assert not air.primary.any()


def test_input_that_is_not_contiguous_gives_the_same_and_stays_as_it_was() -> None:
    """Every other value of a reversed, transposed array."""
    values = np.arange(60, dtype=np.float64).reshape(6, 10)
    before = values.copy()
    assert np.array_equal(iaqi(values.T[::-2], "pm25", NEW), iaqi(values.T[::-2].copy(), "pm25", NEW))
    evaluate({"pm25": values[:, ::2], "pm10": values[:, 1::2]}, NEW)
    assert np.array_equal(values, before)


@pytest.mark.parametrize(
    ("eight", "one", "aqi", "primary"),
    [
        (0.078, 0.162, 147, ["o3_1h"]),
        (0.078, 0.104, 126, ["o3_8h"]),
        (0.078, np.nan, 126, ["o3_8h"]),
        (np.nan, 0.125, 101, ["o3_1h"]),
        (0.200, np.nan, 300, ["o3_8h"]),
        (0.201, 0.405, 301, ["o3_1h"]),
        (0.201, 0.300, 248, ["o3_1h"]),
        (0.201, np.nan, -1, []),
        (0.201, 0.104, -1, []),
    ],
)
def test_ozone_takes_the_higher_of_8_hours_and_1_hour(eight: float, one: float, aqi: int, primary: list[str]) -> None:
    """As far as each is defined; beyond the 8-hour column without a 1-hour index there is no AQI at all."""
    air = evaluate({"o3_8h": eight, "o3_1h": one, "pm25": 5.0}, NEW)
    assert air.aqi == aqi
    assert [item for item, first in zip(air.items, air.primary, strict=True) if first] == primary


@pytest.mark.parametrize(
    ("one", "day", "aqi"),
    [
        (304, 304, 200),
        (304, np.nan, 200),
        (305, 304.9, 200),
        (1500, 100, 200),
        (305, np.nan, 200),
        (305, 305, 201),
        (305.9, 604, 300),
        (np.nan, 605, 301),
        (np.nan, 304, -1),
        (100, 305, 201),
    ],
)
def test_sulphur_dioxide_is_200_exactly_from_305_on_and_more_by_its_24_hour_mean(
    one: float, day: float, aqi: int
) -> None:
    """Both sides of 305 ppb, in both columns."""
    assert evaluate({"so2_1h": one, "so2_24h": day}, NEW).aqi == aqi


def test_the_category_is_that_of_the_rounded_index() -> None:
    """Both sides of each end; 0.5 below the next category goes up into it."""
    ends = [0, 50, 51, 100, 101, 150, 151, 200, 201, 300, 301, 500, 501, 30000, -1]
    assert category_of(ends, NEW).tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 0]
    assert [NEW.categories[number - 1].en for number in (1, 6)] == ["Good", "Hazardous"]


def test_the_example_of_three_pollutants() -> None:
    """EPA-454/B-24-002, p. 15: the AQI is 126, ozone is the main pollutant, sensitive groups suffer."""
    air = evaluate({"o3_8h": 0.078, "pm25": 35.9, "co": 8.4}, NEW)
    assert (int(air.aqi), int(air.category)) == (126, 3)
    assert [item for item, first in zip(air.items, air.primary, strict=True) if first] == ["o3_8h"]


def test_ties_have_two_main_pollutants() -> None:
    """Indices that are equal after rounding."""
    air = evaluate({"pm25": 35.4, "pm10": 154, "co": 1.0}, OLD)
    assert [item for item, first in zip(air.items, air.primary, strict=True) if first] == ["pm25", "pm10"]


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    """Ozone without its averaging time is not a column."""
    wanted = r"the concentration has the item 'o3'; it has columns for o3_8h, .*, no2 \(EPA-454/B-24-002, Table 6\)"
    with pytest.raises(ValueError, match=wanted):
        evaluate({"o3": 0.05}, NEW)
    with pytest.raises(ValueError, match=wanted):
        iaqi(0.05, "o3", NEW)


@given(
    st.lists(st.floats(0, 700), min_size=2, max_size=8),
    st.sampled_from(["pm25", "pm10", "co", "so2_1h", "no2"]),
    st.sampled_from(sorted(EDITIONS)),
)
def test_an_array_is_its_scalars_and_more_is_never_better(values: list[float], item: str, name: str) -> None:
    """Element by element the same; the index never falls as the concentration grows."""
    standard = EDITIONS[name]
    index = iaqi(sorted(values), item, standard)
    assert index.tolist() == [int(iaqi(value, item, standard)) for value in sorted(values)]
    assert (np.diff(index.astype(np.int64)) >= 0).all()
