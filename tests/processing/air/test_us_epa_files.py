"""Every row of EPA's daily files, recomputed: real data that are not shipped."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.us_epa import iaqi

FILES = [
    ("co_portland_2023", "co", "epa2012", 352),
    ("co_portland_2023", "co", "epa2024", 352),
    ("ny_state_2020_ozone", "o3_8h", "epa2012", 9290),
    ("ny_state_2020_so2", "so2_1h", "epa2012", 4868),
    ("pm25_baltimore_2019_oldbp", "pm25", "epa2012", 1614),
    ("pm25_houston_2023_newbp", "pm25", "epa2024", 4964),
]
NEGATIVE = 37


def _rows(path: Path) -> tuple[list[float], list[int]]:
    """Concentrations and published indices: columns 5 and 7 under either of two spellings."""
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
    rows = list(csv.reader(lines))[1:]
    return [float(row[4]) for row in rows], [int(row[6]) for row in rows]


@pytest.mark.parametrize(("name", "item", "edition", "expected"), FILES)
def test_every_published_row_is_reproduced(
    reference_data: Path, name: str, item: str, edition: str, expected: int
) -> None:
    """The table goes by the file, not by its date: Houston 2023 uses the breakpoints of 2024."""
    concentrations, published = _rows(reference_data / "air-daily-us-epa" / f"{name}.csv.gz")
    assert len(published) == expected
    found = iaqi(concentrations, item, standards.load(edition, standards.UsAirQualityIndex))
    assert found.tolist() == published


def test_the_files_have_negative_concentrations_with_an_index_of_zero(reference_data: Path) -> None:
    """As many as the editions speak of."""
    rows = [_rows(reference_data / "air-daily-us-epa" / f"{name}.csv.gz") for name in {row[0] for row in FILES}]
    negative = [index for row in rows for value, index in zip(*row, strict=True) if value < 0]
    assert negative == [0] * NEGATIVE


def test_the_other_table_does_not_reproduce_the_files(reference_data: Path) -> None:
    """So that the tests above can fail: the breakpoints of 2024 on the file of 2019."""
    concentrations, published = _rows(reference_data / "air-daily-us-epa" / "pm25_baltimore_2019_oldbp.csv.gz")
    found = iaqi(concentrations, "pm25", standards.load("epa2024", standards.UsAirQualityIndex))
    assert (found != np.array(published)).mean() > 0.5
