"""HJ 663: what is evaluated, when it is valid, how trends are judged."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import permutations

import msgspec
import pytest

from qingchuan.processing import standards
from qingchuan.processing.calendar_periods import Kind
from qingchuan.processing.standards import AirAssessment

RULES = standards.load("hj663_2013", AirAssessment)


@pytest.mark.parametrize(
    ("item", "mean", "percent"),
    [
        ("so2", True, 98),
        ("no2", True, 98),
        ("pm10", True, 95),
        ("pm25", True, 95),
        ("co", False, 95),
        ("o3_8h", False, 90),
        ("tsp", True, 95),
        ("nox", True, 98),
        ("pb", True, None),
        ("bap", True, None),
    ],
)
def test_a_year_is_judged_by_mean_and_percentile_as_tables_1_and_2_have_it(
    item: str,
    mean: bool,  # noqa: FBT001
    percent: int | None,
) -> None:
    """Every item of both tables."""
    row = RULES.year_statistics(item)
    assert (row.mean, row.percent) == (mean, percent)


def test_an_item_that_is_not_evaluated_is_refused() -> None:
    """Ozone of an hour has no year; the message names those that have."""
    with pytest.raises(LookupError, match=r"the item has the key 'o3'; a year has so2, .*nox \(HJ 663—2013, tables 1"):
        RULES.year_statistics("o3")


@pytest.mark.parametrize(
    ("kind", "item", "wanted"),
    [
        ("year", "pm25", (324, 27, 25)),
        ("year", "o3_8h", (324, 27, 25)),
        ("year", "co", (324, 27, 25)),
        ("year", "tsp", (60, 5, 5)),
        ("quarter", "pb", (15, 5, 5)),
        ("quarter", "pm25", None),
        ("month", "pm25", None),
        ("half_year", "pm25", None),
        ("year_to_date", "pm25", None),
    ],
)
def test_minima_are_those_of_the_text_and_no_others(kind: Kind, item: str, wanted: tuple[int, int, int] | None) -> None:
    """A month, a quarter but of lead, a half-year and a part of a year have none."""
    minimum = RULES.minimum(kind, item)
    assert (None if minimum is None else (minimum.at_least, minimum.each_month, minimum.february)) == wanted


def test_every_item_that_is_evaluated_has_decimals() -> None:
    """Table 3: whole µg/m³, CO one decimal, lead two, benzo[a]pyrene four; multiple two, rate one."""
    items = {*RULES.basic.hour, *RULES.basic.day, *RULES.other.day, *RULES.other.quarter}
    assert items | {row.item for row in RULES.other.year} == set(RULES.decimals.items)
    told = {item: number for item, number in RULES.decimals.items.items() if number}
    assert told == {"co": 1, "pb": 2, "bap": 4}
    assert (RULES.decimals.multiple, RULES.decimals.rate) == (2, 1)


@pytest.mark.parametrize("n", [5, 6, 7])
def test_critical_values_are_those_of_the_exact_distribution(n: int) -> None:
    """The smallest coefficient that so few of all orders reach; printed with three decimals."""
    squares = Counter(sum((place - rank) ** 2 for place, rank in enumerate(order)) for order in permutations(range(n)))
    reached, smallest = 0, Fraction(1)
    for square in sorted(squares):
        reached += squares[square]
        if Fraction(reached, squares.total()) > Fraction(str(RULES.trend.significance)):
            break
        smallest = 1 - Fraction(6 * square, n * (n * n - 1))
    assert dict(RULES.trend.critical)[n] == float(round(smallest, 3))


def test_critical_values_fall_with_the_number_of_periods() -> None:
    """From five periods on; a table that does not is refused."""
    assert RULES.trend.critical[0] == (RULES.trend.at_least, 0.9)
    assert RULES.trend.critical[-1] == (30, 0.306)
    told = msgspec.to_builtins(RULES)
    told["trend"]["critical"] = [[5, 0.9], [6, 0.95]]
    with pytest.raises(msgspec.ValidationError, match=r"the critical values of .*table B\.1 are out of order"):
        msgspec.convert(told, AirAssessment)


def test_what_is_compared_is_what_is_evaluated() -> None:
    """Annex C takes the means and the percentiles of the year's evaluation."""
    rows = RULES.basic.year
    assert set(RULES.comparison.means) == {row.item for row in rows if row.mean}
    assert set(RULES.comparison.percentiles) == {row.item for row in rows if row.percent is not None}


def test_the_rules_that_stand_in_say_what_is_known_of_those_they_stand_in_for() -> None:
    """No number of HJ 663—2026 is made up."""
    standing_in = standards.in_force("hj663", date(2026, 3, 1))
    assert standing_in.stand_in is not None
    assert "三年滑动平均" in standing_in.stand_in.remark
    assert standing_in.validity == RULES.validity


@pytest.mark.parametrize(
    ("stations", "least"), [(1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 6), (12, 9), (13, 10)]
)
def test_three_quarters_of_the_stations_or_half_of_fewer_than_four(stations: int, least: int) -> None:
    """6.1.4: both sides of the least number of valid stations."""
    area = standards.load("hj663_2013", AirAssessment).area
    assert area.enough([least - 1, least, stations], stations).tolist() == [False, True, True]


def test_an_area_without_a_station_has_no_value() -> None:
    """None of none is no share."""
    assert not standards.load("hj663_2013", AirAssessment).area.enough(0, 0)
