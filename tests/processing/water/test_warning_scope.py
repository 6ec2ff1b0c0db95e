"""Where the early warning of the Yangtze basin applies: eleven provinces, by the code of the place."""

from __future__ import annotations

import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.warning_scope import explain_in_scope, in_scope
from tests.support.explained import chinese

RULE = standards.load("yangtze2018", standards.WaterWarning)
SCOPE = standards.load("warning_scope2018", standards.WarningScope)
ELEVEN = ["53", "52", "51", "50", "42", "43", "36", "34", "32", "33", "31"]


def test_the_provinces_are_those_of_the_measures() -> None:
    """The same names in the same order as the published file has them; a code stands once."""
    assert tuple(row.name.zh for row in SCOPE.scope.rows) == RULE.publication.provinces
    assert [row.code for row in SCOPE.scope.rows] == ELEVEN
    assert (SCOPE.document, SCOPE.in_force) == (RULE.document, RULE.in_force)


def test_every_province_of_the_country_is_inside_or_outside() -> None:
    """By the first two digits of the place, whatever the others are."""
    codes = [f"{first}{second}" for first in range(1, 9) for second in range(10)]
    for end in ("0000", "0200", "9999"):
        found = in_scope([f"{code}{end}" for code in codes], SCOPE)
        assert [code for code, inside in zip(codes, found.tolist(), strict=True) if inside] == sorted(ELEVEN)


def test_a_place_that_is_not_known_is_not_inside() -> None:
    """Nor is there anything to tell of no section."""
    assert in_scope(["330200", None, "110000", ""], SCOPE).tolist() == [True, False, False, False]
    assert in_scope([], SCOPE).shape == (0,)


@pytest.mark.parametrize(
    ("place", "value", "zh", "en"),
    [
        ("330200", "applies", "断面位于浙江", "the section lies in Zhejiang"),
        ("310000", "applies", "断面位于上海", "the section lies in Shanghai"),
        ("110000", "does not apply", "断面所在地 110000 不在其中", "the place of the section, 110000, is not in them"),
        (None, "not known", "断面未登记所在城市，无法判断", "the city of the section is not known"),
    ],
)
def test_whether_the_measures_apply_is_told_with_the_reason(place: str | None, value: str, zh: str, en: str) -> None:
    """In both languages, with all eleven; inside, that the basin of the section is not known."""
    told = explain_in_scope(place, SCOPE)
    assert isinstance(told.value, standards.Text)
    assert told.value.en == value
    assert zh in told.rule.zh
    assert en in told.rule.en
    assert "云南、贵州、四川、重庆、湖北、湖南、江西、安徽、江苏、浙江、上海" in told.rule.zh
    assert "Yunnan, Guizhou, Sichuan, Chongqing, Hubei, Hunan, Jiangxi, Anhui, Jiangsu, Zhejiang and Shanghai" in (
        told.rule.en
    )
    assert ("按省份判断" in told.rule.zh) == (value == "applies")
    assert ("by the province" in told.rule.en) == (value == "applies")
    assert chinese(told.rule.en) == []
    assert told.source is not None
    assert told.source.document == RULE.document
