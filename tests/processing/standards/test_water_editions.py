"""The editions of the water: against other transcriptions, against one another, and against the catalogue."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards.water_rounding import ItemDecimals

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
ROUNDING = standards.load("cnemc2020_90", standards.WaterRounding)
SAMPLING = standards.load("hb2020_82", standards.WaterSampling)
ZONES = standards.load("sl395_2007", standards.FunctionZones)

# Limits as code of github.com/sm1lewc/Silence.SurfaceWater has them: transcribed by others.
CHECK = {
    "do": (7.5, 6, 5, 3, 2),
    "codmn": (2, 4, 6, 10, 15),
    "cod": (15, 15, 20, 30, 40),
    "bod5": (3, 3, 4, 6, 10),
    "nh3n": (0.15, 0.5, 1, 1.5, 2),
    "copper": (0.01, 1, 1, 1, 1),
    "zinc": (0.05, 1, 1, 2, 2),
    "fluoride": (1, 1, 1, 1.5, 1.5),
    "selenium": (0.01, 0.01, 0.01, 0.02, 0.02),
    "arsenic": (0.05, 0.05, 0.05, 0.1, 0.1),
    "mercury": (0.00005, 0.00005, 0.0001, 0.001, 0.001),
    "cadmium": (0.001, 0.005, 0.005, 0.005, 0.01),
    "chromium6": (0.01, 0.05, 0.05, 0.05, 0.1),
    "lead": (0.01, 0.01, 0.05, 0.05, 0.1),
    "cyanide": (0.005, 0.05, 0.2, 0.2, 0.2),
    "volatile_phenol": (0.002, 0.002, 0.005, 0.01, 0.1),
    "petroleum": (0.05, 0.05, 0.05, 0.5, 1),
    "las": (0.2, 0.2, 0.2, 0.3, 0.3),
    "sulphide": (0.05, 0.1, 0.2, 0.5, 1),
    "faecal_coliforms": (200, 2000, 10000, 20000, 40000),
}

# Decimals of evaluation as code of github.com/sm1lewc/Journey.SurfaceWater has them, and hourly ones of its table 2.
EVALUATION = {
    "temperature": 1,
    "ph": 0,
    "do": 1,
    "codmn": 1,
    "cod": 1,
    "bod5": 1,
    "nh3n": 2,
    "tp": 3,
    "tn": 2,
    "copper": 3,
    "zinc": 3,
    "fluoride": 3,
    "selenium": 4,
    "arsenic": 4,
    "mercury": 5,
    "cadmium": 5,
    "chromium6": 3,
    "lead": 3,
    "cyanide": 3,
    "volatile_phenol": 4,
    "petroleum": 2,
    "las": 2,
    "sulphide": 3,
    "faecal_coliforms": 0,
    "conductivity": 1,
    "turbidity": 1,
    "chla": 3,
    "sulphate": 1,
    "chloride": 1,
    "nitrate": 1,
    "iron": 5,
    "manganese": 5,
}


@pytest.mark.parametrize(("item", "limits"), CHECK.items())
def test_limits_are_those_of_another_transcription(item: str, limits: tuple[float, ...]) -> None:
    """Table 1, all items that have one column."""
    row = GB3838.limit(item, "river")
    assert row is not None
    assert row.limits == limits
    assert row == GB3838.limit(item, "lake")


def test_items_with_their_own_column_for_lakes() -> None:
    """Total phosphorus in both, total nitrogen in lakes only, of the same other transcription."""
    rows = {(item, body): GB3838.limit(item, body) for item in ("tp", "tn") for body in ("river", "lake")}
    found = {key: row.limits for key, row in rows.items() if row}
    assert found == {
        ("tp", "river"): (0.02, 0.1, 0.2, 0.3, 0.4),
        ("tp", "lake"): (0.01, 0.025, 0.05, 0.1, 0.2),
        ("tn", "lake"): (0.2, 0.5, 1.0, 1.5, 2.0),
    }


def test_table_2_has_its_five_items() -> None:
    """As a public copy has them, in the order printed."""
    assert [(row.number, row.item, row.limit) for row in GB3838.sources.rows] == [
        (1, "sulphate", 250),
        (2, "chloride", 250),
        (3, "nitrate", 10),
        (4, "iron", 0.3),
        (5, "manganese", 0.1),
    ]


def test_every_item_of_the_standard_is_in_the_catalogue_with_its_name_and_unit() -> None:
    """All 24 of table 1 and 5 of table 2."""
    told = {(row.item, row.zh, row.unit) for row in GB3838.table.rows}
    told |= {(row.item, row.zh, row.unit) for row in GB3838.sources.rows}
    assert len({item for item, _, _ in told}) == 24 + 5
    for item, zh, unit in told:
        entry = catalogue.item(item)
        assert (entry.name_zh, entry.unit) == (zh, unit)
        assert "water" in entry.domains


def test_21_items_judge_and_three_are_of_reference() -> None:
    """Together those of table 1."""
    rule = MEASURES.indicators
    assert (len(rule.items), len(set(rule.items)), len(rule.reference)) == (21, 21, 3)
    assert {*rule.items, *rule.reference} == {row.item for row in GB3838.table.rows}
    assert set(rule.reference_in_lakes_only) <= set(rule.reference)
    assert set(GB3838.real_time.items) <= set(rule.items)
    assert all(GB3838.limit(item, "river") for item in rule.items)
    assert all(catalogue.item(item) for item in rule.trophic)


def test_main_pollutants_are_told_of_items_that_judge() -> None:
    """Whatever comes first, and whatever has no multiple, is known."""
    rule = MEASURES.main_pollutants
    assert set(rule.first) <= set(MEASURES.indicators.items)
    assert set(rule.without_multiple) <= {row.item for row in GB3838.table.rows}
    assert (rule.worse_than, rule.most, rule.decimals) == (3, 3, 1)


def test_the_rows_of_rivers_leave_one_gap_only() -> None:
    """Every whole percent of good and worst fits one row, but for exactly 60 and 40."""
    unmatched = []
    for good in range(101):
        for worst in range(101 - good):
            rows = [row for row in MEASURES.river.rows if _fits(good, row.good_at_least, row.good_below)]
            rows = [row for row in rows if _fits(worst, row.worst_at_least, row.worst_below)]
            assert len(rows) <= 1
            unmatched += [] if rows else [(good, worst)]
    assert unmatched == [(60, 40)]
    assert MEASURES.river.otherwise == 5


def _fits(share: int, at_least: int | None, below: int | None) -> bool:
    return (at_least is None or share >= at_least) and (below is None or share < below)


@pytest.mark.parametrize(("item", "places"), EVALUATION.items())
def test_decimals_of_evaluation_are_those_of_another_code_base(item: str, places: int) -> None:
    """In the unit of the catalogue; of table 2 of GB 3838 those of an hour stand in."""
    assert ROUNDING.evaluation(item) == places


@pytest.mark.parametrize("row", ROUNDING.table.rows, ids=lambda row: row.item)
def test_decimals_of_an_hour_are_those_of_the_catalogue(row: ItemDecimals) -> None:
    """Names agree too; evaluation never has more decimals than an hour."""
    entry = catalogue.item(row.item)
    assert entry.name_zh == row.zh
    assert ROUNDING.hour(row.item) in {entry.decimals, None}
    assert ROUNDING.evaluation(row.item) <= entry.decimals
    assert (row.unit == entry.unit) is (row.shift == 0)


def test_whatever_is_judged_has_decimals() -> None:
    """All 29 items and those of the trophic state."""
    items = {row.item for row in GB3838.table.rows} | {row.item for row in GB3838.sources.rows}
    for item in items | set(MEASURES.indicators.trophic):
        assert ROUNDING.evaluation(item) >= 0


def test_a_limit_is_no_finer_than_the_decimals_of_evaluation() -> None:
    """Else a mean could never equal it; total phosphorus of 0.025 needs three."""
    for row in GB3838.table.rows:
        for limit in row.limits:
            assert round(limit, ROUNDING.evaluation(row.item)) == limit, row.item


def test_an_item_without_decimals_is_refused() -> None:
    """Those that are known are named; so is a row that has none."""
    with pytest.raises(LookupError, match=r"has no decimals for 'water_depth'; it has temperature, .*表1"):
        ROUNDING.hour("water_depth")
    with pytest.raises(msgspec.ValidationError, match="item 'x' has no decimals; give those of an hour or"):
        msgspec.convert({"item": "x", "zh": "x", "unit": ""}, ItemDecimals)


@pytest.mark.parametrize(("cycle", "wanted"), [(4, 4), (1, 16), (2, 8), (24, 1)])
def test_a_day_needs_two_thirds_of_its_values(cycle: int, wanted: int) -> None:
    """4 of 6, 16 of 24; rounded up."""
    assert ROUNDING.day_at_least(cycle) == wanted


def test_periods_need_so_many_samples() -> None:
    """One for a month, two for a quarter, twelve for a year, eight where ice leaves no more."""
    counts = MEASURES.samples
    assert (counts.week, counts.month, counts.quarter, counts.year, counts.year_frozen) == (1, 1, 2, 12, 8)


def test_sources_of_drinking_water_leave_out_what_is_of_reference() -> None:
    """The same three items."""
    assert set(MEASURES.drinking_water.not_judged) == set(MEASURES.indicators.reference)
    assert set(MEASURES.drinking_water.seldom_measured) <= set(MEASURES.indicators.items)
    assert MEASURES.drinking_water.number == 3


@pytest.mark.parametrize(
    ("family", "day", "name"),
    [
        ("cnemc2020_90", date(2002, 6, 1), "cnemc2020_90"),
        ("cnemc2020_90", date(2026, 11, 25), "cnemc2020_90"),
        ("hb2020_82", date(2020, 2, 1), "hb2020_82"),
        ("sl395", date(2007, 1, 1), "sl395_2007"),
    ],
)
def test_the_day_of_the_data_chooses_the_edition(family: standards.Family, day: date, name: str) -> None:
    """Whatever has a class has decimals."""
    assert standards.in_force(family, day).name == name


@pytest.mark.parametrize(("family", "day"), [("hb2020_82", date(2020, 1, 31)), ("cnemc2020_90", date(2002, 5, 31))])
def test_a_day_before_is_refused(family: standards.Family, day: date) -> None:
    """Automatic data were not evaluated before 2020."""
    with pytest.raises(standards.UnknownEdition, match="name another edition"):
        standards.in_force(family, day)


@pytest.mark.parametrize(
    "part",
    [
        MEASURES.classes,
        MEASURES.indicators,
        MEASURES.samples,
        MEASURES.river,
        MEASURES.main_pollutants,
        MEASURES.lakes,
        MEASURES.shares,
        MEASURES.drinking_water,
        ROUNDING.rounding,
        ROUNDING.table,
        ROUNDING.means,
        ROUNDING.day,
        SAMPLING.automatic,
        ZONES.year,
    ],
    ids=lambda part: part.clause,
)
def test_each_part_says_what_it_rests_on(part: standards.edition.Part) -> None:
    """[A] for what was read or recomputed, [B] for what is known from use."""
    assert "[A]" in part.remark or "[B]" in part.remark
