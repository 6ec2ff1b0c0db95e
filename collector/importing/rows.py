"""Rows of a table to what they tell, by the mapping: values of items in columns or rows, or published figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qingchuan.collector.importing.days import no_such_day
from qingchuan.collector.importing.mapping import FileMapping, ItemRule, LongRule, PublishedRule
from qingchuan.collector.importing.names import Names
from qingchuan.collector.importing.problems import ImportFileError, instead_of
from qingchuan.collector.importing.table import Row, Table
from qingchuan.collector.importing.times import TimeReader
from qingchuan.collector.importing.values import Cell, Values, item_of
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing import catalogue
from qingchuan.processing.item_names import by_heading, without_brackets_behind
from qingchuan.processing.units import UnitError
from qingchuan.store.import_messages import Entry, Figure, RefusedCell, Told
from qingchuan.store.subjects import Subject

_NOWHERE = -1


@dataclass
class Read:
    """What some rows told.

    Attributes
    ----------
    entries : list of Entry
    figures : list of Figure
    refused : list of RefusedCell
    """

    entries: list[Entry] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)


_Take = Callable[[int, Sequence[str], Read], None]
"""Reads the cells of a line into what rows told."""


class _Columns(NamedTuple):
    """Where the cells of an item stand."""

    item: str
    value: int
    unit: str | None
    flag: int = _NOWHERE
    limit: int = _NOWHERE
    method: int = _NOWHERE


class RowReader:
    """Reads the rows of a table.

    Parameters
    ----------
    table : Table
    mapping : FileMapping
    subjects : mapping of str to Subject
        Those that are announced, for their names.

    Attributes
    ----------
    unknown : list of RefusedCell
        Columns that should name an item and do not.

    Raises
    ------
    ImportFileError
        The mapping names a column that the table does not have.
    """

    def __init__(self, table: Table, mapping: FileMapping, subjects: Mapping[str, Subject]) -> None:
        self.unknown: list[RefusedCell] = []
        self._width = len(table.columns)
        self._named = Names(mapping.subject.ids, subjects)
        self._fixed = mapping.subject.is_
        column = mapping.subject.column
        self._subject = _NOWHERE if column is None else table.place(column, "subject.column")
        if mapping.published:
            rule = mapping.published
            self._take: _Take = _FigureRows(table, rule, self._whose, frozenset(mapping.missing))
        else:
            self._take = self._value_rows(table, mapping)

    def __call__(self, row: Row, into: Read) -> None:
        """Read a row into `into`."""
        line, cells = row
        try:
            self._take(line, self._padded(cells), into)
        except RefusedError as error:
            shown = ",".join(cells)[:200]
            into.refused.append(RefusedCell(line, "", error.code, error.reason, shown))

    def _padded(self, cells: Sequence[str]) -> Sequence[str]:
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            what = f"it has {len(cells)} cells, and there are {self._width} headings"
            raise RefusedError("wrong-shape", f"{what}; quote a text that holds the delimiter")
        return [*cells, *[""] * (self._width - len(cells))]

    def _whose(self, cells: Sequence[str]) -> str:
        return self._named(self._fixed if self._fixed is not None else cells[self._subject])

    def _value_rows(self, table: Table, mapping: FileMapping) -> _Take:
        if mapping.time is None or mapping.period is None:
            raise ImportFileError("period and [time] are missing; docs/import.md explains every key")
        hour = _NOWHERE if mapping.time.hour is None else table.place(mapping.time.hour, "time.hour")
        time = table.place(mapping.time.column, "time.column"), hour
        label = _Label(self._whose, time, TimeReader(mapping.time, mapping.period))
        if mapping.long:
            return _LongRows(table, mapping, mapping.long, label)
        columns = self._by_heading(table, mapping, time) if mapping.items == "catalogue" else _named(table, mapping)
        return _WideRows(columns, label, Values(mapping))

    def _by_heading(self, table: Table, mapping: FileMapping, taken: tuple[int, ...]) -> list[_Columns]:
        """The columns whose headings name items; what else there is goes to `unknown`."""
        found: list[_Columns] = []
        for place, heading in enumerate(table.columns):
            others = place in taken or place == self._subject or not heading or heading in mapping.ignore
            if others or heading.endswith(_BESIDE):
                continue
            try:
                known = by_heading(heading, mapping.medium)
            except UnitError as error:
                self._leave_out(table, heading, str(error))
                continue
            if known is None:
                self._leave_out(table, heading, "no item is called so; name it in `ignore`, or its item in [items]")
            else:
                found.append(_beside(table, _Columns(known.item.key, place, known.unit), heading))
        if not found:
            names = [item.name_zh for item in catalogue.items("water")]
            raise ImportFileError(f"{table.name}: no heading names an item; {instead_of('', names)}")
        return found

    def _leave_out(self, table: Table, heading: str, why: str) -> None:
        reason = f"column {heading!r} is left out: {why}"
        self.unknown.append(RefusedCell(table.line, heading, "unknown-item", reason))


_FLAG, _LIMIT, _METHOD = "标记", "检出限", "方法"
_BESIDE = (_FLAG, _LIMIT, _METHOD)


def _beside(table: Table, columns: _Columns, heading: str) -> _Columns:
    """With the columns that are called as the item is and 标记, 检出限 or 方法 behind it."""
    names = tuple(without_brackets_behind(heading))
    places = [table.find(tuple(f"{name}{what}" for name in names)) for what in _BESIDE]
    flag, limit, method = (_NOWHERE if place is None else place for place in places)
    return columns._replace(flag=flag, limit=limit, method=method)


def _named(table: Table, mapping: FileMapping) -> list[_Columns]:
    """The columns of the items, as the mapping names them."""
    return [_of_rule(table, item, rule) for item, rule in mapping.rules().items()]


def _of_rule(table: Table, item: str, rule: ItemRule) -> _Columns:
    told = {"flag": rule.flag, "limit": rule.limit, "method": rule.method}
    places = {
        key: _NOWHERE if column is None else table.place(column, f"items.{item}.{key}") for key, column in told.items()
    }
    return _Columns(item, table.place(rule.column, f"items.{item}"), rule.unit, **places)


class _Label(NamedTuple):
    """Whose a row is, and of when."""

    whose: Callable[[Sequence[str]], str]
    places: tuple[int, int]
    time: TimeReader

    def of(self, cells: Sequence[str]) -> tuple[str, int]:
        whose, told = self.whose(cells), " ".join(cells[place] for place in self.places if place != _NOWHERE)
        try:
            return whose, self.time(told)
        except RefusedError as error:
            raise no_such_day(told) or error from error


class _WideRows:
    """A row tells of all items."""

    def __init__(self, columns: list[_Columns], label: _Label, values: Values) -> None:
        self._columns, self._label, self._values = columns, label, values

    def __call__(self, line: int, cells: Sequence[str], into: Read) -> None:
        subject, start = self._label.of(cells)
        told: dict[str, str | Told] = {}
        for columns in self._columns:
            cell = _cell(columns, cells)
            try:
                value = self._values(cell)
            except RefusedError as error:
                into.refused.append(_refused(line, cell, error, subject, start))
            else:
                if value is not None:
                    told.setdefault(columns.item, value)
        if told:
            into.entries.append(Entry(line, subject, start, told))


class _LongRows:
    """A row tells of one item."""

    def __init__(self, table: Table, mapping: FileMapping, rule: LongRule, label: _Label) -> None:
        self._item, self._value = table.place(rule.item, "long.item"), table.place(rule.value, "long.value")
        further = (rule.unit, rule.flag, rule.limit, rule.method)
        found = [None if column is None else table.find(column) for column in further]
        self._unit, self._flag, self._limit, self._method = (_NOWHERE if place is None else place for place in found)
        self._items, self._units, self._medium = rule.items, rule.units, mapping.medium
        self._label, self._values = label, Values(mapping)

    def __call__(self, line: int, cells: Sequence[str], into: Read) -> None:
        subject, start = self._label.of(cells)
        item = item_of(cells[self._item], self._items, self._medium)
        if not item:
            return
        unit = _at(cells, self._unit).strip() or self._units.get(item)
        columns = _Columns(item, self._value, unit, self._flag, self._limit, self._method)
        cell = _cell(columns, cells)
        try:
            value = self._values(cell)
        except RefusedError as error:
            into.refused.append(_refused(line, cell, error, subject, start))
            return
        if value is not None:
            into.entries.append(Entry(line, subject, start, {item: value}))


class _FigureRows:
    """A row tells of figures that were published of a subject."""

    def __init__(
        self, table: Table, rule: PublishedRule, whose: Callable[[Sequence[str]], str], missing: frozenset[str]
    ) -> None:
        self._whose = whose
        self._missing = missing
        self._rule = rule
        self._figures = {key: table.place(column, f"published.figures.{key}") for key, column in rule.figures.items()}
        column = rule.period_column
        self._period = _NOWHERE if column is None else table.place(column, "published.period_column")

    def __call__(self, line: int, cells: Sequence[str], into: Read) -> None:
        subject, period = self._whose(cells), self._rule.period or cells[self._period].strip()
        for figure, place in self._figures.items():
            value = cells[place].strip().removesuffix("%")
            if value not in self._missing:
                into.figures.append(Figure(line, subject, figure, period, value, self._rule.source))


def _at(cells: Sequence[str], place: int) -> str:
    return "" if place == _NOWHERE else cells[place]


def _cell(columns: _Columns, cells: Sequence[str]) -> Cell:
    beside = (_at(cells, columns.flag), _at(cells, columns.limit), _at(cells, columns.method))
    return Cell(columns.item, cells[columns.value], columns.unit, *beside)


def _refused(line: int, cell: Cell, error: RefusedError, subject: str, start: int) -> RefusedCell:
    return RefusedCell(line, cell.item, error.code, error.reason, cell.text[:200], subject, start)
