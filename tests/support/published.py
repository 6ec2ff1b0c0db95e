"""The reference data as they were published: rows of CSV files, and the numbers in them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    """The rows of a CSV file by column; decompressed if its name ends in ``.gz``."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(text.decode("utf-8").splitlines()))


def air_number(cell: str) -> float | None:
    """The number in a cell of the air data, where an empty cell and a 0 mean missing."""
    return (float(cell) if cell else 0) or None
