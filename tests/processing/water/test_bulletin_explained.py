"""Explanations of the shares that a bulletin prints: the shares are those of the function, and sum to 100."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.bulletin import bulletin_shares, grouped_counts
from qingchuan.processing.water.bulletin_explained import explain_bulletin_shares

MEASURES = standards.load("hb2011_22", standards.WaterStatus)


@given(st.lists(st.integers(0, 60), min_size=6, max_size=6), st.integers(0, 2))
def test_shares_are_told_as_they_are_printed(counts: list[int], decimals: int) -> None:
    """Each with its exact share; where it is more than that cut off, the sentence says so."""
    groups = grouped_counts(counts, MEASURES)
    told = explain_bulletin_shares(counts, decimals, MEASURES)
    shares = bulletin_shares(groups, decimals).tolist()
    for part, count, share in zip(told.parts, groups.tolist(), shares, strict=True):
        if not sum(counts):
            assert (part.value, part.exact, part.rule.zh) == (None, None, "无断面参加评价")
            continue
        exact = Fraction(100 * count, sum(counts))
        assert (part.value, part.exact, part.valid, part.expected) == (share / 10**decimals, exact, count, sum(counts))
        assert ("补" in part.rule.zh) == (Fraction(share, 10**decimals) > exact)


def test_the_week_of_2007_is_told_share_by_share() -> None:
    """National weekly bulletin, 2007 week 2: 59.0, 10.9, 7.2 and 22.9 %."""
    told = explain_bulletin_shares([1, 20, 28, 9, 6, 19], 1, MEASURES)
    assert [part.name.zh for part in told.parts] == [
        "Ⅰ～Ⅲ类水质断面比例",
        "Ⅳ类断面比例",
        "Ⅴ类断面比例",
        "劣Ⅴ类断面比例",
    ]
    assert [part.value for part in told.parts] == [59.0, 10.9, 7.2, 22.9]
    assert told.parts[0].rule.en == "49 / 83 × 100 % = 59.0361 %, cut off to 59.0 %"
    assert told.parts[1].rule.en == "9 / 83 × 100 % = 10.8434 %, cut off to 10.8 %; much was cut off, 0.1 is given back"
    assert told.rule.en.startswith("Ⅰ–Ⅲ: 49 sections, 59.0 %; ")
