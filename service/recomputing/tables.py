"""The arrays that are computed: their types, their axes, and how they lie in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing import catalogue
from qingchuan.service.recomputing.plan import Block, Plan

HOUR_ITEMS: Final = catalogue.told("hour")
DAY_ITEMS: Final = catalogue.told("day")

_ALIGNED: Final = 64
_MAGIC: Final = b"\x93NUMPY\x01\x00"
"""Format 1.0 of the arrays of numpy."""


class Table(NamedTuple):
    """An array of the results.

    Attributes
    ----------
    name : str
    dtype : str
        With its order of bytes.
    axes : tuple of str
    """

    name: str
    dtype: str
    axes: tuple[str, ...]


_HOURS: Final = ("hour_items", "hours", "stations")
_STATION_DAYS: Final = ("stations", "days")
_CITY_DAYS: Final = ("cities", "days")

TABLES: Final = (
    Table("station_hour_flags", "|u1", _HOURS),
    Table("station_hour_tests", "|u1", _HOURS),
    Table("station_days", "<u2", ("day_items", *_STATION_DAYS)),
    Table("station_day_aqi", "<i2", _STATION_DAYS),
    Table("station_day_levels", "|u1", _STATION_DAYS),
    Table("station_day_primary", "|u1", _STATION_DAYS),
    Table("city_days", "<u2", ("day_items", *_CITY_DAYS)),
    Table("city_days_without_dust", "<u2", ("day_items", *_CITY_DAYS)),
    Table("city_day_aqi", "<i2", _CITY_DAYS),
    Table("city_day_levels", "|u1", _CITY_DAYS),
    Table("city_day_primary", "|u1", _CITY_DAYS),
)
"""All of them, in the order in which a block has them."""

Arrays = Mapping[str, NDArray[Any]]
"""An array for each of `TABLES`."""


def axes_of(plan: Plan) -> dict[str, int]:
    """How long the axes of the whole are."""
    return _axes(plan.days, len(plan.stations), len(plan.cities))


def place_of(block: Block, plan: Plan) -> dict[str, slice]:
    """What of each axis of the whole a block is."""
    first = (block.start - plan.start).days
    days = slice(first, first + block.days)
    everything = {"hour_items": slice(None), "day_items": slice(None)}
    hours = slice(24 * days.start, 24 * days.stop)
    return {**everything, "hours": hours, "days": days, "stations": block.stations, "cities": block.cities}


def packed(arrays: Arrays) -> bytes:
    """The arrays of a block, one behind the other."""
    return b"".join(arrays[table.name].astype(table.dtype, order="C", copy=False).tobytes() for table in TABLES)


def unpacked(content: bytes, block: Block) -> dict[str, NDArray[Any]]:
    """The arrays of a block."""
    return dict(_unpacked(content, block))


def _unpacked(content: bytes, block: Block) -> Iterator[tuple[str, NDArray[Any]]]:
    axes = _axes(block.days, block.stations.stop - block.stations.start, block.cities.stop - block.cities.start)
    at = 0
    for table in TABLES:
        shape = shape_of(table, axes)
        array = np.frombuffer(content, table.dtype, int(np.prod(shape)), at).reshape(shape)
        at += array.nbytes
        yield table.name, array


def shape_of(table: Table, axes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape of an array, whose axes are so long."""
    return tuple(axes[axis] for axis in table.axes)


def make_file(path: Path, dtype: str, shape: Sequence[int]) -> NDArray[Any]:
    """A file for an array of numpy, mapped to be filled.

    The header is our own: that of another version of numpy need not be the same to the byte.
    """
    head = header(dtype, shape)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + int(np.prod(shape)) * np.dtype(dtype).itemsize)
    if not all(shape):
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r+", len(head), tuple(shape))


def header(dtype: str, shape: Sequence[int]) -> bytes:
    r"""What stands before the numbers in a file of numpy.

    Examples
    --------
    >>> header("<u2", (6, 20))[:11], len(header("<u2", (6, 20)))
    (b'\x93NUMPY\x01\x00v\x00{', 128)
    """
    told = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {tuple(shape)}, }}".encode()
    length = len(_MAGIC) + 2 + len(told) + 1
    told += b" " * (-length % _ALIGNED) + b"\n"
    return _MAGIC + len(told).to_bytes(2, "little") + told


def _axes(days: int, stations: int, cities: int) -> dict[str, int]:
    return {
        "hour_items": len(HOUR_ITEMS),
        "day_items": len(DAY_ITEMS),
        "hours": 24 * days,
        "days": days,
        "stations": stations,
        "cities": cities,
    }
