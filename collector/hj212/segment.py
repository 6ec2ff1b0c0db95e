"""A data segment, taken apart: fields of the head, and the data area (CP) by codes and sub-fields."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from qingchuan.collector.refusal import RefusedError

_FIELD = re.compile(r"([^;=]*)=([^;]*)")
_SHOWN = 60


class Segment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A data segment. Names of fields are case-sensitive; unknown ones are passed over.

    Attributes
    ----------
    cn : int
        Command.
    mn : str
        What the site calls itself.
    qn, st, pw : str
        Request number, system, password; empty where there is none.
    flag : int or None
        None in frames of 2005.
    pnum, pno : int or None
        Packets of a message, and which of them this is. Each is taken alone: their items merge in the store.
    resent : bool
        ``RF=1``: data that are sent late (HJ 212—2025).
    data : str
        What stands between the ``&&`` of CP.
    """

    cn: int
    mn: str
    data: str
    qn: str = ""
    st: str = ""
    pw: str = ""
    flag: int | None = None
    pnum: int | None = None
    pno: int | None = None
    resent: bool = False

    @property
    def version(self) -> int | None:
        """0 of 2005, 1 of 2017, 2 of 2025 and of the national water stations; None without a Flag."""
        return None if self.flag is None else self.flag >> 2

    @property
    def wants_answer(self) -> bool:
        """Bit 0 of Flag."""
        return bool(self.flag and self.flag & 1)


class Area(NamedTuple):
    """The data area by codes.

    Attributes
    ----------
    fields : dict of str to str
        What belongs to no code, such as ``DataTime``.
    items : dict of str to dict of str to str
        For each code its sub-fields: ``{"w01001": {"Rtd": "7.1", "Flag": "N"}}``.
    twice : set of str
        Codes of which a sub-field is told twice, and differently; and fields that are.
    """

    fields: dict[str, str]
    items: dict[str, dict[str, str]]
    twice: set[str]


def parse_segment(segment: bytes) -> Segment:
    """The fields of a data segment.

    Raises
    ------
    RefusedError
        It has no data area, no MN or no CN, a field twice with different values, or a number that is none.

    Examples
    --------
    >>> told = parse_segment(b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010A;Flag=5;CP=&&RtdInterval=30&&")
    >>> told.cn, told.mn, told.version, told.wants_answer, told.data
    (1062, '010A', 1, True, 'RtdInterval=30')
    """
    head, opening, rest = segment.decode(errors="backslashreplace").partition("CP=&&")
    data, closing, _ = rest.rpartition("&&")
    if not opening or not closing:
        raise RefusedError("wrong-shape", f"the segment is {_shown(segment)}; it ends with CP=&&…&&")
    fields = _fields(head)
    if not fields.get("MN") or not fields.get("CN"):
        raise RefusedError("wrong-shape", f"the fields are {', '.join(fields) or 'none'}; CN and MN have to be there")
    return Segment(
        cn=_number(fields, "CN") or 0,
        mn=fields["MN"],
        data=data,
        qn=fields.get("QN", ""),
        st=fields.get("ST", ""),
        pw=fields.get("PW", ""),
        flag=_number(fields, "Flag"),
        pnum=_number(fields, "PNUM"),
        pno=_number(fields, "PNO"),
        resent=fields.get("RF") == "1",
    )


def parse_area(data: str) -> Area:
    """The data area by codes.

    Items are parted by ``;`` and their sub-fields by ``,``; both are taken alike, since some loggers part all by
    commas.

    Examples
    --------
    >>> area = parse_area("DataTime=20160801085857;w01001-Rtd=7.1,w01001-Flag=N;w01018-Rtd=40")
    >>> area.fields, area.items
    ({'DataTime': '20160801085857'}, {'w01001': {'Rtd': '7.1', 'Flag': 'N'}, 'w01018': {'Rtd': '40'}})
    """
    items: dict[str, dict[str, str]] = {}
    twice: set[str] = set()
    for entry in data.replace(" ", "").replace(",", ";").split(";"):
        whole, sign, value = entry.partition("=")
        code, _, name = whole.rpartition("-")
        told = items.get(code)
        if told is None:
            told = items[code] = {}
        elif name in told and told[name] != value:
            twice.add(code or name)
        if sign:
            told[name] = value
    fields = items.pop("", {})
    if not all(items.values()):
        items = {code: told for code, told in items.items() if told}
    return Area(fields, items, twice)


def _fields(head: str) -> dict[str, str]:
    pairs = _FIELD.findall(head)
    fields: dict[str, str] = dict(pairs)
    if len(fields) != len(pairs):
        for name, value in pairs:
            if fields[name] != value:
                reason = f"the field {name} is {value!r} and {fields[name]!r}; a segment tells a field once"
                raise RefusedError("wrong-shape", reason)
    return fields


def _number(fields: dict[str, str], name: str) -> int | None:
    text = fields.get(name)
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 4:  # noqa: PLR2004 - PNUM and PNO have four digits, CN too
        return int(text)
    raise RefusedError("wrong-shape", f"the field {name} is {text[:_SHOWN]!r}; it is a number of up to four digits")


def _shown(segment: bytes) -> str:
    return repr(segment if len(segment) <= _SHOWN else segment[:_SHOWN] + b"...")
