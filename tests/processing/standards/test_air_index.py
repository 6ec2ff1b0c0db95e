"""HJ 633: who is sensitive to what, what is published of items that are not monitored, where heavy pollution begins."""

from __future__ import annotations

import pytest

from qingchuan.processing import standards
from qingchuan.processing.standards import AirQualityIndex, DustRules

OLD, NEW = (standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026"))


def test_the_edition_of_2026_names_the_sensitive_of_every_item_that_of_2012_has_no_table() -> None:
    """Table 2 of 2026; the particles share a row, and so do the two means of ozone."""
    assert OLD.sensitive is None
    assert NEW.sensitive is not None
    named = [item for row in NEW.sensitive.rows for item in row.items]
    assert sorted(named) == sorted({*NEW.day.columns, *NEW.hour.columns})
    assert NEW.sensitive.above == NEW.good_up_to
    assert all("老年人" in row.people.zh for row in NEW.sensitive.rows if "co" not in row.items)


def test_marks_of_what_is_missing_and_what_is_not_monitored() -> None:
    """NA in both editions; the stroke in that of 2026 only."""
    assert OLD.publishing.missing == NEW.publishing.missing == "NA"
    assert OLD.publishing.not_monitored is None
    rule = NEW.publishing.not_monitored
    assert rule is not None
    assert (rule.mark, rule.years, NEW.levels[rule.level - 1].zh) == ("/", 3, "轻度污染")


@pytest.mark.parametrize("index", [OLD, NEW], ids=["2012", "2026"])
def test_heavy_pollution_begins_with_level_5(index: AirQualityIndex) -> None:
    """重度污染 and 严重污染: above 200."""
    assert index.heavy_above == 200
    assert [level.zh for level in index.levels if level.least > index.heavy_above] == ["重度污染", "严重污染"]


def test_only_particles_are_deducted_for_dust() -> None:
    """环办监测〔2016〕120号, which also judged the dust of 2016."""
    rules = standards.load("hb2016_120", DustRules)
    assert rules.deduction.items == ("pm10", "pm25")
    assert rules.covers(rules.in_force.replace(year=2016, month=3))
    assert not rules.covers(rules.in_force.replace(year=2015))
