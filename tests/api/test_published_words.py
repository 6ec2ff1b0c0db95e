"""The places of a published document in words."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from qingchuan.api.queries.publications import Order, compute
from qingchuan.api.queries.published_words import figure_in_words
from qingchuan.store.publications import Document, differences
from qingchuan.store.subjects import Name
from tests.api.world import World
from tests.support.month import CITY, MONTH, RECEIVED, SECTION, Stores, month

NAMES = {CITY: Name("宁波", "Ningbo"), SECTION: Name("大闸", "Dazha")}


@pytest.fixture
def document(tmp_path: Path, empty: World) -> Document:
    """A month of a city and a section."""
    stores = Stores(tmp_path / "stores")
    stores.take(*month())
    found = compute(stores.services(empty.services), Order(MONTH, "lin", RECEIVED))
    stores.close()
    return found


def test_every_figure_of_a_document_has_words_of_its_own(document: Document) -> None:
    """In both languages, without a name of the program in them; no two are called alike."""
    nothing = msgspec.structs.replace(document, cities={}, sections={}, water=None)
    places = [one.figure for one in differences(nothing, document) if one.figure != "water"]
    words = [figure_in_words(place, NAMES) for place in places]
    assert len(places) > 200
    assert [text for text in words if re.search(r"_|/|[a-z]{3}", text.zh)] == []
    assert [text for text in words if re.search(r"_|/|[\u4e00-\u9fff]", text.en)] == []
    for told in ([text.zh for text in words], [text.en for text in words]):
        assert sorted(told) == sorted(set(told))


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (f"cities/{CITY}/statistics/o3_8h/percentile", "宁波 O₃-8h 百分位数浓度", "Ningbo: O₃-8h, percentile"),
        (f"cities/{CITY}/ranking/rank", "宁波 排名 名次", "Ningbo: ranking, rank"),
        (f"cities/{CITY}/rates/good_air/rate", "宁波 优良天数比例 比例", "Ningbo: good-air rate, rate"),
        (f"sections/{SECTION}/month/items/nh3n/value", "大闸 NH₃-N 平均值", "Dazha: NH₃-N, mean"),
        (f"sections/{SECTION}/month/class/name", "大闸 水质类别", "Dazha: class"),
        ("sections/gone/month/main", "gone 主要污染指标", "gone: main pollutants"),
        ("water/shares/good", "全部断面 优良率", "all sections: share of good sections"),
    ],
)
def test_a_figure_is_called_by_whose_it_is_and_what_it_is(place: str, zh: str, en: str) -> None:
    """As a person would."""
    told = figure_in_words(place, NAMES)
    assert (told.zh, told.en) == (zh, en)
