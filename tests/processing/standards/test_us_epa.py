"""The editions of the US AQI as data: in force when, laid out in order, true against one another."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib import resources
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards import UsAirQualityIndex

EDITIONS = {name: standards.load(name, UsAirQualityIndex) for name in ("epa2012", "epa2012_ozone2008", "epa2024")}
EACH = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2013, 3, 18), "epa2012_ozone2008"),
        (date(2015, 12, 27), "epa2012_ozone2008"),
        (date(2015, 12, 28), "epa2012"),
        (date(2024, 5, 5), "epa2012"),
        (date(2024, 5, 6), "epa2024"),
    ],
)
def test_the_day_of_the_data_chooses_the_edition(day: date, name: str) -> None:
    """First and last days; the ozone column changed in the middle."""
    assert standards.in_force("epa", day).name == name


def test_a_day_before_the_first_edition_is_refused() -> None:
    """The PM2.5 column of 1999 is not here."""
    with pytest.raises(standards.UnknownEdition, match="the day has the date 2013-03-17"):
        standards.in_force("epa", date(2013, 3, 17))


@EACH
def test_ranges_join_in_concentration_and_in_index(edition: UsAirQualityIndex) -> None:
    """Each begins one last decimal, and one index, after the end of the one before."""
    for segments in edition.segments.values():
        assert (segments.low[1:] == segments.high[:-1] + 1).all()
        assert (segments.index_low[1:] == segments.index_high[:-1] + 1).all()
        assert (segments.high > segments.low).all()


@EACH
def test_every_range_lies_in_one_category(edition: UsAirQualityIndex) -> None:
    """The index ranges of the table are the categories, of which the last may have two."""
    categories = [(category.least, category.most) for category in edition.categories]
    ranges = [row.index for row in edition.table.rows]
    assert ranges[:5] == categories[:5]
    assert categories[5] == (ranges[5][0], None)
    assert all(low[1] + 1 == high[0] for low, high in pairwise(ranges))


@EACH
def test_columns_are_items_of_the_catalogue_and_have_decimals(edition: UsAirQualityIndex) -> None:
    """Each column has its pollutant, its truncation, and as a NowCast only particles of a day."""
    known = {item.key for item in catalogue.items("air")}
    assert {column.pollutant for column in edition.table.columns} <= known
    assert set(edition.truncation.items) == set(edition.items)
    assert all(edition.items[item].hours == 24 for item in edition.nowcast.items)
    assert all(note.instead in edition.items for note in edition.notes)


def test_the_colours_are_those_of_table_2() -> None:
    """RGB as printed on p. 4: green, yellow, orange, red, purple, maroon."""
    printed = [(0, 228, 0), (255, 255, 0), (255, 126, 0), (255, 0, 0), (143, 63, 151), (126, 0, 35)]
    for edition in EDITIONS.values():
        assert [row.colour for row in edition.categories] == ["#{:02X}{:02X}{:02X}".format(*rgb) for rgb in printed]


def test_2024_changed_particles_and_the_steps_above_300_only() -> None:
    """Index by index, up to 300, and where each column ends."""
    old, new = EDITIONS["epa2012"], EDITIONS["epa2024"]
    for item in new.items:
        below = [
            [part[segments.index_high <= 300].tolist() for part in segments]
            for segments in (old.segments[item], new.segments[item])
        ]
        assert (below[0] == below[1]) == (item != "pm25")
        assert (old.segments[item].high[-1] == new.segments[item].high[-1]) == (item != "pm25")


def test_2015_changed_8_hour_ozone_only() -> None:
    """All other columns are the same."""
    before, since = EDITIONS["epa2012_ozone2008"], EDITIONS["epa2012"]
    same = [item for item in since.items if np.array_equal(before.segments[item], since.segments[item])]
    assert [item for item in since.items if item not in same] == ["o3_8h"]


@pytest.mark.parametrize(
    ("printed", "mistyped", "wanted"),
    [
        ("[305, 604],  [650, 1249]", "[305, 604]", "a row of Table 6 has not 8 cells, one a column"),
        ("[9.1, 35.4]", "[9.2, 35.4]", "the ranges of pm25 do not join at the last decimal"),
        ("above = 304", "above = 300", r"note \(3\) begins above 300.0; the last breakpoint of so2_1h would do"),
        ("most = 50\n", "most = 49\n", "category 1 ends with 49; 50 would do"),
    ],
    ids=["cells", "gap", "note", "category"],
)
def test_a_file_that_is_mistyped_is_refused(printed: str, mistyped: str, wanted: str) -> None:
    """A missing cell, a gap, a note in the wrong place, categories apart."""
    text = (resources.files("qingchuan.processing.standards") / "epa2024.toml").read_text(encoding="utf-8")
    assert text.count(printed) == 1
    told = {"name": "epa2024", **tomllib.loads(text.replace(printed, mistyped))}
    with pytest.raises(msgspec.ValidationError, match=wanted):
        msgspec.convert(told, UsAirQualityIndex)


def test_what_is_computed_from_an_edition_cannot_be_written_to() -> None:
    """Segments and categories are kept and shared."""
    with pytest.raises(ValueError, match="read-only"):
        EDITIONS["epa2024"].segments["pm25"].low[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        EDITIONS["epa2024"].category_starts[0] = 1
