"""The messages of an import: some rows of a file, with whose they are, of what period, and their values as texts.

The journal keeps them, so they hold all that is needed, without the file: what was read, and what was refused of it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from qingchuan.processing import flags
from qingchuan.store.observations import Origin, Period

ImportedOrigin = Literal["reported", "manual", "official", "audited"]
"""Origins that an import may tell; a derived value is always our own."""

_LONGEST_NAME = 120


class Told(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A value of which more than its number is told.

    Attributes
    ----------
    text : str
        A number in the unit of its item, digit for digit.
    flag : int
        QARTOD flag.
    by : str
        What set the flag, or ``less-than``: then the number is the detection limit.
    method : str
        How a laboratory found it; kept here, in the journal, and nowhere else.
    """

    text: str
    flag: int = flags.NOT_EVALUATED
    by: str = ""
    method: str = ""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What a row tells.

    Attributes
    ----------
    line : int
        Where it stands in the file. [-]
    subject : str
        An id; what the file calls it where no subject is known by that.
    start : int
        Start of the period, or the instant. [s since 1970-01-01 UTC]
    values : dict of str to (str or Told)
        By item; a number alone is one without flag or remark.
    """

    line: int
    subject: str
    start: int
    values: dict[str, str | Told]


class Figure(msgspec.Struct, frozen=True, array_like=True):
    """A figure that somebody published.

    Attributes
    ----------
    line : int
        Where it stands in the file. [-]
    subject, figure, period, value, source : str
        As `qingchuan.store.imports.Published` has them.
    """

    line: int
    subject: str
    figure: str
    period: str
    value: str
    source: str


class RefusedCell(msgspec.Struct, frozen=True, array_like=True):
    """What was not taken, with the place.

    Attributes
    ----------
    line : int
        Where it stands in the file; 0 for the file itself. [-]
    item : str
        The item or the column; empty for the whole row.
    code, reason : str
    text : str
        As it stands in the file, or the beginning of it.
    subject : str
        Whose it is; empty where that is not known.
    start : int or None
        [s since 1970-01-01 UTC]
    """

    line: int
    item: str
    code: str
    reason: str
    text: str = ""
    subject: str = ""
    start: int | None = None


class Import(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payload of a message of kind ``import``.

    Attributes
    ----------
    name, digest : str
        Of the file or the request; of it and its mapping.
    origin : {"reported", "manual", "official", "audited"}
    before, through : int
        Rows of the file before these, and up to the last of these. [-]
    last : bool
        Whether the file ends here.
    period : {"hour", "day", "instant", "minute", "realtime"}
        Of the rows.
    rows : list of Entry
    figures : list of Figure
    refused : list of RefusedCell
        What was refused when the file was read.
    """

    name: str
    digest: str
    origin: ImportedOrigin
    before: int
    through: int
    last: bool
    period: Period = "instant"
    rows: list[Entry] = []
    figures: list[Figure] = []
    refused: list[RefusedCell] = []


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Import)


def encode(part: Import) -> bytes:
    """The payload of a message.

    Examples
    --------
    >>> part = Import("a.csv", "0f", "manual", 0, 1, True, rows=[Entry(2, "dazha", 0, {"tp": Told("0.01", 2, "x")})])
    >>> decode(encode(part)) == part
    True
    """
    return _encoder.encode(part)


def decode(payload: bytes) -> Import:
    """What a payload tells.

    Raises
    ------
    msgspec.MsgspecError
        It is none.
    """
    return _decoder.decode(payload)


def parse_or_none(payload: bytes) -> Import | None:
    """What a payload tells; None where it is no message of an import.

    Examples
    --------
    >>> parse_or_none(b"{}") is None
    True
    """
    try:
        return decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def topic_of(origin: Origin, digest: str, name: str) -> str:
    """The topic of the messages of a file.

    Examples
    --------
    >>> topic_of("official", "0f3c", "days.csv")
    'official/0f3c/days.csv'
    """
    return f"{origin}/{digest}/{name[:_LONGEST_NAME]}"
