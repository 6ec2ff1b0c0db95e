"""The codes of the catalogue against the tables of HJ 212—2017, which were typed independently of it."""

from __future__ import annotations

import pytest

from qingchuan.collector.hj212.tables import Factor, load
from qingchuan.processing import catalogue

_TABLES = (load("hj212_2017").water, load("hj212_2017").air, load("hj212_2017").noise)
PRINTED = [row for table in _TABLES if table for row in table.rows]
CODES = {
    code.code: (entry, code)
    for key in catalogue.tellable("hour", catalogue.DOMAINS)
    for entry in [catalogue.item(key)]
    for code in entry.codes
}
_SPELT = {"dB": "dB(A)"}


@pytest.mark.parametrize("row", [row for row in PRINTED if row.code in CODES], ids=lambda row: str(row.code))
def test_what_the_catalogue_calls_printed_is_printed_so(row: Factor) -> None:
    """Code, former code and unit."""
    for written in filter(None, (row.code, row.old)):
        entry, code = CODES[written]
        unit = entry.unit if code.unit is None else code.unit
        if code.basis == "printed":
            assert unit == _SPELT.get(row.unit or "", row.unit)
        else:
            assert unit != row.unit


def test_every_code_that_is_called_printed_is_in_the_tables() -> None:
    """Or is the total of a flow, which the tables have as a column."""
    printed = {written for row in PRINTED for written in (row.code, row.old)}
    totals = {f"{written}-Cou" for row in PRINTED if row.total == "m³" for written in (row.code, row.old)}
    told = {written for written, (_, code) in CODES.items() if code.basis == "printed"}
    assert told <= printed | totals


def test_every_printed_code_that_means_one_of_our_items_is_in_the_catalogue() -> None:
    """None was forgotten."""
    for row in PRINTED:
        if row.item:
            assert CODES[row.code][0].key == row.item
