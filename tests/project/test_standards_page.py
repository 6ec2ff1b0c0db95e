"""The page that leads from a clause to its function says only what is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8")
FOLDERS = "air|water|trend|standards|ranks|rounding|scaled"
FUNCTIONS = sorted(set(re.findall(rf"`((?:{FOLDERS})\.[A-Za-z_0-9.]+)`", PAGE)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_the_page_names_exists_and_says_where_it_is_written(name: str) -> None:
    """Its module is in `qingchuan.processing`, and it has a docstring."""
    parts = name.split(".")
    depth = next(at for at, part in enumerate(parts) if part[0].isupper()) if name != name.lower() else len(parts) - 1
    found: object = import_module(f"qingchuan.processing.{'.'.join(parts[:depth])}")
    for part in parts[depth:]:
        found = getattr(found, part)
    assert found.__doc__


def test_every_data_file_of_a_standard_is_on_the_page() -> None:
    """And the page names no file that is not there."""
    there = {path.name for path in (ROOT / "processing" / "standards").glob("*.toml")}
    assert set(re.findall(r"`(\w+\.toml)`", PAGE)) == there
