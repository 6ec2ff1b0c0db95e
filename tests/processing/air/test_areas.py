"""Values of areas: dated membership, and the share of the stations of the time."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.areas import Membership, area_mean_of, evaluated_stations, explain_area_mean_of
from qingchuan.processing.air.averaging import area_mean
from qingchuan.processing.scaled import MISSING, Scaled
from tests.support.explained import named

RULES = standards.in_force("hj663", date(2025, 1, 1))
CITY, DISTRICT = "330200", "330206"
STATIONS = ("1234A", "1235A", "1236A")


@given(stn.arrays(np.uint16, (2, 6, 5)), stn.arrays(np.bool_, (6, 5)))
def test_means_are_the_rule_read_aloud(values: Scaled, evaluated: np.ndarray) -> None:
    """Three quarters of the stations of the time, half of them where they are fewer than four; exact, rounded once."""
    values = np.where(values % 3 == 0, MISSING, values % 500).astype(np.uint16)
    found = area_mean_of(values, evaluated, RULES)
    for place in np.ndindex(found.mean.shape):
        of = values[place][evaluated[place[-1]]]
        valid = [int(value) for value in of if value != MISSING]
        enough = 2 * len(valid) >= len(of) if len(of) < 4 else 4 * len(valid) >= 3 * len(of)
        expected = round(Fraction(sum(valid), len(valid))) if valid and enough else MISSING
        assert (int(found.mean[place]), int(found.valid[place])) == (expected, len(valid))
        assert found.evaluated[place[-1]] == len(of)


@pytest.mark.parametrize("stations", range(1, 9))
def test_stations_that_are_all_evaluated_have_the_plain_area_mean(stations: int) -> None:
    """The same rule as of the live values; stations outside the area change nothing."""
    grid = np.arange(3**2 * stations).reshape(9, stations) * 7 % 50
    values = np.where(grid % 4 == 0, MISSING, grid).astype(np.uint16)
    others = np.concatenate([values, np.full((9, 2), 900, np.uint16)], axis=1)
    members = [True] * stations + [False] * 2
    assert np.array_equal(area_mean_of(others, members, RULES).mean, area_mean(values, RULES))


def test_an_area_without_stations_has_no_mean() -> None:
    """Before the first of them, or with none given."""
    values = np.full((2, 3), 40, np.uint16)
    found = area_mean_of(values, [[False] * 3, [True, False, False]], RULES)
    assert (found.mean.tolist(), found.evaluated.tolist()) == ([MISSING, 40], [0, 1])
    assert area_mean_of(np.zeros((2, 0), np.uint16), np.zeros(0, np.bool_), RULES).mean.tolist() == [MISSING, MISSING]
    assert area_mean_of(np.zeros((0, 3), np.uint16), [True] * 3, RULES).mean.size == 0


def test_a_station_that_joins_makes_the_others_a_smaller_share() -> None:
    """Two of three are enough; of four stations two are not."""
    values = np.array([[10, 20, MISSING, MISSING]] * 2, np.uint16)
    found = area_mean_of(values, [[True, True, True, False], [True] * 4], RULES)
    assert found.mean.tolist() == [15, MISSING]


MEMBERSHIPS = [
    Membership("1234A", CITY, date(2020, 1, 1), date(2026, 3, 1), "national"),
    Membership("1234A", DISTRICT, date(2026, 3, 1), None, "provincial"),
    Membership("1235A", CITY, date(2026, 3, 1), None, "national"),
    Membership("1236A", CITY, date(2020, 1, 1), None, "municipal"),
    Membership("9999A", CITY, date(2020, 1, 1), None, "national"),
]


@pytest.mark.parametrize(
    ("area", "levels", "before", "after"),
    [
        (CITY, {"national"}, [True, False, False], [False, True, False]),
        (CITY, {"national", "municipal"}, [True, False, True], [False, True, True]),
        (DISTRICT, {"provincial"}, [False] * 3, [True, False, False]),
        (DISTRICT, {"national"}, [False] * 3, [False] * 3),
    ],
)
def test_a_station_counts_for_an_area_while_it_is_evaluated_for_it(
    area: str, levels: set[str], before: list[bool], after: list[bool]
) -> None:
    """The last day before the change and the first after it; stations that are not asked for are left out."""
    dates = np.array(["2026-02-28", "2026-03-01"], "datetime64[D]")
    assert evaluated_stations(MEMBERSHIPS, area, STATIONS, dates, levels).tolist() == [before, after]


def test_spells_of_a_station_add_up() -> None:
    """It may leave and come back."""
    spells = [
        Membership("1234A", CITY, date(2026, 1, 1), date(2026, 1, 2), "national"),
        Membership("1234A", CITY, date(2026, 1, 3), None, "national"),
    ]
    dates = np.array(["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03"], "datetime64[D]")
    found = evaluated_stations(spells, CITY, ["1234A"], dates, {"national"})
    assert found[:, 0].tolist() == [False, True, False, True]


def test_the_value_of_an_area_is_explained_by_its_stations() -> None:
    """Which were valid, how many there should be, and the mean before it was rounded."""
    values, counts = np.array([30, 31, MISSING, 90], np.uint16), [True, True, True, False]
    told = explain_area_mean_of("pm25", values, counts, named((*STATIONS, "1237A")), RULES)
    assert (told.value, told.exact, told.valid, told.expected) == (30.0, Fraction(61, 2), 2, 3)
    assert [(part.name.en, part.value) for part in told.parts] == [
        ("no. 1", 30.0),
        ("no. 2", 31.0),
        ("no. 3", None),
        ("no. 4", 90.0),
    ]
    assert [part.rule.zh for part in told.parts] == [
        "有效，计入均值",
        "有效，计入均值",
        "缺测或无效，不计入均值，但仍计入应有点位数",
        "此时不参评，不计入",
    ]
    assert told.rule.zh == (
        "2个有效点位浓度的算术平均值，按GB/T 8170修约为30；有效点位2个，共3个（少于4个），应不低于50%"
    )
    assert told.rule.en.endswith("2 of 3 are valid, at least 50 % are needed where there are fewer than 4")


@pytest.mark.parametrize(
    ("values", "value", "words"),
    [
        ([7, MISSING, MISSING, MISSING], None, "有效点位1个，共4个，不足75%，统计结果无效"),
        ([7, 8, MISSING, MISSING], None, "有效点位2个，共4个，不足75%，统计结果无效"),
        ([7, 8, 9, MISSING], 8.0, "有效点位3个，共4个，应不低于75%"),
        ([MISSING, MISSING, MISSING], None, "有效点位0个，共3个，不足50%（点位少于4个），统计结果无效"),
        ([7, MISSING, MISSING], None, "有效点位1个，共3个，不足50%（点位少于4个），统计结果无效"),
        ([7, MISSING], 7.0, "有效点位1个，共2个（少于4个），应不低于50%"),
        ([], None, "此时没有参评点位，没有统计结果"),
    ],
)
def test_the_explanation_tells_how_many_stations_must_be_valid(
    values: list[int], value: float | None, words: str
) -> None:
    """On both sides of either share; without a station none is asked for."""
    given, names = np.array(values, np.uint16), named(map(str, values))
    told = explain_area_mean_of("pm25", given, [True] * len(values), names, RULES)
    assert told.value == value
    assert told.rule.zh.endswith(words)
    assert (told.exact is None) == (value is None)


@given(stn.arrays(np.uint16, (6,)), stn.arrays(np.bool_, (6,)))
def test_the_explanation_has_the_value_of_the_function(values: Scaled, evaluated: np.ndarray) -> None:
    """Whatever counts."""
    found = area_mean_of(values[np.newaxis], evaluated, RULES)
    told = explain_area_mean_of("o3", values, evaluated, named("abcdef"), RULES)
    assert told.value == (None if found.mean[0] == MISSING else found.mean[0])
    assert (told.valid, told.expected) == (found.valid[0], found.evaluated[0])
    in_mean = [part.value for part in told.parts if part.rule.en == "valid, in the mean"]
    assert in_mean == [float(one) for one in values[evaluated & (values != MISSING)]]
