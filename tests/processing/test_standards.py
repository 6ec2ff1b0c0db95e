"""The standards as data: pinned, read strictly, and true against one another."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import resources
from itertools import pairwise

import msgspec
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards import AirQualityIndex
from qingchuan.processing.standards.air_index import Averaging, Breakpoints
from qingchuan.processing.standards.air_limits import Grade
from qingchuan.processing.standards.water_limits import WaterLimit

FOLDER = resources.files("qingchuan.processing.standards")
EDITIONS = {name: standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026")}
LIMITS = {name: standards.load(name, standards.AmbientAirLimits) for name in ("gb3095_2012", "gb3095_2026")}
DAYS = {"hj633_2012": date(2025, 12, 31), "hj633_2026": date(2026, 3, 1)}
GRADES: tuple[Grade, Grade] = (1, 2)
PAIRS = list(zip(EDITIONS.values(), LIMITS.values(), DAYS.values(), strict=True))

# A released edition is never edited: what was computed by it must come out the same for ever.
RELEASED: dict[str, str] = {
    "black_odorous_2015": "201ad388cd78369d85af9d37d85f55f2a3d0cb1b2a55886756db75fe8ea51274",
    "cnemc2020_90": "61f7611348076166905dda6c8d12e10f437bd6b5b93f404f57fa178465943e22",
    "epa2012": "d4fd07703dd51d576bbf147c7f4cdb315cbfcb28f0609a9f3322c7a7debd680d",
    "epa2012_ozone2008": "8b683d10030fcabf10df3002aa605374ecd711b7048109d3c89afdd593b6d889",
    "epa2024": "42807bf9d64a475be438d715611e09179b8d636d2e800e9ade3601cd6f3a86d6",
    "gb3095_2012": "2bf03654993d7c43fb6715139d96263cf85a1f97a26de350049adb41a456e969",
    "gb3095_2026": "fb999b11635f6381cd8481bd0a5772cf8757f42372d98f3dfd7287e2a713a241",
    "gb3838_2002": "9257dd69786b302bb35e249818ea56039f87da37fcb65840043770d41385406f",
    "hb2011_22": "f16e83cd168cc308cf601e8bfe824cb6b82157a7488d18792a4640f7e83285ff",
    "hb2016_120": "c2ac90c1e88d0419e239c8de357a039ea8ec8381293de0e5e29f5622890c749a",
    "hb2017_51": "686037bf78932c38fa55ca715d2db7e3754d87509a6176fe951330c8c98a4262",
    "hb2018_19": "30ae3d0748f5db04c0a0d0af332863205ad20d83592ae1cf7c3536ac80461ee0",
    "hb2020_82": "5ce574e4eb4d0a8799ee4f9def56367c8733bcde522fbbc6dd0afa571fe46162",
    "heavy_pollution_2018": "96b5c0373c9adb2b4e2a96ddb86e2b42d03f95320c4661f9c455df5f5d7b14ee",
    "heavy_pollution_2024": "9b38ea6768b8d24cc179768dcceb6435cce528106ceee5808f52ea905070d437",
    "hj633_2012": "28a0026f848d7ca60771b0d4c42200f0b2ecf47bf697082f0866e7c12eac2557",
    "hj633_2026": "716aea2da244c9d7f0866b437c3da129e2853e162fab56ae8ce498d4a5d6a26d",
    "hj663_2013": "307deaeac8e6ed8dc18a42b67164c9d06876d341760c9b4b19c6bffe99cd6cc4",
    "sl395_2007": "540ce698d183c9f56dc3e225db4192048a15c972e41b8871802c033956350aa5",
    "trophic_2001": "5f37b249dcfdcb1dc2c430fca35cad53fc15077470ac114142f8b458ee6b5d0c",
    "warning_scope2018": "c925d13a1d83f34eb41d82142670cfa39c5d06101cb7521c003a1b9d9cd22670",
    "yangtze2018": "c62d398b8fc0aec6f32e8471241b32bd7462ef25c1dae7cedffb0ce3f701bdba",
}


def test_a_released_edition_is_never_edited() -> None:
    """Every data file is pinned by its hash; a new one is added here with it."""
    found = {name: hashlib.sha256((FOLDER / f"{name}.toml").read_bytes()).hexdigest() for name in standards.names()}
    assert found == RELEASED


@pytest.mark.parametrize("name", standards.names())
def test_every_edition_says_where_it_is_from(name: str) -> None:
    """Document, titles in both languages, source, and how it was typed and checked."""
    edition = standards.load(name)
    told = (edition.document, edition.title.zh, edition.title.en, edition.source, edition.typed_by, edition.checked_by)
    assert all(told)
    assert name.startswith(edition.family)
    assert edition.issued <= edition.in_force


@pytest.mark.parametrize(
    ("family", "day", "name"),
    [
        ("hj633", date(2026, 2, 28), "hj633_2012"),
        ("hj633", date(2026, 3, 1), "hj633_2026"),
        ("hj633", date(2012, 2, 29), "hj633_2012"),
        ("hj663", date(2013, 10, 1), "hj663_2013"),
        ("hj663", date(2012, 2, 29), "hj663_2013"),
        ("gb3095", date(2012, 2, 29), "gb3095_2012"),
        ("hj663", date(2026, 3, 1), "hj663_2013"),
        ("gb3095", date(2026, 2, 28), "gb3095_2012"),
        ("gb3095", date(2031, 1, 1), "gb3095_2026"),
        ("gb3838", date(2002, 6, 1), "gb3838_2002"),
        ("hb2011_22", date(2011, 3, 9), "hb2011_22"),
        ("hb2011_22", date(2002, 6, 1), "hb2011_22"),
        ("trophic", date(2001, 1, 1), "trophic_2001"),
        ("hb2017_51", date(2017, 6, 1), "hb2017_51"),
        ("black_odorous", date(2015, 8, 1), "black_odorous_2015"),
        ("yangtze", date(2018, 11, 1), "yangtze2018"),
        ("warning_scope", date(2018, 11, 1), "warning_scope2018"),
    ],
)
def test_the_day_of_the_data_chooses_the_edition(family: standards.Family, day: date, name: str) -> None:
    """Both sides of 2026-03-01, and first days."""
    assert standards.in_force(family, day).name == name


@pytest.mark.parametrize(("family", "day"), [("hj633", date(2012, 2, 28)), ("gb3838", date(2002, 5, 31))])
def test_a_day_before_the_first_edition_is_refused_with_what_there_is(family: standards.Family, day: date) -> None:
    """Nothing is judged by a standard that did not exist, unless it is asked for by name."""
    with pytest.raises(
        standards.UnknownEdition, match=f"the day has the date {day}; editions are .* from .*; name another"
    ):
        standards.in_force(family, day)


@pytest.mark.parametrize(("day", "stands_in_for"), [(date(2026, 2, 28), None), (date(2026, 3, 1), "HJ 663—2026")])
def test_the_rules_of_2013_stand_in_for_2026_and_say_so(day: date, stands_in_for: str | None) -> None:
    """The text of HJ 663—2026 is not at hand; a caller can show that."""
    rules = standards.in_force("hj663", day)
    assert (rules.document, rules.stands_in_for) == ("HJ 663—2013", stands_in_for)
    assert rules.stand_in is not None
    assert rules.stand_in.reason.zh


@pytest.mark.parametrize("day", [date(2002, 6, 1), date(2005, 1, 1), date(2011, 3, 8), date(2026, 11, 25)])
def test_whatever_has_a_class_has_a_name_for_it(day: date) -> None:
    """The words of 2011 also name the classes of readings from before, down to the first day of GB 3838."""
    worst = standards.in_force("gb3838", day).worst
    assert standards.in_force("hb2011_22", day).water_class(worst) is not None


def test_a_refusal_names_each_edition_with_its_own_first_day() -> None:
    """The rules that stand in begin with the edition that they stand in for."""
    with pytest.raises(standards.UnknownEdition, match="HJ 663—2013 from 2012-02-29, HJ 663—2013 from 2026-03-01"):
        standards.in_force("hj663", date(2012, 2, 28))


def test_an_unknown_edition_is_refused_with_those_that_are_known() -> None:
    """By name, and by kind where one is asked for."""
    with pytest.raises(
        standards.UnknownEdition, match=r"the edition has the name 'hj633_2099'; known are .*gb3095_2012, "
    ):
        standards.load("hj633_2099")
    with pytest.raises(standards.UnknownEdition, match=r"'hj663_2013'; known are hj633_2012, hj633_2026 \("):
        standards.load("hj663_2013", AirQualityIndex)


@pytest.mark.parametrize("name", standards.names())
def test_an_unknown_key_in_a_data_file_is_refused(name: str) -> None:
    """A misspelt key is never ignored."""
    edition = standards.load(name)
    with pytest.raises(msgspec.ValidationError, match="unknown field `limist`"):
        msgspec.convert({**msgspec.to_builtins(edition), "limist": 1}, type(edition))


def test_a_row_that_lacks_a_cell_is_refused() -> None:
    """The message names the table."""
    table = {"clause": "table 3", "columns": ["A", "B"], "units": ["µg/m³"] * 2, "rows": [[0, [0]]]}
    with pytest.raises(msgspec.ValidationError, match="a row of table 3 has not 2 cells"):
        msgspec.convert(table, Breakpoints)


@pytest.mark.parametrize(("compare", "wanted"), [("at_most", 5), ("within", 2), ("not_judged", 0)])
def test_a_water_row_with_a_wrong_number_of_limits_is_refused(compare: str, wanted: int) -> None:
    """Five classes have five limits, a range has two."""
    row = {"number": 1, "item": "x", "zh": "x", "unit": "", "compare": compare, "limits": [1.0] * 3}
    with pytest.raises(msgspec.ValidationError, match=f"has 3 limits; '{compare}' has {wanted}"):
        msgspec.convert(row, WaterLimit)


def test_the_editions_of_the_index_differ_where_the_foreword_says_so() -> None:
    """HJ 633—2026 moves index 100 of PM10 and PM2.5 and what the footnotes say; nothing else in the table."""
    old, new = EDITIONS.values()
    changed = {
        (item, index, before, after)
        for averaging in ("hour", "day")
        for item, column in new.report(averaging).items()
        for (index, before), (_, after) in zip(
            old.table.column(old.report(averaging)[item]),
            new.table.column(column),
            strict=True,
        )
        if before != after
    }
    assert changed == {("pm10", 100, 150, 120), ("pm25", 100, 75, 60)}
    assert [note.iaqi for note in old.notes] == [None, None]
    assert [note.iaqi for note in new.notes] == [200, 300]


@pytest.mark.parametrize(("index", "limits", "day"), PAIRS, ids=EDITIONS)
@pytest.mark.parametrize("averaging", ["day", "hour"])
def test_index_100_is_grade_two_and_index_50_a_stricter_grade_one(
    index: AirQualityIndex, limits: standards.AmbientAirLimits, day: date, averaging: Averaging
) -> None:
    """HJ 633 and GB 3095 of the same day say the same."""
    judged = {row.item for row in limits.table.rows if row.averaging == averaging}
    for item, column in index.report(averaging).items():
        if item in judged:
            points = dict(index.table.column(column))
            strict, lax = (limits.limit(item, averaging, grade=grade, on=day) for grade in GRADES)
            assert points[100] == lax
            assert points[50] == strict or strict == lax


@pytest.mark.parametrize("index", EDITIONS.values(), ids=EDITIONS)
def test_tables_of_the_index_are_in_order(index: AirQualityIndex) -> None:
    """Breakpoints grow, notes begin where their column ends, levels join without a gap."""
    for column in index.table.columns:
        points = index.table.column(column)
        assert all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(points))
        cells = [row.cells[index.table.columns.index(column)] for row in index.table.rows]
        marks = {cell for cell in cells if isinstance(cell, str)}
        assert marks == {note.mark for note in index.notes if note.column == column}
    assert all(note.above == index.table.column(note.column)[-1][1] for note in index.notes)
    assert [level.number for level in index.levels] == [1, 2, 3, 4, 5, 6]
    assert all(low.most is not None and low.most + 1 == high.least for low, high in pairwise(index.levels))
    assert (index.levels[0].least, index.levels[-1].most) == (index.range.least, None)


def test_a_note_that_does_not_begin_where_its_column_ends_is_refused() -> None:
    """The message says where it would begin."""
    index = EDITIONS["hj633_2012"]
    told = msgspec.to_builtins(index)
    told["notes"][0]["above"] = 900
    wanted = r"note \(2\) begins above 900; 800, the last limit of SO2 1h, would do \(Table 1\)"
    with pytest.raises(msgspec.ValidationError, match=wanted):
        msgspec.convert(told, AirQualityIndex)


@pytest.mark.parametrize("index", EDITIONS.values(), ids=EDITIONS)
def test_units_and_decimals_are_those_of_the_catalogue(index: AirQualityIndex) -> None:
    """The table's unit of each item, and the rounding of HJ 633 and HJ 663."""
    assessment = standards.load("hj663_2013", standards.AirAssessment)
    for report in (index.day, index.hour):
        for item, column in report.columns.items():
            entry = catalogue.item(item)
            assert index.table.units[index.table.columns.index(column)] == entry.unit
            assert index.decimals.items[item] == assessment.decimals.items[item] == entry.decimals


