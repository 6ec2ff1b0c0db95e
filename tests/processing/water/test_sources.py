"""Sources of drinking water."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.standards.water_limits import SourceLimit
from qingchuan.processing.water.compliance import COMPLIES, FAILS, NOT_EVALUATED
from qingchuan.processing.water.sources import SourceAssessment, assess_sources, source_rates
from qingchuan.processing.water.sources_explained import explain_source_rates
from tests.support.explained import named, zh

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
NAN = float("nan")


def _source(**values: float) -> SourceAssessment:
    return assess_sources(list(values.values()), list(values), "river", GB3838, MEASURES)


@pytest.mark.parametrize("row", GB3838.sources.rows, ids=lambda row: row.item)
def test_the_limits_of_table_2_have_two_sides(row: SourceLimit) -> None:
    """The limit itself meets it."""
    assert int(_source(**{row.item: row.limit}).complies) == COMPLIES
    assert int(_source(**{row.item: float(np.nextafter(row.limit, np.inf))}).complies) == FAILS


@pytest.mark.parametrize(
    ("item", "value", "verdict"),
    [("codmn", 6.0, COMPLIES), ("codmn", 6.1, FAILS), ("do", 5.0, COMPLIES), ("do", 4.9, FAILS), ("ph", 9.1, FAILS)],
)
def test_basic_items_must_reach_class_three(item: str, value: float, verdict: int) -> None:
    """Both sides of Ⅲ."""
    assert int(_source(**{item: value}).complies) == verdict


def test_one_item_beyond_its_limit_is_enough() -> None:
    """It is named."""
    found = _source(codmn=3.0, iron=0.31, sulphate=100.0)
    assert int(found.complies) == FAILS
    assert found.exceeding.tolist() == [False, True, False]
    assert found.judged.all()


@pytest.mark.parametrize("item", ["temperature", "tn", "faecal_coliforms"])
def test_items_told_apart_decide_nothing(item: str) -> None:
    """Whatever they are; alone they are no evaluation."""
    assert int(assess_sources([99_999.0], (item,), "lake", GB3838, MEASURES).complies) == NOT_EVALUATED
    both = assess_sources([99_999.0, 0.01], (item, "tp"), "lake", GB3838, MEASURES)
    assert int(both.complies) == COMPLIES


def test_chemical_oxygen_demand_decides_where_it_is_measured() -> None:
    """Its absence says nothing."""
    assert int(_source(cod=25.0).complies) == FAILS
    assert "cod" not in _source(codmn=3.0).missing(GB3838, MEASURES)


def test_what_was_not_measured_is_told() -> None:
    """20 items of table 1 and 5 of table 2, but for what was measured and what need not be."""
    missing = _source(codmn=3.0, iron=0.1, tp=NAN).missing(GB3838, MEASURES)
    assert len(missing) == 20 + 5 - 2
    assert {"tp", "manganese", "lead"} <= set(missing)
    assert not {"codmn", "iron", "tn", "temperature", "faecal_coliforms"} & set(missing)


def test_missing_negative_and_infinite_values() -> None:
    """The first two are missing, the last exceeds."""
    assert int(_source(iron=-1.0, codmn=NAN, lead=-0.1).complies) == NOT_EVALUATED
    assert int(_source(iron=np.inf).complies) == FAILS


def test_many_sources_at_once() -> None:
    """The shape behind the items is kept."""
    found = assess_sources([[3.0, 7.0], [0.1, 0.1]], ("codmn", "iron"), "river", GB3838, MEASURES)
    assert found.complies.tolist() == [COMPLIES, FAILS]
    assert assess_sources(np.empty((1, 0)), ("iron",), "river", GB3838, MEASURES).complies.shape == (0,)


def test_published_rates() -> None:
    """Sichuan, first quarter of 2016: 115 of 118, 97.5 %; Quzhou, June 2016: 7 of 7 and all of 1,057.3 (10⁴ t)."""
    sichuan = source_rates([COMPLIES] * 115 + [FAILS] * 3, NAN, MEASURES)
    assert float(sichuan.rate) == 97.5
    assert np.isnan(sichuan.rate_by_amount)
    quzhou = source_rates([COMPLIES] * 7, [1057.3, 0, 0, 0, 0, 0, 0], MEASURES)
    assert (float(quzhou.rate), float(quzhou.rate_by_amount)) == (100.0, 100.0)


def test_rates_leave_out_what_was_not_evaluated() -> None:
    """By number and by amount, summed exactly: 0.1 + 0.2 of 0.6 is a half."""
    found = source_rates([COMPLIES, COMPLIES, FAILS, NOT_EVALUATED], [0.1, 0.2, 0.3, 99.0], MEASURES)
    assert (float(found.rate), float(found.rate_by_amount)) == (66.7, 50.0)
    nothing = source_rates([NOT_EVALUATED], 5.0, MEASURES)
    assert np.isnan(nothing.rate)
    assert np.isnan(nothing.rate_by_amount)
    months = source_rates([[COMPLIES, FAILS], [FAILS, FAILS]], [1.0, 3.0], MEASURES)
    assert months.rate_by_amount.tolist() == [25.0, 0.0]


@pytest.mark.parametrize("amount", [-1.0, np.inf])
def test_an_amount_that_cannot_be_is_refused(amount: float) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match="it is 0 or more, NaN where unknown"):
        source_rates([COMPLIES], amount, MEASURES)


def test_rates_are_told_with_each_source() -> None:
    """Both rates, the fraction, and who leaves the denominator."""
    given = [COMPLIES, COMPLIES, FAILS, NOT_EVALUATED], [0.1, 0.2, 0.3, NAN]
    told, found = explain_source_rates(*given, named("甲乙丙丁"), MEASURES), source_rates(*given, MEASURES)
    assert (told.value, told.exact, told.parts[0].value) == (float(found.rate), Fraction(200, 3), 50.0)
    assert told.rule.zh == "4 个水源中 3 个参评，2 个达标，水源达标率 2/3 = 66.7%；1 个未评价，不计入分母"
    assert told.rule.en == "of 4 sources 3 are evaluated and 2 comply: rate 2/3 = 66.7 %; 1 not evaluated left out"
    assert [(zh(part), part.rule.zh) for part in told.parts[1::2]] == [
        ("达标", "达标，取水量 0.1 万吨"),
        ("未达标", "未达标，取水量 0.3 万吨"),
    ]
    assert (told.parts[4].value, told.parts[4].rule.zh) == (None, "未评价，取水量不详")
    assert (told.parts[4].name.zh, told.parts[4].name.en) == ("丁", "no. 4")


def test_rates_of_no_source_are_none() -> None:
    """Neither by number nor by amount."""
    told = explain_source_rates([NOT_EVALUATED], NAN, named("甲"), MEASURES)
    assert (told.value, told.exact, told.parts[0].value) == (None, None, None)
    assert (told.rule.zh, told.parts[0].rule.zh) == ("没有水源参评", "取水量不全或为零，不计算")
