"""Masks of items: a byte says which."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing.air.item_masks import items_of_mask, mask_by_item, put_item_mask

ITEMS = ("so2", "no2", "pm10", "pm25", "co", "o3", "seventh", "eighth")


@given(
    st.integers(1, 8).flatmap(
        lambda count: st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=count, max_size=count)
    )
)
def test_what_is_put_into_a_mask_comes_out_of_it(chosen: list[list[bool]]) -> None:
    """By item as booleans, and one by one as names."""
    items = ITEMS[: len(chosen)]
    mask = np.full(4, 255, np.uint8)
    put_item_mask((np.array(this) for this in chosen), mask)
    assert mask_by_item(mask, items).tolist() == chosen
    for place, one in enumerate(mask.tolist()):
        assert items_of_mask(one, items) == tuple(item for item, this in zip(items, chosen, strict=True) if this[place])


def test_shapes_are_kept() -> None:
    """A scalar, two axes, none of anything."""
    assert mask_by_item(np.uint8(2), ("so2", "no2")).tolist() == [False, True]
    assert mask_by_item(np.zeros((2, 3), np.uint8), ITEMS).shape == (8, 2, 3)
    assert mask_by_item(np.zeros((0, 3), np.uint8), ("so2",)).shape == (1, 0, 3)
    assert items_of_mask(0, ITEMS) == ()
