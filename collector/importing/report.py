"""What of a file was refused: by reason, and row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.store.import_messages import Import, RefusedCell, parse_or_none
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.state import DeadLetter

_PLACE = re.compile(r"(?:(?P<item>.*) \(line (?P<of>\d+)\)|line (?P<line>\d+))", re.DOTALL)
_SHOWN = 5


class Reason(NamedTuple):
    """What was refused for one kind of reason.

    Attributes
    ----------
    code : str
    rows, values : int
        Whole rows, and single values. [-]
    lines : tuple of int
        The first lines of the file.
    more : bool
        Whether there are further lines.
    example : str
        The reason of the first of them.
    """

    code: str
    rows: int
    values: int
    lines: tuple[int, ...]
    more: bool
    example: str


def reasons(cells: Sequence[RefusedCell]) -> list[Reason]:
    """What was refused, by the kind of reason, the most frequent first.

    Examples
    --------
    >>> cells = [RefusedCell(line, "tp", "wrong-value", "tp is x") for line in (4, 3)]
    >>> reasons(cells)
    [Reason(code='wrong-value', rows=0, values=2, lines=(3, 4), more=False, example='tp is x')]
    """
    codes = dict.fromkeys(cell.code for cell in cells)
    found = []
    for code in codes:
        same = sorted((cell for cell in cells if cell.code == code), key=lambda cell: cell.line)
        lines = tuple(dict.fromkeys(cell.line for cell in same))
        values = sum(cell.item != "" for cell in same)
        more = len(lines) > _SHOWN
        found.append(Reason(code, len(same) - values, values, lines[:_SHOWN], more, same[0].reason))
    return sorted(found, key=lambda reason: -(reason.rows + reason.values))


def refused_cells(letters: Iterable[DeadLetter], journal: JournalReader) -> list[RefusedCell]:
    """What dead letters of an import say, with the texts that the messages in the journal have.

    Of a file that was imported again the newest letter of each place counts.
    """
    newest = {letter.item: letter for letter in letters if letter.item is not None}
    parts: dict[int, Import | None] = {}
    found = []
    for letter in newest.values():
        place = _PLACE.fullmatch(letter.item or "")
        if place is None:
            continue
        if letter.sequence not in parts:
            parts[letter.sequence] = _part(journal, letter.sequence)
        line, item = int(place["of"] or place["line"]), place["item"] or ""
        text = _text(parts[letter.sequence], line, item)
        reason = letter.reason.removeprefix(f"line {line}: ")
        found.append(RefusedCell(line, item, letter.code, reason, text, letter.subject, letter.start))
    return sorted(found, key=lambda cell: (cell.line, cell.item))


def write_report(path: Path, refused: Iterable[tuple[str, RefusedCell]]) -> None:
    """Write what was refused, with the names of the files, as CSV that Excel opens as it is.

    Raises
    ------
    ImportFileError
        It cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "line", "item", "value", "code", "reason"))
            for name, cell in refused:
                writer.writerow((name, cell.line, cell.item, _harmless(cell.text), cell.code, cell.reason))
    except OSError as error:
        raise ImportFileError(f"--report {path}: {error.strerror}; a path that this user may write would do") from error


def _harmless(text: str) -> str:
    """A text that a table program takes for no formula."""
    return f"'{text}" if text[:1] in ("=", "@", "+") else text


def _part(journal: JournalReader, sequence: int) -> Import | None:
    batch = next(iter(journal.read(sequence - 1, 1)), None)
    return parse_or_none(batch.messages[0].payload) if batch and batch.sequence == sequence else None


def _text(part: Import | None, line: int, item: str) -> str:
    """What a message has in a place."""
    if part is None:
        return ""
    for cell in part.refused:
        if (cell.line, cell.item) == (line, item):
            return cell.text
    for entry in part.rows:
        if entry.line == line:
            value = entry.values.get(item, entry.subject if not item else "")
            return value if isinstance(value, str) else value.text
    return next((figure.value for figure in part.figures if (figure.line, figure.figure) == (line, item)), "")
