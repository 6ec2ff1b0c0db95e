"""CSV: in UTF-8 with or without a mark, UTF-16 with one, or GB 18030, whichever it is."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.table import Row, Table, headings

_CHUNK = 1 << 20
_CANDIDATES = ("utf-8", "gb18030")
_DELIMITERS = ",;\t"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class _Form(NamedTuple):
    encoding: str
    lines: int


def read_csv(path: Path, rule: FileRule) -> Table:
    """The table in a CSV file; compressed if its name ends in ``.gz``.

    Raises
    ------
    ImportFileError
        It is in another encoding, or has no headings.
    """
    form = _form_of(path, rule.encoding)
    lines = _lines(path, form.encoding, rule)
    try:
        line, cells = next(found for found in lines if found[0] >= rule.header)
        return Table(path.name, headings(cells, path.name), line, lines, max(0, form.lines - line))
    except StopIteration as error:
        raise ImportFileError(f"{path}: it has no row {rule.header} with headings (file.header)") from error
    except ImportFileError:
        lines.close()
        raise


def _lines(path: Path, encoding: str, rule: FileRule) -> Generator[Row]:
    """The rows of the file, each with the line that it begins in; empty ones are left out."""
    with io.TextIOWrapper(cast("BinaryIO", _open(path)), encoding, newline="") as text:
        delimiter = rule.delimiter or _delimiter(text, rule.header)
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=False)
        begins = 1
        try:
            for cells in reader:
                if any(cells):
                    yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            raise ImportFileError(f"{path}: line {reader.line_num}: {error}") from error


def _open(path: Path) -> io.BufferedIOBase:
    if path.name.lower().endswith(".gz"):
        return cast("io.BufferedIOBase", gzip.open(path, "rb"))
    return path.open("rb")


def _delimiter(text: io.TextIOWrapper, header: int) -> str:
    """What stands most often in the row of headings."""
    line = ""
    for _ in range(header):
        line = text.readline()
    counts = Counter({delimiter: line.count(delimiter) for delimiter in _DELIMITERS})
    return counts.most_common(1)[0][0]


def _form_of(path: Path, encoding: str | None) -> _Form:
    """The encoding of the whole file, and how many lines it has."""
    with _open(path) as raw:
        begin = raw.read(3)
    marked = next((name for mark, name in _MARKS.items() if begin.startswith(mark)), None)
    for candidate in (encoding,) if encoding else (marked,) if marked else _CANDIDATES:
        try:
            return _Form(candidate, _count_lines(path, candidate))
        except LookupError as error:
            raise ImportFileError(f"file.encoding is {candidate!r}; utf-8 or gb18030 would do") from error
        except UnicodeDecodeError:
            continue
        except (EOFError, zlib.error) as error:
            raise ImportFileError(f"{path}: it is damaged, or was cut short ({error}); copy it anew") from error
    tried = encoding or marked or " or ".join(_CANDIDATES)
    raise ImportFileError(f"{path}: it is not in {tried}; save it as UTF-8, or say its file.encoding in the mapping")


def _count_lines(path: Path, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, text = 0, "\n"
    with _open(path) as raw:
        while chunk := raw.read(_CHUNK):
            text = decoder.decode(chunk) or text
            lines += text.count("\n")
    decoder.decode(b"", final=True)
    return lines + (not text.endswith("\n"))
