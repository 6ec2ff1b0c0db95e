"""What the columns of a CSV file mean, as a mapping file in TOML says it; `deploy/mappings/` has commented ones."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from qingchuan.processing import catalogue, periods
from qingchuan.simulators.template import MappingError, Template, columns_of, instead_of

MessageKind = Literal["hour", "day", "reading"]
LeftOut = Literal["time unknown", "outside the range", "no value"]
"""Why a row makes no message."""
PERIOD: dict[MessageKind, catalogue.Period] = {"hour": "hour", "day": "day", "reading": "instant"}
_LENGTH: dict[MessageKind, int] = {"hour": periods.HOUR, "day": periods.DAY, "reading": 0}
_YEARS_BACK = 8
"""The longest time between two 29 February."""
_DATE = len("2018-07-01")
_ALWAYS, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a row's time stands and what it means.

    Attributes
    ----------
    text : str
        Template of the time.
    format : str
        By which `text` is read, as of ``datetime.strptime``.
    zone : str
        Offset of the file's clock, such as ``"+08:00"``.
    label : {"start", "end", "instant"}
        What of its hour or day the time names; a reading has an instant.
    year_before : str or None
        Template of a date (ISO 8601) for times without a year: the year is the one that makes it the latest time not
        after the end of that day.
    unknown : tuple of str
        Texts that stand for a time that is not known: such rows are left out, as nothing can be said of them.
    since, until : str or None
        Rows whose time, as the file writes it, lies in ``[since, until)`` are taken; ISO 8601, in the file's zone.
    """

    text: str
    format: str
    zone: str
    label: Literal["start", "end", "instant"]
    year_before: str | None = None
    unknown: tuple[str, ...] = ()
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = None


class SubjectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a row is about.

    Attributes
    ----------
    text : str
        Template.
    replace : dict
        Characters that a topic may not have, and what stands for them.
    ids : dict
        Id of each subject by its text; with it, a text that is not among them is an error. Without: the text is the id.
    """

    text: str
    replace: dict[str, str] = {}
    ids: dict[str, str] = {}


class FileMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the columns of a file mean.

    Attributes
    ----------
    message : {"hour", "day", "reading"}
        What each row becomes.
    time : TimeRule
    subject : SubjectRule
    items : dict
        Column of each item; of several columns the first that has a value.
    announcement : dict
        The announcement of each subject, its texts being templates.
    stations : dict
        Fields of the announcement of single subjects, instead of those of `announcement`.
    missing : tuple of str
        Texts that stand for a value that is missing.
    encoding, delimiter : str
        Of the file.
    """

    message: MessageKind
    time: TimeRule
    subject: SubjectRule
    items: dict[str, str | list[str]]
    announcement: dict[str, object]
    stations: dict[str, dict[str, object]] = {}
    missing: tuple[str, ...] = ("",)
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    def columns(self) -> Iterator[tuple[str, str]]:
        """Every column that is named, behind the key that names it."""
        yield from (("time.text", column) for column in columns_of(self.time.text))
        yield from (("time.year_before", column) for column in columns_of(self.time.year_before))
        yield from (("subject.text", column) for column in columns_of(self.subject.text))
        yield from ((f"items.{item}", column) for item in self.items for column in self.columns_of_item(item))
        yield from (("announcement", column) for column in columns_of(self.announcement))

    def columns_of_item(self, item: str) -> list[str]:
        """The columns of `item`, the first with a value wins."""
        columns = self.items[item]
        return [columns] if isinstance(columns, str) else columns


def load_mapping(path: Path) -> FileMapping:
    """The mapping that the file at `path` holds.

    Raises
    ------
    MappingError
        The file cannot be read, has an unknown or a missing key, a wrong type, or keys that do not go together.
    """
    try:
        mapping = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), FileMapping)
        _check(mapping)
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror}; deploy/mappings has mappings to begin with") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: not TOML: {error}; deploy/mappings has mappings to begin with") from error
    except msgspec.ValidationError as error:
        raise MappingError(f"{path}: {error}; deploy/mappings explains every key") from error
    except MappingError as error:
        raise MappingError(f"{path}: {error}") from error
    return mapping


