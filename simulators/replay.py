"""Replays real history: the rows of a CSV file as messages, in the order and, if wanted, at the pace they happened."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from qingchuan.simulators.mapping import FileMapping, LeftOut, TimeReader, load_mapping
from qingchuan.simulators.publisher import Outgoing
from qingchuan.simulators.template import MappingError, Template, fill_all, instead_of
from qingchuan.store.subjects import parse_subject

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_NOT_IN_A_SUBJECT = re.compile(r"[/+#\0]")
_SECOND = 1_000_000
"""[µs]"""

Stations = Mapping[str, Mapping[str, object]]


class Row(NamedTuple):
    """A row of the file as a message.

    Attributes
    ----------
    moment : int
        When what it tells was over. [s since 1970-01-01 UTC]
    topic : str
    payload : bytes
    """

    moment: int
    topic: str
    payload: bytes


@dataclass(frozen=True)
class History:
    """What a file holds, as messages.

    Attributes
    ----------
    announcements : tuple of Outgoing
        One of each subject, in the order of the file.
    rows : tuple of Row
        In the order of their moments; where these are equal, in that of the file.
    left_out : mapping of str to int
        How many rows of the file make no message, by the reason.
    """

    announcements: tuple[Outgoing, ...]
    rows: tuple[Row, ...]
    left_out: Mapping[LeftOut, int]

    @property
    def count(self) -> int:
        """How many messages there are."""
        return len(self.announcements) + len(self.rows)

    def messages(self, hold: Callable[[int], bool] = lambda _: True) -> Iterator[Outgoing]:
        """The messages, announcements first.

        Parameters
        ----------
        hold : callable
            Called with the moment of each row [s since 1970-01-01 UTC] before it is given out: may wait until it is
            time (see `due`), and returns False to end.
        """
        yield from self.announcements
        for moment, topic, payload in self.rows:
            if not hold(moment):
                return
            yield topic, payload, False


def due(moment: int, first: int, started: int, speed: float) -> int:
    """When a message is to be sent.

    Parameters
    ----------
    moment, first : int
        Its own time, and that of the first one. [s since 1970-01-01 UTC]
    started : int
        When the replay started. [µs since 1970-01-01 UTC]
    speed : float
        How many times as fast as it happened; 0 for as fast as possible.

    Returns
    -------
    int
        [µs since 1970-01-01 UTC]

    Examples
    --------
    >>> due(moment=7200, first=3600, started=0, speed=3600)
    1000000
    >>> due(moment=7200, first=3600, started=5, speed=0)
    5
    """
    return started if speed == 0 else started + round((moment - first) * _SECOND / speed)


def messages(
    file: Path, mapping: Path, stations: Path | None = None, prefix: str = "qingchuan"
) -> tuple[int, Iterator[Outgoing]]:
    """How many messages a file makes, and the messages; see `read`."""
    history = read(file, mapping, stations, prefix)
    return history.count, history.messages()


def read(file: Path, mapping: Path, stations: Path | None = None, prefix: str = "qingchuan") -> History:
    """The messages that the rows of a file make.

    The whole file is read before anything is given out, for the order, and so that a mistake in it is found before the
    first message is sent. A row without a single value makes no message.

    Parameters
    ----------
    file : Path
        CSV with a header; compressed if its name ends in ``.gz``.
    mapping : Path
        TOML; what the columns mean.
    stations : Path or None
        JSON: fields of the announcement of single subjects, by subject, instead of those that the mapping gives.
    prefix : str
        What topics begin with.

    Raises
    ------
    MappingError
        A file cannot be read, the mapping names a column that is not there, or a row does not fit the mapping.
    """
    rules = load_mapping(mapping)
    overlay = {**rules.stations, **_overlay(rules.stations, {} if stations is None else _load_stations(stations))}
    reader = _Reader(rules, overlay, prefix)
    for place, row in _rows(file, rules, mapping):
        try:
            reader.take(row)
        except MappingError as error:
            raise MappingError(f"{place}: {error} ({mapping})") from error
    rows = tuple(sorted(reader.rows, key=lambda row: row.moment))
    return History(tuple(reader.announcements.values()), rows, reader.left_out)


class _Reader:
    """Makes messages of rows, and an announcement of each subject it meets."""

    def __init__(self, mapping: FileMapping, stations: Stations, prefix: str) -> None:
        self.announcements: dict[str, Outgoing] = {}
        self.rows: list[Row] = []
        self.left_out: Counter[LeftOut] = Counter()
        self._mapping = mapping
        self._stations = stations
        self._prefix = prefix
        self._time = TimeReader(mapping)
        self._subject = Template(mapping.subject.text)
        self._columns = {item: mapping.columns_of_item(item) for item in mapping.items}
        self._missing = frozenset(mapping.missing)
        self._label = "time" if mapping.time.label == "instant" else mapping.time.label

    def take(self, row: dict[str, str]) -> None:
        """Make the message of `row`, if it is to have one."""
        time = self._time.read(row)
        values = {} if isinstance(time, str) else dict(self._values(row))
        if isinstance(time, str) or not values:
            self.left_out[time if isinstance(time, str) else "no value"] += 1
            return
        label, moment = time
        subject = self._id(row)
        payload = msgspec.json.encode({self._label: label.isoformat(), "values": values})
        self.rows.append(Row(moment, f"{self._prefix}/{subject}/{self._mapping.message}", payload))
        if subject not in self.announcements:
            self.announcements[subject] = self._announcement(subject, row)

    def _values(self, row: dict[str, str]) -> Iterator[tuple[str, msgspec.Raw]]:
        for item, columns in self._columns.items():
            for column in columns:
                text = row[column].strip()
                if text not in self._missing:
                    yield item, _number(text, column)
                    break

    def _id(self, row: dict[str, str]) -> str:
        rule = self._mapping.subject
        text = self._subject.fill(row)
        if rule.ids and text not in rule.ids:
            raise MappingError(f"the subject '{text}' has no line in [subject.ids]; {instead_of(text, rule.ids)}")
        subject = rule.ids.get(text, text)
        for old, new in rule.replace.items():
            subject = subject.replace(old, new)
        if not subject or _NOT_IN_A_SUBJECT.search(subject):
            raise MappingError(f"the subject is '{subject}': empty, or with / + #; [subject.replace] can replace these")
        return subject

    def _announcement(self, subject: str, row: dict[str, str]) -> Outgoing:
        template = cast("dict[str, object]", fill_all(self._mapping.announcement, row))
        payload = msgspec.json.encode({**template, **self._stations.get(subject, {})})
        try:
            parse_subject(payload)
        except msgspec.ValidationError as error:
            raise MappingError(f"the announcement of '{subject}' does not fit: {error}; see docs/mqtt.md") from error
        return f"{self._prefix}/{subject}/station", payload, True


def _number(text: str, column: str) -> msgspec.Raw:
    """The `text` as it stands in the file: exact, and with its decimals."""
    if not _NUMBER.fullmatch(text):
        raise MappingError(f"{column} is '{text}': not a number; if it stands for a missing value, add it to missing")
    return msgspec.Raw(text.encode())


def _rows(file: Path, mapping: FileMapping, source: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of `file` by column, each behind its place."""
    try:
        with _open(file, mapping.encoding) as lines:
            table = csv.reader(lines, delimiter=mapping.delimiter)
            header = next(table, [])
            _check_columns(header, mapping, file, source)
            for row in table:
                if len(row) != len(header):
                    raise MappingError(
                        f"{file}, line {table.line_num}: {len(row)} columns; the header has {len(header)}"
                    )
                yield f"{file}, line {table.line_num}", dict(zip(header, row, strict=True))
    except (OSError, EOFError) as error:
        raise MappingError(f"{file}: {error}; a CSV file, or one compressed with gzip, would do") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise MappingError(f"{file}: {error}; encoding and delimiter in {source} say how it is read") from error


def _open(file: Path, encoding: str) -> TextIOBase:
    if file.suffix == ".gz":
        return cast("TextIOBase", gzip.open(file, "rt", encoding=encoding, newline=""))
    return file.open(encoding=encoding, newline="")


def _check_columns(header: list[str], mapping: FileMapping, file: Path, source: Path) -> None:
    for key, column in mapping.columns():
        if column not in header:
            raise MappingError(f"{source}: {key} = '{column}': no column of {file}; {instead_of(column, header)}")


def _load_stations(path: Path) -> dict[str, dict[str, object]]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, object]])
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror}; a JSON file would do") from error
    except msgspec.DecodeError as error:
        raise MappingError(f'{path}: {error}; such as {{"subject": {{"water_body": "lake"}}}} would do') from error


def _overlay(under: Stations, over: Stations) -> dict[str, dict[str, object]]:
    return {subject: {**under.get(subject, {}), **fields} for subject, fields in over.items()}
