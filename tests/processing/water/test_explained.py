"""Explanations of the water: the value is that of the function, and the sentences hold its numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards.water_limits import WaterBody
from qingchuan.processing.water.budget_explained import explain_section_budget
from qingchuan.processing.water.compliance_explained import (
    explain_compliance_rate,
    explain_good_share,
    explain_zone_year,
)
from qingchuan.processing.water.items_explained import explain_item
from qingchuan.processing.water.means import mean_of_means, period_means
from qingchuan.processing.water.means_explained import explain_mean_of_means, explain_period_mean
from qingchuan.processing.water.rivers_explained import explain_lake, explain_river
from qingchuan.processing.water.sections import assess_sections
from qingchuan.processing.water.sections_explained import explain_section_class, explain_section_period
from qingchuan.processing.water.sources_explained import explain_source
from tests.support.explained import branches, chinese, figure, named, zh

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ROUNDING = standards.load("cnemc2020_90", standards.WaterRounding)
ZONES = standards.load("sl395_2007", standards.FunctionZones)
FIVE = GB3838.real_time.items
NAN = float("nan")
VALUES = st.one_of(st.integers(0, 1500).map(lambda number: number / 100), st.just(NAN))


def _complete(told: Explanation) -> None:
    """Names and rules in both languages, each in its own, all the way down."""
    for one in branches(told):
        assert all((one.name.zh, one.name.en, one.rule.zh, one.rule.en)), one
        assert chinese((one.name.en + one.rule.en).replace("个/L", "")) == []  # a unit is written as printed


@given(st.lists(VALUES, min_size=5, max_size=5), st.integers(0, 5), st.sampled_from(get_args(WaterBody)))
def test_a_class_is_told_as_it_is_judged(values: list[float], target: int, body: WaterBody) -> None:
    """Its name, and each item with its own; whatever is missing."""
    told = explain_section_class(values, FIVE, body, target, FIVE, GB3838, MEASURES)
    found = assess_sections(values, FIVE, body, target, FIVE, GB3838, MEASURES)
    status = found.status(MEASURES)
    assert told.value == (status.label if status else None)
    assert (told.valid, told.expected, len(told.parts)) == (int((found.classes > 0).sum()), 5, 5)
    _complete(told)


def test_a_class_is_told_with_what_decides_and_what_exceeds() -> None:
    """In Chinese and in English."""
    told = explain_section_class([7.66, 6.03, 13.3, 1.77, 0.1], FIVE, "river", 3, FIVE, GB3838, MEASURES)
    assert zh(told) == "Ⅴ"
    assert told.rule.zh == (
        "5 项参评，单因子评价：定类项目为高锰酸盐指数、氨氮，水质符合Ⅴ类，中度污染；"
        "主要污染指标：高锰酸盐指数(1.2)、氨氮(0.8)；未达到Ⅲ类目标"
    )
    assert told.rule.en == (
        "5 items judged, the worst decides: the worst are Permanganate index, Ammonia nitrogen; class Ⅴ, Moderately "
        "polluted; main pollutants: Permanganate index (1.2), Ammonia nitrogen (0.8); misses its target of class Ⅲ"
    )
    assert [part.limit for part in told.parts] == [None, 7.5, 10.0, 1.5, 0.02]


def test_worse_than_all_classes_has_its_own_words() -> None:
    """劣于Ⅴ类; a section of Ⅰ has nothing that decides; one without values no class."""
    worst = explain_section_class([NAN, 1.0], ("ph", "do"), "river", 0, FIVE, GB3838, MEASURES)
    assert worst.rule.zh == "1 项参评，单因子评价：定类项目为溶解氧，水质劣于Ⅴ类，重度污染；主要污染指标：溶解氧"
    best = explain_section_class([7.0], ("ph",), "river", 3, FIVE, GB3838, MEASURES)
    assert best.rule.zh == "1 项参评，单因子评价：各项均为Ⅰ类，水质符合Ⅰ类，优；达到Ⅲ类目标"
    none = explain_section_class([NAN], ("ph",), "river", 3, FIVE, GB3838, MEASURES)
    assert (none.value, none.rule.zh) == (None, "参评项目全部缺测，不评价")


@pytest.mark.parametrize(
    ("value", "item", "number", "rule", "limit"),
    [
        (9.1, "ph", 6, "9.1 超出 6～9，劣于Ⅴ类", 9.0),
        (5.0, "ph", 6, "5 超出 6～9，劣于Ⅴ类", 6.0),
        (7.0, "ph", 1, "7 在 6～9 之内，为Ⅰ类", None),
        (8.0, "do", 1, "8 mg/L 不低于Ⅰ类限值 7.5，为Ⅰ类", 7.5),
        (7.5, "do", 1, "7.5 mg/L 不低于Ⅰ类限值 7.5，为Ⅰ类", 7.5),
        (7.2, "do", 1, "7.2 mg/L 低于Ⅰ类限值 7.5，但饱和率达到 90%，为Ⅰ类", 7.5),
        (5.5, "do", 3, "5.5 mg/L 低于Ⅱ类限值 6，不低于Ⅲ类限值 5，为Ⅲ类", 6.0),
        (0.2, "cyanide", 3, "0.2 mg/L 超过Ⅱ类限值 0.05，不超过Ⅲ类限值 0.2，为Ⅲ类", 0.05),
        (16.0, "codmn", 6, "16 mg/L 超过Ⅴ类限值 15，劣于Ⅴ类", 15.0),
        (0.00006, "mercury", 3, "0.00006 mg/L 超过Ⅱ类限值 0.00005，不超过Ⅲ类限值 0.0001，为Ⅲ类", 0.00005),
        (0.20000000001, "tp", 4, "0.20000000001 mg/L 超过Ⅲ类限值 0.2，不超过Ⅳ类限值 0.3，为Ⅳ类", 0.2),
        (1234567.5, "faecal_coliforms", 6, "1234567.5 个/L 超过Ⅴ类限值 40000，劣于Ⅴ类", 40000.0),
        (NAN, "codmn", 0, "缺测或为负值，不参评", None),
        (12.0, "turbidity", 0, "GB 3838—2002 未规定限值，不评价", None),
    ],
)
def test_an_item_is_told_by_the_limits_around_it(
    value: float, item: str, number: int, rule: str, limit: float | None
) -> None:
    """The one it misses and the one it meets."""
    told = explain_item(value, item, number, "river", GB3838)
    assert (told.rule.zh, told.limit) == (rule, limit)
    _complete(told)


@given(st.lists(VALUES, min_size=1, max_size=6), st.sampled_from(["ph", "codmn", "tp"]), st.integers(0, 4))
def test_a_mean_is_told_as_it_is_computed(samples: list[float], item: str, at_least: int) -> None:
    """Value, how many samples, and the fraction that was rounded."""
    told = explain_period_mean(samples, item, ROUNDING, at_least)
    found = period_means([samples], (item,), ROUNDING, at_least)
    assert np.array_equal(figure(told), found.values[0], equal_nan=True)
    assert (told.valid, told.expected) == (int(found.counts[0]), len(samples))
    known = [Fraction(str(value)) for value in samples if value == value]  # noqa: PLR0124 - NaN differs from itself
    assert told.exact == (sum(known, Fraction(0)) / len(known) if known and item != "ph" else None)
    _complete(told)


def test_a_mean_of_ph_is_told_by_its_ions_and_too_few_samples_are_told() -> None:
    """There is no fraction of it."""
    told = explain_period_mean([6.5, 7.9], "ph", ROUNDING, 1)
    assert told.rule.zh == "2 个有效值的氢离子浓度算术平均值的负对数，按四舍六入五成双修约至 0 位小数，为 7"
    few = explain_period_mean([6.5], "ph", ROUNDING, 2)
    assert (few.value, few.rule.zh) == (None, "有效值 1 个，不足 2 个，不评价")


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=4))
def test_a_mean_of_means_is_told_with_its_groups(groups: list[list[float]]) -> None:
    """One part a group."""
    told = explain_mean_of_means(groups, "codmn", ROUNDING, 1)
    found = mean_of_means([groups], ("codmn",), ROUNDING, 1)
    assert np.array_equal(figure(told), found.values[0], equal_nan=True)
    assert len(told.parts) == told.expected == len(groups)
    _complete(told)


def test_a_period_is_told_from_its_samples_on() -> None:
    """Each item that judges has its mean as its part; total nitrogen does not judge."""
    items = ("codmn", "tn", "tp")
    samples = [[6.0, 6.2, NAN], [9.0, 9.0, 9.0], [0.1, 0.1, 0.1]]
    told = explain_section_period(samples, items, "river", 3, 1, GB3838, MEASURES, ROUNDING)
    assert zh(told) == "Ⅳ"
    assert [part.name.zh for part in told.parts] == ["高锰酸盐指数", "总磷"]
    mean = told.parts[0].parts[0]
    assert (mean.value, mean.exact, mean.valid, mean.expected) == (6.1, Fraction(61, 10), 2, 3)
    _complete(told)


def test_a_river_of_few_sections_is_told_by_its_means() -> None:
    """Then come the sections."""
    told = explain_river([[[3.0], [NAN], [16.2]]], ("codmn",), named("甲乙丙"), "river", 1, GB3838, MEASURES, ROUNDING)
    assert zh(told) == "轻度污染"
    assert told.rule.zh == "断面少于 5 个，按 2 个断面各项浓度的算术平均值单因子评价，为Ⅳ类，水质状况为轻度污染"
    assert [zh(part) for part in told.parts] == [9.6, "Ⅱ", None, "劣Ⅴ"]
    assert told.parts[3].rule.zh == "单因子评价，重度污染；主要污染指标：高锰酸盐指数"
    assert [(part.name.zh, part.name.en) for part in told.parts[2:]] == [("乙", "no. 2"), ("丙", "no. 3")]
    _complete(told)


def test_a_river_of_five_is_told_by_its_shares_and_one_of_none_too() -> None:
    """Good water has no pollutants to tell."""
    good = explain_river([[[3.0]] * 5], ("codmn",), named("甲乙丙丁戊"), "river", 1, GB3838, MEASURES, ROUNDING)
    assert good.rule.zh == "5 个断面中Ⅰ～Ⅲ类占 100%，劣Ⅴ类占 0%，水质状况为优"
    none = explain_river([[[NAN]]], ("codmn",), named("甲"), "river", 1, GB3838, MEASURES, ROUNDING)
    assert (none.value, none.rule.zh) == (None, "没有断面参评，不评价")
    _complete(good)
    _complete(none)


def test_a_lake_is_told_by_its_points() -> None:
    """First over time, then over points."""
    told = explain_lake([[[0.02, 0.04], [0.07, NAN]]], ("tp",), named(("湖心", "湖东")), 1, GB3838, MEASURES, ROUNDING)
    assert (zh(told), told.valid) == ("良好", 2)
    assert told.rule.zh == "先计算各点位的时间平均值，再计算 2 个点位的平均值，单因子评价为Ⅲ类，水质状况为良好"
    assert [zh(part) for part in told.parts] == [0.05, "Ⅲ", "Ⅳ"]
    none = explain_lake([[[NAN]]], ("tp",), named(("湖心",)), 1, GB3838, MEASURES, ROUNDING)
    assert (none.value, none.rule.zh) == (None, "没有点位参评，不评价")
    _complete(told)
    _complete(none)


def test_rates_are_told_with_their_sections() -> None:
    """Zhoushan: 18 of 20 comply, 19 are good."""
    section, target = [2] * 10 + [3] * 8 + [5, 3], [3] * 19 + [2]
    names = named([f"断面{place}" for place in range(20)])
    told = explain_compliance_rate(section, target, names, MEASURES)
    assert (told.value, told.exact, told.valid, told.expected) == (90.0, Fraction(90), 20, 20)
    assert told.rule.zh == "20 个断面中 20 个参评，18 个达标，达标率 18/20 = 90%"
    assert told.parts[18].rule.zh == "Ⅴ类，目标Ⅲ类，未达标"
    assert (told.parts[18].name.zh, told.parts[18].name.en) == ("断面18", "no. 19")
    good = explain_good_share(section, names, MEASURES)
    assert (good.value, good.parts[2].value, good.parts[2].rule.zh) == (95.0, 9, "占 45%")
    _complete(told)
    _complete(good)


def test_rates_of_nothing_are_none() -> None:
    """No section, or none that is evaluated."""
    for section, target, names in (([], [], ""), ([0], [3], "甲")):
        told = explain_compliance_rate(section, target, named(names), MEASURES)
        assert (told.value, told.exact) == (None, None)
        _complete(told)
    assert explain_good_share([0], named("甲"), MEASURES).rule.zh == "1 个断面均未参评"
    assert explain_good_share([0, 1], named("甲乙"), MEASURES).rule.zh == (
        "2 个断面中 1 个参评，1 个优良，优良率 1/1 = 100%；1 个未监测或停测，不计入分母"
    )


@pytest.mark.parametrize(
    ("evaluations", "value", "rule"),
    [
        ([1, 1, 1, 1, 0, -1], "达标", "全年评价 5 次，达标 4 次，占 80%，不低于 80%"),
        ([1, 1, 0], "未达标", "全年评价 3 次，达标 2 次，占 66.7%，低于 80%"),
        ([-1], None, "全年没有评价结果"),
    ],
)
def test_a_zone_is_told_against_its_share(evaluations: list[int], value: str | None, rule: str) -> None:
    """80 %."""
    told = explain_zone_year(evaluations, ZONES)
    assert (zh(told), told.rule.zh, told.limit) == (value, rule, 80)
    _complete(told)


def test_a_source_is_told_item_by_item() -> None:
    """Total nitrogen is not told, as it does not decide."""
    told = explain_source([0.3, 9.0, 0.2], ("iron", "tn", "tp"), "lake", GB3838, MEASURES)
    assert (zh(told), told.rule.zh) == ("未达标", "2 项参评，1 项超标：总磷")
    assert [part.rule.zh for part in told.parts] == [
        "0.3 mg/L 不超过限值 0.3",
        "0.2 mg/L 超过Ⅳ类限值 0.1，不超过Ⅴ类限值 0.2，为Ⅴ类",
    ]
    fine = explain_source([0.3], ("iron",), "lake", GB3838, MEASURES)
    assert (zh(fine), fine.rule.zh) == ("达标", "1 项参评，均不超标")
    none = explain_source([NAN], ("iron",), "lake", GB3838, MEASURES)
    assert (none.value, none.rule.zh) == (None, "没有参评项目，不评价")
    for each in (told, fine, none):
        _complete(each)


def test_what_lies_below_the_detection_limit_is_told_with_the_limit_and_the_clause() -> None:
    """Two of 0.004L and one of 0.0003L: each limit a part, the value that counts, and where that is written."""
    samples, below = [0.002, 0.002, 0.006, 0.00015, NAN], [True, True, False, True, True]
    told = explain_period_mean(samples, "volatile_phenol", ROUNDING, 1, below)
    assert [(part.value, part.limit, part.valid) for part in told.parts] == [(0.00015, 0.0003, 1), (0.002, 0.004, 2)]
    assert told.parts[0].rule.en == "1 sample below the detection limit of 0.0003 mg/L: 1/2 of it, 0.00015 mg/L, counts"
    assert told.parts[1].rule.zh == "2 个样品低于检出限 0.004 mg/L，按检出限的 1/2，即 0.002 mg/L 参与计算"
    for part in told.parts:
        assert part.source is not None
        assert (part.source.edition, part.source.clause) == ("cnemc2020_90", ROUNDING.means.clause)
        _complete(part)
    assert explain_period_mean(samples, "volatile_phenol", ROUNDING, 1).parts == ()


@given(st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=8))
def test_every_sample_below_the_detection_limit_is_told_once(told: list[tuple[float, bool]]) -> None:
    """The value that counts is half of the limit that is named, and nothing else changes."""
    samples, below = [value for value, _ in told], [less for _, less in told]
    found = explain_period_mean(samples, "codmn", ROUNDING, 1, below)
    counted = sum(less and not np.isnan(value) for value, less in told)
    assert sum(part.valid or 0 for part in found.parts) == counted
    for part in found.parts:
        assert part.limit is not None
        assert Fraction(str(part.limit)) / 2 == Fraction(str(part.value))
    assert replace(found, parts=()) == explain_period_mean(samples, "codmn", ROUNDING, 1)


def test_the_months_of_a_year_and_the_budget_tell_it_too() -> None:
    """Each in its own place."""
    samples, below = [[0.002, 0.006], [0.008, NAN]], [[True, False], [False, False]]
    year = explain_mean_of_means(samples, "volatile_phenol", ROUNDING, 1, below)
    assert [[part.limit for part in month.parts] for month in year.parts] == [[0.004], []]
    budget = explain_section_budget([samples], 2, 3, ("volatile_phenol",), "river", GB3838, ROUNDING, [below])
    [item] = budget.parts
    assert [part.limit for part in item.parts] == [0.004]
