"""The key cities: how many, which, and by which regions, on the days on which that changes."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest

from qingchuan.processing.air import key_cities

FILE = resources.files("qingchuan.processing.air").joinpath("key_cities.toml")


def _told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2018, 6, 30), 0),
        (date(2018, 7, 1), 169),
        (date(2018, 12, 31), 169),
        (date(2019, 1, 1), 168),
        (date(2026, 11, 25), 168),
    ],
)
def test_so_many_cities_are_ranked(day: date, number: int) -> None:
    """169 from July 2018, 168 since Laiwu became part of Jinan."""
    assert len(key_cities.on(day)) == number


def test_laiwu_is_the_one_that_left() -> None:
    """Between the last day of 2018 and the first of 2019 nothing else changed."""
    before, after = key_cities.on(date(2018, 12, 31)), key_cities.on(date(2019, 1, 1))
    assert {city.name.zh for city in set(before) - set(after)} == {"莱芜"}
    assert set(after) < set(before)


def test_the_regions_of_2018_have_their_published_sizes() -> None:
    """55 + 41 + 11 + 16 + 22 + 9 + 15 = 169, until the end of 2023 less one."""
    sizes = {
        "京津冀及周边": 55,
        "长三角": 41,
        "汾渭平原": 11,
        "成渝": 16,
        "长江中游": 22,
        "珠三角": 9,
        "其他省会和计划单列市": 15,
    }
    assert Counter(city.region.zh for city in key_cities.on(date(2018, 12, 31)) if city.region) == sizes
    later = Counter(city.region.zh for city in key_cities.on(date(2023, 12, 31)) if city.region)
    assert later == sizes | {"京津冀及周边": 54}


def test_the_key_regions_of_2024_have_their_published_sizes() -> None:
    """2 + 36, 31 and 13; the other cities lie in none."""
    found = Counter(city.region.zh if city.region else None for city in key_cities.on(date(2024, 1, 1)))
    assert found == {"京津冀及周边“2+36”": 38, "长三角": 31, "汾渭平原": 13, None: 86}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("洛阳", "汾渭平原", "京津冀及周边“2+36”"),
        ("太原", "京津冀及周边", "汾渭平原"),
        ("青岛", "京津冀及周边", None),
        ("宁波", "长三角", "长三角"),
        ("温州", "长三角", None),
        ("成都", "成渝", None),
    ],
)
def test_a_city_moves_to_its_region_of_2024(name: str, before: str, after: str | None) -> None:
    """The last day of the regions of 2018, and the first of those of 2024."""
    for day, region in ((date(2023, 12, 31), before), (date(2024, 1, 1), after)):
        city = next(city for city in key_cities.on(day) if city.name.zh == name)
        assert (city.region.zh if city.region else None) == region


@pytest.mark.parametrize(
    ("pinyin", "cities"),
    [("Suzhou", {"320500": "苏州", "341300": "宿州"}), ("Taizhou", {"321200": "泰州", "331000": "台州"})],
)
def test_a_name_in_pinyin_is_no_key(pinyin: str, cities: dict[str, str]) -> None:
    """Two cities of that name, told apart by their codes."""
    found = {city.code: city.name.zh for city in key_cities.on(date(2025, 1, 1)) if city.name.en == pinyin}
    assert found == cities


def test_codes_are_those_of_cities_each_once_in_order() -> None:
    """Six digits of GB/T 2260: prefecture-level, or one of the four municipalities."""
    codes = [city.code for city in key_cities.on(date(2018, 7, 1))]
    assert codes == sorted(set(codes))
    assert all(len(code) == 6 and code.isdecimal() and code.endswith("00") for code in codes)
    assert [code for code in codes if code.endswith("0000")] == ["110000", "120000", "310000", "500000"]


def test_names_that_converters_get_wrong_are_right() -> None:
    """Readings that depend on the place."""
    names = {city.name.zh: city.name.en for city in key_cities.on(date(2025, 1, 1))}
    wanted = {"长治": "Changzhi", "漯河": "Luohe", "朝阳": "Chaoyang", "六安": "Lu'an", "亳州": "Bozhou"}
    assert wanted.items() <= names.items()


def test_the_table_is_the_compiled_list(reference_data: Path) -> None:
    """Code, names and the region of 2018, row by row."""
    with (reference_data / "key-cities.csv").open(encoding="utf-8") as file:
        listed = [(row["code"], row["name"], row["pinyin"], row["region_2018"]) for row in csv.DictReader(file)]
    found = [(c.code, c.name.zh, c.name.en, c.region.zh) for c in key_cities.on(date(2018, 7, 1)) if c.region]
    assert [row[:3] for row in found] == [row[:3] for row in listed]
    assert [row[3] for row in found if row[3] != "其他省会和计划单列市"] == [
        row[3] for row in listed if row[3] != "其他省会/计划单列"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ranked_form": 1}, "unknown field `ranked_form`"),
        ({"cities": [["330200", "宁波", "Ningbo", ["yrd", "yrd"]]] * 2}, "the key cities have 330200 twice"),
        ({"cities": [["330200", "宁波", "Ningbo", ["yrd"]]]}, "330200 宁波 has 1 regions; 2 would do"),
        (
            {"cities": [["330200", "宁波", "Ningbo", ["yrd", "yzd"]]]},
            "330200 宁波 has the region 'yzd'; key regions of",
        ),
    ],
)
def test_a_table_with_a_mistake_is_refused(change: dict[str, object], message: str) -> None:
    """A misspelt key, a code that stands twice, a region that is missing or unknown."""
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(_told() | change, key_cities._File)
