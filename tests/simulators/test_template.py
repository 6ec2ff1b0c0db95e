"""Texts with the values of a row in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.simulators.template import MappingError, Template, columns_of, fill_all, instead_of


def test_columns_are_filled_in() -> None:
    """Names of columns may be Chinese and hold anything but braces."""
    assert Template("{省份}-{raw TP}!").fill({"省份": "浙江省", "raw TP": "0.1"}) == "浙江省-0.1!"


def test_a_brace_written_twice_is_a_brace() -> None:
    """As in Python's formats."""
    assert Template("{{{a}}}").fill({"a": "1"}) == "{1}"


@pytest.mark.parametrize("text", ["{a", "a}", "{}", "{a!r}", "{a:>3}"])
def test_braces_hold_a_name_and_nothing_else(text: str) -> None:
    """What Python's formats can do besides is refused."""
    with pytest.raises(MappingError, match=r"write a column as \{column\}"):
        Template(text)


@given(st.text(st.characters(exclude_characters="{}")))
def test_a_text_without_braces_stays_as_it_is(text: str) -> None:
    """Whatever it holds."""
    assert Template(text).fill({}) == text


@given(st.text())
def test_what_a_row_holds_is_never_read_as_a_template(value: str) -> None:
    """Braces in the data are data."""
    assert Template("{a}").fill({"a": value}) == value


def test_texts_are_filled_at_any_depth() -> None:
    """Numbers and truth values pass."""
    value = {"name": {"zh": "{n}"}, "list": ["{n}", 1], "evaluated": True, "none": None}
    assert fill_all(value, {"n": "虹口"}) == {
        "name": {"zh": "虹口"},
        "list": ["虹口", 1],
        "evaluated": True,
        "none": None,
    }
    assert columns_of(value) == ["n", "n"]


def test_advice_names_what_there_is() -> None:
    """With the nearest first, if one is near."""
    assert instead_of("PM25", ["pm10", "pm25"]) == "there are: pm10, pm25"
    assert instead_of("pm-25", ["pm10", "pm25"]) == "did you mean pm25? there are: pm10, pm25"
