"""The text of flags: short where all are alike, and nothing of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qingchuan.store.flag_texts import Mark, encode, of_items
from qingchuan.store.observations import Observation
from qingchuan.store.rows import Texts, merge

_marks = st.builds(Mark, st.sampled_from([1, 2, 3, 4, 9]), st.sampled_from(["", "", "spike", "device:M"]))


@given(st.dictionaries(st.sampled_from(["co", "o3", "pm10", "pm25"]), _marks))
def test_what_is_written_is_read(marks: dict[str, Mark]) -> None:
    """Flag and what set it, of every item."""
    assert of_items(encode(marks), marks) == marks


def test_one_number_is_enough_where_all_are_alike() -> None:
    """As of nearly every message."""
    assert encode({"co": Mark(1), "o3": Mark(1)}) == "1"


def test_a_flag_that_something_set_names_it_even_where_all_have_it() -> None:
    """The number alone would not say what set it."""
    assert of_items(encode({"co": Mark(4, "device:M")}), ["co"]) == {"co": Mark(4, "device:M")}


def test_another_flag_alone_is_a_revision_too() -> None:
    """Whatever the number is."""
    before = Observation.of("1235A", "hour", 0, "reported", {"co": ("0.70", 2), "o3": ("80", 2)})
    after = Observation.of("1235A", "hour", 0, "reported", {"co": ("0.7", 4)}, by={"co": "device:M"})
    merged = merge(Texts(before.values, before.flags), Texts(after.values, after.flags))
    assert merged == Texts('{"co":0.7,"o3":80}', '{"*":2,"co":[4,"device:M"]}')
