"""Excel and Parquet files."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pyarrow as pa
import pytest
from openpyxl.chart import BarChart
from pyarrow import parquet

from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.mapping_files import load_mapping
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.tables import open_table
from qingchuan.processing.periods import BEIJING, parse_instant
from qingchuan.store.import_messages import Told
from tests.support.importing import mapping_of, parts_of, written


def _book(folder: Path, *rows: tuple[object, ...], sheet: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    book.active.title = "first"
    page = book.active if sheet == "Sheet" else book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    path = folder / "file.xlsx"
    book.save(path)
    return path


def test_cells_of_excel_become_texts_with_the_shortest_number(tmp_path: Path) -> None:
    """0.070 is held as 0.07, 7.0 as 7; a text keeps its digits; a time that Excel knows is a time."""
    moment = dt.datetime(2026, 3, 1, 8, 20)  # noqa: DTZ001 - Excel knows no offsets
    path = _book(tmp_path, (), ("a", "b"), (0.070, "0.070"), (), (7.0, 12), (1e-5, moment), (dt.date(2026, 3, 1), None))
    table = open_table(path, FileRule(header=2))
    assert (table.line, table.columns) == (2, ("a", "b"))
    assert list(table.rows) == [
        (3, ["0.07", "0.070"]),
        (5, ["7", "12"]),
        (6, ["0.00001", "2026-03-01T08:20:00"]),
        (7, ["2026-03-01T00:00:00"]),
    ]


def test_a_sheet_is_named_or_the_first(tmp_path: Path) -> None:
    """One that is not there is named with those that are."""
    path = _book(tmp_path, ("a",), (1,), sheet="2026年")
    assert [cells for _, cells in open_table(path, FileRule(sheet="2026年")).rows] == [["1"]]
    with pytest.raises(ImportFileError, match="no sheet '2025年'; there are first, 2026年"):
        open_table(path, FileRule(sheet="2025年"))
    with pytest.raises(ImportFileError, match="no row 1 with headings"):
        open_table(path, FileRule())


def test_a_sheet_that_is_a_chart_has_no_rows(tmp_path: Path) -> None:
    """Alone, by its name, or before a sheet that has some."""
    book = openpyxl.Workbook()
    chart = book.create_chartsheet("Chart", 0)
    chart.add_chart(BarChart())
    path = tmp_path / "file.xlsx"
    book.active = 1
    book.worksheets[0].append(("a",))
    book.worksheets[0].append((1,))
    book.save(path)
    assert [cells for _, cells in open_table(path, FileRule()).rows] == [["1"]]
    with pytest.raises(ImportFileError, match="no sheet 'Chart'; there are Sheet"):
        open_table(path, FileRule(sheet="Chart"))
    del book["Sheet"]
    book.active = 0
    book.save(path)
    with pytest.raises(ImportFileError, match="no sheet with cells; there are charts only"):
        open_table(path, FileRule())


def test_what_is_no_excel_file_is_said(tmp_path: Path) -> None:
    """An old .xls that was renamed, or a text."""
    with pytest.raises(ImportFileError, match=r"it is no \.xlsx file"):
        open_table(written(tmp_path, "a,b\n", "file.xlsx"), FileRule())


def test_a_sheet_that_is_damaged_is_said(tmp_path: Path) -> None:
    """What is known only when its rows are read."""
    path = _book(tmp_path, ("time", "tp"), *((str(number), number) for number in range(50)))
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part[: len(part) // 2] if name.endswith("sheet1.xml") else part)
    with pytest.raises(ImportFileError, match="its sheet is damaged"):
        list(open_table(path, FileRule()).rows)


def test_parquet_that_is_damaged_or_has_times_of_no_calendar_is_said(tmp_path: Path) -> None:
    """With the row after which it ends."""
    path = tmp_path / "file.parquet"
    parquet.write_table(pa.table({"a": [f"a{number}" for number in range(9000)]}), path)
    path.write_bytes(path.read_bytes()[:40] + bytes(160) + path.read_bytes()[200:])
    with pytest.raises(ImportFileError, match="after row 0"):
        list(open_table(path, FileRule()).rows)
    parquet.write_table(pa.table({"a": pa.array([10**13], pa.timestamp("s"))}), path)
    with pytest.raises(ImportFileError, match="after row 0"):
        list(open_table(path, FileRule()).rows)


def test_a_laboratory_sends_excel(tmp_path: Path) -> None:
    """The mapping that ships reads it: section, time, items with limits, and what was not found."""
    path = _book(
        tmp_path,
        ("断面名称", "采样时间", "高锰酸盐指数", "总磷", "总磷检出限", "铜(µg/L)"),
        ("大闸", dt.datetime(2026, 3, 5, 9, 40), 2.1, "未检出", 0.01, "1L"),  # noqa: DTZ001 - as above
    )
    (part,) = parts_of(path, load_mapping("laboratory"))
    (entry,) = part.rows
    assert (entry.subject, entry.start) == ("大闸", parse_instant("2026-03-05T09:40:00+08:00"))
    assert entry.values == {"codmn": "2.1", "tp": Told("0.01", 2, "less-than"), "copper": Told("0.001", 2, "less-than")}
    assert part.refused == []


def test_parquet_has_numbers_times_and_texts(tmp_path: Path) -> None:
    """Of single precision the shortest number of single precision; NaN and null are missing; times may have offsets."""
    start = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    columns = {
        "time": pa.array([start, start.astimezone(BEIJING)], pa.timestamp("us", "UTC")),
        "station": ["1235A", "1235A"],
        "PM2.5": pa.array([35.1, float("nan")], pa.float32()),
        "CO": pa.array([Decimal("0.70"), None], pa.decimal128(5, 2)),
    }
    path = tmp_path / "file.parquet"
    parquet.write_table(pa.table(columns), path)
    (part,) = parts_of(path, mapping_of())
    (entry,) = part.rows
    assert (entry.line, entry.start) == (1, parse_instant("2026-03-01T15:00:00+08:00"))
    assert entry.values == {"pm25": "35.1", "co": "0.70"}
    assert part.through == 2


def test_without_pyarrow_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportFileError, match=r"pip install 'qingchuan\[parquet\]'"):
        open_table(written(tmp_path, "", "file.parquet"), FileRule())


def test_what_is_no_parquet_file_is_said(tmp_path: Path) -> None:
    """With the reason of the reader."""
    with pytest.raises(ImportFileError, match="it is no Parquet file"):
        open_table(written(tmp_path, "time,station\n", "file.parquet"), FileRule())
