"""A table of texts, whatever file it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qingchuan.collector.importing.problems import ImportFileError, instead_of

Row = tuple[int, Sequence[str]]
"""The line that a row stands in, and its cells."""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    columns : tuple of str
        The headings, without blanks around them.
    line : int
        Where they stand. [-]
    rows : iterator of (int, sequence of str)
        One after the other, each once; the cells are as many as there are in the file.
    total : int
        About how many rows there are. [-]
    """

    name: str
    columns: tuple[str, ...]
    line: int
    rows: Iterator[Row]
    total: int

    def close(self) -> None:
        """Close the file, if rows are left."""
        close = getattr(self.rows, "close", None)
        if close is not None:
            close()

    def place(self, column: str | tuple[str, ...], key: str) -> int:
        """The place of a column; of several headings that of the first which the file has.

        Raises
        ------
        ImportFileError
            The file has none of them, or one twice.
        """
        found = self.find(column)
        if found is None:
            wanted = column if isinstance(column, str) else " or ".join(column)
            near = column if isinstance(column, str) else column[0]
            raise ImportFileError(f"{self.name}: {key} names column {wanted!r}; {instead_of(near, self.columns)}")
        return found

    def find(self, column: str | tuple[str, ...]) -> int | None:
        """As `place`; None where the file has none of the headings.

        Raises
        ------
        ImportFileError
            It has one twice.
        """
        for heading in (column,) if isinstance(column, str) else column:
            count = self.columns.count(heading)
            if count > 1:
                raise ImportFileError(
                    f"{self.name}: {count} columns are called {heading!r}; give each a name of its own"
                )
            if count:
                return self.columns.index(heading)
        return None


def headings(cells: Sequence[str], name: str) -> tuple[str, ...]:
    """The headings of a table.

    Raises
    ------
    ImportFileError
        There are none.
    """
    found = tuple(" ".join(cell.split()) for cell in cells)
    while found and not found[-1]:
        found = found[:-1]
    if not found:
        raise ImportFileError(f"{name}: its row of headings is empty; file.header says which row they stand in")
    return found
