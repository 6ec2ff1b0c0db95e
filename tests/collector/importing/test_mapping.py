"""Mappings are loaded strictly, and say what would do."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingchuan.collector.importing.mapping import parse_mapping
from qingchuan.collector.importing.mapping_files import READY, load_mapping
from qingchuan.collector.importing.problems import ImportFileError
from tests.support.importing import HOURS, written

FIGURES = {
    "origin": "official",
    "subject": {"column": "city"},
    "published": {"source": "CNEMC", "period": "2025-10", "figures": {"rank_composite": "rank"}},
}


def _without(*keys: str) -> dict[str, object]:
    return {key: value for key, value in HOURS.items() if key not in keys}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({**HOURS, "perod": "hour"}, "unknown field `perod`"),
        (_without("subject"), "missing required field `subject`"),
        (_without("items"), "there is none of them; exactly one says how the file is laid out"),
        ({**HOURS, "long": {"item": "item", "value": "value"}}, "items and [long]; exactly one"),
        (_without("period"), "period is missing; hour, day"),
        (_without("time"), "[time] is missing"),
        ({**HOURS, "origin": "derived"}, "Invalid enum value 'derived'"),
        (
            {**HOURS, "time": {"column": "time"}},
            "whether the time of a 'hour' is its start or its end is never guessed",
        ),
        ({**HOURS, "period": "instant"}, "time.label is 'end'; a period 'instant' is an instant and has no label"),
        ({**HOURS, "time": {"column": "t", "label": "end", "zone": "Beijing"}}, "an offset such as +08:00 would do"),
        ({**HOURS, "items": {"pm2.5": "PM"}}, "items.pm2.5: 'pm2.5' is no item; did you mean pm25?"),
        ({**HOURS, "items": {"pm25": {"column": "PM", "unit": "℃"}}}, "not of mass concentration"),
        ({**HOURS, "flags": {"fault": 5}}, "flags.fault is 5; the flags are 1, 2, 3, 4, 9"),
        ({**HOURS, "subject": {"column": "a", "is": "b"}}, "one of both"),
        ({**HOURS, "subject": {}}, "one of both"),
        ({**HOURS, "file": {"delimiter": "::"}}, "file.delimiter is '::'; one character"),
        ({**HOURS, "file": {"header": 0}}, "the first row is 1"),
        ({**HOURS, "detection": {"limits": {"tpp": "0.01"}}}, "detection.limits.tpp: 'tpp' is no item"),
        ({**FIGURES, "origin": "reported"}, "published figures are 'official'"),
        ({**FIGURES, "published": {"source": "", "figures": {}}}, "period (of all rows) or period_column: one of both"),
        (
            {**FIGURES, "published": {"source": "", "period": "2025-10", "figures": {"rank": "r"}}},
            "published.figures.rank is no figure; did you mean",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(told: dict[str, object], says: str) -> None:
    """Each message names the key and what would do, and where that is written."""
    with pytest.raises(ImportFileError) as refused:
        parse_mapping(told)
    assert says in str(refused.value)
    assert "docs/import.md" in str(refused.value)


def test_a_mapping_that_is_no_toml_or_not_there_is_named(tmp_path: Path) -> None:
    """With the path, and the mappings that ship."""
    with pytest.raises(ImportFileError, match=r"map.toml: not TOML"):
        load_mapping(str(written(tmp_path, "period = ", "map.toml")))
    with pytest.raises(ImportFileError, match=r"nowhere.toml: No such file.*laboratory"):
        load_mapping(str(tmp_path / "nowhere.toml"))


@pytest.mark.parametrize("name", READY)
def test_the_mappings_that_ship_are_loaded_by_name(name: str) -> None:
    """They are whole, and of the laboratory."""
    assert load_mapping(name).origin == "manual"


def test_published_figures_need_neither_period_nor_time() -> None:
    """What is published of a month has no observation."""
    assert parse_mapping(FIGURES).published is not None
