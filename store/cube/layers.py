"""One layer of the cube as dense arrays: gathered from the files of its months and groups of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.scaled import MISSING
from qingchuan.store.cube import places
from qingchuan.store.cube.encoding import numbers_of, scale_of, widened
from qingchuan.store.cube.files import SEQUENCE, Kind, Mapped, path_of, view
from qingchuan.store.cube.manifest import Manifest
from qingchuan.store.cube.places import COLUMNS, Group, Stretch
from qingchuan.store.observations import MISSING_FLAG, PERIOD_SECONDS, Period

_FLAGS, _ORIGINS = 1, 2
"""Parts of a file of values."""

_Index = NDArray[np.intp] | slice


class Asked(NamedTuple):
    """Which cells of the cube are asked for.

    Attributes
    ----------
    subjects, items : sequence of str
    period : {"hour", "day"}
    start, end : int
        Starts of periods; `end` is not included. [s since 1970-01-01 UTC]
    """

    subjects: Sequence[str]
    items: Sequence[str]
    period: Period
    start: int
    end: int

    @property
    def times(self) -> int:
        """How many periods."""
        return max(0, self.end - self.start) // PERIOD_SECONDS[self.period]


@dataclass(slots=True)
class Part:
    """What a layer tells.

    Attributes
    ----------
    values : ndarray of float64, shape (items, times, subjects)
    flags : ndarray of uint8, shape of `values`
    sequence : ndarray of int64, shape (times, subjects)
    """

    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    sequence: NDArray[np.int64]

    def put_over(self, winning: Part) -> None:
        """Take over what `winning` tells."""
        told = ~np.isnan(winning.values)
        np.copyto(self.values, winning.values, where=told)
        np.copyto(self.flags, winning.flags, where=told)
        np.maximum(self.sequence, winning.sequence, out=self.sequence)


class _Columns(NamedTuple):
    """Columns of one group of files, and their places among the subjects that are asked for."""

    number: int
    columns: _Index
    places: _Index


class _Piece(NamedTuple):
    """An open file, and what of it belongs where in a grid."""

    file: Mapped
    kind: Kind
    rows: slice
    columns: _Index
    places: _Index

    def part(self, number: int) -> NDArray[Any]:
        """The cells of one of its parts."""
        return self.file.parts[number][self.rows, self.columns]


class Layer:
    """One layer of a cube.

    Parameters
    ----------
    folder : Path
        Of the cube.
    manifest : Manifest
    name : str
    asked : Asked
    """

    def __init__(self, folder: Path, manifest: Manifest, name: str, asked: Asked) -> None:
        self._folder = folder
        self._manifest = manifest
        self._name = name
        self._asked = asked
        self._columns = _columns(manifest.columns_of(name, asked.period), asked.subjects)

    def read(self) -> Part:
        """All that is asked for."""
        shape = (len(self._asked.items), self._asked.times, len(self._asked.subjects))
        part = Part(np.empty(shape), np.empty(shape, np.uint8), np.empty(shape[1:], np.int64))
        for stretch in self._stretches():
            rows = stretch.places
            _gather(self._pieces(SEQUENCE, stretch), 0, part.sequence[rows], 0)
            for place, item in enumerate(self._asked.items):
                pieces = self._pieces(item, stretch)
                _numbers(pieces, item, part.values[place, rows])
                _gather(pieces, _FLAGS, part.flags[place, rows], MISSING_FLAG)
        return part

    def origins(self) -> NDArray[np.uint8]:
        """Of each value the place of its origin in `places.ORIGINS`, from 1 on; 0 where it is missing."""
        found = np.empty((len(self._asked.items), self._asked.times, len(self._asked.subjects)), np.uint8)
        for stretch in self._stretches():
            for place, item in enumerate(self._asked.items):
                _gather(self._pieces(item, stretch), _ORIGINS, found[place, stretch.places], 0)
        return found

    def _stretches(self) -> Iterator[Stretch]:
        return places.stretches(self._asked.period, self._asked.start, self._asked.end)

    def _pieces(self, name: str, stretch: Stretch) -> list[_Piece]:
        found = []
        for number, columns, there in self._columns:
            group = Group(self._name, self._asked.period, stretch.month, number)
            kind = self._manifest.files.get(group.name, {}).get(name)
            if kind is not None:
                file = view(path_of(self._folder, group, name, kind), group, kind)
                found.append(_Piece(file, kind, stretch.rows, columns, there))
        return found


def _columns(known: Sequence[str], subjects: Sequence[str]) -> list[_Columns]:
    """Where `subjects` stand among those that are `known`, group by group."""
    column = {subject: place for place, subject in enumerate(known)}
    there = np.array([place for place, subject in enumerate(subjects) if subject in column], np.intp)
    columns = np.array([column[subjects[place]] for place in there], np.intp)
    numbers = columns // COLUMNS
    return [
        _Columns(number, _run(columns[numbers == number] % COLUMNS), _run(there[numbers == number]))
        for number in np.unique(numbers).tolist()
    ]


def _run(indices: NDArray[np.intp]) -> _Index:
    """`indices` as a slice, where they follow one another: it copies faster."""
    first = int(indices[0])
    return slice(first, first + len(indices)) if (np.diff(indices) == 1).all() else indices


def _gather(pieces: Sequence[_Piece], number: int, into: NDArray[Any], nothing: float) -> None:
    """Fill `into` from one part of `pieces`."""
    if not _cover(pieces, into.shape[1]):
        into.fill(nothing)
    for piece in pieces:
        into[:, piece.places] = piece.part(number)


def _numbers(pieces: Sequence[_Piece], item: str, into: NDArray[np.float64]) -> None:
    """Fill `into` with the numbers of `pieces`."""
    if scale_of(item) and all(piece.kind == "narrow" for piece in pieces):
        codes = np.empty(into.shape, np.uint16)
        _gather(pieces, 0, codes, MISSING)
        np.take(numbers_of(item), codes, out=into, mode="clip")  # the other modes take the way round a copy
        return
    if not _cover(pieces, into.shape[1]):
        into.fill(np.nan)
    for piece in pieces:
        into[:, piece.places] = widened(piece.part(0), item)


def _cover(pieces: Sequence[_Piece], columns: int) -> bool:
    """Whether `pieces` tell of all columns of a grid."""
    return columns == sum(
        piece.places.stop - piece.places.start if isinstance(piece.places, slice) else len(piece.places)
        for piece in pieces
    )
