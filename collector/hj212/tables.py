"""The data files of this folder: what each document says about codes, flags and commands, and where."""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from importlib import resources
from typing import Generic, Literal, TypeVar

import msgspec

from qingchuan.processing.standards.edition import Text
from qingchuan.store.observations import Period

Evidence = Literal["A", "B"]
"""A: the document, a published frame, or two sources alike. B: one source, or no document behind it."""

CheckKind = Literal["zero", "span", "standard", "recovery", "parallel"]
"""零点核查, 跨度核查, 标样核查, 加标回收, 平行样."""

Answer = Literal["data", "notice"]

_Row = TypeVar("_Row")


class Factor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the standard says of a code of a factor (监测因子).

    Attributes
    ----------
    code : str
        As it is sent.
    old : str
        The code of HJ/T 212—2005; empty where it has none.
    zh : str
        Name as printed.
    unit : str
        As printed; what devices send stands in the catalogue.
    total : str
        Unit of ``-Cou``; empty where the table has none.
    item : str
        Key of our item; empty where we have none. The catalogue decides; a test holds both together.
    """

    code: str
    zh: str
    unit: str
    old: str = ""
    total: str = ""
    item: str = ""


class DataFlag(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a flag beside a value (数据标记) means.

    Attributes
    ----------
    letter : str
        As it is sent; ``hd`` has two.
    zh, en : str
    flag : int
        QARTOD flag.
    evidence : {"A", "B"}
    """

    letter: str
    zh: str
    en: str
    flag: int
    evidence: Evidence = "A"


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a command (命令编码, CN) is.

    Attributes
    ----------
    number : int
    zh, en : str
    tells : {"realtime", "minute", "hour", "day"} or None
        What its values are of; None where it tells no observations.
    check : {"zero", "span", "standard", "recovery", "parallel"} or None
        Kind of the quality control that it tells of.
    answer : {"data", "notice"} or None
        What the host answers with, where that is wanted.
    evidence : {"A", "B"}
    """

    number: int
    zh: str
    en: str
    tells: Period | None = None
    check: CheckKind | None = None
    answer: Answer | None = None
    evidence: Evidence = "A"


class Table(msgspec.Struct, Generic[_Row], frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a document.

    Attributes
    ----------
    clause : str
    page : int or None
        On which it begins; None where the document is not at hand.
    remark : str
    rows : tuple
    """

    clause: str
    page: int | None = None
    remark: str = ""
    rows: tuple[_Row, ...]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document, or what is known of it.

    Attributes
    ----------
    document : str
    title : Text
    issued, in_force, in_force_until : date or None
        The last is the first day on which it is in force no longer.
    source, typed_by, checked_by : str
        Where it was read, how it got here, and how it was checked by another way.
    flags, commands, water, air, noise : Table or None
    """

    document: str
    title: Text
    source: str
    typed_by: str
    checked_by: str
    issued: date | None = None
    in_force: date | None = None
    in_force_until: date | None = None
    flags: Table[DataFlag] | None = None
    commands: Table[Command] | None = None
    water: Table[Factor] | None = None
    air: Table[Factor] | None = None
    noise: Table[Factor] | None = None


Name = Literal["hj212_2017", "hjt212_2005", "hj212_2025", "cnemc"]


@functools.cache
def load(name: Name) -> Document:
    """The document of a data file.

    Examples
    --------
    >>> load("hj212_2017").document
    'HJ 212—2017'
    """
    text = resources.files("qingchuan.collector.hj212").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Document)
