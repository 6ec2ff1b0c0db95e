"""The rule of the ranking: its numbers against other standards, variants that say so, and what is refused."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits, CityAirRanking, Text
from qingchuan.processing.standards.city_ranking import IndexRow, IndexRule, with_limits

RULE = standards.load("hb2018_19", CityAirRanking)
ASSESSMENT = standards.load("hj663_2013", AirAssessment)
TRIAL = Text("试算", "trial")


@pytest.mark.parametrize("row", RULE.index.rows, ids=RULE.index.items)
def test_each_limit_is_grade_two_of_2012(row: IndexRow) -> None:
    """Means are divided by the annual limit, percentiles by the daily one."""
    limits = standards.load("gb3095_2012", AmbientAirLimits)
    averaging = "year" if row.percent is None else "day"
    assert row.limit == limits.limit(row.item, averaging, grade=2, on=date(2018, 7, 1))


@pytest.mark.parametrize("row", RULE.index.rows, ids=RULE.index.items)
def test_percentiles_and_decimals_are_those_of_the_assessment(row: IndexRow) -> None:
    """HJ 663 judges a year by the same statistic, and rounds it alike."""
    judged = ASSESSMENT.year_statistics(row.item)
    assert row.percent == (None if judged.mean else judged.percent)
    assert row.decimals == ASSESSMENT.decimals.items[row.item] == catalogue.item(row.item).decimals


def test_the_items_are_the_basic_ones_and_all_weigh_the_same() -> None:
    """Unweighted by default, and no variant."""
    assert set(RULE.index.items) == set(ASSESSMENT.basic.day)
    assert not RULE.index.weighted
    assert RULE.variant is None
    assert RULE.called == Text(RULE.document, RULE.document)


def test_what_is_not_confirmed_is_said_in_both_languages() -> None:
    """Decimals and ties, the scheme of 2024, and what 2026 may have changed."""
    assert len(RULE.unconfirmed) == 3
    assert all(text.zh and text.en for text in RULE.unconfirmed)
    assert any("2026" in text.zh for text in RULE.unconfirmed)


@pytest.mark.parametrize("day", [date(2017, 1, 1), date(2018, 6, 30), date(2026, 2, 28), date(2026, 3, 1)])
def test_the_rule_judges_its_days(day: date) -> None:
    """From the first year whose notices give its figures; it has not been replaced by a text that is at hand."""
    assert standards.in_force("hb2018_19", day) == RULE


def test_a_day_before_the_rule_is_refused() -> None:
    """Earlier periods can be ranked by it when it is asked for by name."""
    with pytest.raises(standards.UnknownEdition, match="the day has the date 2016-12-31"):
        standards.in_force("hb2018_19", date(2016, 12, 31))


def test_a_variant_changes_only_what_is_named_and_says_so() -> None:
    """The rule itself stays as it is."""
    variant = with_limits(RULE, name=TRIAL, limits={"pm25": 30, "pm10": 60}, weights={"pm25": 3, "no2": 1.5})
    changed = {
        row.item: (row.limit, row.weight)
        for row, before in zip(variant.index.rows, RULE.index.rows, strict=True)
        if row != before
    }
    assert changed == {"no2": (40, 1.5), "pm10": (60, 1), "pm25": (30, 3)}
    assert variant.called == Text("环办监测〔2018〕19号（试算）", "环办监测〔2018〕19号 (trial)")
    assert variant.index.weighted
    assert RULE.index.row("pm25").limit == 35


def test_weights_become_whole_numbers_over_one_denominator() -> None:
    """Decimal texts are taken as they are written: a tenth is a tenth."""
    weights = with_limits(RULE, name=TRIAL, weights={"so2": 0.1, "co": 0.25}).index.weights
    assert weights == ((2, 20, 20, 20, 5, 20), 20)


@pytest.mark.parametrize("name", [Text("", "trial"), Text("试算", "")])
def test_a_variant_without_a_name_is_refused(name: Text) -> None:
    """A figure by other numbers never passes for the official one."""
    with pytest.raises(ValueError, match=r"the variant has the name .*; one in Chinese and in English would do"):
        with_limits(RULE, name=name, limits={"pm25": 30})


def test_a_variant_of_an_item_that_is_not_there_is_refused() -> None:
    """A misspelt key would change nothing, silently."""
    with pytest.raises(
        LookupError, match=r"the item has the key 'pm2\.5'; the index has so2, no2, pm10, pm25, co, o3_8h"
    ):
        with_limits(RULE, name=TRIAL, limits={"pm2.5": 30})


@pytest.mark.parametrize(("limits", "weights"), [({"so2": 0}, {}), ({"so2": -1}, {}), ({}, {"so2": -0.5})])
def test_a_limit_that_is_not_positive_or_a_negative_weight_is_refused(
    limits: dict[str, float], weights: dict[str, float]
) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match=r"'so2' has the limit .*; a limit above 0 and a weight of 0 or more would do"):
        with_limits(RULE, name=TRIAL, limits=limits, weights=weights)


def test_a_rule_in_which_nothing_weighs_anything_is_refused() -> None:
    """Its index would always be 0."""
    with pytest.raises(ValueError, match="each once, and one with a weight"):
        with_limits(RULE, name=TRIAL, weights=dict.fromkeys(RULE.index.items, 0))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["so2", 60, 0, 1], ["so2", 60, 0, 1]], "has the items so2, so2; each once"),
        ([["co", 4, 0, 1, 95]], "'co' has 0 decimals; 1, those of its days, would do"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(rows: list[list[object]], message: str) -> None:
    """An item twice, or a concentration coarser than its days."""
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert({"clause": "x", "decimals": 2, "rows": rows}, IndexRule)


def test_a_factor_turns_scaled_concentrations_into_hundredths() -> None:
    """CO in tenths of mg/m³: 4.0 is 40, and has the index 1.00."""
    assert 40 * RULE.index.row("co").factor(2) == 100
    assert RULE.index.row("pm25").factor(2) == Fraction(100, 35)
