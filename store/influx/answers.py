"""What the server answers to a query in InfluxQL, from MessagePack to arrays and to rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import msgspec
import numpy as np

from qingchuan.processing.decimals import comparable, written
from qingchuan.store import flag_texts
from qingchuan.store.grids import Told
from qingchuan.store.influx.lines import FLAGS, OURS, SENT, SEQUENCE, parse_sent, subject_of
from qingchuan.store.rows import Row, Texts, encode

_Value = float | int | str | None


class Series(msgspec.Struct, frozen=True, gc=False):
    """The points of one series.

    Attributes
    ----------
    tags : dict of str to str
    columns : list of str
        The first is ``time``.
    values : list of list
        A row a point.
    """

    columns: list[str]
    values: list[list[_Value]]
    tags: dict[str, str] = {}


class _Result(msgspec.Struct, frozen=True, gc=False):
    series: list[Series] = []
    error: str = ""


class _Answer(msgspec.Struct, frozen=True, gc=False):
    results: list[_Result] = []
    error: str = ""


class QueryError(Exception):
    """The server could not answer a query."""


_decoder = msgspec.msgpack.Decoder(_Answer)


def decode(answer: bytes) -> list[Series]:
    """The series of an answer, of all its statements, without points that are being written.

    The server shows fields of a new point one by one: one without its sequence and flags is half there.

    Raises
    ------
    QueryError
        It says that something is wrong, or it is no answer to a query.
    """
    try:
        told = _decoder.decode(answer)
    except msgspec.DecodeError as error:
        raise QueryError(f"the answer begins with {answer[:80]!r}; it is no MessagePack of a query") from error
    wrong = [told.error, *(result.error for result in told.results)]
    if any(wrong):
        raise QueryError("; ".join(filter(None, wrong)))
    found = [_whole_points(series) for result in told.results for series in result.series]
    return [series for series in found if series.values]


def _whole_points(series: Series) -> Series:
    needed = [series.columns.index(name) for name in (SEQUENCE, FLAGS) if name in series.columns]
    if not needed:
        return series
    first, last = needed[0], needed[-1]
    whole = [point for point in series.values if point[first] is not None and point[last] is not None]
    return Series(series.columns, whole, series.tags)


def told_of(found: Iterable[Series], subjects: Sequence[str], items: Sequence[str]) -> Told:
    """What `found` tells of `items`; its columns are the time, `items`, sequence and flags."""
    index = {subject: place for place, subject in enumerate(subjects)}
    parts = [_part(series, index[subject_of(series.tags["subject"])], items) for series in found]
    return Told.joined([Told.of([], subjects, items), *parts])


def _part(series: Series, subject: int, items: Sequence[str]) -> Told:
    starts, *numbers, sequence, flags = zip(*series.values, strict=True)
    count = len(starts)
    texts = cast("Sequence[str]", flags)
    values = np.array(numbers, np.float64).reshape(len(items), count)
    return Told(
        np.full(count, series.tags["origin"]),
        np.full(count, subject, np.int64),
        np.array(starts, np.int64),
        np.array(sequence, np.int64),
        values,
        flag_texts.columns(texts, ~np.isnan(values), items),
        flag_texts.below(texts, items),
    )


def marks_of(found: Iterable[Series]) -> Iterator[Row]:
    """Rows that have flags and no numbers; the columns are time, sequence and flags."""
    for series in found:
        subject, origin = subject_of(series.tags["subject"]), series.tags["origin"]
        for start, sequence, flags in series.values:
            yield Row(cast("int", start), subject, origin, cast("int", sequence), "{}", str(flags))


def whole_of(found: Iterable[Series]) -> Iterator[tuple[tuple[int, str, str, str], int, Texts]]:
    """Of each point start, subject, period and origin, then its sequence and all that it tells."""
    for series in found:
        subject = subject_of(series.tags["subject"])
        for point in series.values:
            told = dict(zip(series.columns, point, strict=True))
            key = cast("int", told.pop("time")), subject, series.tags["period"], series.tags["origin"]
            yield key, cast("int", told[SEQUENCE]), _texts(told)


def _texts(told: dict[str, _Value]) -> Texts:
    """The texts of a point: what was sent, where it is still the number that stands there."""
    sent = parse_sent(str(told.get(SENT) or ""))
    numbers = {item: float(value) for item, value in told.items() if item not in OURS and value is not None}
    texts = {item: written(number) for item, number in numbers.items()}
    texts |= {item: text for item, text in sent.items() if item in numbers and comparable(text) == numbers[item]}
    marks = flag_texts.of_items(str(told[FLAGS]), texts)
    items = {item: (text, marks[item].flag) for item, text in texts.items()}
    return encode(items, {item: mark.by for item, mark in marks.items()})
