"""Parquet, read by `pyarrow`, which is an extra: ``pip install qingchuan[parquet]``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.table import Row, Table, headings
from qingchuan.processing.periods import BEIJING

_AT_ONCE = 4096


def read_parquet(path: Path, _rule: FileRule) -> Table:
    """The table in a Parquet file; its rows are numbered from 1 on.

    Raises
    ------
    ImportFileError
        It is no such file, or `pyarrow` is not installed.
    """
    try:
        from pyarrow import ArrowException  # noqa: PLC0415 - an extra
        from pyarrow.parquet import ParquetFile  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = f"{path}: the package pyarrow is not installed; pip install 'qingchuan[parquet]', or save it as CSV"
        raise ImportFileError(message) from error
    try:
        file = ParquetFile(path)
    except ArrowException as error:
        raise ImportFileError(f"{path}: it is no Parquet file ({error})") from error
    columns = headings(file.schema_arrow.names, path.name)
    return Table(path.name, columns, 0, _rows(path, file), file.metadata.num_rows)


def _rows(path: Path, file: Any) -> Iterator[Row]:  # noqa: ANN401 - pyarrow has no types
    line = 0
    with file:
        try:
            for batch in file.iter_batches(_AT_ONCE):
                columns = [_texts(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    line += 1
                    yield line, cells
        except (OSError, ValueError, OverflowError) as error:  # those of pyarrow are some of these
            raise ImportFileError(f"{path}: it cannot be read after row {line} ({error})") from error


def _texts(column: Any) -> list[str]:  # noqa: ANN401 - pyarrow has no types
    single = str(column.type) in ("float", "halffloat")
    return [_text(cell, single=single) for cell in column.to_pylist()]


def _text(cell: object, *, single: bool) -> str:
    match cell:
        case None:
            return ""
        case float():
            return _number(cell, single=single)
        case dt.datetime():
            return _moment(cell)
        case dt.date():
            return f"{cell.isoformat()}T00:00:00"
        case Decimal():
            return format(cell, "f")
        case _:
            return str(cell)


def _moment(moment: dt.datetime) -> str:
    """A time with an offset as Beijing time; what has none is told as it is."""
    there = moment if moment.tzinfo is None else moment.astimezone(BEIJING)
    return there.isoformat(timespec="seconds")


def _number(number: float, *, single: bool) -> str:
    if number != number:  # noqa: PLR0124 - NaN stands for a missing value in such files
        return ""
    shortest = str(np.float32(number)) if single else repr(number)
    try:
        return format(Decimal(shortest), "f").removesuffix(".0")
    except ArithmeticError:
        return shortest
