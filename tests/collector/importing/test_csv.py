"""CSV files as they come."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.tables import digest_of, open_table
from tests.support.importing import written

TEXT = "断面,高锰酸盐指数\n大闸,2.10\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    """With a mark or without; GB 18030 where it is no UTF-8."""
    table = open_table(written(tmp_path, TEXT, encoding=encoding), FileRule())
    assert (table.columns, list(table.rows)) == (("断面", "高锰酸盐指数"), [(2, ["大闸", "2.10"])])
    assert table.total == 1


def test_a_file_in_neither_encoding_is_refused(tmp_path: Path) -> None:
    """Instead of being read as something else."""
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n\xff\xff,1\n")
    with pytest.raises(ImportFileError, match="not in utf-8 or gb18030"):
        open_table(path, FileRule())
    with pytest.raises(ImportFileError, match="utf-8 or gb18030 would do"):
        open_table(path, FileRule(encoding="klingon"))


def test_lines_are_counted_as_a_person_sees_them(tmp_path: Path) -> None:
    """A quoted line break is one row of two lines; an empty line is no row, and counts."""
    table = open_table(written(tmp_path, 'note\na,b\n\n"1\n2",x\r\n3,y\n'), FileRule(header=2))
    assert (table.line, table.columns) == (2, ("a", "b"))
    assert list(table.rows) == [(4, ["1\n2", "x"]), (6, ["3", "y"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_headings(tmp_path: Path, delimiter: str) -> None:
    """The most frequent of comma, semicolon and tab."""
    table = open_table(written(tmp_path, f"a{delimiter}b{delimiter}c\n1,5{delimiter}2{delimiter}3\n"), FileRule())
    assert table.columns == ("a", "b", "c")


def test_a_compressed_file_is_decompressed(tmp_path: Path) -> None:
    """If its name says so."""
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode("gb18030")))
    assert [cells for _, cells in open_table(path, FileRule()).rows] == [["大闸", "2.10"]]


def test_a_compressed_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    """At its end, or damaged within."""
    whole = gzip.compress("".join(f"{number},{number**5}\n" for number in range(9000)).encode())
    for damaged in (whole[:-40], whole[:5000] + bytes(99) + whole[5099:]):
        path = tmp_path / "file.csv.gz"
        path.write_bytes(damaged)
        with pytest.raises(ImportFileError, match=r"file\.csv\.gz"):
            open_table(path, FileRule())


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    """An unknown ending, no file, no headings."""
    with pytest.raises(ImportFileError, match=r"file.doc: the name ends in none of \.csv"):
        open_table(written(tmp_path, TEXT, "file.doc"), FileRule())
    with pytest.raises(ImportFileError, match="No such file"):
        open_table(tmp_path / "nothing.csv", FileRule())
    with pytest.raises(ImportFileError, match="no row 3 with headings"):
        open_table(written(tmp_path, TEXT), FileRule(header=3))
    with pytest.raises(ImportFileError, match="its row of headings is empty"):
        open_table(written(tmp_path, "\n \n"), FileRule())
    with pytest.raises(ImportFileError, match="2 columns are called 'a'"):
        open_table(written(tmp_path, "a,a\n1,2\n"), FileRule()).place("a", "time.column")


def test_the_digest_goes_by_what_is_in_the_file_and_in_the_mapping(tmp_path: Path) -> None:
    """Not by its name."""
    one, other = written(tmp_path, TEXT, "one.csv"), written(tmp_path, TEXT, "other.csv")
    assert digest_of(one, b"map") == digest_of(other, b"map") != digest_of(one, b"other map")
    assert digest_of(one) != digest_of(written(tmp_path, TEXT + " ", "third.csv"))
