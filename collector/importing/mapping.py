"""What a file means, as its mapping (TOML) says it; docs/import.md explains every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from qingchuan.collector.importing import figures
from qingchuan.collector.importing.problems import ImportFileError, instead_of
from qingchuan.collector.importing.times import TimeRule, check_time_rule
from qingchuan.processing import catalogue, flags, units
from qingchuan.processing.item_names import Medium
from qingchuan.store.import_messages import ImportedOrigin
from qingchuan.store.observations import Period

DOCUMENT = "docs/import.md explains every key"


class FileRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the file is read; what is left out is found out.

    Attributes
    ----------
    encoding, delimiter : str or None
        Of CSV: UTF-8 or GB 18030, whichever it is; the most frequent of comma, semicolon and tab.
    sheet : str or None
        Of Excel: the first.
    header : int
        Row of the headings. [-]
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: int = 1


class SubjectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom a row is about.

    Attributes
    ----------
    column : str or tuple of str or None
        A column; of several headings the first that the file has.
    is_ : str or None
        The subject of all rows, where no column says it; ``is`` in the file.
    ids : dict of str to str
        Our id for names and codes of the file. What is not in it is tried as an id, and as a name that was announced.
    """

    column: str | tuple[str, ...] | None = None
    is_: str | None = msgspec.field(default=None, name="is")
    ids: dict[str, str] = {}


class ItemRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The columns of an item in a wide file.

    Attributes
    ----------
    column : str or tuple of str
        Of the value; of several headings the first that the file has.
    unit : str or None
        Of the column; None for that of the catalogue.
    flag, limit, method : str or None
        Columns of the flag, the detection limit (in the unit of the value) and the method.
    """

    column: str | tuple[str, ...]
    unit: str | None = None
    flag: str | None = None
    limit: str | None = None
    method: str | None = None


class LongRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The columns of a file with a row a value.

    Attributes
    ----------
    item, value : str or tuple of str
        Columns of the item and of the value; of several headings the first that the file has.
    unit, flag, limit, method : str or tuple of str or None
        Further columns; one that the file does not have is not read.
    items : dict of str to str
        Our item for names of the file; an empty item leaves it out. Other names are looked up in the catalogue.
    units : dict of str to str
        The unit of items, where the file does not say it and it is not that of the catalogue.
    """

    item: str | tuple[str, ...]
    value: str | tuple[str, ...]
    unit: str | tuple[str, ...] | None = None
    flag: str | tuple[str, ...] | None = None
    limit: str | tuple[str, ...] | None = None
    method: str | tuple[str, ...] | None = None
    items: dict[str, str] = {}
    units: dict[str, str] = {}


class DetectionRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What says that a laboratory found less than it can detect.

    Attributes
    ----------
    words : tuple of str
        Texts in the place of a value, such as 未检出. ``<0.004`` and ``0.004L`` are understood without.
    limits : dict of str to str
        Of items, in the unit of the catalogue, where the file does not say them.
    """

    words: tuple[str, ...] = ("未检出", "ND", "n.d.", "<DL", "＜DL", "<MDL", "低于检出限")
    limits: dict[str, str] = {}


class PublishedRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Figures that somebody published.

    Attributes
    ----------
    source : str
        Who published them, and where.
    figures : dict of str to str
        Column of each figure.
    period : str or None
        Of all rows: a month such as 2025-10, or the first and the last of several with a slash between.
    period_column : str or None
        The column that says it.
    """

    source: str
    figures: dict[str, str]
    period: str | None = None
    period_column: str | None = None


class FileMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mapping.

    Attributes
    ----------
    origin : {"reported", "manual", "official", "audited"}
        Where the values come from.
    period : {"hour", "day", "instant", "minute", "realtime"} or None
        Of what each row tells; None of published figures.
    subject : SubjectRule
    time : TimeRule or None
        None of published figures.
    items : dict of str to (str or ItemRule), or "catalogue", or None
        Of a wide file: columns of each item; ``"catalogue"`` takes every column whose heading names an item.
    long : LongRule or None
        Of a file with a row a value.
    published : PublishedRule or None
        Of a file of published figures.
    medium : {"air", "water"} or None
        Whose item is meant where several are called alike, as 苯 is.
    ignore : tuple of str
        Columns that ``items = "catalogue"`` leaves out without a word.
    file : FileRule
    missing : tuple of str
        Texts that stand for a missing value.
    flags : dict of str to int
        The QARTOD flag of texts in columns of flags; the numbers themselves are understood without.
    detection : DetectionRule
    """

    origin: ImportedOrigin = "reported"
    period: Period | None = None
    subject: SubjectRule
    time: TimeRule | None = None
    items: dict[str, str | ItemRule] | Literal["catalogue"] | None = None
    long: LongRule | None = None
    published: PublishedRule | None = None
    medium: Medium | None = None
    ignore: tuple[str, ...] = ()
    file: FileRule = FileRule()
    missing: tuple[str, ...] = ("", "-", "--", "—", "/", "NA", "N/A", "null", "-999", "-9999")
    flags: dict[str, int] = {}
    detection: DetectionRule = DetectionRule()

    def rules(self) -> dict[str, ItemRule]:
        """The columns of each item, where the mapping names them."""
        named = self.items if isinstance(self.items, dict) else {}
        return {item: ItemRule(column=rule) if isinstance(rule, str) else rule for item, rule in named.items()}


def parse_mapping(told: Mapping[str, object]) -> FileMapping:
    """The mapping that a table describes.

    Raises
    ------
    ImportFileError
        It has a key too much or too few, a wrong type, or keys that do not go together.

    Examples
    --------
    >>> parse_mapping({"subject": {"column": "city"}, "perod": "day"})
    Traceback (most recent call last):
    qingchuan.collector.importing.problems.ImportFileError: Object contains unknown field `perod`; docs/import.md explains every key
    """  # noqa: E501 - a message of one line
    try:
        mapping = msgspec.convert(told, FileMapping)
    except msgspec.ValidationError as error:
        raise ImportFileError(f"{error}; {DOCUMENT}") from error
    for problem in _problems(mapping):
        raise ImportFileError(f"{problem}; {DOCUMENT}")
    return mapping


def _problems(mapping: FileMapping) -> Iterator[str]:
    layouts = {"items": mapping.items, "[long]": mapping.long, "[published]": mapping.published}
    given = [name for name, layout in layouts.items() if layout is not None]
    if len(given) != 1:
        said = " and ".join(given) if given else "none of them"
        yield f"of items, [long] and [published] there is {said}; exactly one says how the file is laid out"
    if bool(mapping.subject.column) == bool(mapping.subject.is_):
        yield "[subject] names the column of the subject, or with `is` the subject of all rows: one of both"
    if mapping.published:
        yield from _problems_of_figures(mapping.published, mapping.origin)
    else:
        yield from _problems_of_values(mapping)
    if mapping.file.delimiter is not None and len(mapping.file.delimiter) != 1:
        yield f"file.delimiter is {mapping.file.delimiter!r}; one character, such as ',', would do"
    if mapping.file.header < 1:
        yield f"file.header is {mapping.file.header}; the first row is 1"


def _problems_of_figures(rule: PublishedRule, origin: str) -> Iterator[str]:
    if bool(rule.period) == bool(rule.period_column):
        yield "[published] has period (of all rows) or period_column: one of both"
    if origin != "official":
        yield f"origin is {origin!r}; published figures are 'official'"
    for figure in rule.figures:
        if figure not in figures.FIGURES:
            yield f"published.figures.{figure} is no figure; {instead_of(figure, figures.FIGURES)}"


def _problems_of_values(mapping: FileMapping) -> Iterator[str]:
    if mapping.period is None:
        yield "period is missing; hour, day, instant, minute or realtime would do"
        return
    if mapping.time is None:
        yield "[time] is missing; it says which column has the time, and how it is written"
    else:
        yield from check_time_rule(mapping.time, mapping.period)
    for item, rule in mapping.rules().items():
        yield from _problems_of_item(f"items.{item}", item, rule.unit)
    if mapping.long:
        for name, item in mapping.long.items.items():
            yield from _problems_of_item(f"long.items.{name}", item, None) if item else ()
        for item, unit in mapping.long.units.items():
            yield from _problems_of_item(f"long.units.{item}", item, unit)
    for item in mapping.detection.limits:
        yield from _problems_of_item(f"detection.limits.{item}", item, None)
    for text, flag in mapping.flags.items():
        if flag not in flags.ALL:
            yield f"flags.{text} is {flag}; the flags are {', '.join(map(str, flags.ALL))}"


def _problems_of_item(where: str, item: str, unit: str | None) -> Iterator[str]:
    known = [entry.key for domain in catalogue.DOMAINS for entry in catalogue.items(domain)]
    if item not in known:
        yield f"{where}: {item!r} is no item; {instead_of(item, known)}"
    elif unit is not None:
        try:
            units.convert("1", unit, catalogue.item(item).unit)
        except units.UnitError as error:
            yield f"{where}: {error}"
