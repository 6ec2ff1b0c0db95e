"""Excel: one sheet of an .xlsx file.

A cell holds a number in binary and how it is shown apart from that; which digits its author typed is not in the file. A
number is told as the shortest decimal that is the same number: 0.070 in the sheet arrives as 0.07.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.table import Row, Table, headings

_HALF = dt.timedelta(seconds=0.5)
"""Days are counted in binary, too: the nearest second is meant."""


def read_excel(path: Path, rule: FileRule) -> Table:
    """The table in a sheet of an Excel file.

    Raises
    ------
    ImportFileError
        It is no such file, has no such sheet, or no headings.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ImportFileError(f"{path}: it is no .xlsx file ({error}); save it anew as one, or as CSV") from error
    sheets = {sheet.title: sheet for sheet in book.worksheets}  # a sheet that is a chart has no cells
    wanted = next(iter(sheets), "") if rule.sheet is None else rule.sheet
    if wanted not in sheets:
        book.close()
        which = f"sheet {wanted!r}" if wanted else "sheet with cells"
        raise ImportFileError(f"{path}: it has no {which}; there are {', '.join(sheets) or 'charts only'}")
    sheet = sheets[wanted]
    rows = _rows(path, book, sheet)
    try:
        line, cells = next(found for found in rows if found[0] >= rule.header)
        return Table(path.name, headings(cells, path.name), line, rows, max(0, (sheet.max_row or line) - line))
    except StopIteration as error:
        raise ImportFileError(f"{path}: its sheet has no row {rule.header} with headings (file.header)") from error


def _rows(path: Path, book: Any, sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl has no types
    """The rows of a sheet, as people see them numbered; empty ones are left out."""
    try:
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            texts = _trimmed([_text(cell) for cell in cells])
            if texts:
                yield line, texts
    except (SyntaxError, ValueError, EOFError, zlib.error, zipfile.BadZipFile) as error:  # XML raises a SyntaxError
        raise ImportFileError(f"{path}: its sheet is damaged ({error}); save it anew, or as CSV") from error
    finally:
        book.close()


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case float():
            return _number(cell)
        case dt.datetime():
            return (cell + _HALF).isoformat(timespec="seconds")
        case dt.date():
            return f"{cell.isoformat()}T00:00:00"
        case _:
            return str(cell)


def _number(number: float) -> str:
    """The shortest decimal that is the same number, without an exponent.

    Examples
    --------
    >>> _number(0.07), _number(7.0), _number(1e-05)
    ('0.07', '7', '0.00001')
    """
    text = format(Decimal(repr(number)), "f")
    return text.removesuffix(".0")