@pytest.mark.parametrize("index", EDITIONS.values(), ids=EDITIONS)
def test_the_colours_are_those_of_table_a1(index: AirQualityIndex) -> None:
    """RGB as printed: green, yellow, orange, red, purple, maroon."""
    printed = [(0, 228, 0), (255, 255, 0), (255, 126, 0), (255, 0, 0), (153, 0, 76), (126, 0, 35)]
    assert [level.colour for level in index.levels] == ["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in printed]
    assert [level.colour_zh for level in index.levels] == ["绿色", "黄色", "橙色", "红色", "紫色", "褐红色"]


def test_limits_of_the_air_tighten_in_2031() -> None:
    """The day before and the day itself; ozone stays; days before the edition are judged by its first stage."""
    limits = LIMITS["gb3095_2026"]
    assert limits.limit("pm25", "day", grade=2, on=date(2030, 12, 31)) == 60
    assert limits.limit("pm25", "day", grade=2, on=date(2031, 1, 1)) == 50
    assert limits.limit("pm25", "day", grade=2, on=date(2025, 1, 1)) == 60
    assert limits.limit("o3_8h", "day", grade=2, on=date(2030, 12, 31)) == 160
    assert limits.limit("o3_8h", "day", grade=2, on=date(2031, 1, 1)) == 160
    assert LIMITS["gb3095_2012"].limit("pm25", "day", grade=2, on=date(2026, 2, 28)) == 75


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_grade_one_is_never_laxer_than_grade_two_and_later_never_laxer_than_before(
    limits: standards.AmbientAirLimits,
) -> None:
    """Row by row of table 1, every stage."""
    for row in limits.table.rows:
        grades = [row.limits[stage : stage + 2] for stage in range(0, len(row.limits), 2)]
        assert all(first <= second for first, second in grades)
        assert all(before[grade] >= after[grade] for before, after in pairwise(grades) for grade in (0, 1))


def test_a_limit_that_is_not_set_is_refused_with_the_table() -> None:
    """GB 3095 has no hourly limit of particles."""
    with pytest.raises(LookupError, match=r"GB 3095—2026 has no limit for 'pm25', 'hour'; see 4\.2, table 1"):
        LIMITS["gb3095_2026"].limit("pm25", "hour", grade=2, on=date(2026, 3, 1))


def test_classes_of_water_are_in_order() -> None:
    """24 items as printed; each limit at least as lax as that of the better class."""
    standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    assert sorted({row.number for row in standard.table.rows}) == list(range(1, 25))
    for row in standard.table.rows:
        if row.compare == "at_most":
            assert list(row.limits) == sorted(row.limits)
        if row.compare == "at_least":
            assert list(row.limits) == sorted(row.limits, reverse=True)


def test_water_units_are_those_of_the_catalogue() -> None:
    """Wherever both know an item; the five of real time are known to both."""
    standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    known = {item.key: item for item in catalogue.items("water")}
    assert set(standard.real_time.items) <= set(known) & {row.item for row in standard.table.rows}
    for row in standard.table.rows:
        if row.item in known:
            assert (row.unit, row.zh) == (known[row.item].unit, known[row.item].name_zh)


def test_lakes_are_stricter_in_phosphorus_than_rivers() -> None:
    """Two rows of item 8, told apart by the kind of water body."""
    standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    river, lake = standard.limit("tp", "river"), standard.limit("tp", "lake")
    assert river is not None
    assert lake is not None
    assert all(strict < lax for strict, lax in zip(lake.limits, river.limits, strict=True))
    assert standard.limit("tn", "river") is None
    assert standard.limit("temperature", "river") is None


def test_classes_have_the_words_of_the_assessment_measures() -> None:
    """As many classes as GB 3838 has, and one worse than all."""
    status = standards.load("hb2011_22", standards.WaterStatus)
    water = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    rows = status.classes.rows
    assert [row.number for row in rows] == list(range(1, water.worst + 1))
    assert tuple(row.name for row in rows[:-1]) == water.table.classes
    assert [row.status.zh for row in rows] == ["优", "优", "良好", "轻度污染", "中度污染", "重度污染"]
    assert "not in" in status.checked_by or "de facto" in status.classes.colour_basis.lower()
