"""Files as tables: headings, and rows of texts with the line that each stands in."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from qingchuan.collector.importing.csv_table import read_csv
from qingchuan.collector.importing.excel_table import read_excel
from qingchuan.collector.importing.mapping import FileRule
from qingchuan.collector.importing.parquet_table import read_parquet
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.table import Table

_READERS: dict[str, Callable[[Path, FileRule], Table]] = {
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".txt": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".parquet": read_parquet,
}
_CHUNK = 1 << 20


def open_table(path: Path, rule: FileRule) -> Table:
    """The table in the file at `path`; its rows are read one after the other.

    Raises
    ------
    ImportFileError
        There is none, or it cannot be read.
    """
    reader = next((reader for ending, reader in _READERS.items() if path.name.lower().endswith(ending)), None)
    if reader is None:
        raise ImportFileError(f"{path}: the name ends in none of {', '.join(_READERS)}; save it as one of these")
    try:
        return reader(path, rule)
    except OSError as error:
        raise ImportFileError(f"{path}: {error.strerror or error}") from error


def digest_of(path: Path, *more: bytes) -> str:
    """Digest of a file and of what else makes its import what it is; 32 hexadecimal digits.

    Raises
    ------
    ImportFileError
        It cannot be read.
    """
    found = blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise ImportFileError(f"{path}: {error.strerror or error}") from error
    for part in more:
        found.update(b"\0" + part)
    return found.hexdigest()