def _check(mapping: FileMapping) -> None:
    """Refuse keys that do not go together."""
    list(mapping.columns())
    known = catalogue.told(PERIOD[mapping.message])
    for item in mapping.items:
        if item not in known:
            raise MappingError(f"items.{item}: no item of a message '{mapping.message}'; {instead_of(item, known)}")
    if (mapping.message == "reading") != (mapping.time.label == "instant"):
        label = mapping.time.label
        raise MappingError(
            f"time.label = '{label}': a reading has an instant, an hour and a day have a start or an end"
        )
    try:
        codecs.lookup(mapping.encoding)
    except LookupError as error:
        raise MappingError(f"encoding = '{mapping.encoding}': unknown; utf-8 or gb18030 would do") from error
    if len(mapping.delimiter) != 1:
        raise MappingError(f"delimiter = '{mapping.delimiter}': not one character; , or ; would do")
    TimeReader(mapping)


class TimeReader:
    """Reads the time of rows by a mapping.

    Raises
    ------
    MappingError
        A time or a zone in the mapping cannot be read.
    """

    def __init__(self, mapping: FileMapping) -> None:
        rule = mapping.time
        self._text = Template(rule.text)
        self._year_before = Template(rule.year_before) if rule.year_before else None
        self._format = rule.format
        self._zone = rule.zone
        self._limit("time.zone", "2000-01-01", shown=rule.zone, would_do="+08:00")
        self._since = self._limit("time.from", rule.since) if rule.since else _ALWAYS
        self._until = self._limit("time.until", rule.until) if rule.until else _NEVER
        self._unknown = frozenset(rule.unknown)
        self._to_end = _LENGTH[mapping.message] if rule.label == "start" else 0

    def _limit(self, key: str, text: str, shown: str | None = None, would_do: str = "2018-07-01") -> datetime:
        try:
            return datetime.fromisoformat(f"{text} 00:00{self._zone}" if len(text) == _DATE else f"{text}{self._zone}")
        except ValueError as error:
            raise MappingError(f"{key} = '{shown or text}': cannot be read; such as '{would_do}' would do") from error

    def read(self, row: Mapping[str, str]) -> tuple[datetime, int] | LeftOut:
        """The time of `row` as it is labelled, and when it was over; or why it has none that is taken.

        Returns
        -------
        tuple of datetime and int, or LeftOut
            With offset; [s since 1970-01-01 UTC].

        Raises
        ------
        MappingError
            The time does not fit the format.
        """
        text = self._text.fill(row)
        if text in self._unknown:
            return "time unknown"
        try:
            label = self._with_year(text, self._year_before.fill(row)) if self._year_before else self._parse(text)
        except ValueError as error:
            raise MappingError(
                f"the time is '{text}': {error}; [time] says how it is read, and in unknown what is no time"
            ) from error
        if not self._since <= label < self._until:
            return "outside the range"
        return label, periods.from_datetime(label) + self._to_end

    def _parse(self, text: str, before: str = "") -> datetime:
        return datetime.strptime(f"{text} {self._zone}", f"{before}{self._format} %z")

    def _with_year(self, text: str, fetched: str) -> datetime:
        end = self._parse_day(fetched) + timedelta(days=1)
        for year in range(end.year, end.year - _YEARS_BACK - 1, -1):
            with suppress(ValueError):  # 29 February exists in some years only
                moment = self._parse(f"{year:04} {text}", "%Y ")
                if moment <= end:
                    return moment
        raise ValueError(f"there is no such time in the {_YEARS_BACK} years before {fetched}")

    def _parse_day(self, text: str) -> datetime:
        return datetime.strptime(f"{text} {self._zone}", "%Y-%m-%d %z")
